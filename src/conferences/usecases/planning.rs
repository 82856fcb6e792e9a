//! Planning a conference, and changing what was planned.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::conference;
use thidua_entity::enums::{ChosenBy, ConferenceState, EventKind};
use uuid::Uuid;

use super::stepped;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::conferences::quorum::Fraction;
use crate::conferences::state::Step;
use crate::conferences::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action, Place};
use crate::version::Seen;
use crate::years::store::View;
use crate::{clusters, councils, db, events, idempotency, input, years};

/// Most items of an agenda.
pub const ITEMS_MAX: usize = 50;

/// Whose conference it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Holder {
    /// A cluster.
    Cluster(Uuid),
    /// A council.
    Council(Uuid),
}

/// A conference to be planned.
#[derive(Serialize)]
pub struct NewConference<'a> {
    /// Whose it is.
    pub holder: Holder,
    /// The emulation year that it is about.
    pub year: Option<Uuid>,
    /// What it is called.
    pub title: &'a str,
    /// The day.
    pub held_on: NaiveDate,
    /// Where.
    pub place: &'a str,
    /// What is dealt with, in its order.
    pub agenda: &'a [String],
    /// Which part of the members must be present.
    pub quorum: Fraction,
    /// How chair and deputies of a cluster are found; by election when not said. Of a council nothing.
    pub offices_by: Option<ChosenBy>,
    /// A key under which it is planned once, however often it is asked for.
    #[serde(skip)]
    pub key: Option<&'a str>,
}

/// What may be said anew of a conference that was not opened. What is not named stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ConferenceChange {
    /// What it is called.
    pub title: Option<String>,
    /// The day.
    pub held_on: Option<NaiveDate>,
    /// Where.
    pub place: Option<String>,
    /// What is dealt with.
    pub agenda: Option<Vec<String>>,
    /// Which part of the members must be present.
    pub quorum: Option<Fraction>,
    /// How chair and deputies are found.
    pub offices_by: Option<ChosenBy>,
}

/// Plans a conference of a cluster, or of a council.
pub async fn plan(env: &Env, actor: &Actor, new: &NewConference<'_>) -> Result<conference::Model> {
    let title = input::line("title", new.title)?;
    let where_it_is = input::line("place", new.place)?;
    let held_on = input::plausible_day("heldOn", new.held_on)?;
    let agenda = agenda(new.agenda)?;
    let view = View::of(actor, env.today());
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, new.key, "CONFERENCE_PLANNED", new).await? {
        return store::find(&tx, &view, first).await;
    }
    let place = place_of_holder(&tx, &view, new.holder).await?;
    let acting = &policy::authorize(actor, Action::ConferenceManage, &place)?;
    let offices_by = offices_by(new)?;
    let (cluster, council) = match new.holder {
        Holder::Cluster(cluster) => (Some(cluster), None),
        Holder::Council(council) => (None, Some(council)),
    };
    if let Some(year) = new.year {
        of_cluster(&tx, &view, cluster, year).await?;
    }
    let (numerator, denominator) = new.quorum.to_store();
    let row = conference::ActiveModel {
        id: Set(env.new_id()),
        cluster_id: Set(cluster),
        council_id: Set(council),
        year_id: Set(new.year),
        title: Set(title.clone()),
        held_on: Set(held_on),
        place: Set(where_it_is.clone()),
        quorum_numerator: Set(numerator),
        quorum_denominator: Set(denominator),
        offices_by: Set(offices_by),
        state: Set(ConferenceState::Planned),
        minutes: Set(None),
        version: Set(1),
        created_at: Set(env.now()),
        updated_at: Set(env.now()),
    };
    let conference = store::add(&tx, row).await?;
    store::put_items(&tx, conference.id, &agenda).await?;
    let detail = json!({
        "clusterId": cluster, "councilId": council, "yearId": new.year, "title": title, "heldOn": held_on, "place": where_it_is, "agenda": agenda,
        "quorum": new.quorum, "officesBy": offices_by,
    });
    let subject = (Kind::Conference, conference.id);
    audit::record(&tx, env, acting, Event("CONFERENCE_PLANNED"), subject, detail).await?;
    // One that was held before is only written down here.
    if conference.held_on >= env.today() {
        events::tell(&tx, env, acting, EventKind::ConferencePlanned, subject, json!({})).await?;
    }
    idempotency::remember(&tx, acting, new.key, conference.id).await?;
    tx.commit().await?;
    Ok(conference)
}

