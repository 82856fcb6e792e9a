//! What a version of a criteria set holds, as it is kept: within bounds, its texts tidied, in the one way in which it is written. Pure.
//!
//! A draft may be as wrong as it likes; what is refused here is what nobody could keep or show: too large, too deep, texts with
//! characters that nobody sees.

use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::paths::{self, Places, Shape};
use crate::error::{Error, Problem, Result};
use crate::reckoning::{
    Condition, CriteriaSet, DEPTH_MAX, Measure, NODES_MAX, Node, PARTS_MAX, Part, SetProblemKind, TEXT_MAX,
};
use crate::{formula, text};

/// Most versions of a set.
pub const VERSIONS_MAX: usize = 100;
/// Most faults that are told at once: nobody mends more before asking again.
const FAULTS_MAX: usize = 100;
/// The largest whole number in a set: more people than there are in Việt Nam, and well within the `Int` of GraphQL.
const WHOLE_MAX: u64 = 1_000_000_000;

/// A set as it can be kept. What cannot is refused, place by place, the first hundred, in the shape in which it was written.
pub fn tidied(set: CriteriaSet, shape: Shape) -> Result<CriteriaSet> {
    let large = too_large(&set);
    if !large.is_empty() {
        let places = Places::of(&set, shape);
        let problems = large.into_iter().take(FAULTS_MAX);
        let told = problems.map(|(path, kind)| Problem {
            code: kind.code(),
            field: places.written(&path),
            text: kind.text(),
        });
        return Err(Error::Invalid(told.collect()));
    }
    let mut value = serde_json::to_value(&set).map_err(Error::internal)?;
    let mut faults = Vec::new();
    tidy(&mut value, "", &mut faults);
    if faults.is_empty() {
        return serde_json::from_value(value).map_err(Error::internal);
    }
    let places = Places::of(&set, shape);
    let told = faults
        .into_iter()
        .map(|(path, fault)| fault.problem(places.written(&path)));
    Err(Error::Invalid(told.collect()))
}

/// A set as it is stored and hashed: one text for each set.
pub fn write(set: &CriteriaSet) -> Result<String> {
    serde_json::to_string(set).map_err(Error::internal)
}

/// A set as it was stored.
pub fn read(content: &str) -> Result<CriteriaSet> {
    serde_json::from_str(content).map_err(Error::internal)
}

/// SHA-256 of a set as it is stored.
pub fn digest(content: &str) -> Vec<u8> {
    Sha256::digest(content.as_bytes()).to_vec()
}

/// A hash for people and programs to compare.
pub fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where there is more than anybody is willing to work on.
fn too_large(set: &CriteriaSet) -> Vec<(String, SetProblemKind)> {
    fn deepest(nodes: &[Node]) -> usize {
        nodes.iter().map(|node| 1 + deepest(node.children())).max().unwrap_or(0)
    }
    let mut found = Vec::new();
    if deepest(&set.nodes) > DEPTH_MAX {
        found.push(("nodes".to_owned(), SetProblemKind::TooDeep));
    }
    let nodes = paths::nodes(set);
    if nodes.len() > NODES_MAX {
        found.push(("nodes".to_owned(), SetProblemKind::TooManyNodes));
    }
    let mut bounded = |path: String, length: usize, most: usize| {
        if length > most {
            found.push((path, SetProblemKind::TooMany { most }));
        }
    };
    for (path, length) in [
        ("bands", set.bands.len()),
        ("declarations", set.declarations.len()),
        ("gates", set.gates.len()),
        ("eligibility", set.eligibility.len()),
        ("quotas", set.quotas.len()),
        ("tieBreaks", set.tie_breaks.len()),
    ] {
        bounded(path.to_owned(), length, PARTS_MAX);
    }
    for (index, quota) in set.quotas.iter().enumerate() {
        bounded(format!("quotas[{index}].base"), quota.base.len(), PARTS_MAX);
    }
    for (index, gate) in set.gates.iter().enumerate() {
        if let Condition::NodesReach { nodes, .. } = &gate.condition {
            bounded(format!("gates[{index}].condition.nodes"), nodes.len(), NODES_MAX);
        }
    }
    for (path, node) in nodes {
        if let Part::Criterion(criterion) = &node.part
            && let Measure::Events { events, .. } = &criterion.measure
        {
            bounded(format!("{path}.measure.events"), events.len(), PARTS_MAX);
        }
    }
    found
}

/// What nobody could keep or show.
enum Fault {
    TooLong(usize),
    Invisible,
    TooLarge,
}

impl Fault {
    fn problem(self, field: String) -> Problem {
        match self {
            Self::TooLong(most) => Problem::new(
                "TOO_LONG",
                field,
                format!("Tối đa {most} ký tự."),
                format!("At most {most} characters."),
            ),
            Self::Invisible => Problem::new(
                "CONTROL_CHARACTER",
                field,
                "Nội dung có ký tự điều khiển không hiển thị được; hãy gõ lại.",
                "The text has control characters that cannot be shown; type it again.",
            ),
            Self::TooLarge => Problem::new(
                "OUT_OF_BOUNDS",
                field,
                format!("Phải từ 0 đến {WHOLE_MAX}."),
                format!("This must be from 0 to {WHOLE_MAX}."),
            ),
        }
    }
}

/// Tidies each text where it stands: names on one line, all else without blanks around it, both NFC. What may be missing and is empty
/// is missing.
fn tidy(value: &mut Value, path: &str, faults: &mut Vec<(String, Fault)>) {
    if faults.len() >= FAULTS_MAX {
        return;
    }
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                tidy(field, &path, faults);
                if matches!(name.as_str(), "basis" | "en") && field.as_str() == Some("") {
                    *field = Value::Null;
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                tidy(item, &format!("{path}[{index}]"), faults);
            }
        }
        Value::String(written) => {
            let is_line = path.ends_with(".vi") || path.ends_with(".en");
            // A formula has bounds of its own, which are told with all else that is wrong with it, but not any length.
            let most = TEXT_MAX.max(formula::TEXT_MAX);
            if written
                .chars()
                .any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t'))
            {
                faults.push((path.to_owned(), Fault::Invisible));
            } else if written.chars().count() > most {
                faults.push((path.to_owned(), Fault::TooLong(most)));
            }
            *written = if is_line {
                text::tidy(written)
            } else {
                text::nfc(written).trim().to_owned()
            };
        }
        Value::Number(number) if number.as_u64().is_none_or(|number| number > WHOLE_MAX) => {
            faults.push((path.to_owned(), Fault::TooLarge));
        }
        Value::Number(_) | Value::Bool(_) | Value::Null => {}
    }
}
