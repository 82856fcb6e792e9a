//! What is told of rows and columns of a sheet of many units that cannot be taken.

use super::standing::UnitStanding;
use crate::error::{Error, Result, Text};
use crate::reports::usecases::TakenFigure;
use crate::reports::usecases::save::figure_locked;
use crate::sheets::{Conflict, FilledColumn, FilledUnit, Place};

/// Most figures that one sheet changes: a thousand units with sixty each. They are written in one transaction, for which others who
/// write wait on SQLite five seconds and no longer; as many take about half of that.
const FIGURES_MAX: usize = 60_000;

/// Lets through as many changed figures as one transaction writes.
pub fn not_too_many(figures: usize) -> Result<()> {
    if figures <= FIGURES_MAX {
        return Ok(());
    }
    Err(Error::invalid(
        "TOO_MANY_FIGURES",
        "file",
        format!("Bảng tính thay đổi quá {FIGURES_MAX} số liệu; hãy chia các dòng thành nhiều tệp rồi gửi lần lượt."),
        format!(
            "The spreadsheet changes more than {FIGURES_MAX} figures; divide its rows into several files and send one after another."
        ),
    ))
}

/// What is wrong in a place.
fn conflict(at: Place, found: &str, code: &'static str, text: Text) -> Conflict {
    Conflict {
        at,
        found: found.to_owned(),
        code,
        text,
        suggestions: Vec::new(),
        indicator: None,
        part: None,
    }
}

/// Why the report of a unit cannot be filled in, told at its row.
pub fn refusal(at: Place, name: &str, why: Error) -> Result<Conflict> {
    match why {
        Error::WrongState(text) => Ok(conflict(at, name, "WRONG_STATE", text)),
        Error::Invalid(problems) => {
            let problem = problems.into_iter().next();
            problem
                .map(|one| conflict(at, name, one.code, one.text))
                .ok_or(Error::NotFound)
        }
        other => Err(other),
    }
}

/// A row that was made of another version of its report.
pub fn stale(at: Place, name: &str) -> Conflict {
    conflict(
        at,
        name,
        "STALE_VERSION",
        Text::new(
            format!(
                "Báo cáo của «{name}» đã được lập hoặc sửa sau khi tải biểu này; hãy tải lại biểu rồi điền dòng này."
            ),
            format!(
                "The report of “{name}” was begun or changed after this sheet was downloaded; download it anew and fill in this row."
            ),
        ),
    )
}

/// A second row of a unit.
pub fn twice(row: &FilledUnit, unit: &UnitStanding, first: u32) -> Conflict {
    let (name, first) = (&unit.unit.name, first.saturating_add(1));
    conflict(
        row.at,
        name,
        "TWICE",
        Text::new(
            format!("«{name}» đã có ở dòng {first}; hãy chỉ để lại một dòng."),
            format!("“{name}” is in row {first} already; leave only one row."),
        ),
    )
}

/// A row of which it is not clear which unit it is of.
pub fn unclear(row: &FilledUnit, suggestions: Vec<String>) -> Conflict {
    Conflict {
        suggestions,
        ..conflict(
            row.at,
            &row.name,
            "UNIT_UNCLEAR",
            Text::new(
                "Tên, mã và khóa đơn vị ở dòng này không cùng một đơn vị; có thể các cột đã bị sắp xếp lệch nhau. Hãy tải lại biểu rồi điền.",
                "Name, code and key in this row are not of one unit; columns may have been sorted apart. Download the sheet anew and fill it in.",
            ),
        )
    }
}

/// Figures of nobody.
pub fn unit_missing(row: &FilledUnit) -> Conflict {
    let text = Text::new(
        "Dòng này có số liệu nhưng không ghi đơn vị nào; hãy ghi mã đơn vị, hoặc điền vào dòng có sẵn của đơn vị.",
        "This row has figures and names no unit; write the unit's code, or fill in the row that the unit has.",
    );
    conflict(row.at, &row.name, "UNIT_MISSING", text)
}

/// A unit that is out of reach, not expected to report, or nothing at all: that is told alike.
pub fn unknown_unit(at: Place, found: &str, suggestions: Vec<String>) -> Conflict {
    let text = Text::new(
        format!("«{found}» không có trong các đơn vị phải báo cáo biểu này cho kỳ này mà bạn được nhập số liệu."),
        format!(
            "“{found}” is none of the units that report on this form for this period and whose reports you may write."
        ),
    );
    Conflict {
        suggestions,
        ..conflict(at, found, "UNKNOWN_UNIT", text)
    }
}

/// A column of a part that the form does not ask for.
pub fn part_not_asked(column: &FilledColumn) -> Conflict {
    let code = &column.code;
    let text = Text::new(
        format!("Biểu này không phân tổ chỉ tiêu `{code}` như vậy."),
        format!("This form does not break the indicator `{code}` down like that."),
    );
    Conflict {
        indicator: Some(code.clone()),
        part: Some(column.part),
        ..conflict(column.at, code, "PART_NOT_ASKED", text)
    }
}

/// A figure of a report that was sent back for others.
pub fn figure_is_locked(figure: TakenFigure) -> Conflict {
    let why = figure_locked(&figure.indicator);
    Conflict {
        indicator: Some(figure.indicator),
        part: Some(figure.part),
        ..conflict(figure.at, &figure.text, "FIGURE_LOCKED", why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_figures_than_others_wait_for_are_refused() {
        assert!(not_too_many(1_000 * 60).is_ok());
        let Err(Error::Invalid(problems)) = not_too_many(1_000 * 60 + 1) else {
            panic!("taken");
        };
        assert_eq!(
            (problems[0].code, problems[0].field.as_str()),
            ("TOO_MANY_FIGURES", "file")
        );
    }
}
