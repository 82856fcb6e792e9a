//! Notifications on REST: the list, and marking as read, by the same use-cases that GraphQL calls.

use actix_web::web::{Data, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, post, put};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{DigestRhythm, NotificationKind};
use thidua_entity::notification;
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::{store, usecases, wording};
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Language, Result};
use crate::http::json::SignedJson;
use crate::http::{self, PageJson, Problem};
use crate::ids::Kind;

/// What REST tells of notifications.
#[derive(OpenApi)]
#[openapi(
    paths(list_notifications, mark_notifications_read, digest_rhythm, choose_digest_rhythm),
    components(schemas(NotificationJson, MarkReadJson, UnreadJson, RhythmJson))
)]
pub struct Docs;

/// Routes of notifications, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_notifications)
        .service(mark_notifications_read)
        .service(digest_rhythm)
        .service(choose_digest_rhythm);
}

/// What the caller is told of one thing.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NotificationJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// What it is about.
    kind: NotificationKind,
    /// When it last happened.
    at: DateTime<Utc>,
    /// How often it has happened since it was last read; 1 or more.
    count: i32,
    /// When the caller marked it as read; null while it is new.
    read_at: Option<DateTime<Utc>>,
    /// The sentence to show, in the caller's language, with names as they were then.
    text: String,
    /// Id of the thing that it is about; null for a reminder, which is about a report that may not be there yet.
    subject_id: Option<String>,
    /// Id of the unit whose report, score sheet, objection, cross-check or award it is about.
    unit_id: Option<String>,
    /// Id of the emulation year that it is about.
    emulation_year_id: Option<String>,
    /// Id of the form of that report.
    form_id: Option<String>,
    /// Id of the period of that report.
    period_id: Option<String>,
    /// Last day on which the report of a reminder is or was in time, on which one votes in writing in a ballot, or on which one may object to
    /// an outcome.
    until: Option<NaiveDate>,
}

impl NotificationJson {
    fn of(row: notification::Model, language: Language) -> Result<Self> {
        let told = wording::told(&row)?;
        Ok(Self {
            id: Kind::Notification.id(row.id),
            kind: row.kind,
            at: row.at,
            count: row.count,
            read_at: row.read_at,
            text: wording::of(&row)?.in_language(language).to_owned(),
            subject_id: Kind::named(&row.subject_kind).map(|kind| kind.id(row.subject_id)),
            unit_id: told.unit().map(|unit| Kind::Unit.id(unit)),
            emulation_year_id: told.of_year.as_ref().map(|year| Kind::EmulationYear.id(year.id)),
            form_id: told.about.map(|about| Kind::ReportForm.id(about.form)),
            period_id: told.about.map(|about| Kind::Period.id(about.period)),
            until: told.until,
        })
    }
}

/// Which notifications a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NotificationParams {
    /// Only what is new, or only what was read.
    unread: Option<bool>,
    /// Only these kinds, separated by commas.
    kinds: Option<String>,
    /// How many from the start or after `after`; 20 when left out, at most 100.
    first: Option<i32>,
    /// Only what comes after this cursor.
    after: Option<String>,
    /// How many from the end or before `before`; at most 100.
    last: Option<i32>,
    /// Only what comes before this cursor.
    before: Option<String>,
    /// Also count the whole list: with `unread=true` and `first=0` the number beside the bell.
    #[serde(default)]
    count: bool,
}

/// What the caller is told, the newest first.
#[utoipa::path(get, path = "/api/v1/notifications", tag = "notifications", params(NotificationParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<NotificationJson>)))]
#[get("/notifications")]
async fn list_notifications(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<NotificationParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let params = params.into_inner();
        let filter = store::NotificationFilter {
            unread: params.unread,
            kinds: http::codes("kinds", params.kinds.as_deref())?,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let (page, total) = store::list(&env.db, actor.account_id, &filter, &args, params.count).await?;
        let language = http::language(request.headers());
        let page = page.try_map(|row| NotificationJson::of(row, language))?;
        Ok(http::shown(&PageJson::<NotificationJson>::of((page, total))))
    })
    .await
}

/// Which notifications are to be marked as read: `ids` or `upTo`, one of them.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct MarkReadJson {
    /// These, at most 100.
    ids: Option<Vec<String>>,
    /// All that happened up to this instant: what came meanwhile stays new.
    up_to: Option<DateTime<Utc>>,
}

/// How much is still new.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct UnreadJson {
    /// How many notifications are still new.
    unread_count: u64,
}

/// Marks notifications of the caller as read. Those of others are passed over. Done again it changes nothing.
#[utoipa::path(post, path = "/api/v1/notifications/read", tag = "notifications", security(("bearer" = [])), request_body = MarkReadJson,
    responses((status = 200, description = "Marked", body = UnreadJson)))]
#[post("/notifications/read")]
async fn mark_notifications_read(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<MarkReadJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let which = usecases::which(body.ids.as_deref(), body.up_to)?;
        let unread_count = usecases::mark_read(&env, &actor, &which).await?;
        Ok(HttpResponse::Ok().json(UnreadJson { unread_count }))
    })
    .await
}

/// How often the caller gets a letter with what is new.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RhythmJson {
    /// How often. Letters go to an e-mail address that is verified, and only where the service has a mail server.
    rhythm: DigestRhythm,
}

/// How often the caller gets a letter with what is new; daily unless another rhythm was chosen.
#[utoipa::path(get, path = "/api/v1/notifications/digest", tag = "notifications", security(("bearer" = [])),
    responses((status = 200, description = "As it is", body = RhythmJson)))]
#[get("/notifications/digest")]
async fn digest_rhythm(env: Data<Env>, request: HttpRequest) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let rhythm = usecases::rhythm(&env, &actor).await?;
        Ok(http::shown(&RhythmJson { rhythm }))
    })
    .await
}

/// Chooses how often the caller gets a letter with what is new. Done again it changes nothing.
#[utoipa::path(put, path = "/api/v1/notifications/digest", tag = "notifications", security(("bearer" = [])), request_body = RhythmJson,
    responses((status = 200, description = "Chosen", body = RhythmJson)))]
#[put("/notifications/digest")]
async fn choose_digest_rhythm(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<RhythmJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let rhythm = usecases::choose_rhythm(&env, &actor, body.rhythm).await?;
        Ok(HttpResponse::Ok().json(RhythmJson { rhythm }))
    })
    .await
}
