//! The codes by which anybody verifies an award: 75 random bits in letters that are not mixed up, and one letter that finds a slip of
//! the pen. Pure.
//!
//! The letters are those of Crockford's base 32, without I, L, O and U. The last one is reckoned in the field of 32 elements from all
//! others, so that one wrong letter, or two that changed places, are always found before anything is looked up.

/// The letters, by their value.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How many letters are random.
const RANDOM: usize = 15;
/// How many letters a code has.
pub const LENGTH: usize = RANDOM + 1;
/// Most characters that are read as a code, with hyphens and blanks.
const READ_MAX: usize = 40;

/// The code of some random bits; the upper 53 of 128 are left out.
pub fn code(random: u128) -> String {
    let values: Vec<u8> = (0..RANDOM).map(|place| value(random, place)).collect();
    let check = check(&values);
    values.into_iter().chain([check]).map(letter).collect()
}

fn value(random: u128, place: usize) -> u8 {
    u8::try_from((random >> (5 * place)) & 31).unwrap_or_default()
}

fn letter(value: u8) -> char {
    LETTERS.get(usize::from(value)).copied().map_or('0', char::from)
}

/// A code as somebody types it: without regard to case, hyphens and blanks, O as 0, I and L as 1. `None` when it can be none.
pub fn read(typed: &str) -> Option<String> {
    if typed.len() > READ_MAX {
        return None;
    }
    let meant = |letter: char| match letter.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let read: String = typed
        .chars()
        .filter(|letter| !matches!(letter, '-' | ' '))
        .map(meant)
        .collect();
    let of = |letter: u8| LETTERS.iter().position(|one| *one == letter);
    let places: Option<Vec<u8>> = read
        .bytes()
        .map(|letter| of(letter).and_then(|place| u8::try_from(place).ok()))
        .collect();
    match places?.split_last() {
        Some((last, values)) if values.len() == RANDOM && check(values) == *last => Some(read),
        _ => None,
    }
}

/// A code as it is printed: `7KQ2-M9XB-4TRC-0HZW`.
pub fn printed(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// The sum of all values, each times another power of a generator.
fn check(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| times_two(sum ^ value))
}

/// Twice a value in the field of 32 elements, by x⁵ + x² + 1; 2 generates all of them but 0.
const fn times_two(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 32 == 0 {
        shifted
    } else {
        (shifted ^ 0b10_0101) & 31
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_is_printed_is_read_however_it_is_typed() {
        let code = code(0x0123_4567_89AB_CDEF_0123_4567_89AB_CDEF);
        let printed = printed(&code);
        assert_eq!((code.len(), printed.len()), (LENGTH, 19));
        assert_eq!(read(&printed.to_lowercase()), Some(code.clone()));
        assert_eq!(
            read(&printed.replace('0', "o").replace('1', "l").replace('-', " ")),
            Some(code)
        );
        for none in ["", "0", "U", "ÔÔÔÔ-ÔÔÔÔ-ÔÔÔÔ-ÔÔÔÔ", &"0".repeat(17), &"-".repeat(4_000)] {
            assert_eq!(read(none), None);
        }
    }

    proptest! {
        #[test]
        fn a_code_is_read_again(random in any::<u128>()) {
            let code = code(random);
            prop_assert_eq!(read(&printed(&code)), Some(code.clone()));
        }

        #[test]
        fn one_wrong_letter_is_found(random in any::<u128>(), place in 0..LENGTH, other in 0..32_usize) {
            let code = code(random);
            let mut letters = code.clone().into_bytes();
            letters[place] = LETTERS[other];
            let wrong = String::from_utf8(letters).unwrap();
            prop_assert_eq!(read(&wrong).is_some(), wrong == code);
        }

        #[test]
        fn two_letters_that_changed_places_are_found(random in any::<u128>(), one in 0..LENGTH, other in 0..LENGTH) {
            let code = code(random);
            let mut letters = code.clone().into_bytes();
            letters.swap(one, other);
            let wrong = String::from_utf8(letters).unwrap();
            prop_assert_eq!(read(&wrong).is_some(), wrong == code);
        }

        #[test]
        fn no_text_breaks_it(typed in any::<String>()) {
            let _ = read(&typed);
        }
    }
}
