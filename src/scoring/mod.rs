//! Score sheets (phiếu chấm điểm): the points of each unit in an emulation year, by layer.
//!
//! A sheet goes from layer to layer: the unit scores itself, who was assigned checks it, chair or deputy appraises it for the cluster, the
//! organiser for the province, the council decides. Each layer writes entries of its own beside those of the others, and whoever says
//! otherwise than the layer below says why. Nobody scores their own unit outside the unit's own layer.

pub mod facts;
pub mod gap;
pub mod graphql;
pub mod rest;
pub mod sight;
pub mod state;
pub mod store;
pub mod usecases;
