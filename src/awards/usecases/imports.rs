//! Decisions that were made elsewhere come in by a spreadsheet: what its words mean is found with no transaction open, then all of them
//! are recorded in one, by the rules by which one is recorded by hand. A decision that stands in the registry already is left alone.

use std::collections::HashMap;

use uuid::Uuid;

use super::{awards, recorded, row, sees_units};
use crate::auth::Actor;
use crate::awards::decision::ReadDecision;
use crate::awards::register::decisions::{Beside, Gathered, gather};
use crate::awards::register::standing::{self, Standing, Stands};
use crate::awards::register::{COLUMNS, HINT, Register};
use crate::awards::{number, store};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::policy::{self, Action, Place};
use crate::sheets::register::{List, RegisterSheet};
use crate::sheets::{Conflict, Head};
use crate::units::store as units;
use crate::{audit, db};

mod meaning;

/// What becomes of a decision of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is recorded.
    Recorded,
    /// It stands in the registry already.
    Unchanged,
    /// It stands there with other content.
    Refused,
}

/// What came of the rows of one decision.
#[derive(Debug)]
pub struct ImportedDecision {
    /// Its first row.
    pub row: u32,
    /// The decision.
    pub decision: ReadDecision,
    /// What becomes of it, or would.
    pub outcome: Outcome,
    /// The decision of the registry; `None` while there is none.
    pub id: Option<Uuid>,
}

/// What came of a register.
#[derive(Debug)]
pub struct Imported {
    /// Whether anything was recorded.
    pub saved: bool,
    /// Name of the sheet; `None` for text, which has none.
    pub sheet: Option<String>,
    /// The decisions whose rows could all be read, from the top.
    pub decisions: Vec<ImportedDecision>,
    /// What is not taken, and how to mend it, from the top.
    pub conflicts: Vec<Conflict>,
}

/// Whether the caller may record decisions in the registry of a unit, asked before a file is read: of who may not, nothing is taken in.
pub async fn may_import(env: &Env, actor: &Actor, owner: Uuid) -> Result<()> {
    let place = units::find_place(&env.db, &policy::reach(actor), owner, env.today()).await?;
    policy::authorize(actor, Action::AwardRecord, &place).map(drop)
}

/// An empty register of a unit to be filled in, with the catalogue of kinds of award beside it; and words for the name of a file.
pub async fn empty_register(env: &Env, actor: &Actor, owner: Uuid) -> Result<(RegisterSheet, [String; 2])> {
    may_import(env, actor, owner).await?;
    let unit = units::find(&env.db, &policy::reach(actor), owner, env.today()).await?;
    let kinds = store::catalogue(&env.db).await?;
    let head = |code: &str, title: &str| Head {
        code: code.to_owned(),
        title: title.to_owned(),
        about: Vec::new(),
        changed_at: env.now(),
    };
    let beside = List {
        head: head("Danh mục", "Danh mục hình thức khen thưởng"),
        headings: vec![("Mã", 24), ("Hình thức khen thưởng", 60), ("Tặng cho", 22)],
        rows: kinds.into_iter().map(meaning::listed).collect(),
    };
    let sheet = RegisterSheet {
        head: Head {
            about: vec![("Đơn vị giữ sổ".to_owned(), unit.name.clone())],
            ..head("Khen thưởng", "Ghi nhận khen thưởng đã có quyết định")
        },
        hint: HINT,
        columns: COLUMNS,
        beside,
    };
    Ok((sheet, ["Khen thưởng".to_owned(), unit.name]))
}

/// Records the decisions of a register that are not there yet, all of them or none. Nothing is written in a dry run, nor when there is a
/// conflict. `owner`: the unit in whose registry those of issuers outside the union stand.
pub async fn import(env: &Env, actor: &Actor, owner: Uuid, mut register: Register, dry_run: bool) -> Result<Imported> {
    // Reading a thousand rows beside thousands of names takes a while: beside the threads that answer, and few at once.
    let turn = env.sheets.turn().await?;
    let tx = db::begin_read(&env.db).await?;
    let mut beside: Beside = meaning::beside(&tx, env, actor, owner, &register).await?;
    tx.rollback().await?;
    let (register, gathered) = turn
        .work(move || {
            let gathered = gather(&mut register, &mut beside)?;
            Ok((register, gathered))
        })
        .await?;
    let wanted = !dry_run && register.conflicts.is_empty();
    let mut imported = if wanted {
        match record(env, actor, &register, &gathered).await {
            // Somebody has recorded one of them by hand this very moment: then it stands there, the same or otherwise.
            Err(Error::AlreadyExists(_)) => record(env, actor, &register, &gathered).await?,
            done => done?,
        }
    } else {
        let tx = db::begin_read(&env.db).await?;
        let judged = judged(&tx, env, actor, &register, &gathered).await?;
        tx.rollback().await?;
        judged
    };
    imported.conflicts.extend(register.conflicts);
    imported.conflicts.sort_by_key(|conflict| conflict.at);
    Ok(imported)
}

