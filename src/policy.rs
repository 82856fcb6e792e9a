//! Who may do what, and how far each sees. The only file that names roles.
//!
//! A caller holds *capacities*, each in a scope: from its role grants, and, where it is an officer of a unit that holds an
//! office of a cluster today, from that office. [`allows`] says what a capacity may do at all, [`authorize`] whether this
//! caller may do it at this place, [`Reach`] what it sees. The printed table is `docs/policy.md`.

use thidua_entity::enums::{Office, Role};
use uuid::Uuid;

use crate::auth::{Actor, Proof};
use crate::error::{Error, Result};

/// Declares the actions once: the variant, its code and what it is for.
macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $action:ident = $code:literal,)+) => {
        /// What somebody may want to do that not everybody may. Reading has no action: what one sees is what one may read.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Action {
            $($(#[doc = $doc])+ $action,)+
        }

        impl Action {
            /// Every action, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$action),+];

            /// The code in the audit and in `viewerCan`.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$action => $code,)+ }
            }

            /// What it is for.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$action => concat!($($doc),+),)+ }
            }
        }
    };
}

actions! {
    /// Make, invite, lock and unlock accounts, reset their passwords, set their addresses; grant and withdraw roles.
    AccountManage = "ACCOUNT_MANAGE",
    /// Read the audit.
    AuditRead = "AUDIT_READ",
    /// Add provinces to the list.
    ProvinceManage = "PROVINCE_MANAGE",
    /// Found, rename, move, end and describe units.
    UnitManage = "UNIT_MANAGE",
    /// Record head counts of a unit.
    UnitStatisticsRecord = "UNIT_STATISTICS_RECORD",
    /// Set up and end clusters, their members and offices.
    ClusterManage = "CLUSTER_MANAGE",
    /// Set periods.
    PeriodManage = "PERIOD_MANAGE",
    /// Add indicators to the common catalogue.
    IndicatorManage = "INDICATOR_MANAGE",
    /// Write, publish and retire report forms.
    FormManage = "FORM_MANAGE",
    /// Begin a report and write its figures.
    ReportWrite = "REPORT_WRITE",
    /// Send a report.
    ReportSubmit = "REPORT_SUBMIT",
    /// Send a report back with a reason.
    ReportReturn = "REPORT_RETURN",
    /// Find a report complete and consistent.
    ReportVerify = "REPORT_VERIFY",
    /// Approve a report, so that it counts.
    ReportApprove = "REPORT_APPROVE",
    /// Read totals of approved reports.
    SummaryRead = "SUMMARY_READ",
    /// Read totals that contain reports not yet approved.
    SummaryReadUnapproved = "SUMMARY_READ_UNAPPROVED",
    /// Read totals that contain drafts.
    SummaryReadDrafts = "SUMMARY_READ_DRAFTS",
    /// Add kinds of award to the common catalogue.
    AwardTypeManage = "AWARD_TYPE_MANAGE",
    /// Record decisions and the awards that they give.
    AwardRecord = "AWARD_RECORD",
}

/// In what capacity somebody acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Capacity {
    /// By a role grant.
    Role(Role),
    /// As officer of the unit that holds an office of a cluster on the day.
    Office(Office),
}

impl Capacity {
    /// Every capacity, in the order of the table.
    pub const ALL: &[Self] = &[
        Self::Role(Role::Admin),
        Self::Role(Role::Specialist),
        Self::Role(Role::StandingCommittee),
        Self::Role(Role::UnitOfficer),
        Self::Office(Office::Chair),
        Self::Office(Office::Deputy),
        Self::Role(Role::Viewer),
        Self::Role(Role::Service),
    ];

    /// The name in the table.
    pub fn code(self) -> String {
        match self {
            Self::Role(role) => role.code(),
            Self::Office(office) => office.code(),
        }
    }
}

