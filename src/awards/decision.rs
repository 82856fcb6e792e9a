//! A decision as somebody sends it, and as it is once read: every rule that needs no database. Pure.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike as _, NaiveDate};
use serde::Serialize;
use thidua_entity::award_type;
use thidua_entity::enums::{Recipient, RecipientKind};
use uuid::Uuid;

use super::bonus::Amount;
use super::number;
use crate::error::{Error, Problem, Result};
use crate::{input, text};

/// Most awards of one decision: the longest lists seen have about a hundred names.
pub const AWARDS_MAX: usize = input::LIST_MAX;
/// Most recipients of one unnamed entry.
pub const COUNT_MAX: i32 = 100_000;
/// Years of achievement that can be meant, from the founding of the State on.
pub const YEARS: std::ops::RangeInclusive<i32> = 1945..=2200;

/// A decision to be recorded, as it was sent.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NewDecision {
    /// Number as written; `None` when the source does not tell.
    pub number: Option<String>,
    /// Year of achievement.
    pub year: i32,
    /// Date of signing; `None` when unknown.
    pub decided_on: Option<NaiveDate>,
    /// The issuing unit; `None` for an issuer outside the union.
    pub issuer: Option<Uuid>,
    /// The issuer as written; the unit's name of the day when not said.
    pub issuer_name: Option<String>,
    /// Who signed.
    pub signer: Option<String>,
    /// The text it rests on.
    pub legal_basis: Option<String>,
    /// Where we know it from.
    pub source: Option<String>,
    /// The unit in whose registry it stands; the issuer when there is one.
    pub owner: Option<Uuid>,
    /// What it gives.
    pub awards: Vec<NewAward>,
}

/// An award of a decision to be recorded, as it was sent.
#[derive(Clone, Debug, Serialize)]
pub struct NewAward {
    /// The kind of award.
    pub award_type: Uuid,
    /// Collective or individual.
    pub recipient: Recipient,
    /// The unit that received it, or within which the recipients stand.
    pub unit: Uuid,
    /// The recipient as written then.
    pub recipient_name: Option<String>,
    /// How many, where the source gives no names.
    pub count: Option<i32>,
    /// What else the source says.
    pub note: Option<String>,
}

/// A decision that keeps every rule that can be known without the database.
#[derive(Clone, Debug)]
pub struct ReadDecision {
    /// Number as written.
    pub number: Option<String>,
    /// Year of achievement.
    pub year: i32,
    /// Date of signing.
    pub decided_on: Option<NaiveDate>,
    /// The issuing unit.
    pub issuer: Option<Uuid>,
    /// The issuer as written; always there when `issuer` is not.
    pub issuer_name: Option<String>,
    /// Who signed.
    pub signer: Option<String>,
    /// The text it rests on.
    pub legal_basis: Option<String>,
    /// Where we know it from.
    pub source: Option<String>,
    /// The unit in whose registry it stands.
    pub owner: Uuid,
    /// What it gives, in the order in which it was sent.
    pub awards: Vec<ReadAward>,
}

/// An award that keeps every rule that can be known without the database.
#[derive(Clone, Debug)]
pub struct ReadAward {
    /// The kind of award.
    pub award_type: Uuid,
    /// Collective or individual.
    pub recipient: Recipient,
    /// The unit.
    pub unit: Uuid,
    /// The recipient as written then.
    pub recipient_name: Option<String>,
    /// How many; 1 for a named recipient.
    pub count: i32,
    /// What else the source says.
    pub note: Option<String>,
    /// What is paid with it; `None` where nothing is said of it.
    pub bonus: Option<Amount>,
}

impl ReadDecision {
    /// The year within which the issuer gives a number once: that of signing, since numbers begin anew each calendar year;
    /// where the date is unknown, that of achievement.
    pub fn number_year(&self) -> i32 {
        self.decided_on.map_or(self.year, |day| day.year())
    }

