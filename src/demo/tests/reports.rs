//! Reports of the demonstration keep to the rules by which others are made.

use std::collections::{HashMap, HashSet};

use chrono::{Duration, TimeZone as _, Utc};
use sea_orm::EntityTrait;
use thidua_entity::enums::{ReportAction, ReportStatus};
use thidua_entity::{
    Fixed4, indicator, period, report_form, report_form_item, report_step, report_submission, report_value, unit_code,
};
use uuid::Uuid;

use super::{environment, loaded, number};
use crate::demo::load;
use crate::env::Clock;
use crate::numbers::{self, NumberForm};
use crate::reports::usecases::findings::{Looked, broken_rules};

#[tokio::test]
async fn what_was_typed_reads_as_what_is_stored() {
    let (env, _folder) = loaded().await;
    let forms: HashMap<Uuid, NumberForm> = indicator::Entity::find()
        .all(&env.db)
        .await
        .expect("indicators")
        .into_iter()
        .map(|row| (row.id, row.number_form))
        .collect();
    for value in report_value::Entity::find().all(&env.db).await.expect("values") {
        let reading = numbers::read(&value.raw, forms[&value.indicator_id]);
        let reading = reading.unwrap_or_else(|error| panic!("{} is not understood: {error:?}", value.raw));
        assert_eq!(
            (Some(reading.value), reading.upper, reading.qualifier),
            (value.value, value.upper, value.qualifier)
        );
    }
}

#[tokio::test]
async fn reports_keep_to_their_forms_and_their_figures_to_each_other() {
    let (env, _folder) = loaded().await;
    let items = report_form_item::Entity::find().all(&env.db).await.expect("items");
    let codes: HashMap<Uuid, String> = indicator::Entity::find()
        .all(&env.db)
        .await
        .expect("indicators")
        .into_iter()
        .map(|row| (row.id, row.code))
        .collect();
    let mut values: HashMap<Uuid, HashMap<Uuid, report_value::Model>> = HashMap::new();
    for value in report_value::Entity::find().all(&env.db).await.expect("values") {
        values
            .entry(value.submission_id)
            .or_default()
            .insert(value.indicator_id, value);
    }
    let mut statuses = HashSet::new();
    let mut late = 0;
    for report in report_submission::Entity::find().all(&env.db).await.expect("reports") {
        statuses.insert(report.status);
        late += i32::from(report.late);
        let figures = values.remove(&report.id).unwrap_or_default();
        let on_form: Vec<_> = items
            .iter()
            .filter(|item| item.form_version_id == report.form_version_id)
            .collect();
        assert!(
            figures
                .keys()
                .all(|id| on_form.iter().any(|item| item.indicator_id == *id)),
            "{report:?}"
        );
        if report.status != ReportStatus::Draft {
            let missing = on_form
                .iter()
                .find(|item| item.required && !figures.contains_key(&item.indicator_id));
            assert!(missing.is_none(), "{report:?} lacks {missing:?}");
        }
        let note = report.note.expect("a note");
        assert!(note.starts_with("Số liệu") || note.starts_with("Nguồn"), "{note}");
        let by_code: HashMap<&str, i64> = figures
            .values()
            .map(|row| {
                (
                    codes[&row.indicator_id].as_str(),
                    row.value.map_or(0, Fixed4::ten_thousandths),
                )
            })
            .collect();
        for (part, whole) in [
            ("members_total", "workers_total"),
            ("members_female", "members_total"),
            ("party_admissions", "party_nominations"),
            ("culture_sport_events", "culture_sport_attendances"),
            ("rating_outstanding_proposed", "grassroots_unions"),
        ] {
            if let (Some(part), Some(whole)) = (by_code.get(part), by_code.get(whole)) {
                assert!(0 <= *part && part <= whole, "{by_code:?}");
            }
        }
        if let Some(good) = by_code.get("rating_good") {
            let others: i64 = ["rating_outstanding", "rating_completed", "rating_not_completed"]
                .iter()
                .map(|code| by_code[code])
                .sum();
            assert_eq!(good + others, by_code["grassroots_unions"]);
        }
    }
    assert_eq!(statuses.len(), ReportStatus::ALL.len() - 1, "all but replaced ones");
    assert!(late > 10);
    assert!(values.is_empty());
}

