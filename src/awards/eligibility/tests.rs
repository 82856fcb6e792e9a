//! Cases as people know them, judged rule by rule.

use thidua_entity::enums::AwardIssuer;

use super::*;
use crate::awards::quota::Exception;
use crate::awards::terms::{PriorTitle, StepDays};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const FLAG: u128 = 1;
const TITLE: u128 = 2;

fn terms() -> Terms {
    Terms {
        issuer: AwardIssuer::Union,
        scope: None,
        grades: Vec::new(),
        prior: Vec::new(),
        years_between: None,
        once: false,
        registered: false,
        months_founded: None,
        months_reorganised: None,
        threshold: None,
        dossier: Vec::new(),
        collective_bonus: None,
        individual_bonus: None,
        days: StepDays::default(),
        objection_days: None,
        women_first: None,
    }
}

/// A flag for a unit that was founded in 2001, for 2025, with these terms.
fn flag(terms: Terms) -> Facts {
    Facts {
        today: day("2026-03-10"),
        year: 2025,
        recipient: Recipient::Collective,
        kind: Kind {
            id: id(FLAG),
            name: "Cờ thi đua".to_owned(),
            level: AwardLevel::Province,
            recipients: RecipientKind::Collective,
            valid_from: None,
            valid_to: None,
        },
        terms: Some((1, terms)),
        prior_names: vec![(id(TITLE), "CĐCS vững mạnh".to_owned())],
        unit: UnitFacts {
            id: id(9),
            name: "CĐCS Thư viện tỉnh".to_owned(),
            founded_on: Some(day("2001-07-28")),
            ended_on: None,
            events: Vec::new(),
        },
        grade: None,
        takes_part: true,
        registrations: Vec::new(),
        awards: Vec::new(),
        proposals: Vec::new(),
        quotas: Vec::new(),
        merit_key: Some("dan dau cum".to_owned()),
    }
}

fn given(award_type: u128, year: i32, certain: bool) -> Given {
    Given {
        id: Uuid::from_u128(u128::from(year.unsigned_abs()) * 10 + award_type),
        award_type: id(award_type),
        name: "Danh hiệu".to_owned(),
        level: AwardLevel::Province,
        scope: None,
        year,
        decision: Some("1/QĐ".to_owned()),
        certain,
    }
}

fn says(facts: &Facts, rule: EligibilityRule) -> Option<RuleOutcome> {
    let judged = judge(facts);
    judged.rules.iter().find(|one| one.rule == rule).map(|one| one.outcome)
}

use EligibilityRule::{
    Comprehensive, Existence, Grade as GradeRule, OnceInLifetime, OneMerit, PriorTitles, Quota as QuotaRule,
    RecipientKind as Kinds, Registered as RegisteredRule, TypeValid, YearsBetween,
};
use RuleOutcome::{Fail, Pass, Unknown};

#[test]
fn what_the_terms_do_not_ask_for_is_not_judged() {
    let facts = Facts {
        terms: None,
        ..flag(terms())
    };
    let rules: Vec<EligibilityRule> = judge(&facts).rules.iter().map(|one| one.rule).collect();
    assert_eq!(rules, [TypeValid, Kinds, OneMerit, QuotaRule]);
    assert_eq!(judge(&facts).outcome(), Pass);
}

#[test]
fn a_unit_born_of_a_merger_in_july_counts_for_the_year_and_one_founded_then_does_not() {
    let asked = Terms {
        months_founded: Some(12),
        months_reorganised: Some(6),
        ..terms()
    };
    let mut facts = flag(asked);
    assert_eq!(says(&facts, Existence), Some(Pass));
    facts.unit.founded_on = Some(day("2025-07-01"));
    assert_eq!(says(&facts, Existence), Some(Fail));
    facts.unit.events = vec![(id(5), UnitEventKind::Merged, day("2025-07-01"))];
    assert_eq!(says(&facts, Existence), Some(Pass));
    facts.unit.events = vec![(id(5), UnitEventKind::Merged, day("2025-07-02"))];
    assert_eq!(says(&facts, Existence), Some(Fail));
    facts.unit.events.clear();
    facts.unit.founded_on = None;
    assert_eq!(says(&facts, Existence), Some(Unknown));
    facts.unit.ended_on = Some(day("2025-06-30"));
    assert_eq!(says(&facts, Existence), Some(Fail));
}

#[test]
fn without_a_published_result_nobody_knows_the_grade() {
    let mut facts = flag(Terms {
        grades: vec!["XS".to_owned()],
        ..terms()
    });
    assert_eq!(says(&facts, GradeRule), Some(Unknown));
    for (code, outcome) in [(Some("XS"), Pass), (Some("T"), Fail), (None, Fail)] {
        facts.grade = Some(Grade {
            result: id(4),
            code: code.map(str::to_owned),
            title: None,
        });
        assert_eq!(says(&facts, GradeRule), Some(outcome), "{code:?}");
    }
    facts.recipient = Recipient::Individual;
    assert_eq!(says(&facts, GradeRule), None);
}

#[test]
fn who_did_not_register_is_not_considered() {
    let mut facts = flag(Terms {
        registered: true,
        ..terms()
    });
    assert_eq!(says(&facts, RegisteredRule), Some(Fail));
    facts.takes_part = false;
    assert_eq!(says(&facts, RegisteredRule), Some(Unknown));
    facts.registrations = vec![Registered {
        id: id(3),
        fits: true,
        title: "Cờ thi đua".to_owned(),
        late_reason: None,
    }];
    assert_eq!(says(&facts, RegisteredRule), Some(Pass));
}

