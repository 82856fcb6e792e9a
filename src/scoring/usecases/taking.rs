//! The steps in the life of score sheets: handing in layer after layer, and sending back. One sheet or many, in the same few statements.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::{Days, NaiveDate};
use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{EventKind, ScoreLayer, SheetState};
use thidua_entity::{event, score_entry, score_sheet};
use uuid::Uuid;

use super::allowed::may_step;
use super::judging::{self, Judging, Unexplained};
use super::reckoned::known;
use super::standing::{Standing, standings};
use super::writing::declares_otherwise;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result, Text};
use crate::events::{self, OfYear};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::reckoning::Outcome;
use crate::scoring::state::{self, Step};
use crate::scoring::store::{self, View};
use crate::version::Seen;
use crate::{db, input};

/// Most sheets with which a step is taken at once.
pub const AT_ONCE_MAX: usize = 250;

/// A step that is to be taken with sheets.
#[derive(Clone, Debug)]
pub struct Taking<'a> {
    /// Which.
    pub step: Step,
    /// The sheets, each with the version that the caller saw.
    pub sheets: &'a [(Uuid, Seen)],
    /// Why, when they are sent back.
    pub reason: Option<&'a str>,
    /// Only tell what would come of it.
    pub dry_run: bool,
}

/// What came of it for one sheet.
pub struct Taken {
    /// The sheet.
    pub id: Uuid,
    /// The sheet as it is now, or would be, or why the step was not taken.
    pub outcome: Result<score_sheet::Model>,
}

/// Takes a step with one sheet.
pub async fn step(
    env: &Env,
    actor: &Actor,
    step: Step,
    sheet: (Uuid, Seen),
    reason: Option<&str>,
) -> Result<score_sheet::Model> {
    let taking = Taking {
        step,
        sheets: &[sheet],
        reason,
        dry_run: false,
    };
    let taken = take(env, actor, &taking).await?;
    taken.into_iter().next().ok_or(Error::NotFound)?.outcome
}

/// Takes a step with many sheets, for who may take it with some sheet somewhere: see [`take`].
pub async fn review(env: &Env, actor: &Actor, taking: &Taking<'_>) -> Result<Vec<Taken>> {
    let actions: &[Action] = match taking.step {
        Step::HandIn(ScoreLayer::Own) => &[Action::ScoreSelf],
        Step::HandIn(ScoreLayer::CrossCheck) => &[Action::CrossCheckWrite, Action::CrossCheckManage],
        Step::HandIn(ScoreLayer::Cluster) => &[Action::ScoreAppraise],
        Step::HandIn(ScoreLayer::Province) => &[Action::ScoreProvince],
        Step::HandIn(ScoreLayer::Council) => &[Action::ScoreCouncil],
        Step::Return => &[Action::ScoreReturn, Action::ScoreProvince, Action::ScoreCouncil],
    };
    let somewhere = |action: &Action| policy::authorize_anywhere(actor, *action);
    if actions.iter().all(|action| somewhere(action).is_err()) {
        actions.iter().try_for_each(somewhere)?;
    }
    take(env, actor, taking).await
}

