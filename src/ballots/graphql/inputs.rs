//! What the queries and mutations of ballots take.

use async_graphql::{Enum, ID, InputObject};
use chrono::NaiveDate;
use thidua_entity::enums::{BallotKind, BallotPurpose, BallotState, Denominator, RecordedAs};
use uuid::Uuid;

use crate::ballots::choice::{Answer, Said};
use crate::ballots::counting::{Count, Threshold};
use crate::ballots::store::BallotFilter;
use crate::ballots::usecases::{NewBallot, NewOffices, NewVote, OnPaper, Recorded, Recusal};
use crate::conferences::graphql::{FractionInput, read_voter};
use crate::conferences::voters::Voter;
use crate::error::Result;
use crate::graphql::read_id;
use crate::ids::Kind;
use crate::reports::graphql::figures::Decimal;

/// Which ballots a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct BallotWhere {
    /// Only those of this conference.
    conference_id: Option<ID>,
    /// Only those for this.
    purpose: Option<BallotPurpose>,
    /// Only those in this state.
    state: Option<BallotState>,
}

impl BallotWhere {
    /// The filter as the store takes it.
    pub fn read(self) -> Result<BallotFilter> {
        Ok(BallotFilter {
            conference: read_id(Kind::Conference, self.conference_id.as_ref())?,
            purpose: self.purpose,
            state: self.state,
        })
    }
}

/// What an option needs to be chosen.
#[derive(InputObject)]
struct ThresholdInput {
    /// The part of the denominator: of the votes, or in a ranking of the points that an option could get. 0 of 1 asks for nothing but the
    /// most votes.
    part: FractionInput,
    /// Whether it must be exceeded: more than half, not half.
    #[graphql(default)]
    exceeded: bool,
}

/// A member that does not vote, and why.
#[derive(InputObject)]
pub struct BallotRecusalInput {
    /// The unit, at the conference of a cluster. Either this or a member.
    unit_id: Option<ID>,
    /// The member, at the meeting of a council.
    member_id: Option<ID>,
    /// Why; whoever sees the ballot reads it.
    reason: String,
}

/// Those who do not vote, as the use-case takes them.
pub fn recused(named: &[BallotRecusalInput]) -> Result<Vec<Recusal>> {
    let read = |(at, one): (usize, &BallotRecusalInput)| {
        let field = format!("recused.{at}");
        Ok(Recusal {
            voter: read_voter(&field, one.unit_id.as_ref(), one.member_id.as_ref())?,
            reason: one.reason.clone(),
        })
    };
    named.iter().enumerate().map(read).collect()
}

/// A ballot to be drafted.
#[derive(InputObject)]
pub struct DraftBallotInput {
    /// The conference; not closed.
    conference_id: ID,
    /// The question.
    title: String,
    /// How it is answered.
    kind: BallotKind,
    /// What its outcome is for.
    purpose: BallotPurpose,
    /// Whether nobody may know who chose what.
    secret: bool,
    /// How many are chosen at most; when left out, with `APPROVE` all that are approved, otherwise one. One chair, one leading unit.
    seats: Option<i32>,
    /// The units that stand, members of the cluster on the day of the conference. With the motions at most 100.
    #[graphql(default)]
    nominee_ids: Vec<ID>,
    /// Plain motions, such as “Thông qua báo cáo tổng kết”. None where units are chosen.
    #[graphql(default)]
    motions: Vec<String>,
    /// Of what the threshold is a part.
    #[graphql(default_with = "Denominator::AllMembers")]
    denominator: Denominator,
    /// What an option needs to be chosen.
    threshold: ThresholdInput,
    /// Which part of the members must vote; that of the conference when left out.
    quorum: Option<FractionInput>,
    /// Whether a unit may vote for itself, as on paper. A secret ballot always allows it: nobody could see.
    #[graphql(default = true)]
    self_vote: bool,
    /// Who does not vote because the matter concerns them; at most 500.
    #[graphql(default)]
    recused: Vec<BallotRecusalInput>,
    /// Until which day members that the roll call has as `WRITTEN` vote; without it they do not.
    written_until: Option<NaiveDate>,
    /// The text on which the rule rests, as written.
    legal_basis: Option<String>,
    /// A key of your own, at most 100 characters: asked again with it, it is drafted once.
    idempotency_key: Option<String>,
}

