//! Ballots as REST shows them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use thidua_entity::enums::{BallotKind, BallotPurpose, BallotState, Denominator, Presence, RecordedAs};
use thidua_entity::{Fixed4, ballot, ballot_count, ballot_option};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::ballots::counting::Why;
use crate::ballots::{store, usecases};
use crate::conferences::rest::{FractionJson, VoterNames};
use crate::env::Env;
use crate::error::{Language, Result};
use crate::ids::Kind;

/// A ballot.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BallotJson {
    /// Opaque id, the same on GraphQL.
    id: String,
    /// The conference.
    conference_id: String,
    /// Which round it is, from 1.
    round: i32,
    /// The ballot of which it is the further round; null in the first.
    round_of_id: Option<String>,
    /// The question.
    title: String,
    /// How it is answered.
    kind: BallotKind,
    /// What its outcome is for.
    purpose: BallotPurpose,
    /// Whether nobody may know who chose what.
    secret: bool,
    /// How many are chosen at most.
    seats: i32,
    /// Of what the threshold is a part.
    denominator: Denominator,
    /// Which part of the denominator an option needs.
    threshold: FractionJson,
    /// Whether the threshold must be exceeded, not only reached.
    threshold_exceeded: bool,
    /// Which part of the members must vote.
    quorum: FractionJson,
    /// Whether a unit may vote for itself.
    self_vote: bool,
    /// Until which day members that are asked in writing vote; null when they do not.
    written_until: Option<NaiveDate>,
    /// The text on which the rule rests, as written.
    legal_basis: Option<String>,
    /// Where it is in its life.
    state: BallotState,
    /// SHA-256 over the roll as it was frozen; null before the ballot was opened.
    roll_hash: Option<String>,
    /// Of a secret ballot that was opened: the RSA key of its tokens, SubjectPublicKeyInfo in base64url.
    public_key: Option<String>,
    /// How many votes were cast; null before the count, and where that was not recorded.
    votes_cast: Option<i32>,
    /// How many votes were spoiled; null as the numbers of the options are.
    votes_spoiled: Option<i32>,
    /// What was recorded from paper; null when it was voted here.
    recorded: Option<RecordedAs>,
    /// Why it does not count; null unless it is void.
    void_reason: Option<String>,
    /// Counts steps.
    version: i32,
    /// When it last took a step; votes do not count.
    updated_at: DateTime<Utc>,
}

impl From<ballot::Model> for BallotJson {
    fn from(row: ballot::Model) -> Self {
        let rule = usecases::rule_of(&row);
        Self {
            id: Kind::Ballot.id(row.id),
            conference_id: Kind::Conference.id(row.conference_id),
            round: row.round,
            round_of_id: row.round_of.map(|before| Kind::Ballot.id(before)),
            title: row.title,
            kind: row.kind,
            purpose: row.purpose,
            secret: row.secret,
            seats: row.seats,
            denominator: row.denominator,
            threshold: rule.threshold.part.into(),
            threshold_exceeded: row.threshold_exceeded,
            quorum: rule.quorum.into(),
            self_vote: row.self_vote,
            written_until: row.written_until,
            legal_basis: row.legal_basis,
            state: row.state,
            roll_hash: row.roll_hash,
            public_key: row.public_key.map(|key| URL_SAFE_NO_PAD.encode(key)),
            votes_cast: row.votes_cast,
            votes_spoiled: row.votes_spoiled,
            recorded: row.recorded,
            void_reason: row.void_reason,
            version: row.version,
            updated_at: row.updated_at,
        }
    }
}

/// A ballot with its options, its roll, and what came of it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct WholeBallotJson {
    /// The ballot.
    #[serde(flatten)]
    ballot: BallotJson,
    /// What can be chosen, in its order; at most 100.
    options: Vec<OptionJson>,
    /// The roll as it was frozen when the ballot was opened; empty before.
    roll: Vec<VoterJson>,
    /// What came of it; null before the count.
    outcome: Option<OutcomeJson>,
    /// Why it came out so, sentence by sentence, in the caller's language; empty before the count.
    explanation: Vec<String>,
}

