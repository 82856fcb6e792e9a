//! The offices that follow from a conference: by election, by rank, or by a fixed order. They begin on a day, and with them powers.

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use serde_json::json;
use thidua_entity::enums::{BallotPurpose, ChosenBy, Office};
use thidua_entity::{cluster, conference};
use uuid::Uuid;

use super::{chosen, outcome_of};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::ballots::store;
use crate::clusters::rules::Span;
use crate::clusters::usecases::NewOffice;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::events::OfOffices;
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::version::Seen;
use crate::years::store::View;
use crate::{clusters, conferences, db, events, input, units};

/// Offices to be given after a conference.
#[derive(Clone, Debug)]
pub struct NewOffices {
    /// The conference.
    pub conference: Uuid,
    /// First day; usually the next 1 January.
    pub from: NaiveDate,
    /// The chair, where it is found by a fixed order or appointed.
    pub chair: Option<Uuid>,
    /// The deputies, likewise.
    pub deputies: Vec<Uuid>,
    /// The decision that recognises them, as written.
    pub decision: Option<String>,
}

/// Gives the offices of the cluster as its conference found them: from that day on, and the former ones end on it. Elected are those of
/// the confirmed ballots for chair and deputies; by rank they are the leading and the excellent units; otherwise they are named, by who may
/// besides give any office of the cluster. `WRONG_STATE` before the conference was opened.
pub async fn appoint(env: &Env, actor: &Actor, seen: &Seen, new: &NewOffices) -> Result<conference::Model> {
    input::plausible_day("validFrom", new.from)?;
    input::list_size("deputyIds", new.deputies.len(), input::LIST_MAX)?;
    let tx = db::begin_write(&env.db).await?;
    let conference = conferences::store::find(&tx, &View::of(actor, env.today()), new.conference).await?;
    all_seen(&tx, env, actor, new).await?;
    let place = conferences::usecases::place(&tx, env, &conference).await?;
    let mut actor = policy::authorize(actor, Action::OutcomeConfirm, &place)?;
    // How offices are found may still be changed while the conference is planned, and who may give them follows from it.
    let conference = conferences::store::lock(&tx, conference.id).await?;
    if only_named(conference.offices_by) {
        actor = policy::authorize(&actor, Action::ClusterManage, &place)?;
    }
    let actor = &actor;
    seen.check(conference.version)?;
    conferences::state::was_opened(conference.state)?;
    let (Some(cluster), Some(offices_by)) = (conference.cluster_id, conference.offices_by) else {
        return Err(conferences::usecases::no_offices("conferenceId"));
    };
    if new.from <= conference.held_on {
        return Err(Error::invalid(
            "OFFICE_BEFORE_CONFERENCE",
            "validFrom",
            "Chức vụ bắt đầu sau ngày họp.",
            "The offices begin after the day of the conference.",
        ));
    }
    let (chair, deputies) = found(&tx, &conference, offices_by, new).await?;
    let mut cluster = clusters::store::lock(&tx, cluster).await?;
    let former = former(&tx, cluster.id, new.from, (chair, &deputies)).await?;
    if !deputies.is_empty() {
        former_deputies_end(&tx, &cluster, new.from, &deputies).await?;
    }
    let to = chair.iter().map(|&unit| (Office::Chair, unit));
    for (office, unit) in to.chain(deputies.iter().map(|&unit| (Office::Deputy, unit))) {
        let new = NewOffice {
            unit,
            office,
            chosen_by: Some(offices_by),
            acting_person: None,
            decision: new.decision.clone(),
            valid_from: new.from,
            valid_to: None,
        };
        cluster = clusters::usecases::appoint(&tx, env, actor, &cluster, new).await?;
    }
    let detail = json!({ "chair": chair, "deputies": deputies, "validFrom": new.from, "chosenBy": offices_by });
    let subject = (Kind::Conference, conference.id);
    audit::record(&tx, env, actor, Event("OFFICES_APPOINTED"), subject, detail).await?;
    let told = OfOffices {
        from: new.from,
        chair,
        deputies,
        former,
    };
    events::tell_of_offices(&tx, env, actor, subject, &told).await?;
    tx.commit().await?;
    Ok(conference)
}

/// Whether units are only named for the offices. Then there is no vote that gives them anything, so it takes what giving any office takes
/// besides, which no office carries: else those who lead a cluster would name who leads it next.
const fn only_named(offices_by: Option<ChosenBy>) -> bool {
    matches!(offices_by, Some(ChosenBy::Order | ChosenBy::Appointment))
}

