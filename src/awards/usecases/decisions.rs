//! Deciding: approved proposals become awards by one signed decision, with the bonus of its day.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{AwardIssuer, EventKind, ProposalState};
use thidua_entity::{award, award_decision, award_proposal, award_type, unit, unit_name};
use uuid::Uuid;

use super::{awards, checking, insert, outcomes, windows};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::awards::bonus::Amount;
use crate::awards::decision::{self, NewDecision, ReadAward};
use crate::awards::store::{self, Batch};
use crate::awards::terms::Terms;
use crate::env::Env;
use crate::error::{Error, Problem, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Reach};
use crate::units::store as units;
use crate::{db, events, idempotency, input};

/// A decision on proposals.
#[derive(Clone, Serialize)]
pub struct NewAwards {
    /// The unit that decides.
    pub decider: Uuid,
    /// Number as written.
    pub number: String,
    /// Date of signing.
    pub decided_on: NaiveDate,
    /// Who signed.
    pub signer: Option<String>,
    /// The text it rests on.
    pub legal_basis: Option<String>,
    /// The issuer as written; must be said for awards that somebody outside the union gives.
    pub issuer_name: Option<String>,
    /// The proposals that it grants: approved, or reduced to a lower award.
    pub proposals: Vec<Uuid>,
}

/// Decides: all these proposals become awards by one decision, in one go or not at all, once nobody can object to them any more. Their
/// recipients stand in it under the names of the day, with the bonus by the base salary of the day. With it the outcomes of the same kinds of award and year are told together.
pub async fn decide(env: &Env, actor: &Actor, new: &NewAwards, key: Option<&str>) -> Result<award_decision::Model> {
    let today = env.today();
    let tx = db::begin_write(&env.db).await?;
    let reach = policy::reach(actor);
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "DECIDE_AWARDS", new).await? {
        return store::find_decision(&tx, &reach, first, today).await;
    }
    let owner = units::find(&tx, &reach, new.decider, today).await?;
    let place = units::place(&tx, &owner, today).await?;
    let actor = &policy::authorize(actor, Action::AwardDecide, &place)?;
    // Who decides, and tells outcomes, does so one after the other: a decision tells outcomes of proposals that another may be about.
    units::lock(&tx, owner.id).await?;
    let proposals = granted(&tx, env, &reach, new).await?;
    not_their_own(actor, &proposals)?;
    windows::settled(&tx, &proposals, today).await?;
    let year = one_year(&proposals)?;
    let granting = Granting::of(&tx, &proposals, new.decided_on).await?;
    let mut read = decision::read_numbered(&heading(new, year, granting.is_outside()), today)?;
    read.awards = granting.awards(&proposals)?;
    decision::fits(&read, &granting.types)?;
    let row = insert(&tx, env, &read, &owner).await?;
    let given = awards(env, &row, &read);
    let pairs: Vec<(award_proposal::Model, Uuid)> =
        proposals.into_iter().zip(given.iter().map(|award| award.id)).collect();
    store::insert_awards(&tx, given.clone()).await?;
    let mut reliances = Vec::new();
    for (proposal, award) in &pairs {
        let change = award_proposal::ActiveModel {
            decision_id: Set(Some(row.id)),
            award_id: Set(Some(*award)),
            updated_at: Set(env.now()),
            ..Default::default()
        };
        store::update_proposal(&tx, proposal, change).await?;
        let relied_on = checking::read(&proposal.eligibility)?.relied_on();
        reliances.extend(relied_on.into_iter().map(|ground| (*award, ground)));
    }
    store::add_reliances(&tx, &reliances).await?;
    let mut types: Vec<Uuid> = pairs.iter().map(|(proposal, _)| proposal.award_type_id).collect();
    types.sort_unstable();
    types.dedup();
    let batch = Batch {
        decider: owner.id,
        year,
        types,
    };
    outcomes::tell(&tx, env, actor, &batch).await?;
    idempotency::remember(&tx, actor, key, row.id).await?;
    let detail = json!({
        "number": row.number, "year": row.year, "decidedOn": row.decided_on, "issuerName": row.issuer_name,
        "proposals": pairs.iter().map(|(proposal, _)| Kind::AwardProposal.id(proposal.id)).collect::<Vec<_>>(),
    });
    let subject = (Kind::AwardDecision, row.id);
    audit::record(&tx, env, actor, Event("AWARDS_DECIDED"), subject, detail).await?;
    let event = |award: &award::Model| {
        let subject = (Kind::Award, award.id);
        events::event(env, actor, EventKind::AwardGiven, subject, &json!({}))
    };
    events::tell_all(&tx, given.iter().map(event).collect()).await?;
    tx.commit().await?;
    Ok(row)
}

