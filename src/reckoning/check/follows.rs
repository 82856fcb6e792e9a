//! What may be wrong with what follows from points: bands, gates, quotas, tie-breaks.

use std::collections::{BTreeMap, BTreeSet};

use thidua_entity::Fixed4;

use super::{Checking, from_nothing, smallest, whole};
use crate::formula::Type;
use crate::reckoning::problem::SetProblemKind;
use crate::reckoning::rules::{Condition, Gate, TieBreakBy};
use crate::reckoning::set::{Node, Part, PointsRole};
use crate::reckoning::{MONTHS_MAX, NODES_MAX};

impl Checking<'_> {
    pub(super) fn follows(&mut self) {
        let set = self.set;
        self.bands();
        let declarations = set.declarations.iter().enumerate();
        self.once(declarations.map(|(index, one)| (format!("declarations[{index}].code"), one.code.as_str())));
        for (index, one) in set.declarations.iter().enumerate() {
            let path = format!("declarations[{index}]");
            self.code(&path, &one.code);
            self.title(&path, &one.title);
        }
        let gates = set.gates.iter().enumerate();
        self.once(gates.map(|(index, gate)| (format!("gates[{index}].code"), gate.code.as_str())));
        let nodes: BTreeMap<&str, &Node> = set
            .all_nodes()
            .into_iter()
            .map(|node| (node.code.as_str(), node))
            .collect();
        for (index, gate) in set.gates.iter().enumerate() {
            self.gate(&format!("gates[{index}]"), gate, &nodes);
        }
        for (index, rule) in set.eligibility.iter().enumerate() {
            let path = format!("eligibility[{index}]");
            if rule.months > MONTHS_MAX {
                let most = whole(MONTHS_MAX.into());
                let kind = SetProblemKind::OutOfBounds {
                    least: Fixed4::ZERO,
                    most,
                };
                self.problem(format!("{path}.months"), kind);
            }
            self.basis(&format!("{path}."), rule.basis.as_deref());
        }
        self.quotas();
        self.tie_breaks(&nodes);
    }

    fn grades(&self) -> BTreeSet<&str> {
        self.set.bands.iter().map(|band| band.grade.as_str()).collect()
    }

    fn grade(&mut self, path: String, grade: &str) {
        if !self.grades().contains(grade) {
            self.unknown(path, grade);
        }
    }

    fn unknown(&mut self, path: String, code: &str) {
        self.problem(path, SetProblemKind::Unknown { code: code.to_owned() });
    }

    /// A node of which more points are better.
    fn merit(&mut self, path: String, code: &str, nodes: &BTreeMap<&str, &Node>) {
        match nodes.get(code).map(|node| &node.part) {
            None => self.unknown(path, code),
            Some(Part::Criterion(criterion)) if criterion.role == PointsRole::Deduction => {
                self.problem(path, SetProblemKind::Deduction { code: code.to_owned() });
            }
            Some(_) => {}
        }
    }

    fn bands(&mut self) {
        let set = self.set;
        let reach = self.reach;
        let bands = set.bands.iter().enumerate();
        self.once(bands.map(|(index, band)| (format!("bands[{index}].grade"), band.grade.as_str())));
        for (index, band) in set.bands.iter().enumerate() {
            let path = format!("bands[{index}]");
            self.code(&path, &band.grade);
            self.title(&path, &band.title);
            self.basis(&format!("{path}."), band.basis.as_deref());
            let above = index.checked_sub(1).and_then(|above| set.bands.get(above));
            if above.is_some_and(|above| above.from <= band.from) {
                self.problem(format!("{path}.from"), SetProblemKind::BandsOverlap);
            }
            if band.from > reach {
                self.problem(format!("{path}.from"), SetProblemKind::BandOutOfReach { reach });
            }
        }
        if set.bands.last().is_none_or(|last| last.from != Fixed4::ZERO) {
            self.problem("bands", SetProblemKind::BandsLeaveHole);
        }
    }

    fn gate(&mut self, path: &str, gate: &Gate, all: &BTreeMap<&str, &Node>) {
        self.code(path, &gate.code);
        self.title(path, &gate.title);
        self.basis(&format!("{path}."), gate.basis.as_deref());
        self.grade(format!("{path}.otherwiseAtMost"), &gate.otherwise_at_most);
        let condition = format!("{path}.condition");
        match &gate.condition {
            Condition::Declared { declaration, .. } => {
                if !self.set.declarations.iter().any(|one| one.code == *declaration) {
                    self.unknown(format!("{condition}.declaration"), declaration);
                }
            }
            Condition::NodesReach { nodes, share } => {
                self.bounds(format!("{condition}.share"), *share, [smallest(), whole(1)]);
                if nodes.is_empty() {
                    self.problem(format!("{condition}.nodes"), SetProblemKind::NothingNamed);
                }
                if nodes.len() > NODES_MAX {
                    self.problem(
                        format!("{condition}.nodes"),
                        SetProblemKind::TooMany { most: NODES_MAX },
                    );
                }
                let at = |index: usize| format!("{condition}.nodes[{index}]");
                let named = || nodes.iter().enumerate().take(NODES_MAX + 1);
                self.once(named().map(|(index, code)| (at(index), code.as_str())));
                for (index, code) in named() {
                    self.merit(at(index), code, all);
                }
            }
            Condition::Formula { text } => {
                let declared = self.set.declarations.iter().map(|one| one.code.as_str());
                let types = self.names.clone().with_declarations(declared).types();
                if let Some(formula) = self.formula(format!("{condition}.text"), text, &types, Type::YesNo) {
                    self.gate_formulas.insert(gate.code.clone(), formula);
                }
            }
        }
    }

    fn quotas(&mut self) {
        let set = self.set;
        let quotas = || set.quotas.iter().enumerate();
        self.once(quotas().map(|(index, quota)| (format!("quotas[{index}].code"), quota.code.as_str())));
        let mut limited = BTreeSet::new();
        for (index, quota) in quotas() {
            let path = format!("quotas[{index}]");
            self.code(&path, &quota.code);
            self.basis(&format!("{path}."), quota.basis.as_deref());
            self.grade(format!("{path}.grade"), &quota.grade);
            if !limited.insert((quota.scope, quota.grade.as_str())) {
                self.problem(format!("{path}.grade"), SetProblemKind::QuotaTwice);
            }
            if set.bands.last().is_some_and(|last| last.grade == quota.grade) {
                self.problem(format!("{path}.grade"), SetProblemKind::QuotaOfLast);
            }
            if quota.base.is_empty() {
                self.problem(format!("{path}.base"), SetProblemKind::NothingNamed);
            }
            // One more than there are grades is one too many, so the rest need not be looked at.
            for grade in quota.base.iter().take(set.bands.len() + 1) {
                self.grade(format!("{path}.base"), grade);
            }
            self.bounds(
                format!("{path}.percent"),
                quota.percent,
                [from_nothing()[0], whole(100)],
            );
        }
    }

    fn tie_breaks(&mut self, nodes: &BTreeMap<&str, &Node>) {
        for (index, tie_break) in self.set.tie_breaks.iter().enumerate() {
            let path = format!("tieBreaks[{index}]");
            self.basis(&format!("{path}."), tie_break.basis.as_deref());
            match &tie_break.by {
                TieBreakBy::Points { node } => self.merit(format!("{path}.by.node"), node, nodes),
                TieBreakBy::Figure { indicator, .. } => self.number(format!("{path}.by.indicator"), indicator),
                TieBreakBy::FewerDeductions | TieBreakBy::Ballot => {}
            }
        }
    }
}
