//! One figure that is reported: its code, unit of measure and how it adds up.

use sea_orm::entity::prelude::*;

use crate::Fixed4;
use crate::enums::{Aggregation, HeadCount, NumberForm};

/// One figure that is reported: its code, unit of measure and how it adds up.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "indicator")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Stable code, unique: `members_total`.
    pub code: String,
    /// Vietnamese name, NFC.
    pub name: String,
    /// `người`, `đồng`, `lượt`, `%`.
    pub unit_of_measure: String,
    /// What its text may look like.
    pub number_form: NumberForm,
    /// Stock, flow, rate, or not added up.
    pub aggregation: Aggregation,
    /// For a rate: the indicator above the line.
    pub numerator_id: Option<Uuid>,
    /// For a rate: the indicator below the line.
    pub denominator_id: Option<Uuid>,
    /// For a rate: what the quotient is multiplied by, 100 for per cent; else 1.
    pub scale: i64,
    /// The least that a figure may be; `None` when there is no bound.
    pub lowest: Option<Fixed4>,
    /// The most that a figure may be; `None` when there is no bound.
    pub highest: Option<Fixed4>,
    /// Whether a form may ask for the women of it too.
    pub by_women: bool,
    /// Whether a form may ask for it by sector too.
    pub by_sector: bool,
    /// Which head count of the unit it is, so that a report can begin with it; `None` for what nobody counts but in reports.
    pub head_count: Option<HeadCount>,
    /// What is counted, and what is not.
    pub description: Option<String>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
}

impl ActiveModelBehavior for ActiveModel {}
