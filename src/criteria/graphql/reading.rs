//! From a set as it is written in the schema, its nodes in a list, to the tree.

use thidua_entity::Fixed4;

use super::enums::{CriteriaTieBreakKind, CriterionScoring};
use super::nodes::{
    CriteriaAdaptable, CriteriaAppliesTo, CriteriaNode, CriteriaPart, CriteriaRange, CriterionEvent, CriterionMeasure,
    TargetMeasure,
};
use super::rules::{
    CriteriaBand, CriteriaCondition, CriteriaDeclaration, CriteriaEligibility, CriteriaGate, CriteriaQuota,
    CriteriaSetContent, CriteriaTieBreak, CriteriaTieBreakBy,
};
use crate::error::{Error, Problem, Result};
use crate::reckoning::{
    Adaptable, AppliesTo, Band, Condition, CountFrom, CriteriaSet, Criterion, DEPTH_MAX, Declaration, EligibilityRule,
    EventKind, Gate, Measure, NODES_MAX, Node, Part, Quota, Range, Section, SetProblemKind, TargetFrom, TieBreak,
    TieBreakBy, Title,
};
use crate::reports::graphql::figures::Decimal;

impl CriteriaSetContent {
    /// The set as a tree. Refused when the list is none in reading order.
    pub fn read(self) -> Result<CriteriaSet> {
        Ok(CriteriaSet {
            scale: self.scale.0,
            bonus: self.bonus.into(),
            bonus_cap: number(self.bonus_cap),
            deduction_cap: number(self.deduction_cap),
            total_cap: number(self.total_cap),
            size_measure: self.size_measure,
            basis: self.basis,
            nodes: tree(self.nodes)?,
            bands: self.bands.into_iter().map(band).collect(),
            declarations: self.declarations.into_iter().map(declaration).collect(),
            gates: self.gates.into_iter().map(gate).collect(),
            eligibility: self.eligibility.into_iter().map(eligibility).collect(),
            quotas: self.quotas.into_iter().map(quota).collect(),
            tie_breaks: self.tie_breaks.into_iter().map(tie_break).collect(),
            tie_breaks_adaptable: self.tie_breaks_adaptable,
        })
    }
}

/// A list in reading order as a tree: each stands below the last before it, or below one of those above that.
fn tree(list: Vec<CriteriaNode>) -> Result<Vec<Node>> {
    let refused = |field: String, kind: SetProblemKind| {
        let text = kind.text();
        Error::Invalid(vec![Problem {
            code: kind.code(),
            field,
            text,
        }])
    };
    if list.len() > NODES_MAX {
        return Err(refused("content.nodes".to_owned(), SetProblemKind::TooManyNodes));
    }
    let mut top = Vec::new();
    // The last node and those above it, from the top; each is put into what holds it once nothing more can stand below it.
    let mut open: Vec<Node> = Vec::new();
    for (index, mut node) in list.into_iter().enumerate() {
        let (at, parent) = (format!("content.nodes.{index}"), node.parent.take());
        while open.last().is_some_and(|last| Some(&last.code) != parent.as_ref()) {
            close(&mut open, &mut top);
        }
        match (open.last().map(|parent| &parent.part), parent) {
            (Some(Part::Criterion(_)), Some(code)) => return Err(below_criterion(&at, &code)),
            (None, Some(code)) => return Err(not_before(&at, &code)),
            (Some(Part::Section(_)), _) | (None, None) | (Some(Part::Criterion(_)), None) => {}
        }
        if open.len() >= DEPTH_MAX {
            return Err(refused(format!("{at}.parent"), SetProblemKind::TooDeep));
        }
        open.push(read_node(node, &at)?);
    }
    while !open.is_empty() {
        close(&mut open, &mut top);
    }
    Ok(top)
}

fn close(open: &mut Vec<Node>, top: &mut Vec<Node>) {
    let Some(last) = open.pop() else { return };
    match open.last_mut().map(|parent| &mut parent.part) {
        Some(Part::Section(section)) => section.children.push(last),
        Some(Part::Criterion(_)) | None => top.push(last),
    }
}

fn not_before(at: &str, code: &str) -> Error {
    let shown: String = code.chars().take(60).collect();
    Error::invalid(
        "PARENT_UNKNOWN",
        format!("{at}.parent"),
        format!("Mục cha `{shown}` phải đứng trước, ngay trong nhánh này. Hãy xếp danh sách theo thứ tự đọc."),
        format!("The section `{shown}` must stand before it, in this branch. List the nodes in reading order."),
    )
}

fn below_criterion(at: &str, code: &str) -> Error {
    Error::invalid(
        "PARENT_NOT_SECTION",
        format!("{at}.parent"),
        format!("`{code}` là tiêu chí, không chứa mục con. Hãy đổi thành mục (section)."),
        format!("`{code}` is a criterion and holds nothing below it. Make it a section."),
    )
}

fn read_node(node: CriteriaNode, at: &str) -> Result<Node> {
    let part = match node.part {
        CriteriaPart::Section(section) => Part::Section(Section {
            bonus_cap: number(section.bonus_cap),
            deduction_cap: number(section.deduction_cap),
            rescale: section.rescale,
            children: Vec::new(),
        }),
        CriteriaPart::Criterion(criterion) => Part::Criterion(Criterion {
            role: criterion.role.into(),
            step: number(criterion.step),
            evidence_required: criterion.evidence_required,
            scored_by: criterion.scored_by.into_iter().map(Into::into).collect(),
            measure: measure(criterion.measure, at)?,
            when_missing: criterion.when_missing.into(),
        }),
    };
    Ok(Node {
        code: node.code,
        title: title(node.title, node.title_en),
        max: node.max.0,
        weight: node.weight.0,
        applies_to: node.applies_to.map(applies_to).unwrap_or_default(),
        basis: node.basis,
        adaptable: node.adaptable.map(adaptable),
        part,
    })
}

