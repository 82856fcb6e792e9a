//! Draws as the schema shows them: with all that is needed to repeat them, and what gave way.

use std::collections::BTreeSet;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use thidua_entity::cross_check_draw;
use uuid::Uuid;

use super::loaders::Repeated;
use super::types::name;
use crate::accounts::graphql::account_name;
use crate::crosschecks::pairing::{Inputs, Outcome, Pair, Rule};
use crate::crosschecks::usecases::{self, Trial};
use crate::error::{Error, Result};
use crate::graphql::{UserError, id, language, loaded, loaders};
use crate::ids::Kind;
use crate::units::graphql::NameOf;
use crate::years::graphql::{EmulationYear, EmulationYearId};

/// For how many pairs of a draw a query is charged.
const PAIRS_CHARGED: usize = 10;

/// A draw of who checks whom, with all that is needed to repeat it. It never changes; a further draw replaces what it assigned.
#[derive(Clone)]
pub struct CrossCheckDraw(pub cross_check_draw::Model);

/// A draw of who checks whom, with all that is needed to repeat it. It never changes; a further draw replaces what it assigned.
#[Object]
impl CrossCheckDraw {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::CrossCheckDraw, self.0.id)
    }
    /// The emulation year.
    async fn year(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<EmulationYear>> {
        Ok(loaded(loaders(ctx)?.load_one(EmulationYearId(self.0.year_id)).await)?.map(EmulationYear))
    }
    /// 1, and one more for each further draw of the year; give it as `replaces` when you draw again.
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// Which way of drawing; what it is, is told with the source of the service. It gives the same for ever.
    async fn method(&self) -> i32 {
        self.0.method
    }
    /// What went into it and what came out. What became of the pairs since is told by the cross-checks.
    async fn drawing(&self) -> async_graphql::Result<CrossCheckDrawing> {
        Ok(CrossCheckDrawing::of(&self.0)?)
    }
    /// Draws again from the kept inputs and the seed: true when the same pairs come out.
    #[graphql(complexity = 100)]
    async fn repeated(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(loaded(loaders(ctx)?.load_one(Repeated(self.0.id)).await)?.ok_or(Error::NotFound)?)
    }
    /// Name of who drew; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.drawn_by).await
    }
    /// Name of on whose behalf it was drawn; null when it was in one's own name.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.drawn_for).await
    }
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.drawn_at
    }
}

/// What goes into a draw and what comes out.
pub struct CrossCheckDrawing {
    seed: String,
    inputs: Inputs,
    outcome: Outcome,
}

impl CrossCheckDrawing {
    /// That of a kept draw.
    pub fn of(draw: &cross_check_draw::Model) -> Result<Self> {
        Ok(Self {
            seed: draw.seed.clone(),
            inputs: usecases::read_inputs(draw)?,
            outcome: usecases::read_outcome(draw)?,
        })
    }
}

impl From<Trial> for CrossCheckDrawing {
    fn from(trial: Trial) -> Self {
        Self {
            seed: trial.seed,
            inputs: trial.inputs,
            outcome: trial.outcome,
        }
    }
}

