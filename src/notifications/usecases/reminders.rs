//! Reminding those concerned of last days, of each once: of reports that they owe, of votes in writing and of steps of proposals.

use std::time::Duration as StdDuration;

use crate::env::Env;
use crate::error::Result;

mod deadlines;
mod reports;

/// How long after a round the next begins. Days are counted, so an hour is soon enough.
const REST: StdDuration = StdDuration::from_secs(60 * 60);
/// How many days after a last day is still reminded of it. Whoever owes something longer has been told.
const LATE_DAYS_MAX: u64 = 30;

/// Reminds as long as the service runs.
pub async fn keep_reminding(env: Env) {
    loop {
        match remind(&env).await {
            Ok(0) => {}
            Ok(reminders) => tracing::info!(reminders, "Reminded of reports, votes and steps that are due"),
            Err(error) => tracing::warn!(cause = %error, "Reminders could not be given; trying again later"),
        }
        tokio::time::sleep(REST).await;
    }
}

/// Reminds of every report, vote in writing and step of a proposal that is due soon or late, and tells of how many. Of the same thing and the
/// same last day nobody is reminded twice, on whichever instance.
pub async fn remind(env: &Env) -> Result<usize> {
    let reports = reports::remind(env).await?;
    let votes = deadlines::of_votes(env).await?;
    let steps = deadlines::of_steps(env).await?;
    Ok(reports + votes + steps)
}
