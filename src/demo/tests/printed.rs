//! What the sources print is what the demonstration holds.

use std::collections::HashMap;

use sea_orm::EntityTrait;
use thidua_entity::{Fixed4, award, award_decision, cluster, cluster_office, indicator, period, report_form, unit};
use uuid::Uuid;

use super::{facts, loaded, number, planned};
use crate::auth::Actor;
use crate::demo::facts::{Counted, FactScopeKind, Figure, Source};
use crate::demo::plan::Plan;
use crate::env::Env;
use crate::numbers::{self, NumberForm, Unreadable};
use crate::reports::store::summary::SummaryScope;
use crate::reports::usecases::summary::{Basis, Question, summarize};

/// Units of a source's scope, as a query.
fn units_of(source: &Source) -> String {
    let name = &source.scope.name;
    match source.scope.kind {
        FactScopeKind::Cluster => format!(
            "SELECT m.unit_id FROM cluster_membership m JOIN cluster c ON c.id = m.cluster_id WHERE c.name = '{name}'"
        ),
        FactScopeKind::Unit => {
            format!("SELECT a.unit_id FROM unit_ancestry a JOIN unit u ON u.id = a.ancestor_id WHERE u.name = '{name}'")
        }
    }
}

/// What the approved reports of a source come to for an indicator, in ten-thousandths.
async fn sum(env: &Env, source: &Source, indicator: &str, column: &str) -> Option<i64> {
    let sql = format!(
        "SELECT SUM(v.{column}) FROM report_value v
         JOIN report_submission s ON s.id = v.submission_id AND s.status = 'APPROVED'
         JOIN indicator i ON i.id = v.indicator_id AND i.code = '{indicator}'
         JOIN report_form f ON f.id = s.form_id AND f.code = '{}'
         JOIN period p ON p.id = s.period_id AND p.code = '{}'
         WHERE s.unit_id IN ({})",
        source.form,
        source.period,
        units_of(source)
    );
    number(env, &sql).await
}

#[tokio::test]
async fn every_printed_figure_is_what_the_approved_reports_add_up_to() {
    let (env, _folder) = loaded().await;
    let indicators = indicator::Entity::find().all(&env.db).await.expect("indicators");
    let by_code: HashMap<&str, &indicator::Model> = indicators.iter().map(|row| (row.code.as_str(), row)).collect();
    let code_of: HashMap<Uuid, &str> = indicators.iter().map(|row| (row.id, row.code.as_str())).collect();
    let mut compared = 0;
    for source in &facts().sources {
        for figure in &source.figures {
            let indicator = by_code[figure.indicator.as_str()];
            let value = match (indicator.numerator_id, indicator.denominator_id) {
                (Some(above), Some(below)) => {
                    let above = sum(&env, source, code_of[&above], "value").await.expect("a sum above");
                    let below = sum(&env, source, code_of[&below], "value").await.expect("a sum below");
                    above * 100 * 10_000 / below
                }
                _ => sum(&env, source, &figure.indicator, "value").await.expect("a sum"),
            };
            assert_eq!(
                value,
                figure.value.ten_thousandths(),
                "{} {}",
                source.key,
                figure.indicator
            );
            let upper = figure.upper.map(Fixed4::ten_thousandths);
            if indicator.numerator_id.is_none() {
                assert_eq!(
                    sum(&env, source, &figure.indicator, "upper").await,
                    upper,
                    "{}",
                    figure.indicator
                );
            }
            compared += 1;
        }
        for refused in &source.refused {
            assert_eq!(
                sum(&env, source, &refused.indicator, "value").await,
                None,
                "{}",
                refused.printed
            );
        }
    }
    assert_eq!(compared, 35);
}

#[tokio::test]
async fn the_summary_of_the_service_says_what_is_printed() {
    let (env, _folder) = loaded().await;
    let somebody = Actor::command_line();
    let forms = report_form::Entity::find().all(&env.db).await.expect("forms");
    let periods = period::Entity::find().all(&env.db).await.expect("periods");
    let units = unit::Entity::find().all(&env.db).await.expect("units");
    let clusters = cluster::Entity::find().all(&env.db).await.expect("clusters");
    for source in &facts().sources {
        let upper = units.iter().find(|row| row.name == source.upper_union);
        let upper = SummaryScope::Unit(upper.expect("the upper union").id);
        let own = match source.scope.kind {
            FactScopeKind::Unit => upper,
            FactScopeKind::Cluster => {
                let own = clusters.iter().find(|row| row.name == source.scope.name);
                SummaryScope::Cluster(own.expect("the cluster").id)
            }
        };
        let form = forms.iter().find(|row| row.code == source.form).expect("a form").id;
        let period = periods.iter().find(|row| row.code == source.period);
        let period = period.expect("a period").id;
        // Nobody else below the upper union has an approved report of that year.
        for scope in [own, upper] {
            let basis = Basis::Approved;
            let question = Question {
                scope,
                form,
                period,
                basis,
            };
            let summary = summarize(&env, &somebody, question).await.expect("a summary");
            for figure in &source.figures {
                let total = summary
                    .totals
                    .iter()
                    .find(|total| total.indicator.code == figure.indicator)
                    .expect("a total");
                let said = (total.amount.value, total.amount.upper, total.amount.qualifier);
                let printed = (Some(figure.value), figure.upper, Some(figure.qualifier));
                assert_eq!(said, printed, "{} {}", source.key, figure.indicator);
            }
        }
    }
}

