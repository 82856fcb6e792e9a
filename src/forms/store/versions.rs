//! SQL of the versions of forms and what they hold.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Set};
use thidua_entity::enums::{Dimension, FormState};
use thidua_entity::{
    indicator, report_form, report_form_item, report_form_kind, report_form_section, report_form_sector,
    report_form_version,
};
use uuid::Uuid;

use super::rules::{self, rule};
use super::{View, find_form, indicators};
use crate::error::{Error, Result};
use crate::forms::bounds::Bounds;
use crate::forms::content::{self, FilledInBy, FormContent, Item, Section, Size};
use crate::forms::difference::{self, Difference};
use crate::{db, version};

/// Versions of some forms, the newest first.
pub async fn versions(connection: &impl ConnectionTrait, forms: &[Uuid]) -> Result<Vec<report_form_version::Model>> {
    let versions = report_form_version::Entity::find()
        .filter(report_form_version::Column::FormId.is_in(forms.iter().copied()))
        .order_by_desc(report_form_version::Column::Number);
    Ok(versions.all(connection).await?)
}

/// Versions by id.
pub async fn versions_by_id(
    connection: &impl ConnectionTrait,
    ids: &[Uuid],
) -> Result<Vec<report_form_version::Model>> {
    let versions = report_form_version::Entity::find();
    Ok(versions
        .filter(report_form_version::Column::Id.is_in(ids.iter().copied()))
        .all(connection)
        .await?)
}

/// The version in which a form is filled in now.
pub async fn published(connection: &impl ConnectionTrait, form: Uuid) -> Result<Option<report_form_version::Model>> {
    let published = report_form_version::Entity::find()
        .filter(report_form_version::Column::FormId.eq(form))
        .filter(report_form_version::Column::State.eq(FormState::Published));
    Ok(published
        .order_by_desc(report_form_version::Column::Number)
        .one(connection)
        .await?)
}

/// Indicators on some versions, in the order of the form.
pub async fn items(connection: &impl ConnectionTrait, versions: &[Uuid]) -> Result<Vec<report_form_item::Model>> {
    let items = report_form_item::Entity::find()
        .filter(report_form_item::Column::FormVersionId.is_in(versions.iter().copied()))
        .order_by_asc(report_form_item::Column::Position);
    Ok(items.all(connection).await?)
}

/// Sections of some versions, in the order of the form.
pub async fn sections(connection: &impl ConnectionTrait, versions: &[Uuid]) -> Result<Vec<report_form_section::Model>> {
    let sections = report_form_section::Entity::find()
        .filter(report_form_section::Column::FormVersionId.is_in(versions.iter().copied()))
        .order_by_asc(report_form_section::Column::Position);
    Ok(sections.all(connection).await?)
}

/// Kinds of unit that fill in some versions.
pub async fn kinds(connection: &impl ConnectionTrait, versions: &[Uuid]) -> Result<Vec<report_form_kind::Model>> {
    let kinds = report_form_kind::Entity::find()
        .filter(report_form_kind::Column::FormVersionId.is_in(versions.iter().copied()));
    let mut kinds = kinds.all(connection).await?;
    kinds.sort_unstable_by_key(|row| row.unit_kind);
    Ok(kinds)
}

/// Sectors of the units that fill in some versions; those of a version without any are of every sector.
pub async fn sectors(connection: &impl ConnectionTrait, versions: &[Uuid]) -> Result<Vec<report_form_sector::Model>> {
    let sectors = report_form_sector::Entity::find()
        .filter(report_form_sector::Column::FormVersionId.is_in(versions.iter().copied()));
    let mut sectors = sectors.all(connection).await?;
    sectors.sort_unstable_by_key(|row| row.sector);
    Ok(sectors)
}

/// The size of the units that fill in a version.
pub fn size(version: &report_form_version::Model) -> Option<Size> {
    Some(Size {
        by: version.size_by?,
        fewest: version.size_fewest,
        most: version.size_most,
    })
}

/// The bounds that an item sets, tighter than its indicator's.
pub const fn item_bounds(item: &report_form_item::Model) -> Bounds {
    Bounds {
        lowest: item.lowest,
        highest: item.highest,
    }
}

/// The bounds of an indicator.
pub const fn indicator_bounds(indicator: &indicator::Model) -> Bounds {
    Bounds {
        lowest: indicator.lowest,
        highest: indicator.highest,
    }
}

