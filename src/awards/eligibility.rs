//! Whether an award may be proposed for somebody: every rule with what it was judged by. Pure.
//!
//! The facts are gathered before (`store/facts.rs`); here each rule says PASS, FAIL or UNKNOWN, in both languages, and names its
//! evidence. What the data do not tell is UNKNOWN and never guessed: an award that is known only as a count may or may not be this
//! recipient's. A rule that does not concern the case is not listed.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thidua_entity::enums::{
    AwardLevel, AwardScope, EligibilityRule, EvidenceOf, Recipient, RecipientKind, RuleOutcome, UnitEventKind,
};
use uuid::Uuid;

use super::quota::Standing;
use super::terms::Terms;
use crate::error::Text;

mod rules;

/// All that the rules are judged by.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The day on which it is judged.
    pub today: NaiveDate,
    /// Year of achievement.
    pub year: i32,
    /// Collective or individual.
    pub recipient: Recipient,
    /// The kind of award.
    pub kind: Kind,
    /// The terms of the case: their number and what they say; `None` where the kind has none.
    pub terms: Option<(i32, Terms)>,
    /// Names of the kinds of award that the terms ask for.
    pub prior_names: Vec<(Uuid, String)>,
    /// The unit that is to receive it, or within which the person stands.
    pub unit: UnitFacts,
    /// What the unit got in the published result of the year; `None` where there is none.
    pub grade: Option<Grade>,
    /// Whether the unit takes part in an emulation year that is called after the year.
    pub takes_part: bool,
    /// What the unit, or the person, registered for in the year.
    pub registrations: Vec<Registered>,
    /// Awards that are, or may be, this recipient's; not those that were revoked.
    pub awards: Vec<Given>,
    /// Other proposals for this recipient and year that are not refused.
    pub proposals: Vec<Proposed>,
    /// The quotas that a proposal counts against.
    pub quotas: Vec<Quota>,
    /// For what, without case and accents; `None` when it is not said yet.
    pub merit_key: Option<String>,
}

/// The kind of award.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The kind.
    pub id: Uuid,
    /// Its Vietnamese name.
    pub name: String,
    /// Level of the body that gives it.
    pub level: AwardLevel,
    /// Who may get it.
    pub recipients: RecipientKind,
    /// First day on which it may be given.
    pub valid_from: Option<NaiveDate>,
    /// First day on which it may no longer be given.
    pub valid_to: Option<NaiveDate>,
}

/// A unit as far as rules ask.
#[derive(Clone, Debug)]
pub struct UnitFacts {
    /// The unit.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// When it was founded; `None` when unknown.
    pub founded_on: Option<NaiveDate>,
    /// First day on which it no longer exists.
    pub ended_on: Option<NaiveDate>,
    /// What happened to it: the event, of which kind, and when.
    pub events: Vec<(Uuid, UnitEventKind, NaiveDate)>,
}

/// What a unit got in a published result.
#[derive(Clone, Debug)]
pub struct Grade {
    /// The result.
    pub result: Uuid,
    /// Its code; `None` for a unit that was not rated.
    pub code: Option<String>,
    /// Its name.
    pub title: Option<String>,
}

/// A registration that holds.
#[derive(Clone, Debug)]
pub struct Registered {
    /// The registration.
    pub id: Uuid,
    /// Whether it is for this kind of award, for this recipient.
    pub fits: bool,
    /// For what, as written.
    pub title: String,
    /// Why it came late.
    pub late_reason: Option<String>,
}

/// An award that was given.
#[derive(Clone, Debug)]
pub struct Given {
    /// The award.
    pub id: Uuid,
    /// Its kind.
    pub award_type: Uuid,
    /// Name of its kind.
    pub name: String,
    /// Level of its kind.
    pub level: AwardLevel,
    /// For what its kind is given, as far as its terms say.
    pub scope: Option<AwardScope>,
    /// Year of achievement.
    pub year: i32,
    /// Number of its decision.
    pub decision: Option<String>,
    /// Whether it is surely this recipient's: named so, and not one of a number.
    pub certain: bool,
}

