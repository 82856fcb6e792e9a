//! Drafting a ballot: the question, the options, the rule.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{BallotKind, BallotPurpose, BallotState, ConferenceState, Denominator};
use thidua_entity::{ballot, ballot_option, ballot_recusal, conference};
use uuid::Uuid;

use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::ballots::counting::Threshold;
use crate::ballots::store;
use crate::conferences::quorum::Fraction;
use crate::conferences::voters::Voter;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::years::store::View;
use crate::{conferences, db, idempotency, input, units};

/// Most options of a ballot.
pub const OPTIONS_MAX: usize = 100;

/// A member that does not vote, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Recusal {
    /// The member.
    pub voter: Voter,
    /// Why.
    pub reason: String,
}

/// What can be chosen: a unit, a proposal of an award, or else a plain motion.
#[derive(Clone, Debug, Default)]
pub struct NewOption {
    /// The unit.
    pub unit: Option<Uuid>,
    /// The proposal.
    pub proposal: Option<Uuid>,
    /// The motion, the name of the unit, or the award with its recipient.
    pub text: String,
}

/// A ballot to be drafted.
#[derive(Serialize)]
pub struct NewBallot<'a> {
    /// The conference.
    pub conference: Uuid,
    /// The question.
    pub title: &'a str,
    /// How it is answered.
    pub kind: BallotKind,
    /// What its outcome is for.
    pub purpose: BallotPurpose,
    /// Whether nobody may know who chose what.
    pub secret: bool,
    /// How many are chosen at most; when not said, all that are approved, and else one.
    pub seats: Option<i32>,
    /// The units that stand.
    pub nominees: Vec<Uuid>,
    /// Plain motions.
    pub motions: &'a [String],
    /// Of what the threshold is a part.
    pub denominator: Denominator,
    /// What is needed to be chosen.
    pub threshold: Threshold,
    /// Which part of the members must vote; when not said, that of the conference.
    pub quorum: Option<Fraction>,
    /// Whether a unit may vote for itself.
    pub self_vote: bool,
    /// Who does not vote.
    pub recused: Vec<Recusal>,
    /// Until which day members that are asked in writing vote.
    pub written_until: Option<NaiveDate>,
    /// The text on which the rule rests.
    pub legal_basis: Option<&'a str>,
    /// A key under which it is drafted once, however often it is asked for.
    #[serde(skip)]
    pub key: Option<&'a str>,
}

/// Drafts a ballot of a conference that is not closed.
pub async fn draft(env: &Env, actor: &Actor, new: &NewBallot<'_>) -> Result<ballot::Model> {
    let motions = motions(new.motions)?;
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, new.key, "BALLOT_DRAFTED", new).await? {
        return store::find(&tx, &View::of(actor, env.today()), first).await;
    }
    let (ref acting, conference) = held(&tx, env, actor, new.conference).await?;
    suits(&conference, new.purpose)?;
    let members = conferences::usecases::members(&tx, &conference).await?;
    let nominees = new.nominees.iter().map(|&unit| Voter::Unit(unit));
    each_belongs("nomineeIds", nominees, &members)?;
    let names = units::store::plain_names(&tx, &new.nominees, conference.held_on).await?;
    let nominees = new.nominees.iter().map(|unit| NewOption {
        unit: Some(*unit),
        text: names.get(unit).cloned().unwrap_or_default(),
        ..NewOption::default()
    });
    let motions = motions.into_iter().map(|text| NewOption {
        text,
        ..NewOption::default()
    });
    let options: Vec<NewOption> = nominees.chain(motions).collect();
    let ballot = drafted(&tx, env, acting, (&conference, &members), new, &options).await?;
    idempotency::remember(&tx, acting, new.key, ballot.id).await?;
    tx.commit().await?;
    Ok(ballot)
}

/// A conference that the caller sees and runs and that is not closed, locked until the transaction ends; and the caller as it acts.
pub async fn held(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    conference: Uuid,
) -> Result<(Actor, conference::Model)> {
    let found = conferences::store::find(tx, &View::of(actor, env.today()), conference).await?;
    let place = conferences::usecases::place(tx, env, &found).await?;
    let acting = policy::authorize(actor, Action::ConferenceManage, &place)?;
    let conference = conferences::store::lock(tx, found.id).await?;
    not_closed(&conference)?;
    Ok((acting, conference))
}

