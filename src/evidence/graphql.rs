//! Evidence in the schema: beside its report, and by itself; removing it, making a link to it. Files come in over REST, since a form
//! with a file can be posted from a foreign page.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use thidua_entity::{evidence, stored_file};
use uuid::Uuid;

use super::usecases::{self, MadeLink, Subject};
use super::{rest, store};
use crate::accounts::graphql::account_name;
use crate::awards::graphql::{AwardProposal, AwardProposalId};
use crate::error::{Error, Result};
use crate::files::hex;
use crate::forms::graphql::{Indicator, IndicatorId};
use crate::graphql::{self, Rows, UserError, actor, env, id, loaded, loaders, outcome, payload};
use crate::ids::Kind;
use crate::reports::graphql::{ReportSubmission, SubmissionId};
use crate::scoring::graphql::{ScoreSheet, ScoreSheetId};

/// A file that shows that a report or score sheet, or one part of it, is so, or a document of a dossier.
#[derive(Clone)]
pub struct Evidence(pub evidence::Model);

impl From<evidence::Model> for Evidence {
    fn from(row: evidence::Model) -> Self {
        Self(row)
    }
}

/// A file that shows that a report or score sheet, or one part of it, is so (minh chứng), or a document of the dossier of a proposal. Add one
/// by `POST /api/v1/reports/{id}/evidence`, `POST /api/v1/score-sheets/{id}/evidence` or `POST /api/v1/award-proposals/{id}/evidence`, a form
/// with the file; its content is handed out by the link that `createEvidenceLink` makes.
#[Object]
impl Evidence {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Evidence, self.0.id)
    }
    /// The report to which it is attached; null when it is attached to something else.
    async fn report(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportSubmission>> {
        let Subject::Report(report) = Subject::of(&self.0)? else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(SubmissionId(report)).await)?.map(ReportSubmission))
    }
    /// The score sheet to which it is attached; null when it is attached to something else.
    async fn score_sheet(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ScoreSheet>> {
        let Subject::ScoreSheet(sheet) = Subject::of(&self.0)? else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(ScoreSheetId(sheet)).await)?.map(ScoreSheet))
    }
    /// The proposal in whose dossier it is; null when it is attached to something else.
    async fn award_proposal(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardProposal>> {
        let Subject::AwardProposal(proposal) = Subject::of(&self.0)? else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(AwardProposalId(proposal)).await)?.map(AwardProposal))
    }
    /// Code of the item of the checklist to which it belongs, of a dossier; null when it belongs to the dossier as a whole, or is no part of one.
    async fn dossier_item(&self) -> Option<&str> {
        self.0.dossier_item.as_deref()
    }
    /// Code of the criterion that it proves, of a score sheet; null when it proves the sheet as a whole, or stands beside a report.
    async fn criterion(&self) -> Option<&str> {
        self.0.criterion.as_deref()
    }
    /// The figure that it proves, of a report; null when it proves the thing as a whole.
    async fn indicator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Indicator>> {
        let Some(indicator) = self.0.indicator_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(IndicatorId(indicator)).await)?.map(Indicator))
    }
    /// Name of the file. It ends as its kind does: `Biên bản.pdf`.
    async fn file_name(&self) -> &str {
        &self.0.file_name
    }
    /// What the file is, found in its content: `application/pdf`, `image/jpeg`.
    async fn media_type(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(self.file(ctx).await?.media_type)
    }
    /// Its size in bytes.
    async fn bytes(&self, ctx: &Context<'_>) -> async_graphql::Result<i32> {
        Ok(i32::try_from(self.file(ctx).await?.bytes).unwrap_or(i32::MAX))
    }
    /// SHA-256 of its content, in hexadecimal digits: the same content has the same.
    async fn sha256(&self, ctx: &Context<'_>) -> async_graphql::Result<String> {
        Ok(hex(&self.file(ctx).await?.sha256))
    }
    /// What whoever added it says of it.
    async fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
    }
    /// Name of who added it.
    async fn added_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.added_by).await
    }
    /// Name of the one on whose behalf it was added, when only a role that they had delegated permitted it; else null.
    async fn added_for(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.added_for).await
    }
    /// When it was added.
    async fn added_at(&self) -> DateTime<Utc> {
        self.0.added_at
    }
    /// When it was removed; null while it is there. Lists show only what is there.
    async fn removed_at(&self) -> Option<DateTime<Utc>> {
        self.0.removed_at
    }
    /// Why it was removed.
    async fn remove_reason(&self) -> Option<&str> {
        self.0.remove_reason.as_deref()
    }
}

impl Evidence {
    async fn file(&self, ctx: &Context<'_>) -> async_graphql::Result<stored_file::Model> {
        let file = loaded(loaders(ctx)?.load_one(StoredFileId(self.0.file_id)).await)?;
        Ok(file.ok_or_else(|| Error::internal("evidence without its file"))?)
    }
}

graphql::parts_loader!(
    EvidenceOf,
    evidence::Model,
    store::of_reports,
    subject_id,
    "Evidence of a report."
);
graphql::row_loader!(
    StoredFileId,
    stored_file::Model,
    store::files,
    "Content of a piece of evidence."
);

