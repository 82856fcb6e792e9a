//! Score sheets in the schema: arguments turned into reads and use-cases.

use async_graphql::{Context, ID, Object, SimpleObject};
use thidua_entity::enums::ScoreLayer as Stored;
use uuid::Uuid;

use super::state::Step;
use super::store;
use super::usecases::{self, Answer, NewEntry, NewObjection, Taken, Taking, Writing};
use crate::db::PageArgs;
use crate::error::{Error, Result};
use crate::graphql::{self, UserError, actor, env, id, language, loaded, loaders, outcome, wants_count};
use crate::ids::Kind;
use crate::version::Seen;

mod entries;
mod inputs;
mod loaders;
mod points;
mod types;
mod worked_out;

pub use entries::{Objection, ObjectionPayload, ScoreEntry};
use inputs::{
    AnswerObjectionInput, RaiseObjectionInput, ReturnScoreSheetInput, ReviewScoreSheetsInput, ScoreSheetStepInput,
    ScoreSheetWhere, WriteScoreEntriesInput, stored,
};
pub use loaders::{ObjectionId, ScoreSheetId, SheetOf};
pub use types::{ScoreSheet, ScoreSheetConnection, ScoreSheetPayload};

/// Reads of score sheets.
#[derive(Default)]
pub struct ScoringQuery;

#[Object]
impl ScoringQuery {
    /// The score sheets that the caller sees, the newest first: those of its units, those that it checks, those of clusters that it leads once
    /// they are handed in, all of clusters below it, and published ones of its clusters.
    #[graphql(complexity = "graphql::list_cost(first, last, child_complexity)")]
    async fn score_sheets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sheets.")] r#where: Option<ScoreSheetWhere>,
        #[graphql(desc = "How many from the start or after `after`; 20 when left out, at most 100.")] first: Option<
            i32,
        >,
        #[graphql(desc = "Only what comes after this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end or before `before`; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Only what comes before this cursor.")] before: Option<String>,
    ) -> async_graphql::Result<Option<ScoreSheetConnection>> {
        let env = env(ctx)?;
        let view = store::View::of(actor(ctx)?, env.today());
        let filter = r#where.unwrap_or_default().read()?;
        let args = PageArgs::new(first, after, last, before);
        let page = store::list(&env.db, &view, &filter, &args, wants_count(ctx)).await?;
        Ok(Some(ScoreSheetConnection::of(page)))
    }
}

/// What came of a step for one score sheet.
#[derive(SimpleObject)]
pub struct ScoreSheetResult {
    /// Id of the sheet, as it was given.
    id: ID,
    /// Whether the step was taken, or would be.
    taken: bool,
    /// The sheet as it is now, or would be; null when the step was not taken.
    sheet: Option<ScoreSheet>,
    /// Code of the error that kept the step from being taken, such as `WRONG_STATE`; `INVALID` when `userErrors` says what to mend; null
    /// when it was taken.
    code: Option<String>,
    /// Why not, in the caller's language; null when it was taken.
    reason: Option<String>,
    /// What is to be mended in the sheet first, at most 500.
    user_errors: Vec<UserError>,
}

impl ScoreSheetResult {
    fn of(ctx: &Context<'_>, taken: Taken) -> Self {
        let (sheet, refusal) = match taken.outcome {
            Ok(sheet) => (Some(sheet.into()), None),
            Err(error) => (None, Some(error)),
        };
        let code = refusal.as_ref().map(|error| error.code().to_owned());
        let reason = refusal
            .as_ref()
            .map(|error| error.text().in_language(language(ctx)).to_owned());
        let problems = match refusal {
            Some(Error::Invalid(problems)) => problems,
            _ => Vec::new(),
        };
        Self {
            id: id(Kind::ScoreSheet, taken.id),
            taken: sheet.is_some(),
            sheet,
            code,
            reason,
            user_errors: problems.into_iter().take(500).map(UserError::from).collect(),
        }
    }
}

/// What came of a step with many score sheets.
#[derive(SimpleObject)]
pub struct ReviewScoreSheetsPayload {
    /// One for each sheet, in the order given; null when `userErrors` says what to mend.
    results: Option<Vec<ScoreSheetResult>>,
    /// With how many the step was taken, or would be.
    taken: i32,
    /// What a form can mend; empty when each sheet was judged.
    user_errors: Vec<UserError>,
}

/// Writes of score sheets.
#[derive(Default)]
pub struct ScoringMutation;

