//! What the benchmarks of reporting begin with: a form of forty indicators that many unions fill in, and a clock.
#![allow(dead_code, reason = "each benchmark uses a part")]

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use thidua::auth::Actor;
use thidua::env::Env;
use thidua::forms::bounds::Bounds;
use thidua::forms::content::{FilledInBy, FormContent, Item, Section};
use thidua::forms::usecases as forms;
use thidua::policy::{Capacity, Scope};
use thidua::request::{self, Client, RequestRecord};
use thidua::units::usecases::{self as units, NewUnit};
use thidua_entity::enums::{Aggregation, NumberForm, PeriodKind, Role, UnitKind};
use uuid::Uuid;

/// How many indicators the form has.
pub const FIGURES: usize = 40;

/// What may go wrong.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The middle of some times.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Somebody with one role.
pub fn holding(role: Role, scope: Scope) -> Actor {
    Actor::command_line().holding(vec![(Capacity::Role(role), scope).into()], Vec::new())
}

/// What something took, and how many statements that were.
pub async fn timed<T, E: Error + 'static>(work: impl Future<Output = Result<T, E>>) -> Outcome<(T, Duration, u32)> {
    let record = RequestRecord::new("benchmark".to_owned(), Client::default());
    let begun = Instant::now();
    let done = request::scope(Arc::clone(&record), work).await?;
    Ok((done, begun.elapsed(), record.statements()))
}

/// A form of forty indicators and a period, for all units.
pub struct Reporting {
    /// The form.
    pub form: Uuid,
    /// The period.
    pub period: Uuid,
    /// The unit above all who report.
    pub union: Uuid,
    /// Those who report.
    pub units: Vec<Uuid>,
}

/// A province with so many grassroots unions, a published form and a year.
pub async fn begin(env: &Env, count: usize) -> Outcome<Reporting> {
    let admin = Actor::command_line();
    let specialist = holding(Role::Specialist, Scope::Everything);
    let day = |text: &str| text.parse::<NaiveDate>();
    let unit = |kind, name: String, parent| NewUnit {
        kind,
        name,
        parent,
        sector: None,
        province: None,
        founded_on: None,
        decision: None,
    };
    let top = unit(
        UnitKind::Confederation,
        "Tổng Liên đoàn Lao động Việt Nam".to_owned(),
        None,
    );
    let top = units::create(env, &admin, top, None).await?.id;
    let union = unit(
        UnitKind::ProvincialFederation,
        "Liên đoàn Lao động tỉnh Sóc Trăng".to_owned(),
        Some(top),
    );
    let union = units::create(env, &admin, union, None).await?.id;
    let mut below = Vec::new();
    for number in 0..count {
        let grassroots = unit(
            UnitKind::Grassroots,
            format!("CĐCS Trường Tiểu học số {number}"),
            Some(union),
        );
        below.push(units::create(env, &specialist, grassroots, None).await?.id);
    }
    let mut items = Vec::new();
    for number in 0..FIGURES {
        let indicator = forms::NewIndicator {
            code: format!("chi_tieu_{number}"),
            name: format!("Chỉ tiêu số {number}"),
            unit_of_measure: "người".to_owned(),
            number_form: NumberForm::Integer,
            aggregation: Aggregation::Flow,
            numerator: None,
            denominator: None,
            bounds: Bounds::default(),
            dimensions: Vec::new(),
            choices: Vec::new(),
            head_count: None,
            description: None,
        };
        items.push(Item {
            indicator: forms::create_indicator(env, &specialist, indicator).await?.code,
            required: true,
            help: None,
            bounds: Bounds::default(),
            dimensions: Vec::new(),
        });
    }
    let form = forms::create_form(env, &specialist, union, "TK-01", "Biểu thống kê", PeriodKind::Year)
        .await?
        .id;
    let content = FormContent {
        filled_in_by: FilledInBy {
            unit_kinds: vec![UnitKind::Grassroots],
            sectors: Vec::new(),
            size: None,
        },
        sections: vec![Section {
            title: None,
            help: None,
            items,
        }],
        rules: Vec::new(),
        legal_basis: None,
    };
    forms::write_form_draft(env, &specialist, form, content, None).await?;
    forms::publish_form(env, &specialist, form, 1, 1).await?;
    let period = forms::NewPeriod {
        owner: union,
        code: "2026".to_owned(),
        name: "Năm 2026".to_owned(),
        kind: PeriodKind::Year,
        starts_on: day("2026-01-01")?,
        ends_on: day("2026-12-31")?,
        due_on: None,
    };
    let period = forms::create_period(env, &specialist, period).await?.id;
    Ok(Reporting {
        form,
        period,
        union,
        units: below,
    })
}

/// How many times as long, in hundredths.
pub fn ratio(one: Duration, other: Duration) -> String {
    let hundredths = one.as_nanos().saturating_mul(100) / other.as_nanos().max(1);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}
