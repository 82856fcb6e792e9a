//! Awards that no source names, so that there is something to search in. The source of each decision says so.

use serde::Deserialize;
use thidua_entity::enums::Recipient;
use uuid::Uuid;

use super::{Decision, Given, Types};
use crate::demo::draw::Draw;
use crate::demo::plan::{Plan, PlannedUnit, broken, day};
use crate::error::Result;

/// What awards of other years are made of.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Made {
    years: Vec<i32>,
    places: Vec<MadePlace>,
    source: String,
    decisions: Vec<MadeDecision>,
    medal: Medal,
    family_names: Vec<String>,
    women: GivenNames,
    men: GivenNames,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MadePlace {
    federation: String,
    federation_units: Option<String>,
    upper: String,
    upper_suffix: String,
    units: String,
    skip: Vec<i32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MadeDecision {
    issuer: MadeIssuer,
    suffix: Option<String>,
    month: u32,
    awards: Vec<MadeAward>,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum MadeIssuer {
    Federation,
    Upper,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MadeAward {
    #[serde(rename = "type")]
    award_type: String,
    recipient: Recipient,
    times: usize,
}

/// The medal that the confederation gives around its founding day, 28 July.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Medal {
    issuer: String,
    suffix: String,
    #[serde(rename = "type")]
    award_type: String,
    times_for_each_place: usize,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct GivenNames {
    middle: Vec<String>,
    given: Vec<String>,
}

impl Made {
    fn person(&self, women: bool, draw: &mut Draw) -> String {
        let names = if women { &self.women } else { &self.men };
        let parts = [
            draw.one_of(&self.family_names),
            draw.one_of(&names.middle),
            draw.one_of(&names.given),
        ];
        let parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
        parts.join(" ")
    }
}

/// Awards that no source names, said to be made up in the source of their decision.
pub fn plan(plan: &mut Plan, types: &Types, made: &Made) -> Result<()> {
    let confederation = plan.unit(&made.medal.issuer)?.clone();
    for &year in &made.years {
        let mut draw = Draw::named(&format!("awards {year}"));
        let number = draw.between(900, 1_400);
        let medal = Decision {
            number: Some(format!("{number}/{}", made.medal.suffix)),
            year,
            decided_on: Some(day(year, 7, 20)),
            source: made.source.clone(),
        };
        let medal = medal.add(
            plan,
            Some(confederation.id),
            confederation.name.clone(),
            confederation.id,
        );
        for place in made.places.iter().filter(|place| !place.skip.contains(&year)) {
            let members = plan.below(&place.units)?;
            for _ in 0..made.medal.times_for_each_place {
                let given = recipient(made, Recipient::Individual, &made.medal.award_type, &members, &mut draw)?;
                given
                    .1
                    .add(plan, types, (medal, year), &made.medal.award_type, given.0)?;
            }
            for decision in &made.decisions {
                made_decision(plan, types, made, place, decision, year, &mut draw)?;
            }
        }
    }
    Ok(())
}

fn made_decision(
    plan: &mut Plan,
    types: &Types,
    made: &Made,
    place: &MadePlace,
    decision: &MadeDecision,
    year: i32,
    draw: &mut Draw,
) -> Result<()> {
    let (issuer, units) = match decision.issuer {
        MadeIssuer::Federation => (
            &place.federation,
            place.federation_units.as_ref().unwrap_or(&place.units),
        ),
        MadeIssuer::Upper => (&place.upper, &place.units),
    };
    let (issuer, candidates) = (plan.unit(issuer)?.clone(), plan.below(units)?);
    let suffix = decision.suffix.as_ref().unwrap_or(&place.upper_suffix);
    let written = Decision {
        number: Some(format!("{}/{suffix}", draw.between(11, 99))),
        year,
        decided_on: Some(day(
            year + 1,
            decision.month,
            u32::try_from(draw.between(4, 20)).unwrap_or(4),
        )),
        source: made.source.clone(),
    };
    let id = written.add(plan, Some(issuer.id), issuer.name.clone(), issuer.id);
    let mut taken: Vec<(String, Uuid)> = Vec::new();
    for award in &decision.awards {
        for _ in 0..award.times {
            let (unit, given) = recipient(made, award.recipient, &award.award_type, &candidates, draw)?;
            // One merit, one award: a collective gets each kind once.
            if award.recipient == Recipient::Collective && taken.contains(&(award.award_type.clone(), unit.id)) {
                continue;
            }
            taken.push((award.award_type.clone(), unit.id));
            given.add(plan, types, (id, year), &award.award_type, unit)?;
        }
    }
    Ok(())
}

fn recipient<'a>(
    made: &Made,
    recipient: Recipient,
    award_type: &str,
    units: &'a [PlannedUnit],
    draw: &mut Draw,
) -> Result<(&'a PlannedUnit, Given)> {
    let unit = draw.one_of(units).ok_or_else(|| broken("nobody to get an award"))?;
    let (name, note) = match recipient {
        Recipient::Collective => (unit.name.clone(), None),
        Recipient::Individual => {
            let women = award_type == "GVNDVN" || draw.between(1, 100) <= 50;
            (made.person(women, draw), Some(format!("Đoàn viên {}", unit.name)))
        }
    };
    Ok((
        unit,
        Given {
            recipient,
            name: Some(name),
            count: 1,
            note,
        },
    ))
}
