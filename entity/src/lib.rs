//! The tables of `thidua`: one file per table with its row; stored enums and exact decimals beside them. No rules.

#![expect(
    clippy::disallowed_methods,
    reason = "the nested saves that SeaORM generates begin plainly; nothing of ours calls them"
)]

pub mod enums;
mod fixed4;
mod stored_enum;

pub use fixed4::{Fixed4, ParseFixed4Error};

pub mod account;
pub mod audit_entry;
pub mod award;
pub mod award_decision;
pub mod award_type;
pub mod cluster;
pub mod cluster_membership;
pub mod cluster_office;
pub mod criteria_set;
pub mod criteria_set_content;
pub mod criteria_set_version;
pub mod cross_check;
pub mod cross_check_draw;
pub mod cross_check_finding;
pub mod cross_check_recusal;
pub mod delegation;
pub mod emulation_participant;
pub mod emulation_phase;
pub mod emulation_step;
pub mod emulation_year;
pub mod event;
pub mod evidence;
pub mod idempotency_key;
pub mod indicator;
pub mod indicator_choice;
pub mod mail_digest;
pub mod name_key;
pub mod notification;
pub mod objection;
pub mod one_time_link;
pub mod pact;
pub mod pact_cover;
pub mod pact_signature;
pub mod period;
pub mod provider_flow;
pub mod provider_link;
pub mod province;
pub mod quota_ruling;
pub mod recovery_code;
pub mod refresh_token;
pub mod registration;
pub mod report_comment;
pub mod report_explanation;
pub mod report_extension;
pub mod report_form;
pub mod report_form_due_day;
pub mod report_form_item;
pub mod report_form_kind;
pub mod report_form_rule;
pub mod report_form_section;
pub mod report_form_sector;
pub mod report_form_version;
pub mod report_mark;
pub mod report_reminder;
pub mod report_rival;
pub mod report_sending;
pub mod report_sent_explanation;
pub mod report_sent_value;
pub mod report_step;
pub mod report_submission;
pub mod report_value;
pub mod report_writer;
pub mod result;
pub mod result_grade;
pub mod result_snapshot;
pub mod result_unit;
pub mod role_grant;
pub mod score_entry;
pub mod score_sheet;
pub mod score_step;
pub mod second_factor;
pub mod service_account;
pub mod service_secret;
pub mod session;
pub mod stored_file;
pub mod target;
pub mod tie_settlement;
pub mod tie_settlement_unit;
pub mod unit;
pub mod unit_ancestry;
pub mod unit_code;
pub mod unit_event;
pub mod unit_name;
pub mod unit_parent;
pub mod unit_statistics;
