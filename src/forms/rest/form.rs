//! Forms and their versions as REST shows them.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use thidua_entity::enums::{Dimension, FormState, PeriodKind, Sector, SizeMeasure, UnitKind};
use thidua_entity::{Fixed4, indicator, report_form, report_form_version};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::forms::content::{FormContent, Item, Section, Size};
use crate::forms::deadline::Deadline;
use crate::ids::Kind;

/// A form of report under one code.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The unit that issues it, for the units below.
    owner_id: String,
    /// Short code, unique for the unit that issues it.
    code: String,
    /// Name as written.
    name: String,
    /// Kind of period for which it is filled in.
    periodicity: PeriodKind,
}

impl From<report_form::Model> for FormJson {
    fn from(row: report_form::Model) -> Self {
        Self {
            id: Kind::ReportForm.id(row.id),
            owner_id: Kind::Unit.id(row.owner_id),
            code: row.code,
            name: row.name,
            periodicity: row.periodicity,
        }
    }
}

/// A form with its versions and what one of them holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WholeFormJson {
    /// The form.
    #[serde(flatten)]
    pub form: FormJson,
    /// Its versions, the newest first.
    pub versions: Vec<FormVersionJson>,
    /// The version that was asked for, else the published one; null when none is published.
    pub content: Option<FormContentJson>,
}

/// One version of a form, without what it holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormVersionJson {
    /// Opaque id, the same on GraphQL and in a report.
    id: String,
    /// 1, 2, 3 …
    number: i32,
    /// Draft, published, retired.
    state: FormState,
    /// When it was published.
    published_at: Option<DateTime<Utc>>,
}

impl From<&report_form_version::Model> for FormVersionJson {
    fn from(row: &report_form_version::Model) -> Self {
        Self {
            id: Kind::ReportFormVersion.id(row.id),
            number: row.number,
            state: row.state,
            published_at: row.published_at,
        }
    }
}

/// What a version of a form holds.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FormContentJson {
    /// What stands above the sections.
    #[serde(flatten)]
    head: HeadJson,
    /// Its sections, in order.
    sections: Vec<SectionJson>,
}

/// What stands above the sections of a version of a form: by what authority it is, and who fills it in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HeadJson {
    /// Number of the version.
    number: i32,
    /// The text it rests on.
    legal_basis: Option<String>,
    /// Kinds of unit that fill it in, all of one level.
    unit_kinds: Vec<UnitKind>,
    /// Only units of these sectors fill it in, and those whose sector is not known; empty when those of every sector do.
    sectors: Vec<Sector>,
    /// Only units of this size fill it in, and those that were never counted; null when those of every size do.
    size: Option<SizeJson>,
}

impl From<(report_form_version::Model, FormContent)> for HeadJson {
    fn from((version, content): (report_form_version::Model, FormContent)) -> Self {
        let by = content.filled_in_by;
        Self {
            number: version.number,
            legal_basis: content.legal_basis,
            unit_kinds: by.unit_kinds,
            sectors: by.sectors,
            size: by.size.map(SizeJson::from),
        }
    }
}

impl FormContentJson {
    /// What a version holds; `indicators` are those on it.
    pub fn of(version: report_form_version::Model, mut content: FormContent, indicators: &[indicator::Model]) -> Self {
        let names: HashMap<&str, &str> = indicators
            .iter()
            .map(|row| (row.code.as_str(), row.name.as_str()))
            .collect();
        let section = |section: Section| SectionJson {
            title: section.title,
            help: section.help,
            items: section
                .items
                .into_iter()
                .map(|item| ItemJson::of(item, &names))
                .collect(),
        };
        let sections = std::mem::take(&mut content.sections).into_iter().map(section);
        Self {
            sections: sections.collect(),
            head: (version, content).into(),
        }
    }
}

/// Which size units have that fill in a form: by their newest head count on or before the last day of the period.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SizeJson {
    /// By what it is measured.
    by: SizeMeasure,
    /// From how many on.
    fewest: Option<i64>,
    /// Up to how many.
    most: Option<i64>,
}

impl From<Size> for SizeJson {
    fn from(size: Size) -> Self {
        Self {
            by: size.by,
            fewest: size.fewest,
            most: size.most,
        }
    }
}

/// A section of a form.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SectionJson {
    /// Its title; null for the only section of a form without titles.
    title: Option<String>,
    /// How to fill it in.
    help: Option<String>,
    /// Its items, in order.
    items: Vec<ItemJson>,
}

/// An indicator on a form.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ItemJson {
    /// Code of the indicator.
    indicator_code: String,
    /// Vietnamese name of the indicator.
    name: String,
    /// Whether a report cannot be sent without it.
    required: bool,
    /// How to fill it in on this form.
    help: Option<String>,
    /// The least that a figure may be on this form, a decimal as a string; null when the bound of the indicator holds.
    #[schema(value_type = Option<String>)]
    lowest: Option<Fixed4>,
    /// The most that a figure may be on this form, a decimal as a string; null when the bound of the indicator holds.
    #[schema(value_type = Option<String>)]
    highest: Option<Fixed4>,
    /// By which dimensions it is asked for too.
    dimensions: Vec<Dimension>,
}

impl ItemJson {
    /// An item; `names` are those of the indicators by code.
    pub fn of(item: Item, names: &HashMap<&str, &str>) -> Self {
        Self {
            name: names
                .get(item.indicator.as_str())
                .copied()
                .unwrap_or_default()
                .to_owned(),
            indicator_code: item.indicator,
            required: item.required,
            help: item.help,
            lowest: item.bounds.lowest,
            highest: item.bounds.highest,
            dimensions: item.dimensions,
        }
    }
}

/// Until when reports on a form for a period are in time.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DueDayJson {
    /// The form.
    pub form_id: String,
    /// The period.
    pub period_id: String,
    /// First day on which a report can be begun; null for no such day.
    pub opens_on: Option<NaiveDate>,
    /// The due day; null when there is none. May lie before the period ends.
    pub due_on: Option<NaiveDate>,
    /// How many days after it a report is still taken without being marked late.
    pub grace_days: i32,
    /// Until when the unit named was given more time.
    pub extended_until: Option<NaiveDate>,
    /// Last day on which a report is not late.
    pub in_time_until: Option<NaiveDate>,
    /// Whether the form has a due day of its own for this period.
    pub is_own: bool,
}

impl DueDayJson {
    /// The due day of a form for a period.
    pub fn of((form, period): (Uuid, Uuid), deadline: Deadline, is_own: bool) -> Self {
        Self {
            form_id: Kind::ReportForm.id(form),
            period_id: Kind::Period.id(period),
            opens_on: deadline.opens_on,
            due_on: deadline.due_on,
            grace_days: deadline.grace_days,
            extended_until: deadline.extended_until,
            in_time_until: deadline.in_time_until(),
            is_own,
        }
    }
}
