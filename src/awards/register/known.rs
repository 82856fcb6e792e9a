//! Which units and which kinds of award the words of a register mean. What could be two is asked back, never chosen. Pure.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use thidua_entity::award_type;
use uuid::Uuid;

use super::words;
use crate::awards::decision::could_be_given;
use crate::ids;
use crate::sheets::day;
use crate::sheets::suggest::{Guesses, Known, SUGGESTED_MAX, Unclear};
use crate::text;

/// Words that are written short or in full in names of units.
const SHORT: [(&str, &str); 2] = [("lien doan lao dong", "ldld"), ("cong doan co so", "cdcs")];

/// A name as names are compared here: without regard to case and accents, `Liên đoàn Lao động` as `LĐLĐ`, `Công đoàn cơ sở` as `CĐCS`.
fn compared(name: &str) -> String {
    let folded = format!(" {} ", text::fold(name));
    let short = |name: String, (full, short): &(&str, &str)| name.replace(&format!(" {full} "), &format!(" {short} "));
    SHORT.iter().fold(folded, short).trim().to_owned()
}

/// The spellings under which a name is looked for: as it is written, all in short, all in full.
pub fn spellings(name: &str) -> HashSet<String> {
    let short = compared(name);
    let padded = format!(" {short} ");
    let full = |name: String, (full, short): &(&str, &str)| name.replace(&format!(" {short} "), &format!(" {full} "));
    let full = SHORT.iter().fold(padded, full).trim().to_owned();
    HashSet::from([text::fold(name), short, full])
}

/// A unit that the words of a register may mean.
#[derive(Clone, Debug)]
pub struct KnownUnit {
    /// The unit.
    pub id: Uuid,
    /// Its opaque id, by which it can be called where it has no code.
    pub key: String,
    /// Its codes, whoever gave them.
    pub codes: Vec<String>,
    /// Its official names, the newest first.
    pub names: Vec<DatedName>,
    /// Its first day; `None` when unknown.
    pub from: Option<NaiveDate>,
    /// The first day on which it was no more; `None` while it lives.
    pub to: Option<NaiveDate>,
}

/// A name and the days on which it was used.
#[derive(Clone, Debug)]
pub struct DatedName {
    /// The name.
    pub name: String,
    /// First day; `None` when unknown.
    pub from: Option<NaiveDate>,
    /// First day on which it was no longer used; `None` while it is.
    pub to: Option<NaiveDate>,
}

fn holds(from: Option<NaiveDate>, to: Option<NaiveDate>, day: NaiveDate) -> bool {
    from.is_none_or(|from| from <= day) && to.is_none_or(|to| to > day)
}

impl KnownUnit {
    /// Its official name on a day; before its first known name, that one.
    pub fn name_on(&self, day: NaiveDate) -> &str {
        let name = self.names.iter().find(|name| holds(name.from, name.to, day));
        name.or(self.names.last()).map_or("", |name| &name.name)
    }

    /// How to call it so that no other is meant.
    fn choice(&self) -> String {
        self.codes.first().unwrap_or(&self.key).clone()
    }
}

/// What the word for an issuer means.
#[derive(Debug)]
pub enum Meant<'a> {
    /// A unit.
    Unit(&'a KnownUnit),
    /// No unit that is known.
    Nobody,
}

/// The units that the words of a register may mean.
#[derive(Debug, Default)]
pub struct Units {
    units: Vec<KnownUnit>,
    by_code: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    near: Known,
    guesses: Guesses,
}

impl Units {
    /// Makes units ready to be found.
    pub fn of(units: Vec<KnownUnit>) -> Self {
        let mut known = Self::default();
        for (at, unit) in units.iter().enumerate() {
            for code in unit.codes.iter().chain([&unit.key]) {
                known.by_code.entry(code.to_lowercase()).or_default().push(at);
            }
            let names: HashSet<String> = unit.names.iter().map(|name| compared(&name.name)).collect();
            for name in names {
                known.by_name.entry(name).or_default().push(at);
            }
        }
        known.units = units;
        known
    }

    /// The names among which is guessed what was meant by one that nobody has.
    pub fn guess_among(&mut self, names: impl IntoIterator<Item = String>) {
        self.near = Known::of(names);
    }

    /// One of them.
    pub fn get(&self, id: Uuid) -> Option<&KnownUnit> {
        self.units.iter().find(|unit| unit.id == id)
    }

    /// All that some word may mean, at whatever time.
    pub fn all_called(&self, word: &str) -> impl Iterator<Item = &KnownUnit> {
        let coded = self.by_code.get(&word.to_lowercase()).into_iter().flatten();
        let named = self.by_name.get(&compared(word)).into_iter().flatten();
        coded.chain(named).filter_map(|at| self.units.get(*at))
    }

