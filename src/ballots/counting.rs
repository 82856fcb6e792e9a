//! Counting votes and deciding by a rule: whole numbers only, every comparison by cross multiplication. Pure.
//!
//! Two halves: [`count`] adds up choices, [`decide`] says who is chosen by the sums. Of a ballot on paper only the second is done here.

use serde::{Deserialize, Serialize};
use thidua_entity::enums::{BallotKind, Denominator};

use super::choice::{Answer, Choice};
use crate::conferences::quorum::Fraction;

/// At most so many votes of a secret ballot make it a small one, of which the outcome alone is kept and told. Among five, one who knows the
/// own vote and guesses the proposer's learns from the numbers how the others voted; a cluster has 5 to 15 members.
pub const SMALL: u64 = 5;

/// What a rule says of the sums.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// How the ballot is answered.
    pub kind: BallotKind,
    /// How many are chosen at most.
    pub seats: usize,
    /// Of what the threshold is a part.
    pub denominator: Denominator,
    /// The threshold.
    pub threshold: Threshold,
    /// Which part of the members must vote.
    pub quorum: Fraction,
}

/// What an option needs to be chosen. In a ranking it is a part of the points that it could get; otherwise of the votes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threshold {
    /// The part.
    pub part: Fraction,
    /// Whether it must be exceeded, not only reached.
    pub exceeded: bool,
}

impl Threshold {
    /// Whether some of a number are enough. Nothing never is.
    pub fn is_met(self, some: u64, of: u64) -> bool {
        let enough = if self.exceeded {
            self.part.is_exceeded(some, of)
        } else {
            self.part.is_reached(some, of)
        };
        some > 0 && enough
    }

    /// The least that is enough of a number; at least 1.
    pub fn needed(self, of: u64) -> u64 {
        let parts = u128::from(of) * u128::from(self.part.numerator);
        let denominator = u128::from(self.part.denominator.max(1));
        let least = if self.exceeded {
            parts / denominator + 1
        } else {
            parts.div_ceil(denominator)
        };
        u64::try_from(least).unwrap_or(u64::MAX).max(1)
    }
}

/// Who could vote, and how many did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turnout {
    /// Members on the roll, those who are recused left out.
    pub members: u64,
    /// Those who may vote.
    pub voters: u64,
    /// Votes cast, spoiled ones counted.
    pub cast: u64,
}

/// What an option got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Votes for it; in a ranking, first places.
    pub votes_for: u64,
    /// Votes against it.
    pub against: u64,
    /// Abstentions.
    pub abstained: u64,
    /// Points of its places.
    pub points: u64,
}

impl Count {
    /// By what options of a kind of ballot are compared.
    pub const fn weight(self, kind: BallotKind) -> u64 {
        match kind {
            BallotKind::Rank => self.points,
            BallotKind::Approve | BallotKind::Choose | BallotKind::Elect => self.votes_for,
        }
    }
}

/// The sums of some votes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Of each option, in their order.
    pub options: Vec<Count>,
    /// Votes that count as cast and for nothing.
    pub spoiled: u64,
}

/// Adds up choices on this many options.
pub fn count(options: usize, votes: &[Choice]) -> Counts {
    let mut counts = Counts {
        options: vec![Count::default(); options],
        spoiled: 0,
    };
    for vote in votes {
        add(&mut counts, options, vote);
    }
    counts
}

fn add(counts: &mut Counts, options: usize, vote: &Choice) {
    let all = u64::try_from(options).unwrap_or(u64::MAX);
    match vote {
        Choice::Spoiled => counts.spoiled += 1,
        Choice::Answers(answers) => {
            for (count, answer) in counts.options.iter_mut().zip(answers) {
                match answer {
                    Answer::Yes => count.votes_for += 1,
                    Answer::No => count.against += 1,
                    Answer::Abstain => count.abstained += 1,
                }
            }
        }
        Choice::Marks(marks) => {
            for &mark in marks {
                if let Some(count) = counts.options.get_mut(mark) {
                    count.votes_for += 1;
                }
            }
        }
        Choice::Order(order) => {
            for (place, &option) in (0_u64..).zip(order) {
                if let Some(count) = counts.options.get_mut(option) {
                    count.points += all.saturating_sub(place);
                    count.votes_for += u64::from(place == 0);
                }
            }
        }
    }
}

/// Why a further round is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Why {
    /// More are equal than there are seats left.
    Tie,
    /// Too few reached the threshold.
    Missed,
    /// Too few voted.
    NoQuorum,
}

/// A further round that is called for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Further {
    /// Why.
    pub why: Why,
    /// How many seats are left.
    pub seats: usize,
    /// The options that stand, by their places from 0, in their order.
    pub options: Vec<usize>,
}

