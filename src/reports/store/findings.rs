//! SQL of what is noticed about figures: what units say to rules that their reports break, and the figures with which others are
//! compared. A fixed number of statements, however many reports and figures.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, IntoIden, JoinType, OnConflict, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter};
use thidua_entity::enums::{FigurePart, Qualifier, ReportStatus};
use thidua_entity::{Fixed4, cluster_membership, report_explanation, report_submission, report_value};
use uuid::Uuid;

use crate::error::Result;

/// How many earlier periods a figure is compared with: twelve months, three years of quarters, or twelve years.
const PERIODS_MAX: i64 = 12;

/// What units said to the rules that some reports break. Give it only reports that are seen.
pub async fn explanations(
    connection: &impl ConnectionTrait,
    reports: &[Uuid],
) -> Result<Vec<report_explanation::Model>> {
    let explanations = report_explanation::Entity::find()
        .filter(report_explanation::Column::SubmissionId.is_in(reports.iter().copied()));
    Ok(explanations.all(connection).await?)
}

/// Keeps what a unit says to rules, in the place of what it said to them before.
pub async fn put_explanations(tx: &impl ConnectionTrait, rows: Vec<report_explanation::Model>) -> Result<()> {
    use report_explanation::Column;
    let anew = OnConflict::columns([Column::SubmissionId, Column::RuleCode])
        .update_columns([Column::Text, Column::AccountId, Column::ActedFor, Column::At])
        .to_owned();
    let rows = rows.into_iter().map(report_explanation::ActiveModel::from);
    report_explanation::Entity::insert_many(rows)
        .on_conflict(anew)
        .exec_without_returning(tx)
        .await?;
    Ok(())
}

/// A figure of another report with which one of a report is compared.
#[derive(Clone, Copy, Debug)]
pub struct OtherFigure {
    /// The report whose figure is compared.
    pub report: Uuid,
    /// The indicator.
    pub indicator: Uuid,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// The other figure, an exact one.
    pub value: Fixed4,
}

/// Exact figures of the approved reports of the same unit on the same form for the last periods before that of each report. Give it only
/// reports that are seen.
pub async fn own_past(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<OtherFigure>> {
    use report_submission::Column::{FormId, PeriodEndsOn, Status, UnitId};
    let same = |one: &'static str, other: &'static str| {
        Condition::all()
            .add(column(one, UnitId).eq(column(other, UnitId)))
            .add(column(one, FormId).eq(column(other, FormId)))
            .add(column(one, Status).eq(ReportStatus::Approved))
            .add(column(one, PeriodEndsOn).lt(column(other, PeriodEndsOn)))
    };
    let between = Query::select()
        .expr(column("between", report_submission::Column::Id).count())
        .from_as(report_submission::Entity, Alias::new("between"))
        .cond_where(same("between", "looked_at"))
        .and_where(column("between", PeriodEndsOn).gt(column("other", PeriodEndsOn)))
        .to_owned();
    let mut query = compared(reports, same("other", "looked_at"));
    query.and_where(Expr::from(between).lt(PERIODS_MAX));
    read(connection, &query).await
}

/// Exact figures that other members of the clusters of each report's unit handed in on the same form for the same period, as members were
/// when it ended: no drafts, nothing that was sent back. For aggregates only, which tell nobody's figure. Give it only reports that are
/// seen.
pub async fn of_clusters(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<OtherFigure>> {
    use report_submission::Column::{CorrectsId, FormId, PeriodEndsOn, PeriodId, Status, UnitId};
    // Of a report and its correction the one that stands.
    let handed_in = Condition::any()
        .add(column("other", Status).eq(ReportStatus::Approved))
        .add(
            Condition::all()
                .add(column("other", Status).is_in([ReportStatus::Submitted, ReportStatus::Verified]))
                .add(column("other", CorrectsId).is_null()),
        );
    let member = |name: &'static str, column| Expr::col((Alias::new(name), IntoIden::into_iden(column)));
    let was_member = |name: &'static str, unit: &'static str| {
        use cluster_membership::Column::{UnitId as Member, ValidFrom, ValidTo};
        let day = || self::column("looked_at", PeriodEndsOn);
        Condition::all()
            .add(member(name, Member).eq(self::column(unit, UnitId)))
            .add(member(name, ValidFrom).lte(day()))
            .add(member(name, ValidTo).is_null().or(member(name, ValidTo).gt(day())))
    };
    let together = Query::select()
        .expr(Expr::val(1))
        .from_as(cluster_membership::Entity, Alias::new("own"))
        .join_as(
            JoinType::InnerJoin,
            cluster_membership::Entity,
            Alias::new("beside"),
            member("beside", cluster_membership::Column::ClusterId)
                .eq(member("own", cluster_membership::Column::ClusterId)),
        )
        .cond_where(was_member("own", "looked_at"))
        .cond_where(was_member("beside", "other"))
        .to_owned();
    let same = Condition::all()
        .add(column("other", FormId).eq(column("looked_at", FormId)))
        .add(column("other", PeriodId).eq(column("looked_at", PeriodId)))
        .add(column("other", UnitId).ne(column("looked_at", UnitId)))
        .add(handed_in)
        .add(Expr::exists(together));
    read(connection, &compared(reports, same)).await
}

fn column(report: &'static str, column: report_submission::Column) -> Expr {
    Expr::col((Alias::new(report), column.into_iden()))
}

/// The figures of reports called `other` beside the reports called `looked_at`, which are these.
fn compared(reports: &[Uuid], same: Condition) -> SelectStatement {
    use report_value::{Column, Entity};
    Query::select()
        .expr_as(column("looked_at", report_submission::Column::Id), "report")
        .column((Entity, Column::IndicatorId))
        .column((Entity, Column::Part))
        .column((Entity, Column::Value))
        .from_as(report_submission::Entity, Alias::new("looked_at"))
        .join_as(
            JoinType::InnerJoin,
            report_submission::Entity,
            Alias::new("other"),
            same,
        )
        .join(
            JoinType::InnerJoin,
            Entity,
            Expr::col((Entity, Column::SubmissionId)).eq(column("other", report_submission::Column::Id)),
        )
        .and_where(column("looked_at", report_submission::Column::Id).is_in(reports.iter().copied()))
        .and_where(Expr::col((Entity, Column::Value)).is_not_null())
        .and_where(Expr::col((Entity, Column::Qualifier)).eq(Qualifier::Exact))
        .to_owned()
}

async fn read(connection: &impl ConnectionTrait, query: &SelectStatement) -> Result<Vec<OtherFigure>> {
    let rows = connection.query_all(query).await?;
    let figure = |row: &sea_orm::QueryResult| -> Result<OtherFigure, sea_orm::DbErr> {
        Ok(OtherFigure {
            report: row.try_get("", "report")?,
            indicator: row.try_get("", "indicator_id")?,
            part: row.try_get("", "part")?,
            value: row.try_get("", "value")?,
        })
    };
    Ok(rows.iter().map(figure).collect::<Result<_, _>>()?)
}

/// Drops what was said to rules that a report no longer breaks; to these it is still said. What was sent keeps it.
pub async fn drop_explanations(tx: &impl ConnectionTrait, report: Uuid, broken: &[&str]) -> Result<()> {
    use report_explanation::Column;
    report_explanation::Entity::delete_many()
        .filter(Column::SubmissionId.eq(report))
        .filter(Column::RuleCode.is_not_in(broken.iter().copied()))
        .exec(tx)
        .await?;
    Ok(())
}
