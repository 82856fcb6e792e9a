//! Whether the score sheets of a year have come so far that its result is computed, or published.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::SheetState;
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::reckoning::{CheckedSet, NAMED_MAX, is_eligible};
use crate::scoring::facts::{Gathered, is_appraised};
use crate::{scoring, text};

/// How far the sheets have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SheetsNot {
    /// Appraised by the cluster at least.
    Appraised,
    /// Decided by the council at least.
    Decided,
}

impl SheetsNot {
    const fn code(self) -> &'static str {
        match self {
            Self::Appraised => "SHEETS_NOT_APPRAISED",
            Self::Decided => "SHEETS_NOT_DECIDED",
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Appraised => ("được cụm thẩm định", "appraised"),
            Self::Decided => ("được hội đồng quyết định", "decided"),
        }
    }

    const fn is_so_far(self, state: SheetState) -> bool {
        match self {
            Self::Appraised => is_appraised(state),
            Self::Decided => matches!(state, SheetState::Decided | SheetState::Published),
        }
    }
}

/// Lets through when there are participants and the sheets of all of them have come so far. One that is not eligible is not rated, so
/// nobody waits for its sheet.
pub(super) fn all_at_least(set: &CheckedSet, gathered: &Gathered, so_far: SheetsNot) -> Result<()> {
    if gathered.facts.units.is_empty() {
        return Err(Error::invalid(
            "NO_PARTICIPANTS",
            "yearId",
            "Năm thi đua không có đơn vị nào tham gia.",
            "Nobody takes part in the year.",
        ));
    }
    let mut behind = Vec::new();
    for (id, unit) in &gathered.facts.units {
        let sheet = gathered.sheets.get(&Kind::Unit.parse(id)?);
        let is_so_far = sheet.is_some_and(|sheet| so_far.is_so_far(sheet.state));
        if !is_so_far && is_eligible(set.set(), unit) {
            behind.push(unit.name.as_str());
        }
    }
    behind.sort_by_cached_key(|name| text::sort_key(name));
    if behind.is_empty() {
        return Ok(());
    }
    let (count, some) = (
        behind.len(),
        behind.iter().take(NAMED_MAX).copied().collect::<Vec<_>>().join("; "),
    );
    let rest = if count > NAMED_MAX { "; …" } else { "" };
    let (vi, en) = so_far.words();
    Err(Error::invalid(
        so_far.code(),
        "yearId",
        format!("Còn {count} đơn vị có phiếu chấm chưa {vi}: {some}{rest}."),
        format!("The sheets of {count} units are not {en} yet: {some}{rest}."),
    ))
}

/// The sheets of a year that some objection waits at.
pub(super) async fn open_objections(tx: &impl ConnectionTrait, gathered: &Gathered) -> Result<usize> {
    let sheets: Vec<Uuid> = gathered.sheets.values().map(|sheet| sheet.id).collect();
    let objections = scoring::store::objections(tx, &sheets).await?;
    Ok(objections.iter().filter(|one| one.outcome.is_none()).count())
}
