//! Vietnamese text: one stored form, a key to search by and a key to sort by. Pure; knows no table and no query.

use std::sync::LazyLock;

use icu_collator::options::CollatorOptions;
use icu_collator::preferences::CollationNumericOrdering;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::locale;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The text in Unicode NFC, the only form that is stored; some keyboards and phones send letters and accents apart.
pub fn nfc(text: &str) -> String {
    text.nfc().collect()
}

/// One line of text as it is stored: NFC, invisible characters dropped, every run of blanks made one space, none at
/// the ends. It joins lines, so it is for names and titles and not for paragraphs.
pub fn tidy(text: &str) -> String {
    squeeze(text.nfc().filter(|letter| !is_invisible(*letter)))
}

/// The text as a person compares it who types without accents: lower case, no accents, `đ` as `d`, no apostrophes of
/// any shape, dashes and punctuation as blanks, single blanks. `Ia H'Drai` gives `ia hdrai`, `Đăk Tô` gives `dak to`.
///
/// Since accents go, it does not matter where a tone mark stood (`hòa`, `hoà`) or how it was encoded.
pub fn fold(text: &str) -> String {
    // Lower case comes last: taking a letter apart can leave a capital (the Kelvin sign gives `K`), and the small
    // letter of a capital can be a letter with an accent, hence the second round.
    let bare = |letter: &char| !is_combining_mark(*letter) && !is_apostrophe(*letter) && !is_invisible(*letter);
    let letters = text.nfd().filter(bare).flat_map(char::to_lowercase).nfd().filter(bare);
    squeeze(letters.map(|letter| match letter {
        // Old fonts wrote the Icelandic and the African letter for the Vietnamese one.
        'đ' | 'ð' | 'ɖ' => 'd',
        letter if letter.is_alphanumeric() => letter,
        _ => ' ',
    }))
}

/// Most words of a name that one can begin a search with, and of a query that are looked at.
const WORDS_MAX: usize = 24;
/// Most bytes of a key: enough to tell names apart, few enough for an index entry.
const KEY_BYTES_MAX: usize = 64;

/// The words of a text as the index of names compares them: [`fold`]ed, with `y` as `i`, so that `kỹ năng` and `kĩ năng`,
/// `quy chế` and `qui chế` are the same. It forgives much; never use it to decide that two things are the same.
pub fn query_words(text: &str) -> Vec<String> {
    fold(text)
        .split(' ')
        .filter(|word| !word.is_empty())
        .take(WORDS_MAX)
        .map(|word| word.replace('y', "i"))
        .collect()
}

/// The keys under which a name is found: its letters without blanks, from each of its words on. A query finds the name when
/// its own letters without blanks begin one of the keys; hence `IaH’Drai`, `Ia H'Drai` and `ia hdrai` find each other.
pub fn name_keys(name: &str) -> Vec<Vec<u8>> {
    let words = query_words(name);
    (0..words.len()).map(|start| cut(&words[start..].concat())).collect()
}

/// The range of keys that begin with some letters: from the first bound on, up to but without the second.
pub fn key_range(letters: &str) -> (Vec<u8>, Vec<u8>) {
    let from = cut(letters);
    // No UTF-8 text has this byte, so it comes after every key that begins alike.
    let to = from.iter().copied().chain([0xff]).collect();
    (from, to)
}

fn cut(letters: &str) -> Vec<u8> {
    letters.bytes().take(KEY_BYTES_MAX).collect()
}

/// Bytes that sort as the Vietnamese alphabet does (`a ă â b c d đ e ê …`, tones after letters), small numbers before
/// large ones (`Cụm 2` before `Cụm 10`). For a binary column; to be worked out anew when the collation data change.
pub fn sort_key(text: &str) -> Vec<u8> {
    static VIETNAMESE: LazyLock<Option<CollatorBorrowed<'static>>> = LazyLock::new(|| {
        let mut preferences = CollatorPreferences::from(locale!("vi"));
        preferences.numeric_ordering = Some(CollationNumericOrdering::True);
        Collator::try_new(preferences, CollatorOptions::default()).ok()
    });
    let mut key = Vec::with_capacity(text.len() * 2);
    match &*VIETNAMESE {
        Some(collator) => {
            let Ok(()) = collator.write_sort_key_to(text, &mut key);
        }
        // The data are compiled in, so this does not happen; an order without accents is better than a panic.
        None => key.extend(fold(text).into_bytes()),
    }
    key
}

/// Puts letters together with single spaces between words and none at the ends.
fn squeeze(letters: impl Iterator<Item = char>) -> String {
    let mut line = String::new();
    let mut blank = false;
    for letter in letters {
        if letter.is_whitespace() {
            blank = !line.is_empty();
        } else {
            if std::mem::take(&mut blank) {
                line.push(' ');
            }
            line.push(letter);
        }
    }
    line
}

/// Zero-width characters and soft hyphens, which come along when text is copied from a page.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}')
}

