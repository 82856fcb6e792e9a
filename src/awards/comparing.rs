//! Who goes first among those of equal merit, and the order in which a council compares those who are proposed for one award. Pure.
//!
//! Where the terms ask for it, women go first at equal merit, and collectives of which so large a share of the members are women. That
//! neither admits nor refuses anybody, so it is no rule of eligibility; what the data do not tell is UNKNOWN here too. The merit of a
//! unit is its points of the published result of the year; who has none is compared with nobody, and stands at the end.

use std::cmp::Reverse;

use chrono::NaiveDate;
use thidua_entity::Fixed4;
use thidua_entity::enums::RuleOutcome;
use uuid::Uuid;

use super::terms::WomenFirst;
use crate::error::Text;
use crate::numbers;

/// Most names that a sentence lists.
const NAMED_MAX: usize = 3;

/// The members of a unit on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heads {
    /// How many; `None` when not counted.
    pub members: Option<i64>,
    /// Women among them; `None` when not counted.
    pub women: Option<i64>,
    /// The day of the count.
    pub as_of: NaiveDate,
}

/// Who is proposed, as far as this asks.
#[derive(Clone, Debug)]
pub enum Nominee {
    /// A person.
    Person {
        /// The name.
        name: String,
        /// Whether it is a woman; `None` when the proposal does not say.
        woman: Option<bool>,
    },
    /// A unit.
    Collective {
        /// The name.
        name: String,
        /// The last count of its members up to the day; `None` when there is none.
        heads: Option<Heads>,
        /// The day: the end of the year of achievement, or today while it runs.
        day: NaiveDate,
    },
}

/// Whether somebody goes first at equal merit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preference {
    /// PASS for who does, UNKNOWN where the data do not tell.
    pub outcome: RuleOutcome,
    /// The count by which it was judged, of a unit that has one.
    pub heads: Option<Heads>,
    /// Why, in a sentence.
    pub text: Text,
    /// The same as part of a sentence: "72% đoàn viên là nữ".
    ground: Text,
}

impl Preference {
    /// Whether the terms prefer somebody at equal merit.
    pub fn of(terms: &WomenFirst, nominee: &Nominee) -> Self {
        match nominee {
            Nominee::Person { name, woman } => Self::of_person(name, *woman),
            Nominee::Collective { name, heads, day } => Self::of_collective(terms, name, *heads, *day),
        }
    }

    fn of_person(name: &str, woman: Option<bool>) -> Self {
        let (outcome, vi, en) = match woman {
            Some(true) => (
                RuleOutcome::Pass,
                format!("{name} là nữ: được xếp trước khi bằng thành tích."),
                format!("{name} is a woman and goes first at equal merit."),
            ),
            Some(false) => (
                RuleOutcome::Fail,
                format!("{name} không phải là nữ: không được xếp trước khi bằng thành tích."),
                format!("{name} is not a woman and does not go first at equal merit."),
            ),
            None => (
                RuleOutcome::Unknown,
                format!("Đề nghị không ghi {name} có phải là nữ hay không."),
                format!("The proposal does not say whether {name} is a woman."),
            ),
        };
        Self {
            outcome,
            heads: None,
            text: Text::new(vi, en),
            ground: Text::new("là nữ", "this is a woman"),
        }
    }

    fn of_collective(terms: &WomenFirst, name: &str, heads: Option<Heads>, day: NaiveDate) -> Self {
        let least = terms.collective_share;
        let counted = heads.and_then(|heads| {
            let (members, women) = (heads.members?, heads.women?);
            let sizes = (u64::try_from(women).ok()?, u64::try_from(members).ok()?);
            (members > 0).then_some((sizes, heads.as_of))
        });
        let Some(((women, members), as_of)) = counted else {
            return Self {
                outcome: RuleOutcome::Unknown,
                heads,
                text: Text::new(
                    format!("Chưa có số đoàn viên nữ của {name} tính đến ngày {}.", vi_day(day)),
                    format!("How many members of {name} are women by {day} is not known."),
                ),
                ground: Text::new(String::new(), String::new()),
            };
        };
        let (share_vi, share_en) = percent(women, members);
        let (outcome, then_vi, then_en) = if least.is_reached(women, members) {
            (
                RuleOutcome::Pass,
                format!("đạt {least} trở lên nên được xếp trước khi bằng thành tích"),
                format!("at least {least}, so it goes first at equal merit"),
            )
        } else {
            (
                RuleOutcome::Fail,
                format!("dưới {least} nên không được xếp trước khi bằng thành tích"),
                format!("less than {least}, so it does not go first at equal merit"),
            )
        };
        let on = vi_day(as_of);
        Self {
            outcome,
            heads,
            text: Text::new(
                format!("{name} có {women}/{members} đoàn viên là nữ ({share_vi}%) ngày {on}: {then_vi}."),
                format!("Of {members} members of {name} on {as_of}, {women} are women ({share_en}%): {then_en}."),
            ),
            ground: Text::new(
                format!("{share_vi}% đoàn viên là nữ"),
                format!("{share_en}% of the members are women"),
            ),
        }
    }

