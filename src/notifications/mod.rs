//! Notifications: what an account is told of things that concern it, from events that were written with the changes themselves.
//!
//! A change writes an [event](crate::events) in its own transaction. Soon after, one of the instances takes it and tells those whom
//! it concerns: taking it and telling are one transaction, so that each is told once, whatever is killed. What is told of the same
//! thing again before it was read is counted and not listed twice. A notification keeps the names as they were; the thing itself is
//! shown only as far as its reader sees it now.

pub mod graphql;
pub mod letters;
pub mod rest;
pub mod store;
pub mod usecases;
pub mod wording;
