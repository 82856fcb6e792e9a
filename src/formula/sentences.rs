//! The sentences for what is wrong with a formula. Pure.

use super::problem::{Fault, NotOffered};
use super::{DEPTH_MAX, PARTS_MAX, TEXT_MAX, Type};
use crate::error::Text;

impl Type {
    const fn vi(self) -> &'static str {
        match self {
            Self::Number => "số",
            Self::YesNo => "đúng/sai",
            Self::Text => "chữ",
        }
    }

    const fn en(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::YesNo => "true or false",
            Self::Text => "a text",
        }
    }
}

impl Fault {
    /// What is wrong and how to mend it.
    pub(super) fn text(&self) -> Text {
        match self {
            Self::TooLong => Text::new(
                format!("Công thức dài quá {TEXT_MAX} ký tự. Hãy viết ngắn hơn hoặc tách thành nhiều công thức."),
                format!("The formula has more than {TEXT_MAX} characters. Shorten it or make several of it."),
            ),
            Self::TooManyParts => Text::new(
                format!("Công thức có quá {PARTS_MAX} thành phần (tên, số, dấu, hàm). Hãy tách thành nhiều công thức."),
                format!(
                    "The formula has more than {PARTS_MAX} parts (names, numbers, signs, functions). Make several of it."
                ),
            ),
            Self::TooDeep => Text::new(
                format!("Quá {DEPTH_MAX} lớp ngoặc lồng nhau hoặc quá {DEPTH_MAX} dấu “?”. Hãy viết đơn giản hơn."),
                format!(
                    "More than {DEPTH_MAX} brackets inside each other, or more than {DEPTH_MAX} “?”. Make it simpler."
                ),
            ),
            Self::Character { shown, instead } => character(*shown, *instead),
            Self::NumberUnclear { shown } => Text::new(
                format!(
                    "Số “{shown}” viết chưa đúng. Trong công thức, viết liền các chữ số, dấu chấm trước phần thập phân, \
                     nhiều nhất bốn chữ số thập phân, ví dụ 1671 hoặc 0.25."
                ),
                format!(
                    "The number “{shown}” is not clear. In a formula write digits without any mark between thousands, a point \
                     before at most four decimals, such as 1671 or 0.25."
                ),
            ),
            Self::Syntax { near } if near.is_empty() => Text::new(
                "Công thức còn thiếu phần cuối, ví dụ một vế của phép tính hoặc dấu ngoặc đóng.",
                "The formula ends too early: a side of a sign or a closing bracket is missing.",
            ),
            Self::Syntax { near } => Text::new(
                format!("Không hiểu công thức ở “{near}”. Hãy kiểm tra dấu phép tính và dấu ngoặc ở trước chỗ này."),
                format!("The formula is not understood at “{near}”. Check the signs and brackets before it."),
            ),
            Self::UnknownName { name, nearest } => unknown_name(name, nearest.as_deref()),
            Self::UnknownFunction { name, nearest } => unknown_function(name, *nearest),
            Self::WrongType { of, wanted, found } => Text::new(
                format!("“{of}” cần {}, nhưng ở đây là {}.", wanted.vi(), found.vi()),
                format!("“{of}” takes {}, and this is {}.", wanted.en(), found.en()),
            ),
            Self::TypesDiffer { of, left, right } => Text::new(
                format!(
                    "Hai vế của “{of}” phải cùng loại, nhưng một bên là {}, một bên là {}.",
                    left.vi(),
                    right.vi()
                ),
                format!(
                    "Both sides of “{of}” must be of one type, and one is {}, the other {}.",
                    left.en(),
                    right.en()
                ),
            ),
            Self::WrongResult { wanted, found } => Text::new(
                format!(
                    "Công thức này phải cho kết quả là {}, nhưng lại cho {}.",
                    wanted.vi(),
                    found.vi()
                ),
                format!("The formula must give {}, and it gives {}.", wanted.en(), found.en()),
            ),
            Self::WrongCount { function, usage } => Text::new(
                format!("Hàm “{function}” viết như sau: {usage}."),
                format!("The function “{function}” is written {usage}."),
            ),
            Self::NotOffered(what) => what.text(),
            Self::Empty => Text::new(
                "Chưa có công thức. Ví dụ: members_female <= members_total.",
                "There is no formula. An example: members_female <= members_total.",
            ),
            Self::CommaOutside => Text::new(
                "Dấu phẩy chỉ ngăn các giá trị của hàm, như min(a, b). Phần thập phân viết sau dấu chấm: 0.5.",
                "A comma only parts the values of a function, as in min(a, b). Decimals follow a point: 0.5.",
            ),
            Self::TextOpen => Text::new(
                "Đoạn chữ chưa có dấu nháy đóng trên cùng một dòng.",
                "The text has no closing quotation mark on the same line.",
            ),
            Self::ComparisonChain => Text::new(
                "Không so sánh nối tiếp a < b < c được. Hãy viết a < b && b < c.",
                "Comparisons cannot be chained as in a < b < c. Write a < b && b < c.",
            ),
            Self::GivenNeedsName => Text::new(
                "given(…) hỏi một số liệu có hay không, nên trong ngoặc phải là tên một chỉ tiêu.",
                "given(…) asks whether a figure is there, so the name of one must stand in the brackets.",
            ),
            Self::PlacesUnclear => Text::new(
                "Số chữ số thập phân của round phải là 0, 1, 2, 3 hoặc 4, ví dụ round(x, 2).",
                "The decimals of round must be 0, 1, 2, 3 or 4, as in round(x, 2).",
            ),
            Self::DivisionByZero => Text::new(
                "Số chia luôn bằng 0. Hãy kiểm tra lại vế sau dấu chia.",
                "The divisor is always 0. Check what stands behind the sign.",
            ),
            Self::NoFigure => Text::new(
                "Công thức không nhắc đến chỉ tiêu nào nên lúc nào cũng cho cùng một kết quả.",
                "No figure stands in the formula, so it always gives the same.",
            ),
            Self::NotNow => Text::new(
                "Hệ thống chưa đọc được công thức lúc này. Hãy thử lại sau ít giây.",
                "The formula could not be read just now. Try again in a moment.",
            ),
        }
    }
}

