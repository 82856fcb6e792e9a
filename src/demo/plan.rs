//! What the demonstration is going to write: rows of every table, and the names under which the steps of the plan find what
//! earlier steps have put there. Nothing here touches the database.

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use serde::de::DeserializeOwned;
use thidua_entity::enums::{Aggregation, Named, NumberForm};
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
use uuid::{Builder, Uuid};

use super::ballots::PlannedBallot;
use super::results::PlannedResult;
use crate::error::{Error, Result};
use crate::text;

/// Said of everything that no source gives.
pub const MADE_UP: &str = "Số liệu minh họa: không có trong nguồn, do hệ thống tạo.";

/// Declares the rows once: their lists and how many there are.
macro_rules! rows {
    ($($name:ident: $table:ident,)+) => {
        /// Rows to be written, by table.
        #[derive(Default)]
        pub struct Rows {
            $(#[doc = concat!("Rows of `", stringify!($table), "`.")] pub $name: Vec<$table::Model>,)+
        }

        impl Rows {
            /// How many rows there are.
            pub fn count(&self) -> usize {
                0 $(+ self.$name.len())+
            }
        }
    };
}

rows! {
    provinces: province,
    units: unit,
    unit_names: unit_name,
    unit_parents: unit_parent,
    unit_ancestry: unit_ancestry,
    unit_codes: unit_code,
    unit_statistics: unit_statistics,
    accounts: account,
    role_grants: role_grant,
    service_accounts: service_account,
    service_secrets: service_secret,
    clusters: cluster,
    memberships: cluster_membership,
    offices: cluster_office,
    periods: period,
    indicators: indicator,
    forms: report_form,
    form_versions: report_form_version,
    form_kinds: report_form_kind,
    form_sections: report_form_section,
    form_items: report_form_item,
    form_rules: report_form_rule,
    criteria_sets: criteria_set,
    criteria_versions: criteria_set_version,
    criteria_contents: criteria_set_content,
    submissions: report_submission,
    values: report_value,
    steps: report_step,
    sendings: report_sending,
    sent_values: report_sent_value,
    emulation_years: emulation_year,
    emulation_phases: emulation_phase,
    emulation_steps: emulation_step,
    emulation_participants: emulation_participant,
    registrations: registration,
    targets: target,
    pacts: pact,
    pact_covers: pact_cover,
    pact_signatures: pact_signature,
    draws: cross_check_draw,
    cross_checks: cross_check,
    findings: cross_check_finding,
    score_sheets: score_sheet,
    score_steps: score_step,
    score_entries: score_entry,
    objections: objection,
    councils: council,
    council_members: council_member,
    conferences: conference,
    conference_items: conference_item,
    attendance: conference_attendance,
    ballots: ballot,
    ballot_options: ballot_option,
    ballot_roll: ballot_roll,
    ballot_votes: ballot_vote,
    award_types: award_type,
    decisions: award_decision,
    awards: award,
    base_salaries: base_salary,
    award_terms: award_terms,
    award_quotas: award_quota,
    award_proposals: award_proposal,
    award_steps: award_proposal_step,
    award_dossier: award_dossier_item,
    award_reservations: award_reservation,
    name_keys: name_key,
}

/// A unit that is going to be written.
#[derive(Clone, Debug)]
pub struct PlannedUnit {
    /// Identity.
    pub id: Uuid,
    /// Code in the demonstration.
    pub code: String,
    /// Official name.
    pub name: String,
    /// Province.
    pub province: Option<Uuid>,
    /// Codes of the units directly below, in order.
    pub below: Vec<String>,
}

/// A period that is going to be written.
#[derive(Clone, Copy, Debug)]
pub struct PlannedPeriod {
    /// Identity.
    pub id: Uuid,
    /// Last day.
    pub ends_on: NaiveDate,
    /// Last day on which a report is in time.
    pub due_on: Option<NaiveDate>,
}

/// A form that is going to be written.
#[derive(Clone, Copy, Debug)]
pub struct PlannedForm {
    /// Identity.
    pub id: Uuid,
    /// Its only version.
    pub version_id: Uuid,
}

/// An indicator that is going to be written.
#[derive(Clone, Debug)]
pub struct PlannedIndicator {
    /// Identity.
    pub id: Uuid,
    /// What its text may look like.
    pub form: NumberForm,
    /// How it adds up.
    pub aggregation: Aggregation,
    /// For a rate: code of the indicator above the line.
    pub numerator: Option<String>,
}

/// The plan: what is to be written and what has a name in it.
pub struct Plan {
    /// What is to be written.
    pub rows: Rows,
    /// When the plan was made; nothing in it happened later.
    pub now: DateTime<Utc>,
    /// Officer of each unit that has one.
    pub officers: HashMap<Uuid, Uuid>,
    /// Results that the service itself computes once all is written.
    pub results: Vec<PlannedResult>,
    /// Ballots that it counts likewise.
    pub ballots: Vec<PlannedBallot>,
    units: HashMap<String, PlannedUnit>,
    clusters: HashMap<String, (Uuid, String)>,
    provinces: HashMap<String, (Uuid, String)>,
    accounts: HashMap<String, Uuid>,
    periods: HashMap<String, PlannedPeriod>,
    forms: HashMap<String, PlannedForm>,
    indicators: HashMap<String, PlannedIndicator>,
    ids: u32,
}

impl Plan {
    /// A plan with nothing in it.
    pub fn new(now: DateTime<Utc>) -> Self {
        Self {
            rows: Rows::default(),
            now,
            officers: HashMap::new(),
            results: Vec::new(),
            ballots: Vec::new(),
            units: HashMap::new(),
            clusters: HashMap::new(),
            provinces: HashMap::new(),
            accounts: HashMap::new(),
            periods: HashMap::new(),
            forms: HashMap::new(),
            indicators: HashMap::new(),
            ids: 0,
        }
    }

    /// An identity of the time at which the thing came to be, the same each time the plan is made: version 7, with a count
    /// where others have chance. So what is older sorts before what is newer, and examples can name ids.
    pub fn id_at(&mut self, instant: DateTime<Utc>) -> Uuid {
        self.ids += 1;
        let [a, b, c, d] = self.ids.to_be_bytes();
        let millis = u64::try_from(instant.timestamp_millis()).unwrap_or_default();
        Builder::from_unix_timestamp_millis(millis, &[0x0d, 0xe0, 0, 0, 0, 0, a, b, c, d]).into_uuid()
    }

    /// An identity of something that was always there for our purposes.
    pub fn id(&mut self) -> Uuid {
        self.id_at(at(day(2017, 1, 1), 8 * 60))
    }

    /// An instant of the past: minutes after midnight of a day in Vietnam, but not after the plan was made.
    pub fn instant(&self, day: NaiveDate, minutes: i64) -> DateTime<Utc> {
        at(day, minutes).min(self.now)
    }

    /// Adds a province.
    pub fn add_province(&mut self, row: province::Model) {
        self.provinces.insert(row.code.clone(), (row.id, row.name.clone()));
        self.rows.provinces.push(row);
    }

    /// Adds a unit below its parent.
    pub fn add_unit(&mut self, planned: PlannedUnit, parent: Option<&str>) {
        if let Some(parent) = parent.and_then(|code| self.units.get_mut(code)) {
            parent.below.push(planned.code.clone());
        }
        self.units.insert(planned.code.clone(), planned);
    }

    /// Adds a cluster.
    pub fn add_cluster(&mut self, code: &str, row: cluster::Model) {
        self.clusters.insert(code.to_owned(), (row.id, row.name.clone()));
        self.index(Named::Cluster, row.id, &[&row.name]);
        self.rows.clusters.push(row);
    }

    /// Adds an account.
    pub fn add_account(&mut self, row: account::Model) {
        self.accounts.insert(row.username.clone(), row.id);
        self.rows.accounts.push(row);
    }

    /// Adds a period.
    pub fn add_period(&mut self, row: period::Model) {
        let planned = PlannedPeriod {
            id: row.id,
            ends_on: row.ends_on,
            due_on: row.due_on,
        };
        self.periods.insert(row.code.clone(), planned);
        self.rows.periods.push(row);
    }

    /// Adds a form with its only version.
    pub fn add_form(&mut self, row: report_form::Model, version: report_form_version::Model) {
        let planned = PlannedForm {
            id: row.id,
            version_id: version.id,
        };
        self.forms.insert(row.code.clone(), planned);
        self.rows.forms.push(row);
        self.rows.form_versions.push(version);
    }

    /// Adds an indicator.
    pub fn add_indicator(&mut self, row: indicator::Model, numerator: Option<String>) {
        let planned = PlannedIndicator {
            id: row.id,
            form: row.number_form,
            aggregation: row.aggregation,
            numerator,
        };
        self.indicators.insert(row.code.clone(), planned);
        self.rows.indicators.push(row);
    }

    /// Gives every account a password.
    pub fn set_password_hash(&mut self, hash: &str) {
        for account in self.rows.accounts.iter_mut().filter(|account| !account.service) {
            hash.clone_into(&mut account.password_hash);
        }
    }

    /// Makes a thing found by its names.
    pub fn index(&mut self, subject: Named, id: Uuid, names: &[&str]) {
        let mut keys: Vec<Vec<u8>> = names.iter().flat_map(|name| text::name_keys(name)).collect();
        keys.sort_unstable();
        keys.dedup();
        let rows = keys.into_iter().map(|key| name_key::Model {
            subject,
            key,
            subject_id: id,
        });
        self.rows.name_keys.extend(rows);
    }

    /// A unit by its code.
    pub fn unit(&self, code: &str) -> Result<&PlannedUnit> {
        known(self.units.get(code), code)
    }

    /// Some units by their codes.
    pub fn units(&self, codes: &[String]) -> Result<Vec<PlannedUnit>> {
        codes.iter().map(|code| self.unit(code).cloned()).collect()
    }

    /// The units directly below one.
    pub fn below(&self, code: &str) -> Result<Vec<PlannedUnit>> {
        self.units(&self.unit(code)?.below)
    }

    /// Identity and name of a cluster.
    pub fn cluster(&self, code: &str) -> Result<&(Uuid, String)> {
        known(self.clusters.get(code), code)
    }

    /// Identity and name of a province.
    pub fn province(&self, code: &str) -> Result<&(Uuid, String)> {
        known(self.provinces.get(code), code)
    }

    /// An account by its sign-in name.
    pub fn account(&self, username: &str) -> Result<Uuid> {
        known(self.accounts.get(username), username).copied()
    }

    /// A period by its code.
    pub fn period(&self, code: &str) -> Result<PlannedPeriod> {
        known(self.periods.get(code), code).copied()
    }

    /// A form by its code.
    pub fn form(&self, code: &str) -> Result<PlannedForm> {
        known(self.forms.get(code), code).copied()
    }

    /// An indicator by its code.
    pub fn indicator(&self, code: &str) -> Result<&PlannedIndicator> {
        known(self.indicators.get(code), code)
    }
}

fn known<'a, T>(found: Option<&'a T>, code: &str) -> Result<&'a T> {
    found.ok_or_else(|| broken(format!("nothing is called {code}")))
}

/// The data of the demonstration contradict themselves: a fault of ours, which the tests of this module find.
pub fn broken(what: impl std::fmt::Display) -> Error {
    Error::internal(format!("demonstration data: {what}"))
}

/// Reads a file of the demonstration.
pub fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|error| broken(format!("{name}: {error}")))
}

/// A day of the calendar.
pub fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// Minutes after midnight of a day in Vietnam, which is seven hours ahead of UTC.
pub fn at(day: NaiveDate, minutes: i64) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + Duration::minutes(minutes - 7 * 60)
}
