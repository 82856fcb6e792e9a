//! What is said of reports and of their figures: by whom, what is answered, and when it is settled.

use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{FigurePart, ReportStatus};
use thidua_entity::{indicator, report_comment, report_form_item, report_submission};
use uuid::Uuid;

use super::taking::everything;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result, Text};
use crate::forms::content;
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::reports::merging::Place;
use crate::reports::store;
use crate::version::{self, Seen};
use crate::{db, forms, idempotency, input, units};

/// Most that is said of one report.
pub const COMMENTS_MAX: usize = 300;

/// What is said of one figure.
#[derive(Clone, Debug, Serialize)]
pub struct Remark {
    /// Code of the indicator.
    pub indicator: String,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// What is said; the unit reads it.
    pub text: String,
}

/// Something to be said of a report.
#[derive(Serialize)]
pub struct NewComment<'a> {
    /// The report.
    pub report: Uuid,
    /// Of which figure, by the code of its indicator; `None` of the report as a whole.
    pub figure: Option<(&'a str, FigurePart)>,
    /// What is said.
    pub text: &'a str,
    /// A key under which it is said once, however often it is asked for.
    #[serde(skip)]
    pub key: Option<&'a str>,
}

/// Says something of a report or of one of its figures. While it is open, the report is not approved.
pub async fn comment(env: &Env, actor: &Actor, new: &NewComment<'_>) -> Result<report_comment::Model> {
    let text = input::paragraph("text", new.text)?;
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, new.key, "REPORT_COMMENTED", new).await? {
        return store::find_comment(&tx, &policy::reach(actor), first, env.today()).await;
    }
    let (actor, report) = commented(&tx, env, actor, new.report).await?;
    let place = match new.figure {
        None => None,
        Some((code, part)) => Some(place(&tx, &report, "indicatorCode", code, part).await?),
    };
    let room = COMMENTS_MAX
        .saturating_sub(usize::try_from(store::count_comments(&tx, report.id).await?).unwrap_or(COMMENTS_MAX));
    input::list_size("text", 1, room)?;
    let id = env.new_id();
    let row = report_comment::ActiveModel {
        id: Set(id),
        ..row(env, &actor, (&report, None), place, text)
    };
    let audited = json!({ "figure": new.figure.map(|(code, _)| code) });
    store::add_comments(&tx, vec![row]).await?;
    audit::record(
        &tx,
        env,
        &actor,
        Event("REPORT_COMMENTED"),
        (Kind::ReportSubmission, report.id),
        audited,
    )
    .await?;
    idempotency::remember(&tx, &actor, new.key, id).await?;
    let comment = store::find_comment(&tx, &everything(), id, env.today()).await?;
    tx.commit().await?;
    Ok(comment)
}

/// Answers what was said. The last answer stands, until it is settled.
pub async fn answer(env: &Env, actor: &Actor, id: Uuid, text: &str) -> Result<report_comment::Model> {
    let text = input::paragraph("text", text)?;
    let tx = db::begin_write(&env.db).await?;
    let comment = open_comment(&tx, env, actor, id).await?;
    let (actor, _) = commented(&tx, env, actor, comment.submission_id).await?;
    let change = report_comment::ActiveModel {
        answer: Set(Some(text)),
        answered_by: Set(actor.recorded_as()),
        answered_at: Set(Some(env.now())),
        ..Default::default()
    };
    let before = comment.answer;
    let comment = store::change_comment(&tx, id, change).await?;
    // Who answers again may not have seen the answer of another: both stay known.
    let detail = json!({ "before": before, "answer": comment.answer });
    traced(&tx, env, &actor, "REPORT_COMMENT_ANSWERED", (&comment, detail)).await?;
    tx.commit().await?;
    Ok(comment)
}

/// Finds what was said settled. Whoever said it does, or whoever may send the report back.
pub async fn resolve(env: &Env, actor: &Actor, id: Uuid) -> Result<report_comment::Model> {
    let tx = db::begin_write(&env.db).await?;
    let comment = open_comment(&tx, env, actor, id).await?;
    let (ref said_by, report) = commented(&tx, env, actor, comment.submission_id).await?;
    let own = comment.account_id.is_some() && comment.account_id == actor.recorded_as();
    let place = units::store::find_place(&tx, &everything(), report.unit_id, env.today()).await?;
    let actor = if own {
        said_by.clone()
    } else {
        policy::authorize(actor, Action::ReportReturn, &place)?
    };
    let change = report_comment::ActiveModel {
        resolved_by: Set(actor.recorded_as()),
        resolved_at: Set(Some(env.now())),
        ..Default::default()
    };
    let comment = store::change_comment(&tx, id, change).await?;
    traced(&tx, env, &actor, "REPORT_COMMENT_RESOLVED", (&comment, json!({}))).await?;
    tx.commit().await?;
    Ok(comment)
}

