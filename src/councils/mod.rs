//! Councils of emulation and commendation (hội đồng thi đua - khen thưởng): who advises a unit on awards, and votes on them.
//!
//! A council belongs to a unit and is set up by its decision. Its members are people, each in a seat and for some days; one of them is the
//! chair. A member who has an account is that account, and sees the council and what it deals with on the days on which they sit in it; one
//! without an account is counted all the same and votes on paper. Nobody sits for another: a seat gives one vote, and who holds it casts it.
//! Councils and members end and are never deleted once they have begun.

pub mod graphql;
pub mod rest;
pub mod store;
pub mod usecases;
