//! Who sees what of a cross-check: conditions on its row, and what is left out for whom.

use std::collections::HashMap;

use sea_orm::sea_query::{CaseStatement, Expr, ExprTrait, IntoColumnRef, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use thidua_entity::enums::{CrossCheckState, YearPhase};
use thidua_entity::{cross_check, cross_check_finding, cross_check_recusal, emulation_year};
use uuid::Uuid;

use crate::error::Result;
use crate::years::store::View;
use crate::{clusters, units};

/// What stands in the place of a version that is not shown: versions count from 1.
const HIDDEN: i32 = 0;

/// The version of a cross-check or a finding as it was read for somebody; `None` when it is not shown.
pub const fn shown_version(version: i32) -> Option<i32> {
    if version == HIDDEN { None } else { Some(version) }
}

/// From where somebody looks at a cross-check of a year that they see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sight {
    /// From the unit that checks, or from above it.
    pub checker: bool,
    /// From the unit that is checked, or from above it.
    pub checked: bool,
    /// As who keeps the cluster or watches it, or after the year was published.
    pub around: bool,
}

impl Sight {
    /// Whether the minutes, and why it was taken back, are shown.
    pub const fn shows_record(self) -> bool {
        self.checker || self.checked || self.around
    }

    /// Whether it is shown how often a cross-check, or a finding, has changed and when it last did. While one side drafts, its drafts count as
    /// changes: the other side does not see how many there are. Who keeps the cluster does, since it names the version when it takes a
    /// step; but of the own unit's checks it takes none.
    pub const fn shows_changes(self, state: CrossCheckState) -> bool {
        match state {
            CrossCheckState::Assigned => self.checker || self.around && !self.checked,
            CrossCheckState::FindingsSent => self.checked || self.around && !self.checker,
            CrossCheckState::Replied | CrossCheckState::Minuted => self.shows_record(),
        }
    }

    /// Whether replies are shown: those that were not sent only to who writes them.
    pub fn shows_replies(self, state: CrossCheckState) -> bool {
        let sent = matches!(state, CrossCheckState::Replied | CrossCheckState::Minuted);
        self.checked || sent && self.shows_record()
    }
}

fn from_checker(view: &View) -> Condition {
    units::store::within_subtree(
        &view.reach,
        (cross_check::Entity, cross_check::Column::CheckerId),
        view.today,
    )
}

fn from_checked(view: &View) -> Condition {
    units::store::within_subtree(
        &view.reach,
        (cross_check::Entity, cross_check::Column::CheckedId),
        view.today,
    )
}

fn from_around(view: &View) -> Condition {
    let year = (cross_check::Entity, cross_check::Column::YearId);
    let published = Query::select()
        .column(emulation_year::Column::Id)
        .from(emulation_year::Entity)
        .and_where(emulation_year::Column::Phase.eq(YearPhase::Published))
        .to_owned();
    Condition::any()
        .add(kept(view, year))
        .add(Expr::col(year).in_subquery(published))
}

/// Restricts a column that holds a year to those of clusters that the caller keeps, watches, or stands above.
fn kept(view: &View, column: impl IntoColumnRef) -> Condition {
    if view.reach.everything {
        return Condition::all();
    }
    let cluster = (emulation_year::Entity, emulation_year::Column::ClusterId);
    let years = Query::select()
        .column(emulation_year::Column::Id)
        .from(emulation_year::Entity)
        .cond_where(clusters::store::of_those_below(
            &view.reach,
            &view.reach.clusters,
            cluster,
            view.today,
        ))
        .to_owned();
    Condition::all().add(Expr::col(column.into_column_ref()).in_subquery(years))
}

/// Cross-checks of seen years whose findings are seen: those that were not sent only by who writes them.
pub(super) fn shows_findings(view: &View) -> Condition {
    let sent = Condition::all()
        .add(cross_check::Column::State.ne(CrossCheckState::Assigned))
        .add(Condition::any().add(from_checked(view)).add(from_around(view)));
    Condition::any().add(from_checker(view)).add(sent)
}

