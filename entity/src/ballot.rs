//! A question put to a conference, with the rule by which it is decided and what came of it.

use sea_orm::entity::prelude::*;

use crate::enums::{BallotKind, BallotPurpose, BallotState, Denominator, RecordedAs};

/// A question put to a conference, with the rule by which it is decided and what came of it.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ballot")]
pub struct Model {
    /// Identity, UUID version 7.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The conference.
    pub conference_id: Uuid,
    /// The ballot of which it is the next round.
    pub round_of: Option<Uuid>,
    /// Which round it is, from 1.
    pub round: i32,
    /// The question.
    pub title: String,
    /// How it is answered.
    pub kind: BallotKind,
    /// What its outcome is for.
    pub purpose: BallotPurpose,
    /// Whether nobody may know who chose what.
    pub secret: bool,
    /// How many are chosen at most.
    pub seats: i32,
    /// Of what the threshold is a part.
    pub denominator: Denominator,
    /// The threshold: numerator.
    pub threshold_numerator: i32,
    /// And its denominator.
    pub threshold_denominator: i32,
    /// Whether the threshold must be exceeded, not only reached.
    pub threshold_exceeded: bool,
    /// Which part of the members must vote: numerator.
    pub quorum_numerator: i32,
    /// And its denominator.
    pub quorum_denominator: i32,
    /// Whether a unit may vote for itself.
    pub self_vote: bool,
    /// Until which day members that are not present vote in writing; `None` when they do not.
    pub written_until: Option<Date>,
    /// The text on which the rule rests, as written.
    pub legal_basis: Option<String>,
    /// Where it is in its life.
    pub state: BallotState,
    /// SHA-256 over the roll as it was frozen; `None` before the ballot was opened.
    pub roll_hash: Option<String>,
    /// Of a secret ballot: with what tokens are verified.
    pub public_key: Option<Vec<u8>>,
    /// Of a secret ballot that is open: with what tokens are signed, sealed.
    pub sealed_key: Option<Vec<u8>>,
    /// How many votes were cast; `None` before the count.
    pub votes_cast: Option<i32>,
    /// How many of them were spoiled; `None` before the count, and of a small secret ballot.
    pub votes_spoiled: Option<i32>,
    /// What came of it, as JSON; `None` before the count.
    pub outcome: Option<String>,
    /// What was recorded from paper; `None` when it was voted here.
    pub recorded: Option<RecordedAs>,
    /// Why it is void.
    pub void_reason: Option<String>,
    /// Counts changes; a write names the one it saw.
    pub version: i32,
    /// When it was drafted.
    pub created_at: DateTimeUtc,
    /// When it last took a step; votes do not count.
    pub updated_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