graphql::parts_loader!(
    EvidenceOfSheet,
    evidence::Model,
    store::of_sheets,
    subject_id,
    "Evidence of a score sheet."
);

graphql::parts_loader!(
    EvidenceOfProposal,
    evidence::Model,
    store::of_proposals,
    subject_id,
    "Evidence in the dossier of a proposal."
);

/// The evidence in the dossier of a proposal that is seen, the oldest first.
pub async fn of_proposal(ctx: &Context<'_>, proposal: Uuid) -> async_graphql::Result<Vec<Evidence>> {
    let rows = loaded(loaders(ctx)?.load_one(EvidenceOfProposal(proposal)).await)?.unwrap_or_default();
    Ok(rows.iter().cloned().map(Evidence).collect())
}

/// The evidence of a score sheet that is seen closely, the oldest first.
pub async fn of_sheet(ctx: &Context<'_>, sheet: Uuid) -> async_graphql::Result<Vec<Evidence>> {
    let rows = loaded(loaders(ctx)?.load_one(EvidenceOfSheet(sheet)).await)?.unwrap_or_default();
    Ok(rows.iter().cloned().map(Evidence).collect())
}

/// The evidence of a report that is seen, the oldest first.
pub async fn of_report(ctx: &Context<'_>, report: Uuid) -> async_graphql::Result<Vec<Evidence>> {
    let rows = loaded(loaders(ctx)?.load_one(EvidenceOf(report)).await)?.unwrap_or_default();
    Ok(rows.iter().cloned().map(Evidence).collect())
}

/// A piece of evidence that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EvidenceId(pub Uuid);

impl Loader<EvidenceId> for Rows {
    type Value = evidence::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[EvidenceId]) -> Result<HashMap<EvidenceId, evidence::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let view = match &self.actor {
            Some(actor) => store::View::of(actor, self.env.today()),
            None => store::View::nobody(self.env.today()),
        };
        let rows = store::find_many(&self.env.db, &view, &ids).await?;
        Ok(rows.into_iter().map(|row| (EvidenceId(row.id), row)).collect())
    }
}

/// One piece of evidence for `node`.
pub async fn evidence(ctx: &Context<'_>, id: Uuid) -> async_graphql::Result<Evidence> {
    let row = loaded(loaders(ctx)?.load_one(EvidenceId(id)).await)?;
    Ok(row.map(Evidence).ok_or(Error::NotFound)?)
}

payload!(EvidencePayload, evidence: Evidence, "evidence");

/// A piece of evidence to be removed.
#[derive(InputObject)]
pub struct RemoveEvidenceInput {
    /// Which.
    id: ID,
    /// Why. Needed when the report or sheet has been handed in, or the proposal endorsed, since the file was added: others may have seen it.
    reason: Option<String>,
}

/// A piece of evidence to be downloaded.
#[derive(InputObject)]
pub struct CreateEvidenceLinkInput {
    /// Which.
    id: ID,
}

/// Where a file can be downloaded, for a short time.
#[derive(SimpleObject)]
pub struct EvidenceLink {
    /// Address below that of the service, `/api/v1/files/…`. It needs no token, so open it in a browser as it is; keep it to yourself. It
    /// works while the session lives in which it was made and the file is seen.
    url: String,
    /// Until when it works.
    expires_at: DateTime<Utc>,
}

impl From<MadeLink> for EvidenceLink {
    fn from(link: MadeLink) -> Self {
        Self {
            url: rest::address(&link),
            expires_at: link.expires_at,
        }
    }
}

/// What came of making a link.
#[derive(SimpleObject)]
pub struct EvidenceLinkPayload {
    /// The link; null when `userErrors` says what to mend.
    link: Option<EvidenceLink>,
    /// What a form can mend; empty when the link was made.
    user_errors: Vec<UserError>,
}

/// Writes of evidence.
#[derive(Default)]
pub struct EvidenceMutation;

#[Object]
impl EvidenceMutation {
    /// Removes a file from its report while the report is with its unit, or from a score sheet while the unit scores itself, or from a dossier until
    /// it is appraised. That it was there stays known.
    async fn remove_evidence(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: RemoveEvidenceInput,
    ) -> async_graphql::Result<Option<EvidencePayload>> {
        let evidence = Kind::Evidence.parse(&input.id)?;
        EvidencePayload::of(usecases::remove(env(ctx)?, actor(ctx)?, evidence, input.reason.as_deref()).await)
    }

    /// Makes a link by which the caller downloads a file within five minutes. That it was made is recorded.
    async fn create_evidence_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: CreateEvidenceLinkInput,
    ) -> async_graphql::Result<Option<EvidenceLinkPayload>> {
        let evidence = Kind::Evidence.parse(&input.id)?;
        let made = usecases::create_link(env(ctx)?, actor(ctx)?, evidence).await;
        let (link, user_errors) = outcome(made)?;
        Ok(Some(EvidenceLinkPayload {
            link: link.map(EvidenceLink::from),
            user_errors,
        }))
    }
}
