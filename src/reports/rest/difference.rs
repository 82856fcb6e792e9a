//! What reports said when they were sent, and what changed since, on REST.

use std::collections::HashMap;

use actix_web::web::{Data, Path, Query};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;
use thidua_entity::enums::{FigurePart, Nature, Qualifier};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{FigureJson, OnForm};
use crate::accounts;
use crate::env::Env;
use crate::error::Error;
use crate::http::{self, Problem, tags};
use crate::ids::Kind;
use crate::policy;
use crate::reports::difference::{ExplanationChange, Figure, FigureAspect, FigureChange, NoteChange};
use crate::reports::store;
use crate::reports::usecases::difference::{Compared, Side, Since, differences};

/// What a report said when it was sent.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SendingJson {
    /// The report.
    report_id: String,
    /// 1 for the first sending, and one more for each after it.
    number: i32,
    /// When.
    at: DateTime<Utc>,
    /// Name of who sent it; null for recorded data.
    by: Option<String>,
    /// Name of the one on whose behalf it was sent, when only a role that they had delegated permitted it; else null.
    acted_for: Option<String>,
    /// What the unit said beside its figures.
    note: Option<String>,
    /// The figures with which it was sent, in the order of the form.
    figures: Vec<FigureJson>,
}

/// What a report said when it was sent for the first, second, … time: kept as it was, whatever is changed afterwards. For who sees its unit.
#[utoipa::path(get, path = "/api/v1/reports/{id}/sendings/{number}", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report"), ("number" = i32, Path, description = "1 for the first sending")),
    responses((status = 200, description = "As asked for", body = SendingJson)))]
#[get("/reports/{id}/sendings/{number}")]
pub async fn get_report_sending(
    env: Data<Env>,
    request: HttpRequest,
    path: Path<(String, i32)>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (reach, today) = (policy::reach(&actor), env.today());
        let (id, number) = (Kind::ReportSubmission.parse(&path.0)?, path.1);
        let report = store::find(&env.db, &reach, id, today).await?;
        let sending = store::sending(&env.db, (&reach, today), (id, number)).await?;
        let sending = sending.ok_or(Error::NotFound)?;
        let form = OnForm::of(&env.db, report.form_version_id).await?;
        let figures = form.figures(store::sent_values(&env.db, &[sending.id]).await?);
        let accounts: Vec<Uuid> = [sending.account_id, sending.acted_for].into_iter().flatten().collect();
        let names = accounts::store::names(&env.db, &accounts).await?;
        let name = |id: Option<Uuid>| Some(names.iter().find(|row| Some(row.id) == id)?.display_name.clone());
        let shown = SendingJson {
            report_id: Kind::ReportSubmission.id(id),
            number,
            at: sending.at,
            by: name(sending.account_id),
            acted_for: name(sending.acted_for),
            note: sending.note,
            figures,
        };
        tags::digested(&request, &shown)
    })
    .await
}

/// Since when.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum SinceParam {
    /// While it is with its unit, since it was last sent; when it has been sent, between its last two sendings.
    LastSubmission,
    /// Between an approved report and its correction.
    Approval,
}

/// What is compared.
#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DifferenceParams {
    /// `LAST_SUBMISSION`: while the report is with its unit, what was changed since it was last sent; when it has been sent, what changed
    /// between its last two sendings. `APPROVAL`: what changed between an approved report and its correction, asked of either.
    #[param(inline)]
    since: SinceParam,
}

/// What changed from one edition of a report to another.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReportDifferenceJson {
    /// What is compared with the other; null when there is nothing to compare with.
    before: Option<EditionJson>,
    /// The other; null when there is nothing to compare with.
    after: Option<EditionJson>,
    /// Figures that were added, removed or changed, in the order of the form, of each indicator the total first and then its parts.
    figures: Vec<FigureChangeJson>,
    /// What the unit says beside its figures, before and after; null when it says the same.
    note: Option<NoteChangeJson>,
    /// Explanations to rules that were added or changed.
    explanations: Vec<ExplanationChangeJson>,
}

/// An edition of a report: as it was sent once, or as it stands now.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EditionJson {
    /// The report.
    report_id: String,
    /// Which sending of it, from 1; null for what stands in it now.
    sending: Option<i32>,
    /// When it was sent; null for what stands in it now.
    sent_at: Option<DateTime<Utc>>,
}

impl From<Side> for EditionJson {
    fn from(side: Side) -> Self {
        Self {
            report_id: Kind::ReportSubmission.id(side.report),
            sending: side.sent.map(|(number, _)| number),
            sent_at: side.sent.map(|(_, at)| at),
        }
    }
}

