//! What a draw says of itself: which rules gave way, and why nothing can be drawn. Pure.

use uuid::Uuid;

use super::{CHECKS_MAX, Impossible, Outcome, Pair, Rule, UNITS_MAX};
use crate::error::Text;

impl Outcome {
    /// The rules that gave way, each with its pairs.
    pub fn concessions(&self) -> Vec<(Rule, &[Pair])> {
        let all = [
            (Rule::NotMutual, &self.mutual[..]),
            (Rule::NotLastYear, &self.repeated[..]),
        ];
        all.into_iter().filter(|(_, pairs)| !pairs.is_empty()).collect()
    }

    /// What gave way, in words: which rule, for whom, and whether it was unavoidable.
    pub fn told(&self, rule: Rule, pairs: &[Pair], name: &dyn Fn(Uuid) -> String) -> Text {
        let (vi, en) = match rule {
            Rule::NotMutual => ("Có đơn vị kiểm tra chéo lẫn nhau: ", "Some units check each other: "),
            Rule::NotLastYear => (
                "Có cặp kiểm tra lặp lại của năm trước: ",
                "Some pairs are those of last year: ",
            ),
        };
        let (why_vi, why_en) = if self.proven {
            (
                "Không có cách xếp nào khác bảo đảm cân bằng, đúng các trường hợp không tham gia và ít trường hợp như vậy hơn.",
                "No other way keeps the balance and the recusals with fewer of these.",
            )
        } else {
            (
                "Đây là cách xếp tốt nhất tìm được; chưa chứng minh được là không có cách khác tốt hơn.",
                "It is the best that was found; that there is nothing better is not proven.",
            )
        };
        let between = if rule == Rule::NotMutual { "↔" } else { "→" };
        let pairs = told_pairs(pairs, between, name);
        Text::new(format!("{vi}{pairs}. {why_vi}"), format!("{en}{pairs}. {why_en}"))
    }
}

impl Impossible {
    /// Why nothing can be drawn, in words.
    pub fn told(&self, name: &dyn Fn(Uuid) -> String) -> Text {
        match self {
            Self::TooFewUnits => Text::new(
                format!(
                    "Mỗi đơn vị kiểm tra từ 1 đến {CHECKS_MAX} đơn vị khác, nên phải có nhiều đơn vị chưa được kiểm tra hơn số đó."
                ),
                format!(
                    "Each unit checks 1 to {CHECKS_MAX} others, so there must be more units than that which are not checked yet."
                ),
            ),
            Self::TooManyUnits => Text::new(
                format!(
                    "Bốc thăm tối đa cho {UNITS_MAX} đơn vị; cụm đông hơn thì phân công trực tiếp (assignCrossCheck)."
                ),
                format!("At most {UNITS_MAX} units are drawn; in a larger cluster assign by hand (assignCrossCheck)."),
            ),
            Self::Recusals { checkers, recusals } => {
                let checkers: Vec<String> = checkers.iter().map(|&unit| name(unit)).collect();
                let checkers = checkers.join(", ");
                let recusals = told_pairs(recusals, "→", name);
                Text::new(
                    format!(
                        "Không xếp được: các đơn vị {checkers} không còn đủ đơn vị để kiểm tra vì những trường hợp không tham gia hoặc đã phân công trực tiếp sau: {recusals}. Hãy bỏ bớt một trường hợp."
                    ),
                    format!(
                        "Nothing can be drawn: {checkers} do not find enough others to check because of these recusals and assignments by hand: {recusals}. Withdraw one of them."
                    ),
                )
            }
            Self::UnknownMethod => Text::new(
                "Phiên bản này không còn biết cách bốc thăm đã dùng.",
                "This version does not know the method of the draw.",
            ),
        }
    }
}

fn told_pairs(pairs: &[Pair], between: &str, name: &dyn Fn(Uuid) -> String) -> String {
    let pair = |&(checker, checked): &Pair| format!("{} {between} {}", name(checker), name(checked));
    pairs.iter().map(pair).collect::<Vec<_>>().join("; ")
}
