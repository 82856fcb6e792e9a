//! Score sheets (phiếu chấm điểm): the points of each unit in an emulation year, by layer.

pub mod facts;
pub mod store;
