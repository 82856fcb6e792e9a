//! Loaders of ballots and their parts.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{ballot, ballot_count, ballot_option, ballot_receipt, ballot_recusal, ballot_roll, ballot_vote};
use uuid::Uuid;

use crate::ballots::store;
use crate::error::Error;
use crate::graphql::{Rows, parts_loader};
use crate::years::store::View;

/// A ballot that is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BallotId(pub Uuid);

impl Loader<BallotId> for Rows {
    type Value = ballot::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[BallotId]) -> Result<HashMap<BallotId, Self::Value>, Self::Error> {
        let ids: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let view = View {
            reach: self.reach.clone(),
            today: self.env.today(),
        };
        let rows = store::find_many(&self.env.db, &view, &ids).await?;
        Ok(rows.into_iter().map(|row| (BallotId(row.id), row)).collect())
    }
}

parts_loader!(
    OptionsOf,
    ballot_option::Model,
    store::options,
    ballot_id,
    "The options of a ballot, in their order."
);
parts_loader!(
    CountsOf,
    ballot_count::Model,
    store::counts,
    ballot_id,
    "What the options of a ballot got."
);
parts_loader!(
    RecusalsOf,
    ballot_recusal::Model,
    store::recusals,
    ballot_id,
    "Who does not vote in a ballot."
);
parts_loader!(
    RollOf,
    ballot_roll::Model,
    store::roll,
    ballot_id,
    "The roll of a ballot."
);
parts_loader!(
    VotesOf,
    ballot_vote::Model,
    store::votes,
    ballot_id,
    "The named votes of a ballot."
);
parts_loader!(
    ReceiptsOf,
    ballot_receipt::Model,
    store::receipts,
    ballot_id,
    "The receipts of a ballot, in their own order."
);
