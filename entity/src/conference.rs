//! A conference: the members of a cluster close a year, vote and elect, or the members of a council meet.

use sea_orm::entity::prelude::*;

use crate::enums::{ChosenBy, ConferenceState};

/// A conference: the members of a cluster close a year, vote and elect, or the members of a council meet.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conference")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The cluster, of a conference of one.
    pub cluster_id: Option<Uuid>,
    /// The council, of a meeting of one. Either this or a cluster.
    pub council_id: Option<Uuid>,
    /// The emulation year that it is about, if it is about one.
    pub year_id: Option<Uuid>,
    /// What it is called.
    pub title: String,
    /// The day.
    pub held_on: Date,
    /// Where.
    pub place: String,
    /// Which part of the members must be present: numerator.
    pub quorum_numerator: i32,
    /// And its denominator.
    pub quorum_denominator: i32,
    /// How chair and deputies of the cluster are found; `None` of a council.
    pub offices_by: Option<ChosenBy>,
    /// Where it is in its life.
    pub state: ConferenceState,
    /// The minutes; `None` until they are written.
    pub minutes: Option<String>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When it was planned.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