#[Object]
impl ScoringMutation {
    /// Writes entries of one layer of a score sheet, or takes some back. Nothing is written when anything is wrong with one of them; the same
    /// again changes nothing. The officers of a unit begin its sheet by writing.
    async fn write_score_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose sheet, which layer, what.")] input: WriteScoreEntriesInput,
    ) -> async_graphql::Result<Option<ScoreSheetPayload>> {
        let entries: Vec<NewEntry> = input.entries.into_iter().map(NewEntry::from).collect();
        let writing = Writing {
            whose: input.sheet.read()?,
            layer: stored(input.layer),
            entries: &entries,
            seen: input.version.map(Seen::from),
        };
        ScoreSheetPayload::of(usecases::write(env(ctx)?, actor(ctx)?, &writing).await)
    }

    /// Hands the score sheet of a unit in. Refused while criteria are not scored (`POINTS_MISSING`), evidence is missing
    /// (`EVIDENCE_REQUIRED`), or more is claimed than the reports give without a reason (`EXPLANATION_REQUIRED`).
    async fn submit_score_sheet(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sheet.")] input: ScoreSheetStepInput,
    ) -> async_graphql::Result<Option<ScoreSheetPayload>> {
        one(ctx, Stored::Own, &input).await
    }

    /// Ends the cross-check of a score sheet, when all its cross-checks have their minutes and the checkers' points are in. Whoever checks it
    /// does it, or who sees to cross-checks.
    async fn finish_cross_check(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sheet.")] input: ScoreSheetStepInput,
    ) -> async_graphql::Result<Option<ScoreSheetPayload>> {
        one(ctx, Stored::CrossCheck, &input).await
    }

    /// Appraises a score sheet for the cluster; from then on the unit may object. Chair or deputy does it, never for their own unit: for that
    /// the other one does, or the organiser's specialist. And nobody appraises what they scored themselves in the cross-check.
    async fn appraise_score_sheet(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sheet.")] input: ScoreSheetStepInput,
    ) -> async_graphql::Result<Option<ScoreSheetPayload>> {
        one(ctx, Stored::Cluster, &input).await
    }

    /// Appraises a score sheet for the organiser; the unit is told and may object anew. Not who appraised it for the cluster.
    async fn appraise_score_sheet_for_province(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sheet.")] input: ScoreSheetStepInput,
    ) -> async_graphql::Result<Option<ScoreSheetPayload>> {
        one(ctx, Stored::Province, &input).await
    }

    /// Decides on a score sheet for the council, when the unit may object no longer and each objection is answered.
    async fn decide_score_sheet(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sheet.")] input: ScoreSheetStepInput,
    ) -> async_graphql::Result<Option<ScoreSheetPayload>> {
        one(ctx, Stored::Council, &input).await
    }

    /// Sends a score sheet one step back with a reason that the unit reads. One that is published goes back to the council, which alone may do
    /// that; the published result stays as it is, and `correctResult` makes another.
    async fn return_score_sheet(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sheet, and why.")] input: ReturnScoreSheetInput,
    ) -> async_graphql::Result<Option<ScoreSheetPayload>> {
        let sheet = (Kind::ScoreSheet.parse(&input.id)?, Seen::from(input.version));
        let (env, actor, reason) = (env(ctx)?, actor(ctx)?, Some(input.reason.as_str()));
        ScoreSheetPayload::of(usecases::step(env, actor, Step::Return, sheet, reason).await)
    }

    /// Takes a step with up to 250 score sheets. Each is judged by itself, as by the step for one sheet; those that pass are taken together, the
    /// others stay as they are and say why.
    #[graphql(complexity = "usecases::AT_ONCE_MAX * child_complexity + 1")]
    async fn review_score_sheets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What, and with which sheets.")] input: ReviewScoreSheetsInput,
    ) -> async_graphql::Result<Option<ReviewScoreSheetsPayload>> {
        let sheets: Result<Vec<(Uuid, Seen)>> = input.items.iter().map(ScoreSheetStepInput::read).collect();
        let taking = Taking {
            step: input.step.into(),
            sheets: &sheets?,
            reason: input.reason.as_deref(),
            dry_run: input.dry_run,
        };
        let (taken, user_errors) = outcome(usecases::review(env(ctx)?, actor(ctx)?, &taking).await)?;
        let results: Option<Vec<ScoreSheetResult>> =
            taken.map(|all| all.into_iter().map(|one| ScoreSheetResult::of(ctx, one)).collect());
        let taken = results.iter().flatten().filter(|result| result.taken).count();
        Ok(Some(ReviewScoreSheetsPayload {
            results,
            taken: i32::try_from(taken).unwrap_or(i32::MAX),
            user_errors,
        }))
    }

    /// Objects to the appraisal of a unit's score sheet, within the days that the year gives for it.
    async fn raise_objection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Against what.")] input: RaiseObjectionInput,
    ) -> async_graphql::Result<Option<ObjectionPayload>> {
        let new = NewObjection {
            sheet: Kind::ScoreSheet.parse(&input.sheet_id)?,
            criterion: input.criterion.as_deref(),
            text: &input.text,
        };
        ObjectionPayload::of(usecases::raise(env(ctx)?, actor(ctx)?, &new).await)
    }

    /// Answers an objection. Neither the unit itself does it nor who appraised the sheet or gave points in the appraisal. Points are mended by sending the sheet back and
    /// appraising it again.
    async fn answer_objection(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and how.")] input: AnswerObjectionInput,
    ) -> async_graphql::Result<Option<ObjectionPayload>> {
        let answer = Answer {
            objection: Kind::Objection.parse(&input.id)?,
            seen: Seen::from(input.version),
            outcome: input.outcome,
            text: &input.answer,
        };
        ObjectionPayload::of(usecases::answer(env(ctx)?, actor(ctx)?, &answer).await)
    }
}

async fn one(
    ctx: &Context<'_>,
    layer: Stored,
    input: &ScoreSheetStepInput,
) -> async_graphql::Result<Option<ScoreSheetPayload>> {
    let (env, actor) = (env(ctx)?, actor(ctx)?);
    ScoreSheetPayload::of(usecases::step(env, actor, Step::HandIn(layer), input.read()?, None).await)
}

/// One score sheet for `node`.
pub async fn sheet(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<ScoreSheet> {
    let sheet = loaded(loaders(ctx)?.load_one(ScoreSheetId(id)).await)?;
    Ok(sheet.map(ScoreSheet).ok_or(Error::NotFound)?)
}

/// One objection for `node`.
pub async fn objection(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Objection> {
    let found = loaded(loaders(ctx)?.load_one(ObjectionId(id)).await)?;
    Ok(found.map(Objection).ok_or(Error::NotFound)?)
}
