//! The congress of one union: what it elected and what it aims at, as printed. There is nothing to split.

use super::courses::{self, Filing, Life, Typed};
use super::facts;
use super::plan::{Plan, broken, day};
use crate::error::Result;

/// The union that held the congress.
const UNIT: &str = "CDVC.SO-TTTT";

/// Plans its report.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let sources = facts::read()?.sources;
    let source = sources
        .iter()
        .find(|source| source.form == "DAI-HOI")
        .ok_or_else(|| broken("no congress"))?;
    let targets: Vec<&str> = source
        .named
        .iter()
        .filter(|named| named.kind == "TARGET")
        .map(|named| named.printed.as_str())
        .collect();
    let unit = plan.unit(UNIT)?.clone();
    let filing = Filing {
        unit: &unit,
        form: plan.form(&source.form)?,
        period: plan.period(&source.period)?,
        around: day(2017, 7, 25),
        life: Life::Approved,
        note: format!(
            "Nguồn: “{}” Chỉ tiêu khác của nhiệm kỳ: {}.",
            source.sentence,
            targets.join("; ")
        ),
        figures: source.figures.iter().map(Typed::printed).collect(),
        reason: "Đề nghị bổ sung biên bản đại hội.",
        verifier: plan.account("cv.vienchuc")?,
        approver: plan.account("btv.vienchuc")?,
    };
    courses::file(plan, filing, &source.key)
}
