//! Conferences as the schema shows them.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{ChosenBy, ConferenceState, Presence};
use thidua_entity::{conference, conference_attendance};

use super::loaders::{AttendanceOf, ConferencePlace, ItemsOf};
use crate::clusters::graphql::{Cluster, ClusterId, ClusterName};
use crate::conferences::quorum::Fraction;
use crate::conferences::state::{self, Step};
use crate::conferences::usecases;
use crate::councils::graphql::{Council, CouncilId, CouncilMember, CouncilMemberId};
use crate::graphql::{ViewerCan, connection, id, language, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Action;
use crate::units::graphql::{NameOf, Unit, UnitId};
use crate::years::graphql::{EmulationYear, EmulationYearId};

/// For how many members a query of the roll is charged.
const MEMBERS_CHARGED: usize = 15;

/// A conference (hội nghị): the members of a cluster close a year, vote and elect, or those of a council meet.
#[derive(Clone)]
pub struct Conference(pub conference::Model);

impl From<conference::Model> for Conference {
    fn from(row: conference::Model) -> Self {
        Self(row)
    }
}

/// A conference (hội nghị): the members of a cluster close a year, vote and elect, or those of a council meet.
#[Object]
impl Conference {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Conference, self.0.id)
    }
    /// The cluster; null of a council, and when it is beyond what the caller sees.
    async fn cluster(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Cluster>> {
        let Some(cluster) = self.0.cluster_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(ClusterId(cluster)).await)?.map(Cluster))
    }
    /// Name of the cluster; null of a council.
    async fn cluster_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let Some(cluster) = self.0.cluster_id else {
            return Ok(None);
        };
        loaded(loaders(ctx)?.load_one(ClusterName(cluster)).await)
    }
    /// The council that meets; null of a cluster.
    async fn council(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Council>> {
        let Some(council) = self.0.council_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(CouncilId(council)).await)?.map(Council))
    }
    /// The emulation year that it is about; null when it is about none, and when that is beyond what the caller sees.
    async fn year(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<EmulationYear>> {
        let Some(year) = self.0.year_id else { return Ok(None) };
        Ok(loaded(loaders(ctx)?.load_one(EmulationYearId(year)).await)?.map(EmulationYear))
    }
    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.title
    }
    /// The day.
    async fn held_on(&self) -> NaiveDate {
        self.0.held_on
    }
    /// Where.
    async fn place(&self) -> &str {
        &self.0.place
    }
    /// What is dealt with, in its order; at most 50 items.
    async fn agenda(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<String>> {
        let items = loaded(loaders(ctx)?.load_one(ItemsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(items.iter().map(|item| item.text.clone()).collect())
    }
    /// Which part of the members must be present.
    async fn quorum(&self) -> FractionShown {
        usecases::quorum_of(&self.0).into()
    }
    /// How chair and deputies of the cluster are found for the next year; null of a council.
    async fn offices_by(&self) -> Option<ChosenBy> {
        self.0.offices_by
    }
    /// Where it is in its life.
    async fn state(&self) -> ConferenceState {
        self.0.state
    }
    /// The members of the cluster or the council on the day, and whether each is there; empty before it is opened. At most 500.
    #[graphql(complexity = "MEMBERS_CHARGED * child_complexity + 1")]
    async fn attendance(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ConferenceAttendance>> {
        let rows = loaded(loaders(ctx)?.load_one(AttendanceOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rows.iter().cloned().map(ConferenceAttendance).collect())
    }
    /// Whether enough are there, with the sentence that says so; null before it is opened.
    async fn quorum_status(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<QuorumStatus>> {
        if self.0.state == ConferenceState::Planned {
            return Ok(None);
        }
        let rows = loaded(loaders(ctx)?.load_one(AttendanceOf(self.0.id)).await)?.unwrap_or_default();
        let (counted, quorum) = (usecases::counted(&rows), usecases::quorum_of(&self.0));
        let number = |number: u64| i32::try_from(number).unwrap_or(i32::MAX);
        Ok(Some(QuorumStatus {
            members: number(counted.members),
            present: number(counted.present),
            written: number(counted.written),
            reached: counted.has_quorum(quorum),
            sentence: counted.told(quorum).in_language(language(ctx)).to_owned(),
        }))
    }
    /// The minutes (biên bản); null before they are written.
    async fn minutes(&self) -> Option<&str> {
        self.0.minutes.as_deref()
    }
    /// Counts changes; give it back as `version` when you change it or take a step with it.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// When it was planned.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// When it last changed.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
    /// What the caller may do with it now and, for what is refused, why: `CHANGE`, `OPEN`, `CALL_ROLL`, `VOTE` (draft, open and close
    /// ballots), `WRITE_MINUTES`, `CLOSE`.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let place = loaded(loaders(ctx)?.load_one(ConferencePlace(self.0.id)).await)?.unwrap_or_default();
        let can = |step: Step| {
            let moment = state::next(self.0.state, step).map(drop);
            ViewerCan::when(ctx, step.code(), (Action::ConferenceManage, &place), moment)
        };
        Ok(Step::ALL
            .into_iter()
            .map(can)
            .collect::<crate::error::Result<Vec<_>>>()?)
    }
}

/// A part of a number.
#[derive(Clone, SimpleObject)]
#[graphql(name = "Fraction")]
pub struct FractionShown {
    /// How many parts.
    numerator: i32,
    /// Of how many.
    denominator: i32,
}

impl From<Fraction> for FractionShown {
    fn from(fraction: Fraction) -> Self {
        let (numerator, denominator) = fraction.to_store();
        Self { numerator, denominator }
    }
}

/// Whether enough members are there.
#[derive(Clone, SimpleObject)]
pub struct QuorumStatus {
    /// Members of the cluster or the council on the day.
    members: i32,
    /// Those who are present.
    present: i32,
    /// Those who are asked in writing.
    written: i32,
    /// Whether the conference may proceed.
    reached: bool,
    /// The same in a sentence, in the caller's language.
    sentence: String,
}

/// Whether a member is there at a conference.
#[derive(Clone)]
pub struct ConferenceAttendance(pub conference_attendance::Model);

/// Whether a member is there at a conference.
#[Object]
impl ConferenceAttendance {
    /// The unit; null when it is beyond what the caller sees, and at the meeting of a council.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.voter_id)).await)?.map(Unit))
    }
    /// Name in use of the unit, which the whole cluster knows; null at the meeting of a council.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        loaded(loaders(ctx)?.load_one(NameOf(self.0.voter_id)).await)
    }
    /// The member of the council; null at the conference of a cluster.
    async fn member(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CouncilMember>> {
        Ok(loaded(loaders(ctx)?.load_one(CouncilMemberId(self.0.voter_id)).await)?.map(CouncilMember))
    }
    /// Whether it is there.
    async fn presence(&self) -> Presence {
        self.0.presence
    }
    /// Who is there for it, as written; null when that was not said.
    async fn attended_by(&self) -> Option<&str> {
        self.0.attended_by.as_deref()
    }
}

connection!(ConferenceConnection, ConferenceEdge, Conference, "conferences");
payload!(ConferencePayload, conference: Conference, "a conference");
