//! Voting openly: by name, once, as cast.

use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::Presence;
use thidua_entity::{ballot, ballot_option, ballot_roll, ballot_vote};
use uuid::Uuid;

use super::{conference_of, rule_of};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::ballots::choice::{self, Choice, Said};
use crate::ballots::state::{self, Step};
use crate::ballots::store;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Reach};
use crate::years::store::View;
use crate::{clusters, conferences, db, idempotency, units, years};

/// A vote to be cast by name.
#[derive(Serialize)]
pub struct NewVote<'a> {
    /// The ballot.
    pub ballot: Uuid,
    /// The unit that votes.
    pub unit: Uuid,
    /// What it chooses.
    pub said: Said,
    /// A key under which it is cast once, however often it is asked for.
    #[serde(skip)]
    pub key: Option<&'a str>,
}

/// Casts the vote of a unit in an open ballot. It stands: nobody votes twice, nor otherwise.
pub async fn cast(env: &Env, actor: &Actor, new: &NewVote<'_>) -> Result<ballot::Model> {
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, new.key, "VOTE_CAST", new).await? {
        return store::find(&tx, &View::of(actor, env.today()), first).await;
    }
    let (ref actor, ballot, row) = voter(&tx, env, actor, (new.ballot, new.unit), false).await?;
    let options = store::options(&tx, &[ballot.id]).await?;
    let choice = chosen(&ballot, &options, &new.said)?;
    not_itself(&ballot, &options, row.unit_id, &choice)?;
    let vote = ballot_vote::ActiveModel {
        ballot_id: Set(ballot.id),
        unit_id: Set(row.unit_id),
        choice: Set(serde_json::to_string(&choice).map_err(Error::internal)?),
        cast_by: Set(actor.recorded_as()),
        cast_for: Set(actor.acting_for()),
        cast_at: Set(env.now()),
    };
    store::add_vote(&tx, vote).await?;
    // What was chosen is told when all are counted, and not here.
    let detail = json!({ "unitId": row.unit_id });
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

/// Somebody who may vote for a unit in a ballot of this sort that is open, as it acts; the ballot, kept as it is until the transaction ends;
/// and the unit on its roll.
pub(super) async fn voter(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    (id, unit): (Uuid, Uuid),
    secret: bool,
) -> Result<(Actor, ballot::Model, ballot_roll::Model)> {
    let found = store::find(tx, &View::of(actor, env.today()), id).await?;
    let conference = conference_of(tx, &found).await?;
    // A unit beyond the cluster does not exist here, whoever asks.
    if !conferences::usecases::members(tx, &conference).await?.contains(&unit) {
        return Err(Error::NotFound);
    }
    let (everything, today) = (Reach::everything(), env.today());
    let place = units::store::find_place(tx, &everything, unit, today).await?;
    let cluster = clusters::store::find(tx, &everything, conference.cluster_id, today).await?;
    let actor = policy::authorize(actor, Action::VoteCast, &years::usecases::in_cluster(place, &cluster))?;
    let ballot = store::hold(tx, id).await?;
    state::next(ballot.state, Step::Vote)?;
    if ballot.secret != secret {
        return Err(other_way(ballot.secret));
    }
    let row = store::on_roll(tx, id, unit).await?;
    if !row.may_vote {
        return Err(may_not(row.recused));
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

fn may_not(recused: bool) -> Error {
    if recused {
        return Error::invalid(
            "RECUSED",
            "unitId",
            "Đơn vị không tham gia biểu quyết nội dung này.",
            "The unit does not vote in this matter.",
        );
    }
    Error::invalid(
        "NOT_PRESENT",
        "unitId",
        "Đơn vị vắng mặt khi chốt danh sách nên không bỏ phiếu trong cuộc này.",
        "The unit was absent when the roll was frozen, so it has no vote here.",
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
