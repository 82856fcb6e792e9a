//! What units promise: a figure for an indicator.

use sea_orm::{ConnectionTrait, IntoActiveModel};
use serde_json::json;
use thidua_entity::enums::{NumberForm, PactState, YearPhase};
use thidua_entity::{Fixed4, emulation_year, indicator, pact as pact_row, target};
use uuid::Uuid;

use super::participants::acting_for;
use super::registrations::late;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::forms::answer::{self, Answer};
use crate::ids::Kind;
use crate::numbers::Qualifier;
use crate::policy::Action;
use crate::version::{self, Seen};
use crate::years::store::{self, View};
use crate::years::{pact, state};
use crate::{db, forms, input, text};

/// Most targets of a unit in a year.
pub const TARGETS_MAX: usize = 200;

/// What a unit promises.
pub struct NewTarget<'a> {
    /// The year.
    pub year: Uuid,
    /// The unit.
    pub unit: Uuid,
    /// Code of the indicator.
    pub indicator: &'a str,
    /// The figure, as typed.
    pub text: &'a str,
    /// Why it comes after the phase of registering.
    pub late_reason: Option<&'a str>,
}

/// Sets what a unit promises for an indicator, or sets it anew at the version that was seen. Until a pact with it is agreed; after the phase
/// of registering with a reason, so that no target follows the result unnoticed.
pub async fn set_target(env: &Env, actor: &Actor, new: NewTarget<'_>, seen: Option<Seen>) -> Result<target::Model> {
    let late_reason = input::paragraph_or_none("lateReason", new.late_reason)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, year, _) = acting_for(&tx, env, actor, (new.year, new.unit), Action::PledgeWrite).await?;
    open(&tx, &year, new.unit).await?;
    let late_reason = late(year.phase, late_reason)?;
    let indicators = forms::store::indicators_by_code(&tx, &[new.indicator]).await?;
    let Some(indicator) = indicators.first() else {
        return Err(Error::invalid(
            "INDICATOR_UNKNOWN",
            "indicatorCode",
            format!("Không có chỉ tiêu `{}`.", new.indicator),
            format!("There is no indicator `{}`.", new.indicator),
        ));
    };
    let value = promised(indicator, new.text)?;
    let all = store::targets(&tx, &[new.unit], &[year.id]).await?;
    let before = all.iter().find(|row| row.indicator_id == indicator.id);
    let row = target::Model {
        id: before.map_or_else(|| env.new_id(), |row| row.id),
        year_id: year.id,
        unit_id: new.unit,
        indicator_id: indicator.id,
        value,
        text: text::tidy(new.text),
        late_reason,
        set_by: actor.recorded_as(),
        set_for: actor.acting_for(),
        set_at: env.now(),
        version: before.map_or(1, |row| version::next(row.version)),
    };
    match (before, seen) {
        (Some(before), Some(seen)) => {
            seen.check(before.version)?;
            store::update_target(&tx, before, row.clone()).await?;
        }
        // Nobody overwrites what they have not seen.
        (Some(before), None) => {
            return Err(Error::StaleVersion {
                current: before.version,
            });
        }
        (None, Some(Seen::OneOf(_))) => return Err(Error::StaleVersion { current: 0 }),
        (None, None | Some(Seen::Any)) => {
            input::list_size("indicatorCode", all.len() + 1, TARGETS_MAX)?;
            store::add_target(&tx, row.clone().into_active_model()).await?;
        }
    }
    let detail = json!({
        "yearId": year.id, "unitId": new.unit, "indicator": indicator.code, "before": before.map(|row| row.text.clone()), "text": row.text,
        "lateReason": row.late_reason,
    });
    let event = Event("TARGET_SET");
    audit::record(&tx, env, actor, event, (Kind::Target, row.id), detail).await?;
    tx.commit().await?;
    Ok(row)
}

