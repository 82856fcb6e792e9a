//! Writing figures of a report: what was typed is read against the form, all of it or nothing, and comes together with what others
//! have written meanwhile.

use sea_orm::{ActiveValue, ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{FigurePart, Nature, ReportAction};
use thidua_entity::{report_mark, report_submission, report_value};
use uuid::Uuid;

use super::taking::{event, held};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result, Text};
use crate::forms::content::ITEMS_MAX;
use crate::ids::Kind;
use crate::policy;
use crate::reports::merging::{Fate, Mark, NOTE, Place, Writer, fate};
use crate::reports::store;
use crate::version::{self, Seen};
use crate::{audit, db, forms, idempotency, input, text};

mod reading;
mod writing;

use reading::ReadFigure;
pub(super) use reading::{Form, usual_nature};
pub(super) use writing::{IntoReport, Ready, Written, write};

/// Most figures in one writing: every part of every indicator.
const FIGURES_MAX: usize = ITEMS_MAX * FigurePart::ALL.len();

/// A figure as it was typed. An empty text takes the figure out: missing is not zero.
#[derive(Serialize)]
pub struct TypedFigure {
    /// Code of the indicator.
    pub indicator: String,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// The text as typed.
    pub text: String,
    /// Actual or estimate; `None` when that is left to the due day.
    pub nature: Option<Nature>,
}

/// What somebody wants to write into a report.
#[derive(Serialize)]
pub struct Saving<'a> {
    /// The report.
    pub report: Uuid,
    /// Only while the report is at such a version. Left out of the fingerprint of a repeat where it demands nothing, so that keys given
    /// before it was there hold.
    #[serde(skip_serializing_if = "Seen::is_any")]
    pub seen: &'a Seen,
    /// The version that they saw, which may be an old one: what others wrote since stays. `None` for the present one.
    pub version: Option<i32>,
    /// The figures; those that are not named stay as they are.
    pub figures: &'a [TypedFigure],
    /// What the unit says beside its figures: `None` to leave it, `Some(None)` to take it out.
    pub note: Option<Option<&'a str>>,
    /// A key under which the same is written once, however often it is asked for.
    #[serde(skip)]
    pub key: Option<&'a str>,
}

/// Writes figures of a report that is with its unit. All of them or none: a figure that cannot be read is told with its
/// field, and nothing is stored.
///
/// What others have written since the version that was seen stays: different figures stand beside each other, and of the same figure
/// the first stands and this one is kept as its rival; see [`merging`](crate::reports::merging).
pub async fn save(env: &Env, actor: &Actor, saving: &Saving<'_>) -> Result<report_submission::Model> {
    input::list_size("figures", saving.figures.len(), FIGURES_MAX)?;
    let note = saving
        .note
        .map(|note| input::paragraph_or_none("note", note))
        .transpose()?;
    let tx = db::begin_write(&env.db).await?;
    let operation = event(ReportAction::Save);
    if let Some(first) = idempotency::first_answer(&tx, env, actor, saving.key, operation.0, saving).await? {
        return store::find(&tx, &policy::reach(actor), first, env.today()).await;
    }
    let (ref actor, report) = held(&tx, env, actor, (saving.report, saving.seen), ReportAction::Save).await?;
    let version = saving.version.unwrap_or(report.version);
    if version > report.version {
        return Err(Error::StaleVersion {
            current: report.version,
        });
    }
    let form = Form::of(&tx, report.form_version_id).await?;
    let period = forms::store::periods(&tx, &[report.period_id]).await?;
    let period = period.first().ok_or(Error::NotFound)?;
    let nature = usual_nature(&tx, env, (report.form_id, period)).await?;
    let read = form.read(env, &report, saving.figures, nature)?;
    unlocked(&tx, &report, &read).await?;
    let meeting = Meeting::of(&tx, &report, actor, version).await?;
    let mut written = Written::default();
    for figure in read {
        written.figure(&meeting, figure);
    }
    let mut change = report_submission::ActiveModel {
        updated_at: Set(env.now()),
        ..Default::default()
    };
    if let Some(note) = note {
        match meeting.fate(NOTE, report.note == note) {
            Fate::Stands => {
                written.touched.push(NOTE);
                change.note = Set(note);
            }
            Fate::Agrees => written.agreed.push(NOTE),
            Fate::Rivals => written.rivals.push((NOTE, note.unwrap_or_default(), None)),
        }
    }
    let saved = store::update(&tx, &report, report.version, change).await?;
    let into = IntoReport {
        report: report.id,
        version: version::next(report.version),
        writer: meeting.writer,
        begun: false,
        written,
    };
    write(&tx, vec![into.ready(env)]).await?;
    store::add_writers(&tx, report.id, actor.authors()).await?;
    let detail = detail(version, saving.figures);
    let subject = (Kind::ReportSubmission, report.id);
    audit::record(&tx, env, actor, operation, subject, detail).await?;
    idempotency::remember(&tx, actor, saving.key, report.id).await?;
    tx.commit().await?;
    Ok(saved)
}

