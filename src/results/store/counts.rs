//! SQL of grade counts: how many units have each grade in the results published last, grouped by the database.

use chrono::NaiveDate;
use sea_orm::sea_query::{Expr, ExprTrait, JoinType, Order, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, QueryResult};
use thidua_entity::enums::{ResultState, Sector, StandingKind};
use thidua_entity::{cluster, emulation_participant, emulation_year, result, result_grade, result_unit, unit};
use uuid::Uuid;

use super::{View, is_last};
use crate::error::Result;
use crate::policy::Resource;
use crate::reckoning::NAMED_MAX;
use crate::units;

/// What is counted. Whatever is named was seen before.
#[derive(Clone, Debug, Default)]
pub struct CountsFilter {
    /// The year.
    pub year: i32,
    /// Only units of this cluster, or of the clusters of this bloc.
    pub cluster: Option<Uuid>,
    /// Only this unit and those below it.
    pub unit: Option<Uuid>,
    /// Only units of this province.
    pub province: Option<Uuid>,
    /// Only units of this sector.
    pub sector: Option<Sector>,
}

/// How many units stand so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// How they stand.
    pub standing: StandingKind,
    /// Code of their grade.
    pub grade: Option<String>,
    /// Its name.
    pub title: Option<String>,
    /// Where it stands among the grades, 1 the best.
    pub order: Option<i32>,
    /// How many.
    pub units: i64,
}

/// What is counted of the results published last.
#[derive(Clone, Debug, Default)]
pub struct Counted {
    /// By standing and grade.
    pub counts: Vec<Count>,
    /// How many results were looked at.
    pub results: i64,
    /// How many different units stand in them.
    pub units: i64,
    /// How many take part in the years of these results and stand in none.
    pub missing: i64,
    /// Names of units that stand in more than one of them, at most [`NAMED_MAX`].
    pub twice: Vec<String>,
}

/// Counts the units of the results published last, as far as the caller sees them: five statements.
pub async fn counted(connection: &impl ConnectionTrait, view: &View, filter: &CountsFilter) -> Result<Counted> {
    view.reach.shows(Resource::Emulation)?;
    Ok(Counted {
        counts: counts(connection, view, filter).await?,
        twice: twice(connection, view, filter).await?,
        missing: missing(connection, view, filter).await?,
        ..totals(connection, view, filter).await?
    })
}

/// The units of the results published last in the years that are asked for and seen.
fn counted_units(view: &View, filter: &CountsFilter) -> SelectStatement {
    let of = |column: result_unit::Column| Expr::col((result_unit::Entity, column));
    let mut query = Query::select();
    query
        .from(result_unit::Entity)
        .join(
            JoinType::InnerJoin,
            result::Entity,
            of(result_unit::Column::ResultId).equals((result::Entity, result::Column::Id)),
        )
        .and_where(Expr::col((result::Entity, result::Column::State)).eq(ResultState::Published))
        .cond_where(is_last(Some(ResultState::Published)))
        .and_where(Expr::col((result::Entity, result::Column::YearId)).in_subquery(years(view, filter)))
        .cond_where(narrowed(
            filter,
            view.today,
            of(result_unit::Column::UnitId),
            of(result_unit::Column::ProvinceId),
            of(result_unit::Column::Sector),
        ));
    query
}

fn narrowed(filter: &CountsFilter, today: NaiveDate, unit: Expr, province: Expr, sector: Expr) -> Condition {
    let mut narrowed = Condition::all();
    if let Some(upper) = filter.unit {
        narrowed = narrowed.add(unit.in_subquery(units::store::below(&[upper], today)));
    }
    if let Some(id) = filter.province {
        narrowed = narrowed.add(province.eq(id));
    }
    if let Some(one) = filter.sector {
        narrowed = narrowed.add(sector.eq(one));
    }
    narrowed
}

/// The emulation years that are asked for and seen.
fn years(view: &View, filter: &CountsFilter) -> SelectStatement {
    use emulation_year::Column::{ClusterId, Id, Year};
    let mut years = Query::select();
    years
        .column(Id)
        .from(emulation_year::Entity)
        .and_where(Year.eq(filter.year))
        .cond_where(view.years().years((emulation_year::Entity, Id)));
    if let Some(named) = filter.cluster {
        let clusters = Query::select()
            .column(cluster::Column::Id)
            .from(cluster::Entity)
            .cond_where(
                Condition::any()
                    .add(cluster::Column::Id.eq(named))
                    .add(cluster::Column::ParentId.eq(named)),
            )
            .to_owned();
        years.and_where(ClusterId.in_subquery(clusters));
    }
    years
}

