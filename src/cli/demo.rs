//! `thidua demo`.
use clap::Args;

use super::{Listen, Outcome};
use crate::settings::Settings;

/// What can be said of `demo`.
#[derive(Args, Debug)]
pub(super) struct Options {
    #[command(flatten)]
    listen: Listen,
}

/// x
pub(super) async fn run(_options: Options, _settings: Settings) -> Outcome {
    Err("x".to_owned())
}
