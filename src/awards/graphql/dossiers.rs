//! The dossier of a proposal as the schema shows it: its checklist, the documents that are there, and their files.

use async_graphql::{ComplexObject, Context, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::award_proposal;
use uuid::Uuid;

use super::loaders::{AwardTermsId, DossierOf};
use crate::awards::store;
use crate::evidence::graphql::{self as evidence, Evidence};
use crate::graphql::{loaded, loaders};

/// An item of the checklist of a dossier, with the document that is there.
#[derive(SimpleObject)]
#[graphql(complex)]
pub struct AwardDossierItem {
    #[graphql(skip)]
    proposal: Uuid,
    /// Code of the item.
    code: String,
    /// What is asked for, Vietnamese.
    name: String,
    /// Who is to sign it; null when not said.
    signed_by: Option<String>,
    /// The document that is there, as written; null while there is none.
    document: Option<String>,
    /// Its number as written.
    number: Option<String>,
    /// Its day.
    dated: Option<NaiveDate>,
    /// Who signed it, as written.
    signer: Option<String>,
    /// When it was ticked; null while there is none.
    ticked_at: Option<DateTime<Utc>>,
}

#[ComplexObject]
impl AwardDossierItem {
    /// Files of the document, the oldest first. A file does not tick the item by itself.
    #[graphql(complexity = "2 * child_complexity + 1")]
    async fn evidence(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Evidence>> {
        let mut files = evidence::of_proposal(ctx, self.proposal).await?;
        files.retain(|file| file.0.dossier_item.as_deref() == Some(self.code.as_str()));
        Ok(files)
    }
}

/// The checklist of a proposal with the documents that are there.
pub async fn of_proposal(
    ctx: &Context<'_>,
    proposal: &award_proposal::Model,
) -> async_graphql::Result<Vec<AwardDossierItem>> {
    let Some(terms) = proposal.terms_id else {
        return Ok(Vec::new());
    };
    let loaders = loaders(ctx)?;
    let (terms, there) = loaded(tokio::try_join!(
        loaders.load_one(AwardTermsId(terms)),
        loaders.load_one(DossierOf(proposal.id))
    ))?;
    let (content, there) = (
        terms.as_ref().map(store::content).transpose()?,
        there.unwrap_or_default(),
    );
    let items = content.into_iter().flat_map(|terms| terms.dossier).map(|asked| {
        let found = there.iter().find(|one| one.code == asked.code);
        AwardDossierItem {
            proposal: proposal.id,
            document: found.map(|one| one.document.clone()),
            number: found.and_then(|one| one.number.clone()),
            dated: found.and_then(|one| one.dated),
            signer: found.and_then(|one| one.signer.clone()),
            ticked_at: found.map(|one| one.ticked_at),
            code: asked.code,
            name: asked.name,
            signed_by: asked.signer,
        }
    });
    Ok(items.collect())
}
