//! Which figures of a cluster as a whole a criteria set may use: stocks and flows are added, rates and what is not added up are neither
//! added nor averaged. Pure.

use std::collections::BTreeMap;

use thidua_entity::enums::{Aggregation, NumberForm};

use super::paths;
use crate::error::Text;
use crate::reckoning::{Condition, CriteriaSet, Measure, Part};

/// What begins the names of sums and means over a cluster.
const ADDED: [&str; 2] = ["sum_", "mean_"];

/// The catalogue of indicators as sets are checked against it.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// What the figures of each look like.
    pub forms: BTreeMap<String, NumberForm>,
    /// How those of each add up.
    aggregations: BTreeMap<String, Aggregation>,
}

impl FromIterator<(String, NumberForm, Aggregation)> for Catalogue {
    fn from_iter<T: IntoIterator<Item = (String, NumberForm, Aggregation)>>(rows: T) -> Self {
        let mut catalogue = Self::default();
        for (code, form, aggregation) in rows {
            catalogue.forms.insert(code.clone(), form);
            catalogue.aggregations.insert(code, aggregation);
        }
        catalogue
    }
}

impl Catalogue {
    /// Where formulas add or average what is not added up: the path, and what to say.
    pub fn wrongly_added(&self, set: &CriteriaSet) -> Vec<(String, Text)> {
        let of_nodes = paths::nodes(set)
            .into_iter()
            .filter_map(|(path, node)| match &node.part {
                Part::Criterion(criterion) => match &criterion.measure {
                    Measure::Formula { text } => Some((format!("{path}.measure.text"), text)),
                    _ => None,
                },
                Part::Section(_) => None,
            });
        let gates = set.gates.iter().enumerate();
        let of_gates = gates.filter_map(|(index, gate)| match &gate.condition {
            Condition::Formula { text } => Some((format!("gates[{index}].condition.text"), text)),
            _ => None,
        });
        let wrong = of_nodes.chain(of_gates).filter_map(|(path, text)| {
            let (name, code) = names(text).find_map(|name| Some((name, self.not_added(name)?)))?;
            let text = Text::new(
                format!("`{name}` không dùng được: số liệu của `{code}` không cộng và không lấy trung bình được giữa các đơn vị."),
                format!("`{name}` cannot be used: the figures of `{code}` are neither added nor averaged over units."),
            );
            Some((path, text))
        });
        wrong.collect()
    }

    /// The indicator that a name adds or averages although it must not.
    fn not_added<'a>(&self, name: &'a str) -> Option<&'a str> {
        // An indicator whose own code is such a name keeps it.
        if self.aggregations.contains_key(name) {
            return None;
        }
        let code = ADDED.iter().find_map(|prefix| name.strip_prefix(prefix))?;
        let aggregation = self.aggregations.get(code)?;
        matches!(aggregation, Aggregation::Rate | Aggregation::None).then_some(code)
    }
}

/// The words of a formula outside of its texts in quotation marks.
fn names(formula: &str) -> impl Iterator<Item = &str> {
    let outside = formula.split('"').step_by(2);
    outside.flat_map(|part| part.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_'))
}
