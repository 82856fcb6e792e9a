//! What came of a ballot, in sentences that explain it: who voted, what was needed, what each option got, who is chosen, what goes on. Pure.

use thidua_entity::enums::{BallotKind, Denominator, RecordedAs};

use super::counting::{Count, Decision, Outcome, Rule, Turnout, Why};
use crate::error::Text;

/// A ballot that was counted, or recorded.
pub struct Told<'a> {
    /// Its rule.
    pub rule: &'a Rule,
    /// What came of it.
    pub outcome: &'a Outcome,
    /// The options, as written.
    pub names: &'a [String],
    /// What each got; `None` where that is not known or not told.
    pub counts: Option<&'a [Count]>,
    /// How many votes were spoiled; `None` likewise.
    pub spoiled: Option<u64>,
    /// What was recorded of a ballot on paper.
    pub recorded: Option<RecordedAs>,
}

/// The explanation, sentence by sentence.
pub fn explained(told: &Told<'_>) -> Vec<Text> {
    let mut sentences = Vec::new();
    sentences.extend(told.recorded.map(recorded));
    if let Some(turnout) = told.outcome.turnout {
        sentences.push(turned_out(turnout, told.spoiled));
        sentences.push(quorum(told.rule, turnout, &told.outcome.decision));
        sentences.push(needed(told.rule, &told.outcome.decision));
    }
    if told.outcome.hidden {
        sentences.push(Text::new(
            "Phiếu kín có không quá 5 phiếu: chỉ công bố kết quả, không công bố và không lưu số phiếu, để không suy ra được ai bỏ phiếu thế nào.",
            "A secret ballot with at most 5 votes: only the outcome is told, and no numbers are told or kept, so that nobody works out who voted how.",
        ));
    }
    let counts = told.counts.unwrap_or_default();
    sentences.extend(
        told.names
            .iter()
            .zip(counts)
            .map(|(name, count)| got(told, name, count)),
    );
    sentences.push(chosen(told));
    sentences.extend(further(told));
    sentences
}

fn recorded(what: RecordedAs) -> Text {
    let (vi, en) = match what {
        RecordedAs::Counts => ("số phiếu", "the counts"),
        RecordedAs::Percentages => ("tỷ lệ", "percentages"),
        RecordedAs::Outcome => ("kết quả", "the outcome"),
    };
    Text::new(
        format!("Bỏ phiếu trên giấy; {vi} được nhập lại từ biên bản."),
        format!("Voted on paper; {en} were recorded from the minutes."),
    )
}

fn turned_out(turnout: Turnout, spoiled: Option<u64>) -> Text {
    let (vi, en) = spoiled.map_or_else(Default::default, |spoiled| {
        (
            format!(", trong đó {spoiled} phiếu không hợp lệ"),
            format!(", {spoiled} of them spoiled"),
        )
    });
    Text::new(
        format!(
            "Có {} phiếu bầu{vi}; {} thành viên được bỏ phiếu trên tổng số {} thành viên.",
            turnout.cast, turnout.voters, turnout.members
        ),
        format!(
            "{} votes were cast{en}; {} of {} members could vote.",
            turnout.cast, turnout.voters, turnout.members
        ),
    )
}

fn quorum(rule: &Rule, turnout: Turnout, decision: &Decision) -> Text {
    let (vi, en) = if decision.quorum {
        ("đủ", "enough")
    } else {
        ("chưa đủ", "not enough")
    };
    Text::new(
        format!(
            "Cần ít nhất {} số thành viên bỏ phiếu: {}/{}, {vi}.",
            rule.quorum, turnout.cast, turnout.members
        ),
        format!(
            "At least {} of the members must vote: {}/{}, {en}.",
            rule.quorum, turnout.cast, turnout.members
        ),
    )
}

fn needed(rule: &Rule, decision: &Decision) -> Text {
    let (of_vi, of_en) = match rule.denominator {
        Denominator::AllMembers => ("tổng số thành viên", "all members"),
        Denominator::Present => (
            "số thành viên dự và lấy ý kiến bằng văn bản",
            "the members who may vote",
        ),
        Denominator::VotesCast => ("số phiếu thu về", "the votes cast"),
    };
    let (unit_vi, unit_en) = unit(rule.kind);
    let (vi, en) = if rule.threshold.exceeded {
        ("quá", "more than")
    } else {
        ("ít nhất", "at least")
    };
    let (part, out_of) = (rule.threshold.part, decision.out_of);
    let least = rule.threshold.needed(out_of);
    Text::new(
        format!("Được chọn khi đạt {vi} {part} tính trên {of_vi}: từ {least} trên {out_of} {unit_vi}."),
        format!("Chosen with {en} {part} of {of_en}: from {least} of {out_of} {unit_en} on."),
    )
}

const fn unit(kind: BallotKind) -> (&'static str, &'static str) {
    match kind {
        BallotKind::Rank => ("điểm", "points"),
        BallotKind::Approve | BallotKind::Choose | BallotKind::Elect => ("phiếu", "votes"),
    }
}

fn got(told: &Told<'_>, name: &str, count: &Count) -> Text {
    let decision = &told.outcome.decision;
    let (met_vi, met_en) = if told
        .rule
        .threshold
        .is_met(count.weight(told.rule.kind), decision.out_of)
    {
        ("đạt", "reached")
    } else {
        ("không đạt", "not reached")
    };
    let (vi, en) = match told.rule.kind {
        BallotKind::Approve => (
            format!(
                "{} phiếu tán thành, {} không tán thành, {} ý kiến khác",
                count.votes_for, count.against, count.abstained
            ),
            format!(
                "{} in favour, {} against, {} abstentions",
                count.votes_for, count.against, count.abstained
            ),
        ),
        BallotKind::Choose | BallotKind::Elect => (
            format!("{} phiếu", count.votes_for),
            format!("{} votes", count.votes_for),
        ),
        BallotKind::Rank => (
            format!("{} điểm, {} lần xếp thứ nhất", count.points, count.votes_for),
            format!("{} points, {} first places", count.points, count.votes_for),
        ),
    };
    Text::new(
        format!("“{name}”: {vi}; {met_vi}."),
        format!("“{name}”: {en}; {met_en}."),
    )
}

