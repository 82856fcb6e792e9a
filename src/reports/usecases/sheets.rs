//! Spreadsheets of a report: laying it out to be filled in, and taking what was filled in. What a figure must be is asked of the same
//! reader as by hand, and writing goes through [`save`].

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use thidua_entity::enums::{FigurePart, Nature, NumberForm, Qualifier, ReportAction};
use thidua_entity::{indicator, report_submission, report_value};
use uuid::Uuid;

use super::save::{Form, says_the_same};
use super::taking::found;
use super::{Saving, TypedFigure, save};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result, Text};
use crate::forms::content::{self, FormContent};
use crate::ids::Kind;
use crate::reports::store;
use crate::sheets::suggest::{self, Asked};
use crate::sheets::{Conflict, Filled, FilledCell, FilledRow, FormSheet, Item, Marker, Place, Section, Shown, Value};
use crate::version::Seen;
use crate::{db, forms, policy, units};

/// What becomes of a sheet with conflicts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FillMode {
    /// All figures are taken or none.
    Atomic,
    /// The rows without conflicts are taken.
    ByRow,
}

/// A figure that is taken out of a sheet.
#[derive(Clone, Debug)]
pub struct TakenFigure {
    /// Where it stands.
    pub at: Place,
    /// Code of the indicator.
    pub indicator: String,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// The text that is kept; empty when the figure is taken out of the report.
    pub text: String,
    /// The text that the report had; `None` when it had no such figure.
    pub before: Option<String>,
}

/// What came of a sheet.
#[derive(Debug)]
pub struct FilledIn {
    /// The report, as it is now.
    pub report: report_submission::Model,
    /// Whether figures were written.
    pub saved: bool,
    /// Name of the sheet; `None` for text, which has none.
    pub sheet: Option<String>,
    /// The figures that are taken, or would be: those that differ from the report's.
    pub taken: Vec<TakenFigure>,
    /// How many figures of the sheet the report has already.
    pub unchanged: usize,
    /// What is not taken, and how to mend it.
    pub conflicts: Vec<Conflict>,
}

/// A report that the caller sees, laid out to be filled in, with the report itself and words for the name of a file.
pub async fn sheet(env: &Env, actor: &Actor, id: Uuid) -> Result<(report_submission::Model, FormSheet, [String; 3])> {
    let today = env.today();
    let tx = db::begin_read(&env.db).await?;
    let report = store::find(&tx, &policy::reach(actor), id, today).await?;
    let around = Around::of(&tx, &report).await?;
    let values = store::values(&tx, &[report.id]).await?;
    // Its name then; what a report that is seen tells of its unit is no secret.
    let everything = super::taking::everything();
    let unit = units::store::find_many(&tx, &everything, &[report.unit_id], report.period_ends_on).await?;
    let unit = unit.into_iter().next().map(|unit| unit.name).unwrap_or_default();
    let period = forms::store::periods(&tx, &[report.period_id])
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    let form = forms::store::forms(&tx, &[report.form_id])
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    let sections = around.content.sections.iter().map(|section| Section {
        title: section.title.clone(),
        items: section
            .items
            .iter()
            .filter_map(|item| around.item(item, &values))
            .collect(),
    });
    let about = [
        ("Đơn vị báo cáo", unit.clone()),
        (
            "Kỳ báo cáo",
            format!("{} ({} – {})", period.name, day(period.starts_on), day(period.ends_on)),
        ),
        ("Phiên bản biểu", around.number.to_string()),
        ("Căn cứ", around.content.legal_basis.clone().unwrap_or_default()),
    ];
    let sheet = FormSheet {
        marker: marker(&report),
        code: form.code.clone(),
        title: format!("{}. {}", form.code, form.name),
        about: about
            .into_iter()
            .filter(|(_, what)| !what.is_empty())
            .map(|(word, what)| (word.to_owned(), what))
            .collect(),
        sections: sections.collect(),
        changed_at: report.updated_at,
    };
    Ok((report, sheet, [form.code, period.code, unit]))
}

