//! How the parts of a figure go with its total. Only what is surely wrong is told. Pure.

use thidua_entity::Fixed4;
use thidua_entity::enums::{FigurePart, Qualifier, Sector};

use crate::error::{Problem, Text};
use crate::numbers::{self, Reading};

/// A figure of one indicator: the total or a part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure<'a> {
    /// The total, or which part of it.
    pub part: FigurePart,
    /// As it was read.
    pub reading: Reading,
    /// As it was typed.
    pub typed: &'a str,
}

/// What is wrong with the figures of one indicator, by its code and name: a part that is more than the total, sectors that do not
/// add up to it.
pub fn problems((code, name): (&str, &str), figures: &[Figure<'_>]) -> Vec<Problem> {
    let Some(total) = figures.iter().find(|figure| figure.part == FigurePart::Total) else {
        return Vec::new();
    };
    let exceeding = figures
        .iter()
        .filter(|figure| figure.reading.surely_exceeds(&total.reading))
        .map(|figure| {
            let part = called(figure.part);
            Problem::new(
                "PART_EXCEEDS_TOTAL",
                format!("figures.{code}.{}", figure.part.code()),
                format!(
                    "«{name}», {}: {} nhiều hơn tổng số {}.",
                    part.vi, figure.typed, total.typed
                ),
                format!(
                    "“{name}”, {}: {} is more than the total {}.",
                    part.en, figure.typed, total.typed
                ),
            )
        });
    let mut problems: Vec<Problem> = exceeding.collect();
    if let Some((sum, total)) = sectors_against_total(figures, total) {
        let (sum, total) = (numbers::write(sum), numbers::write(total));
        problems.push(Problem::new(
            "PARTS_DO_NOT_ADD_UP",
            format!("figures.{code}"),
            format!("«{name}»: các khu vực cộng lại là {sum}, khác tổng số {total}."),
            format!("“{name}”: the sectors add up to {sum}, and the total is {total}."),
        ));
    }
    problems
}

/// The sum of all sectors and the total, where all of them are there and exact and the two differ.
fn sectors_against_total(figures: &[Figure<'_>], total: &Figure<'_>) -> Option<(Fixed4, Fixed4)> {
    let exact = |figure: &Figure<'_>| {
        let reading = figure.reading;
        (reading.qualifier == Qualifier::Exact).then_some(reading.value)
    };
    let of = |sector: &Sector| {
        let part = FigurePart::of_sector(*sector);
        figures.iter().find(|figure| figure.part == part).and_then(exact)
    };
    let parts: Vec<Fixed4> = Sector::ALL.iter().map(of).collect::<Option<_>>()?;
    let sum = parts.iter().map(|part| i128::from(part.ten_thousandths())).sum();
    let (sum, total) = (Fixed4::try_from_ten_thousandths(sum)?, exact(total)?);
    (sum != total).then_some((sum, total))
}

/// What a part is called.
pub fn called(part: FigurePart) -> Text {
    let (vi, en) = match part {
        FigurePart::Total => ("tổng số", "total"),
        FigurePart::Women => ("nữ", "women"),
        FigurePart::SectorStateAdministration => ("khu vực hành chính nhà nước", "State administration"),
        FigurePart::SectorPublicService => ("khu vực sự nghiệp công lập", "public service"),
        FigurePart::SectorEducation => ("khu vực giáo dục", "education"),
        FigurePart::SectorStateEnterprise => ("khu vực doanh nghiệp nhà nước", "State enterprises"),
        FigurePart::SectorPrivateEnterprise => ("khu vực doanh nghiệp ngoài nhà nước", "non-State enterprises"),
        FigurePart::SectorForeignInvestedEnterprise => (
            "khu vực doanh nghiệp có vốn đầu tư nước ngoài",
            "foreign-invested enterprises",
        ),
        FigurePart::SectorOccupational => ("nghiệp đoàn", "occupational unions"),
    };
    Text::new(vi, en)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::numbers::{NumberForm, read};

    fn told(figures: &[(FigurePart, &str)]) -> Vec<(&'static str, String)> {
        let figures: Vec<Figure<'_>> = figures
            .iter()
            .map(|&(part, typed)| Figure {
                part,
                reading: read(typed, NumberForm::Integer).unwrap(),
                typed,
            })
            .collect();
        problems(("members_total", "Số đoàn viên"), &figures)
            .into_iter()
            .map(|problem| (problem.code, problem.text.vi))
            .collect()
    }

    /// Every sector with the same figure, and a total.
    fn sectors<'a>(each: &'a str, total: &'a str) -> Vec<(FigurePart, &'a str)> {
        let parts = Sector::ALL.iter().map(|sector| (FigurePart::of_sector(*sector), each));
        parts.chain([(FigurePart::Total, total)]).collect()
    }

    #[test]
    fn a_part_that_is_surely_more_than_the_total_is_told_with_both_figures() {
        let problem = told(&[(FigurePart::Total, "1.671"), (FigurePart::Women, "1.700")]);
        assert_eq!(problem.len(), 1);
        assert_eq!(problem[0].0, "PART_EXCEEDS_TOTAL");
        assert!(
            problem[0].1.contains("1.700") && problem[0].1.contains("1.671"),
            "{}",
            problem[0].1
        );
        for (total, women) in [
            ("1.671", "1.671"),
            ("1.671", "khoảng 1.700"),
            ("trên 1.671", "1.700"),
            ("1.600-1.700", "1.700"),
        ] {
            assert_eq!(told(&[(FigurePart::Total, total), (FigurePart::Women, women)]), []);
        }
        assert_eq!(told(&[(FigurePart::Women, "5")]), [], "there is no total yet");
    }

    #[test]
    fn sectors_add_up_when_all_of_them_are_there_and_exact() {
        assert_eq!(told(&sectors("10", "70")), []);
        let problem = told(&sectors("10", "71"));
        assert_eq!(problem.len(), 1);
        assert_eq!(problem[0].0, "PARTS_DO_NOT_ADD_UP");
        assert!(
            problem[0].1.contains("70") && problem[0].1.contains("71"),
            "{}",
            problem[0].1
        );
        assert_eq!(told(&sectors("10", "71")[1..]), [], "one sector is missing");
        assert_eq!(told(&sectors("khoảng 10", "71")), []);
        assert_eq!(told(&sectors("10", "trên 71")), []);
    }

    #[test]
    fn every_sector_is_a_part_and_no_part_is_two() {
        let parts: Vec<FigurePart> = Sector::ALL
            .iter()
            .map(|sector| FigurePart::of_sector(*sector))
            .collect();
        let others = FigurePart::ALL.iter().filter(|part| !parts.contains(part)).count();
        assert_eq!(others, 2, "the total and women");
        for (part, sector) in parts.iter().zip(Sector::ALL) {
            assert_eq!(part.code(), format!("SECTOR_{}", sector.code()));
        }
    }

    proptest! {
        #[test]
        fn exact_sectors_are_refused_just_when_their_sum_is_another(each in prop::collection::vec(0_i64..50, 7), off in -2_i64..3) {
            let sum: i64 = each.iter().sum();
            let figure = |part, value| Figure {
                part,
                reading: Reading::exact(Fixed4::from_integer(value).unwrap()),
                typed: "",
            };
            let parts = Sector::ALL.iter().zip(&each).map(|(sector, value)| figure(FigurePart::of_sector(*sector), *value));
            let figures: Vec<_> = parts.chain([figure(FigurePart::Total, sum + off)]).collect();
            let told = problems(("code", "name"), &figures);
            prop_assert_eq!(told.iter().any(|problem| problem.code == "PARTS_DO_NOT_ADD_UP"), off != 0);
        }
    }
}