#[tokio::test]
async fn a_total_is_as_exact_as_the_text_claims() {
    let (env, _folder) = loaded().await;
    for source in &facts().sources {
        for figure in &source.figures {
            let sql = format!(
                "SELECT COUNT(*) FROM report_value v
                 JOIN report_submission s ON s.id = v.submission_id AND s.status = 'APPROVED'
                 JOIN indicator i ON i.id = v.indicator_id AND i.code = '{}'
                 JOIN report_form f ON f.id = s.form_id AND f.code = '{}'
                 JOIN period p ON p.id = s.period_id AND p.code = '{}'
                 WHERE v.qualifier <> 'EXACT' AND s.unit_id IN ({}) ",
                figure.indicator,
                source.form,
                source.period,
                units_of(source)
            );
            let inexact = number(&env, &sql).await.expect("a count");
            let claimed = format!("{sql} AND v.qualifier = '{}'", figure.qualifier.code());
            assert_eq!(
                number(&env, &claimed).await,
                Some(inexact),
                "{} {}",
                source.key,
                figure.indicator
            );
            assert_eq!(inexact == 0, figure.exact, "{} {}", source.key, figure.indicator);
        }
    }
}

#[tokio::test]
async fn units_and_clusters_are_as_many_as_printed() {
    let (env, _folder) = loaded().await;
    for source in &facts().sources {
        let inside = units_of(source);
        let name = &source.scope.name;
        for count in &source.counts {
            let sql = match count.of {
                Counted::ClusterMembers => format!("SELECT COUNT(*) FROM unit WHERE id IN ({inside})"),
                Counted::UnitsBelowMembers => {
                    format!("SELECT COUNT(*) FROM unit_parent WHERE parent_id IN ({inside})")
                }
                Counted::UnitsBelow => format!(
                    "SELECT COUNT(*) FROM unit_parent p JOIN unit u ON u.id = p.parent_id WHERE u.name = '{name}'"
                ),
                Counted::Clusters => format!(
                    "SELECT COUNT(*) FROM cluster c JOIN unit u ON u.id = c.organiser_id WHERE u.name = '{name}'"
                ),
            };
            let found = number(&env, &sql).await.expect("a count");
            assert_eq!(
                found * 10_000,
                count.value.ten_thousandths(),
                "{} {}",
                source.key,
                count.printed
            );
        }
        for member in &source.members {
            let sql = format!(
                "SELECT COUNT(*) FROM unit WHERE name = '{}' AND id IN ({inside})",
                member.unit
            );
            assert_eq!(number(&env, &sql).await, Some(1), "{}", member.unit);
        }
    }
    let units = number(&env, "SELECT COUNT(*) FROM unit").await.expect("a count");
    assert_eq!(units, 474);
}

#[tokio::test]
async fn the_unreadable_amount_waits_with_both_readings() {
    let (env, _folder) = loaded().await;
    let returned = "SELECT COUNT(*) FROM report_step t
        JOIN report_submission s ON s.id = t.submission_id AND s.status = 'RETURNED'
        JOIN report_form f ON f.id = s.form_id AND f.code = 'QUY-XH'
        JOIN unit u ON u.id = s.unit_id AND u.name = 'LĐLĐ huyện Ngọc Hồi'
        WHERE t.action = 'RETURN' AND s.note LIKE '%390.777.00đ%'
          AND t.reason LIKE '%390.777.000đ hay 39.077.700đ%'
          AND NOT EXISTS (SELECT 1 FROM report_value v WHERE v.submission_id = s.id)";
    assert_eq!(number(&env, returned).await, Some(1));
}

