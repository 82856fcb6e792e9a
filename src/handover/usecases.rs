//! Gathering what is open in a cluster, for who takes it on.

use std::collections::HashSet;

use chrono::{Days, NaiveDate};
use thidua_entity::enums::{ConferenceState, HandoverKind, PactState, SheetState, YearPhase};
use thidua_entity::{cluster, conference, emulation_year};
use uuid::Uuid;

use super::open::{Gap, Item, Open, gaps};
use super::sentences;
use crate::auth::Actor;
use crate::clusters::rules::Span;
use crate::db::PageArgs;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action, Place};
use crate::reports::store::summary::{Selection, SummaryScope};
use crate::years::state;
use crate::years::store::View;
use crate::{awards, ballots, clusters, conferences, crosschecks, forms, reports, scoring, units, years};

/// How far back a report was due that is still asked for.
const LOOK_BACK_DAYS: u64 = 366;
/// Most forms of which missing reports are counted.
const FORMS_MAX: usize = 20;

/// Everything that is open in a cluster, as far as the caller sees it. For who keeps the cluster, and for officers of a unit that will hold
/// an office of it.
pub async fn gather(env: &Env, actor: &Actor, cluster: Uuid) -> Result<(cluster::Model, Vec<Item>)> {
    let (reach, today) = (policy::reach(actor), env.today());
    let cluster = clusters::store::find(&env.db, &reach, cluster, today).await?;
    let place = clusters::store::place(&env.db, &cluster, today).await?;
    let offices = clusters::store::offices(&env.db, &[cluster.id]).await?;
    let to_come = offices
        .iter()
        .filter(|row| row.valid_from > today)
        .map(|row| row.unit_id);
    may_read(env, actor, &place, &to_come.collect::<Vec<_>>()).await?;
    let caller = Caller {
        env,
        actor,
        view: View::of(actor, today),
        cluster: cluster.id,
    };
    let unfinished = years::store::unfinished(&env.db, &caller.view, cluster.id).await?;
    let mut items = caller.years(&unfinished).await?;
    items.extend(caller.reports().await?);
    items.extend(caller.judging(&unfinished).await?);
    items.extend(caller.conferences().await?);
    let held: Vec<_> = offices.iter().map(|row| (row.office, Span::from(row))).collect();
    items.extend(gaps(&held, today).into_iter().map(|gap| of_office(gap, cluster.id)));
    items.extend(caller.proposals().await?);
    Ok((cluster, items))
}

/// Lets through who keeps the cluster, and officers of the units that will hold an office of it.
async fn may_read(env: &Env, actor: &Actor, place: &Place, to_come: &[Uuid]) -> Result<()> {
    let Err(refused) = policy::authorize(actor, Action::HandoverRead, place) else {
        return Ok(());
    };
    let own = units::store::find_many(&env.db, &policy::reach(actor), to_come, env.today()).await?;
    let places = units::store::places(&env.db, &own, env.today()).await?;
    if places
        .values()
        .any(|place| policy::permits(actor, Action::VoteCast, place))
    {
        return Ok(());
    }
    Err(refused)
}

fn of_office(gap: Gap, cluster: Uuid) -> Item {
    let (kind, due_on) = match gap {
        Gap::Vacant => (HandoverKind::OfficeVacant, None),
        Gap::Ending(_, day) => (HandoverKind::OfficeEnding, Some(day)),
    };
    Item {
        kind,
        count: 1,
        due_on,
        sentence: sentences::gap(gap),
        nodes: vec![(Kind::Cluster, cluster)],
    }
}

/// Who asks, of which cluster.
struct Caller<'a> {
    env: &'a Env,
    actor: &'a Actor,
    view: View,
    cluster: Uuid,
}

const fn is_decided(state: SheetState) -> bool {
    matches!(state, SheetState::Decided | SheetState::Published)
}

/// The items that there are.
fn there(items: impl IntoIterator<Item = Option<Item>>) -> Vec<Item> {
    items.into_iter().flatten().collect()
}

/// The item of a kind with its usual sentence.
fn counted(kind: HandoverKind, of: Kind, open: Open) -> Option<Item> {
    open.item(kind, of, |open| sentences::counted(kind, open))
}

