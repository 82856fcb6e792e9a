//! The rules of eligibility, one function each.

use chrono::{Days, Months, NaiveDate};
use thidua_entity::enums::{
    AwardScope, EligibilityRule, EvidenceOf, Recipient, RecipientKind, RuleOutcome, UnitEventKind,
};

use super::{Evidence, Facts, Given, Judged};
use crate::awards::quota;
use crate::awards::terms::{PriorTitle, Terms};

use RuleOutcome::{Fail, Pass, Unknown};

/// A rule: `None` when it does not concern the case.
type Rule = fn(&Facts) -> Option<Judged>;

/// Every rule, in the order in which people ask.
pub const ALL: &[Rule] = &[
    type_valid,
    recipient_kind,
    existence,
    grade,
    registered,
    years_between,
    once_in_lifetime,
    prior_titles,
    comprehensive,
    one_merit,
    quotas,
];

fn terms(facts: &Facts) -> Option<&Terms> {
    facts.terms.as_ref().map(|(_, terms)| terms)
}

fn last_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// A kind of award may be given that holds today, or held at the end of the year: a case keeps the rules of its year.
fn type_valid(facts: &Facts) -> Option<Judged> {
    let kind = &facts.kind;
    let holds = |day: NaiveDate| {
        kind.valid_from.is_none_or(|from| from <= day) && kind.valid_to.is_none_or(|to| to > day)
    };
    let rule = EligibilityRule::TypeValid;
    Some(if holds(facts.today) || holds(facts.today.min(last_day(facts.year))) {
        let text = (format!("“{}” đang có hiệu lực.", kind.name), format!("“{}” is in force.", kind.name));
        Judged::new(rule, Pass, text)
    } else {
        let (vi, en) = (
            format!("“{}” không có hiệu lực vào ngày đề nghị và vào cuối năm {}.", kind.name, facts.year),
            format!("“{}” is in force neither today nor at the end of {}.", kind.name, facts.year),
        );
        Judged::new(rule, Fail, (vi, en))
    })
}

fn recipient_kind(facts: &Facts) -> Option<Judged> {
    let (vi, en) = match facts.recipient {
        Recipient::Collective => ("tập thể", "collectives"),
        Recipient::Individual => ("cá nhân", "individuals"),
    };
    let suits = matches!(
        (facts.kind.recipients, facts.recipient),
        (RecipientKind::Both, _)
            | (RecipientKind::Collective, Recipient::Collective)
            | (RecipientKind::Individual, Recipient::Individual)
    );
    let rule = EligibilityRule::RecipientKind;
    let name = &facts.kind.name;
    Some(if suits {
        Judged::new(rule, Pass, (format!("“{name}” tặng cho {vi}."), format!("“{name}” is given to {en}.")))
    } else {
        let text = (format!("“{name}” không tặng cho {vi}."), format!("“{name}” is not given to {en}."));
        Judged::new(rule, Fail, text)
    })
}

/// The unit must live at the end of the year, and for long enough: newly founded, or out of a merger, split or consolidation.
fn existence(facts: &Facts) -> Option<Judged> {
    let (rule, unit, terms) = (EligibilityRule::Existence, &facts.unit, terms(facts)?);
    let end = last_day(facts.year);
    let itself = |vi: String, en: String| vec![Evidence { of: EvidenceOf::Unit, id: unit.id, vi, en }];
    if let Some(ended) = unit.ended_on.filter(|ended| *ended <= end) {
        let text = (
            format!("{} đã kết thúc hoạt động ngày {}.", unit.name, vi_day(ended)),
            format!("{} ended on {ended}.", unit.name),
        );
        return Some(Judged::new(rule, Fail, text.clone()).by(itself(text.0, text.1)));
    }
    let until = end.checked_add_days(Days::new(1)).unwrap_or(end);
    let mut events = unit.events.clone();
    events.retain(|(_, _, on)| *on <= end);
    events.sort_by_key(|(id, _, on)| (*on, *id));
    let reorganised = events.iter().rev().find(|(_, kind, _)| *kind != UnitEventKind::Founded);
    let founded = events.iter().rev().find(|(_, kind, _)| *kind == UnitEventKind::Founded);
    let founded_on = founded.map(|(_, _, on)| *on).or(unit.founded_on);
    // A unit that was born by a merger or a split is not a new one.
    let founded_on = founded_on.filter(|day| reorganised.is_none_or(|(_, _, on)| on < day));
    let (since, months, evidence, vi, en) = match (reorganised, founded_on) {
        (_, Some(day)) => {
            let (vi, en) = (format!("thành lập ngày {}", vi_day(day)), format!("founded on {day}"));
            let by = founded.map_or_else(
                || itself(vi.clone(), en.clone()),
                |(id, _, _)| vec![Evidence { of: EvidenceOf::UnitEvent, id: *id, vi: vi.clone(), en: en.clone() }],
            );
            (day, terms.months_founded, by, vi, en)
        }
        (Some((id, _, on)), None) => {
            let (vi, en) = (format!("sắp xếp lại ngày {}", vi_day(*on)), format!("reorganised on {on}"));
            let by = vec![Evidence { of: EvidenceOf::UnitEvent, id: *id, vi: vi.clone(), en: en.clone() }];
            (*on, terms.months_reorganised, by, vi, en)
        }
        (None, None) => {
            terms.months_founded.or(terms.months_reorganised)?;
            let text = (
                format!("Không có ngày thành lập của {}.", unit.name),
                format!("The day on which {} was founded is not known.", unit.name),
            );
            return Some(Judged::new(rule, Unknown, text));
        }
    };
    let months = months?;
    let enough = u32::try_from(months)
        .ok()
        .and_then(|months| since.checked_add_months(Months::new(months)))
        .is_some_and(|day| day <= until);
    let year = facts.year;
    let text = if enough {
        (
            format!("{} {vi}: đến hết năm {year} đã đủ {months} tháng.", unit.name),
            format!("{} was {en}: by the end of {year} that is {months} months or more.", unit.name),
        )
    } else {
        (
            format!("{} {vi}: đến hết năm {year} chưa đủ {months} tháng.", unit.name),
            format!("{} was {en}: by the end of {year} that is less than {months} months.", unit.name),
        )
    };
    Some(Judged::new(rule, if enough { Pass } else { Fail }, text).by(evidence))
}

