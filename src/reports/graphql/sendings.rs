//! What reports said each time they were sent, in the schema.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Object};
use chrono::{DateTime, Utc};
use thidua_entity::{report_sending, report_submission, report_value};
use uuid::Uuid;

use super::figures::FigureList;
use crate::accounts::graphql::account_name;
use crate::error::Error;
use crate::graphql::{self, Rows, loaded, loaders};
use crate::reports::store;

/// Most sendings of a report that are told.
const SENDINGS_MAX: i32 = 50;

/// A sending of a report.
pub struct ReportSending {
    row: report_sending::Model,
    form_version: Uuid,
}

/// What a report said when it was sent: kept as it was, whatever is changed afterwards.
#[Object]
impl ReportSending {
    /// 1 for the first sending, and one more for each after it.
    async fn number(&self) -> i32 {
        self.row.number
    }
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.row.at
    }
    /// Name of who sent it; null for recorded data.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.row.account_id).await
    }
    /// Name of the one on whose behalf it was sent, when only a role that they had delegated permitted it; else null.
    async fn acted_for(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.row.acted_for).await
    }
    /// What the unit said beside its figures.
    async fn note(&self) -> Option<&str> {
        self.row.note.as_deref()
    }
    /// The figures with which it was sent, in the order of the form, of each indicator the total first and then its parts.
    #[graphql(complexity = "8 * child_complexity")]
    async fn figures(&self, ctx: &Context<'_>) -> async_graphql::Result<FigureList> {
        let values = loaded(loaders(ctx)?.load_one(SentValuesOf(self.row.id)).await)?.unwrap_or_default();
        FigureList::on(ctx, values, self.form_version).await
    }
}

/// The last sendings of a report, the last first.
pub async fn of_report(
    ctx: &Context<'_>,
    report: &report_submission::Model,
) -> async_graphql::Result<Vec<ReportSending>> {
    let sendings = loaded(loaders(ctx)?.load_one(SendingsOf(report.id)).await)?.unwrap_or_default();
    let sending = |row: &report_sending::Model| ReportSending {
        row: row.clone(),
        form_version: report.form_version_id,
    };
    Ok(sendings.iter().map(sending).collect())
}

/// The last sendings of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SendingsOf(pub Uuid);

impl Loader<SendingsOf> for Rows {
    type Value = Arc<Vec<report_sending::Model>>;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[SendingsOf]) -> Result<HashMap<SendingsOf, Self::Value>, Self::Error> {
        let reports: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let seen = (&self.reach, self.env.today());
        let mut sendings: HashMap<SendingsOf, Vec<report_sending::Model>> = HashMap::new();
        for sending in store::last_sendings(&self.env.db, seen, &reports, SENDINGS_MAX).await? {
            sendings
                .entry(SendingsOf(sending.submission_id))
                .or_default()
                .push(sending);
        }
        Ok(sendings.into_iter().map(|(of, all)| (of, Arc::new(all))).collect())
    }
}

graphql::parts_loader!(
    SentValuesOf,
    report_value::Model,
    store::sent_values,
    submission_id,
    "Figures of a sending."
);
