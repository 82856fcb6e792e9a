//! Clusters: the blocs (khối) and clusters (cụm) in which units emulate each other, or which are only areas of management.
//!
//! A unit sets one up over units below it. A bloc may hold clusters; the members of its clusters are its members too.
//! Memberships and offices have days, belong to units and are never deleted once they have begun: whoever was in a cluster
//! still finds it, with the names of that time. An office gives powers to the officers of the unit that holds it, on the
//! days on which it holds it, so it never outlasts the membership.

pub mod graphql;
pub mod rest;
pub mod rules;
pub mod store;
pub mod usecases;