/// How far a permission carries from the scope it is held in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carries {
    /// Not at all: not permitted.
    No,
    /// Only to the very unit of the scope.
    Own,
    /// To everything within the scope.
    Within,
}

/// What a capacity may do, and how far. The table of `design`: section 5.
pub const fn allows(capacity: Capacity, action: Action) -> Carries {
    use Action::*;
    use Carries::{No, Own, Within};
    match capacity {
        Capacity::Role(Role::Admin) => match action {
            AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => Within,
            SummaryRead | SummaryReadUnapproved | SummaryReadDrafts => Within,
            PeriodManage | IndicatorManage | FormManage => No,
            ReportWrite | ReportSubmit | ReportReturn | ReportVerify | ReportApprove => No,
            AwardTypeManage | AwardRecord => No,
        },
        Capacity::Role(Role::Specialist) => match action {
            UnitManage | UnitStatisticsRecord | ClusterManage | PeriodManage | IndicatorManage | FormManage => Within,
            ReportReturn | ReportVerify => Within,
            SummaryRead | SummaryReadUnapproved | SummaryReadDrafts => Within,
            AwardTypeManage | AwardRecord => Within,
            AccountManage | AuditRead | ProvinceManage | ReportWrite | ReportSubmit | ReportApprove => No,
        },
        Capacity::Role(Role::StandingCommittee) => match action {
            ReportReturn | ReportApprove => Within,
            SummaryRead | SummaryReadUnapproved | SummaryReadDrafts | AwardRecord => Within,
            AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => No,
            PeriodManage | IndicatorManage | FormManage | ReportWrite | ReportSubmit | ReportVerify => No,
            AwardTypeManage => No,
        },
        Capacity::Role(Role::UnitOfficer) => match action {
            ReportWrite | ReportSubmit | UnitStatisticsRecord => Own,
            SummaryRead | SummaryReadUnapproved | SummaryReadDrafts => Within,
            AccountManage | AuditRead | ProvinceManage | UnitManage | ClusterManage => No,
            PeriodManage | IndicatorManage | FormManage | ReportReturn | ReportVerify | ReportApprove => No,
            AwardTypeManage | AwardRecord => No,
        },
        Capacity::Office(Office::Chair | Office::Deputy) => match action {
            SummaryRead | SummaryReadUnapproved => Within,
            AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => No,
            PeriodManage | IndicatorManage | FormManage => No,
            ReportWrite | ReportSubmit | ReportReturn | ReportVerify | ReportApprove => No,
            SummaryReadDrafts | AwardTypeManage | AwardRecord => No,
        },
        Capacity::Role(Role::Viewer | Role::Service) => match action {
            SummaryRead | SummaryReadUnapproved => Within,
            AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => No,
            PeriodManage | IndicatorManage | FormManage => No,
            ReportWrite | ReportSubmit | ReportReturn | ReportVerify | ReportApprove => No,
            SummaryReadDrafts | AwardTypeManage | AwardRecord => No,
        },
    }
}

/// Where a grant or an office holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everything the service holds.
    Everything,
    /// The units of a province.
    Province(Uuid),
    /// A unit and what is below it.
    Unit(Uuid),
    /// A cluster and its members.
    Cluster(Uuid),
}

/// Where something is done: the unit it concerns with those above it, its province and its clusters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The unit itself, then those above it today. Empty for what belongs to the whole service.
    pub lineage: Vec<Uuid>,
    /// Its province.
    pub province: Option<Uuid>,
    /// The clusters it concerns.
    pub clusters: Vec<Uuid>,
}

impl Place {
    /// What belongs to no unit: the common catalogue, the list of provinces.
    pub const COMMON: Self = Self {
        lineage: Vec::new(),
        province: None,
        clusters: Vec::new(),
    };

