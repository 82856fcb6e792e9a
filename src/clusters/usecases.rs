//! What is done with clusters: setting up, naming, ending; their members and offices in files of their own.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{ClusterForm, ClusterPurpose, Named};
use thidua_entity::{cluster, unit};
use uuid::Uuid;

use super::rules::{self, Ending, Span};
use super::store;
use crate::accounts::usecases::officers_changed;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Place};
use crate::{db, idempotency, input, text, units};

mod members;
mod offices;

pub use members::{NewMember, add_member, end_membership};
pub use offices::{NewOffice, appoint, end_office, set_office};

/// A cluster to be set up.
#[derive(Clone, Debug, Serialize)]
pub struct NewCluster {
    /// Bloc or cluster.
    pub form: ClusterForm,
    /// Emulation, or only an area of management.
    pub purpose: ClusterPurpose,
    /// The unit that sets it up; members stand below it.
    pub organiser: Uuid,
    /// The bloc that will hold it; only a cluster can be in one.
    pub bloc: Option<Uuid>,
    /// Name.
    pub name: String,
    /// The decision, as written.
    pub decision: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
}

/// Sets up a cluster or bloc over the units below an organiser. Under the same key the cluster that was set up first is the
/// answer again.
pub async fn create(env: &Env, actor: &Actor, new: NewCluster, key: Option<&str>) -> Result<cluster::Model> {
    let name = input::line("name", &new.name)?;
    let decision = input::line_or_none("decision", new.decision.as_deref())?;
    input::plausible_day("validFrom", new.valid_from)?;
    let (reach, today) = (policy::reach(actor), env.today());
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "CREATE_CLUSTER", &new).await? {
        return store::find(&tx, &reach, first, today).await;
    }
    let organiser = units::store::find(&tx, &reach.by_place(), new.organiser, today).await?;
    let bloc = match new.bloc {
        Some(bloc) => {
            store::find(&tx, &reach, bloc, today).await?;
            Some(store::lock(&tx, bloc).await?)
        }
        None => None,
    };
    // Whoever manages a cluster of which the organiser is a member does not thereby set up clusters in its name.
    let place = Place {
        clusters: bloc.iter().map(|bloc| bloc.id).collect(),
        ..units::store::place(&tx, &organiser, today).await?
    };
    let actor = &policy::authorize(actor, Action::ClusterManage, &place)?;
    if !Span::from(&organiser).holds_on(new.valid_from) {
        return Err(not_alive(&organiser, "validFrom"));
    }
    if let Some(bloc) = &bloc {
        holds(bloc, &new)?;
        if store::count_inside(&tx, bloc.id).await? >= rules::CLUSTERS_MAX as u64 {
            return Err(too_many(
                "blocId",
                rules::CLUSTERS_MAX,
                "cụm trong một khối",
                "clusters in a bloc",
            ));
        }
    }
    let cluster = cluster::ActiveModel {
        id: Set(env.new_id()),
        form: Set(new.form),
        purpose: Set(new.purpose),
        organiser_id: Set(organiser.id),
        parent_id: Set(new.bloc),
        sort_key: Set(text::sort_key(&name)),
        name: Set(name.clone()),
        decision: Set(decision.clone()),
        valid_from: Set(new.valid_from),
        valid_to: Set(None),
        version: Set(1),
        created_at: Set(env.now()),
    }
    .insert(&tx)
    .await?;
    units::store::index_names(&tx, Named::Cluster, cluster.id, &[&name]).await?;
    let detail = json!({
        "name": name, "form": new.form, "purpose": new.purpose, "organiserId": organiser.id, "blocId": new.bloc,
        "validFrom": new.valid_from, "decision": decision,
    });
    audit::record(
        &tx,
        env,
        actor,
        Event("CLUSTER_CREATED"),
        (Kind::Cluster, cluster.id),
        detail,
    )
    .await?;
    idempotency::remember(&tx, actor, key, cluster.id).await?;
    tx.commit().await?;
    Ok(cluster)
}