/// Drafts a ballot with these options, within a transaction that holds the conference, and leaves its trace.
pub async fn drafted(
    tx: &impl ConnectionTrait,
    env: &Env,
    acting: &Actor,
    (conference, members): (&conference::Model, &[Uuid]),
    new: &NewBallot<'_>,
    options: &[NewOption],
) -> Result<ballot::Model> {
    let title = input::line("title", new.title)?;
    let legal_basis = input::line_or_none("legalBasis", new.legal_basis)?;
    let seats = fits(new, options.len())?;
    recusals(new, members)?;
    in_time(conference, new.written_until)?;
    let quorum = new
        .quorum
        .unwrap_or_else(|| conferences::usecases::quorum_of(conference));
    let ((quorum_numerator, quorum_denominator), (threshold_numerator, threshold_denominator)) =
        (quorum.to_store(), new.threshold.part.to_store());
    let row = ballot::ActiveModel {
        conference_id: Set(conference.id),
        round_of: Set(None),
        round: Set(1),
        title: Set(title.clone()),
        kind: Set(new.kind),
        purpose: Set(new.purpose),
        secret: Set(new.secret),
        seats: Set(seats),
        denominator: Set(new.denominator),
        threshold_numerator: Set(threshold_numerator),
        threshold_denominator: Set(threshold_denominator),
        threshold_exceeded: Set(new.threshold.exceeded),
        quorum_numerator: Set(quorum_numerator),
        quorum_denominator: Set(quorum_denominator),
        self_vote: Set(new.self_vote),
        written_until: Set(new.written_until),
        legal_basis: Set(legal_basis.clone()),
        ..Default::default()
    };
    let recused: Vec<(Uuid, String)> = new
        .recused
        .iter()
        .map(|one| (one.voter.id(), one.reason.clone()))
        .collect();
    let ballot = written(tx, env, row, options, &recused).await?;
    let texts: Vec<&str> = options.iter().map(|option| option.text.as_str()).collect();
    let detail = json!({
        "conferenceId": conference.id, "title": title, "kind": new.kind, "purpose": new.purpose, "secret": new.secret,
        "seats": seats, "options": texts, "denominator": new.denominator, "threshold": new.threshold, "quorum": quorum,
        "selfVote": new.self_vote, "recused": new.recused, "writtenUntil": new.written_until, "legalBasis": legal_basis,
    });
    let subject = (Kind::Ballot, ballot.id);
    audit::record(tx, env, acting, Event("BALLOT_DRAFTED"), subject, detail).await?;
    Ok(ballot)
}

/// Writes a ballot that is a draft, with its options.
pub(super) async fn written(
    tx: &impl ConnectionTrait,
    env: &Env,
    row: ballot::ActiveModel,
    options: &[NewOption],
    recused: &[(Uuid, String)],
) -> Result<ballot::Model> {
    let id = env.new_id();
    let row = ballot::ActiveModel {
        id: Set(id),
        state: Set(BallotState::Drafted),
        version: Set(1),
        created_at: Set(env.now()),
        updated_at: Set(env.now()),
        ..row
    };
    let options = (1..).zip(options).map(|(position, option)| ballot_option::ActiveModel {
        id: Set(env.new_id()),
        ballot_id: Set(id),
        position: Set(position),
        unit_id: Set(option.unit),
        proposal_id: Set(option.proposal),
        text: Set(option.text.clone()),
    });
    let recused = recused.iter().map(|(voter, reason)| ballot_recusal::ActiveModel {
        ballot_id: Set(id),
        voter_id: Set(*voter),
        reason: Set(reason.clone()),
    });
    store::add(tx, row, options.collect(), recused.collect()).await
}

fn motions(motions: &[String]) -> Result<Vec<String>> {
    input::list_size("motions", motions.len(), OPTIONS_MAX)?;
    let read = (0..)
        .zip(motions)
        .map(|(at, text)| input::line(&format!("motions.{at}"), text));
    read.collect()
}

