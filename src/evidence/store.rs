//! SQL of evidence and of the content that is kept for it. Everything that is shown starts from [`visible`].

use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, Select, Set,
};
use thidua_entity::{evidence, stored_file};
use uuid::Uuid;

use crate::auth::Actor;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Reach};
use crate::{awards, reports, scoring};

/// Who sees, on which day.
#[derive(Clone, Debug)]
pub struct View {
    reach: Reach,
    sheets: scoring::store::View,
    today: NaiveDate,
}

impl View {
    /// What a caller sees on a day.
    pub fn of(actor: &Actor, today: NaiveDate) -> Self {
        Self {
            reach: policy::reach(actor),
            sheets: scoring::store::View::of(actor, today),
            today,
        }
    }

    /// What nobody in particular sees: nothing.
    pub fn nobody(today: NaiveDate) -> Self {
        Self {
            reach: Reach::default(),
            sheets: scoring::store::View::nobody(today),
            today,
        }
    }
}

/// What of the evidence a caller sees: that of the reports and proposals it sees and of the score sheets it sees closely, as long as it
/// was not removed.
fn visible(view: &View) -> Result<Select<evidence::Entity>> {
    use evidence::Column;
    let of = |kind: Kind, things: SelectStatement| {
        Condition::all()
            .add(Column::SubjectKind.eq(kind.type_name()))
            .add(Column::SubjectId.in_subquery(things))
    };
    let seen = [
        (Kind::ReportSubmission, reports::store::seen(&view.reach, view.today)),
        (Kind::ScoreSheet, scoring::store::ids_seen_closely(&view.sheets)),
        (
            Kind::AwardProposal,
            awards::store::proposals_seen(&view.reach, view.today),
        ),
    ];
    let (mut any, mut refused) = (Condition::any(), None);
    for (kind, things) in seen {
        match things {
            Ok(things) => any = any.add(of(kind, things)),
            // A service account may have been given some of these and not the others.
            Err(error) => refused = refused.or(Some(error)),
        }
    }
    match refused {
        Some(error) if any.is_empty() => Err(error),
        _ => Ok(there().filter(any)),
    }
}

/// What was not removed, whoever asks.
fn there() -> Select<evidence::Entity> {
    evidence::Entity::find().filter(evidence::Column::RemovedAt.is_null())
}

/// What is attached to one thing.
fn attached_to((kind, id): (Kind, Uuid)) -> Select<evidence::Entity> {
    there()
        .filter(evidence::Column::SubjectId.eq(id))
        .filter(evidence::Column::SubjectKind.eq(kind.type_name()))
}

/// One piece of evidence, if it is seen.
pub async fn find(connection: &impl ConnectionTrait, view: &View, id: Uuid) -> Result<evidence::Model> {
    let found = visible(view)?.filter(evidence::Column::Id.eq(id));
    found.one(connection).await?.ok_or(Error::NotFound)
}

/// Those of some pieces that are seen.
pub async fn find_many(connection: &impl ConnectionTrait, view: &View, ids: &[Uuid]) -> Result<Vec<evidence::Model>> {
    let found = visible(view)?.filter(evidence::Column::Id.is_in(ids.iter().copied()));
    Ok(found.all(connection).await?)
}

/// One piece of evidence, removed or not, whoever asks: for the answer to who has just added or removed it.
pub async fn any(connection: &impl ConnectionTrait, id: Uuid) -> Result<evidence::Model> {
    let found = evidence::Entity::find_by_id(id).one(connection).await?;
    found.ok_or(Error::NotFound)
}

/// The evidence of some reports, the oldest first. Give it only reports that are seen.
pub async fn of_reports(connection: &impl ConnectionTrait, reports: &[Uuid]) -> Result<Vec<evidence::Model>> {
    of_things(connection, Kind::ReportSubmission, reports).await
}