/// Takes a target out that was not meant; after the phase of registering with a reason.
pub async fn remove_target(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    reason: Option<&str>,
) -> Result<target::Model> {
    let reason = input::paragraph_or_none("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let row = store::target(&tx, id).await?;
    store::find(&tx, &View::of(actor, env.today()), row.year_id).await?;
    let of = (row.year_id, row.unit_id);
    let (ref actor, year, _) = acting_for(&tx, env, actor, of, Action::PledgeWrite).await?;
    let row = store::target(&tx, id).await?;
    open(&tx, &year, row.unit_id).await?;
    seen.check(row.version)?;
    if year.phase != YearPhase::Registering && reason.is_none() {
        return Err(Error::Invalid(vec![input::required("reason")]));
    }
    store::remove_target(&tx, &row).await?;
    let detail = json!({ "yearId": year.id, "unitId": row.unit_id, "indicatorId": row.indicator_id, "text": row.text, "reason": reason });
    let event = Event("TARGET_REMOVED");
    audit::record(&tx, env, actor, event, (Kind::Target, id), detail).await?;
    tx.commit().await?;
    Ok(row)
}

/// Targets are set while units register and while the year runs, until a pact is agreed that covers the unit. Who joins afterwards sets its
/// own until it has signed.
async fn open(tx: &impl ConnectionTrait, year: &emulation_year::Model, unit: Uuid) -> Result<()> {
    state::demand(year.phase, &[YearPhase::Registering, YearPhase::Running])?;
    let pacts = store::pacts(tx, &[year.id]).await?;
    let binds = |pact: &&pact_row::Model| pact::is_fixed(pact.state) && pact.state != PactState::Ended;
    let Some(pact) = pacts.last().filter(binds) else {
        return Ok(());
    };
    if store::covers(tx, pact.id, unit).await? {
        return Err(Error::WrongState(Text::new(
            "Chỉ tiêu đã nằm trong giao ước được thống nhất nên không sửa được; muốn sửa thì kết thúc giao ước (endPact) và lập giao ước mới.",
            "The targets are part of a pact that was agreed; to change them, end it (endPact) and begin another.",
        )));
    }
    let signatures = store::signatures(tx, &[pact.id]).await?;
    if signatures.iter().all(|one| one.unit_id != unit) {
        return Ok(());
    }
    Err(Error::WrongState(Text::new(
        "Đơn vị đã ký giao ước nên không sửa chỉ tiêu được; muốn sửa thì kết thúc giao ước (endPact) và lập giao ước mới.",
        "The unit has signed the pact, so its targets stay; to change them, end it (endPact) and begin another.",
    )))
}

/// What was typed, as a number that stands for itself: nobody promises about twenty.
fn promised(indicator: &indicator::Model, typed: &str) -> Result<Fixed4> {
    match indicator.number_form {
        NumberForm::Integer | NumberForm::Decimal | NumberForm::Money | NumberForm::Percentage => {}
        NumberForm::YesNo | NumberForm::Choice | NumberForm::Text => {
            return Err(Error::invalid(
                "NOT_A_FIGURE",
                "indicatorCode",
                format!(
                    "Chỉ tiêu “{}” không phải số liệu nên không giao chỉ tiêu bằng số được.",
                    indicator.name
                ),
                format!("“{}” is no figure, so nothing can be promised for it.", indicator.name),
            ));
        }
    }
    let Answer::Number(reading) = answer::read("text", typed, indicator.number_form, &[])? else {
        return Err(Error::internal("a number was read as something else"));
    };
    if reading.qualifier != Qualifier::Exact {
        return Err(Error::invalid(
            "TARGET_NOT_EXACT",
            "text",
            "Chỉ tiêu phải là một con số cụ thể, không dùng “trên”, “gần”, “khoảng” hay khoảng từ … đến ….",
            "A target is one number, without “more than”, “nearly”, “about” and without a range.",
        ));
    }
    let bounds = forms::store::indicator_bounds(indicator);
    if bounds.surely_exclude(&reading) {
        let bounds = bounds.text();
        return Err(Error::invalid(
            "OUT_OF_BOUNDS",
            "text",
            format!("Nằm ngoài giới hạn của chỉ tiêu ({}).", bounds.vi),
            format!("It is out of the bounds of the indicator ({}).", bounds.en),
        ));
    }
    Ok(reading.value)
}
