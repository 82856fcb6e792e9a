//! What is done with awards: adding a kind of award to the catalogue, recording a decision that was made elsewhere. Terms, quotas,
//! proposals, decisions on them and what becomes of awards are in files of their own.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{AwardLevel, ProposalStep, RecipientKind};
use thidua_entity::{audit_entry, award, award_decision, award_proposal, award_proposal_step, award_type, unit};
use uuid::Uuid;

use super::decision::{self, NewDecision, ReadDecision};
use super::terms::Terms;
use super::{number, store, verifying};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action, Place, Reach};
use crate::units::store as units;
use crate::{db, idempotency, input, text};

mod ballots;
mod changes;
mod checking;
mod comparing;
mod decisions;
mod dossiers;
mod imports;
mod objections;
mod outcomes;
mod proposals;
mod quotas;
mod steps;
mod terms;
mod votes;
mod windows;

pub use ballots::{NewAwardBallot, put_to_ballot};
pub use changes::{Another, HandOver, correct, hand_over, revoke};
pub use checking::{Question, check, judged_anew, read};
pub use comparing::{Compared, compare, preferences};
pub use decisions::{NewAwards, decide};
pub use dossiers::{Document, OpenDossier, tick};
pub use imports::{Imported, ImportedDecision, Outcome as ImportOutcome, empty_register, import, may_import};
pub use objections::{Answer, NewObjection, answer, may_answer, raise, within_window};
pub use outcomes::{Conclusion, Outcome, Outcomes, conclude, outcomes, release};
pub use proposals::{NewProposal, propose};
pub use quotas::{NewQuota, except, set_quota};
pub use steps::{Places, Vote, appraise, endorse, may, vote};
pub use terms::{NewBaseSalary, NewTerms, set_base_salary, set_terms};
pub use votes::take_votes;

/// The place of a unit that was named by something the caller sees, whether it sees the unit itself or not.
async fn place(tx: &impl ConnectionTrait, unit: Uuid, today: NaiveDate) -> Result<Place> {
    units::find_place(tx, &Reach::everything(), unit, today).await
}

/// Who wrote a proposal, and on behalf of whom: they pass it in no step.
pub fn writers(proposal: &award_proposal::Model) -> Vec<Uuid> {
    let wrote = [proposal.created_by, proposal.created_for];
    wrote.into_iter().flatten().collect()
}

/// Who had a hand in a proposal before its outcome: who wrote it and who appraised it. They answer no objection to it.
pub fn hands(proposal: &award_proposal::Model, steps: &[award_proposal_step::Model]) -> Vec<Uuid> {
    let appraised = steps.iter().filter(|row| row.step == ProposalStep::Appraise);
    let appraised = appraised.flat_map(|row| [row.taken_by, row.taken_for]).flatten();
    appraised.chain(writers(proposal)).collect()
}

/// What the terms of a case say, where it has any.
async fn terms_of(tx: &impl ConnectionTrait, id: Option<Uuid>) -> Result<Option<Terms>> {
    let Some(id) = id else { return Ok(None) };
    let rows = store::terms_by_id(tx, &[id]).await?;
    rows.first().map(store::content).transpose()
}

/// A kind of award to be added.
pub struct NewAwardType {
    /// Stable code, unique.
    pub code: String,
    /// Vietnamese name.
    pub name: String,
    /// Level of the body that gives it.
    pub level: AwardLevel,
    /// Who may get it.
    pub recipients: RecipientKind,
    /// The text it rests on.
    pub legal_basis: Option<String>,
    /// First day on which it may be given.
    pub valid_from: Option<NaiveDate>,
    /// First day on which it may no longer be given.
    pub valid_to: Option<NaiveDate>,
}