async fn counts(connection: &impl ConnectionTrait, view: &View, filter: &CountsFilter) -> Result<Vec<Count>> {
    use result_unit::Column::{Grade, GradeOrder, GradeTitle, Standing};
    let of = |column: result_unit::Column| Expr::col((result_unit::Entity, column));
    let mut query = counted_units(view, filter);
    query
        .columns([Standing, Grade].map(|column| (result_unit::Entity, column)))
        .expr_as(of(GradeTitle).min(), "title")
        .expr_as(of(GradeOrder).min(), "grade_order")
        .expr_as(of(result_unit::Column::UnitId).count(), "units")
        .group_by_columns([Standing, Grade].map(|column| (result_unit::Entity, column)));
    let rows = connection.query_all(&query).await?;
    let count = |row: &QueryResult| -> Result<Count, sea_orm::DbErr> {
        Ok(Count {
            standing: row.try_get("", "standing")?,
            grade: row.try_get("", "grade")?,
            title: row.try_get("", "title")?,
            order: row.try_get("", "grade_order")?,
            units: row.try_get("", "units")?,
        })
    };
    let mut counts: Vec<Count> = rows.iter().map(count).collect::<Result<_, _>>()?;
    let mut results = counted_units(view, filter);
    results.column((result_unit::Entity, result_unit::Column::ResultId));
    for (_, none) in grades(connection, results, false).await? {
        if counts.iter().all(|count| count.grade != none.grade) {
            counts.push(none);
        }
    }
    // Sets may call their grades differently: the best first, then by code.
    counts
        .sort_by(|one, other| (one.standing, one.order, &one.grade).cmp(&(other.standing, other.order, &other.grade)));
    Ok(counts)
}

/// The grades that units could have in some results, each with nobody in it: of each result, or of all together.
async fn grades(
    connection: &impl ConnectionTrait,
    results: SelectStatement,
    of_each: bool,
) -> Result<Vec<(Option<Uuid>, Count)>> {
    use result_grade::Column::{Grade, GradeOrder, ResultId, Title};
    let mut query = Query::select();
    query
        .column(Grade)
        .expr_as(Expr::col(Title).min(), "title")
        .expr_as(Expr::col(GradeOrder).min(), "grade_order")
        .from(result_grade::Entity)
        .and_where(Expr::col(ResultId).in_subquery(results))
        .group_by_col(Grade);
    if of_each {
        query.column(ResultId).group_by_col(ResultId);
    }
    let rows = connection.query_all(&query).await?;
    let none = |row: &QueryResult| -> Result<(Option<Uuid>, Count), sea_orm::DbErr> {
        let result = if of_each { row.try_get("", "result_id")? } else { None };
        let count = Count {
            standing: StandingKind::Rated,
            grade: row.try_get("", "grade")?,
            title: row.try_get("", "title")?,
            order: row.try_get("", "grade_order")?,
            units: 0,
        };
        Ok((result, count))
    };
    Ok(rows.iter().map(none).collect::<Result<_, _>>()?)
}

async fn totals(connection: &impl ConnectionTrait, view: &View, filter: &CountsFilter) -> Result<Counted> {
    use result_unit::Column::{ResultId, UnitId};
    let of = |column: result_unit::Column| Expr::col((result_unit::Entity, column));
    let mut query = counted_units(view, filter);
    query
        .expr_as(of(ResultId).count_distinct(), "results")
        .expr_as(of(UnitId).count_distinct(), "units");
    let Some(row) = connection.query_one(&query).await? else {
        return Ok(Counted::default());
    };
    Ok(Counted {
        results: row.try_get("", "results")?,
        units: row.try_get("", "units")?,
        ..Counted::default()
    })
}

async fn twice(connection: &impl ConnectionTrait, view: &View, filter: &CountsFilter) -> Result<Vec<String>> {
    let of = |column: result_unit::Column| Expr::col((result_unit::Entity, column));
    let name = of(result_unit::Column::Name).min();
    let mut query = counted_units(view, filter);
    query
        .expr_as(name.clone(), "name")
        .group_by_col((result_unit::Entity, result_unit::Column::UnitId))
        .and_having(of(result_unit::Column::UnitId).count().gt(1))
        .order_by_expr(name, Order::Asc)
        .limit(NAMED_MAX as u64);
    let rows = connection.query_all(&query).await?;
    Ok(rows
        .iter()
        .map(|row| row.try_get("", "name"))
        .collect::<Result<_, _>>()?)
}

