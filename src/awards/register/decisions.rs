//! What decisions come of the rows of a register: rows with the same issuer, number and date are one; without a number those with the same
//! issuer, year, date and source. Each keeps the rules of a decision that is recorded by hand. Pure.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike as _, NaiveDate};
use thidua_entity::enums::{Recipient, RecipientKind};
use uuid::Uuid;

use super::columns::RECIPIENTS;
use super::known::{Kinds, Meant, Units};
use super::{Field, Line, Register, words};
use crate::awards::decision::{self, NewAward, NewDecision, ReadDecision, naming_day};
use crate::awards::number;
use crate::error::{Error, Problem, Result};
use crate::sheets::suggest::Unclear;
use crate::sheets::{Conflict, day};
use crate::text;

/// What is known beside a register.
#[derive(Debug)]
pub struct Beside {
    /// The units that its words may mean.
    pub units: Units,
    /// The catalogue.
    pub kinds: Kinds,
    /// The unit in whose registry decisions of issuers outside the union stand.
    pub owner: Uuid,
    /// The units in whose registries the caller may write.
    pub own: HashSet<Uuid>,
    /// The day on which it is recorded.
    pub today: NaiveDate,
}

/// A decision that comes of a register.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// Its first row.
    pub row: u32,
    /// The decision; its issuer always has a name.
    pub decision: ReadDecision,
}

/// Who issued a decision.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Issuer {
    Unit(Uuid),
    Outside(String),
}

/// What rows of one decision have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum By {
    Number(String, Option<NaiveDate>),
    Source(i32, Option<NaiveDate>, Option<String>),
}

/// A decision while its rows are gathered.
struct Group<'a> {
    first: &'a Line,
    new: NewDecision,
    /// The row of each award, and in which column its recipient is named.
    rows: Vec<(u32, Field)>,
}

/// Gathers the rows of a register into decisions. Everything that is wrong is told at once, in the register's conflicts.
pub fn gather(register: &mut Register, beside: &mut Beside) -> Result<Vec<Gathered>> {
    let lines = std::mem::take(&mut register.lines);
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places: HashMap<(Issuer, By), usize> = HashMap::new();
    for line in &lines {
        let award = award(register, beside, line);
        let Some(issuer) = issuer(register, beside, line) else {
            continue;
        };
        let (Some(year), true) = (line.year, line.says_its_decision()) else {
            continue;
        };
        let by = match line.number.as_deref() {
            Some(number) => By::Number(number::key(number), line.day),
            None => By::Source(year, line.day, line.source.clone()),
        };
        let at = *places.entry((issuer.clone(), by)).or_insert(groups.len());
        if at == groups.len() {
            groups.push(begun(beside, line, issuer));
        }
        let Some(group) = groups.get_mut(at) else { continue };
        goes_with(register, group, line);
        if let Some(award) = award {
            let itself = line.name.is_none() && award.recipient_name.is_some();
            group
                .rows
                .push((line.row, if itself { Field::Unit } else { Field::Name }));
            group.new.awards.push(award);
        }
    }
    numbers_once(register, &groups);
    let mut gathered = Vec::with_capacity(groups.len());
    for group in groups {
        gathered.extend(keeps_rules(register, beside, &group)?);
    }
    register.conflicts.sort_by_key(|conflict| conflict.at);
    Ok(gathered)
}

impl Register {
    fn tell(&mut self, (row, field): (u32, Field), found: impl Into<String>, unclear: Unclear) {
        let at = self.place(row, field);
        self.conflicts.push(words::conflict(at, found, unclear));
    }

    /// A decision that stands in the registry otherwise than here.
    pub fn stands_otherwise(&self, gathered: &Gathered) -> Conflict {
        let field = gathered
            .decision
            .number
            .as_ref()
            .map_or(Field::Source, |_| Field::Number);
        let read = &gathered.decision;
        let found = read.number.as_ref().or(read.source.as_ref()).cloned();
        let at = self.place(gathered.row, field);
        words::conflict(at, found.unwrap_or_default(), words::stands_otherwise())
    }

    /// What a word means; what it does not mean clearly is told.
    fn known<T>(&mut self, at: (u32, Field), word: &str, found: Result<T, Unclear>) -> Option<T> {
        found.map_err(|unclear| self.tell(at, word, unclear)).ok()
    }
}

