//! Ballots as the schema shows them.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{BallotKind, BallotPurpose, BallotState, Denominator, RecordedAs};
use thidua_entity::{ballot, ballot_count, ballot_option};

use super::BallotId;
use super::loaders::{CountsOf, OptionsOf, ReceiptsOf, RecusalsOf, RollOf, VotesOf};
use super::voters::{BallotRecusal, BallotVoter, NamedVote};
use crate::awards::graphql::{AwardProposal, AwardProposalId};
use crate::ballots::state::{self, Step};
use crate::ballots::usecases;
use crate::conferences::graphql::{Conference, ConferenceId, ConferencePlace, FractionShown};
use crate::graphql::{UserError, ViewerCan, connection, id, language, loaded, loaders, payload};
use crate::ids::Kind;
use crate::policy::Action;
use crate::reports::graphql::figures::Decimal;
use crate::units::graphql::{Unit, UnitId};

/// For how many options, voters, votes or receipts a query is charged.
const CHARGED: usize = 15;

/// A ballot (cuộc bỏ phiếu): a question put to a conference, the rule by which it is decided, and what came of it.
#[derive(Clone)]
pub struct Ballot(pub ballot::Model);

impl From<ballot::Model> for Ballot {
    fn from(row: ballot::Model) -> Self {
        Self(row)
    }
}

impl Ballot {
    async fn parts(&self, ctx: &Context<'_>) -> async_graphql::Result<Parts> {
        let loaders = loaders(ctx)?;
        let (options, counts) = loaded(tokio::try_join!(
            loaders.load_one(OptionsOf(self.0.id)),
            loaders.load_one(CountsOf(self.0.id)),
        ))?;
        Ok(Parts {
            options: options.unwrap_or_default(),
            counts: counts.unwrap_or_default(),
        })
    }
}

/// The options of a ballot with what they got.
struct Parts {
    options: Arc<Vec<ballot_option::Model>>,
    counts: Arc<Vec<ballot_count::Model>>,
}

impl Parts {
    fn shown(&self, option: &ballot_option::Model) -> BallotOption {
        BallotOption {
            row: option.clone(),
            count: self.counts.iter().find(|row| row.option_id == option.id).cloned(),
        }
    }

    fn at(&self, places: &[usize]) -> Vec<BallotOption> {
        let options = places.iter().filter_map(|&place| self.options.get(place));
        options.map(|option| self.shown(option)).collect()
    }
}

