//! What somebody may have meant by what stands in a cell, and the text as which a cell is read.

use thidua_entity::Fixed4;
use thidua_entity::enums::NumberForm;

use super::{CONFLICTS_MAX, Value};
use crate::error::Text;
use crate::numbers::{self, Reading, Unreadable};
use crate::text;

/// Most suggestions for a cell.
pub const SUGGESTED_MAX: usize = 5;
/// Most letters of a word of which is guessed what was meant by it; no code and few names are that long.
const WORD_MAX: usize = 200;
/// Most pairs of letters that are compared for one file: about half a second of a processor. Five hundred names of thirty letters
/// beside two hundred others take them.
const PAIRS_MAX: usize = 100_000_000;

/// Why a cell is not even read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unclear {
    /// Stable code.
    pub code: &'static str,
    /// What is wrong and how to mend it.
    pub text: Text,
    /// What could stand there instead.
    pub suggestions: Vec<String>,
}

/// What an indicator takes, as far as it helps to guess.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// What its text may look like.
    pub form: NumberForm,
    /// The names of its choices, if it has any.
    pub choices: Option<&'a Known>,
    /// The least that a figure may be.
    pub lowest: Option<Fixed4>,
    /// The most that a figure may be.
    pub highest: Option<Fixed4>,
}

/// The text that stands for a cell, as if somebody had typed it.
pub fn typed(value: &Value, form: NumberForm) -> Result<String, Unclear> {
    let as_typed = matches!(form, NumberForm::Choice | NumberForm::Text);
    match value {
        Value::Text(text) => Ok(text.clone()),
        Value::Number(number) if as_typed || form == NumberForm::YesNo => Ok(number.clone()),
        Value::Number(number) if form == NumberForm::Percentage => percentage(number),
        Value::Number(_) => Ok(value.shown()),
        Value::Truth(truth) if form == NumberForm::YesNo => Ok(if *truth { "có" } else { "không" }.to_owned()),
        Value::Truth(_) => Ok(value.shown()),
        Value::Day(_) => Err(Unclear {
            code: "CELL_IS_DATE",
            text: Text::new(
                "Ô này đã bị chương trình đổi thành ngày tháng; hãy định dạng ô là Văn bản rồi gõ lại, ví dụ 10-12.",
                "The program made a day of this cell; format it as text and type it again, such as 10-12.",
            ),
            suggestions: Vec::new(),
        }),
        Value::Fault(fault) => Err(Unclear {
            code: "CELL_IS_ERROR",
            text: Text::new(
                format!("Ô này báo lỗi {fault}; hãy gõ lại số liệu."),
                format!("This cell shows the error {fault}; type the figure."),
            ),
            suggestions: Vec::new(),
        }),
        Value::Formula(last) => Err(Unclear {
            code: "CELL_IS_FORMULA",
            text: Text::new(
                "Ô này là công thức; hãy chép rồi “Dán giá trị” để ô chỉ còn con số.",
                "This cell is a formula; copy it and paste its value, so that only the figure is left.",
            ),
            suggestions: last.iter().cloned().collect(),
        }),
    }
}

/// A program makes 0,9335 of `93,35%`, so that a small number may be either.
fn percentage(number: &str) -> Result<String, Unclear> {
    let shown = number.replace('.', ",");
    let size = number.strip_prefix('-').unwrap_or(number);
    let small = size == "1" || size.starts_with("0.");
    if !small {
        return Ok(shown);
    }
    let times_hundred = moved_by_two(size);
    Err(Unclear {
        code: "AMBIGUOUS",
        text: Text::new(
            format!("Ô này chứa số {shown}: có thể là {times_hundred}% hoặc {shown}%. Hãy gõ cả dấu %."),
            format!("The cell holds the number {shown}: {times_hundred}% or {shown}%. Type it with its %."),
        ),
        suggestions: vec![format!("{times_hundred}%"), format!("{shown}%")],
    })
}

/// A number that is at most 1, times hundred.
fn moved_by_two(size: &str) -> String {
    let (whole, decimals) = size.split_once('.').unwrap_or((size, ""));
    let digits: Vec<char> = whole.chars().chain(decimals.chars().chain("00".chars())).collect();
    let (before, after) = digits
        .split_at_checked(whole.len().saturating_add(2))
        .unwrap_or((&digits, &[]));
    let (before, after): (String, String) = (before.iter().collect(), after.iter().collect());
    let before = match before.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    // The two zeros that were put behind stay only where they count.
    match after.trim_end_matches('0') {
        "" => before.to_owned(),
        after => format!("{before},{after}"),
    }
}

/// What could stand in a cell instead of a text that was refused.
pub fn instead(guesses: &mut Guesses, refused: &str, asked: Asked<'_>) -> Vec<String> {
    let mut suggestions = match asked.form {
        NumberForm::YesNo => vec!["Có".to_owned(), "Không".to_owned()],
        NumberForm::Choice => asked
            .choices
            .map_or_else(Vec::new, |choices| guesses.by_nearness(refused, choices)),
        NumberForm::Text => Vec::new(),
        form => match numbers::read(refused, form) {
            Ok(reading) => nearest_end(&reading, asked).into_iter().collect(),
            Err(Unreadable::Ambiguous { readings }) => readings.into_iter().map(super::delimited::plain).collect(),
            Err(Unreadable::TooManyDecimals) => rounded(refused, 4).into_iter().collect(),
            Err(Unreadable::FractionNotAllowed) => rounded(refused, 0).into_iter().collect(),
            Err(_) => Vec::new(),
        },
    };
    suggestions.truncate(SUGGESTED_MAX);
    suggestions
}

