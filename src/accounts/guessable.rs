//! Passwords that are tried first: common ones, and those made of the names of their owner. Pure.
//!
//! A password is taken apart into what everybody knows (common words, Vietnamese ones too, rows of the keyboard, digits in their
//! order, years, names); when hardly anything is left, it can be guessed however long it is. NIST SP 800-63B, section 3.1.1.2, asks
//! for such a list. A library such as zxcvbn was weighed: it brings 400 kB of English lists and no Vietnamese one, and its answer
//! for the same password changes with its version.

use crate::text;

/// Fewest letters and digits that must be left over when the known parts are taken away.
const LEFT_MIN: usize = 6;
/// Fewest letters of a part of a name that counts as one: `An` is in half of all words.
const NAME_PART_MIN: usize = 3;
/// Fewest letters of a part of a name that no word of a password may be: `Anh`, `Lan`, `Hoa` are words of every day, which only
/// add nothing.
const NAME_WORD_MIN: usize = 4;
/// Fewest characters of a row of the keyboard, or of the alphabet, that counts as one.
const ROW_MIN: usize = 3;

/// What passwords are made of everywhere, without accents and blanks, the longer before the shorter that is in it.
const COMMON: &[&str] = &[
    // Vietnamese.
    "tongliendoanlaodong",
    "liendoanlaodong",
    "congdoanvietnam",
    "vietnamvodich",
    "toiyeuvietnam",
    "yeuvietnam",
    "congdoancoso",
    "congdoanvien",
    "congdoan",
    "doanvien",
    "liendoan",
    "laodong",
    "matkhaumoi",
    "matkhau",
    "matma",
    "anhyeuem",
    "emyeuanh",
    "anhnhoem",
    "emnhoanh",
    "yeuemnhieu",
    "yeuanhnhieu",
    "concobebe",
    "bathuong",
    "giadinh",
    "hanhphuc",
    "tinhyeu",
    "motminh",
    "khongbiet",
    "khongcho",
    "khongco",
    "xinchao",
    "chaoban",
    "hoilamgi",
    "quantri",
    "quanly",
    "nhanvien",
    "canbo",
    "giamdoc",
    "chutich",
    "vietnam",
    "hanoi",
    "saigon",
    "hochiminh",
    "bacho",
    "danang",
    "haiphong",
    "cantho",
    "yeuem",
    "yeuanh",
    "iuem",
    "iuanh",
    "conyeu",
    "bome",
    "babame",
    // What programs and people use everywhere.
    "passwords",
    "password",
    "passw",
    "passwd",
    "pass",
    "administrator",
    "admin",
    "superuser",
    "root",
    "user",
    "guest",
    "login",
    "welcome",
    "letmein",
    "changeme",
    "default",
    "secret",
    "master",
    "monkey",
    "dragon",
    "football",
    "baseball",
    "superman",
    "batman",
    "sunshine",
    "princess",
    "iloveyou",
    "iloveu",
    "loveyou",
    "forever",
    "computer",
    "internet",
    "samsung",
    "iphone",
    "google",
    "facebook",
    "zalo",
    "temporary",
    "temp",
    "test",
    "hello",
    "love",
    "1qaz2wsx3edc4rfv",
    "1qaz2wsx3edc",
    "1qaz2wsx",
    "1q2w3e4r5t6y7u8i",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t",
    "1q2w3e4r",
    "zaq12wsx",
    "q1w2e3r4",
];

/// Rows along which fingers and children go, in both directions.
const ROWS: &[&str] = &[
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
];

/// Whether a password would be among the first that somebody tries who knows the names of its owner.
pub fn is_guessable(password: &str, username: &str, display_name: &str) -> bool {
    let names = name_parts(username, display_name);
    let folded = text::fold(password);
    let letters = folded.replace(' ', "");
    // Telephone numbers, days of birth, the twelve digits of an identity card.
    let only_digits = !letters.is_empty() && letters.chars().all(|letter| letter.is_ascii_digit());
    let own_name = |name: &str| {
        let name = text::fold(name).replace(' ', "");
        name.chars().count() >= NAME_PART_MIN && letters.contains(&name)
    };
    only_digits
        || own_name(username)
        || own_name(display_name)
        || words(&folded).any(|word| word.chars().count() >= NAME_WORD_MIN && names.iter().any(|name| name == word))
        || left_over(&letters, &names) < LEFT_MIN
        || left_over(&unmasked(password), &names) < LEFT_MIN
}

/// The parts of somebody's names that are long enough to tell.
fn name_parts(username: &str, display_name: &str) -> Vec<String> {
    let both = text::fold(&format!("{username} {display_name}"));
    let long = words(&both).filter(|word| word.chars().count() >= NAME_PART_MIN);
    let mut parts: Vec<String> = long.map(str::to_owned).collect();
    parts.sort_by_key(|part| std::cmp::Reverse(part.len()));
    parts.dedup();
    parts
}

/// The words of a folded text, letters apart from digits.
fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|letter: char| !letter.is_alphabetic())
        .filter(|word| !word.is_empty())
}

/// The password with the letters for which signs stand: `M@tKh4u` is `matkhau`. Signs at the end stand for nothing, and three digits
/// or more are a number.
fn unmasked(password: &str) -> String {
    let letters: Vec<char> = password
        .trim_end_matches(|letter: char| !letter.is_alphanumeric())
        .chars()
        .collect();
    let runs = letters.chunk_by(|one, other| one.is_ascii_digit() && other.is_ascii_digit());
    let shown = runs.flat_map(|run| {
        let number = run.len() > 2;
        run.iter().map(move |letter| match letter {
            '@' => 'a',
            '$' => 's',
            '+' => 't',
            '!' | '|' => 'i',
            '4' if !number => 'a',
            '3' if !number => 'e',
            '1' if !number => 'i',
            '0' if !number => 'o',
            '5' if !number => 's',
            '7' if !number => 't',
            other => *other,
        })
    });
    text::fold(&shown.collect::<String>()).replace(' ', "")
}

