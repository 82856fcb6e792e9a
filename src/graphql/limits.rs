//! How much a GraphQL document may ask for, found out in linear time and before the engine looks at it.
//!
//! The engine has limits of its own, but it computes them by walking what a document *expands* to: fragments that spread
//! each other twice double that with every line, so a kilobyte of text can keep it busy for minutes. And the parser calls
//! itself for every bracket: deep nesting overflows the stack, which ends the process. Pure.

use std::collections::HashMap;
use std::convert::Infallible;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, OperationType, Selection, SelectionSet};
use async_graphql::{Name, Value, Variables};

use crate::error::{Error, Result, Text};

/// Most bytes of a document. GraphiQL's introspection, the longest document in everyday use, has 2 KB.
pub const QUERY_BYTES_MAX: usize = 20 * 1024;
/// Most brackets within each other in a document. The parser overflows a 2 MiB stack at about 300.
pub const TEXT_NESTING_MAX: usize = 50;
/// Most operations in a document.
pub const OPERATIONS_MAX: usize = 20;
/// Most fragments in a document.
pub const FRAGMENTS_MAX: usize = 200;
/// Most selections within each other, with fragments put in their places.
pub const SELECTIONS_DEPTH_MAX: usize = 32;
/// Most selections of all operations and fragments together, with fragments put in their places.
pub const SELECTIONS_MAX: usize = 5_000;
/// Most values in arguments, with fragments and variables put in their places; a long text counts as several.
pub const VALUES_MAX: usize = 20_000;
/// Bytes of a text that count as one more value.
const TEXT_BYTES_PER_VALUE: usize = 64;

/// Checks the text of a document before it is parsed: its length and how deep its brackets go.
pub fn check_text(text: &str) -> Result<()> {
    if text.len() > QUERY_BYTES_MAX {
        return Err(too_complex(
            format!("Truy vấn dài quá {QUERY_BYTES_MAX} byte."),
            format!("The query is longer than {QUERY_BYTES_MAX} bytes."),
        ));
    }
    let bytes = text.as_bytes();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += match byte {
            b'{' | b'[' | b'(' => {
                depth += 1;
                if depth > TEXT_NESTING_MAX {
                    return Err(too_deep(TEXT_NESTING_MAX));
                }
                1
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                1
            }
            b'#' => comment_length(bytes.get(at..).unwrap_or_default()),
            b'"' => match string_length(bytes.get(at..).unwrap_or_default()) {
                Some(length) => length,
                // The parser takes `"""` without an end for an empty string and goes on behind it, where this count
                // would still see a string; so the document is refused here, as the specification would.
                None => {
                    return Err(Error::bad_request(
                        "Truy vấn có chuỗi chưa được đóng.",
                        "The query has a string without an end.",
                    ));
                }
            },
            _ => 1,
        };
    }
    Ok(())
}

fn comment_length(text: &[u8]) -> usize {
    text.iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .unwrap_or(text.len())
}

/// Length of the string that the text begins with; `None` when it does not end.
fn string_length(text: &[u8]) -> Option<usize> {
    let block = text.starts_with(b"\"\"\"");
    let mut at = if block { 3 } else { 1 };
    loop {
        let rest = text.get(at..)?;
        at += match rest.first()? {
            b'\\' if block && rest.starts_with(b"\\\"\"\"") => 4,
            b'"' if block && rest.starts_with(b"\"\"\"") => return Some(at + 3),
            b'\\' if !block => 2,
            b'"' if !block => return Some(at + 1),
            b'\n' | b'\r' if !block => return None,
            _ => 1,
        };
    }
}

