//! What the queries and mutations of periods, indicators and forms take.

use async_graphql::{ID, InputObject};
use chrono::NaiveDate;
use thidua_entity::enums::{Aggregation, Dimension, HeadCount, NumberForm, PeriodKind, Sector, SizeMeasure, UnitKind};

use super::rules::ReportFormRuleInput;
use crate::error::Result;
use crate::forms::answer::Choice;
use crate::forms::bounds::Bounds;
use crate::forms::content::{FilledInBy, FormContent, Item, Section, Size};
use crate::forms::rules::Rule;
use crate::forms::store::FormDueDay;
use crate::forms::{store, usecases};
use crate::graphql::read_id;
use crate::ids::Kind;
use crate::reports::graphql::figures::Decimal;

/// Which periods a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct PeriodWhere {
    /// Only these kinds.
    kinds: Option<Vec<PeriodKind>>,
    /// Only the period with this code.
    code: Option<String>,
    /// Only periods that contain this day.
    contains: Option<NaiveDate>,
}

impl PeriodWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> store::PeriodFilter {
        store::PeriodFilter {
            kinds: self.kinds,
            code: self.code,
            contains: self.contains,
        }
    }
}

/// Which forms a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct ReportFormWhere {
    /// Only the form with this code.
    code: Option<String>,
    /// Only forms that this kind of unit fills in now.
    filled_in_by: Option<UnitKind>,
    /// Only forms that this unit fills in now, by its kind, sector and size.
    for_unit_id: Option<ID>,
}

impl ReportFormWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<store::FormFilter> {
        Ok(store::FormFilter {
            code: self.code,
            filled_in_by: self.filled_in_by,
            unit: read_id(Kind::Unit, self.for_unit_id.as_ref())?,
        })
    }
}

/// A period to be set.
#[derive(InputObject)]
pub struct CreatePeriodInput {
    /// The unit that sets it, for the units below.
    pub owner_id: ID,
    /// Short code, unique for the owner.
    pub code: String,
    /// Name.
    pub name: String,
    /// What kind of span. Periods of one kind never overlap, but for `CUSTOM`.
    pub kind: PeriodKind,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, included.
    pub ends_on: NaiveDate,
    /// Last day on which a report is in time; may lie before the end.
    pub due_on: Option<NaiveDate>,
}

/// Another due day of a period.
#[derive(InputObject)]
pub struct SetPeriodDueDayInput {
    /// The period.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// Last day on which a report is in time; null when there is none.
    pub due_on: Option<NaiveDate>,
}

/// A due day of its own that a form has for a period.
#[derive(InputObject)]
pub struct SetReportFormDueDayInput {
    /// The form.
    pub form_id: ID,
    /// The period, of the kind that the form is for.
    pub period_id: ID,
    /// The version of the form's own due day that you saw; leave it out when it has none yet.
    pub version: Option<i32>,
    /// Last day on which a report is in time; may lie before the period ends. Null: the period's own due day holds again.
    pub due_on: Option<NaiveDate>,
    /// First day on which a report can be begun; left out, there is none.
    pub opens_on: Option<NaiveDate>,
    /// How many days after the due day a report is still taken without being marked late, at most 60.
    #[graphql(default)]
    pub grace_days: i32,
}

impl SetReportFormDueDayInput {
    /// The due day, if it is one.
    pub fn day(&self) -> Option<FormDueDay> {
        Some(FormDueDay {
            due_on: self.due_on?,
            opens_on: self.opens_on,
            grace_days: self.grace_days,
        })
    }
}

/// More time for the report of a unit.
#[derive(InputObject)]
pub struct ExtendReportInput {
    /// The unit.
    pub unit_id: ID,
    /// The form.
    pub form_id: ID,
    /// The period, of the kind that the form is for.
    pub period_id: ID,
    /// Last day on which the unit's report is in time: later than it would be otherwise, and not past.
    pub until: NaiveDate,
    /// Why; the unit reads it: `Mất điện do bão số 10`.
    pub reason: String,
}

/// An indicator to be added to the common catalogue.
#[derive(InputObject)]
pub struct CreateIndicatorInput {
    /// Stable code, unique.
    code: String,
    /// Vietnamese name.
    name: String,
    /// Unit of measure.
    unit_of_measure: String,
    /// What its text may look like.
    number_form: NumberForm,
    /// Stock, flow, rate, or not added up; choices and texts are `NONE`, yes or no is `STOCK` or `FLOW`.
    aggregation: Aggregation,
    /// For a rate: code of the indicator above the line.
    numerator_code: Option<String>,
    /// For a rate: code of the indicator below the line.
    denominator_code: Option<String>,
    /// The least that a figure may be, for numbers.
    lowest: Option<Decimal>,
    /// The most that a figure may be, for numbers.
    highest: Option<Decimal>,
    /// Which head count of a unit it is, if it is one: reports are then offered what is recorded of the unit (`unit { statistics }`). Only for
    /// INTEGER and STOCK.
    head_count: Option<HeadCount>,
    /// By which dimensions a form may ask for it too; only for what adds up.
    #[graphql(default)]
    dimensions: Vec<Dimension>,
    /// For `CHOICE`: what can be chosen, in order; 2 to 50.
    #[graphql(default)]
    choices: Vec<IndicatorChoiceInput>,
    /// What is counted, and what is not.
    description: Option<String>,
}

