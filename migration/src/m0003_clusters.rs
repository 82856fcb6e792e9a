//! Emulation clusters and blocs, who belongs to them and who holds their offices.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &["cluster", "cluster_membership", "cluster_office"];

/// Emulation clusters and blocs, who belongs to them and who holds their offices.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("cluster")
            .one_of("form", &["BLOC", "CLUSTER"])
            .one_of("purpose", &["EMULATION", "MANAGEMENT"])
            .reference("organiser_id", "unit")
            .reference_or_null("parent_id", "cluster")
            .text("name")
            .bytes("sort_key")
            .text_or_null("decision")
            .validity_from()
            .version()
            .instant("created_at")
            .index(&["organiser_id", "sort_key", "id"])
            .index(&["sort_key", "id"])
            .index(&["parent_id"])
            .create(manager)
            .await?;
        NewTable::with_id("cluster_membership")
            .reference("cluster_id", "cluster")
            .reference("unit_id", "unit")
            .validity_from()
            .version()
            .unique_while_valid(&["cluster_id", "unit_id"], None)
            .index(&["cluster_id"])
            .index(&["unit_id"])
            .create(manager)
            .await?;
        NewTable::with_id("cluster_office")
            .reference("cluster_id", "cluster")
            .reference("unit_id", "unit")
            .one_of("office", &["CHAIR", "DEPUTY"])
            .one_of_or_null("chosen_by", &["ELECTION", "RANK", "ORDER", "APPOINTMENT"])
            .text_or_null("acting_person")
            .text_or_null("decision")
            .validity_from()
            .version()
            .unique_while_valid(&["cluster_id"], Some("office = 'CHAIR'"))
            .index(&["cluster_id"])
            .index(&["unit_id"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