/// What some versions hold, in the order in which they are given, and the indicators on any of them.
pub async fn contents(
    connection: &impl ConnectionTrait,
    versions: &[&report_form_version::Model],
) -> Result<(Vec<FormContent>, Vec<indicator::Model>)> {
    let ids: Vec<Uuid> = versions.iter().map(|version| version.id).collect();
    let (kinds, sectors) = (kinds(connection, &ids).await?, sectors(connection, &ids).await?);
    let (sections, items) = (sections(connection, &ids).await?, items(connection, &ids).await?);
    let rules = rules::rules(connection, &ids).await?;
    let on_any: Vec<Uuid> = items.iter().map(|item| item.indicator_id).collect();
    let indicators = indicators(connection, &on_any).await?;
    let codes: HashMap<Uuid, &str> = indicators.iter().map(|row| (row.id, row.code.as_str())).collect();
    let item = |row: &report_form_item::Model| {
        Some(Item {
            indicator: (*codes.get(&row.indicator_id)?).to_owned(),
            required: row.required,
            help: row.help.clone(),
            bounds: item_bounds(row),
            dimensions: content::dimensions(row.by_women, row.by_sector),
        })
    };
    let section = |row: &report_form_section::Model| {
        let of_it = |item: &&report_form_item::Model| {
            item.form_version_id == row.form_version_id && item.section == row.position
        };
        Section {
            title: row.title.clone(),
            help: row.help.clone(),
            items: items.iter().filter(of_it).filter_map(item).collect(),
        }
    };
    let content = |version: &&report_form_version::Model| FormContent {
        filled_in_by: FilledInBy {
            unit_kinds: kinds
                .iter()
                .filter(|row| row.form_version_id == version.id)
                .map(|row| row.unit_kind)
                .collect(),
            sectors: sectors
                .iter()
                .filter(|row| row.form_version_id == version.id)
                .map(|row| row.sector)
                .collect(),
            size: size(version),
        },
        sections: sections
            .iter()
            .filter(|row| row.form_version_id == version.id)
            .map(section)
            .collect(),
        rules: rules
            .iter()
            .filter(|row| row.form_version_id == version.id)
            .map(rule)
            .collect(),
        legal_basis: version.legal_basis.clone(),
    };
    let contents = versions.iter().map(content).collect();
    Ok((contents, indicators))
}

/// Two versions of a form, and what changed from the one to the other.
pub struct Compared {
    /// The version that is compared with the other, and what it holds.
    pub from: (report_form_version::Model, FormContent),
    /// The other version, and what it holds.
    pub to: (report_form_version::Model, FormContent),
    /// What changed.
    pub difference: Difference,
    /// The indicators on either.
    pub indicators: Vec<indicator::Model>,
}

/// Compares two versions, by their numbers, of a form that is seen.
pub async fn compared(
    connection: &impl ConnectionTrait,
    view: View<'_>,
    form: Uuid,
    (from, to): (i32, i32),
) -> Result<Compared> {
    find_form(connection, view, form).await?;
    let versions = versions(connection, &[form]).await?;
    let numbered = |number: i32| {
        let found = versions.iter().find(|version| version.number == number);
        found.cloned().ok_or(Error::NotFound)
    };
    let (from, to) = (numbered(from)?, numbered(to)?);
    let (contents, indicators) = contents(connection, &[&from, &to]).await?;
    let mut contents = contents.into_iter();
    let (Some(before), Some(after)) = (contents.next(), contents.next()) else {
        return Err(Error::NotFound);
    };
    Ok(Compared {
        difference: difference::between(&before, &after),
        from: (from, before),
        to: (to, after),
        indicators,
    })
}