/// Lets the unit change every figure of a report that was sent back for some of them.
pub async fn unlock(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<report_submission::Model> {
    let tx = db::begin_write(&env.db).await?;
    let report = store::find(&tx, &policy::reach(actor), id, env.today()).await?;
    let place = units::store::find_place(&tx, &everything(), report.unit_id, env.today()).await?;
    let actor = &policy::authorize(actor, Action::ReportReturn, &place)?;
    if !report.figures_locked || report.status != ReportStatus::Returned {
        return Err(Error::WrongState(Text::new(
            "Mọi số liệu của báo cáo này đều đang sửa được.",
            "Every figure of this report can be changed already.",
        )));
    }
    seen.check(report.version)?;
    let change = report_submission::ActiveModel {
        figures_locked: Set(false),
        updated_at: Set(env.now()),
        ..Default::default()
    };
    let report = store::update(&tx, &report, report.version, change).await?;
    let subject = (Kind::ReportSubmission, id);
    audit::record(&tx, env, actor, Event("REPORT_UNLOCKED"), subject, json!({})).await?;
    tx.commit().await?;
    Ok(report)
}

/// The remarks with which a report is sent back, as they are kept: each of a figure of its form, none twice.
pub(super) async fn remarks(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    report: &report_submission::Model,
    remarks: &[Remark],
) -> Result<Vec<report_comment::ActiveModel>> {
    if remarks.is_empty() {
        return Ok(Vec::new());
    }
    let said = usize::try_from(store::count_comments(tx, report.id).await?).unwrap_or(COMMENTS_MAX);
    input::list_size("figures", remarks.len(), COMMENTS_MAX.saturating_sub(said))?;
    let items = forms::store::items(tx, &[report.form_version_id]).await?;
    let ids: Vec<Uuid> = items.iter().map(|item| item.indicator_id).collect();
    let indicators = forms::store::indicators(tx, &ids).await?;
    let (mut rows, mut places, mut problems) = (Vec::new(), Vec::<Place>::new(), Vec::new());
    let returned = Some(version::next(report.version));
    for (index, remark) in remarks.iter().enumerate() {
        let path = format!("figures.{index}");
        let text = match input::paragraph(&format!("{path}.text"), &remark.text) {
            Ok(text) => text,
            Err(Error::Invalid(some)) => {
                problems.extend(some);
                continue;
            }
            Err(other) => return Err(other),
        };
        let place = place_of((&items, &indicators), &remark.indicator, remark.part);
        match place {
            None => problems.push(not_on_form(format!("{path}.indicatorCode"), &remark.indicator)),
            Some(place) if places.contains(&place) => problems.push(Problem::new(
                "TWICE",
                format!("{path}.indicatorCode"),
                format!("Chỉ tiêu `{}` được nêu hai lần.", remark.indicator),
                format!("The indicator `{}` is named twice.", remark.indicator),
            )),
            Some(place) => {
                places.push(place);
                rows.push(row(env, actor, (report, returned), Some(place), text));
            }
        }
    }
    Problem::none(problems)?;
    Ok(rows)
}

/// The remarks with which the report was last sent back and that are not answered.
pub(super) async fn unanswered(tx: &impl ConnectionTrait, report: &report_submission::Model) -> Result<Vec<Problem>> {
    let Some(version) = report.returned_version else {
        return Ok(Vec::new());
    };
    let remarks = store::remarks_of(tx, report.id, version).await?;
    let ids: Vec<Uuid> = remarks.iter().filter_map(|remark| remark.indicator_id).collect();
    let indicators = forms::store::indicators(tx, &ids).await?;
    let open = remarks
        .iter()
        .filter(|remark| remark.answer.is_none() && remark.resolved_at.is_none());
    let problem = |remark: &report_comment::Model| {
        let indicator = indicators.iter().find(|row| Some(row.id) == remark.indicator_id);
        let (code, name) = indicator.map_or(("", ""), |row| (&row.code, &row.name));
        Problem::new(
            "ANSWER_NEEDED",
            format!("comments.{}", Kind::ReportComment.id(remark.id)),
            format!("Hãy trả lời nhận xét về «{name}» ({code}): {}", remark.text),
            format!("Answer what was said of “{name}” ({code}): {}", remark.text),
        )
    };
    Ok(open.map(problem).collect())
}

/// Why a report of which something is said that is not settled is not approved.
pub(super) fn not_settled() -> Error {
    Error::WrongState(Text::new(
        "Còn nhận xét chưa được giải quyết; hãy giải quyết trước khi duyệt.",
        "Something was said that is not settled; settle it before you approve.",
    ))
}

/// A report of which the caller may say something now, and the caller as it acts. Nobody takes a step with it until the transaction
/// ends: what is said of a report that is just being approved would stay open for ever.
async fn commented(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
) -> Result<(Actor, report_submission::Model)> {
    let found = store::lock_many(tx, &policy::reach(actor), &[id], env.today()).await?;
    let report = found.into_iter().next().ok_or(Error::NotFound)?;
    let place = units::store::find_place(tx, &everything(), report.unit_id, env.today()).await?;
    let actor = policy::authorize(actor, Action::ReportComment, &place)?;
    if policy::possible_in(report.status, Action::ReportComment) {
        return Ok((actor, report));
    }
    Err(Error::WrongState(Text::new(
        "Báo cáo đã duyệt; muốn sửa thì đính chính.",
        "The report is approved; it can be corrected.",
    )))
}

/// Something that was said of a report that the caller sees, and is not settled.
async fn open_comment(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, id: Uuid) -> Result<report_comment::Model> {
    let comment = store::find_comment(tx, &policy::reach(actor), id, env.today()).await?;
    if comment.resolved_at.is_none() {
        return Ok(comment);
    }
    Err(Error::WrongState(Text::new(
        "Nhận xét này đã được giải quyết.",
        "This is settled already.",
    )))
}

async fn place(
    tx: &impl ConnectionTrait,
    report: &report_submission::Model,
    field: &str,
    code: &str,
    part: FigurePart,
) -> Result<Place> {
    let items = forms::store::items(tx, &[report.form_version_id]).await?;
    let ids: Vec<Uuid> = items.iter().map(|item| item.indicator_id).collect();
    let indicators = forms::store::indicators(tx, &ids).await?;
    place_of((&items, &indicators), code, part).ok_or_else(|| Error::Invalid(vec![not_on_form(field.to_owned(), code)]))
}

/// Where a figure stands on a form; `None` when the form does not ask for it.
fn place_of(
    (items, indicators): (&[report_form_item::Model], &[indicator::Model]),
    code: &str,
    part: FigurePart,
) -> Option<Place> {
    let indicator = indicators.iter().find(|row| row.code == code)?;
    let item = items.iter().find(|item| item.indicator_id == indicator.id)?;
    let asked = content::dimensions(item.by_women, item.by_sector);
    let is_asked = part.dimension().is_none_or(|one| asked.contains(&one));
    is_asked.then_some((indicator.id, part))
}

fn not_on_form(field: String, code: &str) -> Problem {
    Problem::new(
        "INDICATOR_NOT_ON_FORM",
        field,
        format!("Biểu này không hỏi số liệu `{code}` như vậy."),
        format!("This form does not ask for `{code}` like that."),
    )
}

fn row(
    env: &Env,
    actor: &Actor,
    (report, returned): (&report_submission::Model, Option<i32>),
    place: Option<Place>,
    text: String,
) -> report_comment::ActiveModel {
    report_comment::ActiveModel {
        id: Set(env.new_id()),
        submission_id: Set(report.id),
        indicator_id: Set(place.map(|(indicator, _)| indicator)),
        part: Set(place.map_or(FigurePart::Total, |(_, part)| part)),
        text: Set(text),
        returned_version: Set(returned),
        account_id: Set(actor.recorded_as()),
        acted_for: Set(actor.acting_for()),
        at: Set(env.now()),
        ..Default::default()
    }
}

async fn traced(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    event: &'static str,
    (comment, mut detail): (&report_comment::Model, serde_json::Value),
) -> Result<()> {
    let subject = (Kind::ReportSubmission, comment.submission_id);
    if let Some(detail) = detail.as_object_mut() {
        detail.insert("comment".to_owned(), Kind::ReportComment.id(comment.id).into());
    }
    audit::record(tx, env, actor, Event(event), subject, detail).await
}
