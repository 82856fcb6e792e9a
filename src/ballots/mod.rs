//! Ballots (bỏ phiếu): a question that a conference decides by votes of its members, with the rule by which it is decided.
//!
//! A ballot is drafted with its options and its rule. Opening it freezes the roll, one vote for each member unit or each member of the
//! council, and a digest of the roll is shown. Votes of an open ballot are named and stand as cast. Of a secret one the service signs a token
//! for each voter without seeing it (blind signatures, RFC 9474), and takes the vote with that token from whoever brings it, without asking who it is: so that a unit voted is
//! known, and what it voted is in no row, time or order that could be joined to it. Closing counts at once; nothing is told of the votes
//! before. What is known of small secret ballots is the outcome alone. A tie, or seats that stay empty, call for a further round; the outcome
//! is confirmed, and the offices of the next year follow from it.

pub mod choice;
pub mod counting;
pub mod graphql;
pub mod order;
pub mod paper;
pub mod rest;
pub mod roll;
pub mod sentences;
pub mod state;
pub mod store;
pub mod tallies;
pub mod tokens;
pub mod usecases;
