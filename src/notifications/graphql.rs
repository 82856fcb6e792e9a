//! Notifications in the schema: what the caller is told, and marking it as read.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{DigestRhythm, NotificationKind};
use thidua_entity::notification;

use super::{store, usecases, wording};
use crate::db::PageArgs;
use crate::forms::graphql::{FormId, Period, PeriodId, ReportForm};
use crate::graphql::{self, UserError, actor, connection, env, id, language, loaded, loaders, outcome, wants_count};
use crate::ids::Kind;
use crate::reports::graphql::{ReportSubmission, SubmissionId};
use crate::units::graphql::{Unit, UnitId};
use crate::years::graphql::{EmulationYear, EmulationYearId};

/// What the caller is told of one thing.
pub struct Notification(notification::Model);

impl From<notification::Model> for Notification {
    fn from(row: notification::Model) -> Self {
        Self(row)
    }
}

/// What the caller is told of one thing. The same of the same thing, before it was read, is counted and not listed twice.
#[Object]
impl Notification {
    /// Opaque id.
    async fn id(&self) -> ID {
        id(Kind::Notification, self.0.id)
    }
    /// What it is about.
    async fn kind(&self) -> NotificationKind {
        self.0.kind
    }
    /// When it last happened.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
    /// How often it has happened since it was last read; 1 or more.
    async fn count(&self) -> i32 {
        self.0.count
    }
    /// When the caller marked it as read; null while it is new.
    async fn read_at(&self) -> Option<DateTime<Utc>> {
        self.0.read_at
    }
    /// The sentence to show, in the caller's language, with names as they were then.
    async fn text(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(wording::of(&self.0)?.in_language(language(ctx)).to_owned())
    }
    /// Opaque id of the thing that it is about, for `node`: the report, the pact, the cross-check, the score sheet, the conference, the
    /// ballot, the proposal, the award; the kind of award of proposals that wait, the decision of awards that were given. Null for a
    /// reminder, which is about a report that may not be there yet. The thing may be gone, or out of the caller's sight: `NOT_FOUND` then.
    async fn subject_id(&self) -> Option<ID> {
        Kind::named(&self.0.subject_kind).map(|kind| id(kind, self.0.subject_id))
    }
    /// The emulation year that it is about; null when it is about something else, or the caller does not see the year any more.
    async fn emulation_year(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<EmulationYear>> {
        let Some(year) = wording::told(&self.0)?.of_year else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(EmulationYearId(year.id)).await)?.map(EmulationYear))
    }
    /// The unit whose report, score sheet, objection, cross-check or award it is about; null when it is about something else, or the caller
    /// does not see the unit any more.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        let Some(unit) = wording::told(&self.0)?.unit() else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(UnitId(unit)).await)?.map(Unit))
    }
    /// The form of the report that it is about.
    async fn form(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportForm>> {
        let Some(about) = wording::told(&self.0)?.about else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(FormId(about.form)).await)?.map(ReportForm))
    }
    /// The period of the report, or the reports, that it is about.
    async fn period(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Period>> {
        let Some(about) = wording::told(&self.0)?.about else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(PeriodId(about.period)).await)?.map(Period))
    }
    /// Last day on which the report of a reminder is or was in time, on which one votes in writing in a ballot, or on which one may object to
    /// an outcome; null where there is none.
    async fn until(&self) -> async_graphql::Result<Option<NaiveDate>> {
        Ok(wording::told(&self.0)?.until)
    }
    /// The report that it is about; null when it is about something else, or the caller does not see the report any more.
    async fn report(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportSubmission>> {
        if self.0.subject_kind != Kind::ReportSubmission.type_name() {
            return Ok(None);
        }
        let report = loaded(loaders(ctx)?.load_one(SubmissionId(self.0.subject_id)).await)?;
        Ok(report.map(ReportSubmission))
    }
}

connection!(NotificationConnection, NotificationEdge, Notification, "notifications");

/// Which notifications a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct NotificationWhere {
    /// Only what is new, or only what was read.
    unread: Option<bool>,
    /// Only these kinds.
    kinds: Option<Vec<NotificationKind>>,
}

/// Reads of notifications.
#[derive(Default)]
pub struct NotificationQuery;

#[Object]
impl NotificationQuery {
    /// What the caller is told, the newest first.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn notifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which notifications.")] r#where: Option<NotificationWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<NotificationConnection>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let filter = r#where.unwrap_or_default();
        let filter = store::NotificationFilter {
            unread: filter.unread,
            kinds: filter.kinds,
        };
        let args = PageArgs::new(first, after, last, before);
        let page = store::list(&env.db, actor.account_id, &filter, &args, wants_count(ctx)).await?;
        Ok(Some(NotificationConnection::of(page)))
    }

    /// How many notifications are new for the caller: the number beside the bell.
    async fn unread_notification_count(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<u64>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        Ok(Some(store::unread(&env.db, actor.account_id).await?))
    }

    /// How often the caller gets a letter with what is new; daily unless another rhythm was chosen. Letters go to an e-mail address
    /// that is verified (`viewer { account { emailVerified } }`), and only where the service has a mail server.
    async fn digest_rhythm(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<DigestRhythm>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        Ok(Some(usecases::rhythm(env, actor).await?))
    }
}

/// Which notifications are to be marked as read: `ids` or `upTo`, one of them.
#[derive(InputObject)]
pub struct MarkNotificationsReadInput {
    /// These, at most 100.
    ids: Option<Vec<ID>>,
    /// All that happened up to this instant, `at` of the newest one shown, say: what came meanwhile stays new.
    up_to: Option<DateTime<Utc>>,
}

/// What came of marking notifications as read.
#[derive(SimpleObject)]
pub struct MarkNotificationsReadPayload {
    /// How many are still new; null when `userErrors` says what to mend.
    unread_count: Option<u64>,
    /// What a form can mend; empty when the change was made.
    user_errors: Vec<UserError>,
}

/// How often the caller wants a letter.
#[derive(InputObject)]
pub struct ChooseDigestRhythmInput {
    /// How often.
    rhythm: DigestRhythm,
}

/// What came of choosing how often one gets a letter.
#[derive(SimpleObject)]
pub struct ChooseDigestRhythmPayload {
    /// How often it will be; null when `userErrors` says what to mend.
    rhythm: Option<DigestRhythm>,
    /// What a form can mend; empty when the change was made.
    user_errors: Vec<UserError>,
}

/// Writes of notifications.
#[derive(Default)]
pub struct NotificationMutation;

#[Object]
impl NotificationMutation {
    /// Marks notifications of the caller as read. Those of others are passed over. Done again it changes nothing.
    async fn mark_notifications_read(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: MarkNotificationsReadInput,
    ) -> async_graphql::Result<Option<MarkNotificationsReadPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let left = match usecases::which(input.ids.as_deref(), input.up_to) {
            Ok(which) => usecases::mark_read(env, actor, &which).await,
            Err(error) => Err(error),
        };
        let (unread_count, user_errors) = outcome(left)?;
        Ok(Some(MarkNotificationsReadPayload {
            unread_count,
            user_errors,
        }))
    }

    /// Chooses how often the caller gets a letter with what is new. Done again it changes nothing.
    async fn choose_digest_rhythm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How often.")] input: ChooseDigestRhythmInput,
    ) -> async_graphql::Result<Option<ChooseDigestRhythmPayload>> {
        let chosen = usecases::choose_rhythm(env(ctx)?, actor(ctx)?, input.rhythm).await;
        let (rhythm, user_errors) = outcome(chosen)?;
        Ok(Some(ChooseDigestRhythmPayload { rhythm, user_errors }))
    }
}
