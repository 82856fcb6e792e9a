//! What people can do with the service, and what they cannot: sentences, each true on SQLite and on PostgreSQL.
//!
//! `scripts/test.sh` runs them all; `scripts/with-postgres.sh cargo test --test api units` runs those about units.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test stops at the first surprise; the service may not"
)]

mod support;

mod accounts;
mod accounts_delegation;
mod accounts_grants;
mod accounts_links;
mod accounts_mail;
mod accounts_passwords;
mod accounts_personal;
mod accounts_provider;
mod accounts_provider_lies;
mod accounts_provider_links;
mod accounts_second_factor;
mod accounts_secrets;
mod accounts_seen;
mod accounts_services;
mod accounts_services_given;
mod accounts_services_tokens;
mod accounts_sessions;
mod accounts_signing_in;
mod accounts_tokens;
mod accounts_why;
mod awards;
mod awards_decisions;
mod awards_eligibility;
mod awards_objections;
mod awards_proposals;
mod awards_quotas;
mod awards_seen;
mod awards_story;
mod awards_verify;
mod bad_input;
mod bad_values;
mod ballots;
mod ballots_secret;
mod clusters;
mod clusters_leaving;
mod clusters_offices;
mod clusters_scopes;
mod clusters_seen;
mod conference_story;
mod conferences;
mod coverage;
mod criteria;
mod criteria_adapting;
mod criteria_seen;
mod crosschecks;
mod crosschecks_findings;
mod db;
mod demonstration;
mod derived;
mod doors;
mod edges;
mod evidence;
mod evidence_kept;
mod evidence_links;
mod evidence_seen;
mod evidence_uploads;
mod filters;
mod forms;
mod forms_content;
mod forms_due_days;
mod forms_filling;
mod forms_indicators;
mod graphql_door;
mod handover;
mod house;
mod migrations;
mod notifications;
mod notifications_awards;
mod notifications_conferences;
mod notifications_digests;
mod notifications_reminders;
mod policy;
mod policy_reports;
mod reports;
mod reports_comments;
mod reports_corrections;
mod reports_deadlines;
mod reports_difference;
mod reports_figures;
mod reports_merging;
mod reports_overtaken;
mod reports_printed;
mod reports_rest_writes;
mod reports_reviews;
mod reports_rules;
mod reports_seen;
mod reports_story;
mod reports_suggestions;
mod reports_unusual;
mod reports_writers;
mod results;
mod results_corrections;
mod results_quotas;
mod results_seen;
mod results_tables;
mod results_ties;
mod scoring;
mod scoring_gap;
mod scoring_hands;
mod scoring_life;
mod scoring_seen;
mod sheets;
mod sheets_hostile;
mod sheets_many;
mod sheets_opened;
mod summaries;
mod summaries_campaigns;
mod summaries_parts;
mod summaries_rates;
mod tables;
mod unit_lists;
mod unit_names;
mod unit_tree;
mod units;
mod units_seen;
mod year_story;
mod year_story_clusters;
mod years;
mod years_pacts;
mod years_participants;
mod years_pledges;