/// Recusals that are seen, with their reasons: by the two units, those above them, and who keeps the cluster.
pub(super) fn shows_recusals(view: &View) -> Condition {
    use cross_check_recusal::Column::{CheckedId, CheckerId, YearId};
    use cross_check_recusal::Entity;
    Condition::any()
        .add(units::store::within_subtree(
            &view.reach,
            (Entity, CheckerId),
            view.today,
        ))
        .add(units::store::within_subtree(
            &view.reach,
            (Entity, CheckedId),
            view.today,
        ))
        .add(kept(view, (Entity, YearId)))
}

/// From where the caller looks at some cross-checks, by one statement; the years were found before.
pub async fn sights(connection: &impl ConnectionTrait, view: &View, checks: &[Uuid]) -> Result<HashMap<Uuid, Sight>> {
    let whether = |condition: Condition| -> SimpleExpr { CaseStatement::new().case(condition, 1).finally(0).into() };
    let looked = cross_check::Entity::find()
        .select_only()
        .column(cross_check::Column::Id)
        .column_as(whether(from_checker(view)), "checker")
        .column_as(whether(from_checked(view)), "checked")
        .column_as(whether(from_around(view)), "around")
        .filter(cross_check::Column::Id.is_in(checks.iter().copied()));
    let rows: Vec<(Uuid, i32, i32, i32)> = looked.into_tuple().all(connection).await?;
    let sight = |(id, checker, checked, around)| {
        let sight = Sight {
            checker: checker == 1,
            checked: checked == 1,
            around: around == 1,
        };
        (id, sight)
    };
    Ok(rows.into_iter().map(sight).collect())
}

/// Cross-checks without what the caller does not see of them.
pub(super) async fn masked(
    connection: &impl ConnectionTrait,
    view: &View,
    rows: Vec<cross_check::Model>,
) -> Result<Vec<cross_check::Model>> {
    if view.reach.everything || rows.is_empty() {
        return Ok(rows);
    }
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let sights = sights(connection, view, &ids).await?;
    let mask = |row: cross_check::Model| {
        let sight = sights.get(&row.id).copied().unwrap_or_default();
        let row = if sight.shows_changes(row.state) {
            row
        } else {
            cross_check::Model { version: HIDDEN, ..row }
        };
        if sight.shows_record() {
            return row;
        }
        cross_check::Model {
            held_on: None,
            place: None,
            attendance: None,
            minutes: None,
            return_reason: None,
            waived_reason: None,
            ..row
        }
    };
    Ok(rows.into_iter().map(mask).collect())
}

/// Findings without the replies that the caller does not see.
pub(super) async fn without_hidden_replies(
    connection: &impl ConnectionTrait,
    view: &View,
    rows: Vec<cross_check_finding::Model>,
) -> Result<Vec<cross_check_finding::Model>> {
    if view.reach.everything || rows.is_empty() {
        return Ok(rows);
    }
    let mut ids: Vec<Uuid> = rows.iter().map(|row| row.cross_check_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let sights = sights(connection, view, &ids).await?;
    let checks = cross_check::Entity::find().filter(cross_check::Column::Id.is_in(ids));
    let checks: HashMap<Uuid, CrossCheckState> = checks
        .all(connection)
        .await?
        .into_iter()
        .map(|row| (row.id, row.state))
        .collect();
    let hide = |row: cross_check_finding::Model| {
        let sight = sights.get(&row.cross_check_id).copied().unwrap_or_default();
        let Some(&state) = checks.get(&row.cross_check_id) else {
            return row;
        };
        // A finding changes with each reply that is drafted to it, and only who replies names its version then.
        let row = if state != CrossCheckState::FindingsSent || sight.checked {
            row
        } else {
            cross_check_finding::Model { version: HIDDEN, ..row }
        };
        if sight.shows_replies(state) {
            return row;
        }
        cross_check_finding::Model {
            accepted: None,
            reply: None,
            replied_by: None,
            replied_for: None,
            replied_at: None,
            ..row
        }
    };
    Ok(rows.into_iter().map(hide).collect())
}