#[tokio::test]
async fn offices_and_awards_of_the_sources_are_there_and_offices_are_held_today() {
    let (env, _folder) = loaded().await;
    let held = |cluster: &str, office: &str, day: &str| {
        format!(
            "SELECT COUNT(*) FROM cluster_office o JOIN cluster c ON c.id = o.cluster_id JOIN unit u ON u.id = o.unit_id
             WHERE c.name = '{cluster}' AND o.office = '{office}' AND o.valid_from <= '{day}'
             AND (o.valid_to IS NULL OR o.valid_to > '{day}')"
        )
    };
    for (cluster, office, day, unit) in [
        (
            "Khối thi đua các Sở Quản lý Nhà nước 1",
            "CHAIR",
            "2019-12-24",
            "Công đoàn Sở Khoa học và Công nghệ",
        ),
        ("Cụm II", "CHAIR", "2021-06-01", "LĐLĐ huyện Ngọc Hồi"),
        ("Cụm II", "DEPUTY", "2021-06-01", "LĐLĐ huyện Đăk Glei"),
    ] {
        let sql = held(cluster, office, day);
        assert_eq!(number(&env, &sql).await, Some(1));
        assert_eq!(
            number(&env, &format!("{sql} AND u.name = '{unit}' AND o.decision IS NULL")).await,
            Some(1)
        );
    }
    let person = held("Cụm 1", "CHAIR", "2020-10-20") + " AND o.acting_person = 'Nguyễn Quốc Hưng'";
    assert_eq!(number(&env, &person).await, Some(1));
    let today = env.today();
    let offices = cluster_office::Entity::find().all(&env.db).await.expect("offices");
    let now: Vec<_> = offices
        .iter()
        .filter(|held| held.valid_from <= today && held.valid_to.is_none_or(|to| to > today))
        .collect();
    assert_eq!(now.len(), 12, "a chair and a deputy of each cluster");

    let given = |award: &str, year: i32, below: &str| {
        format!(
            "SELECT SUM(a.count) FROM award a JOIN award_type t ON t.id = a.award_type_id AND t.code = '{award}'
             JOIN unit_ancestry n ON n.unit_id = a.unit_id JOIN unit u ON u.id = n.ancestor_id AND u.name = '{below}'
             WHERE a.year = {year}"
        )
    };
    let lam_dong = "Liên đoàn Lao động tỉnh Lâm Đồng";
    assert_eq!(number(&env, &given("CO_LDLD", 2023, lam_dong)).await, Some(8));
    let certificates = given("BK_LDLD", 2023, lam_dong);
    assert_eq!(
        number(&env, &format!("{certificates} AND a.recipient = 'COLLECTIVE'")).await,
        Some(8)
    );
    assert_eq!(
        number(&env, &format!("{certificates} AND a.recipient = 'INDIVIDUAL'")).await,
        Some(18)
    );
    assert_eq!(
        number(&env, &given("CUM_DAN_DAU", 2020, "LĐLĐ huyện Ngọc Hồi")).await,
        Some(1)
    );
    assert_eq!(
        number(&env, &given("CUM_XUAT_SAC", 2020, "LĐLĐ huyện Đăk Glei")).await,
        Some(1)
    );
    let titles = "Công đoàn Sở Thông tin và Truyền thông";
    for code in ["CONG_SO_VH", "DON_VI_TSVM"] {
        assert_eq!(number(&env, &given(code, 2017, titles)).await, Some(1));
    }
    let decisions = award_decision::Entity::find().all(&env.db).await.expect("decisions");
    let sources = decisions.iter().filter_map(|row| row.source.as_deref());
    assert!(
        sources
            .clone()
            .all(|source| source.starts_with("Nguồn: ") || source.starts_with("Dữ liệu minh họa"))
    );
    assert_eq!(sources.count(), decisions.len());
    let unnamed = award::Entity::find()
        .all(&env.db)
        .await
        .expect("awards")
        .into_iter()
        .filter(|row| row.recipient_name.is_none());
    assert_eq!(unnamed.map(|row| row.count).sum::<i32>(), 33);
}

#[test]
fn every_printed_figure_reads_as_it_is_meant() {
    let plan = planned();
    for source in facts().sources {
        for figure in &source.figures {
            let reading = numbers::read(&figure.printed, form_of(&plan, figure)).expect("understood");
            assert_eq!(
                (reading.value, reading.upper, reading.qualifier),
                (figure.value, figure.upper, figure.qualifier)
            );
            assert_eq!(figure.exact, figure.qualifier == numbers::Qualifier::Exact);
        }
        for refused in &source.refused {
            let readings = refused.readings.clone();
            let expected = Err(Unreadable::Ambiguous { readings });
            assert_eq!(numbers::read(&refused.printed, NumberForm::Money), expected);
        }
    }
}

fn form_of(plan: &Plan, figure: &Figure) -> NumberForm {
    plan.indicator(&figure.indicator).expect("an indicator").form
}
