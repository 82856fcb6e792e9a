//! Summaries: what the reports of a scope add up to for a period, and how many of them there are. A read, but one with rules
//! of its own about who may see totals of what is not yet approved.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::ReportStatus;
use thidua_entity::{indicator, period, report_form};
use uuid::Uuid;

use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::forms::span::{self, Span};
use crate::forms::store::View;
use crate::policy::{self, Action, Place};
use crate::reports::store::summary::{self as sql, Selection, SummaryScope};
use crate::{clusters, db, forms, units};

mod totals;

pub use totals::{Amount, Total};

/// Which reports count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Only approved ones.
    Approved,
    /// Also those that are sent or verified.
    Submitted,
    /// Also drafts and those sent back.
    All,
}

impl Basis {
    /// The statuses that count.
    pub fn statuses(self) -> Vec<ReportStatus> {
        use ReportStatus::{Approved, Submitted, Verified};
        match self {
            Self::Approved => vec![Approved],
            Self::Submitted => vec![Submitted, Verified, Approved],
            Self::All => ReportStatus::ALL.to_vec(),
        }
    }

    const fn permission(self) -> Action {
        match self {
            Self::Approved => Action::SummaryRead,
            Self::Submitted => Action::SummaryReadUnapproved,
            Self::All => Action::SummaryReadDrafts,
        }
    }
}

/// How many reports there are and should be. A report is counted for each unit and each period of the form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Completeness {
    /// There should be.
    pub expected: i64,
    /// Of these, those of units that are not left out only because their sector or size is not known.
    pub expected_uncertain: i64,
    /// Sent: submitted, verified or approved.
    pub reported: i64,
    /// Sent for the first time after the due day; for who may not know of drafts, of those that are sent now.
    pub late: i64,
    /// Approved.
    pub approved: i64,
    /// Begun but not sent; `None` for who may not know of drafts.
    pub draft: Option<i64>,
    /// Sent back and not yet sent again; `None` for who may not know of drafts.
    pub returned: Option<i64>,
}

/// A summary.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Which reports were added up.
    pub selection: Selection,
    /// The version of the form by which reports are expected.
    pub form_version: Uuid,
    /// The form.
    pub form: report_form::Model,
    /// The period asked for.
    pub period: period::Model,
    /// The periods of the form that lie in it and were added.
    pub periods: Vec<period::Model>,
    /// How many reports there are and should be.
    pub completeness: Completeness,
    /// A total for each indicator of the form, in its order, then the rates.
    pub totals: Vec<Total>,
}

impl Summary {
    /// The indicator of one of its totals; `NOT_FOUND` when it has none with this code.
    pub fn indicator(&self, code: Option<&str>) -> Result<Option<&indicator::Model>> {
        let Some(code) = code else { return Ok(None) };
        let found = self.totals.iter().find(|total| total.indicator.code == code);
        found.map(|total| Some(&total.indicator)).ok_or(Error::NotFound)
    }
}

/// What is asked of a summary.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// Whose reports.
    pub scope: SummaryScope,
    /// On which form.
    pub form: Uuid,
    /// For which span.
    pub period: Uuid,
    /// Which reports count.
    pub basis: Basis,
}

/// Adds up the reports of a scope on a form for a period. Exact; the database adds.
pub async fn summarize(env: &Env, actor: &Actor, question: Question) -> Result<Summary> {
    let tx = db::begin_read(&env.db).await?;
    let db = &tx;
    let reach = policy::reach(actor);
    let view = View::new(&reach, env.today());
    let place = place(db, env, actor, question.scope).await?;
    policy::check(actor, question.basis.permission(), &place)?;
    let form = forms::store::find_form(db, view, question.form).await?;
    let period = forms::store::find_period(db, view, question.period).await?;
    let periods = periods_of(db, env, &form, &period).await?;
    let selection = Selection {
        scope: question.scope,
        form: form.id,
        periods: periods.iter().map(|period| period.id).collect(),
        statuses: question.basis.statuses(),
    };
    let version = forms::store::versions(db, &[form.id])
        .await?
        .into_iter()
        .find(|one| one.published_at.is_some());
    let version = version.ok_or_else(|| {
        Error::WrongState(Text::new(
            "Biểu mẫu chưa được ban hành.",
            "The form has never been published.",
        ))
    })?;
    let knows_drafts = policy::permits(actor, Basis::All.permission(), &place);
    let completeness = completeness(db, &selection, version.id, knows_drafts).await?;
    let items = forms::store::items(db, &[version.id]).await?;
    let order: Vec<Uuid> = items.iter().map(|item| item.indicator_id).collect();
    let totals = totals::all(db, &selection, &order).await?;
    tx.commit().await?;
    Ok(Summary {
        selection,
        form_version: version.id,
        form,
        period,
        periods,
        completeness,
        totals,
    })
}

