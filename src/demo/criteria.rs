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
    base: NewSet,
    adaptation: Adaptation,
    /// Sets with which clusters began by themselves.
    own: Vec<NewSet>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewSet {
    unit: Option<String>,
    cluster: Option<String>,
    code: String,
    name: String,
    by: String,
    published_on: NaiveDate,
    scale: Fixed4,
    bonus: BonusPlace,
    bonus_cap: Option<Fixed4>,
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

/// Plans the criteria sets, all published.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let file: File = plan::read("criteria.json", include_str!("criteria.json"))?;
    let (base_id, base) = (plan.id(), file.base);
    let (content, version) = begin(plan, base_id, base)?;
    let own = file.adaptation;
    let mut adapted = content;
    change(&mut adapted.nodes, &own.maxima);
    let of_cluster = criteria_set::Model {
        id: plan.id(),
        unit_id: None,
        cluster_id: Some(plan.cluster(&own.cluster)?.0),
        base_id: Some(base_id),
        search_key: text::query_words(&format!("{} {}", own.code, own.name)).join(" "),
        code: own.code,
        name: own.name,
        version: 1,
    };
    let by = (own.published_on, plan.account(&own.by)?);
    published(plan, &of_cluster, &adapted, Some(version), by)?;
    plan.rows.criteria_sets.push(of_cluster);
    for new in file.own {
        let id = plan.id();
        begin(plan, id, new)?;
    }
    Ok(())
}

/// Plans a set that rests on no other, and tells what its version holds.
fn begin(plan: &mut Plan, id: Uuid, new: NewSet) -> Result<(CriteriaSet, Uuid)> {
    let content = CriteriaSet {
        scale: new.scale,
        bonus: new.bonus,
        bonus_cap: new.bonus_cap,
        deduction_cap: None,
        total_cap: None,
        size_measure: SizeMeasure::Members,
        basis: Some(new.basis),
        nodes: new.nodes.into_iter().map(node).collect(),
        bands: new.bands,
        declarations: new.declarations,
        gates: new.gates,
        eligibility: new.eligibility,
        quotas: new.quotas,
        tie_breaks: new.tie_breaks,
        tie_breaks_adaptable: true,
    };
    let unit = new.unit.map(|code| plan.unit(&code).map(|unit| unit.id)).transpose()?;
    let cluster = new
        .cluster
        .map(|code| plan.cluster(&code).map(|found| found.0))
        .transpose()?;
    let set = criteria_set::Model {
        id,
        unit_id: unit,
        cluster_id: cluster,
        base_id: None,
        search_key: text::query_words(&format!("{} {}", new.code, new.name)).join(" "),
        code: new.code,
        name: new.name,
        version: 1,
    };
    let by = (new.published_on, plan.account(&new.by)?);
    let version = published(plan, &set, &content, None, by)?;
    plan.rows.criteria_sets.push(set);
    Ok((content, version))
}

fn published(
    plan: &mut Plan,
    set: &criteria_set::Model,
    content: &CriteriaSet,
    base: Option<Uuid>,
    (on, by): (NaiveDate, Uuid),
) -> Result<Uuid> {
    let text = content::write(content)?;
    let version = criteria_set_version::Model {
        id: plan.id(),
        set_id: set.id,
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
