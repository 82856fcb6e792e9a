//! SQL of score sheets.

mod facts;

pub use facts::*;
