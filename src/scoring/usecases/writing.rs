//! Writing entries of one layer of a sheet. What takes the place of an entry is another edition of it; the same again changes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use sea_orm::{ActiveModelTrait as _, ConnectionTrait, IntoActiveModel as _};
use serde_json::json;
use thidua_entity::enums::{ScoreKind, ScoreLayer, ScoreSubject, SheetState};
use thidua_entity::{Fixed4, score_entry, score_sheet};
use uuid::Uuid;

use super::allowed::{self, may_write};
use super::judging::{self, Judging, Unexplained};
use super::reckoned::{self, known};
use super::standing::{Standing, of_units};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::ids::Kind;
use crate::numbers::{self, NumberForm, Qualifier};
use crate::scoring::facts;
use crate::scoring::store::{self, View};
use crate::version::Seen;
use crate::{db, input, years};

/// Whose sheet is written.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    /// That sheet.
    Sheet(Uuid),
    /// That of a unit in a year; its officers begin it by writing.
    Unit {
        /// The year.
        year: Uuid,
        /// The unit.
        unit: Uuid,
    },
}

/// What an entry is to say.
#[derive(Clone, Debug)]
pub enum Said {
    /// Points, as typed: `9,25`.
    Points(String),
    /// Passed or failed; of a declaration whether it is so.
    Verdict(bool),
    /// A count.
    Count(i32),
    /// How many events of each kind, by their codes.
    Events(Vec<(String, i32)>),
}

/// An entry that is to be written or taken back.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// What it is about.
    pub subject: ScoreSubject,
    /// Code of the criterion or declaration.
    pub code: String,
    /// What it is to say; `None` takes back what stands.
    pub said: Option<Said>,
    /// Why.
    pub reason: Option<String>,
    /// The edition that the writer saw; `None` when it saw none.
    pub edition: Option<i32>,
}

/// Entries of one layer of one sheet that are to be written.
#[derive(Clone, Debug)]
pub struct Writing<'a> {
    /// Whose sheet.
    pub whose: Whose,
    /// Which layer.
    pub layer: ScoreLayer,
    /// The entries.
    pub entries: &'a [NewEntry],
    /// The version of the sheet that the writer saw. Without it, the edition of each entry tells.
    pub seen: Option<Seen>,
}

/// What is stored of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stored {
    kind: ScoreKind,
    points: Option<Fixed4>,
    verdict: bool,
    count: Option<i32>,
    events: Option<String>,
    reason: Option<String>,
}

impl Stored {
    fn of(row: &score_entry::Model) -> Self {
        Self {
            kind: row.kind,
            points: row.points,
            verdict: row.verdict,
            count: row.count,
            events: row.events.clone(),
            reason: row.reason.clone(),
        }
    }
}

/// An entry that was read: its place in the input, what it is about, what it is to say.
struct Read {
    index: usize,
    subject: ScoreSubject,
    code: String,
    said: Option<Stored>,
    edition: Option<i32>,
}

