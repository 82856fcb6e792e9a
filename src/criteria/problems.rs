//! Everything that keeps a criteria set from being published: what the reckoning says of it, what its base does not let it change, and
//! figures that do not add up. Pure.

use super::figures::Catalogue;
use super::paths::{Places, Shape};
use crate::error::{Problem, Text};
use crate::reckoning::{
    About, AdaptingProblem, AdaptingProblemKind, CheckedSet, CriteriaSet, HeadPart, NodePart, adapting_problems,
};

/// The set ready to reckon with, or everything that is wrong with it, in the order of its parts; `base` is what it adapts.
pub fn check(
    set: &CriteriaSet,
    base: Option<&CriteriaSet>,
    catalogue: &Catalogue,
    shape: Shape,
) -> Result<CheckedSet, Vec<Problem>> {
    let places = Places::of(set, shape);
    let told = |code, path: &str, text| Problem {
        code,
        field: places.written(path),
        text,
    };
    let (checked, mut problems) = match CheckedSet::check(set.clone(), &catalogue.forms) {
        Ok(checked) => (Some(checked), Vec::new()),
        Err(problems) => {
            let problems = problems.into_iter();
            let problems = problems.map(|problem| told(problem.kind.code(), &problem.path, problem.kind.text()));
            (None, problems.collect())
        }
    };
    let added = catalogue.wrongly_added(set).into_iter();
    problems.extend(added.map(|(path, text)| told("NOT_ADDED_UP", &path, text)));
    if let Some(base) = base {
        let adapted = adapting_problems(base, set).into_iter();
        problems.extend(adapted.map(|problem| {
            let (path, text) = (adapted_at(&problem, base, &places), adapting_text(&problem, base));
            told(problem.kind.code(), &path, text)
        }));
    }
    match checked {
        Some(checked) if problems.is_empty() => Ok(checked),
        _ => Err(problems),
    }
}

/// What is not let, with the name of what was left out, which is nowhere to be seen.
fn adapting_text(problem: &AdaptingProblem, base: &CriteriaSet) -> Text {
    let text = problem.kind.text();
    let (About::Node(code), AdaptingProblemKind::LeftOut) = (&problem.about, &problem.kind) else {
        return text;
    };
    let nodes = base.all_nodes();
    let title = nodes.iter().find(|node| node.code == *code).map(|node| &node.title);
    let Some(title) = title else { return text };
    let en = title.en.as_deref().unwrap_or(&title.vi);
    Text::new(
        format!("«{}» (`{code}`): {}", title.vi, text.vi),
        format!("“{en}” (`{code}`): {}", text.en),
    )
}

/// Where a set changed what its base does not let it change.
fn adapted_at(problem: &AdaptingProblem, base: &CriteriaSet, places: &Places<'_>) -> String {
    let code = match &problem.about {
        About::Head(part) => return head(*part).to_owned(),
        About::List(list) => return (*list).to_owned(),
        About::Node(code) => code,
    };
    let at = |code: &str| places.path(code).map(str::to_owned);
    match (at(code), &problem.kind) {
        (Some(path), AdaptingProblemKind::PartFixed(part) | AdaptingProblemKind::Outside { part, .. }) => {
            match in_node(*part) {
                "" => path,
                field => format!("{path}.{field}"),
            }
        }
        (Some(path), _) => path,
        (None, _) => {
            let nodes = base.all_nodes();
            let holds = |node: &&&crate::reckoning::Node| node.children().iter().any(|child| child.code == *code);
            let parent = nodes.iter().find(holds).and_then(|parent| at(&parent.code));
            parent.map_or_else(|| "nodes".to_owned(), |parent| format!("{parent}.children"))
        }
    }
}

const fn head(part: HeadPart) -> &'static str {
    match part {
        HeadPart::Scale => "scale",
        HeadPart::Bonus => "bonus",
        HeadPart::BonusCap => "bonusCap",
        HeadPart::DeductionCap => "deductionCap",
        HeadPart::TotalCap => "totalCap",
        HeadPart::SizeMeasure => "sizeMeasure",
        HeadPart::Basis => "basis",
        HeadPart::TieBreaksAdaptable => "tieBreaksAdaptable",
    }
}

const fn in_node(part: NodePart) -> &'static str {
    match part {
        NodePart::Added | NodePart::Removed | NodePart::Place => "",
        NodePart::Title => "title.vi",
        NodePart::Max => "max",
        NodePart::Weight => "weight",
        NodePart::AppliesTo => "appliesTo",
        NodePart::Basis => "basis",
        NodePart::Adaptable => "adaptable",
        NodePart::BonusCap => "bonusCap",
        NodePart::DeductionCap => "deductionCap",
        NodePart::Rescale => "rescale",
        NodePart::Role => "role",
        NodePart::Step => "step",
        NodePart::EvidenceRequired => "evidenceRequired",
        NodePart::ScoredBy => "scoredBy",
        NodePart::Measure => "measure",
        NodePart::WhenMissing => "whenMissing",
        NodePart::Kind => "type",
    }
}
