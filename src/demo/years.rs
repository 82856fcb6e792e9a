//! Emulation years of the demonstration: one in each phase, with who takes part, what they registered for and promised, and the pact.

use chrono::{Days, NaiveDate};
use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::enums::{PactState, RegistrationKind, Sector, YearCalendar, YearPhase};
use thidua_entity::{
    Fixed4, criteria_set_version, emulation_participant, emulation_phase, emulation_step, emulation_year, pact,
    pact_cover, pact_signature, registration, target,
};
use uuid::Uuid;

use super::draw::Draw;
use super::plan::{self, Plan, broken, day};
use super::{crosschecks, results, scoring};
use crate::clusters::rules::Span;
use crate::criteria::content;
use crate::error::Result;
use crate::reckoning::CriteriaSet;
use crate::years::pact::digest as signed_digest;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    years: Vec<NewYear>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewYear {
    cluster: String,
    year: i32,
    set: Option<String>,
    phase: YearPhase,
    /// Who leads it for the organiser.
    by: String,
    /// Who decides.
    council: String,
    theme: Option<String>,
    #[serde(default)]
    blind: bool,
    /// Whether some of its members follow the school year.
    #[serde(default)]
    school: bool,
}

/// A year as its score sheets are planned.
pub struct PlannedYear {
    /// Its row.
    pub row: emulation_year::Model,
    /// What it is scored by.
    pub set: CriteriaSet,
    /// Who takes part, in the order of the memberships.
    pub units: Vec<Uuid>,
    /// Who leads it for the organiser.
    pub organiser: Uuid,
    /// Who decides.
    pub council: Uuid,
}

/// Plans the years and all that is in them.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let file: File = plan::read("years.json", include_str!("years.json"))?;
    for new in file.years {
        if let Some(year) = begin(plan, &new)? {
            promises(plan, &year);
            crosschecks::plan(plan, &year)?;
            scoring::plan(plan, &year)?;
            results::plan(plan, &year);
        }
    }
    Ok(())
}

/// Days on which the phases of a year begin; the last one in the next year.
pub fn begins(year: i32, phase: YearPhase) -> NaiveDate {
    match phase {
        YearPhase::Planned => day(year - 1, 12, 20),
        YearPhase::Registering => day(year, 2, 1),
        YearPhase::Running => day(year, 3, 15),
        YearPhase::SelfScoring => day(year, 10, 1),
        YearPhase::CrossChecking => day(year, 11, 1),
        YearPhase::Appraising => day(year, 11, 15),
        YearPhase::Voting => day(year, 12, 10),
        YearPhase::Deciding => day(year, 12, 16),
        YearPhase::Published => day(year + 1, 1, 15),
    }
}

/// Plans a year with its phases and its participants. Nothing comes back of one that has not chosen a set.
fn begin(plan: &mut Plan, new: &NewYear) -> Result<Option<PlannedYear>> {
    let cluster = plan.cluster(&new.cluster)?.0;
    let (by, council) = (plan.account(&new.by)?, plan.account(&new.council)?);
    let version = new.set.as_deref().map(|code| version_of(plan, code)).transpose()?;
    let school = |year, month, of| new.school.then(|| day(year, month, of));
    let opened = plan.instant(begins(new.year, YearPhase::Planned), 8 * 60);
    let pact_holds = new.phase > YearPhase::Registering;
    let row = emulation_year::Model {
        id: plan.id_at(opened),
        cluster_id: cluster,
        year: new.year,
        theme: new.theme.clone(),
        starts_on: day(new.year, 1, 1),
        ends_on: day(new.year, 12, 31),
        school_starts_on: school(new.year - 1, 9, 1),
        school_ends_on: school(new.year, 8, 31),
        phase: new.phase,
        criteria_version_id: version.as_ref().map(|version| version.id),
        criteria_digest: version
            .as_ref()
            .filter(|_| pact_holds)
            .map(|version| version.digest.clone()),
        blind: new.blind,
        objection_days: 7,
        version: 1,
        created_at: opened,
    };
    for &phase in YearPhase::ALL {
        plan.rows.emulation_phases.push(emulation_phase::Model {
            year_id: row.id,
            phase,
            starts_on: begins(new.year, phase),
        });
    }
    for &phase in YearPhase::ALL.iter().filter(|&&phase| phase <= new.phase) {
        let taken_at = plan.instant(begins(new.year, phase), 8 * 60);
        let step = emulation_step::Model {
            id: plan.id_at(taken_at),
            year_id: row.id,
            phase,
            reason: None,
            // Publishing is the committee's.
            taken_by: Some(if phase == YearPhase::Published { council } else { by }),
            taken_for: None,
            taken_at,
        };
        plan.rows.emulation_steps.push(step);
    }
    let members = plan
        .rows
        .memberships
        .iter()
        .filter(|member| member.cluster_id == cluster && Span::from(*member).holds_on(row.starts_on));
    let units: Vec<Uuid> = members.map(|member| member.unit_id).collect();
    for &unit in &units {
        let sector = plan
            .rows
            .units
            .iter()
            .find(|row| row.id == unit)
            .and_then(|row| row.sector);
        let of_school = new.school && sector == Some(Sector::Education);
        let participant = emulation_participant::Model {
            id: plan.id_at(opened),
            year_id: row.id,
            unit_id: unit,
            calendar: if of_school {
                YearCalendar::SchoolYear
            } else {
                YearCalendar::Year
            },
            note: None,
            withdrawn_on: None,
            withdrawn_reason: None,
            version: 1,
        };
        plan.rows.emulation_participants.push(participant);
    }
    let Some(version) = version else {
        plan.rows.emulation_years.push(row);
        return Ok(None);
    };
    let set = plan
        .rows
        .criteria_contents
        .iter()
        .find(|content| content.version_id == version.id);
    let year = PlannedYear {
        set: content::read(&set.ok_or_else(|| broken("a set without content"))?.content)?,
        units,
        organiser: by,
        council,
        row: row.clone(),
    };
    plan.rows.emulation_years.push(row);
    Ok(Some(year))
}