/// A bloc holds clusters of its own organiser, from days on which it is there itself. Organiser, bloc, cluster, member: the
/// tree has no more levels than that.
fn holds(bloc: &cluster::Model, new: &NewCluster) -> Result<()> {
    let refuse = |code, vi: &str, en: &str| Err(Error::invalid(code, "blocId", vi, en));
    if new.form == ClusterForm::Bloc {
        return refuse(
            "BLOC_IN_BLOC",
            "Khối không nằm trong khối khác; chỉ cụm mới thuộc một khối.",
            "A bloc is not in another bloc; only a cluster is.",
        );
    }
    if bloc.form != ClusterForm::Bloc {
        return refuse(
            "NOT_A_BLOC",
            "Phải chọn một khối; cụm không chứa cụm khác.",
            "Choose a bloc; a cluster holds no clusters.",
        );
    }
    if bloc.organiser_id != new.organiser {
        return refuse(
            "BLOC_ORGANISER",
            "Khối phải do chính đơn vị tổ chức này thành lập.",
            "The bloc must be one of the same organiser.",
        );
    }
    if let Some(ended) = bloc.valid_to {
        return refuse(
            "BLOC_ENDED",
            &format!("Khối kết thúc ngày {} nên không nhận thêm cụm.", vi(ended)),
            &format!("The bloc ends on {ended}, so no cluster can be added."),
        );
    }
    if new.valid_from < bloc.valid_from {
        return Err(not_there(bloc, "validFrom"));
    }
    Ok(())
}

/// What may be said anew of a cluster. What is not named stays as it is.
#[derive(Clone, Debug, Default)]
pub struct ClusterChange {
    /// Name.
    pub name: Option<String>,
    /// The decision; `Some(None)` when there is none to name.
    pub decision: Option<Option<String>>,
}

/// Changes the name or the decision of a cluster.
pub async fn update(env: &Env, actor: &Actor, id: Uuid, version: i32, change: ClusterChange) -> Result<cluster::Model> {
    let name = change
        .name
        .as_deref()
        .map(|name| input::line("name", name))
        .transpose()?;
    let decision = match &change.decision {
        Some(decision) => Some(input::line_or_none("decision", decision.as_deref())?),
        None => None,
    };
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, cluster) = managed(&tx, env, actor, id).await?;
    let mut row = cluster::ActiveModel { ..Default::default() };
    if let Some(name) = &name {
        row.name = Set(name.clone());
        row.sort_key = Set(text::sort_key(name));
    }
    if let Some(decision) = decision {
        row.decision = Set(decision);
    }
    let changed = store::update(&tx, &cluster, version, row).await?;
    if name.is_some() {
        units::store::index_names(&tx, Named::Cluster, id, &[&changed.name]).await?;
    }
    let detail = json!({
        "before": { "name": cluster.name, "decision": cluster.decision },
        "after": { "name": changed.name, "decision": changed.decision },
    });
    audit::record(&tx, env, actor, Event("CLUSTER_CHANGED"), (Kind::Cluster, id), detail).await?;
    tx.commit().await?;
    Ok(changed)
}

/// Ends a cluster on a day, and with it its memberships and offices. Nothing is deleted.
pub async fn end(env: &Env, actor: &Actor, id: Uuid, version: i32, on: NaiveDate) -> Result<cluster::Model> {
    input::plausible_day("on", on)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, cluster) = managed(&tx, env, actor, id).await?;
    if let Some(ended) = cluster.valid_to {
        return Err(Error::WrongState(Text::new(
            format!("“{}” đã kết thúc ngày {}.", cluster.name, vi(ended)),
            format!("“{}” ended on {ended} already.", cluster.name),
        )));
    }
    if on <= cluster.valid_from {
        return Err(began_later("on", cluster.valid_from));
    }
    if let Some(inside) = store::inside_after(&tx, id, on).await? {
        return Err(Error::invalid(
            "BLOC_HOLDS_CLUSTERS",
            "on",
            format!(
                "Khối còn “{}” hoạt động sau ngày này; hãy kết thúc các cụm của khối trước.",
                inside.name
            ),
            format!(
                "“{}” in this bloc goes on after this day; end the clusters of the bloc first.",
                inside.name
            ),
        ));
    }
    let memberships = store::memberships(&tx, &[id]).await?;
    let offices = store::offices(&tx, &[id]).await?;
    let beginnings = memberships.iter().map(|row| row.valid_from);
    if let Some(last) = beginnings.chain(offices.iter().map(|row| row.valid_from)).max()
        && last >= on
    {
        return Err(began_later("on", last));
    }
    let change = cluster::ActiveModel {
        valid_to: Set(Some(on)),
        ..Default::default()
    };
    let ended = store::update(&tx, &cluster, version, change).await?;
    store::close(&tx, id, on).await?;
    let members: Vec<Uuid> = memberships.iter().map(|row| row.unit_id).collect();
    officers_changed(&tx, env, &members).await?;
    let released = offices::release_in_bloc(&tx, &cluster, &members, on).await?;
    let detail = json!({ "on": on, "blocOfficesEnded": released });
    audit::record(&tx, env, actor, Event("CLUSTER_ENDED"), (Kind::Cluster, id), detail).await?;
    tx.commit().await?;
    Ok(ended)
}