/// Where the totals of a scope are read. The scope must be seen.
async fn place(db: &impl ConnectionTrait, env: &Env, actor: &Actor, scope: SummaryScope) -> Result<Place> {
    let (reach, today) = (policy::reach(actor), env.today());
    Ok(match scope {
        SummaryScope::Everything => Place::COMMON,
        SummaryScope::Province(id) => {
            units::store::province(db, id).await?;
            Place {
                province: Some(id),
                ..Place::COMMON
            }
        }
        SummaryScope::Cluster(id) => clusters::store::find_place(db, &reach, id, today).await?,
        SummaryScope::Unit(id) => {
            // A chair sees what a member handed in, not what the units below the member did.
            Place {
                clusters: Vec::new(),
                ..units::store::find_place(db, &reach.by_place(), id, today).await?
            }
        }
    })
}

/// The periods of the form's kind that make up a span: the span itself, or those inside it. They must not overlap, or the
/// same days would be counted twice.
async fn periods_of(
    db: &impl ConnectionTrait,
    env: &Env,
    form: &report_form::Model,
    period: &period::Model,
) -> Result<Vec<period::Model>> {
    if period.kind == form.periodicity {
        return Ok(vec![period.clone()]);
    }
    let span = (period.starts_on, period.ends_on);
    let mut inside = forms::store::periods_touching(db, form.owner_id, form.periodicity, span, env.today()).await?;
    inside.retain(|one| period.starts_on <= one.starts_on && one.ends_on <= period.ends_on);
    if inside.is_empty() {
        return Err(Error::invalid(
            "PERIOD_KIND",
            "periodId",
            format!(
                "Biểu «{}» báo cáo theo kỳ {}; trong «{}» không có kỳ nào như vậy.",
                form.name,
                form.periodicity.code(),
                period.name
            ),
            format!(
                "The form “{}” is for periods of kind {}; there are none in “{}”.",
                form.name,
                form.periodicity.code(),
                period.name
            ),
        ));
    }
    let spans: Vec<Span> = inside
        .iter()
        .map(|one| Span {
            from: one.starts_on,
            to: one.ends_on,
        })
        .collect();
    if span::disjoint(&spans) {
        return Ok(inside);
    }
    Err(Error::invalid(
        "PERIODS_OVERLAP",
        "periodId",
        format!(
            "Các kỳ báo cáo trong «{}» trùng ngày nhau nên không thể cộng.",
            period.name
        ),
        format!("The periods in “{}” share days, so they cannot be added.", period.name),
    ))
}

/// Counts tell no more than lists do: who may not know of drafts learns of a report that was sent back from none of them.
async fn completeness(
    db: &impl ConnectionTrait,
    selection: &Selection,
    version: Uuid,
    knows_drafts: bool,
) -> Result<Completeness> {
    let (mut draft, mut returned) = (0, 0);
    let expected = sql::expected(db, selection, version).await?;
    let mut sum = Completeness {
        expected: expected.reports,
        expected_uncertain: expected.uncertain,
        ..Completeness::default()
    };
    for count in sql::counts(db, selection).await? {
        match count.status {
            ReportStatus::Draft | ReportStatus::Returned if !knows_drafts => continue,
            // Its correction is counted.
            ReportStatus::Replaced => continue,
            ReportStatus::Draft => draft += count.reports,
            ReportStatus::Returned => returned += count.reports,
            ReportStatus::Submitted | ReportStatus::Verified => sum.reported += count.reports,
            ReportStatus::Approved => {
                sum.reported += count.reports;
                sum.approved += count.reports;
            }
        }
        if count.late {
            sum.late += count.reports;
        }
    }
    if knows_drafts {
        (sum.draft, sum.returned) = (Some(draft), Some(returned));
    }
    Ok(sum)
}
