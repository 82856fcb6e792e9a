//! SQL of who fills in a form: the one place that says it. Whether a unit may begin a report, how many reports a summary expects
//! and which forms a unit is shown all rest on it.
//!
//! What is not known of a unit leaves nobody out: a unit without a sector, or never counted, fills in a form for some sectors or
//! sizes too, and a summary tells how many of those it expects are such. Otherwise a unit could drop out of every list
//! because somebody forgot to record its sector.

use sea_orm::sea_query::{Alias, CaseStatement, Expr, ExprTrait, IntoIden, JoinType, Query, SelectStatement};
use sea_orm::{Condition, ConnectionTrait};
use thidua_entity::enums::SizeMeasure;
use thidua_entity::{
    period, report_form, report_form_kind, report_form_sector, report_form_version, unit, unit_statistics,
};
use uuid::Uuid;

use crate::error::Result;
use crate::units::store::stood_below_one;

fn unit(column: unit::Column) -> Expr {
    Expr::col((unit::Entity, column))
}

fn version(column: report_form_version::Column) -> Expr {
    Expr::col((report_form_version::Entity, column))
}

/// True for units that fill in a form version on a day, by their kind, sector and size and by where they stand. For a query over
/// `unit`, `report_form` and `report_form_version`.
pub fn suits(day: &Expr) -> Condition {
    use report_form_kind::Column as Kind;
    let kinds = Query::select()
        .expr(Expr::val(1))
        .from(report_form_kind::Entity)
        .and_where(
            Expr::col((report_form_kind::Entity, Kind::FormVersionId)).eq(version(report_form_version::Column::Id)),
        )
        .and_where(Expr::col((report_form_kind::Entity, Kind::UnitKind)).eq(unit(unit::Column::Kind)))
        .to_owned();
    let owner = Expr::col((report_form::Entity, report_form::Column::OwnerId));
    let of_its_sector = sectors()
        .and_where(
            Expr::col((report_form_sector::Entity, report_form_sector::Column::Sector)).eq(unit(unit::Column::Sector)),
        )
        .to_owned();
    let sector = Condition::any()
        .add(unit(unit::Column::Sector).is_null())
        .add(Expr::exists(sectors()).not())
        .add(Expr::exists(of_its_sector));
    let size = Condition::any()
        .add(version(report_form_version::Column::SizeBy).is_null())
        .add(Expr::exists(of_another_size(day)).not());
    Condition::all()
        .add(Expr::exists(kinds))
        .add(sector)
        .add(size)
        .add(Expr::exists(stood_below_one(owner, unit(unit::Column::Id), day)))
}

/// True for units from which a report is expected: those that fill in the form version when the period ends, are there on that
/// day, and stand below the unit that set the period. For a query over `unit`, `period`, `report_form` and `report_form_version`.
pub fn expected() -> Condition {
    let day = Expr::col((period::Entity, period::Column::EndsOn));
    let set_by = Expr::col((period::Entity, period::Column::OwnerId));
    let founded = Condition::any()
        .add(unit(unit::Column::FoundedOn).is_null())
        .add(unit(unit::Column::FoundedOn).lte(day.clone()));
    let ended = Condition::any()
        .add(unit(unit::Column::EndedOn).is_null())
        .add(unit(unit::Column::EndedOn).gt(day.clone()));
    suits(&day)
        .add(founded)
        .add(ended)
        .add(Expr::exists(stood_below_one(set_by, unit(unit::Column::Id), &day)))
}

/// Units, a form version with its form, and some periods: what [`expected`] restricts.
pub fn candidates(form_version: Uuid, periods: &[Uuid]) -> SelectStatement {
    let periods = Expr::col((period::Entity, period::Column::Id)).is_in(periods.iter().copied());
    let form =
        Expr::col((report_form::Entity, report_form::Column::Id)).eq(version(report_form_version::Column::FormId));
    Query::select()
        .from(unit::Entity)
        .join(JoinType::InnerJoin, period::Entity, periods)
        .join(
            JoinType::InnerJoin,
            report_form_version::Entity,
            version(report_form_version::Column::Id).eq(form_version),
        )
        .join(JoinType::InnerJoin, report_form::Entity, form)
        .to_owned()
}

