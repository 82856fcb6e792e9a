//! Writes what was decided of figures into reports: one or many, in the same few statements.

use sea_orm::{ConnectionTrait, Set};
use thidua_entity::enums::Nature;
use thidua_entity::{report_mark, report_rival, report_value};
use uuid::Uuid;

use crate::env::Env;
use crate::error::Result;
use crate::reports::merging::{Place, Writer};
use crate::reports::store::{self, Touched};

/// Reports written by one round of statements: with sixty figures each they are as many figures as one statement takes.
const REPORTS_AT_ONCE: usize = 50;

/// What is to be written into a report.
pub struct IntoReport {
    /// The report.
    pub report: Uuid,
    /// The version that it comes to have.
    pub version: i32,
    /// Who writes, and what they had seen.
    pub writer: Writer,
    /// Whether it is begun with this: there is nothing yet that could be in the way.
    pub begun: bool,
    /// The figures.
    pub written: Written,
}

/// Which figures are touched, with their rows, with which others the writer agrees, and what is kept beside those of others.
#[derive(Default)]
pub struct Written {
    /// The figures that stand from now on, or are taken out.
    pub touched: Vec<Place>,
    /// Those that stand already.
    pub agreed: Vec<Place>,
    /// The rows of those that stand from now on.
    pub rows: Vec<report_value::ActiveModel>,
    /// What is kept beside what stands.
    pub rivals: Vec<(Place, String, Option<Nature>)>,
}

/// Writes into reports that nobody else changes until the transaction ends. The statements do not grow with the figures, and with
/// the reports only by tens.
pub async fn write(tx: &impl ConnectionTrait, env: &Env, mut all: Vec<IntoReport>) -> Result<()> {
    while !all.is_empty() {
        let rest = all.split_off(all.len().min(REPORTS_AT_ONCE));
        round(tx, env, std::mem::replace(&mut all, rest)).await?;
    }
    Ok(())
}

async fn round(tx: &impl ConnectionTrait, env: &Env, some: Vec<IntoReport>) -> Result<()> {
    let at = env.now();
    let (mut rows, mut marks, mut rivals) = (Vec::new(), Vec::new(), Vec::new());
    let (mut touched, mut others, mut named) = (Vec::new(), Vec::new(), Vec::new());
    for IntoReport {
        report,
        version,
        writer,
        begun,
        written,
    } in some
    {
        let said = written.touched.iter().chain(&written.agreed);
        marks.extend(said.map(|&(indicator, part)| report_mark::ActiveModel {
            submission_id: Set(report),
            indicator_id: Set(indicator),
            part: Set(part),
            version: Set(version),
            account_id: Set(writer.account),
            at: Set(at),
        }));
        if !begun {
            let of = |places: Vec<Place>| Touched { report, writer, places };
            let kept = written.rivals.iter().map(|(place, ..)| *place);
            let beside: Vec<Place> = written.agreed.iter().copied().chain(kept).collect();
            named.push(of([written.touched.as_slice(), &beside].concat()));
            touched.push(of(written.touched));
            others.push(of(beside));
        }
        rows.extend(written.rows);
        rivals.extend(
            written
                .rivals
                .into_iter()
                .map(|((indicator, part), raw, nature)| report_rival::ActiveModel {
                    id: Set(env.new_id()),
                    submission_id: Set(report),
                    indicator_id: Set(indicator),
                    part: Set(part),
                    raw: Set(raw),
                    nature: Set(nature),
                    version: Set(version),
                    account_id: Set(writer.account),
                    at: Set(at),
                }),
        );
    }
    store::take_values(tx, &touched).await?;
    store::add_values(tx, rows).await?;
    store::settle_rivals(tx, &named).await?;
    store::take_marks(tx, &touched, &others).await?;
    store::add_marks(tx, marks).await?;
    store::add_rivals(tx, rivals).await
}
