//! What somebody chose, read by the kind of its ballot. Pure.

use serde::{Deserialize, Serialize};
use thidua_entity::enums::BallotKind;
use uuid::Uuid;

use crate::error::{Error, Result};

/// An answer to one option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Answer {
    /// Agreed.
    Yes,
    /// Not agreed.
    No,
    /// Another opinion, or none.
    Abstain,
}

/// A choice, by places of options from 0.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Choice {
    /// An answer to each option.
    Answers(Vec<Answer>),
    /// The options that are marked, in their order.
    Marks(Vec<usize>),
    /// All options, the best first.
    Order(Vec<usize>),
    /// A paper that counts as cast and for nothing.
    Spoiled,
}

/// A choice as somebody sent it: one of the four, with ids of options.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Said {
    /// An answer to each option.
    pub answers: Option<Vec<(Uuid, Answer)>>,
    /// The options that are marked.
    pub marks: Option<Vec<Uuid>>,
    /// All options, the best first.
    pub order: Option<Vec<Uuid>>,
    /// Whether the paper is spoiled on purpose.
    pub spoiled: bool,
}

/// Reads what was sent for a ballot of this kind with these options, of which at most `seats` are marked.
pub fn read(kind: BallotKind, seats: usize, options: &[Uuid], said: &Said) -> Result<Choice> {
    let kinds = usize::from(said.answers.is_some())
        + usize::from(said.marks.is_some())
        + usize::from(said.order.is_some())
        + usize::from(said.spoiled);
    if kinds != 1 {
        return Err(refused(
            "CHOICE_AMBIGUOUS",
            "Mỗi phiếu chỉ có một trong các phần: answers, marks, order, hoặc spoiled.",
            "A choice has exactly one of answers, marks, order and spoiled.",
        ));
    }
    let choice = match (kind, said) {
        (_, Said { spoiled: true, .. }) => Choice::Spoiled,
        (
            BallotKind::Approve,
            Said {
                answers: Some(answers), ..
            },
        ) => answered(options, answers)?,
        (BallotKind::Choose | BallotKind::Elect, Said { marks: Some(marks), .. }) => marked(options, marks, seats)?,
        (BallotKind::Rank, Said { order: Some(order), .. }) => ordered(options, order)?,
        _ => {
            return Err(refused(
                "CHOICE_OF_OTHER_KIND",
                "Phiếu không đúng hình thức của cuộc bỏ phiếu này.",
                "The choice is not of the kind of this ballot.",
            ));
        }
    };
    Ok(choice)
}

fn answered(options: &[Uuid], answers: &[(Uuid, Answer)]) -> Result<Choice> {
    let each = options.iter().map(|option| {
        let mut said = answers.iter().filter(|(id, _)| id == option).map(|(_, answer)| *answer);
        said.next().filter(|_| said.next().is_none())
    });
    let each: Option<Vec<Answer>> = each.collect();
    match each {
        Some(each) if answers.len() == options.len() => Ok(Choice::Answers(each)),
        _ => Err(refused(
            "ANSWERS_INCOMPLETE",
            "Phải trả lời mỗi nội dung đúng một lần.",
            "Answer each option exactly once.",
        )),
    }
}

fn marked(options: &[Uuid], marks: &[Uuid], seats: usize) -> Result<Choice> {
    let mut marks = places(options, marks)?;
    marks.sort_unstable();
    if marks.len() > seats {
        return Err(refused(
            "TOO_MANY_MARKS",
            &format!("Chỉ được chọn tối đa {seats}."),
            &format!("At most {seats} may be marked."),
        ));
    }
    Ok(Choice::Marks(marks))
}

fn ordered(options: &[Uuid], order: &[Uuid]) -> Result<Choice> {
    let order = places(options, order)?;
    if order.len() < options.len() {
        return Err(refused(
            "ORDER_INCOMPLETE",
            "Phải xếp thứ tự tất cả các lựa chọn.",
            "Put all options in an order.",
        ));
    }
    Ok(Choice::Order(order))
}

/// The places of some options, each named once.
fn places(options: &[Uuid], named: &[Uuid]) -> Result<Vec<usize>> {
    let mut places = Vec::new();
    for id in named.iter().take(options.len() + 1) {
        match options.iter().position(|option| option == id) {
            Some(place) if !places.contains(&place) => places.push(place),
            _ => {
                return Err(refused(
                    "OPTION_UNKNOWN",
                    "Lựa chọn không có trong phiếu, hoặc được nêu hai lần.",
                    "An option is not one of the ballot, or is named twice.",
                ));
            }
        }
    }
    Ok(places)
}

/// The options that a choice favours: answered yes, marked, or put first.
pub fn favoured(choice: &Choice) -> Vec<usize> {
    match choice {
        Choice::Answers(answers) => {
            let yes = answers.iter().enumerate().filter(|(_, answer)| **answer == Answer::Yes);
            yes.map(|(place, _)| place).collect()
        }
        Choice::Marks(marks) => marks.clone(),
        Choice::Order(order) => order.first().copied().into_iter().collect(),
        Choice::Spoiled => Vec::new(),
    }
}

fn refused(code: &'static str, vi: &str, en: &str) -> Error {
    Error::invalid(code, "choice", vi, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids() -> Vec<Uuid> {
        (1..=3).map(Uuid::from_u128).collect()
    }

    fn code(result: Result<Choice>) -> &'static str {
        match result {
            Err(Error::Invalid(problems)) => problems[0].code,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_choice_is_of_the_kind_of_its_ballot_and_whole() {
        let ids = ids();
        let marks = |marks: &[usize]| Said {
            marks: Some(marks.iter().map(|&at| ids[at]).collect()),
            ..Said::default()
        };
        let elected = |said: &Said| read(BallotKind::Elect, 2, &ids, said);
        assert_eq!(elected(&marks(&[2, 0])).unwrap(), Choice::Marks(vec![0, 2]));
        assert_eq!(elected(&marks(&[])).unwrap(), Choice::Marks(Vec::new()));
        assert_eq!(code(elected(&marks(&[0, 1, 2]))), "TOO_MANY_MARKS");
        assert_eq!(code(elected(&marks(&[0, 0]))), "OPTION_UNKNOWN");
        assert_eq!(code(elected(&Said::default())), "CHOICE_AMBIGUOUS");
        assert_eq!(
            code(read(BallotKind::Rank, 1, &ids, &marks(&[0]))),
            "CHOICE_OF_OTHER_KIND"
        );
        let order = Said {
            order: Some(vec![ids[1], ids[0]]),
            ..Said::default()
        };
        assert_eq!(code(read(BallotKind::Rank, 1, &ids, &order)), "ORDER_INCOMPLETE");
        let answers = Said {
            answers: Some(vec![(ids[0], Answer::Yes), (ids[1], Answer::No), (ids[1], Answer::Yes)]),
            ..Said::default()
        };
        assert_eq!(code(read(BallotKind::Approve, 1, &ids, &answers)), "ANSWERS_INCOMPLETE");
        let spoiled = Said {
            spoiled: true,
            ..Said::default()
        };
        for &kind in BallotKind::ALL {
            assert_eq!(read(kind, 1, &ids, &spoiled).unwrap(), Choice::Spoiled);
        }
    }
}
