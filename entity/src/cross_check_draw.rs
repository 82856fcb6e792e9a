//! A draw of who checks whom, with all that is needed to repeat it. Never changed.

use sea_orm::entity::prelude::*;

/// A draw of who checks whom, with all that is needed to repeat it. Never changed.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cross_check_draw")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The year.
    pub year_id: Uuid,
    /// 1, and one more for each further draw.
    pub number: i32,
    /// What the draw was made with, as printed.
    pub seed: String,
    /// Which way of drawing.
    pub method: i32,
    /// The units, the recusals and last year’s pairs that went into it, a JSON document.
    pub inputs: String,
    /// Who was to check whom, and what gave way, a JSON document. What became of the pairs is said by the cross-checks.
    pub outcome: String,
    /// Who drew; `None` for recorded data.
    pub drawn_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub drawn_for: Option<Uuid>,
    /// When.
    pub drawn_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