/// The bound that a figure is beyond.
fn nearest_end(reading: &Reading, asked: Asked<'_>) -> Option<String> {
    let below = asked.lowest.filter(|lowest| reading.value < *lowest);
    let above = asked.highest.filter(|highest| reading.value >= *highest);
    below.or(above).map(super::delimited::plain)
}

/// A plain number with fewer decimals, halves up; `None` for what is no plain number.
fn rounded(typed: &str, places: usize) -> Option<String> {
    let typed = typed.trim();
    let (whole, decimals) = typed.split_once(',')?;
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !plain(digits) || !plain(decimals) {
        return None;
    }
    let up = decimals.as_bytes().get(places).is_some_and(|digit| *digit >= b'5');
    let kept: String = digits.chars().chain(decimals.chars().take(places)).collect();
    let count = kept.parse::<i64>().ok()?.checked_add(i64::from(up))?;
    let unit = 10_i64.checked_pow(u32::try_from(4_usize.checked_sub(places)?).ok()?)?;
    let count = count.checked_mul(unit)?;
    let number = Fixed4::from_ten_thousandths(if whole.starts_with('-') { -count } else { count })?;
    Some(super::delimited::plain(number))
}

/// Words that somebody may have meant, made ready once to be compared with many.
#[derive(Debug, Default)]
pub struct Known(Vec<KnownWord>);

#[derive(Debug)]
struct KnownWord {
    folded: String,
    letters: usize,
    word: String,
}

impl Known {
    /// Makes words ready.
    pub fn of<W: Into<String>>(words: impl IntoIterator<Item = W>) -> Self {
        let ready = words.into_iter().map(|word| {
            let word = word.into();
            let folded = text::fold(&word);
            let letters = folded.chars().count();
            KnownWord { folded, letters, word }
        });
        Self(ready.collect())
    }
}

/// How much may still be guessed of what somebody meant in one file: whoever fills it with nonsense does not keep others waiting.
#[derive(Debug)]
pub struct Guesses {
    words: usize,
    pub(super) pairs: usize,
    #[cfg(test)]
    pub(super) distances: usize,
}

impl Default for Guesses {
    fn default() -> Self {
        Self {
            words: CONFLICTS_MAX,
            pairs: PAIRS_MAX,
            #[cfg(test)]
            distances: 0,
        }
    }
}

impl Guesses {
    /// The known words that look like one that is not known, the likeliest first: up to a letter in three may be wrong.
    pub fn nearest(&mut self, word: &str, known: &Known) -> Vec<String> {
        let Some((folded, letters)) = self.begin(word) else {
            return Vec::new();
        };
        let allowed = letters / 3;
        let alike = known.0.iter().filter(|one| one.letters.abs_diff(letters) <= allowed);
        let mut near: Vec<(usize, &str)> = alike
            .filter_map(|one| Some((self.distance((&folded, letters), one)?, one.word.as_str())))
            .filter(|(distance, _)| *distance <= allowed)
            .collect();
        near.sort_unstable();
        near.into_iter().take(3).map(|(_, word)| word.to_owned()).collect()
    }

    /// The likeliest of few known words, the likeliest first; the first as they come when that is not guessed.
    fn by_nearness(&mut self, word: &str, known: &Known) -> Vec<String> {
        let mut all: Vec<(usize, &str)> = match self.begin(word) {
            None => known.0.iter().map(|one| (0, one.word.as_str())).collect(),
            Some((folded, letters)) => {
                let distance = |one| self.distance((&folded, letters), one).unwrap_or(usize::MAX);
                let words = known.0.iter().map(|one| one.word.as_str());
                known.0.iter().map(distance).zip(words).collect()
            }
        };
        all.sort_by_key(|(distance, _)| *distance);
        let likeliest = all.into_iter().take(SUGGESTED_MAX);
        likeliest.map(|(_, word)| word.to_owned()).collect()
    }

    /// A word as it is compared, and how many letters it has; `None` for one of which nothing is guessed.
    fn begin(&mut self, word: &str) -> Option<(String, usize)> {
        if word.chars().nth(WORD_MAX).is_some() {
            return None;
        }
        self.words = self.words.checked_sub(1)?;
        let folded = text::fold(word);
        let letters = folded.chars().count();
        Some((folded, letters))
    }

    /// How many letters are wrong; `None` when enough was compared.
    fn distance(&mut self, (folded, letters): (&str, usize), known: &KnownWord) -> Option<usize> {
        self.pairs = self.pairs.checked_sub(letters.saturating_mul(known.letters))?;
        #[cfg(test)]
        {
            self.distances = self.distances.saturating_add(1);
        }
        Some(strsim::osa_distance(folded, &known.folded))
    }
}
