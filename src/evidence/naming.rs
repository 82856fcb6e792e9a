//! What a file is called: text for people, which says of the kind what is true, and never a path.

use super::sniffing::FileKind;
use crate::text;

/// Most characters of a name; file systems take 255 bytes.
const NAME_MAX: usize = 120;
/// What a file without a name is called.
const UNNAMED: &str = "minh-chung";

/// The name under which a file of this kind is shown and handed out, whatever the client calls it. It ends as files of the
/// kind do, so that no phone and no desk opens it as something else.
pub fn file_name(said: Option<&str>, kind: FileKind) -> String {
    let last = said.unwrap_or_default().rsplit(['/', '\\']).next().unwrap_or_default();
    // Some systems read names apart at these, and some show letters in another order after those.
    let harmless = |letter: &char| {
        !letter.is_control()
            && !matches!(
                letter,
                '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\u{2066}'..='\u{2069}'
            )
    };
    let name = text::tidy(&last.chars().filter(harmless).collect::<String>());
    let name = name.trim_matches(|letter: char| letter == '.' || letter.is_whitespace());
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if kind.endings().contains(&ending.to_ascii_lowercase().as_str()) => (stem, ending),
        _ => (name, *kind.endings().first().unwrap_or(&"bin")),
    };
    let room = NAME_MAX.saturating_sub(ending.len().saturating_add(1));
    let stem: String = stem.chars().take(room).collect();
    let stem = match stem.trim_end_matches(['.', ' ']) {
        "" => UNNAMED,
        stem => stem,
    };
    format!("{stem}.{ending}")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_name_is_kept_as_people_wrote_it() {
        for name in [
            "Biên bản họp.pdf",
            "DANH SÁCH.PDF",
            "báo cáo (bản cuối) số 12.pdf",
            "a.b.c.pdf",
        ] {
            assert_eq!(file_name(Some(name), FileKind::Pdf), name);
        }
        assert_eq!(file_name(Some("danh sách.csv"), FileKind::Text), "danh sách.csv");
        // Letters and accents sent apart, as some phones do.
        assert_eq!(
            file_name(Some("Bie\u{302}n ba\u{309}n.pdf"), FileKind::Pdf),
            "Biên bản.pdf"
        );
    }

    #[test]
    fn a_name_is_no_path_and_tells_the_kind() {
        for (said, kind, name) in [
            (None, FileKind::Jpeg, "minh-chung.jpg"),
            (Some(""), FileKind::Pdf, "minh-chung.pdf"),
            (Some("../../etc/passwd"), FileKind::Text, "passwd.txt"),
            (Some("..\\..\\Windows\\System32\\x.pdf"), FileKind::Pdf, "x.pdf"),
            (Some("/"), FileKind::Pdf, "minh-chung.pdf"),
            (Some(".."), FileKind::Pdf, "minh-chung.pdf"),
            (Some(".htaccess"), FileKind::Text, "htaccess.txt"),
            (Some("hoa-don.pdf.exe"), FileKind::Pdf, "hoa-don.pdf.exe.pdf"),
            (Some("bang.docm"), FileKind::Docx, "bang.docm.docx"),
            (Some("anh\u{202e}gpj.exe"), FileKind::Jpeg, "anhgpj.exe.jpg"),
            (Some("a\r\nSet-Cookie: x.pdf"), FileKind::Pdf, "aSet-Cookie x.pdf"),
            (Some("x\0.pdf"), FileKind::Pdf, "x.pdf"),
            (Some("con.pdf. . ."), FileKind::Pdf, "con.pdf"),
        ] {
            assert_eq!(file_name(said, kind), name, "{said:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_said_the_name_is_short_one_line_and_ends_as_its_kind(said in ".{0,400}") {
            for kind in [FileKind::Pdf, FileKind::Text, FileKind::Docx] {
                let name = file_name(Some(&said), kind);
                let ending = name.rsplit_once('.').expect("an ending").1.to_ascii_lowercase();
                prop_assert!(kind.endings().contains(&ending.as_str()), "{}", name);
                prop_assert!(name.chars().count() <= NAME_MAX && !name.starts_with('.'), "{}", name);
                prop_assert!(!name.contains(['/', '\\', '"', '\n', '\r', '\0']), "{}", name);
                prop_assert_eq!(&file_name(Some(&name), kind), &name, "a second time changes nothing");
            }
        }
    }
}
