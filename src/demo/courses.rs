//! How far a report has come and on which days: its steps, and the rows that a filed report has.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use serde::Deserialize;
use thidua_entity::Fixed4;
use thidua_entity::enums::{FigurePart, Nature, NumberForm, Qualifier, ReportAction, ReportStatus};
use thidua_entity::{report_sending, report_sent_value, report_step, report_submission, report_value};
use uuid::Uuid;

use super::draw::Draw;
use super::facts::Figure;
use super::plan::{Plan, PlannedForm, PlannedPeriod, PlannedUnit, broken};
use crate::error::Result;
use crate::numbers;

/// How far a report has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Life {
    /// Approved; it counts.
    Approved,
    /// Verified, not yet approved.
    Verified,
    /// Sent, not yet verified.
    Submitted,
    /// Sent back with a reason.
    Returned,
    /// Begun, never sent.
    Draft,
    /// There is no report.
    None,
}

/// A figure as the unit typed it.
pub struct Typed {
    /// Code of the indicator.
    pub indicator: String,
    /// The figure; of a range the lower end.
    pub value: Fixed4,
    /// The upper end of a range.
    pub upper: Option<Fixed4>,
    /// What it claims.
    pub qualifier: Qualifier,
    /// Whether it is known or foreseen.
    pub nature: Nature,
}

impl Typed {
    /// An exact, known number of people, turns or đồng.
    pub fn count(indicator: &str, value: i64) -> Result<Self> {
        let value = Fixed4::from_integer(value).ok_or_else(|| broken(format!("{value} is too large")))?;
        let indicator = indicator.to_owned();
        Ok(Self {
            indicator,
            value,
            upper: None,
            qualifier: Qualifier::Exact,
            nature: Nature::Actual,
        })
    }

    /// A printed figure as the one unit that it concerns types it.
    pub fn printed(figure: &Figure) -> Self {
        Self {
            indicator: figure.indicator.clone(),
            value: figure.value,
            upper: figure.upper,
            qualifier: figure.qualifier,
            nature: Nature::Actual,
        }
    }

    /// The text as an officer types it.
    fn raw(&self, form: NumberForm, draw: &mut Draw) -> String {
        let number = numbers::write(self.value);
        let text = match (self.qualifier, self.upper) {
            (Qualifier::MoreThan, _) => format!("trên {number}"),
            (Qualifier::Nearly, _) => format!("gần {number}"),
            (Qualifier::About, _) => format!("khoảng {number}"),
            (Qualifier::Range, Some(upper)) => format!("từ {number}-{}", numbers::write(upper)),
            _ => number,
        };
        match form {
            NumberForm::Money => text + draw.one_of(&["đ", " đồng", ""]).unwrap_or(&""),
            _ => text,
        }
    }
}

/// A report to be written.
pub struct Filing<'a> {
    /// The unit that reports.
    pub unit: &'a PlannedUnit,
    /// On which form.
    pub form: PlannedForm,
    /// For which period.
    pub period: PlannedPeriod,
    /// Around which day it was sent; the due day of the period when there is one.
    pub around: NaiveDate,
    /// How far it has come.
    pub life: Life,
    /// What it says beside its figures.
    pub note: String,
    /// Its figures.
    pub figures: Vec<Typed>,
    /// Why it was sent back, if it was.
    pub reason: &'a str,
    /// Account that verifies and sends back.
    pub verifier: Uuid,
    /// Account that approves.
    pub approver: Uuid,
}

/// Why reports are sent back when nothing particular is wrong.
pub const REASONS: &[&str] = &[
    "Đề nghị rà soát lại số đoàn viên, chưa khớp với danh sách đoàn viên đã cập nhật.",
    "Số liệu chênh lệch nhiều so với năm trước; đề nghị giải trình hoặc sửa lại.",
    "Báo cáo chưa có xác nhận của Ban Chấp hành; đề nghị bổ sung.",
];

/// One step: what, by whom, on which day.
struct Step {
    action: ReportAction,
    status: ReportStatus,
    account: Option<Uuid>,
    reason: Option<String>,
    at: DateTime<Utc>,
}