/// How the decisions of a register stand to those that are recorded.
async fn judged(
    connection: &impl sea_orm::ConnectionTrait,
    env: &Env,
    actor: &Actor,
    register: &Register,
    gathered: &[Gathered],
) -> Result<Imported> {
    let (reach, today) = (policy::reach(actor), env.today());
    let read = || gathered.iter().map(|one| &one.decision);
    let mut owners: Vec<Uuid> = read().map(|read| read.owner).collect();
    owners.sort_unstable();
    owners.dedup();
    let numbers = read().filter_map(|read| read.number.as_deref());
    let numbers = numbers.map(|number| number::key(number).into_bytes()).collect();
    let unnumbered = read().filter(|read| read.number.is_none());
    let years = unnumbered.map(|read| read.year).collect();
    let papers = store::papers(connection, (&reach, today), &owners, numbers, years).await?;
    let of_one = |one: &Gathered| -> Vec<usize> {
        let papers = papers.iter().enumerate();
        let same = papers.filter(|(_, paper)| standing::is_same_paper(one, paper));
        same.map(|(at, _)| at).collect()
    };
    let same: Vec<Vec<usize>> = gathered.iter().map(of_one).collect();
    let mut sizes: HashMap<Uuid, usize> = HashMap::new();
    for (one, same) in gathered.iter().zip(&same) {
        let ids = same.iter().filter_map(|at| papers.get(*at)).map(|paper| paper.id);
        sizes.extend(ids.map(|id| (id, one.decision.awards.len())));
    }
    let given = store::awards_of_so_many(connection, &reach, today, &sizes).await?;
    let mut imported = Imported {
        saved: false,
        sheet: register.sheet.clone(),
        decisions: Vec::with_capacity(gathered.len()),
        conflicts: Vec::new(),
    };
    for (one, same) in gathered.iter().zip(same) {
        let same = same.iter().filter_map(|at| papers.get(*at));
        let same: Vec<Stands<'_>> = same
            .map(|decision| Stands {
                decision,
                awards: given.get(&decision.id).map(|awards| awards.iter().collect()),
            })
            .collect();
        let (stands, paper) = standing::stands(one, &same);
        let outcome = match stands {
            Standing::New => Outcome::Recorded,
            Standing::Same => Outcome::Unchanged,
            Standing::Otherwise => Outcome::Refused,
        };
        if outcome == Outcome::Refused {
            imported.conflicts.push(register.stands_otherwise(one));
        }
        imported.decisions.push(ImportedDecision {
            row: one.row,
            decision: one.decision.clone(),
            outcome,
            id: paper.map(|paper| paper.id),
        });
    }
    Ok(imported)
}

/// Records the decisions of a register in one transaction, by statements that do not grow with them.
async fn record(env: &Env, actor: &Actor, register: &Register, gathered: &[Gathered]) -> Result<Imported> {
    let (reach, today) = (policy::reach(actor), env.today());
    let tx = db::begin_write(&env.db).await?;
    let mut owners: Vec<Uuid> = gathered.iter().map(|one| one.decision.owner).collect();
    owners.sort_unstable();
    owners.dedup();
    // Who sends the same file at the same moment waits here, and then finds everything recorded.
    units::take_turns(&tx, &owners).await?;
    let found = units::find_many(&tx, &reach, &owners, today).await?;
    let places = units::places(&tx, &found, today).await?;
    let acting = |owner: &Uuid| {
        let place: &Place = places.get(owner).ok_or(Error::NotFound)?;
        Ok((*owner, policy::authorize(actor, Action::AwardRecord, place)?))
    };
    let actors = owners.iter().map(acting).collect::<Result<HashMap<Uuid, Actor>>>()?;
    let decisions: Vec<ReadDecision> = gathered.iter().map(|one| one.decision.clone()).collect();
    sees_units(&tx, &reach, &decisions, today).await?;
    let mut imported = judged(&tx, env, actor, register, gathered).await?;
    let is_new = |one: &&mut ImportedDecision| one.outcome == Outcome::Recorded;
    if !imported.conflicts.is_empty() {
        tx.rollback().await?;
        return Ok(imported);
    }
    let (mut rows, mut given, mut traces) = (Vec::new(), Vec::new(), Vec::new());
    for one in imported.decisions.iter_mut().filter(is_new) {
        let read = &one.decision;
        let decision = row(env, read, read.issuer_name.clone().unwrap_or_default());
        let actor = actors.get(&read.owner).ok_or(Error::NotFound)?;
        given.extend(awards(env, &decision, read));
        traces.push(recorded(env, actor, &decision, read));
        one.id = Some(decision.id);
        rows.push(decision);
    }
    if rows.is_empty() {
        tx.rollback().await?;
        return Ok(imported);
    }
    store::insert_decisions(&tx, &rows).await?;
    store::insert_awards(&tx, given).await?;
    audit::record_all(&tx, traces).await?;
    tx.commit().await?;
    imported.saved = true;
    Ok(imported)
}
