//! The names by which the formulas of a set call figures, and the figures of a cluster as a whole. Pure.
//!
//! Of an indicator `tet_gifts`, a formula may name
//!
//! | name | is |
//! |---|---|
//! | `tet_gifts` | the figure of the unit |
//! | `target_tet_gifts` | what the unit promised for it in the pact |
//! | `best_tet_gifts`, `least_tet_gifts` | the largest and the smallest figure in the cluster |
//! | `sum_tet_gifts`, `mean_tet_gifts`, `median_tet_gifts` | all together (at most 14 digits), the mean (to four decimals), the middle one of the cluster |
//!
//! The figures of the cluster are those of its units, rated or not, to which the criterion applies (for a gate: of all) and which have
//! one. They are there once all these units are locked. An indicator whose own code is such a name keeps it.

use std::collections::BTreeMap;

use thidua_entity::Fixed4;

use super::crowd::{Crowd, TooLarge};
use super::facts::{Figure, UnitFacts};
use super::outcome::Open;
use super::points;
use crate::formula::Type;

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Named {
    /// A figure of the unit.
    Figure(String),
    /// What the unit promised.
    Target(String),
    /// A figure of the cluster.
    Cluster(Whole, String),
    /// A declaration.
    Declared(String),
}

/// What is made of the figures of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whole {
    Best,
    Least,
    Sum,
    Mean,
    Median,
}

impl Whole {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Best, "best_"),
        (Self::Least, "least_"),
        (Self::Sum, "sum_"),
        (Self::Mean, "mean_"),
        (Self::Median, "median_"),
    ];

    /// Of some numbers in ascending order, each of which it follows: if one rises it does not fall. There are some; nothing when it
    /// is too large to be a figure.
    pub fn of(self, sorted: &[Fixed4]) -> Option<Fixed4> {
        let middle = sorted.len() / 2;
        match self {
            Self::Best => sorted.last().copied(),
            Self::Least => sorted.first().copied(),
            Self::Sum => points::exact_sum(sorted),
            Self::Mean => points::mean(sorted),
            Self::Median if sorted.len() % 2 == 1 => sorted.get(middle).copied(),
            Self::Median => points::mean(sorted.get(middle.checked_sub(1)?..=middle)?),
        }
    }
}

/// The names there are.
#[derive(Clone, Debug, Default)]
pub(super) struct Names(BTreeMap<String, (Named, Type)>);

impl Names {
    /// The names over indicators, with what their figures are.
    pub fn over(indicators: &BTreeMap<String, Type>) -> Self {
        let mut names = BTreeMap::new();
        for code in indicators
            .iter()
            .filter(|(_, of)| **of == Type::Number)
            .map(|(code, _)| code)
        {
            names.insert(format!("target_{code}"), (Named::Target(code.clone()), Type::Number));
            for (whole, prefix) in Whole::ALL {
                names.insert(
                    format!("{prefix}{code}"),
                    (Named::Cluster(whole, code.clone()), Type::Number),
                );
            }
        }
        for (code, of) in indicators {
            names.insert(code.clone(), (Named::Figure(code.clone()), *of));
        }
        Self(names)
    }

    /// The same and declarations; an indicator of the same code keeps it.
    pub fn with_declarations<'a>(mut self, codes: impl Iterator<Item = &'a str>) -> Self {
        for code in codes {
            let named = (Named::Declared(code.to_owned()), Type::YesNo);
            self.0.entry(code.to_owned()).or_insert(named);
        }
        self
    }

    /// As a formula is checked against them.
    pub fn types(&self) -> BTreeMap<String, Type> {
        self.0.iter().map(|(name, (_, of))| (name.clone(), *of)).collect()
    }

    /// What a name stands for.
    pub fn get(&self, name: &str) -> Option<&Named> {
        self.0.get(name).map(|(named, _)| named)
    }

    /// What its figures are.
    pub fn of(&self, name: &str) -> Option<Type> {
        self.0.get(name).map(|(_, of)| *of)
    }

    /// The indicator that a name is about.
    pub fn indicator(&self, name: &str) -> Option<&str> {
        match self.get(name)? {
            Named::Figure(code) | Named::Target(code) | Named::Cluster(_, code) => Some(code),
            Named::Declared(_) => None,
        }
    }
}

/// The figures of a cluster as a whole that some formula names, worked out once for all units.
#[derive(Clone, Debug, Default)]
pub(super) struct Wholes {
    figures: BTreeMap<String, Option<Figure>>,
    /// Why the figures of the cluster cannot be used, when the formula names some.
    pub waits: Option<Open>,
}

impl Wholes {
    /// Those that these names ask for, over some units.
    pub fn of<'a>(asked: impl Iterator<Item = &'a str>, names: &Names, crowd: &Crowd) -> Self {
        let mut wholes = Self::default();
        for name in asked {
            let Some(Named::Cluster(whole, code)) = names.get(name) else {
                continue;
            };
            match crowd.together(*whole, code) {
                Ok(figure) => _ = wholes.figures.insert(name.to_owned(), figure),
                Err(TooLarge) => {
                    let name = name.to_owned();
                    wholes.waits.get_or_insert(Open::TooLarge { name });
                }
            }
            if !crowd.not_locked.is_empty() {
                let units = crowd.not_locked.clone();
                wholes.waits = Some(Open::NotLocked { units });
                break;
            }
        }
        wholes
    }

    /// What a name stands for to a unit.
    pub fn figure(&self, names: &Names, name: &str, unit: &UnitFacts) -> Option<Figure> {
        match names.get(name)? {
            Named::Figure(code) => unit.figures.get(code).cloned(),
            Named::Target(code) => unit.targets.get(code).copied().map(Figure::exact),
            Named::Cluster(..) => self.figures.get(name).cloned().flatten(),
            Named::Declared(code) => unit.declared.get(code).map(|value| Figure::YesNo { value: *value }),
        }
    }
}
