//! What an award asks for and pays: terms of its kinds by days, base salaries, quotas.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &["award_terms", "base_salary", "award_quota", "award_quota_exception"];

/// What an award asks for and pays: terms of its kinds by days, base salaries, quotas.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("award_terms")
            .reference("award_type_id", "award_type")
            .integer("number")
            .day("valid_from")
            .text("legal_basis")
            .text("content")
            .reference_or_null("set_by", "account")
            .reference_or_null("set_for", "account")
            .instant("set_at")
            .unique(&["award_type_id", "number"])
            .unique(&["award_type_id", "valid_from"])
            .create(manager)
            .await?;
        NewTable::with_id("base_salary")
            .day("valid_from")
            .big_integer("amount")
            .text("legal_basis")
            .reference_or_null("set_by", "account")
            .reference_or_null("set_for", "account")
            .instant("set_at")
            .unique(&["valid_from"])
            .check("amount", "amount > 0")
            .create(manager)
            .await?;
        NewTable::with_id("award_quota")
            .reference("award_type_id", "award_type")
            .integer("year")
            .reference("setter_id", "unit")
            .reference_or_null("unit_id", "unit")
            .reference_or_null("cluster_id", "cluster")
            .uuid("subject_id")
            .integer("most")
            .text_or_null("legal_basis")
            .version()
            .instant("created_at")
            .unique(&["award_type_id", "year", "setter_id", "subject_id"])
            .index(&["setter_id"])
            .index(&["unit_id"])
            .index(&["cluster_id"])
            .check("most", "most >= 0")
            .check("subject", "(unit_id IS NULL) <> (cluster_id IS NULL)")
            .create(manager)
            .await?;
        NewTable::with_id("award_quota_exception")
            .reference("quota_id", "award_quota")
            .reference("unit_id", "unit")
            .integer_or_null("extra")
            .text("reason")
            .reference_or_null("set_by", "account")
            .reference_or_null("set_for", "account")
            .instant("set_at")
            .unique(&["quota_id", "unit_id"])
            .index(&["unit_id"])
            .check("extra", "extra IS NULL OR extra > 0")
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