/// What came of a ballot.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether enough voted.
    pub quorum: bool,
    /// Of how many votes, or points, the threshold is a part.
    pub out_of: u64,
    /// The options that are chosen, by their places from 0: those with more first.
    pub chosen: Vec<usize>,
    /// The further round that is called for, if one is. Without it, seats that are left stay vacant.
    pub further: Option<Further>,
}

/// What came of a ballot, as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// Who could vote and how many did; `None` where that is not known of a ballot on paper.
    pub turnout: Option<Turnout>,
    /// Whether nothing but the outcome is kept and told.
    pub hidden: bool,
    /// What was decided.
    pub decision: Decision,
}

/// Decides by a rule who is chosen.
pub fn decide(rule: &Rule, turnout: Turnout, counts: &[Count]) -> Decision {
    let out_of = out_of(rule, turnout, counts.len());
    let all: Vec<usize> = (0..counts.len()).collect();
    if !rule.quorum.is_reached(turnout.cast, turnout.members) {
        return Decision {
            quorum: false,
            out_of,
            chosen: Vec::new(),
            further: Some(Further {
                why: Why::NoQuorum,
                seats: rule.seats,
                options: all,
            }),
        };
    }
    let weight = |option: &usize| counts.get(*option).map_or(0, |count| count.weight(rule.kind));
    let mut standing: Vec<usize> = all
        .iter()
        .copied()
        .filter(|option| rule.threshold.is_met(weight(option), out_of))
        .collect();
    // Equal ones in the order of the options; whether they are divided is looked at next.
    standing.sort_by_key(|option| std::cmp::Reverse(weight(option)));
    let (chosen, tied) = seated(&standing, rule.seats, weight);
    let left = rule.seats.saturating_sub(chosen.len());
    let further = further(rule.kind, (&all, &chosen, tied), left, weight);
    Decision {
        quorum: true,
        out_of,
        chosen,
        further,
    }
}

/// Those who get a seat, and those who are equal at the edge and get none.
fn seated(standing: &[usize], seats: usize, weight: impl Fn(&usize) -> u64) -> (Vec<usize>, Vec<usize>) {
    let (inside, outside) = standing.split_at_checked(seats).unwrap_or((standing, &[]));
    let (Some(last), Some(first_out)) = (inside.last(), outside.first()) else {
        return (inside.to_vec(), Vec::new());
    };
    let edge = weight(last);
    if edge > weight(first_out) {
        return (inside.to_vec(), Vec::new());
    }
    let above = inside.iter().filter(|option| weight(option) > edge);
    let mut tied: Vec<usize> = standing
        .iter()
        .copied()
        .filter(|option| weight(option) == edge)
        .collect();
    tied.sort_unstable();
    (above.copied().collect(), tied)
}

fn further(
    kind: BallotKind,
    (all, chosen, tied): (&[usize], &[usize], Vec<usize>),
    seats: usize,
    weight: impl Fn(&usize) -> u64,
) -> Option<Further> {
    if !tied.is_empty() {
        return Some(Further {
            why: Why::Tie,
            seats,
            options: tied,
        });
    }
    let wanted = match kind {
        // A no is an answer.
        BallotKind::Approve => false,
        BallotKind::Choose => chosen.is_empty(),
        BallotKind::Elect | BallotKind::Rank => seats > 0,
    };
    let mut rest: Vec<usize> = all.iter().copied().filter(|option| !chosen.contains(option)).collect();
    if !wanted || rest.is_empty() {
        return None;
    }
    // The strongest stand again, at most twice as many as seats; equal ones at that edge too.
    rest.sort_by_key(|option| std::cmp::Reverse(weight(option)));
    if let Some(edge) = rest.get((seats * 2).saturating_sub(1)).map(&weight) {
        rest.retain(|option| weight(option) >= edge);
    }
    rest.sort_unstable();
    Some(Further {
        why: Why::Missed,
        seats,
        options: rest,
    })
}

/// Of how many votes the threshold is a part; in a ranking of the points that an option gets when it is first with all of them.
fn out_of(rule: &Rule, turnout: Turnout, options: usize) -> u64 {
    let votes = match rule.denominator {
        Denominator::AllMembers => turnout.members,
        Denominator::Present => turnout.voters,
        Denominator::VotesCast => turnout.cast,
    };
    match rule.kind {
        BallotKind::Rank => votes.saturating_mul(u64::try_from(options).unwrap_or(u64::MAX)),
        BallotKind::Approve | BallotKind::Choose | BallotKind::Elect => votes,
    }
}

/// Whether a ballot is one of which the outcome alone is kept and told.
pub const fn is_hidden(secret: bool, cast: u64) -> bool {
    secret && cast <= SMALL
}

/// The decision as it is told where the sums are not: without an order that would tell of them.
pub fn without_order(kind: BallotKind, mut decision: Decision) -> Decision {
    if kind != BallotKind::Rank {
        decision.chosen.sort_unstable();
    }
    decision
}

#[cfg(test)]
mod tests;