    fn within(&self, scope: Scope, carries: Carries, action: Action) -> bool {
        match (carries, scope) {
            (Carries::No, _) => false,
            (Carries::Own, Scope::Unit(unit)) => self.lineage.first() == Some(&unit),
            (Carries::Own, _) => false,
            (Carries::Within, Scope::Everything) => true,
            (Carries::Within, Scope::Province(province)) => self.province == Some(province),
            (Carries::Within, Scope::Unit(unit)) => self.lineage.contains(&unit),
            (Carries::Within, Scope::Cluster(cluster)) => in_cluster(action) && self.clusters.contains(&cluster),
        }
    }
}

/// What a grant or office in a cluster carries to its members: what concerns the cluster and what they hand in. Not their
/// accounts, their units or what they issue, for those reach below the members and so beyond the cluster.
const fn in_cluster(action: Action) -> bool {
    use Action::*;
    match action {
        ClusterManage | ReportReturn | ReportVerify | ReportApprove => true,
        SummaryRead | SummaryReadUnapproved => true,
        // Drafts of members are not seen from the cluster, so no total tells of them either.
        SummaryReadDrafts => false,
        AccountManage | AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord => false,
        PeriodManage | IndicatorManage | FormManage | ReportWrite | ReportSubmit => false,
        AwardTypeManage | AwardRecord => false,
    }
}

/// Whether the caller may do this here.
pub fn permits(actor: &Actor, action: Action, place: &Place) -> bool {
    actor
        .capacities()
        .iter()
        .any(|&(capacity, scope)| place.within(scope, allows(capacity, action), action))
}

/// Lets the caller through or answers `FORBIDDEN`. The thing must have been found within the caller's reach before.
///
/// What decides asks for a fresh proof of who it is besides: `PROOF_REQUIRED`.
pub fn authorize(actor: &Actor, action: Action, place: &Place) -> Result<()> {
    if !permits(actor, action, place) {
        return Err(Error::Forbidden(action));
    }
    match actor.proof {
        Proof::Stale | Proof::SecondFactorMissing if decides(action) => Err(Error::ProofRequired(actor.proof)),
        _ => Ok(()),
    }
}

/// What cannot be taken back quietly, and so is worth a phone left on a desk: approving, recording decisions and awards, giving and
/// withdrawing powers.
pub const fn decides(action: Action) -> bool {
    use Action::*;
    match action {
        ReportApprove | AwardRecord | AccountManage => true,
        AuditRead | ProvinceManage | UnitManage | UnitStatisticsRecord | ClusterManage => false,
        PeriodManage | IndicatorManage | FormManage | ReportWrite | ReportSubmit | ReportReturn | ReportVerify => false,
        SummaryRead | SummaryReadUnapproved | SummaryReadDrafts | AwardTypeManage => false,
    }
}

/// Whether somebody with these capacities decides anything anywhere: of them a second factor may be demanded.
pub fn decides_somewhere(capacities: &[(Capacity, Scope)]) -> bool {
    let deciding = |capacity| {
        Action::ALL
            .iter()
            .any(|&action| decides(action) && allows(capacity, action) != Carries::No)
    };
    capacities.iter().any(|&(capacity, _)| deciding(capacity))
}

/// Lets the caller through unless it is among those who wrote the thing: who wrote a thing may not pass it.
pub fn not_own_work(actor: &Actor, action: Action, writers: &[Uuid]) -> Result<()> {
    if writers.contains(&actor.account_id) {
        Err(Error::OwnWork(action))
    } else {
        Ok(())
    }
}

/// Whether a capacity carries an action to any place at all from where it is held.
const fn carries_somewhere((capacity, scope): (Capacity, Scope), action: Action) -> bool {
    match (allows(capacity, action), scope) {
        (Carries::No, _) => false,
        (Carries::Own | Carries::Within, Scope::Cluster(_)) => in_cluster(action),
        (Carries::Own | Carries::Within, Scope::Everything | Scope::Province(_) | Scope::Unit(_)) => true,
    }
}

