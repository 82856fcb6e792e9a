//! `thidua demo`: the service with demonstration data, in a folder or database of its own.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use sea_orm::DatabaseConnection;

use super::{Listen, Outcome, open_database, print};
use crate::demo::{self, DemoAccount, Loaded};
use crate::env::{Clock, Env};
use crate::server::{self, Shared};
use crate::settings::{LogFormat, Secret, Settings};
use crate::{accounts, logging};

/// What can be said of `demo`.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  thidua demo
  thidua demo --listen 127.0.0.1:8081 --reset
  thidua demo --database-url postgres://thidua:secret@localhost/thidua_demo")]
pub(super) struct Options {
    #[command(flatten)]
    listen: Listen,
    /// Folder for the embedded database and the signing keys [default: the folder `demo` in the setting `data_dir`]
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
    /// Database to use instead of the embedded one; it must be empty or hold the demonstration
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
    /// Empty the demonstration first and load it anew
    #[arg(long)]
    reset: bool,
    /// Also write the accounts with their passwords, and the service accounts (role SERVICE) with their secrets, to this file, as JSON
    #[arg(long, value_name = "FILE")]
    accounts_file: Option<PathBuf>,
}

/// The entry of the audit by which a demonstration is known.
const LOADED: &str = "DEMO_LOADED";

/// Loads the demonstration where it is not yet, and serves it.
pub(super) async fn run(options: Options, settings: Settings) -> Outcome {
    let settings = settings_of(&options, settings);
    logging::begin(&settings)?;
    let listener = server::listen(settings.listen)?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    let db = open_database(&settings).await?;
    if options.reset {
        reset(&db).await?;
    }
    let env = Env::new(&settings, db.clone(), Clock::default()).map_err(|error| error.plainly())?;
    let loaded = demo::load(&env).await.map_err(|error| error.plainly())?;
    if let Some(file) = &options.accounts_file {
        let all: Vec<&DemoAccount> = loaded.accounts.iter().chain(&loaded.services).collect();
        write_accounts(file, &all)?;
    }
    print(&welcome(address, &loaded))?;
    server::run(&settings, Shared::new(env, &settings), listener).await?;
    // Everything is committed by now; a connection that does not close well changes nothing.
    let _ = db.close().await;
    Ok(())
}

/// The settings of a demonstration. Database, signing keys and evidence that are configured for the real service are left alone: a
/// demonstration has accounts with a published password, and `--reset` empties it.
fn settings_of(options: &Options, settings: Settings) -> Settings {
    let own_folder = || settings.data_dir.join("demo");
    Settings {
        listen: options.listen.listen.unwrap_or(settings.listen),
        data_dir: options.data_dir.clone().unwrap_or_else(own_folder),
        database_url: Secret::new(options.database_url.clone().unwrap_or_default()),
        signing_keys_file: PathBuf::new(),
        evidence_store: String::new(),
        migrate_on_start: true,
        log_format: LogFormat::Text,
        ..settings
    }
}

/// Empties a demonstration, and nothing else.
async fn reset(db: &DatabaseConnection) -> Outcome {
    let in_use = accounts::store::any(db).await.map_err(|error| error.plainly())?;
    let demonstration = accounts::store::was_ever(db, LOADED)
        .await
        .map_err(|error| error.plainly())?;
    if in_use && !demonstration {
        return Err("the database holds other data than the demonstration; --reset does not touch it".to_owned());
    }
    demo::reset(db).await.map_err(|error| error.plainly())
}

/// Writes the accounts so that a reader sees all of them or none.
fn write_accounts(file: &Path, accounts: &[&DemoAccount]) -> Outcome {
    let text = serde_json::to_vec_pretty(accounts).map_err(|error| error.to_string())?;
    let mut draft = file.as_os_str().to_owned();
    draft.push(".new");
    fs::write(&draft, text)
        .and_then(|()| fs::rename(&draft, file))
        .map_err(|error| format!("{} cannot be written: {error}", file.display()))
}

/// What a person needs to look around: addresses and accounts.
fn welcome(address: SocketAddr, loaded: &Loaded) -> String {
    let Loaded { accounts, services } = loaded;
    let base = format!("http://{}", super::reachable(address));
    let mut text = format!(
        "\n\
         GraphiQL   {base}/graphiql/\n\
         GraphQL    {base}/graphql\n\
         REST       {base}/api/v1\n\
         OpenAPI    {base}/api/v1/openapi.json\n\
         Health     {base}/readyz\n\n"
    );
    let columns: Vec<[String; 3]> = accounts
        .iter()
        .map(|account| [account.username.clone(), account.role.code(), account.scope.clone()])
        .collect();
    let width = |column: fn(&[String; 3]) -> &String| columns.iter().map(|row| column(row).chars().count()).max();
    let (name_width, role_width) = (width(|row| &row[0]).unwrap_or(0), width(|row| &row[1]).unwrap_or(0));
    for [name, role, scope] in &columns {
        text.push_str(&format!("{name:name_width$}  {role:role_width$}  {scope}\n"));
    }
    if let Some(account) = accounts.first() {
        text.push_str(&format!("\nPassword of all these accounts: {}\n", account.password));
    }
    for service in services {
        text.push_str(&format!(
            "\nService account, {} (tokens at {base}/api/v1/auth/token):\n  client_id     {}\n  client_secret {}\n",
            service.scope, service.username, service.password
        ));
    }
    if !address.ip().is_loopback() {
        text.push_str("It is published, and this service can be reached from other machines.\n");
    }
    text + "Stop with Ctrl-C.\n\n"
}