/// A cluster that the caller sees and manages, locked until the transaction ends, and the caller as it acts.
async fn managed(tx: &impl ConnectionTrait, env: &Env, actor: &Actor, id: Uuid) -> Result<(Actor, cluster::Model)> {
    let cluster = store::find(tx, &policy::reach(actor), id, env.today()).await?;
    let place = store::place(tx, &cluster, env.today()).await?;
    let actor = policy::authorize(actor, Action::ClusterManage, &place)?;
    Ok((actor, store::lock(tx, id).await?))
}

/// The days of a membership or office as part of the lives of the cluster and of the unit: without an end of its own it ends
/// when one of them has ended.
fn within_lives(span: Span, cluster: &cluster::Model, unit: &unit::Model) -> Result<Span> {
    let in_cluster = span
        .fitted(cluster.into())
        .ok_or_else(|| not_there(cluster, "validFrom"))?;
    in_cluster
        .fitted(unit.into())
        .ok_or_else(|| not_alive(unit, "validFrom"))
}

/// Whether what holds for a span, as a membership or an office, is to end or to be called off; else why neither is possible.
pub fn called_off(span: Span, on: NaiveDate, today: NaiveDate) -> Result<bool> {
    match rules::ending(span, on, today) {
        Ending::Ends => Ok(false),
        Ending::CalledOff => Ok(true),
        Ending::BeganLater => Err(began_later("on", span.from)),
        Ending::EndedBefore(to) => Err(Error::WrongState(Text::new(
            format!("Đã kết thúc ngày {}; chỉ có thể kết thúc sớm hơn.", vi(to)),
            format!("It ended on {to} already; an end can only be brought forward."),
        ))),
    }
}

/// That something begins on a day, so that its end comes after it.
pub fn began_later(field: &str, began: NaiveDate) -> Error {
    Error::invalid(
        "SPAN_INVALID",
        field,
        format!(
            "Ngày kết thúc phải sau ngày {}, vì có nội dung bắt đầu từ ngày đó.",
            vi(began)
        ),
        format!("The end must come after {began}: something begins on that day."),
    )
}

fn not_there(cluster: &cluster::Model, field: &str) -> Error {
    let (vi_end, en_end) = cluster.valid_to.map_or_else(Default::default, |to| {
        (format!(" đến trước ngày {}", vi(to)), format!(" until before {to}"))
    });
    Error::invalid(
        "CLUSTER_NOT_ACTIVE",
        field,
        format!(
            "“{}” hoạt động từ ngày {}{vi_end}; hãy chọn ngày trong thời gian đó.",
            cluster.name,
            vi(cluster.valid_from)
        ),
        format!(
            "“{}” is there from {}{en_end}; choose days within that time.",
            cluster.name, cluster.valid_from
        ),
    )
}

fn not_alive(unit: &unit::Model, field: &str) -> Error {
    let (vi_founded, en_founded) = unit.founded_on.map_or_else(Default::default, |day| {
        (format!(" từ ngày {}", vi(day)), format!(" from {day}"))
    });
    let (vi_ended, en_ended) = unit.ended_on.map_or_else(Default::default, |day| {
        (format!(" đến trước ngày {}", vi(day)), format!(" until before {day}"))
    });
    Error::invalid(
        "UNIT_NOT_ACTIVE",
        field,
        format!(
            "“{}” hoạt động{vi_founded}{vi_ended}; hãy chọn ngày trong thời gian đó.",
            unit.name
        ),
        format!(
            "“{}” is there{en_founded}{en_ended}; choose days within that time.",
            unit.name
        ),
    )
}

fn too_many(field: &str, max: usize, what_vi: &str, what_en: &str) -> Error {
    Error::invalid(
        "TOO_MANY",
        field,
        format!("Tối đa {max} {what_vi} cùng lúc."),
        format!("At most {max} {what_en} at once."),
    )
}

/// A day as Vietnamese write it.
fn vi(day: NaiveDate) -> String {
    day.format("%d/%m/%Y").to_string()
}
