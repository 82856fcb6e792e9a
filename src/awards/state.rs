//! The life of a proposal: (state, step) → state, and who takes the step. Pure.

use thidua_entity::enums::{ProposalState, ProposalStep};

use super::terms::StepDays;
use crate::error::{Error, Result, Text};
use crate::policy::Action;

/// Whose step it is: the place at which one must be allowed to take it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The unit that proposes, with those above it and its clusters.
    Proposer,
    /// The unit whose council decides.
    Decider,
}

/// What one must be allowed to do for a step, and at whose place.
pub const fn permission(step: ProposalStep) -> (Action, Side) {
    match step {
        ProposalStep::Propose => (Action::AwardPropose, Side::Proposer),
        ProposalStep::Endorse => (Action::AwardEndorse, Side::Proposer),
        ProposalStep::Appraise => (Action::AwardAppraise, Side::Decider),
        ProposalStep::Vote
        | ProposalStep::Approve
        | ProposalStep::Refuse
        | ProposalStep::Reduce
        | ProposalStep::Forward => (Action::AwardDecide, Side::Decider),
    }
}

/// The state after a step; `WRONG_STATE` when the step is not possible now. `council`: whether the terms ask for the council's vote;
/// where they do not, the standing committee decides on what was appraised. A refusal may come at any time before.
pub fn next(state: ProposalState, step: ProposalStep, council: bool) -> Result<ProposalState> {
    use ProposalState::{Appraised, Approved, Endorsed, Forwarded, Proposed, Reduced, Refused, Voted};
    let ripe = matches!(state, Voted) || matches!(state, Appraised) && !council;
    match (state, step) {
        (Proposed, ProposalStep::Endorse) => Ok(Endorsed),
        (Endorsed, ProposalStep::Appraise) => Ok(Appraised),
        (Appraised, ProposalStep::Vote) if council => Ok(Voted),
        (Proposed | Endorsed | Appraised | Voted, ProposalStep::Refuse) => Ok(Refused),
        (_, ProposalStep::Approve) if ripe => Ok(Approved),
        (_, ProposalStep::Reduce) if ripe => Ok(Reduced),
        (_, ProposalStep::Forward) if ripe => Ok(Forwarded),
        _ => Err(Error::WrongState(Text::new(
            format!(
                "Đề nghị khen thưởng {}; không thể {} lúc này.",
                state_vi(state),
                step_vi(step)
            ),
            format!(
                "The proposal is {}; the step {} is not possible now.",
                state.code(),
                step.code()
            ),
        ))),
    }
}

/// The step for which a proposal waits; `None` once it has an outcome.
pub const fn awaited(state: ProposalState, council: bool) -> Option<ProposalStep> {
    match state {
        ProposalState::Proposed => Some(ProposalStep::Endorse),
        ProposalState::Endorsed => Some(ProposalStep::Appraise),
        ProposalState::Appraised if council => Some(ProposalStep::Vote),
        ProposalState::Appraised | ProposalState::Voted => Some(ProposalStep::Approve),
        ProposalState::Approved | ProposalState::Refused | ProposalState::Reduced | ProposalState::Forwarded => None,
    }
}

/// Days that are given for the step for which a proposal waits.
pub const fn days(state: ProposalState, council: bool, days: StepDays) -> Option<i32> {
    match awaited(state, council) {
        Some(ProposalStep::Endorse) => days.endorse,
        Some(ProposalStep::Appraise) => days.appraise,
        Some(ProposalStep::Vote) => days.vote,
        Some(ProposalStep::Approve) => days.decide,
        _ => None,
    }
}

/// Whether a state is an outcome.
pub const fn is_outcome(state: ProposalState) -> bool {
    matches!(
        state,
        ProposalState::Approved | ProposalState::Refused | ProposalState::Reduced | ProposalState::Forwarded
    )
}

const fn state_vi(state: ProposalState) -> &'static str {
    match state {
        ProposalState::Proposed => "mới được đề nghị",
        ProposalState::Endorsed => "đã được cụm hoặc cấp trên nhất trí",
        ProposalState::Appraised => "đã được thẩm định",
        ProposalState::Voted => "đã được hội đồng bỏ phiếu",
        ProposalState::Approved => "đã được duyệt",
        ProposalState::Refused => "đã bị từ chối",
        ProposalState::Reduced => "đã được duyệt ở hình thức thấp hơn",
        ProposalState::Forwarded => "đã được chuyển lên cấp trên",
    }
}

const fn step_vi(step: ProposalStep) -> &'static str {
    match step {
        ProposalStep::Propose => "đề nghị",
        ProposalStep::Endorse => "nhất trí",
        ProposalStep::Appraise => "thẩm định",
        ProposalStep::Vote => "ghi kết quả bỏ phiếu",
        ProposalStep::Approve => "duyệt",
        ProposalStep::Refuse => "từ chối",
        ProposalStep::Reduce => "hạ hình thức",
        ProposalStep::Forward => "chuyển lên cấp trên",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The transitions as people read them: one line for each state, one column for each step.
    fn printed(council: bool) -> String {
        let mut text = format!("{:10}", "");
        for &step in &ProposalStep::ALL[1..] {
            text.push_str(&format!(" {:>9}", step.code()));
        }
        text.push('\n');
        for &state in ProposalState::ALL {
            text.push_str(&format!("{:10}", state.code()));
            for &step in &ProposalStep::ALL[1..] {
                let to = next(state, step, council).map_or_else(|_| ".".to_owned(), ProposalState::code);
                text.push_str(&format!(" {to:>9}"));
            }
            text.push('\n');
        }
        text
    }

    #[test]
    fn the_life_of_a_proposal_is_the_one_that_people_agreed_on() {
        insta::assert_snapshot!(printed(true), @r"
                     ENDORSE  APPRAISE      VOTE   APPROVE    REFUSE    REDUCE   FORWARD
        PROPOSED    ENDORSED         .         .         .   REFUSED         .         .
        ENDORSED           . APPRAISED         .         .   REFUSED         .         .
        APPRAISED          .         .     VOTED         .   REFUSED         .         .
        VOTED              .         .         .  APPROVED   REFUSED   REDUCED FORWARDED
        APPROVED           .         .         .         .         .         .         .
        REFUSED            .         .         .         .         .         .         .
        REDUCED            .         .         .         .         .         .         .
        FORWARDED          .         .         .         .         .         .         .
        ");
    }

    #[test]
    fn without_a_council_the_committee_decides_on_what_was_appraised() {
        insta::assert_snapshot!(printed(false), @r"
                     ENDORSE  APPRAISE      VOTE   APPROVE    REFUSE    REDUCE   FORWARD
        PROPOSED    ENDORSED         .         .         .   REFUSED         .         .
        ENDORSED           . APPRAISED         .         .   REFUSED         .         .
        APPRAISED          .         .         .  APPROVED   REFUSED   REDUCED FORWARDED
        VOTED              .         .         .  APPROVED   REFUSED   REDUCED FORWARDED
        APPROVED           .         .         .         .         .         .         .
        REFUSED            .         .         .         .         .         .         .
        REDUCED            .         .         .         .         .         .         .
        FORWARDED          .         .         .         .         .         .         .
        ");
    }

    #[test]
    fn a_proposal_waits_for_a_step_that_is_possible_until_it_has_an_outcome() {
        for council in [true, false] {
            for &state in ProposalState::ALL {
                match awaited(state, council) {
                    Some(step) => assert!(next(state, step, council).is_ok() && !is_outcome(state)),
                    None => assert!(is_outcome(state)),
                }
            }
        }
    }
}
