//! The days in which units may object to outcomes: until when, and whether nothing stands in the way of a decision any more.

use std::collections::HashMap;

use chrono::{Days, NaiveDate};
use sea_orm::ConnectionTrait;
use thidua_entity::award_proposal;
use uuid::Uuid;

use crate::awards::store;
use crate::error::{Problem, Result, Text};
use crate::units::store as units;

/// The days for objections that the terms of some proposals ask for, by terms.
async fn days_asked(tx: &impl ConnectionTrait, proposals: &[award_proposal::Model]) -> Result<HashMap<Uuid, u64>> {
    let mut ids: Vec<Uuid> = proposals.iter().filter_map(|row| row.terms_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut asked = HashMap::new();
    for row in store::terms_by_id(tx, &ids).await? {
        let days = store::content(&row)?
            .objection_days
            .and_then(|days| u64::try_from(days).ok());
        asked.extend(days.map(|days| (row.id, days)));
    }
    Ok(asked)
}

/// Proposals whose outcomes are told now, by the last day on which units may object to them; `None` where nobody is asked.
pub(super) async fn until(
    tx: &impl ConnectionTrait,
    proposals: &[award_proposal::Model],
    today: NaiveDate,
) -> Result<HashMap<Option<NaiveDate>, Vec<Uuid>>> {
    let asked = days_asked(tx, proposals).await?;
    let mut windows: HashMap<Option<NaiveDate>, Vec<Uuid>> = HashMap::new();
    for row in proposals {
        let days = row.terms_id.and_then(|terms| asked.get(&terms));
        let until = days.and_then(|&days| today.checked_add_days(Days::new(days)));
        windows.entry(until).or_default().push(row.id);
    }
    Ok(windows)
}

/// Lets proposals through to which nobody can object any more: told where the terms ask for objections, the days over, each answered.
pub(super) async fn settled(
    tx: &impl ConnectionTrait,
    proposals: &[award_proposal::Model],
    today: NaiveDate,
) -> Result<()> {
    let asked = days_asked(tx, proposals).await?;
    let ids: Vec<Uuid> = proposals.iter().map(|row| row.id).collect();
    let unanswered = store::unanswered(tx, &ids).await?;
    let units: Vec<Uuid> = proposals.iter().map(|row| row.unit_id).collect();
    let names = units::plain_names(tx, &units, today).await?;
    let problem = |(index, row): (usize, &award_proposal::Model)| {
        let name = row
            .person
            .as_ref()
            .or_else(|| names.get(&row.unit_id))
            .map_or("", String::as_str);
        let asks = row.terms_id.is_some_and(|terms| asked.contains_key(&terms));
        let (code, text) = stands_in_the_way(
            name,
            (asks, row.objections_until),
            unanswered.get(&row.id).copied(),
            today,
        )?;
        Some(Problem::new(code, format!("proposalIds.{index}"), text.vi, text.en))
    };
    let problems: Vec<Problem> = proposals.iter().enumerate().filter_map(problem).collect();
    Problem::none(problems)
}

fn stands_in_the_way(
    name: &str,
    (asks, until): (bool, Option<NaiveDate>),
    unanswered: Option<i64>,
    today: NaiveDate,
) -> Option<(&'static str, Text)> {
    if let Some(count) = unanswered {
        return Some((
            "OBJECTION_UNANSWERED",
            Text::new(
                format!("Đề nghị cho «{name}» còn {count} khiếu nại chưa được trả lời."),
                format!("{count} objections to the proposal for “{name}” are not answered yet."),
            ),
        ));
    }
    match until {
        None if asks => Some((
            "OUTCOME_NOT_TOLD",
            Text::new(
                format!(
                    "Kết quả xét cho «{name}» phải được thông báo (releaseAwardOutcomes) để lấy ý kiến trước khi quyết định."
                ),
                format!(
                    "The outcome for “{name}” is told first (releaseAwardOutcomes), so that units may object before it is decided."
                ),
            ),
        )),
        Some(until) if today <= until => Some((
            "OBJECTION_WINDOW_OPEN",
            Text::new(
                format!(
                    "Kết quả xét cho «{name}» còn trong thời hạn khiếu nại đến hết ngày {}.",
                    until.format("%d/%m/%Y")
                ),
                format!("Units may object to the outcome for “{name}” until {until}."),
            ),
        )),
        _ => None,
    }
}
