//! The log: what is written, and in which form. Everything goes to standard error, so that what a command prints for others
//! to read stays clean.

use std::io::{self, IsTerminal as _};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::settings::{LogFormat, Settings};

/// Libraries that say more at `info` than an operator wants to know. A setting for the same name wins.
const QUIET: &str = "sqlx=warn,sea_orm=warn,sea_orm_migration=warn,actix_server=warn,actix_http=warn,h2=warn";

/// Begins to log as the settings say.
pub fn begin(settings: &Settings) -> Result<(), String> {
    let filter = EnvFilter::try_new(format!("{QUIET},{}", settings.log))
        .map_err(|error| format!("setting `log`: {error}; write a level such as `info`, or `info,sqlx=debug`"))?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    let begun = match settings.log_format {
        LogFormat::Json => log
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .finish()
            .try_init(),
        LogFormat::Text => {
            let colours = io::stderr().is_terminal();
            log.with_target(false).with_ansi(colours).finish().try_init()
        }
    };
    begun.map_err(|error| format!("the log cannot begin: {error}"))
}
