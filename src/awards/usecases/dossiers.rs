//! Putting the dossier of a proposal together: the items of its checklist, each ticked with the document that is there.

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{ProposalState, ProposalStep};
use thidua_entity::{award_dossier_item, award_proposal};
use uuid::Uuid;

use super::terms_of;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::awards::{state, store};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::version::Seen;
use crate::{db, input};

/// A proposal whose dossier the caller may put together now.
pub struct OpenDossier {
    /// The caller as it acts.
    pub actor: Actor,
    /// The proposal as the caller sees it.
    pub proposal: award_proposal::Model,
}

impl OpenDossier {
    /// Finds the proposal (`NOT_FOUND`), asks whether the caller may put its dossier together (`FORBIDDEN`), and whether it was appraised
    /// already (`WRONG_STATE`).
    pub async fn find(connection: &impl ConnectionTrait, env: &Env, actor: &Actor, id: Uuid) -> Result<Self> {
        let today = env.today();
        let proposal = store::find_proposal(connection, &policy::reach(actor), id, today).await?;
        let place = super::place(connection, proposal.proposer_id, today).await?;
        let actor = policy::authorize(actor, Action::AwardPropose, &place)?;
        // As the side that proposes sees it: an outcome that was not told is in nobody's way, and a refusal would tell of it.
        if !matches!(proposal.state, ProposalState::Proposed | ProposalState::Endorsed) {
            state::next(proposal.state, ProposalStep::Endorse, true)?;
        }
        Ok(Self { actor, proposal })
    }

    /// The same, and until the transaction ends nobody takes a step with the proposal.
    pub async fn hold(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, id: Uuid) -> Result<Self> {
        Self::find(tx, env, actor, id).await?;
        store::lock_proposal(tx, id).await?;
        // Somebody may have appraised it while this waited.
        Self::find(tx, env, actor, id).await
    }

    /// The code of an item of the checklist with which the case began, as a field names it.
    pub async fn item(&self, connection: &impl ConnectionTrait, (field, code): (&str, &str)) -> Result<String> {
        let code = input::code(field, code)?;
        let terms = terms_of(connection, self.proposal.terms_id).await?;
        let mut items = terms.iter().flat_map(|terms| &terms.dossier);
        if items.any(|item| item.code == code) {
            return Ok(code);
        }
        Err(Error::invalid(
            "DOSSIER_ITEM_UNKNOWN",
            field,
            format!("Danh mục hồ sơ không có mục `{code}`."),
            format!("The checklist has no item `{code}`."),
        ))
    }

    /// When others last were handed the dossier: when the proposal was endorsed.
    pub async fn handed_in_at(&self, connection: &impl ConnectionTrait) -> Result<Option<DateTime<Utc>>> {
        let steps = store::proposal_steps(connection, &[self.proposal.id]).await?;
        let endorsed = steps.iter().rev().find(|row| row.step == ProposalStep::Endorse);
        Ok(endorsed.map(|row| row.taken_at))
    }
}

/// A document that is there.
pub struct Document<'a> {
    /// Which item of the checklist.
    pub code: &'a str,
    /// What it is.
    pub document: &'a str,
    /// Its number as written.
    pub number: Option<&'a str>,
    /// Its day.
    pub dated: Option<NaiveDate>,
    /// Who signed it.
    pub signer: Option<&'a str>,
}

/// Ticks an item of the dossier with the document that is there, until the dossier is appraised. Ticked again, the last one stands.
pub async fn tick(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    new: &Document<'_>,
) -> Result<award_proposal::Model> {
    let tx = db::begin_write(&env.db).await?;
    let dossier = OpenDossier::hold(&tx, env, actor, id).await?;
    let actor = &dossier.actor;
    seen.check(dossier.proposal.version)?;
    let code = dossier.item(&tx, ("code", new.code)).await?;
    let item = award_dossier_item::Model {
        id: env.new_id(),
        proposal_id: id,
        code: code.clone(),
        document: input::line("document", new.document)?,
        number: input::line_or_none("number", new.number)?,
        dated: new.dated.map(|day| input::plausible_day("dated", day)).transpose()?,
        signer: input::line_or_none("signer", new.signer)?,
        ticked_by: actor.recorded_as(),
        ticked_for: actor.acting_for(),
        ticked_at: env.now(),
    };
    let detail = json!({ "code": code, "document": item.document, "number": item.number });
    store::put_dossier_item(&tx, item).await?;
    let change = award_proposal::ActiveModel {
        updated_at: Set(env.now()),
        ..Default::default()
    };
    let whole = store::lock_proposal(&tx, id).await?;
    store::update_proposal(&tx, &whole, change).await?;
    let subject = (Kind::AwardProposal, id);
    audit::record(&tx, env, actor, Event("AWARD_DOSSIER_TICKED"), subject, detail).await?;
    let shown = store::find_proposal(&tx, &policy::reach(actor), id, env.today()).await?;
    tx.commit().await?;
    Ok(shown)
}