/// Checks a parsed document: how much its operations and fragments expand to, and how deep. Looks at each definition once.
pub fn check(document: &ExecutableDocument, variables: &Variables) -> Result<()> {
    if document.operations.iter().count() > OPERATIONS_MAX || document.fragments.len() > FRAGMENTS_MAX {
        return Err(too_complex(
            format!("Một truy vấn có tối đa {OPERATIONS_MAX} thao tác và {FRAGMENTS_MAX} mảnh (fragment)."),
            format!("A query has at most {OPERATIONS_MAX} operations and {FRAGMENTS_MAX} fragments."),
        ));
    }
    let mut measure = Measure {
        document,
        weights: variable_weights(document, variables),
        measured: HashMap::new(),
    };
    let mut sum = Size::default();
    for (_, operation) in document.operations.iter() {
        sum = sum.and(measure.selections(&operation.node.selection_set.node, 0)?);
    }
    // Fragments that nothing uses are walked by the engine too.
    for name in document.fragments.keys() {
        sum = sum.and(measure.fragment(name, 0)?);
    }
    if sum.selections > SELECTIONS_MAX {
        return Err(too_complex(
            format!("Truy vấn chọn quá {SELECTIONS_MAX} trường sau khi thay các mảnh (fragment) vào chỗ của chúng."),
            format!("The query selects more than {SELECTIONS_MAX} fields once fragments are put in their places."),
        ));
    }
    if sum.values > VALUES_MAX {
        return Err(too_complex(
            format!("Các đối số của truy vấn chứa quá {VALUES_MAX} giá trị sau khi thay biến và mảnh (fragment)."),
            format!(
                "The query's arguments hold more than {VALUES_MAX} values once variables and fragments are put in."
            ),
        ));
    }
    for (_, operation) in document.operations.iter() {
        check_roots(document, &operation.node)?;
    }
    Ok(())
}

/// Most fields at the top of an operation, and of a batch together. The engine runs a field as often as it stands there.
pub const ROOTS_MAX: usize = 30;

/// Checks the top of an operation: not too many fields, and in a mutation none under a name that another has, for the engine
/// would make the change twice and show it once.
fn check_roots(document: &ExecutableDocument, operation: &OperationDefinition) -> Result<()> {
    let mut keys = Vec::new();
    root_keys(document, &operation.selection_set.node, &mut keys);
    if keys.len() > ROOTS_MAX {
        return Err(too_many_roots());
    }
    keys.sort_unstable();
    if operation.ty == OperationType::Mutation
        && let Some(twice) = keys.windows(2).find(|pair| pair.first() == pair.last())
    {
        let name = twice.first().copied().unwrap_or_default();
        return Err(Error::bad_request(
            format!("Thao tác `{name}` có hai lần; hãy đặt bí danh (alias) khác nhau."),
            format!("The operation holds `{name}` twice; give each another alias."),
        ));
    }
    Ok(())
}

/// How many fields stand at the top of a document's operations.
pub fn roots(document: &ExecutableDocument) -> usize {
    let mut keys = Vec::new();
    for (_, operation) in document.operations.iter() {
        root_keys(document, &operation.node.selection_set.node, &mut keys);
    }
    keys.len()
}

/// The refusal of too many fields at the top.
pub fn too_many_roots() -> Error {
    too_complex(
        format!("Một yêu cầu có tối đa {ROOTS_MAX} trường ở mức trên cùng, kể cả trong một lô."),
        format!("A request has at most {ROOTS_MAX} fields at the top, also in a batch."),
    )
}

/// Response keys at the top, those of fragments included. Bounded, since the expanded size was checked before.
fn root_keys<'a>(document: &'a ExecutableDocument, set: &'a SelectionSet, keys: &mut Vec<&'a str>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => keys.push(field.node.response_key().node.as_str()),
            Selection::InlineFragment(fragment) => root_keys(document, &fragment.node.selection_set.node, keys),
            Selection::FragmentSpread(spread) => {
                if let Some(fragment) = document.fragments.get(&spread.node.fragment_name.node) {
                    root_keys(document, &fragment.node.selection_set.node, keys);
                }
            }
        }
    }
}

/// What a part of a document expands to.
#[derive(Clone, Copy, Default)]
struct Size {
    selections: usize,
    values: usize,
    height: usize,
}

impl Size {
    fn and(self, other: Self) -> Self {
        Self {
            selections: self.selections.saturating_add(other.selections),
            values: self.values.saturating_add(other.values),
            height: self.height.max(other.height),
        }
    }
}

struct Measure<'a> {
    document: &'a ExecutableDocument,
    /// What one use of a variable counts.
    weights: HashMap<&'a str, usize>,
    /// Fragments by name; `None` while one is being measured, so that meeting it again means a circle.
    measured: HashMap<&'a str, Option<Size>>,
}