/// The proposals of a decision, locked, in the order in which they were named. Each is seen, approved or reduced, and not decided yet.
async fn granted(
    tx: &impl ConnectionTrait,
    env: &Env,
    reach: &Reach,
    new: &NewAwards,
) -> Result<Vec<award_proposal::Model>> {
    input::list_size("proposalIds", new.proposals.len(), decision::AWARDS_MAX)?;
    if new.proposals.is_empty() {
        return Err(Error::Invalid(vec![input::required("proposalIds")]));
    }
    let seen = store::find_proposals(tx, reach, &new.proposals, env.today()).await?;
    let locked = store::lock_proposals(tx, &seen.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
    let mut by_id: HashMap<Uuid, award_proposal::Model> = locked.into_iter().map(|row| (row.id, row)).collect();
    let mut granted = Vec::with_capacity(new.proposals.len());
    let mut problems = Vec::new();
    for (index, id) in new.proposals.iter().enumerate() {
        let Some(row) = by_id.remove(id) else {
            if granted.iter().any(|row: &award_proposal::Model| row.id == *id) {
                let (vi, en) = (
                    "Đề nghị này đã có trong danh sách.",
                    "This proposal stands twice in the list.",
                );
                problems.push(Problem::new("GIVEN_TWICE", format!("proposalIds.{index}"), vi, en));
                continue;
            }
            return Err(Error::NotFound);
        };
        if row.decider_id != new.decider {
            return Err(Error::NotFound);
        }
        let ripe = matches!(row.state, ProposalState::Approved | ProposalState::Reduced) && row.decision_id.is_none();
        if !ripe {
            problems.push(Problem::new(
                "NOT_APPROVED",
                format!("proposalIds.{index}"),
                "Đề nghị này chưa được duyệt, hoặc đã có quyết định.",
                "This proposal was not approved, or it was decided already.",
            ));
        }
        granted.push(row);
    }
    Problem::none(problems)?;
    Ok(granted)
}

/// Who proposed an award does not decide on it.
pub(super) fn not_their_own(actor: &Actor, proposals: &[award_proposal::Model]) -> Result<()> {
    let writers: Vec<Uuid> = proposals.iter().flat_map(super::writers).collect();
    policy::not_own_work(actor, Action::AwardDecide, &writers)
}

fn one_year(proposals: &[award_proposal::Model]) -> Result<i32> {
    let mut years: Vec<i32> = proposals.iter().map(|row| row.year).collect();
    years.dedup();
    match years.as_slice() {
        [year] => Ok(*year),
        _ => Err(Error::WrongState(Text::new(
            "Một quyết định chỉ gồm các đề nghị của cùng một năm thành tích.",
            "A decision takes in proposals of one year of achievement.",
        ))),
    }
}

/// The decision as it would be recorded, without what it gives.
fn heading(new: &NewAwards, year: i32, outside: bool) -> NewDecision {
    NewDecision {
        number: Some(new.number.clone()),
        year,
        decided_on: Some(new.decided_on),
        issuer: (!outside).then_some(new.decider),
        issuer_name: new.issuer_name.clone(),
        signer: new.signer.clone(),
        legal_basis: new.legal_basis.clone(),
        source: None,
        owner: Some(new.decider),
        awards: Vec::new(),
    }
}

/// What the awards of a decision are made of: kinds, terms, names, the base salary of the day.
struct Granting {
    types: HashMap<Uuid, award_type::Model>,
    terms: HashMap<Uuid, Terms>,
    units: Vec<unit::Model>,
    names: Vec<unit_name::Model>,
    base_salary: Option<i64>,
    day: NaiveDate,
}

/// The kind of award that a proposal comes to, and the terms of it.
fn granted_as(proposal: &award_proposal::Model) -> (Uuid, Option<Uuid>) {
    match proposal.reduced_to_id {
        Some(lower) => (lower, proposal.reduced_terms_id),
        None => (proposal.award_type_id, proposal.terms_id),
    }
}

impl Granting {
    async fn of(tx: &impl ConnectionTrait, proposals: &[award_proposal::Model], day: NaiveDate) -> Result<Self> {
        let kinds: Vec<Uuid> = proposals.iter().map(|row| granted_as(row).0).collect();
        let ids: Vec<Uuid> = proposals.iter().filter_map(|row| granted_as(row).1).collect();
        let mut terms = HashMap::new();
        for row in store::terms_by_id(tx, &ids).await? {
            terms.insert(row.id, store::content(&row)?);
        }
        let unit_ids: Vec<Uuid> = proposals.iter().map(|row| row.unit_id).collect();
        Ok(Self {
            types: store::types(tx, &kinds).await?,
            terms,
            units: units::find_many(tx, &Reach::everything(), &unit_ids, day).await?,
            names: units::names(tx, &unit_ids).await?,
            base_salary: store::base_salary_on(tx, day).await?.map(|row| row.amount),
            day,
        })
    }

    fn terms(&self, proposal: &award_proposal::Model) -> Option<&Terms> {
        granted_as(proposal).1.and_then(|id| self.terms.get(&id))
    }

    /// Whether somebody outside the union gives these awards.
    fn is_outside(&self) -> bool {
        self.terms.values().any(|terms| terms.issuer == AwardIssuer::Outside)
    }

    fn awards(&self, proposals: &[award_proposal::Model]) -> Result<Vec<ReadAward>> {
        let award = |proposal: &award_proposal::Model| {
            Ok(ReadAward {
                award_type: granted_as(proposal).0,
                recipient: proposal.recipient,
                unit: proposal.unit_id,
                recipient_name: Some(proposal.person.clone().unwrap_or_else(|| self.name(proposal.unit_id))),
                count: 1,
                note: None,
                bonus: self.bonus(proposal)?,
            })
        };
        proposals.iter().map(award).collect()
    }

    /// The name of a unit on the day of the decision.
    fn name(&self, unit: Uuid) -> String {
        let own: Vec<unit_name::Model> = self.names.iter().filter(|name| name.unit_id == unit).cloned().collect();
        let newest = self
            .units
            .iter()
            .find(|row| row.id == unit)
            .map(|row| row.name.as_str());
        units::name_on(&own, self.day).or(newest).unwrap_or_default().to_owned()
    }

    fn bonus(&self, proposal: &award_proposal::Model) -> Result<Option<Amount>> {
        let Some(bonus) = self.terms(proposal).and_then(|terms| terms.bonus(proposal.recipient)) else {
            return Ok(None);
        };
        if bonus.needs_base_salary() && self.base_salary.is_none() {
            return Err(Error::invalid(
                "BASE_SALARY_UNKNOWN",
                "decidedOn",
                "Chưa có mức lương cơ sở cho ngày quyết định nên không tính được tiền thưởng (setBaseSalary).",
                "There is no base salary for the day of the decision, so the bonus cannot be reckoned (setBaseSalary).",
            ));
        }
        let amount = bonus.reckon(self.base_salary);
        amount
            .map(Some)
            .ok_or_else(|| Error::internal("a bonus beyond all bounds"))
    }
}
