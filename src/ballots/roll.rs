//! The roll of a ballot, frozen when it is opened, and its digest. Pure.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use thidua_entity::enums::Presence;
use uuid::Uuid;

use super::counting::Turnout;
use crate::files::hex;

/// A member on the roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The unit or, of a council, its member.
    pub voter: Uuid,
    /// Whether it is there.
    pub presence: Presence,
    /// Whether it does not vote because the matter concerns it.
    pub recused: bool,
    /// Whether it may vote.
    pub may_vote: bool,
}

impl Entry {
    /// A member by the roll call: who is present votes, who is asked in writing where the ballot is asked in writing, who is absent or
    /// recused not.
    pub const fn of(voter: Uuid, presence: Presence, recused: bool, in_writing: bool) -> Self {
        let there = match presence {
            Presence::Present => true,
            Presence::Written => in_writing,
            Presence::Absent => false,
        };
        Self {
            voter,
            presence,
            recused,
            may_vote: there && !recused,
        }
    }
}

/// Who could vote by a roll, and how many did.
pub fn turnout(entries: &[Entry], cast: u64) -> Turnout {
    let number = |of: fn(&Entry) -> bool| {
        let count = entries.iter().filter(|entry| of(entry)).count();
        u64::try_from(count).unwrap_or(u64::MAX)
    };
    Turnout {
        members: number(|entry| !entry.recused),
        voters: number(|entry| entry.may_vote),
        cast,
    }
}

/// SHA-256 over the roll of a ballot, in hexadecimal: a first line `thidua-roll-1`, the ballot, then a line for each member in the order of
/// their numbers: member, presence, `recused` or `-`, `votes` or `-`, separated by `|`. Anybody who has the list can work it out.
pub fn digest(ballot: Uuid, entries: &[Entry]) -> String {
    let mut entries = entries.to_vec();
    entries.sort_unstable_by_key(|entry| entry.voter);
    let mut text = format!("thidua-roll-1\n{ballot}\n");
    for entry in &entries {
        let recused = if entry.recused { "recused" } else { "-" };
        let votes = if entry.may_vote { "votes" } else { "-" };
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{}|{}|{recused}|{votes}", entry.voter, entry.presence.code());
    }
    hex(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_roll_whatever_its_order() {
        let entry = |number, presence| Entry::of(Uuid::from_u128(number), presence, false, true);
        let roll = [entry(1, Presence::Present), entry(2, Presence::Written)];
        let ballot = Uuid::from_u128(9);
        let digest_of = |entries: &[Entry]| digest(ballot, entries);
        assert_eq!(digest_of(&roll), digest_of(&[roll[1], roll[0]]));
        assert_ne!(digest_of(&roll), digest_of(&roll[..1]));
        assert_ne!(digest_of(&roll), digest(Uuid::from_u128(8), &roll));
        let absent = [roll[0], entry(2, Presence::Absent)];
        assert_ne!(digest_of(&roll), digest_of(&absent));
        assert!(!absent[1].may_vote && roll[1].may_vote);
    }

    #[test]
    fn who_is_asked_in_writing_votes_only_where_the_ballot_is_asked_in_writing() {
        let unit = Uuid::from_u128(1);
        assert!(!Entry::of(unit, Presence::Written, false, false).may_vote);
        assert!(!Entry::of(unit, Presence::Present, true, true).may_vote);
    }

    #[test]
    fn who_is_recused_and_absent_is_left_out_once() {
        let entry = |number, presence, recused| Entry::of(Uuid::from_u128(number), presence, recused, false);
        let roll = [
            entry(1, Presence::Present, false),
            entry(2, Presence::Present, false),
            entry(3, Presence::Absent, true),
            entry(4, Presence::Written, false),
        ];
        let Turnout { members, voters, cast } = turnout(&roll, 2);
        assert_eq!((members, voters, cast), (3, 2, 2));
    }
}