#[test]
fn an_award_known_as_a_number_makes_a_rule_unknown() {
    let mut facts = flag(Terms {
        once: true,
        years_between: Some(3),
        ..terms()
    });
    assert_eq!(
        (says(&facts, OnceInLifetime), says(&facts, YearsBetween)),
        (Some(Pass), Some(Pass))
    );
    facts.awards = vec![given(FLAG, 2022, false)];
    assert_eq!(
        (says(&facts, OnceInLifetime), says(&facts, YearsBetween)),
        (Some(Unknown), Some(Pass))
    );
    facts.awards = vec![given(FLAG, 2023, true)];
    assert_eq!(
        (says(&facts, OnceInLifetime), says(&facts, YearsBetween)),
        (Some(Fail), Some(Fail))
    );
}

#[test]
fn three_years_in_a_row_are_three_years_in_a_row() {
    let title = |consecutive| PriorTitle {
        award_type: id(TITLE),
        count: 3,
        within_years: 5,
        consecutive,
    };
    let years = |facts: &mut Facts, years: &[i32], certain: bool| {
        facts.awards = years.iter().map(|year| given(TITLE, *year, certain)).collect();
    };
    let mut facts = flag(Terms {
        prior: vec![title(true)],
        ..terms()
    });
    for (given, outcome) in [
        (&[2023, 2024, 2025][..], Pass),
        (&[2022, 2023, 2024], Pass),
        (&[2021, 2023, 2024], Fail),
        (&[2021, 2022, 2023], Fail),
        (&[2024], Fail),
    ] {
        years(&mut facts, given, true);
        assert_eq!(says(&facts, PriorTitles), Some(outcome), "{given:?}");
    }
    let mut facts = flag(Terms {
        prior: vec![title(false)],
        ..terms()
    });
    years(&mut facts, &[2021, 2023, 2025], true);
    assert_eq!(says(&facts, PriorTitles), Some(Pass));
    assert_eq!(judge(&facts).relied_on().len(), 3);
    years(&mut facts, &[2021, 2023, 2025], false);
    assert_eq!(says(&facts, PriorTitles), Some(Unknown));
    years(&mut facts, &[2020, 2023, 2025], true);
    assert_eq!(
        says(&facts, PriorTitles),
        Some(Fail),
        "2020 is more than five years back"
    );
}

#[test]
fn comprehensive_and_thematic_of_one_level_and_year_exclude_each_other() {
    let mut facts = flag(Terms {
        scope: Some(AwardScope::Comprehensive),
        ..terms()
    });
    let other = |year, level, scope| Given {
        scope: Some(scope),
        level,
        ..given(7, year, true)
    };
    for (one, outcome) in [
        (other(2025, AwardLevel::Province, AwardScope::Thematic), Fail),
        (other(2025, AwardLevel::Confederation, AwardScope::Thematic), Pass),
        (other(2024, AwardLevel::Province, AwardScope::Thematic), Pass),
        (other(2025, AwardLevel::Province, AwardScope::Comprehensive), Pass),
    ] {
        facts.awards = vec![one];
        assert_eq!(says(&facts, Comprehensive), Some(outcome));
    }
}

#[test]
fn one_merit_is_proposed_once_in_one_form() {
    let mut facts = flag(terms());
    let proposed = |award_type, merit: &str| Proposed {
        id: id(8),
        award_type: id(award_type),
        name: "Bằng khen".to_owned(),
        level: AwardLevel::Province,
        scope: None,
        merit_key: merit.to_owned(),
    };
    for (one, outcome) in [
        (proposed(7, "dan dau cum"), Fail),
        (proposed(7, "sang kien"), Pass),
        (proposed(FLAG, "sang kien"), Fail),
    ] {
        facts.proposals = vec![one];
        assert_eq!(says(&facts, OneMerit), Some(outcome));
    }
}

#[test]
fn a_full_quota_fails_and_is_no_exception_that_a_proposer_makes() {
    let mut facts = flag(terms());
    let quota = |taken, exception| Quota {
        id: id(6),
        subject: "Kon Tum".to_owned(),
        standing: Standing {
            most: 3,
            taken,
            exception,
        },
    };
    facts.quotas = vec![quota(2, None)];
    assert_eq!(says(&facts, QuotaRule), Some(Pass));
    facts.quotas = vec![quota(2, None), quota(3, None)];
    assert_eq!(says(&facts, QuotaRule), Some(Fail));
    assert_eq!((judge(&facts).objection(), judge(&facts).outcome()), (None, Fail));
    facts.quotas = vec![quota(3, Some(Exception::All))];
    assert_eq!(says(&facts, QuotaRule), Some(Pass));
}

#[test]
fn what_is_kept_is_read_again() {
    let mut facts = flag(Terms { once: true, ..terms() });
    facts.awards = vec![given(FLAG, 2020, true)];
    let judged = judge(&facts);
    let kept = serde_json::to_string(&judged).unwrap();
    assert_eq!(serde_json::from_str::<Eligibility>(&kept).unwrap(), judged);
    let said = judged.objection().unwrap();
    assert_eq!(said.vi, "“Cờ thi đua” chỉ tặng một lần và đã tặng.");
    assert_eq!(said.en, "“Cờ thi đua” is given once, and was given.");
}
