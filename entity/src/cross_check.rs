//! A unit checks the score sheet of another (kiểm tra chéo).

use sea_orm::entity::prelude::*;

use crate::enums::CrossCheckState;

/// A unit checks the score sheet of another (kiểm tra chéo).
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cross_check")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The year.
    pub year_id: Uuid,
    /// The draw that paired them; `None` when they were assigned by hand.
    pub draw_id: Option<Uuid>,
    /// Who checks.
    pub checker_id: Uuid,
    /// Who is checked.
    pub checked_id: Uuid,
    /// Why, when it was assigned by hand.
    pub reason: Option<String>,
    /// Where it is in its life.
    pub state: CrossCheckState,
    /// The day of the visit.
    pub held_on: Option<Date>,
    /// Where.
    pub place: Option<String>,
    /// Who was there, as written.
    pub attendance: Option<String>,
    /// The minutes.
    pub minutes: Option<String>,
    /// Why it was last taken a step back; `None` when it never was.
    pub return_reason: Option<String>,
    /// Why it went on without the replies of the checked unit; `None` when it did not.
    pub waived_reason: Option<String>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When it was assigned.
    pub created_at: DateTimeUtc,
    /// When it last changed.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
