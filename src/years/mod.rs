//! Emulation years (năm thi đua): one cluster in one year, from the plan to the published result.
//!
//! A year has a theme, phases with days, participants that may follow the calendar year or the school year, registrations of titles,
//! targets, and a pact. It names the version of a criteria set that it is scored by; the pact, once all have signed, freezes it. Who took
//! part stays here whatever becomes of the cluster: scores of a unit that moves stay with the year.

pub mod graphql;
pub mod pact;
pub mod plan;
pub mod rest;
pub mod state;
pub mod store;
pub mod usecases;