/// Writes a report with its figures and its steps. `name` makes the chance of its days.
pub fn file(plan: &mut Plan, filing: Filing<'_>, name: &str) -> Result<()> {
    if filing.life == Life::None {
        return Ok(());
    }
    let mut draw = Draw::named(&format!("{name} {}", filing.unit.code));
    let officer = plan.officers.get(&filing.unit.id).copied();
    let (steps, first_sent) = steps(plan, &filing, officer, &mut draw);
    let (Some(first), Some(last)) = (steps.first(), steps.last()) else {
        return Ok(());
    };
    let sent = steps.iter().rev().find(|step| step.action == ReportAction::Submit);
    let (created_at, updated_at, status) = (first.at, last.at, last.status);
    let submission = report_submission::Model {
        revision: 1,
        corrects_id: None,
        correction_reason: None,
        id: plan.id_at(created_at),
        unit_id: filing.unit.id,
        period_id: filing.period.id,
        form_id: filing.form.id,
        form_version_id: filing.form.version_id,
        period_ends_on: filing.period.ends_on,
        status,
        late: matches!((first_sent, filing.period.due_on), (Some(sent), Some(due)) if sent > due),
        note: Some(filing.note),
        submitted_at: sent.map(|step| step.at),
        approved_at: (status == ReportStatus::Approved).then_some(updated_at),
        returned_version: None,
        figures_locked: false,
        author_id: sent.and(officer),
        version: i32::try_from(steps.len()).unwrap_or(1),
        created_at,
        updated_at,
    };
    for typed in &filing.figures {
        let indicator = plan.indicator(&typed.indicator)?;
        let row = report_value::Model {
            submission_id: submission.id,
            indicator_id: indicator.id,
            part: FigurePart::Total,
            value: Some(typed.value),
            upper: typed.upper,
            choice: None,
            qualifier: typed.qualifier,
            nature: typed.nature,
            raw: typed.raw(indicator.form, &mut draw),
            updated_at: submission.submitted_at.unwrap_or(created_at),
        };
        plan.rows.values.push(row);
    }
    let mut sent = 0;
    for step in steps {
        let id = plan.id_at(step.at);
        if step.action == ReportAction::Submit {
            sent += 1;
            keep_sending(plan, &submission, (id, sent), &step);
        }
        let row = report_step::Model {
            id,
            submission_id: submission.id,
            action: step.action,
            status: step.status,
            account_id: step.account,
            acted_for: None,
            reason: step.reason,
            at: step.at,
        };
        plan.rows.steps.push(row);
    }
    plan.rows.submissions.push(submission);
    Ok(())
}

/// Keeps what a report said when it was sent: in the demonstration always what it says now.
fn keep_sending(plan: &mut Plan, report: &report_submission::Model, (id, number): (Uuid, i32), step: &Step) {
    let values = plan.rows.values.iter().rev();
    let own = values.take_while(|value| value.submission_id == report.id);
    let sent = own.map(|value| report_sent_value::Model {
        sending_id: id,
        indicator_id: value.indicator_id,
        part: value.part,
        value: value.value,
        upper: value.upper,
        choice: value.choice.clone(),
        qualifier: value.qualifier,
        nature: value.nature,
        raw: value.raw.clone(),
        updated_at: value.updated_at,
    });
    plan.rows.sent_values.extend(sent);
    plan.rows.sendings.push(report_sending::Model {
        id,
        submission_id: report.id,
        number,
        note: report.note.clone(),
        account_id: step.account,
        acted_for: None,
        at: step.at,
    });
}

/// The steps of a report, each on a later day than the one before, and the day on which it was first sent.
fn steps(plan: &Plan, filing: &Filing<'_>, officer: Option<Uuid>, draw: &mut Draw) -> (Vec<Step>, Option<NaiveDate>) {
    let late = draw.between(1, 100) <= 7;
    let sent_back =
        filing.life == Life::Returned || (filing.life == Life::Approved && !late && draw.between(1, 100) <= 6);
    let mut day = filing.around - Duration::days(draw.between(10, 16));
    let mut steps = Vec::new();
    let mut step = |day: NaiveDate, draw: &mut Draw, (action, status), account, reason: Option<&str>| {
        let at = plan.instant(day, draw.between(7 * 60 + 45, 16 * 60 + 45));
        steps.push(Step {
            action,
            status,
            account,
            reason: reason.map(str::to_owned),
            at,
        });
    };
    step(day, draw, (ReportAction::Create, ReportStatus::Draft), officer, None);
    if filing.life == Life::Draft {
        return (steps, None);
    }
    day = filing.around + Duration::days(if late { draw.between(1, 4) } else { draw.between(-8, 0) });
    let first_sent = Some(day);
    step(
        day,
        draw,
        (ReportAction::Submit, ReportStatus::Submitted),
        officer,
        None,
    );
    if sent_back {
        day += Duration::days(draw.between(1, 2));
        let reason = Some(filing.reason);
        step(
            day,
            draw,
            (ReportAction::Return, ReportStatus::Returned),
            Some(filing.verifier),
            reason,
        );
        if filing.life == Life::Returned {
            return (steps, first_sent);
        }
        day += Duration::days(draw.between(1, 2));
        step(
            day,
            draw,
            (ReportAction::Submit, ReportStatus::Submitted),
            officer,
            None,
        );
    }
    if filing.life != Life::Submitted {
        day += Duration::days(draw.between(1, 3));
        step(
            day,
            draw,
            (ReportAction::Verify, ReportStatus::Verified),
            Some(filing.verifier),
            None,
        );
    }
    if filing.life == Life::Approved {
        day += Duration::days(draw.between(1, 3));
        step(
            day,
            draw,
            (ReportAction::Approve, ReportStatus::Approved),
            Some(filing.approver),
            None,
        );
    }
    (steps, first_sent)
}
