//! The life of an emulation year: phase after phase, none left out, and back only by the organiser with a reason. Pure.

use thidua_entity::enums::{PactState, YearPhase};

use crate::error::{Error, Problem, Result, Text};

/// The phase after this one; none after the last.
pub const fn next(phase: YearPhase) -> Option<YearPhase> {
    use YearPhase::*;
    match phase {
        Planned => Some(Registering),
        Registering => Some(Running),
        Running => Some(SelfScoring),
        SelfScoring => Some(CrossChecking),
        CrossChecking => Some(Appraising),
        Appraising => Some(Voting),
        Voting => Some(Deciding),
        Deciding => Some(Published),
        Published => None,
    }
}

/// The phase before this one, to which the organiser may take the year back; none before the first, and none from a published year: what
/// is published is corrected by a new result.
pub const fn before(phase: YearPhase) -> Option<YearPhase> {
    use YearPhase::*;
    match phase {
        Planned | Published => None,
        Registering => Some(Planned),
        Running => Some(Registering),
        SelfScoring => Some(Running),
        CrossChecking => Some(SelfScoring),
        Appraising => Some(CrossChecking),
        Voting => Some(Appraising),
        Deciding => Some(Voting),
    }
}

/// What must be there before a year leaves a phase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// How many take part.
    pub participants: usize,
    /// Whether it names a criteria set.
    pub criteria: bool,
    /// Where its pact is in its life; none when there is none, or when the last one has ended.
    pub pact: Option<PactState>,
    /// Names of those who take part and have not signed the pact, once it is open for signing.
    pub unsigned: Vec<String>,
}

/// The phase that follows, when everything is there that it needs; else all that is missing. Publishing is not a step of its own:
/// publishing the result does it.
pub fn advance(phase: YearPhase, ready: &Readiness) -> Result<YearPhase> {
    let Some(next) = next(phase) else {
        return Err(Error::WrongState(Text::new(
            "Kết quả năm thi đua đã công bố.",
            "The result of the year is published.",
        )));
    };
    let missing = match next {
        YearPhase::Planned => Vec::new(),
        YearPhase::Registering
        | YearPhase::CrossChecking
        | YearPhase::Appraising
        | YearPhase::Voting
        | YearPhase::Deciding => vec![ready.participants_missing()],
        YearPhase::Running | YearPhase::SelfScoring => vec![
            ready.participants_missing(),
            ready.criteria_missing(),
            ready.pact_missing(),
            ready.signature_missing(next),
        ],
        YearPhase::Published => {
            return Err(Error::WrongState(Text::new(
                "Năm thi đua kết thúc khi công bố kết quả: hãy công bố kết quả.",
                "The year ends when its result is published: publish the result.",
            )));
        }
    };
    let missing: Vec<Problem> = missing.into_iter().flatten().collect();
    if missing.is_empty() {
        Ok(next)
    } else {
        Err(Error::Invalid(missing))
    }
}

impl Readiness {
    fn participants_missing(&self) -> Option<Problem> {
        (self.participants == 0).then(|| {
            Problem::new(
                "NO_PARTICIPANTS",
                "id",
                "Năm thi đua chưa có đơn vị nào tham gia.",
                "No unit takes part in the year.",
            )
        })
    }

    fn criteria_missing(&self) -> Option<Problem> {
        (!self.criteria).then(|| {
            Problem::new(
                "CRITERIA_MISSING",
                "id",
                "Năm thi đua chưa chọn bảng điểm.",
                "The year names no criteria set yet.",
            )
        })
    }

    fn pact_missing(&self) -> Option<Problem> {
        let (vi, en) = match self.pact {
            None | Some(PactState::InForce | PactState::Ended) => return None,
            Some(PactState::Draft | PactState::Agreed) => (
                "Giao ước thi đua chưa mở ký.".to_owned(),
                "The pact is not open for signing yet.".to_owned(),
            ),
            Some(PactState::Signing) => {
                let unsigned = self.unsigned.join(", ");
                (
                    format!("Giao ước thi đua chưa có hiệu lực: còn đơn vị chưa ký: {unsigned}."),
                    format!("The pact is not in force yet: these have not signed: {unsigned}."),
                )
            }
        };
        Some(Problem::new("PACT_NOT_IN_FORCE", "id", vi, en))
    }

    /// Who joined a pact in force later signs it before scoring begins: until it has, it sets its targets anew.
    fn signature_missing(&self, next: YearPhase) -> Option<Problem> {
        let waits = next == YearPhase::SelfScoring && self.pact == Some(PactState::InForce);
        (waits && !self.unsigned.is_empty()).then(|| {
            let unsigned = self.unsigned.join(", ");
            Problem::new(
                "PACT_UNSIGNED",
                "id",
                format!("Đơn vị tham gia sau chưa ký giao ước: {unsigned}."),
                format!("These joined later and have not signed the pact: {unsigned}."),
            )
        })
    }
}

