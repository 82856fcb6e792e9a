//! SQL of the facts by which eligibility is judged: a fixed number of statements for a case. The unit was found before within the
//! caller's reach.

use std::collections::HashMap;

use chrono::NaiveDate;
use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use thidua_entity::enums::{AwardChangeKind, ProposalState, Recipient, RegistrationKind};
use thidua_entity::{
    award, award_change, award_decision, award_proposal, award_quota, award_terms, award_type, registration, unit,
};
use uuid::Uuid;

use super::{TakesPart, changes_of, merits, standings, taking_part, terms_on, types};
use crate::awards::eligibility::{Facts, Given, Grade, Kind, Proposed, Quota, Registered, UnitFacts};
use crate::awards::terms::Terms;
use crate::clusters;
use crate::error::{Error, Result};
use crate::text;
use crate::units::store as units;

/// Most awards of a unit that are looked at, the latest first.
const AWARDS_MAX: u64 = 2_000;

/// A case that is to be judged.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The kind of award.
    pub kind: &'a award_type::Model,
    /// The terms with which the case began.
    pub terms: Option<&'a award_terms::Model>,
    /// Year of achievement.
    pub year: i32,
    /// The unit that is to receive it, or within which the person stands.
    pub unit: &'a unit::Model,
    /// The person, of an individual.
    pub person: Option<&'a str>,
    /// The unit that proposes.
    pub proposer: Uuid,
    /// For what, without case and accents.
    pub merit_key: Option<&'a str>,
    /// The proposal itself, which does not stand in its own way.
    pub itself: Option<Uuid>,
}

impl Case<'_> {
    const fn recipient(&self) -> Recipient {
        match self.person {
            Some(_) => Recipient::Individual,
            None => Recipient::Collective,
        }
    }
}

/// What terms say.
pub fn content(terms: &award_terms::Model) -> Result<Terms> {
    serde_json::from_str(&terms.content).map_err(Error::internal)
}

/// Everything by which a case is judged on a day.
pub async fn facts(
    connection: &impl ConnectionTrait,
    case: &Case<'_>,
    quotas: &[award_quota::Model],
    today: NaiveDate,
) -> Result<Facts> {
    let terms = case
        .terms
        .map(|row| content(row).map(|terms| (row.number, terms)))
        .transpose()?;
    let taking_part = taking_part(connection, case.year, &[case.unit.id]).await?;
    let years: Vec<Uuid> = taking_part.iter().map(|(_, year)| *year).collect();
    let given = given(connection, case).await?;
    let proposed = proposed(connection, case).await?;
    let asked = terms
        .iter()
        .flat_map(|(_, terms)| &terms.prior)
        .map(|title| title.award_type);
    let named = given.iter().map(|(award, _)| award.award_type_id);
    let mut kinds: Vec<Uuid> = asked
        .chain(named)
        .chain(proposed.iter().map(|row| row.award_type_id))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let by_id = types(connection, &kinds).await?;
    let newest = terms_on(connection, &kinds, today).await?;
    let mut scopes = HashMap::new();
    for (kind, row) in &newest {
        scopes.insert(*kind, content(row)?.scope);
    }
    let scope = |kind: Uuid| scopes.get(&kind).copied().flatten();
    let names = units::names(connection, &[case.unit.id]).await?;
    let own_names: Vec<String> = names.iter().map(|name| text::fold(&name.name)).collect();
    let awards = given.into_iter().filter_map(|(award, decision)| {
        let kind = by_id.get(&award.award_type_id)?;
        Some(Given {
            id: award.id,
            award_type: kind.id,
            name: kind.name.clone(),
            level: kind.level,
            scope: scope(kind.id),
            year: award.year,
            decision: decision.and_then(|decision| decision.number),
            certain: certainty(case, &own_names, award.recipient_name.as_deref())?,
        })
    });
    let awards = awards.collect();
    let proposals = proposed.into_iter().filter_map(|row| {
        let kind = by_id.get(&row.award_type_id)?;
        Some(Proposed {
            id: row.id,
            award_type: kind.id,
            name: kind.name.clone(),
            level: kind.level,
            scope: scope(kind.id),
            merit_key: row.merit_key,
        })
    });
    let events = units::events(connection, &[case.unit.id]).await?;
    Ok(Facts {
        today,
        year: case.year,
        recipient: case.recipient(),
        kind: Kind {
            id: case.kind.id,
            name: case.kind.name.clone(),
            level: case.kind.level,
            recipients: case.kind.recipients,
            valid_from: case.kind.valid_from,
            valid_to: case.kind.valid_to,
        },
        prior_names: by_id.values().map(|kind| (kind.id, kind.name.clone())).collect(),
        terms,
        unit: UnitFacts {
            id: case.unit.id,
            name: case.unit.name.clone(),
            founded_on: case.unit.founded_on,
            ended_on: case.unit.ended_on,
            events: events
                .into_iter()
                .map(|event| (event.id, event.kind, event.took_effect_on))
                .collect(),
        },
        grade: grade(connection, case, &taking_part).await?,
        takes_part: !years.is_empty(),
        registrations: registered(connection, case, &years).await?,
        awards,
        proposals: proposals.collect(),
        quotas: standing(connection, case, quotas, today).await?,
        merit_key: case.merit_key.map(str::to_owned),
    })
}

/// Whether an award is surely this recipient's; `None` when it surely is not. A collective within a unit may be written in many ways,
/// so another name than the unit's own may be the unit all the same.
fn certainty(case: &Case<'_>, own_names: &[String], written: Option<&str>) -> Option<bool> {
    match (written, case.person) {
        (None, _) => Some(false),
        (Some(written), Some(person)) => (text::fold(written) == text::fold(person)).then_some(true),
        (Some(written), None) => Some(own_names.contains(&text::fold(written))),
    }
}

