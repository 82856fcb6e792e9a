//! Drafting a ballot: the question, the options, the rule; and the further round that the outcome of one calls for.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{BallotKind, BallotPurpose, BallotState, ConferenceState, Denominator};
use thidua_entity::{ballot, ballot_option, ballot_recusal, conference};
use uuid::Uuid;

use super::{conference_of, outcome_of};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::ballots::counting::Threshold;
use crate::ballots::state::{self, Step};
use crate::ballots::store;
use crate::conferences::quorum::Fraction;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::years::store::View;
use crate::{conferences, db, idempotency, input, units};

/// Most options of a ballot.
pub const OPTIONS_MAX: usize = 60;

/// A unit that does not vote, and why.
#[derive(Clone, Debug, Serialize)]
pub struct Recusal {
    /// The unit.
    pub unit: Uuid,
    /// Why.
    pub reason: String,
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
    let title = input::line("title", new.title)?;
    let legal_basis = input::line_or_none("legalBasis", new.legal_basis)?;
    let motions = motions(new.motions)?;
    let options = new.nominees.len() + motions.len();
    let seats = fits(new, options)?;
    let view = View::of(actor, env.today());
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, new.key, "BALLOT_DRAFTED", new).await? {
        return store::find(&tx, &view, first).await;
    }
    let conference = conferences::store::find(&tx, &view, new.conference).await?;
    let place = conferences::usecases::place(&tx, env, &conference).await?;
    let acting = &policy::authorize(actor, Action::ConferenceManage, &place)?;
    let conference = conferences::store::lock(&tx, conference.id).await?;
    not_closed(&conference)?;
    about_a_year(&conference, new.purpose)?;
    of_the_cluster(&tx, &conference, new).await?;
    let names = units::store::plain_names(&tx, &new.nominees, conference.held_on).await?;
    let nominees = new.nominees.iter().map(|unit| {
        let name = names.get(unit).cloned().unwrap_or_default();
        (Some(*unit), name)
    });
    let texts: Vec<(Option<Uuid>, String)> = nominees.chain(motions.into_iter().map(|text| (None, text))).collect();
    let quorum = new
        .quorum
        .unwrap_or_else(|| conferences::usecases::quorum_of(&conference));
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
    let recused: Vec<(Uuid, String)> = new.recused.iter().map(|one| (one.unit, one.reason.clone())).collect();
    let ballot = written(&tx, env, row, &texts, &recused).await?;
    let detail = json!({
        "conferenceId": conference.id, "title": title, "kind": new.kind, "purpose": new.purpose, "secret": new.secret,
        "seats": seats, "options": texts.iter().map(|(_, text)| text).collect::<Vec<_>>(), "denominator": new.denominator,
        "threshold": new.threshold, "quorum": quorum, "selfVote": new.self_vote, "recused": new.recused,
        "writtenUntil": new.written_until, "legalBasis": legal_basis,
    });
    audit::record(
        &tx,
        env,
        acting,
        Event("BALLOT_DRAFTED"),
        (Kind::Ballot, ballot.id),
        detail,
    )
    .await?;
    idempotency::remember(&tx, acting, new.key, ballot.id).await?;
    tx.commit().await?;
    Ok(ballot)
}

