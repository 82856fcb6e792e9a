//! The sentences about why points are open.

use super::{Telling, written};
use crate::error::Text;
use crate::reckoning::outcome::Open;

impl Telling<'_> {
    pub(super) fn open(&self, why: &Open) -> Text {
        let with = |vi: &str, en: &str, list: Text| {
            Text::new(
                format!("Chưa có điểm vì {vi}: {}.", list.vi),
                format!("It is open, because {en}: {}.", list.en),
            )
        };
        match why {
            Open::NoEntry => Text::new("Chưa có điểm vì chưa ai chấm.", "It is open, because nobody scored it."),
            Open::EntryRefused => Text::new(
                "Chưa có điểm vì nội dung đã chấm không hợp lệ, phải sửa lại.",
                "It is open, because what was entered does not fit and must be mended.",
            ),
            Open::NoFigure { names } => with("thiếu số liệu", "figures are missing", self.names(names)),
            Open::NoTarget { indicator } => {
                with("chưa giao ước chỉ tiêu", "no target was promised", self.name(indicator))
            }
            Open::TargetNotPositive { target } => {
                let target = written(*target);
                Text::new(
                    format!("Chưa có điểm vì chỉ tiêu là {target}, không so được."),
                    format!("It is open, because nothing can be measured against the target {target}."),
                )
            }
            Open::Inexact { names } => with(
                "số liệu không chính xác nên chưa rõ được bao nhiêu điểm",
                "figures are not exact and the points hang on how much they are",
                self.names(names),
            ),
            Open::NotLocked { units } => {
                let units = self.units(units);
                with(
                    "phải chờ khóa số liệu của cả cụm, còn thiếu",
                    "the figures of the whole cluster must be locked, and some are not",
                    Text::new(units.clone(), units),
                )
            }
            Open::DivisionByZero { divisor } => Text::new(
                format!("Chưa có điểm vì số chia `{divisor}` bằng 0."),
                format!("It is open, because the divisor `{divisor}` is 0."),
            ),
            Open::TooLarge { name } => with(
                "số liệu của cả cụm có quá 14 chữ số",
                "a figure of the whole cluster has more than 14 digits",
                self.name(name),
            ),
            Open::WrongForm { name } => with(
                "số liệu không đúng loại",
                "a figure is of another form",
                self.name(name),
            ),
        }
    }
}
