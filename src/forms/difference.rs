//! What changed from one version of a form to another: who fills it in, its sections, its items, its rules. Pure.
//!
//! Items are the same when their indicators are, rules when their codes are. Sections are the same when their titles are; a section that was renamed is
//! known by the items it shares. What has only made room for others has not moved.

use super::content::{FormContent, Item, Placed, Section};
use super::rules::Rule;
use crate::moved::in_order;
use serde::Serialize;

/// What changed from one version to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// What changed above the sections.
    pub head: Vec<HeadPart>,
    /// Sections that are not what they were: those of the later version in its order, then those that are gone.
    pub sections: Vec<SectionChange>,
    /// Items that are not what they were: those of the later version in its order, then those that are gone.
    pub items: Vec<ItemChange>,
    /// Rules that are not what they were: those of the later version in its order, then those that are gone.
    pub rules: Vec<RuleChange>,
}

/// What can change above the sections.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HeadPart {
    /// The text it rests on.
    LegalBasis,
    /// Kinds of unit that fill it in.
    UnitKinds,
    /// Sectors of the units that fill it in.
    Sectors,
    /// Size of the units that fill it in.
    Size,
}

/// What became of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionChange {
    /// As it was; `None` when it is new.
    pub before: Option<Heading>,
    /// As it is; `None` when it is gone.
    pub after: Option<Heading>,
    /// What changed.
    pub changed: Vec<SectionPart>,
}

/// A section without its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Order on the form, from 1.
    pub position: i32,
    /// Its title.
    pub title: Option<String>,
    /// How to fill it in.
    pub help: Option<String>,
}

/// What can change of a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SectionPart {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands elsewhere among the sections.
    Place,
    /// Its title.
    Title,
    /// Its help text.
    Help,
}

/// What became of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemChange {
    /// As it was; `None` when it is new.
    pub before: Option<ItemAt>,
    /// As it is; `None` when it is gone.
    pub after: Option<ItemAt>,
    /// What changed.
    pub changed: Vec<ItemPart>,
}

/// An item where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemAt {
    /// Order of its section, from 1.
    pub section: i32,
    /// Order on the form, from 1.
    pub position: i32,
    /// The item.
    pub item: Item,
}

impl From<Placed<'_>> for ItemAt {
    fn from(placed: Placed<'_>) -> Self {
        Self {
            section: placed.section,
            position: placed.position,
            item: placed.item.clone(),
        }
    }
}

/// What can change of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ItemPart {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands in another section, or elsewhere among the items.
    Place,
    /// Whether it must be filled in.
    Required,
    /// Its help text.
    Help,
    /// Its bounds.
    Bounds,
    /// By which dimensions it is asked for.
    Dimensions,
}

/// What became of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleChange {
    /// As it was; `None` when it is new.
    pub before: Option<RuleAt>,
    /// As it is; `None` when it is gone.
    pub after: Option<RuleAt>,
    /// What changed.
    pub changed: Vec<RulePart>,
}

/// A rule where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleAt {
    /// Order on the form, from 1.
    pub position: i32,
    /// The rule.
    pub rule: Rule,
}

/// What can change of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RulePart {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It stands elsewhere among the rules.
    Place,
    /// Its formula.
    Expression,
    /// What follows when it is broken.
    Severity,
    /// What a missing figure means to it.
    Missing,
    /// What the officer reads.
    Message,
    /// What it rests on.
    Basis,
}

/// What changed from one version to another.
pub fn between(before: &FormContent, after: &FormContent) -> Difference {
    let pairs = pairs(&before.sections, &after.sections);
    Difference {
        head: head(before, after),
        sections: sections(&before.sections, &after.sections, &pairs),
        items: items(before, after, &pairs),
        rules: rules(&before.rules, &after.rules),
    }
}

/// Of some things those that changed.
fn changed<T, const N: usize>(parts: [(bool, T); N]) -> Vec<T> {
    parts
        .into_iter()
        .filter_map(|(changed, part)| changed.then_some(part))
        .collect()
}

fn head(before: &FormContent, after: &FormContent) -> Vec<HeadPart> {
    let (by, now_by) = (&before.filled_in_by, &after.filled_in_by);
    changed([
        (before.legal_basis != after.legal_basis, HeadPart::LegalBasis),
        (by.unit_kinds != now_by.unit_kinds, HeadPart::UnitKinds),
        (by.sectors != now_by.sectors, HeadPart::Sectors),
        (by.size != now_by.size, HeadPart::Size),
    ])
}

