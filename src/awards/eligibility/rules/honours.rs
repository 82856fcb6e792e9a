//! The rules that look at other awards and proposals of the same recipient.

use thidua_entity::enums::{AwardScope, EligibilityRule, EvidenceOf, RuleOutcome};

use super::terms;
use crate::awards::eligibility::{Evidence, Facts, Given, Judged, Proposed};
use crate::awards::terms::PriorTitle;

use RuleOutcome::{Fail, Pass, Unknown};

fn evidence_of(given: &Given) -> Evidence {
    let number = given.decision.as_deref();
    let (vi, en) = match (given.certain, number) {
        (true, Some(number)) => (format!(", quyết định {number}"), format!(", decision {number}")),
        (true, None) => Default::default(),
        (false, _) => (
            " (chỉ biết số lượng)".to_owned(),
            " (known only as a number)".to_owned(),
        ),
    };
    Evidence {
        of: EvidenceOf::Award,
        id: given.id,
        vi: format!("{} năm {}{vi}", given.name, given.year),
        en: format!("{} of {}{en}", given.name, given.year),
    }
}

/// A rule that no award of some kind must break: FAIL by one that is surely the recipient's, UNKNOWN by one that may be.
fn none_among(rule: EligibilityRule, breaking: &[&Given], fail: (String, String), pass: (String, String)) -> Judged {
    let (certain, uncertain): (Vec<&Given>, Vec<&Given>) = breaking.iter().partition(|given| given.certain);
    if !certain.is_empty() {
        return Judged::new(rule, Fail, fail).by(certain.into_iter().map(evidence_of).collect());
    }
    if !uncertain.is_empty() {
        let text = (
            "Có khen thưởng chỉ ghi số lượng, không ghi tên; không rõ có người hoặc tập thể này hay không.",
            "There are awards known only as a number; whether this recipient is among them is not known.",
        );
        return Judged::new(rule, Unknown, text).by(uncertain.into_iter().map(evidence_of).collect());
    }
    Judged::new(rule, Pass, pass)
}

/// Enough years must lie between this award and the last of its kind.
pub(super) fn years_between(facts: &Facts) -> Option<Judged> {
    let (years, year) = (terms(facts)?.years_between?, facts.year);
    let near = |given: &&Given| {
        given.award_type == facts.kind.id && given.year <= year && year.saturating_sub(given.year) < years
    };
    let breaking: Vec<&Given> = facts.awards.iter().filter(near).collect();
    let name = &facts.kind.name;
    Some(none_among(
        EligibilityRule::YearsBetween,
        &breaking,
        (
            format!("“{name}” chỉ tặng lại sau ít nhất {years} năm."),
            format!("“{name}” is given again after {years} years at the earliest."),
        ),
        (
            format!("Chưa nhận “{name}” trong {years} năm gần nhất."),
            format!("“{name}” was not received within {years} years."),
        ),
    ))
}

/// It must not have been given before, where it is given once.
pub(super) fn once_in_lifetime(facts: &Facts) -> Option<Judged> {
    if !terms(facts)?.once {
        return None;
    }
    let same: Vec<&Given> = facts
        .awards
        .iter()
        .filter(|given| given.award_type == facts.kind.id)
        .collect();
    let name = &facts.kind.name;
    Some(none_among(
        EligibilityRule::OnceInLifetime,
        &same,
        (
            format!("“{name}” chỉ tặng một lần và đã tặng."),
            format!("“{name}” is given once, and was given."),
        ),
        (
            format!("Chưa từng nhận “{name}”."),
            format!("“{name}” was never received."),
        ),
    ))
}

/// The titles that the terms ask for must have been given.
pub(super) fn prior_titles(facts: &Facts) -> Option<Judged> {
    let titles = &terms(facts)?.prior;
    if titles.is_empty() {
        return None;
    }
    let judged: Vec<(RuleOutcome, String, String, Vec<Evidence>)> =
        titles.iter().map(|title| prior_title(facts, title)).collect();
    let says = |outcome| judged.iter().any(|(one, ..)| *one == outcome);
    let outcome = if says(Fail) {
        Fail
    } else if says(Unknown) {
        Unknown
    } else {
        Pass
    };
    let (vi, en): (Vec<&str>, Vec<&str>) = judged.iter().map(|(_, vi, en, _)| (vi.as_str(), en.as_str())).unzip();
    let text = (vi.join(" "), en.join(" "));
    let evidence = judged.iter().flat_map(|(.., evidence)| evidence.clone()).collect();
    Some(Judged::new(EligibilityRule::PriorTitles, outcome, text).by(evidence))
}