/// Of a report that was sent back for some figures, only these are changed; with a figure go its total and its parts, which must add up.
async fn unlocked(
    tx: &impl ConnectionTrait,
    report: &report_submission::Model,
    figures: &[ReadFigure<'_>],
) -> Result<()> {
    let (true, Some(returned)) = (report.figures_locked, report.returned_version) else {
        return Ok(());
    };
    let remarks = store::remarks_of(tx, report.id, returned).await?;
    let open: Vec<Uuid> = remarks.iter().filter_map(|remark| remark.indicator_id).collect();
    let closed = figures
        .iter()
        .enumerate()
        .filter(|(_, figure)| !open.contains(&figure.place.0));
    let problem = |(index, figure): (usize, &ReadFigure<'_>)| Problem {
        code: "FIGURE_LOCKED",
        field: format!("figures.{index}.indicatorCode"),
        text: figure_locked(&figure.typed.indicator),
    };
    let problems: Vec<Problem> = closed.map(problem).collect();
    Problem::none(problems)
}

/// Why a figure of a report that was sent back for others is not changed.
pub(super) fn figure_locked(code: &str) -> Text {
    Text::new(
        format!("Báo cáo chỉ được trả lại để sửa những số liệu có nhận xét; `{code}` không có trong đó."),
        format!("The report was sent back only for the figures remarked on; `{code}` is not among them."),
    )
}

/// What the audit keeps of a writing: the version that the writer saw, and what was typed.
pub(super) fn detail(seen: i32, figures: &[TypedFigure]) -> serde_json::Value {
    let typed: Vec<_> = figures.iter().map(traced).collect();
    json!({ "seen": seen, "figures": typed })
}

/// A figure in the audit: the code, with the part behind it, and the text.
fn traced(figure: &TypedFigure) -> serde_json::Value {
    let what = match figure.part {
        FigurePart::Total => figure.indicator.clone(),
        part => format!("{}:{}", figure.indicator, part.code()),
    };
    json!({ what: figure.text })
}

/// What a writer comes upon: what was written since the version that it saw.
struct Meeting {
    writer: Writer,
    marks: Vec<report_mark::Model>,
    values: Vec<report_value::Model>,
}

impl Meeting {
    async fn of(
        tx: &impl ConnectionTrait,
        report: &report_submission::Model,
        actor: &Actor,
        seen: i32,
    ) -> Result<Self> {
        let account = actor.recorded_as();
        let mut meeting = Self {
            writer: Writer { account, seen },
            marks: Vec::new(),
            values: Vec::new(),
        };
        if seen < report.version {
            meeting.marks = store::said_since(tx, report.id, meeting.writer).await?;
        }
        if !meeting.marks.is_empty() {
            meeting.values = store::values(tx, &[report.id]).await?;
        }
        Ok(meeting)
    }

    fn fate(&self, place: Place, same: bool) -> Fate {
        let of_it = self.marks.iter().filter(|mark| (mark.indicator_id, mark.part) == place);
        let said_by = of_it.map(|mark| Mark {
            account: mark.account_id,
            version: mark.version,
        });
        fate(self.writer, said_by, same)
    }

    /// Whether a figure says what stands there.
    fn stands_already(&self, figure: &ReadFigure<'_>) -> bool {
        let is_there = |value: &&report_value::Model| (value.indicator_id, value.part) == figure.place;
        match (self.values.iter().find(is_there), &figure.row) {
            (None, None) => true,
            (Some(value), Some(row)) => says_the_same(value, row),
            (None, Some(_)) | (Some(_), None) => false,
        }
    }
}

impl Written {
    fn figure(&mut self, meeting: &Meeting, figure: ReadFigure<'_>) {
        match meeting.fate(figure.place, meeting.stands_already(&figure)) {
            Fate::Stands => {
                self.touched.push(figure.place);
                self.rows.extend(figure.row);
            }
            Fate::Agrees => self.agreed.push(figure.place),
            Fate::Rivals => {
                let typed = figure.typed;
                self.rivals.push((figure.place, text::tidy(&typed.text), typed.nature));
            }
        }
    }
}

/// The same answer of the same nature, however it was typed: `1671` is `1.671`.
pub(super) fn says_the_same(value: &report_value::Model, row: &report_value::ActiveModel) -> bool {
    let is_read = value.value.is_some() || value.choice.is_some();
    is(&row.value, &value.value)
        && is(&row.upper, &value.upper)
        && is(&row.qualifier, &value.qualifier)
        && is(&row.choice, &value.choice)
        && is(&row.nature, &value.nature)
        && (is_read || is(&row.raw, &value.raw))
}

fn is<T: PartialEq + Into<sea_orm::Value>>(new: &ActiveValue<T>, old: &T) -> bool {
    matches!(new, ActiveValue::Set(new) if new == old)
}
