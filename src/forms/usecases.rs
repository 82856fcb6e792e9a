//! What is done with periods, indicators and forms.

use chrono::NaiveDate;
use sea_orm::{ActiveModelTrait, ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::{Aggregation, FormState, NumberForm, PeriodKind, UnitKind};
use thidua_entity::{indicator, period, report_form, report_form_version};
use uuid::Uuid;

use super::store::{self, View};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Problem, Result, Text};
use crate::ids::Kind;
use crate::policy::{self, Action, Place};
use crate::{db, input, units, version};

/// Most indicators on a form.
pub const ITEMS_MAX: usize = 200;

/// A period to be set.
pub struct NewPeriod {
    /// The unit that sets it, for the units below.
    pub owner: Uuid,
    /// Short code, unique for the owner.
    pub code: String,
    /// Name.
    pub name: String,
    /// What kind of span.
    pub kind: PeriodKind,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, included.
    pub ends_on: NaiveDate,
    /// Last day on which a report is in time.
    pub due_on: Option<NaiveDate>,
}

/// Sets a period. Periods of one kind that the same units use never overlap, so that their flows can be added; spans of any
/// other kind (`CUSTOM`) may lie as they like, for they are never added.
pub async fn create_period(env: &Env, actor: &Actor, new: NewPeriod) -> Result<period::Model> {
    let code = input::code("code", &new.code)?;
    let name = input::line("name", &new.name)?;
    for (field, day) in [
        ("startsOn", Some(new.starts_on)),
        ("endsOn", Some(new.ends_on)),
        ("dueOn", new.due_on),
    ] {
        if let Some(day) = day {
            input::plausible_day(field, day)?;
        }
    }
    if new.ends_on < new.starts_on {
        return Err(Error::invalid(
            "SPAN_INVALID",
            "endsOn",
            "Ngày cuối kỳ không thể trước ngày đầu kỳ.",
            "A period cannot end before it starts.",
        ));
    }
    let tx = db::begin_write(&env.db).await?;
    let place = units::store::find_place(&tx, &policy::reach(actor), new.owner, env.today()).await?;
    let actor = &policy::authorize(actor, Action::PeriodManage, &place)?;
    // Units above and below set periods that these units use too; two of them do not see each other's until one is done.
    db::wait_for_turn(&tx, db::Turn::Periods).await?;
    if new.kind != PeriodKind::Custom {
        let span = (new.starts_on, new.ends_on);
        let touching = store::periods_in_the_way(&tx, new.owner, new.kind, span, env.today()).await?;
        if let Some(other) = touching.first() {
            return Err(Error::invalid(
                "PERIODS_OVERLAP",
                "startsOn",
                format!(
                    "Trùng ngày với kỳ cùng loại «{}» ({} – {}).",
                    other.name, other.starts_on, other.ends_on
                ),
                format!(
                    "It shares days with “{}” of the same kind ({} – {}).",
                    other.name, other.starts_on, other.ends_on
                ),
            ));
        }
    }
    let period = period::ActiveModel {
        id: Set(env.new_id()),
        owner_id: Set(new.owner),
        code: Set(code.clone()),
        name: Set(name),
        kind: Set(new.kind),
        starts_on: Set(new.starts_on),
        ends_on: Set(new.ends_on),
        due_on: Set(new.due_on),
        version: Set(1),
    }
    .insert(&tx)
    .await?;
    audit::record(
        &tx,
        env,
        actor,
        Event("PERIOD_CREATED"),
        (Kind::Period, period.id),
        json!({ "code": code }),
    )
    .await?;
    tx.commit().await?;
    Ok(period)
}

/// Changes the due day of a period; its span stays, for reports rest on it.
pub async fn set_due_day(
    env: &Env,
    actor: &Actor,
    id: Uuid,
    version: i32,
    due_on: Option<NaiveDate>,
) -> Result<period::Model> {
    if let Some(day) = due_on {
        input::plausible_day("dueOn", day)?;
    }
    let tx = db::begin_write(&env.db).await?;
    let reach = policy::reach(actor);
    let period = store::find_period(
        &tx,
        View {
            reach: &reach,
            today: env.today(),
        },
        id,
    )
    .await?;
    let actor = &policy::authorize(
        actor,
        Action::PeriodManage,
        &owner_place(&tx, env, period.owner_id).await?,
    )?;
    db::one_changed(store::set_due_day(&tx, id, version, due_on).await?, period.version)?;
    let detail = json!({ "before": period.due_on, "after": due_on });
    audit::record(&tx, env, actor, Event("PERIOD_DUE_DAY_SET"), (Kind::Period, id), detail).await?;
    tx.commit().await?;
    Ok(period::Model {
        due_on,
        version: version::next(version),
        ..period
    })
}

