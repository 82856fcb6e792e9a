//! SQL of summaries: how many reports there are and should be, and which of them are added up. The adding is in `sums`.

use chrono::NaiveDate;
use sea_orm::sea_query::{
    Alias, CaseStatement, Expr, ExprTrait, IntoColumnRef, IntoIden, Order, Query, SelectStatement,
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect};
use thidua_entity::enums::{Aggregation, FigurePart, ReportStatus};
use thidua_entity::{cluster, cluster_membership, indicator, period, report_submission, report_value, unit};
use uuid::Uuid;

use crate::db::{self, Page, PageArgs, SortValue, Sorting};
use crate::error::Result;
use crate::forms::store::filling;
use crate::policy::Reach;
use crate::units;
use crate::units::store::stood_below;

mod owing;
mod sums;

pub use owing::{owed_in_cluster, owing, owing_units};
pub use sums::{RateSums, Sum, rate_sums, sums};
pub(super) use sums::{count_where, half};

/// Whose reports are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SummaryScope {
    /// Everybody's.
    Everything,
    /// Units of a province.
    Province(Uuid),
    /// A unit and what stood below it when the period ended.
    Unit(Uuid),
    /// Members of a cluster when the period ended.
    Cluster(Uuid),
}

/// Whether the unit in one column was a member of a cluster, or of one inside it, on the day in another.
pub fn was_member(bloc_or_cluster: Uuid, unit: impl IntoColumnRef, day: impl IntoColumnRef) -> SelectStatement {
    were_members(&[bloc_or_cluster], unit, day)
}

/// The same for any of several clusters.
pub fn were_members(clusters: &[Uuid], unit: impl IntoColumnRef, day: impl IntoColumnRef) -> SelectStatement {
    use cluster_membership::{Column, Entity};
    let (unit, day) = (Expr::col(unit.into_column_ref()), Expr::col(day.into_column_ref()));
    let ends = Condition::any()
        .add(Expr::col((Entity, Column::ValidTo)).is_null())
        .add(Expr::col((Entity, Column::ValidTo)).gt(day.clone()));
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::UnitId)).eq(unit))
        .and_where(Expr::col((Entity, Column::ValidFrom)).lte(day))
        .cond_where(in_these(clusters))
        .cond_where(ends)
        .to_owned()
}

/// The units that were ever members of a cluster, or of one inside it.
fn ever_members(bloc_or_cluster: Uuid) -> SelectStatement {
    Query::select()
        .column(cluster_membership::Column::UnitId)
        .from(cluster_membership::Entity)
        .cond_where(in_these(&[bloc_or_cluster]))
        .to_owned()
}

/// Memberships of some clusters, or of those inside them.
fn in_these(clusters: &[Uuid]) -> Condition {
    use cluster_membership::{Column, Entity};
    let inside = Query::select()
        .column(cluster::Column::Id)
        .from(cluster::Entity)
        .and_where(cluster::Column::ParentId.is_in(clusters.iter().copied()))
        .to_owned();
    Condition::any()
        .add(Expr::col((Entity, Column::ClusterId)).is_in(clusters.iter().copied()))
        .add(Expr::col((Entity, Column::ClusterId)).in_subquery(inside))
}

/// Restricts units, in a column, to the scope as it was on the day in another column.
pub fn in_scope(scope: SummaryScope, unit: impl IntoColumnRef, day: impl IntoColumnRef) -> Condition {
    let all = Condition::all();
    match scope {
        SummaryScope::Everything => all,
        SummaryScope::Province(id) => {
            all.add(Expr::col(unit.into_column_ref()).in_subquery(units::store::located_in(&[id])))
        }
        SummaryScope::Unit(id) => all.add(Expr::exists(stood_below(&[id], unit, day))),
        SummaryScope::Cluster(id) => all.add(Expr::exists(was_member(id, unit, day))),
    }
}

/// A figure on which a total rests: of which indicator, and which part of it.
#[derive(Clone, Debug)]
struct Figure {
    indicator: Expr,
    part: Expr,
}

