//! What is loaded of reports for many at once.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{report_step, report_submission, report_writer};
use uuid::Uuid;

use crate::error::Error;
use crate::graphql::{self, Rows};
use crate::reports::store;

graphql::parts_loader!(
    WritersOf,
    report_writer::Model,
    store::writers,
    submission_id,
    "Who wrote a report."
);
graphql::parts_loader!(
    StepsOf,
    report_step::Model,
    store::steps,
    submission_id,
    "Steps of a report."
);

/// A report that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SubmissionId(pub Uuid);

impl Loader<SubmissionId> for Rows {
    type Value = report_submission::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[SubmissionId]) -> Result<HashMap<SubmissionId, report_submission::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let reports = store::find_many(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        Ok(reports
            .into_iter()
            .map(|report| (SubmissionId(report.id), report))
            .collect())
    }
}

/// The correction of a report, if it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CorrectionOf(pub Uuid);

impl Loader<CorrectionOf> for Rows {
    type Value = report_submission::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[CorrectionOf]) -> Result<HashMap<CorrectionOf, report_submission::Model>, Arc<Error>> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let corrections = store::corrections(&self.env.db, &self.reach, &ids, self.env.today()).await?;
        let of = |correction: report_submission::Model| Some((CorrectionOf(correction.corrects_id?), correction));
        Ok(corrections.into_iter().filter_map(of).collect())
    }
}
