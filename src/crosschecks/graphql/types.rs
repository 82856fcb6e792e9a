//! Cross-checks, findings and recusals as the schema shows them.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{CrossCheckState, Reply};
use thidua_entity::{cross_check, cross_check_finding, cross_check_recusal};
use uuid::Uuid;

use super::draws::CrossCheckDraw;
use super::loaders::{FindingsOf, FinishedIn};
use super::{CrossCheckDrawId, CrossCheckId};
use crate::accounts::graphql::account_name;
use crate::crosschecks::state::Step;
use crate::crosschecks::store;
use crate::crosschecks::usecases::{self, Places};
use crate::error::Error;
use crate::graphql::{ViewerCan, actor, connection, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Place;
use crate::units::graphql::{NameOf, PlaceOf, Unit, UnitId};
use crate::years::graphql::{EmulationYear, EmulationYearId, ParticipantsOf, YearPlace};

/// For how many findings of a cross-check a query is charged.
const FINDINGS_CHARGED: usize = 10;

/// A unit checks another in an emulation year (kiểm tra chéo).
#[derive(Clone)]
pub struct CrossCheck(pub cross_check::Model);

impl From<cross_check::Model> for CrossCheck {
    fn from(row: cross_check::Model) -> Self {
        Self(row)
    }
}

/// A unit checks another in an emulation year (kiểm tra chéo).
#[Object]
impl CrossCheck {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::CrossCheck, self.0.id)
    }
    /// The emulation year.
    async fn year(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<EmulationYear>> {
        Ok(loaded(loaders(ctx)?.load_one(EmulationYearId(self.0.year_id)).await)?.map(EmulationYear))
    }
    /// The unit that checks; null when it is beyond what the caller sees.
    async fn checker(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.checker_id)).await)?.map(Unit))
    }
    /// Name in use of the unit that checks; the whole cluster knows it.
    async fn checker_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name(ctx, self.0.checker_id).await
    }
    /// The unit that is checked; null when it is beyond what the caller sees.
    async fn checked(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.checked_id)).await)?.map(Unit))
    }
    /// Name in use of the unit that is checked; the whole cluster knows it.
    async fn checked_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name(ctx, self.0.checked_id).await
    }
    /// The draw that paired them; null when they were assigned by hand.
    async fn draw(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CrossCheckDraw>> {
        let Some(draw) = self.0.draw_id else { return Ok(None) };
        Ok(loaded(loaders(ctx)?.load_one(CrossCheckDrawId(draw)).await)?.map(CrossCheckDraw))
    }
    /// Why it was assigned by hand; null when it was drawn.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    /// Where it is in its life.
    async fn state(&self) -> CrossCheckState {
        self.0.state
    }
    /// What was found, the oldest first; at most 100. Empty for who does not see it: the checked unit before the findings are sent, other
    /// members of the cluster before the year is published.
    #[graphql(complexity = "FINDINGS_CHARGED * child_complexity + 1")]
    async fn findings(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<CrossCheckFinding>> {
        let findings = loaded(loaders(ctx)?.load_one(FindingsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(findings.iter().cloned().map(CrossCheckFinding).collect())
    }
    /// The day of the visit; null before the minutes are written, and for who does not see them.
    async fn held_on(&self) -> Option<NaiveDate> {
        self.0.held_on
    }
    /// Where the visit was; null as `heldOn` is.
    async fn place(&self) -> Option<&str> {
        self.0.place.as_deref()
    }
    /// Who was there; null as `heldOn` is.
    async fn attendance(&self) -> Option<&str> {
        self.0.attendance.as_deref()
    }
    /// The minutes (biên bản); null as `heldOn` is.
    async fn minutes(&self) -> Option<&str> {
        self.0.minutes.as_deref()
    }
    /// Why it was last taken a step back; null when it never was, and for who does not see what was found.
    async fn return_reason(&self) -> Option<&str> {
        self.0.return_reason.as_deref()
    }
    /// When it was assigned.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// Why it went on without the replies of the checked unit; null when it did not, and for who does not see what was found.
    async fn waived_reason(&self) -> Option<&str> {
        self.0.waived_reason.as_deref()
    }
    /// When it or one of its findings last changed; null as `version` is.
    async fn updated_at(&self) -> Option<DateTime<Utc>> {
        store::shown_version(self.0.version).map(|_| self.0.updated_at)
    }
    /// Counts changes, those of its findings included; give it back as `version` when you take a step with it. Null for who has no step to
    /// take: for the checked unit while the checker drafts findings, for the checker while the unit drafts replies, for other members of the
    /// cluster until the year is published.
    async fn version(&self) -> Option<i32> {
        store::shown_version(self.0.version)
    }
    /// What the caller may do with it now and, for what is refused, why: `WRITE_FINDING`, `SEND_FINDINGS`, `REPLY`, `SEND_REPLIES`,
    /// `WRITE_MINUTES`, `WAIVE_REPLIES`, `RETURN`, `WITHDRAW`. That each finding has a reply before replies are sent is seen from the
    /// findings.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let (actor, loaders) = (actor(ctx)?, loaders(ctx)?);
        let check = &self.0;
        // All at once, so that those of a list come in the same batches.
        let (year, participants, finished, around, mut units) = loaded(tokio::try_join!(
            loaders.load_one(EmulationYearId(check.year_id)),
            loaders.load_one(ParticipantsOf(check.year_id)),
            loaders.load_one(FinishedIn(check.year_id)),
            loaders.load_one(YearPlace(check.year_id)),
            loaders.load_many([PlaceOf(check.checker_id), PlaceOf(check.checked_id)]),
        ))?;
        let (year, participants) = (year.ok_or(Error::NotFound)?, participants.unwrap_or_default());
        let moment = usecases::moment(year.phase, &participants, &finished.unwrap_or_default(), check);
        let around = around.unwrap_or_default();
        let mut of = |unit: Uuid| Place {
            clusters: around.clusters.clone(),
            ..units.remove(&PlaceOf(unit)).unwrap_or_default()
        };
        let places = Places {
            checker: of(check.checker_id),
            checked: of(check.checked_id),
            cluster: around.clone(),
        };
        let can = |step: Step| ViewerCan::step(ctx, step.code(), usecases::may(actor, &places, check, moment, step));
        Ok(Step::ALL.into_iter().map(can).collect())
    }
}

/// What a checker found, and what the checked unit replied.
#[derive(Clone)]
pub struct CrossCheckFinding(pub cross_check_finding::Model);

impl From<cross_check_finding::Model> for CrossCheckFinding {
    fn from(row: cross_check_finding::Model) -> Self {
        Self(row)
    }
}

/// What a checker found, and what the checked unit replied.
#[Object]
impl CrossCheckFinding {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Finding, self.0.id)
    }
    /// The cross-check.
    async fn cross_check(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CrossCheck>> {
        Ok(loaded(loaders(ctx)?.load_one(CrossCheckId(self.0.cross_check_id)).await)?.map(CrossCheck))
    }
    /// Code of the section or criterion; null when it is about the unit as a whole.
    async fn criterion(&self) -> Option<&str> {
        self.0.criterion.as_deref()
    }
    /// What was found.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// What was looked at.
    async fn evidence_seen(&self) -> Option<&str> {
        self.0.evidence_seen.as_deref()
    }
    /// Name of who wrote it; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.written_by).await
    }
    /// Name of on whose behalf it was written; null when it was in one's own name.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.written_for).await
    }
    /// When it was written.
    async fn at(&self) -> DateTime<Utc> {
        self.0.written_at
    }
    /// Whether the unit agrees; null before it replied, and for who does not see replies that were not sent.
    async fn reply(&self) -> Option<Reply> {
        self.0.accepted
    }
    /// What the unit says to it; null as `reply` is.
    async fn reply_text(&self) -> Option<&str> {
        self.0.reply.as_deref()
    }
    /// Name of who replied.
    async fn replied_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.replied_by).await
    }
    /// Name of on whose behalf it was replied; null when it was in one's own name.
    async fn replied_on_behalf_of(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.replied_for).await
    }
    /// When the unit replied.
    async fn replied_at(&self) -> Option<DateTime<Utc>> {
        self.0.replied_at
    }
    /// Counts changes; give it back as `version` when you change it or reply. Null while the unit drafts its replies, for everybody else.
    async fn version(&self) -> Option<i32> {
        store::shown_version(self.0.version)
    }
}