/// What a row gives. Everything that is missing or not known in it is told.
fn award(register: &mut Register, beside: &mut Beside, line: &Line) -> Option<NewAward> {
    for (field, said) in [(Field::Kind, &line.kind), (Field::Unit, &line.unit)] {
        if said.is_none() && !line.unread.contains(&field) {
            register.tell((line.row, field), "", words::missing(Vec::new()));
        }
    }
    if line.year.is_none() && !line.unread.contains(&Field::Year) {
        let likely = line.day.map(|day| day.year());
        let likely = likely.iter().flat_map(|year| [*year, year.saturating_sub(1)]);
        let likely = likely.map(|year| year.to_string()).collect();
        register.tell((line.row, Field::Year), "", words::missing(likely));
    }
    let year = line.year.or_else(|| line.day.map(|day| day.year()))?;
    let on = naming_day(year, line.day);
    let kind = line.kind.as_deref().and_then(|word| {
        let found = beside.kinds.find(word, (year, line.day));
        let found = found.map(|kind| (kind.id, kind.recipients));
        register.known((line.row, Field::Kind), word, found)
    });
    let unit = line.unit.as_deref().and_then(|word| {
        let found = beside.units.find(word, on);
        register.known((line.row, Field::Unit), word, found)
    });
    let ((award_type, recipients), unit) = (kind?, unit?);
    let recipient = match (line.recipient, recipients, &line.name, line.count) {
        (Some(said), ..) => said,
        (None, _, Some(_), _) => Recipient::Individual,
        (None, RecipientKind::Individual, None, Some(_)) => Recipient::Individual,
        (None, RecipientKind::Collective, None, Some(_)) | (None, _, None, None) => Recipient::Collective,
        (None, RecipientKind::Both, None, Some(count)) => {
            if !line.unread.contains(&Field::Recipient) {
                let choices = RECIPIENTS.map(str::to_owned).to_vec();
                let unclear = words::recipient_missing(choices);
                register.tell((line.row, Field::Recipient), count.to_string(), unclear);
            }
            return None;
        }
    };
    // The unit itself, under the name of the day; and who writes `1` beside a name says nothing new.
    let itself = || (recipient == Recipient::Collective && line.count.is_none()).then(|| name_of(beside, unit, on));
    let recipient_name = line.name.clone().or_else(itself);
    Some(NewAward {
        award_type,
        recipient,
        unit,
        count: line.count.filter(|count| line.name.is_none() || *count != 1),
        recipient_name,
        note: line.note.clone(),
    })
}

fn name_of(beside: &Beside, unit: Uuid, on: NaiveDate) -> String {
    beside.units.get(unit).map_or("", |unit| unit.name_on(on)).to_owned()
}

/// Who issued the decision of a row: a unit, or somebody outside the union, or whoever keeps the registry where nothing is said.
fn issuer(register: &mut Register, beside: &Beside, line: &Line) -> Option<Issuer> {
    let Some(word) = line.issuer.as_deref() else {
        return Some(Issuer::Unit(beside.owner));
    };
    let on = naming_day(line.year?, line.day);
    let unclear = match beside.units.meant(word, on) {
        Ok(Meant::Nobody) => return Some(Issuer::Outside(text::fold(word))),
        Ok(Meant::Unit(unit)) if beside.own.contains(&unit.id) => return Some(Issuer::Unit(unit.id)),
        Ok(Meant::Unit(_)) => words::not_your_registry(),
        Err(unclear) => unclear,
    };
    register.tell((line.row, Field::Issuer), word, unclear);
    None
}

fn begun<'a>(beside: &Beside, line: &'a Line, issuer: Issuer) -> Group<'a> {
    let year = line.year.unwrap_or_default();
    let on = naming_day(year, line.day);
    let (unit, name) = match issuer {
        Issuer::Unit(unit) => (Some(unit), Some(name_of(beside, unit, on))),
        Issuer::Outside(_) => (None, line.issuer.clone()),
    };
    Group {
        first: line,
        new: NewDecision {
            number: line.number.clone(),
            year,
            decided_on: line.day,
            issuer: unit,
            issuer_name: name,
            owner: unit.or(Some(beside.owner)),
            ..NewDecision::default()
        },
        rows: Vec::new(),
    }
}

