//! What is told of awards that were given, and of what became of them.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::{AwardChangeKind, NotificationKind};
use thidua_entity::{award, award_decision, event};

use super::awards::unit_of;
use super::{Telling, news, officers};
use crate::awards::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::notifications::store::News;
use crate::notifications::wording::{AboutAward, AboutDecision, Told};
use crate::policy::{Action, Reach};

/// An award with the decision that gave it, and what is told of it.
async fn award_of(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
) -> Result<(award::Model, award_decision::Model, AboutAward)> {
    let (everything, today) = (Reach::everything(), env.today());
    let award = store::find(tx, &everything, event.subject_id, today).await?;
    let decision = store::find_decision(tx, &everything, award.decision_id, today).await?;
    let kinds = store::types(tx, &[award.award_type_id]).await?;
    let kind = kinds.get(&award.award_type_id).ok_or(Error::NotFound)?;
    let recipient = match &award.recipient_name {
        Some(name) => name.clone(),
        None => unit_of(tx, env, award.unit_id).await?.name,
    };
    let about = AboutAward {
        award: kind.name.clone(),
        year: award.year,
        recipient,
        unit: award.unit_id,
        ..AboutAward::default()
    };
    Ok((award, decision, about))
}

fn about_decision(decision: &award_decision::Model) -> AboutDecision {
    AboutDecision {
        number: decision.number.clone().unwrap_or_default(),
        day: decision.decided_on,
        issuer: decision.issuer_name.clone(),
    }
}

/// The officers of the unit that received an award, or within which the recipient stands. What one decision gives there is told once, with
/// how much it is.
pub(super) async fn given(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Telling> {
    let (award, decision, about) = award_of(tx, env, event).await?;
    let told = Told {
        of_award: Some(AboutAward {
            decision: Some(about_decision(&decision)),
            ..about
        }),
        ..Told::default()
    };
    Ok(Telling {
        whom: officers(tx, env, (Action::AwardPropose, &[award.unit_id])).await?,
        news: News {
            subject: (Kind::AwardDecision.type_name().to_owned(), decision.id),
            ..news(NotificationKind::AwardGiven, event, &told)?
        },
    })
}

/// The same of what became of an award: how it was last changed in this way, or when it was handed over.
pub(super) async fn to_recipient(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
    kind: NotificationKind,
) -> Result<Telling> {
    let (award, _, mut about) = award_of(tx, env, event).await?;
    let of_change = match kind {
        NotificationKind::AwardRevoked => Some(AwardChangeKind::Revoked),
        NotificationKind::AwardCorrected => Some(AwardChangeKind::Corrected),
        _ => None,
    };
    let changes = store::changes_of(tx, &[award.id]).await?;
    let change = changes.into_iter().rfind(|change| Some(change.kind) == of_change);
    if let Some(change) = &change {
        let by = store::find_decision(tx, &Reach::everything(), change.decision_id, env.today()).await?;
        about.decision = Some(about_decision(&by));
        about.corrected = change.recipient_name.clone();
    } else if let Some(last) = store::handovers_of(tx, &[award.id]).await?.pop() {
        (about.handed_on, about.place) = (Some(last.held_on), Some(last.place));
    }
    let told = Told {
        reason: change.map(|change| change.ground),
        of_award: Some(about),
        ..Told::default()
    };
    Ok(Telling {
        whom: officers(tx, env, (Action::AwardPropose, &[award.unit_id])).await?,
        news: news(kind, event, &told)?,
    })
}
