//! What a service account can be given: scopes, each a resource and what may be done with it.
//!
//! A closed list. Nothing that decides is in it, and nothing about accounts: nobody can ask a program who decided.

use super::Action;
use crate::error::{Error, Result};

/// A kind of things that are read. The common catalogues (provinces, indicators, kinds of award) belong to none: they are for
/// everybody who calls with a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource {
    /// Units, their names, codes and head counts.
    Units,
    /// Clusters, their members and offices.
    Clusters,
    /// Periods and report forms.
    Forms,
    /// Criteria sets.
    Criteria,
    /// Emulation years: pacts, score sheets, cross-checks, results.
    Emulation,
    /// Reports and their totals.
    Reports,
    /// Awards and decisions that give them.
    Awards,
}

/// Declares the scopes once: the variant, its code, what it is for, which resources it shows and which actions it allows.
macro_rules! scopes {
    ($($(#[doc = $doc:literal])+ $scope:ident = $code:literal, shows $shows:expr, allows $allows:expr;)+) => {
        /// One thing that a service account can be given.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum ServiceScope {
            $($(#[doc = $doc])+ $scope,)+
        }

        impl ServiceScope {
            /// Every scope. Of several that show a resource or allow an action, the least comes first.
            pub const ALL: &[Self] = &[$(Self::$scope),+];

            /// The word in a token and wherever scopes are told.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$scope => $code,)+ }
            }

            /// What it is for.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$scope => concat!($($doc),+),)+ }
            }

            /// The resources that it shows.
            pub const fn shows(self) -> &'static [Resource] {
                match self { $(Self::$scope => &$shows,)+ }
            }

            /// The actions that it allows.
            pub const fn allows(self) -> &'static [Action] {
                match self { $(Self::$scope => &$allows,)+ }
            }
        }
    };
}

use Action::{
    AuditRead, ClusterManage, ReportCorrect, ReportSubmit, ReportWrite, SummaryRead, SummaryReadUnapproved, UnitManage,
    UnitStatisticsRecord,
};
use Resource::{Awards, Clusters, Criteria, Emulation, Forms, Reports, Units};

scopes! {
    /// Read units, their names, codes and head counts.
    UnitsRead = "units:read", shows [Units], allows [];
    /// Read units; found, rename, move, end and describe them, record head counts.
    UnitsWrite = "units:write", shows [Units], allows [UnitManage, UnitStatisticsRecord];
    /// Read clusters, their members and offices.
    ClustersRead = "clusters:read", shows [Clusters], allows [];
    /// Read clusters; set up and end them, their members and offices.
    ClustersWrite = "clusters:write", shows [Clusters], allows [ClusterManage];
    /// Read periods and report forms.
    FormsRead = "forms:read", shows [Forms], allows [];
    /// Read criteria sets.
    CriteriaRead = "criteria:read", shows [Criteria], allows [];
    /// Read emulation years, pacts, score sheets, cross-checks and results.
    EmulationRead = "emulation:read", shows [Emulation], allows [];
    /// Read reports and their totals, with the periods and forms that they are on.
    ReportsRead = "reports:read", shows [Reports, Forms], allows [SummaryRead, SummaryReadUnapproved];
    /// Read reports as with `reports:read`; begin, write, send and correct those of every unit of the place. Verifying and approving are
    /// for people.
    ReportsWrite = "reports:write", shows [Reports, Forms],
        allows [SummaryRead, SummaryReadUnapproved, ReportWrite, ReportSubmit, ReportCorrect];
    /// Read awards and decisions.
    AwardsRead = "awards:read", shows [Awards], allows [];
    /// Read the audit.
    AuditsRead = "audit:read", shows [], allows [AuditRead];
}

impl ServiceScope {
    /// The scope of a code, `units:read`.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.code() == code)
    }

    /// The least scope that allows one of some actions.
    pub fn allowing(actions: &[Action]) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|scope| scope.allows().iter().any(|action| actions.contains(action)))
    }

    /// The least scope that shows a resource.
    pub fn showing(resource: Resource) -> Option<Self> {
        let mut all = Self::ALL.iter().copied();
        all.find(|scope| scope.shows().contains(&resource))
    }
}

