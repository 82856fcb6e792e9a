//! Why a figure was not understood, and how to mend it, in both languages.

use thidua_entity::Fixed4;

use super::write;
use crate::error::Text;

/// What is wrong with a figure as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreadable {
    /// Nothing was typed.
    Empty,
    /// More than 200 characters.
    TooLong,
    /// No figure, or words before it that are not understood.
    NotANumber,
    /// More than one figure, such as a list, a share or a date.
    SeveralFigures,
    /// It could mean each of these, the likeliest first, or is at least not written as the Vietnamese write it.
    Ambiguous {
        /// Everything it could mean; never empty.
        readings: Vec<Fixed4>,
    },
    /// More than four digits after the comma.
    TooManyDecimals,
    /// More than fourteen digits before the comma.
    TooLarge,
    /// A fraction where a whole number is asked for.
    FractionNotAllowed,
    /// A unit that does not fit, such as `%` behind a count.
    UnitNotAllowed,
    /// Something behind the figure that is not understood.
    UnknownWord {
        /// The word or sign, at most 30 characters.
        word: String,
    },
    /// "At least", "at most" or "below", for which there is no qualifier.
    BoundNotKept,
    /// Two figures that make no range, or of which one lacks its unit.
    RangeUnclear,
    /// Something else than yes or no.
    NeitherYesNorNo,
}

impl Unreadable {
    /// The name for programs; never translated.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "EMPTY",
            Self::TooLong => "TOO_LONG",
            Self::NotANumber => "NOT_A_NUMBER",
            Self::SeveralFigures => "SEVERAL_FIGURES",
            Self::Ambiguous { .. } => "AMBIGUOUS",
            Self::TooManyDecimals => "TOO_MANY_DECIMALS",
            Self::TooLarge => "TOO_LARGE",
            Self::FractionNotAllowed => "FRACTION_NOT_ALLOWED",
            Self::UnitNotAllowed => "UNIT_NOT_ALLOWED",
            Self::UnknownWord { .. } => "UNKNOWN_WORD",
            Self::BoundNotKept => "BOUND_NOT_KEPT",
            Self::RangeUnclear => "RANGE_UNCLEAR",
            Self::NeitherYesNorNo => "NEITHER_YES_NOR_NO",
        }
    }

    /// What was wrong and how to mend it, for the person who typed.
    pub fn text(&self) -> Text {
        Text::new(self.in_vietnamese(), self.in_english())
    }

    fn in_vietnamese(&self) -> String {
        let fixed = match self {
            Self::Ambiguous { readings } => {
                let list = list(readings, " hoặc ");
                return format!("Cách viết này chưa rõ: có thể hiểu là {list}. Hãy nhập lại đúng con số cần báo cáo.");
            }
            Self::UnknownWord { word } => {
                return format!(
                    "Không hiểu “{word}” đi kèm con số. Hãy chỉ nhập con số và, nếu cần, đơn vị như người, lượt, triệu."
                );
            }
            Self::Empty => "Chưa có số liệu. Hãy nhập một con số, ví dụ 1.671; nếu không có thì nhập 0.",
            Self::TooLong => "Nội dung dài quá 200 ký tự. Hãy chỉ nhập con số.",
            Self::NotANumber => "Không đọc được con số. Hãy nhập như 1.671, 93,35 hoặc trên 295 triệu.",
            Self::SeveralFigures => {
                "Có nhiều hơn một con số. Hãy nhập từng số liệu riêng; phân cách hàng nghìn bằng dấu chấm, ví dụ 1.671."
            }
            Self::TooManyDecimals => "Có quá bốn chữ số sau dấu phẩy. Hãy làm tròn còn nhiều nhất bốn chữ số.",
            Self::TooLarge => {
                "Con số quá lớn: nhiều nhất 14 chữ số trước dấu phẩy. \
                 Hãy kiểm tra lại con số và các chữ nghìn, triệu, tỷ."
            }
            Self::FractionNotAllowed => {
                "Số liệu này phải là số nguyên. Hãy bỏ phần sau dấu phẩy hoặc kiểm tra lại con số."
            }
            Self::UnitNotAllowed => "Đơn vị đi kèm không hợp với số liệu này. Hãy nhập con số không kèm đơn vị đó.",
            Self::BoundNotKept => {
                "Không ghi nhận được “ít nhất”, “nhiều nhất”, “dưới”, “trở lên”, ≥, ≤, <. \
                 Hãy nhập đúng con số, hoặc dùng “trên”, “gần”, “khoảng”."
            }
            Self::RangeUnclear => {
                "Khoảng giá trị chưa rõ. Hãy nhập số nhỏ trước, số lớn sau, cả hai đủ đơn vị, ví dụ 10-12."
            }
            Self::NeitherYesNorNo => "Hãy trả lời có hoặc không (cũng có thể đánh dấu x).",
        };
        fixed.to_owned()
    }

    fn in_english(&self) -> String {
        let fixed = match self {
            Self::Ambiguous { readings } => {
                let list = list(readings, " or ");
                return format!("This is not clear: it could be read as {list}. Type again the figure that is meant.");
            }
            Self::UnknownWord { word } => {
                return format!(
                    "“{word}” beside the figure is not understood. \
                     Type only the figure and, if needed, a unit such as người, lượt, triệu."
                );
            }
            Self::Empty => "There is no figure. Type one, such as 1.671, or 0 if there was none.",
            Self::TooLong => "The text has more than 200 characters. Type only the figure.",
            Self::NotANumber => "No figure could be read. Type it like 1.671, 93,35 or trên 295 triệu.",
            Self::SeveralFigures => {
                "There is more than one figure. Type each by itself, with dots between thousands, such as 1.671."
            }
            Self::TooManyDecimals => "There are more than four digits after the comma. Round to four at most.",
            Self::TooLarge => {
                "The figure is too large: at most 14 digits before the comma. Check it and the words nghìn, triệu, tỷ."
            }
            Self::FractionNotAllowed => {
                "This figure must be whole. Leave out what follows the comma, or check the figure."
            }
            Self::UnitNotAllowed => "The unit does not fit this figure. Type the figure without that unit.",
            Self::BoundNotKept => {
                "“At least”, “at most”, “below”, ≥, ≤ and < cannot be kept. \
                 Type the figure itself, or use trên (more than), gần (nearly), khoảng (about)."
            }
            Self::RangeUnclear => {
                "The range is not clear. \
                 Type the smaller figure first, then the larger, both with their unit, such as 10-12."
            }
            Self::NeitherYesNorNo => "Answer có (yes) or không (no); an x says yes.",
        };
        fixed.to_owned()
    }
}

/// Readings as an officer would type them.
fn list(readings: &[Fixed4], or: &str) -> String {
    let written: Vec<String> = readings.iter().map(|reading| write(*reading)).collect();
    written.join(or)
}
