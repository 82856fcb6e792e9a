//! An entry of a score sheet. What takes its place is another; this one stays.

use sea_orm::entity::prelude::*;

use crate::Fixed4;
use crate::enums::{ScoreKind, ScoreLayer, ScoreSubject};

/// An entry of a score sheet. What takes its place is another; this one stays.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "score_entry")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The sheet.
    pub sheet_id: Uuid,
    /// Who scores.
    pub layer: ScoreLayer,
    /// What it is about.
    pub subject: ScoreSubject,
    /// Code of the criterion or declaration.
    pub code: String,
    /// 1, and one more for each that took its place.
    pub edition: i32,
    /// Whether it stands; not when another took its place or it was taken back.
    pub standing: bool,
    /// What it says.
    pub kind: ScoreKind,
    /// Points.
    pub points: Option<Fixed4>,
    /// Yes or no, of a verdict; no otherwise.
    pub verdict: bool,
    /// A count.
    pub count: Option<i32>,
    /// How many events of each kind, a JSON object.
    pub events: Option<String>,
    /// Why: what the unit says of more points than its reports give, why a higher layer says otherwise.
    pub reason: Option<String>,
    /// The unit for which it was written: the unit itself, its checker; `None` for organiser and council.
    pub unit_id: Option<Uuid>,
    /// Who wrote it; `None` for recorded data.
    pub written_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub written_for: Option<Uuid>,
    /// When.
    pub written_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
