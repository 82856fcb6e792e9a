//! What units register for: grades, titles, movements.

use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde::Serialize;
use serde_json::json;
use thidua_entity::enums::{RecipientKind, RegistrationKind, YearPhase};
use thidua_entity::{emulation_year, registration};
use uuid::Uuid;

use super::participants::acting_for;
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::ids::Kind;
use crate::policy::Action;
use crate::version::Seen;
use crate::years::state;
use crate::years::store::{self, View};
use crate::{criteria, db, idempotency, input, text};

/// Most registrations of a unit in a year, those withdrawn included.
pub const REGISTRATIONS_MAX: usize = 500;

/// When units register; afterwards, until the conference, only with a reason.
const OPEN: &[YearPhase] = &[
    YearPhase::Registering,
    YearPhase::Running,
    YearPhase::SelfScoring,
    YearPhase::CrossChecking,
    YearPhase::Appraising,
];

/// Lets units register in the phases for it.
pub fn in_season(phase: YearPhase) -> Result<()> {
    state::demand(phase, OPEN)
}

/// Something that a unit registers for.
#[derive(Clone, Debug, Serialize)]
pub struct NewRegistration {
    /// The year.
    pub year: Uuid,
    /// The unit.
    pub unit: Uuid,
    /// What it is for.
    pub kind: RegistrationKind,
    /// The grade by its code, the title or the movement as written.
    pub title: String,
    /// The kind of award, when it is in the catalogue.
    pub award_type: Option<Uuid>,
    /// For whom, when it is for a person.
    pub person: Option<String>,
    /// Why it comes after the phase of registering.
    pub late_reason: Option<String>,
}

/// Registers a unit for something. Under the same key the first registration is the answer again.
pub async fn register(
    env: &Env,
    actor: &Actor,
    new: NewRegistration,
    key: Option<&str>,
) -> Result<registration::Model> {
    let title = input::line("title", &new.title)?;
    let person = input::line_or_none("person", new.person.as_deref())?;
    let late_reason = input::paragraph_or_none("lateReason", new.late_reason.as_deref())?;
    let tx = db::begin_write(&env.db).await?;
    if let Some(first) = idempotency::first_answer(&tx, env, actor, key, "REGISTER", &new).await? {
        return find_registration(&tx, env, actor, first).await;
    }
    let (ref actor, year, _) = acting_for(&tx, env, actor, (new.year, new.unit), Action::PledgeWrite).await?;
    in_season(year.phase)?;
    let late_reason = late(year.phase, late_reason)?;
    for_whom(new.kind, person.as_deref())?;
    fits(&tx, &year, &new, &title).await?;
    let all = store::registrations(&tx, &[new.unit], &[year.id]).await?;
    input::list_size("unitId", all.len() + 1, REGISTRATIONS_MAX)?;
    let said = |title: &str, person: Option<&str>| (text::fold(title), person.map(text::fold));
    let again = all.iter().filter(|row| row.withdrawn_at.is_none()).any(|row| {
        row.kind == new.kind
            && (new.kind == RegistrationKind::Grade
                || said(&row.title, row.person.as_deref()) == said(&title, person.as_deref()))
    });
    if again {
        return Err(Error::invalid(
            "REGISTERED_ALREADY",
            "title",
            "Đơn vị đã đăng ký nội dung này; muốn đổi thì rút đăng ký trước (withdrawRegistration).",
            "The unit has registered for this already; to change it, withdraw it first (withdrawRegistration).",
        ));
    }
    let row = registration::ActiveModel {
        id: Set(env.new_id()),
        year_id: Set(year.id),
        unit_id: Set(new.unit),
        kind: Set(new.kind),
        title: Set(title.clone()),
        award_type_id: Set(new.award_type),
        person: Set(person.clone()),
        late_reason: Set(late_reason.clone()),
        registered_by: Set(actor.recorded_as()),
        registered_for: Set(actor.acting_for()),
        registered_at: Set(env.now()),
        withdrawn_at: Set(None),
        withdrawn_reason: Set(None),
        version: Set(1),
    };
    let row = row.insert(&tx).await?;
    let detail = json!({
        "yearId": year.id, "unitId": new.unit, "kind": new.kind, "title": title, "awardTypeId": new.award_type, "person": person,
        "lateReason": late_reason,
    });
    let event = Event("REGISTERED");
    audit::record(&tx, env, actor, event, (Kind::Registration, row.id), detail).await?;
    idempotency::remember(&tx, actor, key, row.id).await?;
    tx.commit().await?;
    Ok(row)
}

