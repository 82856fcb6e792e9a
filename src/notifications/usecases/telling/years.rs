//! What is told of emulation years, and whom.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::NotificationKind;
use thidua_entity::event;

use super::{Telling, news, officers};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::events::OfYear;
use crate::notifications::wording::{AboutYear, Told};
use crate::policy::{Action, Reach};
use crate::{clusters, units, years};

/// The officers of the units that something in an emulation year concerns, but not whoever did it.
pub(super) async fn to_units(
    tx: &impl ConnectionTrait,
    env: &Env,
    event: &event::Model,
    kind: NotificationKind,
) -> Result<Telling> {
    let (everything, today) = (Reach::everything(), env.today());
    let said: OfYear = serde_json::from_str(&event.detail).map_err(Error::internal)?;
    let year = years::store::plain(tx, &[said.year])
        .await?
        .remove(&said.year)
        .ok_or(Error::NotFound)?;
    let cluster = clusters::store::plain_names(tx, &[year.cluster_id])
        .await?
        .remove(&year.cluster_id);
    let unit = match said.about {
        Some(unit) => Some(units::store::find(tx, &everything, unit, today).await?),
        None => None,
    };
    let whom = officers(tx, env, (Action::ScoreSelf, &said.units)).await?;
    let told = Told {
        of_year: Some(AboutYear {
            id: year.id,
            year: year.year,
            cluster: cluster.unwrap_or_default(),
            phase: said.phase,
            unit: said.about,
        }),
        unit: unit.map(|unit| unit.name).unwrap_or_default(),
        reason: said.reason,
        ..Told::default()
    };
    Ok(Telling {
        whom,
        news: news(kind, event, &told)?,
    })
}