/// The evidence of some score sheets, the oldest first. Give it only sheets that are seen closely.
pub async fn of_sheets(connection: &impl ConnectionTrait, sheets: &[Uuid]) -> Result<Vec<evidence::Model>> {
    of_things(connection, Kind::ScoreSheet, sheets).await
}

/// The evidence in the dossiers of some proposals, the oldest first. Give it only proposals that are seen.
pub async fn of_proposals(connection: &impl ConnectionTrait, proposals: &[Uuid]) -> Result<Vec<evidence::Model>> {
    of_things(connection, Kind::AwardProposal, proposals).await
}

async fn of_things(connection: &impl ConnectionTrait, kind: Kind, things: &[Uuid]) -> Result<Vec<evidence::Model>> {
    let of_them = there()
        .filter(evidence::Column::SubjectId.is_in(things.iter().copied()))
        .filter(evidence::Column::SubjectKind.eq(kind.type_name()))
        .order_by_asc(evidence::Column::Id);
    Ok(of_them.all(connection).await?)
}

/// The content of some pieces of evidence. Give it only evidence that is seen.
pub async fn files(connection: &impl ConnectionTrait, ids: &[Uuid]) -> Result<Vec<stored_file::Model>> {
    let files = stored_file::Entity::find().filter(stored_file::Column::Id.is_in(ids.iter().copied()));
    Ok(files.all(connection).await?)
}

/// The content of one piece of evidence. Give it only evidence that is seen.
pub async fn file(connection: &impl ConnectionTrait, id: Uuid) -> Result<stored_file::Model> {
    let found = stored_file::Entity::find_by_id(id).one(connection).await?;
    found.ok_or_else(|| Error::internal("evidence without its file"))
}

/// How many files are attached to a thing.
pub async fn count(connection: &impl ConnectionTrait, subject: (Kind, Uuid)) -> Result<u64> {
    Ok(attached_to(subject).count(connection).await?)
}

/// The part of a thing that a piece of evidence proves; none of them when it proves the thing as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProvenPart {
    /// The figure of a report.
    pub indicator: Option<Uuid>,
    /// The criterion of a score sheet.
    pub criterion: Option<String>,
    /// The item of the checklist of a dossier.
    pub dossier_item: Option<String>,
}

/// Whether the same content is attached to the same thing, or the same part of it, already.
pub async fn has_twin(
    connection: &impl ConnectionTrait,
    subject: (Kind, Uuid),
    part: &ProvenPart,
    file: Uuid,
) -> Result<bool> {
    use evidence::Column;
    let of_figure = match part.indicator {
        Some(indicator) => Column::IndicatorId.eq(indicator),
        None => Column::IndicatorId.is_null(),
    };
    let of_criterion = match &part.criterion {
        Some(criterion) => Column::Criterion.eq(criterion),
        None => Column::Criterion.is_null(),
    };
    let of_item = match &part.dossier_item {
        Some(item) => Column::DossierItem.eq(item),
        None => Column::DossierItem.is_null(),
    };
    let same_part = Condition::all().add(of_figure).add(of_criterion).add(of_item);
    let twins = attached_to(subject).filter(same_part).filter(Column::FileId.eq(file));
    Ok(twins.count(connection).await? > 0)
}

/// Bytes that a unit has added since an instant, those removed again included.
pub async fn bytes_added(connection: &impl ConnectionTrait, unit: Uuid, since: DateTime<Utc>) -> Result<u64> {
    let file = evidence::Entity::belongs_to(stored_file::Entity)
        .from(evidence::Column::FileId)
        .to(stored_file::Column::Id);
    let bytes = Expr::col((stored_file::Entity, stored_file::Column::Bytes));
    let sum: Option<Option<i64>> = evidence::Entity::find()
        .select_only()
        .column_as(bytes.sum().cast_as("bigint"), "bytes")
        .join(JoinType::InnerJoin, file.into())
        .filter(evidence::Column::UnitId.eq(unit))
        .filter(evidence::Column::AddedAt.gte(since))
        .into_tuple()
        .one(connection)
        .await?;
    Ok(u64::try_from(sum.flatten().unwrap_or(0)).unwrap_or(0))
}

