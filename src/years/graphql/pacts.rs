//! Pacts and their signatures as the schema shows them.

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::PactState;
use thidua_entity::{pact as pact_row, pact_signature};

use super::loaders::{EmulationYearId, ParticipantsOf, SignaturesOf, YearPlace};
use super::participants::Participant;
use super::types::EmulationYear;
use crate::accounts::graphql::account_name;
use crate::criteria::content::hex;
use crate::criteria::graphql::{CriteriaSetVersion, CriteriaVersionId};
use crate::error::Result;
use crate::graphql::{ViewerCan, id, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Action;
use crate::units::graphql::{NameOf, Unit, UnitId};
use crate::years::pact::{self, Step};
use crate::years::usecases;

/// What the members of a cluster sign for a year (giao ước thi đua).
#[derive(Clone)]
pub struct Pact(pub pact_row::Model);

impl From<pact_row::Model> for Pact {
    fn from(row: pact_row::Model) -> Self {
        Self(row)
    }
}

/// For how many signatures of a pact a query is charged.
const SIGNATURES_CHARGED: usize = 20;

/// What the members of a cluster sign for a year (giao ước thi đua).
#[Object]
impl Pact {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Pact, self.0.id)
    }
    /// The year.
    async fn year(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<EmulationYear>> {
        Ok(loaded(loaders(ctx)?.load_one(EmulationYearId(self.0.year_id)).await)?.map(EmulationYear))
    }
    /// 1, and one more for each that follows one that ended.
    async fn number(&self) -> i32 {
        self.0.number
    }
    /// Where it is in its life.
    async fn state(&self) -> PactState {
        self.0.state
    }
    /// Its text.
    async fn text(&self) -> &str {
        &self.0.text
    }
    /// The version of the criteria set that it was agreed on; null of a draft, and when it is beyond what the caller sees.
    async fn criteria_version(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<CriteriaSetVersion>> {
        let Some(version) = self.0.criteria_version_id else {
            return Ok(None);
        };
        let version = loaded(loaders(ctx)?.load_one(CriteriaVersionId(version)).await)?;
        Ok(version.map(CriteriaSetVersion))
    }
    /// SHA-256 of what is signed: the text, the criteria, and the targets of those who took part when it was agreed. Null of a draft.
    async fn sha256(&self) -> Option<String> {
        self.0.digest.as_deref().map(hex)
    }
    /// When the last member signed; null before.
    async fn in_force_at(&self) -> Option<DateTime<Utc>> {
        self.0.in_force_at
    }
    /// The day on which it ended; null while it holds.
    async fn ended_on(&self) -> Option<NaiveDate> {
        self.0.ended_on
    }
    /// Why it ended.
    async fn end_reason(&self) -> Option<&str> {
        self.0.end_reason.as_deref()
    }
    /// Who has signed, the first first.
    #[graphql(complexity = "SIGNATURES_CHARGED * child_complexity + 1")]
    async fn signatures(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<PactSignature>> {
        let rows = loaded(loaders(ctx)?.load_one(SignaturesOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rows.iter().cloned().map(PactSignature).collect())
    }
    /// Who takes part and has not signed; of a pact in force, those who joined later.
    #[graphql(complexity = "SIGNATURES_CHARGED * child_complexity + 1")]
    async fn unsigned(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Participant>> {
        let loaders = loaders(ctx)?;
        let signatures = loaded(loaders.load_one(SignaturesOf(self.0.id)).await)?.unwrap_or_default();
        let rows = loaded(loaders.load_one(ParticipantsOf(self.0.year_id)).await)?.unwrap_or_default();
        let waiting = rows.iter().filter(|row| {
            row.withdrawn_on.is_none() && signatures.iter().all(|signature| signature.unit_id != row.unit_id)
        });
        Ok(waiting.cloned().map(Participant).collect())
    }
    /// When it was begun.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// Counts changes, signatures not among them; give it back as `version` when you change it.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// What the caller may do with it now and, for what is refused, why: `PACT_WRITE`, `PACT_AGREE`, `PACT_OPEN_SIGNING`, `PACT_END`. Whether it
    /// may sign is told by each participant.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let loaders = loaders(ctx)?;
        let place = loaded(loaders.load_one(YearPlace(self.0.year_id)).await)?.unwrap_or_default();
        let year = loaded(loaders.load_one(EmulationYearId(self.0.year_id)).await)?;
        let in_season = |step| {
            if let Some(year) = &year {
                pact::in_season(year.phase)?;
            }
            pact::next(self.0.state, step)?;
            match (&year, step) {
                (Some(year), Step::Agree) => usecases::chosen_criteria(year).map(drop),
                _ => Ok(()),
            }
        };
        let steps = [
            ("PACT_WRITE", Step::Write),
            ("PACT_AGREE", Step::Agree),
            ("PACT_OPEN_SIGNING", Step::OpenSigning),
            ("PACT_END", Step::End),
        ];
        let of = (Action::PactManage, &place);
        let can = steps
            .into_iter()
            .map(|(code, step)| ViewerCan::when(ctx, code, of, in_season(step)));
        Ok(can.collect::<Result<_>>()?)
    }
}

/// A signature under a pact.
pub struct PactSignature(pact_signature::Model);

/// A signature under a pact.
#[Object]
impl PactSignature {
    /// The unit; null when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        Ok(loaded(loaders(ctx)?.load_one(UnitId(self.0.unit_id)).await)?.map(Unit))
    }
    /// Name in use of the unit.
    async fn unit_name(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(loaded(loaders(ctx)?.load_one(NameOf(self.0.unit_id)).await)?.unwrap_or_default())
    }
    /// Who signed for it, as written.
    async fn signer_name(&self) -> &str {
        &self.0.signer_name
    }
    /// As what: Chủ tịch.
    async fn signer_title(&self) -> Option<&str> {
        self.0.signer_title.as_deref()
    }
    /// Name of the account that signed; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.signed_by).await
    }
    /// Name of on whose behalf it was signed; null when it was in one's own name.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.signed_for).await
    }
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.signed_at
    }
}

payload!(PactPayload, pact: Pact, "a pact");