/// A grade of the year is asked of units; a person is not graded.
fn grade(facts: &Facts) -> Option<Judged> {
    let accepted = &terms(facts)?.grades;
    if accepted.is_empty() || facts.recipient == Recipient::Individual {
        return None;
    }
    let (rule, year, wanted) = (EligibilityRule::Grade, facts.year, accepted.join(", "));
    let Some(grade) = &facts.grade else {
        let text = (
            format!("Chưa có kết quả xếp loại năm {year} được công bố; cần loại {wanted}."),
            format!("There is no published result of {year}; it asks for grade {wanted}."),
        );
        return Some(Judged::new(rule, Unknown, text));
    };
    let got = match (&grade.title, &grade.code) {
        (Some(title), Some(code)) => format!("{title} ({code})"),
        (_, Some(code)) => code.clone(),
        (_, None) => String::new(),
    };
    let by = |vi: String, en: String| vec![Evidence { of: EvidenceOf::Result, id: grade.result, vi, en }];
    let Some(code) = &grade.code else {
        let text = (
            format!("Đơn vị không được xếp loại năm {year}; cần loại {wanted}."),
            format!("The unit was not rated in {year}; it asks for grade {wanted}."),
        );
        return Some(Judged::new(rule, Fail, text.clone()).by(by(text.0, text.1)));
    };
    let good = accepted.contains(code);
    let text = if good {
        (format!("Năm {year} xếp loại {got}, đạt yêu cầu."), format!("Graded {got} in {year}, which is good enough."))
    } else {
        (
            format!("Năm {year} xếp loại {got}; cần loại {wanted}."),
            format!("Graded {got} in {year}; it asks for {wanted}."),
        )
    };
    let evidence = by(format!("Kết quả năm {year}: {got}"), format!("Result of {year}: {got}"));
    Some(Judged::new(rule, if good { Pass } else { Fail }, text).by(evidence))
}

fn registered(facts: &Facts) -> Option<Judged> {
    if !terms(facts)?.registered {
        return None;
    }
    let (rule, year) = (EligibilityRule::Registered, facts.year);
    if let Some(one) = facts.registrations.iter().find(|one| one.fits) {
        let (late_vi, late_en) = match &one.late_reason {
            Some(reason) => (format!(" (đăng ký muộn: {reason})"), format!(" (late: {reason})")),
            None => Default::default(),
        };
        let evidence = Evidence {
            of: EvidenceOf::Registration,
            id: one.id,
            vi: format!("Đăng ký năm {year}: {}", one.title),
            en: format!("Registered in {year}: {}", one.title),
        };
        let text = (format!("Đã đăng ký năm {year}{late_vi}."), format!("Registered in {year}{late_en}."));
        return Some(Judged::new(rule, Pass, text).by(vec![evidence]));
    }
    if !facts.takes_part {
        let text = (
            format!("Không có năm thi đua {year} của đơn vị nên không biết đã đăng ký hay chưa."),
            format!("The unit takes part in no emulation year {year} here, so it is not known whether it registered."),
        );
        return Some(Judged::new(rule, Unknown, text));
    }
    let text = (
        format!("Không đăng ký thi đua cho hình thức này từ đầu năm {year}."),
        format!("It was not registered for this at the start of {year}."),
    );
    Some(Judged::new(rule, Fail, text))
}

fn evidence_of(given: &Given) -> Evidence {
    let number = given.decision.as_deref();
    let (vi, en) = match (given.certain, number) {
        (true, Some(number)) => (format!(", quyết định {number}"), format!(", decision {number}")),
        (true, None) => Default::default(),
        (false, _) => (" (chỉ biết số lượng)".to_owned(), " (known only as a number)".to_owned()),
    };
    Evidence {
        of: EvidenceOf::Award,
        id: given.id,
        vi: format!("{} năm {}{vi}", given.name, given.year),
        en: format!("{} of {}{en}", given.name, given.year),
    }
}