/// Who pledges in time needs no reason; who does not gives one.
pub(super) fn late(phase: YearPhase, reason: Option<String>) -> Result<Option<String>> {
    match (phase, reason) {
        (YearPhase::Registering, _) => Ok(None),
        (_, Some(reason)) => Ok(Some(reason)),
        (_, None) => Err(Error::invalid(
            "LATE_REASON_REQUIRED",
            "lateReason",
            "Đã hết giai đoạn đăng ký: hãy ghi lý do đăng ký hoặc giao chỉ tiêu muộn.",
            "The phase of registering is over: say why it comes late.",
        )),
    }
}

/// A title for a person names the person, and nothing else does.
fn for_whom(kind: RegistrationKind, person: Option<&str>) -> Result<()> {
    match (kind, person) {
        (RegistrationKind::IndividualTitle, None) => Err(Error::Invalid(vec![input::required("person")])),
        (RegistrationKind::IndividualTitle, Some(_)) | (_, None) => Ok(()),
        (_, Some(_)) => Err(Error::invalid(
            "PERSON_NOT_ASKED",
            "person",
            "Chỉ danh hiệu cá nhân mới ghi tên người.",
            "Only a title for a person names one.",
        )),
    }
}

/// A grade is one of the criteria set of the year; a kind of award is in the catalogue and goes to whom the title is for.
async fn fits(
    tx: &impl ConnectionTrait,
    year: &emulation_year::Model,
    new: &NewRegistration,
    title: &str,
) -> Result<()> {
    if new.kind == RegistrationKind::Grade {
        let Some(version) = year.criteria_version_id else {
            return Err(Error::invalid(
                "CRITERIA_MISSING",
                "yearId",
                "Năm thi đua chưa chọn bảng điểm nên chưa đăng ký mức xếp loại được.",
                "The year names no criteria set yet, so no grade can be registered for.",
            ));
        };
        let set = criteria::usecases::read_content(tx, version).await?;
        if !set.bands.iter().any(|band| band.grade == title) {
            let grades: Vec<&str> = set.bands.iter().map(|band| band.grade.as_str()).collect();
            let grades = grades.join(", ");
            return Err(Error::invalid(
                "GRADE_UNKNOWN",
                "title",
                format!("Bảng điểm của năm không có mức này; các mức: {grades}."),
                format!("The criteria of the year have no such grade; there are: {grades}."),
            ));
        }
    }
    let Some(award) = new.award_type else { return Ok(()) };
    let award = store::award_type(tx, award).await?;
    let fits = match new.kind {
        RegistrationKind::CollectiveTitle => award.recipients != RecipientKind::Individual,
        RegistrationKind::IndividualTitle => award.recipients != RecipientKind::Collective,
        RegistrationKind::Grade | RegistrationKind::Movement => false,
    };
    if fits {
        return Ok(());
    }
    Err(Error::invalid(
        "AWARD_TYPE_RECIPIENT",
        "awardTypeId",
        format!("Hình thức “{}” không dành cho đối tượng đăng ký này.", award.name),
        format!("“{}” is not for what is registered here.", award.name),
    ))
}

async fn find_registration(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
) -> Result<registration::Model> {
    let row = store::registration(tx, id).await?;
    store::find(tx, &View::of(actor, env.today()), row.year_id).await?;
    Ok(row)
}

/// Takes a registration back; after the phase of registering with a reason. It stays to be read.
pub async fn withdraw_registration(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    seen: &Seen,
    reason: Option<&str>,
) -> Result<registration::Model> {
    let reason = input::paragraph_or_none("reason", reason)?;
    let tx = db::begin_write(&env.db).await?;
    let row = find_registration(&tx, env, actor, id).await?;
    let of = (row.year_id, row.unit_id);
    let (ref actor, year, _) = acting_for(&tx, env, actor, of, Action::PledgeWrite).await?;
    let row = store::registration(&tx, id).await?;
    in_season(year.phase)?;
    if row.withdrawn_at.is_some() {
        return Err(Error::WrongState(Text::new(
            "Đăng ký này đã được rút.",
            "This registration was withdrawn already.",
        )));
    }
    seen.check(row.version)?;
    if year.phase != YearPhase::Registering && reason.is_none() {
        return Err(Error::Invalid(vec![input::required("reason")]));
    }
    let change = registration::ActiveModel {
        withdrawn_at: Set(Some(env.now())),
        withdrawn_reason: Set(reason.clone()),
        ..Default::default()
    };
    let withdrawn = store::update_registration(&tx, &row, change).await?;
    let detail = json!({ "yearId": year.id, "unitId": row.unit_id, "title": row.title, "reason": reason });
    let event = Event("REGISTRATION_WITHDRAWN");
    audit::record(&tx, env, actor, event, (Kind::Registration, id), detail).await?;
    tx.commit().await?;
    Ok(withdrawn)
}
