//! The sentences for what may be wrong with entries, and for kinds of units.

use crate::error::Text;
use crate::numbers::write;
use crate::reckoning::problem::{FactProblem, FactProblemKind, Profile};
use crate::reckoning::words;

impl FactProblemKind {
    /// The name for programs; never translated.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownCriterion => "UNKNOWN_CRITERION",
            Self::DoesNotApply => "DOES_NOT_APPLY",
            Self::LayerMayNot => "LAYER_MAY_NOT",
            Self::WrongKind => "WRONG_KIND",
            Self::OutOfBounds { .. } => "OUT_OF_BOUNDS",
            Self::OffStep { .. } => "OFF_STEP",
            Self::NoReason => "NO_REASON",
            Self::UnknownEvent { .. } => "UNKNOWN_EVENT",
        }
    }

    /// What is wrong and how to mend it.
    pub fn text(&self) -> Text {
        match self {
            Self::UnknownCriterion => Text::new("Bảng điểm không có tiêu chí này.", "The set has no such criterion."),
            Self::DoesNotApply => Text::new(
                "Tiêu chí này không áp dụng cho đơn vị.",
                "The criterion does not apply to the unit.",
            ),
            Self::LayerMayNot => Text::new(
                "Cấp này không chấm tiêu chí này.",
                "This layer does not score the criterion.",
            ),
            Self::WrongKind => Text::new(
                "Nội dung chấm không đúng loại của tiêu chí.",
                "The entry is not of the kind that the criterion takes.",
            ),
            Self::OutOfBounds { least, most } => Text::new(
                format!("Điểm phải từ {} đến {}.", write(*least), write(*most)),
                format!("Points must be from {} to {}.", write(*least), write(*most)),
            ),
            Self::OffStep { step } => Text::new(
                format!("Điểm phải là bội của {}.", write(*step)),
                format!("Points must be a multiple of {}.", write(*step)),
            ),
            Self::NoReason => Text::new(
                "Điểm này được tính từ báo cáo; muốn chấm khác phải ghi lý do.",
                "These points are worked out from reports; others need a reason.",
            ),
            Self::UnknownEvent { code } => Text::new(
                format!("Tiêu chí không cho nhập sự việc `{code}`."),
                format!("The criterion does not let events `{code}` be entered."),
            ),
        }
    }
}

impl FactProblem {
    /// What is wrong with which entry.
    pub fn text(&self) -> Text {
        let (layer, text) = (words::layer(self.layer), self.kind.text());
        Text::new(
            format!("Tiêu chí `{}`, điểm {}: {}", self.criterion, layer.vi, text.vi),
            format!("Criterion `{}`, {}: {}", self.criterion, layer.en, text.en),
        )
    }
}

impl Profile {
    /// The kind of units for a person to read.
    pub fn text(&self) -> Text {
        let mut parts = vec![self.kind.map_or_else(|| Text::new("đơn vị", "units"), words::unit_kind)];
        parts.extend(self.sector.map(words::sector));
        let size = |size| Text::new(format!("quy mô {size}"), format!("of size {size}"));
        parts.extend(self.size.map(size));
        parts.extend(self.calendar.map(words::calendar));
        Text::new(
            parts.iter().map(|part| part.vi.as_str()).collect::<Vec<_>>().join(" "),
            parts.iter().map(|part| part.en.as_str()).collect::<Vec<_>>().join(" "),
        )
    }
}
