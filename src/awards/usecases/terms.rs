//! Setting what a kind of award asks for and pays, and base salaries.

use chrono::NaiveDate;
use sea_orm::Set;
use serde::Serialize;
use serde_json::json;
use thidua_entity::{award_terms, award_type, base_salary};
use uuid::Uuid;

use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::awards::store;
use crate::awards::terms::Terms;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action, Place};
use crate::version::Seen;
use crate::{db, idempotency, input};

/// Most đồng of a base salary: a thousand times what it is.
const SALARY_MAX: i64 = 10_000_000_000;

/// A version of terms to be set.
pub struct NewTerms {
    /// The kind of award.
    pub award_type: Uuid,
    /// First day on which a case begins with them.
    pub valid_from: NaiveDate,
    /// The text they rest on.
    pub legal_basis: String,
    /// What they say.
    pub terms: Terms,
}

/// Sets what a kind of award asks for and pays from a day on. Cases that began before keep the terms with which they began.
pub async fn set_terms(env: &Env, actor: &Actor, new: NewTerms, seen: &Seen) -> Result<award_type::Model> {
    let actor = &policy::authorize(actor, Action::AwardTypeManage, &Place::COMMON)?;
    let valid_from = input::plausible_day("validFrom", new.valid_from)?;
    let legal_basis = input::paragraph("legalBasis", &new.legal_basis)?;
    let terms = new.terms.read()?;
    let content = serde_json::to_string(&terms).map_err(Error::internal)?;
    let tx = db::begin_write(&env.db).await?;
    let kind = store::lock_type(&tx, new.award_type).await?;
    seen.check(kind.version)?;
    let mut asked: Vec<Uuid> = terms.prior.iter().map(|title| title.award_type).collect();
    asked.sort_unstable();
    asked.dedup();
    if store::types(&tx, &asked).await?.len() != asked.len() {
        return Err(Error::NotFound);
    }
    let versions = store::terms_of(&tx, &[kind.id]).await?;
    if versions.iter().any(|one| one.valid_from >= valid_from) {
        return Err(Error::invalid(
            "TERMS_NOT_AFTER",
            "validFrom",
            "Ngày bắt đầu phải sau ngày bắt đầu của quy định đã có; quy định đã ban hành không sửa lại.",
            "It must begin after the terms that there are; what was set is never changed.",
        ));
    }
    let last = versions.iter().map(|one| one.number).max().unwrap_or_default();
    let row = award_terms::ActiveModel {
        id: Set(env.new_id()),
        award_type_id: Set(kind.id),
        number: Set(last.saturating_add(1)),
        valid_from: Set(valid_from),
        legal_basis: Set(legal_basis),
        content: Set(content),
        set_by: Set(actor.recorded_as()),
        set_for: Set(actor.acting_for()),
        set_at: Set(env.now()),
    };
    let row = store::add_terms(&tx, row).await?;
    let kind = store::touch_type(&tx, &kind).await?;
    let detail =
        json!({ "number": row.number, "validFrom": row.valid_from, "legalBasis": row.legal_basis, "terms": terms });
    let subject = (Kind::AwardType, kind.id);
    audit::record(&tx, env, actor, Event("AWARD_TERMS_SET"), subject, detail).await?;
    tx.commit().await?;
    Ok(kind)
}

/// A base salary to be set.
#[derive(Serialize)]
pub struct NewBaseSalary<'a> {
    /// First day on which it holds.
    pub valid_from: NaiveDate,
    /// In đồng a month.
    pub amount: i64,
    /// The text it rests on.
    pub legal_basis: &'a str,
}

/// Sets the base salary from a day on. What was paid by another stays as it was paid.
pub async fn set_base_salary(
    env: &Env,
    actor: &Actor,
    new: &NewBaseSalary<'_>,
    key: Option<&str>,
) -> Result<base_salary::Model> {
    let actor = &policy::authorize(actor, Action::AwardTypeManage, &Place::COMMON)?;
    let valid_from = input::plausible_day("validFrom", new.valid_from)?;
    let legal_basis = input::paragraph("legalBasis", new.legal_basis)?;
    if !(1..=SALARY_MAX).contains(&new.amount) {
        return Err(Error::invalid(
            "AMOUNT_IMPLAUSIBLE",
            "amount",
            format!("Lương cơ sở phải từ 1 đến {SALARY_MAX} đồng."),
            format!("A base salary is from 1 to {SALARY_MAX} đồng."),
        ));
    }
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "SET_BASE_SALARY", new).await? {
        let salaries = store::base_salaries(&tx).await?;
        return salaries.into_iter().find(|row| row.id == first).ok_or(Error::NotFound);
    }
    let row = base_salary::ActiveModel {
        id: Set(env.new_id()),
        valid_from: Set(valid_from),
        amount: Set(new.amount),
        legal_basis: Set(legal_basis),
        set_by: Set(actor.recorded_as()),
        set_for: Set(actor.acting_for()),
        set_at: Set(env.now()),
    };
    let row = store::add_base_salary(&tx, row).await?;
    idempotency::remember(&tx, actor, key, row.id).await?;
    let detail = json!({ "validFrom": row.valid_from, "amount": row.amount, "legalBasis": row.legal_basis });
    let subject = (Kind::BaseSalary, row.id);
    audit::record(&tx, env, actor, Event("BASE_SALARY_SET"), subject, detail).await?;
    tx.commit().await?;
    Ok(row)
}
