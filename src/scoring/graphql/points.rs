//! The points of a score sheet by criterion, with how those from the reports came about.

use std::sync::Arc;

use async_graphql::{Context, Enum, Object, SimpleObject};
use thidua_entity::enums::ScoreSubject;
use thidua_entity::{Fixed4, score_entry};

use super::entries::ScoreEntry;
use super::loaders::YearPoints;
use crate::criteria::graphql::ScoreLayer;
use crate::error::Text;
use crate::graphql::language;
use crate::numbers;
use crate::reckoning::{self, Figure, How, Layer, Node, Part, Scoring, Stands, Subject, Working};
use crate::reports::graphql::figures::Decimal;
use crate::scoring::facts;

/// Which points of a criterion stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum SheetPointsFrom {
    /// Those of a layer.
    Entry,
    /// Those that are worked out from approved reports.
    Reports,
    /// Nobody entered anything, and the set says what that brings.
    NothingEntered,
    /// Of a section: what stands below adds up to them.
    Sum,
    /// Nobody can tell yet.
    Open,
}

/// What one layer gave for a criterion.
#[derive(SimpleObject)]
pub struct LayerPoints {
    /// Which layer.
    layer: ScoreLayer,
    /// The points that follow from its entry; null when they are still open, and when the entry does not fit.
    points: Option<Decimal>,
    /// The entry, with who wrote it, when and why.
    entry: ScoreEntry,
}

/// What went into points that are worked out.
#[derive(SimpleObject)]
pub struct PointsInput {
    /// Its name, in Vietnamese: that of the indicator.
    name: String,
    /// The figure, written in the Vietnamese way; `có` or `không`; empty when it is missing.
    value: String,
}

/// The points that approved reports give, and how they come about.
#[derive(SimpleObject)]
pub struct ComputedPoints {
    /// The points; null while figures are missing or not settled.
    points: Option<Decimal>,
    /// How they come about, or what is missing, in sentences to be read one after the other, in the caller's language.
    sentences: Vec<String>,
    /// The formula as it stands in the set, when it is worked out by one.
    formula: Option<String>,
    /// The figures that went into it.
    inputs: Vec<PointsInput>,
}

/// A section or criterion of the set that applies to the unit, with its points.
pub struct SheetCriterion {
    pub(super) points: Arc<YearPoints>,
    pub(super) unit: String,
    pub(super) index: usize,
    pub(super) depth: usize,
    pub(super) entries: Vec<score_entry::Model>,
}

/// A section or criterion of the set that applies to the unit, with its points as far as the caller sees them.
#[Object]
impl SheetCriterion {
    /// Its code.
    async fn code(&self) -> Option<&str> {
        self.node().map(|node| node.code.as_str())
    }
    /// Its name in the caller's language; the Vietnamese one when there is no English one.
    async fn title(&self, ctx: &Context<'_>) -> Option<String> {
        let title = &self.node()?.title;
        let text = Text::new(title.vi.clone(), title.en.clone().unwrap_or_else(|| title.vi.clone()));
        Some(text.in_language(language(ctx)).to_owned())
    }
    /// Whether it is a section, with others below it.
    async fn is_section(&self) -> bool {
        self.node().is_some_and(|node| matches!(node.part, Part::Section(_)))
    }
    /// How many sections stand above it.
    async fn depth(&self) -> i32 {
        i32::try_from(self.depth).unwrap_or(i32::MAX)
    }
    /// Most points.
    async fn max(&self) -> Option<Decimal> {
        self.node().map(|node| Decimal(node.max))
    }
    /// What its points are multiplied with in what stands above.
    async fn weight(&self) -> Option<Decimal> {
        self.node().map(|node| Decimal(node.weight))
    }
    /// Whether points above 0 need evidence; a section has none of its own.
    async fn evidence_required(&self) -> bool {
        self.criterion().is_some_and(|criterion| criterion.evidence_required)
    }
    /// Which layers may write an entry, at most five; of a section none.
    async fn scored_by(&self) -> Vec<ScoreLayer> {
        let layers = self
            .criterion()
            .map(|criterion| criterion.scored_by.clone())
            .unwrap_or_default();
        layers.into_iter().map(ScoreLayer::from).collect()
    }
    /// What each layer gave, the lowest first, at most five: of the layers that the caller sees.
    async fn layers(&self) -> Vec<LayerPoints> {
        let scoring = self.scoring();
        let shown = self.entries.iter().map(|row| LayerPoints {
            layer: facts::layer(row.layer).into(),
            points: scoring
                .and_then(|scoring| scoring.layers.get(&facts::layer(row.layer)))
                .map(|scored| Decimal(scored.points)),
            entry: ScoreEntry(row.clone()),
        });
        shown.collect()
    }
    /// What approved reports give; null for a section, and where points do not come from reports.
    async fn computed(&self, ctx: &Context<'_>) -> Option<ComputedPoints> {
        let unit = self.points.bare.units.get(&self.unit)?;
        let How::Criterion(scoring) = &unit.nodes.get(&self.node()?.code)?.how else {
            return None;
        };
        let scored = scoring.from_reports.as_ref()?.as_ref().ok();
        let working = scored.map(|scored| &scored.working);
        Some(ComputedPoints {
            points: scored.map(|scored| Decimal(scored.points)),
            sentences: self.told(ctx, true),
            formula: working.and_then(|working| match working {
                Working::Formula { formula, .. } => Some(formula.clone()),
                _ => None,
            }),
            inputs: working.map(|working| self.inputs(working)).unwrap_or_default(),
        })
    }
    /// Which points stand, of those that the caller sees.
    async fn stands(&self) -> SheetPointsFrom {
        match self.scoring().map(|scoring| &scoring.stands) {
            Some(Stands::Entry { .. }) => SheetPointsFrom::Entry,
            Some(Stands::Reports) => SheetPointsFrom::Reports,
            Some(Stands::NothingEntered { .. }) => SheetPointsFrom::NothingEntered,
            Some(Stands::Open { .. }) => SheetPointsFrom::Open,
            None if self.is_open() => SheetPointsFrom::Open,
            None => SheetPointsFrom::Sum,
        }
    }
    /// The layer whose points stand, when they are those of a layer.
    async fn standing_layer(&self) -> Option<ScoreLayer> {
        match self.scoring()?.stands {
            Stands::Entry { layer } => Some(layer.into()),
            _ => None,
        }
    }
    /// The points that stand; null while they are open.
    async fn points(&self) -> Option<Decimal> {
        let unit = self.points.seen.units.get(&self.unit)?;
        unit.nodes.get(&self.node()?.code)?.points.map(Decimal)
    }
    /// Why these points stand, in sentences to be read one after the other, in the caller's language.
    async fn sentences(&self, ctx: &Context<'_>) -> Vec<String> {
        self.told(ctx, false)
    }
}

