//! What is wrong with the text of a formula, where, and how to mend it, in both languages.

use super::Type;
use crate::error::Text;

/// The place of a fault in the text of a formula, in characters counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The first character.
    pub start: usize,
    /// The one behind the last; never before `start`.
    pub end: usize,
}

/// Why a text is not a formula that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormulaProblem {
    /// What is wrong.
    pub fault: Fault,
    /// Where; nothing when it is the formula as a whole.
    pub place: Option<Place>,
}

/// What is wrong with a formula.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing was written.
    Empty,
    /// More than [`super::TEXT_MAX`] characters.
    TooLong,
    /// More than [`super::PARTS_MAX`] names, numbers, signs and functions.
    TooManyParts,
    /// More than [`super::DEPTH_MAX`] brackets inside each other, or as many `? :`.
    TooDeep,
    /// A character that means nothing in a formula.
    Character {
        /// The character.
        shown: char,
        /// What was probably meant.
        instead: Option<&'static str>,
    },
    /// A number that is not written as `1671` or `0.25`.
    NumberUnclear {
        /// As written.
        shown: String,
    },
    /// A comma that does not stand between the arguments of a function.
    CommaOutside,
    /// A text whose second quotation mark is missing.
    TextOpen,
    /// Something that the language has and formulas do not.
    NotOffered(NotOffered),
    /// No formula can be made of it.
    Syntax {
        /// What stands there; empty at the end.
        near: String,
    },
    /// A name that is no figure here.
    UnknownName {
        /// As written.
        name: String,
        /// The known one that looks most like it.
        nearest: Option<String>,
    },
    /// A function that is not there.
    UnknownFunction {
        /// As written.
        name: String,
        /// The one that looks most like it.
        nearest: Option<&'static str>,
    },
    /// A value of another type than a sign or function takes.
    WrongType {
        /// The sign or function.
        of: &'static str,
        /// What it takes.
        wanted: Type,
        /// What it was given.
        found: Type,
    },
    /// Values of two types where they must be of one: compared, or the two ways of a choice.
    TypesDiffer {
        /// The sign.
        of: &'static str,
        /// Type of the left one.
        left: Type,
        /// Type of the right one.
        right: Type,
    },
    /// The formula as a whole gives another type than it is for.
    WrongResult {
        /// What it is for.
        wanted: Type,
        /// What it gives.
        found: Type,
    },
    /// `a < b < c`.
    ComparisonChain,
    /// A function with too many or too few values.
    WrongCount {
        /// The function.
        function: &'static str,
        /// How it is called.
        usage: &'static str,
    },
    /// `given` of something that is not the name of a figure.
    GivenNeedsName,
    /// `round` to something else than 0 to 4 decimals.
    PlacesUnclear,
    /// A division by what is always zero.
    DivisionByZero,
    /// No figure stands in it, so it always gives the same.
    NoFigure,
    /// The formula could not be read just now: the machine has no thread to spare.
    NotNow,
}

/// What the Common Expression Language has and formulas do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOffered {
    /// `[1, 2]`, `a[0]`.
    List,
    /// `{"a": 1}`.
    Map,
    /// `a.b`, `a.size()`.
    Member,
    /// `// …`.
    Comment,
    /// `a in b`.
    In,
    /// `null`.
    Null,
    /// A text with `\`, a prefix such as `r"…"`, or two texts side by side.
    SpecialText,
    /// `all`, `exists`, `exists_one`, `map`, `filter`.
    Loop,
    /// `has(a.b)`.
    Has,
    /// Anything else.
    Other,
}

impl FormulaProblem {
    /// A fault of the formula as a whole.
    pub(super) const fn whole(fault: Fault) -> Self {
        Self { fault, place: None }
    }

    /// A fault of what is shown at a byte of the text.
    pub(super) fn at(text: &str, byte: usize, shown: &str, fault: Fault) -> Self {
        let start = text.get(..byte).map_or(0, |before| before.chars().count());
        let end = start + shown.chars().count();
        Self {
            fault,
            place: Some(Place { start, end }),
        }
    }

    /// The name for programs; never translated.
    pub const fn code(&self) -> &'static str {
        match &self.fault {
            Fault::Empty => "EMPTY",
            Fault::TooLong => "TOO_LONG",
            Fault::TooManyParts => "TOO_MANY_PARTS",
            Fault::TooDeep => "TOO_DEEP",
            Fault::Character { .. } => "CHARACTER",
            Fault::NumberUnclear { .. } => "NUMBER_UNCLEAR",
            Fault::CommaOutside => "COMMA_OUTSIDE",
            Fault::TextOpen => "TEXT_OPEN",
            Fault::NotOffered(_) => "NOT_OFFERED",
            Fault::Syntax { .. } => "SYNTAX",
            Fault::UnknownName { .. } => "UNKNOWN_NAME",
            Fault::UnknownFunction { .. } => "UNKNOWN_FUNCTION",
            Fault::WrongType { .. } => "WRONG_TYPE",
            Fault::TypesDiffer { .. } => "TYPES_DIFFER",
            Fault::WrongResult { .. } => "WRONG_RESULT",
            Fault::ComparisonChain => "COMPARISON_CHAIN",
            Fault::WrongCount { .. } => "WRONG_COUNT",
            Fault::GivenNeedsName => "GIVEN_NEEDS_NAME",
            Fault::PlacesUnclear => "PLACES_UNCLEAR",
            Fault::DivisionByZero => "DIVISION_BY_ZERO",
            Fault::NoFigure => "NO_FIGURE",
            Fault::NotNow => "NOT_NOW",
        }
    }

    /// What is wrong, where and how to mend it, for the person who wrote the formula.
    pub fn text(&self) -> Text {
        let text = self.fault.text();
        match self.place {
            Some(place) => Text::new(
                format!("Ký tự thứ {}: {}", place.start + 1, text.vi),
                format!("Character {}: {}", place.start + 1, text.en),
            ),
            None => text,
        }
    }
}