/// What the unit got in the result of the year that was published last.
async fn grade(connection: &impl ConnectionTrait, case: &Case<'_>, taking_part: &[TakesPart]) -> Result<Option<Grade>> {
    let mut merits = merits(connection, taking_part).await?;
    Ok(merits.remove(&case.unit.id).map(|row| Grade {
        result: row.result_id,
        code: row.grade,
        title: row.grade_title,
    }))
}

/// What the unit, or the person, registered for and did not withdraw.
async fn registered(connection: &impl ConnectionTrait, case: &Case<'_>, years: &[Uuid]) -> Result<Vec<Registered>> {
    let found = registration::Entity::find()
        .filter(registration::Column::YearId.is_in(years.iter().copied()))
        .filter(registration::Column::UnitId.eq(case.unit.id))
        .filter(registration::Column::WithdrawnAt.is_null())
        .order_by_asc(registration::Column::Id);
    let wanted = match case.recipient() {
        Recipient::Collective => RegistrationKind::CollectiveTitle,
        Recipient::Individual => RegistrationKind::IndividualTitle,
    };
    let name = text::fold(&case.kind.name);
    let fits = |row: &registration::Model| {
        let for_award =
            row.award_type_id == Some(case.kind.id) || row.award_type_id.is_none() && text::fold(&row.title) == name;
        let for_whom = row.person.as_deref().map(text::fold) == case.person.map(text::fold);
        row.kind == wanted && for_award && for_whom
    };
    let rows = found.all(connection).await?.into_iter().map(|row| Registered {
        id: row.id,
        fits: fits(&row),
        title: row.title,
        late_reason: row.late_reason,
    });
    Ok(rows.collect())
}

/// Awards within the unit to such recipients, under their names as corrected, with their decisions; without those that were revoked.
async fn given(
    connection: &impl ConnectionTrait,
    case: &Case<'_>,
) -> Result<Vec<(award::Model, Option<award_decision::Model>)>> {
    let revoked = Query::select()
        .column(award_change::Column::AwardId)
        .from(award_change::Entity)
        .and_where(award_change::Column::Kind.eq(AwardChangeKind::Revoked))
        .to_owned();
    let found = award::Entity::find()
        .filter(award::Column::UnitId.eq(case.unit.id))
        .filter(award::Column::Recipient.eq(case.recipient()))
        .filter(award::Column::Id.not_in_subquery(revoked))
        .order_by_desc(award::Column::Year)
        .limit(AWARDS_MAX);
    let mut awards = found.all(connection).await?;
    let ids: Vec<Uuid> = awards.iter().map(|award| award.id).collect();
    for change in changes_of(connection, &ids).await? {
        // The oldest first, so that the name that was written last stands.
        let corrected = awards.iter_mut().find(|award| award.id == change.award_id);
        if let (Some(award), Some(name)) = (corrected, change.recipient_name) {
            award.recipient_name = Some(name);
        }
    }
    let decisions = award_decision::Entity::find()
        .filter(award_decision::Column::Id.is_in(awards.iter().map(|award| award.decision_id)));
    let decisions = decisions.all(connection).await?;
    let of = |award: &award::Model| {
        decisions
            .iter()
            .find(|decision| decision.id == award.decision_id)
            .cloned()
    };
    Ok(awards
        .into_iter()
        .map(|award| (of(&award), award))
        .map(|(decision, award)| (award, decision))
        .collect())
}

/// Other proposals for the same recipient and year that are under way or were approved and not decided yet: what was decided is an award.
async fn proposed(connection: &impl ConnectionTrait, case: &Case<'_>) -> Result<Vec<award_proposal::Model>> {
    use award_proposal::Column::{DecisionId, Id, PersonKey, Recipient, ReleasedAt, State, UnitId, Year};
    let whom = match case.person {
        Some(person) => Condition::all().add(PersonKey.eq(text::fold(person))),
        None => Condition::all().add(PersonKey.is_null()),
    };
    // A refusal that was not told still stands in the way, or eligibility would tell of it.
    let told_refusal = Condition::all()
        .add(State.eq(ProposalState::Refused))
        .add(ReleasedAt.is_not_null());
    let found = award_proposal::Entity::find()
        .filter(UnitId.eq(case.unit.id))
        .filter(Year.eq(case.year))
        .filter(Recipient.eq(case.recipient()))
        .filter(whom)
        .filter(told_refusal.not())
        .filter(DecisionId.is_null())
        .order_by_asc(Id);
    let mut found = found.all(connection).await?;
    found.retain(|row| Some(row.id) != case.itself);
    Ok(found)
}

/// How the quotas stand, with the names of those that they are for.
async fn standing(
    connection: &impl ConnectionTrait,
    case: &Case<'_>,
    quotas: &[award_quota::Model],
    today: NaiveDate,
) -> Result<Vec<Quota>> {
    if quotas.is_empty() {
        return Ok(Vec::new());
    }
    let standings = standings(connection, quotas, (case.proposer, case.unit.id)).await?;
    let unit_ids: Vec<Uuid> = quotas.iter().filter_map(|quota| quota.unit_id).collect();
    let cluster_ids: Vec<Uuid> = quotas.iter().filter_map(|quota| quota.cluster_id).collect();
    let mut names: HashMap<Uuid, String> = units::plain_names(connection, &unit_ids, today)
        .await?
        .into_iter()
        .collect();
    names.extend(clusters::store::plain_names(connection, &cluster_ids).await?);
    let rows = quotas.iter().zip(standings).map(|(quota, standing)| Quota {
        id: quota.id,
        subject: names.get(&quota.subject_id).cloned().unwrap_or_default(),
        standing,
    });
    Ok(rows.collect())
}
