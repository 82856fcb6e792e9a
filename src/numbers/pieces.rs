//! Cuts a text into figures, words and signs, and takes them off the front as they are understood.

use super::Unreadable;
use super::amount::Unit;
use super::words::{ABSENT, BOUNDS, CURRENCIES, LEADS, Lead, TREACHEROUS, is_counted, is_spelled, multiplier};
use crate::text;

/// A piece of a text, in NFC and small letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// Digits with the dots, commas and spaces between them.
    Figure(String),
    Word(String),
    Sign(char),
}

/// The pieces of a text that were not read yet.
#[derive(Debug)]
pub(super) struct Pieces {
    tokens: Vec<Token>,
    /// For a minus: whether a blank follows the first piece.
    first_stands_apart: bool,
    next: usize,
}

impl Pieces {
    /// Cuts a text into figures, words and signs. Blanks matter only inside of figures.
    pub(super) fn cut(text: &str) -> Self {
        let line: String = text::tidy(&text::tidy(text).to_lowercase());
        // The usual short form of "comrades" would look like đồng by the piece.
        let line = line.replace("đ/c", "đồng chí");
        let mut tokens = Vec::new();
        let mut rest = line.as_str();
        while let Some(first) = rest.chars().next() {
            let length = match first {
                '0'..='9' => figure_length(rest),
                letter if letter.is_alphabetic() => length_while(rest, char::is_alphabetic),
                sign => sign.len_utf8(),
            };
            let (piece, behind) = rest.split_at(length);
            match first {
                ' ' => {}
                '0'..='9' => tokens.push(Token::Figure(piece.to_owned())),
                letter if letter.is_alphabetic() => tokens.push(Token::Word(piece.to_owned())),
                '‐'..='―' | '−' => tokens.push(Token::Sign('-')),
                sign => tokens.push(Token::Sign(sign)),
            }
            rest = behind;
        }
        Self {
            tokens,
            first_stands_apart: line.chars().nth(1) == Some(' '),
            next: 0,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// What is still to be read.
    pub(super) fn ahead(&self) -> &[Token] {
        self.tokens.get(self.next..).unwrap_or_default()
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.next += count;
    }

    pub(super) fn next_is_one_of(&self, words: &[&str]) -> bool {
        matches!(self.ahead(), [Token::Word(word), ..] if words.contains(&word.as_str()))
    }

    /// Whether the text says in words that there was none. What is absent must be named with
    /// its accents: `khong co so lieu` says that nothing is known.
    pub(super) fn say_none(&mut self) -> Result<bool, Unreadable> {
        if self
            .tokens
            .iter()
            .any(|token| !matches!(token, Token::Word(_) | Token::Sign(_)))
        {
            return Ok(false);
        }
        let line = spelled(&self.tokens);
        if ["không", "không có", "không phát sinh"]
            .iter()
            .any(|phrase| is_spelled(&line, phrase))
        {
            return Ok(true);
        }
        match self.tokens.as_slice() {
            [Token::Word(no), Token::Word(have), Token::Word(counted), ..] if no == "không" && have == "có" => {
                if !ABSENT.split_whitespace().any(|word| word == counted) {
                    return Err(Unreadable::NotANumber);
                }
                self.skip(2);
                self.take_counted()
            }
            _ => Ok(false),
        }
    }

    /// Takes everything before the first figure.
    pub(super) fn take_lead(&mut self) -> Result<Lead, Unreadable> {
        let count = self.tokens.iter().position(|token| matches!(token, Token::Figure(_)));
        let count = count.ok_or(Unreadable::NotANumber)?;
        let line = spelled(self.tokens.get(..count).unwrap_or_default());
        self.skip(count);
        if BOUNDS.iter().any(|phrase| is_spelled(&line, phrase)) {
            return Err(Unreadable::BoundNotKept);
        }
        match LEADS.iter().find(|(phrase, _)| is_spelled(&line, phrase)) {
            Some((_, Lead::Minus { .. })) => Ok(Lead::Minus {
                spaced: self.first_stands_apart,
            }),
            Some((_, lead)) => Ok(*lead),
            None => Err(Unreadable::NotANumber),
        }
    }

    /// Takes a word that multiplies, if one is next.
    pub(super) fn take_multiplier(&mut self) -> Option<i128> {
        let [Token::Word(word), ..] = self.ahead() else {
            return None;
        };
        let factor = multiplier(word)?;
        self.skip(1);
        Some(factor)
    }

    /// Takes `%`, `phần trăm` or the currency, if one is next.
    pub(super) fn take_unit(&mut self) -> Option<Unit> {
        let (count, unit) = match self.ahead() {
            [Token::Sign('%'), ..] => (1, Unit::Percent),
            [Token::Word(part), Token::Word(hundred), ..] if part == "phần" && hundred == "trăm" => {
                (2, Unit::Percent)
            }
            [Token::Word(part), Token::Word(hundred), ..] if part == "phan" && hundred == "tram" => (2, Unit::Percent),
            // Comrades, not money.
            [Token::Word(_), Token::Word(second), ..] if is_spelled(second, "chí") => return None,
            [Token::Word(word), ..] if CURRENCIES.contains(&word.as_str()) => (1, Unit::Currency),
            [Token::Sign('₫'), ..] => (1, Unit::Currency),
            _ => return None,
        };
        self.skip(count);
        Some(unit)
    }

    /// Takes the words that say what was counted, up to the end of the text; false if the text has ended already.
    pub(super) fn take_counted(&mut self) -> Result<bool, Unreadable> {
        let rest = self.ahead();
        let line = text::fold(&spelled(rest));
        if rest.iter().any(|token| matches!(token, Token::Figure(_))) {
            return Err(Unreadable::SeveralFigures);
        }
        if ["tro len", "tro xuong", "tro di"]
            .iter()
            .any(|bound| line.contains(bound))
        {
            return Err(Unreadable::BoundNotKept);
        }
        for (place, token) in rest.iter().enumerate() {
            let strange = match token {
                Token::Word(word) if place == 0 && is_counted(word) => None,
                Token::Word(word) if place > 0 && !TREACHEROUS.contains(&word.as_str()) => None,
                Token::Sign(',' | '.' | '-' | '(' | ')' | '"' | '“' | '”' | '\'' | '’') if place > 0 => None,
                Token::Word(word) | Token::Figure(word) => Some(word.chars().take(30).collect()),
                Token::Sign(sign) => Some(sign.to_string()),
            };
            if let Some(word) = strange {
                return Err(Unreadable::UnknownWord { word });
            }
        }
        let counted = !rest.is_empty();
        self.next = self.tokens.len();
        Ok(counted)
    }
}

/// Pieces as one line with single spaces.
fn spelled(tokens: &[Token]) -> String {
    let words: Vec<String> = tokens
        .iter()
        .map(|token| match token {
            Token::Figure(text) | Token::Word(text) => text.clone(),
            Token::Sign(sign) => sign.to_string(),
        })
        .collect();
    words.join(" ")
}

/// How far a figure goes: separators belong to it as long as a digit follows.
fn figure_length(text: &str) -> usize {
    let far = length_while(text, |sign| matches!(sign, '0'..='9' | '.' | ',' | ' '));
    text.get(..far)
        .unwrap_or_default()
        .trim_end_matches(['.', ',', ' '])
        .len()
}

fn length_while(text: &str, belongs: impl Fn(char) -> bool) -> usize {
    text.find(|sign: char| !belongs(sign)).unwrap_or(text.len())
}