/// Which reports are added up.
#[derive(Clone, Debug)]
pub struct Selection {
    /// Whose.
    pub scope: SummaryScope,
    /// On which form.
    pub form: Uuid,
    /// For which periods; they do not overlap.
    pub periods: Vec<Uuid>,
    /// In which statuses.
    pub statuses: Vec<ReportStatus>,
}

impl Selection {
    /// Reports on the form, for the periods, in the scope; in any status. Of a report and its correction the one that stands:
    /// the correction as soon as it is approved.
    fn anywhere(&self) -> Condition {
        use report_submission::{Column, Entity};
        let stands = Condition::any()
            .add(Expr::col((Entity, Column::CorrectsId)).is_null())
            .add(Expr::col((Entity, Column::Status)).eq(ReportStatus::Approved));
        Condition::all()
            .add(Expr::col((Entity, Column::FormId)).eq(self.form))
            .add(Expr::col((Entity, Column::PeriodId)).is_in(self.periods.iter().copied()))
            .add(in_scope(
                self.scope,
                (Entity, Column::UnitId),
                (Entity, Column::PeriodEndsOn),
            ))
            .add(Expr::col((Entity, Column::Status)).ne(ReportStatus::Replaced))
            .add(stands)
    }

    fn counted(&self) -> Condition {
        use report_submission::{Column, Entity};
        self.anywhere()
            .add(Expr::col((Entity, Column::Status)).is_in(self.statuses.iter().copied()))
    }

    /// What of the counted reports goes into a total of several periods: flows of all of them; of stocks, and of what is not
    /// added up at all, each unit's latest report that has all the figures the total rests on.
    fn over_time(&self, figures: &[Figure]) -> Condition {
        if self.periods.len() < 2 {
            return Condition::all();
        }
        let indicators = figures.iter().map(|figure| figure.indicator.clone());
        let not_over_time = [Aggregation::Stock, Aggregation::None];
        let stock = Query::select()
            .expr(Expr::val(1))
            .from(indicator::Entity)
            .and_where(Expr::col((indicator::Entity, indicator::Column::Id)).is_in(indicators))
            .and_where(Expr::col((indicator::Entity, indicator::Column::Aggregation)).is_in(not_over_time))
            .to_owned();
        Condition::any()
            .add(Expr::exists(stock).not())
            .add(self.latest(figures))
    }

    /// True when there is no later counted report of the unit with all of these figures.
    fn latest(&self, figures: &[Figure]) -> Expr {
        use report_submission::{Column, Entity};
        let later = Alias::new("later");
        let this = |column: Column| Expr::col((Entity, column));
        let that = |column: Column| Expr::col((later.clone(), column.into_iden()));
        let mut none_later = Query::select()
            .expr(Expr::val(1))
            .from_as(Entity, later.clone())
            .and_where(that(Column::UnitId).eq(this(Column::UnitId)))
            .and_where(that(Column::FormId).eq(self.form))
            .and_where(that(Column::PeriodId).is_in(self.periods.iter().copied()))
            .and_where(that(Column::Status).is_in(self.statuses.iter().copied()))
            .and_where(that(Column::PeriodEndsOn).gt(this(Column::PeriodEndsOn)))
            .to_owned();
        for (number, figure) in figures.iter().enumerate() {
            let value = Alias::new(format!("later_value_{number}"));
            let there = Query::select()
                .column((value.clone(), report_value::Column::SubmissionId))
                .from_as(report_value::Entity, value.clone())
                .and_where(Expr::col((value.clone(), report_value::Column::IndicatorId)).eq(figure.indicator.clone()))
                .and_where(Expr::col((value, report_value::Column::Part)).eq(figure.part.clone()))
                .to_owned();
            none_later.and_where(that(Column::Id).in_subquery(there));
        }
        Expr::exists(none_later).not()
    }
}

/// How many reports there are of one status, in time or late.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct StatusCount {
    /// The status.
    pub status: ReportStatus,
    /// Late or not.
    pub late: bool,
    /// How many.
    pub reports: i64,
}

