//! The letter that gathers what somebody has not read: Vietnamese, and English below it. Pure.

use crate::error::{Language, Text};
use crate::mail::Letter;

/// The letter to somebody with what is new for them, the newest first; of `count` there may be more than are told.
pub fn digest(name: &str, address: &str, news: &[Text], count: usize) -> Letter {
    let more = count.saturating_sub(news.len());
    let lines = |language: Language, and_more: String| {
        let mut lines: Vec<String> = news
            .iter()
            .map(|sentence| format!("- {}", sentence.in_language(language)))
            .collect();
        lines.extend((more > 0).then_some(and_more));
        lines.join("\n")
    };
    let vi = lines(Language::Vietnamese, format!("- … và {more} thông báo khác"));
    let en = lines(Language::English, format!("- … and {more} more"));
    Letter {
        name: name.to_owned(),
        address: address.to_owned(),
        subject: format!("Hệ thống thi đua: {count} thông báo chưa đọc"),
        text: format!(
            "Kính gửi {name},\n\nĐồng chí có {count} thông báo chưa đọc:\n\n{vi}\n\n\
             Có thể chọn nhận thư hằng ngày, hằng tuần hoặc không nhận trong phần thông báo của ứng dụng.\n\n\
             --------\n\n\
             Dear {name},\n\nThere is news that you have not read ({count}):\n\n{en}\n\n\
             Among the notifications of the app you can choose to get this daily, weekly or not at all.\n"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_tells_what_is_new_and_how_much_more_there_is() {
        let news = [Text::new(
            "Báo cáo «Quý I» đã được duyệt.",
            "The report “Quý I” was approved.",
        )];
        let letter = digest("Phạm Thị Lan", "lan@congdoan.vn", &news, 3);
        assert_eq!(letter.subject, "Hệ thống thi đua: 3 thông báo chưa đọc");
        for line in [
            "- Báo cáo «Quý I» đã được duyệt.",
            "- … và 2 thông báo khác",
            "- … and 2 more",
        ] {
            assert!(
                letter.text.lines().any(|one| one == line),
                "{line:?} is not in {}",
                letter.text
            );
        }
    }
}
