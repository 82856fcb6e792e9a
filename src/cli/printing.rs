//! Commands that print or write what the code says of itself: the schema, the REST interface, the settings, the policy.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use clap::Args;

use super::{Outcome, print};
use crate::http::openapi;
use crate::{graphql, policy, settings};

/// Where the schema goes.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  thidua schema
  thidua schema --check
  thidua schema -                        to standard output")]
pub(super) struct SchemaOptions {
    /// File to write; `-` for standard output
    #[arg(value_name = "FILE", default_value = "schema.graphql")]
    file: PathBuf,
    /// Write nothing; exit with 1 when the file does not hold the present schema
    #[arg(long)]
    check: bool,
}

/// Where the REST interface goes.
#[derive(Args, Debug)]
pub(super) struct OpenapiOptions {
    /// File to write; `-` for standard output
    #[arg(value_name = "FILE", default_value = "openapi.json")]
    file: PathBuf,
    /// Write nothing; exit with 1 when the file does not hold the present interface
    #[arg(long)]
    check: bool,
}

/// `thidua schema`.
pub(super) fn schema(options: &SchemaOptions) -> Outcome {
    write_or_check(&graphql::sdl(), &options.file, options.check, "schema")
}

/// `thidua openapi`.
pub(super) fn openapi(options: &OpenapiOptions) -> Outcome {
    write_or_check(&openapi::printed()?, &options.file, options.check, "openapi")
}

fn write_or_check(text: &str, file: &Path, check: bool, command: &str) -> Outcome {
    let shown = file.display();
    if check {
        let there = match fs::read_to_string(file) {
            Ok(there) => there,
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(format!("{shown} cannot be read: {error}")),
        };
        if there == text {
            return Ok(());
        }
        return Err(format!(
            "{shown} is stale; write it anew with `thidua {command} {shown}`"
        ));
    }
    if file == Path::new("-") {
        return print(text);
    }
    fs::write(file, text).map_err(|error| format!("{shown} cannot be written: {error}"))
}

/// `thidua config`.
pub(super) fn config() -> Outcome {
    print(&settings::printed())
}

/// `thidua policy`.
pub(super) fn policy() -> Outcome {
    print(&policy::page())
}
