//! Award proposals of the demonstration, one in each state, with the terms by which they are judged. How they are judged the service itself
//! says, out of the awards that are there.

use std::collections::HashMap;

use chrono::{Datelike as _, Days, NaiveDate};
use sea_orm::ConnectionTrait;
use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::enums::{AwardIssuer, AwardScope, BonusRounding, ProposalState, ProposalStep, Recipient};
use thidua_entity::{
    Fixed4, award_dossier_item, award_proposal, award_proposal_step, award_quota, award_reservation, award_terms,
    base_salary,
};
use uuid::Uuid;

use super::plan::{self, MADE_UP, Plan, PlannedUnit, broken};
use super::store;
use crate::awards::bonus::Bonus;
use crate::awards::eligibility::Eligibility;
use crate::awards::state;
use crate::awards::terms::{DossierTerm, PriorTitle, StepDays, Terms, WomenFirst};
use crate::awards::usecases::judged_anew;
use crate::conferences::quorum::Fraction;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::text;

/// Members of the council of the demonstration.
const COUNCIL: i32 = 11;
/// Those of them who were there; the others were asked in writing.
const PRESENT: i32 = 10;
/// Days from one step to the next.
const APART: u64 = 7;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    base_salaries: Vec<NewBaseSalary>,
    terms: Vec<NewTerms>,
    /// Year of achievement.
    year: i32,
    decider: String,
    quota: NewQuota,
    /// Who appraises.
    specialist: String,
    /// Who decides.
    committee: String,
    /// When the first step is taken.
    begins: NaiveDate,
    proposals: Vec<NewProposal>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewBaseSalary {
    valid_from: NaiveDate,
    amount: i64,
    legal_basis: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewTerms {
    #[serde(rename = "type")]
    award_type: String,
    valid_from: NaiveDate,
    scope: AwardScope,
    /// Kinds of award of which it asks for one within three years.
    prior: Vec<String>,
    threshold: (i32, i32),
    /// Of the base salary, in ten-thousandths.
    factor: i64,
    /// Code, name, signer.
    dossier: Vec<(String, String, Option<String>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewQuota {
    #[serde(rename = "type")]
    award_type: String,
    most: i32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewProposal {
    #[serde(rename = "type")]
    award_type: String,
    unit: String,
    merit: String,
    state: ProposalState,
    /// How many documents of the checklist are there.
    documents: usize,
    in_favour: Option<i32>,
    /// Why it came out as it did.
    reason: Option<String>,
    /// Whether the outcome was told.
    #[serde(default)]
    told: bool,
}

/// What proposals are judged by.
struct Rules {
    /// Identity and content of the terms, by the kind of award.
    terms: HashMap<String, (Uuid, Uuid, Terms)>,
    quota: Uuid,
}

/// Plans base salaries, terms, a quota, and the proposals.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let file: File = plan::read("proposals.json", include_str!("proposals.json"))?;
    for new in &file.base_salaries {
        let row = base_salary::Model {
            id: plan.id(),
            valid_from: new.valid_from,
            amount: new.amount,
            legal_basis: new.legal_basis.clone(),
            set_by: None,
            set_for: None,
            set_at: plan.now,
        };
        plan.rows.base_salaries.push(row);
    }
    let mut terms = HashMap::new();
    for new in &file.terms {
        terms.insert(new.award_type.clone(), set(plan, new)?);
    }
    let decider = plan.unit(&file.decider)?.id;
    let quota = award_quota::Model {
        id: plan.id(),
        award_type_id: kind(plan, &file.quota.award_type)?,
        year: file.year,
        setter_id: decider,
        unit_id: Some(decider),
        cluster_id: None,
        subject_id: decider,
        most: file.quota.most,
        legal_basis: Some(MADE_UP.to_owned()),
        version: 1,
        created_at: plan.now,
    };
    let rules = Rules { terms, quota: quota.id };
    plan.rows.award_quotas.push(quota);
    for new in &file.proposals {
        propose(plan, &file, &rules, new)?;
    }
    Ok(())
}

fn kind(plan: &Plan, code: &str) -> Result<Uuid> {
    let found = plan.rows.award_types.iter().find(|row| row.code == code);
    found.map(|row| row.id).ok_or_else(|| broken(code))
}

/// Plans the terms of a kind of award.
fn set(plan: &mut Plan, new: &NewTerms) -> Result<(Uuid, Uuid, Terms)> {
    let award_type = kind(plan, &new.award_type)?;
    let prior = new.prior.iter().map(|code| {
        Ok(PriorTitle {
            award_type: kind(plan, code)?,
            count: 1,
            within_years: 3,
            consecutive: false,
        })
    });
    let dossier = new.dossier.iter().map(|(code, name, signer)| DossierTerm {
        code: code.clone(),
        name: name.clone(),
        signer: signer.clone(),
    });
    let terms = Terms {
        issuer: AwardIssuer::Union,
        scope: Some(new.scope),
        grades: Vec::new(),
        prior: prior.collect::<Result<_>>()?,
        years_between: None,
        once: false,
        registered: false,
        months_founded: Some(12),
        months_reorganised: Some(6),
        threshold: Some(Fraction::stored(new.threshold.0, new.threshold.1)),
        dossier: dossier.collect(),
        collective_bonus: Some(Bonus::Factor {
            factor: Fixed4::from_ten_thousandths(new.factor).ok_or_else(|| broken("a factor"))?,
            rounding: BonusRounding::UpToTenThousand,
        }),
        individual_bonus: None,
        objection_days: Some(7),
        women_first: Some(WomenFirst {
            collective_share: Fraction::stored(70, 100),
        }),
        days: StepDays {
            endorse: Some(15),
            appraise: Some(15),
            vote: Some(30),
            decide: Some(15),
        },
    };
    let terms = terms.read()?;
    let row = award_terms::Model {
        id: plan.id(),
        award_type_id: award_type,
        number: 1,
        valid_from: new.valid_from,
        legal_basis: MADE_UP.to_owned(),
        content: serde_json::to_string(&terms).map_err(Error::internal)?,
        set_by: None,
        set_for: None,
        set_at: plan.now,
    };
    let planned = (award_type, row.id, terms);
    plan.rows.award_terms.push(row);
    Ok(planned)
}

/// The steps by which a proposal comes into a state.
const fn steps(state: ProposalState) -> &'static [ProposalStep] {
    use ProposalStep::{Appraise, Approve, Endorse, Forward, Propose, Reduce, Refuse, Vote};
    match state {
        ProposalState::Proposed => &[Propose],
        ProposalState::Endorsed => &[Propose, Endorse],
        ProposalState::Appraised => &[Propose, Endorse, Appraise],
        ProposalState::Voted => &[Propose, Endorse, Appraise, Vote],
        ProposalState::Approved => &[Propose, Endorse, Appraise, Vote, Approve],
        ProposalState::Refused => &[Propose, Endorse, Appraise, Vote, Refuse],
        ProposalState::Reduced => &[Propose, Endorse, Appraise, Vote, Reduce],
        ProposalState::Forwarded => &[Propose, Endorse, Appraise, Vote, Forward],
    }
}

fn propose(plan: &mut Plan, file: &File, rules: &Rules, new: &NewProposal) -> Result<()> {
    let unit = plan.unit(&new.unit)?.clone();
    let (award_type_id, terms_id, terms) = rules
        .terms
        .get(&new.award_type)
        .ok_or_else(|| broken(&new.award_type))?;
    let taken = steps(new.state);
    let on = |step: usize| file.begins + Days::new(APART * u64::try_from(step).unwrap_or_default());
    let (first, last) = (
        plan.instant(on(0), 9 * 60),
        plan.instant(on(taken.len().saturating_sub(1)), 9 * 60),
    );
    let id = plan.id_at(first);
    let outcome = state::is_outcome(new.state);
    let waits_in = if outcome { ProposalState::Voted } else { new.state };
    let days = state::days(waits_in, true, terms.days);
    let voted = new.in_favour.map(|_| on(3));
    let told_on = on(taken.len().saturating_sub(1));
    let unjudged = Eligibility {
        judged_on: on(0),
        terms: Some(1),
        rules: Vec::new(),
    };
    let row = award_proposal::Model {
        id,
        award_type_id: *award_type_id,
        terms_id: Some(*terms_id),
        year: file.year,
        recipient: Recipient::Collective,
        unit_id: unit.id,
        person: None,
        person_key: None,
        is_woman: None,
        proposer_id: unit.id,
        decider_id: plan.unit(&file.decider)?.id,
        merit: new.merit.clone(),
        merit_key: text::fold(&new.merit),
        state: new.state,
        outcome_from: outcome.then_some(waits_in),
        released_at: new.told.then_some(last),
        eligibility: serde_json::to_string(&unjudged).map_err(Error::internal)?,
        exception_reason: None,
        due_on: days
            .and_then(|days| u64::try_from(days).ok())
            .map(|days| on(taken.len().saturating_sub(1)) + Days::new(days)),
        in_favour: new.in_favour,
        council_members: new.in_favour.map(|_| COUNCIL),
        council_present: new.in_favour.map(|_| PRESENT),
        voted_on: voted,
        ballot_id: None,
        ballot_chose: None,
        objections_until: new.told.then(|| told_on + Days::new(7)),
        reduced_to_id: None,
        reduced_terms_id: None,
        forwarded_to: None,
        decision_id: None,
        award_id: None,
        created_by: plan.officers.get(&unit.id).copied(),
        created_for: None,
        version: i32::try_from(taken.len()).unwrap_or(1),
        created_at: first,
        updated_at: last,
    };
    plan.rows.award_proposals.push(row);
    for (at, step) in taken.iter().enumerate() {
        let row = award_proposal_step::Model {
            id: plan.id_at(plan.instant(on(at), 9 * 60)),
            proposal_id: id,
            step: *step,
            reason: new.reason.clone().filter(|_| *step == ProposalStep::Refuse),
            due_on: None,
            late: false,
            taken_by: taker(plan, file, &unit, *step)?,
            taken_for: None,
            taken_at: plan.instant(on(at), 9 * 60),
        };
        plan.rows.award_steps.push(row);
    }
    for item in terms.dossier.iter().take(new.documents) {
        let row = award_dossier_item::Model {
            id: plan.id_at(first),
            proposal_id: id,
            code: item.code.clone(),
            document: item.name.clone(),
            number: Some(format!("01/{}-{}", item.code.replace('_', ""), file.begins.year())),
            dated: Some(file.begins),
            signer: item.signer.clone(),
            ticked_by: plan.officers.get(&unit.id).copied(),
            ticked_for: None,
            ticked_at: first,
        };
        plan.rows.award_dossier.push(row);
    }
    let counts = plan
        .rows
        .award_quotas
        .iter()
        .any(|row| row.id == rules.quota && row.award_type_id == *award_type_id);
    if counts {
        let row = award_reservation::Model {
            id: plan.id_at(first),
            quota_id: rules.quota,
            proposal_id: id,
            counted: true,
            taken_at: first,
            released_at: None,
        };
        plan.rows.award_reservations.push(row);
    }
    Ok(())
}

/// Who took a step: the unit, the organiser's specialist, or the standing committee.
fn taker(plan: &Plan, file: &File, unit: &PlannedUnit, step: ProposalStep) -> Result<Option<Uuid>> {
    Ok(match step {
        ProposalStep::Propose => plan.officers.get(&unit.id).copied(),
        ProposalStep::Endorse | ProposalStep::Appraise => Some(plan.account(&file.specialist)?),
        _ => Some(plan.account(&file.committee)?),
    })
}

/// Has the service judge the proposals that were written.
pub async fn judge(tx: &impl ConnectionTrait, env: &Env) -> Result<()> {
    for row in store::proposals(tx).await? {
        let judged = judged_anew(tx, env, &row).await?;
        store::judge(tx, &row, serde_json::to_string(&judged).map_err(Error::internal)?).await?;
    }
    Ok(())
}
