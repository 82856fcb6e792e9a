//! What a version of a form holds: who fills it in, its sections, its items, its rules, by what authority. The same for writing, reading
//! and comparing. Pure: what it says of indicators is looked up elsewhere.

use thidua_entity::enums::{Dimension, NumberForm, Sector, SizeMeasure, UnitKind};

use super::bounds::Bounds;
use super::rules::{self, Rule};
use crate::error::{Error, Problem, Result};
use crate::input;

/// Most indicators on a form.
pub const ITEMS_MAX: usize = 200;
/// Most sections of a form.
pub const SECTIONS_MAX: usize = 40;

/// What a version of a form holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormContent {
    /// Who fills it in.
    pub filled_in_by: FilledInBy,
    /// Its sections, in order.
    pub sections: Vec<Section>,
    /// Rules between its figures, in order.
    pub rules: Vec<Rule>,
    /// The text it rests on.
    pub legal_basis: Option<String>,
}

/// Who fills in a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledInBy {
    /// Kinds of unit, all of one level.
    pub unit_kinds: Vec<UnitKind>,
    /// Only units of these sectors; of all when there are none.
    pub sectors: Vec<Sector>,
    /// Only units of this size.
    pub size: Option<Size>,
}

/// The size of the units that fill in a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// By what it is measured.
    pub by: SizeMeasure,
    /// From how many on.
    pub fewest: Option<i64>,
    /// Up to how many.
    pub most: Option<i64>,
}

/// A section of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Its title; the only section of a form may do without.
    pub title: Option<String>,
    /// How to fill it in.
    pub help: Option<String>,
    /// Its items, in order.
    pub items: Vec<Item>,
}

/// An indicator on a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Code of the indicator.
    pub indicator: String,
    /// Whether a report cannot be sent without it.
    pub required: bool,
    /// How to fill it in on this form.
    pub help: Option<String>,
    /// Bounds tighter than those of the indicator; open where those hold.
    pub bounds: Bounds,
    /// By which dimensions it is asked for too.
    pub dimensions: Vec<Dimension>,
}

/// An item where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed<'a> {
    /// Order of its section on the form, from 1.
    pub section: i32,
    /// Order on the form, from 1, over all sections.
    pub position: i32,
    /// The item.
    pub item: &'a Item,
}

/// What an indicator allows a form to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Whether its figures are numbers that can be compared.
    pub is_number: bool,
    /// Its own bounds.
    pub bounds: Bounds,
    /// By which dimensions it may be broken down.
    pub dimensions: Vec<Dimension>,
}

impl FormContent {
    /// The items, each where it stands.
    pub fn placed(&self) -> impl Iterator<Item = Placed<'_>> {
        let sections = (1..).zip(&self.sections);
        let items = sections.flat_map(|(section, one)| one.items.iter().map(move |item| (section, item)));
        (1..).zip(items).map(|(position, (section, item))| Placed {
            section,
            position,
            item,
        })
    }

    /// The content as it can be kept: texts tidied, lists without repeats. Refuses what no form can hold, whatever its indicators.
    pub fn checked(self) -> Result<Self> {
        input::list_size("sections", self.sections.len(), SECTIONS_MAX)?;
        let items = self.sections.iter().map(|section| section.items.len()).sum();
        input::list_size("sections", items, ITEMS_MAX)?;
        if self.sections.is_empty() {
            return Err(Error::Invalid(vec![input::required("sections")]));
        }
        let alone = self.sections.len() == 1;
        let mut sections: Vec<Section> = Vec::with_capacity(self.sections.len());
        for (index, section) in self.sections.into_iter().enumerate() {
            let section = section.checked(index, alone)?;
            if sections.iter().any(|other| other.title == section.title) {
                return Err(Error::invalid(
                    "TWICE",
                    format!("sections.{index}.title"),
                    "Hai phần của biểu không thể có cùng tên.",
                    "Two sections of a form cannot have the same title.",
                ));
            }
            sections.push(section);
        }
        Ok(Self {
            filled_in_by: self.filled_in_by.checked()?,
            sections,
            rules: rules::tidied(self.rules)?,
            legal_basis: input::paragraph_or_none("legalBasis", self.legal_basis.as_deref())?,
        })
    }
}

impl Section {
    fn checked(self, index: usize, alone: bool) -> Result<Self> {
        let field = |name: &str| format!("sections.{index}.{name}");
        let title = input::line_or_none(&field("title"), self.title.as_deref())?;
        if title.is_none() && !alone {
            return Err(Error::Invalid(vec![input::required(&field("title"))]));
        }
        if self.items.is_empty() {
            return Err(Error::Invalid(vec![input::required(&field("items"))]));
        }
        let help = input::paragraph_or_none(&field("help"), self.help.as_deref())?;
        let items = self.items.into_iter().enumerate();
        let items = items.map(|(place, item)| item.checked(&format!("sections.{index}.items.{place}")));
        Ok(Self {
            title,
            help,
            items: items.collect::<Result<_>>()?,
        })
    }
}

