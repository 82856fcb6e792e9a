//! How the points of a criterion come about: the kinds of criteria. Only the shape; the points are worked out in `leaf.rs`.

use serde::{Deserialize, Serialize};
use thidua_entity::Fixed4;

use super::set::Title;

/// How the points of a criterion come about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "kind",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Measure {
    /// A scorer gives points.
    Manual,
    /// A scorer says passed, for the maximum, or failed, for nothing.
    PassFail,
    /// A figure against a target. Below it `share × max × actual / target`, at it `share × max`. Above it, with `leader`, the leader
    /// of the cluster has the maximum and the others part of the rest, by their excess over their targets; without, there is no more.
    Target {
        /// Indicator of the figure.
        indicator: String,
        /// What the figure is measured against.
        target: TargetFrom,
        /// Part of the maximum that is reached at the target, 1 for all of it.
        share: Fixed4,
        /// Whether the rest is for those above the target, the leader first.
        leader: bool,
    },
    /// So many points for each, the maximum at most.
    PerCount {
        /// What is counted.
        count: CountFrom,
        /// Points for each.
        each: Fixed4,
    },
    /// It begins with some points; each event adds or takes away some, between a floor and a ceiling.
    Events {
        /// Points without any event.
        start: Fixed4,
        /// Least points, which may be below 0 for main points.
        floor: Fixed4,
        /// Most points; not above the maximum.
        ceiling: Fixed4,
        /// The kinds of events.
        events: Vec<EventKind>,
    },
    /// A formula over the figures of the unit and of its cluster; kept between 0 and the maximum.
    Formula {
        /// In the language of [`crate::formula`]; for the names see `names.rs`.
        text: String,
    },
}

impl Measure {
    /// The indicators that it names outright; those of a formula are told by the formula.
    pub(super) fn indicators(&self) -> Vec<&str> {
        match self {
            Self::Manual | Self::PassFail | Self::Formula { .. } => Vec::new(),
            Self::Target { indicator, target, .. } => {
                let other = match target {
                    TargetFrom::Figure { indicator } => Some(indicator.as_str()),
                    TargetFrom::Promised | TargetFrom::Fixed { .. } => None,
                };
                [indicator.as_str()].into_iter().chain(other).collect()
            }
            Self::PerCount { count, .. } => count.indicator().into_iter().collect(),
            Self::Events { events, .. } => events.iter().filter_map(|event| event.count.indicator()).collect(),
        }
    }
}

/// What a figure is measured against.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "from",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum TargetFrom {
    /// What the unit promised for the indicator in the pact.
    Promised,
    /// The same for all.
    Fixed {
        /// The target.
        value: Fixed4,
    },
    /// A figure of the unit itself, such as that of the year before.
    Figure {
        /// Its indicator.
        indicator: String,
    },
}

/// What is counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(
    tag = "from",
    rename_all = "SCREAMING_SNAKE_CASE",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum CountFrom {
    /// A figure of the approved reports.
    Figure {
        /// Its indicator.
        indicator: String,
    },
    /// A count that a scorer enters.
    Entered,
}

impl CountFrom {
    /// The indicator that is counted, if one is.
    fn indicator(&self) -> Option<&str> {
        match self {
            Self::Figure { indicator } => Some(indicator),
            Self::Entered => None,
        }
    }
}

/// A kind of event that adds points or takes some away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EventKind {
    /// Code, once in the criterion.
    pub code: String,
    /// Its name.
    pub title: Title,
    /// Points for each; below 0 what is taken away.
    pub each: Fixed4,
    /// What is counted.
    pub count: CountFrom,
}