fn number(decimal: Option<Decimal>) -> Option<Fixed4> {
    decimal.map(|decimal| decimal.0)
}

const fn title(vi: String, en: Option<String>) -> Title {
    Title { vi, en }
}

fn applies_to(input: CriteriaAppliesTo) -> AppliesTo {
    AppliesTo {
        kinds: input.kinds.into_iter().collect(),
        sectors: input.sectors.into_iter().collect(),
        size_from: input.size_from,
        size_below: input.size_below,
        calendars: input.calendars.into_iter().map(Into::into).collect(),
    }
}

fn adaptable(input: CriteriaAdaptable) -> Adaptable {
    let range = |range: CriteriaRange| Range {
        least: range.least.0,
        most: range.most.0,
    };
    Adaptable {
        max: input.max.map(range),
        weight: input.weight.map(range),
        may_be_left_out: input.may_be_left_out,
        may_be_added_to: input.may_be_added_to,
    }
}

fn measure(input: CriterionMeasure, at: &str) -> Result<Measure> {
    Ok(match input {
        CriterionMeasure::Scored(scored) => match scored.by {
            CriterionScoring::Points => Measure::Manual,
            CriterionScoring::PassFail => Measure::PassFail,
        },
        CriterionMeasure::Target(input) => Measure::Target {
            target: target(&input, at)?,
            indicator: input.indicator_code,
            share: input.share.0,
            leader: input.leader,
        },
        CriterionMeasure::PerCount(input) => Measure::PerCount {
            count: count(input.indicator_code),
            each: input.each.0,
        },
        CriterionMeasure::Events(input) => Measure::Events {
            start: input.start.0,
            floor: input.floor.0,
            ceiling: input.ceiling.0,
            events: input.events.into_iter().map(event).collect(),
        },
        CriterionMeasure::Formula(formula) => Measure::Formula { text: formula.text },
    })
}

fn target(input: &TargetMeasure, at: &str) -> Result<TargetFrom> {
    match (input.fixed_target, input.target_indicator_code.clone()) {
        (None, None) => Ok(TargetFrom::Promised),
        (Some(value), None) => Ok(TargetFrom::Fixed { value: value.0 }),
        (None, Some(indicator)) => Ok(TargetFrom::Figure { indicator }),
        (Some(_), Some(_)) => Err(Error::invalid(
            "TARGET_UNCLEAR",
            format!("{at}.part.criterion.measure.target.fixedTarget"),
            "Chỉ tiêu phấn đấu là một số cố định hoặc một số liệu của đơn vị, không phải cả hai.",
            "The target is a fixed number or a figure of the unit, not both.",
        )),
    }
}

fn count(indicator: Option<String>) -> CountFrom {
    indicator.map_or(CountFrom::Entered, |indicator| CountFrom::Figure { indicator })
}

fn event(input: CriterionEvent) -> EventKind {
    EventKind {
        code: input.code,
        title: title(input.title, input.title_en),
        each: input.each.0,
        count: count(input.indicator_code),
    }
}

fn band(input: CriteriaBand) -> Band {
    Band {
        grade: input.grade,
        title: title(input.title, input.title_en),
        from: input.from.0,
        basis: input.basis,
    }
}

fn declaration(input: CriteriaDeclaration) -> Declaration {
    Declaration {
        code: input.code,
        title: title(input.title, input.title_en),
    }
}

fn gate(input: CriteriaGate) -> Gate {
    Gate {
        code: input.code,
        title: title(input.title, input.title_en),
        condition: match input.condition {
            CriteriaCondition::Declared(declared) => Condition::Declared {
                declaration: declared.declaration_code,
                wanted: declared.wanted,
            },
            CriteriaCondition::NodesReach(reach) => Condition::NodesReach {
                nodes: reach.node_codes,
                share: reach.share.0,
            },
            CriteriaCondition::Formula(formula) => Condition::Formula { text: formula.text },
        },
        otherwise_at_most: input.otherwise_at_most,
        when_missing: input.when_missing.into(),
        basis: input.basis,
    }
}

fn eligibility(input: CriteriaEligibility) -> EligibilityRule {
    EligibilityRule {
        after: input.after.into_iter().map(Into::into).collect(),
        months: input.months,
        basis: input.basis,
    }
}

fn quota(input: CriteriaQuota) -> Quota {
    Quota {
        code: input.code,
        scope: input.scope.into(),
        grade: input.grade,
        base: input.base.into_iter().collect(),
        percent: input.percent.0,
        rounding: input.rounding.into(),
        enforcement: input.enforcement.into(),
        basis: input.basis,
    }
}

fn tie_break(input: CriteriaTieBreak) -> TieBreak {
    TieBreak {
        by: match input.by {
            CriteriaTieBreakBy::Points(points) => TieBreakBy::Points { node: points.node_code },
            CriteriaTieBreakBy::Figure(figure) => TieBreakBy::Figure {
                indicator: figure.indicator_code,
                better: figure.better.into(),
            },
            CriteriaTieBreakBy::Other(other) => match other.kind {
                CriteriaTieBreakKind::FewerDeductions => TieBreakBy::FewerDeductions,
                CriteriaTieBreakKind::Ballot => TieBreakBy::Ballot,
            },
        },
        basis: input.basis,
    }
}
