//! What a kind of award asks for and pays, as one version of its terms says. Pure.
//!
//! Terms are data: each version holds from a day on, names the text it rests on and never changes. A case keeps the version with which
//! it began. What a version leaves out it does not ask for.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use thidua_entity::enums::{AwardIssuer, AwardScope, Recipient};
use uuid::Uuid;

use super::bonus::Bonus;
use super::decision::gather;
use crate::conferences::quorum::Fraction;
use crate::error::{Problem, Result};
use crate::input;

/// Most items of a checklist, titles asked for, or grades accepted.
pub const ITEMS_MAX: usize = 30;
/// Most years or months that a rule can look back.
pub const SPAN_MAX: i32 = 100;
/// Most days that a step can be given.
pub const STEP_DAYS_MAX: i32 = 365;
/// Most days in which units may object.
pub const OBJECTION_DAYS_MAX: i32 = 60;

/// One version of what a kind of award asks for and pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Who gives it.
    pub issuer: AwardIssuer,
    /// For what it is given; `None` where it excludes nothing.
    pub scope: Option<AwardScope>,
    /// Codes of grades of the year that are good enough; none when it asks for no grade. Asked of units only.
    pub grades: Vec<String>,
    /// Titles that it asks for.
    pub prior: Vec<PriorTitle>,
    /// At least so many years after the last of its kind: 1 allows it each year.
    pub years_between: Option<i32>,
    /// Given to one recipient once.
    pub once: bool,
    /// Must have been registered at the start of the year.
    pub registered: bool,
    /// Months for which a newly founded unit has existed by the end of the year.
    pub months_founded: Option<i32>,
    /// The same for a unit that came out of a merger, split or consolidation.
    pub months_reorganised: Option<i32>,
    /// The share of all members of the council that must be in favour; `None` where no council votes.
    pub threshold: Option<Fraction>,
    /// The documents of the dossier.
    pub dossier: Vec<DossierTerm>,
    /// What a collective is paid.
    pub collective_bonus: Option<Bonus>,
    /// What an individual is paid.
    pub individual_bonus: Option<Bonus>,
    /// Days for each step.
    pub days: StepDays,
    /// Days in which units may object to an outcome from the day on which it is told, before it is decided; `None` where nobody is asked.
    pub objection_days: Option<i32>,
    /// Who goes first at equal merit; `None` where nobody does.
    pub women_first: Option<WomenFirst>,
}

/// At equal merit women go first, and collectives of whose members so large a share are women (1689/QĐ-TLĐ, Điều 4: 70%).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WomenFirst {
    /// The share of women among the members from which on a collective goes first.
    pub collective_share: Fraction,
}

/// A title that an award asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriorTitle {
    /// The kind of award.
    pub award_type: Uuid,
    /// How often it was given, at least.
    pub count: i32,
    /// Within so many years up to that of the proposal, its own included.
    pub within_years: i32,
    /// Whether in years that follow each other, up to that of the proposal or the one before.
    pub consecutive: bool,
}

/// A document that a dossier holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DossierTerm {
    /// Stable code.
    pub code: String,
    /// What it is.
    pub name: String,
    /// Who signs it.
    pub signer: Option<String>,
}

/// Days for each step, counted from the one before; `None` for any time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepDays {
    /// To endorse.
    pub endorse: Option<i32>,
    /// To appraise.
    pub appraise: Option<i32>,
    /// For the council to vote.
    pub vote: Option<i32>,
    /// To decide.
    pub decide: Option<i32>,
}

impl Terms {
    /// What a recipient is paid.
    pub const fn bonus(&self, recipient: Recipient) -> Option<&Bonus> {
        match recipient {
            Recipient::Collective => self.collective_bonus.as_ref(),
            Recipient::Individual => self.individual_bonus.as_ref(),
        }
    }