/// Counts the reports of a selection by status, whatever the basis.
pub async fn counts(connection: &impl ConnectionTrait, selection: &Selection) -> Result<Vec<StatusCount>> {
    use report_submission::{Column, Entity};
    let counts = Entity::find()
        .select_only()
        .column(Column::Status)
        .column(Column::Late)
        .column_as(Column::Id.count(), "reports")
        .filter(selection.anywhere())
        .group_by(Column::Status)
        .group_by(Column::Late);
    Ok(counts.into_model().all(connection).await?)
}

/// How many reports there should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Expected {
    /// One for each period and each unit that fills in the form.
    pub reports: i64,
    /// Of these, those of units that are not left out only because their sector or size is not known.
    pub uncertain: i64,
}

/// Counts the reports that there should be: one for each period and each unit in the scope that fills in the form version.
pub async fn expected(
    connection: &impl ConnectionTrait,
    selection: &Selection,
    form_version: Uuid,
) -> Result<Expected> {
    let (unit, ends_on) = (
        (unit::Entity, unit::Column::Id),
        (period::Entity, period::Column::EndsOn),
    );
    let uncertain: Expr = CaseStatement::new()
        .case(filling::uncertain(&Expr::col(ends_on)), 1)
        .finally(0)
        .into();
    let query = filling::candidates(form_version, &selection.periods)
        .expr_as(Expr::col(unit).count(), "reports")
        .expr_as(uncertain.sum().cast_as("bigint"), "uncertain")
        .cond_where(filling::expected())
        .cond_where(in_scope(selection.scope, unit, ends_on))
        .to_owned();
    let Some(row) = connection.query_one(&query).await? else {
        return Ok(Expected::default());
    };
    Ok(Expected {
        reports: row.try_get("", "reports")?,
        uncertain: row.try_get::<Option<i64>>("", "uncertain")?.unwrap_or_default(),
    })
}

/// The indicators of a form version and the rates that can be computed from them.
pub async fn indicators(connection: &impl ConnectionTrait, items: &[Uuid]) -> Result<Vec<indicator::Model>> {
    use indicator::Column;
    let computable = Condition::all()
        .add(Column::NumeratorId.is_in(items.iter().copied()))
        .add(Column::DenominatorId.is_in(items.iter().copied()));
    let wanted = Condition::any()
        .add(Column::Id.is_in(items.iter().copied()))
        .add(computable);
    Ok(indicator::Entity::find().filter(wanted).all(connection).await?)
}

/// A page of the reports behind a summary, or behind the total of one indicator or of a part of it: those that were added, and no
/// others.
pub async fn reports_behind(
    connection: &impl ConnectionTrait,
    (reach, today): (&Reach, NaiveDate),
    selection: &Selection,
    total: Option<(&indicator::Model, FigurePart)>,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<report_submission::Model>, Option<u64>)> {
    use report_submission::{Column, Entity};
    let mut select = super::visible(reach, today)?.filter(selection.counted());
    if let Some((total, part)) = total {
        // A rate rests on the reports that have both figures, any other total on those that have its own.
        let figures = match (total.numerator_id, total.denominator_id) {
            (Some(above), Some(below)) => vec![above, below],
            _ => vec![total.id],
        };
        let figures = figures.into_iter().map(|indicator| Figure {
            indicator: Expr::val(indicator),
            part: Expr::val(part),
        });
        let figures: Vec<Figure> = figures.collect();
        for figure in &figures {
            let of = |column: report_value::Column| Expr::col((report_value::Entity, column));
            let with_figure = Query::select()
                .column(report_value::Column::SubmissionId)
                .from(report_value::Entity)
                .and_where(of(report_value::Column::IndicatorId).eq(figure.indicator.clone()))
                .and_where(of(report_value::Column::Part).eq(figure.part.clone()))
                .to_owned();
            select = select.filter(Expr::col((Entity, Column::Id)).in_subquery(with_figure));
        }
        select = select.filter(selection.over_time(&figures));
    }
    let sorting = Sorting::by_id((Entity, Column::Id), Order::Asc, |row: &report_submission::Model| {
        vec![SortValue::Id(row.id)]
    });
    db::listed(connection, select, &sorting, args, count).await
}
