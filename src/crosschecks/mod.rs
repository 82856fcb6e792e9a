//! Cross-checks (kiểm tra chéo): members of a cluster check each other's year, by a draw that anybody can repeat.
//!
//! A draw takes who takes part, who is recused and who checked whom last year, and a seed that is printed; from these alone it follows who
//! checks whom. The checker writes findings and sends them, the checked unit agrees or disputes each and sends its replies, the checker
//! writes the minutes of the visit.
//!
//! That two units are paired is known to the whole cluster, since everybody shall be able to repeat the draw. What was found is known to
//! the two units, those above them, and those who keep the cluster: findings are remarks on a neighbour's work which may turn out to be
//! wrong, so the other members read them only when the year is published. Findings that were not sent are known to the checker and those
//! above it, replies that were not sent to the checked unit and those above it.

pub mod graphql;
pub mod pairing;
pub mod rest;
pub mod state;
pub mod store;
pub mod usecases;
