//! Explaining something of a result: in sentences, as data, and with the reports behind its figures.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use sea_orm::ConnectionTrait;
use uuid::Uuid;

use super::unsound;
use crate::auth::Actor;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy;
use crate::reckoning::snapshot::{Snapshot, SnapshotProblem};
use crate::reckoning::{
    self, CheckedSet, Data, Explanation, Node, NodeOutcome, Part, SeparatedBy, Separation, Subject, TieBreakBy, Title,
};
use crate::{forms, reports};

/// Something of a result explained.
#[derive(Clone, Debug)]
pub struct Told {
    /// In sentences and as data.
    pub explanation: Explanation,
    /// The figures behind points, in the order of their indicators.
    pub figures: Vec<Behind>,
}

/// A figure of a unit that its points were worked out from.
#[derive(Clone, Debug)]
pub struct Behind {
    /// Code of the indicator.
    pub indicator: String,
    /// Its name, where it is known.
    pub name: Option<String>,
    /// The report in which it stands; nothing when that is beyond what the caller sees.
    pub report: Option<Uuid>,
}

/// Who asks, on which day.
#[derive(Clone, Copy, Debug)]
pub struct Asks<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The day.
    pub today: NaiveDate,
}

/// Explains something of a result, of which this is the snapshot. Reports behind figures are named as far as the caller sees them.
pub async fn explain(
    connection: &impl ConnectionTrait,
    asks: Asks<'_>,
    snapshot: Arc<Snapshot>,
    subject: Subject,
) -> Result<Told> {
    let codes: Vec<&str> = snapshot.indicators.keys().map(String::as_str).collect();
    let names: BTreeMap<String, String> = forms::store::indicator_names(connection, &codes)
        .await?
        .into_iter()
        .collect();
    let telling = tokio::task::spawn_blocking(move || told(&snapshot, &subject, &names));
    let mut told = telling.await.map_err(Error::internal)??;
    let reports: Vec<Uuid> = told.figures.iter().filter_map(|figure| figure.report).collect();
    let seen = match reports::store::find_many(connection, &policy::reach(asks.actor), &reports, asks.today).await {
        Ok(rows) => rows.into_iter().map(|row| row.id).collect(),
        // A service account may have been given results and no reports.
        Err(Error::ScopeMissing(_)) => HashSet::new(),
        Err(error) => return Err(error),
    };
    for figure in &mut told.figures {
        figure.report = figure.report.filter(|report| seen.contains(report));
    }
    Ok(told)
}

fn told(snapshot: &Snapshot, subject: &Subject, names: &BTreeMap<String, String>) -> Result<Told> {
    let label = |code: &str| {
        let vi = names.get(code)?.clone();
        Some(Title { vi, en: None })
    };
    let explanation = reckoning::explain(&snapshot.rules, &snapshot.outcome, subject, &label);
    let mut explanation = explanation.ok_or(Error::NotFound)?;
    explanation.sentences.extend(ballots(snapshot, &explanation.data));
    Ok(Told {
        explanation,
        figures: behind(snapshot, subject, names)?,
    })
}

/// What the ballots rest on that separated a unit from its neighbours, each told once.
fn ballots(snapshot: &Snapshot, data: &Data) -> Vec<Text> {
    let Data::Place(Some(place)) = data else {
        return Vec::new();
    };
    let by_ballot = |separation: &&Separation| match separation.by {
        SeparatedBy::TieBreak { index, .. } => {
            let tie_break = snapshot.rules.tie_breaks.get(index);
            tie_break.is_some_and(|one| one.by == TieBreakBy::Ballot)
        }
        SeparatedBy::Points { .. } | SeparatedBy::Nothing => false,
    };
    let separations = [&place.above, &place.below].into_iter().flatten().filter(by_ballot);
    let reasons: BTreeSet<&String> = separations
        .filter_map(|separation| snapshot.facts.ballot_basis.get(&separation.above))
        .collect();
    let told = reasons.into_iter().map(|reason| {
        Text::new(
            format!("Căn cứ phân định: {reason}"),
            format!("The order rests on: {reason}"),
        )
    });
    told.collect()
}

/// The figures of the unit behind points, or behind a total: of the criteria that apply to it.
fn behind(snapshot: &Snapshot, subject: &Subject, names: &BTreeMap<String, String>) -> Result<Vec<Behind>> {
    let (unit, code) = match subject {
        Subject::Points { unit, node } => (unit, Some(node)),
        Subject::Total { unit } => (unit, None),
        Subject::Grade { .. } | Subject::Gate { .. } | Subject::Quota { .. } | Subject::Place { .. } => {
            return Ok(Vec::new());
        }
    };
    let (Some(facts), Some(outcome)) = (snapshot.facts.units.get(unit), snapshot.outcome.units.get(unit)) else {
        return Ok(Vec::new());
    };
    let set = CheckedSet::check(snapshot.rules.clone(), &snapshot.indicators);
    let set = set.map_err(|problems| unsound(SnapshotProblem::Rules(problems)))?;
    let asked: Vec<&Node> = match code {
        Some(code) => {
            let nodes = set.set().all_nodes().into_iter();
            nodes.filter(|node| node.code == *code).collect()
        }
        None => set.set().nodes.iter().collect(),
    };
    let mut read = BTreeSet::new();
    for node in asked {
        read_by(&set, node, &outcome.nodes, &mut read);
    }
    let figures = read.into_iter().filter_map(|code| {
        let report = Kind::ReportSubmission.parse(facts.sources.get(code)?);
        Some(report.map(|report| Behind {
            indicator: code.to_owned(),
            name: names.get(code).cloned(),
            report: Some(report),
        }))
    });
    figures.collect()
}

/// The indicators that a node and those below it read, as far as they apply to a unit.
fn read_by<'a>(
    set: &'a CheckedSet,
    node: &'a Node,
    applying: &BTreeMap<String, NodeOutcome>,
    read: &mut BTreeSet<&'a str>,
) {
    if !applying.contains_key(&node.code) {
        return;
    }
    match &node.part {
        Part::Section(section) => {
            for below in &section.children {
                read_by(set, below, applying, read);
            }
        }
        Part::Criterion(_) => read.extend(set.read_by(node)),
    }
}