/// Every shape in which a keyboard, a font or a copied page shows an apostrophe, accents that stand alone included.
fn is_apostrophe(letter: char) -> bool {
    matches!(
        letter,
        '\'' | '`'
            | '´'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '′'
            | '‵'
            | 'ʹ'
            | 'ʻ'
            | 'ʼ'
            | 'ʽ'
            | 'ʾ'
            | 'ʿ'
            | 'ˈ'
            | 'ˊ'
            | 'ˋ'
            | 'ꞌ'
            | '＇'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(query: &str, text: &str) -> bool {
        let keys = name_keys(text);
        let begins = |letters: &str| {
            let (from, to) = key_range(letters);
            keys.iter().any(|key| *key >= from && *key < to)
        };
        let words = query_words(query);
        begins(&words.concat()) || words.iter().all(|word| begins(word))
    }

    fn sorted(mut words: Vec<&str>) -> Vec<&str> {
        words.sort_by_key(|word| sort_key(word));
        words
    }

    #[test]
    fn folding_leaves_plain_small_letters() {
        let cases = [
            ("Đăk Tô", "dak to"),
            ("Ia H'Drai", "ia hdrai"),
            ("IaH’Drai", "iahdrai"),
            ("  LĐLĐ   huyện\u{a0}Ngọc Hồi ", "ldld huyen ngoc hoi"),
            ("Lao động – Thương binh và Xã hội", "lao dong thuong binh va xa hoi"),
            ("737/QĐ-LĐLĐ", "737 qd ldld"),
            ("CB,CCVC,LĐ", "cb ccvc ld"),
            ("Ðăk Glei", "dak glei"),
            ("“Giỏi việc nước, đảm việc nhà”", "gioi viec nuoc dam viec nha"),
            ("!?…", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(fold(text), expected);
        }
    }

    #[test]
    fn every_spelling_of_ia_hdrai_finds_every_other() {
        let spellings = [
            "IaH’Drai",
            "Ia H'Drai",
            "ia hdrai",
            "iahdrai",
            "IA H`DRAI",
            "Ia Hʼ Drai",
            "Ia-H‘Drai",
            "ia h drai",
        ];
        for query in spellings {
            for text in spellings {
                assert!(
                    found(query, &format!("LĐLĐ huyện {text} (Kon Tum)")),
                    "{query} in {text}"
                );
            }
        }
    }

    #[test]
    fn a_search_forgives_accents_tone_places_and_slips() {
        assert!(found("dak to", "LĐLĐ huyện Đăk Tô"));
        assert!(found("Đắk Tô", "LĐLĐ huyện Đăk Tô"));
        assert!(found("hoà", "Khánh Hòa") && found("hòa", "Khánh Hoà"));
        assert!(found("thi đua", "các phong trào t hi đua"));
        assert!(found("kỹ năng", "kĩ năng nghiệp vụ") && found("qui chế", "Quy chế hoạt động"));
        assert!(found("Khoa học Công nghệ", "Sở Khoa học – Công nghệ"));
        assert!(found("ldld ngoc hoi", "LĐLĐ huyện Ngọc Hồi"), "words may be left out");
        assert!(!found("Đăk Hà", "LĐLĐ huyện Đăk Tô"));
    }

    #[test]
    fn composed_and_decomposed_text_are_one() {
        let composed = "Đắk Tô, Ngọc Hồi, Tu Mơ Rông";
        let decomposed: String = composed.nfd().collect();
        assert_ne!(composed, decomposed);
        assert_eq!(nfc(&decomposed), composed);
        assert_eq!(name_keys(&decomposed), name_keys(composed));
        assert_eq!(sort_key(&decomposed), sort_key(composed));
    }

    #[test]
    fn names_sort_by_the_vietnamese_alphabet() {
        let alphabet = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y";
        let expected: Vec<&str> = alphabet.split(' ').collect();
        let mut shuffled = expected.clone();
        shuffled.sort_by_key(|letter| std::cmp::Reverse(*letter));
        assert_eq!(sorted(shuffled), expected);
        let districts = vec![
            "Đăk Tô",
            "Tu Mơ Rông",
            "IaH’Drai",
            "Ngọc Hồi",
            "Đăk Glei",
            "Di Linh",
            "Ea Kar",
        ];
        assert_eq!(
            sorted(districts),
            [
                "Di Linh",
                "Đăk Glei",
                "Đăk Tô",
                "Ea Kar",
                "IaH’Drai",
                "Ngọc Hồi",
                "Tu Mơ Rông"
            ]
        );
        assert_eq!(
            sorted(vec!["mã", "mạ", "ma", "mả", "má", "mà"]),
            ["ma", "mà", "mả", "mã", "má", "mạ"]
        );
        assert_eq!(sorted(vec!["Cụm 10", "Cụm 2", "Cụm 1"]), ["Cụm 1", "Cụm 2", "Cụm 10"]);
    }

    #[test]
    fn tidying_keeps_the_words_and_loses_the_mess() {
        assert_eq!(tidy("\u{feff} Tu Mơ \u{a0}Rông\n và,\u{200b} "), "Tu Mơ Rông và,");
    }

    #[test]
    fn folding_any_letter_twice_changes_nothing_more() {
        for letter in '\0'..='\u{1ffff}' {
            let once = fold(&letter.to_string());
            assert_eq!(fold(&once), once, "{letter:?}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
            prop_assert_eq!(name_keys(&once), name_keys(&text));
        }

        #[test]
        fn the_encoding_of_accents_does_not_matter(text in any::<String>()) {
            let composed = nfc(&text);
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(fold(&composed), fold(&decomposed));
            prop_assert_eq!(name_keys(&composed), name_keys(&decomposed));
            prop_assert_eq!(sort_key(&composed), sort_key(&decomposed));
            prop_assert_eq!(tidy(&tidy(&text)), tidy(&text));
        }

        #[test]
        fn whole_words_of_a_name_are_always_found(
            before in "([a-zA-ZĐđƠơắễ'’]{1,8} ){0,4}",
            piece in "[a-zA-ZĐđƠơắễ]{1,8}( [a-zA-ZĐđƠơắễ'’]{1,8}){0,3}",
            after in "( [a-zA-ZĐđƠơắễ'’]{1,8}){0,4}",
        ) {
            let name = format!("{before}{piece}{after}");
            prop_assert!(found(&piece, &name));
        }
    }
}