impl<'a> Measure<'a> {
    /// Calls itself at most `SELECTIONS_DEPTH_MAX` times deep, whatever the document holds.
    fn selections(&mut self, set: &'a SelectionSet, depth: usize) -> Result<Size> {
        if depth > SELECTIONS_DEPTH_MAX {
            return Err(too_deep(SELECTIONS_DEPTH_MAX));
        }
        let mut sum = Size::default();
        for selection in &set.items {
            let within = match &selection.node {
                Selection::Field(field) => self.selections(&field.node.selection_set.node, depth + 1)?,
                Selection::InlineFragment(fragment) => self.selections(&fragment.node.selection_set.node, depth + 1)?,
                Selection::FragmentSpread(spread) => self.fragment(&spread.node.fragment_name.node, depth + 1)?,
            };
            sum = sum.and(Size {
                selections: within.selections.saturating_add(1),
                values: within.values.saturating_add(self.values(&selection.node)),
                height: within.height + 1,
            });
        }
        Ok(sum)
    }

    fn fragment(&mut self, name: &Name, depth: usize) -> Result<Size> {
        // The engine tells about a fragment that is not there, and in better words.
        let Some((name, fragment)) = self.document.fragments.get_key_value(name) else {
            return Ok(Size::default());
        };
        match self.measured.get(name.as_str()) {
            Some(Some(size)) if depth + size.height > SELECTIONS_DEPTH_MAX => Err(too_deep(SELECTIONS_DEPTH_MAX)),
            Some(Some(size)) => Ok(*size),
            Some(None) => Err(Error::bad_request(
                format!("Mảnh (fragment) `{name}` dùng lại chính nó."),
                format!("The fragment `{name}` uses itself."),
            )),
            None => {
                self.measured.insert(name, None);
                let size = self.selections(&fragment.node.selection_set.node, depth)?;
                self.measured.insert(name, Some(size));
                Ok(size)
            }
        }
    }

    /// Values in the arguments of a selection and of its directives.
    fn values(&self, selection: &Selection) -> usize {
        let arguments = match selection {
            Selection::Field(field) => field.node.arguments.as_slice(),
            _ => &[],
        };
        let directives = selection.directives();
        let mut sum = directives.len();
        for (_, value) in arguments
            .iter()
            .chain(directives.iter().flat_map(|directive| &directive.node.arguments))
        {
            let Ok(value) = value.node.clone().into_const_with(|name| {
                sum = sum.saturating_add(self.weights.get(name.as_str()).copied().unwrap_or(1));
                Ok::<_, Infallible>(Value::Null)
            });
            sum = sum.saturating_add(weight(&value));
        }
        sum
    }
}

/// What each variable counts wherever it is used: its value, or its default when that is larger.
fn variable_weights<'a>(document: &'a ExecutableDocument, variables: &'a Variables) -> HashMap<&'a str, usize> {
    let given = variables.iter().map(|(name, value)| (name.as_str(), weight(value)));
    let defaults = document
        .operations
        .iter()
        .flat_map(|(_, operation)| &operation.node.variable_definitions)
        .filter_map(|definition| {
            let default = definition.node.default_value.as_ref()?;
            Some((definition.node.name.node.as_str(), weight(&default.node)))
        });
    let mut weights = HashMap::new();
    for (name, weight) in given.chain(defaults) {
        let known = weights.entry(name).or_insert(weight);
        *known = weight.max(*known);
    }
    weights
}

fn weight(value: &Value) -> usize {
    match value {
        Value::List(items) => items.iter().map(weight).fold(1, usize::saturating_add),
        Value::Object(fields) => fields.values().map(weight).fold(1, usize::saturating_add),
        Value::String(text) => 1 + text.len() / TEXT_BYTES_PER_VALUE,
        _ => 1,
    }
}

fn too_complex(vi: impl Into<String>, en: impl Into<String>) -> Error {
    Error::TooComplex(Text::new(vi, en))
}

fn too_deep(most: usize) -> Error {
    too_complex(
        format!("Truy vấn lồng nhau quá {most} tầng."),
        format!("The query is nested more than {most} levels deep."),
    )
}

#[cfg(test)]
mod tests;
