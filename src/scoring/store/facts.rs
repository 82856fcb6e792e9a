//! SQL of what is known of the units of an emulation year, whoever asks: one statement for each sort of fact, however many units.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QueryResult};
use thidua_entity::enums::{FigurePart, NumberForm, Qualifier, ReportStatus};
use thidua_entity::{
    Fixed4, emulation_participant, indicator, period, report_submission, report_value, score_entry, score_sheet,
    target, unit, unit_event, unit_name, unit_statistics,
};
use uuid::Uuid;

use crate::error::Result;

/// A figure of an approved report, with what decides between several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedFigure {
    /// The unit that reported it.
    pub unit: Uuid,
    /// First and last day of the period of the report.
    pub span: (NaiveDate, NaiveDate),
    /// The report.
    pub report: Uuid,
    /// When it was approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// Code of the indicator.
    pub indicator: String,
    /// What its figures look like.
    pub form: NumberForm,
    /// The figure; of a range the lower end; 1 for yes and 0 for no.
    pub value: Option<Fixed4>,
    /// The upper end of a range.
    pub upper: Option<Fixed4>,
    /// Of a choice: its code.
    pub choice: Option<String>,
    /// Exact, more than, nearly, about, or a range.
    pub qualifier: Qualifier,
    /// The text as typed.
    pub raw: String,
}

/// What a unit promised for an indicator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promised {
    /// The unit.
    pub unit: Uuid,
    /// Code of the indicator.
    pub indicator: String,
    /// How much.
    pub value: Fixed4,
}

/// Everything that is stored of the units of a year and bears on their points.
#[derive(Clone, Debug, Default)]
pub struct Stored {
    /// Who takes part and has not withdrawn.
    pub participants: Vec<emulation_participant::Model>,
    /// Their rows.
    pub units: HashMap<Uuid, unit::Model>,
    /// Their names, the newest first.
    pub names: HashMap<Uuid, Vec<unit_name::Model>>,
    /// Their head counts until the last day of the year, the newest first.
    pub head_counts: HashMap<Uuid, Vec<unit_statistics::Model>>,
    /// What happened to them.
    pub events: Vec<unit_event::Model>,
    /// Figures of their approved reports for exactly the spans of the year.
    pub figures: Vec<ReportedFigure>,
    /// What they promised.
    pub promised: Vec<Promised>,
    /// Their score sheets.
    pub sheets: Vec<score_sheet::Model>,
    /// The entries of those that stand.
    pub entries: Vec<score_entry::Model>,
}

/// What of a year is read.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// The year.
    pub year: Uuid,
    /// The spans for which its units are judged: first and last day.
    pub spans: &'a [(NaiveDate, NaiveDate)],
    /// Codes of the indicators that its criteria read.
    pub indicators: Vec<&'a str>,
}

/// Reads what is stored of the units of a year: nine statements.
pub async fn stored_facts(connection: &impl ConnectionTrait, wanted: &Wanted<'_>) -> Result<Stored> {
    let year = wanted.year;
    let last = wanted.spans.iter().map(|span| span.1).max().unwrap_or(NaiveDate::MAX);
    let mut stored = Stored {
        participants: emulation_participant::Entity::find()
            .filter(emulation_participant::Column::YearId.eq(year))
            .filter(emulation_participant::Column::WithdrawnOn.is_null())
            .order_by_asc(emulation_participant::Column::UnitId)
            .all(connection)
            .await?,
        events: unit_event::Entity::find()
            .filter(unit_event::Column::UnitId.in_subquery(taking_part(year)))
            .all(connection)
            .await?,
        figures: figures(connection, wanted).await?,
        promised: promised(connection, wanted).await?,
        sheets: sheets_of(connection, year).await?,
        entries: standing_entries(connection, year).await?,
        ..Stored::default()
    };
    let units = unit::Entity::find().filter(unit::Column::Id.in_subquery(taking_part(year)));
    let units = units.all(connection).await?;
    stored.units = units.into_iter().map(|row| (row.id, row)).collect();
    let names = unit_name::Entity::find()
        .filter(unit_name::Column::UnitId.in_subquery(taking_part(year)))
        .order_by_desc(unit_name::Column::Id);
    for name in names.all(connection).await? {
        stored.names.entry(name.unit_id).or_default().push(name);
    }
    let counts = unit_statistics::Entity::find()
        .filter(unit_statistics::Column::UnitId.in_subquery(taking_part(year)))
        .filter(unit_statistics::Column::AsOf.lte(last))
        .order_by_desc(unit_statistics::Column::AsOf);
    for count in counts.all(connection).await? {
        stored.head_counts.entry(count.unit_id).or_default().push(count);
    }
    Ok(stored)
}

/// The score sheets of a year, whoever asks: the year was found before.
pub async fn sheets_of(connection: &impl ConnectionTrait, year: Uuid) -> Result<Vec<score_sheet::Model>> {
    let sheets = score_sheet::Entity::find()
        .filter(score_sheet::Column::YearId.eq(year))
        .order_by_asc(score_sheet::Column::UnitId);
    Ok(sheets.all(connection).await?)
}

