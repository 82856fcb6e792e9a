//! Until when reports are in time, in the schema.

use async_graphql::{Context, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::{period, report_extension, report_form, report_form_due_day};

use super::types::{Period, ReportForm};
use crate::accounts::graphql::account_name;
use crate::forms::store;
use crate::graphql::payload;

/// Until when reports on a form for a period are in time.
#[derive(SimpleObject)]
pub struct ReportDueDay {
    /// The form.
    form: ReportForm,
    /// The period.
    period: Period,
    /// First day on which a report can be begun; null for no such day.
    opens_on: Option<NaiveDate>,
    /// The due day: the form's own for this period, else the period's; null when there is none. May lie before the period ends: figures are
    /// estimates then, to be confirmed after it.
    due_on: Option<NaiveDate>,
    /// How many days after the due day a report is still taken without being marked late.
    grace_days: i32,
    /// Last day on which a report is not late: with the days of grace, and with the extension when a unit was named. Null when nothing
    /// is due.
    in_time_until: Option<NaiveDate>,
    /// More time that the unit named was given.
    extension: Option<ReportExtension>,
    /// Whether the form has a due day of its own for this period.
    is_own: bool,
    /// Counts changes of the form's own due day; give it back as `version` when you change it. Null when it has none.
    version: Option<i32>,
}

impl ReportDueDay {
    /// The due day in force: the form's own, if it has one for the period.
    pub fn of(
        form: report_form::Model,
        period: period::Model,
        own: Option<&report_form_due_day::Model>,
        extension: Option<report_extension::Model>,
    ) -> Self {
        let deadline = store::deadline_of(&period, own, extension.as_ref());
        Self {
            opens_on: deadline.opens_on,
            due_on: deadline.due_on,
            grace_days: deadline.grace_days,
            in_time_until: deadline.in_time_until(),
            extension: extension.map(ReportExtension),
            is_own: own.is_some(),
            version: own.map(|own| own.version),
            form: ReportForm(form),
            period: Period(period),
        }
    }
}

/// More time that a unit was given.
#[derive(Clone)]
pub struct ReportExtension(pub report_extension::Model);

impl From<report_extension::Model> for ReportExtension {
    fn from(row: report_extension::Model) -> Self {
        Self(row)
    }
}

/// More time that a unit was given for its report on a form for a period.
#[Object]
impl ReportExtension {
    /// Last day on which its report is in time.
    async fn until(&self) -> NaiveDate {
        self.0.until
    }
    /// Why.
    async fn reason(&self) -> &str {
        &self.0.reason
    }
    /// Name of who gave it.
    async fn granted_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.granted_by).await
    }
    /// Name of the one on whose behalf it was given, when only a role that they had delegated permitted it; else null.
    async fn acted_for(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.granted_for).await
    }
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
}

payload!(ReportExtensionPayload, extension: ReportExtension, "an extension");
