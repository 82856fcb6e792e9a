//! Periods, indicators and report forms of the demonstration.

use chrono::Duration;
use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::enums::{
    Aggregation, FormState, HeadCount, NumberForm, PeriodKind, RuleMissing, RuleSeverity, UnitKind,
};
use thidua_entity::{
    Fixed4, indicator, period, report_form, report_form_item, report_form_kind, report_form_rule, report_form_section,
    report_form_version,
};

use super::plan::{self, Plan, day};
use crate::error::Result;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    indicators: Vec<NewIndicator>,
    forms: Vec<NewForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewIndicator {
    code: String,
    name: String,
    unit: String,
    form: NumberForm,
    aggregation: Aggregation,
    numerator: Option<String>,
    denominator: Option<String>,
    #[serde(default, rename = "headCount")]
    head_count: Option<HeadCount>,
    description: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewForm {
    code: String,
    owner: String,
    name: String,
    periodicity: PeriodKind,
    kinds: Vec<UnitKind>,
    required: Vec<String>,
    sections: Vec<NewSection>,
    #[serde(default)]
    rules: Vec<NewRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewSection {
    title: Option<String>,
    help: Option<String>,
    items: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRule {
    code: String,
    expression: String,
    severity: RuleSeverity,
    message: String,
    basis: Option<String>,
}

/// The first and the last year that has a period.
pub const YEARS: std::ops::RangeInclusive<i32> = 2017..=2026;
/// The year that has quarters.
pub const YEAR_OF_QUARTERS: i32 = 2023;
/// The term of the congress of 2017.
pub const TERM: &str = "NK-2017-2022";

/// Plans periods, indicators and forms.
pub fn plan(plan: &mut Plan) -> Result<()> {
    periods(plan)?;
    let file: File = plan::read("indicators.json", include_str!("indicators.json"))?;
    for new in file.indicators {
        let of = |code: &Option<String>| {
            code.as_deref()
                .map(|code| plan.indicator(code).map(|row| row.id))
                .transpose()
        };
        let (numerator_id, denominator_id) = (of(&new.numerator)?, of(&new.denominator)?);
        let row = indicator::Model {
            id: plan.id(),
            code: new.code,
            name: new.name,
            unit_of_measure: new.unit,
            number_form: new.form,
            aggregation: new.aggregation,
            numerator_id,
            denominator_id,
            scale: if numerator_id.is_some() { 100 } else { 1 },
            // What is counted is never negative.
            lowest: numerator_id.is_none().then_some(Fixed4::ZERO),
            highest: None,
            by_women: false,
            by_sector: false,
            head_count: new.head_count,
            description: new.description,
            version: 1,
        };
        plan.add_indicator(row, new.numerator);
    }
    for new in file.forms {
        form(plan, new)?;
    }
    Ok(())
}

fn periods(plan: &mut Plan) -> Result<()> {
    let owner_id = plan.unit("TLD")?.id;
    let add = |plan: &mut Plan, code: String, name: String, kind, (starts_on, ends_on), due_on| {
        let row = period::Model {
            id: plan.id(),
            owner_id,
            code,
            name,
            kind,
            starts_on,
            ends_on,
            due_on,
            version: 1,
        };
        plan.add_period(row);
    };
    for year in YEARS {
        let span = (day(year, 1, 1), day(year, 12, 31));
        // The day by which year reports are due in practice lies before the end of the year.
        let due = Some(day(year, 12, 10));
        add(
            plan,
            year.to_string(),
            format!("Năm {year}"),
            PeriodKind::Year,
            span,
            due,
        );
    }
    for (quarter, roman) in (1..=4_u32).zip(["I", "II", "III", "IV"]) {
        let year = YEAR_OF_QUARTERS;
        let next = if quarter == 4 {
            day(year + 1, 1, 1)
        } else {
            day(year, quarter * 3 + 1, 1)
        };
        let span = (day(year, quarter * 3 - 2, 1), next - Duration::days(1));
        let due = Some(day(year, quarter * 3, 10));
        let (code, name) = (format!("{year}-Q{quarter}"), format!("Quý {roman} năm {year}"));
        add(plan, code, name, PeriodKind::Quarter, span, due);
    }
    // The source names the years of the term; the days are those of the congress and the end of the last year.
    let span = (day(2017, 7, 13), day(2022, 12, 31));
    add(
        plan,
        TERM.to_owned(),
        "Nhiệm kỳ 2017-2022".to_owned(),
        PeriodKind::Term,
        span,
        None,
    );
    Ok(())
}

fn form(plan: &mut Plan, new: NewForm) -> Result<()> {
    let row = report_form::Model {
        id: plan.id(),
        owner_id: plan.unit(&new.owner)?.id,
        code: new.code,
        name: new.name,
        periodicity: new.periodicity,
        version: 1,
    };
    let version = report_form_version::Model {
        id: plan.id(),
        form_id: row.id,
        number: 1,
        state: FormState::Published,
        size_by: None,
        size_fewest: None,
        size_most: None,
        legal_basis: Some("Biểu mẫu minh họa, lập từ các chỉ tiêu mà nguồn nêu.".to_owned()),
        published_at: Some(plan.instant(day(2017, 1, 3), 9 * 60)),
        version: 2,
    };
    let version_id = version.id;
    plan.add_form(row, version);
    let kinds = new.kinds.into_iter().map(|unit_kind| report_form_kind::Model {
        form_version_id: version_id,
        unit_kind,
    });
    plan.rows.form_kinds.extend(kinds);
    let rules = (1..).zip(new.rules);
    let rules = rules.map(|(position, rule)| report_form_rule::Model {
        form_version_id: version_id,
        code: rule.code,
        position,
        expression: rule.expression,
        severity: rule.severity,
        missing: RuleMissing::Skip,
        message: rule.message,
        basis: rule.basis,
    });
    plan.rows.form_rules.extend(rules);
    let mut positions = 1..;
    for (section, new_section) in (1..).zip(new.sections) {
        for (code, position) in new_section.items.iter().zip(&mut positions) {
            let row = report_form_item::Model {
                form_version_id: version_id,
                indicator_id: plan.indicator(code)?.id,
                section,
                position,
                required: new.required.contains(code),
                help: None,
                lowest: None,
                highest: None,
                by_women: false,
                by_sector: false,
            };
            plan.rows.form_items.push(row);
        }
        plan.rows.form_sections.push(report_form_section::Model {
            form_version_id: version_id,
            position: section,
            title: new_section.title,
            help: new_section.help,
        });
    }
    Ok(())
}
