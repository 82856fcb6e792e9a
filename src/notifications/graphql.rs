//! Notifications in the schema: what the caller is told, and marking it as read.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use thidua_entity::enums::NotificationKind;
use thidua_entity::notification;

use super::wording::{self, Told};
use super::{store, usecases};
use crate::db::PageArgs;
use crate::error::Error;
use crate::graphql::{self, UserError, actor, connection, env, id, language, loaded, loaders, outcome, wants_count};
use crate::ids::Kind;
use crate::reports::graphql::{ReportSubmission, SubmissionId};

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
        let told: Told = serde_json::from_str(&self.0.detail).map_err(Error::internal)?;
        let sentence = wording::sentence(self.0.kind, &told);
        Ok(sentence.in_language(language(ctx)).to_owned())
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
}
