//! The award registry of the demonstration: what the sources name, and enough of other years to search in.

use std::collections::HashMap;

use chrono::{Datelike as _, NaiveDate};
use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::enums::{AwardLevel, Named, Recipient, RecipientKind};
use thidua_entity::{award, award_decision, award_type};
use uuid::Uuid;

use super::plan::{self, Plan, PlannedUnit, broken, day};
use crate::awards::{decision, number, verifying};
use crate::error::Result;
use crate::text;

mod made;

use self::made::Made;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    types: Vec<NewType>,
    decisions: Vec<NewDecision>,
    made: Made,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewType {
    code: String,
    name: String,
    level: AwardLevel,
    recipients: RecipientKind,
    legal_basis: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewDecision {
    year: i32,
    decided_on: Option<NaiveDate>,
    issuer: Option<String>,
    issuer_name: String,
    owner: String,
    source: String,
    awards: Vec<NewAward>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewAward {
    #[serde(rename = "type")]
    award_type: String,
    recipient: Recipient,
    unit: String,
    name: Option<String>,
    count: i32,
    note: Option<String>,
}

/// Kinds of award by their codes.
pub type Types = HashMap<String, Uuid>;

/// Plans kinds of award, decisions and awards.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let file: File = plan::read("awards.json", include_str!("awards.json"))?;
    let mut types = Types::new();
    for new in file.types {
        let row = award_type::Model {
            id: plan.id(),
            sort_key: text::sort_key(&new.name),
            name: new.name,
            level: new.level,
            recipients: new.recipients,
            legal_basis: new.legal_basis,
            valid_from: None,
            valid_to: None,
            version: 1,
            code: new.code.clone(),
        };
        types.insert(new.code, row.id);
        plan.rows.award_types.push(row);
    }
    for new in file.decisions {
        let issuer = new
            .issuer
            .as_deref()
            .map(|code| plan.unit(code).map(|unit| unit.id))
            .transpose()?;
        let owner = plan.unit(&new.owner)?.id;
        let written = Decision {
            number: None,
            year: new.year,
            decided_on: new.decided_on,
            source: new.source,
        };
        let decision = written.add(plan, issuer, new.issuer_name, owner);
        for one in new.awards {
            let unit = plan.unit(&one.unit)?.clone();
            let given = Given {
                recipient: one.recipient,
                name: one.name,
                count: one.count,
                note: one.note,
            };
            given.add(plan, &types, (decision, new.year), &one.award_type, &unit)?;
        }
    }
    made::plan(plan, &types, &file.made)
}

/// What is said of a decision.
pub struct Decision {
    /// Number as written.
    pub number: Option<String>,
    /// Year of achievement.
    pub year: i32,
    /// Date of signing.
    pub decided_on: Option<NaiveDate>,
    /// Where we know it from.
    pub source: String,
}

impl Decision {
    /// Writes it and tells its identity.
    pub fn add(self, plan: &mut Plan, issuer_id: Option<Uuid>, issuer_name: String, owner_id: Uuid) -> Uuid {
        let signed = decision::naming_day(self.year, self.decided_on);
        let row = award_decision::Model {
            id: plan.id_at(plan.instant(signed, 9 * 60)),
            number_key: self.number.as_deref().map(|number| number::key(number).into_bytes()),
            number: self.number,
            number_year: signed.year(),
            year: self.year,
            decided_on: self.decided_on,
            issuer_key: match issuer_id {
                Some(_) => String::new(),
                None => number::outside_issuer_key(&issuer_name),
            },
            issuer_id,
            issuer_name,
            signer: None,
            legal_basis: None,
            source: Some(self.source),
            owner_id,
            created_at: plan.now,
        };
        let id = row.id;
        plan.rows.decisions.push(row);
        id
    }
}

/// Who got an award.
pub struct Given {
    /// Collective or individual.
    pub recipient: Recipient,
    /// The name as written; `None` when only the number is known.
    pub name: Option<String>,
    /// How many.
    pub count: i32,
    /// What else is to be known.
    pub note: Option<String>,
}

impl Given {
    /// Writes it below its decision.
    pub fn add(
        self,
        plan: &mut Plan,
        types: &Types,
        (decision_id, year): (Uuid, i32),
        award_type: &str,
        unit: &PlannedUnit,
    ) -> Result<()> {
        let id = plan.id_at(plan.instant(day(year, 12, 31), 9 * 60));
        if let Some(name) = &self.name {
            plan.index(Named::Award, id, &[name]);
        }
        plan.rows.awards.push(award::Model {
            id,
            decision_id,
            award_type_id: *types.get(award_type).ok_or_else(|| broken(award_type))?,
            year,
            recipient: self.recipient,
            unit_id: unit.id,
            recipient_name: self.name,
            count: self.count,
            note: self.note,
            bonus: None,
            bonus_raw: None,
            bonus_factor: None,
            base_salary: None,
            verify_code: Some(verifying::code(id.as_u128())),
        });
        Ok(())
    }
}
