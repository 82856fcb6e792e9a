//! Whether a criteria set can be reckoned with: everything that is wrong with it, at once and each with its place. Pure.

mod follows;
mod maxima;
mod tree;

use std::collections::{BTreeMap, BTreeSet};

use thidua_entity::Fixed4;
use thidua_entity::enums::NumberForm;

use super::names::Names;
use super::points;
use super::problem::{SetProblem, SetProblemKind};
use super::set::{CriteriaSet, Node, Part, Title};
use super::{DEPTH_MAX, NODES_MAX, PARTS_MAX, POINTS_MAX, TEXT_MAX, WEIGHT_MAX};
use crate::formula::{Formula, Type};

/// A set in which nothing is wrong, ready to reckon with.
#[derive(Clone, Debug)]
pub struct CheckedSet {
    set: CriteriaSet,
    indicators: BTreeMap<String, NumberForm>,
    pub(super) names: Names,
    pub(super) formulas: BTreeMap<String, Formula>,
    pub(super) gate_formulas: BTreeMap<String, Formula>,
}

impl CheckedSet {
    /// Checks a set against the indicators there are, by their codes.
    ///
    /// # Errors
    /// Everything that is wrong with the set, in the order of its parts.
    pub fn check(set: CriteriaSet, indicators: &BTreeMap<String, NumberForm>) -> Result<Self, Vec<SetProblem>> {
        let types: BTreeMap<String, Type> = indicators
            .iter()
            .map(|(code, form)| (code.clone(), Type::from(*form)))
            .collect();
        let mut checking = Checking {
            set: &set,
            indicators,
            names: Names::over(&types),
            used: BTreeSet::new(),
            formulas: BTreeMap::new(),
            gate_formulas: BTreeMap::new(),
            reach: points::capped(set.scale, set.total_cap),
            problems: Vec::new(),
        };
        if checking.is_within_bounds() {
            checking.tree();
            checking.maxima();
            checking.follows();
        }
        if !checking.problems.is_empty() {
            return Err(checking.problems);
        }
        let (used, formulas, gate_formulas) = (checking.used, checking.formulas, checking.gate_formulas);
        let known = |code: &String| Some((code.clone(), *indicators.get(code)?));
        let indicators: BTreeMap<_, _> = used.iter().filter_map(known).collect();
        let declared = set.declarations.iter().map(|one| one.code.as_str());
        let types = indicators.iter().map(|(code, form)| (code.clone(), Type::from(*form)));
        Ok(Self {
            names: Names::over(&types.collect()).with_declarations(declared),
            indicators,
            formulas,
            gate_formulas,
            set,
        })
    }

    /// The set.
    pub fn set(&self) -> &CriteriaSet {
        &self.set
    }

    /// The indicators whose figures it reads.
    pub fn indicators(&self) -> &BTreeMap<String, NumberForm> {
        &self.indicators
    }

    /// Codes of the indicators whose figures a criterion reads, or those below a section.
    pub fn read_by(&self, node: &Node) -> BTreeSet<&str> {
        let Part::Criterion(criterion) = &node.part else {
            return node.children().iter().flat_map(|below| self.read_by(below)).collect();
        };
        let formula = self.formulas.get(&node.code).into_iter();
        let named = formula
            .flat_map(Formula::names)
            .filter_map(|name| self.names.indicator(name));
        let outright = criterion.measure.indicators().into_iter();
        let known = |code| self.indicators.get_key_value(code).map(|(code, _)| code.as_str());
        outright.chain(named).filter_map(known).collect()
    }
}

/// A check under way.
struct Checking<'a> {
    set: &'a CriteriaSet,
    indicators: &'a BTreeMap<String, NumberForm>,
    names: Names,
    /// Indicators that the set reads.
    used: BTreeSet<String>,
    formulas: BTreeMap<String, Formula>,
    gate_formulas: BTreeMap<String, Formula>,
    /// The most points that anybody can reach.
    reach: Fixed4,
    problems: Vec<SetProblem>,
}