/// Whether a row says of its decision what the rows above it say; who signed, and where it is known from, need be said only once.
fn goes_with(register: &mut Register, group: &mut Group<'_>, line: &Line) {
    let first = group.first.row;
    if let Some(year) = line.year.filter(|year| *year != group.new.year) {
        let unclear = words::not_as_above(first, &group.new.year.to_string());
        register.tell((line.row, Field::Year), year.to_string(), unclear);
    }
    let signer = (Field::Signer, &line.signer, &mut group.new.signer);
    for (field, said, above) in [signer, (Field::Source, &line.source, &mut group.new.source)] {
        match (said, above) {
            (Some(said), Some(above)) if said != above => {
                register.tell((line.row, field), said, words::not_as_above(first, above));
            }
            (Some(said), above) => *above = Some(said.clone()),
            (None, _) => {}
        }
    }
}

/// An issuer gives a number once a year: rows with it that are not one decision are told.
fn numbers_once(register: &mut Register, groups: &[Group<'_>]) {
    let mut seen: HashMap<(Option<Uuid>, String, i32, String), u32> = HashMap::new();
    for Group { first, new, .. } in groups {
        let Some(number) = new.number.as_deref() else { continue };
        let issuer = text::fold(new.issuer_name.as_deref().unwrap_or_default());
        let issuer = if new.issuer.is_some() { String::new() } else { issuer };
        let signed = naming_day(new.year, new.decided_on);
        // Rows that leave out the date are of the same year of achievement as those that do not.
        let years = HashSet::from([signed.year(), new.year]);
        let keys = years
            .into_iter()
            .map(|year| (new.issuer, issuer.clone(), year, number::key(number)));
        let keys: Vec<_> = keys.collect();
        match keys.iter().find_map(|key| seen.get(key)) {
            Some(other) => register.tell((first.row, Field::Number), number, words::number_twice(*other)),
            None => seen.extend(keys.into_iter().map(|key| (key, first.row))),
        }
    }
}

/// The decision of a group, when it keeps every rule; those that it does not keep are told at their cells.
fn keeps_rules(register: &mut Register, beside: &Beside, group: &Group<'_>) -> Result<Option<Gathered>> {
    if group.new.awards.is_empty() {
        return Ok(None);
    }
    let read = decision::read(&group.new, beside.today);
    let read = read.and_then(|read| decision::fits(&read, beside.kinds.all()).map(|()| read));
    match read {
        Ok(decision) => Ok(Some(Gathered {
            row: group.first.row,
            decision,
        })),
        Err(Error::Invalid(problems)) => {
            for problem in problems {
                tell_rule(register, group, problem);
            }
            Ok(None)
        }
        Err(other) => Err(other),
    }
}

/// Tells a rule of decisions at the cell that breaks it.
fn tell_rule(register: &mut Register, group: &Group<'_>, problem: Problem) {
    let mut path = problem.field.split('.');
    let (field, index, of_award) = (path.next().unwrap_or_default(), path.next(), path.next());
    let award = index.and_then(|index| index.parse::<usize>().ok());
    let place = award.and_then(|at| group.rows.get(at)).copied();
    let (row, naming) = place.unwrap_or((group.first.row, Field::Name));
    let (field, found) = match of_award.unwrap_or(field) {
        "number" => (Field::Number, group.new.number.clone()),
        "year" => (Field::Year, Some(group.new.year.to_string())),
        "decidedOn" => (Field::Day, group.new.decided_on.map(day::written)),
        "signer" => (Field::Signer, group.new.signer.clone()),
        "source" => (Field::Source, group.new.source.clone()),
        "issuerName" | "ownerId" => (Field::Issuer, group.new.issuer_name.clone()),
        "recipientName" => (naming, named(group, award)),
        "recipient" => (Field::Recipient, named(group, award)),
        "count" => (Field::Count, named(group, award)),
        "note" => (Field::Note, None),
        _ => (Field::Kind, None),
    };
    register.tell((row, field), found.unwrap_or_default(), words::problem(problem));
}

fn named(group: &Group<'_>, award: Option<usize>) -> Option<String> {
    award.and_then(|at| group.new.awards.get(at)?.recipient_name.clone())
}
