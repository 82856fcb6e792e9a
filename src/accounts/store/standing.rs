//! SQL of what somebody is on a day: by grants of their own, by what others delegated to them, and by the offices that the units hold
//! of which they are officers.

use chrono::NaiveDate;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use thidua_entity::enums::Role;
use thidua_entity::{account, cluster_office, role_grant};
use uuid::Uuid;

use super::{delegations_in_force, in_force, scope_of, still_inside};
use crate::auth::Actor;
use crate::db;
use crate::error::Result;
use crate::policy::{Capacity, Delegated, Held, Scope, exercises_offices, is_of_services};

/// What an account is on a day, whether or not it has signed in. The actor belongs to no session.
pub async fn standing(connection: &impl ConnectionTrait, account: &account::Model, today: NaiveDate) -> Result<Actor> {
    let grants = role_grant::Entity::find()
        .filter(role_grant::Column::AccountId.eq(account.id))
        .filter(in_force(today))
        .all(connection)
        .await?;
    let own = grants
        .iter()
        .filter_map(|grant| Some((grant.role, scope_of(grant.scope_kind, grant.scope_id)?)));
    let actor = Actor::new(account.id, account.username.clone(), Uuid::nil(), Vec::new());
    complete(connection, actor, own.collect(), true, today).await
}

/// An actor with what it is by its own grants, and, where `delegates` says that a delegation to or from it holds, by those of others.
pub(super) async fn complete(
    connection: &impl ConnectionTrait,
    actor: Actor,
    own: Vec<(Role, Scope)>,
    delegates: bool,
    today: NaiveDate,
) -> Result<Actor> {
    let mut held: Vec<(Role, Held)> = own
        .into_iter()
        // Nobody is a service by a grant.
        .filter(|(role, _)| !is_of_services(*role))
        .map(|(role, scope)| (role, Held::from((Capacity::Role(role), scope))))
        .collect();
    let mut one_with = Vec::new();
    if delegates {
        let (received, given): (Vec<_>, Vec<_>) = delegations_in_force(connection, actor.account_id, today)
            .await?
            .into_iter()
            .partition(|one| one.row.to_account_id == actor.account_id);
        one_with.extend(given.iter().map(|one| one.row.to_account_id));
        one_with.extend(received.iter().map(|one| one.row.from_account_id));
        for one in still_inside(connection, received, today).await? {
            let (Some(scope), Some(inside)) = (one.scope(), one.whole_scope()) else {
                continue;
            };
            let delegated = Delegated {
                delegation: one.row.id,
                grant: one.row.grant_id,
                from: one.row.from_account_id,
                inside,
            };
            let capacity = Capacity::Role(one.role());
            held.push((
                one.role(),
                Held {
                    capacity,
                    scope,
                    delegated: Some(delegated),
                    given: None,
                },
            ));
        }
    }
    let offices = with_offices(connection, &held, today).await?;
    let all = held.into_iter().map(|(_, held)| held).chain(offices);
    Ok(actor.holding(all.collect(), one_with))
}

/// The offices that come with some capacities: one statement for an officer, none for others.
async fn with_offices(connection: &impl ConnectionTrait, held: &[(Role, Held)], today: NaiveDate) -> Result<Vec<Held>> {
    let officer_of: Vec<(Uuid, Option<Delegated>)> = held
        .iter()
        .filter_map(|(role, held)| match held.scope {
            Scope::Unit(unit) if exercises_offices(*role) => Some((unit, held.delegated)),
            _ => None,
        })
        .collect();
    if officer_of.is_empty() {
        return Ok(Vec::new());
    }
    let units = officer_of.iter().map(|(unit, _)| *unit).collect();
    let mut offices = Vec::new();
    for office in offices_held(connection, units, today).await? {
        let scope = Scope::Cluster(office.cluster_id);
        for (_, delegated) in officer_of.iter().filter(|(unit, _)| *unit == office.unit_id) {
            offices.push(Held {
                capacity: Capacity::Office(office.office),
                scope,
                // The office reaches the members, beyond the unit of the grant.
                delegated: delegated.map(|delegated| Delegated {
                    inside: scope,
                    ..delegated
                }),
                given: None,
            });
        }
    }
    Ok(offices)
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
