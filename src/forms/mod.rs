//! Forms: what is reported, for which spans, on which forms, and by whom.
//!
//! [Indicators](thidua_entity::indicator) are one common catalogue, so that a figure means the same everywhere. A
//! [period](thidua_entity::period) or a [form](thidua_entity::report_form) belongs to a unit and serves the units below it. A
//! form has versions: a draft is written, published and later retired; a report keeps the version it was begun on.
//!
//! A form is filled in for one kind of period by units of one level. So two reports of a form never tell of the same days of
//! the same people, and its figures can be added.

pub mod answer;
pub mod bounds;
pub mod content;
pub mod deadline;
pub mod difference;
pub mod graphql;
pub mod rest;
pub mod span;
pub mod store;
pub mod usecases;
