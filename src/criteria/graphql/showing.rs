//! From the tree of a set to its nodes in a list, as the schema shows it.

use thidua_entity::Fixed4;

use super::enums::{CriteriaTieBreakKind, CriterionScoring};
use super::nodes::{
    CriteriaAdaptable, CriteriaAppliesTo, CriteriaFormula, CriteriaNode, CriteriaPart, CriteriaRange, CriteriaSection,
    Criterion as ShownCriterion, CriterionEvent, CriterionMeasure, EventsMeasure, PerCountMeasure, ScoredMeasure,
    TargetMeasure,
};
use super::rules::{
    CriteriaBand, CriteriaCondition, CriteriaDeclaration, CriteriaEligibility, CriteriaGate, CriteriaQuota,
    CriteriaSetContent, CriteriaTieBreak, CriteriaTieBreakBy, DeclaredCondition, FigureTieBreak, NodesReachCondition,
    OtherTieBreak, PointsTieBreak,
};
use crate::reckoning::{
    Adaptable, AppliesTo, Band, Condition, CountFrom, CriteriaSet, Criterion, Declaration, EligibilityRule, EventKind,
    Gate, Measure, Node, Part, Quota, Range, TargetFrom, TieBreak, TieBreakBy,
};
use crate::reports::graphql::figures::Decimal;

impl From<&CriteriaSet> for CriteriaSetContent {
    fn from(set: &CriteriaSet) -> Self {
        let mut nodes = Vec::new();
        list(&set.nodes, None, 1, &mut nodes);
        Self {
            scale: Decimal(set.scale),
            bonus: set.bonus.into(),
            bonus_cap: number(set.bonus_cap),
            deduction_cap: number(set.deduction_cap),
            total_cap: number(set.total_cap),
            size_measure: set.size_measure,
            basis: set.basis.clone(),
            nodes,
            bands: set.bands.iter().map(Into::into).collect(),
            declarations: set.declarations.iter().map(CriteriaDeclaration::from).collect(),
            gates: set.gates.iter().map(CriteriaGate::from).collect(),
            eligibility: set.eligibility.iter().map(CriteriaEligibility::from).collect(),
            quotas: set.quotas.iter().map(CriteriaQuota::from).collect(),
            tie_breaks: set.tie_breaks.iter().map(CriteriaTieBreak::from).collect(),
            tie_breaks_adaptable: set.tie_breaks_adaptable,
        }
    }
}

fn list(nodes: &[Node], parent: Option<&str>, depth: usize, found: &mut Vec<CriteriaNode>) {
    for node in nodes {
        found.push(CriteriaNode::of(node, parent, depth));
        list(node.children(), Some(&node.code), depth + 1, found);
    }
}

impl CriteriaNode {
    /// A node without what stands below it.
    pub fn of(node: &Node, parent: Option<&str>, depth: usize) -> Self {
        Self {
            code: node.code.clone(),
            parent: parent.map(str::to_owned),
            depth,
            title: node.title.vi.clone(),
            title_en: node.title.en.clone(),
            max: Decimal(node.max),
            weight: Decimal(node.weight),
            applies_to: (node.applies_to != AppliesTo::default()).then(|| (&node.applies_to).into()),
            basis: node.basis.clone(),
            adaptable: node.adaptable.as_ref().map(CriteriaAdaptable::from),
            part: match &node.part {
                Part::Section(section) => CriteriaPart::Section(CriteriaSection {
                    bonus_cap: number(section.bonus_cap),
                    deduction_cap: number(section.deduction_cap),
                    rescale: section.rescale,
                }),
                Part::Criterion(criterion) => CriteriaPart::Criterion(criterion.into()),
            },
        }
    }
}

fn number(number: Option<Fixed4>) -> Option<Decimal> {
    number.map(Decimal)
}

impl From<&AppliesTo> for CriteriaAppliesTo {
    fn from(units: &AppliesTo) -> Self {
        Self {
            kinds: units.kinds.iter().copied().collect(),
            sectors: units.sectors.iter().copied().collect(),
            size_from: units.size_from,
            size_below: units.size_below,
            calendars: units.calendars.iter().copied().map(Into::into).collect(),
        }
    }
}

impl From<&Adaptable> for CriteriaAdaptable {
    fn from(adaptable: &Adaptable) -> Self {
        let range = |range: Range| CriteriaRange {
            least: Decimal(range.least),
            most: Decimal(range.most),
        };
        Self {
            max: adaptable.max.map(range),
            weight: adaptable.weight.map(range),
            may_be_left_out: adaptable.may_be_left_out,
            may_be_added_to: adaptable.may_be_added_to,
        }
    }
}

impl From<&Criterion> for ShownCriterion {
    fn from(criterion: &Criterion) -> Self {
        Self {
            role: criterion.role.into(),
            step: number(criterion.step),
            evidence_required: criterion.evidence_required,
            scored_by: criterion.scored_by.iter().copied().map(Into::into).collect(),
            measure: (&criterion.measure).into(),
            when_missing: criterion.when_missing.into(),
        }
    }
}

