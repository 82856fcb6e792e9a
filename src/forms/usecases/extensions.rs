//! Giving single units more time.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, Set};
use serde_json::json;
use thidua_entity::report_extension;
use uuid::Uuid;

use super::fits;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::forms::store::{self, View, filling};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::{db, input, units};

/// More time for the report of a unit.
pub struct NewExtension<'a> {
    /// The unit.
    pub unit: Uuid,
    /// The form.
    pub form: Uuid,
    /// The period.
    pub period: Uuid,
    /// Last day on which its report is in time.
    pub until: NaiveDate,
    /// Why; the unit reads it.
    pub reason: &'a str,
}

/// Gives a unit more time for its report on a form for a period. A report that was sent late before stays so: what was, was.
pub async fn extend(env: &Env, actor: &Actor, new: NewExtension<'_>) -> Result<report_extension::Model> {
    let reason = input::paragraph("reason", new.reason)?;
    input::plausible_day("until", new.until)?;
    let tx = db::begin_write(&env.db).await?;
    let (reach, today) = (policy::reach(actor), env.today());
    let place = units::store::find_place(&tx, &reach, new.unit, today).await?;
    let actor = &policy::authorize(actor, Action::ReportExtend, &place)?;
    let view = View::new(&reach, today);
    let form = store::find_form(&tx, view, new.form).await?;
    let period = store::find_period(&tx, view, new.period).await?;
    fits(&form, &period)?;
    let version = store::published(&tx, form.id).await?;
    let version = version
        .ok_or_else(|| Error::WrongState(Text::new("Biểu mẫu chưa được ban hành.", "The form is not published.")))?;
    if !filling::is_expected(&tx, new.unit, (version.id, period.id)).await? {
        return Err(Error::invalid(
            "FORM_NOT_FOR_UNIT",
            "formId",
            "Đơn vị này không phải báo cáo theo biểu này trong kỳ này.",
            "This unit does not report on this form for this period.",
        ));
    }
    let deadline = store::deadline(&tx, form.id, &period, new.unit).await?;
    let own = deadline.in_time_until().ok_or_else(|| {
        Error::invalid(
            "NOTHING_TO_EXTEND",
            "periodId",
            "Biểu này không có hạn trong kỳ này, nên không cần gia hạn.",
            "The form has no due day for this period, so there is nothing to extend.",
        )
    })?;
    if new.until <= own || new.until < today {
        let earliest = own.succ_opt().unwrap_or(own).max(today).format("%d/%m/%Y");
        return Err(Error::invalid(
            "NO_MORE_TIME",
            "until",
            format!("Ngày này không thêm thời gian; sớm nhất là {earliest}."),
            format!("This day gives no more time; the earliest is {earliest}."),
        ));
    }
    let extension = report_extension::ActiveModel {
        id: Set(env.new_id()),
        form_id: Set(form.id),
        period_id: Set(period.id),
        unit_id: Set(new.unit),
        until: Set(new.until),
        reason: Set(reason.clone()),
        granted_by: Set(actor.recorded_as()),
        granted_for: Set(actor.acting_for()),
        at: Set(env.now()),
    }
    .insert(&tx)
    .await?;
    let detail = json!({ "formId": form.id, "periodId": period.id, "until": new.until, "reason": reason });
    let subject = (Kind::Unit, new.unit);
    audit::record(&tx, env, actor, Event("REPORT_EXTENDED"), subject, detail).await?;
    tx.commit().await?;
    Ok(extension)
}
