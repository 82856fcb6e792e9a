//! What is done with score sheets: writing entries, handing in layer after layer, sending back, objecting.

mod allowed;
mod gathering;
mod judging;
mod objections;
mod reckoned;
mod standing;
mod taking;
mod writing;

pub use allowed::{layers_seen, may_step, may_write};
pub use gathering::gather;
pub use objections::{Answer, NewObjection, answer, may_answer, may_raise, raise, still_open};
pub use reckoned::{Known, facts_seen, known, reckon_seen};
pub use standing::{Standing, standings};
pub use taking::{AT_ONCE_MAX, Taken, Taking, review, step, take};
pub use writing::{NewEntry, Said, Whose, Writing, write};
