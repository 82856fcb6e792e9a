//! What the queries and mutations of reports take.

use async_graphql::{Enum, ID, InputObject};
use sea_orm::sea_query::Order;
use thidua_entity::enums::{FigurePart, Nature, ReportStatus};

use super::findings::ReportExplanationInput;
use crate::error::Result;
use crate::graphql::{Direction, read_id};
use crate::ids::Kind;
use crate::reports::store;

use super::comments::FigureRemarkInput;

/// Which reports a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct ReportSubmissionWhere {
    /// Only reports of this unit.
    unit_id: Option<ID>,
    /// Only reports of this unit and of those that stood below it when the period ended.
    under_id: Option<ID>,
    /// Only reports of units that were members of this cluster, or of one inside this bloc, when the period ended.
    cluster_id: Option<ID>,
    /// Only reports of units of this province.
    province_id: Option<ID>,
    /// Only reports for this period.
    period_id: Option<ID>,
    /// Only reports on this form.
    form_id: Option<ID>,
    /// Only these statuses. When left out, all but `REPLACED`: what was corrected is history, for who asks for it.
    statuses: Option<Vec<ReportStatus>>,
    /// Only late ones, or only those in time.
    late: Option<bool>,
    /// True for corrections of approved reports only, false for first reports only.
    corrections: Option<bool>,
    /// True for reports that were changed since they were approved: that have a correction which the caller sees, whether it is still under
    /// way (the report is `APPROVED` and counts) or approved itself (the report is `REPLACED`; such are listed too when `statuses` is left
    /// out). False for all others. What changed says `difference`.
    changed_since_approval: Option<bool>,
}

impl ReportSubmissionWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<store::ReportFilter> {
        Ok(store::ReportFilter {
            unit: read_id(Kind::Unit, self.unit_id.as_ref())?,
            under: read_id(Kind::Unit, self.under_id.as_ref())?,
            cluster: read_id(Kind::Cluster, self.cluster_id.as_ref())?,
            province: read_id(Kind::Province, self.province_id.as_ref())?,
            period: read_id(Kind::Period, self.period_id.as_ref())?,
            form: read_id(Kind::ReportForm, self.form_id.as_ref())?,
            statuses: self.statuses,
            late: self.late,
            corrections: self.corrections,
            changed_since_approval: self.changed_since_approval,
        })
    }
}

/// How a list of reports is sorted.
#[derive(InputObject)]
pub struct ReportSubmissionOrder {
    /// What it is sorted by.
    field: ReportSubmissionOrderField,
    /// In which direction.
    #[graphql(default)]
    direction: Direction,
}

/// What a list of reports can be sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum ReportSubmissionOrderField {
    /// By the time of the last change.
    Updated,
    /// By the time at which they were begun.
    Created,
}

impl ReportSubmissionOrder {
    /// Sort and direction as the store takes them; the last changed first when nothing is said.
    pub fn read(order: Option<Self>) -> (store::ReportSort, Order) {
        use ReportSubmissionOrderField::{Created, Updated};
        match order {
            None => (store::ReportSort::Updated, Order::Desc),
            Some(Self {
                field: Updated,
                direction,
            }) => (store::ReportSort::Updated, direction.into()),
            Some(Self {
                field: Created,
                direction,
            }) => (store::ReportSort::Created, direction.into()),
        }
    }
}

/// A report to be begun.
#[derive(InputObject)]
pub struct CreateReportInput {
    /// An id of your own: `report_` and a new UUID version 7, as an app gives that goes on offline. Begun again with the same id, the
    /// report begun first is the answer. Left out, the report is given one.
    pub id: Option<ID>,
    /// The unit that reports.
    pub unit_id: ID,
    /// The form; its published version is kept.
    pub form_id: ID,
    /// The period, of the kind that the form is for.
    pub period_id: ID,
    /// A key of your own, at most 100 characters: asked again with it, the report begun first is the answer.
    pub idempotency_key: Option<String>,
}

/// A figure as it stands on paper.
#[derive(InputObject)]
pub struct FigureInput {
    /// Code of the indicator.
    pub indicator_code: String,
    /// The total, or which part of it; a part is written only where the form asks for it.
    #[graphql(default_with = "FigurePart::Total")]
    pub part: FigurePart,
    /// The text as typed: `1.671`, `trên 295 triệu đồng`, `10-12`, `có`, the name or code of a choice. An empty text takes the figure
    /// out.
    pub text: String,
    /// Actual or estimate. Left out, a number is an estimate while the period still runs if the report is due before it ends,
    /// and actual otherwise.
    pub nature: Option<Nature>,
}

/// Figures to be written into a report. Those that are not named stay as they are.
#[derive(InputObject)]
pub struct SaveReportInput {
    /// The report.
    pub id: ID,
    /// The version you saw, which may be an old one.
    pub version: i32,
    /// The figures; all of them are written or none.
    #[graphql(default)]
    pub figures: Vec<FigureInput>,
    /// What the unit says beside its figures; left out it stays, null takes it out.
    pub note: async_graphql::MaybeUndefined<String>,
    /// A key of your own, at most 100 characters: asked again with it, nothing is written twice.
    pub idempotency_key: Option<String>,
}

/// A report to be sent.
#[derive(InputObject)]
pub struct SubmitReportInput {
    /// The report.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// What the unit says to rules that the report breaks; at most 100. What was said on an earlier sending still counts.
    #[graphql(default)]
    pub explanations: Vec<ReportExplanationInput>,
}

/// A step that needs nothing but the report.
#[derive(InputObject)]
pub struct ReportStepInput {
    /// The report.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
}

/// An approved report that is to be corrected.
#[derive(InputObject)]
pub struct CorrectReportInput {
    /// The report.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// Why; everybody who sees the report reads it.
    pub reason: String,
}

/// A report to be sent back.
#[derive(InputObject)]
pub struct ReturnReportInput {
    /// The report.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// Why; the unit reads it.
    pub reason: String,
    /// What is said of single figures, at most 300: only these may then be changed, and each is answered before the report is sent again.
    #[graphql(default)]
    pub figures: Vec<FigureRemarkInput>,
    /// Whether the unit may change the other figures too.
    #[graphql(default)]
    pub all_open: bool,
}
