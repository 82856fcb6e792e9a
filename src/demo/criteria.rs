//! Criteria sets of the demonstration: one of a province for its districts, and what a cluster has made of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::enums::{CriteriaSetState, SizeMeasure};
use thidua_entity::{Fixed4, criteria_set, criteria_set_content, criteria_set_version};
use uuid::Uuid;

use super::plan::{self, Plan};
use crate::criteria::content;
use crate::error::Result;
use crate::reckoning::{
    Adaptable, AppliesTo, Band, BonusPlace, CriteriaSet, Criterion, Declaration, EligibilityRule, Gate, Layer, Measure,
    Node, Part, PointsRole, Quota, Range, Section, TieBreak, Title, WhenMissing,
};
use crate::text;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    base: NewBase,
    adaptation: Adaptation,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewBase {
    unit: String,
    code: String,
    name: String,
    by: String,
    published_on: NaiveDate,
    scale: Fixed4,
    bonus_cap: Fixed4,
    basis: String,
    nodes: Vec<NewNode>,
    bands: Vec<Band>,
    declarations: Vec<Declaration>,
    gates: Vec<Gate>,
    eligibility: Vec<EligibilityRule>,
    quotas: Vec<Quota>,
    tie_breaks: Vec<TieBreak>,
}

/// A section when others are below it, else a criterion.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewNode {
    code: String,
    title: String,
    max: Fixed4,
    /// How far a cluster may change the maximum.
    from: Option<Fixed4>,
    to: Option<Fixed4>,
    #[serde(default)]
    below: Vec<NewNode>,
    role: Option<PointsRole>,
    #[serde(default)]
    evidence: bool,
    scored_by: Option<BTreeSet<Layer>>,
    measure: Option<Measure>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Adaptation {
    cluster: String,
    code: String,
    name: String,
    by: String,
    published_on: NaiveDate,
    maxima: BTreeMap<String, Fixed4>,
}

/// Plans the criteria sets, both published.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let file: File = plan::read("criteria.json", include_str!("criteria.json"))?;
    let (base, own) = (file.base, file.adaptation);
    let set = CriteriaSet {
        scale: base.scale,
        bonus: BonusPlace::WithinScale,
        bonus_cap: Some(base.bonus_cap),
        deduction_cap: None,
        total_cap: None,
        size_measure: SizeMeasure::Members,
        basis: Some(base.basis),
        nodes: base.nodes.into_iter().map(node).collect(),
        bands: base.bands,
        declarations: base.declarations,
        gates: base.gates,
        eligibility: base.eligibility,
        quotas: base.quotas,
        tie_breaks: base.tie_breaks,
        tie_breaks_adaptable: true,
    };
    let mut adapted = set.clone();
    change(&mut adapted.nodes, &own.maxima);
    let of_unit = criteria_set::Model {
        id: plan.id(),
        unit_id: Some(plan.unit(&base.unit)?.id),
        cluster_id: None,
        base_id: None,
        search_key: text::query_words(&format!("{} {}", base.code, base.name)).join(" "),
        code: base.code,
        name: base.name,
        version: 1,
    };
    let of_cluster = criteria_set::Model {
        id: plan.id(),
        unit_id: None,
        cluster_id: Some(plan.cluster(&own.cluster)?.0),
        base_id: Some(of_unit.id),
        search_key: text::query_words(&format!("{} {}", own.code, own.name)).join(" "),
        code: own.code,
        name: own.name,
        version: 1,
    };
    let by = (base.published_on, plan.account(&base.by)?);
    let version = published(plan, of_unit.id, &set, None, by)?;
    let by = (own.published_on, plan.account(&own.by)?);
    published(plan, of_cluster.id, &adapted, Some(version), by)?;
    plan.rows.criteria_sets.extend([of_unit, of_cluster]);
    Ok(())
}

fn published(
    plan: &mut Plan,
    set: Uuid,
    content: &CriteriaSet,
    base: Option<Uuid>,
    (on, by): (NaiveDate, Uuid),
) -> Result<Uuid> {
    let text = content::write(content)?;
    let version = criteria_set_version::Model {
        id: plan.id(),
        set_id: set,
        number: 1,
        state: CriteriaSetState::Published,
        base_version_id: base,
        legal_basis: content.basis.clone(),
        digest: content::digest(&text),
        published_at: Some(plan.instant(on, 9 * 60)),
        published_by: Some(by),
        version: 2,
    };
    let id = version.id;
    plan.rows.criteria_contents.push(criteria_set_content::Model {
        version_id: id,
        content: text,
    });
    plan.rows.criteria_versions.push(version);
    Ok(id)
}

fn node(new: NewNode) -> Node {
    let range = new.from.zip(new.to).map(|(least, most)| Range { least, most });
    let part = if new.below.is_empty() {
        let role = new.role.unwrap_or(PointsRole::Main);
        let scorers = [Layer::Own, Layer::CrossCheck, Layer::Cluster, Layer::Province];
        Part::Criterion(Criterion {
            role,
            step: None,
            evidence_required: new.evidence,
            scored_by: new.scored_by.unwrap_or_else(|| scorers.into()),
            measure: new.measure.unwrap_or(Measure::Manual),
            when_missing: match role {
                PointsRole::Main => WhenMissing::Open,
                PointsRole::Bonus | PointsRole::Deduction => WhenMissing::Zero,
            },
        })
    } else {
        Part::Section(Section {
            children: new.below.into_iter().map(node).collect(),
            ..Section::default()
        })
    };
    Node {
        code: new.code,
        title: Title {
            vi: new.title,
            en: None,
        },
        max: new.max,
        weight: Fixed4::from_integer(1).unwrap_or_default(),
        applies_to: AppliesTo::default(),
        basis: None,
        adaptable: range.map(|range| Adaptable {
            max: Some(range),
            ..Adaptable::default()
        }),
        part,
    }
}

fn change(nodes: &mut [Node], maxima: &BTreeMap<String, Fixed4>) {
    for node in nodes {
        if let Some(max) = maxima.get(&node.code) {
            node.max = *max;
        }
        if let Part::Section(section) = &mut node.part {
            change(&mut section.children, maxima);
        }
    }
}
