//! Results of emulation years: computed from what is locked, looked at, published, and from then on never changed.
//!
//! A computed result binds nobody; it is stale once the facts or the rules are others than those in its snapshot. Publishing keeps the
//! snapshot, from which anybody gets the same bytes again. What was wrong is corrected by another result with a reason, which points at
//! the one it corrects. A quota over the units of several clusters is ruled by who stands above them; to each cluster it is a fact, with
//! which its result is computed again.

pub mod changes;
pub mod graphql;
pub mod rest;
pub mod rows;
pub mod ruled;
pub mod store;
pub mod ties;
pub mod usecases;
pub mod warnings;
