//! `thidua keys`: the keys that sign access tokens.

use clap::Subcommand;

use super::{Outcome, prepare_folder, print};
use crate::auth::Tokens;
use crate::auth::keys::{self, KeyRing, KeyState};
use crate::env::Clock;
use crate::settings::Settings;

/// What can be done with the keys.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Let the next key sign, retire the present one, make a new next one
    ///
    /// Nobody is signed out: the retired key verifies until its last token has expired. Running services notice within a second.
    /// Where several instances have copies of the file, copy it to all of them afterwards; until then they know the new signing
    /// key as their next one.
    Rotate,
    /// Show the keys and where they stand; never the keys themselves
    List,
}

/// Carries the command out.
pub(super) fn run(command: &Command, settings: &Settings) -> Outcome {
    prepare_folder(settings)?;
    let file = settings.signing_keys_path();
    let now = Clock::default().now();
    let ring = match command {
        Command::Rotate => keys::turn(&file, now, Tokens::verify_for(settings.access_token_seconds)),
        Command::List => keys::read_or_make(&file, now),
    };
    let ring = ring.map_err(|error| format!("the signing keys in {} cannot be used: {error}", file.display()))?;
    print(&table(&ring))
}

fn table(ring: &KeyRing) -> String {
    let mut text = String::new();
    for key in &ring.keys {
        let state = match key.state {
            KeyState::Next => "next".to_owned(),
            KeyState::Active => "active".to_owned(),
            KeyState::Retired => key.verifies_until.map_or_else(
                || "retired".to_owned(),
                |until| {
                    format!(
                        "retired, verifies until {}",
                        until.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
                    )
                },
            ),
        };
        let made = key.made_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        text.push_str(&format!("{}  made {made}  {state}\n", key.kid));
    }
    text
}
