//! `thidua serve`.

use clap::Args;

use super::{Listen, Outcome, open_database};
use crate::accounts;
use crate::env::{Clock, Env};
use crate::logging;
use crate::server::{self, Shared};
use crate::settings::Settings;

/// What can be said of `serve` besides the settings.
#[derive(Args, Debug)]
pub(super) struct Options {
    #[command(flatten)]
    listen: Listen,
}

/// Serves what the settings describe.
pub(super) async fn run(options: Options, mut settings: Settings) -> Outcome {
    if let Some(address) = options.listen.listen {
        settings.listen = address;
    }
    logging::begin(&settings)?;
    let listener = server::listen(settings.listen)?;
    let db = open_database(&settings).await?;
    let env = Env::new(&settings, db.clone(), Clock::default()).map_err(|error| error.plainly())?;
    if !accounts::store::any(&db).await.map_err(|error| error.plainly())? {
        tracing::warn!(
            "There is no account yet, so nobody can sign in. Make the first administrator with: \
             thidua account create-admin --username admin --display-name 'Quản trị'"
        );
    }
    server::run(&settings, Shared::new(env, &settings), listener).await?;
    // Everything is committed by now; a connection that does not close well changes nothing.
    let _ = db.close().await;
    Ok(())
}
