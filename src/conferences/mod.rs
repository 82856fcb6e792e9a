//! Conferences (hội nghị): the meeting in which the members of a cluster close a year, vote and elect, or those of a council vote.
//!
//! It is planned with an agenda, opened on its day, and closed when its minutes are written and its ballots are finished. From its opening on
//! it holds who belongs to the cluster, or sits in the council, on that day; calling the roll says who of them is there, who is asked in
//! writing and who is absent. Ballots take their rolls from it. Closed, it never changes. Who runs it is the organiser's specialist, or chair and
//! deputy; of a council the specialist of its unit.

pub mod graphql;
pub mod quorum;
pub mod rest;
pub mod state;
pub mod store;
pub mod usecases;
pub mod voters;
