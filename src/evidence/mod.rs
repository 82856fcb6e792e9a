//! Evidence (minh chứng): files beside a report or one of its figures, a score sheet or one of its criteria, which show that it is so: a
//! signed list, minutes, a photograph; and the documents of the dossier of a proposal, each beside an item of its checklist.
//!
//! Who writes the thing adds and removes files as long as it is with the unit, of a dossier until it is appraised; who sees the thing sees them. What a file is, is
//! found in its content, and only a few kinds are taken. The content is kept once under its hash, however often it is attached.
//! It is handed out by links that are made for one person and one session and are soon void.

pub mod graphql;
pub mod link;
pub mod naming;
pub mod rest;
pub mod sniffing;
pub mod store;
pub mod usecases;
