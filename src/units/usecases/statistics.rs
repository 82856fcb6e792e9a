//! Counting heads: how many workers, members and women among them a unit had on a day.

use chrono::NaiveDate;
use serde_json::json;
use thidua_entity::{unit, unit_statistics};
use uuid::Uuid;

use super::managed;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::Action;
use crate::units::store;
use crate::{db, input};

/// Head counts of a day.
pub struct HeadCount {
    /// The day of the count.
    pub as_of: NaiveDate,
    /// Workers, public employees and labourers.
    pub workers: Option<i64>,
    /// Union members.
    pub members: Option<i64>,
    /// Women among the members.
    pub women_members: Option<i64>,
    /// Where the count comes from.
    pub source: Option<String>,
}

/// More than there are people in Viet Nam, and well within the `Int` of GraphQL.
const HEADS_MAX: i64 = 1_000_000_000;

/// Records head counts of a unit on a day, or corrects those of that day at the version that the caller saw. What is there
/// already changes nothing, so that who lost the answer may ask again.
pub async fn record_statistics(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    version: Option<i32>,
    count: HeadCount,
) -> Result<unit::Model> {
    let source = input::line_or_none("source", count.source.as_deref())?;
    input::plausible_day("asOf", count.as_of)?;
    let counts = [
        ("workers", count.workers),
        ("members", count.members),
        ("womenMembers", count.women_members),
    ];
    if let Some((field, _)) = counts.iter().find(|(_, value)| value.is_some_and(|value| value < 0)) {
        return Err(Error::invalid(
            "NEGATIVE",
            *field,
            "Số lượng không thể âm.",
            "A count cannot be negative.",
        ));
    }
    if let Some((field, _)) = counts
        .iter()
        .find(|(_, value)| value.is_some_and(|value| value > HEADS_MAX))
    {
        return Err(Error::invalid(
            "TOO_LARGE",
            *field,
            format!("Số lượng tối đa là {HEADS_MAX}."),
            format!("A count is at most {HEADS_MAX}."),
        ));
    }
    at_most(
        count.women_members,
        count.members,
        "womenMembers",
        "Số đoàn viên nữ",
        "số đoàn viên",
        "women members",
        "members",
    )?;
    at_most(
        count.members,
        count.workers,
        "members",
        "Số đoàn viên",
        "số người lao động",
        "members",
        "workers",
    )?;
    at_most(
        count.women_members,
        count.workers,
        "womenMembers",
        "Số đoàn viên nữ",
        "số người lao động",
        "women members",
        "workers",
    )?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, unit) = managed(&tx, env, actor, id, Action::UnitStatisticsRecord).await?;
    // The unit's row is locked, so nobody else writes a count of it meanwhile.
    let there = store::statistics_of(&tx, id, count.as_of).await?;
    let row = unit_statistics::Model {
        id: there.as_ref().map_or_else(|| env.new_id(), |there| there.id),
        unit_id: id,
        as_of: count.as_of,
        workers: count.workers,
        members: count.members,
        women_members: count.women_members,
        source,
        version: there.as_ref().map_or(1, |there| there.version),
    };
    match there {
        Some(there) if there == row => return Ok(unit),
        Some(there) if version != Some(there.version) => {
            return Err(Error::StaleVersion { current: there.version });
        }
        Some(_) => store::correct_statistics(&tx, row).await?,
        None if version.is_some() => {
            return Err(Error::invalid(
                "NO_COUNT_YET",
                "version",
                "Ngày này chưa có số liệu; hãy bỏ trống `version`.",
                "There is no count of this day yet; leave `version` out.",
            ));
        }
        None => store::add_statistics(&tx, row).await?,
    }
    let detail = json!({ "asOf": count.as_of, "workers": count.workers, "members": count.members, "womenMembers": count.women_members });
    audit::record(
        &tx,
        env,
        actor,
        Event("UNIT_STATISTICS_RECORDED"),
        (Kind::Unit, id),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(unit)
}

fn at_most(
    part: Option<i64>,
    whole: Option<i64>,
    field: &str,
    part_vi: &str,
    whole_vi: &str,
    part_en: &str,
    whole_en: &str,
) -> Result<()> {
    match (part, whole) {
        (Some(part), Some(whole)) if part > whole => Err(Error::invalid(
            "PART_EXCEEDS_WHOLE",
            field,
            format!("{part_vi} ({part}) không thể nhiều hơn {whole_vi} ({whole})."),
            format!("There cannot be more {part_en} ({part}) than {whole_en} ({whole})."),
        )),
        _ => Ok(()),
    }
}
