//! Publishing a result: with it the sheets and the year are published, and none of it changes any more.

use serde_json::json;
use thidua_entity::enums::{EventKind, ResultState, YearPhase};
use thidua_entity::result;
use uuid::Uuid;

use super::readiness::{SheetsNot, all_at_least, open_objections};
use super::{Basis, basis, deciding, is_last, reading};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::events::OfYear;
use crate::ids::Kind;
use crate::results::store::{self, View};
use crate::version::Seen;
use crate::{db, events, scoring, years};

/// Publishes a computed result that nothing has made stale.
pub async fn publish(env: &Env, actor: &Actor, id: Uuid, seen: &Seen) -> Result<result::Model> {
    let tx = db::begin_write(&env.db).await?;
    let view = View::of(actor, env.today());
    let found = store::find(&tx, &view, id).await?;
    let (ref actor, year) = deciding(&tx, env, actor, &found).await?;
    // Read again, now that nobody else writes results of the year.
    let found = store::find(&tx, &view, id).await?;
    if found.state != ResultState::Computed {
        return Err(Error::WrongState(Text::new(
            "Kết quả này đã công bố.",
            "The result is published already.",
        )));
    }
    seen.check(found.version)?;
    let is_correction = found.corrects_id.is_some();
    let phase = if is_correction {
        YearPhase::Published
    } else {
        YearPhase::Deciding
    };
    years::state::demand(year.phase, &[phase])?;
    is_last(&store::newest(&tx, &[year.id]).await?, &found)?;
    let Basis { set, gathered } = basis(&tx, env, &year).await?;
    let staleness = reading::since(&tx, &found, &set, &gathered.facts).await?;
    if staleness.is_stale() {
        let told = staleness.text();
        return Err(Error::invalid("RESULT_STALE", "id", told.vi, told.en));
    }
    let opened = reading::open(&tx, &found).await?;
    if !opened.outcome.problems.is_empty() {
        let count = opened.outcome.problems.len();
        return Err(Error::invalid(
            "ENTRIES_DO_NOT_FIT",
            "id",
            format!("Có {count} nội dung trên phiếu chấm không khớp bảng điểm; xem `problems` của kết quả."),
            format!("{count} entries of score sheets do not fit the criteria; see `problems` of the result."),
        ));
    }
    let open = open_objections(&tx, &gathered).await?;
    if open > 0 {
        return Err(Error::invalid(
            "OBJECTIONS_OPEN",
            "id",
            format!("Còn {open} kiến nghị chưa được trả lời."),
            format!("{open} objections are not answered yet."),
        ));
    }
    // For a correction too: sheets may have been taken back for it.
    all_at_least(&set, &gathered, SheetsNot::Decided)?;
    let now = env.now();
    let published = store::publish(&tx, &found, actor, now).await?;
    scoring::store::publish_all(&tx, year.id, actor, now, || env.new_id()).await?;
    if !is_correction {
        years::usecases::enter(&tx, env, actor, &year, YearPhase::Published, None).await?;
    }
    let units: Vec<Uuid> = gathered
        .facts
        .units
        .keys()
        .map(|id| Kind::Unit.parse(id))
        .collect::<Result<_>>()?;
    let told = OfYear::to(year.id, units);
    events::tell_of_year(
        &tx,
        env,
        actor,
        EventKind::ResultPublished,
        (Kind::EmulationResult, id),
        &told,
    )
    .await?;
    let detail = json!({
        "yearId": year.id, "number": published.number, "sha256": published.hash, "correctsId": published.corrects_id,
    });
    let event = Event("RESULT_PUBLISHED");
    audit::record(&tx, env, actor, event, (Kind::EmulationResult, id), detail).await?;
    tx.commit().await?;
    Ok(published)
}
