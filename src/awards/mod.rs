//! Stub.
pub mod graphql;
pub mod rest;
pub mod store;
