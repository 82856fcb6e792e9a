//! What mutations answer: the thing, or what a form can mend; and what the caller may do next.

use async_graphql::{ComplexObject, Context, SimpleObject};

use super::{actor, language};
use crate::error::{Error, Problem, Result};
use crate::policy::{self, Action, Place};

/// Something about the input that a form can mend.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(complex)]
pub struct UserError {
    /// Stable code, never translated.
    pub code: String,
    /// Path of the field within `input`, `figures.3.text`.
    pub field: String,
    #[graphql(skip)]
    problem: Problem,
}

#[ComplexObject]
impl UserError {
    /// What is wrong and how to mend it, in the caller's language.
    async fn message(&self, ctx: &Context<'_>) -> String {
        self.problem.text.in_language(language(ctx)).to_owned()
    }
}

impl From<Problem> for UserError {
    fn from(problem: Problem) -> Self {
        Self {
            code: problem.code.to_owned(),
            field: problem.field.clone(),
            problem,
        }
    }
}

/// Splits the outcome of a use-case into what a payload shows: the thing, or what a form can mend. All else is an error.
pub fn outcome<T>(result: Result<T>) -> Result<(Option<T>, Vec<UserError>)> {
    match result {
        Ok(thing) => Ok((Some(thing), Vec::new())),
        Err(Error::Invalid(problems)) => Ok((None, problems.into_iter().map(UserError::from).collect())),
        Err(error) => Err(error),
    }
}

/// Declares the payload of the mutations of a type.
macro_rules! payload {
    ($payload:ident, $field:ident: $node:ident, $what:literal) => {
        #[doc = concat!("What came of changing ", $what, ".")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $payload {
            /// The thing as it is now; null when `userErrors` says what to mend.
            pub $field: Option<$node>,
            /// What a form can mend; empty when the change was made.
            pub user_errors: Vec<$crate::graphql::UserError>,
        }

        impl $payload {
            /// The payload of a use-case's outcome.
            pub fn of<M>(result: $crate::error::Result<M>) -> async_graphql::Result<Option<Self>>
            where
                $node: From<M>,
            {
                let (thing, user_errors) = $crate::graphql::outcome(result)?;
                Ok(Some(Self {
                    $field: thing.map($node::from),
                    user_errors,
                }))
            }
        }
    };
}
pub(crate) use payload;

/// What the caller may do with a thing now and, for what is refused, why.
#[derive(Clone, Debug, SimpleObject)]
pub struct ViewerCan {
    /// Code of the action.
    pub action: String,
    /// Whether the caller may do it now.
    pub allowed: bool,
    /// Code of the error that trying would give; null when allowed.
    pub code: Option<String>,
    /// Why not, in the caller's language; null when allowed.
    pub reason: Option<String>,
}

impl ViewerCan {
    /// The answer for one action, from the same checks that the use-case makes.
    pub fn of(ctx: &Context<'_>, action: Action, check: Result<()>) -> Self {
        Self::step(ctx, action.code(), check)
    }

    /// The answer for a step in a life, which may ask for more than one permission.
    pub fn step(ctx: &Context<'_>, action: impl Into<String>, check: Result<()>) -> Self {
        let refusal = check.err();
        Self {
            action: action.into(),
            allowed: refusal.is_none(),
            code: refusal.as_ref().map(|error| error.code().to_owned()),
            reason: refusal.map(|error| error.text().in_language(language(ctx)).to_owned()),
        }
    }

    /// The answer for a step that asks for an action at a place and for the right moment besides. Who may not do it at all is told that.
    pub fn when(
        ctx: &Context<'_>,
        step: impl Into<String>,
        (action, place): (Action, &Place),
        moment: Result<()>,
    ) -> Result<Self> {
        let check = policy::check(actor(ctx)?, action, place);
        Ok(Self::step(ctx, step, check.and(moment)))
    }

    /// The answers for actions that depend on nothing but the place.
    pub fn at(ctx: &Context<'_>, place: &Place, actions: &[Action]) -> Result<Vec<Self>> {
        let actor = actor(ctx)?;
        Ok(actions
            .iter()
            .map(|&action| Self::of(ctx, action, policy::check(actor, action, place)))
            .collect())
    }
}