/// Adds a kind of award to the common catalogue.
pub async fn create_type(env: &Env, actor: &Actor, new: NewAwardType) -> Result<award_type::Model> {
    let actor = &policy::authorize(actor, Action::AwardTypeManage, &Place::COMMON)?;
    let code = input::code("code", &new.code)?;
    let name = input::line("name", &new.name)?;
    let legal_basis = input::paragraph_or_none("legalBasis", new.legal_basis.as_deref())?;
    input::validity(new.valid_from, new.valid_to)?;
    let tx = db::begin_write(&env.db).await?;
    let kind = award_type::ActiveModel {
        id: Set(env.new_id()),
        code: Set(code.clone()),
        sort_key: Set(text::sort_key(&name)),
        name: Set(name.clone()),
        level: Set(new.level),
        recipients: Set(new.recipients),
        legal_basis: Set(legal_basis),
        valid_from: Set(new.valid_from),
        valid_to: Set(new.valid_to),
        version: Set(1),
    }
    .insert(&tx)
    .await?;
    let detail = json!({ "code": code, "name": name });
    audit::record(
        &tx,
        env,
        actor,
        Event("AWARD_TYPE_CREATED"),
        (Kind::AwardType, kind.id),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(kind)
}

/// Records a signed decision with all that it gives, in one go or not at all. The same `key` with the same decision gives the
/// decision that was recorded first.
pub async fn record_decision(
    env: &Env,
    actor: &Actor,
    new: NewDecision,
    key: Option<&str>,
) -> Result<award_decision::Model> {
    let (today, reach) = (env.today(), policy::reach(actor));
    let read = decision::read(&new, today)?;
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "RECORD_AWARD_DECISION", &new).await? {
        return store::find_decision(&tx, &reach, first, today).await;
    }
    let owner = units::find(&tx, &reach, read.owner, today).await?;
    let actor = &policy::authorize(actor, Action::AwardRecord, &units::place(&tx, &owner, today).await?)?;
    sees_units(&tx, &reach, std::slice::from_ref(&read), today).await?;
    let mut types: Vec<Uuid> = read.awards.iter().map(|award| award.award_type).collect();
    types.sort_unstable();
    types.dedup();
    decision::fits(&read, &store::types(&tx, &types).await?)?;
    let row = insert(&tx, env, &read, &owner).await?;
    store::insert_awards(&tx, awards(env, &row, &read)).await?;
    idempotency::remember(&tx, actor, key, row.id).await?;
    audit::record_all(&tx, vec![recorded(env, actor, &row, &read)]).await?;
    tx.commit().await?;
    Ok(row)
}

/// What the audit keeps of a decision that is recorded.
fn recorded(env: &Env, actor: &Actor, row: &award_decision::Model, read: &ReadDecision) -> audit_entry::ActiveModel {
    let detail = json!({
        "number": row.number, "year": row.year, "decidedOn": row.decided_on, "issuerName": row.issuer_name,
        "ownerId": row.owner_id, "awards": read.awards.len(),
    });
    let event = Event("AWARD_DECISION_RECORDED");
    audit::entry(env, actor, event, (Kind::AwardDecision, row.id), &detail)
}

/// Nobody writes awards into the registry of a unit that it does not see.
async fn sees_units(tx: &impl ConnectionTrait, reach: &Reach, read: &[ReadDecision], today: NaiveDate) -> Result<()> {
    let awards = read.iter().flat_map(|read| &read.awards);
    let mut wanted: Vec<Uuid> = awards.map(|award| award.unit).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let seen = units::find_many(tx, reach, &wanted, today).await?;
    if seen.len() == wanted.len() {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Writes a decision, without what it gives.
async fn insert(
    tx: &impl ConnectionTrait,
    env: &Env,
    read: &ReadDecision,
    owner: &unit::Model,
) -> Result<award_decision::Model> {
    let issuer_name = match &read.issuer_name {
        Some(written) => written.clone(),
        // Only a unit may be named by its id alone, and then it is the owner.
        None => {
            let names = units::names(tx, &[owner.id]).await?;
            units::name_on(&names, read.day()).unwrap_or(&owner.name).to_owned()
        }
    };
    let row = row(env, read, issuer_name);
    store::insert_decisions(tx, std::slice::from_ref(&row)).await?;
    Ok(row)
}

/// The row of a decision whose issuer is called so.
fn row(env: &Env, read: &ReadDecision, issuer_name: String) -> award_decision::Model {
    award_decision::Model {
        id: env.new_id(),
        number: read.number.clone(),
        number_key: read.number.as_deref().map(|number| number::key(number).into_bytes()),
        number_year: read.number_year(),
        year: read.year,
        decided_on: read.decided_on,
        issuer_id: read.issuer,
        // However a unit writes its own name, its numbers are one series.
        issuer_key: match read.issuer {
            Some(_) => String::new(),
            None => number::outside_issuer_key(&issuer_name),
        },
        issuer_name,
        signer: read.signer.clone(),
        legal_basis: read.legal_basis.clone(),
        source: read.source.clone(),
        owner_id: read.owner,
        created_at: env.now(),
    }
}

/// What a decision gives, each with a code of its own by which anybody verifies it.
fn awards(env: &Env, decision: &award_decision::Model, read: &ReadDecision) -> Vec<award::Model> {
    let awards = read.awards.iter().map(|award| award::Model {
        id: env.new_id(),
        decision_id: decision.id,
        award_type_id: award.award_type,
        year: decision.year,
        recipient: award.recipient,
        unit_id: award.unit,
        recipient_name: award.recipient_name.clone(),
        count: award.count,
        note: award.note.clone(),
        bonus: award.bonus.map(|bonus| bonus.paid),
        bonus_raw: award.bonus.map(|bonus| bonus.raw),
        bonus_factor: award.bonus.and_then(|bonus| bonus.factor),
        base_salary: award.bonus.and_then(|bonus| bonus.base_salary),
        verify_code: Some(verifying::code(rand::random())),
    });
    awards.collect()
}
