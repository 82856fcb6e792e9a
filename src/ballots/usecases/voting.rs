//! Voting openly: by name, once, as cast.

use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::Presence;
use thidua_entity::{ballot, ballot_option, ballot_roll, ballot_vote, conference};
use uuid::Uuid;

use super::{conference_of, rule_of};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::ballots::choice::{self, Choice, Said};
use crate::ballots::state::{self, Step};
use crate::ballots::store;
use crate::conferences::voters::Voter;
use crate::councils::usecases::days_of_member;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Reach};
use crate::years::store::View;
use crate::{clusters, councils, db, idempotency, units, years};

/// A vote to be cast by name.
#[derive(Serialize)]
pub struct NewVote<'a> {
    /// The ballot.
    pub ballot: Uuid,
    /// Who votes.
    pub voter: Voter,
    /// What is chosen.
    pub said: Said,
    /// A key under which it is cast once, however often it is asked for.
    #[serde(skip)]
    pub key: Option<&'a str>,
}

/// Casts the vote of a member in an open ballot. It stands: nobody votes twice, nor otherwise.
pub async fn cast(env: &Env, actor: &Actor, new: &NewVote<'_>) -> Result<ballot::Model> {
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, new.key, "VOTE_CAST", new).await? {
        return store::find(&tx, &View::of(actor, env.today()), first).await;
    }
    let (ref actor, ballot, row) = voter(&tx, env, actor, (new.ballot, new.voter), false).await?;
    let options = store::options(&tx, &[ballot.id]).await?;
    let choice = chosen(&ballot, &options, &new.said)?;
    not_itself(&ballot, &options, row.voter_id, &choice)?;
    let vote = ballot_vote::ActiveModel {
        ballot_id: Set(ballot.id),
        voter_id: Set(row.voter_id),
        choice: Set(serde_json::to_string(&choice).map_err(Error::internal)?),
        cast_by: Set(actor.recorded_as()),
        cast_for: Set(actor.acting_for()),
        cast_at: Set(env.now()),
    };
    store::add_vote(&tx, vote).await?;
    // What was chosen is told when all are counted, and not here.
    let detail = json!({ (new.voter.field()): row.voter_id });
    audit::record(&tx, env, actor, Event("VOTE_CAST"), (Kind::Ballot, ballot.id), detail).await?;
    idempotency::remember(&tx, actor, new.key, ballot.id).await?;
    tx.commit().await?;
    Ok(ballot)
}

/// What was sent, as a choice of a ballot.
pub(super) fn chosen(ballot: &ballot::Model, options: &[ballot_option::Model], said: &Said) -> Result<Choice> {
    let ids: Vec<Uuid> = options.iter().map(|option| option.id).collect();
    choice::read(ballot.kind, rule_of(ballot).seats, &ids, said)
}

/// Somebody who may cast the vote of a member in a ballot of this sort that is open, as it acts; the ballot, kept as it is until the
/// transaction ends, and locked where it is secret; and the member on its roll.
pub(super) async fn voter(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    (id, voter): (Uuid, Voter),
    secret: bool,
) -> Result<(Actor, ballot::Model, ballot_roll::Model)> {
    let today = env.today();
    let found = store::find(tx, &View::of(actor, today), id).await?;
    let conference = conference_of(tx, &found).await?;
    // The frozen roll alone says who has a vote, whatever is written of memberships afterwards: it is counted by that roll too. Who is not on
    // it does not exist here, whoever asks; before it is frozen there is none, and nobody votes.
    let on_roll = store::on_roll(tx, id, voter.id()).await;
    if on_roll.is_err() {
        state::next(found.state, Step::Vote)?;
    }
    on_roll?;
    let actor = acting(tx, env, actor, &conference, voter).await?;
    let ballot = if secret {
        store::lock(tx, id).await?
    } else {
        store::hold(tx, id).await?
    };
    state::next(ballot.state, Step::Vote)?;
    if ballot.secret != secret {
        return Err(other_way(ballot.secret));
    }
    let row = store::on_roll(tx, id, voter.id()).await?;
    if !row.may_vote {
        return Err(may_not(voter, row.recused));
    }
    let over = ballot.written_until.is_none_or(|until| until < today);
    if row.presence == Presence::Written && over {
        return Err(Error::WrongState(Text::new(
            "Đã hết hạn lấy ý kiến bằng văn bản.",
            "The time for written votes is over.",
        )));
    }
    Ok((actor, ballot, row))
}

/// Who casts the vote, as it acts: for a unit its officers do, and on behalf of them; a member of a council is one account and does so alone,
/// on the days on which they sit in it.
async fn acting(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    conference: &conference::Model,
    voter: Voter,
) -> Result<Actor> {
    let today = env.today();
    match (voter, conference.cluster_id) {
        (Voter::Unit(unit), Some(cluster)) => {
            let everything = Reach::everything();
            let place = units::store::find_place(tx, &everything, unit, today).await?;
            let cluster = clusters::store::find(tx, &everything, cluster, today).await?;
            policy::authorize(actor, Action::VoteCast, &years::usecases::in_cluster(place, &cluster))
        }
        (Voter::Member(member), None) => {
            let member = councils::store::member(tx, member).await?;
            let is_member = member.account_id.is_some() && member.account_id == actor.recorded_as();
            if !is_member || !days_of_member(&member).holds_on(today) {
                return Err(Error::Forbidden(Action::VoteCast));
            }
            Ok(actor.clone())
        }
        (Voter::Unit(_), None) | (Voter::Member(_), Some(_)) => Err(Error::NotFound),
    }
}

fn other_way(secret: bool) -> Error {
    if secret {
        return Error::invalid(
            "BALLOT_SECRET",
            "ballotId",
            "Đây là phiếu kín: hãy lấy mã (takeBallotToken) rồi gửi phiếu ẩn danh.",
            "This ballot is secret: take a token (takeBallotToken), then cast the vote without signing in.",
        );
    }
    Error::invalid(
        "BALLOT_OPEN_VOTE",
        "ballotId",
        "Đây là phiếu công khai: hãy bỏ phiếu bằng castVote.",
        "The votes of this ballot are named: vote with castVote.",
    )
}

fn may_not(voter: Voter, recused: bool) -> Error {
    if recused {
        return Error::invalid(
            "RECUSED",
            voter.field(),
            "Thành viên này không tham gia biểu quyết nội dung này.",
            "This member does not vote in this matter.",
        );
    }
    Error::invalid(
        "NOT_PRESENT",
        voter.field(),
        "Thành viên này vắng mặt khi chốt danh sách nên không bỏ phiếu trong cuộc này.",
        "This member was absent when the roll was frozen, and has no vote here.",
    )
}

fn not_itself(ballot: &ballot::Model, options: &[ballot_option::Model], unit: Uuid, choice: &Choice) -> Result<()> {
    let favoured = choice::favoured(choice);
    let mut favoured = favoured.iter().filter_map(|&place| options.get(place));
    if ballot.self_vote || !favoured.any(|option| option.unit_id == Some(unit)) {
        return Ok(());
    }
    Err(Error::invalid(
        "OWN_UNIT",
        "choice",
        "Đơn vị không được bầu cho chính mình trong cuộc bỏ phiếu này.",
        "A unit does not vote for itself in this ballot.",
    ))
}
