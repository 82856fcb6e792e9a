//! What is noticed about a report on REST: rules of its form that it breaks, and figures that look like slips; and sending it with what
//! the unit says to them.

use std::collections::HashMap;

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{FigurePart, RuleSeverity};
use thidua_entity::{Fixed4, account};
use utoipa::ToSchema;
use uuid::Uuid;

use super::steps::step;
use super::{OnForm, ReportJson, whole};
use crate::accounts;
use crate::env::Env;
use crate::error::Language;
use crate::http::json::SignedBody;
use crate::http::{self, Problem, tags};
use crate::ids::Kind;
use crate::policy;
use crate::reports::findings::{FigureNamed, RuleOutcome, UnusualFigure};
use crate::reports::store;
use crate::reports::unusual::Others;
use crate::reports::usecases;
use crate::reports::usecases::findings::{self, Explained, Finding};
use crate::reports::usecases::overtaken::{Overtaken, in_order, overtaken};

/// What is noticed about a report.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FindingsJson {
    /// Rules of its form that it breaks or that cannot be judged, in the order of the form.
    rules: Vec<RuleFindingJson>,
    /// Figures that look like slips, while the report is with its unit; empty ever after. They keep nothing from being sent.
    unusual: Vec<UnusualJson>,
    /// Figures that no longer agree with the sum of the units below because a report of one of them, or a correction, was approved after they
    /// were written, in the order of the form; empty for who does not see its unit.
    overtaken: Vec<OvertakenJson>,
}

/// A figure that no longer agrees with the sum of the units below. It is not changed by itself: save it anew with the sum, or as it is when
/// it is right.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OvertakenJson {
    /// Code of the indicator.
    indicator_code: String,
    /// The total, or which part of it.
    part: FigurePart,
    /// The figure of the report, a decimal as a string.
    #[schema(value_type = String)]
    value: Fixed4,
    /// Its text as typed.
    text: String,
    /// What the approved reports of the units below add up to now, a decimal as a string.
    #[schema(value_type = String)]
    sum: Fixed4,
    /// The form of these reports.
    source_form_id: String,
    /// How many reports are in the sum.
    reports: i64,
    /// Of how many units a report or a correction was approved since the figure was written.
    units_since: i64,
    /// When the first of them was approved: since then the figure is overtaken.
    since: DateTime<Utc>,
}

impl OvertakenJson {
    fn of(one: Overtaken, codes: &HashMap<Uuid, String>) -> Option<Self> {
        Some(Self {
            indicator_code: codes.get(&one.indicator)?.clone(),
            part: one.part,
            value: one.value,
            text: one.text,
            sum: one.sum,
            source_form_id: Kind::ReportForm.id(one.form),
            reports: one.reports,
            units_since: one.units,
            since: one.since,
        })
    }
}

/// A rule of the form that the report breaks, or that cannot be judged.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RuleFindingJson {
    /// Code of the rule.
    rule_code: String,
    /// What follows when it is broken.
    severity: RuleSeverity,
    /// What came of it: `BROKEN`, `NOT_JUDGED` because figures are missing, `UNKNOWN` because they are not exact.
    #[schema(value_type = String)]
    outcome: RuleOutcome,
    /// What the officer reads when it is broken, in Vietnamese.
    message: String,
    /// How it comes about, with the numbers, in the caller's language.
    why: String,
    /// The figures that the rule names.
    figures: Vec<NamedFigureJson>,
    /// True while this keeps the report from being sent.
    keeps_from_sending: bool,
    /// What the unit says to it; null when it said nothing.
    explanation: Option<ExplanationJson>,
}

/// A figure that a finding is about.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NamedFigureJson {
    /// Code of the indicator.
    indicator_code: String,
    /// The total, or which part of it.
    part: FigurePart,
    /// What it is called: the name of the indicator, and the part.
    label: String,
    /// The text as typed; null when the figure is missing.
    text: Option<String>,
}

impl From<FigureNamed> for NamedFigureJson {
    fn from(figure: FigureNamed) -> Self {
        Self {
            indicator_code: figure.indicator,
            part: figure.part,
            label: figure.label,
            text: figure.text,
        }
    }
}

/// Why the figures are right all the same, as the unit says.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExplanationJson {
    /// The explanation.
    text: String,
    /// When it was given.
    at: DateTime<Utc>,
    /// Name of who gave it; null for recorded data.
    by: Option<String>,
    /// Name of the one on whose behalf it was given, when only a role that they had delegated permitted it.
    acted_for: Option<String>,
}

/// A figure that looks like a slip, and the numbers that say why.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UnusualJson {
    /// The figure.
    #[serde(flatten)]
    figure: NamedFigureJson,
    /// What it is compared with: `OWN_PAST`, `CLUSTER`.
    #[schema(value_type = String)]
    compared_with: Others,
    /// How many others there are; never fewer than four.
    count: usize,
    /// Their median, a decimal as a string.
    #[schema(value_type = String)]
    median: Fixed4,
    /// Their median absolute deviation, a decimal as a string.
    #[schema(value_type = String)]
    median_deviation: Fixed4,
    /// Why it is unusual, in the caller's language.
    why: String,
}