/// How many take part in a year of which a result is published and do not stand in the one that was published last. As what they are
/// now, since no result says what they were.
async fn missing(connection: &impl ConnectionTrait, view: &View, filter: &CountsFilter) -> Result<i64> {
    use emulation_participant::Column::{Id, UnitId, WithdrawnOn, YearId};
    let of = |column: emulation_participant::Column| Expr::col((emulation_participant::Entity, column));
    let unit = |column: unit::Column| Expr::col((unit::Entity, column));
    let published = Query::select()
        .column(result::Column::YearId)
        .from(result::Entity)
        .and_where(result::Column::State.eq(ResultState::Published))
        .to_owned();
    let stands = Query::select()
        .expr(Expr::val(1))
        .from(result_unit::Entity)
        .join(
            JoinType::InnerJoin,
            result::Entity,
            Expr::col((result_unit::Entity, result_unit::Column::ResultId))
                .equals((result::Entity, result::Column::Id)),
        )
        .and_where(Expr::col((result::Entity, result::Column::State)).eq(ResultState::Published))
        .cond_where(is_last(Some(ResultState::Published)))
        .and_where(Expr::col((result::Entity, result::Column::YearId)).equals((emulation_participant::Entity, YearId)))
        .and_where(
            Expr::col((result_unit::Entity, result_unit::Column::UnitId))
                .equals((emulation_participant::Entity, UnitId)),
        )
        .to_owned();
    let mut query = Query::select();
    query
        .expr_as(of(Id).count(), "missing")
        .from(emulation_participant::Entity)
        .join(
            JoinType::InnerJoin,
            unit::Entity,
            of(UnitId).equals((unit::Entity, unit::Column::Id)),
        )
        .and_where(of(WithdrawnOn).is_null())
        .and_where(Expr::exists(stands).not())
        .and_where(of(YearId).in_subquery(published))
        .and_where(of(YearId).in_subquery(years(view, filter)))
        .cond_where(narrowed(
            filter,
            view.today,
            of(UnitId),
            unit(unit::Column::ProvinceId),
            unit(unit::Column::Sector),
        ));
    match connection.query_one(&query).await? {
        Some(row) => Ok(row.try_get("", "missing")?),
        None => Ok(0),
    }
}

/// Of some results the units that share a place with another, in the order of the list.
pub async fn tied(connection: &impl ConnectionTrait, results: &[Uuid]) -> Result<Vec<result_unit::Model>> {
    use result_unit::Column::{Place, Position, ResultId, UnitId};
    use sea_orm::{EntityTrait, QueryFilter, QueryOrder};
    let other = sea_orm::sea_query::Alias::new("other");
    let of = |column: result_unit::Column| Expr::col((other.clone(), column));
    let this = |column: result_unit::Column| (result_unit::Entity, column);
    let others = Query::select()
        .expr(Expr::val(1))
        .from_as(result_unit::Entity, other.clone())
        .and_where(of(ResultId).equals(this(ResultId)))
        .and_where(of(Place).equals(this(Place)))
        .and_where(of(UnitId).ne(Expr::col(this(UnitId))))
        .to_owned();
    let found = result_unit::Entity::find()
        .filter(ResultId.is_in(results.iter().copied()))
        .filter(Expr::exists(others))
        .order_by_asc(ResultId)
        .order_by_asc(Position);
    Ok(found.all(connection).await?)
}

/// How many units stand how in each of some results.
pub async fn tallies(connection: &impl ConnectionTrait, results: &[Uuid]) -> Result<Vec<(Uuid, Count)>> {
    use result_unit::Column::{Grade, GradeOrder, GradeTitle, ResultId, Standing, UnitId};
    let of = |column: result_unit::Column| Expr::col((result_unit::Entity, column));
    let mut query = Query::select();
    query
        .columns([ResultId, Standing, Grade].map(|column| (result_unit::Entity, column)))
        .expr_as(of(GradeTitle).min(), "title")
        .expr_as(of(GradeOrder).min(), "grade_order")
        .expr_as(of(UnitId).count(), "units")
        .from(result_unit::Entity)
        .and_where(of(ResultId).is_in(results.iter().copied()))
        .group_by_columns([ResultId, Standing, Grade].map(|column| (result_unit::Entity, column)));
    let rows = connection.query_all(&query).await?;
    let count = |row: &QueryResult| -> Result<(Uuid, Count), sea_orm::DbErr> {
        let count = Count {
            standing: row.try_get("", "standing")?,
            grade: row.try_get("", "grade")?,
            title: row.try_get("", "title")?,
            order: row.try_get("", "grade_order")?,
            units: row.try_get("", "units")?,
        };
        Ok((row.try_get("", "result_id")?, count))
    };
    let mut tallies: Vec<(Uuid, Count)> = rows.iter().map(count).collect::<Result<_, _>>()?;
    let these = Query::select()
        .column(result::Column::Id)
        .from(result::Entity)
        .and_where(result::Column::Id.is_in(results.iter().copied()))
        .to_owned();
    for (id, none) in grades(connection, these, true).await? {
        if !tallies
            .iter()
            .any(|(one, count)| Some(*one) == id && count.grade == none.grade)
        {
            tallies.extend(id.map(|id| (id, none)));
        }
    }
    tallies.sort_by_key(|(result, one)| (*result, one.standing, one.order));
    Ok(tallies)
}
