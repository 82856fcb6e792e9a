//! What is asked of score sheets, and what is written into them.

use async_graphql::{Enum, ID, InputObject, OneofObject};
use thidua_entity::enums::{ObjectionOutcome, ScoreSubject, SheetState};

use crate::criteria::graphql::ScoreLayer;
use crate::error::Result;
use crate::graphql::read_id;
use crate::ids::Kind;
use crate::reckoning::Layer;
use crate::scoring::state::Step;
use crate::scoring::store::SheetFilter;
use crate::scoring::usecases::{NewEntry, Said, Whose};
use crate::version::Seen;

/// Which score sheets a list shows.
#[derive(Default, InputObject)]
pub struct ScoreSheetWhere {
    /// Only those of this emulation year.
    year_id: Option<ID>,
    /// Only those of this unit.
    unit_id: Option<ID>,
    /// Only those in one of these states.
    states: Option<Vec<SheetState>>,
}

impl ScoreSheetWhere {
    /// The filter, with its ids read.
    pub fn read(self) -> Result<SheetFilter> {
        Ok(SheetFilter {
            year: read_id(Kind::EmulationYear, self.year_id.as_ref())?,
            unit: read_id(Kind::Unit, self.unit_id.as_ref())?,
            states: self.states,
        })
    }
}

/// Whose score sheet is written.
#[derive(OneofObject)]
pub enum ScoreSheetOf {
    /// That sheet.
    SheetId(ID),
    /// That of a unit in a year. The officers of the unit begin it by writing.
    Unit(ScoreSheetOfUnit),
}

/// A unit in a year.
#[derive(InputObject)]
pub struct ScoreSheetOfUnit {
    /// The emulation year.
    year_id: ID,
    /// The unit.
    unit_id: ID,
}

impl ScoreSheetOf {
    /// The same, with its ids read.
    pub fn read(&self) -> Result<Whose> {
        Ok(match self {
            Self::SheetId(id) => Whose::Sheet(Kind::ScoreSheet.parse(id)?),
            Self::Unit(of) => Whose::Unit {
                year: Kind::EmulationYear.parse(&of.year_id)?,
                unit: Kind::Unit.parse(&of.unit_id)?,
            },
        })
    }
}

/// How many events of one kind there were.
#[derive(InputObject)]
pub struct CountedEventsInput {
    /// Code of the kind of event.
    code: String,
    /// How many.
    count: i32,
}

/// What an entry says. Which of them a criterion takes follows from how its points come about.
#[derive(OneofObject)]
pub enum ScoreSaysInput {
    /// Points, as people type them: `9,25`.
    Points(String),
    /// Passed or failed; of a declaration whether it is so.
    Verdict(bool),
    /// A count, not below 0.
    Count(i32),
    /// How many events of each kind, at most 50; a kind that is not named had none.
    Events(Vec<CountedEventsInput>),
}

/// An entry to be written or taken back.
#[derive(InputObject)]
pub struct ScoreEntryInput {
    /// What it is about.
    #[graphql(default_with = "ScoreSubject::Criterion")]
    subject: ScoreSubject,
    /// Code of the criterion or declaration.
    code: String,
    /// What it says; null takes back what stands.
    says: Option<ScoreSaysInput>,
    /// Why. Needed where a unit claims more than its reports give, and where a higher layer says otherwise than what stands; the unit
    /// reads it.
    reason: Option<String>,
    /// The edition that you saw; left out when there was none. Not looked at when `version` is given.
    edition: Option<i32>,
}

impl From<ScoreEntryInput> for NewEntry {
    fn from(input: ScoreEntryInput) -> Self {
        let said = input.says.map(|says| match says {
            ScoreSaysInput::Points(text) => Said::Points(text),
            ScoreSaysInput::Verdict(verdict) => Said::Verdict(verdict),
            ScoreSaysInput::Count(count) => Said::Count(count),
            ScoreSaysInput::Events(events) => {
                Said::Events(events.into_iter().map(|event| (event.code, event.count)).collect())
            }
        });
        Self {
            subject: input.subject,
            code: input.code,
            said,
            reason: input.reason,
            edition: input.edition,
        }
    }
}

