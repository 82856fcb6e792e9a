//! What may be wrong with sections and criteria, each by itself.

use std::collections::BTreeMap;

use thidua_entity::Fixed4;

use super::{Checking, above_nothing, from_nothing, smallest, weights, whole};
use crate::formula::Type;
use crate::reckoning::measure::{CountFrom, Measure, TargetFrom};
use crate::reckoning::problem::SetProblemKind;
use crate::reckoning::set::{Adaptable, AppliesTo, Criterion, Node, Part, PointsRole, Section};
use crate::reckoning::{PARTS_MAX, POINTS_MAX, points};

/// The nodes with their paths, in the order in which they are read.
pub(super) fn walk<'a>(nodes: &'a [Node], path: &str, found: &mut Vec<(String, &'a Node)>) {
    for (index, node) in nodes.iter().enumerate() {
        let path = format!("{path}[{index}]");
        found.push((path.clone(), node));
        walk(node.children(), &format!("{path}.children"), found);
    }
}

impl Checking<'_> {
    pub(super) fn tree(&mut self) {
        let set = self.set;
        self.bounds("scale", set.scale, above_nothing());
        for (path, cap) in [
            ("bonusCap", set.bonus_cap),
            ("deductionCap", set.deduction_cap),
            ("totalCap", set.total_cap),
        ] {
            if let Some(cap) = cap {
                self.bounds(path, cap, above_nothing());
            }
        }
        if set.total_cap.is_some_and(|cap| cap < set.scale) {
            self.problem("totalCap", SetProblemKind::TotalCapBelowScale { scale: set.scale });
        }
        if set.nodes.is_empty() {
            self.problem("nodes", SetProblemKind::EmptySection);
        }
        self.basis("", set.basis.as_deref());
        self.caps("", &set.nodes, set.bonus_cap, set.deduction_cap);
        let mut nodes = Vec::new();
        walk(&set.nodes, "nodes", &mut nodes);
        self.once(
            nodes
                .iter()
                .map(|(path, node)| (format!("{path}.code"), node.code.as_str())),
        );
        let types = self.names.types();
        for (path, node) in &nodes {
            self.node(path, node, &types);
        }
    }

    fn node(&mut self, path: &str, node: &Node, types: &BTreeMap<String, Type>) {
        self.code(path, &node.code);
        self.title(path, &node.title);
        self.basis(&format!("{path}."), node.basis.as_deref());
        self.bounds(format!("{path}.weight"), node.weight, weights());
        self.applies(path, &node.applies_to);
        if let Some(adaptable) = &node.adaptable {
            self.adaptable(path, node, adaptable);
        }
        match &node.part {
            Part::Section(section) => self.section(path, node, section),
            Part::Criterion(criterion) => self.criterion(path, node, criterion, types),
        }
    }

    fn applies(&mut self, path: &str, applies: &AppliesTo) {
        if let (Some(from), Some(below)) = (applies.size_from, applies.size_below)
            && from >= below
        {
            self.problem(format!("{path}.appliesTo.sizeBelow"), SetProblemKind::SizesCross);
        }
    }

    fn adaptable(&mut self, path: &str, node: &Node, adaptable: &Adaptable) {
        for (name, range, now) in [
            ("max", adaptable.max, node.max),
            ("weight", adaptable.weight, node.weight),
        ] {
            if range.is_some_and(|range| range.least > now || range.most < now) {
                self.problem(format!("{path}.adaptable.{name}"), SetProblemKind::RangeUnclear);
            }
        }
    }

    fn section(&mut self, path: &str, node: &Node, section: &Section) {
        self.bounds(format!("{path}.max"), node.max, from_nothing());
        for (name, cap) in [("bonusCap", section.bonus_cap), ("deductionCap", section.deduction_cap)] {
            if let Some(cap) = cap {
                self.bounds(format!("{path}.{name}"), cap, above_nothing());
            }
        }
        if section.children.is_empty() {
            self.problem(format!("{path}.children"), SetProblemKind::EmptySection);
            return;
        }
        self.caps(
            &format!("{path}."),
            &section.children,
            section.bonus_cap,
            section.deduction_cap,
        );
        if section.rescale {
            let mut below = Vec::new();
            walk(&section.children, &format!("{path}.children"), &mut below);
            let has_cap = |node: &Node| match &node.part {
                Part::Section(section) => section.bonus_cap.is_some() || section.deduction_cap.is_some(),
                Part::Criterion(_) => false,
            };
            for (path, _) in below.iter().filter(|(_, node)| has_cap(node)) {
                self.problem(path, SetProblemKind::CapBelowRescale);
            }
        }
    }

    /// Caps for which something below gives points.
    fn caps(&mut self, path: &str, below: &[Node], bonus_cap: Option<Fixed4>, deduction_cap: Option<Fixed4>) {
        for (name, cap, role) in [
            ("bonusCap", bonus_cap, PointsRole::Bonus),
            ("deductionCap", deduction_cap, PointsRole::Deduction),
        ] {
            if cap.is_some() && !below.iter().any(|node| hands_on(node, role)) {
                self.problem(format!("{path}{name}"), SetProblemKind::CapOfNothing);
            }
        }
    }

    fn criterion(&mut self, path: &str, node: &Node, criterion: &Criterion, types: &BTreeMap<String, Type>) {
        self.bounds(format!("{path}.max"), node.max, above_nothing());
        if let Some(step) = criterion.step
            && (step <= Fixed4::ZERO || !points::is_multiple(node.max, step))
        {
            let kind = SetProblemKind::StepDoesNotDivide { step, max: node.max };
            self.problem(format!("{path}.step"), kind);
        }
        if criterion.measure.is_entered() && criterion.scored_by.is_empty() {
            self.problem(format!("{path}.scoredBy"), SetProblemKind::NobodyScores);
        }
        let measure = format!("{path}.measure");
        match &criterion.measure {
            Measure::Manual | Measure::PassFail => {}
            Measure::Target {
                indicator,
                target,
                share,
                leader,
            } => {
                self.number(format!("{measure}.indicator"), indicator);
                self.bounds(format!("{measure}.share"), *share, [smallest(), whole(1)]);
                if !leader && *share < whole(1) {
                    let reach = points::times(node.max, *share);
                    self.problem(format!("{measure}.share"), SetProblemKind::MaxOutOfReach { reach });
                }
                match target {
                    TargetFrom::Promised => {}
                    TargetFrom::Fixed { value } => {
                        self.bounds(format!("{measure}.target.value"), *value, [smallest(), Fixed4::MAX]);
                    }
                    TargetFrom::Figure { indicator } => self.number(format!("{measure}.target.indicator"), indicator),
                }
            }
            Measure::PerCount { count, each } => {
                self.bounds(format!("{measure}.each"), *each, above_nothing());
                self.count(&measure, count);
            }
            Measure::Events { .. } => self.events(&measure, node, criterion),
            Measure::Formula { text } => {
                if let Some(formula) = self.formula(format!("{measure}.text"), text, types, Type::Number) {
                    self.formulas.insert(node.code.clone(), formula);
                }
            }
        }
    }

    fn count(&mut self, path: &str, count: &CountFrom) {
        if let CountFrom::Figure { indicator } = count {
            self.number(format!("{path}.count.indicator"), indicator);
        }
    }

    fn events(&mut self, path: &str, node: &Node, criterion: &Criterion) {
        let Measure::Events {
            start,
            floor,
            ceiling,
            events,
        } = &criterion.measure
        else {
            return;
        };
        let lowest = match criterion.role {
            PointsRole::Main => whole(-POINTS_MAX),
            PointsRole::Bonus | PointsRole::Deduction => Fixed4::ZERO,
        };
        self.bounds(format!("{path}.floor"), *floor, [lowest, node.max]);
        self.bounds(format!("{path}.ceiling"), *ceiling, [Fixed4::ZERO, node.max]);
        if floor > start || start > ceiling {
            self.problem(format!("{path}.start"), SetProblemKind::FloorAboveCeiling);
        }
        // Points grow from the start only by what adds some. Bonus and deductions may stop below the maximum, but not at nothing.
        let grows = events.iter().any(|event| event.each > Fixed4::ZERO);
        let reach = if grows { *ceiling } else { *start };
        let is_out = match criterion.role {
            PointsRole::Main => reach < node.max,
            PointsRole::Bonus | PointsRole::Deduction => reach <= Fixed4::ZERO,
        };
        if is_out && floor <= start && start <= ceiling && !events.is_empty() {
            self.problem(format!("{path}.ceiling"), SetProblemKind::MaxOutOfReach { reach });
        }
        if events.is_empty() {
            self.problem(format!("{path}.events"), SetProblemKind::NothingNamed);
        }
        if events.len() > PARTS_MAX {
            let kind = SetProblemKind::TooMany { most: PARTS_MAX };
            self.problem(format!("{path}.events"), kind);
        }
        for (name, value) in [("floor", floor), ("start", start), ("ceiling", ceiling)] {
            if let Some(step) = criterion.step
                && step > Fixed4::ZERO
                && !points::is_multiple(*value, step)
            {
                let kind = SetProblemKind::StepDoesNotDivide { step, max: *value };
                self.problem(format!("{path}.{name}"), kind);
            }
        }
        let at = |index: usize| format!("{path}.events[{index}]");
        let codes = events.iter().enumerate();
        self.once(codes.map(|(index, event)| (format!("{}.code", at(index)), event.code.as_str())));
        for (index, event) in events.iter().enumerate() {
            self.code(&at(index), &event.code);
            self.title(&at(index), &event.title);
            let most = whole(POINTS_MAX);
            self.bounds(format!("{}.each", at(index)), event.each, [points::negated(most), most]);
            self.count(&at(index), &event.count);
        }
    }
}

/// Whether a node hands on points of a role to what stands above it.
fn hands_on(node: &Node, role: PointsRole) -> bool {
    match &node.part {
        Part::Criterion(criterion) => criterion.role == role,
        Part::Section(section) => {
            let taken_in = match role {
                PointsRole::Bonus => section.bonus_cap.is_some(),
                PointsRole::Deduction => section.deduction_cap.is_some(),
                PointsRole::Main => false,
            };
            !taken_in && section.children.iter().any(|child| hands_on(child, role))
        }
    }
}
