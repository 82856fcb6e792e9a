//! Decisions as people send them, read and refused.

use proptest::prelude::*;
use thidua_entity::enums::AwardLevel;

use super::*;

const TODAY: NaiveDate = match NaiveDate::from_ymd_opt(2026, 3, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn collective(name: &str) -> NewAward {
    NewAward {
        award_type: id(1),
        recipient: Recipient::Collective,
        unit: id(2),
        recipient_name: Some(name.to_owned()),
        count: None,
        note: None,
    }
}

fn unnamed(recipient: Recipient, count: i32) -> NewAward {
    NewAward {
        recipient,
        recipient_name: None,
        count: Some(count),
        ..collective("")
    }
}

/// The flags and certificates of Lâm Đồng for 2023: one flag holder is named, the others are numbers.
fn lam_dong() -> NewDecision {
    NewDecision {
        number: Some(" 12/QĐ-LĐLĐ ".to_owned()),
        year: 2023,
        decided_on: Some(day("2024-01-10")),
        issuer: Some(id(9)),
        awards: vec![
            collective("CĐCS Sở Lao động, Thương binh và Xã hội tỉnh Lâm Đồng"),
            unnamed(Recipient::Collective, 7),
            unnamed(Recipient::Individual, 18),
        ],
        ..NewDecision::default()
    }
}

fn problems(new: &NewDecision) -> Vec<(&'static str, String)> {
    match read(new, TODAY) {
        Ok(_) => Vec::new(),
        Err(Error::Invalid(problems)) => problems
            .into_iter()
            .map(|problem| (problem.code, problem.field))
            .collect(),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_decision_is_read_as_written() {
    let read = read(&lam_dong(), TODAY).unwrap();
    assert_eq!(read.number.as_deref(), Some("12/QĐ-LĐLĐ"));
    assert_eq!(
        (read.owner, read.number_year(), read.day()),
        (id(9), 2024, day("2024-01-10"))
    );
    let counts: Vec<i32> = read.awards.iter().map(|award| award.count).collect();
    assert_eq!(counts, [1, 7, 18]);
}

#[test]
fn what_is_not_known_may_be_left_out() {
    let new = NewDecision {
        number: None,
        decided_on: None,
        ..lam_dong()
    };
    let read = read(&new, TODAY).unwrap();
    assert_eq!(
        (read.number.as_deref(), read.number_year(), read.day()),
        (None, 2023, day("2023-12-31"))
    );
}

#[test]
fn every_problem_names_its_field() {
    let mut new = lam_dong();
    new.number = Some("…".to_owned());
    new.awards[1].recipient_name = Some("Nguyễn Văn Hào".to_owned());
    new.awards[2].count = None;
    new.awards.push(unnamed(Recipient::Individual, 0));
    new.awards.push(unnamed(Recipient::Individual, COUNT_MAX + 1));
    new.awards.push(collective(&"a".repeat(301)));
    let expected = [
        ("NUMBER_INVALID", "number"),
        ("NAME_AND_COUNT", "awards.1.count"),
        ("REQUIRED", "awards.2.recipientName"),
        ("COUNT_IMPLAUSIBLE", "awards.3.count"),
        ("COUNT_IMPLAUSIBLE", "awards.4.count"),
        ("TOO_LONG", "awards.5.recipientName"),
    ];
    assert_eq!(problems(&new), expected.map(|(code, field)| (code, field.to_owned())));
}

#[test]
fn the_issuer_is_a_unit_or_a_name_with_a_registry() {
    let with = |issuer: Option<Uuid>, name: Option<&str>, owner: Option<Uuid>| {
        problems(&NewDecision {
            issuer,
            issuer_name: name.map(str::to_owned),
            owner,
            ..lam_dong()
        })
    };
    assert_eq!(with(Some(id(9)), Some("LĐLĐ tỉnh Lâm Đồng"), Some(id(9))), []);
    assert_eq!(with(None, Some("UBND tỉnh Lâm Đồng"), Some(id(9))), []);
    let refused = |code, field: &str| vec![(code, field.to_owned())];
    assert_eq!(
        with(Some(id(9)), None, Some(id(8))),
        refused("OWNER_NOT_ISSUER", "ownerId")
    );
    assert_eq!(with(None, Some(" "), Some(id(9))), refused("REQUIRED", "issuerName"));
    assert_eq!(
        with(None, Some("UBND tỉnh Lâm Đồng"), None),
        refused("REQUIRED", "ownerId")
    );
}

#[test]
fn years_and_days_are_plausible() {
    let with = |year, decided_on: Option<&str>| {
        let new = NewDecision {
            year,
            decided_on: decided_on.map(day),
            ..lam_dong()
        };
        problems(&new).first().map(|(code, _)| *code)
    };
    assert_eq!(with(2026, Some("2026-03-01")), None);
    assert_eq!(with(1945, None), None);
    assert_eq!(with(1944, None), Some("YEAR_IMPLAUSIBLE"));
    assert_eq!(with(2201, None), Some("YEAR_IMPLAUSIBLE"));
    assert_eq!(with(2027, None), Some("YEAR_AFTER_DECISION"));
    assert_eq!(with(2024, Some("2023-12-31")), Some("YEAR_AFTER_DECISION"));
    assert_eq!(with(2026, Some("2026-03-02")), Some("DAY_IN_FUTURE"));
}

#[test]
fn a_collective_stands_once_in_a_list_but_namesakes_may() {
    let mut new = lam_dong();
    new.awards = vec![collective("LĐLĐ huyện Ngọc Hồi"), collective("LĐLĐ  huyện NGỌC HỒI")];
    assert_eq!(problems(&new), [("GIVEN_TWICE", "awards.1.recipientName".to_owned())]);
    new.awards[1].award_type = id(5);
    assert_eq!(problems(&new), []);
    for award in &mut new.awards {
        award.recipient = Recipient::Individual;
        award.award_type = id(1);
        award.recipient_name = Some("Nguyễn Thị Hoa".to_owned());
    }
    assert_eq!(problems(&new), []);
}

#[test]
fn a_decision_gives_something_and_not_everything() {
    let mut new = lam_dong();
    new.awards.clear();
    assert_eq!(problems(&new), [("REQUIRED", "awards".to_owned())]);
    new.awards = vec![unnamed(Recipient::Individual, 1); AWARDS_MAX + 1];
    assert_eq!(problems(&new), [("TOO_MANY", "awards".to_owned())]);
}

fn kind(recipients: RecipientKind, from: Option<&str>, to: Option<&str>) -> award_type::Model {
    award_type::Model {
        id: id(1),
        code: "CO_LDLD".to_owned(),
        name: "Cờ thi đua của LĐLĐ tỉnh".to_owned(),
        sort_key: Vec::new(),
        level: AwardLevel::Province,
        recipients,
        legal_basis: None,
        valid_from: from.map(day),
        valid_to: to.map(day),
        version: 1,
    }
}

#[test]
fn a_kind_of_award_fits_its_recipients() {
    let decision = read(&lam_dong(), TODAY).unwrap();
    let fit = |recipients| {
        let types = HashMap::from([(id(1), kind(recipients, None, None))]);
        match fits(&decision, &types) {
            Err(Error::Invalid(problems)) => problems.into_iter().map(|problem| problem.field).collect(),
            _ => Vec::new(),
        }
    };
    assert!(fit(RecipientKind::Both).is_empty());
    assert_eq!(fit(RecipientKind::Collective), ["awards.2.recipient"]);
    assert_eq!(
        fit(RecipientKind::Individual),
        ["awards.0.recipient", "awards.1.recipient"]
    );
    assert!(matches!(fits(&decision, &HashMap::new()), Err(Error::NotFound)));
}

#[test]
fn a_kind_of_award_was_in_force() {
    let given =
        |from, to, year, on: Option<&str>| could_be_given(&kind(RecipientKind::Both, from, to), year, on.map(day));
    // Decided on by the text in force, or after its end for a year in which it was.
    assert!(given(Some("2024-01-01"), None, 2023, Some("2024-01-10")));
    assert!(given(None, Some("2024-01-01"), 2023, Some("2024-01-10")));
    assert!(!given(None, Some("2023-07-01"), 2023, Some("2024-01-10")));
    // Not before it began, even within the year.
    assert!(!given(Some("2023-09-01"), None, 2023, Some("2023-06-01")));
    // With no date, some day of the year is enough.
    assert!(given(Some("2023-12-31"), None, 2023, None));
    assert!(given(None, Some("2023-01-02"), 2023, None));
    assert!(!given(Some("2024-01-01"), None, 2023, None));
    assert!(!given(None, Some("2023-01-01"), 2023, None));
}

fn any_award() -> impl Strategy<Value = NewAward> {
    let name = proptest::option::of("[ A-Za-zĐđơắễ.…/]{0,20}");
    let count = proptest::option::of(prop_oneof![any::<i32>(), 1..100_i32]);
    (name, count, any::<bool>()).prop_map(|(recipient_name, count, person)| NewAward {
        recipient: if person {
            Recipient::Individual
        } else {
            Recipient::Collective
        },
        recipient_name,
        count,
        ..collective("")
    })
}

proptest! {
    #[test]
    fn what_is_read_keeps_every_rule(
        number in proptest::option::of(any::<String>()),
        year in 1900..2300_i32,
        awards in proptest::collection::vec(any_award(), 0..8),
    ) {
        let sent = awards.len();
        let new = NewDecision { number, year, decided_on: None, awards, ..lam_dong() };
        match read(&new, TODAY) {
            Ok(read) => {
                prop_assert!(YEARS.contains(&read.year) && read.year <= 2026);
                prop_assert!(sent > 0 && read.awards.len() == sent);
                for award in &read.awards {
                    prop_assert!((1..=COUNT_MAX).contains(&award.count));
                    prop_assert!(award.recipient_name.is_none() || award.count == 1);
                }
                prop_assert!(read.number.is_none_or(|number| !number::key(&number).is_empty()));
            }
            Err(Error::Invalid(problems)) => prop_assert!(!problems.is_empty()),
            Err(error) => prop_assert!(false, "{error}"),
        }
    }
}
