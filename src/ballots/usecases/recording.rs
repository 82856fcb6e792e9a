//! Recording what was voted on paper: the counts, or only percentages, or only the outcome. It is marked as recorded.

use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::RecordedAs;
use thidua_entity::{Fixed4, ballot, ballot_count, ballot_option};
use uuid::Uuid;

use super::{counted, rule_of, stepped, stored};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::ballots::counting::{self, Count, Counts, Decision, Outcome, Turnout};
use crate::ballots::state::{self, Step};
use crate::ballots::{roll, store, tallies};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::Action;
use crate::version::Seen;
use crate::{conferences, db};

/// What is known of an option.
#[derive(Clone, Copy, Debug)]
pub struct OnPaper {
    /// The option.
    pub option: Uuid,
    /// What it got.
    pub count: Count,
    /// Percent of the votes.
    pub percent: Option<Fixed4>,
}

/// What is known of a ballot on paper.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// What of it.
    pub what: RecordedAs,
    /// Votes cast and spoiled, with counts.
    pub papers: Option<(u64, u64)>,
    /// Of each option, with counts and percentages.
    pub options: Vec<OnPaper>,
    /// The options that were chosen, with percentages and the outcome; those with more first.
    pub chosen: Vec<Uuid>,
}

/// Records a ballot that was held on paper at a conference. By counts it is decided by its rule; otherwise it came out as the paper says.
pub async fn record(env: &Env, actor: &Actor, id: Uuid, seen: &Seen, recorded: &Recorded) -> Result<ballot::Model> {
    let tx = db::begin_write(&env.db).await?;
    let may = (Step::Record, Action::ConferenceManage);
    let (ref actor, before, _) = stepped(&tx, env, actor, (id, seen), may).await?;
    let after = keep(&tx, env, actor, &before, recorded).await?;
    tx.commit().await?;
    Ok(after)
}

/// Keeps what a paper says of a ballot for somebody who may record it, in a transaction that is under way.
pub async fn keep(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    before: &ballot::Model,
    recorded: &Recorded,
) -> Result<ballot::Model> {
    let id = before.id;
    let options = store::options(tx, &[id]).await?;
    let attendance = conferences::store::attendance(tx, &[before.conference_id]).await?;
    let recused = store::recusals(tx, &[id]).await?;
    // As in a ballot that is voted here, whenever the votes in writing came.
    let roll = super::called(&attendance, &recused, before.written_until.is_some());
    let turnout = |cast: u64| roll::turnout(&roll, cast);
    let known = match recorded.what {
        RecordedAs::Counts => {
            let (cast, spoiled) = recorded.papers.ok_or_else(|| incomplete("votesCast"))?;
            by_counts(before, &options, recorded, turnout(cast), spoiled)?
        }
        RecordedAs::Percentages | RecordedAs::Outcome => by_outcome(before, &options, recorded)?,
    };
    let could = turnout(0).voters;
    let papers = recorded.papers.filter(|_| recorded.what == RecordedAs::Counts);
    let votes = papers.map_or(could, |(cast, _)| cast.min(could));
    if known.numbers && counting::is_hidden(before.secret, votes) {
        return Err(Error::invalid(
            "SECRET_BALLOT_SMALL",
            "counts",
            "Phiếu kín của không quá 5 thành viên chỉ được nhập kết quả, không nhập số phiếu hay tỷ lệ.",
            "Of a secret ballot of at most 5 members only the outcome is recorded, no counts and no percentages.",
        ));
    }
    store::add_counts(tx, known.rows).await?;
    let change = ballot::ActiveModel {
        state: Set(state::next(before.state, Step::Record)?),
        recorded: Set(Some(recorded.what)),
        votes_cast: Set(papers.map(|(cast, _)| stored(cast))),
        votes_spoiled: Set(papers.map(|(_, spoiled)| stored(spoiled))),
        outcome: Set(Some(serde_json::to_string(&known.outcome).map_err(Error::internal)?)),
        updated_at: Set(env.now()),
        ..Default::default()
    };
    let after = store::update(tx, before, change).await?;
    let chosen: Vec<&str> = super::chosen(&known.outcome, &options)
        .map(|option| option.text.as_str())
        .collect();
    let detail = json!({ "recorded": recorded.what, "chosen": chosen });
    audit::record(tx, env, actor, Event("BALLOT_RECORDED"), (Kind::Ballot, id), detail).await?;
    Ok(after)
}

/// What a record comes to.
struct Known {
    outcome: Outcome,
    rows: Vec<ballot_count::ActiveModel>,
    /// Whether numbers of options are among it.
    numbers: bool,
}

fn by_counts(
    ballot: &ballot::Model,
    options: &[ballot_option::Model],
    recorded: &Recorded,
    turnout: Turnout,
    spoiled: u64,
) -> Result<Known> {
    let each = of_each(options, recorded)?;
    let counts = Counts {
        options: each.iter().map(|one| one.count).collect(),
        spoiled,
    };
    tallies::add_up(&rule_of(ballot), turnout, &counts)?;
    let decision = counting::decide(&rule_of(ballot), turnout, &counts.options);
    Ok(Known {
        rows: counted::rows(ballot, options, Some(&counts), &decision),
        outcome: Outcome {
            turnout: Some(turnout),
            hidden: false,
            decision,
        },
        numbers: true,
    })
}

fn by_outcome(ballot: &ballot::Model, options: &[ballot_option::Model], recorded: &Recorded) -> Result<Known> {
    let mut chosen = Vec::new();
    for id in &recorded.chosen {
        let place = options.iter().position(|option| option.id == *id);
        match place {
            Some(place) if !chosen.contains(&place) => chosen.push(place),
            _ => return Err(incomplete("chosenIds")),
        }
    }
    if chosen.len() > rule_of(ballot).seats {
        return Err(incomplete("chosenIds"));
    }
    let decision = Decision {
        quorum: true,
        out_of: 0,
        chosen,
        further: None,
    };
    let mut rows = counted::rows(ballot, options, None, &decision);
    let with_percent = recorded.what == RecordedAs::Percentages;
    if with_percent {
        let each = of_each(options, recorded)?;
        for (row, one) in rows.iter_mut().zip(each) {
            let percent = one.percent.ok_or_else(|| incomplete("counts"))?;
            if !(0..=1_000_000).contains(&percent.ten_thousandths()) {
                return Err(incomplete("counts"));
            }
            row.percent = Set(Some(percent));
        }
    }
    Ok(Known {
        rows,
        outcome: Outcome {
            turnout: None,
            hidden: false,
            decision,
        },
        numbers: with_percent,
    })
}

/// What is known of each option, in their order.
fn of_each(options: &[ballot_option::Model], recorded: &Recorded) -> Result<Vec<OnPaper>> {
    let of = |option: &ballot_option::Model| recorded.options.iter().copied().find(|one| one.option == option.id);
    let each: Option<Vec<OnPaper>> = options.iter().map(of).collect();
    each.filter(|each| each.len() == recorded.options.len())
        .ok_or_else(|| incomplete("counts"))
}

fn incomplete(field: &str) -> Error {
    Error::invalid(
        "RECORD_INCOMPLETE",
        field,
        "Kết quả nhập phải đủ và đúng các lựa chọn của cuộc bỏ phiếu, mỗi lựa chọn một lần.",
        "What is recorded must name the options of the ballot, each once, and be complete.",
    )
}
