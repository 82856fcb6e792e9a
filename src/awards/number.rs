//! Numbers of decisions, and who gave them: kept as written, compared softly. Pure.
//!
//! Numbers seen: `737/QĐ-LĐLĐ`, `999/QĐ-TLĐ`, `97/TTR-TLĐ`, `4173/TLĐ-ToC`, `132-QĐ/TW`, `06/HD-CĐYT`. Every issuer has its own
//! pattern, so none is demanded; but spacing, case, dashes and a leading zero do not make another number.

use crate::text;

/// Most characters of a number: the longest seen have about 30.
pub const NUMBER_MAX: usize = 100;

/// The number as numbers are compared: `Số: 06 / HD–CĐYT` and `6/HD-CĐYT` both give `6 hd cdyt`. Empty when it has neither
/// letters nor digits.
pub fn key(number: &str) -> String {
    let folded = text::fold(number);
    let begins_with_digit = |text: &str| text.starts_with(|letter: char| letter.is_ascii_digit());
    let bare = match folded.strip_prefix("so ") {
        Some(rest) if begins_with_digit(rest) => rest,
        _ => &folded,
    };
    let serial = bare.trim_start_matches('0');
    // A zero that stands alone is a number; one before a digit is only there for looks.
    if begins_with_digit(serial) {
        serial.to_owned()
    } else {
        bare.to_owned()
    }
}

/// An outside issuer among those of a registry, whatever the case and accents of its name; never empty, which is the owner.
pub fn outside_issuer_key(name: &str) -> String {
    let folded = text::fold(name);
    if folded.is_empty() { name.to_owned() } else { folded }
}

/// What a search for a number or its beginning matches: this very key, or the keys from the first bound up to but without
/// the second. A beginning ends between words: `73` does not find `737/QĐ-LĐLĐ`.
pub fn beginning(search: &str) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let key = key(search).into_bytes();
    let then = |byte: u8| key.iter().copied().chain([byte]).collect();
    let (from, to) = (then(b' '), then(b' ' + 1));
    (key, from, to)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn spelling_does_not_make_another_number() {
        let same = [
            "06/HD-CĐYT",
            "6/HD-CĐYT",
            "Số: 06/HD-CĐYT",
            "số 6 / hd – cđyt",
            "06/HD-CÐYT",
        ];
        for number in same {
            assert_eq!(key(number), "6 hd cdyt", "{number}");
        }
        assert_eq!(key("132-QĐ/TW"), "132 qd tw");
        assert_eq!(key("4173/TLĐ-ToC"), "4173 tld toc");
        assert_eq!(key("Sổ vàng 3"), "so vang 3");
        assert_eq!(key("0/QĐ"), "0 qd");
        assert_eq!(key("…/…"), "");
    }

    #[test]
    fn other_digits_make_another_number() {
        let numbers = [
            "737/QĐ-LĐLĐ",
            "7/37-QĐ-LĐLĐ",
            "7370/QĐ-LĐLĐ",
            "737/QĐ-TLĐ",
            "737/KH-LĐLĐ",
        ];
        for (at, one) in numbers.iter().enumerate() {
            for other in &numbers[at + 1..] {
                assert_ne!(key(one), key(other));
            }
        }
    }

    fn finds(search: &str, number: &str) -> bool {
        let (exact, from, to) = beginning(search);
        let key = key(number).into_bytes();
        !exact.is_empty() && (key == exact || (key >= from && key < to))
    }

    #[test]
    fn the_beginning_of_a_number_finds_it() {
        for search in ["737", "737/QĐ", "737/qd-ldld", "0737"] {
            assert!(finds(search, "737/QĐ-LĐLĐ"), "{search}");
        }
        for search in ["73", "QĐ", "7370", "/", ""] {
            assert!(!finds(search, "737/QĐ-LĐLĐ"), "{search}");
        }
    }

    proptest! {
        #[test]
        fn a_key_of_a_key_is_itself(number in "[0-9]{1,4}[/ -][A-Za-zĐđ]{1,4}[/ -][A-ZĐ]{1,4}") {
            let once = key(&number);
            prop_assert!(!once.is_empty());
            prop_assert_eq!(key(&once), once);
        }

        #[test]
        fn no_text_breaks_it(number in any::<String>()) {
            let once = key(&number);
            prop_assert!(finds(&number, &number) || once.is_empty());
        }
    }
}
