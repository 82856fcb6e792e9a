//! What notifications say of proposals, awards and objections. Pure.

use thidua_entity::enums::{NotificationKind, ProposalState, ProposalStep};

use super::{AboutAward, Told, in_english, in_vietnamese};
use crate::error::Text;

/// What is done in a step, in both languages.
type Deed = (&'static str, &'static str);
const ENDORSING: Deed = ("cho ý kiến nhất trí", "endorsement");
const APPRAISING: Deed = ("thẩm định", "appraisal");
const DECIDING: Deed = ("xét, quyết định", "the council and the decision");

/// The sentence of what concerns an award. `count` is how often it has happened since it was last read.
pub(super) fn of_award(kind: NotificationKind, told: &Told, count: i32) -> Text {
    let Some(about) = &told.of_award else {
        return Text::new("Có tin mới về khen thưởng.", "There is news of an award.");
    };
    let AboutAward {
        award, year, recipient, ..
    } = about;
    let proposal = Text::new(
        format!("đề nghị tặng «{award}» năm {year} cho «{recipient}»"),
        format!("the proposal of “{award}” {year} for “{recipient}”"),
    );
    let because = told
        .reason
        .as_ref()
        .map(|reason| format!(": {reason}"))
        .unwrap_or_default();
    match kind {
        NotificationKind::AwardToEndorse => waiting(about, count, ENDORSING),
        NotificationKind::AwardToAppraise => waiting(about, count, APPRAISING),
        NotificationKind::AwardToDecide => waiting(about, count, DECIDING),
        NotificationKind::AwardStepDueSoon => due(about, told, count, ("Sắp đến hạn", "Due soon")),
        NotificationKind::AwardStepOverdue => due(about, told, count, ("Đã quá hạn", "Overdue")),
        NotificationKind::AwardOutcomeTold => outcome(about, told, &because),
        NotificationKind::AwardOutcomeReopened => Text::new(
            format!("Sau khiếu nại, {} được xét lại.", proposal.vi),
            format!("After an objection, {} is considered again.", proposal.en),
        ),
        NotificationKind::AwardMadeKnown => known(about, told, count),
        NotificationKind::AwardGiven => given(about, count),
        NotificationKind::AwardRevoked => Text::new(
            format!(
                "«{award}» năm {year} của «{recipient}» bị thu hồi{}{because}.",
                by(about).vi
            ),
            format!(
                "“{award}” {year} of “{recipient}” was revoked{}{because}.",
                by(about).en
            ),
        ),
        NotificationKind::AwardCorrected => {
            let corrected = about.corrected.as_deref().unwrap_or_default();
            let by = by(about);
            Text::new(
                format!(
                    "Tên ghi trong «{award}» năm {year} của «{recipient}» được đính chính thành «{corrected}»{}{because}.",
                    by.vi
                ),
                format!(
                    "The name in “{award}” {year} of “{recipient}” was corrected to “{corrected}”{}{because}.",
                    by.en
                ),
            )
        }
        NotificationKind::AwardHandedOver => {
            let place = about.place.as_deref().unwrap_or_default();
            let (day_vi, day_en) = (in_vietnamese(about.handed_on), in_english(about.handed_on));
            Text::new(
                format!("«{award}» năm {year} đã được trao cho «{recipient}» ngày {day_vi} tại {place}."),
                format!("“{award}” {year} was handed over to “{recipient}” on {day_en} at {place}."),
            )
        }
        NotificationKind::AwardObjectionRaised => Text::new(
            format!("«{}» khiếu nại kết quả {}{because}", told.unit, proposal.vi),
            format!("“{}” objects to the outcome of {}{because}", told.unit, proposal.en),
        ),
        _ => Text::new(
            format!(
                "Khiếu nại của «{}» về {} đã được trả lời{because}",
                told.unit, proposal.vi
            ),
            format!(
                "The objection of “{}” to {} was answered{because}",
                told.unit, proposal.en
            ),
        ),
    }
}

/// What has come since somebody last looked, and not what waits: a colleague may have dealt with it.
fn waiting(about: &AboutAward, count: i32, (vi, en): Deed) -> Text {
    let AboutAward {
        award, year, recipient, ..
    } = about;
    let proposals_en = proposals(count);
    Text::new(
        format!("Mới có {count} đề nghị tặng «{award}» chuyển đến chờ {vi}; mới nhất: cho «{recipient}», năm {year}."),
        format!(
            "{proposals_en} of “{award}” came for {en} since you last looked; the newest: for “{recipient}”, {year}."
        ),
    )
}

fn proposals(count: i32) -> String {
    if count == 1 {
        "1 proposal".to_owned()
    } else {
        format!("{count} proposals")
    }
}

