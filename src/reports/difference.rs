//! What changed from one edition of a report to another: its figures, its note, what is said to rules that it breaks. Pure.
//!
//! An edition is what a report said when it was sent, or what stands in it now. A figure is the same when it is of the same indicator
//! and the same part; it has changed when it says something else, or is only typed in another way.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use thidua_entity::Fixed4;
use thidua_entity::enums::{FigurePart, Nature, Qualifier};
use uuid::Uuid;

use super::merging::Place;

/// A figure as it stood in an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The figure; the lower end of a range; 1 for yes and 0 for no; `None` for a choice and a text.
    pub value: Option<Fixed4>,
    /// The upper end of a range.
    pub upper: Option<Fixed4>,
    /// Of a choice: its code.
    pub choice: Option<String>,
    /// What the text claims.
    pub qualifier: Qualifier,
    /// Actual or estimate.
    pub nature: Nature,
    /// The text as typed.
    pub raw: String,
}

/// What a report said.
#[derive(Clone, Debug, Default)]
pub struct Edition {
    /// Its figures.
    pub figures: HashMap<Place, Figure>,
    /// What the unit said beside them.
    pub note: Option<String>,
    /// What it said to rules that the report broke, by their codes.
    pub explanations: BTreeMap<String, String>,
}

/// What changed from one edition to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Figures that are not what they were, in the order of the form, of each indicator the total first and then its parts.
    pub figures: Vec<FigureChange>,
    /// The note before and after; `None` when it is the same.
    pub note: Option<NoteChange>,
    /// Explanations that are not what they were, by the codes of the rules.
    pub explanations: Vec<ExplanationChange>,
}

/// What became of a figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureChange {
    /// The indicator.
    pub indicator: Uuid,
    /// The total, or which part of it.
    pub part: FigurePart,
    /// As it was; `None` when it is new.
    pub before: Option<Figure>,
    /// As it is; `None` when it is gone.
    pub after: Option<Figure>,
    /// What changed.
    pub changed: Vec<FigureAspect>,
}

/// What can change of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FigureAspect {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// The number or the end of its range, what was chosen, or the words of a text.
    Value,
    /// What the text claims: exact, more than, nearly, about, or a range.
    Qualifier,
    /// Actual or estimate.
    Nature,
    /// Only how it is typed: `1671` for `1.671`.
    Spelling,
}

/// What became of the note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteChange {
    /// As it was; `None` when there was none.
    pub before: Option<String>,
    /// As it is; `None` when there is none.
    pub after: Option<String>,
}

/// What became of an explanation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExplanationChange {
    /// Code of the rule.
    pub rule: String,
    /// As it was; `None` when it is new.
    pub before: Option<String>,
    /// As it is; `None` when it is gone.
    pub after: Option<String>,
}

/// What changed from one edition to another. `order` is that of the indicators on the form; a figure of any other comes last.
pub fn between(before: &Edition, after: &Edition, order: &[Uuid]) -> Difference {
    let mut places: Vec<&Place> = before.figures.keys().collect();
    places.extend(
        after
            .figures
            .keys()
            .filter(|place| !before.figures.contains_key(*place)),
    );
    let rank: HashMap<Uuid, usize> = order.iter().copied().zip(0..).collect();
    places.sort_by_key(|(indicator, part)| (rank.get(indicator).copied().unwrap_or(order.len()), *indicator, *part));
    let figures = places.into_iter().filter_map(|place| {
        let (was, is) = (before.figures.get(place), after.figures.get(place));
        let changed = aspects(was, is);
        (!changed.is_empty()).then(|| FigureChange {
            indicator: place.0,
            part: place.1,
            before: was.cloned(),
            after: is.cloned(),
            changed,
        })
    });
    let mut rules: Vec<&String> = before.explanations.keys().chain(after.explanations.keys()).collect();
    rules.sort_unstable();
    rules.dedup();
    let explanations = rules.into_iter().filter_map(|rule| {
        let (was, is) = (before.explanations.get(rule), after.explanations.get(rule));
        (was != is).then(|| ExplanationChange {
            rule: rule.clone(),
            before: was.cloned(),
            after: is.cloned(),
        })
    });
    Difference {
        figures: figures.collect(),
        note: (before.note != after.note).then(|| NoteChange {
            before: before.note.clone(),
            after: after.note.clone(),
        }),
        explanations: explanations.collect(),
    }
}

