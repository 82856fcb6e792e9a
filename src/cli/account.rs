//! `thidua account`: the way in before anybody can sign in.

use std::io::BufRead as _;

use clap::{Args, Subcommand};

use super::{Outcome, open_database, print};
use crate::accounts::usecases;
use crate::auth;
use crate::env::Env;
use crate::error::Error;
use crate::settings::Settings;

/// What can be done with accounts here; everything else is done by an administrator who has signed in.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an administrator of everything
    ///
    /// Without --password-stdin it makes a password and shows it once; that one must be changed before anything else. The first account is made in this way; also another,
    /// when all administrators are locked out.
    #[command(after_help = "Examples:
  thidua account create-admin --username admin --display-name 'Quản trị hệ thống'
  pass show thidua | thidua account create-admin --username admin --display-name Admin --password-stdin")]
    CreateAdmin(CreateAdmin),
}

/// Whom to make.
#[derive(Args, Debug)]
pub(super) struct CreateAdmin {
    /// Sign-in name: 3 to 100 characters out of a-z, 0-9, dot, hyphen, underscore, @
    #[arg(long)]
    username: String,
    /// Name shown to others
    #[arg(long)]
    display_name: String,
    /// Read the password, at least 12 characters, from the first line of standard input
    #[arg(long)]
    password_stdin: bool,
}

/// Characters of a password that is made here: 144 random bits.
const MADE_LENGTH: usize = 24;

/// Carries the command out.
pub(super) async fn run(command: Command, settings: &Settings) -> Outcome {
    let Command::CreateAdmin(new) = command;
    let (password, made) = if new.password_stdin {
        (first_line()?, false)
    } else {
        (auth::new_secret().0.chars().take(MADE_LENGTH).collect(), true)
    };
    let db = open_database(settings).await?;
    let env = Env::for_command(settings, db.clone()).map_err(|error| error.plainly())?;
    let account = usecases::create_admin(&env, &new.username, &new.display_name, &password, made)
        .await
        .map_err(|error| match error {
            Error::AlreadyExists(_) => format!("there is an account `{}` already", new.username.trim()),
            other => other.plainly(),
        })?;
    let mut text = format!("Made the account `{}`; it administers everything.\n", account.username);
    if made {
        text.push_str(&format!(
            "Password: {password}\nIt is shown this once and stored nowhere. It must be changed (changePassword) before anything else can be done.\n"
        ));
    }
    print(&text)?;
    // What was written is committed; a connection that does not close well changes nothing.
    let _ = db.close().await;
    Ok(())
}

fn first_line() -> Result<String, String> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| format!("the password cannot be read from standard input: {error}"))?;
    let line = line.trim_end_matches(['\r', '\n']).to_owned();
    if line.is_empty() {
        return Err("standard input has no password in its first line".to_owned());
    }
    Ok(line)
}
