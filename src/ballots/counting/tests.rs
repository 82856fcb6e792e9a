//! Sentences about counting, and properties that hold whatever is voted.

use num_rational::Ratio;
use proptest::prelude::*;

use super::*;

fn rule(kind: BallotKind, seats: usize, part: (u32, u32), exceeded: bool) -> Rule {
    Rule {
        kind,
        seats,
        denominator: Denominator::AllMembers,
        threshold: Threshold {
            part: fraction(part),
            exceeded,
        },
        quorum: Fraction::TWO_THIRDS,
    }
}

fn fraction((numerator, denominator): (u32, u32)) -> Fraction {
    Fraction { numerator, denominator }
}

fn all_of(members: u64) -> Turnout {
    Turnout {
        members,
        voters: members,
        cast: members,
    }
}

fn votes(counts: &[u64]) -> Vec<Count> {
    let of = |&votes_for: &u64| Count {
        votes_for,
        ..Count::default()
    };
    counts.iter().map(of).collect()
}

#[test]
fn ninety_percent_of_ten_members_are_nine() {
    let ninety = rule(BallotKind::Approve, 1, (90, 100), false);
    assert_eq!(decide(&ninety, all_of(10), &votes(&[9])).chosen, [0]);
    assert!(decide(&ninety, all_of(10), &votes(&[8])).chosen.is_empty());
    assert_eq!(ninety.threshold.needed(10), 9);
    // Of eleven it is 9.9, so ten.
    assert_eq!(ninety.threshold.needed(11), 10);
    assert!(decide(&ninety, all_of(11), &votes(&[9])).chosen.is_empty());
}

#[test]
fn more_than_half_of_six_are_four_and_half_is_three() {
    let more = rule(BallotKind::Elect, 1, (1, 2), true);
    let half = rule(BallotKind::Elect, 1, (1, 2), false);
    assert!(decide(&more, all_of(6), &votes(&[3, 2])).chosen.is_empty());
    assert_eq!(decide(&half, all_of(6), &votes(&[3, 2])).chosen, [0]);
    assert_eq!((more.threshold.needed(6), half.threshold.needed(6)), (4, 3));
}

#[test]
fn members_who_stay_away_count_where_all_are_counted() {
    let turnout = Turnout {
        members: 6,
        voters: 5,
        cast: 4,
    };
    let by = |denominator| {
        let rule = Rule {
            denominator,
            ..rule(BallotKind::Approve, 1, (2, 3), false)
        };
        decide(&rule, turnout, &votes(&[3])).chosen.len()
    };
    assert_eq!(by(Denominator::AllMembers), 0);
    assert_eq!(by(Denominator::Present), 0);
    assert_eq!(by(Denominator::VotesCast), 1);
}

#[test]
fn equal_ones_at_the_last_seat_stand_again_and_those_above_are_chosen() {
    let decision = decide(
        &rule(BallotKind::Elect, 2, (1, 2), false),
        all_of(6),
        &votes(&[3, 5, 3, 1]),
    );
    assert_eq!(decision.chosen, [1]);
    let further = Further {
        why: Why::Tie,
        seats: 1,
        options: vec![0, 2],
    };
    assert_eq!(decision.further, Some(further));
}

#[test]
fn a_seat_that_nobody_reached_calls_for_a_round_of_the_two_strongest() {
    let decision = decide(
        &rule(BallotKind::Elect, 1, (1, 2), true),
        all_of(7),
        &votes(&[1, 3, 2, 1]),
    );
    assert!(decision.chosen.is_empty());
    let further = decision.further.expect("a further round");
    assert_eq!((further.why, further.options), (Why::Missed, vec![1, 2]));
    // Where yes and no are asked, a no is an answer.
    let asked = decide(&rule(BallotKind::Approve, 1, (1, 2), true), all_of(7), &votes(&[1]));
    assert_eq!(asked.further, None);
}

#[test]
fn too_few_voters_decide_nothing() {
    let turnout = Turnout {
        members: 6,
        voters: 6,
        cast: 3,
    };
    let decision = decide(&rule(BallotKind::Choose, 1, (1, 3), false), turnout, &votes(&[3, 0]));
    assert!(!decision.quorum && decision.chosen.is_empty());
    assert_eq!(decision.further.map(|further| further.why), Some(Why::NoQuorum));
}

#[test]
fn places_are_counted_by_points() {
    let order = |order: &[usize]| Choice::Order(order.to_vec());
    let counts = count(
        3,
        &[order(&[0, 1, 2]), order(&[0, 2, 1]), order(&[1, 0, 2]), Choice::Spoiled],
    );
    let points: Vec<u64> = counts.options.iter().map(|count| count.points).collect();
    assert_eq!((points, counts.spoiled), (vec![8, 6, 4], 1));
    let decision = decide(&rule(BallotKind::Rank, 3, (0, 1), false), all_of(4), &counts.options);
    assert_eq!((decision.out_of, decision.chosen), (12, vec![0, 1, 2]));
}

