//! What is done with the offices of a cluster: giving them to members and ending them.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{ChosenBy, Office};
use thidua_entity::{cluster, cluster_office, unit};
use uuid::Uuid;

use super::{called_off, managed, too_many, vi, within_lives};
use crate::accounts::usecases::officers_changed;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::clusters::rules::{self, Span};
use crate::clusters::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Reach};
use crate::version::Seen;
use crate::{db, input, units};

/// An office to be given.
#[derive(Clone, Debug)]
pub struct NewOffice {
    /// The unit that will hold it.
    pub unit: Uuid,
    /// Chair or deputy.
    pub office: Office,
    /// How it was chosen.
    pub chosen_by: Option<ChosenBy>,
    /// Who acts for the unit, as written.
    pub acting_person: Option<String>,
    /// The decision that recognises it, as written.
    pub decision: Option<String>,
    /// First day; powers begin on it.
    pub valid_from: NaiveDate,
    /// First day on which it is no longer held; without one it is held until somebody else gets it.
    pub valid_to: Option<NaiveDate>,
}

/// Gives an office of a cluster to one of its members from a day on. There is one chair at a time: the one before ends on
/// that day. A unit holds one office at a time: what it held in this cluster before ends on that day too.
///
/// Chairs and deputies are chosen among the members, in rotation (Hướng dẫn 1122/BTĐKT-VI, 30/6/2011); of a bloc, among the
/// members of its clusters too.
pub async fn set_office(
    env: &Env,
    actor: &Actor,
    cluster: Uuid,
    version: i32,
    new: NewOffice,
) -> Result<cluster::Model> {
    let acting_person = input::line_or_none("actingPerson", new.acting_person.as_deref())?;
    let decision = input::line_or_none("decision", new.decision.as_deref())?;
    input::validity(Some(new.valid_from), new.valid_to)?;
    let tx = db::begin_write(&env.db).await?;
    let reach = policy::reach(actor).by_place();
    let (ref actor, cluster) = managed(&tx, env, actor, cluster).await?;
    units::store::find(&tx, &reach, new.unit, env.today()).await?;
    Seen::from(version).check(cluster.version)?;
    let new = NewOffice {
        acting_person,
        decision,
        ..new
    };
    let changed = appoint(&tx, env, actor, &cluster, new).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Gives an office of a cluster that is locked, whoever asks: who may was asked before.
pub async fn appoint(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    cluster: &cluster::Model,
    new: NewOffice,
) -> Result<cluster::Model> {
    let unit = units::store::find(tx, &Reach::everything(), new.unit, env.today()).await?;
    let wanted = Span {
        from: new.valid_from,
        to: new.valid_to,
    };
    let span = entitled(tx, cluster, &unit, within_lives(wanted, cluster, &unit)?).await?;
    let ended = make_way(tx, cluster, &unit, new.office, span).await?;
    let office = cluster_office::ActiveModel {
        id: Set(env.new_id()),
        cluster_id: Set(cluster.id),
        unit_id: Set(unit.id),
        office: Set(new.office),
        chosen_by: Set(new.chosen_by),
        acting_person: Set(new.acting_person.clone()),
        decision: Set(new.decision.clone()),
        valid_from: Set(span.from),
        valid_to: Set(span.to),
        version: Set(1),
    }
    .insert(tx)
    .await?;
    let holders: Vec<Uuid> = store::offices(tx, &[cluster.id])
        .await?
        .iter()
        .map(|row| row.unit_id)
        .collect();
    officers_changed(tx, env, &holders).await?;
    let changed = store::update(tx, cluster, cluster.version, Default::default()).await?;
    let detail = json!({
        "officeId": office.id, "unitId": unit.id, "office": new.office, "chosenBy": new.chosen_by,
        "actingPerson": new.acting_person, "decision": new.decision, "validFrom": span.from, "validTo": span.to,
        "officesEnded": ended,
    });
    let subject = (Kind::Cluster, cluster.id);
    audit::record(tx, env, actor, Event("CLUSTER_OFFICE_SET"), subject, detail).await?;
    Ok(changed)
}

/// The days of the office as part of the unit's membership, which it must not outlast.
async fn entitled(tx: &impl ConnectionTrait, cluster: &cluster::Model, unit: &unit::Model, span: Span) -> Result<Span> {
    let memberships = store::entitling(tx, cluster.id, &[unit.id]).await?;
    let spans: Vec<Span> = memberships.iter().map(Span::from).collect();
    let refuse = |vi_what: String, en_what: String| Error::invalid("NOT_A_MEMBER", "unitId", vi_what, en_what);
    let covered = rules::covered_from(span.from, &spans).ok_or_else(|| {
        refuse(
            format!("“{}” không phải là thành viên vào ngày {}.", unit.name, vi(span.from)),
            format!("“{}” is not a member on {}.", unit.name, span.from),
        )
    })?;
    span.fitted(covered).ok_or_else(|| {
        refuse(
            format!("“{}” không còn là thành viên trong suốt thời gian giữ chức.", unit.name),
            format!("“{}” is not a member during all of these days.", unit.name),
        )
    })
}

/// Ends on the first day of a new office those that cannot be held beside it, and tells which. One that begins later cannot
/// give way: the new office must end before it.
async fn make_way(
    tx: &impl ConnectionTrait,
    cluster: &cluster::Model,
    unit: &unit::Model,
    office: Office,
    span: Span,
) -> Result<Vec<Uuid>> {
    let held = store::offices(tx, &[cluster.id]).await?;
    let meanwhile: Vec<_> = held.iter().filter(|row| span.overlaps((*row).into())).collect();
    let deputies = meanwhile.iter().filter(|row| row.office == Office::Deputy);
    if office == Office::Deputy && deputies.count() >= rules::DEPUTIES_MAX {
        return Err(too_many("office", rules::DEPUTIES_MAX, "phó", "deputies"));
    }
    let mut ended = Vec::new();
    for row in meanwhile {
        let second_chair = office == Office::Chair && row.office == Office::Chair;
        if !second_chair && row.unit_id != unit.id {
            continue;
        }
        if row.valid_from >= span.from {
            return Err(Error::invalid(
                "OFFICE_TAKEN",
                "validFrom",
                format!(
                    "Từ ngày {} đã có chức vụ khác; hãy chọn ngày sau đó, hoặc kết thúc hay hủy chức vụ đó trước.",
                    vi(row.valid_from)
                ),
                format!(
                    "Another office begins on {}; choose a later day, or end or call off that office first.",
                    row.valid_from
                ),
            ));
        }
        store::end_office(tx, row, row.version, span.from).await?;
        ended.push(row.id);
    }
    Ok(ended)
}

/// Ends an office on a day; powers end with it. One that has not begun is called off instead, when the day is not after its
/// first.
pub async fn end_office(env: &Env, actor: &Actor, id: Uuid, version: i32, on: NaiveDate) -> Result<cluster::Model> {
    input::plausible_day("on", on)?;
    let tx = db::begin_write(&env.db).await?;
    let office = store::office(&tx, id).await?;
    let (ref actor, cluster) = managed(&tx, env, actor, office.cluster_id).await?;
    let called_off = called_off((&office).into(), on, env.today())?;
    if called_off {
        store::call_off_office(&tx, &office, version).await?;
    } else {
        store::end_office(&tx, &office, version, on).await?;
    }
    officers_changed(&tx, env, &[office.unit_id]).await?;
    let changed = store::update(&tx, &cluster, cluster.version, Default::default()).await?;
    let event = Event(if called_off {
        "CLUSTER_OFFICE_CALLED_OFF"
    } else {
        "CLUSTER_OFFICE_ENDED"
    });
    let detail = json!({
        "officeId": id, "unitId": office.unit_id, "office": office.office, "validFrom": office.valid_from, "on": on,
    });
    audit::record(&tx, env, actor, event, (Kind::Cluster, cluster.id), detail).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Ends the offices that some units hold in a cluster or bloc without being members any more, and tells which: an office
/// gives powers over the members, so it ends with the membership. `on` is the day on which the membership ended. The caller
/// has locked the cluster.
pub async fn release(tx: &impl ConnectionTrait, cluster: Uuid, units: &[Uuid], on: NaiveDate) -> Result<Vec<Uuid>> {
    let memberships = store::entitling(tx, cluster, units).await?;
    let mut ended = Vec::new();
    for office in store::offices(tx, &[cluster]).await? {
        let past = office.valid_to.is_some_and(|to| to <= on);
        if past || !units.contains(&office.unit_id) {
            continue;
        }
        let of_unit = memberships.iter().filter(|row| row.unit_id == office.unit_id);
        let spans: Vec<Span> = of_unit.map(Span::from).collect();
        let Some(covered) = rules::covered_from(office.valid_from, &spans) else {
            return Err(Error::invalid(
                "OFFICE_LATER",
                "on",
                format!(
                    "Thành viên giữ chức vụ từ ngày {}; hãy chọn ngày sau đó, hoặc hủy chức vụ đó trước.",
                    vi(office.valid_from)
                ),
                format!(
                    "A member holds an office from {}; choose a later day, or call off that office first.",
                    office.valid_from
                ),
            ));
        };
        if let Some(end) = covered.to
            && office.valid_to.is_none_or(|to| to > end)
        {
            store::end_office(tx, &office, office.version, end).await?;
            ended.push(office.id);
        }
    }
    Ok(ended)
}

/// The same for the bloc around a cluster, where there is one.
pub async fn release_in_bloc(
    tx: &impl ConnectionTrait,
    cluster: &cluster::Model,
    units: &[Uuid],
    on: NaiveDate,
) -> Result<Vec<Uuid>> {
    let Some(bloc) = cluster.parent_id else {
        return Ok(Vec::new());
    };
    let bloc = store::lock(tx, bloc).await?;
    let ended = release(tx, bloc.id, units, on).await?;
    if !ended.is_empty() {
        store::update(tx, &bloc, bloc.version, Default::default()).await?;
    }
    Ok(ended)
}