/// The same of several form versions, each with those of the periods that are of its kind.
pub fn candidates_of(form_versions: &[Uuid], periods: &[Uuid]) -> SelectStatement {
    let form = |column: report_form::Column| Expr::col((report_form::Entity, column));
    let of_form = form(report_form::Column::Id)
        .eq(version(report_form_version::Column::FormId))
        .and(form(report_form::Column::Periodicity).eq(Expr::col((period::Entity, period::Column::Kind))));
    Query::select()
        .from(unit::Entity)
        .join(
            JoinType::InnerJoin,
            period::Entity,
            Expr::col((period::Entity, period::Column::Id)).is_in(periods.iter().copied()),
        )
        .join(
            JoinType::InnerJoin,
            report_form_version::Entity,
            version(report_form_version::Column::Id).is_in(form_versions.iter().copied()),
        )
        .join(JoinType::InnerJoin, report_form::Entity, of_form)
        .to_owned()
}

/// The periods, of some, for which a report on a form version is expected from the unit of a query over `unit` around this one.
pub fn to_fill(form_version: Uuid, periods: &[Uuid]) -> SelectStatement {
    let form =
        Expr::col((report_form::Entity, report_form::Column::Id)).eq(version(report_form_version::Column::FormId));
    Query::select()
        .from(period::Entity)
        .join(
            JoinType::InnerJoin,
            report_form_version::Entity,
            version(report_form_version::Column::Id).eq(form_version),
        )
        .join(JoinType::InnerJoin, report_form::Entity, form)
        .and_where(Expr::col((period::Entity, period::Column::Id)).is_in(periods.iter().copied()))
        .cond_where(expected())
        .to_owned()
}

/// Whether a report on a form version is expected from a unit for a period.
pub async fn is_expected(
    connection: &impl ConnectionTrait,
    one: Uuid,
    (form_version, period): (Uuid, Uuid),
) -> Result<bool> {
    let query = candidates(form_version, &[period])
        .expr(Expr::val(1))
        .and_where(unit(unit::Column::Id).eq(one))
        .cond_where(expected())
        .to_owned();
    Ok(connection.query_one(&query).await?.is_some())
}

/// True where a unit is taken to fill in a form version only because its sector or its size on the day is not known.
pub fn uncertain(day: &Expr) -> Condition {
    let sector = Condition::all()
        .add(unit(unit::Column::Sector).is_null())
        .add(Expr::exists(sectors()));
    let counts = Alias::new("counted");
    let size = Condition::all()
        .add(version(report_form_version::Column::SizeBy).is_not_null())
        .add(Expr::exists(counts_until(&counts, day)).not());
    Condition::any().add(sector).add(size)
}

/// The sectors of the form version.
fn sectors() -> SelectStatement {
    use report_form_sector::{Column, Entity};
    Query::select()
        .expr(Expr::val(1))
        .from(Entity)
        .and_where(Expr::col((Entity, Column::FormVersionId)).eq(version(report_form_version::Column::Id)))
        .to_owned()
}

/// The unit's newest count on or before a day, if it lies outside of the size that the form version asks for.
fn of_another_size(day: &Expr) -> SelectStatement {
    let (newest, later) = (Alias::new("newest"), Alias::new("later"));
    let as_of = |counts: &Alias| Expr::col((counts.clone(), unit_statistics::Column::AsOf.into_iden()));
    let none_later = counts_until(&later, day)
        .and_where(as_of(&later).gt(as_of(&newest)))
        .to_owned();
    let outside = Condition::any()
        .add(measured(&newest).lt(version(report_form_version::Column::SizeFewest)))
        .add(measured(&newest).gt(version(report_form_version::Column::SizeMost)));
    counts_until(&newest, day)
        .cond_where(outside)
        .and_where(Expr::exists(none_later).not())
        .to_owned()
}

/// The unit's counts of what the form version measures it by, on or before a day.
fn counts_until(counts: &Alias, day: &Expr) -> SelectStatement {
    use unit_statistics::Column;
    let of = |column: Column| Expr::col((counts.clone(), column.into_iden()));
    Query::select()
        .expr(Expr::val(1))
        .from_as(unit_statistics::Entity, counts.clone())
        .and_where(of(Column::UnitId).eq(unit(unit::Column::Id)))
        .and_where(of(Column::AsOf).lte(day.clone()))
        .and_where(measured(counts).is_not_null())
        .to_owned()
}

/// What the form version measures a unit by, of one count; nothing where it does not ask for a size.
fn measured(counts: &Alias) -> Expr {
    use unit_statistics::Column;
    let by = |measure: SizeMeasure| version(report_form_version::Column::SizeBy).eq(measure);
    let of = |column: Column| Expr::col((counts.clone(), column.into_iden()));
    CaseStatement::new()
        .case(by(SizeMeasure::Workers), of(Column::Workers))
        .case(by(SizeMeasure::Members), of(Column::Members))
        .into()
}