/// What became of a figure.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FigureChangeJson {
    /// Code of the indicator.
    indicator_code: String,
    /// The total, or which part of it.
    part: FigurePart,
    /// As it was; null when it is new.
    before: Option<ReadingJson>,
    /// As it is; null when it is gone.
    after: Option<ReadingJson>,
    /// What changed: `ADDED`, `REMOVED`, `VALUE`, `QUALIFIER`, `NATURE`, or `SPELLING` when only how it is typed.
    #[schema(value_type = Vec<String>)]
    changed: Vec<FigureAspect>,
}

/// A figure as it was typed, and how it was read.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReadingJson {
    /// The figure, a decimal as a string; the lower end of a range; 1 for yes and 0 for no. Null for a choice and a text.
    #[schema(value_type = Option<String>)]
    value: Option<Fixed4>,
    /// The upper end of a range.
    #[schema(value_type = Option<String>)]
    upper: Option<Fixed4>,
    /// Code of what was chosen; null for what is no choice.
    choice: Option<String>,
    /// What the text claims.
    qualifier: Qualifier,
    /// Actual or estimate.
    nature: Nature,
    /// The text as typed.
    text: String,
}

impl From<Figure> for ReadingJson {
    fn from(figure: Figure) -> Self {
        Self {
            value: figure.value,
            upper: figure.upper,
            choice: figure.choice,
            qualifier: figure.qualifier,
            nature: figure.nature,
            text: figure.raw,
        }
    }
}

/// What the unit says beside its figures, before and after.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NoteChangeJson {
    /// As it was; null when there was none.
    before: Option<String>,
    /// As it is; null when there is none.
    after: Option<String>,
}

impl From<NoteChange> for NoteChangeJson {
    fn from(change: NoteChange) -> Self {
        Self {
            before: change.before,
            after: change.after,
        }
    }
}

/// What the unit says to a rule that its report breaks, before and after.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplanationChangeJson {
    /// Code of the rule.
    rule_code: String,
    /// As it was; null when it is new.
    before: Option<String>,
    /// As it is; null when it is gone.
    after: Option<String>,
}

impl From<ExplanationChange> for ExplanationChangeJson {
    fn from(change: ExplanationChange) -> Self {
        Self {
            rule_code: change.rule,
            before: change.before,
            after: change.after,
        }
    }
}

impl ReportDifferenceJson {
    fn of(compared: Option<Compared>, codes: &HashMap<Uuid, String>) -> Self {
        let (sides, difference) = match compared {
            Some(compared) => (Some((compared.before, compared.after)), compared.difference),
            None => Default::default(),
        };
        let (before, after) = sides.unzip();
        let figure = |change: FigureChange| {
            Some(FigureChangeJson {
                indicator_code: codes.get(&change.indicator)?.clone(),
                part: change.part,
                before: change.before.map(ReadingJson::from),
                after: change.after.map(ReadingJson::from),
                changed: change.changed,
            })
        };
        Self {
            before: before.map(EditionJson::from),
            after: after.map(EditionJson::from),
            figures: difference.figures.into_iter().filter_map(figure).collect(),
            note: difference.note.map(NoteChangeJson::from),
            explanations: difference
                .explanations
                .into_iter()
                .map(ExplanationChangeJson::from)
                .collect(),
        }
    }
}

/// What changed of a report: since it was last sent, or between it and its correction. When there is nothing to compare with (it was never sent,
/// or once only; it was not approved, or has no correction that the caller sees), `before` and `after` are null.
#[utoipa::path(get, path = "/api/v1/reports/{id}/difference", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report"), DifferenceParams),
    responses((status = 200, description = "As asked for", body = ReportDifferenceJson)))]
#[get("/reports/{id}/difference")]
pub async fn get_report_difference(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    params: Query<DifferenceParams>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (reach, today) = (policy::reach(&actor), env.today());
        let id = Kind::ReportSubmission.parse(&id)?;
        let report = store::find(&env.db, &reach, id, today).await?;
        let since = match params.since {
            SinceParam::LastSubmission => Since::LastSubmission,
            SinceParam::Approval => Since::Approval,
        };
        let form = OnForm::of(&env.db, report.form_version_id).await?;
        let compared = differences(&env.db, (&reach, today), &[report], since)
            .await?
            .remove(&id);
        tags::digested(&request, &ReportDifferenceJson::of(compared, &form.codes()))
    })
    .await
}
