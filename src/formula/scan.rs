//! The first look at the text of a formula, before the parser sees it: what formulas do not have is refused here, with its place,
//! and what is left is small and shallow enough for a parser that has no bounds of its own. Pure.

use thidua_entity::Fixed4;

use super::problem::{Fault, FormulaProblem, NotOffered};
use super::{DEPTH_MAX, PARTS_MAX, TEXT_MAX, nearest};

/// What may be called, with the way it is written.
pub(super) const USAGES: [(&str, &str); 8] = [
    ("min", "min(a, b, …)"),
    ("max", "max(a, b, …)"),
    ("sum", "sum(a, b, …)"),
    ("abs", "abs(a)"),
    ("round", "round(a, 2)"),
    ("floor", "floor(a)"),
    ("ceil", "ceil(a)"),
    ("given", "given(a)"),
];

/// Refuses a text that is too large or that has anything in it that formulas do not have.
pub(super) fn scan(text: &str) -> Result<(), FormulaProblem> {
    if text.trim().is_empty() {
        return Err(FormulaProblem::whole(Fault::Empty));
    }
    if text.chars().nth(TEXT_MAX).is_some() {
        return Err(FormulaProblem::whole(Fault::TooLong));
    }
    let mut scan = Scan {
        text,
        rest: text,
        parts: 0,
        choices: 0,
        brackets: Vec::new(),
    };
    while scan.step()? {}
    Ok(())
}

struct Scan<'a> {
    text: &'a str,
    rest: &'a str,
    parts: usize,
    choices: usize,
    /// The open brackets: whether each is that of a function.
    brackets: Vec<bool>,
}

impl<'a> Scan<'a> {
    /// Looks at the next sign or word; says whether there was one.
    fn step(&mut self) -> Result<bool, FormulaProblem> {
        self.rest = self.rest.trim_start_matches([' ', '\n']);
        let Some(first) = self.rest.chars().next() else {
            return Ok(false);
        };
        if first.is_ascii_digit() {
            let shown = self.take_while(|letter| letter.is_alphanumeric() || matches!(letter, '.' | '_'));
            self.number(shown)?;
        } else if first.is_alphabetic() || first == '_' {
            let word = self.take_while(|letter| letter.is_alphanumeric() || letter == '_');
            self.word(word)?;
        } else if matches!(first, '"' | '\'') {
            self.quoted(first)?;
        } else {
            self.sign(first)?;
        }
        Ok(true)
    }

    fn take_while(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest.trim_start_matches(belongs);
        self.take(self.rest.len() - rest.len())
    }

    fn take(&mut self, bytes: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    /// A fault of what was just taken.
    fn fault(&self, taken: &str, fault: Fault) -> FormulaProblem {
        FormulaProblem::at(self.text, self.text.len() - self.rest.len() - taken.len(), taken, fault)
    }

    fn part(&mut self) -> Result<(), FormulaProblem> {
        self.parts += 1;
        if self.parts > PARTS_MAX {
            return Err(FormulaProblem::whole(Fault::TooManyParts));
        }
        Ok(())
    }

    fn number(&mut self, shown: &str) -> Result<(), FormulaProblem> {
        if Fixed4::parse(shown).is_err() {
            let shown = shown.to_owned();
            return Err(self.fault(&shown, Fault::NumberUnclear { shown: shown.clone() }));
        }
        self.part()
    }

    fn word(&mut self, word: &str) -> Result<(), FormulaProblem> {
        let quoted = self.rest.starts_with(['"', '\'']);
        let called = self.rest.trim_start().starts_with('(');
        let fault = match word {
            _ if quoted => Fault::NotOffered(NotOffered::SpecialText),
            "in" => Fault::NotOffered(NotOffered::In),
            "null" => Fault::NotOffered(NotOffered::Null),
            "has" if called => Fault::NotOffered(NotOffered::Has),
            "all" | "exists" | "exists_one" | "map" | "filter" if called => Fault::NotOffered(NotOffered::Loop),
            _ if called && !USAGES.iter().any(|(name, _)| *name == word) => Fault::UnknownFunction {
                name: word.to_owned(),
                nearest: nearest(word, USAGES.iter().map(|(name, _)| *name)),
            },
            // Codes of indicators have no accents; the parser would stumble over the letter only.
            _ if !word.is_ascii() => Fault::UnknownName {
                name: word.to_owned(),
                nearest: None,
            },
            _ => return self.part(),
        };
        Err(self.fault(word, fault))
    }

    fn quoted(&mut self, mark: char) -> Result<(), FormulaProblem> {
        let opening = self.take(mark.len_utf8());
        let inside = self.take_while(|letter| letter != mark && !matches!(letter, '\\' | '\n'));
        if self.rest.starts_with('\\') {
            return Err(self.fault("", Fault::NotOffered(NotOffered::SpecialText)));
        }
        if !self.rest.starts_with(mark) {
            let shown = format!("{opening}{inside}");
            return Err(self.fault(&shown, Fault::TextOpen));
        }
        self.take(mark.len_utf8());
        if self.rest.starts_with(['"', '\'']) {
            return Err(self.fault("", Fault::NotOffered(NotOffered::SpecialText)));
        }
        self.part()
    }

    fn sign(&mut self, first: char) -> Result<(), FormulaProblem> {
        for double in ["&&", "||", "==", "!=", "<=", ">="] {
            if self.rest.starts_with(double) {
                self.take(double.len());
                return self.part();
            }
        }
        if self.rest.starts_with("//") {
            let comment = self.take_while(|letter| letter != '\n');
            return Err(self.fault(comment, Fault::NotOffered(NotOffered::Comment)));
        }
        let called = self.is_after_word();
        let taken = self.take(first.len_utf8());
        let fault = match first {
            '+' | '-' | '*' | '/' | '%' | '<' | '>' | '!' => return self.part(),
            ':' => return Ok(()),
            '?' if self.choices < DEPTH_MAX => {
                self.choices += 1;
                return self.part();
            }
            '(' if self.brackets.len() < DEPTH_MAX => {
                self.brackets.push(called);
                return Ok(());
            }
            '?' | '(' => Fault::TooDeep,
            ')' => {
                self.brackets.pop();
                return Ok(());
            }
            ',' if self.brackets.last() == Some(&true) => return Ok(()),
            ',' => Fault::CommaOutside,
            '.' if self.rest.starts_with(|next: char| next.is_ascii_digit()) => {
                Fault::NumberUnclear { shown: ".".to_owned() }
            }
            '.' => Fault::NotOffered(NotOffered::Member),
            '[' | ']' => Fault::NotOffered(NotOffered::List),
            '{' | '}' => Fault::NotOffered(NotOffered::Map),
            shown => Fault::Character {
                shown,
                instead: instead(shown),
            },
        };
        Err(self.fault(taken, fault))
    }

    /// Whether the bracket that comes next follows the name of a function.
    fn is_after_word(&self) -> bool {
        let before = self.text.get(..self.text.len() - self.rest.len()).unwrap_or_default();
        before
            .trim_end()
            .ends_with(|letter: char| letter.is_alphanumeric() || letter == '_')
    }
}

/// What is written for a character of paper or of another language.
const fn instead(shown: char) -> Option<&'static str> {
    Some(match shown {
        '≤' => "<=",
        '≥' => ">=",
        '≠' => "!=",
        '=' => "==",
        '&' => "&&",
        '|' => "||",
        '×' | '·' => "*",
        '÷' => "/",
        '–' | '—' | '−' => "-",
        '“' | '”' | '„' | '‘' | '’' | '`' => "\"…\"",
        _ => return None,
    })
}