/// Entries of one layer of one score sheet.
#[derive(InputObject)]
pub struct WriteScoreEntriesInput {
    /// Whose sheet.
    pub sheet: ScoreSheetOf,
    /// Which layer.
    pub layer: ScoreLayer,
    /// The entries, at most 500, each criterion or declaration once.
    pub entries: Vec<ScoreEntryInput>,
    /// The version of the sheet that you saw: then nobody else wrote into it since. Left out, each entry names its `edition`, so that
    /// two may write different criteria at once.
    pub version: Option<i32>,
}

/// A step with a score sheet.
#[derive(InputObject)]
pub struct ScoreSheetStepInput {
    /// The sheet.
    pub id: ID,
    /// The version that you saw.
    pub version: i32,
}

/// Sending a score sheet back.
#[derive(InputObject)]
pub struct ReturnScoreSheetInput {
    /// The sheet.
    pub id: ID,
    /// The version that you saw.
    pub version: i32,
    /// Why; the unit reads it.
    pub reason: String,
}

/// What is done with many score sheets at once.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum ScoreSheetStep {
    /// The cross-check is done.
    FinishCrossCheck,
    /// Appraise for the cluster.
    Appraise,
    /// Appraise for the organiser.
    AppraiseForProvince,
    /// Decide for the council.
    Decide,
    /// Send one step back with a reason.
    Return,
}

impl From<ScoreSheetStep> for Step {
    fn from(step: ScoreSheetStep) -> Self {
        use thidua_entity::enums::ScoreLayer;
        match step {
            ScoreSheetStep::FinishCrossCheck => Self::HandIn(ScoreLayer::CrossCheck),
            ScoreSheetStep::Appraise => Self::HandIn(ScoreLayer::Cluster),
            ScoreSheetStep::AppraiseForProvince => Self::HandIn(ScoreLayer::Province),
            ScoreSheetStep::Decide => Self::HandIn(ScoreLayer::Council),
            ScoreSheetStep::Return => Self::Return,
        }
    }
}

/// A step with many score sheets.
#[derive(InputObject)]
pub struct ReviewScoreSheetsInput {
    /// What is done with them.
    pub step: ScoreSheetStep,
    /// The sheets, at most 250, each once.
    pub items: Vec<ScoreSheetStepInput>,
    /// Why, when they are sent back; the units read it.
    pub reason: Option<String>,
    /// Only tell what would come of it; nothing is changed.
    #[graphql(default)]
    pub dry_run: bool,
}

impl ScoreSheetStepInput {
    /// The sheet with the version that was seen.
    pub fn read(&self) -> Result<(uuid::Uuid, Seen)> {
        Ok((Kind::ScoreSheet.parse(&self.id)?, Seen::from(self.version)))
    }
}

/// An objection to the appraisal of a score sheet.
#[derive(InputObject)]
pub struct RaiseObjectionInput {
    /// The sheet.
    pub sheet_id: ID,
    /// Code of the criterion; left out, it is against the sheet as a whole.
    pub criterion: Option<String>,
    /// What the unit says.
    pub text: String,
}

/// The answer to an objection.
#[derive(InputObject)]
pub struct AnswerObjectionInput {
    /// The objection.
    pub id: ID,
    /// The version that you saw.
    pub version: i32,
    /// What comes of it.
    pub outcome: ObjectionOutcome,
    /// Why.
    pub answer: String,
}

/// A layer as it is stored.
pub fn stored(layer: ScoreLayer) -> thidua_entity::enums::ScoreLayer {
    use thidua_entity::enums::ScoreLayer as Stored;
    match Layer::from(layer) {
        Layer::Own => Stored::Own,
        Layer::CrossCheck => Stored::CrossCheck,
        Layer::Cluster => Stored::Cluster,
        Layer::Province => Stored::Province,
        Layer::Council => Stored::Council,
    }
}