/// The entries that stand in all score sheets of a year, in one statement.
async fn standing_entries(connection: &impl ConnectionTrait, year: Uuid) -> Result<Vec<score_entry::Model>> {
    let sheets = Query::select()
        .column(score_sheet::Column::Id)
        .from(score_sheet::Entity)
        .and_where(score_sheet::Column::YearId.eq(year))
        .to_owned();
    let entries = score_entry::Entity::find()
        .filter(score_entry::Column::SheetId.in_subquery(sheets))
        .filter(score_entry::Column::Standing.eq(true));
    Ok(entries.all(connection).await?)
}

/// The units that take part in a year and have not withdrawn.
fn taking_part(year: Uuid) -> SelectStatement {
    use emulation_participant::Column::{UnitId, WithdrawnOn, YearId};
    Query::select()
        .column(UnitId)
        .from(emulation_participant::Entity)
        .and_where(YearId.eq(year))
        .and_where(WithdrawnOn.is_null())
        .to_owned()
}

async fn figures(connection: &impl ConnectionTrait, wanted: &Wanted<'_>) -> Result<Vec<ReportedFigure>> {
    use report_submission::Column::{ApprovedAt, Id, PeriodId, Status, UnitId};
    use report_value::Column::{Choice, IndicatorId, Part, Qualifier, Raw, SubmissionId, Upper, Value};
    let report = |column: report_submission::Column| Expr::col((report_submission::Entity, column));
    let mut spans = Condition::any();
    for (from, to) in wanted.spans {
        let exactly = Condition::all()
            .add(period::Column::StartsOn.eq(*from))
            .add(period::Column::EndsOn.eq(*to));
        spans = spans.add(exactly);
    }
    let mut query = Query::select();
    query
        .columns([UnitId, ApprovedAt].map(|column| (report_submission::Entity, column)))
        .columns([period::Column::StartsOn, period::Column::EndsOn].map(|column| (period::Entity, column)))
        .columns([indicator::Column::Code, indicator::Column::NumberForm].map(|column| (indicator::Entity, column)))
        .columns([SubmissionId, Value, Upper, Choice, Qualifier, Raw].map(|column| (report_value::Entity, column)))
        .from(report_submission::Entity)
        .join(
            JoinType::InnerJoin,
            period::Entity,
            report(PeriodId).equals((period::Entity, period::Column::Id)),
        )
        .join(
            JoinType::InnerJoin,
            report_value::Entity,
            report(Id).equals((report_value::Entity, SubmissionId)),
        )
        .join(
            JoinType::InnerJoin,
            indicator::Entity,
            Expr::col((report_value::Entity, IndicatorId)).equals((indicator::Entity, indicator::Column::Id)),
        )
        .and_where(report(Status).eq(ReportStatus::Approved))
        .and_where(report(UnitId).in_subquery(taking_part(wanted.year)))
        .and_where(Part.eq(FigurePart::Total))
        .and_where(indicator::Column::Code.is_in(wanted.indicators.iter().copied()))
        .cond_where(spans);
    let rows = connection.query_all(&query).await?;
    let figure = |row: &QueryResult| -> Result<ReportedFigure, sea_orm::DbErr> {
        Ok(ReportedFigure {
            unit: row.try_get("", "unit_id")?,
            span: (row.try_get("", "starts_on")?, row.try_get("", "ends_on")?),
            report: row.try_get("", "submission_id")?,
            approved_at: row.try_get("", "approved_at")?,
            indicator: row.try_get("", "code")?,
            form: row.try_get("", "number_form")?,
            value: row.try_get("", "value")?,
            upper: row.try_get("", "upper")?,
            choice: row.try_get("", "choice")?,
            qualifier: row.try_get("", "qualifier")?,
            raw: row.try_get("", "raw")?,
        })
    };
    Ok(rows.iter().map(figure).collect::<Result<_, _>>()?)
}

async fn promised(connection: &impl ConnectionTrait, wanted: &Wanted<'_>) -> Result<Vec<Promised>> {
    let mut query = Query::select();
    query
        .columns([target::Column::UnitId, target::Column::Value].map(|column| (target::Entity, column)))
        .column((indicator::Entity, indicator::Column::Code))
        .from(target::Entity)
        .join(
            JoinType::InnerJoin,
            indicator::Entity,
            Expr::col((target::Entity, target::Column::IndicatorId)).equals((indicator::Entity, indicator::Column::Id)),
        )
        .and_where(target::Column::YearId.eq(wanted.year))
        .and_where(indicator::Column::Code.is_in(wanted.indicators.iter().copied()));
    let rows = connection.query_all(&query).await?;
    let one = |row: &QueryResult| -> Result<Promised, sea_orm::DbErr> {
        Ok(Promised {
            unit: row.try_get("", "unit_id")?,
            indicator: row.try_get("", "code")?,
            value: row.try_get("", "value")?,
        })
    };
    Ok(rows.iter().map(one).collect::<Result<_, _>>()?)
}
