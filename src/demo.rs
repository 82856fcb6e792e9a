//! Demonstration data: the organisations, figures, offices and awards of five printed reports, and what is made up around
//! them so that there is something to look at. Only for demonstration: every account has the same published password.
//!
//! The reports are in `demo/facts.json`, each figure and named fact as printed. They give totals only. How a total is split
//! over units is made up here, always in the same way, and every such report says so; so does every other thing that no
//! source names. The approved reports of a source's year and scope add up to the printed figures to the digit.

use sea_orm::{DatabaseConnection, DbBackend};
use serde::Serialize;
use thidua_entity::enums::Role;
use thidua_migration::{Migrator, MigratorTrait as _};

use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::db;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;

mod accounts;
mod awards;
mod ballots;
mod catalogue;
mod clusters;
mod conferences;
mod congress;
mod courses;
mod criteria;
mod crosschecks;
mod districts;
mod draw;
pub mod facts;
mod figures;
mod heads;
mod plan;
mod proposals;
mod reports;
mod results;
mod scoring;
mod services;
mod store;
#[cfg(test)]
mod tests;
mod units;
mod years;

use self::plan::Plan;

/// The password of every account of the demonstration. It is published, so it protects nothing.
pub const PASSWORD: &str = "Thi-dua-2026!";

/// An account with which one can sign in to look at the demonstration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoAccount {
    /// Sign-in name.
    pub username: String,
    /// Password.
    pub password: String,
    /// The one role that it holds.
    pub role: Role,
    /// Name of the unit, cluster or province in which it holds the role, or `EVERYTHING`.
    pub scope: String,
}

/// The demonstration as it stands in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// Accounts to sign in with.
    pub accounts: Vec<DemoAccount>,
    /// Service accounts: their ids in the place of names, their secrets in that of passwords.
    pub services: Vec<DemoAccount>,
}

/// Writes the demonstration data in one transaction. Where they are already, nothing is written; the answer is the same.
/// A database that holds anything else is refused, since an account with a published password has no place there.
pub async fn load(env: &Env) -> Result<Loaded> {
    let mut plan = Plan::new(env.now());
    units::plan(&mut plan)?;
    clusters::plan(&mut plan)?;
    let accounts = accounts::plan(&mut plan)?;
    let services = services::plan(&mut plan)?;
    let loaded = Loaded { accounts, services };
    if store::is_loaded(&env.db).await? {
        return Ok(loaded);
    }
    plan.set_password_hash(&env.passwords.hash(PASSWORD).await?);
    catalogue::plan(&mut plan)?;
    criteria::plan(&mut plan)?;
    reports::plan(&mut plan)?;
    districts::plan(&mut plan)?;
    congress::plan(&mut plan)?;
    years::plan(&mut plan)?;
    awards::plan(&mut plan)?;
    proposals::plan(&mut plan)?;
    conferences::plan(&mut plan)?;

    let tx = db::begin_write(&env.db).await?;
    if store::is_loaded(&tx).await? {
        return Ok(loaded);
    }
    if store::holds_anything(&tx).await? {
        return Err(Error::WrongState(Text::new(
            "Cơ sở dữ liệu đã có dữ liệu khác; dữ liệu minh họa chỉ được nạp vào cơ sở dữ liệu trống.",
            "The database holds other data; demonstration data are only loaded into an empty one.",
        )));
    }
    let (root, rows) = (plan.unit("TLD")?.id, plan.rows.count());
    store::insert(&tx, plan.rows).await?;
    results::compute(&tx, env, &plan.results).await?;
    ballots::decide(&tx, env, &plan.ballots).await?;
    proposals::judge(&tx, env).await?;
    let detail = serde_json::json!({ "rows": rows });
    audit::record(
        &tx,
        env,
        &Actor::command_line(),
        Event("DEMO_LOADED"),
        (Kind::Unit, root),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(loaded)
}

/// Drops every table, whatever is in it, and makes them anew, empty.
pub async fn reset(db: &DatabaseConnection) -> Result<()> {
    match db.get_database_backend() {
        // `fresh` switches foreign keys off on one connection and drops on others; the way back needs no switch.
        DbBackend::Sqlite => Migrator::refresh(db).await?,
        _ => Migrator::fresh(db).await?,
    }
    Ok(())
}