/// Which section of the later version each of the earlier one has become, by place.
fn pairs(before: &[Section], after: &[Section]) -> Vec<Option<usize>> {
    let titled = |section: &Section| after.iter().position(|other| other.title == section.title);
    let mut pairs: Vec<Option<usize>> = before.iter().map(titled).collect();
    for (place, section) in before.iter().enumerate() {
        if pairs[place].is_some() {
            continue;
        }
        let shared = |other: &Section| {
            let has = |item: &&Item| other.items.iter().any(|one| one.indicator == item.indicator);
            section.items.iter().filter(has).count()
        };
        let free = (0..after.len()).filter(|other| !pairs.contains(&Some(*other)));
        let closest = free.max_by_key(|&other| (shared(&after[other]), std::cmp::Reverse(other)));
        pairs[place] = closest.filter(|&other| shared(&after[other]) > 0);
    }
    pairs
}

/// The heading of a section, by its place.
fn heading(sections: &[Section], place: usize) -> Option<Heading> {
    let section = sections.get(place)?;
    Some(Heading {
        position: i32::try_from(place).unwrap_or(i32::MAX).saturating_add(1),
        title: section.title.clone(),
        help: section.help.clone(),
    })
}

fn sections(before: &[Section], after: &[Section], pairs: &[Option<usize>]) -> Vec<SectionChange> {
    let mut changes = Vec::new();
    let came_from = |place: usize| pairs.iter().position(|pair| *pair == Some(place));
    let kept: Vec<(usize, usize)> = (0..after.len())
        .filter_map(|place| came_from(place).map(|from| (from, place)))
        .collect();
    let stayed = in_order(&kept.iter().map(|(from, _)| *from).collect::<Vec<_>>());
    for (place, now) in after.iter().enumerate() {
        let from = came_from(place);
        let parts = match from.map(|from| (from, &before[from])) {
            None => vec![SectionPart::Added],
            Some((from, was)) => changed([
                (!stayed.contains(&from), SectionPart::Place),
                (was.title != now.title, SectionPart::Title),
                (was.help != now.help, SectionPart::Help),
            ]),
        };
        if !parts.is_empty() {
            changes.push(SectionChange {
                before: from.and_then(|from| heading(before, from)),
                after: heading(after, place),
                changed: parts,
            });
        }
    }
    let gone = pairs.iter().enumerate().filter(|(_, pair)| pair.is_none());
    changes.extend(gone.map(|(place, _)| SectionChange {
        before: heading(before, place),
        after: None,
        changed: vec![SectionPart::Removed],
    }));
    changes
}