fn named(told: &Told<'_>, options: &[usize]) -> String {
    let names = options.iter().filter_map(|&option| told.names.get(option));
    names.map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ")
}

fn chosen(told: &Told<'_>) -> Text {
    let chosen = told.outcome.decision.chosen.iter();
    let names: Vec<&String> = chosen.filter_map(|&option| told.names.get(option)).collect();
    came_of(told.rule.kind, &names)
}

/// What was chosen, in a sentence that tells nothing else.
pub fn came_of(kind: BallotKind, chosen: &[impl AsRef<str>]) -> Text {
    if chosen.is_empty() {
        return Text::new("Không có lựa chọn nào được thông qua.", "Nothing is chosen.");
    }
    let names = chosen.iter().map(|name| format!("“{}”", name.as_ref()));
    let names = names.collect::<Vec<_>>().join(", ");
    match kind {
        BallotKind::Approve => Text::new(format!("Thông qua: {names}."), format!("Approved: {names}.")),
        BallotKind::Choose | BallotKind::Elect | BallotKind::Rank => {
            Text::new(format!("Được chọn: {names}."), format!("Chosen: {names}."))
        }
    }
}

fn further(told: &Told<'_>) -> Option<Text> {
    let decision = &told.outcome.decision;
    let Some(further) = &decision.further else {
        let vacant = told.rule.seats.saturating_sub(decision.chosen.len());
        return (vacant > 0 && told.rule.kind == BallotKind::Elect).then(|| {
            Text::new(
                format!("Còn khuyết {vacant} vị trí."),
                format!("{vacant} seats stay vacant."),
            )
        });
    };
    let (seats, names) = (further.seats, named(told, &further.options));
    Some(match further.why {
        Why::Tie => Text::new(
            format!("Bằng nhau ở vị trí cuối: {names}. Bỏ phiếu vòng tiếp theo cho {seats} vị trí."),
            format!("Equal at the last seat: {names}. A further round is for {seats} seats."),
        ),
        Why::Missed => Text::new(
            format!("Còn {seats} vị trí chưa có ai đạt. Vòng tiếp theo bầu giữa: {names}."),
            format!("{seats} seats were reached by nobody. A further round is between {names}."),
        ),
        Why::NoQuorum => Text::new(
            "Chưa đủ số thành viên bỏ phiếu nên chưa quyết định; cần bỏ phiếu lại.",
            "Too few voted, so nothing is decided; vote again.",
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ballots::counting::{Threshold, decide};
    use crate::conferences::quorum::Fraction;

    fn told(votes: &[u64], hidden: bool) -> Vec<String> {
        let rule = Rule {
            kind: BallotKind::Elect,
            seats: 1,
            denominator: Denominator::AllMembers,
            threshold: Threshold {
                part: Fraction {
                    numerator: 1,
                    denominator: 2,
                },
                exceeded: true,
            },
            quorum: Fraction::TWO_THIRDS,
        };
        let turnout = Turnout {
            members: 6,
            voters: 6,
            cast: 6,
        };
        let count = |&votes_for: &u64| Count {
            votes_for,
            ..Count::default()
        };
        let counts: Vec<Count> = votes.iter().map(count).collect();
        let outcome = Outcome {
            turnout: Some(turnout),
            hidden,
            decision: decide(&rule, turnout, &counts),
        };
        let names = ["LĐLĐ huyện Ngọc Hồi".to_owned(), "LĐLĐ huyện Đăk Glei".to_owned()];
        let sentences = explained(&Told {
            rule: &rule,
            outcome: &outcome,
            names: &names,
            counts: (!hidden).then_some(&counts),
            spoiled: (!hidden).then_some(0),
            recorded: None,
        });
        sentences.into_iter().map(|text| text.vi).collect()
    }

    #[test]
    fn an_election_is_explained_down_to_its_numbers() {
        assert_eq!(
            told(&[4, 2], false),
            [
                "Có 6 phiếu bầu, trong đó 0 phiếu không hợp lệ; 6 thành viên được bỏ phiếu trên tổng số 6 thành viên.",
                "Cần ít nhất 2/3 số thành viên bỏ phiếu: 6/6, đủ.",
                "Được chọn khi đạt quá 1/2 tính trên tổng số thành viên: từ 4 trên 6 phiếu.",
                "“LĐLĐ huyện Ngọc Hồi”: 4 phiếu; đạt.",
                "“LĐLĐ huyện Đăk Glei”: 2 phiếu; không đạt.",
                "Được chọn: “LĐLĐ huyện Ngọc Hồi”.",
            ]
        );
        let missed = told(&[3, 3], false);
        assert!(
            missed.last().unwrap().starts_with("Còn 1 vị trí chưa có ai đạt."),
            "{missed:?}"
        );
    }

    #[test]
    fn of_a_hidden_ballot_no_sentence_has_the_numbers_of_an_option() {
        let sentences = told(&[4, 2], true);
        assert!(
            sentences.iter().all(|sentence| !sentence.contains("phiếu; ")),
            "{sentences:?}"
        );
        assert!(
            sentences
                .iter()
                .any(|sentence| sentence.contains("chỉ công bố kết quả"))
        );
    }
}
