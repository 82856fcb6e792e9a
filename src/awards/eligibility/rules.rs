//! The rules of eligibility, one function each.

use chrono::{Days, Months, NaiveDate};
use thidua_entity::enums::{EligibilityRule, EvidenceOf, Recipient, RecipientKind, RuleOutcome, UnitEventKind};

use super::{Evidence, Facts, Judged};
use crate::awards::quota;
use crate::awards::terms::Terms;

mod honours;

use honours::{comprehensive, once_in_lifetime, one_merit, prior_titles, years_between};

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
    let holds =
        |day: NaiveDate| kind.valid_from.is_none_or(|from| from <= day) && kind.valid_to.is_none_or(|to| to > day);
    let rule = EligibilityRule::TypeValid;
    Some(if holds(facts.today) || holds(facts.today.min(last_day(facts.year))) {
        let text = (
            format!("“{}” đang có hiệu lực.", kind.name),
            format!("“{}” is in force.", kind.name),
        );
        Judged::new(rule, Pass, text)
    } else {
        let (vi, en) = (
            format!(
                "“{}” không có hiệu lực vào ngày đề nghị và vào cuối năm {}.",
                kind.name, facts.year
            ),
            format!(
                "“{}” is in force neither today nor at the end of {}.",
                kind.name, facts.year
            ),
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
        Judged::new(
            rule,
            Pass,
            (
                format!("“{name}” tặng cho {vi}."),
                format!("“{name}” is given to {en}."),
            ),
        )
    } else {
        let text = (
            format!("“{name}” không tặng cho {vi}."),
            format!("“{name}” is not given to {en}."),
        );
        Judged::new(rule, Fail, text)
    })
}

/// The unit must live at the end of the year, and for long enough: newly founded, or out of a merger, split or consolidation.
fn existence(facts: &Facts) -> Option<Judged> {
    let (rule, unit, terms) = (EligibilityRule::Existence, &facts.unit, terms(facts)?);
    let end = last_day(facts.year);
    let itself = |vi: String, en: String| {
        vec![Evidence {
            of: EvidenceOf::Unit,
            id: unit.id,
            vi,
            en,
        }]
    };
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
                |(id, _, _)| {
                    vec![Evidence {
                        of: EvidenceOf::UnitEvent,
                        id: *id,
                        vi: vi.clone(),
                        en: en.clone(),
                    }]
                },
            );
            (day, terms.months_founded, by, vi, en)
        }
        (Some((id, _, on)), None) => {
            let (vi, en) = (
                format!("sắp xếp lại ngày {}", vi_day(*on)),
                format!("reorganised on {on}"),
            );
            let by = vec![Evidence {
                of: EvidenceOf::UnitEvent,
                id: *id,
                vi: vi.clone(),
                en: en.clone(),
            }];
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
            format!(
                "{} was {en}: by the end of {year} that is {months} months or more.",
                unit.name
            ),
        )
    } else {
        (
            format!("{} {vi}: đến hết năm {year} chưa đủ {months} tháng.", unit.name),
            format!(
                "{} was {en}: by the end of {year} that is less than {months} months.",
                unit.name
            ),
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
    let by = |vi: String, en: String| {
        vec![Evidence {
            of: EvidenceOf::Result,
            id: grade.result,
            vi,
            en,
        }]
    };
    let Some(code) = &grade.code else {
        let text = (
            format!("Đơn vị không được xếp loại năm {year}; cần loại {wanted}."),
            format!("The unit was not rated in {year}; it asks for grade {wanted}."),
        );
        return Some(Judged::new(rule, Fail, text.clone()).by(by(text.0, text.1)));
    };
    let good = accepted.contains(code);
    let text = if good {
        (
            format!("Năm {year} xếp loại {got}, đạt yêu cầu."),
            format!("Graded {got} in {year}, which is good enough."),
        )
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
        let text = (
            format!("Đã đăng ký năm {year}{late_vi}."),
            format!("Registered in {year}{late_en}."),
        );
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
                format!(
                    "Đã hết chỉ tiêu năm {year} của {} ({}).",
                    one.subject, one.standing.most
                ),
                format!(
                    "The quota of {} for {year} is used up ({}).",
                    one.subject, one.standing.most
                ),
            );
            Judged::new(rule, Fail, text).by(evidence)
        }
        None if evidence.is_empty() => Judged::new(
            rule,
            Pass,
            (
                format!("Năm {year} không có chỉ tiêu hạn chế."),
                format!("No quota limits it in {year}."),
            ),
        ),
        None => Judged::new(
            rule,
            Pass,
            (
                format!("Còn chỉ tiêu năm {year}."),
                format!("There is a place in each quota of {year}."),
            ),
        )
        .by(evidence),
    })
}

fn vi_day(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}
