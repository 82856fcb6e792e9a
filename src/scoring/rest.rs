//! Score sheets on REST: list, get, begin, write, hand in, object. By the same use-cases as GraphQL.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Query, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get, patch, post};
use serde::Deserialize;
use thidua_entity::enums::{ScoreLayer, ScoreSubject};
use thidua_entity::score_sheet;
use utoipa::{IntoParams, OpenApi, ToSchema};

use super::state::Step;
use super::store::{self, SheetFilter, View};
use super::usecases::{self, NewEntry, NewObjection, Said, Whose, Writing};
use crate::auth::Actor;
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::http::json::SignedJson;
use crate::http::{self, PageJson, Problem, tags};
use crate::ids::Kind;
use crate::reckoning::Layer;

mod shown;

use shown::{EntryJson, ObjectionJson, ObjectionsJson, SheetJson, WholeSheetJson};

/// What REST tells of score sheets.
#[derive(OpenApi)]
#[openapi(
    paths(
        list_score_sheets,
        begin_score_sheet,
        get_score_sheet,
        write_score_entries,
        submit_score_sheet,
        list_objections,
        raise_objection
    ),
    components(schemas(
        SheetJson,
        WholeSheetJson,
        EntryJson,
        ObjectionJson,
        ObjectionsJson,
        NewSheetJson,
        NewEntriesJson,
        NewEntryJson,
        NewObjectionJson
    ))
)]
pub struct Docs;

/// Routes of score sheets, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_score_sheets)
        .service(begin_score_sheet)
        .service(get_score_sheet)
        .service(write_score_entries)
        .service(submit_score_sheet)
        .service(list_objections)
        .service(raise_objection);
}

/// Which score sheets a list shows, and which page of it.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct SheetParams {
    /// Only those of this emulation year.
    year_id: Option<String>,
    /// Only those of this unit.
    unit_id: Option<String>,
    /// Only those in one of these states, separated by commas.
    states: Option<String>,
    /// How many from the start or after `after`; 20 when left out, at most 100.
    first: Option<i32>,
    /// Only what comes after this cursor.
    after: Option<String>,
    /// How many from the end or before `before`; at most 100.
    last: Option<i32>,
    /// Only what comes before this cursor.
    before: Option<String>,
    /// Also count the whole list.
    #[serde(default)]
    count: bool,
}

/// The score sheets that the caller sees, the newest first, without their entries.
#[utoipa::path(get, path = "/api/v1/score-sheets", tag = "scoring", params(SheetParams), security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = PageJson<SheetJson>)))]
#[get("/score-sheets")]
async fn list_score_sheets(
    env: Data<Env>,
    request: HttpRequest,
    params: Query<SheetParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let params = params.into_inner();
        let read = |kind: Kind, id: Option<&String>| id.map(|id| kind.parse(id)).transpose();
        let filter = SheetFilter {
            year: read(Kind::EmulationYear, params.year_id.as_ref())?,
            unit: read(Kind::Unit, params.unit_id.as_ref())?,
            states: http::codes("states", params.states.as_deref())?,
        };
        let args = PageArgs::new(params.first, params.after, params.last, params.before);
        let page = store::list(&env.db, &view, &filter, &args, params.count).await?;
        Ok(http::shown(&PageJson::<SheetJson>::of(page)))
    })
    .await
}

/// A score sheet to be begun.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSheetJson {
    /// The emulation year.
    year_id: String,
    /// The unit, for which the caller acts.
    unit_id: String,
}

/// Begins the score sheet of a unit in a year; the one that there is, is the answer again.
#[utoipa::path(post, path = "/api/v1/score-sheets", tag = "scoring", security(("bearer" = [])), request_body = NewSheetJson,
    responses((status = 201, description = "There it is", body = WholeSheetJson)))]
