//! `thidua migrate`.

use clap::Args;

use super::{Outcome, prepare_folder, print};
use crate::migrate;
use crate::settings::Settings;

/// What can be said of `migrate`.
#[derive(Args, Debug)]
pub(super) struct Options {
    /// Change nothing; list the steps that have run, those still to run, and those that this version does not know
    #[arg(long)]
    status: bool,
}

/// Runs the steps that have not run, or tells which those are.
pub(super) async fn run(options: &Options, settings: &Settings) -> Outcome {
    prepare_folder(settings)?;
    if options.status {
        return status(settings).await;
    }
    let ran = migrate::run(&settings.database()).await?;
    let mut text: String = ran.iter().map(|step| format!("ran {step}\n")).collect();
    text.push_str("The database is in the present shape.\n");
    print(&text)
}

async fn status(settings: &Settings) -> Outcome {
    let db = migrate::open(&settings.database()).await?;
    let status = migrate::status(&db).await?;
    let mut text = String::new();
    for (word, steps) in [
        ("applied", &status.applied),
        ("pending", &status.pending),
        ("unknown", &status.unknown),
    ] {
        for step in steps {
            text.push_str(&format!("{word:8} {step}\n"));
        }
    }
    print(&text)
}
