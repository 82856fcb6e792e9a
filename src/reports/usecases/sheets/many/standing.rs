//! How the reports of units on a form for a period stand: from whom one is expected, which there are, and which of them the caller may
//! write.

use std::collections::{HashMap, HashSet};

use sea_orm::ConnectionTrait;
use thidua_entity::enums::ReportAction;
use thidua_entity::{period, report_form, report_form_version, report_submission, unit};
use uuid::Uuid;

use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::forms;
use crate::forms::store::View;
use crate::policy::{self, Place, Reach};
use crate::reports::state;
use crate::reports::store::{self, Whose};
use crate::reports::usecases::{is_open, lived_through, published};
use crate::sheets::UNITS_MAX;
use crate::units;

/// A form, a period, and the units that the caller may fill it in for.
pub struct Standing {
    /// The form.
    pub form: report_form::Model,
    /// Its version that is published now.
    pub version: report_form_version::Model,
    /// The period.
    pub period: period::Model,
    /// Why no report can be begun now; `None` when one can.
    closed: Option<Text>,
    /// The units, by name.
    pub units: Vec<UnitStanding>,
}

/// A unit from which a report is expected.
pub struct UnitStanding {
    /// The unit.
    pub unit: unit::Model,
    place: Place,
    /// The caller as it acts there.
    pub actor: Actor,
    /// Its newest report.
    pub report: Option<report_submission::Model>,
}

/// A form that is filled in now and a period that goes with it, if both are seen.
pub async fn found(
    connection: &impl ConnectionTrait,
    env: &Env,
    reach: &Reach,
    (form, period): (Uuid, Uuid),
) -> Result<(report_form::Model, report_form_version::Model, period::Model)> {
    let view = View::new(reach, env.today());
    let form = forms::store::find_form(connection, view, form).await?;
    let period = forms::store::find_period(connection, view, period).await?;
    let version = published(connection, form.id).await?;
    forms::usecases::fits(&form, &period)?;
    Ok((form, version, period))
}

impl Standing {
    /// How they stand now; one more than fit on a sheet at most, so that too many are noticed.
    pub async fn of(
        connection: &impl ConnectionTrait,
        caller: (&Env, &Actor),
        reach: &Reach,
        of: (Uuid, Uuid),
        whose: Whose<'_>,
    ) -> Result<Self> {
        Self::read(connection, caller, reach, of, (whose, false)).await
    }

    /// The same, and nobody else changes the reports that are there until the transaction ends.
    pub async fn held(
        tx: &impl ConnectionTrait,
        caller: (&Env, &Actor),
        reach: &Reach,
        of: (Uuid, Uuid),
        units: &[Uuid],
    ) -> Result<Self> {
        Self::read(tx, caller, reach, of, (Whose::Named(units, &[]), true)).await
    }

    async fn read(
        connection: &impl ConnectionTrait,
        (env, actor): (&Env, &Actor),
        reach: &Reach,
        of: (Uuid, Uuid),
        (whose, keep): (Whose<'_>, bool),
    ) -> Result<Self> {
        let today = env.today();
        let (form, version, period) = found(connection, env, reach, of).await?;
        let closed = match is_open(connection, env, &form, &period).await {
            Ok(()) => None,
            Err(Error::WrongState(why)) => Some(why),
            Err(other) => return Err(other),
        };
        let (within, own) = policy::reach_to_do(actor, state::permission(ReportAction::Create));
        let units = store::units_to_fill_in(
            connection,
            (reach, today),
            (&within, &own),
            (version.id, period.id),
            (whose, UNITS_MAX.saturating_add(1)),
        )
        .await?;
        let mut places = units::store::places(connection, &units, today).await?;
        let ids: Vec<Uuid> = units.iter().map(|unit| unit.id).collect();
        let mut reports = store::newest(connection, (reach, today), of, &ids, keep).await?;
        let stands = |unit: unit::Model| {
            let place = places.remove(&unit.id).unwrap_or_default();
            let report = reports.remove(&unit.id);
            let action = report.as_ref().map_or(ReportAction::Create, |_| ReportAction::Save);
            let actor = policy::authorize(actor, state::permission(action), &place).ok()?;
            Some(UnitStanding {
                unit,
                place,
                actor,
                report,
            })
        };
        Ok(Self {
            units: units.into_iter().filter_map(stands).collect(),
            form,
            version,
            period,
            closed,
        })
    }

    /// The reports that are there.
    pub fn reports(&self) -> Vec<Uuid> {
        let reports = self.units.iter().filter_map(|one| one.report.as_ref());
        reports.map(|report| report.id).collect()
    }

    /// Codes of the units that hold today, by unit.
    pub async fn codes(&self, connection: &impl ConnectionTrait, env: &Env) -> Result<HashMap<Uuid, Vec<String>>> {
        let today = env.today();
        let ids: Vec<Uuid> = self.units.iter().map(|one| one.unit.id).collect();
        let mut codes: HashMap<Uuid, Vec<String>> = HashMap::new();
        for code in units::store::codes(connection, &ids).await? {
            let begun = code.valid_from.is_none_or(|from| from <= today);
            if begun && code.valid_to.is_none_or(|to| today < to) {
                codes.entry(code.unit_id).or_default().push(code.value);
            }
        }
        Ok(codes)
    }

    /// Of reports that were sent back for some figures only: which indicators are open.
    pub async fn unlocked(&self, connection: &impl ConnectionTrait) -> Result<HashMap<Uuid, HashSet<Uuid>>> {
        let reports = self.units.iter().filter_map(|one| one.report.as_ref());
        let locked = reports.filter(|report| report.figures_locked);
        let locked: Vec<(Uuid, i32)> = locked
            .filter_map(|report| Some((report.id, report.returned_version?)))
            .collect();
        let mut open: HashMap<Uuid, HashSet<Uuid>> = locked.iter().map(|(id, _)| (*id, HashSet::new())).collect();
        if !locked.is_empty() {
            for remark in store::remarks_of_all(connection, locked).await? {
                open.entry(remark.submission_id)
                    .or_default()
                    .extend(remark.indicator_id);
            }
        }
        Ok(open)
    }
}

impl UnitStanding {
    /// Whether its report can be begun, or written, by the rules by which one is: `WRONG_STATE` and the like, and why not.
    pub fn may_fill_in(&self, standing: &Standing) -> Result<()> {
        let Some(report) = &self.report else {
            lived_through(&self.unit, &standing.period, &self.place)?;
            return standing
                .closed
                .clone()
                .map_or(Ok(()), |why| Err(Error::WrongState(why)));
        };
        state::next(report.status, ReportAction::Save)?;
        if report.form_version_id == standing.version.id {
            return Ok(());
        }
        Err(Error::invalid(
            "REPORT_ON_ANOTHER_VERSION",
            "file",
            "Báo cáo của đơn vị này theo phiên bản khác của biểu; hãy điền bằng biểu riêng của báo cáo đó.",
            "The report of this unit is on another version of the form; fill it in by its own sheet.",
        ))
    }
}
