//! Councils and their members as the schema shows them.

use async_graphql::{Context, ID, Object};
use chrono::NaiveDate;
use thidua_entity::enums::CouncilSeat;
use thidua_entity::{council, council_member};

use super::{CouncilPlace, MembersOf};
use crate::councils::usecases::days_of_member;
use crate::graphql::{ViewerCan, actor, connection, env, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Action;
use crate::units::graphql::{NameOf, Unit, UnitId};

/// For how many members a query is charged.
const MEMBERS_CHARGED: usize = 15;

/// A council of emulation and commendation (hội đồng thi đua - khen thưởng) of a unit.
#[derive(Clone)]
pub struct Council(pub council::Model);

impl From<council::Model> for Council {
    fn from(row: council::Model) -> Self {
        Self(row)
    }
}

/// A council of emulation and commendation (hội đồng thi đua - khen thưởng) of a unit.
#[Object]
impl Council {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Council, self.0.id)
    }
    /// The unit to which it belongs; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.unit_id)).await)?.map(Unit))
    }
    /// Name in use of that unit.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)?.unwrap_or_default())
    }
    /// Name as written.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// The decision that set it up, as written; null when unknown.
    async fn decision(&self) -> Option<&str> {
        self.0.decision.as_deref()
    }
    /// First day.
    async fn valid_from(&self) -> NaiveDate {
        self.0.valid_from
    }
    /// First day on which it no longer exists; null while it does.
    async fn valid_to(&self) -> Option<NaiveDate> {
        self.0.valid_to
    }
    /// Who sits in it on a day: the chair first, then by seat; at most 100.
    #[graphql(complexity = "MEMBERS_CHARGED * child_complexity + 1")]
    async fn members(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The day; today when left out.")] as_of: Option<NaiveDate>,
    ) -> async_graphql::Result<Vec<CouncilMember>> {
        let day = as_of.unwrap_or(env(ctx)?.today());
        let members = loaded(loaders(ctx)?.load_one(MembersOf(self.0.id)).await)?.unwrap_or_default();
        let on_day = members.iter().filter(|row| days_of_member(row).holds_on(day));
        Ok(on_day.cloned().map(CouncilMember).collect())
    }
    /// Counts changes, those of members too; give it back as `version` when you change the council.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// What the caller may do with it now and, for what is refused, why: `COUNCIL_MANAGE`, and `CONFERENCE_MANAGE` for its meetings.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let place = loaded(loaders(ctx)?.load_one(CouncilPlace(self.0.id)).await)?.unwrap_or_default();
        Ok(ViewerCan::at(
            ctx,
            &place,
            &[Action::CouncilManage, Action::ConferenceManage],
        )?)
    }
}

/// Somebody sits in a council, from when to when.
#[derive(Clone)]
pub struct CouncilMember(pub council_member::Model);

/// Somebody sits in a council, from when to when.
#[Object]
impl CouncilMember {
    /// Opaque id, for rolls and votes; `endCouncilMember` takes it too.
    async fn id(&self) -> ID {
        id(Kind::CouncilMember, self.0.id)
    }
    /// Name as written.
    async fn name(&self) -> &str {
        &self.0.name
    }
    /// In which seat.
    async fn seat(&self) -> CouncilSeat {
        self.0.seat
    }
    /// Whether an account is this member and can vote here; otherwise the vote is cast on paper.
    async fn has_account(&self) -> bool {
        self.0.account_id.is_some()
    }
    /// Whether the caller is this member.
    async fn is_viewer(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(self.0.account_id.is_some() && self.0.account_id == actor(ctx)?.recorded_as())
    }
    /// First day.
    async fn valid_from(&self) -> NaiveDate {
        self.0.valid_from
    }
    /// First day on which they no longer sit; null while no end is known.
    async fn valid_to(&self) -> Option<NaiveDate> {
        self.0.valid_to
    }
    /// Counts changes; give it back as `version` when you end it.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

connection!(CouncilConnection, CouncilEdge, Council, "councils");
payload!(CouncilPayload, council: Council, "a council or its members");
