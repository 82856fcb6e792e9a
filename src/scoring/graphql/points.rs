//! The points of a score sheet by criterion, with how those from the reports came about.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_graphql::{Context, Enum, Object, SimpleObject};
use thidua_entity::enums::ScoreSubject;
use thidua_entity::{Fixed4, score_entry};

use super::entries::ScoreEntry;
use super::loaders::YearPoints;
use super::worked_out::{PointsInput, inputs};
use crate::criteria::graphql::ScoreLayer;
use crate::error::Text;
use crate::graphql::language;
use crate::reckoning::{self, How, Layer, Node, Part, Scoring, Stands, Working};
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
    points: Arc<YearPoints>,
    unit: String,
    /// The section or criterion, without what stands below it.
    node: Node,
    depth: usize,
    entries: Vec<score_entry::Model>,
    told: Arc<ToldPoints>,
}

/// The sentences about the points of one unit by the codes of its criteria, as far as somebody asked for them: made once for the sheet.
#[derive(Default)]
pub(super) struct ToldPoints {
    /// About the points that stand.
    seen: BTreeMap<String, Vec<Text>>,
    /// About those that reports give.
    bare: BTreeMap<String, Vec<Text>>,
}

impl ToldPoints {
    /// Those that a query asks for below the field that is being answered.
    pub(super) fn asked(ctx: &Context<'_>, points: &YearPoints, unit: &str) -> Self {
        let names = |code: &str| points.names.get(code).cloned();
        let told = |outcome| reckoning::explain_points(points.set.set(), outcome, unit, &names);
        let ahead = ctx.look_ahead();
        Self {
            seen: match ahead.field("sentences").exists() {
                true => told(&points.seen),
                false => BTreeMap::new(),
            },
            bare: match ahead.field("computed").field("sentences").exists() {
                true => told(&points.bare),
                false => BTreeMap::new(),
            },
        }
    }
}

/// A section or criterion of the set that applies to the unit, with its points as far as the caller sees them.
#[Object]
impl SheetCriterion {
    /// Its code.
    async fn code(&self) -> Option<&str> {
        Some(&self.node.code)
    }
    /// Its name in the caller's language; the Vietnamese one when there is no English one.
    async fn title(&self, ctx: &Context<'_>) -> Option<String> {
        let title = &self.node.title;
        let text = Text::new(title.vi.clone(), title.en.clone().unwrap_or_else(|| title.vi.clone()));
        Some(text.in_language(language(ctx)).to_owned())
    }
    /// Whether it is a section, with others below it.
    async fn is_section(&self) -> bool {
        matches!(self.node.part, Part::Section(_))
    }
    /// How many sections stand above it.
    async fn depth(&self) -> i32 {
        i32::try_from(self.depth).unwrap_or(i32::MAX)
    }
    /// Most points.
    async fn max(&self) -> Option<Decimal> {
        Some(Decimal(self.node.max))
    }
    /// What its points are multiplied with in what stands above.
    async fn weight(&self) -> Option<Decimal> {
        Some(Decimal(self.node.weight))
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
        let How::Criterion(scoring) = &unit.nodes.get(&self.node.code)?.how else {
            return None;
        };
        let scored = scoring.from_reports.as_ref()?.as_ref().ok();
        let working = scored.map(|scored| &scored.working);
        Some(ComputedPoints {
            points: scored.map(|scored| Decimal(scored.points)),
            sentences: self.sentences_in(ctx, &self.told.bare),
            formula: working.and_then(|working| match working {
                Working::Formula { formula, .. } => Some(formula.clone()),
                _ => None,
            }),
            inputs: working
                .map(|working| inputs(&self.points, self.criterion(), working, language(ctx)))
                .unwrap_or_default(),
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
        unit.nodes.get(&self.node.code)?.points.map(Decimal)
    }
    /// Why these points stand, in sentences to be read one after the other, in the caller's language.
    async fn sentences(&self, ctx: &Context<'_>) -> Vec<String> {
        self.sentences_in(ctx, &self.told.seen)
    }
}

impl SheetCriterion {
    fn criterion(&self) -> Option<&reckoning::Criterion> {
        match &self.node.part {
            Part::Criterion(criterion) => Some(criterion),
            Part::Section(_) => None,
        }
    }

    fn scoring(&self) -> Option<&Scoring> {
        let unit = self.points.seen.units.get(&self.unit)?;
        match &unit.nodes.get(&self.node.code)?.how {
            How::Criterion(scoring) => Some(scoring),
            How::Section(_) | How::Unclear { .. } => None,
        }
    }

    fn is_open(&self) -> bool {
        let unit = self.points.seen.units.get(&self.unit);
        let node = unit.and_then(|unit| unit.nodes.get(&self.node.code));
        node.is_none_or(|node| node.points.is_none())
    }

    fn sentences_in(&self, ctx: &Context<'_>, told: &BTreeMap<String, Vec<Text>>) -> Vec<String> {
        let sentences = told.get(&self.node.code).into_iter().flatten();
        sentences
            .map(|text| text.in_language(language(ctx)).to_owned())
            .collect()
    }
}

/// The sections and criteria that apply to a unit, in reading order, with the entries that the caller sees and the sentences that were asked
/// for.
pub(super) fn criteria(
    points: &Arc<YearPoints>,
    unit: &str,
    entries: &[score_entry::Model],
    told: ToldPoints,
) -> Vec<SheetCriterion> {
    let Some(outcome) = points.seen.units.get(unit) else {
        return Vec::new();
    };
    let told = Arc::new(told);
    let depths = depths(&points.set.set().nodes, 0);
    let nodes = points.set.set().all_nodes();
    let applying = nodes.into_iter().zip(depths);
    let applying = applying.filter(|(node, _)| outcome.nodes.contains_key(&node.code));
    applying
        .map(|(node, depth)| {
            let of_node = |row: &&score_entry::Model| row.subject == ScoreSubject::Criterion && row.code == node.code;
            let mut entries: Vec<score_entry::Model> = entries.iter().filter(of_node).cloned().collect();
            entries.sort_by_key(|row| row.layer);
            SheetCriterion {
                points: Arc::clone(points),
                unit: unit.to_owned(),
                node: node.alone(),
                depth,
                entries,
                told: Arc::clone(&told),
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
