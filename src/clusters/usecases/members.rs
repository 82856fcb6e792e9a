//! What is done with the members of a cluster: taking in and letting go, each from a day on.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::{cluster, cluster_membership, unit};
use uuid::Uuid;

use super::{called_off, managed, offices, too_many, vi, within_lives};
use crate::accounts::usecases::officers_changed;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::clusters::rules::{self, Conflict, Span};
use crate::clusters::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy;
use crate::{db, input, units};

/// A member to be taken in.
#[derive(Clone, Copy, Debug)]
pub struct NewMember {
    /// The unit.
    pub unit: Uuid,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which it no longer belongs; for what is entered of the past.
    pub valid_to: Option<NaiveDate>,
}

/// Takes a unit into a cluster from a day on. The unit stands below the organiser meanwhile and, where the cluster is one
/// of emulation, is in no other of the same organiser meanwhile.
pub async fn add_member(
    env: &Env,
    actor: &Actor,
    cluster: Uuid,
    version: i32,
    new: NewMember,
) -> Result<cluster::Model> {
    input::validity(Some(new.valid_from), new.valid_to)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, cluster) = managed(&tx, env, actor, cluster).await?;
    // Before anything is read of the unit: of two that take it in at the same time, the second sees what the first did.
    units::store::lock(&tx, new.unit).await?;
    let unit = units::store::find(&tx, &policy::reach(actor).by_place(), new.unit, env.today()).await?;
    let wanted = Span {
        from: new.valid_from,
        to: new.valid_to,
    };
    let span = below_organiser(&tx, &cluster, &unit, within_lives(wanted, &cluster, &unit)?).await?;
    free(&tx, env, actor, &cluster, &unit, span).await?;
    let members = store::memberships(&tx, &[cluster.id]).await?;
    let meanwhile = members.iter().filter(|row| span.overlaps((*row).into()));
    if meanwhile.count() >= rules::MEMBERS_MAX {
        return Err(too_many("unitId", rules::MEMBERS_MAX, "thành viên", "members"));
    }
    let membership = cluster_membership::ActiveModel {
        id: Set(env.new_id()),
        cluster_id: Set(cluster.id),
        unit_id: Set(unit.id),
        valid_from: Set(span.from),
        valid_to: Set(span.to),
        version: Set(1),
    }
    .insert(&tx)
    .await?;
    let changed = store::update(&tx, &cluster, version, Default::default()).await?;
    let detail = json!({
        "membershipId": membership.id, "unitId": unit.id, "validFrom": span.from, "validTo": span.to,
    });
    let subject = (Kind::Cluster, cluster.id);
    audit::record(&tx, env, actor, Event("CLUSTER_MEMBER_ADDED"), subject, detail).await?;
    tx.commit().await?;
    Ok(changed)
}

/// The days of a membership as part of those on which the unit stands below the organiser: one that moved away since, or
/// will, belongs until then.
async fn below_organiser(
    tx: &impl ConnectionTrait,
    cluster: &cluster::Model,
    unit: &unit::Model,
    span: Span,
) -> Result<Span> {
    let below = store::days_below(tx, unit.id, cluster.organiser_id).await?;
    let together = rules::covered_from(span.from, &below);
    together.and_then(|together| span.fitted(together)).ok_or_else(|| {
        let (vi_days, en_days) = days(span);
        Error::invalid(
            "NOT_BELOW_ORGANISER",
            "unitId",
            format!(
                "“{}” không trực thuộc đơn vị tổ chức cụm trong suốt thời gian {vi_days}.",
                unit.name
            ),
            format!(
                "“{}” does not stand below the cluster's organiser on all days {en_days}.",
                unit.name
            ),
        )
    })
}

/// Refuses a unit that another membership keeps out. The other cluster is named to those who see it.
async fn free(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    cluster: &cluster::Model,
    unit: &unit::Model,
    span: Span,
) -> Result<()> {
    let held = store::held(tx, unit.id).await?;
    let (membership, other) = match rules::conflict(cluster, span, &held) {
        None => return Ok(()),
        Some(Conflict::SameCluster((membership, _))) => {
            let (vi_days, en_days) = days(membership.into());
            return Err(Error::invalid(
                "ALREADY_MEMBER",
                "unitId",
                format!("“{}” đã là thành viên của cụm này {vi_days}.", unit.name),
                format!("“{}” is a member of this cluster {en_days} already.", unit.name),
            ));
        }
        Some(Conflict::OtherCluster((membership, other))) => (membership, other),
    };
    let seen = store::find_many(tx, &policy::reach(actor), &[other.id], env.today()).await?;
    let (vi_name, en_name) = match seen.first() {
        Some(other) => (format!("“{}”", other.name), format!("“{}”", other.name)),
        None => ("một cụm khác".to_owned(), "another cluster".to_owned()),
    };
    let (vi_days, en_days) = days(membership.into());
    Err(Error::invalid(
        "IN_OTHER_CLUSTER",
        "unitId",
        format!(
            "“{}” thuộc {vi_name} {vi_days}; cùng một đơn vị tổ chức, mỗi đơn vị chỉ ở một cụm thi đua tại một thời điểm.",
            unit.name
        ),
        format!(
            "“{}” is in {en_name} {en_days}; a unit is in one emulation cluster of an organiser at a time.",
            unit.name
        ),
    ))
}

/// Lets a member go on a day, and with it the offices that it holds as a member. A membership that has not begun is called
/// off instead, when the day is not after its first.
pub async fn end_membership(env: &Env, actor: &Actor, id: Uuid, version: i32, on: NaiveDate) -> Result<cluster::Model> {
    input::plausible_day("on", on)?;
    let tx = db::begin_write(&env.db).await?;
    let membership = store::membership(&tx, id).await?;
    let (ref actor, cluster) = managed(&tx, env, actor, membership.cluster_id).await?;
    let called_off = called_off((&membership).into(), on, env.today())?;
    if called_off {
        store::call_off_membership(&tx, &membership, version).await?;
    } else {
        store::end_membership(&tx, &membership, version, on).await?;
    }
    let unit = [membership.unit_id];
    let mut released = offices::release(&tx, cluster.id, &unit, on).await?;
    released.extend(offices::release_in_bloc(&tx, &cluster, &unit, on).await?);
    officers_changed(&tx, env, &unit).await?;
    let changed = store::update(&tx, &cluster, cluster.version, Default::default()).await?;
    let event = Event(if called_off {
        "CLUSTER_MEMBERSHIP_CALLED_OFF"
    } else {
        "CLUSTER_MEMBERSHIP_ENDED"
    });
    let detail = json!({
        "membershipId": id, "unitId": membership.unit_id, "validFrom": membership.valid_from, "on": on,
        "officesEnded": released,
    });
    audit::record(&tx, env, actor, event, (Kind::Cluster, cluster.id), detail).await?;
    tx.commit().await?;
    Ok(changed)
}

/// The days of a membership in words, in both languages.
fn days(span: Span) -> (String, String) {
    let (vi_end, en_end) = span.to.map_or_else(Default::default, |to| {
        (format!(" đến trước ngày {}", vi(to)), format!(" until before {to}"))
    });
    (
        format!("từ ngày {}{vi_end}", vi(span.from)),
        format!("from {}{en_end}", span.from),
    )
}
