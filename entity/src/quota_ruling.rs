//! A quota held across the clusters of one organiser or province, and whom it moved. Never changed; a later one takes its place.

use sea_orm::entity::prelude::*;

/// A quota held across the clusters of one organiser or province, and whom it moved. Never changed; a later one takes its place.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "quota_ruling")]
pub struct Model {
    /// Identity, UUID version 7; sorts by time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The unit that organises the clusters, or stands above their organisers.
    pub unit_id: Uuid,
    /// The year.
    pub year: i32,
    /// 1, and one more for each that followed.
    pub number: i32,
    /// The grade that is limited.
    pub grade: String,
    /// The quota, the results it looked at, and what came of it, a JSON document.
    pub content: String,
    /// Who held it; `None` for recorded data.
    pub ruled_by: Option<Uuid>,
    /// On behalf of whom, when it was permitted only by what another had delegated.
    pub ruled_for: Option<Uuid>,
    /// When.
    pub ruled_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