/// Another proposal for the same recipient and year.
#[derive(Clone, Debug)]
pub struct Proposed {
    /// The proposal.
    pub id: Uuid,
    /// Its kind of award.
    pub award_type: Uuid,
    /// Name of its kind.
    pub name: String,
    /// Level of its kind.
    pub level: AwardLevel,
    /// For what its kind is given.
    pub scope: Option<AwardScope>,
    /// For what, without case and accents.
    pub merit_key: String,
}

/// A quota that a proposal counts against.
#[derive(Clone, Debug)]
pub struct Quota {
    /// The quota.
    pub id: Uuid,
    /// Name of the unit or cluster that it is for.
    pub subject: String,
    /// How it stands.
    pub standing: Standing,
}

/// What a rule was judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What it is.
    pub of: EvidenceOf,
    /// Its identity.
    pub id: Uuid,
    /// What it says, Vietnamese.
    pub vi: String,
    /// The same in English.
    pub en: String,
}

/// A rule as it was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The rule.
    pub rule: EligibilityRule,
    /// What it says.
    pub outcome: RuleOutcome,
    /// Why, Vietnamese.
    pub vi: String,
    /// The same in English.
    pub en: String,
    /// What it was judged by.
    pub evidence: Vec<Evidence>,
}

impl Judged {
    fn new(rule: EligibilityRule, outcome: RuleOutcome, (vi, en): (impl Into<String>, impl Into<String>)) -> Self {
        Self {
            rule,
            outcome,
            vi: vi.into(),
            en: en.into(),
            evidence: Vec::new(),
        }
    }

    fn by(self, evidence: Vec<Evidence>) -> Self {
        Self { evidence, ..self }
    }
}

/// Every rule that concerns a case, as it was judged on a day. This is what a proposal keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Eligibility {
    /// The day.
    pub judged_on: NaiveDate,
    /// Which version of the terms; `None` where the kind of award has none.
    pub terms: Option<i32>,
    /// The rules.
    pub rules: Vec<Judged>,
}

impl Eligibility {
    /// What all rules say together: FAIL when one fails, else UNKNOWN when one is unknown.
    pub fn outcome(&self) -> RuleOutcome {
        let says = |outcome| self.rules.iter().any(|judged| judged.outcome == outcome);
        match (says(RuleOutcome::Fail), says(RuleOutcome::Unknown)) {
            (true, _) => RuleOutcome::Fail,
            (false, true) => RuleOutcome::Unknown,
            (false, false) => RuleOutcome::Pass,
        }
    }

    /// The rules that are not kept. That there is no place in a quota is no exception that a proposer makes, and not among them.
    pub fn failing(&self) -> impl Iterator<Item = &Judged> {
        let failing = self.rules.iter().filter(|judged| judged.outcome == RuleOutcome::Fail);
        failing.filter(|judged| judged.rule != EligibilityRule::Quota)
    }

    /// The sentences of the rules that are not kept; `None` when all are.
    pub fn objection(&self) -> Option<Text> {
        let joined = |of: fn(&Judged) -> &str| self.failing().map(of).collect::<Vec<_>>().join(" ");
        self.failing().next()?;
        Some(Text::new(joined(|judged| &judged.vi), joined(|judged| &judged.en)))
    }

    /// The awards on which an award that is given now relies: titles that its terms ask for.
    pub fn relied_on(&self) -> Vec<Uuid> {
        let titles = self
            .rules
            .iter()
            .filter(|judged| judged.rule == EligibilityRule::PriorTitles);
        let evidence = titles.flat_map(|judged| &judged.evidence);
        let awards = evidence.filter(|one| one.of == EvidenceOf::Award).map(|one| one.id);
        let mut awards: Vec<Uuid> = awards.collect();
        awards.sort_unstable();
        awards.dedup();
        awards
    }
}

/// Judges a case by every rule that concerns it.
pub fn judge(facts: &Facts) -> Eligibility {
    Eligibility {
        judged_on: facts.today,
        terms: facts.terms.as_ref().map(|(number, _)| *number),
        rules: rules::ALL.iter().filter_map(|rule| rule(facts)).collect(),
    }
}

#[cfg(test)]
mod tests;
