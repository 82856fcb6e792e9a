//! SQL of the demonstration: whether it is there, and writing many rows with few statements.

use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Iterable, QueryFilter, QuerySelect,
    Set,
};
use thidua_entity::{
    account, award, award_decision, award_dossier_item, award_proposal, award_proposal_step, award_quota,
    award_reservation, award_terms, award_type, ballot, ballot_option, ballot_roll, ballot_vote, base_salary, cluster,
    cluster_membership, cluster_office, conference, conference_attendance, conference_item, council, council_member,
    criteria_set, criteria_set_content, criteria_set_version, cross_check, cross_check_draw, cross_check_finding,
    emulation_participant, emulation_phase, emulation_step, emulation_year, indicator, name_key, objection, pact,
    pact_cover, pact_signature, period, province, registration, report_form, report_form_item, report_form_kind,
    report_form_rule, report_form_section, report_form_version, report_sending, report_sent_value, report_step,
    report_submission, report_value, role_grant, score_entry, score_sheet, score_step, service_account, service_secret,
    target, unit, unit_ancestry, unit_code, unit_name, unit_parent, unit_statistics,
};
use uuid::Uuid;

use super::plan::{Rows, broken};
use crate::error::Result;

/// The scheme of the codes by which the demonstration is known: each of its units has one.
pub const SCHEME: &str = "DEMO";

/// Variables of one statement: under the bound of SQLite, which is the smaller one.
const VARIABLES_AT_ONCE: usize = 30_000;

/// Whether the demonstration is there.
pub async fn is_loaded(connection: &impl ConnectionTrait) -> Result<bool> {
    let coded = unit_code::Entity::find().filter(unit_code::Column::Scheme.eq(SCHEME));
    Ok(coded.limit(1).one(connection).await?.is_some())
}

/// Whether there is any unit or account at all.
pub async fn holds_anything(connection: &impl ConnectionTrait) -> Result<bool> {
    Ok(unit::Entity::find().limit(1).one(connection).await?.is_some()
        || account::Entity::find().limit(1).one(connection).await?.is_some())
}

