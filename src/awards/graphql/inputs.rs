//! What clients send about the award registry: filters, orders, and things to be recorded.

use async_graphql::{Enum, ID, InputObject};
use chrono::NaiveDate;
use sea_orm::sea_query::Order;
use thidua_entity::enums::{AwardLevel, Recipient, RecipientKind, Sector};

use crate::awards::decision::{NewAward, NewDecision};
use crate::awards::store::{self, RegistrySort};
use crate::error::Result;
use crate::graphql::{Direction, read_id};
use crate::ids::Kind;
use crate::input;

/// Which kinds of award a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct AwardTypeWhere {
    /// Only those that bodies of this level give.
    level: Option<AwardLevel>,
    /// Only those for these recipients; name `BOTH` too when it will do.
    recipients: Option<Vec<RecipientKind>>,
    /// Also kinds of award that are no longer, or not yet, given on the day.
    #[graphql(default = false)]
    include_ended: bool,
}

impl AwardTypeWhere {
    /// The filter as the store takes it.
    pub fn read(self, as_of: Option<NaiveDate>) -> store::TypeFilter {
        store::TypeFilter {
            level: self.level,
            recipients: self.recipients,
            include_ended: self.include_ended,
            as_of,
        }
    }
}

/// Which awards a list or a count takes in. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct AwardWhere {
    /// Part of the recipient's name as written then, or of any name that the unit has or had, without regard to case,
    /// accents, blanks and apostrophes.
    search: Option<String>,
    /// Only awards of this very unit.
    unit_id: Option<ID>,
    /// With `unitId`: also awards of the units that it came out of by mergers, splits and consolidations, as far back as is recorded.
    #[graphql(default)]
    with_predecessors: bool,
    /// Only awards of this unit and of what is below it today, at any depth.
    under_id: Option<ID>,
    /// Only this kind of award.
    type_id: Option<ID>,
    /// Only the kind of award with this code, `CO_LDLD`.
    type_code: Option<String>,
    /// Only kinds of award that bodies of this level give.
    level: Option<AwardLevel>,
    /// Only collectives or only individuals.
    recipient: Option<Recipient>,
    /// Only this year of achievement.
    year: Option<i32>,
    /// Only this year of achievement and later ones.
    year_from: Option<i32>,
    /// Only this year of achievement and earlier ones.
    year_to: Option<i32>,
    /// Only decisions with this number, or whose number begins with these words: `737` finds `737/QĐ-LĐLĐ`.
    decision_number: Option<String>,
    /// Only decisions that this unit issued.
    issuer_id: Option<ID>,
    /// True for named recipients only, false for those of whom only the number is known.
    named: Option<bool>,
    /// Only awards of units of this sector.
    sector: Option<Sector>,
    /// True for revoked awards only, false for those that stand.
    revoked: Option<bool>,
}

impl AwardWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<store::AwardFilter> {
        Ok(store::AwardFilter {
            search: self.search,
            unit: read_id(Kind::Unit, self.unit_id.as_ref())?,
            with_predecessors: self.with_predecessors,
            under: read_id(Kind::Unit, self.under_id.as_ref())?,
            award_type: read_id(Kind::AwardType, self.type_id.as_ref())?,
            type_code: self
                .type_code
                .map(|code| input::code("where.typeCode", &code))
                .transpose()?,
            level: self.level,
            recipient: self.recipient,
            year: self.year,
            year_from: self.year_from,
            year_to: self.year_to,
            decision_number: self.decision_number,
            issuer: read_id(Kind::Unit, self.issuer_id.as_ref())?,
            named: self.named,
            sector: self.sector,
            revoked: self.revoked,
        })
    }
}

/// Which decisions a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct AwardDecisionWhere {
    /// Only this number, or one that begins with these words: `737` finds `737/QĐ-LĐLĐ`.
    number: Option<String>,
    /// Only this year of achievement.
    year: Option<i32>,
    /// Only those that this unit issued.
    issuer_id: Option<ID>,
    /// Only those that stand in the registry of this unit.
    owner_id: Option<ID>,
}

impl AwardDecisionWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<store::DecisionFilter> {
        Ok(store::DecisionFilter {
            number: self.number,
            year: self.year,
            issuer: read_id(Kind::Unit, self.issuer_id.as_ref())?,
            owner: read_id(Kind::Unit, self.owner_id.as_ref())?,
        })
    }
}

