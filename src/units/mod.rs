//! Units: the organisations of the union, from the confederation to the group, as a tree with dates.
//!
//! A unit has dated names, dated parents, codes that others gave it, and head counts. Ending a unit deletes nothing: it keeps
//! its last parent, so those above still find its history. `unit_ancestry` holds, for every unit, every unit above it with the
//! days on which it was; whatever asks "within this unit" asks there, on both databases by one index.

pub mod ancestry;
pub mod graphql;
pub mod rest;
pub mod store;
pub mod usecases;
