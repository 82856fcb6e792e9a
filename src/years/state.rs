//! The life of an emulation year: phase after phase, none left out, and back only by the organiser with a reason. Pure.

use thidua_entity::enums::{PactState, YearPhase};

use crate::error::{Error, Result, Text};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Readiness {
    /// How many take part.
    pub participants: usize,
    /// Whether it names a criteria set.
    pub criteria: bool,
    /// Where its pact is in its life; none when there is none, or when the last one has ended.
    pub pact: Option<PactState>,
}

/// The phase that follows, when everything is there that it needs. Publishing is not a step of its own: publishing the result does it.
pub fn advance(phase: YearPhase, ready: Readiness) -> Result<YearPhase> {
    let Some(next) = next(phase) else {
        return Err(Error::WrongState(Text::new(
            "Kết quả năm thi đua đã công bố.",
            "The result of the year is published.",
        )));
    };
    match next {
        YearPhase::Planned => {}
        YearPhase::Registering => ready.participate()?,
        YearPhase::Running | YearPhase::SelfScoring => {
            ready.participate()?;
            ready.has_criteria()?;
            ready.pact_holds()?;
        }
        YearPhase::CrossChecking | YearPhase::Appraising | YearPhase::Voting | YearPhase::Deciding => {
            ready.participate()?;
        }
        YearPhase::Published => {
            return Err(Error::WrongState(Text::new(
                "Năm thi đua kết thúc khi công bố kết quả: hãy công bố kết quả.",
                "The year ends when its result is published: publish the result.",
            )));
        }
    }
    Ok(next)
}

impl Readiness {
    fn participate(self) -> Result<()> {
        if self.participants > 0 {
            return Ok(());
        }
        Err(Error::invalid(
            "NO_PARTICIPANTS",
            "id",
            "Năm thi đua chưa có đơn vị nào tham gia.",
            "No unit takes part in the year.",
        ))
    }

    fn has_criteria(self) -> Result<()> {
        if self.criteria {
            return Ok(());
        }
        Err(Error::invalid(
            "CRITERIA_MISSING",
            "id",
            "Năm thi đua chưa chọn bảng điểm.",
            "The year names no criteria set yet.",
        ))
    }

    fn pact_holds(self) -> Result<()> {
        match self.pact {
            None | Some(PactState::InForce | PactState::Ended) => Ok(()),
            Some(PactState::Draft | PactState::Agreed | PactState::Signing) => Err(Error::invalid(
                "PACT_NOT_IN_FORCE",
                "id",
                "Giao ước thi đua chưa có hiệu lực: còn đơn vị chưa ký.",
                "The pact is not in force yet: not all have signed.",
            )),
        }
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

    const READY: Readiness = Readiness {
        participants: 3,
        criteria: true,
        pact: Some(PactState::InForce),
    };

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
        while let Ok(next) = advance(phase, READY) {
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
        let code = |phase, ready| match advance(phase, ready) {
            Err(Error::Invalid(problems)) => problems.first().map(|one| one.code),
            _ => None,
        };
        let nobody = Readiness {
            participants: 0,
            ..READY
        };
        let no_criteria = Readiness {
            criteria: false,
            ..READY
        };
        let no_pact = Readiness { pact: None, ..READY };
        assert_eq!(code(YearPhase::Planned, nobody), Some("NO_PARTICIPANTS"));
        assert_eq!(code(YearPhase::Planned, no_criteria), None);
        for phase in [YearPhase::Registering, YearPhase::Running] {
            assert_eq!(code(phase, no_criteria), Some("CRITERIA_MISSING"));
            for pact in [PactState::Draft, PactState::Agreed, PactState::Signing] {
                let unsigned = Readiness {
                    pact: Some(pact),
                    ..READY
                };
                assert_eq!(code(phase, unsigned), Some("PACT_NOT_IN_FORCE"));
            }
            assert!(advance(phase, no_pact).is_ok(), "a year needs no pact");
        }
    }
}
