//! What changed between two versions of a form, as the schema shows it.

use async_graphql::{Enum, Object, SimpleObject};

use super::rules::ReportFormRuleChange;
use super::{ReportFormItem, ReportFormVersion};
use crate::forms::difference::{HeadPart, Heading, ItemPart, SectionChange, SectionPart};
use crate::forms::store::Compared;

/// What changed from one version of a form to another. What has stayed the same is left out.
#[Object(name = "ReportFormDiff")]
impl Compared {
    /// The version that is compared with the other.
    async fn from(&self) -> ReportFormVersion {
        ReportFormVersion(self.from.0.clone())
    }
    /// The other version.
    async fn to(&self) -> ReportFormVersion {
        ReportFormVersion(self.to.0.clone())
    }
    /// What changed above the sections; what it was and is stands in `from` and `to`.
    async fn changed(&self) -> Vec<ReportFormHeadPart> {
        let parts = self.difference.head.iter().copied();
        parts.map(ReportFormHeadPart::from).collect()
    }
    /// Sections that are not what they were, in the order of `to`, then those that are gone.
    #[graphql(complexity = "4 * child_complexity")]
    async fn sections(&self) -> Vec<ReportFormSectionChange> {
        let changes = self.difference.sections.iter().cloned();
        changes.map(ReportFormSectionChange::from).collect()
    }
    /// Items that are not what they were, in the order of `to`, then those that are gone.
    #[graphql(complexity = "40 * child_complexity")]
    async fn items(&self) -> Vec<ReportFormItemChange> {
        let changes = self.difference.items.iter().cloned();
        changes
            .map(|change| ReportFormItemChange {
                before: change.before.and_then(|at| ReportFormItem::of(at, &self.indicators)),
                after: change.after.and_then(|at| ReportFormItem::of(at, &self.indicators)),
                changed: change.changed.into_iter().map(ReportFormItemPart::from).collect(),
            })
            .collect()
    }
    /// Rules that are not what they were, in the order of `to`, then those that are gone.
    #[graphql(complexity = "10 * child_complexity")]
    async fn rules(&self) -> Vec<ReportFormRuleChange> {
        let changes = self.difference.rules.iter().cloned();
        changes.map(ReportFormRuleChange::from).collect()
    }
}

/// What can change above the sections of a form.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "HeadPart")]
pub enum ReportFormHeadPart {
    /// The text it rests on.
    LegalBasis,
    /// Kinds of unit that fill it in.
    UnitKinds,
    /// Sectors of the units that fill it in.
    Sectors,
    /// Size of the units that fill it in.
    Size,
}

/// What became of a section.
#[derive(SimpleObject)]
pub struct ReportFormSectionChange {
    /// As it was; null when it is new.
    before: Option<ReportFormSectionHeading>,
    /// As it is; null when it is gone.
    after: Option<ReportFormSectionHeading>,
    /// What changed.
    changed: Vec<ReportFormSectionPart>,
}

impl From<SectionChange> for ReportFormSectionChange {
    fn from(change: SectionChange) -> Self {
        Self {
            before: change.before.map(ReportFormSectionHeading::from),
            after: change.after.map(ReportFormSectionHeading::from),
            changed: change.changed.into_iter().map(ReportFormSectionPart::from).collect(),
        }
    }
}

/// A section without its items.
#[derive(SimpleObject)]
pub struct ReportFormSectionHeading {
    /// Order on the form, from 1.
    position: i32,
    /// Its title.
    title: Option<String>,
    /// How to fill it in.
    help: Option<String>,
}

impl From<Heading> for ReportFormSectionHeading {
    fn from(heading: Heading) -> Self {
        Self {
            position: heading.position,
            title: heading.title,
            help: heading.help,
        }
    }
}

/// What can change of a section.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "SectionPart")]
pub enum ReportFormSectionPart {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands elsewhere among the sections.
    Place,
    /// Its title.
    Title,
    /// Its help text.
    Help,
}

/// What became of an item.
#[derive(SimpleObject)]
pub struct ReportFormItemChange {
    /// As it was; null when it is new.
    before: Option<ReportFormItem>,
    /// As it is; null when it is gone.
    after: Option<ReportFormItem>,
    /// What changed.
    changed: Vec<ReportFormItemPart>,
}

/// What can change of an item.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "ItemPart")]
pub enum ReportFormItemPart {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands in another section, or elsewhere among the items. What has only made room for others has not moved.
    Place,
    /// Whether it must be filled in.
    Required,
    /// Its help text.
    Help,
    /// Its bounds.
    Bounds,
    /// By which dimensions it is asked for.
    Dimensions,
}