/// Lets through what is done in one of these phases; `WRONG_STATE` otherwise.
pub fn demand(phase: YearPhase, allowed: &[YearPhase]) -> Result<()> {
    if allowed.contains(&phase) {
        return Ok(());
    }
    let listed =
        |name: &dyn Fn(YearPhase) -> String| allowed.iter().map(|&one| name(one)).collect::<Vec<_>>().join(", ");
    Err(Error::WrongState(Text::new(
        format!(
            "Năm thi đua đang ở giai đoạn {}; việc này chỉ làm được ở giai đoạn: {}.",
            phase_vi(phase),
            listed(&|one| phase_vi(one).to_owned())
        ),
        format!(
            "The year is {}; this is possible only while it is: {}.",
            phase.code(),
            listed(&YearPhase::code)
        ),
    )))
}

/// A phase, in Vietnamese as it is told within a sentence.
pub const fn phase_vi(phase: YearPhase) -> &'static str {
    match phase {
        YearPhase::Planned => "chuẩn bị",
        YearPhase::Registering => "đăng ký, ký giao ước",
        YearPhase::Running => "thực hiện",
        YearPhase::SelfScoring => "tự chấm điểm",
        YearPhase::CrossChecking => "kiểm tra chéo",
        YearPhase::Appraising => "thẩm định",
        YearPhase::Voting => "bình xét, bỏ phiếu",
        YearPhase::Deciding => "xét, quyết định",
        YearPhase::Published => "đã công bố",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ready() -> Readiness {
        Readiness {
            participants: 3,
            criteria: true,
            pact: Some(PactState::InForce),
            unsigned: Vec::new(),
        }
    }

    #[test]
    fn a_step_back_undoes_a_step_on() {
        for &phase in YearPhase::ALL {
            if let Some(next) = next(phase).filter(|&next| next != YearPhase::Published) {
                assert_eq!(before(next), Some(phase));
            }
        }
        assert_eq!((before(YearPhase::Planned), before(YearPhase::Published)), (None, None));
    }

    #[test]
    fn a_year_goes_on_step_by_step_to_deciding_and_no_further() {
        let mut phase = YearPhase::Planned;
        let mut passed = vec![phase];
        while let Ok(next) = advance(phase, &ready()) {
            phase = next;
            passed.push(phase);
        }
        assert_eq!(
            passed,
            YearPhase::ALL.split_last().map(|(_, rest)| rest).unwrap_or_default()
        );
    }

    #[test]
    fn nobody_leaves_a_phase_before_what_must_be_there_is_there() {
        let codes = |phase, ready: &Readiness| match advance(phase, ready) {
            Err(Error::Invalid(problems)) => problems.iter().map(|one| one.code).collect(),
            _ => Vec::new(),
        };
        let nobody = Readiness {
            participants: 0,
            ..ready()
        };
        let no_criteria = Readiness {
            criteria: false,
            ..ready()
        };
        let no_pact = Readiness { pact: None, ..ready() };
        assert_eq!(codes(YearPhase::Planned, &nobody), ["NO_PARTICIPANTS"]);
        assert!(codes(YearPhase::Planned, &no_criteria).is_empty());
        for phase in [YearPhase::Registering, YearPhase::Running] {
            assert_eq!(codes(phase, &no_criteria), ["CRITERIA_MISSING"]);
            for pact in [PactState::Draft, PactState::Agreed, PactState::Signing] {
                let unsigned = Readiness {
                    pact: Some(pact),
                    ..ready()
                };
                assert_eq!(codes(phase, &unsigned), ["PACT_NOT_IN_FORCE"]);
                let nothing = Readiness {
                    pact: Some(pact),
                    participants: 0,
                    ..no_criteria.clone()
                };
                assert_eq!(
                    codes(phase, &nothing),
                    ["NO_PARTICIPANTS", "CRITERIA_MISSING", "PACT_NOT_IN_FORCE"]
                );
            }
            assert!(advance(phase, &no_pact).is_ok(), "a year needs no pact");
        }
        let joined = Readiness {
            unsigned: vec!["CĐCS Sở Tài chính".to_owned()],
            ..ready()
        };
        assert!(
            codes(YearPhase::Registering, &joined).is_empty(),
            "the year runs for the others"
        );
        assert_eq!(codes(YearPhase::Running, &joined), ["PACT_UNSIGNED"]);
        assert!(codes(YearPhase::SelfScoring, &joined).is_empty());
    }
}
