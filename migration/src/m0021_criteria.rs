//! Criteria sets, their versions and what these hold.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &["criteria_set", "criteria_set_version", "criteria_set_content"];

/// Criteria sets, their versions and what these hold.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("criteria_set")
            .reference_or_null("unit_id", "unit")
            .reference_or_null("cluster_id", "cluster")
            .reference_or_null("base_id", "criteria_set")
            .text("code")
            .text("name")
            .text("search_key")
            .version()
            .check("owner", "(unit_id IS NULL) <> (cluster_id IS NULL)")
            .check("base", "base_id IS NULL OR cluster_id IS NOT NULL")
            // Of a set of a unit there is no cluster, and rows without one do not meet.
            .unique(&["unit_id", "code"])
            .unique(&["cluster_id", "code"])
            .index(&["code", "id"])
            .index(&["base_id"])
            .create(manager)
            .await?;
        NewTable::with_id("criteria_set_version")
            .reference("set_id", "criteria_set")
            .integer("number")
            .one_of("state", &["DRAFT", "PUBLISHED", "RETIRED"])
            .reference_or_null("base_version_id", "criteria_set_version")
            .text_or_null("legal_basis")
            .bytes("digest")
            .instant_or_null("published_at")
            .reference_or_null("published_by", "account")
            .version()
            .check("published", "(state = 'DRAFT') = (published_at IS NULL)")
            .unique(&["set_id", "number"])
            .index(&["base_version_id"])
            .create(manager)
            .await?;
        NewTable::named("criteria_set_content")
            .reference("version_id", "criteria_set_version")
            .text("content")
            .primary_key(&["version_id"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
