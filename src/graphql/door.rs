//! Stub.
pub const DEPTH_MAX: usize = 20;
pub const COMPLEXITY_MAX: usize = 20_000;
pub const RECURSIVE_DEPTH_MAX: usize = 32;
pub const DIRECTIVES_MAX: usize = 8;
pub fn routes(_: &mut actix_web::web::ServiceConfig) {}
