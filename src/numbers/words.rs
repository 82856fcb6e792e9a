//! The words that are understood around a figure. Only lists and look-ups; the order of words is read elsewhere.

use super::Qualifier;
use crate::text;

/// Words that multiply, as they are written and as they are typed on a phone. Only these spellings count.
const MULTIPLIERS: [(&str, i128); 15] = [
    ("chục", 10),
    ("trăm", 100),
    ("nghìn", 1_000),
    ("nghin", 1_000),
    ("ngàn", 1_000),
    ("ngan", 1_000),
    ("k", 1_000),
    ("vạn", 10_000),
    ("triệu", 1_000_000),
    ("trieu", 1_000_000),
    ("tr", 1_000_000),
    ("tỷ", 1_000_000_000),
    ("tỉ", 1_000_000_000),
    ("ty", 1_000_000_000),
    ("ti", 1_000_000_000),
];

pub(super) const CURRENCIES: [&str; 6] = ["đ", "đồng", "dong", "vnđ", "vnd", "₫"];

/// The first word of what can be counted; the words behind it are free.
const COUNTED: &str = "người đoàn đảng lượt cuộc đợt lần buổi lớp đơn vụ việc hồ cđcs cđ lđlđ công liên nghiệp tổ \
    cụm khối tập cá đồng nhà căn mái suất phần món quà bản ban cán viên lao nữ nam huyện xã phường tỉnh sở cơ doanh \
    trường hộ gia em cháu con chị anh hội sáng đề giải cờ bằng giấy danh điểm ngày giờ tháng quý năm tin bài văn mô chương \
    phong hoạt thỏa thoả hợp sản cái chiếc quyển cuốn tờ thẻ cây tủ sổ nhóm đội thành ủy uỷ đại học giáo cb cbcc \
    cbccvc cbccvclđ cc ccvc ccvclđ cnvc cnvclđ cnlđ nlđ lđ đv";

/// What `không có …` may begin with to mean zero. Fewer than what can be counted: `không có hồ sơ` or `không có cơ sở`
/// may as well say that nothing is known.
pub(super) const ABSENT: &str = "người đoàn đảng lượt cuộc đợt lần buổi lớp đơn vụ cđcs công nghiệp tập cá đồng cán \
    viên suất nhà cb cbccvc cbccvclđ ccvc ccvclđ cnvc cnvclđ cnlđ nlđ";

/// Words that would change the figure if they were overheard behind it.
pub(super) const TREACHEROUS: [&str; 11] = [
    "nghìn", "nghin", "ngàn", "triệu", "trieu", "tỷ", "tỉ", "rưỡi", "hơn", "hoặc", "mỗi",
];

/// What may stand before a figure.
pub(super) const LEADS: [(&str, Lead); 18] = [
    ("", Lead::Qualified(Qualifier::Exact)),
    ("trên", Lead::Qualified(Qualifier::MoreThan)),
    ("hơn", Lead::Qualified(Qualifier::MoreThan)),
    ("nhiều hơn", Lead::Qualified(Qualifier::MoreThan)),
    ("lớn hơn", Lead::Qualified(Qualifier::MoreThan)),
    (">", Lead::Qualified(Qualifier::MoreThan)),
    ("gần", Lead::Qualified(Qualifier::Nearly)),
    ("ngót", Lead::Qualified(Qualifier::Nearly)),
    ("khoảng", Lead::Qualified(Qualifier::About)),
    ("chừng", Lead::Qualified(Qualifier::About)),
    ("xấp xỉ", Lead::Qualified(Qualifier::About)),
    ("trên dưới", Lead::Qualified(Qualifier::About)),
    ("~", Lead::Qualified(Qualifier::About)),
    ("≈", Lead::Qualified(Qualifier::About)),
    ("-", Lead::Minus { spaced: false }),
    ("từ", Lead::From),
    ("từ khoảng", Lead::From),
    ("khoảng từ", Lead::From),
];

/// Bounds for which there is no qualifier.
pub(super) const BOUNDS: [&str; 19] = [
    "≥",
    "≤",
    "<",
    "> =",
    "< =",
    "dưới",
    "đến",
    "tới",
    "ít nhất",
    "nhiều nhất",
    "tối thiểu",
    "tối đa",
    "không dưới",
    "không quá",
    "không ít hơn",
    "không hơn",
    "ít hơn",
    "nhỏ hơn",
    "chưa đến",
];

/// What stands before the figure, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lead {
    Qualified(Qualifier),
    From,
    Minus { spaced: bool },
}

/// Whether something counted begins with this word. Without accents it must not look like a multiplier: `tram` is
/// rather a hundred (`trăm`) than a station (`trạm`).
pub(super) fn is_counted(word: &str) -> bool {
    let mistakable = || MULTIPLIERS.iter().any(|(multiplier, _)| text::fold(multiplier) == word);
    COUNTED
        .split_whitespace()
        .any(|counted| counted == word || (is_spelled(word, counted) && !mistakable()))
}

/// Whether a text is this phrase, with its accents or with none.
pub(super) fn is_spelled(line: &str, phrase: &str) -> bool {
    line == phrase || (line.is_ascii() && !line.is_empty() && text::fold(phrase) == line)
}

/// The factor that a word multiplies by.
pub(super) fn multiplier(word: &str) -> Option<i128> {
    MULTIPLIERS
        .iter()
        .find(|(spelling, _)| *spelling == word)
        .map(|(_, factor)| *factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_multiplier_passes_for_a_counting_word_with_or_without_its_accents() {
        for (multiplier, _) in MULTIPLIERS {
            assert!(!is_counted(multiplier), "{multiplier}");
            assert!(!is_counted(&text::fold(multiplier)), "{multiplier}");
        }
        assert!(is_counted("văn") && !is_counted("van") && is_counted("luot"));
    }
}
