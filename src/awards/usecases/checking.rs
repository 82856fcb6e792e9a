//! Judging whether an award may be proposed, before anything is proposed and at each step.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::EligibilityRule;
use thidua_entity::{award_proposal, award_quota};
use uuid::Uuid;

use crate::auth::Actor;
use crate::awards::eligibility::{self, Eligibility};
use crate::awards::store::{self, Case};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::policy::{self, Reach, Resource};
use crate::units::store as units;
use crate::{input, text};

/// What somebody asks about before proposing.
pub struct Question<'a> {
    /// The kind of award.
    pub award_type: Uuid,
    /// Year of achievement.
    pub year: i32,
    /// The unit that is to receive it, or within which the person stands.
    pub unit: Uuid,
    /// The person, of an individual.
    pub person: Option<&'a str>,
    /// The unit that would propose; the unit itself when not said.
    pub proposer: Option<Uuid>,
    /// For what.
    pub merit: Option<&'a str>,
}

/// Whether an award may be proposed for somebody, rule by rule. Who sees a unit only as a neighbour in a cluster is not told.
pub async fn check(env: &Env, actor: &Actor, asked: &Question<'_>) -> Result<Eligibility> {
    let (today, reach) = (env.today(), policy::reach(actor));
    reach.shows(Resource::Awards)?;
    let own = Reach {
        clusters: Vec::new(),
        ..reach.by_place()
    };
    let unit = units::find(&env.db, &own, asked.unit, today).await?;
    let proposer = match asked.proposer {
        Some(proposer) => units::find(&env.db, &own, proposer, today).await?,
        None => unit.clone(),
    };
    let person = input::line_or_none("person", asked.person)?;
    let merit_key = input::paragraph_or_none("merit", asked.merit)?.map(|merit| text::fold(&merit));
    let kinds = store::types(&env.db, &[asked.award_type]).await?;
    let kind = kinds.get(&asked.award_type).ok_or(Error::NotFound)?;
    let terms = store::terms_on(&env.db, &[kind.id], today).await?;
    let place = units::place(&env.db, &proposer, today).await?;
    let around = (place.lineage.as_slice(), place.clusters.as_slice());
    let quotas = store::quotas_against(&env.db, (kind.id, asked.year), around).await?;
    let case = Case {
        kind,
        terms: terms.get(&kind.id),
        year: asked.year,
        unit: &unit,
        person: person.as_deref(),
        proposer: proposer.id,
        merit_key: merit_key.as_deref(),
        itself: None,
    };
    judge(&env.db, env, &case, &quotas).await
}

/// Judges a case with the quotas that it counts against.
pub(super) async fn judge(
    connection: &impl ConnectionTrait,
    env: &Env,
    case: &Case<'_>,
    quotas: &[award_quota::Model],
) -> Result<Eligibility> {
    let facts = store::facts(connection, case, quotas, env.today()).await?;
    Ok(eligibility::judge(&facts))
}

/// Judges a proposal anew. Its places in quotas are taken: what was said of quotas then stays.
pub async fn judged_anew(
    connection: &impl ConnectionTrait,
    env: &Env,
    proposal: &award_proposal::Model,
) -> Result<Eligibility> {
    let kinds = store::types(connection, &[proposal.award_type_id]).await?;
    let kind = kinds.get(&proposal.award_type_id).ok_or(Error::NotFound)?;
    let ids: Vec<Uuid> = proposal.terms_id.into_iter().collect();
    let terms = store::terms_by_id(connection, &ids).await?;
    let unit = units::find(connection, &Reach::everything(), proposal.unit_id, env.today()).await?;
    let case = Case {
        kind,
        terms: terms.first(),
        year: proposal.year,
        unit: &unit,
        person: proposal.person.as_deref(),
        proposer: proposal.proposer_id,
        merit_key: Some(&proposal.merit_key),
        itself: Some(proposal.id),
    };
    let mut judged = judge(connection, env, &case, &[]).await?;
    judged.rules.retain(|one| one.rule != EligibilityRule::Quota);
    let before = read(&proposal.eligibility)?;
    let of_quota = before
        .rules
        .into_iter()
        .filter(|one| one.rule == EligibilityRule::Quota);
    judged.rules.extend(of_quota);
    Ok(judged)
}

/// What a proposal keeps of how it was judged.
pub(super) fn written(judged: &Eligibility) -> Result<String> {
    serde_json::to_string(judged).map_err(Error::internal)
}

/// The same, read again.
pub fn read(kept: &str) -> Result<Eligibility> {
    serde_json::from_str(kept).map_err(Error::internal)
}

/// Lets a case go on that keeps all rules, or that goes on with a reason although it does not.
pub(super) fn excused(judged: &Eligibility, exception: Option<&str>) -> Result<()> {
    match judged.objection() {
        Some(objection) if exception.is_none() => Err(Error::invalid(
            "NOT_ELIGIBLE",
            "exceptionReason",
            format!("{} Muốn tiếp tục thì ghi lý do ngoại lệ.", objection.vi),
            format!(
                "{} To go on all the same, give the reason for an exception.",
                objection.en
            ),
        )),
        _ => Ok(()),
    }
}
