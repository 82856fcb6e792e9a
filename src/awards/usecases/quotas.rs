//! Setting quotas and their exceptions.

use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::{award_quota, award_quota_exception};
use uuid::Uuid;

use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::awards::decision::YEARS;
use crate::awards::store;
use crate::clusters;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::units::store as units;
use crate::version::Seen;
use crate::{db, idempotency, input};

/// Most awards of a quota.
const MOST: i32 = 100_000;
/// Most exceptions of a quota.
const EXCEPTIONS_MAX: usize = 200;

/// A quota to be set.
#[derive(Serialize)]
pub struct NewQuota<'a> {
    /// The kind of award.
    pub award_type: Uuid,
    /// Year of achievement.
    pub year: i32,
    /// The unit that sets it.
    pub setter: Uuid,
    /// The unit from which, and from below which, proposals count.
    pub unit: Option<Uuid>,
    /// Or the cluster from whose members they count.
    pub cluster: Option<Uuid>,
    /// How many.
    pub most: i32,
    /// The text it rests on.
    pub legal_basis: Option<&'a str>,
}

/// Sets how many of a kind of award may be proposed for a year, from a unit and what is below it or from a cluster. Who set it before
/// changes it with the version that it saw. A quota that another set holds besides: nobody widens what is given from above.
pub async fn set_quota(
    env: &Env,
    actor: &Actor,
    new: &NewQuota<'_>,
    seen: Option<&Seen>,
    key: Option<&str>,
) -> Result<award_quota::Model> {
    let today = env.today();
    let tx = db::begin_write(&env.db).await?;
    let reach = policy::reach(actor);
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "SET_AWARD_QUOTA", new).await? {
        return store::find_quota(&tx, &reach, first, today).await;
    }
    let setter = units::find(&tx, &reach, new.setter, today).await?;
    let place = units::place(&tx, &setter, today).await?;
    let actor = &policy::authorize(actor, Action::AwardQuotaManage, &place)?;
    let subject = subject(&tx, env, &policy::reach(actor), new).await?;
    plausible(new)?;
    let legal_basis = input::paragraph_or_none("legalBasis", new.legal_basis)?;
    let kind = store::lock_type(&tx, new.award_type).await?;
    let before = store::lock_quota_of(&tx, (kind.id, new.year), (setter.id, subject)).await?;
    let row = match before {
        None => {
            let row = award_quota::ActiveModel {
                id: Set(env.new_id()),
                award_type_id: Set(kind.id),
                year: Set(new.year),
                setter_id: Set(setter.id),
                unit_id: Set(new.unit),
                cluster_id: Set(new.cluster),
                subject_id: Set(subject),
                most: Set(new.most),
                legal_basis: Set(legal_basis),
                version: Set(1),
                created_at: Set(env.now()),
            };
            let row = store::add_quota(&tx, row).await?;
            room_for_those_proposed(&tx, env, &row).await?;
            row
        }
        Some(before) => {
            match seen {
                Some(seen) => seen.check(before.version)?,
                None => return Err(Error::AlreadyExists("award_quota".to_owned())),
            }
            let taken = store::taken(&tx, &[before.id]).await?;
            let taken = taken.get(&before.id).copied().unwrap_or_default();
            holds(new.most, taken)?;
            let change = award_quota::ActiveModel {
                most: Set(new.most),
                legal_basis: Set(legal_basis),
                ..Default::default()
            };
            store::update_quota(&tx, &before, change).await?
        }
    };
    idempotency::remember(&tx, actor, key, row.id).await?;
    let detail =
        json!({ "typeId": row.award_type_id, "year": row.year, "subjectId": row.subject_id, "most": row.most });
    let subject = (Kind::AwardQuota, row.id);
    audit::record(&tx, env, actor, Event("AWARD_QUOTA_SET"), subject, detail).await?;
    tx.commit().await?;
    Ok(row)
}

/// Gives the proposals that were made before a quota was set their places in it, as they would have taken them.
async fn room_for_those_proposed(tx: &impl ConnectionTrait, env: &Env, quota: &award_quota::Model) -> Result<()> {
    let proposed = store::proposed_against(tx, quota, env.today()).await?;
    holds(quota.most, i64::try_from(proposed.len()).unwrap_or(i64::MAX))?;
    store::take_in(tx, quota.id, &proposed, || env.new_id(), env.now()).await
}

