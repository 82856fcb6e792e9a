//! Why somebody may or may not do a thing, in the schema.

use async_graphql::{Context, Enum, ID, Object};

use super::account_name;
use super::types::GrantScope;
use crate::error::{Error, Result};
use crate::graphql::{actor, env, language};
use crate::ids::{self, Kind};
use crate::policy::{Action, Carries, Verdict};
use crate::why::{self, Considered, Reasons, Rule};

/// Asking for reasons.
#[derive(Default)]
pub struct WhyQuery;

#[Object]
impl WhyQuery {
    /// Why an account may or may not do something now: the rule that decides, and all that the account holds with what each says to
    /// it. For who manages the account (`ACCOUNT_MANAGE`), about a thing that they see themselves. It asks the same rules as the
    /// mutations and changes nothing; what depends on the input of a mutation it cannot know.
    async fn why_may(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account, or the service account.")] account_id: ID,
        #[graphql(
            desc = "Code of the action, `REPORT_APPROVE`; those of `viewer { can }`, and of the lines `Requires:`."
        )]
        action: String,
        #[graphql(
            desc = "What it would be done to: a unit, a cluster, a report …; without it, whether the account may do it somewhere."
        )]
        subject_id: Option<ID>,
    ) -> async_graphql::Result<Option<AccessReasons>> {
        let account = ids::parse(&account_id).filter(|(kind, _)| matches!(kind, Kind::Account | Kind::ServiceAccount));
        let account = account.ok_or(Error::NotFound)?;
        let action = Action::of_code(&action).ok_or_else(|| unknown(&action))?;
        let subject = match subject_id {
            Some(id) => Some(ids::parse(&id).ok_or(Error::NotFound)?),
            None => None,
        };
        let reasons: Result<Reasons> = why::may(env(ctx)?, actor(ctx)?, account, action, subject).await;
        Ok(Some(AccessReasons(reasons?)))
    }
}

fn unknown(action: &str) -> Error {
    let shown: String = action.chars().take(50).collect();
    Error::bad_request(
        format!("Không có quyền nào tên `{shown}`."),
        format!("There is no action `{shown}`."),
    )
}

/// Why somebody may or may not do something.
pub struct AccessReasons(Reasons);

/// Why somebody may or may not do something.
#[Object]
impl AccessReasons {
    /// Whether the account may do it now.
    async fn allowed(&self) -> bool {
        self.0.rule == Rule::Permitted
    }
    /// The rule that decides.
    async fn rule(&self) -> AccessRule {
        self.0.rule.into()
    }
    /// The rule in words, in the caller's language.
    async fn reason(&self, ctx: &Context<'_>) -> String {
        self.0.text.in_language(language(ctx)).to_owned()
    }
    /// Code of the action.
    async fn action(&self) -> &'static str {
        self.0.action.code()
    }
    /// Everything that the account is today, with what each says to it.
    async fn capacities(&self) -> Vec<ConsideredCapacity> {
        self.0.considered.iter().copied().map(ConsideredCapacity).collect()
    }
}

/// A role or office of an account, and what it says to an action.
pub struct ConsideredCapacity(Considered);

/// A role or office of an account, and what it says to an action.
#[Object]
impl ConsideredCapacity {
    /// `SPECIALIST`, `CHAIR` …: a role, or an office of a cluster.
    async fn capacity(&self) -> String {
        self.0.held.capacity.code()
    }
    /// Where it is held.
    async fn scope(&self) -> GrantScope {
        GrantScope::of(self.0.held.scope)
    }
    /// How far it carries the action.
    async fn carries(&self) -> AccessCarries {
        self.0.carries.into()
    }
    /// Whether it permits the action here.
    async fn matched(&self) -> bool {
        self.0.verdict == Verdict::Permits
    }
    /// What it says to the action here, in the caller's language.
    async fn reason(&self, ctx: &Context<'_>) -> String {
        why::verdict_text(self.0.verdict).in_language(language(ctx)).to_owned()
    }
    /// Name of the one on whose behalf it is held; null for one's own.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.held.delegated.map(|delegated| delegated.from)).await
    }
}

/// The rule that decides whether somebody may do something.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum AccessRule {
    /// A role or office permits it, and nothing stands against it.
    Permitted,
    /// The account is locked, or the service account is switched off or at its end.
    Locked,
    /// The thing lies outside what the account sees: `NOT_FOUND`.
    NotSeen,
    /// Nothing that the account holds includes the action: `FORBIDDEN`.
    NoCapacity,
    /// No scope of the service account names the action: `INSUFFICIENT_SCOPE`.
    NotInScopes,
    /// Something that the account holds includes the action, but not here: `FORBIDDEN`.
    NotHere,
    /// The account wrote what the action would pass: `FORBIDDEN`.
    OwnWork,
    /// The thing is not in a state in which it is possible: `WRONG_STATE`.
    WrongState,
}

impl From<Rule> for AccessRule {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Permitted => Self::Permitted,
            Rule::Locked => Self::Locked,
            Rule::NotSeen => Self::NotSeen,
            Rule::NoCapacity => Self::NoCapacity,
            Rule::NotInScopes => Self::NotInScopes,
            Rule::NotHere => Self::NotHere,
            Rule::OwnWork => Self::OwnWork,
            Rule::WrongState => Self::WrongState,
        }
    }
}

/// How far a role or office carries an action from its scope.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum AccessCarries {
    /// Not at all.
    No,
    /// To the very unit of the scope.
    OwnUnit,
    /// Everywhere within the scope.
    Scope,
}

impl From<Carries> for AccessCarries {
    fn from(carries: Carries) -> Self {
        match carries {
            Carries::No => Self::No,
            Carries::Own => Self::OwnUnit,
            Carries::Within => Self::Scope,
        }
    }
}