    /// The unit that a word means on a day: by its code, or by the official name that it had then. Of several with the name those count
    /// that lived on the day, then those that write it with the very same accents.
    pub fn meant(&self, word: &str, on: NaiveDate) -> Result<Meant<'_>, Unclear> {
        let coded: Vec<&KnownUnit> = self.called(self.by_code.get(&word.to_lowercase()));
        if !coded.is_empty() {
            return one_of(coded).map(Meant::Unit);
        }
        let ever = self.called(self.by_name.get(&compared(word)));
        let is_called = |unit: &&KnownUnit| compared(unit.name_on(on)) == compared(word);
        let mut then: Vec<&KnownUnit> = ever.iter().copied().filter(is_called).collect();
        narrow(&mut then, |unit| holds(unit.from, unit.to, on));
        narrow(&mut then, |unit| text::tidy(unit.name_on(on)) == word);
        match (then.is_empty(), ever.first()) {
            (false, _) => one_of(then).map(Meant::Unit),
            (true, Some(unit)) => Err(words::named_otherwise(
                unit.name_on(on),
                &day::written(on),
                unit.choice(),
            )),
            (true, None) => Ok(Meant::Nobody),
        }
    }

    /// The unit that a word means, which must be one.
    pub fn find(&mut self, word: &str, on: NaiveDate) -> Result<Uuid, Unclear> {
        if let Meant::Unit(unit) = self.meant(word, on)? {
            return Ok(unit.id);
        }
        Err(words::unknown_unit(self.guesses.nearest(word, &self.near)))
    }

    fn called(&self, places: Option<&Vec<usize>>) -> Vec<&KnownUnit> {
        let places = places.into_iter().flatten();
        places.filter_map(|at| self.units.get(*at)).collect()
    }
}

/// Leaves those of several for which something holds, where there are such.
fn narrow(units: &mut Vec<&KnownUnit>, holds: impl Fn(&KnownUnit) -> bool) {
    if units.len() > 1 && units.iter().any(|unit| holds(unit)) {
        units.retain(|unit| holds(unit));
    }
}

fn one_of(units: Vec<&KnownUnit>) -> Result<&KnownUnit, Unclear> {
    match units.as_slice() {
        [unit] => Ok(unit),
        several => {
            let choices = several.iter().map(|unit| unit.choice());
            Err(words::ambiguous_unit(choices.take(SUGGESTED_MAX).collect()))
        }
    }
}

/// The catalogue of kinds of award, by their words.
#[derive(Debug, Default)]
pub struct Kinds {
    kinds: HashMap<Uuid, award_type::Model>,
    by_word: HashMap<String, Vec<Uuid>>,
    near: Known,
    guesses: Guesses,
}

impl Kinds {
    /// Makes a catalogue ready to be searched.
    pub fn of(kinds: Vec<award_type::Model>) -> Self {
        let mut known = Self {
            near: Known::of(kinds.iter().map(|kind| kind.name.clone())),
            ..Self::default()
        };
        for kind in kinds {
            // A code is told from a name by what it begins with here, so that no name hides a code.
            for word in [coded(&kind.code), text::fold(&kind.name)] {
                known.by_word.entry(word).or_default().push(kind.id);
            }
            known.kinds.insert(kind.id, kind);
        }
        known
    }

    /// The whole catalogue.
    pub const fn all(&self) -> &HashMap<Uuid, award_type::Model> {
        &self.kinds
    }

    /// The kind of award that a word means, by its code or its name; of several with one name the one that could be given then.
    pub fn find(
        &mut self,
        word: &str,
        (year, decided_on): (i32, Option<NaiveDate>),
    ) -> Result<&award_type::Model, Unclear> {
        let by = |key: &str| self.by_word.get(key).map_or(&[][..], Vec::as_slice);
        let found = match by(&coded(word)) {
            [] => by(&text::fold(word)),
            found => found,
        };
        let mut kinds: Vec<&award_type::Model> = found.iter().filter_map(|id| self.kinds.get(id)).collect();
        let given = |kind: &&award_type::Model| could_be_given(kind, year, decided_on);
        if kinds.len() > 1 && kinds.iter().any(given) {
            kinds.retain(given);
        }
        match kinds.as_slice() {
            [kind] => Ok(kind),
            [] => Err(words::unknown_kind(self.guesses.nearest(word, &self.near))),
            several => {
                let codes = several.iter().map(|kind| kind.code.clone());
                Err(words::ambiguous_kind(codes.take(SUGGESTED_MAX).collect()))
            }
        }
    }
}

fn coded(code: &str) -> String {
    format!("={}", code.to_lowercase())
}

/// The unit that a word names by its opaque id.
pub fn id(word: &str) -> Option<Uuid> {
    ids::Kind::Unit.parse(word).ok()
}