    fn is_given(&self) -> bool {
        self.outcome == RuleOutcome::Pass
    }
}

/// The day on which the members of a unit are counted for a year: its last, or today while it runs.
pub fn counted_on(year: i32, today: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(today).min(today)
}

/// A share in hundredths of a percent, cut and never rounded up: what is shown as 70% is 70% or more.
fn percent(part: u64, whole: u64) -> (String, String) {
    let hundredths = u128::from(part) * 10_000 / u128::from(whole.max(1));
    let share = i64::try_from(hundredths * 100)
        .ok()
        .and_then(Fixed4::from_ten_thousandths);
    let share = share.unwrap_or_default();
    (numbers::write(share), share.to_string())
}

fn vi_day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}

/// Somebody who is proposed, to be compared with others.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The proposal.
    pub id: Uuid,
    /// Who is proposed, for sentences and for the order of those who are even.
    pub name: String,
    /// The points of the published result of the year; `None` for a person and for a unit without them.
    pub points: Option<Fixed4>,
    /// Whether it goes first at equal merit; `None` where the terms prefer nobody.
    pub preference: Option<Preference>,
}

impl Candidate {
    fn is_preferred(&self) -> bool {
        self.preference.as_ref().is_some_and(Preference::is_given)
    }

    /// Whether nothing puts one before the other.
    fn is_even_with(&self, other: &Self) -> bool {
        (self.points, self.is_preferred()) == (other.points, other.is_preferred())
    }
}

/// Where somebody stands among those who are compared.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Who.
    pub candidate: Candidate,
    /// The place, from 1; those who are even share it. `None` without points.
    pub position: Option<usize>,
    /// Why it stands before, or beside, those with as many points; `None` where nobody has as many.
    pub text: Option<Text>,
}

/// Puts candidates in order: by points, at equal points those who go first, then by name. Those without points stand at the end.
pub fn in_order(mut candidates: Vec<Candidate>) -> Vec<Placed> {
    candidates.sort_by_cached_key(|one| {
        let merit = (one.points.is_none(), Reverse(one.points), !one.is_preferred());
        (merit, crate::text::sort_key(&one.name), one.id)
    });
    let mut placed: Vec<Placed> = Vec::with_capacity(candidates.len());
    for (at, one) in candidates.iter().enumerate() {
        let before = placed.last().filter(|before| before.candidate.is_even_with(one));
        let position = match before {
            Some(even) => even.position,
            None => one.points.map(|_| at.saturating_add(1)),
        };
        placed.push(Placed {
            candidate: one.clone(),
            position,
            text: told(one, &candidates),
        });
    }
    placed
}

/// Why a candidate stands before, or beside, the others with as many points.
fn told(one: &Candidate, all: &[Candidate]) -> Option<Text> {
    one.points?;
    let as_many = all
        .iter()
        .filter(|other| other.id != one.id && other.points == one.points);
    let (beside, apart): (Vec<&Candidate>, Vec<&Candidate>) = as_many.partition(|other| one.is_even_with(other));
    let ground = one.preference.as_ref().filter(|_| one.is_preferred());
    let first = ground.filter(|_| !apart.is_empty()).map(|given| {
        let names = listed(&apart);
        Text::new(
            format!("Bằng điểm với {}; xếp trước vì {}.", names.vi, given.ground.vi),
            format!(
                "On as many points as {}; stands before since {}.",
                names.en, given.ground.en
            ),
        )
    });
    let even = (!beside.is_empty()).then(|| {
        let names = listed(&beside);
        Text::new(
            format!("Cùng vị trí với {}: bằng điểm, không bên nào được xếp trước.", names.vi),
            format!(
                "Shares the place with {}: on as many points, and neither goes first.",
                names.en
            ),
        )
    });
    match (first, even) {
        (Some(first), Some(even)) => Some(Text::new(
            format!("{} {}", first.vi, even.vi),
            format!("{} {}", first.en, even.en),
        )),
        (first, even) => first.or(even),
    }
}

/// The first names and how many there are besides.
fn listed(candidates: &[&Candidate]) -> Text {
    let names: Vec<&str> = candidates.iter().take(NAMED_MAX).map(|one| one.name.as_str()).collect();
    let (names, more) = (names.join(", "), candidates.len().saturating_sub(NAMED_MAX));
    match more {
        0 => Text::new(names.clone(), names),
        more => Text::new(
            format!("{names} và {more} đề nghị khác"),
            format!("{names} and {more} more"),
        ),
    }
}

#[cfg(test)]
mod tests;