/// How much is left of a password when what everybody knows is taken away.
fn left_over(letters: &str, names: &[String]) -> usize {
    let mut left = letters.to_owned();
    for known in COMMON.iter().copied().chain(names.iter().map(String::as_str)) {
        // A blank in its place, so that what stood beside it does not make a new word.
        left = left.replace(known, " ");
    }
    left.split(' ').map(|piece| once(&without_rows(piece))).sum()
}

/// A piece without rows, repeated letters and years.
fn without_rows(piece: &str) -> String {
    let letters: Vec<char> = piece.chars().collect();
    let mut left = String::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let rest = letters.get(at..).unwrap_or_default();
        let row = row_length(rest);
        if row >= ROW_MIN {
            at += row;
        } else if is_year(rest) {
            at += 4;
        } else {
            left.push(letter);
            at += 1;
        }
    }
    left
}

/// How many letters from the start on lie along a row, or are one and the same.
fn row_length(letters: &[char]) -> usize {
    let same = letters
        .iter()
        .take_while(|letter| letters.first() == Some(letter))
        .count();
    let along = |row: &[char]| {
        let Some(start) = letters
            .first()
            .and_then(|first| row.iter().position(|one| one == first))
        else {
            return 0;
        };
        let row = row.get(start..).unwrap_or_default();
        letters
            .iter()
            .zip(row)
            .take_while(|(letter, one)| letter == one)
            .count()
    };
    let rows = ROWS.iter().map(|row| {
        let forth: Vec<char> = row.chars().collect();
        let back: Vec<char> = row.chars().rev().collect();
        along(&forth).max(along(&back))
    });
    rows.max().unwrap_or(0).max(same)
}

fn is_year(letters: &[char]) -> bool {
    matches!(letters, ['1', '9', c, d, ..] | ['2', '0', c, d, ..] if c.is_ascii_digit() && d.is_ascii_digit())
}

/// The length of what is repeated in a text; of a text without repetition, its own.
fn once(text: &str) -> usize {
    let letters: Vec<char> = text.chars().collect();
    let repeats = |period: &usize| {
        letters
            .iter()
            .zip(letters.iter().skip(*period))
            .all(|(one, other)| one == other)
    };
    (1..=letters.len() / 2).find(repeats).unwrap_or(letters.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessable(password: &str) -> bool {
        is_guessable(password, "hien.tran", "Trần Thị Hiền")
    }

    #[test]
    fn what_everybody_tries_is_refused_however_it_is_dressed_up() {
        for password in [
            "matkhau123456",
            "Mật khẩu 2026",
            "M@tKh4u2026!!",
            "congdoan12345678",
            "CongDoan@2025",
            "anhyeuem123456",
            "anhyeuemnhieu",
            "123456789012",
            "012345678901",
            "079201001234",
            "987654321098",
            "qwertyuiop123",
            "asdfghjkl;123",
            "aaaaaaaaaaaaaa",
            "abcabcabcabcabc",
            "P@ssw0rd12345",
            "password!2026",
            "1q2w3e4r5t6y",
            "1qaz2wsx3edc",
            "iloveyou123456",
            "Admin@123456",
            "vietnamvodich",
            "Liên đoàn Lao động",
            "!!!!!!!!!!!!",
        ] {
            assert!(guessable(password), "{password}");
        }
    }

    #[test]
    fn the_names_of_the_owner_are_no_password() {
        for password in [
            "hien.tran.2026",
            "HienTran123456",
            "tranthihien!@#",
            "Trần Thị Hiền 1990",
            "Hiền thương con lắm",
            "hien19900101abc",
        ] {
            assert!(guessable(password), "{password}");
        }
        assert!(!is_guessable("Hiền thương con lắm", "an.le", "Lê An"));
        // A short name is in many words, and `hien` in `thien`.
        assert!(!is_guessable("thiên nhiên hùng vĩ", "an.le", "Lê An"));
        assert!(!guessable("thiên nhiên hùng vĩ"));
        // A syllable of every day does not spoil a sentence, and does not carry a password either.
        assert!(!is_guessable("hoa lan nở muộn năm nay", "lan.pham", "Phạm Thị Lan"));
        assert!(is_guessable("lan lan lan lan", "pham.lan", "Phạm Thị Lan"));
    }

    #[test]
    fn what_takes_thought_passes() {
        for password in [
            crate::demo::PASSWORD,
            "một mật khẩu đủ dài",
            "gió lùa qua mái hiên",
            "correct horse battery staple",
            "xK7#pQ2vLm9$",
            "mười hai chữ",
            "Ba con mèo, 7 con gà",
        ] {
            assert!(!is_guessable(password, "quantri.1", "Nguyễn Văn A"), "{password}");
        }
        for _ in 0..200 {
            let made: String = crate::auth::new_secret().0.chars().take(24).collect();
            assert!(!guessable(&made), "{made}");
        }
    }

    #[test]
    fn endless_and_odd_passwords_are_looked_at_too() {
        for password in ["", " ", "\u{0301}", &"ữ".repeat(170), &"ab1".repeat(170)] {
            is_guessable(password, "", "");
        }
    }
}
