//! Entries, steps and objections of score sheets as the schema shows them.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use thidua_entity::enums::{ObjectionOutcome, ScoreKind, ScoreSubject, SheetState};
use thidua_entity::{objection, score_entry, score_step};

use super::loaders::{ScoreSheetId, SeenClosely, StandingOf};
use super::types::ScoreSheet;
use crate::accounts::graphql::account_name;
use crate::criteria::graphql::ScoreLayer;
use crate::graphql::{ViewerCan, actor, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Action;
use crate::reckoning::Given;
use crate::reports::graphql::figures::Decimal;
use crate::scoring::{facts, usecases};
use crate::units::graphql::NameOf;

/// What one layer wrote about one criterion or declaration of a score sheet.
pub struct ScoreEntry(pub score_entry::Model);

impl From<score_entry::Model> for ScoreEntry {
    fn from(row: score_entry::Model) -> Self {
        Self(row)
    }
}

/// How many events of one kind there were.
#[derive(SimpleObject)]
pub struct CountedEvents {
    /// Code of the kind of event.
    code: String,
    /// How many.
    count: i32,
}

/// What one layer wrote about one criterion or declaration of a score sheet. It is never changed: what takes its place is another edition.
#[Object]
impl ScoreEntry {
    /// Opaque id.
    async fn id(&self) -> ID {
        id(Kind::ScoreEntry, self.0.id)
    }
    /// Which layer wrote it.
    async fn layer(&self) -> ScoreLayer {
        facts::layer(self.0.layer).into()
    }
    /// What it is about.
    async fn subject(&self) -> ScoreSubject {
        self.0.subject
    }
    /// Code of the criterion or declaration.
    async fn code(&self) -> &str {
        &self.0.code
    }
    /// 1, and one more for each that took its place. Name it when you write the next.
    async fn edition(&self) -> i32 {
        self.0.edition
    }
    /// Whether it stands; not when another took its place or it was taken back.
    async fn standing(&self) -> bool {
        self.0.standing
    }
    /// What it says: points, a verdict, a count, or events.
    async fn kind(&self) -> ScoreKind {
        self.0.kind
    }
    /// The points as they were given; null for another kind. What points a verdict, count or events make says `criteria` of the sheet.
    async fn points(&self) -> Option<Decimal> {
        self.0.points.map(Decimal)
    }
    /// Passed or failed, so or not so; null for another kind.
    async fn verdict(&self) -> Option<bool> {
        (self.0.kind == ScoreKind::Verdict).then_some(self.0.verdict)
    }
    /// The count; null for another kind.
    async fn count(&self) -> Option<i32> {
        self.0.count
    }
    /// How many events of each kind, at most 50; null for another kind.
    async fn events(&self) -> async_graphql::Result<Option<Vec<CountedEvents>>> {
        Ok(match facts::given(&self.0)? {
            Given::Events { counts } => Some(
                counts
                    .into_iter()
                    .map(|(code, count)| CountedEvents {
                        code,
                        count: i32::try_from(count).unwrap_or(i32::MAX),
                    })
                    .collect(),
            ),
            _ => None,
        })
    }
    /// Why: what the unit says of more points than its reports give, why a higher layer says otherwise. The unit reads it.
    async fn reason(&self) -> Option<&str> {
        self.0.reason.as_deref()
    }
    /// Name of the unit for which it was written: the unit itself, its checker, the unit that leads the cluster; null for organiser and council.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let Some(unit) = self.0.unit_id else { return Ok(None) };
        loaded(loaders(ctx)?.load_one(NameOf(unit)).await)
    }
    /// Name of who wrote it.
    async fn written_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.written_by).await
    }
    /// Name of the one on whose behalf it was written, when only a role that they had delegated permitted it; else null.
    async fn written_for(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.written_for).await
    }
    /// When it was written.
    async fn written_at(&self) -> DateTime<Utc> {
        self.0.written_at
    }
}

/// A step in the life of a score sheet.
pub struct ScoreStep(pub score_step::Model);

/// A step in the life of a score sheet: who did what, when and why.
#[Object]
impl ScoreStep {
    /// The state to which the sheet came.
    async fn state(&self) -> SheetState {
        self.0.state
    }
    /// Why, when it was sent back; else null. Null too for who sees the sheet only because it is published.
    async fn reason(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<&str>> {
        let closely = loaded(loaders(ctx)?.load_one(SeenClosely(self.0.sheet_id)).await)?;
        Ok(closely.and(self.0.reason.as_deref()))
    }
    /// Name of who took it.
    async fn taken_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.taken_by).await
    }
    /// Name of the one on whose behalf it was taken, when only a role that they had delegated permitted it; else null.
    async fn taken_for(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.taken_for).await
    }
    /// When it was taken.
    async fn taken_at(&self) -> DateTime<Utc> {
        self.0.taken_at
    }
}

/// What a unit holds against the appraisal of its score sheet, and the answer.
#[derive(Clone)]
pub struct Objection(pub objection::Model);

impl From<objection::Model> for Objection {
    fn from(row: objection::Model) -> Self {
        Self(row)
    }
}

/// What a unit holds against the appraisal of its score sheet (khiếu nại), and the answer.
#[Object]
impl Objection {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Objection, self.0.id)
    }
    /// The sheet.
    async fn sheet(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ScoreSheet>> {
        Ok(loaded(loaders(ctx)?.load_one(ScoreSheetId(self.0.sheet_id)).await)?.map(ScoreSheet))
    }
    /// Code of the criterion; null when it is against the sheet as a whole.
    async fn criterion(&self) -> Option<&str> {
        self.0.criterion.as_deref()
    }
    /// What the unit says.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// Name of who raised it.
    async fn raised_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.raised_by).await
    }
    /// When it was raised.
    async fn raised_at(&self) -> DateTime<Utc> {
        self.0.raised_at
    }
    /// What came of it; null while it is open.
    async fn outcome(&self) -> Option<ObjectionOutcome> {
        self.0.outcome
    }
    /// The answer; null while it is open.
    async fn answer(&self) -> Option<&str> {
        self.0.answer.as_deref()
    }
    /// Name of who answered it.
    async fn answered_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.answered_by).await
    }
    /// When it was answered; null while it is open.
    async fn answered_at(&self) -> Option<DateTime<Utc>> {
        self.0.answered_at
    }
    /// Counts changes; name it when you answer.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// Whether the caller may answer it and, if not, why.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let Some(sight) = loaded(loaders(ctx)?.load_one(StandingOf(self.0.sheet_id)).await)? else {
            return Ok(Vec::new());
        };
        let may = usecases::may_answer(actor(ctx)?, &sight.standing).and_then(|_| usecases::still_open(self.0.outcome));
        Ok(vec![ViewerCan::of(ctx, Action::ObjectionAnswer, may)])
    }
}

payload!(ObjectionPayload, objection: Objection, "an objection");
