//! The sentences for what may be wrong with a criteria set and with the entries given to it. Pure.

mod entries;

use super::problem::{SetProblem, SetProblemKind};
use super::{DEPTH_MAX, NODES_MAX, SIZES_MAX, TEXT_MAX};
use crate::error::Text;
use crate::numbers::write;

impl SetProblemKind {
    /// The name for programs; never translated.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooManyNodes => "TOO_MANY_NODES",
            Self::TooDeep => "TOO_DEEP",
            Self::TooMany { .. } => "TOO_MANY",
            Self::TooManySizes => "TOO_MANY_SIZES",
            Self::TextLength => "TEXT_LENGTH",
            Self::CodeUnclear => "CODE_UNCLEAR",
            Self::CodeTwice { .. } => "CODE_TWICE",
            Self::Unknown { .. } => "UNKNOWN",
            Self::UnknownIndicator { .. } => "UNKNOWN_INDICATOR",
            Self::NotANumber { .. } => "NOT_A_NUMBER",
            Self::OutOfBounds { .. } => "OUT_OF_BOUNDS",
            Self::StepDoesNotDivide { .. } => "STEP_DOES_NOT_DIVIDE",
            Self::SumDiffers { .. } => "SUM_DIFFERS",
            Self::NothingApplies { .. } => "NOTHING_APPLIES",
            Self::CapBelowRescale => "CAP_BELOW_RESCALE",
            Self::CapOfNothing => "CAP_OF_NOTHING",
            Self::EmptySection => "EMPTY_SECTION",
            Self::NobodyScores => "NOBODY_SCORES",
            Self::SizesCross => "SIZES_CROSS",
            Self::MaxOutOfReach { .. } => "MAX_OUT_OF_REACH",
            Self::CapOutOfReach { .. } => "CAP_OUT_OF_REACH",
            Self::TotalCapBelowScale { .. } => "TOTAL_CAP_BELOW_SCALE",
            Self::Deduction { .. } => "DEDUCTION",
            Self::FloorAboveCeiling => "FLOOR_ABOVE_CEILING",
            Self::Formula(_) => "FORMULA",
            Self::NothingNamed => "NOTHING_NAMED",
            Self::BandsLeaveHole => "BANDS_LEAVE_HOLE",
            Self::BandsOverlap => "BANDS_OVERLAP",
            Self::BandOutOfReach { .. } => "BAND_OUT_OF_REACH",
            Self::QuotaTwice => "QUOTA_TWICE",
            Self::QuotaOfLast => "QUOTA_OF_LAST",
            Self::RangeUnclear => "RANGE_UNCLEAR",
        }
    }

    /// What is wrong and how to mend it.
    pub fn text(&self) -> Text {
        match self {
            Self::TooManyNodes => Text::new(
                format!("Bảng điểm có quá {NODES_MAX} mục và tiêu chí. Hãy gộp bớt."),
                format!("The set has more than {NODES_MAX} sections and criteria. Put some together."),
            ),
            Self::TooDeep => Text::new(
                format!("Bảng điểm có quá {DEPTH_MAX} cấp. Hãy bớt cấp."),
                format!("The set has more than {DEPTH_MAX} levels. Leave some out."),
            ),
            Self::TooMany { most } => Text::new(
                format!("Danh sách này có quá {most} phần. Hãy bớt đi."),
                format!("This list has more than {most} parts. Leave some out."),
            ),
            Self::TooManySizes => Text::new(
                format!("Phạm vi áp dụng chia theo quá {SIZES_MAX} mốc quy mô. Hãy gộp bớt các mốc."),
                format!("What the parts apply to begins or ends at more than {SIZES_MAX} sizes. Put some together."),
            ),
            Self::TextLength => Text::new(
                format!("Không được để trống và dài không quá {TEXT_MAX} ký tự."),
                format!("This must not be empty nor longer than {TEXT_MAX} characters."),
            ),
            Self::CodeUnclear => Text::new(
                "Mã gồm 1 đến 60 ký tự: chữ không dấu, chữ số, gạch dưới, gạch ngang, dấu chấm.",
                "A code has 1 to 60 characters: letters without accents, digits, underscore, hyphen, dot.",
            ),
            Self::CodeTwice { code } => Text::new(
                format!("Mã `{code}` đã dùng ở trên. Mỗi mã chỉ dùng một lần."),
                format!("The code `{code}` stands above already. Each is used once."),
            ),
            Self::Unknown { code } => Text::new(
                format!("Bảng điểm không có mã `{code}`."),
                format!("The set has nothing of the code `{code}`."),
            ),
            Self::UnknownIndicator { code } => Text::new(
                format!("Không có chỉ tiêu thống kê `{code}`."),
                format!("There is no indicator `{code}`."),
            ),
            Self::NotANumber { code } => Text::new(
                format!("Chỉ tiêu `{code}` không phải là số nên không tính điểm được."),
                format!("The figures of `{code}` are no numbers, so no points follow from them."),
            ),
            Self::OutOfBounds { least, most } => Text::new(
                format!("Phải từ {} đến {}.", write(*least), write(*most)),
                format!("This must be from {} to {}.", write(*least), write(*most)),
            ),
            Self::StepDoesNotDivide { step, max } => Text::new(
                format!(
                    "Bước điểm {} phải lớn hơn 0 và chia hết {} điểm.",
                    write(*step),
                    write(*max)
                ),
                format!(
                    "The step {} must be above 0 and divide {} points.",
                    write(*step),
                    write(*max)
                ),
            ),
            Self::SumDiffers { profile, sum, wanted } => {
                let (who, sum, wanted) = (profile.text(), write(*sum), write(*wanted));
                Text::new(
                    format!(
                        "Điểm tối đa của các phần cộng lại là {sum}, nhưng phải bằng {wanted} (tính cho {}).",
                        who.vi
                    ),
                    format!(
                        "The maxima of the parts add up to {sum} and must be {wanted} (for {}).",
                        who.en
                    ),
                )
            }
            Self::NothingApplies { profile } => {
                let who = profile.text();
                Text::new(
                    format!(
                        "Mục này không có tiêu chí nào áp dụng cho {} nên không quy đổi điểm được.",
                        who.vi
                    ),
                    format!(
                        "Nothing in this section applies to {}, so nothing can be scaled up.",
                        who.en
                    ),
                )
            }
            Self::CapBelowRescale => Text::new(
                "Mục nằm trong mục có quy đổi điểm thì không có trần điểm cộng, điểm trừ riêng. Hãy đặt trần ở mục trên.",
                "Below a section that is scaled up none has a bonus or deduction cap of its own. Put the cap above.",
            ),
            Self::CapOfNothing => Text::new(
                "Có trần nhưng không có tiêu chí điểm cộng hoặc điểm trừ nào bên dưới. Hãy bỏ trần hoặc thêm tiêu chí.",
                "There is a cap, and no criterion below it gives such points. Take the cap away or add a criterion.",
            ),
            Self::EmptySection => Text::new("Mục chưa có tiêu chí nào.", "The section has nothing below it."),
            Self::NobodyScores => Text::new(
                "Chưa có ai được chấm tiêu chí này. Hãy chọn ít nhất một cấp chấm.",
                "Nobody may score this criterion. Name at least one layer.",
            ),
            Self::SizesCross => Text::new(
                "Quy mô bắt đầu áp dụng phải nhỏ hơn quy mô thôi áp dụng.",
                "The size from which it applies must be below the one from which it does not.",
            ),
            Self::MaxOutOfReach { reach } => Text::new(
                format!(
                    "Không ai đạt được điểm tối đa của tiêu chí, cao nhất chỉ được {}.",
                    write(*reach)
                ),
                format!(
                    "Nobody can reach the maximum of the criterion; the most is {}.",
                    write(*reach)
                ),
            ),
            Self::CapOutOfReach { reach } => Text::new(
                format!(
                    "Trần cao hơn tổng điểm cộng của các tiêu chí bên dưới, cao nhất chỉ có {}.",
                    write(*reach)
                ),
                format!(
                    "The cap lies above what the criteria below it can give, which is at most {}.",
                    write(*reach)
                ),
            ),
            Self::TotalCapBelowScale { scale } => Text::new(
                format!("Trần tổng điểm không được thấp hơn thang điểm {}.", write(*scale)),
                format!("The cap of the total must not be below the scale {}.", write(*scale)),
            ),
            Self::Deduction { code } => Text::new(
                format!("`{code}` là điểm trừ: càng nhiều càng kém, nên không dùng được ở đây."),
                format!("`{code}` takes points away, so more of it is worse, and it cannot be asked for here."),
            ),
            Self::FloorAboveCeiling => Text::new(
                "Điểm khởi đầu phải nằm giữa điểm sàn và điểm trần.",
                "The points at the start must lie between floor and ceiling.",
            ),
            Self::Formula(problem) => problem.text(),
            Self::NothingNamed => Text::new("Phải nêu ít nhất một mã.", "At least one code must be named."),
            Self::BandsLeaveHole => Text::new(
                "Phải có các mức xếp loại, và mức cuối cùng bắt đầu từ 0 điểm.",
                "There must be grades, and the last must begin at 0 points.",
            ),
            Self::BandsOverlap => Text::new(
                "Mức xếp loại này phải bắt đầu thấp hơn mức đứng trên nó.",
                "This grade must begin below the one above it.",
            ),
            Self::BandOutOfReach { reach } => Text::new(
                format!("Không ai đạt được mức này vì tổng điểm cao nhất là {}.", write(*reach)),
                format!(
                    "Nobody can reach this grade, since the most points are {}.",
                    write(*reach)
                ),
            ),
            Self::QuotaTwice => Text::new(
                "Mức này đã có một quy định tỷ lệ. Mỗi mức chỉ có một.",
                "There is a quota for this grade already. Each has one at most.",
            ),
            Self::QuotaOfLast => Text::new(
                "Không khống chế tỷ lệ mức cuối cùng được vì không còn mức nào thấp hơn.",
                "The last grade cannot have a quota, since there is none below it.",
            ),
            Self::RangeUnclear => Text::new(
                "Khoảng được phép phải chứa giá trị hiện nay.",
                "The range must hold what stands now.",
            ),
        }
    }
}

impl SetProblem {
    /// What is wrong, where and how to mend it.
    pub fn text(&self) -> Text {
        let text = self.kind.text();
        Text::new(
            format!("{}: {}", self.path, text.vi),
            format!("{}: {}", self.path, text.en),
        )
    }
}