fn prior_title(facts: &Facts, title: &PriorTitle) -> (RuleOutcome, String, String, Vec<Evidence>) {
    let from = facts.year.saturating_sub(title.within_years.saturating_sub(1));
    let of_kind = |given: &&Given| given.award_type == title.award_type && (from..=facts.year).contains(&given.year);
    let all: Vec<&Given> = facts.awards.iter().filter(of_kind).collect();
    let certain: Vec<&Given> = all.iter().copied().filter(|given| given.certain).collect();
    let (have, may_have) = (counted(&certain, title, facts.year), counted(&all, title, facts.year));
    let names = facts.prior_names.iter().find(|(id, _)| *id == title.award_type);
    let name = names.map_or("", |(_, name)| name.as_str());
    let (count, within) = (title.count, title.within_years);
    let (row_vi, row_en) = if title.consecutive {
        (" liên tục", " in a row")
    } else {
        ("", "")
    };
    let wanted_vi = format!("cần {count} lần “{name}”{row_vi} trong {within} năm");
    let wanted_en = format!("it asks for “{name}” {count} times{row_en} within {within} years");
    let evidence = |of: &[&Given]| of.iter().map(|given| evidence_of(given)).collect();
    if have >= count {
        let (vi, en) = (
            format!("Có {have} lần: {wanted_vi}."),
            format!("There are {have}: {wanted_en}."),
        );
        (Pass, vi, en, evidence(&certain))
    } else if may_have >= count {
        let (vi, en) = (
            format!("Chỉ chắc chắn có {have} lần, có thể đến {may_have}: {wanted_vi}."),
            format!("Only {have} are certain, there may be {may_have}: {wanted_en}."),
        );
        (Unknown, vi, en, evidence(&all))
    } else {
        let (vi, en) = (
            format!("Mới có {may_have} lần: {wanted_vi}."),
            format!("There are {may_have}: {wanted_en}."),
        );
        (Fail, vi, en, evidence(&all))
    }
}

/// How many years a title was given in; in a row, how many years up to that of the proposal or the one before.
fn counted(given: &[&Given], title: &PriorTitle, year: i32) -> i32 {
    let mut years: Vec<i32> = given.iter().map(|one| one.year).collect();
    years.sort_unstable();
    years.dedup();
    if !title.consecutive {
        return i32::try_from(years.len()).unwrap_or(i32::MAX);
    }
    let mut expected = if years.last() == Some(&year) {
        year
    } else {
        year.saturating_sub(1)
    };
    let mut row = 0;
    for one in years.into_iter().rev() {
        if one != expected {
            break;
        }
        row += 1;
        expected = expected.saturating_sub(1);
    }
    row
}

/// Comprehensive excludes thematic at the same level in the same year, and the reverse.
pub(super) fn comprehensive(facts: &Facts) -> Option<Judged> {
    let own = terms(facts)?.scope?;
    let (other_vi, other_en, other) = match own {
        AwardScope::Comprehensive => ("chuyên đề", "thematic", AwardScope::Thematic),
        AwardScope::Thematic => ("toàn diện", "comprehensive", AwardScope::Comprehensive),
    };
    let rule = EligibilityRule::Comprehensive;
    let fail = (
        format!("Cùng cấp, cùng năm {} đã có khen thưởng {other_vi}.", facts.year),
        format!("At this level there is a {other_en} award of {} already.", facts.year),
    );
    let pass = (
        format!("Cùng cấp, cùng năm {} không có khen thưởng {other_vi}.", facts.year),
        format!("At this level there is no {other_en} award of {}.", facts.year),
    );
    let proposed = facts.proposals.iter();
    let mut proposed = proposed.filter(|one| one.level == facts.kind.level && one.scope == Some(other));
    if let Some(one) = proposed.next() {
        return Some(Judged::new(rule, Fail, fail).by(vec![evidence_of_proposal(one)]));
    }
    let near =
        |given: &&Given| given.year == facts.year && given.level == facts.kind.level && given.scope == Some(other);
    let breaking: Vec<&Given> = facts.awards.iter().filter(near).collect();
    Some(none_among(rule, &breaking, fail, pass))
}

fn evidence_of_proposal(one: &Proposed) -> Evidence {
    Evidence {
        of: EvidenceOf::Proposal,
        id: one.id,
        vi: format!("Đang đề nghị: {}", one.name),
        en: format!("Under proposal: {}", one.name),
    }
}

/// One merit is rewarded once, in one form: nothing else is proposed for it, and the award itself was not given for the year.
pub(super) fn one_merit(facts: &Facts) -> Option<Judged> {
    let rule = EligibilityRule::OneMerit;
    let same = facts.proposals.iter().find(|one| {
        one.award_type == facts.kind.id || facts.merit_key.as_ref().is_some_and(|key| *key == one.merit_key)
    });
    if let Some(one) = same {
        let text = (
            format!(
                "Thành tích này đã được đề nghị “{}”; một thành tích chỉ khen một lần.",
                one.name
            ),
            format!(
                "“{}” is proposed for this merit already; one merit, one award.",
                one.name
            ),
        );
        return Some(Judged::new(rule, Fail, text).by(vec![evidence_of_proposal(one)]));
    }
    let same = |given: &&Given| given.award_type == facts.kind.id && given.year == facts.year;
    let breaking: Vec<&Given> = facts.awards.iter().filter(same).collect();
    let (name, year) = (&facts.kind.name, facts.year);
    Some(none_among(
        rule,
        &breaking,
        (
            format!("Đã nhận “{name}” cho năm {year}; một thành tích chỉ khen một lần."),
            format!("“{name}” was given for {year} already; one merit, one award."),
        ),
        (
            "Thành tích này chưa được khen thưởng hoặc đề nghị ở hình thức nào khác.".to_owned(),
            "This merit was not rewarded, nor proposed, in another form.".to_owned(),
        ),
    ))
}
