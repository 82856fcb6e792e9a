//! What an answer of fifty reports with forty figures each costs: the list of figures as the service writes it, beside the
//! same list with a resolver for each field and beside writing the finished JSON. One run, medians, ratios.
//!
//! `cargo bench --bench figures`

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_graphql::{EmptyMutation, EmptySubscription, Object, Schema};
use chrono::DateTime;
use thidua::forms::graphql::IndicatorId;
use thidua::reports::graphql::figures::{FigureList, ReportValue};
use thidua_entity::enums::{Aggregation, FigurePart, Nature, NumberForm, Qualifier};
use thidua_entity::{Fixed4, indicator, report_value};
use uuid::Uuid;

const REPORTS: usize = 50;
const FIGURES: usize = 40;
const ROUNDS: usize = 200;

struct Query {
    values: Arc<Vec<report_value::Model>>,
    order: Vec<IndicatorId>,
    indicators: HashMap<IndicatorId, indicator::Model>,
}

impl Query {
    fn list(&self) -> FigureList {
        FigureList::new(
            self.values.clone(),
            self.order.clone(),
            self.indicators.clone(),
            Default::default(),
        )
    }
}

#[Object]
impl Query {
    async fn planned(&self) -> Vec<Report<FigureList>> {
        (0..REPORTS).map(|_| Report(self.list())).collect()
    }

    async fn resolved(&self) -> Vec<Plain> {
        (0..REPORTS).map(|_| Plain(self.list().all())).collect()
    }
}

struct Report<T>(T);

#[Object]
impl Report<FigureList> {
    async fn figures(&self) -> &FigureList {
        &self.0
    }
}

struct Plain(Vec<ReportValue>);

#[Object]
impl Plain {
    async fn figures(&self) -> &Vec<ReportValue> {
        &self.0
    }
}

fn data() -> Query {
    let indicators: Vec<indicator::Model> = (0..FIGURES)
        .map(|number| indicator::Model {
            id: Uuid::now_v7(),
            code: format!("indicator_{number}"),
            name: format!("Số đoàn viên được thăm hỏi, nhóm {number}"),
            unit_of_measure: "người".to_owned(),
            number_form: NumberForm::Integer,
            aggregation: Aggregation::Stock,
            numerator_id: None,
            denominator_id: None,
            scale: 1,
            lowest: None,
            highest: None,
            by_women: false,
            by_sector: false,
            head_count: None,
            description: None,
            version: 1,
        })
        .collect();
    let value = |indicator: &indicator::Model| report_value::Model {
        submission_id: Uuid::nil(),
        indicator_id: indicator.id,
        part: FigurePart::Total,
        value: Fixed4::from_integer(1_671),
        upper: None,
        choice: None,
        qualifier: Qualifier::Exact,
        nature: Nature::Actual,
        raw: "1.671".to_owned(),
        updated_at: DateTime::UNIX_EPOCH,
    };
    Query {
        values: Arc::new(indicators.iter().map(value).collect()),
        order: indicators.iter().map(|row| IndicatorId(row.id)).collect(),
        indicators: indicators.into_iter().map(|row| (IndicatorId(row.id), row)).collect(),
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

#[allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let schema = Schema::new(data(), EmptyMutation, EmptySubscription);
    let fields = "figures { value upper qualifier nature text indicator { code name unitOfMeasure } }";
    let (planned, resolved) = (
        format!("{{ planned {{ {fields} }} }}"),
        format!("{{ resolved {{ {fields} }} }}"),
    );
    let answer = runtime.block_on(schema.execute(planned.as_str()));
    let plain = runtime.block_on(schema.execute(resolved.as_str()));
    assert!(
        answer.errors.is_empty() && plain.errors.is_empty(),
        "{:?} {:?}",
        answer.errors,
        plain.errors
    );
    let (mut fast, mut slow, mut json) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        black_box(runtime.block_on(schema.execute(planned.as_str())));
        fast.push(start.elapsed());
        let start = Instant::now();
        black_box(runtime.block_on(schema.execute(resolved.as_str())));
        slow.push(start.elapsed());
        let start = Instant::now();
        black_box(serde_json::to_vec(&answer)?);
        json.push(start.elapsed());
    }
    let bytes = serde_json::to_vec(&answer)?.len();
    let (fast, slow, json) = (median(fast), median(slow), median(json));
    let tenths = |part: Duration, whole: Duration| part.as_nanos() * 10 / whole.as_nanos().max(1);
    println!(
        "{} figures, {bytes} bytes, medians of {ROUNDS} rounds",
        REPORTS * FIGURES
    );
    println!("as the service writes them    {fast:>10.1?}");
    println!(
        "a resolver for each field     {slow:>10.1?}  {} tenths of the first",
        tenths(slow, fast)
    );
    println!(
        "writing the finished JSON     {json:>10.1?}  {} tenths of the first",
        tenths(json, fast)
    );
    Ok(())
}
