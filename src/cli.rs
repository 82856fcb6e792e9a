//! The commands of `thidua`: what a person or a machine types to start and look after the service.
//!
//! A command prints what it was asked for on standard output. What goes wrong is one sentence on standard error, with exit
//! code 1; 2 is for a command line that cannot be understood.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the commands print for a person or a pipe; the log is another thing"
)]

use std::ffi::OsString;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use sea_orm::DatabaseConnection;

use crate::settings::Settings;
use crate::{migrate, server};

mod account;
mod demo;
mod health;
mod keys;
mod migrating;
mod printing;
mod serve;

/// What a command ends with: nothing to say, or what went wrong in a sentence.
type Outcome = Result<(), String>;

const EXAMPLES: &str = "\
Examples:
  thidua demo                            try the service with demonstration data
  thidua account create-admin --username admin --display-name 'Quản trị'
                                         make the first account; its password is shown once
  thidua serve                           serve from the folder thidua-data, on 127.0.0.1:8080
  THIDUA_DATABASE_URL=postgres://… thidua serve --listen 0.0.0.0:8080
                                         serve from PostgreSQL, to other machines
  thidua config > thidua.toml            write every setting with its default and meaning
  thidua --config thidua.toml serve      serve with these settings

Every setting can also be given as THIDUA_<NAME>; that wins over the file. `thidua config` lists them.";

/// The service of emulation clusters (cụm, khối thi đua) of Vietnamese trade unions: GraphQL and REST, on SQLite or
/// PostgreSQL.
#[derive(Debug, Parser)]
#[command(name = "thidua", version, about, after_help = EXAMPLES, arg_required_else_help = true)]
struct Cli {
    /// Settings file in TOML; see `thidua config`
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "THIDUA_CONFIG",
        hide_env_values = true
    )]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve until asked to stop (SIGTERM, Ctrl-C)
    ///
    /// Brings the database to the present shape first, unless the setting migrate_on_start is false. There is no account to
    /// begin with; make one with `thidua account create-admin`.
    Serve(serve::Options),
    /// Serve demonstration data: real units and reports, made-up accounts
    ///
    /// Everything lies in a folder of its own, and no configured database is touched.
    Demo(demo::Options),
    /// Bring the database to the present shape
    ///
    /// Several may run at once: one works, the others wait for it. Stop older instances first only when the notes of a
    /// version say so.
    Migrate(migrating::Options),
    /// Make accounts from the machine of the service
    #[command(subcommand)]
    Account(account::Command),
    /// Turn and show the keys that sign access tokens
    #[command(subcommand)]
    Keys(keys::Command),
    /// Ask a running service whether it is ready; exit code 0 or 1
    Health(health::Options),
    /// Write the GraphQL schema
    Schema(printing::SchemaOptions),
    /// Write the REST interface as OpenAPI 3.1
    Openapi(printing::OpenapiOptions),
    /// Print every setting with its default and meaning, as a settings file
    Config,
    /// Print who may do what, as a table in Markdown
    Policy,
}

/// Where to listen, for commands that serve.
#[derive(Args, Debug)]
struct Listen {
    /// Address and port to listen on, instead of the setting `listen`
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<SocketAddr>,
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    run(std::env::args_os())
}

/// Runs a command line; the first word is the program's name.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are no errors and go to standard output; clap knows.
            let _ = error.print();
            return u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from);
        }
    };
    match carry_out(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("thidua: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn carry_out(cli: Cli) -> Outcome {
    let settings = || Settings::load(cli.config.as_deref());
    match cli.command {
        Command::Serve(options) => server::block_on(serve::run(options, settings()?)),
        Command::Demo(options) => server::block_on(demo::run(options, settings()?)),
        Command::Migrate(options) => server::block_on(migrating::run(&options, &settings()?)),
        Command::Account(command) => server::block_on(account::run(command, &settings()?)),
        Command::Keys(command) => keys::run(&command, &settings()?),
        Command::Health(options) => health::run(&options, settings),
        Command::Schema(options) => printing::schema(&options),
        Command::Openapi(options) => printing::openapi(&options),
        Command::Config => printing::config(),
        Command::Policy => printing::policy(),
    }
}

/// Makes a folder, with those above it, that only its owner can look into: the database holds personal data and the key
/// opens every door. A folder that is there already keeps its rights.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Refuses a database address that nothing here can open, and makes the folder of the embedded database.
fn prepare_folder(settings: &Settings) -> Outcome {
    let url = settings.database_url.expose();
    if url.is_empty() {
        let folder = &settings.data_dir;
        return private_folder(folder)
            .map_err(|error| format!("the folder {} cannot be made: {error}", folder.display()));
    }
    // Refused here, because the driver would repeat the address, and its password, in its own words.
    let known = ["postgres://", "postgresql://", "sqlite:"];
    if known.iter().any(|scheme| url.starts_with(scheme)) {
        return Ok(());
    }
    Err("setting `database_url`: the address must begin with postgres:// or sqlite://".to_owned())
}

/// Opens the database of the settings, brings it to the present shape where they want that, and refuses one of another shape.
async fn open_database(settings: &Settings) -> Result<DatabaseConnection, String> {
    prepare_folder(settings)?;
    if settings.migrate_on_start {
        let ran = migrate::run(&settings.database()).await?;
        if !ran.is_empty() {
            tracing::info!(steps = ran.join(", "), "Brought the database to the present shape");
        }
    }
    let db = migrate::open(&settings.database()).await?;
    migrate::check(&db).await?;
    Ok(db)
}

/// Where a service can be asked that listens on this address: one that listens everywhere also listens here.
fn reachable(listen: SocketAddr) -> SocketAddr {
    let mut address = listen;
    if listen.ip().is_unspecified() {
        address.set_ip(if listen.is_ipv4() {
            Ipv4Addr::LOCALHOST.into()
        } else {
            Ipv6Addr::LOCALHOST.into()
        });
    }
    address
}

/// Writes an answer to standard output; who closes the pipe early has read enough.
fn print(text: &str) -> Outcome {
    use std::io::Write as _;
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(format!("cannot print: {error}")),
        _ => Ok(()),
    }
}