impl DraftBallotInput {
    /// The ballot as the use-case takes it.
    pub fn read(&self) -> Result<NewBallot<'_>> {
        let nominees = self.nominee_ids.iter().map(|id| Kind::Unit.parse(id));
        Ok(NewBallot {
            conference: Kind::Conference.parse(&self.conference_id)?,
            title: &self.title,
            kind: self.kind,
            purpose: self.purpose,
            secret: self.secret,
            seats: self.seats,
            nominees: nominees.collect::<Result<_>>()?,
            motions: &self.motions,
            denominator: self.denominator,
            threshold: Threshold {
                part: self.threshold.part.read("threshold")?,
                exceeded: self.threshold.exceeded,
            },
            quorum: self.quorum.as_ref().map(|quorum| quorum.read("quorum")).transpose()?,
            self_vote: self.self_vote,
            recused: recused(&self.recused)?,
            written_until: self.written_until,
            legal_basis: self.legal_basis.as_deref(),
            key: self.idempotency_key.as_deref(),
        })
    }
}

/// A step with a ballot.
#[derive(InputObject)]
pub struct BallotStepInput {
    /// The ballot.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
}

/// A ballot that is not to count.
#[derive(InputObject)]
pub struct VoidBallotInput {
    /// The ballot.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// Why; whoever sees the ballot reads it.
    pub reason: String,
}

/// A further round to be drafted.
#[derive(InputObject)]
pub struct DraftFurtherRoundInput {
    /// The ballot whose outcome calls for it.
    pub id: ID,
    /// A key of your own, at most 100 characters: asked again with it, it is drafted once.
    pub idempotency_key: Option<String>,
}

/// An answer to an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Answer")]
pub enum BallotAnswer {
    /// Agreed.
    Yes,
    /// Not agreed.
    No,
    /// Another opinion, or none.
    Abstain,
}

/// An answer to one option.
#[derive(InputObject)]
struct OptionAnswerInput {
    /// The option.
    option_id: ID,
    /// The answer.
    answer: BallotAnswer,
}

/// A choice: exactly one of the four.
#[derive(InputObject)]
pub struct BallotChoiceInput {
    /// With `APPROVE`: an answer to each option.
    answers: Option<Vec<OptionAnswerInput>>,
    /// With `CHOOSE` and `ELECT`: the options that are marked, at most as many as there are seats.
    marks: Option<Vec<ID>>,
    /// With `RANK`: all options, the best first.
    order: Option<Vec<ID>>,
    /// Whether the paper is spoiled on purpose: it counts as cast and for nothing.
    #[graphql(default)]
    spoiled: bool,
}

impl BallotChoiceInput {
    /// The choice as the use-case takes it.
    pub fn read(&self) -> Result<Said> {
        let ids = |ids: &Option<Vec<ID>>| {
            let ids = ids
                .as_ref()
                .map(|ids| ids.iter().map(|id| Kind::BallotOption.parse(id)).collect());
            ids.transpose()
        };
        let answer = |one: &OptionAnswerInput| -> Result<(Uuid, Answer)> {
            Ok((Kind::BallotOption.parse(&one.option_id)?, one.answer.into()))
        };
        let answers = self
            .answers
            .as_ref()
            .map(|answers| answers.iter().map(answer).collect());
        Ok(Said {
            answers: answers.transpose()?,
            marks: ids(&self.marks)?,
            order: ids(&self.order)?,
            spoiled: self.spoiled,
        })
    }
}

/// A vote by name.
#[derive(InputObject)]
pub struct CastVoteInput {
    /// The ballot.
    ballot_id: ID,
    /// The unit that votes, at the conference of a cluster. Either this or a member.
    unit_id: Option<ID>,
    /// The member of the council that votes: the caller itself.
    member_id: Option<ID>,
    /// What is chosen.
    choice: BallotChoiceInput,
    /// A key of your own, at most 100 characters: asked again with it, it is cast once.
    idempotency_key: Option<String>,
}

impl CastVoteInput {
    /// The vote as the use-case takes it.
    pub fn read(&self) -> Result<NewVote<'_>> {
        Ok(NewVote {
            ballot: Kind::Ballot.parse(&self.ballot_id)?,
            voter: read_voter("unitId", self.unit_id.as_ref(), self.member_id.as_ref())?,
            said: self.choice.read()?,
            key: self.idempotency_key.as_deref(),
        })
    }
}

/// A token to be signed blindly.
#[derive(InputObject)]
pub struct TakeBallotTokenInput {
    /// The ballot; secret and open.
    pub ballot_id: ID,
    /// The unit that votes, at the conference of a cluster. Either this or a member.
    unit_id: Option<ID>,
    /// The member of the council that votes: the caller itself.
    member_id: Option<ID>,
    /// The blinded token: 256 bytes in base64url without padding.
    pub blinded_token: String,
}

