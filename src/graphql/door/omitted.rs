//! Variables that a client declared and left out, as every paging client does with `after` and `first` on its first page.
//!
//! The engine works out what a list costs from its arguments, and there it refuses such a variable ("is not defined"),
//! which the specification allows. Left out and null mean the same for the arguments that the cost of lists is
//! worked out from, so there null is put in. Everywhere else the difference stays: a change must not wipe what it leaves out.

use std::collections::HashSet;
use std::convert::Infallible;

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet, VariableDefinition};
use async_graphql::{Name, Positioned, Value, Variables};

/// The arguments that `graphql::list_cost` is called with.
const COST_ARGUMENTS: [&str; 2] = ["first", "last"];

/// Puts null for every variable that stands for the size of a page, was declared without a default and left out.
pub fn put_null(document: &ExecutableDocument, variables: &mut Variables) {
    let mut used = HashSet::new();
    let operations = document.operations.iter().map(|(_, operation)| &operation.node);
    let fragments = document.fragments.values().map(|fragment| &fragment.node);
    for operation in operations.clone() {
        collect(&operation.selection_set.node, &mut used);
    }
    for fragment in fragments {
        collect(&fragment.selection_set.node, &mut used);
    }
    for definition in operations.flat_map(|operation| &operation.variable_definitions) {
        if used.contains(&definition.node.name.node) && may_be_null(definition) {
            variables
                .entry(definition.node.name.node.clone())
                .or_insert(Value::Null);
        }
    }
}

fn may_be_null(definition: &Positioned<VariableDefinition>) -> bool {
    definition.node.default_value.is_none() && definition.node.var_type.node.nullable
}

/// Calls itself as deep as selections go; the door has bounded that before.
fn collect(set: &SelectionSet, used: &mut HashSet<Name>) {
    for selection in &set.items {
        match &selection.node {
            Selection::Field(field) => {
                for (name, value) in &field.node.arguments {
                    if COST_ARGUMENTS.contains(&name.node.as_str()) {
                        let Ok(_) = value.node.clone().into_const_with(|variable| {
                            used.insert(variable);
                            Ok::<_, Infallible>(Value::Null)
                        });
                    }
                }
                collect(&field.node.selection_set.node, used);
            }
            Selection::InlineFragment(fragment) => collect(&fragment.node.selection_set.node, used),
            Selection::FragmentSpread(_) => {}
        }
    }
}
