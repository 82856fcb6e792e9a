//! Who is told of an event, and what.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::{EventKind, NotificationKind};
use thidua_entity::event;
use uuid::Uuid;

use crate::env::Env;
use crate::error::{Error, Result};
use crate::notifications::store::{self, News};
use crate::notifications::wording::Told;
use crate::policy::{self, Action};

mod awards;
mod conferences;
mod registry;
mod reports;
mod years;

use awards::{
    objection_answered, objection_raised, step_due, to_appraisers, to_deciders, to_endorsers, to_neighbours,
    to_proposer,
};
use conferences::{ballot_confirmed, ballot_opened, of_conference, offices_appointed, vote_due};
use registry::{given, to_recipient};
use reports::{to_who_goes_on, to_writers};
use years::to_units;

/// Who is told, and of what.
pub(super) struct Telling {
    pub(super) whom: Vec<Uuid>,
    pub(super) news: News,
}

/// Who is told of an event, if anybody is. Who did it knows it; only whose session was ended is told although it was the account itself: whoever
/// used the copied token did it in its name.
pub(super) async fn telling(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Option<Telling>> {
    let mut telling = concerned(tx, env, event).await?;
    if event.kind != EventKind::SessionReplayed
        && let Some(telling) = &mut telling
    {
        telling.whom.retain(|&account| Some(account) != event.account_id);
    }
    Ok(telling)
}

/// Whom an event concerns, and what is told of it.
async fn concerned(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Option<Telling>> {
    Ok(Some(match event.kind {
        EventKind::SessionReplayed => Telling {
            whom: event.account_id.into_iter().collect(),
            news: news(NotificationKind::SessionReplayed, event, &Told::default())?,
        },
        EventKind::ReportReturned => to_writers(tx, env, event, NotificationKind::ReportReturned).await?,
        EventKind::ReportApproved => to_writers(tx, env, event, NotificationKind::ReportApproved).await?,
        EventKind::ReportSubmitted => {
            let waits = (Action::ReportVerify, NotificationKind::ReportToVerify);
            to_who_goes_on(tx, env, event, waits).await?
        }
        EventKind::ReportVerified => {
            let waits = (Action::ReportApprove, NotificationKind::ReportToApprove);
            to_who_goes_on(tx, env, event, waits).await?
        }
        EventKind::YearPhaseOpened => to_units(tx, env, event, NotificationKind::YearPhaseOpened).await?,
        EventKind::PactOpened => to_units(tx, env, event, NotificationKind::PactOpened).await?,
        EventKind::CrossChecksAssigned => to_units(tx, env, event, NotificationKind::CrossChecksAssigned).await?,
        EventKind::FindingsSent => to_units(tx, env, event, NotificationKind::FindingsSent).await?,
        EventKind::SheetReturned => to_units(tx, env, event, NotificationKind::SheetReturned).await?,
        EventKind::SheetAppraised => to_units(tx, env, event, NotificationKind::SheetAppraised).await?,
        EventKind::ObjectionRaised => to_units(tx, env, event, NotificationKind::ObjectionRaised).await?,
        EventKind::ObjectionAnswered => to_units(tx, env, event, NotificationKind::ObjectionAnswered).await?,
        EventKind::ResultPublished => to_units(tx, env, event, NotificationKind::ResultPublished).await?,
        EventKind::PactInForce => to_units(tx, env, event, NotificationKind::PactInForce).await?,
        EventKind::ParticipantAdded => to_units(tx, env, event, NotificationKind::ParticipantAdded).await?,
        EventKind::ParticipantWithdrawn => to_units(tx, env, event, NotificationKind::ParticipantWithdrawn).await?,
        EventKind::RepliesSent => to_units(tx, env, event, NotificationKind::RepliesSent).await?,
        EventKind::RepliesWaived => to_units(tx, env, event, NotificationKind::RepliesWaived).await?,
        EventKind::CrossCheckReturned => to_units(tx, env, event, NotificationKind::CrossCheckReturned).await?,
        EventKind::CrossCheckWithdrawn => to_units(tx, env, event, NotificationKind::CrossCheckWithdrawn).await?,
        EventKind::ConferencePlanned => of_conference(tx, env, event, NotificationKind::ConferencePlanned).await?,
        EventKind::ConferenceMoved => of_conference(tx, env, event, NotificationKind::ConferenceMoved).await?,
        EventKind::BallotOpened => ballot_opened(tx, env, event).await?,
        EventKind::BallotConfirmed => ballot_confirmed(tx, env, event).await?,
        EventKind::OfficesAppointed => offices_appointed(tx, env, event).await?,
        EventKind::AwardProposed => to_endorsers(tx, env, event).await?,
        EventKind::AwardEndorsed => to_appraisers(tx, env, event).await?,
        EventKind::AwardAppraised => to_deciders(tx, env, event).await?,
        EventKind::AwardOutcomeTold => return to_proposer(tx, env, event, NotificationKind::AwardOutcomeTold).await,
        EventKind::AwardOutcomeReopened => {
            return to_proposer(tx, env, event, NotificationKind::AwardOutcomeReopened).await;
        }
        EventKind::AwardMadeKnown => return to_neighbours(tx, env, event).await,
        EventKind::AwardGiven => given(tx, env, event).await?,
        EventKind::AwardRevoked => to_recipient(tx, env, event, NotificationKind::AwardRevoked).await?,
        EventKind::AwardCorrected => to_recipient(tx, env, event, NotificationKind::AwardCorrected).await?,
        EventKind::AwardHandedOver => to_recipient(tx, env, event, NotificationKind::AwardHandedOver).await?,
        EventKind::AwardObjectionRaised => objection_raised(tx, env, event).await?,
        EventKind::AwardObjectionAnswered => objection_answered(tx, env, event).await?,
        EventKind::VoteDueSoon => return vote_due(tx, env, event).await,
        EventKind::AwardStepDueSoon => return step_due(tx, env, event, NotificationKind::AwardStepDueSoon).await,
        EventKind::AwardStepOverdue => return step_due(tx, env, event, NotificationKind::AwardStepOverdue).await,
    }))
}

/// News of the thing of an event.
fn news(kind: NotificationKind, event: &event::Model, told: &Told) -> Result<News> {
    Ok(News {
        kind,
        subject: (event.subject_kind.clone(), event.subject_id),
        detail: serde_json::to_string(told).map_err(Error::internal)?,
        at: event.at,
    })
}

/// Who does something for one of these very units.
async fn officers(tx: &impl ConnectionTrait, env: &Env, (action, units): (Action, &[Uuid])) -> Result<Vec<Uuid>> {
    let holders = store::holders(tx, &policy::roles_that(action), units, env.today()).await?;
    let mut whom: Vec<Uuid> = holders.into_iter().map(|(_, account)| account).collect();
    whom.sort_unstable();
    whom.dedup();
    Ok(whom)
}