fn aspects(was: Option<&Figure>, is: Option<&Figure>) -> Vec<FigureAspect> {
    let (was, is) = match (was, is) {
        (None, None) => return Vec::new(),
        (None, Some(_)) => return vec![FigureAspect::Added],
        (Some(_), None) => return vec![FigureAspect::Removed],
        (Some(was), Some(is)) => (was, is),
    };
    let is_text = |figure: &Figure| figure.value.is_none() && figure.choice.is_none();
    let said_otherwise = (was.value, was.upper, &was.choice) != (is.value, is.upper, &is.choice);
    let value = said_otherwise || is_text(is) && was.raw != is.raw;
    let mut changed = Vec::new();
    let mut note = |differs: bool, aspect| {
        if differs {
            changed.push(aspect);
        }
    };
    note(value, FigureAspect::Value);
    note(was.qualifier != is.qualifier, FigureAspect::Qualifier);
    note(was.nature != is.nature, FigureAspect::Nature);
    if changed.is_empty() && was.raw != is.raw {
        changed.push(FigureAspect::Spelling);
    }
    changed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn figure(value: i64, qualifier: Qualifier, nature: Nature, raw: &str) -> Figure {
        Figure {
            value: Fixed4::from_integer(value),
            upper: None,
            choice: None,
            qualifier,
            nature,
            raw: raw.to_owned(),
        }
    }

    #[test]
    fn what_is_said_otherwise_is_told_apart_from_what_is_only_typed_otherwise() {
        use FigureAspect::{Nature as OfNature, Qualifier as OfClaim, Spelling, Value};
        use Nature::{Actual, Estimate};
        use Qualifier::{Exact, MoreThan};
        let was = figure(1671, Exact, Actual, "1.671");
        for (is, changed) in [
            (figure(1671, Exact, Actual, "1.671"), vec![]),
            (figure(1671, Exact, Actual, "1671"), vec![Spelling]),
            (figure(1672, Exact, Actual, "1.672"), vec![Value]),
            (figure(1671, MoreThan, Actual, "trên 1.671"), vec![OfClaim]),
            (figure(1671, Exact, Estimate, "1.671"), vec![OfNature]),
            (figure(5, MoreThan, Estimate, "trên 5"), vec![Value, OfClaim, OfNature]),
        ] {
            assert_eq!(aspects(Some(&was), Some(&is)), changed, "{is:?}");
        }
        let text = |raw: &str| Figure {
            value: None,
            ..figure(0, Exact, Actual, raw)
        };
        assert_eq!(aspects(Some(&text("Cụm I")), Some(&text("Cụm II"))), [Value]);
    }

    fn editions() -> impl Strategy<Value = (Edition, Edition)> {
        let place = (0_u128..4, prop::sample::select(&FigurePart::ALL[..3]));
        let reading = (0_i64..3, prop::sample::select(Nature::ALL));
        let figures = prop::collection::hash_map(place, reading, 0..6);
        let said = prop::collection::btree_map("[ab]", "[xy]", 0..3);
        let edition = (figures, prop::option::of("[xy]"), said).prop_map(|(figures, note, explanations)| Edition {
            figures: figures
                .into_iter()
                .map(|((indicator, part), (value, nature))| {
                    let place = (Uuid::from_u128(indicator), part);
                    (place, figure(value, Qualifier::Exact, nature, &value.to_string()))
                })
                .collect(),
            note,
            explanations,
        });
        (edition.clone(), edition)
    }

    proptest! {
        #[test]
        fn who_makes_the_changes_that_are_told_comes_to_the_other_edition((before, after) in editions()) {
            let order: Vec<Uuid> = (0..3).rev().map(Uuid::from_u128).collect();
            let told = between(&before, &after, &order);
            let mut figures = before.figures.clone();
            for change in &told.figures {
                let place = (change.indicator, change.part);
                prop_assert_eq!(figures.get(&place), change.before.as_ref());
                match change.after.clone() {
                    Some(figure) => _ = figures.insert(place, figure),
                    None => _ = figures.remove(&place),
                }
            }
            prop_assert_eq!(figures, after.figures.clone());
            let mut said = before.explanations.clone();
            for change in &told.explanations {
                match change.after.clone() {
                    Some(text) => _ = said.insert(change.rule.clone(), text),
                    None => _ = said.remove(&change.rule),
                }
            }
            prop_assert_eq!(said, after.explanations.clone());
            let note = told.note.as_ref().map_or(&before.note, |change| &change.after);
            prop_assert_eq!(note, &after.note);
            let back = between(&after, &before, &order);
            prop_assert_eq!(back.figures.len(), told.figures.len());
            prop_assert_eq!(between(&after, &after, &order), Difference::default());
        }
    }
}
