//! A tie of places that the members decided: the order in which a ballot put the units becomes a fact of the next result.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::{BallotKind, BallotPurpose, RecordedAs};
use thidua_entity::{ballot, ballot_option, conference, result};
use uuid::Uuid;

use super::{conference_of, confirmed_outcome, counts_of};
use crate::auth::Actor;
use crate::ballots::counting::{Count, Outcome};
use crate::ballots::{order, store};
use crate::env::Env;
use crate::error::{Error, Result};
use crate::results::usecases::NewSettlement;
use crate::version::Seen;
use crate::years::store::View;
use crate::{input, results};

/// Settles a tie as a confirmed ballot came out: its nominees are all units that share the place, and it puts no two of them equal. What is
/// said of [`results::usecases::settle_tie`] holds here too; `seen` is the version of the result.
pub async fn settle_tie(
    env: &Env,
    actor: &Actor,
    (ballot, result): (Uuid, Uuid),
    seen: &Seen,
) -> Result<result::Model> {
    let view = View::of(actor, env.today());
    // What is confirmed never changes, so it may be read before the transaction that writes.
    let ballot = store::find(&env.db, &view, ballot).await?;
    let conference = conference_of(&env.db, &ballot).await?;
    about_a_tie(&ballot)?;
    let outcome = confirmed_outcome(&ballot)?;
    let results_seen = results::store::View::of(actor, env.today());
    of_its_year(&env.db, &results_seen, &conference, result).await?;
    let ordered = ordered(&env.db, &ballot, &outcome).await?;
    let new = NewSettlement {
        result,
        units: ordered.iter().filter_map(|(option, _)| option.unit_id).collect(),
        reason: basis(&ballot, &conference, &ordered),
        ballot: Some(ballot.id),
    };
    results::usecases::settle_tie(env, actor, new, seen).await
}

fn about_a_tie(ballot: &ballot::Model) -> Result<()> {
    if ballot.purpose == BallotPurpose::Tie {
        return Ok(());
    }
    Err(Error::invalid(
        "BALLOT_FOR_SOMETHING_ELSE",
        "ballotId",
        "Cuộc bỏ phiếu này không phải để phân định đồng hạng.",
        "This ballot was not held to settle a tie.",
    ))
}

async fn of_its_year(
    connection: &impl ConnectionTrait,
    view: &results::store::View,
    conference: &conference::Model,
    result: Uuid,
) -> Result<()> {
    let result = results::store::find(connection, view, result).await?;
    if conference.year_id == Some(result.year_id) {
        return Ok(());
    }
    Err(Error::invalid(
        "BALLOT_OF_OTHER_YEAR",
        "ballotId",
        "Cuộc bỏ phiếu thuộc hội nghị của năm thi đua khác.",
        "The ballot belongs to the conference of another emulation year.",
    ))
}

/// The options in the order in which the ballot put them, with what each got where that is known.
async fn ordered(
    connection: &impl ConnectionTrait,
    ballot: &ballot::Model,
    outcome: &Outcome,
) -> Result<Vec<(ballot_option::Model, Option<Count>)>> {
    let options = store::options(connection, &[ballot.id]).await?;
    let counts = counts_of(&options, &store::counts(connection, &[ballot.id]).await?);
    let order = order::of(&order::Known {
        kind: ballot.kind,
        options: options.len(),
        outcome,
        counts: counts.as_deref(),
        stated: matches!(ballot.recorded, Some(RecordedAs::Percentages | RecordedAs::Outcome)),
    });
    let placed = order.ok_or_else(equal)?.into_iter().map(|place| {
        let count = counts.as_ref().and_then(|counts| counts.get(place).copied());
        options.get(place).cloned().map(|option| (option, count))
    });
    placed.collect::<Option<Vec<_>>>().ok_or_else(equal)
}

fn equal() -> Error {
    Error::invalid(
        "ORDER_UNCERTAIN",
        "ballotId",
        "Cuộc bỏ phiếu không xếp được thứ tự tất cả các đơn vị: không đơn vị nào đạt, có đơn vị bằng phiếu, hoặc phiếu kín quá ít nên không lưu số phiếu. \
         Hãy bỏ phiếu vòng tiếp theo, hoặc nêu thứ tự và căn cứ bằng `settleTie`.",
        "The ballot puts the units in no certain order: none was chosen, some are equal, or it was secret and too small for its numbers to be kept. \
         Hold a further round, or give the order and what it rests on with `settleTie`.",
    )
}

/// What the order rests on, as it is told with the places.
fn basis(
    ballot: &ballot::Model,
    conference: &conference::Model,
    ordered: &[(ballot_option::Model, Option<Count>)],
) -> String {
    let what = if ballot.kind == BallotKind::Rank {
        "điểm"
    } else {
        "phiếu"
    };
    let each = ordered.iter().map(|(option, count)| match count {
        Some(count) => format!("{} {} {what}", option.text, count.weight(ballot.kind)),
        None => option.text.clone(),
    });
    let each = each.collect::<Vec<_>>().join(", ");
    let day = conference.held_on.format("%d/%m/%Y");
    // A very long one is cut: the ballot itself tells the rest.
    let said = format!("Bỏ phiếu «{}», {} ngày {day}: {each}.", ballot.title, conference.title);
    said.chars().take(input::EXPLANATION_MAX).collect()
}