/// Writes anew what a draft version holds; `indicators` are those of its items, in order. Statements do not grow with items.
pub async fn put_content(
    tx: &impl ConnectionTrait,
    form_version: Uuid,
    content: &FormContent,
    indicators: &[indicator::Model],
) -> Result<()> {
    report_form_kind::Entity::delete_many()
        .filter(report_form_kind::Column::FormVersionId.eq(form_version))
        .exec(tx)
        .await?;
    report_form_sector::Entity::delete_many()
        .filter(report_form_sector::Column::FormVersionId.eq(form_version))
        .exec(tx)
        .await?;
    report_form_item::Entity::delete_many()
        .filter(report_form_item::Column::FormVersionId.eq(form_version))
        .exec(tx)
        .await?;
    report_form_section::Entity::delete_many()
        .filter(report_form_section::Column::FormVersionId.eq(form_version))
        .exec(tx)
        .await?;
    let by = &content.filled_in_by;
    let kinds = by.unit_kinds.iter().map(|&unit_kind| report_form_kind::ActiveModel {
        form_version_id: Set(form_version),
        unit_kind: Set(unit_kind),
    });
    report_form_kind::Entity::insert_many(kinds)
        .exec_without_returning(tx)
        .await?;
    if !by.sectors.is_empty() {
        let sectors = by.sectors.iter().map(|&sector| report_form_sector::ActiveModel {
            form_version_id: Set(form_version),
            sector: Set(sector),
        });
        report_form_sector::Entity::insert_many(sectors)
            .exec_without_returning(tx)
            .await?;
    }
    let sections = (1..)
        .zip(&content.sections)
        .map(|(position, section)| report_form_section::ActiveModel {
            form_version_id: Set(form_version),
            position: Set(position),
            title: Set(section.title.clone()),
            help: Set(section.help.clone()),
        });
    report_form_section::Entity::insert_many(sections)
        .exec_without_returning(tx)
        .await?;
    let items = content.placed().zip(indicators).map(|(placed, indicator)| {
        let item = placed.item;
        let asks = |dimension| item.dimensions.contains(&dimension);
        report_form_item::ActiveModel {
            form_version_id: Set(form_version),
            indicator_id: Set(indicator.id),
            section: Set(placed.section),
            position: Set(placed.position),
            required: Set(item.required),
            help: Set(item.help.clone()),
            lowest: Set(item.bounds.lowest),
            highest: Set(item.bounds.highest),
            by_women: Set(asks(Dimension::Women)),
            by_sector: Set(asks(Dimension::Sector)),
        }
    });
    report_form_item::Entity::insert_many(items)
        .exec_without_returning(tx)
        .await?;
    rules::put(tx, form_version, &content.rules).await
}

/// Moves a version to another state, if it still has the state and version that were read.
pub async fn set_state(
    tx: &impl ConnectionTrait,
    read: &report_form_version::Model,
    version: i32,
    state: FormState,
    published_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let mut update = report_form_version::Entity::update_many()
        .col_expr(report_form_version::Column::State, Expr::val(state))
        .col_expr(report_form_version::Column::Version, Expr::val(version::next(version)))
        .filter(report_form_version::Column::Id.eq(read.id))
        .filter(report_form_version::Column::State.eq(read.state))
        .filter(report_form_version::Column::Version.eq(version));
    if let Some(at) = published_at {
        update = update.col_expr(report_form_version::Column::PublishedAt, Expr::val(at));
    }
    db::one_changed(update.exec(tx).await?.rows_affected, read.version)
}

/// Writes what a draft's own row tells of its content, if it still has this version. Tells how many rows that were.
pub async fn set_head(
    tx: &impl ConnectionTrait,
    draft: &report_form_version::Model,
    content: &FormContent,
) -> Result<u64> {
    use report_form_version::Column;
    let head = report_form_version::ActiveModel {
        version: Set(version::next(draft.version)),
        ..head(content)
    };
    let changed = report_form_version::Entity::update_many()
        .set(head)
        .filter(Column::Id.eq(draft.id))
        .filter(Column::Version.eq(draft.version))
        .exec(tx)
        .await?;
    Ok(changed.rows_affected)
}

/// What the row of a version tells of its content.
pub fn head(content: &FormContent) -> report_form_version::ActiveModel {
    let size = content.filled_in_by.size;
    report_form_version::ActiveModel {
        legal_basis: Set(content.legal_basis.clone()),
        size_by: Set(size.map(|size| size.by)),
        size_fewest: Set(size.and_then(|size| size.fewest)),
        size_most: Set(size.and_then(|size| size.most)),
        ..Default::default()
    }
}

/// Locks a form's row until the transaction ends, so that two writers of its versions wait for each other.
pub async fn lock_form(tx: &impl ConnectionTrait, id: Uuid) -> Result<()> {
    report_form::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
    Ok(())
}