impl TakeBallotTokenInput {
    /// Who votes.
    pub fn voter(&self) -> Result<Voter> {
        read_voter("unitId", self.unit_id.as_ref(), self.member_id.as_ref())
    }
}

/// What the paper says of an option.
#[derive(InputObject)]
struct PaperCountInput {
    /// The option.
    option_id: ID,
    /// Votes for it; in a ranking, first places.
    #[graphql(default, validator(minimum = 0, maximum = 1_000_000))]
    votes_for: i32,
    /// Votes against it.
    #[graphql(default, validator(minimum = 0, maximum = 1_000_000))]
    votes_against: i32,
    /// Abstentions.
    #[graphql(default, validator(minimum = 0, maximum = 1_000_000))]
    votes_abstained: i32,
    /// Points of its places, in a ranking.
    #[graphql(default, validator(minimum = 0, maximum = 1_000_000))]
    points: i32,
    /// Percent of the votes, with `PERCENTAGES`.
    percent: Option<Decimal>,
}

/// A ballot on paper.
#[derive(InputObject)]
pub struct RecordBallotResultInput {
    /// The ballot; drafted.
    pub id: ID,
    /// The `version` you saw of it.
    pub version: i32,
    /// What is known of it.
    what: RecordedAs,
    /// With `COUNTS`: votes cast, spoiled ones counted.
    #[graphql(validator(minimum = 0, maximum = 1_000_000))]
    votes_cast: Option<i32>,
    /// With `COUNTS`: spoiled votes.
    #[graphql(default, validator(minimum = 0, maximum = 1_000_000))]
    votes_spoiled: i32,
    /// With `COUNTS` and `PERCENTAGES`: each option once.
    #[graphql(default)]
    counts: Vec<PaperCountInput>,
    /// With `PERCENTAGES` and `OUTCOME`: the options that were chosen, those with more first.
    #[graphql(default)]
    chosen_ids: Vec<ID>,
}

impl RecordBallotResultInput {
    /// The record as the use-case takes it.
    pub fn read(&self) -> Result<Recorded> {
        let number = |number: i32| u64::try_from(number).unwrap_or(0);
        let option = |one: &PaperCountInput| {
            Ok(OnPaper {
                option: Kind::BallotOption.parse(&one.option_id)?,
                count: Count {
                    votes_for: number(one.votes_for),
                    against: number(one.votes_against),
                    abstained: number(one.votes_abstained),
                    points: number(one.points),
                },
                percent: one.percent.map(|percent| percent.0),
            })
        };
        let chosen = self.chosen_ids.iter().map(|id| Kind::BallotOption.parse(id));
        Ok(Recorded {
            what: self.what,
            papers: self.votes_cast.map(|cast| (number(cast), number(self.votes_spoiled))),
            options: self.counts.iter().map(option).collect::<Result<_>>()?,
            chosen: chosen.collect::<Result<_>>()?,
        })
    }
}

/// A tie to be settled as a ballot came out.
#[derive(InputObject)]
pub struct SettleTieByBallotInput {
    /// The confirmed ballot; its nominees are all units that share the place.
    ballot_id: ID,
    /// The computed result in which they share it.
    result_id: ID,
    /// The `version` you saw of the result.
    pub version: i32,
}

impl SettleTieByBallotInput {
    /// The ballot and the result.
    pub fn read(&self) -> Result<(Uuid, Uuid)> {
        Ok((
            Kind::Ballot.parse(&self.ballot_id)?,
            Kind::EmulationResult.parse(&self.result_id)?,
        ))
    }
}

/// Offices to be given after a conference.
#[derive(InputObject)]
pub struct AppointFromConferenceInput {
    /// The conference.
    conference_id: ID,
    /// The `version` you saw of the conference.
    pub version: i32,
    /// First day of the offices; usually the next 1 January.
    valid_from: NaiveDate,
    /// The chair, where offices are found by order or appointment.
    chair_id: Option<ID>,
    /// The deputies, likewise.
    #[graphql(default)]
    deputy_ids: Vec<ID>,
    /// The decision that recognises them, as written.
    decision: Option<String>,
}

impl AppointFromConferenceInput {
    /// The offices as the use-case takes them.
    pub fn read(&self) -> Result<NewOffices> {
        let deputies = self.deputy_ids.iter().map(|id| Kind::Unit.parse(id));
        Ok(NewOffices {
            conference: Kind::Conference.parse(&self.conference_id)?,
            from: self.valid_from,
            chair: read_id(Kind::Unit, self.chair_id.as_ref())?,
            deputies: deputies.collect::<Result<_>>()?,
            decision: crate::input::line_or_none("decision", self.decision.as_deref())?,
        })
    }
}