#[post("/score-sheets")]
async fn begin_score_sheet(
    env: Data<Env>,
    request: HttpRequest,
    SignedJson(actor, body): SignedJson<NewSheetJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let writing = Writing {
            whose: Whose::Unit {
                year: Kind::EmulationYear.parse(&body.year_id)?,
                unit: Kind::Unit.parse(&body.unit_id)?,
            },
            layer: ScoreLayer::Own,
            entries: &[],
            seen: None,
        };
        let sheet = usecases::write(&env, &actor, &writing).await?;
        Ok(http::own_answer(StatusCode::CREATED).json(whole(&env, &actor, sheet).await?))
    })
    .await
}

/// One score sheet with the entries that stand, of the layers that the caller sees.
#[utoipa::path(get, path = "/api/v1/score-sheets/{id}", tag = "scoring", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the sheet")),
    responses((status = 200, description = "As asked for", body = WholeSheetJson)))]
#[get("/score-sheets/{id}")]
async fn get_score_sheet(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let view = View::of(&actor, env.today());
        let sheet = store::find(&env.db, &view, Kind::ScoreSheet.parse(&id)?).await?;
        let version = sheet.version;
        let shown = whole(&env, &actor, sheet).await?;
        // What is seen changes with the phase of others too, so the tag is that of a change alone.
        Ok(tags::changed(version, &shown))
    })
    .await
}

/// How an entry is written.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewEntryJson {
    /// `CRITERION`, or `DECLARATION`; a criterion when left out.
    #[serde(default = "criterion")]
    subject: ScoreSubject,
    /// Code of the criterion or declaration.
    code: String,
    /// Points, as people type them: `9,25`. Of `points`, `verdict`, `count` and `events` at most one; none takes back what stands.
    points: Option<String>,
    /// Passed or failed; of a declaration whether it is so.
    verdict: Option<bool>,
    /// A count, not below 0.
    count: Option<i32>,
    /// How many events of each kind, by their codes.
    #[schema(value_type = Object)]
    events: Option<std::collections::BTreeMap<String, i32>>,
    /// Why.
    reason: Option<String>,
}

const fn criterion() -> ScoreSubject {
    ScoreSubject::Criterion
}

impl NewEntryJson {
    fn read(self) -> Result<NewEntry> {
        let mut said = [
            self.points.map(Said::Points),
            self.verdict.map(Said::Verdict),
            self.count.map(Said::Count),
            self.events.map(|events| Said::Events(events.into_iter().collect())),
        ]
        .into_iter()
        .flatten();
        let (first, second) = (said.next(), said.next());
        if second.is_some() {
            return Err(Error::bad_request(
                "Mỗi mục chỉ gửi một trong `points`, `verdict`, `count`, `events`.",
                "An entry has one of `points`, `verdict`, `count`, `events`.",
            ));
        }
        Ok(NewEntry {
            subject: self.subject,
            code: self.code,
            said: first,
            reason: self.reason,
            edition: None,
        })
    }
}

/// Entries of one layer.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewEntriesJson {
    /// `SELF`, `CROSS_CHECK`, `CLUSTER`, `PROVINCE` or `COUNCIL`.
    #[schema(value_type = String)]
    layer: Layer,
    /// The entries, at most 500, each criterion or declaration once.
    entries: Vec<NewEntryJson>,
}

/// Writes entries of one layer of a sheet, or takes some back. Nothing is written when anything is wrong with one of them; the same again
/// changes nothing.
#[utoipa::path(patch, path = "/api/v1/score-sheets/{id}/entries", tag = "scoring", security(("bearer" = [])), request_body = NewEntriesJson,
    params(("id" = String, Path, description = "Id of the sheet"),
        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is")),
    responses((status = 200, description = "As it is now", body = WholeSheetJson)))]
