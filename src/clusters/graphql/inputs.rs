//! What the queries and mutations of clusters take.

use async_graphql::{Enum, ID, InputObject, MaybeUndefined};
use chrono::NaiveDate;
use sea_orm::sea_query::Order;
use thidua_entity::enums::{ChosenBy, ClusterForm, ClusterPurpose, Office};

use crate::clusters::{store, usecases};
use crate::error::Result;
use crate::graphql::{Direction, read_id};
use crate::ids::Kind;

/// Which clusters a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct ClusterWhere {
    /// Part of a name, without regard to case, accents, blanks and apostrophes.
    search: Option<String>,
    /// Only blocs, or only clusters.
    form: Option<ClusterForm>,
    /// Only those of emulation, or only areas of management.
    purpose: Option<ClusterPurpose>,
    /// Only those that this unit set up.
    organiser_id: Option<ID>,
    /// Only those inside this bloc.
    bloc_id: Option<ID>,
    /// Only those of which this unit itself is a member on the day.
    member_id: Option<ID>,
    /// Also those that have ended, or had not begun, on the day.
    #[graphql(default = false)]
    include_ended: bool,
}

impl ClusterWhere {
    /// The filter as the store takes it.
    pub fn read(self, as_of: Option<NaiveDate>) -> Result<store::ClusterFilter> {
        Ok(store::ClusterFilter {
            search: self.search,
            form: self.form,
            purpose: self.purpose,
            organiser: read_id(Kind::Unit, self.organiser_id.as_ref())?,
            bloc: read_id(Kind::Cluster, self.bloc_id.as_ref())?,
            member: read_id(Kind::Unit, self.member_id.as_ref())?,
            include_ended: self.include_ended,
            as_of,
        })
    }
}

/// How a list of clusters is sorted.
#[derive(InputObject)]
pub struct ClusterOrder {
    /// What it is sorted by.
    field: ClusterOrderField,
    /// In which direction.
    #[graphql(default)]
    direction: Direction,
}

/// What a list of clusters can be sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum ClusterOrderField {
    /// By name, in the order of the Vietnamese alphabet; `Cụm 2` before `Cụm 10`.
    Name,
    /// By the time at which they were entered.
    Created,
}

impl ClusterOrder {
    /// Sort and direction as the store takes them; by name when nothing is said.
    pub fn read(order: Option<Self>) -> (store::ClusterSort, Order) {
        let Some(Self { field, direction }) = order else {
            return (store::ClusterSort::Name, Order::Asc);
        };
        let sort = match field {
            ClusterOrderField::Name => store::ClusterSort::Name,
            ClusterOrderField::Created => store::ClusterSort::Created,
        };
        (sort, direction.into())
    }
}

/// A cluster or bloc to be set up.
#[derive(InputObject)]
pub struct CreateClusterInput {
    /// Bloc or cluster.
    form: ClusterForm,
    /// Emulation, or only an area of management.
    #[graphql(default_with = "ClusterPurpose::Emulation")]
    purpose: ClusterPurpose,
    /// The unit that sets it up; members stand below it.
    organiser_id: ID,
    /// The bloc, of the same organiser, that will hold it; only for a cluster.
    bloc_id: Option<ID>,
    /// Name: `Cụm thi đua số 2`.
    name: String,
    /// The decision, as written: `Quyết định 737/QĐ-LĐLĐ ngày 10/7/2025`.
    decision: Option<String>,
    /// First day.
    valid_from: NaiveDate,
    /// A key of your own, at most 100 characters: asked again with it, the cluster set up first is the answer.
    pub idempotency_key: Option<String>,
}

impl CreateClusterInput {
    /// The input as the use-case takes it.
    pub fn read(self) -> Result<usecases::NewCluster> {
        Ok(usecases::NewCluster {
            form: self.form,
            purpose: self.purpose,
            organiser: Kind::Unit.parse(&self.organiser_id)?,
            bloc: read_id(Kind::Cluster, self.bloc_id.as_ref())?,
            name: self.name,
            decision: self.decision,
            valid_from: self.valid_from,
        })
    }
}

/// What is said of a cluster. A field that is left out stays as it is.
#[derive(InputObject)]
pub struct UpdateClusterInput {
    /// The cluster.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// Another name.
    pub name: Option<String>,
    /// The decision, as written; null says that there is none to name.
    pub decision: MaybeUndefined<String>,
}

/// The end of a cluster.
#[derive(InputObject)]
pub struct EndClusterInput {
    /// The cluster.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// First day on which it no longer exists.
    pub on: NaiveDate,
}

/// A unit that joins a cluster.
#[derive(InputObject)]
pub struct AddClusterMemberInput {
    /// The cluster.
    pub cluster_id: ID,
    /// The version of the cluster that you saw.
    pub version: i32,
    /// The unit; it stands below the cluster's organiser on the first day.
    pub unit_id: ID,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer belongs; for what is entered of the past. Leave it out while no end is known.
    pub valid_to: Option<NaiveDate>,
}

/// The end of a membership.
#[derive(InputObject)]
pub struct EndClusterMembershipInput {
    /// The membership.
    pub id: ID,
    /// The version of the membership that you saw.
    pub version: i32,
    /// First day on which the unit no longer belongs. A membership that has not begun is called off by a day that is not after
    /// its first.
    pub on: NaiveDate,
}

/// An office that a member gets.
#[derive(InputObject)]
pub struct SetClusterOfficeInput {
    /// The cluster or bloc.
    pub cluster_id: ID,
    /// The version of the cluster that you saw.
    pub version: i32,
    /// The unit: a member on the first day, of a bloc also a member of one of its clusters.
    unit_id: ID,
    /// Chair or deputy.
    office: Office,
    /// How it was chosen.
    chosen_by: Option<ChosenBy>,
    /// Who acts for the unit, as written.
    acting_person: Option<String>,
    /// The decision that recognises it, as written.
    decision: Option<String>,
    /// First day; powers begin on it, and those of the chair before end.
    valid_from: NaiveDate,
    /// First day on which it is no longer held. Leave it out to hold it until somebody else gets it.
    valid_to: Option<NaiveDate>,
}

impl SetClusterOfficeInput {
    /// The input as the use-case takes it.
    pub fn read(self) -> Result<usecases::NewOffice> {
        Ok(usecases::NewOffice {
            unit: Kind::Unit.parse(&self.unit_id)?,
            office: self.office,
            chosen_by: self.chosen_by,
            acting_person: self.acting_person,
            decision: self.decision,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
        })
    }
}

/// The end of an office.
#[derive(InputObject)]
pub struct EndClusterOfficeInput {
    /// The office.
    pub id: ID,
    /// The version of the office that you saw.
    pub version: i32,
    /// First day on which it is no longer held; powers end with it. An office that has not begun is called off by a day that is
    /// not after its first.
    pub on: NaiveDate,
}
