//! Proposing an award.

use chrono::{Days, NaiveDate};
use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{AwardLevel, EventKind, ProposalState, ProposalStep, Recipient};
use thidua_entity::{award_proposal, award_proposal_step, award_quota, award_type, unit};
use uuid::Uuid;

use super::checking;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::awards::decision::YEARS;
use crate::awards::quota::{self, Seat};
use crate::awards::state;
use crate::awards::store::{self, Case};
use crate::awards::terms::Terms;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action, Place, Reach};
use crate::units::store as units;
use crate::{db, events, idempotency, input, text};

/// An award to be proposed.
#[derive(Serialize)]
pub struct NewProposal<'a> {
    /// The kind of award.
    pub award_type: Uuid,
    /// Year of achievement.
    pub year: i32,
    /// The unit that is to receive it, or within which the person stands.
    pub unit: Uuid,
    /// The person, of an individual.
    pub person: Option<&'a str>,
    /// Whether that person is a woman; `None` when not said. Left out of what tells one proposal from another when not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_woman: Option<bool>,
    /// The unit that proposes.
    pub proposer: Uuid,
    /// The unit that decides; the nearest of the award's level above when not said.
    pub decider: Option<Uuid>,
    /// For what.
    pub merit: &'a str,
    /// Why it is proposed although a rule is not kept.
    pub exception_reason: Option<&'a str>,
}

/// Proposes an award for a unit or a person. Its places in the quotas are taken at once; of many who propose at the same moment no more
/// get one than there are.
pub async fn propose(
    env: &Env,
    actor: &Actor,
    new: &NewProposal<'_>,
    key: Option<&str>,
) -> Result<award_proposal::Model> {
    let (today, reach) = (env.today(), policy::reach(actor));
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "PROPOSE_AWARD", new).await? {
        return store::find_proposal(&tx, &reach, first, today).await;
    }
    let proposer = units::find(&tx, &reach, new.proposer, today).await?;
    let place = units::place(&tx, &proposer, today).await?;
    let actor = &policy::authorize(actor, Action::AwardPropose, &place)?;
    let unit = recipient(&tx, &reach, new, today).await?;
    let (person, merit) = (
        input::line_or_none("person", new.person)?,
        input::paragraph("merit", new.merit)?,
    );
    let exception = input::paragraph_or_none("exceptionReason", new.exception_reason)?;
    plausible_year(new.year, today)?;
    if person.is_none() && new.is_woman.is_some() {
        return Err(Error::invalid(
            "ONLY_OF_A_PERSON",
            "isWoman",
            "Chỉ ghi khi đề nghị cho cá nhân; của tập thể thì tính từ số đoàn viên nữ.",
            "It is said of a person only; of a collective the women among its members are counted.",
        ));
    }
    let kinds = store::types(&tx, &[new.award_type]).await?;
    let kind = kinds.get(&new.award_type).ok_or(Error::NotFound)?;
    let decider = decider(&tx, new.decider, kind, &place, today).await?;
    let terms = store::terms_on(&tx, &[kind.id], today).await?;
    let terms = terms.get(&kind.id);
    let quotas = lock_quotas(&tx, (kind.id, new.year), &place).await?;
    let merit_key = text::fold(&merit);
    let case = Case {
        kind,
        terms,
        year: new.year,
        unit: &unit,
        person: person.as_deref(),
        proposer: proposer.id,
        merit_key: Some(&merit_key),
        itself: None,
    };
    let judged = checking::judge(&tx, env, &case, &quotas).await?;
    let seats = seats(&tx, &quotas, (proposer.id, unit.id), "typeId").await?;
    checking::excused(&judged, exception.as_deref())?;
    let asks = terms.map(store::content).transpose()?;
    let row = award_proposal::ActiveModel {
        id: Set(env.new_id()),
        award_type_id: Set(kind.id),
        terms_id: Set(terms.map(|terms| terms.id)),
        year: Set(new.year),
        recipient: Set(if person.is_some() {
            Recipient::Individual
        } else {
            Recipient::Collective
        }),
        unit_id: Set(unit.id),
        person_key: Set(person.as_deref().map(text::fold)),
        person: Set(person),
        is_woman: Set(new.is_woman),
        proposer_id: Set(proposer.id),
        decider_id: Set(decider),
        merit: Set(merit),
        merit_key: Set(merit_key),
        state: Set(ProposalState::Proposed),
        eligibility: Set(checking::written(&judged)?),
        exception_reason: Set(judged.objection().and(exception)),
        due_on: Set(due_on(today, ProposalState::Proposed, asks.as_ref())),
        created_by: Set(actor.recorded_as()),
        created_for: Set(actor.acting_for()),
        version: Set(1),
        created_at: Set(env.now()),
        updated_at: Set(env.now()),
        ..Default::default()
    };
    let row = store::add_proposal(&tx, row).await?;
    store::reserve(&tx, row.id, &seats, || env.new_id(), env.now()).await?;
    let exception = row.exception_reason.clone();
    add_step(&tx, env, actor, &row, (ProposalStep::Propose, exception)).await?;
    idempotency::remember(&tx, actor, key, row.id).await?;
    let failing: Vec<_> = judged.failing().map(|one| one.rule).collect();
    let detail = json!({
        "typeId": row.award_type_id, "year": row.year, "unitId": row.unit_id, "person": row.person,
        "proposerId": row.proposer_id, "deciderId": row.decider_id, "failing": failing,
        "exceptionReason": row.exception_reason,
    });
    let subject = (Kind::AwardProposal, row.id);
    audit::record(&tx, env, actor, Event("AWARD_PROPOSED"), subject, detail).await?;
    events::tell(&tx, env, actor, EventKind::AwardProposed, subject, json!({})).await?;
    tx.commit().await?;
    Ok(row)
}

