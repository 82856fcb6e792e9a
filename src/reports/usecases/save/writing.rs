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

/// What is to be written into a report, with every row made: nothing of that is left for when the database waits.
pub struct Ready {
    touched: Option<[Touched; 3]>,
    rows: Vec<report_value::ActiveModel>,
    marks: Vec<report_mark::ActiveModel>,
    rivals: Vec<report_rival::ActiveModel>,
}

impl IntoReport {
    /// Makes the rows.
    pub fn ready(self, env: &Env) -> Ready {
        let at = env.now();
        let Self {
            report,
            version,
            writer,
            begun,
            written,
        } = self;
        let said = written.touched.iter().chain(&written.agreed);
        let marks = said.map(|&(indicator, part)| report_mark::ActiveModel {
            submission_id: Set(report),
            indicator_id: Set(indicator),
            part: Set(part),
            version: Set(version),
            account_id: Set(writer.account),
            at: Set(at),
        });
        let marks = marks.collect();
        let touched = (!begun).then(|| {
            let of = |places: Vec<Place>| Touched { report, writer, places };
            let kept = written.rivals.iter().map(|(place, ..)| *place);
            let beside: Vec<Place> = written.agreed.iter().copied().chain(kept).collect();
            let named = [written.touched.as_slice(), &beside].concat();
            [named, written.touched, beside].map(of)
        });
        let rivals = written
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
            });
        Ready {
            touched,
            marks,
            rivals: rivals.collect(),
            rows: written.rows,
        }
    }
}

/// Writes into reports that nobody else changes until the transaction ends. The statements do not grow with the figures, and with
/// the reports only by tens.
pub async fn write(tx: &impl ConnectionTrait, mut all: Vec<Ready>) -> Result<()> {
    while !all.is_empty() {
        let rest = all.split_off(all.len().min(REPORTS_AT_ONCE));
        round(tx, std::mem::replace(&mut all, rest)).await?;
    }
    Ok(())
}

async fn round(tx: &impl ConnectionTrait, some: Vec<Ready>) -> Result<()> {
    let (mut rows, mut marks, mut rivals) = (Vec::new(), Vec::new(), Vec::new());
    let (mut named, mut touched, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for mut ready in some {
        rows.append(&mut ready.rows);
        marks.append(&mut ready.marks);
        rivals.append(&mut ready.rivals);
        if let Some([all, stand, beside]) = ready.touched {
            named.push(all);
            touched.push(stand);
            others.push(beside);
        }
    }
    store::take_values(tx, &touched).await?;
    store::add_values(tx, rows).await?;
    store::settle_rivals(tx, &named).await?;
    store::take_marks(tx, &touched, &others).await?;
    store::add_marks(tx, marks).await?;
    store::add_rivals(tx, rivals).await
}
