//! What somebody should look at before a result is published: units without a grade, shared places, counts that do not add up, quotas that
//! are exceeded or that nobody held. Pure.

use std::collections::BTreeMap;

use thidua_entity::enums::StandingKind;

use super::store::Count;
use crate::error::Text;
use crate::reckoning::snapshot::Snapshot;
use crate::reckoning::{Enforcement, QuotaOutcome, QuotaScope};

/// Something to look at: a stable code, and the sentence.
pub type Warning = (&'static str, Text);

/// Who has no grade, who shares a place, and counts that do not add up to those who take part.
pub fn of_counts(counts: &[Count], participants: usize, tied: usize) -> Vec<(&'static str, Text)> {
    let mut told = Vec::new();
    let of = |standing| -> i64 {
        let these = counts.iter().filter(|one| one.standing == standing);
        these.map(|one| one.units).sum()
    };
    let (not_rated, rows): (i64, i64) = (of(StandingKind::NotRated), counts.iter().map(|one| one.units).sum());
    if not_rated > 0 {
        told.push((
            "NOT_RATED",
            Text::new(
                format!("Có {not_rated} đơn vị chưa xếp loại được; không tính vào mức nào."),
                format!("{not_rated} units could not be rated and are in no grade."),
            ),
        ));
    }
    if tied > 0 {
        told.push((
            "TIED",
            Text::new(
                format!("Có {tied} đơn vị đồng hạng; bỏ phiếu có thể phân định."),
                format!("{tied} units share places; a ballot could decide."),
            ),
        ));
    }
    if i64::try_from(participants).ok() != Some(rows) {
        told.push((
            "DOES_NOT_ADD_UP",
            Text::new(
                format!("Kết quả có {rows} đơn vị nhưng danh sách tham gia có {participants} đơn vị."),
                format!("The result has {rows} units, and {participants} take part."),
            ),
        ));
    }
    told
}

/// Quotas of the set that only warn and are exceeded, and those over several clusters that nobody has ruled.
pub fn of_quotas(snapshot: &Snapshot) -> Vec<Warning> {
    let mut told = Vec::new();
    let bands = &snapshot.rules.bands;
    let grade = |code: &str| {
        let band = bands.iter().find(|band| band.grade == code);
        band.map_or_else(
            || Text::new(code, code),
            |band| {
                let title = &band.title;
                Text::new(title.vi.clone(), title.en.clone().unwrap_or_else(|| title.vi.clone()))
            },
        )
    };
    // A quota may have been held several times; what came of it last counts.
    let last: BTreeMap<&str, &QuotaOutcome> = snapshot
        .outcome
        .quotas
        .iter()
        .map(|outcome| (outcome.quota.as_str(), outcome))
        .collect();
    for quota in &snapshot.rules.quotas {
        let name = grade(&quota.grade);
        let exceeded = last
            .get(quota.code.as_str())
            .filter(|outcome| quota.enforcement == Enforcement::Warn && outcome.had > outcome.allowed);
        if let Some(outcome) = exceeded {
            let (had, allowed) = (outcome.had, outcome.allowed);
            told.push((
                "QUOTA_EXCEEDED",
                Text::new(
                    format!(
                        "Có {had} đơn vị đạt mức “{}”, vượt tỷ lệ tối đa là {allowed} đơn vị (`{}`).",
                        name.vi, quota.code
                    ),
                    format!(
                        "{had} units have “{}”, and the quota `{}` allows {allowed}.",
                        name.en, quota.code
                    ),
                ),
            ));
        }
        let is_ruled = || snapshot.facts.rulings.iter().any(|ruling| ruling.grade == quota.grade);
        if quota.scope != QuotaScope::Cluster && !is_ruled() {
            told.push((
                "QUOTA_NOT_HELD",
                Text::new(
                    format!(
                        "Tỷ lệ mức “{}” xét chung nhiều cụm (`{}`) chưa được ai xét.",
                        name.vi, quota.code
                    ),
                    format!(
                        "Nobody has held the quota `{}` of “{}” over several clusters.",
                        quota.code, name.en
                    ),
                ),
            ));
        }
    }
    told
}