#[test]
fn a_small_secret_ballot_tells_no_more_than_its_outcome() {
    assert!(is_hidden(true, 5) && !is_hidden(true, 6) && !is_hidden(false, 5));
    let decision = decide(
        &rule(BallotKind::Choose, 2, (1, 2), false),
        all_of(5),
        &votes(&[3, 4, 0]),
    );
    assert_eq!(decision.chosen, [1, 0]);
    assert_eq!(without_order(BallotKind::Choose, decision).chosen, [0, 1]);
}

const OPTIONS: usize = 4;

fn choices(kind: BallotKind) -> BoxedStrategy<Choice> {
    let answer = prop_oneof![Just(Answer::Yes), Just(Answer::No), Just(Answer::Abstain)];
    let valid = match kind {
        BallotKind::Approve => prop::collection::vec(answer, OPTIONS).prop_map(Choice::Answers).boxed(),
        BallotKind::Choose | BallotKind::Elect => prop::sample::subsequence((0..OPTIONS).collect::<Vec<_>>(), 0..=2)
            .prop_map(Choice::Marks)
            .boxed(),
        BallotKind::Rank => Just((0..OPTIONS).collect::<Vec<_>>())
            .prop_shuffle()
            .prop_map(Choice::Order)
            .boxed(),
    };
    prop_oneof![9 => valid, 1 => Just(Choice::Spoiled)].boxed()
}

fn ballots() -> impl Strategy<Value = (Rule, Vec<Choice>)> {
    let kinds = prop::sample::select(BallotKind::ALL);
    kinds.prop_flat_map(|kind| {
        let votes = prop::collection::vec(choices(kind), 0..16);
        let denominators = prop::sample::select(Denominator::ALL);
        let rules = (1..=OPTIONS, denominators, 0..=100_u32, any::<bool>());
        (rules, votes).prop_map(move |((seats, denominator, percent, exceeded), votes)| {
            let rule = Rule {
                denominator,
                ..rule(kind, seats, (percent, 100), exceeded)
            };
            (rule, votes)
        })
    })
}

fn decided(rule: &Rule, votes: &[Choice]) -> Decision {
    let cast = u64::try_from(votes.len()).unwrap();
    let turnout = Turnout {
        members: 16,
        voters: cast.max(12),
        cast,
    };
    decide(rule, turnout, &count(OPTIONS, votes).options)
}

proptest! {
    #[test]
    fn the_order_of_votes_does_not_matter(((rule, votes), seed) in (ballots(), any::<u64>())) {
        let mut other = votes.clone();
        let turn = usize::try_from(seed % 17).unwrap() % votes.len().max(1);
        other.rotate_left(turn);
        other.reverse();
        prop_assert_eq!(decided(&rule, &votes), decided(&rule, &other));
    }

    #[test]
    fn never_more_are_chosen_than_there_are_seats((rule, votes) in ballots()) {
        let decision = decided(&rule, &votes);
        prop_assert!(decision.chosen.len() <= rule.seats);
        if let Some(further) = &decision.further {
            prop_assert!(further.seats + decision.chosen.len() <= rule.seats);
            prop_assert!(further.options.iter().all(|option| !decision.chosen.contains(option)));
            prop_assert!(further.why != Why::Tie || further.options.len() > further.seats);
        }
    }

    #[test]
    fn the_threshold_is_exact((rule, votes) in ballots()) {
        let decision = decided(&rule, &votes);
        let counts = count(OPTIONS, &votes).options;
        for &option in &decision.chosen {
            let share = Ratio::new(counts[option].weight(rule.kind), decision.out_of);
            let part = Ratio::new(u64::from(rule.threshold.part.numerator), u64::from(rule.threshold.part.denominator));
            prop_assert!(share > part || !rule.threshold.exceeded && share == part);
            prop_assert!(counts[option].weight(rule.kind) >= rule.threshold.needed(decision.out_of));
        }
    }

    #[test]
    fn who_got_more_is_not_passed_over((rule, votes) in ballots()) {
        let decision = decided(&rule, &votes);
        let counts = count(OPTIONS, &votes).options;
        let weight = |option: usize| counts[option].weight(rule.kind);
        let least = decision.chosen.iter().map(|&option| weight(option)).min();
        for option in (0..OPTIONS).filter(|option| !decision.chosen.contains(option)) {
            prop_assert!(least.is_none_or(|least| weight(option) < least), "{:?}", decision);
        }
    }

    #[test]
    fn every_vote_is_counted_once((_, votes) in ballots()) {
        let counts = count(OPTIONS, &votes);
        let spoiled = votes.iter().filter(|vote| **vote == Choice::Spoiled).count();
        prop_assert_eq!(counts.spoiled, u64::try_from(spoiled).unwrap());
        for option in &counts.options {
            let said = option.votes_for + option.against + option.abstained;
            prop_assert!(said + counts.spoiled <= u64::try_from(votes.len()).unwrap());
        }
    }
}
