//! What changed between two versions of a form, as REST shows it.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::form::{HeadJson, ItemJson};
use super::rules::RuleChangeJson;
use crate::forms::difference::{HeadPart, Heading, ItemAt, ItemPart, SectionPart};
use crate::forms::store::Compared;

/// What changed from one version of a form to another.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DifferenceJson {
    /// The version that is compared with the other.
    from: HeadJson,
    /// The other version.
    to: HeadJson,
    /// What changed above the sections: `LEGAL_BASIS`, `UNIT_KINDS`, `SECTORS`, `SIZE`.
    #[schema(value_type = Vec<String>)]
    changed: Vec<HeadPart>,
    /// Sections that are not what they were, in the order of `to`, then those that are gone.
    sections: Vec<SectionChangeJson>,
    /// Items that are not what they were, in the order of `to`, then those that are gone.
    items: Vec<ItemChangeJson>,
    /// Rules that are not what they were, in the order of `to`, then those that are gone.
    rules: Vec<RuleChangeJson>,
}

/// What became of a section.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SectionChangeJson {
    /// As it was; null when it is new.
    before: Option<HeadingJson>,
    /// As it is; null when it is gone.
    after: Option<HeadingJson>,
    /// What changed: `ADDED`, `REMOVED`, `PLACE`, `TITLE`, `HELP`.
    #[schema(value_type = Vec<String>)]
    changed: Vec<SectionPart>,
}

/// A section without its items.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeadingJson {
    /// Order on the form, from 1.
    position: i32,
    /// Its title.
    title: Option<String>,
    /// How to fill it in.
    help: Option<String>,
}

impl From<Heading> for HeadingJson {
    fn from(heading: Heading) -> Self {
        Self {
            position: heading.position,
            title: heading.title,
            help: heading.help,
        }
    }
}

/// What became of an item.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemChangeJson {
    /// As it was; null when it is new.
    before: Option<ItemAtJson>,
    /// As it is; null when it is gone.
    after: Option<ItemAtJson>,
    /// What changed: `ADDED`, `REMOVED`, `PLACE`, `REQUIRED`, `HELP`, `BOUNDS`, `DIMENSIONS`.
    #[schema(value_type = Vec<String>)]
    changed: Vec<ItemPart>,
}

/// An item where it stands.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemAtJson {
    /// Order of its section, from 1.
    section: i32,
    /// Order on the form, from 1.
    position: i32,
    /// The item.
    #[serde(flatten)]
    item: ItemJson,
}

impl From<Compared> for DifferenceJson {
    fn from(compared: Compared) -> Self {
        let names: HashMap<&str, &str> = compared
            .indicators
            .iter()
            .map(|row| (row.code.as_str(), row.name.as_str()))
            .collect();
        let item = |at: ItemAt| ItemAtJson {
            section: at.section,
            position: at.position,
            item: ItemJson::of(at.item, &names),
        };
        let difference = compared.difference;
        let sections = difference.sections.into_iter().map(|change| SectionChangeJson {
            before: change.before.map(HeadingJson::from),
            after: change.after.map(HeadingJson::from),
            changed: change.changed,
        });
        let items = difference.items.into_iter().map(|change| ItemChangeJson {
            before: change.before.map(item),
            after: change.after.map(item),
            changed: change.changed,
        });
        Self {
            from: compared.from.into(),
            to: compared.to.into(),
            changed: difference.head,
            sections: sections.collect(),
            items: items.collect(),
            rules: difference.rules.into_iter().map(RuleChangeJson::from).collect(),
        }
    }
}
