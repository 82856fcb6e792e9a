//! Year reports of the demonstration. In the year of its source a group's approved reports add up to the printed figures to
//! the digit; the years around it are made up.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::Fixed4;
use thidua_entity::enums::{Aggregation, Nature};

use super::courses::{self, Filing, Life, REASONS, Typed};
use super::draw::Draw;
use super::facts::{self, Source};
use super::figures::{self, Figures, Group};
use super::heads::{self, Heads};
use super::plan::{self, MADE_UP, Plan, PlannedUnit, broken, day};
use crate::error::Result;

/// Said of every figure of the year of a source.
pub const SPLIT_MADE_UP: &str = "Số liệu minh họa: nguồn chỉ có tổng số, phần chia theo đơn vị do hệ thống tạo.";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    groups: Vec<NewGroup>,
}

/// Units that report on one form, and for which years.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewGroup {
    source: String,
    form: String,
    #[serde(default)]
    units: Vec<String>,
    units_below: Option<String>,
    verifier: String,
    approver: String,
    years: BTreeMap<i32, Year>,
    ours: BTreeMap<String, i64>,
    ours_note: Option<String>,
}

/// A year around that of the source.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Year {
    /// Its totals in thousandths of those of the source.
    permille: i64,
    /// How far its reports have come.
    life: YearLife,
    /// How far those of single units have come.
    #[serde(default)]
    of: BTreeMap<String, Life>,
}

/// How far the reports of a year have come.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum YearLife {
    /// All approved.
    Source,
    /// Most approved, some stuck on the way, some missing.
    Past,
    /// Half of them still to come.
    Open,
}

impl YearLife {
    fn draw(self, draw: &mut Draw) -> Life {
        match (self, draw.between(1, 100)) {
            (Self::Source, _) | (Self::Past, ..=87) | (Self::Open, ..=45) => Life::Approved,
            (Self::Past, ..=90) | (Self::Open, ..=53) => Life::Verified,
            (Self::Past, ..=93) | (Self::Open, ..=60) => Life::Submitted,
            (Self::Past, ..=95) => Life::Returned,
            (Self::Past, ..=96) | (Self::Open, ..=64) => Life::Draft,
            (Self::Past | Self::Open, _) => Life::None,
        }
    }
}

/// Plans the year reports of every group.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let facts = facts::read()?;
    let file: File = plan::read("reports.json", include_str!("reports.json"))?;
    for group in file.groups {
        let source = facts.sources.iter().find(|source| source.key == group.source);
        let source = source.ok_or_else(|| broken(format!("no source {}", group.source)))?;
        let units = match &group.units_below {
            Some(upper) => plan.below(upper)?,
            None => plan.units(&group.units)?,
        };
        let below = units
            .iter()
            .map(|unit| i64::try_from(unit.below.len()).unwrap_or_default())
            .collect();
        let shape = Group::drawn(&source.key, below);
        let of_source: i32 = source.period.parse().map_err(|_| broken(&source.period))?;
        let mut years = group.years.clone();
        years.insert(
            of_source,
            Year {
                permille: 1000,
                life: YearLife::Source,
                of: BTreeMap::new(),
            },
        );
        let totals = totals(plan, source, &group.ours)?;
        for (year, wanted) in years {
            let scaled = scaled(&totals, wanted.permille);
            let figures = figures::split(&format!("{} {year}", source.key), &scaled, &shape)?;
            let printed = (wanted.life == YearLife::Source).then_some(source);
            file_year(plan, &group, &units, year, &wanted, &figures, printed)?;
        }
        if let Some(upper) = &group.units_below {
            heads::of_upper(plan, upper, source, of_source)?;
        }
    }
    Ok(())
}

/// A figure without its decimals; the sources print none.
pub fn whole(value: Fixed4) -> i64 {
    value.ten_thousandths() / 10_000
}