/// What a service account was given: some scopes. Those of a token are part of those of its account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ServiceScopes(u16);

impl ServiceScopes {
    /// None at all.
    pub const NONE: Self = Self(0);

    /// Some of the scopes. A word that is none is left out: what a newer version gave, this one does not know.
    pub fn read(words: &str) -> Self {
        words.split_whitespace().filter_map(ServiceScope::of_code).collect()
    }

    /// Whether a scope is among them.
    pub const fn contains(self, scope: ServiceScope) -> bool {
        self.0 & (1 << scope as u8) != 0
    }

    /// Those that are in both.
    pub const fn within(self, others: Self) -> Self {
        Self(self.0 & others.0)
    }

    /// Each, in the order of the list.
    pub fn each(self) -> impl Iterator<Item = ServiceScope> {
        let all = ServiceScope::ALL.iter().copied();
        all.filter(move |&scope| self.contains(scope))
    }

    /// As text, separated by blanks, the form of a token.
    pub fn written(self) -> String {
        self.each().map(ServiceScope::code).collect::<Vec<_>>().join(" ")
    }

    /// Whether they allow an action.
    pub fn allow(self, action: Action) -> bool {
        self.each().any(|scope| scope.allows().contains(&action))
    }

    /// Lets through who may read a resource, else tells which scope is missing.
    pub fn show(self, resource: Resource) -> Result<()> {
        if self.each().any(|scope| scope.shows().contains(&resource)) {
            return Ok(());
        }
        Err(ServiceScope::showing(resource).map_or(Error::PeopleOnly, Error::ScopeMissing))
    }
}

impl FromIterator<ServiceScope> for ServiceScopes {
    fn from_iter<T: IntoIterator<Item = ServiceScope>>(scopes: T) -> Self {
        Self(scopes.into_iter().fold(0, |all, scope| all | 1 << scope as u8))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::policy::{Carries, SERVICE, allows, decides};

    #[test]
    fn no_scope_gives_what_decides_nor_anything_that_the_table_does_not() {
        for scope in ServiceScope::ALL {
            for &action in scope.allows() {
                assert!(!decides(action), "{} decides: {action:?}", scope.code());
                assert_eq!(allows(SERVICE, action), Carries::Within, "{action:?}");
            }
        }
        for &action in Action::ALL
            .iter()
            .filter(|&&action| allows(SERVICE, action) != Carries::No)
        {
            assert!(ServiceScope::allowing(&[action]).is_some(), "no scope names {action:?}");
        }
    }

    #[test]
    fn the_least_scope_is_told() {
        assert_eq!(ServiceScope::showing(Forms), Some(ServiceScope::FormsRead));
        assert_eq!(ServiceScope::showing(Reports), Some(ServiceScope::ReportsRead));
        assert_eq!(ServiceScope::allowing(&[SummaryRead]), Some(ServiceScope::ReportsRead));
        assert_eq!(ServiceScope::allowing(&[Action::ReportApprove]), None);
    }

    fn some() -> impl Strategy<Value = ServiceScopes> {
        (0_u16..1 << ServiceScope::ALL.len()).prop_map(ServiceScopes)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(scopes in some()) {
            prop_assert_eq!(ServiceScopes::read(&scopes.written()), scopes);
            prop_assert_eq!(ServiceScopes::read(&format!("moon:read {}", scopes.written())), scopes);
        }

        #[test]
        fn a_part_allows_no_more_than_the_whole(whole in some(), asked in some()) {
            let part = whole.within(asked);
            for &action in Action::ALL {
                prop_assert!(!part.allow(action) || whole.allow(action) && asked.allow(action));
            }
            for resource in [Units, Clusters, Forms, Criteria, Emulation, Reports, Awards] {
                prop_assert!(part.show(resource).is_err() || whole.show(resource).is_ok());
            }
        }
    }
}
