//! Entities, enums and migrations tell the same of the tables, on both databases.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::sea_query::ColumnType;
use sea_orm::{ColumnTrait, EntityTrait, Iterable as _, QueryResult};
use sea_orm_migration::MigratorTrait as _;
use thidua::error::Error;
use thidua_entity::enums;
use thidua_migration::Migrator;

use crate::support::{Database, TestApp, on_both_databases};

on_both_databases! {
    entities_are_what_migrations_made,
    checks_list_the_codes_of_the_enums,
    what_can_be_there_once_is_told_in_a_sentence_of_its_own,
    migrations_go_down_and_up_again,
}

/// What a column is, in words that both databases and the entities can be put into.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Column {
    kind: &'static str,
    nullable: bool,
}

type Tables = BTreeMap<String, BTreeMap<String, Column>>;

fn add_entity<E: EntityTrait>(tables: &mut Tables)
where
    E::Column: ColumnTrait,
{
    let columns = E::Column::iter().map(|column| {
        let definition = column.def();
        let kind = match definition.get_column_type() {
            ColumnType::String(_) | ColumnType::Text | ColumnType::Enum { .. } => "text",
            ColumnType::Uuid => "uuid",
            ColumnType::Date => "day",
            ColumnType::TimestampWithTimeZone | ColumnType::Timestamp => "instant",
            ColumnType::Integer => "integer",
            ColumnType::BigInteger => "big integer",
            ColumnType::Boolean => "boolean",
            ColumnType::VarBinary(_) | ColumnType::Blob | ColumnType::Binary(_) => "bytes",
            other => panic!("{}: a column of type {other:?}", E::default().table_name()),
        };
        let nullable = definition.is_null();
        (
            sea_orm::IdenStatic::as_str(&column).to_owned(),
            Column { kind, nullable },
        )
    });
    tables.insert(E::default().table_name().to_owned(), columns.collect());
}

/// Every entity of the entity crate, compared with its folder, so that none is forgotten.
fn entity_tables() -> Tables {
    let mut tables = Tables::new();
    macro_rules! add {
        ($($table:ident)+) => {{
            $(add_entity::<thidua_entity::$table::Entity>(&mut tables);)+
            BTreeSet::from([$(stringify!($table).to_owned()),+])
        }};
    }
    let added = add!(
        account audit_entry award award_change award_decision award_dossier_item award_handover award_objection award_proposal award_proposal_step
        award_quota award_quota_exception award_reliance award_reservation award_terms award_type ballot ballot_count ballot_option
        ballot_paper ballot_receipt ballot_recusal ballot_roll ballot_vote base_salary cluster cluster_membership cluster_office
        conference conference_attendance conference_item council council_member criteria_set
        criteria_set_content criteria_set_version cross_check cross_check_draw cross_check_finding cross_check_recusal
        deadline_reminder delegation emulation_participant emulation_phase emulation_step emulation_year event evidence idempotency_key indicator indicator_choice
        mail_digest name_key notification objection one_time_link pact pact_cover pact_signature period provider_flow provider_link province quota_ruling recovery_code
        refresh_token registration report_comment report_explanation report_extension report_form report_form_due_day
        report_form_item report_form_kind report_form_rule report_form_section report_form_sector report_form_version
        report_mark report_reminder report_rival report_sending report_sent_explanation report_sent_value report_step
        report_submission report_value report_writer result result_grade result_snapshot result_unit role_grant score_entry score_sheet
        score_step second_factor service_account service_secret session
        stored_file target tie_settlement tie_settlement_unit unit unit_ancestry unit_code unit_event
        unit_name unit_parent unit_predecessor unit_statistics
    );
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/entity/src");
    let files = std::fs::read_dir(folder)
        .expect("the entities")
        .map(|file| file.expect("a file").path())
        .filter(|path| path.is_file());
    let with_table = files.filter(|file| {
        std::fs::read_to_string(file)
            .expect("a text")
            .contains("#[sea_orm(table_name")
    });
    let in_folder = with_table.map(|file| file.file_stem().expect("a name").to_string_lossy().into_owned());
    assert_eq!(added, in_folder.collect(), "tests/api/tables.rs must name every entity");
    tables
}

async fn database_tables(app: &TestApp) -> Tables {
    let mut tables = Tables::new();
    let sql = match app.database {
        Database::Sqlite => {
            "SELECT m.name AS tab, c.name AS col, lower(c.type) AS kind, c.\"notnull\" = 0 AND c.pk = 0 AS nullable \
             FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' \
             AND m.name NOT LIKE 'sqlite_%' AND m.name <> 'seaql_migrations'"
        }
        Database::Postgres => {
            "SELECT table_name::text AS tab, column_name::text AS col, data_type::text AS kind, is_nullable = 'YES' AS nullable \
             FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'"
        }
    };
    for row in app.rows(sql).await {
        let text = |name: &str| row.try_get::<String>("", name).expect("a text");
        let kind = match text("kind").as_str() {
            "text" => "text",
            "uuid" | "uuid_text" | "blob(16)" => "uuid",
            "date" | "date_text" => "day",
            "timestamp with time zone" | "timestamp_with_timezone_text" => "instant",
            "integer" => "integer",
            "bigint" => "big integer",
            "boolean" => "boolean",
            "bytea" | "blob" => "bytes",
            other => panic!("{}.{} is {other:?}", text("tab"), text("col")),
        };
        let nullable = row.try_get::<bool>("", "nullable").expect("yes or no");
        tables
            .entry(text("tab"))
            .or_default()
            .insert(text("col"), Column { kind, nullable });
    }
    tables
}