    /// The day whose names count.
    pub fn day(&self) -> NaiveDate {
        naming_day(self.year, self.decided_on)
    }
}

/// The day whose names of units count for a decision: that of signing; where it is unknown, the end of the year of achievement.
pub fn naming_day(year: i32, decided_on: Option<NaiveDate>) -> NaiveDate {
    decided_on.unwrap_or_else(|| last_day(year))
}

fn last_day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 12, 31).unwrap_or(NaiveDate::MAX)
}

/// Reads what was sent and tells all that is wrong with it at once: a list of hundreds of names is mended in one go.
pub fn read(new: &NewDecision, today: NaiveDate) -> Result<ReadDecision> {
    let mut problems = Vec::new();
    if new.awards.is_empty() {
        problems.push(Problem::new(
            "REQUIRED",
            "awards",
            "Quyết định phải có ít nhất một khen thưởng.",
            "A decision gives at least one award.",
        ));
    }
    read_with(new, today, problems)
}

/// Reads a decision that gives awards by proposals, or takes awards back: its number and its date must be known.
pub fn read_numbered(new: &NewDecision, today: NaiveDate) -> Result<ReadDecision> {
    let missing = [
        ("number", new.number.is_none()),
        ("decidedOn", new.decided_on.is_none()),
    ];
    let missing = missing.into_iter().filter(|(_, missing)| *missing);
    read_with(new, today, missing.map(|(field, _)| input::required(field)).collect())
}

fn read_with(new: &NewDecision, today: NaiveDate, mut problems: Vec<Problem>) -> Result<ReadDecision> {
    input::list_size("awards", new.awards.len(), AWARDS_MAX)?;
    let number = gather(&mut problems, read_number(new.number.as_deref()))?.flatten();
    gather(&mut problems, plausible_year(new.year, new.decided_on, today))?;
    let text = |field, value: &Option<String>| input::paragraph_or_none(field, value.as_deref());
    let issuer_name = gather(
        &mut problems,
        input::line_or_none("issuerName", new.issuer_name.as_deref()),
    )?
    .flatten();
    let signer = gather(&mut problems, input::line_or_none("signer", new.signer.as_deref()))?.flatten();
    let legal_basis = gather(&mut problems, text("legalBasis", &new.legal_basis))?.flatten();
    let source = gather(&mut problems, text("source", &new.source))?.flatten();
    let has_name = new.issuer_name.as_ref().is_some_and(|name| !name.trim().is_empty());
    let owner = gather(&mut problems, read_owner(new, has_name))?;
    let mut awards = Vec::with_capacity(new.awards.len());
    for (index, award) in new.awards.iter().enumerate() {
        awards.extend(read_award(&mut problems, index, award)?);
    }
    if problems.is_empty() {
        problems.extend(given_twice(&awards));
    }
    match owner {
        Some(owner) if problems.is_empty() => Ok(ReadDecision {
            number,
            year: new.year,
            decided_on: new.decided_on,
            issuer: new.issuer,
            issuer_name,
            signer,
            legal_basis,
            source,
            owner,
            awards,
        }),
        _ => Err(Error::Invalid(problems)),
    }
}