    /// The terms as they are kept: tidied, and with all that is wrong with them told at once.
    pub fn read(mut self) -> Result<Self> {
        let mut problems = Vec::new();
        for (field, length) in [
            ("grades", self.grades.len()),
            ("priorTitles", self.prior.len()),
            ("dossier", self.dossier.len()),
        ] {
            input::list_size(field, length, ITEMS_MAX)?;
        }
        for grade in &mut self.grades {
            if let Some(read) = gather(&mut problems, input::code("grades", grade))? {
                *grade = read;
            }
        }
        let mut codes = HashSet::new();
        for (index, item) in self.dossier.iter_mut().enumerate() {
            let field = |name: &str| format!("dossier.{index}.{name}");
            if let Some(code) = gather(&mut problems, input::code(&field("code"), &item.code))? {
                item.code = code;
            }
            if let Some(name) = gather(&mut problems, input::line(&field("name"), &item.name))? {
                item.name = name;
            }
            let signer = input::line_or_none(&field("signer"), item.signer.as_deref());
            if let Some(signer) = gather(&mut problems, signer)? {
                item.signer = signer;
            }
            if !codes.insert(item.code.clone()) {
                problems.push(Problem::new(
                    "CODE_TWICE",
                    field("code"),
                    "Mã này đã có trong danh mục hồ sơ.",
                    "This code stands twice in the checklist.",
                ));
            }
        }
        problems.extend(self.out_of_bounds());
        Problem::none(problems)?;
        Ok(self)
    }

    fn out_of_bounds(&self) -> Vec<Problem> {
        let mut bounded = vec![
            ("yearsBetween".to_owned(), self.years_between, SPAN_MAX),
            ("monthsFounded".to_owned(), self.months_founded, SPAN_MAX),
            ("monthsReorganised".to_owned(), self.months_reorganised, SPAN_MAX),
            ("days.endorse".to_owned(), self.days.endorse, STEP_DAYS_MAX),
            ("days.appraise".to_owned(), self.days.appraise, STEP_DAYS_MAX),
            ("days.vote".to_owned(), self.days.vote, STEP_DAYS_MAX),
            ("days.decide".to_owned(), self.days.decide, STEP_DAYS_MAX),
            ("objectionDays".to_owned(), self.objection_days, OBJECTION_DAYS_MAX),
        ];
        for (index, title) in self.prior.iter().enumerate() {
            bounded.push((
                format!("priorTitles.{index}.count"),
                Some(title.count),
                title.within_years,
            ));
            bounded.push((
                format!("priorTitles.{index}.withinYears"),
                Some(title.within_years),
                SPAN_MAX,
            ));
        }
        let beyond = |(field, value, most): (String, Option<i32>, i32)| {
            let beyond = value.is_some_and(|value| !(1..=most).contains(&value));
            beyond.then(|| {
                let (vi, en) = (
                    format!("Phải từ 1 đến {most}."),
                    format!("It must be from 1 to {most}."),
                );
                Problem::new("OUT_OF_BOUNDS", field, vi, en)
            })
        };
        let mut problems: Vec<Problem> = bounded.into_iter().filter_map(beyond).collect();
        if self.threshold.is_some_and(|share| share.numerator == 0) {
            problems.push(Problem::new(
                "THRESHOLD_INVALID",
                "threshold",
                "Tỷ lệ phải lớn hơn 0.",
                "The share must be more than 0.",
            ));
        }
        if self
            .women_first
            .is_some_and(|first| first.collective_share.numerator == 0)
        {
            problems.push(Problem::new(
                "SHARE_INVALID",
                "womenFirst.collectiveShare",
                "Tỷ lệ phải lớn hơn 0.",
                "The share must be more than 0.",
            ));
        }
        for (field, bonus) in [
            ("collectiveBonus", &self.collective_bonus),
            ("individualBonus", &self.individual_bonus),
        ] {
            if bonus.as_ref().is_some_and(|bonus| !bonus.is_plausible()) {
                problems.push(Problem::new(
                    "BONUS_IMPLAUSIBLE",
                    field,
                    "Hệ số phải lớn hơn 0 và không quá 1000; số tiền phải lớn hơn 0 và không quá 1.000.000.000.000 đồng.",
                    "A factor is more than 0 and at most 1000; an amount more than 0 and at most 1,000,000,000,000 đồng.",
                ));
            }
        }
        problems
    }
}
