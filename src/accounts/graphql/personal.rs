//! What one corrects or has erased of what is known of oneself, in the schema.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object};

use super::AccountPayload;
use crate::accounts::usecases::personal as usecases;
use crate::graphql::{actor, env};
use crate::ids::Kind;

/// What is wrong with the caller's own account. What is left out stays as it is.
#[derive(InputObject)]
pub struct CorrectOwnAccountInput {
    /// The version you saw.
    version: i32,
    /// Name shown to others, 1 to 200 characters.
    display_name: Option<String>,
    /// E-mail address; null takes it away. It is not verified until a link that was mailed there has been used.
    #[graphql(default)]
    email: MaybeUndefined<String>,
}

/// Whose contact data are to be erased.
#[derive(InputObject)]
pub struct EraseContactDataInput {
    /// The account: the caller's own, or one that the caller manages as a whole.
    id: ID,
    /// The version you saw.
    version: i32,
}

/// Writes of what is known of a person.
#[derive(Default)]
pub struct PersonalMutation;

#[Object]
impl PersonalMutation {
    /// Corrects the caller's own name or e-mail address. Links that were mailed to a former address no longer work.
    async fn correct_own_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is right.")] input: CorrectOwnAccountInput,
    ) -> async_graphql::Result<Option<AccountPayload>> {
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        let correction = usecases::Correction {
            display_name: input.display_name.as_deref(),
            email: input.email.as_opt_ref().map(|email| email.map(String::as_str)),
        };
        AccountPayload::of(usecases::correct(env, actor, input.version, correction).await)
    }

    /// Erases the e-mail address of an account and from where its sessions came. The name stays beside what was done with the
    /// account, and honours stay. Open links no longer work; lock the account first of who has left.
    async fn erase_contact_data(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: EraseContactDataInput,
    ) -> async_graphql::Result<Option<AccountPayload>> {
        let id = Kind::Account.parse(&input.id)?;
        AccountPayload::of(usecases::erase_contact(env(ctx)?, actor(ctx)?, id, input.version).await)
    }
}
