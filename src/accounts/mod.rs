//! Accounts: who may call, in which roles and scopes, and the sign-ins that have not ended.
//!
//! An account holds [grants](thidua_entity::role_grant): a role in a scope, from one day to another. A sign-in makes a
//! session; access tokens name it, refresh tokens belong to it and are used once each. A refresh token that comes back
//! after use has been copied: the whole session ends. Who is invited or has forgotten a password chooses one by a link that works
//! once. A password that somebody else set must be changed before anything else. Another system has a service account: a place, scopes,
//! networks, an end, and secrets by which it gets tokens that are no session. Where there is an identity provider, one signs in by it
//! too, to the account that is linked to the person there. What somebody may do can change while they work, on any instance; see
//! [`callers`].

pub mod callers;
pub mod client_credentials;
pub mod graphql;
pub mod guessable;
pub mod letters;
pub mod passwords;
pub mod rest;
pub mod second_factor;
pub mod service_terms;
pub mod store;
pub mod throttle;
pub mod usecases;