/// Lets through a caller who may do this in some place; which place is not yet known.
pub fn authorize_anywhere(actor: &Actor, action: Action) -> Result<()> {
    if actor.capacities().iter().any(|&held| carries_somewhere(held, action)) {
        Ok(())
    } else {
        Err(Error::Forbidden(action))
    }
}

/// The actions that a caller may do in some place.
pub fn held_somewhere(actor: &Actor) -> impl Iterator<Item = Action> {
    let actions = Action::ALL.iter().copied();
    actions.filter(|&action| authorize_anywhere(actor, action).is_ok())
}

/// What a caller sees. Every read starts from it; loaders get the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Sees everything; the lists below then do not matter.
    pub everything: bool,
    /// Sees these units and what is below them.
    pub units: Vec<Uuid>,
    /// Sees the units of these provinces.
    pub provinces: Vec<Uuid>,
    /// Sees the members of these clusters and what they handed in, not their drafts.
    pub clusters: Vec<Uuid>,
}

/// How far this caller sees.
pub fn reach(actor: &Actor) -> Reach {
    let mut reach = Reach::default();
    for &(_, scope) in actor.capacities() {
        match scope {
            Scope::Everything => reach.everything = true,
            Scope::Province(id) => reach.provinces.push(id),
            Scope::Unit(id) => reach.units.push(id),
            Scope::Cluster(id) => reach.clusters.push(id),
        }
    }
    reach
}

/// How far this caller administers accounts and reads the audit: the part of its reach in which it may do `action`.
pub fn reach_for(actor: &Actor, action: Action) -> Reach {
    let capacities = actor.capacities().iter().copied();
    let holding = capacities.filter(|&held| carries_somewhere(held, action)).collect();
    reach(&actor.with_capacities(holding))
}

/// The role of whoever sets the service up: granted by the command line, from which every other grant comes.
pub const ADMINISTRATOR: Role = Role::Admin;

/// Whether an officer of a unit holds the office that the unit holds: only officers do. They act for one unit, so a grant
/// of the role names one.
pub const fn exercises_offices(role: Role) -> bool {
    matches!(role, Role::UnitOfficer)
}

/// The table as people read it: one line for each action, one column for each capacity.
pub fn printed() -> String {
    let mut lines = vec![format!("{:28}", "")];
    for capacity in Capacity::ALL {
        lines[0].push_str(&format!(" {:>18}", capacity.code()));
    }
    for &action in Action::ALL {
        let mut line = format!("{:28}", action.code());
        for &capacity in Capacity::ALL {
            let word = match allows(capacity, action) {
                Carries::No => ".",
                Carries::Own => "own unit",
                Carries::Within => "scope",
            };
            line.push_str(&format!(" {word:>18}"));
        }
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

/// The whole page `docs/policy.md`: the table and what its words mean.
pub fn page() -> String {
    let mut page = format!(
        "# Who may do what\n\n\
         Written by `thidua policy` from `src/policy.rs`, and compared with it by a test.\n\n\
         A caller holds roles by grant, each in a scope: everything, a province, a unit with what is below it, or a cluster. The chair\n\
         and the deputies of a cluster are no roles: they are what officers of a unit are while their unit holds the office.\n\n\
         `scope`: everywhere within the scope. `own unit`: for the very unit of the grant. `.`: not at all. What a caller sees is its scope,\n\
         whatever the role; what it does not see does not exist for it (`NOT_FOUND`), what it sees and may not do is `FORBIDDEN`.\n\n\
         Held in a cluster, a capacity carries only what concerns the cluster and what its members hand in, whatever the table says:\n\
         {}.\n\n\
         ```text\n{}```\n\n",
        Action::ALL
            .iter()
            .filter(|&&action| in_cluster(action))
            .map(|action| format!("`{}`", action.code()))
            .collect::<Vec<_>>()
            .join(", "),
        printed()
    );
    for action in Action::ALL {
        page.push_str(&format!("- `{}`:{}\n", action.code(), action.meaning()));
    }
    page
}