impl NotOffered {
    fn text(self) -> Text {
        let (vi, en) = match self {
            Self::List => (
                "Công thức không dùng danh sách và dấu ngoặc vuông.",
                "Formulas have no lists and no square brackets.",
            ),
            Self::Map => (
                "Công thức không dùng dấu ngoặc nhọn. Hãy dùng ngoặc tròn.",
                "Formulas have no braces. Use round brackets.",
            ),
            Self::Member => (
                "Công thức chỉ dùng tên chỉ tiêu, không có phần sau dấu chấm.",
                "Formulas use names of figures only; nothing follows them after a point.",
            ),
            Self::Comment => (
                "Công thức không có chú thích. Hãy ghi vào phần mô tả.",
                "Formulas have no comments. Write them into the description.",
            ),
            Self::In => (
                "Công thức không dùng “in”. Hãy viết a == b || a == c.",
                "Formulas have no “in”. Write a == b || a == c.",
            ),
            Self::Null => (
                "Công thức không dùng “null”. Hãy hỏi given(a) để biết số liệu có hay không.",
                "Formulas have no “null”. Ask given(a) whether a figure is there.",
            ),
            Self::SpecialText => (
                "Đoạn chữ chỉ viết giữa hai dấu nháy, không có dấu \\ và không có chữ đứng liền trước.",
                "A text stands between two quotation marks, without \\ and without a letter right before it.",
            ),
            Self::Loop => (
                "Công thức không có vòng lặp (all, exists, map, filter). Hãy viết rõ từng chỉ tiêu.",
                "Formulas have no loops (all, exists, map, filter). Write each figure by itself.",
            ),
            Self::Has => (
                "Công thức không dùng has(…). Hãy viết given(a) để biết số liệu có hay không.",
                "Formulas have no has(…). Write given(a) to ask whether a figure is there.",
            ),
            Self::Other => (
                "Công thức không dùng cách viết này.",
                "Formulas have nothing of this kind.",
            ),
        };
        Text::new(vi, en)
    }
}

fn character(shown: char, instead: Option<&str>) -> Text {
    let seen = shown.is_alphanumeric() || shown.is_ascii_graphic() || instead.is_some();
    // Some come along with copied text and show as nothing.
    let shown = if seen {
        shown.to_string()
    } else {
        format!("U+{:04X}", u32::from(shown))
    };
    match instead {
        Some(instead) => Text::new(
            format!("Không dùng “{shown}” trong công thức. Hãy viết {instead}."),
            format!("“{shown}” is not used in formulas. Write {instead}."),
        ),
        None => Text::new(
            format!("Không dùng “{shown}” trong công thức."),
            format!("“{shown}” is not used in formulas."),
        ),
    }
}

fn unknown_name(name: &str, nearest: Option<&str>) -> Text {
    match nearest {
        Some(nearest) => Text::new(
            format!("Ở đây không có chỉ tiêu “{name}”. Có phải là “{nearest}”?"),
            format!("There is no figure “{name}” here. Is “{nearest}” meant?"),
        ),
        None => Text::new(
            format!("Ở đây không có chỉ tiêu “{name}”. Hãy dùng mã của một chỉ tiêu trong biểu mẫu."),
            format!("There is no figure “{name}” here. Use the code of an indicator of the form."),
        ),
    }
}

fn unknown_function(name: &str, nearest: Option<&str>) -> Text {
    match nearest {
        Some(nearest) => Text::new(
            format!("Không có hàm “{name}”. Có phải là “{nearest}”?"),
            format!("There is no function “{name}”. Is “{nearest}” meant?"),
        ),
        None => Text::new(
            format!("Không có hàm “{name}”. Các hàm: min, max, sum, abs, round, floor, ceil, given."),
            format!("There is no function “{name}”. The functions: min, max, sum, abs, round, floor, ceil, given."),
        ),
    }
}
