//! What went into points that are worked out, with names that people know.

use async_graphql::SimpleObject;

use super::loaders::YearPoints;
use crate::error::{Language, Text};
use crate::numbers;
use crate::reckoning::{self, Criterion, Figure, Measure, Working};

/// What went into points that are worked out.
#[derive(SimpleObject)]
pub struct PointsInput {
    /// Its name in the caller's language: that of the indicator with what is made of it, of an event that of its kind.
    name: String,
    /// The figure, written in the Vietnamese way; `có` or `không`; empty when it is missing.
    value: String,
}

/// What went into the points of a criterion.
pub(super) fn inputs(
    points: &YearPoints,
    criterion: Option<&Criterion>,
    working: &Working,
    language: Language,
) -> Vec<PointsInput> {
    let input = |name: Text, value: String| PointsInput {
        name: name.in_language(language).to_owned(),
        value,
    };
    match working {
        Working::Given | Working::NoTarget | Working::Verdict { .. } => Vec::new(),
        Working::Target { actual, target, .. } => vec![
            input(Text::new("thực hiện", "done"), written(actual)),
            input(Text::new("chỉ tiêu", "target"), numbers::write(*target)),
        ],
        Working::Count { count, each } => vec![
            input(Text::new("số lượng", "count"), written(count)),
            input(Text::new("điểm mỗi đơn vị", "points for each"), numbers::write(*each)),
        ],
        Working::Events { events, .. } => {
            let events = events.iter();
            events
                .map(|one| input(event(criterion, &one.code), numbers::write(one.count)))
                .collect()
        }
        Working::Formula { inputs, .. } => {
            let labels = |code: &str| points.names.get(code).cloned();
            let name = |name: &str| reckoning::name_of(points.set.set(), name, &labels);
            let inputs = inputs.iter();
            inputs
                .map(|one| input(name(&one.name), one.figure.as_ref().map(written).unwrap_or_default()))
                .collect()
        }
    }
}

/// What a kind of event is called.
fn event(criterion: Option<&Criterion>, code: &str) -> Text {
    let kinds = match criterion.map(|criterion| &criterion.measure) {
        Some(Measure::Events { events, .. }) => events.as_slice(),
        _ => &[],
    };
    let kind = kinds.iter().find(|kind| kind.code == code);
    kind.map_or_else(
        || Text::new(code, code),
        |kind| {
            Text::new(
                kind.title.vi.clone(),
                kind.title.en.as_deref().unwrap_or(&kind.title.vi),
            )
        },
    )
}

/// A figure as people write it.
fn written(figure: &Figure) -> String {
    match figure {
        Figure::Number { value, upper, .. } => match upper {
            Some(upper) => format!("{}-{}", numbers::write(*value), numbers::write(*upper)),
            None => numbers::write(*value),
        },
        Figure::YesNo { value: true } => "có".to_owned(),
        Figure::YesNo { value: false } => "không".to_owned(),
        Figure::Text { value } => value.clone(),
    }
}