/// Lets through a quota that is not below what is taken of it.
fn holds(most: i32, taken: i64) -> Result<()> {
    if i64::from(most) >= taken {
        return Ok(());
    }
    Err(Error::invalid(
        "QUOTA_BELOW_TAKEN",
        "most",
        format!("Đã có {taken} đề nghị trong chỉ tiêu này; không thể đặt thấp hơn số đó."),
        format!("{taken} proposals are in this quota already; it cannot be set below that."),
    ))
}

/// The unit or cluster that a quota is for: at or below the unit that sets it.
async fn subject(tx: &impl ConnectionTrait, env: &Env, reach: &policy::Reach, new: &NewQuota<'_>) -> Result<Uuid> {
    let today = env.today();
    let (subject, keeper) = match (new.unit, new.cluster) {
        (Some(unit), None) => (unit, units::find(tx, reach, unit, today).await?.id),
        (None, Some(cluster)) => (
            cluster,
            clusters::store::find(tx, reach, cluster, today).await?.organiser_id,
        ),
        _ => {
            return Err(Error::invalid(
                "UNIT_OR_CLUSTER",
                "unitId",
                "Hãy chọn một đơn vị hoặc một cụm.",
                "Name either a unit or a cluster.",
            ));
        }
    };
    if keeper == new.setter || units::is_below(tx, keeper, new.setter, today).await? {
        Ok(subject)
    } else {
        Err(Error::NotFound)
    }
}

fn plausible(new: &NewQuota<'_>) -> Result<()> {
    if !YEARS.contains(&new.year) {
        return Err(Error::invalid(
            "YEAR_IMPLAUSIBLE",
            "year",
            format!("Năm thành tích phải từ {} đến {}.", YEARS.start(), YEARS.end()),
            format!(
                "The year of achievement must lie between {} and {}.",
                YEARS.start(),
                YEARS.end()
            ),
        ));
    }
    if !(0..=MOST).contains(&new.most) {
        return Err(Error::invalid(
            "COUNT_IMPLAUSIBLE",
            "most",
            format!("Số lượng phải từ 0 đến {MOST}."),
            format!("The count must be from 0 to {MOST}."),
        ));
    }
    Ok(())
}

/// Excepts a unit from a quota, with a reason: its proposals do not count, or so many of them do not.
pub async fn except(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    (unit, extra, reason): (Uuid, Option<i32>, &str),
) -> Result<award_quota::Model> {
    let today = env.today();
    let tx = db::begin_write(&env.db).await?;
    let found = store::find_quota(&tx, &policy::reach(actor), id, today).await?;
    let place = super::place(&tx, found.setter_id, today).await?;
    let actor = &policy::authorize(actor, Action::AwardQuotaManage, &place)?;
    let reason = input::paragraph("reason", reason)?;
    let unit = units::find(&tx, &policy::reach(actor), unit, today).await?;
    let quota = store::lock_quota(&tx, id).await?;
    seen.check(quota.version)?;
    if extra.is_some_and(|extra| !(1..=MOST).contains(&extra)) {
        return Err(Error::invalid(
            "COUNT_IMPLAUSIBLE",
            "extra",
            format!("Số lượng phải từ 1 đến {MOST}."),
            format!("The count must be from 1 to {MOST}."),
        ));
    }
    let there = store::exceptions(&tx, &[quota.id]).await?;
    input::list_size("quotaId", there.len().saturating_add(1), EXCEPTIONS_MAX)?;
    let row = award_quota_exception::ActiveModel {
        id: Set(env.new_id()),
        quota_id: Set(quota.id),
        unit_id: Set(unit.id),
        extra: Set(extra),
        reason: Set(reason.clone()),
        set_by: Set(actor.recorded_as()),
        set_for: Set(actor.acting_for()),
        set_at: Set(env.now()),
    };
    store::add_exception(&tx, row).await?;
    let quota = store::update_quota(&tx, &quota, award_quota::ActiveModel::default()).await?;
    let detail = json!({ "unitId": unit.id, "extra": extra, "reason": reason });
    let subject = (Kind::AwardQuota, quota.id);
    audit::record(&tx, env, actor, Event("AWARD_QUOTA_EXCEPTED"), subject, detail).await?;
    tx.commit().await?;
    Ok(quota)
}