impl SheetCriterion {
    fn node(&self) -> Option<&Node> {
        self.points.set.set().all_nodes().get(self.index).copied()
    }

    fn criterion(&self) -> Option<&reckoning::Criterion> {
        match &self.node()?.part {
            Part::Criterion(criterion) => Some(criterion),
            Part::Section(_) => None,
        }
    }

    fn scoring(&self) -> Option<&Scoring> {
        let unit = self.points.seen.units.get(&self.unit)?;
        match &unit.nodes.get(&self.node()?.code)?.how {
            How::Criterion(scoring) => Some(scoring),
            How::Section(_) | How::Unclear { .. } => None,
        }
    }

    fn is_open(&self) -> bool {
        let unit = self.points.seen.units.get(&self.unit);
        let node = self.node().and_then(|node| unit?.nodes.get(&node.code));
        node.is_none_or(|node| node.points.is_none())
    }

    fn told(&self, ctx: &Context<'_>, bare: bool) -> Vec<String> {
        let outcome = if bare { &self.points.bare } else { &self.points.seen };
        let Some(node) = self.node() else { return Vec::new() };
        let subject = Subject::Points {
            unit: self.unit.clone(),
            node: node.code.clone(),
        };
        let names = |code: &str| self.points.names.get(code).cloned();
        let told = reckoning::explain(self.points.set.set(), outcome, &subject, &names);
        let sentences = told.map(|told| told.sentences).unwrap_or_default();
        sentences
            .iter()
            .map(|text| text.in_language(language(ctx)).to_owned())
            .collect()
    }

    fn inputs(&self, working: &Working) -> Vec<PointsInput> {
        let name = |code: &str| {
            let known = self.points.names.get(code);
            known.map_or_else(|| code.to_owned(), |title| title.vi.clone())
        };
        let input = |code: &str, value: String| PointsInput {
            name: name(code),
            value,
        };
        match working {
            Working::Given | Working::NoTarget | Working::Verdict { .. } => Vec::new(),
            Working::Target { actual, target, .. } => vec![
                input("thực hiện", written(actual)),
                input("chỉ tiêu", numbers::write(*target)),
            ],
            Working::Count { count, each } => vec![
                input("số lượng", written(count)),
                input("điểm mỗi đơn vị", numbers::write(*each)),
            ],
            Working::Events { events, .. } => {
                let events = events.iter();
                events
                    .map(|event| input(&event.code, numbers::write(event.count)))
                    .collect()
            }
            Working::Formula { inputs, .. } => {
                let inputs = inputs.iter();
                inputs
                    .map(|one| input(&one.name, one.figure.as_ref().map(written).unwrap_or_default()))
                    .collect()
            }
        }
    }
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

/// The sections and criteria that apply to a unit, in reading order, with the entries that the caller sees.
pub(super) fn criteria(points: &Arc<YearPoints>, unit: &str, entries: &[score_entry::Model]) -> Vec<SheetCriterion> {
    let Some(outcome) = points.seen.units.get(unit) else {
        return Vec::new();
    };
    let depths = depths(&points.set.set().nodes, 0);
    let nodes = points.set.set().all_nodes();
    let applying = nodes.iter().zip(depths).enumerate();
    let applying = applying.filter(|(_, (node, _))| outcome.nodes.contains_key(&node.code));
    applying
        .map(|(index, (node, depth))| {
            let of_node = |row: &&score_entry::Model| row.subject == ScoreSubject::Criterion && row.code == node.code;
            let mut entries: Vec<score_entry::Model> = entries.iter().filter(of_node).cloned().collect();
            entries.sort_by_key(|row| row.layer);
            SheetCriterion {
                points: Arc::clone(points),
                unit: unit.to_owned(),
                index,
                depth,
                entries,
            }
        })
        .collect()
}

fn depths(nodes: &[Node], depth: usize) -> Vec<usize> {
    let below = |node: &Node| {
        let mut here = vec![depth];
        here.extend(depths(node.children(), depth.saturating_add(1)));
        here
    };
    nodes.iter().flat_map(below).collect()
}

/// The total of a unit as far as the caller sees it; nothing while a criterion is open.
pub(super) fn total(points: &YearPoints, unit: &str) -> Option<Fixed4> {
    points.seen.units.get(unit)?.total.points
}

/// Keeps the mapping between the layers of the reckoning and those of the schema in one place.
pub(super) fn shown(layers: &[thidua_entity::enums::ScoreLayer]) -> Vec<ScoreLayer> {
    let layer = |layer: &thidua_entity::enums::ScoreLayer| -> Layer { facts::layer(*layer) };
    layers.iter().map(layer).map(ScoreLayer::from).collect()
}
