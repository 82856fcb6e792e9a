//! Union organisations: provinces, units, their names, parents, codes and head counts; the index of names.

use sea_orm_migration::prelude::*;

use crate::ddl::{NewTable, drop_tables};

const TABLES: &[&str] = &[
    "province",
    "unit",
    "unit_name",
    "unit_parent",
    "unit_ancestry",
    "unit_code",
    "unit_statistics",
    "name_key",
];

const UNIT_KINDS: &[&str] = &[
    "CONFEDERATION",
    "PROVINCIAL_FEDERATION",
    "CENTRAL_BRANCH_UNION",
    "DISTRICT_FEDERATION",
    "COMMUNE_UNION",
    "LOCAL_BRANCH_UNION",
    "INDUSTRIAL_ZONE_UNION",
    "GRASSROOTS",
    "OCCUPATIONAL_UNION",
    "MEMBER_UNION",
    "SECTION",
    "GROUP",
];

const SECTORS: &[&str] = &[
    "STATE_ADMINISTRATION",
    "PUBLIC_SERVICE",
    "EDUCATION",
    "STATE_ENTERPRISE",
    "PRIVATE_ENTERPRISE",
    "FOREIGN_INVESTED_ENTERPRISE",
    "OCCUPATIONAL",
];

/// Union organisations: provinces, units, their names, parents, codes and head counts; the index of names.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    // Without this a failure on SQLite would leave half of the step behind.
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }

    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        NewTable::with_id("province")
            .text("code")
            .text("name")
            .bytes("sort_key")
            .validity()
            .reference_or_null("successor_id", "province")
            .version()
            .unique(&["code"])
            .index(&["sort_key", "id"])
            .create(manager)
            .await?;
        NewTable::with_id("unit")
            .one_of("kind", UNIT_KINDS)
            .one_of_or_null("sector", SECTORS)
            .reference_or_null("province_id", "province")
            .text("name")
            .day_or_null("name_from")
            .bytes("sort_key")
            .day_or_null("founded_on")
            .day_or_null("ended_on")
            .text_or_null("end_reason")
            .version()
            .instant("created_at")
            .check(
                "life",
                "founded_on IS NULL OR ended_on IS NULL OR founded_on < ended_on",
            )
            .index(&["sort_key", "id"])
            .index(&["kind", "sort_key", "id"])
            .index(&["province_id", "kind"])
            .create(manager)
            .await?;
        NewTable::with_id("unit_name")
            .reference("unit_id", "unit")
            .one_of("name_use", &["OFFICIAL", "ALIAS"])
            .text("name")
            .validity()
            .index(&["unit_id"])
            .unique_while_valid(&["unit_id"], Some("name_use = 'OFFICIAL'"))
            .create(manager)
            .await?;
        NewTable::with_id("unit_parent")
            .reference("unit_id", "unit")
            .reference("parent_id", "unit")
            .validity_from()
            .text_or_null("decision")
            .check("not_itself", "unit_id <> parent_id")
            .unique(&["unit_id", "valid_from"])
            .unique_while_valid(&["unit_id"], None)
            .index(&["parent_id"])
            .create(manager)
            .await?;
        NewTable::named("unit_ancestry")
            .reference("ancestor_id", "unit")
            .reference("unit_id", "unit")
            .day("valid_from")
            .day("valid_to")
            .integer("depth")
            .primary_key(&["ancestor_id", "unit_id", "valid_from"])
            .check("validity", "valid_from < valid_to")
            .check("depth", "(depth = 0) = (ancestor_id = unit_id)")
            .index(&["unit_id", "ancestor_id"])
            .create(manager)
            .await?;
        NewTable::with_id("unit_code")
            .reference("unit_id", "unit")
            .text("scheme")
            .text("value")
            .validity()
            .index(&["unit_id"])
            .unique_while_valid(&["scheme", "value"], None)
            .create(manager)
            .await?;
        NewTable::with_id("unit_statistics")
            .reference("unit_id", "unit")
            .day("as_of")
            .big_integer_or_null("workers")
            .big_integer_or_null("members")
            .big_integer_or_null("women_members")
            .text_or_null("source")
            .version()
            .check("counts", "workers >= 0 AND members >= 0 AND women_members >= 0")
            .check("women_of_members", "women_members <= members")
            .check("members_of_workers", "members <= workers")
            .unique(&["unit_id", "as_of"])
            .create(manager)
            .await?;
        NewTable::named("name_key")
            .one_of("subject", &["UNIT", "CLUSTER", "AWARD"])
            .bytes("key")
            .uuid("subject_id")
            .primary_key(&["subject", "key", "subject_id"])
            .index(&["subject_id"])
            .create(manager)
            .await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await
    }
}