fn day(day: chrono::NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

fn marker(report: &report_submission::Model) -> Marker {
    Marker {
        report: Kind::ReportSubmission.id(report.id),
        form_version: Kind::ReportFormVersion.id(report.form_version_id),
        version: report.version,
    }
}

/// Whether the caller may fill in a report now, asked before a file is read: of who may not, nothing is taken in.
pub async fn may_fill_in(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<()> {
    found(&env.db, env, actor, (id, seen), ReportAction::Save)
        .await
        .map(drop)
}

/// Takes the figures of a sheet that differ from those of the report. Nothing is written in a dry run, nor when there are conflicts
/// and all or nothing is asked for.
pub async fn fill_in(
    env: &Env,
    actor: &Actor,
    (id, seen): (Uuid, &Seen),
    filled: Filled,
    (mode, dry_run): (FillMode, bool),
) -> Result<FilledIn> {
    let tx = db::begin_read(&env.db).await?;
    let (_, report) = found(&tx, env, actor, (id, seen), ReportAction::Save).await?;
    is_of(&filled.marker, &report, seen)?;
    let looking = Looking {
        env,
        form: Form::of(&tx, &report).await?,
        around: Around::of(&tx, &report).await?,
        values: store::values(&tx, &[report.id]).await?,
        report,
    };
    // No transaction is open while the sheet is compared, nor when the figures are written.
    tx.rollback().await?;
    let sheet = filled.sheet.clone();
    let (taken, unchanged, conflicts) = looking.compare(filled)?;
    let mut report = looking.report;
    let saved = !dry_run && !taken.is_empty() && (conflicts.is_empty() || mode == FillMode::ByRow);
    if saved {
        let figures = taken.iter().map(|figure| TypedFigure {
            indicator: figure.indicator.clone(),
            part: figure.part,
            text: figure.text.clone(),
            nature: None,
        });
        let figures: Vec<_> = figures.collect();
        let saving = Saving {
            report: id,
            version: report.version,
            figures: &figures,
            note: None,
            key: None,
        };
        report = save(env, actor, &saving).await?;
    }
    Ok(FilledIn {
        report,
        saved,
        sheet,
        taken,
        unchanged,
        conflicts,
    })
}

/// A sheet is taken for the report and the form that it was made of, and at the version that whoever filled it in saw, unless they
/// want it whichever that is.
fn is_of(marker: &Marker, report: &report_submission::Model, seen: &Seen) -> Result<()> {
    let own = self::marker(report);
    if marker.report != own.report {
        return Err(Error::invalid(
            "SHEET_OF_ANOTHER_REPORT",
            "file",
            "Bảng tính này là của báo cáo khác (đơn vị, biểu hoặc kỳ khác).",
            "This spreadsheet is of another report (another unit, form or period).",
        ));
    }
    if marker.form_version != own.form_version {
        return Err(Error::invalid(
            "SHEET_OF_ANOTHER_FORM",
            "file",
            "Bảng tính này theo phiên bản khác của biểu; hãy tải lại biểu rồi điền.",
            "This spreadsheet is of another version of the form; download it anew and fill it in.",
        ));
    }
    match seen {
        Seen::Any => Ok(()),
        Seen::OneOf(_) => Seen::from(marker.version).check(report.version),
    }
}

/// What is on the form of a report.
struct Around {
    number: i32,
    content: FormContent,
    indicators: HashMap<String, indicator::Model>,
    choices: HashMap<Uuid, Vec<(String, String)>>,
}

impl Around {
    async fn of(connection: &impl ConnectionTrait, report: &report_submission::Model) -> Result<Self> {
        let version = forms::store::versions_by_id(connection, &[report.form_version_id])
            .await?
            .pop();
        let version = version.ok_or(Error::NotFound)?;
        let (mut contents, indicators) = forms::store::contents(connection, &[&version]).await?;
        let choosing = indicators.iter().filter(|row| row.number_form == NumberForm::Choice);
        let choosing: Vec<Uuid> = choosing.map(|row| row.id).collect();
        let mut choices: HashMap<Uuid, Vec<(String, String)>> = HashMap::new();
        if !choosing.is_empty() {
            for row in forms::store::choices(connection, &choosing).await? {
                choices.entry(row.indicator_id).or_default().push((row.code, row.label));
            }
        }
        Ok(Self {
            number: version.number,
            content: contents.pop().ok_or(Error::NotFound)?,
            indicators: indicators.into_iter().map(|row| (row.code.clone(), row)).collect(),
            choices,
        })
    }

    /// An indicator with its figures, as it is laid out.
    fn item(&self, item: &content::Item, values: &[report_value::Model]) -> Option<Item> {
        let indicator = self.indicators.get(&item.indicator)?;
        let choices = self.choices.get(&indicator.id).map_or(&[][..], Vec::as_slice);
        let bounds = forms::store::indicator_bounds(indicator).and(item.bounds);
        let asked = |part: &FigurePart| part.dimension().is_none_or(|one| item.dimensions.contains(&one));
        let figures = values.iter().filter(|value| value.indicator_id == indicator.id);
        Some(Item {
            code: indicator.code.clone(),
            name: indicator.name.clone(),
            measure: indicator.unit_of_measure.clone(),
            help: item.help.clone(),
            required: item.required,
            form: indicator.number_form,
            lowest: bounds.lowest,
            highest: bounds.highest,
            choices: choices.iter().map(|(_, label)| label.clone()).collect(),
            parts: FigurePart::ALL.iter().copied().filter(asked).collect(),
            figures: figures
                .map(|value| (value.part, shown(value, indicator, choices)))
                .collect(),
        })
    }
}

/// A figure as a sheet shows it: a number where it is nothing but one, else what was typed.
fn shown(value: &report_value::Model, indicator: &indicator::Model, choices: &[(String, String)]) -> Shown {
    let exact = value.value.filter(|_| value.qualifier == Qualifier::Exact);
    let chosen = value
        .choice
        .as_ref()
        .and_then(|code| choices.iter().find(|(known, _)| known == code));
    match (indicator.number_form, exact, chosen) {
        (NumberForm::YesNo, Some(answer), _) => Shown::Text(
            if answer == thidua_entity::Fixed4::ZERO {
                "Không"
            } else {
                "Có"
            }
            .to_owned(),
        ),
        (NumberForm::Choice, _, Some((_, label))) => Shown::Text(label.clone()),
        (NumberForm::Choice | NumberForm::Text, ..) | (_, None, _) => Shown::Text(value.raw.clone()),
        (_, Some(number), _) => Shown::Number(number),
    }
}

/// A sheet beside the report that it is of.
struct Looking<'a> {
    env: &'a Env,
    form: Form,
    around: Around,
    values: Vec<report_value::Model>,
    report: report_submission::Model,
}

/// What becomes of a cell.
enum Read {
    Unchanged,
    Nothing,
    Taken(TakenFigure),
}

impl Looking<'_> {
    /// The figures that differ, how many do not, and what cannot be taken. Of a row with a conflict nothing is taken.
    fn compare(&self, filled: Filled) -> Result<(Vec<TakenFigure>, usize, Vec<Conflict>)> {
        let (mut taken, mut unchanged, mut conflicts) = (Vec::new(), 0_usize, filled.conflicts);
        let codes = || {
            self.around
                .content
                .placed()
                .map(|placed| placed.item.indicator.as_str())
        };
        for row in &filled.rows {
            let Some(indicator) = codes()
                .find(|code| *code == row.code)
                .and_then(|code| self.around.indicators.get(code))
            else {
                conflicts.push(self.unknown(row, codes()));
                continue;
            };
            let (mut of_row, before) = (Vec::new(), conflicts.len());
            for cell in &row.cells {
                match self.read(indicator, cell)? {
                    Ok(Read::Taken(figure)) => of_row.push(figure),
                    Ok(Read::Unchanged) => unchanged = unchanged.saturating_add(1),
                    Ok(Read::Nothing) => {}
                    Err(conflict) => conflicts.push(*conflict),
                }
            }
            if conflicts.len() == before {
                taken.append(&mut of_row);
            }
        }
        conflicts.sort_by_key(|conflict| conflict.at);
        Ok((taken, unchanged, conflicts))
    }

    /// What stands in a cell, read as if it had been typed.
    fn read(&self, indicator: &indicator::Model, cell: &FilledCell) -> Result<Result<Read, Box<Conflict>>> {
        let mut values = self.values.iter();
        let before = values.find(|value| value.indicator_id == indicator.id && value.part == cell.part);
        let taken = |text: String| TakenFigure {
            at: cell.at,
            indicator: indicator.code.clone(),
            part: cell.part,
            text,
            before: before.map(|before| before.raw.clone()),
        };
        let Some(value) = &cell.value else {
            return Ok(Ok(before.map_or(Read::Nothing, |_| Read::Taken(taken(String::new())))));
        };
        if before.is_some_and(|before| is_that_number(value, before)) {
            return Ok(Ok(Read::Unchanged));
        }
        let conflict = |code, text, suggestions| {
            Box::new(Conflict {
                at: cell.at,
                found: value.shown(),
                code,
                text,
                suggestions,
                indicator: Some(indicator.code.clone()),
                part: Some(cell.part),
            })
        };
        let text = match suggest::typed(value, indicator.number_form) {
            Ok(text) => text,
            Err(unclear) => return Ok(Err(conflict(unclear.code, unclear.text, unclear.suggestions))),
        };
        let figure = taken(text);
        let typed = TypedFigure {
            indicator: figure.indicator.clone(),
            part: figure.part,
            text: figure.text.clone(),
            // A sheet says nothing of it.
            nature: before.map(|before| before.nature),
        };
        match self
            .form
            .read(self.env, &self.report, std::slice::from_ref(&typed), Nature::Actual)
        {
            Ok(read) => Ok(Ok(
                match (read.first().and_then(|figure| figure.row.as_ref()), before) {
                    (Some(row), Some(before)) if says_the_same(before, row) => Read::Unchanged,
                    _ => Read::Taken(figure),
                },
            )),
            Err(Error::Invalid(problems)) => match problems.into_iter().next() {
                Some(Problem { code, text, .. }) => {
                    let suggestions = suggest::instead(&figure.text, self.asked(indicator));
                    Ok(Err(conflict(code, text, suggestions)))
                }
                None => Ok(Ok(Read::Nothing)),
            },
            Err(other) => Err(other),
        }
    }

    /// A row whose code is none of the form's.
    fn unknown<'a>(&'a self, row: &FilledRow, codes: impl Iterator<Item = &'a str>) -> Conflict {
        let code = row.code.clone();
        let named = self
            .around
            .indicators
            .values()
            .filter(|indicator| indicator.name == row.name.trim_end_matches(" (*)"));
        let mut suggestions: Vec<String> = named.map(|indicator| indicator.code.clone()).collect();
        suggestions.extend(suggest::nearest(&code, codes));
        suggestions.dedup();
        Conflict {
            at: row.at,
            found: code.clone(),
            code: "INDICATOR_NOT_ON_FORM",
            text: Text::new(
                format!("Biểu này không có chỉ tiêu `{code}`."),
                format!("This form has no indicator `{code}`."),
            ),
            suggestions,
            indicator: None,
            part: None,
        }
    }

    fn asked<'a>(&'a self, indicator: &'a indicator::Model) -> Asked<'a> {
        let item = self
            .around
            .content
            .placed()
            .find(|placed| placed.item.indicator == indicator.code);
        let bounds = forms::store::indicator_bounds(indicator);
        let bounds = item.map_or(bounds, |placed| bounds.and(placed.item.bounds));
        Asked {
            form: indicator.number_form,
            choices: self.around.choices.get(&indicator.id).map_or(&[][..], Vec::as_slice),
            lowest: bounds.lowest,
            highest: bounds.highest,
        }
    }
}

/// Whether a cell holds the very number of a figure; how a program writes it then does not matter.
fn is_that_number(value: &Value, before: &report_value::Model) -> bool {
    match value {
        Value::Number(number) if before.qualifier == Qualifier::Exact => {
            before.value.is_some_and(|value| value.to_string() == *number)
        }
        _ => false,
    }
}