async fn entities_are_what_migrations_made(app: TestApp) {
    let (entities, tables) = (entity_tables(), database_tables(&app).await);
    let names = |tables: &Tables| tables.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&entities), names(&tables));
    for (table, mut columns) in entities {
        if app.database == Database::Sqlite {
            // It has one integer, of 64 bits.
            for column in columns.values_mut().filter(|column| column.kind == "big integer") {
                column.kind = "integer";
            }
        }
        assert_eq!(columns, tables[&table], "{table}");
    }
}

/// Which enum each check lists, by the check's name without `ck_`.
fn checked_enums() -> BTreeMap<&'static str, BTreeSet<String>> {
    macro_rules! codes {
        ($($check:literal: $enum:ident,)+) => {
            BTreeMap::from([$(($check, enums::$enum::ALL.iter().map(|one| one.code()).collect())),+])
        };
    }
    codes! {
        "role_grant_role": Role,
        "role_grant_scope_kind": ScopeKind,
        "one_time_link_purpose": LinkPurpose,
        "delegation_scope_kind": ScopeKind,
        "service_account_place_kind": ScopeKind,
        "unit_kind": UnitKind,
        "unit_sector": Sector,
        "unit_name_name_use": NameUse,
        "name_key_subject": Named,
        "cluster_form": ClusterForm,
        "cluster_purpose": ClusterPurpose,
        "cluster_office_office": Office,
        "cluster_office_chosen_by": ChosenBy,
        "period_kind": PeriodKind,
        "indicator_number_form": NumberForm,
        "indicator_aggregation": Aggregation,
        "indicator_head_count": HeadCount,
        "report_form_periodicity": PeriodKind,
        "report_form_sector_sector": Sector,
        "report_form_version_size_by": SizeMeasure,
        "report_comment_part": FigurePart,
        "report_mark_part": FigurePart,
        "report_rival_part": FigurePart,
        "report_rival_nature": Nature,
        "report_sent_value_nature": Nature,
        "report_sent_value_part": FigurePart,
        "report_sent_value_qualifier": Qualifier,
        "report_value_part": FigurePart,
        "report_form_rule_missing": RuleMissing,
        "report_form_rule_severity": RuleSeverity,
        "report_form_version_state": FormState,
        "criteria_set_version_state": CriteriaSetState,
        "report_submission_status": ReportStatus,
        "report_value_qualifier": Qualifier,
        "report_value_nature": Nature,
        "report_step_action": ReportAction,
        "report_step_status": ReportStatus,
        "event_kind": EventKind,
        "notification_kind": NotificationKind,
        "report_reminder_kind": ReminderKind,
        "deadline_reminder_kind": DeadlineKind,
        "mail_digest_rhythm": DigestRhythm,
        "emulation_year_phase": YearPhase,
        "emulation_phase_phase": YearPhase,
        "emulation_step_phase": YearPhase,
        "emulation_participant_calendar": YearCalendar,
        "registration_kind": RegistrationKind,
        "pact_state": PactState,
        "unit_event_kind": UnitEventKind,
        "score_sheet_state": SheetState,
        "score_step_state": SheetState,
        "score_entry_layer": ScoreLayer,
        "score_entry_subject": ScoreSubject,
        "score_entry_kind": ScoreKind,
        "objection_outcome": ObjectionOutcome,
        "cross_check_state": CrossCheckState,
        "cross_check_finding_accepted": Reply,
        "result_state": ResultState,
        "council_member_seat": CouncilSeat,
        "conference_offices_by": ChosenBy,
        "conference_state": ConferenceState,
        "conference_attendance_presence": Presence,
        "ballot_kind": BallotKind,
        "ballot_purpose": BallotPurpose,
        "ballot_denominator": Denominator,
        "ballot_state": BallotState,
        "ballot_recorded": RecordedAs,
        "ballot_roll_presence": Presence,
        "result_unit_sector": Sector,
        "result_unit_standing": StandingKind,
        "award_type_level": AwardLevel,
        "award_type_recipients": RecipientKind,
        "award_recipient": Recipient,
        "award_proposal_recipient": Recipient,
        "award_proposal_state": ProposalState,
        "award_proposal_outcome_from": ProposalState,
        "award_proposal_step_step": ProposalStep,
        "award_objection_outcome": ObjectionOutcome,
        "award_change_kind": AwardChangeKind,
    }
}