/// A rule that no award of some kind must break: FAIL by one that is surely the recipient's, UNKNOWN by one that may be.
fn none_among(
    rule: EligibilityRule,
    breaking: &[&Given],
    fail: (String, String),
    pass: (String, String),
) -> Judged {
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

fn years_between(facts: &Facts) -> Option<Judged> {
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

fn once_in_lifetime(facts: &Facts) -> Option<Judged> {
    if !terms(facts)?.once {
        return None;
    }
    let same: Vec<&Given> = facts.awards.iter().filter(|given| given.award_type == facts.kind.id).collect();
    let name = &facts.kind.name;
    Some(none_among(
        EligibilityRule::OnceInLifetime,
        &same,
        (format!("“{name}” chỉ tặng một lần và đã tặng."), format!("“{name}” is given once, and was given.")),
        (format!("Chưa từng nhận “{name}”."), format!("“{name}” was never received.")),
    ))
}

fn prior_titles(facts: &Facts) -> Option<Judged> {
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
    let joined = |of: fn(&(RuleOutcome, String, String, Vec<Evidence>)) -> &str| {
        judged.iter().map(of).collect::<Vec<_>>().join(" ")
    };
    let text = (joined(|(_, vi, _, _)| vi), joined(|(_, _, en, _)| en));
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
    let (row_vi, row_en) = if title.consecutive { (" liên tục", " in a row") } else { ("", "") };
    let wanted_vi = format!("cần {count} lần “{name}”{row_vi} trong {within} năm");
    let wanted_en = format!("it asks for “{name}” {count} times{row_en} within {within} years");
    let evidence = |of: &[&Given]| of.iter().map(|given| evidence_of(given)).collect();
    if have >= count {
        let (vi, en) = (format!("Có {have} lần: {wanted_vi}."), format!("There are {have}: {wanted_en}."));
        (Pass, vi, en, evidence(&certain))
    } else if may_have >= count {
        let (vi, en) = (
            format!("Chỉ chắc chắn có {have} lần, có thể đến {may_have}: {wanted_vi}."),
            format!("Only {have} are certain, there may be {may_have}: {wanted_en}."),
        );
        (Unknown, vi, en, evidence(&all))
    } else {
        let (vi, en) = (format!("Mới có {may_have} lần: {wanted_vi}."), format!("There are {may_have}: {wanted_en}."));
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
    let mut expected = if years.last() == Some(&year) { year } else { year.saturating_sub(1) };
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
fn comprehensive(facts: &Facts) -> Option<Judged> {
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
    let near = |given: &&Given| given.year == facts.year && given.level == facts.kind.level && given.scope == Some(other);
    let breaking: Vec<&Given> = facts.awards.iter().filter(near).collect();
    Some(none_among(rule, &breaking, fail, pass))
}

fn evidence_of_proposal(one: &super::Proposed) -> Evidence {
    Evidence {
        of: EvidenceOf::Proposal,
        id: one.id,
        vi: format!("Đang đề nghị: {}", one.name),
        en: format!("Under proposal: {}", one.name),
    }
}

/// One merit is rewarded once, in one form: nothing else is proposed for it, and the award itself was not given for the year.
fn one_merit(facts: &Facts) -> Option<Judged> {
    let rule = EligibilityRule::OneMerit;
    let same = facts.proposals.iter().find(|one| {
        one.award_type == facts.kind.id || facts.merit_key.as_ref().is_some_and(|key| *key == one.merit_key)
    });
    if let Some(one) = same {
        let text = (
            format!("Thành tích này đã được đề nghị “{}”; một thành tích chỉ khen một lần.", one.name),
            format!("“{}” is proposed for this merit already; one merit, one award.", one.name),
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

fn quotas(facts: &Facts) -> Option<Judged> {
    let rule = EligibilityRule::Quota;
    let evidence = facts.quotas.iter().map(|one| Evidence {
        of: EvidenceOf::Quota,
        id: one.id,
        vi: format!("{}: đã dùng {}/{}", one.subject, one.standing.taken, one.standing.most),
        en: format!("{}: {} of {} taken", one.subject, one.standing.taken, one.standing.most),
    });
    let evidence: Vec<Evidence> = evidence.collect();
    let year = facts.year;
    let full = facts.quotas.iter().find(|one| quota::seat(one.standing).is_none());
    Some(match full {
        Some(one) => {
            let text = (
                format!("Đã hết chỉ tiêu năm {year} của {} ({}).", one.subject, one.standing.most),
                format!("The quota of {} for {year} is used up ({}).", one.subject, one.standing.most),
            );
            Judged::new(rule, Fail, text).by(evidence)
        }
        None if evidence.is_empty() => {
            Judged::new(rule, Pass, (format!("Năm {year} không có chỉ tiêu hạn chế."), format!("No quota limits it in {year}.")))
        }
        None => Judged::new(rule, Pass, (format!("Còn chỉ tiêu năm {year}."), format!("There is a place in each quota of {year}."))).by(evidence),
    })
}

fn vi_day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}