/// Writes entries of one layer of a sheet; nothing is stored when anything is wrong with one of them. The officers of a unit begin its
/// sheet by writing. What stands already is not written again, so that repeating a request changes nothing.
pub async fn write(env: &Env, actor: &Actor, writing: &Writing<'_>) -> Result<score_sheet::Model> {
    let entries = read_all(writing.entries)?;
    let tx = db::begin_write(&env.db).await?;
    let (sheet, standing, is_new) = found(&tx, env, actor, writing).await?;
    if entries.is_empty() && !is_new {
        // Begun again: the one that there is, is the answer to who writes it, however far it has come.
        allowed::writes(actor, &standing, writing.layer).map(drop)?;
        return Ok(sheet);
    }
    let (actor, for_unit) = may_write(actor, &standing, sheet.state, writing.layer)?;
    let rows = store::standing(&tx, &[sheet.id]).await?;
    let changes = changes(&rows, &entries, writing)?;
    if let Some(Seen::OneOf(_)) = &writing.seen
        && !changes.is_empty()
    {
        writing.seen.iter().try_for_each(|seen| seen.check(sheet.version))?;
    }
    if changes.is_empty() {
        // The sheet may have been begun, and what stands already was asked for again.
        tx.commit().await?;
        return Ok(sheet);
    }
    let editions = store::last_editions(&tx, sheet.id, writing.layer).await?;
    let last: HashMap<(ScoreSubject, &str), i32> = editions
        .iter()
        .map(|(subject, code, edition)| ((*subject, code.as_str()), *edition))
        .collect();
    let new = changes.iter().filter_map(|(entry, _)| {
        let said = entry.said.clone()?;
        Some(score_entry::Model {
            id: env.new_id(),
            sheet_id: sheet.id,
            layer: writing.layer,
            subject: entry.subject,
            code: entry.code.clone(),
            edition: last
                .get(&(entry.subject, entry.code.as_str()))
                .map_or(1, |last| last.saturating_add(1)),
            standing: true,
            kind: said.kind,
            points: said.points,
            verdict: said.verdict,
            count: said.count,
            events: said.events,
            reason: said.reason,
            unit_id: for_unit,
            written_by: actor.recorded_as(),
            written_for: actor.acting_for(),
            written_at: env.now(),
        })
    });
    let new: Vec<score_entry::Model> = new.collect();
    let former: Vec<Uuid> = changes.iter().filter_map(|(_, former)| Some((*former)?.id)).collect();
    let kept = rows.iter().filter(|row| !former.contains(&row.id));
    judge(
        &tx,
        env,
        &standing,
        writing,
        &changes,
        kept.chain(&new).cloned().collect(),
    )
    .await?;
    store::withdraw(&tx, &former).await?;
    let written: Vec<&str> = changes.iter().map(|(entry, _)| entry.code.as_str()).collect();
    let detail = json!({ "layer": writing.layer, "codes": written, "for": for_unit });
    let rows = new.into_iter().map(|row| row.into_active_model().reset_all());
    store::insert(&tx, rows.collect()).await?;
    let sheet = store::touched(&tx, &sheet, env.now()).await?;
    let (event, subject) = (Event("SCORE_ENTRIES_WRITTEN"), (Kind::ScoreSheet, sheet.id));
    audit::record(&tx, env, &actor, event, subject, detail).await?;
    tx.commit().await?;
    Ok(sheet)
}

/// The sheet, kept for this transaction, with what decides who may write it, and whether it was begun just now: that of one's own unit is,
/// when there is none.
async fn found(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    writing: &Writing<'_>,
) -> Result<(score_sheet::Model, Arc<Standing>, bool)> {
    let view = View::of(actor, env.today());
    let (year, unit) = match writing.whose {
        Whose::Sheet(id) => {
            let found = store::lock_many(tx, &view, &[id]).await?;
            let sheet = found.into_iter().next().ok_or(Error::NotFound)?;
            let mut standings = super::standings(tx, env, std::slice::from_ref(&sheet)).await?;
            let standing = standings.remove(&sheet.id).ok_or(Error::NotFound)?;
            return Ok((sheet, standing, false));
        }
        Whose::Unit { year, unit } => (year, unit),
    };
    let seen = store::of_units(tx, &view, &[(year, unit)]).await?;
    if seen.is_empty() {
        // Whoever begins it sees the year, and the unit takes part.
        let years = years::store::View::of(actor, env.today());
        years::store::find(tx, &years, year).await?;
        years::store::participant(tx, year, unit).await?;
    }
    years::store::hold(tx, &[year]).await?;
    let mut standings = of_units(tx, env, &[(year, unit)]).await?;
    let standing = standings.remove(&(year, unit)).ok_or(Error::NotFound)?;
    let (acting, _) = allowed::writes(actor, &standing, writing.layer)?;
    if seen.is_empty() {
        if writing.layer != ScoreLayer::Own {
            return Err(Error::NotFound);
        }
        may_write(actor, &standing, SheetState::Draft, writing.layer).map(drop)?;
    }
    let sheet = store::begin(tx, (year, unit), env.new_id(), env.now()).await?;
    if seen.is_empty() {
        let subject = (Kind::ScoreSheet, sheet.id);
        let detail = json!({ "yearId": year, "unitId": unit });
        audit::record(tx, env, &acting, Event("SCORE_SHEET_BEGUN"), subject, detail).await?;
    }
    Ok((sheet, standing, seen.is_empty()))
}