/// Takes a step with each sheet with which the caller may take it now and that is fit for it, and tells of each what came of it, in the
/// order given. Those that pass are taken together; the others are left as they are.
pub async fn take(env: &Env, actor: &Actor, taking: &Taking<'_>) -> Result<Vec<Taken>> {
    let reason = reason(taking)?;
    each_once(taking.sheets)?;
    let tx = db::begin_write(&env.db).await?;
    let (passed, mut outcomes) = judge(&tx, env, actor, taking).await?;
    let changed = apply(&tx, env, &passed, taking.step, reason.as_deref()).await?;
    outcomes.extend(changed.into_iter().map(|sheet| (sheet.id, Ok(sheet))));
    if taking.dry_run {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    let in_order = taking.sheets.iter().map(|(id, _)| Taken {
        id: *id,
        outcome: outcomes.remove(id).unwrap_or(Err(Error::NotFound)),
    });
    Ok(in_order.collect())
}

/// Sending back needs a reason, and nothing else has one.
fn reason(taking: &Taking<'_>) -> Result<Option<String>> {
    match (taking.step, taking.reason) {
        (Step::Return, reason) => input::paragraph("reason", reason.unwrap_or_default()).map(Some),
        (Step::HandIn(_), None) => Ok(None),
        (Step::HandIn(_), Some(_)) => Err(Error::invalid(
            "REASON_NOT_TAKEN",
            "reason",
            "Chỉ khi trả lại phiếu mới cần lý do.",
            "Only sending back takes a reason.",
        )),
    }
}

fn each_once(sheets: &[(Uuid, Seen)]) -> Result<()> {
    input::list_size("items", sheets.len(), AT_ONCE_MAX)?;
    if sheets.is_empty() {
        return Err(Error::Invalid(vec![input::required("items")]));
    }
    let mut seen = HashSet::new();
    let twice = sheets.iter().enumerate().filter(|(_, (id, _))| !seen.insert(*id));
    let problems = twice.map(|(index, _)| {
        Problem::new(
            "TWICE",
            format!("items.{index}.id"),
            "Phiếu này có hai lần trong danh sách.",
            "This sheet is in the list twice.",
        )
    });
    match problems.collect::<Vec<_>>() {
        none if none.is_empty() => Ok(()),
        problems => Err(Error::Invalid(problems)),
    }
}

/// A sheet with which the step may be taken, and the caller as it acts.
struct Passed {
    actor: Actor,
    sheet: score_sheet::Model,
    standing: Arc<Standing>,
}

type Outcomes = HashMap<Uuid, Result<score_sheet::Model>>;

/// Judges each sheet by itself: whether it is seen, whether the caller may take the step with it now, whether it is fit for it.
async fn judge(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    taking: &Taking<'_>,
) -> Result<(Vec<Passed>, Outcomes)> {
    let ids: Vec<Uuid> = taking.sheets.iter().map(|(id, _)| *id).collect();
    let found = store::lock_many(tx, &View::of(actor, env.today()), &ids).await?;
    let mut standings = standings(tx, env, &found).await?;
    let (mut may, mut outcomes) = (Vec::new(), Outcomes::new());
    for sheet in found {
        let seen = taking.sheets.iter().find(|(id, _)| *id == sheet.id);
        let (Some((id, seen)), Some(standing)) = (seen, standings.remove(&sheet.id)) else {
            continue;
        };
        let acting = may_step(actor, &standing, sheet.state, taking.step)
            .and_then(|acting| seen.check(sheet.version).map(|()| acting));
        match acting {
            Ok(actor) => may.push(Passed { actor, sheet, standing }),
            Err(error) => _ = outcomes.insert(*id, Err(error)),
        }
    }
    let Step::HandIn(layer) = taking.step else {
        return Ok((may, outcomes));
    };
    let mut unfit = unfit(tx, env, &may, layer).await?;
    let mut passed = Vec::new();
    for one in may {
        match unfit.remove(&one.sheet.id) {
            Some(error) => _ = outcomes.insert(one.sheet.id, Err(error)),
            None => passed.push(one),
        }
    }
    Ok((passed, outcomes))
}

/// Why sheets cannot be handed in, of those that cannot. The facts of a year are gathered and reckoned with once.
async fn unfit(
    tx: &impl ConnectionTrait,
    env: &Env,
    sheets: &[Passed],
    layer: ScoreLayer,
) -> Result<HashMap<Uuid, Error>> {
    let ids: Vec<Uuid> = sheets.iter().map(|one| one.sheet.id).collect();
    let mut unfit = HashMap::new();
    if layer == ScoreLayer::Council {
        let objections = store::objections(tx, &ids).await?;
        for one in sheets {
            let open = objections
                .iter()
                .any(|row| row.sheet_id == one.sheet.id && row.outcome.is_none());
            if let Err(error) = demand_settled(&one.sheet, open, env.today()) {
                unfit.insert(one.sheet.id, error);
            }
        }
    }
    let rows = store::standing(tx, &ids).await?;
    let proven = if layer == ScoreLayer::Own {
        store::proven(tx, &ids).await?
    } else {
        Vec::new()
    };
    let years: BTreeSet<Uuid> = sheets.iter().map(|one| one.sheet.year_id).collect();
    for year in years {
        let of_year: Vec<&Passed> = sheets.iter().filter(|one| one.sheet.year_id == year).collect();
        let Some(first) = of_year.first() else { continue };
        let known = known(tx, env, &first.standing.year).await?;
        let outcome = known.reckon(known.gathered.facts.clone(), layer).await?;
        for one in of_year {
            let of_sheet = rows
                .iter()
                .filter(|row| row.sheet_id == one.sheet.id && row.layer <= layer);
            let of_sheet: Vec<score_entry::Model> = of_sheet.cloned().collect();
            let proven = proven.iter().filter(|(sheet, _)| *sheet == one.sheet.id);
            let proven: BTreeSet<String> = proven.map(|(_, code)| code.clone()).collect();
            let problems = fit(&known.set, &outcome, one, layer, &of_sheet, &proven)?;
            if !one.standing.checks_done && layer == ScoreLayer::CrossCheck {
                unfit.insert(one.sheet.id, checks_open());
            } else if !problems.is_empty() {
                unfit.entry(one.sheet.id).or_insert(Error::Invalid(problems));
            }
        }
    }
    Ok(unfit)
}

/// What is wrong with what a layer wrote when it is to be handed in.
fn fit(
    set: &crate::reckoning::CheckedSet,
    outcome: &Outcome,
    one: &Passed,
    layer: ScoreLayer,
    rows: &[score_entry::Model],
    proven: &BTreeSet<String>,
) -> Result<Vec<Problem>> {
    let id = Kind::Unit.id(one.sheet.unit_id);
    let unit = outcome.units.get(&id).ok_or(Error::NotFound)?;
    let judging = Judging {
        set,
        unit,
        layer,
        blind: one.standing.year.blind,
    };
    let at = crate::scoring::facts::layer(layer);
    let of_unit = outcome
        .problems
        .iter()
        .filter(|problem| problem.unit == id && problem.layer == at);
    let mut problems: Vec<Problem> = of_unit
        .map(|problem| Problem {
            code: problem.kind.code(),
            field: format!("entries.{}", problem.criterion),
            text: problem.text(),
        })
        .collect();
    // Nobody checks a unit that nobody was assigned to.
    if layer != ScoreLayer::CrossCheck || !one.standing.checkers.is_empty() {
        problems.extend(judging.missing().iter().map(|code| judging::points_missing(code)));
    }
    let unexplained = judging.without_reason().into_iter();
    problems.extend(unexplained.map(|(code, why)| why.problem(format!("entries.{code}.reason"))));
    let otherwise = declares_otherwise(rows, layer, judging.blind).into_iter();
    problems.extend(otherwise.map(|code| Unexplained::DeclaresOtherwise.problem(format!("entries.{code}.reason"))));
    if layer == ScoreLayer::Own {
        problems.extend(
            judging
                .unproven(proven)
                .iter()
                .map(|code| judging::evidence_missing(code)),
        );
    }
    Ok(problems)
}

fn checks_open() -> Error {
    Error::WrongState(Text::new(
        "Còn cuộc kiểm tra chéo của đơn vị chưa lập biên bản.",
        "A cross-check of the unit has no minutes yet.",
    ))
}

/// A sheet is decided when the unit can object no longer and each objection is answered: a window that can be cut short is none.
fn demand_settled(sheet: &score_sheet::Model, open: bool, today: NaiveDate) -> Result<()> {
    if open {
        return Err(Error::WrongState(Text::new(
            "Còn khiếu nại chưa được trả lời.",
            "An objection is not answered yet.",
        )));
    }
    match sheet.objections_until {
        Some(until) if until >= today => Err(Error::WrongState(Text::new(
            format!("Đơn vị còn được khiếu nại đến hết ngày {}.", until.format("%d/%m/%Y")),
            format!("The unit may still object until {until}."),
        ))),
        _ => Ok(()),
    }
}

/// Until when a unit may object after a step; `None` when it may not.
fn objections_until(
    standing: &Standing,
    sheet: &score_sheet::Model,
    to: SheetState,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let forward = to > sheet.state;
    match to {
        SheetState::Draft | SheetState::SelfSubmitted | SheetState::CrossChecked => None,
        // Each appraisal may change points, so each opens the window anew; sending back does not.
        SheetState::ClusterAppraised | SheetState::ProvinceAppraised if forward => {
            let days = u64::try_from(standing.year.objection_days).unwrap_or(0);
            (days > 0).then(|| today.checked_add_days(Days::new(days))).flatten()
        }
        _ => sheet.objections_until,
    }
}

/// Writes the next state of some sheets, the steps and their traces: a fixed number of statements for sheets that go the same way.
async fn apply(
    tx: &impl ConnectionTrait,
    env: &Env,
    passed: &[Passed],
    step: Step,
    reason: Option<&str>,
) -> Result<Vec<score_sheet::Model>> {
    if passed.is_empty() {
        return Ok(Vec::new());
    }
    let (now, today) = (env.now(), env.today());
    let mut ways: HashMap<(SheetState, Option<NaiveDate>), Vec<&Passed>> = HashMap::new();
    for one in passed {
        let to = state::next(one.sheet.state, step)?;
        let until = objections_until(&one.standing, &one.sheet, to, today);
        ways.entry((to, until)).or_default().push(one);
    }
    let (mut changed, mut steps, mut traces, mut told) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for ((to, until), these) in ways {
        let change = score_sheet::ActiveModel {
            state: Set(to),
            objections_until: Set(until),
            updated_at: Set(now),
            ..Default::default()
        };
        let read: Vec<&score_sheet::Model> = these.iter().map(|one| &one.sheet).collect();
        for (sheet, one) in store::update_all(tx, &read, change).await?.into_iter().zip(these) {
            steps.push(store::step(env.new_id(), &sheet, (&one.actor, reason), now));
            let detail = json!({ "state": sheet.state, "reason": reason });
            traces.push(audit::entry(
                env,
                &one.actor,
                trace(step),
                (Kind::ScoreSheet, sheet.id),
                &detail,
            ));
            told.extend(news(env, &one.actor, step, &sheet, reason)?);
            changed.push(sheet);
        }
    }
    store::add_steps(tx, steps).await?;
    audit::record_all(tx, traces).await?;
    if !told.is_empty() {
        events::tell_all(tx, told).await?;
    }
    Ok(changed)
}

/// What the unit is told of a step: that its sheet came back, and that it was appraised by cluster or province, from when on it may object.
fn news(
    env: &Env,
    actor: &Actor,
    step: Step,
    sheet: &score_sheet::Model,
    reason: Option<&str>,
) -> Result<Option<event::ActiveModel>> {
    let kind = match step {
        Step::Return => EventKind::SheetReturned,
        Step::HandIn(ScoreLayer::Cluster | ScoreLayer::Province) => EventKind::SheetAppraised,
        Step::HandIn(_) => return Ok(None),
    };
    let told = OfYear {
        about: Some(sheet.unit_id),
        reason: reason.map(str::to_owned),
        ..OfYear::to(sheet.year_id, vec![sheet.unit_id])
    };
    let detail = serde_json::to_value(told).map_err(Error::internal)?;
    Ok(Some(events::event(
        env,
        actor,
        kind,
        (Kind::ScoreSheet, sheet.id),
        &detail,
    )))
}

/// What a step is called in the audit.
const fn trace(step: Step) -> Event {
    match step {
        Step::HandIn(ScoreLayer::Own) => Event("SCORE_SHEET_SUBMITTED"),
        Step::HandIn(ScoreLayer::CrossCheck) => Event("SCORE_SHEET_CROSS_CHECKED"),
        Step::HandIn(ScoreLayer::Cluster) => Event("SCORE_SHEET_APPRAISED"),
        Step::HandIn(ScoreLayer::Province) => Event("SCORE_SHEET_APPRAISED_FOR_PROVINCE"),
        Step::HandIn(ScoreLayer::Council) => Event("SCORE_SHEET_DECIDED"),
        Step::Return => Event("SCORE_SHEET_RETURNED"),
    }
}
