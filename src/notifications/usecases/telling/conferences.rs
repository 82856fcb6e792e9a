//! What is told of conferences and their ballots, and whom. Of votes nothing is told: a ballot is told of when it is opened, and with its
//! outcome when that is confirmed.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::{BallotState, NotificationKind};
use thidua_entity::{ballot, conference, event};
use uuid::Uuid;

use super::{Telling, news, officers};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::events::{OfDeadline, OfOffices};
use crate::notifications::store;
use crate::notifications::wording::{AboutBallot, AboutConference, AboutOffices, Told};
use crate::policy::{Action, Reach};
use crate::years::store::View;
use crate::{ballots, clusters, conferences, councils, units};

/// Those who may vote in a ballot that was opened.
async fn voters(tx: &impl ConnectionTrait, ballot: Uuid) -> Result<Vec<Uuid>> {
    let roll = ballots::store::roll(tx, &[ballot]).await?;
    Ok(roll.iter().filter(|row| row.may_vote).map(|row| row.voter_id).collect())
}

/// Those on the roll of a ballot; of one that was held on paper, those on the roll of its conference.
async fn on_roll(tx: &impl ConnectionTrait, ballot: &ballot::Model) -> Result<Vec<Uuid>> {
    let roll = ballots::store::roll(tx, &[ballot.id]).await?;
    if !roll.is_empty() {
        return Ok(roll.into_iter().map(|row| row.voter_id).collect());
    }
    let attendance = conferences::store::attendance(tx, &[ballot.conference_id]).await?;
    Ok(attendance.into_iter().map(|row| row.voter_id).collect())
}

/// A conference, whoever asks, and what is told of it.
async fn told_of(tx: &impl ConnectionTrait, id: Uuid) -> Result<(conference::Model, AboutConference)> {
    let found = conferences::store::plain(tx, &[id]).await?;
    let conference = found.into_iter().next().ok_or(Error::NotFound)?;
    let about = AboutConference {
        holder: holder(tx, &conference).await?,
        title: conference.title.clone(),
        held_on: conference.held_on,
        place: conference.place.clone(),
        ballot: None,
        offices: None,
    };
    Ok((conference, about))
}

/// The name of the cluster or council that holds a conference.
async fn holder(tx: &impl ConnectionTrait, conference: &conference::Model) -> Result<String> {
    if let Some(cluster) = conference.cluster_id {
        let mut names = clusters::store::plain_names(tx, &[cluster]).await?;
        return Ok(names.remove(&cluster).unwrap_or_default());
    }
    let councils: Vec<Uuid> = conference.council_id.into_iter().collect();
    let found = councils::store::plain(tx, &councils).await?;
    Ok(found.into_iter().next().map(|council| council.name).unwrap_or_default())
}

/// Who acts for those who have a vote: officers of units; members of councils themselves, as far as they have accounts.
async fn acting_for(
    tx: &impl ConnectionTrait,
    env: &Env,
    conference: &conference::Model,
    voters: &[Uuid],
) -> Result<Vec<Uuid>> {
    if conference.council_id.is_none() {
        return officers(tx, env, (Action::VoteCast, voters)).await;
    }
    let members = councils::store::plain_members(tx, voters).await?;
    let accounts: Vec<Uuid> = members.into_iter().filter_map(|member| member.account_id).collect();
    store::unlocked_among(tx, &accounts).await
}

/// Those who have a vote on the day of a conference.
pub(super) async fn of_conference(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
    kind: NotificationKind,
) -> Result<Telling> {
    let (conference, about) = told_of(tx, event.subject_id).await?;
    let members = conferences::usecases::members(tx, &conference).await?;
    let told = Told {
        of_conference: Some(about),
        ..Told::default()
    };
    Ok(Telling {
        whom: acting_for(tx, env, &conference, &members).await?,
        news: news(kind, event, &told)?,
    })
}

