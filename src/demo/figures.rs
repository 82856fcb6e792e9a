//! How totals become figures of single units that could be true: women among members, members among workers, money along
//! with visits, ratings that add up to the grassroots unions of each. The sums stay what they were.

use std::collections::BTreeMap;

use super::draw::{self, Draw};
use super::plan::broken;
use crate::error::Result;

/// Smallest step of an amount of money in đồng: nobody reports single đồng.
const MONEY_STEP: i64 = 100_000;

/// The units over which totals are split.
pub struct Group {
    /// Makes the chance that stays the same from year to year.
    pub name: String,
    /// How large each is, in no unit.
    pub sizes: Vec<i64>,
    /// How many units stand directly below each.
    pub below: Vec<i64>,
}

impl Group {
    /// A group whose sizes are drawn by its name. A unit with units below it is as large as they are together.
    pub fn drawn(name: &str, below: Vec<i64>) -> Self {
        let mut draw = Draw::named(name);
        let sizes = below
            .iter()
            .map(|&units| units.max(1) * draw.between(40, 160))
            .collect();
        Self {
            name: name.to_owned(),
            sizes,
            below,
        }
    }
}

/// How an indicator is split.
enum Split {
    /// How many units stand below, the unit itself when there are none.
    Below,
    /// One for each.
    OneEach,
    /// By size.
    BySize,
    /// By size and chance; everybody has some when there is enough.
    Scattered,
    /// A part of another figure of the same unit.
    Within(&'static str),
    /// Another figure of the same unit and some more.
    OnTopOf(&'static str),
    /// The same as another figure of the same unit.
    SameAs(&'static str),
    /// Turns of people at so many occasions: no occasion without anybody.
    Attending(&'static str),
    /// Đồng, spent along with something else.
    MoneyFor(&'static str),
    /// Đồng, by size and chance.
    Money,
    /// A grade of the grassroots unions, of those that have none yet.
    Grade,
    /// The grade of all that have no other.
    OtherGrades,
    /// One for some.
    YesOrNo,
}

/// How each indicator is split; one that leans on another stands behind it.
const SPLITS: &[(&str, Split)] = &[
    ("grassroots_unions", Split::Below),
    ("member_departments", Split::OneEach),
    ("reporting_units", Split::OneEach),
    ("hcm_plan_units", Split::OneEach),
    ("grassroots_with_operating_rules", Split::OneEach),
    ("members_total", Split::BySize),
    ("members_female", Split::Within("members_total")),
    ("workers_total", Split::OnTopOf("members_total")),
    ("propaganda_reached", Split::SameAs("workers_total")),
    ("new_members", Split::Scattered),
    ("welfare_visits", Split::Scattered),
    ("welfare_visit_amount", Split::MoneyFor("welfare_visits")),
    ("social_fund_contributions", Split::Money),
    ("resolution_study_sessions", Split::Scattered),
    (
        "resolution_study_attendances",
        Split::Attending("resolution_study_sessions"),
    ),
    ("policy_dissemination_sessions", Split::Scattered),
    (
        "policy_dissemination_attendances",
        Split::Attending("policy_dissemination_sessions"),
    ),
    ("training_attendances", Split::Scattered),
    ("culture_sport_events", Split::Scattered),
    ("culture_sport_attendances", Split::Attending("culture_sport_events")),
    ("party_nominations", Split::Scattered),
    ("party_admissions", Split::Within("party_nominations")),
    ("rating_outstanding", Split::Grade),
    ("rating_completed", Split::Grade),
    ("rating_not_completed", Split::Grade),
    ("rating_good", Split::OtherGrades),
    ("rating_outstanding_proposed", Split::YesOrNo),
];

/// Figures of each unit, by indicator.
pub type Figures = BTreeMap<String, Vec<i64>>;

/// Splits totals over a group. `name` makes the chance, so that two years differ.
pub fn split(name: &str, totals: &BTreeMap<String, i64>, group: &Group) -> Result<Figures> {
    let unknown = totals
        .keys()
        .find(|code| !SPLITS.iter().any(|(known, _)| known == code));
    if let Some(code) = unknown {
        return Err(broken(format!("nobody knows how to split {code}")));
    }
    let mut figures = Figures::new();
    for (code, how) in SPLITS {
        if let Some(&total) = totals.get(*code) {
            let steady = matches!(how, Split::OnTopOf(_) | Split::Within("members_total"));
            // Who the members are hardly changes from year to year; what happens does.
            let (name_of_chance, shake) = if steady { (group.name.as_str(), 20) } else { (name, 40) };
            let mut draw = Draw::named(&format!("{name_of_chance} {code}"));
            let parts = one(how, total, group, &figures, (&mut draw, shake));
            let parts = parts.ok_or_else(|| broken(format!("{code} of {name} does not fit the others")))?;
            figures.insert((*code).to_owned(), parts);
        }
    }
    Ok(figures)
}

fn one(how: &Split, total: i64, group: &Group, figures: &Figures, (draw, shake): (&mut Draw, i64)) -> Option<Vec<i64>> {
    let units = group.sizes.len();
    let same = |code: &str| figures.get(code);
    let mut shaken = |weights: &[i64]| -> Vec<i64> {
        weights
            .iter()
            .map(|weight| weight * draw.between(100 - shake, 100 + shake))
            .collect()
    };
    match how {
        Split::Below => Some(group.below.iter().map(|&below| below.max(1)).collect()),
        Split::OneEach => Some(vec![1; units]),
        Split::BySize => Some(draw::split(total, &group.sizes)),
        Split::Scattered => {
            let enough = i64::try_from(units * 2).ok()? <= total;
            draw::split_above(total, &shaken(&group.sizes), &vec![i64::from(enough); units])
        }
        Split::Within(whole) => same(whole).and_then(|caps| draw::split_within(total, &shaken(caps), caps)),
        Split::OnTopOf(part) => same(part).and_then(|floors| draw::split_above(total, &shaken(floors), floors)),
        Split::SameAs(other) => same(other).cloned(),
        Split::Attending(occasions) => {
            same(occasions).and_then(|floors| draw::split_above(total, &shaken(floors), floors))
        }
        Split::MoneyFor(what) => same(what).map(|weights| money(total, &shaken(weights))),
        Split::Money => Some(money(total, &shaken(&group.sizes))),
        Split::Grade => {
            let ungraded = ungraded(figures)?;
            draw::split_within(total, &shaken(&ungraded), &ungraded)
        }
        Split::OtherGrades => ungraded(figures),
        Split::YesOrNo => draw::split_within(total, &shaken(&group.sizes), &vec![1; units]),
    }
}

fn money(total: i64, weights: &[i64]) -> Vec<i64> {
    let mut parts: Vec<i64> = draw::split(total / MONEY_STEP, weights)
        .into_iter()
        .map(|part| part * MONEY_STEP)
        .collect();
    if let Some(largest) = parts.iter_mut().max() {
        *largest += total % MONEY_STEP;
    }
    parts
}

/// Grassroots unions of each unit that have no grade yet.
fn ungraded(figures: &Figures) -> Option<Vec<i64>> {
    let mut left = figures.get("grassroots_unions")?.clone();
    let graded = ["rating_outstanding", "rating_completed", "rating_not_completed"];
    for grade in graded.iter().filter_map(|code| figures.get(*code)) {
        for (left, graded) in left.iter_mut().zip(grade) {
            *left -= graded;
        }
    }
    Some(left)
}
