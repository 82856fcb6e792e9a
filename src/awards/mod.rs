//! Awards, from proposal to registry: what a kind of award asks for, who is proposed for it, what the council and the standing committee
//! make of it, by which decision it is given, and what becomes of it.
//!
//! The catalogue of kinds of award is common to all. What a kind asks for and pays is told by its terms (`terms.rs`), a version from each
//! day on; a case keeps the one with which it began. A proposal takes its places in the quotas at once, is endorsed, appraised and voted
//! on (`state.rs`), and each time it is judged by every rule (`eligibility.rs`), so that whoever doubts it reads why. Its outcome is told to
//! the side that proposes only together with those of the others.
//!
//! Where the terms ask for it, units may object to an outcome once it is told, those of the same cluster too: danh sách đề nghị is made
//! known, and nothing is decided before the days for it are over and every objection is answered.
//!
//! Where the terms put women first at equal merit, each proposal says whether that holds for it, and those for one award are compared side by
//! side (`comparing.rs`): by the points of the published result, then by that. It admits and refuses nobody.
//!
//! A decision is recorded once with its awards and never changed; one that was made elsewhere is recorded in one step, or many of them by a
//! spreadsheet (`register.rs`). It stands in the registry of a unit, its owner: the issuer, or for an issuer outside the union whoever recorded
//! it. An award is one named recipient or a number of unnamed ones ("18 cá nhân"), and belongs to the unit that received it or within which the
//! recipients stand. Who sees that unit sees the award; who sees the owner or the issuer from above sees the whole decision. Another decision
//! revokes or corrects an award, which itself stays as it was written. Whoever holds a certificate verifies it by its code, without signing in.
//!
//! Leading a cluster, being rated and being given an award are three things; here is only the last.

pub mod bonus;
pub mod comparing;
pub mod decision;
pub mod eligibility;
pub mod graphql;
pub mod number;
pub mod quota;
pub mod register;
pub mod rest;
pub mod state;
pub mod store;
pub mod terms;
pub mod usecases;
pub mod verifying;