/// Those entries that change something, each with what it takes the place of.
fn changes<'a>(
    rows: &'a [score_entry::Model],
    entries: &'a [Read],
    writing: &Writing<'_>,
) -> Result<Vec<(&'a Read, Option<&'a score_entry::Model>)>> {
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    for entry in entries {
        let former = rows
            .iter()
            .find(|row| row.layer == writing.layer && row.subject == entry.subject && row.code == entry.code);
        if former.map(Stored::of) == entry.said {
            continue;
        }
        let stands = former.map(|row| row.edition);
        if writing.seen.is_none() && stands != entry.edition {
            problems.push(stale(entry.index, stands));
        }
        changes.push((entry, former));
    }
    Problem::none(problems)?;
    Ok(changes)
}

fn stale(index: usize, stands: Option<i32>) -> Problem {
    let (vi, en) = match stands {
        Some(edition) => (format!("lần ghi {edition}"), format!("edition {edition}")),
        None => ("chưa có hoặc đã rút lại".to_owned(), "none, or taken back".to_owned()),
    };
    Problem::new(
        "STALE_ENTRY",
        format!("entries.{index}.edition"),
        format!("Điểm này đã được người khác ghi (hiện là: {vi}). Hãy tải lại, xem rồi ghi."),
        format!("Somebody else wrote this entry (now: {en}). Load it again, look, then write."),
    )
}

/// Judges what would stand: whether the entries fit the set, and whether those that need a reason have one.
async fn judge(
    tx: &impl ConnectionTrait,
    env: &Env,
    standing: &Standing,
    writing: &Writing<'_>,
    changes: &[(&Read, Option<&score_entry::Model>)],
    rows: Vec<score_entry::Model>,
) -> Result<()> {
    let known = known(tx, env, &standing.year).await?;
    let rows: Vec<_> = rows.into_iter().filter(|row| row.layer <= writing.layer).collect();
    let entries = HashMap::from([(standing.unit, reckoned::read(rows.iter())?)]);
    let outcome = known.reckon(known.with_entries(entries), writing.layer).await?;
    let unit = outcome
        .units
        .get(&Kind::Unit.id(standing.unit))
        .ok_or(Error::NotFound)?;
    let about = |subject: ScoreSubject, code: &str| {
        let mut these = changes.iter().map(|(entry, _)| *entry);
        these.find(|entry| entry.subject == subject && entry.code == code && entry.said.is_some())
    };
    let mut problems = Vec::new();
    let layer = facts::layer(writing.layer);
    for problem in outcome.problems.iter().filter(|problem| problem.layer == layer) {
        if let Some(entry) = about(ScoreSubject::Criterion, &problem.criterion) {
            problems.push(Problem {
                code: problem.kind.code(),
                field: format!("entries.{}.{}", entry.index, judging::part(&problem.kind)),
                text: problem.kind.text(),
            });
        }
    }
    let judging = Judging {
        set: &known.set,
        unit,
        layer: writing.layer,
        blind: standing.year.blind,
    };
    for (code, why) in judging.without_reason() {
        if let Some(entry) = about(ScoreSubject::Criterion, &code) {
            problems.push(why.problem(format!("entries.{}.reason", entry.index)));
        }
    }
    let declared: BTreeSet<&str> = known
        .set
        .set()
        .declarations
        .iter()
        .map(|one| one.code.as_str())
        .collect();
    for (entry, _) in changes
        .iter()
        .filter(|(entry, _)| entry.subject == ScoreSubject::Declaration)
    {
        if !declared.contains(entry.code.as_str()) {
            problems.push(Problem::new(
                "UNKNOWN_DECLARATION",
                format!("entries.{}.code", entry.index),
                "Bảng điểm không có nội dung kê khai này.",
                "The set has no such declaration.",
            ));
        }
    }
    for code in declares_otherwise(&rows, writing.layer, standing.year.blind) {
        if let Some(entry) = about(ScoreSubject::Declaration, &code) {
            problems.push(Unexplained::DeclaresOtherwise.problem(format!("entries.{}.reason", entry.index)));
        }
    }
    Problem::none(problems)
}

/// Declarations of a layer that differ from what stands below without a reason.
pub(super) fn declares_otherwise(rows: &[score_entry::Model], layer: ScoreLayer, blind: bool) -> Vec<String> {
    if blind && layer == ScoreLayer::CrossCheck {
        return Vec::new();
    }
    let declared = || rows.iter().filter(|row| row.subject == ScoreSubject::Declaration);
    let unexplained = declared()
        .filter(|row| row.layer == layer && row.reason.is_none())
        .filter(|row| {
            let below = declared().filter(|other| other.code == row.code && other.layer < layer);
            let below = below.max_by_key(|other| other.layer);
            below.is_some_and(|below| below.verdict != row.verdict)
        });
    unexplained.map(|row| row.code.clone()).collect()
}