/// The unit that is to receive it: the unit that proposes, or one below it.
async fn recipient(
    tx: &impl ConnectionTrait,
    reach: &Reach,
    new: &NewProposal<'_>,
    today: NaiveDate,
) -> Result<unit::Model> {
    let unit = units::find(tx, reach, new.unit, today).await?;
    if unit.id == new.proposer || units::is_below(tx, unit.id, new.proposer, today).await? {
        return Ok(unit);
    }
    Err(Error::invalid(
        "NOT_BELOW_PROPOSER",
        "unitId",
        "Đơn vị đề nghị chỉ đề nghị cho chính mình hoặc cho cấp dưới của mình.",
        "A unit proposes for itself or for what is below it.",
    ))
}

fn plausible_year(year: i32, today: NaiveDate) -> Result<()> {
    use chrono::Datelike as _;
    if YEARS.contains(&year) && year <= today.year() {
        return Ok(());
    }
    Err(Error::invalid(
        "YEAR_IMPLAUSIBLE",
        "year",
        format!("Năm thành tích phải từ {} đến năm nay.", YEARS.start()),
        format!(
            "The year of achievement must lie between {} and this year.",
            YEARS.start()
        ),
    ))
}

/// The unit whose council decides: one at or above the unit that proposes.
async fn decider(
    tx: &impl ConnectionTrait,
    named: Option<Uuid>,
    kind: &award_type::Model,
    place: &Place,
    today: NaiveDate,
) -> Result<Uuid> {
    if let Some(named) = named {
        return if place.lineage.contains(&named) {
            Ok(named)
        } else {
            Err(Error::NotFound)
        };
    }
    let level = match kind.level {
        AwardLevel::State | AwardLevel::Confederation => 0,
        AwardLevel::Province => 1,
        AwardLevel::Upper | AwardLevel::Cluster => 2,
        AwardLevel::Grassroots => 3,
    };
    let above = units::find_many(tx, &Reach::everything(), &place.lineage, today).await?;
    let reaches = |id: &Uuid| above.iter().any(|unit| unit.id == *id && unit.kind.level() <= level);
    // From the unit upwards: the first that is of the level, or above it.
    let mut upwards = place.lineage.iter();
    let found = upwards.find(|id| reaches(id));
    found.or(place.lineage.last()).copied().ok_or(Error::NotFound)
}

/// The quotas that a proposal from a place counts against, locked; and until the transaction ends nobody sets another for that kind of award.
pub(super) async fn lock_quotas(
    tx: &impl ConnectionTrait,
    of: (Uuid, i32),
    place: &Place,
) -> Result<Vec<award_quota::Model>> {
    store::hold_type(tx, of.0).await?;
    store::lock_quotas_against(tx, of, (&place.lineage, &place.clusters)).await
}

/// A place in each quota, or the refusal that one is used up.
pub(super) async fn seats(
    tx: &impl ConnectionTrait,
    quotas: &[award_quota::Model],
    whom: (Uuid, Uuid),
    field: &str,
) -> Result<Vec<(Uuid, Seat)>> {
    let standings = store::standings(tx, quotas, whom).await?;
    let each = quotas.iter().zip(standings).map(|(quota, standing)| {
        let seat = quota::seat(standing).ok_or_else(|| {
            let (year, most) = (quota.year, quota.most);
            Error::invalid(
                "QUOTA_EXCEEDED",
                field,
                format!("Đã hết chỉ tiêu năm {year} ({most}) cho hình thức khen thưởng này."),
                format!("The quota of {year} for this award is used up ({most})."),
            )
        })?;
        Ok((quota.id, seat))
    });
    each.collect()
}

/// The last day of the step for which a proposal waits in a state.
pub(super) fn due_on(today: NaiveDate, state: ProposalState, terms: Option<&Terms>) -> Option<NaiveDate> {
    let terms = terms?;
    let days = state::days(state, terms.threshold.is_some(), terms.days)?;
    today.checked_add_days(Days::new(u64::try_from(days).ok()?))
}

/// Writes a step that is taken with a proposal as it was before.
pub(super) async fn add_step(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    before: &award_proposal::Model,
    (step, reason): (ProposalStep, Option<String>),
) -> Result<()> {
    // What is due of a proposal that begins is due for its next step.
    let due_on = before.due_on.filter(|_| step != ProposalStep::Propose);
    let row = award_proposal_step::ActiveModel {
        id: Set(env.new_id()),
        proposal_id: Set(before.id),
        step: Set(step),
        reason: Set(reason),
        due_on: Set(due_on),
        late: Set(due_on.is_some_and(|due| env.today() > due)),
        taken_by: Set(actor.recorded_as()),
        taken_for: Set(actor.acting_for()),
        taken_at: Set(env.now()),
    };
    store::add_proposal_step(tx, row).await
}
