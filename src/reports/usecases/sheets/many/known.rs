//! Which units somebody may have meant by what is none.

use std::collections::HashMap;

use super::told;
use crate::sheets::suggest::{Guesses, Known, SUGGESTED_MAX};
use crate::sheets::{Conflict, FilledUnit};
use crate::text;

/// Units that could be meant.
#[derive(Default)]
pub struct KnownUnits {
    names: Known,
    codes: Known,
    /// The codes of the units of a name, as it is compared.
    codes_by_name: HashMap<String, Vec<String>>,
}

impl KnownUnits {
    /// Of units with a code, where they have one, and a name.
    pub fn of(units: &[(Option<&str>, &str)]) -> Self {
        let mut codes_by_name: HashMap<String, Vec<String>> = HashMap::new();
        for (code, name) in units {
            let codes = codes_by_name.entry(text::fold(name)).or_default();
            codes.extend(code.filter(|_| codes.len() < SUGGESTED_MAX).map(str::to_owned));
        }
        Self {
            names: Known::of(units.iter().map(|(_, name)| *name)),
            codes: Known::of(units.iter().filter_map(|(code, _)| *code)),
            codes_by_name,
        }
    }

    /// A unit that is none of those for which the caller may fill in the form: out of reach, not expected to report, or nothing at all.
    pub fn unknown(&self, row: &FilledUnit, guesses: &mut Guesses) -> Conflict {
        let (found, suggestions) = if row.unit.is_empty() {
            let same_name = self.codes_by_name.get(&text::fold(&row.name));
            let mut suggestions = same_name.cloned().unwrap_or_default();
            suggestions.extend(guesses.nearest(&row.code, &self.codes));
            suggestions.dedup();
            (&row.code, suggestions)
        } else {
            (&row.name, guesses.nearest(&row.name, &self.names))
        };
        told::unknown_unit(row.at, found, suggestions)
    }
}
