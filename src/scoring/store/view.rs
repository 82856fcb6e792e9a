//! Who sees score sheets, and who sees what is beside their points.

use chrono::NaiveDate;
use sea_orm::Condition;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use thidua_entity::enums::SheetState;
use thidua_entity::{cross_check, emulation_year, score_sheet};
use uuid::Uuid;

use crate::auth::Actor;
use crate::policy::{self, Action, Reach};
use crate::{clusters, units, years};

/// Who sees, on which day.
#[derive(Clone, Debug)]
pub struct View {
    pub(super) reach: Reach,
    /// Units for which the caller checks others.
    checks: Vec<Uuid>,
    today: NaiveDate,
}

impl View {
    /// What a caller sees on a day.
    pub fn of(actor: &Actor, today: NaiveDate) -> Self {
        Self {
            reach: policy::reach(actor),
            checks: policy::reach_to_do(actor, Action::CrossCheckWrite).1,
            today,
        }
    }

    /// What nobody in particular sees: nothing.
    pub fn nobody(today: NaiveDate) -> Self {
        Self {
            reach: Reach::default(),
            checks: Vec::new(),
            today,
        }
    }

    /// Who sees a sheet closely, and everybody who sees the year when it is published: points are a part of the result then.
    pub(super) fn in_sight(&self) -> Condition {
        use score_sheet::Column::{State, YearId};
        let view = years::store::View {
            reach: self.reach.clone(),
            today: self.today,
        };
        Condition::any().add(self.closely()).add(
            Condition::all()
                .add(Expr::col((score_sheet::Entity, State)).eq(SheetState::Published))
                .add(view.years((score_sheet::Entity, YearId))),
        )
    }

    /// The unit's own and those above it see its sheet; who stands above the cluster too; who leads the cluster once it is handed in;
    /// who checks it likewise. They alone see what is beside the points: evidence, objections, why it was sent back.
    pub(super) fn closely(&self) -> Condition {
        use score_sheet::Column::{State, UnitId};
        if self.reach.everything {
            return Condition::all();
        }
        let (nowhere, none): (Reach, &[Uuid]) = (Reach::default(), &[]);
        let handed_in = Condition::any()
            .add(in_years(self.of_clusters(&nowhere, &self.reach.clusters)))
            .add(Expr::exists(checked_by(&self.checks)));
        Condition::any()
            .add(units::store::within_subtree(
                &self.reach,
                (score_sheet::Entity, UnitId),
                self.today,
            ))
            .add(in_years(self.of_clusters(&self.reach, none)))
            .add(
                Condition::all()
                    .add(Expr::col((score_sheet::Entity, State)).ne(SheetState::Draft))
                    .add(handed_in),
            )
    }

    /// The years of clusters whose organiser a reach stands above, and of clusters that are named.
    fn of_clusters(&self, reach: &Reach, named: &[Uuid]) -> SelectStatement {
        let cluster = (emulation_year::Entity, emulation_year::Column::ClusterId);
        Query::select()
            .column(emulation_year::Column::Id)
            .from(emulation_year::Entity)
            .cond_where(clusters::store::of_those_below(reach, named, cluster, self.today))
            .to_owned()
    }
}

fn in_years(years: SelectStatement) -> Condition {
    let year = Expr::col((score_sheet::Entity, score_sheet::Column::YearId));
    Condition::all().add(year.in_subquery(years))
}

/// A cross-check of the sheet's unit in its year by one of these units.
fn checked_by(checkers: &[Uuid]) -> SelectStatement {
    use cross_check::Column::{CheckedId, CheckerId, YearId};
    let column = |column| Expr::col((cross_check::Entity, column));
    Query::select()
        .expr(Expr::val(1))
        .from(cross_check::Entity)
        .and_where(column(CheckerId).is_in(checkers.iter().copied()))
        .and_where(column(YearId).equals((score_sheet::Entity, score_sheet::Column::YearId)))
        .and_where(column(CheckedId).equals((score_sheet::Entity, score_sheet::Column::UnitId)))
        .to_owned()
}