/// The place of the unit that owns a period or form. It may stand above what the caller sees; the policy then refuses.
async fn owner_place(tx: &impl ConnectionTrait, env: &Env, owner: Uuid) -> Result<Place> {
    let everything = policy::Reach {
        everything: true,
        ..Default::default()
    };
    units::store::find_place(tx, &everything, owner, env.today()).await
}

/// An indicator to be added to the catalogue.
pub struct NewIndicator {
    /// Stable code, unique.
    pub code: String,
    /// Vietnamese name.
    pub name: String,
    /// Unit of measure.
    pub unit_of_measure: String,
    /// What its text may look like.
    pub number_form: NumberForm,
    /// How it adds up.
    pub aggregation: Aggregation,
    /// For a rate: code of the indicator above the line.
    pub numerator: Option<String>,
    /// For a rate: code of the indicator below the line.
    pub denominator: Option<String>,
    /// What is counted, and what is not.
    pub description: Option<String>,
}

/// Adds an indicator to the common catalogue. A rate names the two indicators it is computed from.
pub async fn create_indicator(env: &Env, actor: &Actor, new: NewIndicator) -> Result<indicator::Model> {
    let actor = &policy::authorize(actor, Action::IndicatorManage, &Place::COMMON)?;
    let code = input::code("code", &new.code)?;
    let name = input::line("name", &new.name)?;
    let unit_of_measure = input::line("unitOfMeasure", &new.unit_of_measure)?;
    let description = input::paragraph_or_none("description", new.description.as_deref())?;
    let tx = db::begin_write(&env.db).await?;
    let (numerator, denominator) = match (new.aggregation, &new.numerator, &new.denominator) {
        (Aggregation::Rate, Some(above), Some(below)) => (
            Some(part(&tx, "numerator", above).await?),
            Some(part(&tx, "denominator", below).await?),
        ),
        (Aggregation::Stock | Aggregation::Flow, None, None) => (None, None),
        _ => {
            return Err(Error::invalid(
                "RATE_PARTS",
                "numerator",
                "Tỷ lệ phải có đủ tử số và mẫu số; chỉ tiêu khác thì không có.",
                "A rate has both a numerator and a denominator; other indicators have neither.",
            ));
        }
    };
    let scale = if new.number_form == NumberForm::Percentage && numerator.is_some() {
        100
    } else {
        1
    };
    let indicator = indicator::ActiveModel {
        id: Set(env.new_id()),
        code: Set(code.clone()),
        name: Set(name),
        unit_of_measure: Set(unit_of_measure),
        number_form: Set(new.number_form),
        aggregation: Set(new.aggregation),
        numerator_id: Set(numerator),
        denominator_id: Set(denominator),
        scale: Set(scale),
        description: Set(description),
        version: Set(1),
    }
    .insert(&tx)
    .await?;
    let detail = json!({ "code": code, "aggregation": new.aggregation });
    audit::record(
        &tx,
        env,
        actor,
        Event("INDICATOR_CREATED"),
        (Kind::Indicator, indicator.id),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(indicator)
}

async fn part(tx: &impl ConnectionTrait, field: &'static str, code: &str) -> Result<Uuid> {
    match store::indicator_by_code(tx, code).await {
        Ok(found) if found.aggregation != Aggregation::Rate => Ok(found.id),
        Ok(_) | Err(Error::NotFound) => Err(Error::invalid(
            "INDICATOR_UNKNOWN",
            field,
            format!("Không có chỉ tiêu cộng được mang mã `{code}`."),
            format!("There is no indicator with the code `{code}` that can be added up."),
        )),
        Err(error) => Err(error),
    }
}

/// Makes a form, still without a version.
pub async fn create_form(
    env: &Env,
    actor: &Actor,
    owner: Uuid,
    code: &str,
    name: &str,
    periodicity: PeriodKind,
) -> Result<report_form::Model> {
    let code = input::code("code", code)?;
    let name = input::line("name", name)?;
    let tx = db::begin_write(&env.db).await?;
    let place = units::store::find_place(&tx, &policy::reach(actor), owner, env.today()).await?;
    let actor = &policy::authorize(actor, Action::FormManage, &place)?;
    let form = report_form::ActiveModel {
        id: Set(env.new_id()),
        owner_id: Set(owner),
        code: Set(code.clone()),
        name: Set(name),
        periodicity: Set(periodicity),
        version: Set(1),
    }
    .insert(&tx)
    .await?;
    audit::record(
        &tx,
        env,
        actor,
        Event("FORM_CREATED"),
        (Kind::ReportForm, form.id),
        json!({ "code": code }),
    )
    .await?;
    tx.commit().await?;
    Ok(form)
}

/// What a version of a form holds.
pub struct FormContent {
    /// Kinds of unit that fill it in, all of one level.
    pub unit_kinds: Vec<UnitKind>,
    /// Codes of its indicators, in order, and whether each must be filled in.
    pub items: Vec<(String, bool)>,
    /// The text it rests on.
    pub legal_basis: Option<String>,
    /// The version of the draft that the caller saw; `None` when there is none yet.
    pub version: Option<i32>,
}

/// Writes the next version of a form as a draft, or the draft that there is anew.
pub async fn write_form_draft(
    env: &Env,
    actor: &Actor,
    form: Uuid,
    content: FormContent,
) -> Result<report_form::Model> {
    let legal_basis = input::paragraph_or_none("legalBasis", content.legal_basis.as_deref())?;
    input::list_size("items", content.items.len(), ITEMS_MAX)?;
    let level = one_level(&content.unit_kinds)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, found) = managed_form(&tx, env, actor, form).await?;
    let items = read_items(&tx, &content.items).await?;
    let versions = store::versions(&tx, &[form]).await?;
    same_level(&tx, &versions, level).await?;
    let newest = versions.into_iter().next();
    let draft = match newest {
        Some(draft) if draft.state == FormState::Draft => {
            if content.version != Some(draft.version) {
                return Err(Error::StaleVersion { current: draft.version });
            }
            let changed = store::set_legal_basis(&tx, &draft, legal_basis).await?;
            db::one_changed(changed, draft.version)?;
            report_form_version::Model {
                version: version::next(draft.version),
                ..draft
            }
        }
        newest => {
            if content.version.is_some() {
                // The draft that the caller saw has been published since; writing would begin another one unasked.
                let current = newest.map_or(0, |newest| newest.version);
                return Err(Error::StaleVersion { current });
            }
            let row = report_form_version::ActiveModel {
                id: Set(env.new_id()),
                form_id: Set(form),
                number: Set(newest.map_or(1, |newest| version::next(newest.number))),
                state: Set(FormState::Draft),
                legal_basis: Set(legal_basis),
                published_at: Set(None),
                version: Set(1),
            };
            row.insert(&tx).await?
        }
    };
    store::put_content(&tx, draft.id, &content.unit_kinds, &items).await?;
    let detail = json!({ "number": draft.number, "items": content.items.len() });
    audit::record(
        &tx,
        env,
        actor,
        Event("FORM_DRAFT_WRITTEN"),
        (Kind::ReportForm, form),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(found)
}

/// A form is filled in by units of one level only; otherwise the same people would be counted at two levels.
fn one_level(kinds: &[UnitKind]) -> Result<u8> {
    let field = "unitKinds";
    let Some(first) = kinds.first() else {
        return Err(Error::Invalid(vec![input::required(field)]));
    };
    if kinds.iter().all(|kind| kind.level() == first.level()) {
        return Ok(first.level());
    }
    Err(Error::invalid(
        "LEVELS_MIXED",
        field,
        "Một biểu mẫu chỉ do các đơn vị cùng cấp báo cáo; nếu không, một người sẽ được cộng hai lần.",
        "A form is filled in by units of one level; otherwise the same person would be added twice.",
    ))
}

/// Nor does the level change from version to version, for a summary adds the reports of all of them.
async fn same_level(tx: &impl ConnectionTrait, versions: &[report_form_version::Model], level: u8) -> Result<()> {
    let published: Vec<Uuid> = versions
        .iter()
        .filter(|one| one.state != FormState::Draft)
        .map(|one| one.id)
        .collect();
    if store::kinds(tx, &published)
        .await?
        .iter()
        .all(|row| row.unit_kind.level() == level)
    {
        return Ok(());
    }
    Err(Error::invalid(
        "LEVEL_CHANGED",
        "unitKinds",
        "Các phiên bản trước của biểu do cấp khác báo cáo; hãy lập biểu mới cho cấp này.",
        "Earlier versions of the form are for another level; make another form for this one.",
    ))
}

async fn read_items(tx: &impl ConnectionTrait, items: &[(String, bool)]) -> Result<Vec<(Uuid, bool)>> {
    if items.is_empty() {
        return Err(Error::Invalid(vec![input::required("items")]));
    }
    let codes: Vec<&str> = items.iter().map(|(code, _)| code.as_str()).collect();
    let known = store::indicators_by_code(tx, &codes).await?;
    let mut read: Vec<(Uuid, bool)> = Vec::with_capacity(items.len());
    let mut problems = Vec::new();
    for (index, (code, required)) in items.iter().enumerate() {
        let field = format!("items.{index}.indicatorCode");
        match known.iter().find(|indicator| indicator.code == *code) {
            None => problems.push(Problem::new(
                "INDICATOR_UNKNOWN",
                field,
                format!("Không có chỉ tiêu mang mã `{code}`."),
                format!("There is no indicator with the code `{code}`."),
            )),
            Some(rate) if rate.aggregation == Aggregation::Rate => problems.push(Problem::new(
                "RATE_NOT_REPORTED",
                field,
                format!("Tỷ lệ `{code}` được tính từ các số liệu khác, không báo cáo trực tiếp."),
                format!("The rate `{code}` is computed from other figures and not reported."),
            )),
            Some(twice) if read.iter().any(|&(id, _)| id == twice.id) => problems.push(Problem::new(
                "TWICE",
                field,
                format!("Chỉ tiêu `{code}` có hai lần trong biểu."),
                format!("The indicator `{code}` is on the form twice."),
            )),
            Some(indicator) => read.push((indicator.id, *required)),
        }
    }
    if problems.is_empty() {
        Ok(read)
    } else {
        Err(Error::Invalid(problems))
    }
}

/// A form that the caller sees and manages, and the caller as it acts.
async fn managed_form(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    id: Uuid,
) -> Result<(Actor, report_form::Model)> {
    let reach = policy::reach(actor);
    let form = store::find_form(
        tx,
        View {
            reach: &reach,
            today: env.today(),
        },
        id,
    )
    .await?;
    let actor = policy::authorize(actor, Action::FormManage, &owner_place(tx, env, form.owner_id).await?)?;
    store::lock_form(tx, id).await?;
    Ok((actor, form))
}

/// Publishes the draft of a form: from now on reports are begun on it. The version published before is retired.
pub async fn publish_form(
    env: &Env,
    actor: &Actor,
    form: Uuid,
    number: i32,
    version: i32,
) -> Result<report_form::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, found) = managed_form(&tx, env, actor, form).await?;
    let versions = store::versions(&tx, &[form]).await?;
    let draft = versions
        .iter()
        .find(|one| one.number == number)
        .ok_or(Error::NotFound)?;
    if draft.state != FormState::Draft {
        return Err(Error::WrongState(Text::new(
            format!("Phiên bản {number} của biểu không còn là bản nháp."),
            format!("Version {number} of the form is no longer a draft."),
        )));
    }
    for before in versions.iter().filter(|one| one.state == FormState::Published) {
        store::set_state(&tx, before, before.version, FormState::Retired, None).await?;
    }
    store::set_state(&tx, draft, version, FormState::Published, Some(env.now())).await?;
    let detail = json!({ "number": number });
    audit::record(
        &tx,
        env,
        actor,
        Event("FORM_PUBLISHED"),
        (Kind::ReportForm, form),
        detail,
    )
    .await?;
    tx.commit().await?;
    Ok(found)
}

/// Retires the published version of a form: nobody begins a report on it any more; reports that exist keep it.
pub async fn retire_form(
    env: &Env,
    actor: &Actor,
    form: Uuid,
    number: i32,
    version: i32,
) -> Result<report_form::Model> {
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, found) = managed_form(&tx, env, actor, form).await?;
    let versions = store::versions(&tx, &[form]).await?;
    let published = versions
        .iter()
        .find(|one| one.number == number)
        .ok_or(Error::NotFound)?;
    if published.state != FormState::Published {
        return Err(Error::WrongState(Text::new(
            format!("Phiên bản {number} của biểu không ở trạng thái đã ban hành."),
            format!("Version {number} of the form is not published."),
        )));
    }
    store::set_state(&tx, published, version, FormState::Retired, None).await?;
    let detail = json!({ "number": number });
    audit::record(&tx, env, actor, Event("FORM_RETIRED"), (Kind::ReportForm, form), detail).await?;
    tx.commit().await?;
    Ok(found)
}