impl UnusualJson {
    fn of(found: UnusualFigure, language: Language) -> Self {
        let unusual = found.unusual;
        Self {
            figure: found.figure.into(),
            compared_with: unusual.others,
            count: unusual.count,
            median: unusual.median,
            median_deviation: unusual.deviation,
            why: unusual.text().in_language(language).to_owned(),
        }
    }
}

impl RuleFindingJson {
    fn of(finding: Finding, names: &HashMap<Uuid, account::Model>, language: Language) -> Self {
        let keeps_from_sending = finding.keeps_from_sending();
        let Finding { found, explanation } = finding;
        let name = |account: Option<Uuid>| Some(names.get(&account?)?.display_name.clone());
        Self {
            rule_code: found.rule.code,
            severity: found.rule.severity,
            outcome: found.outcome,
            message: found.rule.message,
            why: found.why.in_language(language).to_owned(),
            figures: found.figures.into_iter().map(NamedFigureJson::from).collect(),
            keeps_from_sending,
            explanation: explanation.map(|row| ExplanationJson {
                by: name(row.account_id),
                acted_for: name(row.acted_for),
                text: row.text,
                at: row.at,
            }),
        }
    }
}

/// What is noticed about a report: rules of its form that it breaks, while it is with its unit figures that look like slips, and figures that
/// what was approved below has overtaken.
#[utoipa::path(get, path = "/api/v1/reports/{id}/findings", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report")),
    responses((status = 200, description = "As asked for", body = FindingsJson)))]
#[get("/reports/{id}/findings")]
pub async fn get_report_findings(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let language = http::language(request.headers());
        let id = Kind::ReportSubmission.parse(&id)?;
        let report = store::find(&env.db, &policy::reach(&actor), id, env.today()).await?;
        let looked = [(report.id, report.form_version_id)];
        let rules = findings::broken_rules(&env.db, &looked).await?.remove(&id);
        let unusual = if findings::is_looked_over(report.status) {
            findings::unusual_figures(&env.db, &looked).await?.remove(&id)
        } else {
            None
        };
        let (reach, today) = (policy::reach(&actor), env.today());
        let overtaken = overtaken(&env.db, (&reach, today), &[id]).await?.remove(&id);
        let form = OnForm::of(&env.db, report.form_version_id).await?;
        let (codes, overtaken) = (form.codes(), in_order(overtaken.unwrap_or_default(), &form.order()));
        let rules = rules.unwrap_or_default();
        let said = rules.iter().filter_map(|finding| finding.explanation.as_ref());
        let accounts: Vec<Uuid> = said.flat_map(|row| [row.account_id, row.acted_for]).flatten().collect();
        let names = accounts::store::names(&env.db, &accounts).await?;
        let names = names.into_iter().map(|row| (row.id, row)).collect();
        let shown = FindingsJson {
            rules: rules
                .into_iter()
                .map(|finding| RuleFindingJson::of(finding, &names, language))
                .collect(),
            unusual: unusual
                .unwrap_or_default()
                .into_iter()
                .map(|found| UnusualJson::of(found, language))
                .collect(),
            overtaken: overtaken
                .into_iter()
                .filter_map(|one| OvertakenJson::of(one, &codes))
                .collect(),
        };
        tags::digested(&request, &shown)
    })
    .await
}

/// What goes along with sending a report.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SubmitJson {
    /// What the unit says to rules that the report breaks; at most 100. Who sees the report reads it.
    #[serde(default)]
    explanations: Vec<NewExplanationJson>,
}

/// What the unit says to a rule that its report breaks.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewExplanationJson {
    /// Code of the rule.
    rule_code: String,
    /// Why the figures are right all the same, at most 2,000 characters.
    text: String,
}

/// Sends a report. Every compulsory figure must be there, and no rule of its form may be broken that blocks; one that warns is explained, in the
/// body, which may be left out.
#[utoipa::path(post, path = "/api/v1/reports/{id}/submit", tag = "reports", security(("bearer" = [])),
    params(("id" = String, Path, description = "Id of the report"),
        ("If-Match" = String, Header, description = "The `ETag` you read, or `*` for whichever it is"),
        ("Idempotency-Key" = Option<String>, Header,
            description = "A key of your own, at most 100 characters: asked again with it, the step is taken once")),
    request_body = Option<SubmitJson>,
    responses((status = 200, description = "As asked for", body = ReportJson)))]
#[post("/reports/{id}/submit")]
pub async fn submit_report(
    env: Data<Env>,
    request: HttpRequest,
    id: Path<String>,
    SignedBody(actor, body): SignedBody<SubmitJson>,
) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let given = body.explanations.into_iter().map(|one| Explained {
            rule: one.rule_code,
            text: one.text,
        });
        let report = usecases::submit(&env, &actor, &step(&request, &id)?, given.collect()).await?;
        Ok(tags::changed(report.version, &whole(&env.db, report).await?))
    })
    .await
}
