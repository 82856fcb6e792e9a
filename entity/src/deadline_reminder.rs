//! That those concerned were reminded of a last day of a ballot or a proposal. So nobody is reminded of the same twice.

use sea_orm::entity::prelude::*;

use crate::enums::DeadlineKind;

/// That those concerned were reminded of a last day of a ballot or a proposal. So nobody is reminded of the same twice.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "deadline_reminder")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of what.
    pub kind: DeadlineKind,
    /// The ballot or the proposal.
    pub subject_id: Uuid,
    /// The last day; another day is reminded of anew.
    pub until: Date,
    /// When.
    pub at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
