//! Whether what a paper tells of the votes can be true: no more votes than voters, no more marks than the votes had room for. Pure.

use thidua_entity::enums::BallotKind;

use super::counting::{Counts, Rule, Turnout};
use crate::error::{Error, Result};

/// Sees that counts can have come of so many votes by a rule; else what does not add up, with the field in which it is mended.
pub fn add_up(rule: &Rule, turnout: Turnout, counts: &Counts) -> Result<()> {
    if turnout.cast > turnout.voters {
        return Err(Error::invalid(
            "MORE_VOTES_THAN_VOTERS",
            "votesCast",
            format!(
                "Có {} phiếu mà chỉ có {} thành viên được bỏ phiếu.",
                turnout.cast, turnout.voters
            ),
            format!(
                "There are {} votes, and only {} members may vote.",
                turnout.cast, turnout.voters
            ),
        ));
    }
    let Some(valid) = turnout.cast.checked_sub(counts.spoiled) else {
        return Err(Error::invalid(
            "MORE_SPOILED_THAN_VOTES",
            "votesSpoiled",
            "Số phiếu không hợp lệ nhiều hơn số phiếu đã bỏ.",
            "There are more spoiled votes than votes.",
        ));
    };
    each_fits(rule.kind, valid, counts)?;
    all_fit(rule, valid, counts)
}

/// No option got more than there were valid votes.
fn each_fits(kind: BallotKind, valid: u64, counts: &Counts) -> Result<()> {
    let fits = counts.options.iter().all(|count| {
        let answered = match kind {
            BallotKind::Approve => count
                .votes_for
                .saturating_add(count.against)
                .saturating_add(count.abstained),
            BallotKind::Choose | BallotKind::Elect | BallotKind::Rank => count.votes_for,
        };
        answered <= valid
    });
    if fits {
        return Ok(());
    }
    Err(refused(
        "COUNTS_DO_NOT_ADD_UP",
        format!("Có lựa chọn được nhiều hơn {valid} phiếu hợp lệ."),
        format!("An option got more than the {valid} valid votes."),
    ))
}

/// All options together got no more than the valid votes had room for.
fn all_fit(rule: &Rule, valid: u64, counts: &Counts) -> Result<()> {
    let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let marks = counts
        .options
        .iter()
        .fold(0_u64, |sum, count| sum.saturating_add(count.votes_for));
    match rule.kind {
        // Each option has an answer of its own on every paper.
        BallotKind::Approve => Ok(()),
        BallotKind::Choose | BallotKind::Elect => {
            let room = valid.saturating_mul(number(rule.seats));
            if marks <= room {
                return Ok(());
            }
            Err(refused(
                "MORE_MARKS_THAN_SEATS",
                format!("Tổng số lượt chọn là {marks}, mà {valid} phiếu hợp lệ chỉ được chọn nhiều nhất {room} lượt."),
                format!("There are {marks} marks, and {valid} valid votes have room for {room}."),
            ))
        }
        BallotKind::Rank => {
            if marks > valid {
                return Err(refused(
                    "MORE_FIRST_PLACES_THAN_VOTES",
                    format!("Tổng số lượt xếp nhất là {marks}, nhiều hơn {valid} phiếu hợp lệ."),
                    format!("There are {marks} first places, more than the {valid} valid votes."),
                ));
            }
            let most = valid.saturating_mul(number(counts.options.len()));
            if counts.options.iter().all(|count| count.points <= most) {
                return Ok(());
            }
            Err(refused(
                "MORE_POINTS_THAN_POSSIBLE",
                format!("Có lựa chọn được nhiều hơn {most} điểm, là số điểm khi mọi phiếu hợp lệ đều xếp nhất."),
                format!(
                    "An option got more than {most} points, which is what it gets when all valid votes put it first."
                ),
            ))
        }
    }
}

