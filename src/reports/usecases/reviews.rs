//! Reviewing many reports at once: each is judged by itself, and those that pass are taken together.

use std::collections::{HashMap, HashSet};

use sea_orm::ConnectionTrait;
use thidua_entity::enums::ReportAction;
use thidua_entity::report_submission;
use uuid::Uuid;

use super::taking::{self, Taking, everything, may_take};
use super::{comments, steps};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result};
use crate::policy::{self, Place};
use crate::reports::{state, store};
use crate::version::Seen;
use crate::{db, input, units};

/// Most reports that one review names: the units of a large province in a few calls.
pub const REVIEWED_MAX: usize = 250;

/// A step that is to be taken with many reports.
pub struct Review<'a> {
    /// Verify, approve or send back.
    pub action: ReportAction,
    /// The reports, each with the version that the caller saw.
    pub reports: &'a [(Uuid, i32)],
    /// Why, when they are sent back.
    pub reason: Option<&'a str>,
    /// Only tell what would come of it.
    pub dry_run: bool,
}

/// What came of it for one report, in the order of the review.
pub struct Reviewed {
    /// The report.
    pub id: Uuid,
    /// The report as it is now, or would be, or why the step was not taken.
    pub outcome: Result<report_submission::Model>,
}

/// Takes a step with each report with which the caller may take it now, and tells of each what came of it. Those that pass are taken
/// together, in a fixed number of statements, whether they are one or [`REVIEWED_MAX`]; the others are left as they are.
pub async fn review(env: &Env, actor: &Actor, review: &Review<'_>) -> Result<Vec<Reviewed>> {
    let reason = reason(review)?;
    each_once(review.reports)?;
    policy::authorize_anywhere(actor, state::permission(review.action))?;
    let tx = db::begin_write(&env.db).await?;
    let mut judged = judge(&tx, env, actor, review).await?;
    let mut takings = Vec::new();
    let mut outcomes: HashMap<Uuid, Result<report_submission::Model>> = HashMap::new();
    for (id, judgement) in judged.drain(..) {
        match judgement {
            Ok(taking) => takings.push(taking),
            Err(error) => _ = outcomes.insert(id, Err(error)),
        }
    }
    let change = match review.action {
        ReportAction::Approve => steps::approval(env),
        ReportAction::Return => steps::without_remarks(),
        _ => Default::default(),
    };
    let taken = taking::take(&tx, env, takings, review.action, change, reason.as_deref()).await?;
    outcomes.extend(taken.into_iter().map(|report| (report.id, Ok(report))));
    if review.dry_run {
        tx.rollback().await?;
    } else {
        tx.commit().await?;
    }
    let in_order = review.reports.iter().map(|(id, _)| Reviewed {
        id: *id,
        outcome: outcomes.remove(id).unwrap_or(Err(Error::NotFound)),
    });
    Ok(in_order.collect())
}

/// Sending back needs a reason, and nothing else has one.
fn reason(review: &Review<'_>) -> Result<Option<String>> {
    match (review.action, review.reason) {
        (ReportAction::Return, Some(reason)) => input::paragraph("reason", reason).map(Some),
        (ReportAction::Return, None) => Err(Error::Invalid(vec![input::required("reason")])),
        (ReportAction::Verify | ReportAction::Approve, None) => Ok(None),
        (ReportAction::Verify | ReportAction::Approve, Some(_)) => Err(Error::invalid(
            "REASON_NOT_TAKEN",
            "reason",
            "Chỉ khi trả lại báo cáo mới cần lý do.",
            "Only sending back takes a reason.",
        )),
        _ => Err(Error::bad_request(
            "Chỉ có thể thẩm tra, duyệt hoặc trả lại nhiều báo cáo cùng lúc.",
            "Only verifying, approving and sending back are done with many reports at once.",
        )),
    }
}

fn each_once(reports: &[(Uuid, i32)]) -> Result<()> {
    input::list_size("items", reports.len(), REVIEWED_MAX)?;
    if reports.is_empty() {
        return Err(Error::Invalid(vec![input::required("items")]));
    }
    let mut seen = HashSet::new();
    let twice = reports.iter().enumerate().filter(|(_, (id, _))| !seen.insert(*id));
    let problems: Vec<Problem> = twice
        .map(|(index, _)| {
            Problem::new(
                "TWICE",
                format!("items.{index}.id"),
                "Báo cáo này có hai lần trong danh sách.",
                "This report is in the list twice.",
            )
        })
        .collect();
    Problem::none(problems)
}

/// Judges each report by itself: whether it is seen, and whether the caller may take the step with it now.
async fn judge(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    review: &Review<'_>,
) -> Result<Vec<(Uuid, Result<Taking>)>> {
    let today = env.today();
    let ids: Vec<Uuid> = review.reports.iter().map(|(id, _)| *id).collect();
    let found = store::lock_many(tx, &policy::reach(actor), &ids, today).await?;
    let unit_ids: Vec<Uuid> = found.iter().map(|report| report.unit_id).collect();
    let units = units::store::find_many(tx, &everything(), &unit_ids, today).await?;
    let places = units::store::places(tx, &units, today).await?;
    let mut writers: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
    if state::passes_work(review.action) {
        for row in store::writers(tx, &ids).await? {
            writers.entry(row.submission_id).or_default().push(row.account_id);
        }
    }
    let nowhere = Place::default();
    let unsettled = if review.action == ReportAction::Approve {
        store::with_open_comments(tx, &ids).await?
    } else {
        HashSet::new()
    };
    let mut found: HashMap<Uuid, report_submission::Model> =
        found.into_iter().map(|report| (report.id, report)).collect();
    let judged = review.reports.iter().map(|&(id, version)| {
        let judgement = match found.remove(&id) {
            None => Err(Error::NotFound),
            Some(report) if unsettled.contains(&report.id) => Err(comments::not_settled()),
            Some(report) => {
                let place = places.get(&report.unit_id).unwrap_or(&nowhere);
                let writers = writers.get(&id).map(Vec::as_slice).unwrap_or_default();
                may_take(actor, report, (place, writers), &Seen::from(version), review.action)
            }
        };
        (id, judgement)
    });
    Ok(judged.collect())
}
