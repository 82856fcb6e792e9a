//! The sentences about quotas and places.

use thidua_entity::Fixed4;

use super::{PlaceData, Telling, basis, joined, written};
use crate::error::Text;
use crate::reckoning::facts::Ruling;
use crate::reckoning::outcome::UnitOutcome;
use crate::reckoning::rules::{Enforcement, Quota, Rounding, TieBreakBy};
use crate::reckoning::verdict::{Move, NotRated, Passed, QuotaOutcome, SeparatedBy, Separation, Standing};
use crate::reckoning::words;

impl Telling<'_> {
    /// A quota that was held over several clusters, and whom of this one it moved.
    pub(super) fn ruling(&self, ruling: &Ruling) -> Vec<Text> {
        let mut told = vec![self.ruled(ruling)];
        told.extend(ruling.units.iter().map(|id| {
            let moves = self.outcome.units.get(id).map(|unit| &unit.standing);
            let moved = match moves {
                Some(Standing::Rated { moves, .. }) => moves.iter().find(|one| one.quota == ruling.code),
                _ => None,
            };
            let (unit, to) = (self.unit(id), self.grade_name(&ruling.to));
            match moved {
                Some(_) if ruling.even.contains(id) => Text::new(
                    format!(
                        "{unit} vượt tỷ lệ nên chuyển xuống {}; đơn vị bằng điểm ở ranh giới.",
                        to.vi
                    ),
                    format!("{unit} is over it and goes to {}; it is even across the border.", to.en),
                ),
                Some(_) => Text::new(
                    format!("{unit} vượt tỷ lệ nên chuyển xuống {}.", to.vi),
                    format!("{unit} is over it and goes to {}.", to.en),
                ),
                None => Text::new(
                    format!("{unit} nay không còn ở mức này nên không phải chuyển."),
                    format!("{unit} does not have that grade any more and is not moved."),
                ),
            }
        }));
        if ruling.units.is_empty() {
            told.push(Text::new(
                "Không đơn vị nào của cụm phải chuyển.",
                "No unit of the cluster is moved.",
            ));
        }
        told.extend(basis(ruling.basis.as_deref()));
        told
    }

    /// What a quota over several clusters says.
    pub(super) fn ruled(&self, ruling: &Ruling) -> Text {
        let (title, grade) = (words::title(&ruling.title), self.grade_name(&ruling.grade));
        let (base, allowed) = (ruling.base, ruling.allowed);
        Text::new(
            format!(
                "Theo {} xét chung nhiều cụm: mức {} có tối đa {allowed} trong {base} đơn vị.",
                title.vi, grade.vi
            ),
            format!(
                "By {} over several clusters, at most {allowed} of {base} units may have {}.",
                title.en, grade.en
            ),
        )
    }

    pub(super) fn quota(&self, outcomes: &[QuotaOutcome]) -> Option<Vec<Text>> {
        let code = &outcomes.first()?.quota;
        let quota = self.set.quotas.iter().find(|quota| quota.code == *code)?;
        let (name, percent) = (self.grade_name(&quota.grade), written(quota.percent));
        let grades = joined(quota.base.iter().map(|grade| self.grade_name(grade)), ", ");
        let mut told = vec![Text::new(
            format!("Mức {} không quá {percent}% số đơn vị xếp {}.", name.vi, grades.vi),
            format!(
                "At most {percent}% of the units graded {} may have {}.",
                grades.en, name.en
            ),
        )];
        for (index, outcome) in outcomes.iter().enumerate() {
            if index > 0 {
                told.push(Text::new(
                    "Các tỷ lệ khác làm số đơn vị này giảm nên xét lại.",
                    "Other quotas made these units fewer, so it was held again.",
                ));
            }
            told.extend(self.held(quota, outcome));
        }
        told.extend(basis(quota.basis.as_deref()));
        Some(told)
    }

    fn held(&self, quota: &Quota, outcome: &QuotaOutcome) -> Vec<Text> {
        let percent = written(quota.percent);
        let (base, exact, allowed, had) = (outcome.base, written(outcome.exact), outcome.allowed, outcome.had);
        let rounding = match quota.rounding {
            Rounding::Down => Text::new("làm tròn xuống", "rounded down"),
            Rounding::Nearest => Text::new("làm tròn", "rounded"),
            Rounding::Up => Text::new("làm tròn lên", "rounded up"),
        };
        let mut told = vec![Text::new(
            format!(
                "{percent}% của {base} đơn vị là {exact}, {} thành {allowed}; có {had} đơn vị.",
                rounding.vi
            ),
            format!(
                "{percent}% of {base} units are {exact}, {} {allowed}; there are {had}.",
                rounding.en
            ),
        )];
        for over in &outcome.over {
            let unit = self.unit(&over.unit);
            told.push(match outcome.enforcement {
                Enforcement::Block => Text::new(
                    format!("{unit} vượt tỷ lệ nên chuyển xuống mức liền dưới."),
                    format!("{unit} is over it and goes to the next grade."),
                ),
                Enforcement::Warn => Text::new(
                    format!("{unit} vượt tỷ lệ; chỉ cảnh báo, không chuyển mức."),
                    format!("{unit} is over it, which is told and moves nobody."),
                ),
            });
            told.extend(self.even(&over.even_with));
        }
        told
    }

    pub(super) fn even(&self, with: &[String]) -> Option<Text> {
        let names = self.units(with);
        (!with.is_empty()).then(|| {
            Text::new(
                format!("Bằng điểm ở ranh giới với: {names}. Không đủ chỗ cho tất cả; bỏ phiếu có thể quyết định."),
                format!("Even across the border with: {names}. There is no room for all; a ballot could decide."),
            )
        })
    }

    /// That a unit is even across the border of a quota over several clusters with units of which its cluster does not know.
    pub(super) fn even_elsewhere(&self, ruling: &Ruling, unit: &UnitOutcome, moved: &Move) -> Option<Text> {
        let is_even = ruling.even.iter().any(|id| {
            let other = self.outcome.units.get(id);
            other.is_some_and(|other| std::ptr::eq(other, unit))
        });
        (is_even && moved.even_with.is_empty()).then(|| {
            Text::new(
                "Bằng điểm ở ranh giới với đơn vị của cụm khác. Không đủ chỗ cho tất cả; bỏ phiếu có thể quyết định.",
                "Even across the border with units of other clusters. There is no room for all; a ballot could decide.",
            )
        })
    }

    pub(super) fn place_data(&self, id: &str) -> Option<PlaceData> {
        let ranking = &self.outcome.ranking;
        let index = ranking.places.iter().position(|one| one.unit == id)?;
        Some(PlaceData {
            placed: ranking.places.get(index)?.clone(),
            above: index.checked_sub(1).and_then(|index| ranking.trace.get(index)).cloned(),
            below: ranking.trace.get(index).cloned(),
        })
    }

    pub(super) fn place(&self, unit: &UnitOutcome, place: Option<&PlaceData>) -> Vec<Text> {
        let Some(place) = place else {
            return vec![match &unit.standing {
                Standing::NotEligible { .. } => Text::new(
                    "Không xếp hạng vì đơn vị không thuộc diện xếp loại kỳ này.",
                    "It has no place, because it is not eligible to be rated for this period.",
                ),
                Standing::NotRated { reasons } if reasons.contains(&NotRated::NothingApplies) => Text::new(
                    "Không xếp hạng vì bảng điểm không có phần nào áp dụng cho đơn vị.",
                    "It has no place, because nothing in the set applies to it.",
                ),
                _ => Text::new(
                    "Chưa xếp hạng vì chưa có tổng điểm.",
                    "It has no place yet, because it has no total.",
                ),
            }];
        };
        let (number, points) = (place.placed.place, written(place.placed.points));
        let mut told = vec![Text::new(
            format!("Xếp hạng {number} với {points} điểm."),
            format!("Place {number} with {points} points."),
        )];
        for separation in [&place.above, &place.below].into_iter().flatten() {
            told.push(self.separation(separation));
            told.extend(separation.passed.iter().map(|passed| self.passed(passed)));
        }
        told
    }

    fn separation(&self, separation: &Separation) -> Text {
        let (above, below) = (self.unit(&separation.above), self.unit(&separation.below));
        let compared = |what: Text, one: Fixed4, other: Fixed4| {
            let (one, other) = (written(one), written(other));
            Text::new(
                format!("{above} đứng trước {below} theo {}: {one} so với {other}.", what.vi),
                format!("{above} stands before {below} by {}: {one} against {other}.", what.en),
            )
        };
        match &separation.by {
            SeparatedBy::Points { above, below } => compared(Text::new("tổng điểm", "total"), *above, *below),
            SeparatedBy::TieBreak { index, above, below } => compared(self.tie_break(*index), *above, *below),
            SeparatedBy::Nothing => Text::new(
                format!("{above} và {below} bằng nhau về mọi mặt nên đồng hạng, trừ khi bỏ phiếu phân định."),
                format!("Nothing separates {above} and {below}, so they share the place unless a ballot decides."),
            ),
        }
    }

    fn passed(&self, passed: &Passed) -> Text {
        let what = self.tie_break(passed.index);
        if passed.even {
            return Text::new(
                format!("Đã xét {} nhưng bằng nhau.", what.vi),
                format!("By {} they are even.", what.en),
            );
        }
        if passed.unknown.is_empty() {
            return Text::new(
                format!("Không xét được {} vì chưa có số liệu chính xác.", what.vi),
                format!(
                    "It could not be told by {}, for lack of what is known exactly.",
                    what.en
                ),
            );
        }
        let units = self.units(&passed.unknown);
        Text::new(
            format!("Không xét được {} vì chưa có số liệu chính xác của: {units}.", what.vi),
            format!(
                "It could not be told by {}, for lack of what is known exactly of: {units}.",
                what.en
            ),
        )
    }

    fn tie_break(&self, index: usize) -> Text {
        match self.set.tie_breaks.get(index).map(|one| &one.by) {
            Some(TieBreakBy::Points { node }) => {
                let name = self.node(node);
                Text::new(format!("điểm {}", name.vi), format!("the points of {}", name.en))
            }
            Some(TieBreakBy::Figure { indicator, .. }) => self.name(indicator),
            Some(TieBreakBy::FewerDeductions) => Text::new("điểm trừ", "deductions"),
            Some(TieBreakBy::Ballot) => Text::new("thứ tự do bỏ phiếu", "the order of a ballot"),
            None => Text::new("tiêu chí phụ", "a tie-break"),
        }
    }
}
