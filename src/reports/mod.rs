//! Reports: one unit's figures on one form for one period, from draft to approval, and the sums over many of them.
//!
//! A unit's officer begins a draft, writes figures as they stand on paper and sends it. Who is above sends it back with a
//! reason, verifies it, approves it; nobody passes what they wrote themselves. From then on it counts in the totals, and each
//! total can be taken apart into the reports behind it.

pub mod difference;
pub mod findings;
pub mod graphql;
pub mod merging;
pub mod parts;
pub mod rest;
pub mod state;
pub mod store;
pub mod totals;
pub mod unusual;
pub mod usecases;