/// Which head count of a unit an indicator is.
#[derive(InputObject)]
pub struct SetIndicatorHeadCountInput {
    /// The indicator.
    pub id: ID,
    /// The version you saw.
    pub version: i32,
    /// Which; null when it is none. Only for INTEGER and STOCK.
    pub head_count: Option<HeadCount>,
}

impl CreateIndicatorInput {
    /// The indicator as the use-case takes it.
    pub fn read(self) -> usecases::NewIndicator {
        let choice = |input: IndicatorChoiceInput| Choice {
            code: input.code,
            label: input.label,
        };
        usecases::NewIndicator {
            code: self.code,
            name: self.name,
            unit_of_measure: self.unit_of_measure,
            number_form: self.number_form,
            aggregation: self.aggregation,
            numerator: self.numerator_code,
            denominator: self.denominator_code,
            bounds: bounds(self.lowest, self.highest),
            dimensions: self.dimensions,
            head_count: self.head_count,
            choices: self.choices.into_iter().map(choice).collect(),
            description: self.description,
        }
    }
}

fn bounds(lowest: Option<Decimal>, highest: Option<Decimal>) -> Bounds {
    Bounds {
        lowest: lowest.map(|lowest| lowest.0),
        highest: highest.map(|highest| highest.0),
    }
}

/// A choice that an indicator offers.
#[derive(InputObject)]
pub struct IndicatorChoiceInput {
    /// Stable code, unique for the indicator.
    code: String,
    /// Vietnamese name, at most 200 characters.
    label: String,
}

/// A form to be made.
#[derive(InputObject)]
pub struct CreateReportFormInput {
    /// The unit that issues it, for the units below.
    pub owner_id: ID,
    /// Short code, unique for the owner.
    pub code: String,
    /// Name.
    pub name: String,
    /// Kind of period for which it is filled in.
    pub periodicity: PeriodKind,
}

/// What the next version of a form holds.
#[derive(InputObject)]
pub struct WriteReportFormDraftInput {
    /// The form.
    pub form_id: ID,
    /// Kinds of unit that fill it in, all of one level.
    unit_kinds: Vec<UnitKind>,
    /// Only units of these sectors fill it in; those of every sector when there are none. A unit whose sector is not known is not left
    /// out.
    #[graphql(default)]
    sectors: Vec<Sector>,
    /// Only units of this size fill it in; those of every size when left out. A unit that was never counted is not left out.
    size: Option<UnitSizeInput>,
    /// Its sections, in order; at most 40, with at most 200 indicators on all of them.
    sections: Vec<ReportFormSectionInput>,
    /// Rules between its figures, in order; at most 100. Like all else they are written anew: what is left out is on the draft no more.
    #[graphql(default)]
    rules: Vec<ReportFormRuleInput>,
    /// The text it rests on.
    legal_basis: Option<String>,
    /// The `version` of the draft that you saw; leave it out when there is no draft yet.
    pub version: Option<i32>,
}

/// Which size units have that fill in a form: by their newest head count on or before the last day of the period.
#[derive(InputObject)]
pub struct UnitSizeInput {
    /// By what it is measured.
    by: SizeMeasure,
    /// From how many on.
    fewest: Option<i64>,
    /// Up to how many.
    most: Option<i64>,
}

/// A section of a form.
#[derive(InputObject)]
pub struct ReportFormSectionInput {
    /// Its title; the only section of a form may do without.
    title: Option<String>,
    /// How to fill it in.
    help: Option<String>,
    /// Its indicators, in order; no rates.
    items: Vec<ReportFormItemInput>,
}

/// An indicator on a form.
#[derive(InputObject)]
pub struct ReportFormItemInput {
    /// Code of the indicator.
    indicator_code: String,
    /// Whether a report cannot be sent without it.
    #[graphql(default = false)]
    required: bool,
    /// How to fill it in on this form.
    help: Option<String>,
    /// The least that a figure may be on this form, not below the bound of the indicator.
    lowest: Option<Decimal>,
    /// The most that a figure may be on this form, not above the bound of the indicator.
    highest: Option<Decimal>,
    /// By which dimensions it is asked for too, out of those that the indicator offers.
    #[graphql(default)]
    dimensions: Vec<Dimension>,
}

impl WriteReportFormDraftInput {
    /// The content as the use-case takes it.
    pub fn content(self) -> FormContent {
        let size = |input: UnitSizeInput| Size {
            by: input.by,
            fewest: input.fewest,
            most: input.most,
        };
        let item = |input: ReportFormItemInput| Item {
            indicator: input.indicator_code,
            required: input.required,
            help: input.help,
            bounds: bounds(input.lowest, input.highest),
            dimensions: input.dimensions,
        };
        let section = |input: ReportFormSectionInput| Section {
            title: input.title,
            help: input.help,
            items: input.items.into_iter().map(item).collect(),
        };
        FormContent {
            filled_in_by: FilledInBy {
                unit_kinds: self.unit_kinds,
                sectors: self.sectors,
                size: self.size.map(size),
            },
            sections: self.sections.into_iter().map(section).collect(),
            rules: self.rules.into_iter().map(Rule::from).collect(),
            legal_basis: self.legal_basis,
        }
    }
}

/// A version of a form that takes a step in its life.
#[derive(InputObject)]
pub struct ReportFormVersionStepInput {
    /// The form.
    pub form_id: ID,
    /// Number of the form's version: 1, 2, 3 …
    pub number: i32,
    /// The `version` you saw of it: how often it had been changed.
    pub version: i32,
}
