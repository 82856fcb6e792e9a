//! SQL of what somebody is on a day: by grants, and by the offices that the units hold of which they are officers.

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use thidua_entity::enums::Role;
use thidua_entity::{account, cluster_office, role_grant};
use uuid::Uuid;

use super::{in_force, scope_of};
use crate::auth::Actor;
use crate::db;
use crate::error::Result;
use crate::policy::{Capacity, Scope, exercises_offices};

/// What an account is on a day, whether or not it has signed in. The actor belongs to no session.
pub async fn standing(connection: &impl ConnectionTrait, account: &account::Model, today: NaiveDate) -> Result<Actor> {
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account.id))
        .filter(in_force(today))
        .all(connection)
        .await?;
    let held = grants
        .iter()
        .filter_map(|grant| Some((grant.role, scope_of(grant.scope_kind, grant.scope_id)?)));
    let capacities = capacities(connection, held.collect(), today).await?;
    Ok(Actor::new(
        account.id,
        account.username.clone(),
        Uuid::nil(),
        capacities,
    ))
}

/// The capacities of roles, and those of the offices that come with them: one statement for an officer, none for others.
pub(super) async fn capacities(
    connection: &impl ConnectionTrait,
    held: Vec<(Role, Scope)>,
    today: NaiveDate,
) -> Result<Vec<(Capacity, Scope)>> {
    let officer_of: Vec<Uuid> = held
        .iter()
        .filter_map(|&(role, scope)| match scope {
            Scope::Unit(unit) if exercises_offices(role) => Some(unit),
            _ => None,
        })
        .collect();
    let mut capacities: Vec<_> = held
        .into_iter()
        .map(|(role, scope)| (Capacity::Role(role), scope))
        .collect();
    if !officer_of.is_empty() {
        for office in offices_held(connection, officer_of, today).await? {
            capacities.push((Capacity::Office(office.office), Scope::Cluster(office.cluster_id)));
        }
    }
    Ok(capacities)
}

async fn offices_held(
    connection: &impl ConnectionTrait,
    units: Vec<Uuid>,
    today: NaiveDate,
) -> Result<Vec<cluster_office::Model>> {
    let holds = db::holds_on(
        cluster_office::Column::ValidFrom,
        cluster_office::Column::ValidTo,
        today,
    );
    let offices = cluster_office::Entity::find()
        .filter(cluster_office::Column::UnitId.is_in(units))
        .filter(holds);
    Ok(offices.all(connection).await?)
}
