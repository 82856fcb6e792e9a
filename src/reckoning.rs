//! How points, grades, quotas and places come out of a criteria set and the facts: the reckoning of an emulation year. Pure and exact:
//! no database, no clock, no float. Equal facts give equal results, byte for byte, in whatever order they came.

mod facts;
mod rules;
mod set;

pub use self::facts::*;
pub use self::rules::*;
pub use self::set::*;

/// Most sections and criteria of a set.
pub const NODES_MAX: usize = 500;
/// Most levels of a set.
pub const DEPTH_MAX: usize = 8;
