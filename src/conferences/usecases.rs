//! What is done with conferences.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::Presence;
use thidua_entity::{conference, conference_attendance};
use uuid::Uuid;

use super::quorum::{Attendance, Fraction};
use super::state::{self, Step};
use super::store;
use crate::auth::Actor;
use crate::clusters;
use crate::clusters::rules::Span;
use crate::env::Env;
use crate::error::Result;
use crate::policy::{self, Action, Place, Reach};
use crate::version::Seen;
use crate::years::store::View;

mod life;
mod planning;

pub use life::{RollEntry, call_roll, close, open, write_minutes};
pub use planning::{ConferenceChange, NewConference, change, plan};

/// The place of a conference for the policy: that of its cluster, whoever asks.
pub async fn place(connection: &impl ConnectionTrait, env: &Env, conference: &conference::Model) -> Result<Place> {
    clusters::store::find_place(connection, &Reach::everything(), conference.cluster_id, env.today()).await
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

/// The units that belong to the cluster of a conference on its day.
pub async fn members(connection: &impl ConnectionTrait, conference: &conference::Model) -> Result<Vec<Uuid>> {
    let memberships = clusters::store::memberships(connection, &[conference.cluster_id]).await?;
    let on_day = memberships
        .iter()
        .filter(|row| Span::from(*row).holds_on(conference.held_on));
    let mut members: Vec<Uuid> = on_day.map(|row| row.unit_id).collect();
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