/// Changes what was planned of a conference that was not opened.
pub async fn change(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    change: &ConferenceChange,
) -> Result<conference::Model> {
    let mut row = conference::ActiveModel {
        updated_at: Set(env.now()),
        ..Default::default()
    };
    if let Some(title) = &change.title {
        row.title = Set(input::line("title", title)?);
    }
    if let Some(day) = change.held_on {
        row.held_on = Set(input::plausible_day("heldOn", day)?);
    }
    if let Some(place) = &change.place {
        row.place = Set(input::line("place", place)?);
    }
    if let Some(quorum) = change.quorum {
        let (numerator, denominator) = quorum.to_store();
        row.quorum_numerator = Set(numerator);
        row.quorum_denominator = Set(denominator);
    }
    if let Some(offices_by) = change.offices_by {
        row.offices_by = Set(Some(offices_by));
    }
    let items = change.agenda.as_deref().map(agenda).transpose()?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, before) = stepped(&tx, env, actor, id, seen, Step::Change).await?;
    if change.offices_by.is_some() && before.council_id.is_some() {
        return Err(no_offices("officesBy"));
    }
    if let Some(items) = &items {
        store::put_items(&tx, id, items).await?;
    }
    let after = store::update(&tx, &before, row).await?;
    let told = |row: &conference::Model| {
        json!({
            "title": row.title, "heldOn": row.held_on, "place": row.place, "officesBy": row.offices_by,
            "quorum": super::quorum_of(row),
        })
    };
    let detail = json!({ "before": told(&before), "after": told(&after), "agenda": items });
    let subject = (Kind::Conference, id);
    audit::record(&tx, env, actor, Event("CONFERENCE_CHANGED"), subject, detail).await?;
    let moved = (before.held_on, &before.place) != (after.held_on, &after.place);
    if moved && after.held_on >= env.today() {
        events::tell(&tx, env, actor, EventKind::ConferenceMoved, subject, json!({})).await?;
    }
    tx.commit().await?;
    Ok(after)
}

fn agenda(items: &[String]) -> Result<Vec<String>> {
    input::list_size("agenda", items.len(), ITEMS_MAX)?;
    let read = (0..)
        .zip(items)
        .map(|(at, item)| input::line(&format!("agenda.{at}"), item));
    read.collect()
}

/// The place of a cluster or a council that the caller sees.
async fn place_of_holder(tx: &impl ConnectionTrait, view: &View, holder: Holder) -> Result<Place> {
    match holder {
        Holder::Cluster(cluster) => clusters::store::find_place(tx, &view.reach, cluster, view.today).await,
        Holder::Council(council) => {
            let council = councils::store::find(tx, view, council).await?;
            councils::store::place(tx, &council, view.today).await
        }
    }
}

/// How offices are found: a cluster has them, a council has none.
fn offices_by(new: &NewConference<'_>) -> Result<Option<ChosenBy>> {
    match (new.holder, new.offices_by) {
        (Holder::Cluster(_), chosen) => Ok(chosen.or(Some(ChosenBy::Election))),
        (Holder::Council(_), None) => Ok(None),
        (Holder::Council(_), Some(_)) => Err(no_offices("officesBy")),
    }
}

/// That a council has no offices, told as a problem of a field.
pub fn no_offices(field: &str) -> Error {
    Error::invalid(
        "COUNCIL_HAS_NO_OFFICES",
        field,
        "Phiên họp hội đồng không bầu cụm trưởng, cụm phó.",
        "No offices of a cluster follow from the meeting of a council.",
    )
}

/// A year that the caller sees and that is one of the cluster.
async fn of_cluster(tx: &impl ConnectionTrait, view: &View, cluster: Option<Uuid>, year: Uuid) -> Result<()> {
    let year = years::store::find(tx, view, year).await?;
    if Some(year.cluster_id) == cluster {
        return Ok(());
    }
    Err(Error::invalid(
        "YEAR_OF_OTHER_CLUSTER",
        "yearId",
        "Năm thi đua này không phải của cụm tổ chức hội nghị.",
        "This emulation year is not one of the cluster that holds the conference.",
    ))
}