/// Writes a ballot that is a draft, with its options.
async fn written(
    tx: &impl ConnectionTrait,
    env: &Env,
    row: ballot::ActiveModel,
    options: &[(Option<Uuid>, String)],
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
    let options = (1..)
        .zip(options)
        .map(|(position, (unit, text))| ballot_option::ActiveModel {
            id: Set(env.new_id()),
            ballot_id: Set(id),
            position: Set(position),
            unit_id: Set(*unit),
            text: Set(text.clone()),
        });
    let recused = recused.iter().map(|(unit, reason)| ballot_recusal::ActiveModel {
        ballot_id: Set(id),
        unit_id: Set(*unit),
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

/// Places are those of a year, so a tie of them is settled where that year is dealt with.
fn about_a_year(conference: &conference::Model, purpose: BallotPurpose) -> Result<()> {
    if purpose != BallotPurpose::Tie || conference.year_id.is_some() {
        return Ok(());
    }
    Err(Error::invalid(
        "CONFERENCE_WITHOUT_YEAR",
        "conferenceId",
        "Hội nghị này không gắn với năm thi đua nào nên không phân định được đồng hạng.",
        "This conference is about no emulation year, so it settles no tie of places.",
    ))
}

/// Sees that who stands and who is recused belongs to the cluster, each named once.
async fn of_the_cluster(tx: &impl ConnectionTrait, conference: &conference::Model, new: &NewBallot<'_>) -> Result<()> {
    let members = conferences::usecases::members(tx, conference).await?;
    let recused: Vec<Uuid> = new.recused.iter().map(|one| one.unit).collect();
    input::list_size("recused", recused.len(), input::LIST_MAX)?;
    for (list, units) in [("nomineeIds", &new.nominees), ("recused", &recused)] {
        for (at, unit) in units.iter().enumerate() {
            let field = format!("{list}.{at}");
            if !members.contains(unit) {
                return Err(Error::invalid(
                    "NOT_A_MEMBER",
                    field,
                    "Đơn vị không phải thành viên của cụm vào ngày họp.",
                    "The unit is not a member of the cluster on the day of the conference.",
                ));
            }
            if units.iter().take(at).any(|before| before == unit) {
                return Err(Error::invalid(
                    "NAMED_TWICE",
                    field,
                    "Đơn vị được nêu hai lần.",
                    "The unit is named twice.",
                ));
            }
        }
    }
    for (at, one) in new.recused.iter().enumerate() {
        input::line(&format!("recused.{at}.reason"), &one.reason)?;
    }
    if let Some(until) = new.written_until
        && until < conference.held_on
    {
        return Err(Error::invalid(
            "WRITTEN_BEFORE_CONFERENCE",
            "writtenUntil",
            "Hạn lấy ý kiến bằng văn bản không thể trước ngày họp.",
            "Written votes cannot end before the day of the conference.",
        ));
    }
    Ok(())
}

/// Drafts the further round that the outcome of a ballot calls for: by the same rule, for the seats that are left, between those who stand
/// again. Who is recused stays so.
pub async fn draft_further_round(env: &Env, actor: &Actor, id: Uuid, key: Option<&str>) -> Result<ballot::Model> {
    let view = View::of(actor, env.today());
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "FURTHER_ROUND_DRAFTED", &id).await? {
        return store::find(&tx, &view, first).await;
    }
    let found = store::find(&tx, &view, id).await?;
    let conference = conference_of(&tx, &found).await?;
    let place = conferences::usecases::place(&tx, env, &conference).await?;
    let acting = &policy::authorize(actor, Action::ConferenceManage, &place)?;
    let conference = conferences::store::lock(&tx, conference.id).await?;
    let before = store::lock(&tx, id).await?;
    state::next(before.state, Step::FurtherRound)?;
    conferences::state::next(conference.state, conferences::state::Step::Vote)?;
    let Some(further) = outcome_of(&before)?.and_then(|outcome| outcome.decision.further) else {
        return Err(Error::invalid(
            "NO_FURTHER_ROUND",
            "id",
            "Kết quả không cần vòng tiếp theo.",
            "The outcome calls for no further round.",
        ));
    };
    if store::has_further_round(&tx, id).await? {
        return Err(Error::AlreadyExists("ballot_round_of".to_owned()));
    }
    let options = store::options(&tx, &[id]).await?;
    let again = further.options.iter().filter_map(|&place| options.get(place));
    let again: Vec<(Option<Uuid>, String)> = again.map(|option| (option.unit_id, option.text.clone())).collect();
    let recused = store::recusals(&tx, &[id]).await?;
    let recused: Vec<(Uuid, String)> = recused.into_iter().map(|row| (row.unit_id, row.reason)).collect();
    let row = ballot::ActiveModel {
        conference_id: Set(conference.id),
        round_of: Set(Some(id)),
        round: Set(before.round.saturating_add(1)),
        title: Set(before.title.clone()),
        kind: Set(before.kind),
        purpose: Set(before.purpose),
        secret: Set(before.secret),
        seats: Set(i32::try_from(further.seats).unwrap_or(i32::MAX)),
        denominator: Set(before.denominator),
        threshold_numerator: Set(before.threshold_numerator),
        threshold_denominator: Set(before.threshold_denominator),
        threshold_exceeded: Set(before.threshold_exceeded),
        quorum_numerator: Set(before.quorum_numerator),
        quorum_denominator: Set(before.quorum_denominator),
        self_vote: Set(before.self_vote),
        written_until: Set(before.written_until.filter(|until| *until >= env.today())),
        legal_basis: Set(before.legal_basis.clone()),
        ..Default::default()
    };
    let ballot = written(&tx, env, row, &again, &recused).await?;
    let detail = json!({ "roundOf": id, "round": ballot.round, "why": further.why, "seats": further.seats });
    let subject = (Kind::Ballot, ballot.id);
    audit::record(&tx, env, acting, Event("FURTHER_ROUND_DRAFTED"), subject, detail).await?;
    idempotency::remember(&tx, acting, key, ballot.id).await?;
    tx.commit().await?;
    Ok(ballot)
}