#[patch("/score-sheets/{id}/entries")]
async fn write_score_entries(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<NewEntriesJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let entries: Result<Vec<NewEntry>> = body.entries.into_iter().map(NewEntryJson::read).collect();
        let writing = Writing {
            whose: Whose::Sheet(Kind::ScoreSheet.parse(&id)?),
            layer: stored(body.layer),
            entries: &entries?,
            seen: Some(tags::if_match(&request)?),
        };
        let sheet = usecases::write(&env, &actor, &writing).await?;
        Ok(tags::changed(sheet.version, &whole(&env, &actor, sheet).await?))
    })
    .await
}

/// Hands the score sheet of a unit in.
#[utoipa::path(post, path = "/api/v1/score-sheets/{id}/submit", tag = "scoring", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the sheet"),
        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is")),
    responses((status = 200, description = "As it is now", body = WholeSheetJson)))]
#[post("/score-sheets/{id}/submit")]
async fn submit_score_sheet(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let sheet = (Kind::ScoreSheet.parse(&id)?, tags::if_match(&request)?);
        let sheet = usecases::step(&env, &actor, Step::HandIn(ScoreLayer::Own), sheet, None).await?;
        Ok(tags::changed(sheet.version, &whole(&env, &actor, sheet).await?))
    })
    .await
}

/// What a unit holds against the appraisal of its sheet, the oldest first; nothing for who sees the sheet only because it is published.
#[utoipa::path(get, path = "/api/v1/score-sheets/{id}/objections", tag = "scoring", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the sheet")),
    responses((status = 200, description = "As asked for", body = ObjectionsJson)))]
#[get("/score-sheets/{id}/objections")]
async fn list_objections(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let view = View::of(&*http::actor(&env, &request).await?, env.today());
        let sheet = store::find(&env.db, &view, Kind::ScoreSheet.parse(&id)?).await?;
        let closely = store::closely(&env.db, &view, &[sheet.id]).await?;
        let rows = store::objections(&env.db, &closely).await?;
        let items = rows.into_iter().map(ObjectionJson::from).collect();
        Ok(http::shown(&ObjectionsJson { items }))
    })
    .await
}

/// An objection.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewObjectionJson {
    /// Code of the criterion; left out, it is against the sheet as a whole.
    criterion: Option<String>,
    /// What the unit says.
    text: String,
}

/// Objects to the appraisal of a unit's score sheet, within the days that the year gives for it.
#[utoipa::path(post, path = "/api/v1/score-sheets/{id}/objections", tag = "scoring", security(("bearer" = [])), request_body = NewObjectionJson,
    params(("id" = String, Path, description = "Id of the sheet")),
    responses((status = 201, description = "Raised", body = ObjectionJson)))]
#[post("/score-sheets/{id}/objections")]
async fn raise_objection(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedJson(actor, body): SignedJson<NewObjectionJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let new = NewObjection {
            sheet: Kind::ScoreSheet.parse(&id)?,
            criterion: body.criterion.as_deref(),
            text: &body.text,
        };
        let row = usecases::raise(&env, &actor, &new).await?;
        Ok(http::own_answer(StatusCode::CREATED).json(ObjectionJson::from(row)))
    })
    .await
}

/// A sheet that is seen, with the entries that the caller sees.
async fn whole(env: &Env, actor: &Actor, sheet: score_sheet::Model) -> Result<WholeSheetJson> {
    let mut standings = usecases::standings(&env.db, env, std::slice::from_ref(&sheet)).await?;
    let standing = standings.remove(&sheet.id).ok_or(Error::NotFound)?;
    let layers = usecases::layers_seen(actor, &standing, sheet.state);
    let mut entries = store::standing(&env.db, &[sheet.id]).await?;
    entries.retain(|row| layers.contains(&row.layer));
    WholeSheetJson::of(sheet, &layers, entries)
}

const fn stored(layer: Layer) -> ScoreLayer {
    match layer {
        Layer::Own => ScoreLayer::Own,
        Layer::CrossCheck => ScoreLayer::CrossCheck,
        Layer::Cluster => ScoreLayer::Cluster,
        Layer::Province => ScoreLayer::Province,
        Layer::Council => ScoreLayer::Council,
    }
}