/// Keeps what a form can mend for later and goes on; all else ends the reading.
pub(super) fn gather<T>(problems: &mut Vec<Problem>, result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Invalid(more)) => {
            problems.extend(more);
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn read_number(number: Option<&str>) -> Result<Option<String>> {
    let Some(line) = input::line_or_none("number", number)? else {
        return Ok(None);
    };
    if line.chars().count() > number::NUMBER_MAX {
        return Err(Error::invalid(
            "TOO_LONG",
            "number",
            format!("Số quyết định dài tối đa {} ký tự.", number::NUMBER_MAX),
            format!("A number has at most {} characters.", number::NUMBER_MAX),
        ));
    }
    if number::key(&line).is_empty() {
        return Err(Error::invalid(
            "NUMBER_INVALID",
            "number",
            "Số quyết định phải có chữ hoặc chữ số, ví dụ 737/QĐ-LĐLĐ; bỏ trống nếu không biết.",
            "A number has letters or digits, such as 737/QĐ-LĐLĐ; leave it out when it is not known.",
        ));
    }
    Ok(Some(line))
}

/// Decisions are recorded after they were signed, and they reward what has been achieved by then.
fn plausible_year(year: i32, decided_on: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
    if !YEARS.contains(&year) {
        return Err(Error::invalid(
            "YEAR_IMPLAUSIBLE",
            "year",
            format!("Năm thành tích phải từ {} đến {}.", YEARS.start(), YEARS.end()),
            format!(
                "The year of achievement must lie between {} and {}.",
                YEARS.start(),
                YEARS.end()
            ),
        ));
    }
    if let Some(day) = decided_on {
        input::plausible_day("decidedOn", day)?;
        if day > today {
            return Err(Error::invalid(
                "DAY_IN_FUTURE",
                "decidedOn",
                "Ngày ký không thể sau hôm nay.",
                "The date of signing cannot lie after today.",
            ));
        }
    }
    if year > decided_on.unwrap_or(today).year() {
        return Err(Error::invalid(
            "YEAR_AFTER_DECISION",
            "year",
            "Năm thành tích không thể sau năm ký quyết định hoặc sau năm nay.",
            "The year of achievement cannot lie after the year of signing, or after this year.",
        ));
    }
    Ok(())
}

fn read_owner(new: &NewDecision, has_name: bool) -> Result<Uuid> {
    match (new.issuer, new.owner) {
        (Some(issuer), Some(owner)) if issuer != owner => Err(Error::invalid(
            "OWNER_NOT_ISSUER",
            "ownerId",
            "Quyết định của một đơn vị công đoàn nằm trong sổ của chính đơn vị đó; hãy bỏ trống ownerId.",
            "A decision of a union unit stands in the registry of that very unit; leave ownerId out.",
        )),
        (Some(issuer), _) => Ok(issuer),
        (None, _) if !has_name => Err(Error::invalid(
            "REQUIRED",
            "issuerName",
            "Hãy chọn đơn vị ban hành (issuerId), hoặc ghi tên cơ quan ban hành ngoài tổ chức công đoàn.",
            "Choose the issuing unit (issuerId), or write the name of an issuer outside the union.",
        )),
        (None, Some(owner)) => Ok(owner),
        (None, None) => Err(Error::invalid(
            "REQUIRED",
            "ownerId",
            "Hãy chọn đơn vị ghi quyết định này vào sổ, vì cơ quan ban hành ở ngoài tổ chức công đoàn.",
            "Choose the unit in whose registry this decision stands, since its issuer is outside the union.",
        )),
    }
}

fn read_award(problems: &mut Vec<Problem>, index: usize, new: &NewAward) -> Result<Option<ReadAward>> {
    let before = problems.len();
    let field = |name: &str| format!("awards.{index}.{name}");
    let name = new.recipient_name.as_deref();
    let recipient_name = gather(problems, input::line_or_none(&field("recipientName"), name))?.flatten();
    let note = gather(problems, input::line_or_none(&field("note"), new.note.as_deref()))?.flatten();
    let named = name.is_some_and(|name| !name.trim().is_empty());
    let count = match new.count {
        Some(_) if named => {
            problems.push(Problem::new(
                "NAME_AND_COUNT",
                field("count"),
                "Chỉ ghi một trong hai: tên người hoặc tập thể nhận, hoặc số lượng khi không có tên.",
                "Give either the recipient's name, or a count where there are no names; not both.",
            ));
            1
        }
        None if !named => {
            problems.push(Problem::new(
                "REQUIRED",
                field("recipientName"),
                "Hãy ghi tên người hoặc tập thể nhận, hoặc ghi số lượng (count) khi không có tên.",
                "Give the recipient's name, or a count where there are no names.",
            ));
            1
        }
        None => 1,
        Some(count) => count,
    };
    if !(1..=COUNT_MAX).contains(&count) {
        problems.push(Problem::new(
            "COUNT_IMPLAUSIBLE",
            field("count"),
            format!("Số lượng phải từ 1 đến {COUNT_MAX}."),
            format!("The count must be from 1 to {COUNT_MAX}."),
        ));
    }
    Ok((problems.len() == before).then_some(ReadAward {
        award_type: new.award_type,
        recipient: new.recipient,
        unit: new.unit,
        recipient_name,
        count,
        note,
        bonus: None,
    }))
}

/// Named collectives that stand twice in the list with the same kind of award: a slip of copying. Two persons of one unit may
/// well bear the same name, so individuals may.
fn given_twice(awards: &[ReadAward]) -> Vec<Problem> {
    let mut seen = HashSet::new();
    let mut problems = Vec::new();
    for (index, award) in awards.iter().enumerate() {
        let Some(name) = award.recipient_name.as_deref() else {
            continue;
        };
        let collective = award.recipient == Recipient::Collective;
        if collective && !seen.insert((award.award_type, award.unit, text::fold(name))) {
            problems.push(Problem::new(
                "GIVEN_TWICE",
                format!("awards.{index}.recipientName"),
                "Tập thể này đã có cùng hình thức khen thưởng trong danh sách; một thành tích chỉ khen một lần.",
                "This collective already has the same award in the list; one merit, one award.",
            ));
        }
    }
    problems
}

/// Each kind of award must fit its recipients and be one that could be given: on the day of signing, or at the end of the year
/// of achievement where it was signed later, since a case keeps the rules with which it began (Luật 06/2022/QH15 came into
/// force on 01/01/2024; achievements of 2023 were still decided on after that).
pub fn fits(decision: &ReadDecision, types: &HashMap<Uuid, award_type::Model>) -> Result<()> {
    let mut problems = Vec::new();
    for (index, award) in decision.awards.iter().enumerate() {
        let kind = types.get(&award.award_type).ok_or(Error::NotFound)?;
        if !suits(kind.recipients, award.recipient) {
            let (vi, en) = match award.recipient {
                Recipient::Collective => ("không tặng cho tập thể", "is not given to collectives"),
                Recipient::Individual => ("không tặng cho cá nhân", "is not given to individuals"),
            };
            problems.push(Problem::new(
                "RECIPIENT_KIND",
                format!("awards.{index}.recipient"),
                format!("“{}” {vi}.", kind.name),
                format!("“{}” {en}.", kind.name),
            ));
        }
        if !could_be_given(kind, decision.year, decision.decided_on) {
            problems.push(Problem::new(
                "AWARD_TYPE_NOT_VALID",
                format!("awards.{index}.typeId"),
                format!("“{}” không có hiệu lực vào thời điểm của quyết định.", kind.name),
                format!("“{}” was not in force at the time of the decision.", kind.name),
            ));
        }
    }
    Problem::none(problems)
}

/// Whether a kind of award is given to such recipients.
pub const fn suits(kind: RecipientKind, recipient: Recipient) -> bool {
    matches!(
        (kind, recipient),
        (RecipientKind::Both, _)
            | (RecipientKind::Collective, Recipient::Collective)
            | (RecipientKind::Individual, Recipient::Individual)
    )
}

/// Whether a kind of award could be given by a decision of a day, for achievements of a year.
pub fn could_be_given(kind: &award_type::Model, year: i32, decided_on: Option<NaiveDate>) -> bool {
    let begun = |day: NaiveDate| kind.valid_from.is_none_or(|from| from <= day);
    let lasts = |day: NaiveDate| kind.valid_to.is_none_or(|to| to > day);
    match decided_on {
        Some(day) => [day, day.min(last_day(year))]
            .into_iter()
            .any(|day| begun(day) && lasts(day)),
        // On some day of the year: more is not known.
        None => begun(last_day(year)) && lasts(NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or(NaiveDate::MIN)),
    }
}

#[cfg(test)]
mod tests;