impl Item {
    fn checked(mut self, path: &str) -> Result<Self> {
        self.help = input::paragraph_or_none(&format!("{path}.help"), self.help.as_deref())?;
        self.dimensions.sort_unstable();
        self.dimensions.dedup();
        Ok(self)
    }

    /// What is wrong with the item for its indicator, if anything.
    pub fn problem(&self, path: &str, offer: &Offer) -> Option<Problem> {
        let code = &self.indicator;
        bounds_problem(path, offer.is_number, self.bounds).or_else(|| {
            if !self.bounds.keep_to(offer.bounds) {
                let own = offer.bounds.text();
                return Some(Problem::new(
                    "BOUNDS_TOO_WIDE",
                    format!("{path}.lowest"),
                    format!(
                        "Giới hạn của biểu phải nằm trong giới hạn của chỉ tiêu `{code}` ({}).",
                        own.vi
                    ),
                    format!(
                        "The bounds of the form must lie within those of the indicator `{code}` ({}).",
                        own.en
                    ),
                ));
            }
            let refused = self.dimensions.iter().find(|one| !offer.dimensions.contains(one))?;
            let dimension = refused.code();
            Some(Problem::new(
                "DIMENSION_NOT_OFFERED",
                format!("{path}.dimensions"),
                format!("Chỉ tiêu `{code}` không được phân tổ theo {dimension}."),
                format!("The indicator `{code}` is not broken down by {dimension}."),
            ))
        })
    }
}

/// What is wrong with bounds, if anything. Only numbers that are typed have some; `path` leads to where they stand.
pub fn bounds_problem(path: &str, is_number: bool, bounds: Bounds) -> Option<Problem> {
    let field = if path.is_empty() {
        "lowest".to_owned()
    } else {
        format!("{path}.lowest")
    };
    if !is_number && !bounds.are_open() {
        return Some(Problem::new(
            "BOUNDS_NOT_ALLOWED",
            field,
            "Chỉ số liệu dạng số và được nhập trực tiếp mới có giới hạn.",
            "Only numbers that are typed have bounds.",
        ));
    }
    (!bounds.are_sound()).then(|| {
        Problem::new(
            "BOUNDS_INVALID",
            field,
            "Giới hạn dưới không thể lớn hơn giới hạn trên.",
            "The lowest cannot be more than the highest.",
        )
    })
}

/// Whether figures of this form are numbers that can be compared.
pub const fn is_number(form: NumberForm) -> bool {
    match form {
        NumberForm::Integer | NumberForm::Decimal | NumberForm::Money | NumberForm::Percentage => true,
        NumberForm::YesNo | NumberForm::Choice | NumberForm::Text => false,
    }
}

/// The dimensions that are asked for or offered, out of one mark for each.
pub fn dimensions(by_women: bool, by_sector: bool) -> Vec<Dimension> {
    let marked = |dimension: &Dimension| match dimension {
        Dimension::Women => by_women,
        Dimension::Sector => by_sector,
    };
    Dimension::ALL.iter().copied().filter(marked).collect()
}

impl FilledInBy {
    fn checked(mut self) -> Result<Self> {
        self.level()?;
        self.unit_kinds.sort_unstable();
        self.unit_kinds.dedup();
        self.sectors.sort_unstable();
        self.sectors.dedup();
        if let Some(size) = self.size {
            size.check()?;
        }
        Ok(self)
    }

    /// The one level of its kinds of unit; otherwise the same people would be counted at two levels.
    pub fn level(&self) -> Result<u8> {
        let field = "unitKinds";
        let Some(first) = self.unit_kinds.first() else {
            return Err(Error::Invalid(vec![input::required(field)]));
        };
        if self.unit_kinds.iter().all(|kind| kind.level() == first.level()) {
            return Ok(first.level());
        }
        Err(Error::invalid(
            "LEVELS_MIXED",
            field,
            "Một biểu mẫu chỉ do các đơn vị cùng cấp báo cáo; nếu không, một người sẽ được cộng hai lần.",
            "A form is filled in by units of one level; otherwise the same person would be added twice.",
        ))
    }
}

/// More than there are people in Việt Nam, and well within the `Int` of GraphQL.
const SIZE_MAX: i64 = 1_000_000_000;

impl Size {
    fn check(self) -> Result<()> {
        let ends = [("size.fewest", self.fewest), ("size.most", self.most)];
        if ends.iter().all(|(_, end)| end.is_none()) {
            return Err(Error::Invalid(vec![input::required("size.fewest")]));
        }
        for (field, end) in ends {
            if end.is_some_and(|end| !(0..=SIZE_MAX).contains(&end)) {
                return Err(Error::invalid(
                    "SIZE_INVALID",
                    field,
                    format!("Quy mô là số người từ 0 đến {SIZE_MAX}."),
                    format!("A size is a number of people from 0 to {SIZE_MAX}."),
                ));
            }
        }
        match (self.fewest, self.most) {
            (Some(fewest), Some(most)) if fewest > most => Err(Error::invalid(
                "SIZE_INVALID",
                "size.most",
                "Quy mô nhiều nhất không thể nhỏ hơn quy mô ít nhất.",
                "The most cannot be less than the fewest.",
            )),
            _ => Ok(()),
        }
    }
}