/// The conditions that the tables keep, by name.
async fn checks(app: &TestApp) -> BTreeMap<String, String> {
    match app.database {
        Database::Postgres => {
            let sql = "SELECT conname::text AS name, pg_get_constraintdef(oid) AS text FROM pg_constraint \
                       WHERE contype = 'c' AND conname LIKE 'ck_%'";
            let rows = app.rows(sql).await;
            let text = |row: &QueryResult, name: &str| row.try_get::<String>("", name).expect("a text");
            rows.iter().map(|row| (text(row, "name"), text(row, "text"))).collect()
        }
        Database::Sqlite => {
            let rows = app
                .rows("SELECT sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%ck_%'")
                .await;
            let tables = rows.iter().map(|row| row.try_get::<String>("", "sql").expect("a text"));
            let each = tables.flat_map(|table| {
                let parts: Vec<String> = table.split("CONSTRAINT \"ck_").skip(1).map(str::to_owned).collect();
                parts
            });
            let named = each.map(|part| {
                let (name, text) = part.split_once('"').expect("a name");
                (format!("ck_{name}"), text.to_owned())
            });
            named.collect()
        }
    }
}

async fn checks_list_the_codes_of_the_enums(app: TestApp) {
    let expected = checked_enums();
    let mut seen = BTreeSet::new();
    for (name, text) in checks(&app).await {
        let quoted = text.split('\'').skip(1).step_by(2);
        let is_code = |word: &&str| word.starts_with(|letter: char| letter.is_ascii_uppercase());
        let codes: BTreeSet<String> = quoted.filter(is_code).map(str::to_owned).collect();
        let check = name.trim_start_matches("ck_");
        match expected.get(check) {
            Some(all) => {
                assert_eq!(codes, *all, "{name}");
                seen.insert(check.to_owned());
            }
            // Others may name a code or two; none lists several without being named above.
            None => assert!(
                codes.len() <= 2,
                "tests/api/tables.rs must say which enum {name} lists: {text}"
            ),
        }
    }
    assert_eq!(
        seen,
        expected.keys().map(|check| (*check).to_owned()).collect(),
        "a check is missing"
    );
}

/// Tables whose rules no caller breaks: the service numbers their rows, or writes them under a lock, or once more in place of the first.
const WRITTEN_BY_THE_SERVICE: &[&str] = &[
    "award",
    "award_dossier_item",
    "award_reservation",
    "ballot_option",
    "criteria_set_version",
    "cross_check_draw",
    "deadline_reminder",
    "indicator_choice",
    "notification",
    "pact",
    "provider_flow",
    "quota_ruling",
    "report_form_item",
    "report_form_rule",
    "report_form_version",
    "report_reminder",
    "report_rival",
    "report_sending",
    "result",
    "result_unit",
    "score_entry",
    "score_sheet",
    "service_secret",
    "stored_file",
    "tie_settlement",
    "tie_settlement_unit",
];

async fn what_can_be_there_once_is_told_in_a_sentence_of_its_own(app: TestApp) {
    let sql = match app.database {
        Database::Postgres => {
            "SELECT indexname::text AS rule, tablename::text AS tab FROM pg_indexes WHERE indexname LIKE 'uq_%'"
        }
        Database::Sqlite => {
            "SELECT name AS rule, tbl_name AS tab FROM sqlite_master WHERE type = 'index' AND name LIKE 'uq_%'"
        }
    };
    let any = Error::AlreadyExists("unique".to_owned()).text();
    let mut plain = BTreeSet::new();
    for row in app.rows(sql).await {
        let text = |name: &str| row.try_get::<String>("", name).expect("a text");
        let refusal = Error::AlreadyExists(text("rule").trim_start_matches("uq_").to_owned());
        if refusal.text() == any {
            plain.insert(text("tab"));
        }
    }
    let known: BTreeSet<String> = WRITTEN_BY_THE_SERVICE.iter().map(|table| (*table).to_owned()).collect();
    assert_eq!(plain, known);
}

async fn migrations_go_down_and_up_again(app: TestApp) {
    let (tables, conditions) = (database_tables(&app).await, checks(&app).await);
    Migrator::down(&app.env.db, None).await.expect("the way down");
    let left = match app.database {
        Database::Sqlite => "SELECT name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' AND name NOT LIKE 'seaql_%'",
        Database::Postgres => {
            "SELECT table_name::text AS name FROM information_schema.tables \
             WHERE table_schema = 'public' AND table_name <> 'seaql_migrations'"
        }
    };
    assert_eq!(app.rows(left).await.len(), 0);
    Migrator::up(&app.env.db, None).await.expect("the way up");
    assert_eq!(database_tables(&app).await, tables);
    assert_eq!(checks(&app).await, conditions);
}
