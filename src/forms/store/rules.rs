//! SQL of the rules between the figures of a form.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Set};
use thidua_entity::report_form_rule::{self, Column, Entity};
use uuid::Uuid;

use crate::error::Result;
use crate::forms::rules::Rule;

/// Rules of some versions, in the order of the form.
pub async fn rules(connection: &impl ConnectionTrait, versions: &[Uuid]) -> Result<Vec<report_form_rule::Model>> {
    let rules = Entity::find()
        .filter(Column::FormVersionId.is_in(versions.iter().copied()))
        .order_by_asc(Column::Position);
    Ok(rules.all(connection).await?)
}

/// A rule as it is judged and compared.
pub fn rule(row: &report_form_rule::Model) -> Rule {
    Rule {
        code: row.code.clone(),
        expression: row.expression.clone(),
        severity: row.severity,
        missing: row.missing,
        message: row.message.clone(),
        basis: row.basis.clone(),
    }
}

/// Writes anew the rules of a draft version.
pub(super) async fn put(tx: &impl ConnectionTrait, form_version: Uuid, rules: &[Rule]) -> Result<()> {
    Entity::delete_many()
        .filter(Column::FormVersionId.eq(form_version))
        .exec(tx)
        .await?;
    if rules.is_empty() {
        return Ok(());
    }
    let rows = (1..).zip(rules.iter().cloned());
    let rows = rows.map(|(position, rule)| report_form_rule::ActiveModel {
        form_version_id: Set(form_version),
        code: Set(rule.code),
        position: Set(position),
        expression: Set(rule.expression),
        severity: Set(rule.severity),
        missing: Set(rule.missing),
        message: Set(rule.message),
        basis: Set(rule.basis),
    });
    Entity::insert_many(rows).exec_without_returning(tx).await?;
    Ok(())
}
