//! What the queries and mutations of conferences take.

use async_graphql::{ID, InputObject};
use chrono::NaiveDate;
use thidua_entity::enums::{ChosenBy, ConferenceState, Presence};

use crate::conferences::quorum::Fraction;
use crate::conferences::store::ConferenceFilter;
use crate::conferences::usecases::{ConferenceChange, Holder, NewConference, RollEntry};
use crate::conferences::voters::Voter;
use crate::error::{Error, Result};
use crate::graphql::read_id;
use crate::ids::Kind;

/// Which conferences a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct ConferenceWhere {
    /// Only those of this cluster.
    cluster_id: Option<ID>,
    /// Only those of this council.
    council_id: Option<ID>,
    /// Only those about this emulation year.
    year_id: Option<ID>,
    /// Only those in this state.
    state: Option<ConferenceState>,
}

impl ConferenceWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<ConferenceFilter> {
        Ok(ConferenceFilter {
            cluster: read_id(Kind::Cluster, self.cluster_id.as_ref())?,
            council: read_id(Kind::Council, self.council_id.as_ref())?,
            year: read_id(Kind::EmulationYear, self.year_id.as_ref())?,
            state: self.state,
        })
    }
}

/// A part of a number, at most the whole: 2 of 3, 90 of 100.
#[derive(Clone, InputObject)]
pub struct FractionInput {
    /// How many parts, from 0.
    numerator: i32,
    /// Of how many, from 1 to 10000.
    denominator: i32,
}

impl FractionInput {
    /// The fraction, of a field.
    pub fn read(&self, field: &str) -> Result<Fraction> {
        Fraction::read(field, self.numerator, self.denominator)
    }
}

/// A conference to be planned.
#[derive(InputObject)]
pub struct PlanConferenceInput {
    /// The cluster that holds it. Either this or a council.
    cluster_id: Option<ID>,
    /// The council that meets.
    council_id: Option<ID>,
    /// The emulation year that it is about; one of the cluster.
    year_id: Option<ID>,
    /// What it is called.
    title: String,
    /// The day.
    held_on: NaiveDate,
    /// Where.
    place: String,
    /// What is dealt with, in its order; at most 50 items.
    #[graphql(default)]
    agenda: Vec<String>,
    /// Which part of the members must be present; two of three when left out.
    quorum: Option<FractionInput>,
    /// How chair and deputies of the cluster are found for the next year; by election when left out. Not for a council.
    offices_by: Option<ChosenBy>,
    /// A key of your own, at most 100 characters: asked again with it, it is planned once.
    idempotency_key: Option<String>,
}

impl PlanConferenceInput {
    fn holder(&self) -> Result<Holder> {
        match (&self.cluster_id, &self.council_id) {
            (Some(cluster), None) => Ok(Holder::Cluster(Kind::Cluster.parse(cluster)?)),
            (None, Some(council)) => Ok(Holder::Council(Kind::Council.parse(council)?)),
            _ => Err(Error::invalid(
                "HOLDER_AMBIGUOUS",
                "clusterId",
                "Nêu đúng một trong hai: cụm, hoặc hội đồng tổ chức cuộc họp.",
                "Name exactly one of the two that hold it: a cluster, or a council.",
            )),
        }
    }

    /// The conference as the use-case takes it.
    pub fn read(&self) -> Result<NewConference<'_>> {
        let quorum = self.quorum.as_ref().map(|quorum| quorum.read("quorum")).transpose()?;
        Ok(NewConference {
            holder: self.holder()?,
            year: read_id(Kind::EmulationYear, self.year_id.as_ref())?,
            title: &self.title,
            held_on: self.held_on,
            place: &self.place,
            agenda: &self.agenda,
            quorum: quorum.unwrap_or(Fraction::TWO_THIRDS),
            offices_by: self.offices_by,
            key: self.idempotency_key.as_deref(),
        })
    }
}

/// What changes of a conference that was not opened. What is left out stays.
#[derive(InputObject)]
pub struct ChangeConferenceInput {
    /// The conference.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// What it is called.
    title: Option<String>,
    /// The day.
    held_on: Option<NaiveDate>,
    /// Where.
    place: Option<String>,
    /// What is dealt with, in its order, in the place of what was planned before.
    agenda: Option<Vec<String>>,
    /// Which part of the members must be present.
    quorum: Option<FractionInput>,
    /// How chair and deputies of the cluster are found for the next year. Not for a council.
    offices_by: Option<ChosenBy>,
}

impl ChangeConferenceInput {
    /// The change as the use-case takes it.
    pub fn read(&self) -> Result<ConferenceChange> {
        Ok(ConferenceChange {
            title: self.title.clone(),
            held_on: self.held_on,
            place: self.place.clone(),
            agenda: self.agenda.clone(),
            quorum: self.quorum.as_ref().map(|quorum| quorum.read("quorum")).transpose()?,
            offices_by: self.offices_by,
        })
    }
}

/// A step with a conference.
#[derive(InputObject)]
pub struct ConferenceStepInput {
    /// The conference.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
}

/// Who votes, named as a unit or as a member of a council.
pub fn read_voter(field: &str, unit: Option<&ID>, member: Option<&ID>) -> Result<Voter> {
    let (unit, member) = (read_id(Kind::Unit, unit)?, read_id(Kind::CouncilMember, member)?);
    Voter::named(field, unit, member)
}

/// The roll of a conference.
#[derive(InputObject)]
pub struct CallRollInput {
    /// The conference.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// Who is there, each member once; at most 500.
    entries: Vec<RollEntryInput>,
}

/// Whether a member is there.
#[derive(InputObject)]
struct RollEntryInput {
    /// The unit, at the conference of a cluster. Either this or a member.
    unit_id: Option<ID>,
    /// The member, at the meeting of a council.
    member_id: Option<ID>,
    /// Whether it is there.
    presence: Presence,
    /// Who is there for the unit, as written.
    attended_by: Option<String>,
}

impl CallRollInput {
    /// The entries as the use-case takes them.
    pub fn read(&self) -> Result<Vec<RollEntry>> {
        let read = |(at, entry): (usize, &RollEntryInput)| {
            let field = format!("entries.{at}");
            Ok(RollEntry {
                voter: read_voter(&field, entry.unit_id.as_ref(), entry.member_id.as_ref())?,
                presence: entry.presence,
                attended_by: entry.attended_by.clone(),
            })
        };
        self.entries.iter().enumerate().map(read).collect()
    }
}

/// The minutes of a conference.
#[derive(InputObject)]
pub struct WriteConferenceMinutesInput {
    /// The conference.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// The minutes.
    pub text: String,
}