/// How a list of awards or decisions is sorted.
#[derive(InputObject)]
pub struct AwardOrder {
    /// What it is sorted by.
    field: AwardOrderField,
    /// In which direction; the latest first when left out.
    #[graphql(default_with = "Direction::Desc")]
    direction: Direction,
}

/// What a list of awards or decisions can be sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum AwardOrderField {
    /// By year of achievement.
    Year,
    /// By the time at which they were recorded.
    Created,
}

impl AwardOrder {
    /// Sort and direction as the store takes them; the latest years first when nothing is said.
    pub fn read(order: Option<Self>) -> (RegistrySort, Order) {
        match order {
            None => (RegistrySort::Year, Order::Desc),
            Some(Self { field, direction }) => match field {
                AwardOrderField::Year => (RegistrySort::Year, direction.into()),
                AwardOrderField::Created => (RegistrySort::Created, direction.into()),
            },
        }
    }
}

/// A kind of award to be added to the common catalogue.
#[derive(InputObject)]
pub struct CreateAwardTypeInput {
    /// Stable code, unique: letters without accents, digits, underscore, hyphen, dot. `CO_LDLD`.
    pub code: String,
    /// Vietnamese name.
    pub name: String,
    /// Level of the body that gives it.
    pub level: AwardLevel,
    /// Who may get it.
    pub recipients: RecipientKind,
    /// The text it rests on, as written.
    pub legal_basis: Option<String>,
    /// First day on which it may be given; leave it out when unknown.
    pub valid_from: Option<NaiveDate>,
    /// First day on which it may no longer be given; leave it out while it may.
    pub valid_to: Option<NaiveDate>,
}

/// A signed decision with all that it gives. What the source does not tell is left out.
#[derive(InputObject)]
pub struct RecordAwardDecisionInput {
    /// Number as written, `737/QĐ-LĐLĐ`; an issuer gives it once a year.
    number: Option<String>,
    /// Year of achievement, 1945 to this year; not after the year of signing.
    year: i32,
    /// Date of signing; not after today.
    decided_on: Option<NaiveDate>,
    /// The issuing unit. Leave it out for an issuer outside the union, and give `issuerName` and `ownerId` instead.
    issuer_id: Option<ID>,
    /// The issuer as written; the unit's name on the date of signing when left out.
    issuer_name: Option<String>,
    /// Who signed, as written.
    signer: Option<String>,
    /// The text it rests on, as written.
    legal_basis: Option<String>,
    /// Where you know it from: a file, a page, a paper.
    source: Option<String>,
    /// The unit in whose registry it stands, for an issuer outside the union; otherwise that is the issuer.
    owner_id: Option<ID>,
    /// What it gives: 1 to 500 entries.
    awards: Vec<RecordAwardInput>,
    /// A key of your own, such as a UUID: sending the same again with the same key within 7 days gives the decision that was
    /// recorded first. At most 100 visible ASCII characters.
    pub idempotency_key: Option<String>,
}

/// An award of a decision: one named recipient, or a number of recipients without names.
#[derive(InputObject)]
pub struct RecordAwardInput {
    /// The kind of award, one that could be given at the time of the decision.
    type_id: ID,
    /// Whether a collective or individuals get it.
    recipient: Recipient,
    /// The unit that receives it, or within which the recipients stand.
    unit_id: ID,
    /// The recipient's name as written. Either this or `count`.
    recipient_name: Option<String>,
    /// How many recipients, where there are no names: 1 to 100,000. Either this or `recipientName`.
    count: Option<i32>,
    /// What else the source says.
    note: Option<String>,
}

impl RecordAwardDecisionInput {
    /// The decision as the use-case takes it.
    pub fn read(self) -> Result<NewDecision> {
        let awards = self.awards.into_iter().map(|award| {
            Ok(NewAward {
                award_type: Kind::AwardType.parse(&award.type_id)?,
                recipient: award.recipient,
                unit: Kind::Unit.parse(&award.unit_id)?,
                recipient_name: award.recipient_name,
                count: award.count,
                note: award.note,
            })
        });
        Ok(NewDecision {
            number: self.number,
            year: self.year,
            decided_on: self.decided_on,
            issuer: read_id(Kind::Unit, self.issuer_id.as_ref())?,
            issuer_name: self.issuer_name,
            signer: self.signer,
            legal_basis: self.legal_basis,
            source: self.source,
            owner: read_id(Kind::Unit, self.owner_id.as_ref())?,
            awards: awards.collect::<Result<_>>()?,
        })
    }
}