impl Checking<'_> {
    fn problem(&mut self, path: impl Into<String>, kind: SetProblemKind) {
        self.problems.push(SetProblem {
            path: path.into(),
            kind,
        });
    }

    /// Whether the set is small enough to be looked at any further.
    fn is_within_bounds(&mut self) -> bool {
        fn measure(nodes: &[Node], depth: usize, count: &mut usize) -> usize {
            *count += nodes.len();
            // What is deeper need not be measured.
            let below = nodes.iter().filter(|_| depth <= DEPTH_MAX);
            let depths = below.map(|node| measure(node.children(), depth + 1, count));
            let depth = if nodes.is_empty() { depth - 1 } else { depth };
            depths.max().unwrap_or(depth).max(depth)
        }
        let mut count = 0;
        let depth = measure(&self.set.nodes, 1, &mut count);
        if count > NODES_MAX {
            self.problem("nodes", SetProblemKind::TooManyNodes);
        }
        if depth > DEPTH_MAX {
            self.problem("nodes", SetProblemKind::TooDeep);
        }
        for (path, length) in [
            ("bands", self.set.bands.len()),
            ("declarations", self.set.declarations.len()),
            ("gates", self.set.gates.len()),
            ("eligibility", self.set.eligibility.len()),
            ("quotas", self.set.quotas.len()),
            ("tieBreaks", self.set.tie_breaks.len()),
        ] {
            if length > PARTS_MAX {
                self.problem(path, SetProblemKind::TooMany { most: PARTS_MAX });
            }
        }
        self.problems.is_empty()
    }

    fn code(&mut self, path: &str, code: &str) {
        let allowed = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
        if !(1..=60).contains(&code.len()) || !code.chars().all(allowed) {
            self.problem(format!("{path}.code"), SetProblemKind::CodeUnclear);
        }
    }

    /// Each code once; `paths` of the parts that have them.
    fn once<'b>(&mut self, codes: impl Iterator<Item = (String, &'b str)>) {
        let mut seen = BTreeSet::new();
        for (path, code) in codes {
            if !seen.insert(code) {
                self.problem(path, SetProblemKind::CodeTwice { code: code.to_owned() });
            }
        }
    }

    fn title(&mut self, path: &str, title: &Title) {
        let is_text = |text: &str| !text.trim().is_empty() && text.chars().count() <= TEXT_MAX;
        if !is_text(&title.vi) {
            self.problem(format!("{path}.title.vi"), SetProblemKind::TextLength);
        }
        if title.en.as_deref().is_some_and(|en| !is_text(en)) {
            self.problem(format!("{path}.title.en"), SetProblemKind::TextLength);
        }
    }

    fn basis(&mut self, path: &str, basis: Option<&str>) {
        if basis.is_some_and(|basis| basis.trim().is_empty() || basis.chars().count() > TEXT_MAX) {
            self.problem(format!("{path}basis"), SetProblemKind::TextLength);
        }
    }

    fn bounds(&mut self, path: impl Into<String>, value: Fixed4, [least, most]: [Fixed4; 2]) {
        if value < least || value > most {
            self.problem(path, SetProblemKind::OutOfBounds { least, most });
        }
    }

    /// An indicator whose figures are numbers.
    fn number(&mut self, path: String, code: &str) {
        match self.indicators.get(code).map(|form| Type::from(*form)) {
            None => self.problem(path, SetProblemKind::UnknownIndicator { code: code.to_owned() }),
            Some(Type::Text) => self.problem(path, SetProblemKind::NotANumber { code: code.to_owned() }),
            Some(Type::Number | Type::YesNo) => _ = self.used.insert(code.to_owned()),
        }
    }

    fn formula(&mut self, path: String, text: &str, names: &BTreeMap<String, Type>, wanted: Type) -> Option<Formula> {
        match Formula::check(text, names, wanted) {
            Ok(formula) => {
                let indicators = formula.names().filter_map(|name| self.names.indicator(name));
                self.used.extend(indicators.map(str::to_owned));
                Some(formula)
            }
            Err(problem) => {
                self.problem(path, SetProblemKind::Formula(problem));
                None
            }
        }
    }
}

/// Nothing, and the most points there are.
fn from_nothing() -> [Fixed4; 2] {
    [Fixed4::ZERO, whole(POINTS_MAX)]
}

/// More than nothing, and the most points there are.
fn above_nothing() -> [Fixed4; 2] {
    [smallest(), whole(POINTS_MAX)]
}

/// More than nothing, and the largest weight there is.
fn weights() -> [Fixed4; 2] {
    [smallest(), whole(WEIGHT_MAX)]
}

fn smallest() -> Fixed4 {
    Fixed4::from_ten_thousandths(1).unwrap_or_default()
}

fn whole(number: i64) -> Fixed4 {
    Fixed4::from_integer(number).unwrap_or(Fixed4::MAX)
}
