//! Handing a cluster over (bàn giao cụm): everything that is open in it, gathered for who takes it on, so that nothing is forgotten between
//! one chair and the next.
//!
//! It stores nothing: each item is counted in the store of the concept that it belongs to, from what the caller sees there, and leads to the
//! things themselves. Chair and deputies read it, the organiser, and officers of a unit that will hold an office: of them the powers begin
//! with their day, so until then they see as much of each item as any member.

pub mod graphql;
pub mod open;
pub mod rest;
pub mod sentences;
pub mod usecases;