/// Totals of a source by indicator. Of a rate, the indicator above the line is to be split.
fn totals(plan: &Plan, source: &Source, ours: &BTreeMap<String, i64>) -> Result<BTreeMap<String, i64>> {
    let mut totals = ours.clone();
    for figure in &source.figures {
        let indicator = plan.indicator(&figure.indicator)?;
        match &indicator.numerator {
            Some(numerator) => totals.insert(numerator.clone(), 0),
            None => totals.insert(figure.indicator.clone(), whole(figure.value)),
        };
    }
    Ok(totals)
}

fn scaled(totals: &BTreeMap<String, i64>, permille: i64) -> BTreeMap<String, i64> {
    // Money stays in whole hundreds of thousands.
    let step = |total: i64| if total >= 10_000_000 { 100_000 } else { 1 };
    totals
        .iter()
        .map(|(code, &total)| (code.clone(), total * permille / 1000 / step(total) * step(total)))
        .collect()
}

fn file_year(
    plan: &mut Plan,
    group: &NewGroup,
    units: &[PlannedUnit],
    year: i32,
    wanted: &Year,
    figures: &Figures,
    printed: Option<&Source>,
) -> Result<()> {
    let name = format!("{} {year}", group.source);
    let (form, period) = (plan.form(&group.form)?, plan.period(&year.to_string())?);
    let (verifier, approver) = (plan.account(&group.verifier)?, plan.account(&group.approver)?);
    let open = wanted.life == YearLife::Open;
    let note = match printed {
        Some(source) => {
            let ours = group.ours_note.as_deref().unwrap_or_default();
            format!("{SPLIT_MADE_UP}{ours} Nguồn: “{}”", source.sentence)
        }
        None if open => format!("{MADE_UP} Số phát sinh là ước thực hiện cả năm."),
        None => MADE_UP.to_owned(),
    };
    let mut draw = Draw::named(&name);
    for (index, unit) in units.iter().enumerate() {
        let drawn = wanted.life.draw(&mut draw);
        let life = wanted.of.get(&unit.code).copied().unwrap_or(drawn);
        let mut typed = typed(plan, figures, index, printed, open)?;
        if life == Life::Draft {
            typed.truncate(3);
        }
        let filing = Filing {
            unit,
            form,
            period,
            // A year that is not over has its reports in the weeks before the due day.
            around: if open {
                day(year, 11, 9)
            } else {
                period.due_on.unwrap_or(period.ends_on)
            },
            life,
            note: note.clone(),
            figures: typed,
            reason: draw.one_of(REASONS).unwrap_or(&"…"),
            verifier,
            approver,
        };
        courses::file(plan, filing, &name)?;
        if life != Life::None && life != Life::Draft && !open {
            let heads = Heads::of(figures, index);
            heads.record_made_up(plan, unit, period.ends_on);
            if printed.is_some() {
                heads.record_below(plan, unit, period.ends_on)?;
            }
        }
    }
    Ok(())
}

/// The figures that one unit types. Of a printed figure that is not exact, the largest carries what the text claims.
fn typed(plan: &Plan, figures: &Figures, index: usize, printed: Option<&Source>, open: bool) -> Result<Vec<Typed>> {
    let mut typed = Vec::new();
    for (code, parts) in figures {
        let value = parts.get(index).copied().unwrap_or_default();
        let mut one = Typed::count(code, value)?;
        let claim = printed.and_then(|source| source.figures.iter().find(|figure| figure.indicator == *code));
        let largest = parts
            .iter()
            .enumerate()
            .max_by_key(|&(place, part)| (part, std::cmp::Reverse(place)));
        if let (Some(claim), Some((place, _))) = (claim, largest)
            && place == index
        {
            one.qualifier = claim.qualifier;
        }
        if open && plan.indicator(code)?.aggregation == Aggregation::Flow {
            one.nature = Nature::Estimate;
        }
        typed.push(one);
    }
    Ok(typed)
}