fn version_of(plan: &Plan, code: &str) -> Result<criteria_set_version::Model> {
    let set = plan.rows.criteria_sets.iter().find(|set| set.code == code);
    let version = set.and_then(|set| {
        plan.rows
            .criteria_versions
            .iter()
            .find(|version| version.set_id == set.id)
    });
    version.cloned().ok_or_else(|| broken(format!("no set {code}")))
}

/// Registrations, targets and the pact: in force once the year runs, else signed by every second unit.
fn promises(plan: &mut Plan, year: &PlannedYear) {
    let in_force = year.row.phase > YearPhase::Registering;
    let from = begins(year.row.year, YearPhase::Registering);
    let mut draw = Draw::named(&format!("promises {} {}", year.row.cluster_id, year.row.year));
    let new_members = plan.indicator("new_members").ok().map(|indicator| indicator.id);
    for (index, &unit) in year.units.iter().enumerate() {
        let by = plan.officers.get(&unit).copied();
        // One comes late, when the year runs already, and says why.
        let late = index == 3 && in_force;
        let day = if late {
            begins(year.row.year, YearPhase::Running) + Days::new(5)
        } else {
            from + Days::new(index as u64 % 20)
        };
        let at = plan.instant(day, 9 * 60);
        let promised_at = plan.instant(from + Days::new(index as u64 % 20), 9 * 60);
        let grade = year.set.bands.get(usize::from(draw.between(1, 100) > 35));
        let titles = [
            grade.map(|band| (RegistrationKind::Grade, band.grade.clone())),
            (draw.between(1, 100) > 50).then(|| {
                (
                    RegistrationKind::CollectiveTitle,
                    "Tập thể lao động xuất sắc".to_owned(),
                )
            }),
            (draw.between(1, 100) > 30)
                .then(|| (RegistrationKind::Movement, "Giỏi việc nước, đảm việc nhà".to_owned())),
        ];
        for (kind, title) in titles.into_iter().flatten() {
            let row = registration::Model {
                id: plan.id_at(at),
                year_id: year.row.id,
                unit_id: unit,
                kind,
                title,
                award_type_id: None,
                person: None,
                late_reason: late.then(|| "Ban Chấp hành mới được kiện toàn sau thời hạn đăng ký.".to_owned()),
                registered_by: by,
                registered_for: None,
                registered_at: at,
                withdrawn_at: None,
                withdrawn_reason: None,
                version: 1,
            };
            plan.rows.registrations.push(row);
        }
        if let Some(indicator_id) = new_members {
            let promised = draw.between(1, 4);
            let row = target::Model {
                id: plan.id_at(promised_at),
                year_id: year.row.id,
                unit_id: unit,
                indicator_id,
                value: Fixed4::from_integer(promised).unwrap_or_default(),
                text: promised.to_string(),
                late_reason: None,
                set_by: by,
                set_for: None,
                set_at: promised_at,
                version: 1,
            };
            plan.rows.targets.push(row);
        }
    }
    sign(plan, year, in_force);
}

fn sign(plan: &mut Plan, year: &PlannedYear, in_force: bool) {
    let from = begins(year.row.year, YearPhase::Registering) + Days::new(20);
    let signed = if in_force {
        year.units.len()
    } else {
        year.units.len() / 2
    };
    let theme = year.row.theme.clone().unwrap_or_default();
    let text = format!(
        "Các đơn vị thành viên cùng ký giao ước thi đua năm {} với chủ đề “{theme}”: hoàn thành chỉ tiêu đã đăng ký, tự chấm điểm \
         sát thực tế, kiểm tra chéo công tâm, báo cáo đúng hạn.",
        year.row.year
    );
    let mut criteria = plan.rows.criteria_versions.iter();
    let criteria = criteria.find(|version| Some(version.id) == year.row.criteria_version_id);
    let targets = plan.rows.targets.iter().filter(|target| target.year_id == year.row.id);
    let promises: Vec<_> = targets.map(|row| (row.unit_id, row.indicator_id, row.value)).collect();
    let digest = criteria.map(|version| signed_digest(&text, &version.digest, &promises));
    let row = pact::Model {
        id: plan.id_at(plan.instant(from, 8 * 60)),
        year_id: year.row.id,
        number: 1,
        state: if in_force {
            PactState::InForce
        } else {
            PactState::Signing
        },
        text,
        criteria_version_id: year.row.criteria_version_id,
        digest,
        in_force_at: in_force.then(|| plan.instant(from + Days::new(10), 15 * 60)),
        ended_on: None,
        end_reason: None,
        version: 3,
        created_at: plan.instant(from, 8 * 60),
    };
    for &unit in &year.units {
        plan.rows.pact_covers.push(pact_cover::Model {
            pact_id: row.id,
            unit_id: unit,
        });
    }
    for &unit in year.units.iter().take(signed) {
        let at = plan.instant(from + Days::new(10), 14 * 60);
        let signature = pact_signature::Model {
            id: plan.id_at(at),
            pact_id: row.id,
            unit_id: unit,
            signer_name: "Chủ tịch công đoàn (dữ liệu minh họa)".to_owned(),
            signer_title: Some("Chủ tịch".to_owned()),
            signed_by: plan.officers.get(&unit).copied(),
            signed_for: None,
            signed_at: at,
        };
        plan.rows.pact_signatures.push(signature);
    }
    plan.rows.pacts.push(row);
}