/// Most kinds of events that an entry counts.
const EVENTS_MAX: usize = crate::reckoning::PARTS_MAX;

fn read_all(entries: &[NewEntry]) -> Result<Vec<Read>> {
    input::list_size("entries", entries.len(), input::LIST_MAX)?;
    let (mut read, mut problems, mut twice) = (Vec::new(), Vec::new(), HashSet::new());
    for (index, entry) in entries.iter().enumerate() {
        match read_one(index, entry) {
            Ok(one) if !twice.insert((one.subject, one.code.clone())) => problems.push(Problem::new(
                "TWICE",
                format!("entries.{index}.code"),
                "Mục này có hai lần trong danh sách gửi.",
                "This is in the list twice.",
            )),
            Ok(one) => read.push(one),
            Err(Error::Invalid(more)) => problems.extend(more),
            Err(error) => return Err(error),
        }
    }
    Problem::none(problems)?;
    Ok(read)
}

fn read_one(index: usize, entry: &NewEntry) -> Result<Read> {
    let field = |part: &str| format!("entries.{index}.{part}");
    let reason = input::paragraph_or_none(&field("reason"), entry.reason.as_deref())?;
    let code = input::code(&field("code"), &entry.code)?;
    let nothing = Stored {
        kind: ScoreKind::Verdict,
        points: None,
        verdict: false,
        count: None,
        events: None,
        reason: reason.clone(),
    };
    let said = match (&entry.said, entry.subject) {
        (None, _) => None,
        (Some(Said::Verdict(verdict)), _) => Some(Stored {
            verdict: *verdict,
            ..nothing
        }),
        (Some(_), ScoreSubject::Declaration) => {
            return Err(Error::invalid(
                "WRONG_KIND",
                field("verdict"),
                "Nội dung kê khai chỉ trả lời có hoặc không.",
                "A declaration is yes or no.",
            ));
        }
        (Some(Said::Points(text)), _) => Some(Stored {
            kind: ScoreKind::Points,
            points: Some(points(&field("points"), text)?),
            ..nothing
        }),
        (Some(Said::Count(count)), _) => Some(Stored {
            kind: ScoreKind::Count,
            count: Some(counted(&field("count"), *count)?),
            ..nothing
        }),
        (Some(Said::Events(events)), _) => {
            input::list_size(&field("events"), events.len(), EVENTS_MAX)?;
            let mut counts = BTreeMap::new();
            for (place, (code, count)) in events.iter().enumerate() {
                let at = |part: &str| field(&format!("events.{place}.{part}"));
                let code = input::code(&at("code"), code)?;
                let count = counted(&at("count"), *count)?;
                if counts.insert(code, count).is_some() {
                    return Err(Error::invalid(
                        "TWICE",
                        at("code"),
                        "Loại sự việc này có hai lần.",
                        "This kind of event is there twice.",
                    ));
                }
            }
            // Kinds in the order of their codes, so that the same counts are the same text.
            let text = serde_json::to_string(&counts).map_err(Error::internal)?;
            Some(Stored {
                kind: ScoreKind::Events,
                events: Some(text),
                ..nothing
            })
        }
    };
    Ok(Read {
        index,
        subject: entry.subject,
        code,
        said,
        edition: entry.edition,
    })
}

/// Points as people type them: `9,25`, exactly.
fn points(field: &str, text: &str) -> Result<Fixed4> {
    let reading = numbers::read(text, NumberForm::Decimal).map_err(|problem| {
        let told = problem.text();
        Error::invalid(problem.code(), field, told.vi, told.en)
    })?;
    if reading.qualifier == Qualifier::Exact {
        return Ok(reading.value);
    }
    Err(Error::invalid(
        "NOT_EXACT",
        field,
        "Điểm phải là một số chính xác, ví dụ 9,25.",
        "Points are one exact number, such as 9,25.",
    ))
}

fn counted(field: &str, count: i32) -> Result<i32> {
    if count >= 0 {
        return Ok(count);
    }
    Err(Error::invalid(
        "COUNT_NEGATIVE",
        field,
        "Số lượng không được âm.",
        "A count is not below 0.",
    ))
}