impl Caller<'_> {
    /// The years that are not published: the phase of each, what stands in the way of the next one, and who has not signed the pact.
    async fn years(&self, unfinished: &[emulation_year::Model]) -> Result<Vec<Item>> {
        let db = &self.env.db;
        let ids: Vec<Uuid> = unfinished.iter().map(|year| year.id).collect();
        let phases = years::store::phases(db, &ids).await?;
        let pacts = years::store::pacts(db, &ids).await?;
        let mut items = Vec::new();
        for year in unfinished {
            let ready = years::usecases::readiness(db, self.env, year).await?;
            let in_the_way = match state::advance(year.phase, &ready) {
                Err(Error::Invalid(problems)) => problems,
                Ok(_) | Err(_) => Vec::new(),
            };
            let next = state::next(year.phase);
            let due_on = phases
                .iter()
                .find(|row| row.year_id == year.id && Some(row.phase) == next)
                .map(|row| row.starts_on);
            items.push(Item {
                kind: HandoverKind::YearUnfinished,
                count: 1,
                due_on,
                sentence: sentences::year((year.year, year.phase), next, &in_the_way),
                nodes: vec![(Kind::EmulationYear, year.id)],
            });
            let pact = pacts.iter().rfind(|pact| pact.year_id == year.id);
            let signing = pact.filter(|pact| matches!(pact.state, PactState::Signing | PactState::InForce));
            let unsigned = Open {
                count: ready.unsigned.len(),
                due_on: None,
                first: signing.map(|pact| pact.id).into_iter().collect(),
            };
            items.extend(counted(HandoverKind::PactUnsigned, Kind::Pact, unsigned));
        }
        Ok(items)
    }

    /// Reports that are not in though they were due, and those that wait for verification.
    async fn reports(&self) -> Result<Vec<Item>> {
        let (db, View { reach, today }) = (&self.env.db, &self.view);
        let from = today.checked_sub_days(Days::new(LOOK_BACK_DAYS)).unwrap_or(*today);
        let mut missing = Open::default();
        for (form, version, periods, due_on) in self.asked(from).await? {
            let selection = Selection {
                scope: SummaryScope::Cluster(self.cluster),
                form,
                periods,
                statuses: Vec::new(),
            };
            let first = i32::try_from(super::open::NODES_MAX).unwrap_or(1);
            let args = PageArgs::new(Some(first), None, None, None);
            let owing = reports::store::summary::owing(db, (reach, *today), (&selection, version), &args, true);
            let (page, total) = owing.await?;
            let count = usize::try_from(total.unwrap_or_default()).unwrap_or(usize::MAX);
            if count == 0 {
                continue;
            }
            missing.count = missing.count.saturating_add(count);
            missing.due_on = missing.due_on.into_iter().chain([due_on]).min();
            missing.first.extend(page.rows.into_iter().map(|(_, unit)| unit.id));
        }
        missing.first.sort_unstable();
        missing.first.dedup();
        missing.first.truncate(super::open::NODES_MAX);
        let sent = reports::store::unverified(db, reach, *today, self.cluster).await?;
        let sent = Open::of(sent.into_iter().map(|id| (id, None)));
        Ok(there([
            counted(HandoverKind::ReportsMissing, Kind::Unit, missing),
            counted(HandoverKind::ReportsUnverified, Kind::ReportSubmission, sent),
        ]))
    }

    /// The forms that were due since a day and that some member has not handed in, as far as they are looked into: form, version, its periods
    /// and the earliest due day among them.
    async fn asked(&self, from: NaiveDate) -> Result<Vec<(Uuid, Uuid, Vec<Uuid>, NaiveDate)>> {
        let db = &self.env.db;
        let mut asked: Vec<(Uuid, Uuid, Vec<Uuid>, NaiveDate)> = Vec::new();
        for due in forms::store::due_between(db, (from, self.view.today)).await? {
            let day = due.own.as_ref().map_or(due.period.due_on, |own| Some(own.due_on));
            let Some(day) = day else { continue };
            match asked.iter_mut().find(|(_, version, ..)| *version == due.form_version) {
                Some((_, _, periods, earliest)) => {
                    periods.push(due.period.id);
                    *earliest = day.min(*earliest);
                }
                None => asked.push((due.form.id, due.form_version, vec![due.period.id], day)),
            }
        }
        // Forms of the whole service are due: those of this cluster first, and then no more than can be looked into.
        let versions: Vec<Uuid> = asked.iter().map(|(_, version, ..)| *version).collect();
        let mut periods: Vec<Uuid> = asked
            .iter()
            .flat_map(|(.., periods, _)| periods.iter().copied())
            .collect();
        periods.sort_unstable();
        periods.dedup();
        let owed = reports::store::summary::owed_in_cluster(db, self.cluster, &versions, &periods).await?;
        asked.retain(|(_, version, ..)| owed.contains(version));
        asked.truncate(FORMS_MAX);
        Ok(asked)
    }

    /// Cross-checks, score sheets and objections of years that are not published.
    async fn judging(&self, unfinished: &[emulation_year::Model]) -> Result<Vec<Item>> {
        let db = &self.env.db;
        let ids: Vec<Uuid> = unfinished.iter().map(|year| year.id).collect();
        let undated = |ids: Vec<Uuid>| Open::of(ids.into_iter().map(|id| (id, None)));
        let checks = crosschecks::store::unfinished(db, &self.view, &ids).await?;
        let findings = crosschecks::store::awaiting_reply(db, &self.view, &ids).await?;
        let sheets = scoring::store::View::of(self.actor, self.view.today);
        let objections = scoring::store::unanswered(db, &sheets, &ids).await?;
        let scored = unfinished.iter().filter(|year| year.phase >= YearPhase::SelfScoring);
        let scored: Vec<Uuid> = scored.map(|year| year.id).collect();
        Ok(there([
            counted(HandoverKind::CrossChecksOpen, Kind::CrossCheck, undated(checks)),
            counted(HandoverKind::FindingsUnanswered, Kind::Finding, undated(findings)),
            counted(
                HandoverKind::SheetsUndecided,
                Kind::ScoreSheet,
                self.undecided(&sheets, &scored).await?,
            ),
            counted(HandoverKind::ObjectionsUnanswered, Kind::Objection, undated(objections)),
        ]))
    }

    /// The sheets of units that take part and that are not decided: those that the caller sees lead on, and who has handed in none counts
    /// too. What was said of a unit that has withdrawn counts neither way.
    async fn undecided(&self, view: &scoring::store::View, years: &[Uuid]) -> Result<Open> {
        let db = &self.env.db;
        let participants = years::store::participants(db, years).await?;
        let taking_part: HashSet<(Uuid, Uuid)> = participants
            .iter()
            .filter(|row| row.withdrawn_on.is_none())
            .map(|row| (row.year_id, row.unit_id))
            .collect();
        let mut seen = scoring::store::seen_states(db, view, years).await?;
        seen.retain(|(_, year, unit, _)| taking_part.contains(&(*year, *unit)));
        let (decided, open): (Vec<_>, Vec<_>) = seen.into_iter().partition(|(.., state)| is_decided(*state));
        Ok(Open {
            count: taking_part.len().saturating_sub(decided.len()),
            ..Open::of(open.into_iter().map(|(id, ..)| (id, None)))
        })
    }

    /// Conferences that are not closed, those without minutes, and ballots that are not confirmed.
    async fn conferences(&self) -> Result<Vec<Item>> {
        let db = &self.env.db;
        let open = conferences::store::unfinished(db, &self.view, self.cluster).await?;
        let of = |open: &[&conference::Model]| Open::of(open.iter().map(|row| (row.id, Some(row.held_on))));
        let all: Vec<&conference::Model> = open.iter().collect();
        let unwritten = open
            .iter()
            .filter(|row| row.state == ConferenceState::Open && row.minutes.is_none());
        let unwritten: Vec<&conference::Model> = unwritten.collect();
        let ids: Vec<Uuid> = open.iter().map(|row| row.id).collect();
        let ballots = ballots::store::unfinished(db, &self.view, &ids).await?;
        Ok(there([
            counted(HandoverKind::ConferenceOpen, Kind::Conference, of(&all)),
            counted(HandoverKind::MinutesMissing, Kind::Conference, of(&unwritten)),
            counted(HandoverKind::BallotsUnconfirmed, Kind::Ballot, Open::of(ballots)),
        ]))
    }

    /// Proposals of the members that wait for the cluster.
    async fn proposals(&self) -> Result<Vec<Item>> {
        let View { reach, today } = &self.view;
        let waiting = awards::store::unendorsed(&self.env.db, reach, *today, self.cluster).await?;
        Ok(there([counted(
            HandoverKind::ProposalsUnendorsed,
            Kind::AwardProposal,
            Open::of(waiting),
        )]))
    }
}