/// Writes everything; what others refer to comes first.
pub async fn insert(tx: &impl ConnectionTrait, rows: Rows) -> Result<()> {
    put::<province::Entity>(tx, rows.provinces).await?;
    put::<unit::Entity>(tx, rows.units).await?;
    put::<unit_name::Entity>(tx, rows.unit_names).await?;
    put::<unit_parent::Entity>(tx, rows.unit_parents).await?;
    put::<unit_ancestry::Entity>(tx, rows.unit_ancestry).await?;
    put::<unit_code::Entity>(tx, rows.unit_codes).await?;
    put::<unit_statistics::Entity>(tx, rows.unit_statistics).await?;
    put::<account::Entity>(tx, rows.accounts).await?;
    put::<role_grant::Entity>(tx, rows.role_grants).await?;
    put::<service_account::Entity>(tx, rows.service_accounts).await?;
    put::<service_secret::Entity>(tx, rows.service_secrets).await?;
    put::<cluster::Entity>(tx, rows.clusters).await?;
    put::<cluster_membership::Entity>(tx, rows.memberships).await?;
    put::<cluster_office::Entity>(tx, rows.offices).await?;
    put::<period::Entity>(tx, rows.periods).await?;
    put::<indicator::Entity>(tx, rows.indicators).await?;
    put::<report_form::Entity>(tx, rows.forms).await?;
    put::<report_form_version::Entity>(tx, rows.form_versions).await?;
    put::<report_form_kind::Entity>(tx, rows.form_kinds).await?;
    put::<report_form_section::Entity>(tx, rows.form_sections).await?;
    put::<report_form_item::Entity>(tx, rows.form_items).await?;
    put::<report_form_rule::Entity>(tx, rows.form_rules).await?;
    put::<criteria_set::Entity>(tx, rows.criteria_sets).await?;
    put::<criteria_set_version::Entity>(tx, rows.criteria_versions).await?;
    put::<criteria_set_content::Entity>(tx, rows.criteria_contents).await?;
    put::<report_submission::Entity>(tx, rows.submissions).await?;
    put::<report_value::Entity>(tx, rows.values).await?;
    put::<report_step::Entity>(tx, rows.steps).await?;
    put::<report_sending::Entity>(tx, rows.sendings).await?;
    put::<report_sent_value::Entity>(tx, rows.sent_values).await?;
    put::<emulation_year::Entity>(tx, rows.emulation_years).await?;
    put::<emulation_phase::Entity>(tx, rows.emulation_phases).await?;
    put::<emulation_step::Entity>(tx, rows.emulation_steps).await?;
    put::<emulation_participant::Entity>(tx, rows.emulation_participants).await?;
    put::<registration::Entity>(tx, rows.registrations).await?;
    put::<target::Entity>(tx, rows.targets).await?;
    put::<pact::Entity>(tx, rows.pacts).await?;
    put::<pact_cover::Entity>(tx, rows.pact_covers).await?;
    put::<pact_signature::Entity>(tx, rows.pact_signatures).await?;
    put::<cross_check_draw::Entity>(tx, rows.draws).await?;
    put::<cross_check::Entity>(tx, rows.cross_checks).await?;
    put::<cross_check_finding::Entity>(tx, rows.findings).await?;
    put::<score_sheet::Entity>(tx, rows.score_sheets).await?;
    put::<score_step::Entity>(tx, rows.score_steps).await?;
    put::<score_entry::Entity>(tx, rows.score_entries).await?;
    put::<objection::Entity>(tx, rows.objections).await?;
    put::<award_type::Entity>(tx, rows.award_types).await?;
    put::<award_decision::Entity>(tx, rows.decisions).await?;
    put::<award::Entity>(tx, rows.awards).await?;
    put::<base_salary::Entity>(tx, rows.base_salaries).await?;
    put::<award_terms::Entity>(tx, rows.award_terms).await?;
    put::<award_quota::Entity>(tx, rows.award_quotas).await?;
    put::<award_proposal::Entity>(tx, rows.award_proposals).await?;
    put::<award_proposal_step::Entity>(tx, rows.award_steps).await?;
    put::<award_dossier_item::Entity>(tx, rows.award_dossier).await?;
    put::<award_reservation::Entity>(tx, rows.award_reservations).await?;
    put::<council::Entity>(tx, rows.councils).await?;
    put::<council_member::Entity>(tx, rows.council_members).await?;
    put::<conference::Entity>(tx, rows.conferences).await?;
    put::<conference_item::Entity>(tx, rows.conference_items).await?;
    put::<conference_attendance::Entity>(tx, rows.attendance).await?;
    put::<ballot::Entity>(tx, rows.ballots).await?;
    put::<ballot_option::Entity>(tx, rows.ballot_options).await?;
    put::<ballot_roll::Entity>(tx, rows.ballot_roll).await?;
    put::<ballot_vote::Entity>(tx, rows.ballot_votes).await?;
    put::<name_key::Entity>(tx, rows.name_keys).await
}

/// A ballot that was written.
pub async fn ballot(tx: &impl ConnectionTrait, id: Uuid) -> Result<ballot::Model> {
    let row = ballot::Entity::find_by_id(id).one(tx).await?;
    row.ok_or_else(|| broken("a ballot that was not written"))
}

/// The proposals that were written.
pub async fn proposals(tx: &impl ConnectionTrait) -> Result<Vec<award_proposal::Model>> {
    Ok(award_proposal::Entity::find().all(tx).await?)
}

/// Writes how a proposal was judged.
pub async fn judge(tx: &impl ConnectionTrait, proposal: &award_proposal::Model, eligibility: String) -> Result<()> {
    let change = award_proposal::ActiveModel {
        id: Set(proposal.id),
        eligibility: Set(eligibility),
        ..Default::default()
    };
    change.update(tx).await?;
    Ok(())
}

async fn put<E>(tx: &impl ConnectionTrait, rows: Vec<E::Model>) -> Result<()>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
    E::ActiveModel: ActiveModelTrait<Entity = E>,
{
    let at_once = VARIABLES_AT_ONCE / E::Column::iter().count().max(1);
    let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
    while rows.peek().is_some() {
        let some: Vec<E::ActiveModel> = rows.by_ref().take(at_once.min(1_000)).collect();
        E::insert_many(some).exec_without_returning(tx).await?;
    }
    Ok(())
}
