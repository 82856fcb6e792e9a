//! The program `thidua`. Its commands are in `cli.rs`.

use std::process::ExitCode;

fn main() -> ExitCode {
    thidua::cli::main()
}