/// What goes into a draw and what comes out.
#[Object]
impl CrossCheckDrawing {
    /// What the draw is made with: what somebody named, and behind `·` what was made up when it was drawn. A `dryRun` with it repeats the
    /// draw.
    async fn seed(&self) -> &str {
        &self.seed
    }
    /// How many units each checks.
    async fn checks_per_unit(&self) -> usize {
        self.inputs.checks_per_unit
    }
    /// Names of the units that are drawn; at most 100.
    #[graphql(complexity = "PAIRS_CHARGED + 1")]
    async fn unit_names(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<String>> {
        names_of(ctx, &self.inputs.units).await
    }
    /// Names of the units that take part and are not drawn, since they have their cross-check already; at most 500.
    #[graphql(complexity = "PAIRS_CHARGED + 1")]
    async fn left_out_names(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<String>> {
        names_of(ctx, &self.inputs.left_out).await
    }
    /// Who checks whom; at most 300.
    #[graphql(complexity = "PAIRS_CHARGED * child_complexity + 1")]
    async fn pairs(&self) -> Vec<CrossCheckPair> {
        shown(&self.outcome.pairs)
    }
    /// Who was not to check whom; at most 500. Why is told by `crossCheckRecusals`.
    #[graphql(complexity = "PAIRS_CHARGED * child_complexity + 1")]
    async fn recusals(&self) -> Vec<CrossCheckPair> {
        shown(&self.inputs.recusals)
    }
    /// Who checked whom already, assigned by hand; at most 300.
    #[graphql(complexity = "PAIRS_CHARGED * child_complexity + 1")]
    async fn assigned(&self) -> Vec<CrossCheckPair> {
        shown(&self.inputs.assigned)
    }
    /// Who checked whom in the year before; at most 300.
    #[graphql(complexity = "PAIRS_CHARGED * child_complexity + 1")]
    async fn last_year(&self) -> Vec<CrossCheckPair> {
        shown(&self.inputs.last_year)
    }
    /// Rules that gave way, for which pairs, and why; empty as a rule.
    #[graphql(complexity = "2 * child_complexity + 1")]
    async fn concessions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<CrossCheckConcession>> {
        let mut units = Vec::new();
        for (_, pairs) in self.outcome.concessions() {
            for &(one, other) in pairs {
                units.extend([NameOf(one), NameOf(other)]);
            }
        }
        let names = loaded(loaders(ctx)?.load_many(units).await)?;
        let name = |unit: Uuid| names.get(&NameOf(unit)).cloned().unwrap_or_default();
        let told = |(rule, pairs): (Rule, &[Pair])| {
            let text = self.outcome.told(rule, pairs, &name);
            CrossCheckConcession {
                rule: rule.into(),
                pairs: pairs.iter().copied().map(CrossCheckPair).collect(),
                text: text.in_language(language(ctx)).to_owned(),
            }
        };
        Ok(self.outcome.concessions().into_iter().map(told).collect())
    }
    /// Whether it is proven that no other way needs fewer concessions.
    async fn proven(&self) -> bool {
        self.outcome.proven
    }
}

async fn names_of(ctx: &Context<'_>, units: &BTreeSet<Uuid>) -> async_graphql::Result<Vec<String>> {
    let names = loaded(loaders(ctx)?.load_many(units.iter().copied().map(NameOf)).await)?;
    let name = |unit: &Uuid| names.get(&NameOf(*unit)).cloned();
    Ok(units.iter().filter_map(name).collect())
}

fn shown<'a>(pairs: impl IntoIterator<Item = &'a Pair>) -> Vec<CrossCheckPair> {
    pairs.into_iter().copied().map(CrossCheckPair).collect()
}

/// A checker and whom it checks.
pub struct CrossCheckPair(Pair);

/// A checker and whom it checks.
#[Object]
impl CrossCheckPair {
    /// Id of the unit that checks.
    async fn checker_id(&self) -> ID {
        id(Kind::Unit, self.0.0)
    }
    /// Name in use of the unit that checks.
    async fn checker_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name(ctx, self.0.0).await
    }
    /// Id of the unit that is checked.
    async fn checked_id(&self) -> ID {
        id(Kind::Unit, self.0.1)
    }
    /// Name in use of the unit that is checked.
    async fn checked_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        name(ctx, self.0.1).await
    }
}

/// A rule of drawing that gives way when it must.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CrossCheckRule {
    /// Two units do not check each other.
    NotMutual,
    /// Nobody checks whom it checked last year.
    NotLastYear,
}

impl From<Rule> for CrossCheckRule {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::NotMutual => Self::NotMutual,
            Rule::NotLastYear => Self::NotLastYear,
        }
    }
}

/// A rule that gave way in a draw.
#[derive(SimpleObject)]
pub struct CrossCheckConcession {
    /// Which.
    rule: CrossCheckRule,
    /// For which pairs; of two that check each other the couple once.
    pairs: Vec<CrossCheckPair>,
    /// The same in words, in the caller's language.
    text: String,
}

/// What came of drawing who checks whom.
#[derive(SimpleObject)]
pub struct DrawCrossChecksPayload {
    /// The draw that is kept; null with `dryRun`, and when `userErrors` says what to mend.
    pub draw: Option<CrossCheckDraw>,
    /// What was drawn, or would be; null when `userErrors` says what to mend.
    pub drawing: Option<CrossCheckDrawing>,
    /// What a form can mend; empty when something was drawn.
    pub user_errors: Vec<UserError>,
}
