//! What is done with conferences.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::Presence;
use thidua_entity::{conference, conference_attendance};
use uuid::Uuid;

use super::quorum::{Attendance, Fraction};
use super::state::{self, Step};
use super::store;
use crate::auth::Actor;
use crate::clusters::rules::Span;
use crate::councils::usecases::days_of_member;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::policy::{self, Action, Place, Reach};
use crate::version::Seen;
use crate::years::store::View;
use crate::{clusters, councils};

mod life;
mod planning;

pub use life::{RollEntry, call_roll, close, open, write_minutes};
pub use planning::{ConferenceChange, Holder, NewConference, change, no_offices, plan};

/// The place of a conference for the policy: that of its cluster or its council, whoever asks.
pub async fn place(connection: &impl ConnectionTrait, env: &Env, conference: &conference::Model) -> Result<Place> {
    let today = env.today();
    match (conference.cluster_id, conference.council_id) {
        (Some(cluster), _) => clusters::store::find_place(connection, &Reach::everything(), cluster, today).await,
        (None, Some(council)) => {
            let found = councils::store::plain(connection, &[council]).await?;
            let council = found.first().ok_or(Error::NotFound)?;
            councils::store::place(connection, council, today).await
        }
        (None, None) => Err(Error::internal("a conference of nobody")),
    }
}

/// A conference that the caller sees and runs, locked until the transaction ends, at the version that the caller saw and in a state in
/// which the step is possible; and the caller as it acts.
async fn stepped(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    step: Step,
) -> Result<(Actor, conference::Model)> {
    let found = store::find(tx, &View::of(actor, env.today()), id).await?;
    let actor = policy::authorize(actor, Action::ConferenceManage, &place(tx, env, &found).await?)?;
    let conference = store::lock(tx, id).await?;
    seen.check(conference.version)?;
    state::next(conference.state, step)?;
    Ok((actor, conference))
}

/// Who is on the roll of a conference: the units that belong to its cluster on the day, or who sits in its council then.
pub async fn members(connection: &impl ConnectionTrait, conference: &conference::Model) -> Result<Vec<Uuid>> {
    let day = conference.held_on;
    let clusters: Vec<Uuid> = conference.cluster_id.into_iter().collect();
    let councils: Vec<Uuid> = conference.council_id.into_iter().collect();
    let mut members: Vec<Uuid> = if councils.is_empty() {
        let rows = clusters::store::memberships(connection, &clusters).await?;
        let on_day = rows.iter().filter(|row| Span::from(*row).holds_on(day));
        on_day.map(|row| row.unit_id).collect()
    } else {
        let rows = councils::store::members(connection, &councils).await?;
        let on_day = rows.iter().filter(|row| days_of_member(row).holds_on(day));
        on_day.map(|row| row.id).collect()
    };
    members.sort_unstable();
    members.dedup();
    Ok(members)
}

/// How many are there.
pub fn counted(rows: &[conference_attendance::Model]) -> Attendance {
    let how_many = |presence: Presence| {
        let of = rows.iter().filter(|row| row.presence == presence).count();
        u64::try_from(of).unwrap_or(u64::MAX)
    };
    Attendance {
        members: u64::try_from(rows.len()).unwrap_or(u64::MAX),
        present: how_many(Presence::Present),
        written: how_many(Presence::Written),
    }
}

/// The quorum of a conference.
pub fn quorum_of(conference: &conference::Model) -> Fraction {
    Fraction::stored(conference.quorum_numerator, conference.quorum_denominator)
}