impl From<&Measure> for CriterionMeasure {
    fn from(measure: &Measure) -> Self {
        let scored = |by| Self::Scored(ScoredMeasure { by });
        match measure {
            Measure::Manual => scored(CriterionScoring::Points),
            Measure::PassFail => scored(CriterionScoring::PassFail),
            Measure::Target {
                indicator,
                target,
                share,
                leader,
            } => {
                let (fixed_target, target_indicator_code) = match target {
                    TargetFrom::Promised => (None, None),
                    TargetFrom::Fixed { value } => (Some(Decimal(*value)), None),
                    TargetFrom::Figure { indicator } => (None, Some(indicator.clone())),
                };
                Self::Target(TargetMeasure {
                    indicator_code: indicator.clone(),
                    fixed_target,
                    target_indicator_code,
                    share: Decimal(*share),
                    leader: *leader,
                })
            }
            Measure::PerCount { count, each } => Self::PerCount(PerCountMeasure {
                indicator_code: counted(count),
                each: Decimal(*each),
            }),
            Measure::Events {
                start,
                floor,
                ceiling,
                events,
            } => Self::Events(EventsMeasure {
                start: Decimal(*start),
                floor: Decimal(*floor),
                ceiling: Decimal(*ceiling),
                events: events.iter().map(CriterionEvent::from).collect(),
            }),
            Measure::Formula { text } => Self::Formula(CriteriaFormula { text: text.clone() }),
        }
    }
}

fn counted(count: &CountFrom) -> Option<String> {
    match count {
        CountFrom::Figure { indicator } => Some(indicator.clone()),
        CountFrom::Entered => None,
    }
}

impl From<&EventKind> for CriterionEvent {
    fn from(event: &EventKind) -> Self {
        Self {
            code: event.code.clone(),
            title: event.title.vi.clone(),
            title_en: event.title.en.clone(),
            each: Decimal(event.each),
            indicator_code: counted(&event.count),
        }
    }
}

impl From<&Band> for CriteriaBand {
    fn from(band: &Band) -> Self {
        Self {
            grade: band.grade.clone(),
            title: band.title.vi.clone(),
            title_en: band.title.en.clone(),
            from: Decimal(band.from),
            basis: band.basis.clone(),
        }
    }
}

impl From<&Declaration> for CriteriaDeclaration {
    fn from(declaration: &Declaration) -> Self {
        Self {
            code: declaration.code.clone(),
            title: declaration.title.vi.clone(),
            title_en: declaration.title.en.clone(),
        }
    }
}

impl From<&Gate> for CriteriaGate {
    fn from(gate: &Gate) -> Self {
        Self {
            code: gate.code.clone(),
            title: gate.title.vi.clone(),
            title_en: gate.title.en.clone(),
            condition: match &gate.condition {
                Condition::Declared { declaration, wanted } => CriteriaCondition::Declared(DeclaredCondition {
                    declaration_code: declaration.clone(),
                    wanted: *wanted,
                }),
                Condition::NodesReach { nodes, share } => CriteriaCondition::NodesReach(NodesReachCondition {
                    node_codes: nodes.clone(),
                    share: Decimal(*share),
                }),
                Condition::Formula { text } => CriteriaCondition::Formula(CriteriaFormula { text: text.clone() }),
            },
            otherwise_at_most: gate.otherwise_at_most.clone(),
            when_missing: gate.when_missing.into(),
            basis: gate.basis.clone(),
        }
    }
}

impl From<&EligibilityRule> for CriteriaEligibility {
    fn from(rule: &EligibilityRule) -> Self {
        Self {
            after: rule.after.iter().copied().map(Into::into).collect(),
            months: rule.months,
            basis: rule.basis.clone(),
        }
    }
}

impl From<&Quota> for CriteriaQuota {
    fn from(quota: &Quota) -> Self {
        Self {
            code: quota.code.clone(),
            scope: quota.scope.into(),
            grade: quota.grade.clone(),
            base: quota.base.iter().cloned().collect(),
            percent: Decimal(quota.percent),
            rounding: quota.rounding.into(),
            enforcement: quota.enforcement.into(),
            basis: quota.basis.clone(),
        }
    }
}

impl From<&TieBreak> for CriteriaTieBreak {
    fn from(tie_break: &TieBreak) -> Self {
        let other = |kind| CriteriaTieBreakBy::Other(OtherTieBreak { kind });
        Self {
            by: match &tie_break.by {
                TieBreakBy::Points { node } => CriteriaTieBreakBy::Points(PointsTieBreak {
                    node_code: node.clone(),
                }),
                TieBreakBy::Figure { indicator, better } => CriteriaTieBreakBy::Figure(FigureTieBreak {
                    indicator_code: indicator.clone(),
                    better: (*better).into(),
                }),
                TieBreakBy::FewerDeductions => other(CriteriaTieBreakKind::FewerDeductions),
                TieBreakBy::Ballot => other(CriteriaTieBreakKind::Ballot),
            },
            basis: tie_break.basis.clone(),
        }
    }
}
