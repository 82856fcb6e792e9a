//! Versions of forms as the schema shows them: who fills them in, sections, items.

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use thidua_entity::enums::{Dimension, FormState, Sector, SizeMeasure, UnitKind};
use thidua_entity::{indicator, report_form_section, report_form_version};

use super::{Indicator, IndicatorId, ItemsOf, KindsOf, ReportFormRule, RulesOf, SectionsOf, SectorsOf};
use crate::forms::content::{self, Size};
use crate::forms::difference::ItemAt;
use crate::forms::store;
use crate::graphql::{id, loaded, loaders};
use crate::ids::Kind;
use crate::reports::graphql::figures::Decimal;

/// One version of a form.
#[derive(Clone)]
pub struct ReportFormVersion(pub report_form_version::Model);

/// One version of a form: which indicators, who fills it in, by what authority.
#[Object]
impl ReportFormVersion {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::ReportFormVersion, self.0.id)
    }
    /// 1, 2, 3 …
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// Draft, published, retired.
    async fn state(&self) -> FormState {
        self.0.state
    }
    /// The text it rests on.
    async fn legal_basis(&self) -> Option<&str> {
        self.0.legal_basis.as_deref()
    }
    /// When it was published.
    async fn published_at(&self) -> Option<DateTime<Utc>> {
        self.0.published_at
    }
    /// Kinds of unit that fill it in, all of one level.
    async fn unit_kinds(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<UnitKind>> {
        let kinds = loaded(loaders(ctx)?.load_one(KindsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(kinds.iter().map(|row| row.unit_kind).collect())
    }
    /// Only units of these sectors fill it in, and those whose sector is not known; empty when those of every sector do.
    async fn sectors(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Sector>> {
        let sectors = loaded(loaders(ctx)?.load_one(SectorsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(sectors.iter().map(|row| row.sector).collect())
    }
    /// Only units of this size fill it in, and those that were never counted; null when those of every size do.
    async fn size(&self) -> Option<UnitSize> {
        store::size(&self.0).map(UnitSize::from)
    }
    /// Its sections with their items, in order; at most 40.
    #[graphql(complexity = "4 * child_complexity")]
    async fn sections(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ReportFormSection>> {
        let sections = loaded(loaders(ctx)?.load_one(SectionsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(sections.iter().cloned().map(ReportFormSection).collect())
    }
    /// Rules between its figures, in order; at most 100. They are judged when a report on it is sent.
    #[graphql(complexity = "10 * child_complexity")]
    async fn rules(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ReportFormRule>> {
        let rules = loaded(loaders(ctx)?.load_one(RulesOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rules
            .iter()
            .map(|row| (row.position, store::rule(row)).into())
            .collect())
    }
    /// Counts changes; give it back as `version` when you publish or retire.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Which size units have that fill in a form: by their newest head count on or before the last day of the period.
#[derive(Clone, SimpleObject)]
pub struct UnitSize {
    /// By what it is measured.
    by: SizeMeasure,
    /// From how many on; null when there is no such bound.
    fewest: Option<i64>,
    /// Up to how many; null when there is no such bound.
    most: Option<i64>,
}

impl From<Size> for UnitSize {
    fn from(size: Size) -> Self {
        Self {
            by: size.by,
            fewest: size.fewest,
            most: size.most,
        }
    }
}

/// A section of a form.
#[derive(Clone)]
pub struct ReportFormSection(report_form_section::Model);

/// A section of a form with its items.
#[Object]
impl ReportFormSection {
    /// Order on the form, from 1.
    async fn position(&self) -> i32 {
        self.0.position
    }
    /// Its title; null for the only section of a form without titles.
    async fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }
    /// How to fill it in.
    async fn help(&self) -> Option<&str> {
        self.0.help.as_deref()
    }
    /// Its items, in order; at most 200 on all of the form.
    #[graphql(complexity = "10 * child_complexity")]
    async fn items(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ReportFormItem>> {
        let loaders = loaders(ctx)?;
        let items = loaded(loaders.load_one(ItemsOf(self.0.form_version_id)).await)?.unwrap_or_default();
        let here = || items.iter().filter(|item| item.section == self.0.position);
        let indicators = loaded(
            loaders
                .load_many(here().map(|item| IndicatorId(item.indicator_id)))
                .await,
        )?;
        let shown = here().filter_map(|row| {
            let indicator = indicators.get(&IndicatorId(row.indicator_id))?;
            Some(ReportFormItem {
                section: row.section,
                position: row.position,
                required: row.required,
                help: row.help.clone(),
                lowest: row.lowest.map(Decimal),
                highest: row.highest.map(Decimal),
                dimensions: content::dimensions(row.by_women, row.by_sector),
                indicator: Indicator(indicator.clone()),
            })
        });
        Ok(shown.collect())
    }
}

/// An indicator on a form.
#[derive(Clone, SimpleObject)]
pub struct ReportFormItem {
    /// Order of its section on the form, from 1.
    section: i32,
    /// Order on the form, from 1, over all sections.
    position: i32,
    /// Whether a report cannot be sent without it. Its parts are never compulsory.
    required: bool,
    /// How to fill it in on this form.
    help: Option<String>,
    /// The least that a figure may be on this form; null when the bound of the indicator holds.
    lowest: Option<Decimal>,
    /// The most that a figure may be on this form; null when the bound of the indicator holds.
    highest: Option<Decimal>,
    /// By which dimensions it is asked for too.
    dimensions: Vec<Dimension>,
    /// The indicator.
    indicator: Indicator,
}

impl ReportFormItem {
    /// An item out of what a version holds, if its indicator is among these.
    pub fn of(at: ItemAt, indicators: &[indicator::Model]) -> Option<Self> {
        let indicator = indicators.iter().find(|row| row.code == at.item.indicator)?;
        Some(Self {
            section: at.section,
            position: at.position,
            required: at.item.required,
            help: at.item.help,
            lowest: at.item.bounds.lowest.map(Decimal),
            highest: at.item.bounds.highest.map(Decimal),
            dimensions: at.item.dimensions,
            indicator: Indicator(indicator.clone()),
        })
    }
}