/// Sees that rule and options go together, and tells how many are chosen at most.
fn fits(new: &NewBallot<'_>, options: usize) -> Result<i32> {
    input::list_size("nomineeIds", options, OPTIONS_MAX)?;
    let compared = new.kind == BallotKind::Rank || new.purpose == BallotPurpose::Tie;
    let least = if compared { 2 } else { 1 };
    if options < least {
        return Err(Error::invalid(
            "TOO_FEW_OPTIONS",
            "nomineeIds",
            format!("Cần ít nhất {least} lựa chọn."),
            format!("At least {least} options are needed."),
        ));
    }
    let of_units = !matches!(new.purpose, BallotPurpose::AdoptReport | BallotPurpose::Other);
    if of_units && !new.motions.is_empty() {
        return Err(Error::invalid(
            "NOMINEES_NEEDED",
            "motions",
            "Cuộc bỏ phiếu này chọn đơn vị, không biểu quyết nội dung.",
            "This ballot chooses units, not motions.",
        ));
    }
    let all = i32::try_from(options).unwrap_or(i32::MAX);
    let seats = new
        .seats
        .unwrap_or(if new.kind == BallotKind::Approve { all } else { 1 });
    let single = matches!(new.purpose, BallotPurpose::Chair | BallotPurpose::LeadingUnit);
    let most = if single { 1 } else { all };
    if !(1..=most).contains(&seats) {
        return Err(Error::invalid(
            "SEATS_INVALID",
            "seats",
            format!("Số được chọn phải từ 1 đến {most}."),
            format!("From 1 to {most} can be chosen."),
        ));
    }
    if new.threshold.exceeded && new.threshold.part.is_reached(1, 1) && new.threshold.part.numerator > 0 {
        let whole = new.threshold.part.numerator == new.threshold.part.denominator;
        if whole {
            return Err(Error::invalid(
                "THRESHOLD_IMPOSSIBLE",
                "threshold",
                "Không thể đạt quá toàn bộ số phiếu.",
                "Nobody gets more than all votes.",
            ));
        }
    }
    if new.secret && !new.self_vote {
        return Err(Error::invalid(
            "SELF_VOTE_UNCHECKABLE",
            "selfVote",
            "Phiếu kín không kiểm tra được đơn vị có tự bầu cho mình hay không; hãy cho phép tự bầu hoặc dùng phiếu công khai.",
            "In a secret ballot nobody can see whether a unit votes for itself; allow it, or hold an open ballot.",
        ));
    }
    Ok(seats)
}

fn not_closed(conference: &conference::Model) -> Result<()> {
    if conference.state == ConferenceState::Planned {
        return Ok(());
    }
    conferences::state::next(conference.state, conferences::state::Step::Vote).map(drop)
}

/// Sees that a purpose is one of this conference: units are chosen by a cluster, and proposals of awards are put to a ballot by themselves.
fn suits(conference: &conference::Model, purpose: BallotPurpose) -> Result<()> {
    match purpose {
        BallotPurpose::Awards => Err(Error::invalid(
            "AWARDS_BY_PROPOSALS",
            "purpose",
            "Đề nghị khen thưởng được đưa ra bỏ phiếu bằng draftAwardBallot.",
            "Proposals of awards are put to a ballot with draftAwardBallot.",
        )),
        BallotPurpose::LeadingUnit
        | BallotPurpose::ExcellentUnits
        | BallotPurpose::Chair
        | BallotPurpose::Deputy
        | BallotPurpose::Tie
            if conference.council_id.is_some() =>
        {
            Err(Error::invalid(
                "PURPOSE_OF_CLUSTERS",
                "purpose",
                "Hội đồng không bình chọn đơn vị hay bầu cụm trưởng, cụm phó; đó là việc của hội nghị cụm.",
                "A council chooses no units and elects no chair or deputy; the conference of a cluster does.",
            ))
        }
        // Places are those of a year, so a tie of them is settled where that year is dealt with.
        BallotPurpose::Tie if conference.year_id.is_none() => Err(Error::invalid(
            "CONFERENCE_WITHOUT_YEAR",
            "conferenceId",
            "Hội nghị này không gắn với năm thi đua nào nên không phân định được đồng hạng.",
            "This conference is about no emulation year, so it settles no tie of places.",
        )),
        _ => Ok(()),
    }
}

/// Sees that each who is named in a list belongs to those who are on the roll, once.
fn each_belongs(list: &str, named: impl Iterator<Item = Voter>, members: &[Uuid]) -> Result<()> {
    let mut before = Vec::new();
    for (at, voter) in named.enumerate() {
        let field = format!("{list}.{at}");
        voter.belongs(&field, members)?;
        voter.named_once(&field, &before)?;
        before.push(voter.id());
    }
    Ok(())
}

/// Sees that who is recused is on the roll, and that it is said why.
fn recusals(new: &NewBallot<'_>, members: &[Uuid]) -> Result<()> {
    input::list_size("recused", new.recused.len(), input::LIST_MAX)?;
    each_belongs("recused", new.recused.iter().map(|one| one.voter), members)?;
    for (at, one) in new.recused.iter().enumerate() {
        input::line(&format!("recused.{at}.reason"), &one.reason)?;
    }
    Ok(())
}

fn in_time(conference: &conference::Model, written_until: Option<NaiveDate>) -> Result<()> {
    match written_until {
        Some(until) if until < conference.held_on => Err(Error::invalid(
            "WRITTEN_BEFORE_CONFERENCE",
            "writtenUntil",
            "Hạn lấy ý kiến bằng văn bản không thể trước ngày họp.",
            "Written votes cannot end before the day of the conference.",
        )),
        _ => Ok(()),
    }
}
