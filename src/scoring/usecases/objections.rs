//! What a unit holds against the appraisal of its sheet, and the answer.

use std::sync::Arc;

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{EventKind, ObjectionOutcome, SheetState};
use thidua_entity::{objection, score_sheet};
use uuid::Uuid;

use super::allowed;
use super::standing::{Standing, standings};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::events::{self, OfYear};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::scoring::store::{self, View};
use crate::version::Seen;
use crate::{db, input, years};

/// Most objections to one sheet: more than anybody has, and few enough for one list.
const OBJECTIONS_MAX: usize = 100;

/// What a unit holds against its appraisal.
#[derive(Clone, Debug)]
pub struct NewObjection<'a> {
    /// The sheet.
    pub sheet: Uuid,
    /// Code of the criterion; `None` for the sheet as a whole.
    pub criterion: Option<&'a str>,
    /// What it says.
    pub text: &'a str,
}

/// The answer to an objection.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// Which.
    pub objection: Uuid,
    /// The version that was seen.
    pub seen: Seen,
    /// What came of it.
    pub outcome: ObjectionOutcome,
    /// Why.
    pub text: &'a str,
}

/// Whether the caller may object to the appraisal of a sheet now, as it acts; the same checks that `viewerCan` shows.
pub fn may_raise(actor: &Actor, standing: &Standing, sheet: &score_sheet::Model, today: NaiveDate) -> Result<Actor> {
    let actor = policy::authorize(actor, Action::ObjectionRaise, &standing.unit_place)?;
    let appraised = matches!(
        sheet.state,
        SheetState::ClusterAppraised | SheetState::ProvinceAppraised
    );
    match sheet.objections_until {
        Some(until) if appraised && today <= until => Ok(actor),
        Some(until) if appraised => Err(Error::WrongState(Text::new(
            format!("Thời hạn khiếu nại đã hết vào ngày {}.", until.format("%d/%m/%Y")),
            format!("The time to object ended on {until}."),
        ))),
        _ => Err(Error::WrongState(Text::new(
            "Chỉ khiếu nại được trong thời hạn sau khi phiếu được thẩm định.",
            "One objects within the window after the sheet was appraised.",
        ))),
    }
}

/// Objects to the appraisal of a sheet.
pub async fn raise(env: &Env, actor: &Actor, new: &NewObjection<'_>) -> Result<objection::Model> {
    let text = input::paragraph("text", new.text)?;
    let criterion = input::line_or_none("criterion", new.criterion)?;
    let tx = db::begin_write(&env.db).await?;
    let (sheet, standing) = held(&tx, env, actor, new.sheet).await?;
    let actor = may_raise(actor, &standing, &sheet, env.today())?;
    if let Some(code) = &criterion {
        let set = years::usecases::criteria(&tx, env, &standing.year).await?;
        if !set.set().all_nodes().iter().any(|node| node.code == *code) {
            return Err(Error::invalid(
                "UNKNOWN_CRITERION",
                "criterion",
                "Bảng điểm không có tiêu chí này.",
                "The set has no such criterion.",
            ));
        }
    }
    let others = store::objections(&tx, &[sheet.id]).await?;
    if let Some(same) = others
        .iter()
        .find(|row| row.criterion == criterion && row.text == text && row.outcome.is_none())
    {
        // Sent twice: the first is there.
        return Ok(same.clone());
    }
    input::list_size("text", others.len().saturating_add(1), OBJECTIONS_MAX)?;
    let row = objection::ActiveModel {
        id: Set(env.new_id()),
        sheet_id: Set(sheet.id),
        criterion: Set(criterion.clone()),
        text: Set(text),
        raised_by: Set(actor.recorded_as()),
        raised_for: Set(actor.acting_for()),
        raised_at: Set(env.now()),
        outcome: Set(None),
        answer: Set(None),
        answered_by: Set(None),
        answered_for: Set(None),
        answered_at: Set(None),
        version: Set(1),
    };
    let row = row.insert(&tx).await?;
    let detail = json!({ "sheetId": sheet.id, "criterion": criterion });
    let (event, subject) = (Event("OBJECTION_RAISED"), (Kind::Objection, row.id));
    audit::record(&tx, env, &actor, event, subject, detail).await?;
    // Who leads the cluster answers; for the unit that holds an office itself the others do.
    let leaders = standing
        .offices
        .iter()
        .copied()
        .filter(|office| *office != sheet.unit_id);
    let told = OfYear {
        about: Some(sheet.unit_id),
        reason: Some(row.text.clone()),
        ..OfYear::to(sheet.year_id, leaders.collect())
    };
    events::tell_of_year(&tx, env, &actor, EventKind::ObjectionRaised, subject, &told).await?;
    tx.commit().await?;
    Ok(row)
}

/// Whether the caller may answer objections to a sheet, as it acts: neither for its own unit nor against its own appraisal, be it that it gave
/// the points or that it handed them in.
pub fn may_answer(actor: &Actor, standing: &Standing) -> Result<Actor> {
    let action = Action::ObjectionAnswer;
    allowed::not_own_unit(actor, standing, action)?;
    let acting = policy::authorize(actor, action, &standing.year_place)?;
    policy::not_own_work(&acting, action, &standing.appraisers())?;
    Ok(acting)
}

/// Lets an objection be answered that has no outcome yet.
pub fn still_open(outcome: Option<ObjectionOutcome>) -> Result<()> {
    if outcome.is_none() {
        return Ok(());
    }
    Err(Error::WrongState(Text::new(
        "Khiếu nại này đã được trả lời.",
        "This objection is answered already.",
    )))
}

/// Answers an objection. What is wrong with the points is mended by sending the sheet back and appraising it again.
pub async fn answer(env: &Env, actor: &Actor, given: &Answer<'_>) -> Result<objection::Model> {
    let text = input::paragraph("answer", given.text)?;
    let tx = db::begin_write(&env.db).await?;
    let row = store::find_objection(&tx, &View::of(actor, env.today()), given.objection).await?;
    let (sheet, standing) = held(&tx, env, actor, row.sheet_id).await?;
    let actor = may_answer(actor, &standing)?;
    still_open(row.outcome)?;
    given.seen.check(row.version)?;
    let change = objection::ActiveModel {
        outcome: Set(Some(given.outcome)),
        answer: Set(Some(text)),
        answered_by: Set(actor.recorded_as()),
        answered_for: Set(actor.acting_for()),
        answered_at: Set(Some(env.now())),
        ..Default::default()
    };
    let row = store::update_objection(&tx, &row, change).await?;
    let detail = json!({ "sheetId": sheet.id, "outcome": given.outcome });
    let (event, subject) = (Event("OBJECTION_ANSWERED"), (Kind::Objection, row.id));
    audit::record(&tx, env, &actor, event, subject, detail).await?;
    let told = OfYear {
        about: Some(sheet.unit_id),
        ..OfYear::to(sheet.year_id, vec![sheet.unit_id])
    };
    events::tell_of_year(&tx, env, &actor, EventKind::ObjectionAnswered, subject, &told).await?;
    tx.commit().await?;
    Ok(row)
}

/// A sheet that is seen, kept for this transaction, with what decides who may do what with it.
async fn held(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
) -> Result<(score_sheet::Model, Arc<Standing>)> {
    let found = store::lock_many(tx, &View::of(actor, env.today()), &[id]).await?;
    let sheet = found.into_iter().next().ok_or(Error::NotFound)?;
    let mut standings = standings(tx, env, std::slice::from_ref(&sheet)).await?;
    let standing = standings.remove(&sheet.id).ok_or(Error::NotFound)?;
    Ok((sheet, standing))
}