/// Sees that the caller sees the units that it names, before anything is told of them.
async fn all_seen(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, new: &NewOffices) -> Result<()> {
    let named: Vec<Uuid> = new.chair.iter().chain(&new.deputies).copied().collect();
    let reach = policy::reach(actor).by_place();
    let seen = units::store::find_many(tx, &reach, &named, env.today()).await?;
    if named.iter().all(|&unit| seen.iter().any(|row| row.id == unit)) {
        Ok(())
    } else {
        Err(Error::NotFound)
    }
}

/// Who holds one of the offices that others get on a day, and gets none of them.
async fn former(
    tx: &impl ConnectionTrait,
    cluster: Uuid,
    from: NaiveDate,
    (chair, deputies): (Option<Uuid>, &[Uuid]),
) -> Result<Vec<Uuid>> {
    let is_given = |office: Office| match office {
        Office::Chair => chair.is_some(),
        Office::Deputy => !deputies.is_empty(),
    };
    let offices = clusters::store::offices(tx, &[cluster]).await?;
    let held = offices
        .iter()
        .filter(|row| is_given(row.office) && Span::from(*row).holds_on(from) && row.valid_from < from);
    let mut former: Vec<Uuid> = held.map(|row| row.unit_id).collect();
    former.retain(|unit| Some(*unit) != chair && !deputies.contains(unit));
    former.sort_unstable();
    former.dedup();
    Ok(former)
}

/// Who gets the offices.
async fn found(
    tx: &impl ConnectionTrait,
    conference: &conference::Model,
    offices_by: ChosenBy,
    new: &NewOffices,
) -> Result<(Option<Uuid>, Vec<Uuid>)> {
    let purposes = match offices_by {
        ChosenBy::Election => (BallotPurpose::Chair, BallotPurpose::Deputy),
        ChosenBy::Rank => (BallotPurpose::LeadingUnit, BallotPurpose::ExcellentUnits),
        ChosenBy::Order | ChosenBy::Appointment => {
            return if new.chair.is_some() || !new.deputies.is_empty() {
                Ok((new.chair, new.deputies.clone()))
            } else {
                Err(nobody())
            };
        }
    };
    if new.chair.is_some() || !new.deputies.is_empty() {
        return Err(Error::invalid(
            "OFFICES_FOUND_BY_VOTE",
            "chairId",
            "Chức vụ của hội nghị này lấy theo kết quả bỏ phiếu, không nêu tên đơn vị.",
            "The offices of this conference follow from its votes; name no units.",
        ));
    }
    let chair = chosen_in(tx, conference.id, purposes.0).await?.into_iter().next();
    let deputies = chosen_in(tx, conference.id, purposes.1).await?;
    if chair.is_none() && deputies.is_empty() {
        return Err(nobody());
    }
    Ok((
        chair,
        deputies.into_iter().filter(|&unit| Some(unit) != chair).collect(),
    ))
}

fn nobody() -> Error {
    Error::invalid(
        "NOBODY_CHOSEN",
        "conferenceId",
        "Chưa có kết quả được xác nhận để giao chức vụ.",
        "There is no confirmed outcome from which offices follow.",
    )
}

/// The units that the confirmed ballots for a purpose chose, of all rounds.
async fn chosen_in(tx: &impl ConnectionTrait, conference: Uuid, purpose: BallotPurpose) -> Result<Vec<Uuid>> {
    let ballots = store::confirmed(tx, conference, purpose).await?;
    let mut units = Vec::new();
    for ballot in &ballots {
        let options = store::options(tx, &[ballot.id]).await?;
        let outcome = outcome_of(ballot)?;
        let all = outcome.iter().flat_map(|outcome| chosen(outcome, &options));
        units.extend(all.filter_map(|option| option.unit_id));
    }
    Ok(units)
}

/// Ends the deputies who hold their office on the day on which others begin. One who goes on begins anew.
async fn former_deputies_end(
    tx: &impl ConnectionTrait,
    cluster: &cluster::Model,
    from: NaiveDate,
    next: &[Uuid],
) -> Result<()> {
    for row in clusters::store::offices(tx, &[cluster.id]).await? {
        let held = row.office == Office::Deputy && Span::from(&row).holds_on(from) && row.valid_from < from;
        // Whoever gets an office now has the former one ended with it.
        if held && !next.contains(&row.unit_id) {
            clusters::store::end_office(tx, &row, row.version, from).await?;
        }
    }
    Ok(())
}
