//! `thidua`: the service of emulation clusters of Vietnamese trade unions. The modules in reading order.

pub mod cli;
pub mod env;
pub mod logging;
pub mod migrate;
pub mod server;
pub mod settings;

pub mod auth;
pub mod error;
pub mod formula;
pub mod ids;
pub mod input;
pub mod moved;
pub mod numbers;
pub mod policy;
pub mod reckoning;
pub mod sheets;
pub mod text;

pub mod audit;
pub mod db;
pub mod events;
pub mod files;
pub mod idempotency;
pub mod mail;
pub mod provider;
pub mod request;
pub mod version;

pub mod graphiql;
pub mod graphql;
pub mod http;

pub mod accounts;
pub mod awards;
pub mod ballots;
pub mod clusters;
pub mod conferences;
pub mod councils;
pub mod criteria;
pub mod crosschecks;
pub mod evidence;
pub mod forms;
pub mod handover;
pub mod notifications;
pub mod reports;
pub mod results;
pub mod scoring;
pub mod units;
pub mod years;

pub mod why;

pub mod demo;
