//! Calls the parser of the Common Expression Language. Its evaluation is not used: it knows only whole numbers of 64 bits and
//! floats, and figures are exact.

use cel::common::ast::{IdedExpr, SourceInfo};
use cel::parser::{ParseErrors, Parser};

use super::problem::{Fault, FormulaProblem};

/// Stack of the thread on which a text is parsed. The parser goes down a dozen calls for each bracket and overflows the usual
/// two MiB of an unoptimised build at fourteen of them, which would end the process. What [`super::scan`] lets through stays
/// below a third of this there.
const STACK_BYTES: usize = 16 << 20;

/// The tree of a text that was scanned, and where in the text its parts stand.
pub(super) fn parse(text: &str) -> Result<(IdedExpr, SourceInfo), FormulaProblem> {
    // The parser counts columns anew in each line; blanks are as many bytes and characters as line ends.
    let line = text.replace('\n', " ");
    std::thread::Builder::new()
        .name("formula".to_owned())
        .stack_size(STACK_BYTES)
        .spawn(move || Parser::new().parse_with_source_info(&line))
        .map_err(|_| FormulaProblem::whole(Fault::NotNow))?
        .join()
        // It is not known to panic; if it does, the text is one that it does not understand.
        .map_err(|_| syntax(text, 0))?
        .map_err(|errors| first(text, &errors))
}

/// Where the parser stumbled first. What it says is about its grammar and helps nobody who writes rules.
fn first(text: &str, errors: &ParseErrors) -> FormulaProblem {
    let column = errors.errors.iter().map(|error| error.pos.1).min().unwrap_or_default();
    let characters = usize::try_from(column).unwrap_or_default().saturating_sub(1);
    let byte = text.char_indices().nth(characters).map_or(text.len(), |(byte, _)| byte);
    syntax(text, byte)
}

fn syntax(text: &str, byte: usize) -> FormulaProblem {
    let rest = text.get(byte..).unwrap_or_default();
    let near: String = rest.chars().take(20).collect();
    let near = near.trim_end().to_owned();
    FormulaProblem::at(text, byte, &near, Fault::Syntax { near: near.clone() })
}
