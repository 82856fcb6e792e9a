//! What is sent about units and provinces: filters, orders and inputs.

use async_graphql::{Enum, ID, InputObject, MaybeUndefined};
use chrono::NaiveDate;
use sea_orm::sea_query::Order;
use thidua_entity::enums::{Sector, UnitKind};

use crate::error::Result;
use crate::graphql::{Direction, read_id};
use crate::ids::Kind;
use crate::units::store;

/// Which units a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct UnitWhere {
    /// Part of a name, without regard to case, accents, blanks and apostrophes: `ia hdrai` finds `IaH’Drai`.
    search: Option<String>,
    /// Only these kinds.
    kinds: Option<Vec<UnitKind>>,
    /// Only these sectors.
    sectors: Option<Vec<Sector>>,
    /// Only units of this province.
    province_id: Option<ID>,
    /// Only units directly below this one.
    parent_id: Option<ID>,
    /// Only this unit and what is below it at any depth.
    under_id: Option<ID>,
    /// Only members of this cluster; of a bloc, also the members of its clusters.
    cluster_id: Option<ID>,
    /// Only the unit with this code.
    code: Option<UnitCodeInput>,
    /// Also units that have ended, or were not yet founded, on the day.
    #[graphql(default = false)]
    include_ended: bool,
}

/// A code of somebody else's scheme.
#[derive(InputObject)]
pub struct UnitCodeInput {
    /// Who gave it.
    scheme: String,
    /// The code as given.
    value: String,
}

impl UnitWhere {
    pub(super) fn read(self, as_of: Option<NaiveDate>) -> Result<store::UnitFilter> {
        Ok(store::UnitFilter {
            search: self.search,
            kinds: self.kinds,
            sectors: self.sectors,
            province: read_id(Kind::Province, self.province_id.as_ref())?,
            parent: read_id(Kind::Unit, self.parent_id.as_ref())?,
            under: read_id(Kind::Unit, self.under_id.as_ref())?,
            cluster: read_id(Kind::Cluster, self.cluster_id.as_ref())?,
            code: self.code.map(|code| (code.scheme, code.value)),
            include_ended: self.include_ended,
            as_of,
        })
    }
}

/// How a list of units is sorted.
#[derive(InputObject)]
pub struct UnitOrder {
    /// What it is sorted by.
    field: UnitOrderField,
    /// In which direction.
    #[graphql(default)]
    direction: Direction,
}

/// What a list of units can be sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum UnitOrderField {
    /// By name, in the order of the Vietnamese alphabet.
    Name,
    /// By the time at which they were entered.
    Created,
}

impl UnitOrder {
    /// Sort and direction as the store takes them; by name when nothing is said.
    pub(super) fn read(order: Option<Self>) -> (store::UnitSort, Order) {
        match order {
            None => (store::UnitSort::Name, Order::Asc),
            Some(Self {
                field: UnitOrderField::Name,
                direction,
            }) => (store::UnitSort::Name, direction.into()),
            Some(Self {
                field: UnitOrderField::Created,
                direction,
            }) => (store::UnitSort::Created, direction.into()),
        }
    }
}

/// A unit to be founded.
#[derive(InputObject)]
pub struct CreateUnitInput {
    /// What kind of organisation.
    pub(super) kind: UnitKind,
    /// Official name.
    pub(super) name: String,
    /// The unit directly above. Only who administers everything may leave it out.
    pub(super) parent_id: Option<ID>,
    /// Sector of the employer.
    pub(super) sector: Option<Sector>,
    /// Province; that of the unit above when left out.
    pub(super) province_id: Option<ID>,
    /// Day of founding; leave it out when unknown.
    pub(super) founded_on: Option<NaiveDate>,
    /// The decision, as written.
    pub(super) decision: Option<String>,
    /// A key of your own, at most 100 characters: asked again with it, the unit founded first is the answer.
    pub(super) idempotency_key: Option<String>,
}

/// Another official name of a unit.
#[derive(InputObject)]
pub struct RenameUnitInput {
    /// The unit.
    pub(super) id: ID,
    /// The version you saw.
    pub(super) version: i32,
    /// The new name.
    pub(super) name: String,
    /// First day of the new name.
    pub(super) from: NaiveDate,
}

/// Another name in use of a unit.
#[derive(InputObject)]
pub struct AddUnitAliasInput {
    /// The unit.
    pub(super) id: ID,
    /// The version you saw.
    pub(super) version: i32,
    /// The other name: an abbreviation, a spelling, a nickname.
    pub(super) alias: String,
}

/// Another place of a unit in the tree.
#[derive(InputObject)]
pub struct MoveUnitInput {
    /// The unit.
    pub(super) id: ID,
    /// The version you saw.
    pub(super) version: i32,
    /// The unit that will stand directly above.
    pub(super) parent_id: ID,
    /// First day of the new place.
    pub(super) from: NaiveDate,
    /// The decision, as written.
    pub(super) decision: Option<String>,
}

/// The end of a unit.
#[derive(InputObject)]
pub struct EndUnitInput {
    /// The unit.
    pub(super) id: ID,
    /// The version you saw.
    pub(super) version: i32,
    /// First day on which it no longer exists.
    pub(super) on: NaiveDate,
    /// Why, with the decision, as written.
    pub(super) reason: String,
}

/// What is said of a unit. A field that is left out stays as it is; null says that it is unknown.
#[derive(InputObject)]
pub struct UpdateUnitInput {
    /// The unit.
    pub(super) id: ID,
    /// The version you saw.
    pub(super) version: i32,
    /// Sector of the employer.
    pub(super) sector: MaybeUndefined<Sector>,
    /// Province.
    pub(super) province_id: MaybeUndefined<ID>,
    /// Day of founding.
    pub(super) founded_on: MaybeUndefined<NaiveDate>,
}

/// A code of a unit.
#[derive(InputObject)]
pub struct AddUnitCodeInput {
    /// The unit.
    pub(super) id: ID,
    /// The version you saw.
    pub(super) version: i32,
    /// Who gave it: `QD20_2020`, `VGCL`, `TAX`, or a local scheme.
    pub(super) scheme: String,
    /// The code as given; at most 35 characters.
    pub(super) value: String,
}

/// Head counts of a unit on one day. There is one count of a day: sent again with the same content it changes nothing; with
/// other content it corrects the one that is there, and then names the version of that one.
#[derive(InputObject)]
pub struct RecordUnitStatisticsInput {
    /// The unit.
    pub(super) id: ID,
    /// The day of the count.
    pub(super) as_of: NaiveDate,
    /// To correct the count of that day: its version that you saw. Leave it out for the first count of a day.
    pub(super) version: Option<i32>,
    /// Workers, public employees and labourers.
    pub(super) workers: Option<i64>,
    /// Union members; not more than the workers.
    pub(super) members: Option<i64>,
    /// Women among the members; not more than the members.
    pub(super) women_members: Option<i64>,
    /// Where the count comes from.
    pub(super) source: Option<String>,
}

/// A province to be added.
#[derive(InputObject)]
pub struct CreateProvinceInput {
    /// Short code, unique.
    pub(super) code: String,
    /// Name.
    pub(super) name: String,
    /// First day; leave it out when it was always there.
    pub(super) valid_from: Option<NaiveDate>,
}
