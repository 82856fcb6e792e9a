//! Criteria sets (bảng điểm): by which points, grades and places of an emulation year come about.
//!
//! A set belongs to a unit, for the clusters of the units below it, or to a cluster. A cluster has one of its own, or adapts one of a unit
//! that stands above it as far as that lets it. What a set holds is in its versions: a draft is written step by step, with whatever is
//! still wrong with it; published it is once nothing is, and then it never changes. A year names the version that it keeps; so several
//! published versions stand beside each other until somebody retires them.
//!
//! What is in a set, what may be wrong with it and what follows from it is said by [`crate::reckoning`].

pub mod content;
pub mod figures;
pub mod graphql;
pub mod paths;
pub mod problems;
pub mod remembered;
pub mod rest;
pub mod store;
pub mod usecases;
