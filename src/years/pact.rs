//! The life of a pact: written, agreed, signed by all, in force, ended. Pure.
//!
//! What is signed is a digest over the text, the criteria and what each participant promised, taken when the members agreed. So from then
//! on neither changes; who wants another text, other criteria or other targets ends the pact with a reason and begins the next.

use sha2::{Digest as _, Sha256};
use thidua_entity::Fixed4;
use thidua_entity::enums::{PactState, YearPhase};
use uuid::Uuid;

use super::state::demand;
use crate::error::{Error, Result, Text};

/// What is done with a pact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Its text is written.
    Write,
    /// The members agreed on it.
    Agree,
    /// Members may sign.
    OpenSigning,
    /// A member signs.
    Sign,
    /// The last member has signed.
    Complete,
    /// It no longer holds.
    End,
}

impl Step {
    /// Every step.
    pub const ALL: &[Self] = &[
        Self::Write,
        Self::Agree,
        Self::OpenSigning,
        Self::Sign,
        Self::Complete,
        Self::End,
    ];
}

/// The state after a step; `WRONG_STATE` when the step is not possible.
pub fn next(state: PactState, step: Step) -> Result<PactState> {
    use PactState::{Agreed, Draft, Ended, InForce, Signing};
    match (state, step) {
        (Draft, Step::Write) => Ok(Draft),
        (Draft, Step::Agree) => Ok(Agreed),
        (Agreed, Step::OpenSigning) => Ok(Signing),
        (Signing, Step::Sign) => Ok(Signing),
        // Who joined the year later signs the pact that is in force for the others.
        (InForce, Step::Sign) => Ok(InForce),
        (Signing, Step::Complete) => Ok(InForce),
        (Draft | Agreed | Signing | InForce, Step::End) => Ok(Ended),
        (Draft | Agreed | Signing | InForce | Ended, _) => Err(Error::WrongState(Text::new(
            format!("Giao ước {} nên không làm được việc này.", state_vi(state)),
            format!("The pact is {}; this is not possible.", state.code()),
        ))),
    }
}

/// Lets through while a pact is written, agreed, opened for signing and ended: before scoring begins.
pub fn in_season(phase: YearPhase) -> Result<()> {
    demand(phase, &[YearPhase::Planned, YearPhase::Registering, YearPhase::Running])
}

/// Lets through who has not signed yet.
pub fn once(signed: bool) -> Result<()> {
    if signed {
        return Err(Error::AlreadyExists("pact_signature_pact_id_unit_id".to_owned()));
    }
    Ok(())
}

/// Whether text, criteria and targets of a pact no longer change.
pub const fn is_fixed(state: PactState) -> bool {
    !matches!(state, PactState::Draft)
}

/// Whether a pact is signed, or was: it is open for signing or in force.
pub const fn is_signed(state: PactState) -> bool {
    matches!(state, PactState::Signing | PactState::InForce)
}

const fn state_vi(state: PactState) -> &'static str {
    match state {
        PactState::Draft => "đang soạn",
        PactState::Agreed => "đã thống nhất",
        PactState::Signing => "đang ký",
        PactState::InForce => "đang có hiệu lực",
        PactState::Ended => "đã kết thúc",
    }
}

/// What a member promised: the unit, the indicator, the figure.
pub type Promise = (Uuid, Uuid, Fixed4);

/// What is signed: SHA-256 over the text, the digest of the criteria, and the targets of the participants in the order of the ids of units and
/// indicators, each part with its length before it.
pub fn digest(text: &str, criteria: &[u8], promises: &[Promise]) -> Vec<u8> {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    };
    part(text.as_bytes());
    part(criteria);
    let mut promises = promises.to_vec();
    promises.sort_unstable_by_key(|&(unit, indicator, _)| (unit, indicator));
    for (unit, indicator, value) in promises {
        part(unit.as_bytes());
        part(indicator.as_bytes());
        part(&value.ten_thousandths().to_be_bytes());
    }
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_life_of_a_pact() {
        let mut table = String::new();
        for &state in PactState::ALL {
            for &step in Step::ALL {
                if let Ok(to) = next(state, step) {
                    table.push_str(&format!("{} {step:?} {}\n", state.code(), to.code()));
                }
            }
        }
        assert_eq!(
            table,
            "DRAFT Write DRAFT\nDRAFT Agree AGREED\nDRAFT End ENDED\nAGREED OpenSigning SIGNING\nAGREED End ENDED\n\
             SIGNING Sign SIGNING\nSIGNING Complete IN_FORCE\nSIGNING End ENDED\nIN_FORCE Sign IN_FORCE\nIN_FORCE End ENDED\n"
        );
    }

    fn promises() -> impl Strategy<Value = Vec<Promise>> {
        let one = (0..9_u128, 0..9_u128, 0..1_000_i64);
        prop::collection::btree_map(
            one.prop_map(|(unit, indicator, _)| (unit, indicator)),
            0..1_000_i64,
            0..8,
        )
        .prop_map(|map| {
            map.into_iter()
                .map(|((unit, indicator), value)| {
                    let value = Fixed4::from_integer(value).unwrap_or_default();
                    (Uuid::from_u128(unit), Uuid::from_u128(indicator), value)
                })
                .collect()
        })
    }

    proptest! {
        #[test]
        fn the_order_in_which_targets_were_set_is_not_signed(promises in promises(), text in ".{0,40}") {
            let mut turned = promises.clone();
            turned.reverse();
            prop_assert_eq!(digest(&text, b"set", &promises), digest(&text, b"set", &turned));
        }

        #[test]
        fn another_text_other_criteria_or_another_target_is_another_pact(promises in promises(), text in ".{0,40}") {
            let signed = digest(&text, b"set", &promises);
            prop_assert_ne!(&signed, &digest(&format!("{text}."), b"set", &promises));
            prop_assert_ne!(&signed, &digest(&text, b"another set", &promises));
            let mut more = promises;
            more.push((Uuid::from_u128(99), Uuid::nil(), Fixed4::ZERO));
            prop_assert_ne!(&signed, &digest(&text, b"set", &more));
        }
    }
}
