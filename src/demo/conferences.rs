//! Conferences of the demonstration: that of a source, of which only the outcome is known, one of a cluster that is being held, and the meeting of a
//! council on proposals of awards. Their ballots are in `ballots.rs`.

use chrono::{Duration, NaiveDate};
use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::enums::{ChosenBy, ConferenceState, CouncilSeat, Presence};
use thidua_entity::{conference, conference_attendance, conference_item, council, council_member};
use uuid::Uuid;

use super::ballots::{NewBallot, Run, put};
use super::plan::{self, MADE_UP, Plan, broken};
use crate::clusters::rules::Span;
use crate::conferences::quorum::Fraction;
use crate::error::Result;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    councils: Vec<NewCouncil>,
    conferences: Vec<NewConference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewCouncil {
    unit: String,
    name: String,
    from: NaiveDate,
    members: Vec<NewMember>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewMember {
    name: String,
    seat: CouncilSeat,
    /// Sign-in name of who votes here; others vote on paper.
    account: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewConference {
    /// Whose it is: a cluster, or the council of a unit.
    cluster: Option<String>,
    council_of: Option<String>,
    year: Option<i32>,
    /// The day, but not one that is yet to come.
    held_on: NaiveDate,
    /// Who runs it for the organiser.
    by: String,
    /// Who confirms what was voted.
    council: String,
    closed: bool,
    title: String,
    place: String,
    agenda: Vec<String>,
    minutes: Option<String>,
    /// Members that are asked in writing.
    written: Vec<String>,
    absent: Vec<String>,
    ballots: Vec<NewBallot>,
}

/// Plans the conferences and their ballots.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let file: File = plan::read("conferences.json", include_str!("conferences.json"))?;
    for new in &file.councils {
        set_up(plan, new)?;
    }
    for new in file.conferences {
        let today = (plan.now + Duration::hours(7)).date_naive();
        let held_on = new.held_on.min(today);
        let attendance = begin(plan, &new, held_on)?;
        for (after, ballot) in (1..).zip(&new.ballots) {
            // One after the other, half an hour each.
            let at = plan.instant(held_on, 8 * 60 + 30 * after);
            let run = Run {
                attendance: &attendance,
                at,
                by: plan.account(&new.by)?,
                council: plan.account(&new.council)?,
            };
            put(plan, &run, ballot)?;
        }
    }
    Ok(())
}

/// Plans a council with its members.
fn set_up(plan: &mut Plan, new: &NewCouncil) -> Result<()> {
    let row = council::Model {
        id: plan.id(),
        unit_id: plan.unit(&new.unit)?.id,
        name: new.name.clone(),
        decision: Some(MADE_UP.to_owned()),
        valid_from: new.from,
        valid_to: None,
        version: 1,
        created_at: plan.now,
    };
    for member in &new.members {
        let member = council_member::Model {
            id: plan.id(),
            council_id: row.id,
            name: member.name.clone(),
            seat: member.seat,
            account_id: member.account.as_deref().map(|name| plan.account(name)).transpose()?,
            valid_from: new.from,
            valid_to: None,
            version: 1,
        };
        plan.rows.council_members.push(member);
    }
    plan.rows.councils.push(row);
    Ok(())
}

/// Who has a vote at a conference, and whose it is: a cluster or a council.
fn holder(plan: &Plan, new: &NewConference, held_on: NaiveDate) -> Result<(Option<Uuid>, Option<Uuid>, Vec<Uuid>)> {
    if let Some(code) = &new.council_of {
        let unit = plan.unit(code)?.id;
        let council = plan.rows.councils.iter().find(|row| row.unit_id == unit);
        let council = council.ok_or_else(|| broken(format!("no council of {code}")))?.id;
        let members = plan.rows.council_members.iter();
        let members = members.filter(|row| row.council_id == council);
        return Ok((None, Some(council), members.map(|row| row.id).collect()));
    }
    let cluster = plan.cluster(new.cluster.as_deref().unwrap_or_default())?.0;
    let members = plan.rows.memberships.iter();
    let members = members.filter(|row| row.cluster_id == cluster && Span::from(*row).holds_on(held_on));
    Ok((Some(cluster), None, members.map(|row| row.unit_id).collect()))
}

/// Plans a conference with its agenda and its roll; gives the roll.
fn begin(plan: &mut Plan, new: &NewConference, held_on: NaiveDate) -> Result<Vec<conference_attendance::Model>> {
    let (cluster_id, council_id, voters) = holder(plan, new, held_on)?;
    let at = plan.instant(held_on, 7 * 60);
    let id = plan.id_at(at);
    let years = &plan.rows.emulation_years;
    let of_year = |year: i32| {
        let found = years
            .iter()
            .find(|row| Some(row.cluster_id) == cluster_id && row.year == year);
        found.map(|row| row.id).ok_or_else(|| broken(format!("no year {year}")))
    };
    let (quorum_numerator, quorum_denominator) = Fraction::TWO_THIRDS.to_store();
    let row = conference::Model {
        id,
        cluster_id,
        council_id,
        year_id: new.year.map(of_year).transpose()?,
        title: new.title.clone(),
        held_on,
        place: new.place.clone(),
        quorum_numerator,
        quorum_denominator,
        offices_by: cluster_id.map(|_| ChosenBy::Election),
        state: if new.closed {
            ConferenceState::Closed
        } else {
            ConferenceState::Open
        },
        minutes: new.minutes.clone(),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    plan.rows.conferences.push(row);
    let items = (1..).zip(&new.agenda).map(|(position, text)| conference_item::Model {
        conference_id: id,
        position,
        text: text.clone(),
    });
    plan.rows.conference_items.extend(items);
    let (absent, written) = (plan.units(&new.absent)?, plan.units(&new.written)?);
    let presence = |unit: Uuid| {
        if absent.iter().any(|one| one.id == unit) {
            Presence::Absent
        } else if written.iter().any(|one| one.id == unit) {
            Presence::Written
        } else {
            Presence::Present
        }
    };
    let attendance: Vec<conference_attendance::Model> = voters
        .into_iter()
        .map(|voter_id| conference_attendance::Model {
            conference_id: id,
            voter_id,
            presence: presence(voter_id),
            attended_by: None,
        })
        .collect();
    plan.rows.attendance.extend(attendance.iter().cloned());
    Ok(attendance)
}