fn refused(code: &'static str, vi: String, en: String) -> Error {
    Error::invalid(code, "counts", vi, en)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use thidua_entity::enums::Denominator;

    use super::*;
    use crate::ballots::choice::{Answer, Choice};
    use crate::ballots::counting::{Count, Threshold, count};
    use crate::conferences::quorum::Fraction;

    fn rule(kind: BallotKind, seats: usize) -> Rule {
        let part = Fraction {
            numerator: 1,
            denominator: 2,
        };
        Rule {
            kind,
            seats,
            denominator: Denominator::AllMembers,
            threshold: Threshold { part, exceeded: true },
            quorum: part,
        }
    }

    fn turnout(voters: u64, cast: u64) -> Turnout {
        Turnout {
            members: voters,
            voters,
            cast,
        }
    }

    fn code(kind: BallotKind, seats: usize, of: Turnout, spoiled: u64, got: &[(u64, u64)]) -> (&'static str, String) {
        let options = got.iter().map(|&(votes_for, points)| Count {
            votes_for,
            points,
            ..Count::default()
        });
        let counts = Counts {
            options: options.collect(),
            spoiled,
        };
        match add_up(&rule(kind, seats), of, &counts) {
            Ok(()) => ("", String::new()),
            Err(Error::Invalid(problems)) => (problems[0].code, problems[0].field.clone()),
            Err(other) => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_cannot_be_true_names_the_field() {
        use BallotKind::{Approve, Choose, Elect, Rank};
        let found = |code: &'static str, field: &str| (code, field.to_owned());
        let six = turnout(6, 6);
        assert_eq!(
            code(Elect, 1, turnout(5, 6), 0, &[(6, 0)]),
            found("MORE_VOTES_THAN_VOTERS", "votesCast")
        );
        assert_eq!(
            code(Elect, 1, six, 7, &[(0, 0)]),
            found("MORE_SPOILED_THAN_VOTES", "votesSpoiled")
        );
        assert_eq!(
            code(Approve, 1, six, 1, &[(6, 0)]),
            found("COUNTS_DO_NOT_ADD_UP", "counts")
        );
        for kind in [Elect, Choose] {
            assert_eq!(
                code(kind, 1, six, 0, &[(4, 0), (3, 0)]),
                found("MORE_MARKS_THAN_SEATS", "counts")
            );
            assert_eq!(code(kind, 2, six, 0, &[(6, 0), (6, 0), (0, 0)]), found("", ""));
        }
        assert_eq!(
            code(Rank, 1, six, 0, &[(4, 9), (3, 9)]),
            found("MORE_FIRST_PLACES_THAN_VOTES", "counts")
        );
        assert_eq!(
            code(Rank, 1, six, 0, &[(6, 13), (0, 5)]),
            found("MORE_POINTS_THAN_POSSIBLE", "counts")
        );
        assert_eq!(code(Rank, 1, six, 0, &[(6, 12), (0, 6)]), found("", ""));
    }

    fn choices(kind: BallotKind, seats: usize, options: usize) -> BoxedStrategy<Choice> {
        let all: Vec<usize> = (0..options).collect();
        let answer = prop_oneof![Just(Answer::Yes), Just(Answer::No), Just(Answer::Abstain)];
        let valid = match kind {
            BallotKind::Approve => prop::collection::vec(answer, options).prop_map(Choice::Answers).boxed(),
            BallotKind::Choose | BallotKind::Elect => prop::sample::subsequence(all, 0..=seats)
                .prop_map(Choice::Marks)
                .boxed(),
            BallotKind::Rank => Just(all).prop_shuffle().prop_map(Choice::Order).boxed(),
        };
        prop_oneof![4 => valid, 1 => Just(Choice::Spoiled)].boxed()
    }

    proptest! {
        #[test]
        fn what_votes_come_to_always_adds_up(
            (kind, seats, votes) in prop::sample::select(BallotKind::ALL.to_vec()).prop_flat_map(|kind| {
                (1_usize..=4).prop_flat_map(move |seats| {
                    let votes = prop::collection::vec(choices(kind, seats, 4), 0..12);
                    (Just(kind), Just(seats), votes)
                })
            })
        ) {
            let cast = u64::try_from(votes.len()).unwrap();
            prop_assert!(add_up(&rule(kind, seats), turnout(cast, cast), &count(4, &votes)).is_ok());
        }
    }
}