/// What can be chosen in a ballot, and what it got.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OptionJson {
    /// Opaque id, for votes.
    id: String,
    /// Its place in the ballot, from 1.
    position: i32,
    /// The motion, the name of the unit on the day of the conference, or the award with its recipient.
    text: String,
    /// The unit; null for anything else.
    unit_id: Option<String>,
    /// The proposal of an award; null for anything else.
    proposal_id: Option<String>,
    /// Whether it was chosen; null before the count.
    chosen: Option<bool>,
    /// Votes for it; in a ranking, first places. Null before the count, where that is not known, and of a secret ballot with at most 5 votes.
    votes_for: Option<i32>,
    /// Votes against it; null as `votesFor` is, and where nobody is asked.
    votes_against: Option<i32>,
    /// Abstentions; null as `votesAgainst` is.
    votes_abstained: Option<i32>,
    /// Points of its places; null as `votesFor` is, and where nothing is ranked.
    points: Option<i32>,
    /// Percent of the votes; null unless only that was recorded.
    #[schema(value_type = Option<String>)]
    percent: Option<Fixed4>,
}

/// A member on the roll of a ballot.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VoterJson {
    /// The unit; null at the meeting of a council.
    unit_id: Option<String>,
    /// Its name in use; null likewise.
    unit_name: Option<String>,
    /// The member of the council; null at the conference of a cluster.
    member_id: Option<String>,
    /// The member's name as written; null likewise.
    member_name: Option<String>,
    /// Whether it was there when the ballot was opened.
    presence: Presence,
    /// Whether it does not vote because the matter concerns it.
    recused: bool,
    /// Whether it may vote.
    may_vote: bool,
    /// Whether its voting token was given; null of a ballot that is not secret.
    token_given: Option<bool>,
}

/// What came of a ballot.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OutcomeJson {
    /// Whether enough voted.
    quorum_reached: bool,
    /// Whether nothing but the outcome is kept and told: a secret ballot with at most 5 votes.
    counts_hidden: bool,
    /// The options that were chosen: those with more first, unless counts are hidden.
    chosen_ids: Vec<String>,
    /// Why a further round is called for: `TIE`, `MISSED` or `NO_QUORUM`; null when none is.
    further_round: Option<String>,
}

/// One ballot with everything that is told of it.
pub async fn whole(env: &Env, row: ballot::Model, language: Language) -> Result<WholeBallotJson> {
    let ids = [row.id];
    let options = store::options(&env.db, &ids).await?;
    let counts = store::counts(&env.db, &ids).await?;
    let roll = store::roll(&env.db, &ids).await?;
    let voters: Vec<Uuid> = roll.iter().map(|row| row.voter_id).collect();
    let names = VoterNames::read(env, &voters).await?;
    let told = usecases::explanation(&row, &options, &counts)?;
    let voters = roll.into_iter().map(|voter| {
        let named = names.of(voter.voter_id);
        VoterJson {
            unit_id: named.unit_id,
            unit_name: named.unit_name,
            member_id: named.member_id,
            member_name: named.member_name,
            presence: voter.presence,
            recused: voter.recused,
            may_vote: voter.may_vote,
            token_given: row.secret.then_some(voter.token_given),
        }
    });
    Ok(WholeBallotJson {
        roll: voters.collect(),
        outcome: outcome(&row, &options)?,
        explanation: told.iter().map(|text| text.in_language(language).to_owned()).collect(),
        options: options.iter().map(|option| shown(option, &counts)).collect(),
        ballot: row.into(),
    })
}

fn shown(option: &ballot_option::Model, counts: &[ballot_count::Model]) -> OptionJson {
    let count = counts.iter().find(|row| row.option_id == option.id);
    OptionJson {
        id: Kind::BallotOption.id(option.id),
        position: option.position,
        text: option.text.clone(),
        unit_id: option.unit_id.map(|unit| Kind::Unit.id(unit)),
        proposal_id: option.proposal_id.map(|proposal| Kind::AwardProposal.id(proposal)),
        chosen: count.map(|count| count.chosen),
        votes_for: count.and_then(|count| count.votes_for),
        votes_against: count.and_then(|count| count.votes_against),
        votes_abstained: count.and_then(|count| count.votes_abstained),
        points: count.and_then(|count| count.points),
        percent: count.and_then(|count| count.percent),
    }
}

fn outcome(row: &ballot::Model, options: &[ballot_option::Model]) -> Result<Option<OutcomeJson>> {
    let outcome = usecases::outcome_of(row)?;
    Ok(outcome.map(|outcome| OutcomeJson {
        quorum_reached: outcome.decision.quorum,
        counts_hidden: outcome.hidden,
        chosen_ids: usecases::chosen(&outcome, options)
            .map(|option| Kind::BallotOption.id(option.id))
            .collect(),
        further_round: outcome.decision.further.as_ref().map(|further| {
            let why = match further.why {
                Why::Tie => "TIE",
                Why::Missed => "MISSED",
                Why::NoQuorum => "NO_QUORUM",
            };
            why.to_owned()
        }),
    }))
}
