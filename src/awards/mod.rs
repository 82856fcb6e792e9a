//! The award registry: what has been given, by which decision, to whom, under the names of then.
//!
//! The catalogue of kinds of award is common to all. A decision is recorded once with its awards and never changed; it stands
//! in the registry of a unit, its owner: the issuer, or for an issuer outside the union whoever recorded it. An award is one
//! named recipient or a number of unnamed ones ("18 cá nhân"), and belongs to the unit that received it or within which the
//! recipients stand. Who sees that unit sees the award; who sees the owner or the issuer from above sees the whole decision.
//!
//! Leading a cluster, being rated and being given an award are three things; here is only the last. Proposals and ballots,
//! which come before a decision, are not part of this version; a decision made outside the service is simply recorded.

pub mod decision;
pub mod graphql;
pub mod number;
pub mod rest;
pub mod store;
pub mod usecases;
