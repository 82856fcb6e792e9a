//! What only the districts of Kon Tum report: quarters, social funds, and the amount that nobody can read.

use std::collections::BTreeMap;

use super::courses::{self, Filing, Life, REASONS, Typed};
use super::facts;
use super::figures::{self, Group};
use super::plan::{MADE_UP, Plan, PlannedUnit, broken};
use super::{catalogue, draw::Draw};
use crate::error::Result;
use crate::numbers;

/// The districts of cluster II.
const DISTRICTS: [&str; 5] = ["KT.DT", "KT.NH", "KT.DG", "KT.IH", "KT.TMR"];
/// The city, outside the cluster.
const CITY: &str = "KT.TPKT";

/// Plans them.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let codes: Vec<String> = DISTRICTS.iter().map(|code| (*code).to_owned()).collect();
    let districts = plan.units(&codes)?;
    let below = districts
        .iter()
        .map(|unit| i64::try_from(unit.below.len()).unwrap_or_default())
        .collect();
    let shape = Group::drawn("kon-tum-2020", below);
    quarters(plan, &districts, &shape)?;
    funds(plan, &districts, &shape)?;
    city(plan)?;
    unreadable(plan)
}

/// One report for each district and quarter: what happened adds up over the year, members do not.
fn quarters(plan: &mut Plan, districts: &[PlannedUnit], shape: &Group) -> Result<()> {
    let year = catalogue::YEAR_OF_QUARTERS;
    for (quarter, members) in (1..).zip([7_902, 7_931, 7_948, 7_989]) {
        let totals = totals(&[
            ("grassroots_unions", 0),
            ("workers_total", members + 161),
            ("members_total", members),
            ("new_members", [31, 42, 38, 57][quarter - 1]),
            ("welfare_visits", [148, 61, 57, 102][quarter - 1]),
            (
                "welfare_visit_amount",
                [131_500_000, 52_300_000, 49_800_000, 88_400_000][quarter - 1],
            ),
            (
                "social_fund_contributions",
                [62_400_000, 118_700_000, 104_200_000, 127_900_000][quarter - 1],
            ),
        ]);
        let period = format!("{year}-Q{quarter}");
        file(plan, "BC-QUY", &period, districts, shape, &totals, |code| {
            match (code, quarter) {
                ("KT.IH", 3) => Life::None,
                ("KT.TMR", 4) => Life::Submitted,
                _ => Life::Approved,
            }
        })?;
    }
    Ok(())
}

/// Contributions to social funds, except in the year of which the source prints an amount that cannot be read.
fn funds(plan: &mut Plan, districts: &[PlannedUnit], shape: &Group) -> Result<()> {
    for (year, total) in [("2019", 362_500_000), ("2021", 401_300_000), ("2022", 418_900_000)] {
        let totals = totals(&[("social_fund_contributions", total)]);
        file(plan, "QUY-XH", year, districts, shape, &totals, |_| Life::Approved)?;
    }
    Ok(())
}

/// The city reports too, so the province's totals differ from the cluster's, but not in the year of the source.
fn city(plan: &mut Plan) -> Result<()> {
    let city = [plan.unit(CITY)?.clone()];
    let shape = Group::drawn(CITY, vec![84]);
    for (year, members, life) in [
        ("2020", 4_890, Life::Draft),
        ("2021", 4_957, Life::Approved),
        ("2022", 5_023, Life::Approved),
    ] {
        let totals = totals(&[
            ("reporting_units", 1),
            ("grassroots_unions", 84),
            ("workers_total", members + 212),
            ("members_total", members),
            ("welfare_visits", 203),
            ("welfare_visit_amount", 171_600_000),
        ]);
        file(plan, "BC-HUYEN", year, &city, &shape, &totals, |_| life)?;
    }
    Ok(())
}

fn totals(of: &[(&str, i64)]) -> BTreeMap<String, i64> {
    of.iter().map(|&(code, total)| (code.to_owned(), total)).collect()
}

fn file(
    plan: &mut Plan,
    form: &str,
    period: &str,
    units: &[PlannedUnit],
    shape: &Group,
    totals: &BTreeMap<String, i64>,
    life: impl Fn(&str) -> Life,
) -> Result<()> {
    let name = format!("{form} {period}");
    let figures = figures::split(&name, totals, shape)?;
    let (form, period) = (plan.form(form)?, plan.period(period)?);
    let mut draw = Draw::named(&name);
    for (index, unit) in units.iter().enumerate() {
        let life = life(&unit.code);
        let mut typed = Vec::new();
        for (code, parts) in &figures {
            typed.push(Typed::count(code, parts.get(index).copied().unwrap_or_default())?);
        }
        if life == Life::Draft {
            typed.truncate(3);
        }
        let filing = Filing {
            unit,
            form,
            period,
            around: period.due_on.unwrap_or(period.ends_on),
            life,
            note: MADE_UP.to_owned(),
            figures: typed,
            reason: draw.one_of(REASONS).unwrap_or(&"…"),
            verifier: plan.account("cv.kontum")?,
            approver: plan.account("btv.kontum")?,
        };
        courses::file(plan, filing, &name)?;
    }
    Ok(())
}

/// The amount whose last group has two digits: sent back with both readings, and no figure is stored.
fn unreadable(plan: &mut Plan) -> Result<()> {
    for source in facts::read()?.sources {
        for refused in &source.refused {
            let district = DISTRICTS
                .iter()
                .find(|code| plan.unit(code).is_ok_and(|unit| unit.name == refused.unit));
            let unit = plan.unit(district.ok_or_else(|| broken(&refused.unit))?)?.clone();
            let readings: Vec<String> = refused
                .readings
                .iter()
                .map(|&reading| numbers::write(reading) + "đ")
                .collect();
            let period = plan.period(&source.period)?;
            let reason = format!(
                "Số tiền “{}” không đọc được: nhóm cuối chỉ có hai chữ số. Đề nghị ghi rõ là {}.",
                refused.printed,
                readings.join(" hay ")
            );
            let filing = Filing {
                unit: &unit,
                form: plan.form(&refused.form)?,
                period,
                around: period.due_on.unwrap_or(period.ends_on),
                life: Life::Returned,
                note: format!(
                    "Số liệu của cả {}, ghi như nguồn: “{}”",
                    source.scope.name, refused.sentence
                ),
                figures: Vec::new(),
                reason: &reason,
                verifier: plan.account("cv.kontum")?,
                approver: plan.account("btv.kontum")?,
            };
            courses::file(plan, filing, &refused.form)?;
        }
    }
    Ok(())
}