/// A ballot, whoever asks: those whom it is told see it.
async fn ballot_of(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<ballot::Model> {
    let everything = View {
        reach: Reach::everything(),
        today: env.today(),
    };
    ballots::store::find(tx, &everything, event.subject_id).await
}

fn about_ballot(ballot: &ballot::Model) -> AboutBallot {
    AboutBallot {
        title: ballot.title.clone(),
        round: ballot.round,
        secret: ballot.secret,
        kind: ballot.kind,
        chosen: Vec::new(),
    }
}

/// Those who may vote: the ballot waits for them.
pub(super) async fn ballot_opened(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Telling> {
    let ballot = ballot_of(tx, env, event).await?;
    let voters = voters(tx, ballot.id).await?;
    ballot_waits(tx, env, (event, &ballot), NotificationKind::BallotOpened, &voters).await
}

/// Those who have not voted, that the last day is near. Of a secret ballot all who may vote, since who has voted is known to nobody. Nobody
/// when it was closed meanwhile.
pub(super) async fn vote_due(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Option<Telling>> {
    let ballot = ballot_of(tx, env, event).await?;
    let said: OfDeadline = serde_json::from_str(&event.detail).map_err(Error::internal)?;
    if ballot.state != BallotState::Open || ballot.written_until != Some(said.until) {
        return Ok(None);
    }
    let mut voters = voters(tx, ballot.id).await?;
    if !ballot.secret {
        let votes = ballots::store::votes(tx, &[ballot.id]).await?;
        voters.retain(|voter| votes.iter().all(|vote| vote.voter_id != *voter));
    }
    let kind = NotificationKind::VoteDueSoon;
    Ok(Some(ballot_waits(tx, env, (event, &ballot), kind, &voters).await?))
}

/// Some who have a vote: the ballot waits for them, and until when.
async fn ballot_waits(
    tx: &impl ConnectionTrait,
    env: &Env,
    (event, ballot): (&event::Model, &ballot::Model),
    kind: NotificationKind,
    voters: &[Uuid],
) -> Result<Telling> {
    let (conference, about) = told_of(tx, ballot.conference_id).await?;
    let told = Told {
        until: ballot.written_until,
        of_conference: Some(AboutConference {
            ballot: Some(about_ballot(ballot)),
            ..about
        }),
        ..Told::default()
    };
    Ok(Telling {
        whom: acting_for(tx, env, &conference, voters).await?,
        news: news(kind, event, &told)?,
    })
}

/// Everybody on the roll: what was chosen, and no number.
pub(super) async fn ballot_confirmed(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Telling> {
    let ballot = ballot_of(tx, env, event).await?;
    let (conference, about) = told_of(tx, ballot.conference_id).await?;
    let options = ballots::store::options(tx, &[ballot.id]).await?;
    let outcome = ballots::usecases::outcome_of(&ballot)?;
    let chosen = outcome
        .iter()
        .flat_map(|outcome| ballots::usecases::chosen(outcome, &options));
    let concerned = on_roll(tx, &ballot).await?;
    let told = Told {
        of_conference: Some(AboutConference {
            ballot: Some(AboutBallot {
                chosen: chosen.map(|option| option.text.clone()).collect(),
                ..about_ballot(&ballot)
            }),
            ..about
        }),
        ..Told::default()
    };
    Ok(Telling {
        whom: acting_for(tx, env, &conference, &concerned).await?,
        news: news(NotificationKind::BallotConfirmed, event, &told)?,
    })
}

/// The officers of those who get an office, and of those who had one until then.
pub(super) async fn offices_appointed(tx: &impl ConnectionTrait, env: &Env, event: &event::Model) -> Result<Telling> {
    let said: OfOffices = serde_json::from_str(&event.detail).map_err(Error::internal)?;
    let (_, about) = told_of(tx, event.subject_id).await?;
    let given: Vec<Uuid> = said.chair.into_iter().chain(said.deputies.iter().copied()).collect();
    let names = units::store::plain_names(tx, &given, env.today()).await?;
    let name = |unit: &Uuid| names.get(unit).cloned();
    let told = Told {
        of_conference: Some(AboutConference {
            offices: Some(AboutOffices {
                from: said.from,
                chair: said.chair.as_ref().and_then(name),
                deputies: said.deputies.iter().filter_map(name).collect(),
            }),
            ..about
        }),
        ..Told::default()
    };
    let concerned: Vec<Uuid> = given.into_iter().chain(said.former).collect();
    Ok(Telling {
        whom: officers(tx, env, (Action::VoteCast, &concerned)).await?,
        news: news(NotificationKind::OfficesAppointed, event, &told)?,
    })
}