/// Removes a piece of evidence; `NOT_FOUND` when somebody else did.
pub async fn remove(tx: &impl ConnectionTrait, id: Uuid, change: evidence::ActiveModel) -> Result<()> {
    let removed = evidence::Entity::update_many()
        .set(change)
        .filter(evidence::Column::Id.eq(id))
        .filter(evidence::Column::RemovedAt.is_null())
        .exec(tx)
        .await?;
    match removed.rows_affected {
        1 => Ok(()),
        _ => Err(Error::NotFound),
    }
}

/// Says that content is about to be kept, before it is: from now on, for a day, nobody takes it away. Tells its row.
pub async fn want(
    tx: &impl ConnectionTrait,
    id: Uuid,
    (sha256, bytes, media_type): (&[u8], i64, &str),
    now: DateTime<Utc>,
) -> Result<stored_file::Model> {
    use stored_file::Column;
    let row = stored_file::ActiveModel {
        id: Set(id),
        sha256: Set(sha256.to_vec()),
        bytes: Set(bytes),
        media_type: Set(media_type.to_owned()),
        wanted_at: Set(now),
        gone_at: Set(None),
    };
    let again = OnConflict::column(Column::Sha256)
        .update_columns([Column::WantedAt, Column::GoneAt, Column::MediaType])
        .to_owned();
    stored_file::Entity::insert(row)
        .on_conflict(again)
        .exec_without_returning(tx)
        .await?;
    let found = stored_file::Entity::find().filter(Column::Sha256.eq(sha256));
    found.one(tx).await?.ok_or(Error::NotFound)
}

/// Says that content was taken away from something just now: for a day it stays all the same.
pub async fn wanted_until_now(tx: &impl ConnectionTrait, file: Uuid, now: DateTime<Utc>) -> Result<()> {
    stored_file::Entity::update_many()
        .col_expr(stored_file::Column::WantedAt, Expr::val(now))
        .filter(stored_file::Column::Id.eq(file))
        .exec(tx)
        .await?;
    Ok(())
}

/// Content that nothing needs and that was last wanted before an instant.
fn unwanted_since(before: DateTime<Utc>) -> Condition {
    use stored_file::Column;
    Condition::all()
        .add(Column::GoneAt.is_null())
        .add(Column::WantedAt.lt(before))
        .add(Expr::exists(attached_anywhere()).not())
}

fn attached_anywhere() -> SelectStatement {
    let of = |column| Expr::col((evidence::Entity, column));
    Query::select()
        .expr(Expr::val(1))
        .from(evidence::Entity)
        .and_where(of(evidence::Column::FileId).equals((stored_file::Entity, stored_file::Column::Id)))
        .and_where(of(evidence::Column::RemovedAt).is_null())
        .to_owned()
}

/// Some of the content that nothing needs any more.
pub async fn unwanted(
    connection: &impl ConnectionTrait,
    before: DateTime<Utc>,
    most: u64,
) -> Result<Vec<stored_file::Model>> {
    let unwanted = stored_file::Entity::find().filter(unwanted_since(before)).limit(most);
    Ok(unwanted.all(connection).await?)
}

/// Lets content go, unless somebody has come to want it meanwhile. Who wants it from now on waits until the transaction ends.
pub async fn let_go(tx: &impl ConnectionTrait, file: Uuid, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<bool> {
    let gone = stored_file::Entity::update_many()
        .col_expr(stored_file::Column::GoneAt, Expr::val(now))
        .filter(stored_file::Column::Id.eq(file))
        .filter(unwanted_since(before))
        .exec(tx)
        .await?;
    Ok(gone.rows_affected == 1)
}