/// Of how many proposals somebody was reminded since they last looked, and the last day of the newest.
fn due(about: &AboutAward, told: &Told, count: i32, (when_vi, when_en): (&str, &str)) -> Text {
    let AboutAward {
        award, year, recipient, ..
    } = about;
    let (vi, en) = match about.step {
        Some(ProposalStep::Endorse) => ENDORSING,
        Some(ProposalStep::Appraise) => APPRAISING,
        _ => DECIDING,
    };
    let (day_vi, day_en) = (in_vietnamese(told.until), in_english(told.until));
    Text::new(
        format!(
            "{when_vi} {vi} {count} đề nghị tặng «{award}»; mới nhất: cho «{recipient}», năm {year}, hạn đến hết ngày {day_vi}."
        ),
        format!(
            "{when_en} for {en}: {} of “{award}”; the newest: for “{recipient}”, {year}, until {day_en}.",
            proposals(count)
        ),
    )
}

/// What of the neighbours was made known, with until when one may object.
fn known(about: &AboutAward, told: &Told, count: i32) -> Text {
    let AboutAward {
        award, year, recipient, ..
    } = about;
    let (day_vi, day_en) = (in_vietnamese(told.until), in_english(told.until));
    let outcomes_en = if count == 1 {
        "1 outcome".to_owned()
    } else {
        format!("{count} outcomes")
    };
    Text::new(
        format!(
            "Mới có {count} kết quả xét tặng «{award}» trong cụm được công khai lấy ý kiến; mới nhất: «{recipient}», năm {year}, \
             có thể khiếu nại đến hết ngày {day_vi}."
        ),
        format!(
            "{outcomes_en} for “{award}” in your cluster became known since you last looked; the newest: “{recipient}”, {year}, \
             to which one may object until {day_en}."
        ),
    )
}

/// By which decision, where it is known.
fn by(about: &AboutAward) -> Text {
    let decision = about.decision.as_ref().filter(|decision| !decision.number.is_empty());
    decision.map_or_else(
        || Text::new("", ""),
        |decision| {
            let (number, issuer) = (&decision.number, &decision.issuer);
            let (on_vi, on_en) = decision.day.map_or_else(Default::default, |day| {
                (
                    format!(" ngày {}", in_vietnamese(Some(day))),
                    format!(" of {}", in_english(Some(day))),
                )
            });
            Text::new(
                format!(" theo Quyết định số {number}{on_vi} của {issuer}"),
                format!(" by decision {number}{on_en} of {issuer}"),
            )
        },
    )
}

fn given(about: &AboutAward, count: i32) -> Text {
    let AboutAward {
        award, year, recipient, ..
    } = about;
    let by = by(about);
    if count > 1 {
        return Text::new(
            format!(
                "Đơn vị bạn có {count} khen thưởng mới{}, trong đó «{recipient}»: «{award}» năm {year}.",
                by.vi
            ),
            format!(
                "Your unit has {count} new awards{}, among them “{recipient}”: “{award}” {year}.",
                by.en
            ),
        );
    }
    Text::new(
        format!("«{recipient}» được tặng «{award}» năm {year}{}.", by.vi),
        format!("“{recipient}” was given “{award}” {year}{}.", by.en),
    )
}

/// An outcome that was told, with until when one may object.
fn outcome(about: &AboutAward, told: &Told, because: &str) -> Text {
    let AboutAward {
        award, year, recipient, ..
    } = about;
    let (lower, to) = (
        about.lower.as_deref().unwrap_or_default(),
        about.forwarded_to.as_deref().unwrap_or_default(),
    );
    let (vi, en) = match about.outcome {
        Some(ProposalState::Approved) => ("đã được duyệt".to_owned(), "was approved".to_owned()),
        Some(ProposalState::Reduced) => (
            format!("được duyệt ở hình thức «{lower}»"),
            format!("was approved as “{lower}”"),
        ),
        Some(ProposalState::Forwarded) => (format!("được chuyển lên «{to}»"), format!("was forwarded to “{to}”")),
        _ => ("không được duyệt".to_owned(), "was refused".to_owned()),
    };
    let (until_vi, until_en) = told.until.map_or_else(Default::default, |day| {
        (
            format!(" Có thể khiếu nại đến hết ngày {}.", in_vietnamese(Some(day))),
            format!(" One may object until {}.", in_english(Some(day))),
        )
    });
    Text::new(
        format!("Đề nghị tặng «{award}» năm {year} cho «{recipient}» {vi}{because}.{until_vi}"),
        format!("The proposal of “{award}” {year} for “{recipient}” {en}{because}.{until_en}"),
    )
}