/// A unit does not check another in a year, and why.
#[derive(Clone)]
pub struct CrossCheckRecusal(pub cross_check_recusal::Model);

impl From<cross_check_recusal::Model> for CrossCheckRecusal {
    fn from(row: cross_check_recusal::Model) -> Self {
        Self(row)
    }
}

/// A unit does not check another in a year, and why.
#[Object]
impl CrossCheckRecusal {
    /// Opaque id, for `withdrawRecusal`.
    async fn id(&self) -> ID {
        id(Kind::CrossCheckRecusal, self.0.id)
    }
    /// Name in use of the unit that does not check.
    async fn checker_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name(ctx, self.0.checker_id).await
    }
    /// Name in use of the unit that it does not check.
    async fn checked_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name(ctx, self.0.checked_id).await
    }
    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
    /// Name of who recorded it; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.recorded_by).await
    }
    /// Name of on whose behalf it was recorded; null when it was in one's own name.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.recorded_for).await
    }
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.recorded_at
    }
}

/// Name in use of a unit of the cluster, which everybody in it knows.
pub async fn name(ctx: &Context<'_>, unit: Uuid) -> async_graphql::Result<String> {
    Ok(loaded(loaders(ctx)?.load_one(NameOf(unit)).await)?.unwrap_or_default())
}

connection!(CrossCheckConnection, CrossCheckEdge, CrossCheck, "cross-checks");
payload!(CrossCheckPayload, cross_check: CrossCheck, "a cross-check");
payload!(CrossCheckFindingPayload, finding: CrossCheckFinding, "a finding");
payload!(CrossCheckRecusalPayload, recusal: CrossCheckRecusal, "a recusal");
