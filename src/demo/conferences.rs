//! Conferences of the demonstration and their ballots: one from a source, of which only the outcome is known, and one that is being held.
//! Votes are planned; what comes of them the service itself counts, so that each ballot explains itself.

use std::iter::repeat_n;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::enums::{
    BallotKind, BallotPurpose, BallotState, ChosenBy, ConferenceState, Denominator, Presence, RecordedAs,
};
use thidua_entity::{
    ballot, ballot_option, ballot_roll, ballot_vote, conference, conference_attendance, conference_item,
};
use uuid::Uuid;

use super::plan::{self, Plan, broken};
use crate::auth::Actor;
use crate::ballots::choice::Choice;
use crate::ballots::counting::Threshold;
use crate::ballots::roll::{self, Entry};
use crate::ballots::usecases::{Recorded, count, keep, settle};
use crate::clusters::rules::Span;
use crate::conferences::quorum::Fraction;
use crate::env::Env;
use crate::error::{Error, Result};

/// More than half.
const MAJORITY: Threshold = Threshold {
    part: Fraction {
        numerator: 1,
        denominator: 2,
    },
    exceeded: true,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    conferences: Vec<NewConference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewConference {
    cluster: String,
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBallot {
    title: String,
    kind: BallotKind,
    purpose: BallotPurpose,
    #[serde(default)]
    secret: bool,
    seats: Option<usize>,
    #[serde(default)]
    nominees: Vec<String>,
    #[serde(default)]
    motions: Vec<String>,
    /// So many members each, in the order of the memberships, chose this.
    #[serde(default)]
    votes: Vec<(usize, Choice)>,
    /// A member that has not voted yet.
    skip: Option<String>,
    end: End,
}

/// How far a ballot has come.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
enum End {
    Drafted,
    Open,
    Tallied,
    Confirmed,
    /// Confirmed; held on paper, of which these options were chosen, by their places.
    Recorded(Vec<usize>),
}

/// A ballot that the service counts once all is written.
pub struct PlannedBallot {
    id: Uuid,
    end: End,
    options: Vec<Uuid>,
    by: Uuid,
    council: Uuid,
    at: DateTime<Utc>,
}

/// Plans the conferences and their ballots.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let file: File = plan::read("conferences.json", include_str!("conferences.json"))?;
    for new in file.conferences {
        let today = (plan.now + Duration::hours(7)).date_naive();
        let held_on = new.held_on.min(today);
        let attendance = begin(plan, &new, held_on)?;
        for (after, ballot) in (1..).zip(&new.ballots) {
            // One after the other, half an hour each.
            let at = plan.instant(held_on, 8 * 60 + 30 * after);
            put(plan, &new, ballot, (&attendance, at))?;
        }
    }
    Ok(())
}

/// Plans a conference with its agenda and its roll; gives the roll.
fn begin(plan: &mut Plan, new: &NewConference, held_on: NaiveDate) -> Result<Vec<conference_attendance::Model>> {
    let cluster_id = plan.cluster(&new.cluster)?.0;
    let at = plan.instant(held_on, 7 * 60);
    let id = plan.id_at(at);
    let years = &plan.rows.emulation_years;
    let of_year = |year: i32| {
        let found = years
            .iter()
            .find(|row| row.cluster_id == cluster_id && row.year == year);
        found.map(|row| row.id).ok_or_else(|| broken(format!("no year {year}")))
    };
    let (quorum_numerator, quorum_denominator) = Fraction::TWO_THIRDS.to_store();
    let row = conference::Model {
        id,
        cluster_id: Some(cluster_id),
        council_id: None,
        year_id: new.year.map(of_year).transpose()?,
        title: new.title.clone(),
        held_on,
        place: new.place.clone(),
        quorum_numerator,
        quorum_denominator,
        offices_by: Some(ChosenBy::Election),
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
    let members = plan.rows.memberships.iter();
    let members = members.filter(|row| row.cluster_id == cluster_id && Span::from(*row).holds_on(held_on));
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
    let attendance: Vec<conference_attendance::Model> = members
        .map(|row| conference_attendance::Model {
            conference_id: id,
            voter_id: row.unit_id,
            presence: presence(row.unit_id),
            attended_by: None,
        })
        .collect();
    plan.rows.attendance.extend(attendance.iter().cloned());
    Ok(attendance)
}

/// Plans a ballot with its options, its roll and its votes.
fn put(
    plan: &mut Plan,
    of: &NewConference,
    new: &NewBallot,
    (attendance, at): (&[conference_attendance::Model], DateTime<Utc>),
) -> Result<()> {
    let id = plan.id_at(at);
    let conference_id = attendance.first().map(|row| row.conference_id);
    let conference_id = conference_id.ok_or_else(|| broken("a conference without members"))?;
    let nominees = plan.units(&new.nominees)?;
    let nominees = nominees.into_iter().map(|unit| (Some(unit.id), unit.name));
    let motions = new.motions.iter().map(|text| (None, text.clone()));
    let texts: Vec<(Option<Uuid>, String)> = nominees.chain(motions).collect();
    let mut options = Vec::with_capacity(texts.len());
    for (position, (unit_id, text)) in (1..).zip(texts) {
        let option = ballot_option::Model {
            id: plan.id_at(at),
            ballot_id: id,
            position,
            unit_id,
            proposal_id: None,
            text,
        };
        options.push(option.id);
        plan.rows.ballot_options.push(option);
    }
    let opened = !matches!(new.end, End::Drafted | End::Recorded(_));
    let roll_hash = if opened {
        Some(vote(plan, new, (id, attendance), at)?)
    } else {
        None
    };
    let (quorum_numerator, quorum_denominator) = Fraction::TWO_THIRDS.to_store();
    let (threshold_numerator, threshold_denominator) = MAJORITY.part.to_store();
    let row = ballot::Model {
        id,
        conference_id,
        round_of: None,
        round: 1,
        title: new.title.clone(),
        kind: new.kind,
        purpose: new.purpose,
        secret: new.secret,
        seats: i32::try_from(new.seats.unwrap_or(1)).map_err(Error::internal)?,
        denominator: Denominator::Present,
        threshold_numerator,
        threshold_denominator,
        threshold_exceeded: MAJORITY.exceeded,
        quorum_numerator,
        quorum_denominator,
        self_vote: true,
        written_until: None,
        legal_basis: None,
        state: if opened {
            BallotState::Open
        } else {
            BallotState::Drafted
        },
        roll_hash,
        public_key: None,
        sealed_key: None,
        votes_cast: None,
        votes_spoiled: None,
        outcome: None,
        recorded: None,
        void_reason: None,
        version: 1,
        created_at: at,
        updated_at: at,
    };
    plan.rows.ballots.push(row);
    let planned = PlannedBallot {
        id,
        end: new.end.clone(),
        options,
        by: plan.account(&of.by)?,
        council: plan.account(&of.council)?,
        at,
    };
    plan.ballots.push(planned);
    Ok(())
}

/// Plans the roll of a ballot and the votes of its members; gives the digest of the roll.
fn vote(
    plan: &mut Plan,
    new: &NewBallot,
    (id, attendance): (Uuid, &[conference_attendance::Model]),
    at: DateTime<Utc>,
) -> Result<String> {
    let entries: Vec<Entry> = attendance
        .iter()
        .map(|row| Entry::of(row.voter_id, row.presence, false, false))
        .collect();
    let rows = entries.iter().map(|entry| ballot_roll::Model {
        ballot_id: id,
        voter_id: entry.voter,
        presence: entry.presence,
        recused: entry.recused,
        may_vote: entry.may_vote,
        token_given: false,
        blinded_hash: None,
    });
    plan.rows.ballot_roll.extend(rows);
    let skip = new.skip.as_deref().map(|code| plan.unit(code)).transpose()?;
    let skip = skip.map(|unit| unit.id);
    let voters = entries
        .iter()
        .filter(|entry| entry.may_vote && Some(entry.voter) != skip);
    let choices = new.votes.iter().flat_map(|(times, choice)| repeat_n(choice, *times));
    for (entry, choice) in voters.zip(choices) {
        plan.rows.ballot_votes.push(ballot_vote::Model {
            ballot_id: id,
            voter_id: entry.voter,
            choice: serde_json::to_string(choice).map_err(Error::internal)?,
            cast_by: plan.officers.get(&entry.voter).copied(),
            cast_for: None,
            cast_at: at,
        });
    }
    Ok(roll::digest(id, &entries))
}

/// Counts the ballots that are closed, keeps what paper says of the others, and confirms.
pub async fn decide(tx: &impl ConnectionTrait, env: &Env, planned: &[PlannedBallot]) -> Result<()> {
    let by = |account| Actor::new(account, String::new(), Uuid::nil(), Vec::new());
    for one in planned {
        let then = env.showing(one.at);
        let row = ballot::Entity::find_by_id(one.id).one(tx).await?;
        let row = row.ok_or_else(|| broken("a ballot that was not written"))?;
        let counted = match &one.end {
            End::Drafted | End::Open => continue,
            End::Tallied | End::Confirmed => count(tx, &then, &by(one.by), &row).await?,
            End::Recorded(chosen) => {
                let recorded = Recorded {
                    what: RecordedAs::Outcome,
                    papers: None,
                    options: Vec::new(),
                    chosen: chosen
                        .iter()
                        .filter_map(|&place| one.options.get(place).copied())
                        .collect(),
                };
                keep(tx, &then, &by(one.by), &row, &recorded).await?
            }
        };
        if one.end != End::Tallied {
            settle(tx, &then, &by(one.council), &counted).await?;
        }
    }
    Ok(())
}