fn items(before: &FormContent, after: &FormContent, pairs: &[Option<usize>]) -> Vec<ItemChange> {
    let was: Vec<Placed<'_>> = before.placed().collect();
    let now: Vec<Placed<'_>> = after.placed().collect();
    let find = |items: &[Placed<'_>], code: &str| items.iter().position(|one| one.item.indicator == code);
    let same_section = |was: &Placed<'_>, now: &Placed<'_>| {
        let place = |section: i32| usize::try_from(section - 1).ok();
        let became = place(was.section).and_then(|place| pairs.get(place).copied().flatten());
        became.is_some() && became == place(now.section)
    };
    // The places, before, of the items that stand in the same section now, in today's order.
    let kept: Vec<usize> = now
        .iter()
        .filter_map(|now| find(&was, &now.item.indicator).filter(|&from| same_section(&was[from], now)))
        .collect();
    let stayed = in_order(&kept);
    let mut changes = Vec::new();
    for now in &now {
        let from = find(&was, &now.item.indicator);
        let parts = match from {
            None => vec![ItemPart::Added],
            Some(from) => item_parts(was[from].item, now.item, !stayed.contains(&from)),
        };
        if !parts.is_empty() {
            changes.push(ItemChange {
                before: from.map(|from| was[from].into()),
                after: Some((*now).into()),
                changed: parts,
            });
        }
    }
    let gone = was.iter().filter(|was| find(&now, &was.item.indicator).is_none());
    changes.extend(gone.map(|was| ItemChange {
        before: Some((*was).into()),
        after: None,
        changed: vec![ItemPart::Removed],
    }));
    changes
}

fn item_parts(was: &Item, now: &Item, moved: bool) -> Vec<ItemPart> {
    changed([
        (moved, ItemPart::Place),
        (was.required != now.required, ItemPart::Required),
        (was.help != now.help, ItemPart::Help),
        (was.bounds != now.bounds, ItemPart::Bounds),
        (was.dimensions != now.dimensions, ItemPart::Dimensions),
    ])
}

fn rules(before: &[Rule], after: &[Rule]) -> Vec<RuleChange> {
    let find = |rules: &[Rule], code: &str| rules.iter().position(|one| one.code == code);
    let at = |rules: &[Rule], place: usize| {
        Some(RuleAt {
            position: i32::try_from(place).unwrap_or(i32::MAX).saturating_add(1),
            rule: rules.get(place)?.clone(),
        })
    };
    let kept: Vec<usize> = after.iter().filter_map(|now| find(before, &now.code)).collect();
    let stayed = in_order(&kept);
    let mut changes = Vec::new();
    for (place, now) in after.iter().enumerate() {
        let from = find(before, &now.code);
        let parts = match from.map(|from| (from, &before[from])) {
            None => vec![RulePart::Added],
            Some((from, was)) => changed([
                (!stayed.contains(&from), RulePart::Place),
                (was.expression != now.expression, RulePart::Expression),
                (was.severity != now.severity, RulePart::Severity),
                (was.missing != now.missing, RulePart::Missing),
                (was.message != now.message, RulePart::Message),
                (was.basis != now.basis, RulePart::Basis),
            ]),
        };
        if !parts.is_empty() {
            changes.push(RuleChange {
                before: from.and_then(|from| at(before, from)),
                after: at(after, place),
                changed: parts,
            });
        }
    }
    let gone = before
        .iter()
        .enumerate()
        .filter(|(_, was)| find(after, &was.code).is_none());
    changes.extend(gone.map(|(place, _)| RuleChange {
        before: at(before, place),
        after: None,
        changed: vec![RulePart::Removed],
    }));
    changes
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use thidua_entity::Fixed4;
    use thidua_entity::enums::{Dimension, RuleMissing, RuleSeverity, Sector, SizeMeasure, UnitKind};

    use super::*;
    use crate::forms::bounds::Bounds;
    use crate::forms::content::{FilledInBy, Size};

    fn item(code: &str) -> Item {
        Item {
            indicator: code.to_owned(),
            required: false,
            help: None,
            bounds: Bounds::default(),
            dimensions: Vec::new(),
        }
    }

    /// A form of sections, each a title and the codes in it.
    fn form(sections: &[(&str, &[&str])]) -> FormContent {
        let section = |&(title, codes): &(&str, &[&str])| Section {
            title: Some(title.to_owned()),
            help: None,
            items: codes.iter().map(|code| item(code)).collect(),
        };
        FormContent {
            filled_in_by: FilledInBy {
                unit_kinds: vec![UnitKind::Grassroots],
                sectors: Vec::new(),
                size: None,
            },
            sections: sections.iter().map(section).collect(),
            rules: Vec::new(),
            legal_basis: None,
        }
    }

    /// The changes of items in one line: `b Place`.
    fn told(before: &FormContent, after: &FormContent) -> Vec<String> {
        let changes = between(before, after).items.into_iter();
        let told = changes.map(|change| {
            let at = change.after.or(change.before).unwrap();
            format!("{} {:?}", at.item.indicator, change.changed)
        });
        told.collect()
    }

    #[test]
    fn one_item_that_moves_is_the_only_one_that_moved() {
        let before = form(&[("I", &["a", "b", "c", "d"])]);
        assert_eq!(told(&before, &form(&[("I", &["d", "a", "b", "c"])])), ["d [Place]"]);
        assert_eq!(
            told(&before, &form(&[("I", &["x", "a", "b", "c", "d"])])),
            ["x [Added]"]
        );
        assert_eq!(told(&before, &form(&[("I", &["b", "c", "d"])])), ["a [Removed]"]);
        assert_eq!(
            told(&before, &form(&[("I", &["a", "b"]), ("II", &["c", "d"])])),
            ["c [Place]", "d [Place]"]
        );
    }

    #[test]
    fn a_renamed_section_takes_its_items_along() {
        let before = form(&[("I. Tổ chức", &["a", "b"]), ("II. Chăm lo", &["c"])]);
        let after = form(&[("I. Tổ chức và đoàn viên", &["a", "b"]), ("II. Chăm lo", &["c"])]);
        let difference = between(&before, &after);
        assert_eq!(difference.items, []);
        assert_eq!(difference.sections.len(), 1);
        assert_eq!(difference.sections[0].changed, [SectionPart::Title]);
        let swapped = form(&[("II. Chăm lo", &["c"]), ("I. Tổ chức", &["a", "b"])]);
        let difference = between(&before, &swapped);
        assert_eq!(difference.sections.len(), 1, "one of the two has moved");
        assert_eq!(difference.sections[0].changed, [SectionPart::Place]);
    }

    #[test]
    fn everything_else_that_changes_is_told() {
        let before = form(&[("I", &["a"]), ("II", &["b"])]);
        let mut after = form(&[("I", &["a"]), ("III", &["c"])]);
        after.sections[0].help = Some("Ghi đến ngày cuối kỳ.".to_owned());
        let changed = &mut after.sections[0].items[0];
        changed.required = true;
        changed.help = Some("Cả người nghỉ thai sản.".to_owned());
        changed.bounds.lowest = Some(Fixed4::ZERO);
        changed.dimensions = vec![Dimension::Women];
        after.filled_in_by.unit_kinds = vec![UnitKind::Grassroots, UnitKind::OccupationalUnion];
        after.filled_in_by.sectors = vec![Sector::Education];
        after.filled_in_by.size = Some(Size {
            by: SizeMeasure::Members,
            fewest: Some(10),
            most: None,
        });
        after.legal_basis = Some("Quyết định 1454/QĐ-TLĐ".to_owned());
        let difference = between(&before, &after);
        assert_eq!(
            told(&before, &after),
            ["a [Required, Help, Bounds, Dimensions]", "c [Added]", "b [Removed]"]
        );
        let sections: Vec<_> = difference.sections.iter().map(|one| one.changed.clone()).collect();
        assert_eq!(
            sections,
            [[SectionPart::Help], [SectionPart::Added], [SectionPart::Removed]]
        );
        assert_eq!(
            difference.head,
            [
                HeadPart::LegalBasis,
                HeadPart::UnitKinds,
                HeadPart::Sectors,
                HeadPart::Size
            ]
        );
    }

    #[test]
    fn rules_are_compared_by_their_codes() {
        let rule = |code: &str| Rule {
            code: code.to_owned(),
            expression: "a <= b".to_owned(),
            severity: RuleSeverity::Block,
            missing: RuleMissing::Skip,
            message: "Không được lớn hơn.".to_owned(),
            basis: None,
        };
        let (mut before, mut after) = (form(&[("I", &["a", "b"])]), form(&[("I", &["a", "b"])]));
        before.rules = ["R1", "R2", "R3"].map(rule).into();
        after.rules = ["R3", "R1", "R4"].map(rule).into();
        after.rules[1].expression = "a < b".to_owned();
        after.rules[1].severity = RuleSeverity::Warn;
        let told: Vec<_> = between(&before, &after)
            .rules
            .into_iter()
            .map(|change| {
                let at = change.after.or(change.before).unwrap();
                format!("{} {:?}", at.rule.code, change.changed)
            })
            .collect();
        assert_eq!(told, ["R1 [Place, Expression, Severity]", "R4 [Added]", "R2 [Removed]"]);
    }

    /// Some of eight codes in some order, cut into sections.
    fn some_form() -> impl Strategy<Value = FormContent> {
        let codes = prop::sample::subsequence(vec!["a", "b", "c", "d", "e", "f", "g", "h"], 1..=8).prop_shuffle();
        (codes, 1_usize..4).prop_map(|(codes, at_once)| {
            let sections: Vec<_> = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII"]
                .into_iter()
                .zip(codes.chunks(at_once))
                .collect();
            form(&sections)
        })
    }

    proptest! {
        #[test]
        fn a_form_does_not_differ_from_itself(form in some_form()) {
            prop_assert_eq!(between(&form, &form), Difference::default());
        }

        #[test]
        fn what_has_not_changed_stands_in_its_old_order(before in some_form(), after in some_form()) {
            let difference = between(&before, &after);
            let told = |code: &str| difference.items.iter().any(|change| {
                let at = change.after.as_ref().or(change.before.as_ref()).unwrap();
                at.item.indicator == code
            });
            let rest = |form: &FormContent| -> Vec<String> {
                form.placed().map(|placed| placed.item.indicator.clone()).filter(|code| !told(code)).collect()
            };
            prop_assert_eq!(rest(&before), rest(&after));
        }

        #[test]
        fn the_way_back_tells_the_same_the_other_way_round(before in some_form(), after in some_form()) {
            let count = |difference: &Difference, part: ItemPart| {
                difference.items.iter().filter(|change| change.changed.contains(&part)).count()
            };
            let (there, back) = (between(&before, &after), between(&after, &before));
            prop_assert_eq!(count(&there, ItemPart::Added), count(&back, ItemPart::Removed));
            prop_assert_eq!(count(&there, ItemPart::Removed), count(&back, ItemPart::Added));
        }
    }
}