/// A ballot (cuộc bỏ phiếu): a question put to a conference, the rule by which it is decided, and what came of it.
#[Object]
impl Ballot {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Ballot, self.0.id)
    }
    /// The conference.
    async fn conference(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Conference>> {
        Ok(loaded(loaders(ctx)?.load_one(ConferenceId(self.0.conference_id)).await)?.map(Conference))
    }
    /// Which round it is, from 1.
    async fn round(&self) -> i32 {
        self.0.round
    }
    /// The ballot of which it is the further round; null in the first.
    async fn round_of(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Ballot>> {
        let Some(before) = self.0.round_of else { return Ok(None) };
        Ok(loaded(loaders(ctx)?.load_one(BallotId(before)).await)?.map(Ballot))
    }
    /// The question.
    async fn title(&self) -> &str {
        &self.0.title
    }
    /// How it is answered.
    async fn kind(&self) -> BallotKind {
        self.0.kind
    }
    /// What its outcome is for.
    async fn purpose(&self) -> BallotPurpose {
        self.0.purpose
    }
    /// Whether nobody may know who chose what.
    async fn secret(&self) -> bool {
        self.0.secret
    }
    /// How many are chosen at most.
    async fn seats(&self) -> i32 {
        self.0.seats
    }
    /// Of what the threshold is a part.
    async fn denominator(&self) -> Denominator {
        self.0.denominator
    }
    /// Which part of the denominator an option needs.
    async fn threshold(&self) -> FractionShown {
        usecases::rule_of(&self.0).threshold.part.into()
    }
    /// Whether the threshold must be exceeded, not only reached.
    async fn threshold_exceeded(&self) -> bool {
        self.0.threshold_exceeded
    }
    /// Which part of the members must vote.
    async fn quorum(&self) -> FractionShown {
        usecases::rule_of(&self.0).quorum.into()
    }
    /// Whether a unit may vote for itself.
    async fn self_vote(&self) -> bool {
        self.0.self_vote
    }
    /// Until which day members that are asked in writing vote; null when they do not.
    async fn written_until(&self) -> Option<NaiveDate> {
        self.0.written_until
    }
    /// The text on which the rule rests, as written; null when unknown.
    async fn legal_basis(&self) -> Option<&str> {
        self.0.legal_basis.as_deref()
    }
    /// Where it is in its life.
    async fn state(&self) -> BallotState {
        self.0.state
    }
    /// What can be chosen, in its order, with what each got; at most 100.
    #[graphql(complexity = "CHARGED * child_complexity + 1")]
    async fn options(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<BallotOption>> {
        let parts = self.parts(ctx).await?;
        Ok(parts.options.iter().map(|option| parts.shown(option)).collect())
    }
    /// Who does not vote because the matter concerns them.
    #[graphql(complexity = "CHARGED * child_complexity + 1")]
    async fn recusals(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<BallotRecusal>> {
        let rows = loaded(loaders(ctx)?.load_one(RecusalsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rows.iter().cloned().map(BallotRecusal).collect())
    }
    /// The roll as it was frozen when the ballot was opened; empty before. At most 500.
    #[graphql(complexity = "CHARGED * child_complexity + 1")]
    async fn roll(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<BallotVoter>> {
        let loaders = loaders(ctx)?;
        let (roll, votes) = loaded(tokio::try_join!(
            loaders.load_one(RollOf(self.0.id)),
            loaders.load_one(VotesOf(self.0.id)),
        ))?;
        let (roll, votes) = (roll.unwrap_or_default(), votes.unwrap_or_default());
        let voter = |row: &thidua_entity::ballot_roll::Model| BallotVoter {
            has_voted: (!self.0.secret).then(|| votes.iter().any(|vote| vote.voter_id == row.voter_id)),
            secret: self.0.secret,
            row: row.clone(),
        };
        Ok(roll.iter().map(voter).collect())
    }
    /// SHA-256 over the roll as it was frozen, in hexadecimal; null before the ballot was opened. The text is a first line `thidua-roll-1`,
    /// the UUID of the ballot, then for each member in the order of their UUIDs `uuid|presence|recused or -|votes or -`, each line with its end.
    async fn roll_hash(&self) -> Option<&str> {
        self.0.roll_hash.as_deref()
    }
    /// Whether the roll still has that digest; null before the ballot was opened.
    async fn roll_intact(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<bool>> {
        let Some(hash) = &self.0.roll_hash else { return Ok(None) };
        let roll = loaded(loaders(ctx)?.load_one(RollOf(self.0.id)).await)?.unwrap_or_default();
        Ok(Some(usecases::digest_of(self.0.id, &roll) == *hash))
    }
    /// Of a secret ballot that was opened: the RSA key with which tokens are blinded and verified, SubjectPublicKeyInfo in base64url.
    async fn public_key(&self) -> Option<String> {
        self.0.public_key.as_ref().map(|key| URL_SAFE_NO_PAD.encode(key))
    }
    /// How many votes were cast, spoiled ones counted; null before the count, and where that was not recorded.
    async fn votes_cast(&self) -> Option<i32> {
        self.0.votes_cast
    }
    /// How many votes were spoiled; null as the numbers of the options are.
    async fn votes_spoiled(&self) -> Option<i32> {
        self.0.votes_spoiled
    }
    /// What came of it; null before the count.
    async fn outcome(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<BallotOutcome>> {
        let Some(outcome) = usecases::outcome_of(&self.0)? else {
            return Ok(None);
        };
        let parts = self.parts(ctx).await?;
        let decision = outcome.decision;
        let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
        let left = usecases::rule_of(&self.0).seats.saturating_sub(decision.chosen.len());
        Ok(Some(BallotOutcome {
            quorum_reached: decision.quorum,
            counts_hidden: outcome.hidden,
            chosen: parts.at(&decision.chosen),
            seats_left: number(left),
            further_round: decision.further.map(|further| FurtherRound {
                why: further.why.into(),
                seats: number(further.seats),
                options: parts.at(&further.options),
            }),
        }))
    }
    /// Why it came out so, sentence by sentence, in the caller's language; empty before the count.
    async fn explanation(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<String>> {
        let parts = self.parts(ctx).await?;
        let told = usecases::explanation(&self.0, &parts.options, &parts.counts)?;
        let language = language(ctx);
        Ok(told.iter().map(|text| text.in_language(language).to_owned()).collect())
    }
    /// The named votes of a ballot that is not secret, when it was counted; empty before. At most 500.
    #[graphql(complexity = "CHARGED * child_complexity + 1")]
    async fn votes(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<NamedVote>> {
        if !state::is_counted(self.0.state) {
            return Ok(Vec::new());
        }
        let votes = loaded(loaders(ctx)?.load_one(VotesOf(self.0.id)).await)?.unwrap_or_default();
        let options = loaded(loaders(ctx)?.load_one(OptionsOf(self.0.id)).await)?.unwrap_or_default();
        votes.iter().map(|vote| NamedVote::of(vote, &options)).collect()
    }
    /// The receipts of a secret ballot, when it was counted, in their own order: SHA-256 of each token, in hexadecimal. Whoever finds theirs
    /// knows that their vote was counted; it says nothing of the choice. At most 500.
    #[graphql(complexity = "CHARGED")]
    async fn receipts(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<String>> {
        let rows = loaded(loaders(ctx)?.load_one(ReceiptsOf(self.0.id)).await)?.unwrap_or_default();
        Ok(rows.iter().map(|row| row.receipt.clone()).collect())
    }
    /// What was recorded from paper; null when it was voted here.
    async fn recorded(&self) -> Option<RecordedAs> {
        self.0.recorded
    }
    /// Why it does not count; null unless it is void.
    async fn void_reason(&self) -> Option<&str> {
        self.0.void_reason.as_deref()
    }
    /// Counts steps; give it back as `version` when you take one. Votes do not count as steps.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// When it was drafted.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// When it last took a step; votes do not count.
    async fn updated_at(&self) -> DateTime<Utc> {
        self.0.updated_at
    }
    /// What the caller may do with it now and, for what is refused, why: `OPEN`, `CLOSE`, `RECORD`, `FURTHER_ROUND`, `CONFIRM`, `VOID`. Who may
    /// vote is said by `roll`.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let place = loaded(loaders(ctx)?.load_one(ConferencePlace(self.0.conference_id)).await)?.unwrap_or_default();
        let steps = [
            (Step::Open, Action::ConferenceManage),
            (Step::Close, Action::ConferenceManage),
            (Step::Record, Action::ConferenceManage),
            (Step::FurtherRound, Action::ConferenceManage),
            (Step::Confirm, Action::OutcomeConfirm),
            (Step::Void, Action::ConferenceManage),
        ];
        let can = |(step, action): (Step, Action)| {
            let moment = state::next(self.0.state, step).map(drop);
            ViewerCan::when(ctx, step.code(), (action, &place), moment)
        };
        Ok(steps.into_iter().map(can).collect::<crate::error::Result<Vec<_>>>()?)
    }
}

/// What can be chosen in a ballot, and what it got.
#[derive(Clone)]
pub struct BallotOption {
    row: ballot_option::Model,
    count: Option<ballot_count::Model>,
}

/// What can be chosen in a ballot, and what it got.
#[Object]
impl BallotOption {
    /// Opaque id, for votes.
    async fn id(&self) -> ID {
        id(Kind::BallotOption, self.row.id)
    }
    /// Its place in the ballot, from 1.
    async fn position(&self) -> i32 {
        self.row.position
    }
    /// The motion, the name of the unit on the day of the conference, or the award with its recipient.
    async fn text(&self) -> &str {
        &self.row.text
    }
    /// The unit; null for anything else, and when it is beyond what the caller sees.
    async fn unit(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Unit>> {
        let Some(unit) = self.row.unit_id else { return Ok(None) };
        Ok(loaded(loaders(ctx)?.load_one(UnitId(unit)).await)?.map(Unit))
    }
    /// The proposal of an award; null for anything else, and when it is beyond what the caller sees.
    async fn proposal(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AwardProposal>> {
        let Some(proposal) = self.row.proposal_id else {
            return Ok(None);
        };
        Ok(loaded(loaders(ctx)?.load_one(AwardProposalId(proposal)).await)?.map(AwardProposal))
    }
    /// Whether it was chosen; null before the count.
    async fn chosen(&self) -> Option<bool> {
        self.count.as_ref().map(|count| count.chosen)
    }
    /// Votes for it; in a ranking, first places. Null before the count, where that is not known of a ballot on paper, and of a secret ballot
    /// with at most 5 votes.
    async fn votes_for(&self) -> Option<i32> {
        self.count.as_ref()?.votes_for
    }
    /// Votes against it; null as `votesFor` is, and where nobody is asked.
    async fn votes_against(&self) -> Option<i32> {
        self.count.as_ref()?.votes_against
    }
    /// Abstentions; null as `votesAgainst` is.
    async fn votes_abstained(&self) -> Option<i32> {
        self.count.as_ref()?.votes_abstained
    }
    /// Points of its places; null as `votesFor` is, and where nothing is ranked.
    async fn points(&self) -> Option<i32> {
        self.count.as_ref()?.points
    }
    /// Percent of the votes; null unless only that was recorded.
    async fn percent(&self) -> Option<Decimal> {
        self.count.as_ref()?.percent.map(Decimal)
    }
}

/// What came of a ballot.
#[derive(SimpleObject)]
pub struct BallotOutcome {
    /// Whether enough voted.
    quorum_reached: bool,
    /// Whether nothing but the outcome is kept and told: a secret ballot with at most 5 votes.
    counts_hidden: bool,
    /// What was chosen: those with more first, unless counts are hidden.
    chosen: Vec<BallotOption>,
    /// Seats that nobody got; they stay vacant unless a further round fills them.
    seats_left: i32,
    /// The further round that is called for; null when none is.
    further_round: Option<FurtherRound>,
}

/// A further round that an outcome calls for; draft it with `draftFurtherRound`.
#[derive(SimpleObject)]
pub struct FurtherRound {
    /// Why.
    why: FurtherRoundReason,
    /// For how many seats.
    seats: i32,
    /// Who stands again.
    options: Vec<BallotOption>,
}

/// Why a further round is called for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
#[graphql(remote = "crate::ballots::counting::Why")]
pub enum FurtherRoundReason {
    /// More are equal than there are seats left.
    Tie,
    /// Too few reached the threshold.
    Missed,
    /// Too few voted.
    NoQuorum,
}

/// What came of taking a voting token.
#[derive(SimpleObject)]
pub struct BallotTokenPayload {
    /// The ballot; null when `userErrors` says what to mend.
    pub ballot: Option<Ballot>,
    /// The signature of the blinded token, 256 bytes in base64url without padding; unblind it before it is brought back.
    pub blind_signature: Option<String>,
    /// What a form can mend; empty when the token was signed.
    pub user_errors: Vec<UserError>,
}

connection!(BallotConnection, BallotEdge, Ballot, "ballots");
payload!(BallotPayload, ballot: Ballot, "a ballot");