#[tokio::test]
async fn reports_that_were_sent_keep_to_the_rules_of_their_forms() {
    let (env, _folder) = loaded().await;
    let reports = report_submission::Entity::find().all(&env.db).await.expect("reports");
    let sent = reports.iter().filter(|report| report.status != ReportStatus::Draft);
    let sent: Vec<Looked> = sent.map(|report| (report.id, report.form_version_id)).collect();
    let found = broken_rules(&env.db, &sent).await.expect("findings");
    let judged: Vec<_> = found.values().flatten().collect();
    assert!(found.len() > 100, "{} reports are on forms with rules", found.len());
    let keeping = judged.iter().find(|one| one.keeps_from_sending());
    assert!(keeping.is_none(), "{keeping:?}");
}

#[tokio::test]
async fn lives_of_reports_are_told_in_order_and_nobody_passes_their_own() {
    let clock = Clock::default();
    clock.set(Utc.with_ymd_and_hms(2026, 3, 10, 1, 0, 0).single().expect("a moment"));
    let (env, _folder) = environment(clock).await;
    load(&env).await.expect("loaded");
    let now = env.now() + Duration::seconds(1);
    let mut steps: HashMap<Uuid, Vec<report_step::Model>> = HashMap::new();
    for step in report_step::Entity::find().all(&env.db).await.expect("steps") {
        assert!(step.at <= now, "{step:?}");
        steps.entry(step.submission_id).or_default().push(step);
    }
    for report in report_submission::Entity::find().all(&env.db).await.expect("reports") {
        let mut life = steps.remove(&report.id).expect("steps");
        life.sort_by_key(|step| step.id);
        assert!(life.is_sorted_by_key(|step| step.at), "{life:?}");
        assert_eq!(life[0].action, ReportAction::Create);
        assert_eq!(
            life.last().map(|step| (step.status, step.at)),
            Some((report.status, report.updated_at))
        );
        for step in &life {
            let passes = matches!(
                step.action,
                ReportAction::Verify | ReportAction::Approve | ReportAction::Return
            );
            assert!(
                !passes || step.account_id.is_some() && step.account_id != report.author_id,
                "{step:?}"
            );
            assert_eq!(step.reason.is_some(), step.action == ReportAction::Return);
        }
    }
}

#[tokio::test]
async fn one_open_period_waits_for_the_officer_of_the_tour() {
    let (env, _folder) = loaded().await;
    let year = period::Entity::find()
        .all(&env.db)
        .await
        .expect("periods")
        .into_iter()
        .find(|row| row.code == "2026");
    let form = report_form::Entity::find()
        .all(&env.db)
        .await
        .expect("forms")
        .into_iter()
        .find(|row| row.code == "BC-CDCS");
    let (year, form) = (year.expect("2026").id, form.expect("a form").id);
    let code = unit_code::Entity::find().all(&env.db).await.expect("codes");
    let unit = code
        .iter()
        .find(|row| row.value == "ST.SO-TAI-CHINH")
        .expect("the unit")
        .unit_id;
    let reports = report_submission::Entity::find().all(&env.db).await.expect("reports");
    let now: Vec<_> = reports
        .iter()
        .filter(|row| (row.period_id, row.form_id) == (year, form))
        .collect();
    assert!(now.iter().all(|row| row.unit_id != unit));
    let cluster = "SELECT COUNT(*) FROM report_submission s JOIN period p ON p.id = s.period_id AND p.code = '2026'
        JOIN cluster_membership m ON m.unit_id = s.unit_id JOIN cluster c ON c.id = m.cluster_id AND c.name = 'Cụm 1'
        WHERE s.status = 'APPROVED'";
    assert!(number(&env, cluster).await.expect("a count") >= 10);
    assert!(now.iter().any(|row| row.status == ReportStatus::Submitted));
}
