//! The second factor in the schema.

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};

use super::AccountPayload;
use crate::accounts::usecases::second_factor as usecases;
use crate::auth::Proof;
use crate::graphql::{UserError, actor, env, outcome};
use crate::ids::Kind;

/// How surely the one who calls is the one who signed in. Approving, recording decisions and granting roles need `FRESH`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
#[graphql(remote = "crate::auth::Proof")]
pub enum SignInProof {
    /// Signed in, or confirmed, a short time ago, and with a second factor where one is demanded.
    Fresh,
    /// That was too long ago: confirm who you are with `confirmIdentity`.
    Stale,
    /// A second factor is demanded and was not given in this session: enrol one, or sign in with its code.
    SecondFactorMissing,
}

/// The second factor of the caller's account.
#[derive(SimpleObject)]
pub struct SecondFactor {
    /// Since when it is asked for at sign-in.
    pub(super) confirmed_at: DateTime<Utc>,
    /// How many recovery codes are left; renew them before there are none.
    pub(super) recovery_codes_left: u64,
}

/// A second factor is to be begun.
#[derive(InputObject)]
pub struct EnrolSecondFactorInput {
    /// The password of the caller.
    #[graphql(secret)]
    password: String,
}

/// A code of the second factor.
#[derive(InputObject)]
pub struct SecondFactorCodeInput {
    /// Six digits as the phone shows them now, or, where the second factor is confirmed, a recovery code.
    #[graphql(secret)]
    code: String,
}

/// The second factor is to be taken away.
#[derive(InputObject)]
pub struct RemoveSecondFactorInput {
    /// The password of the caller.
    #[graphql(secret)]
    password: String,
    /// Six digits as the phone shows them now, or a recovery code.
    #[graphql(secret)]
    code: String,
}

/// The second factor of another account is to be taken away.
#[derive(InputObject)]
pub struct ResetSecondFactorInput {
    /// The account.
    id: ID,
    /// The version you saw.
    version: i32,
}

/// What shows who the caller is.
#[derive(InputObject)]
pub struct ConfirmIdentityInput {
    /// The password, of an account without a second factor.
    #[graphql(secret)]
    password: Option<String>,
    /// The code of the second factor, or a recovery code.
    #[graphql(secret)]
    code: Option<String>,
}

/// What the phone needs, shown once.
#[derive(SimpleObject)]
pub struct Enrolment {
    /// The secret, to be typed into the phone.
    secret: String,
    /// The same as an address `otpauth://…`, to be shown as a square code.
    address: String,
}

/// What came of beginning a second factor.
#[derive(SimpleObject)]
pub struct EnrolSecondFactorPayload {
    /// What the phone needs; null when `userErrors` says what to mend.
    enrolment: Option<Enrolment>,
    /// What a form can mend; empty when it was begun.
    user_errors: Vec<UserError>,
}

/// What came of confirming a second factor, or of renewing its recovery codes.
#[derive(SimpleObject)]
pub struct RecoveryCodesPayload {
    /// The recovery codes, shown once: each stands in for the phone once. Null when `userErrors` says what to mend.
    recovery_codes: Option<Vec<String>>,
    /// What a form can mend; empty when it was done.
    user_errors: Vec<UserError>,
}

/// What came of showing who one is.
#[derive(SimpleObject)]
pub struct ConfirmIdentityPayload {
    /// How surely it is the caller now; null when `userErrors` says what to mend.
    proof: Option<SignInProof>,
    /// What a form can mend; empty when it was shown.
    user_errors: Vec<UserError>,
}

/// Writes of second factors.
#[derive(Default)]
pub struct SecondFactorMutation;

#[Object]
impl SecondFactorMutation {
    /// Begins a second factor for the caller's own account. Nothing is asked for until `confirmSecondFactor`.
    async fn enrol_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password.")] input: EnrolSecondFactorInput,
    ) -> async_graphql::Result<Option<EnrolSecondFactorPayload>> {
        let begun = usecases::enrol(env(ctx)?, actor(ctx)?, &input.password).await;
        let (enrolment, user_errors) = outcome(begun)?;
        let enrolment = enrolment.map(|begun| Enrolment {
            secret: begun.secret,
            address: begun.address,
        });
        Ok(Some(EnrolSecondFactorPayload { enrolment, user_errors }))
    }

    /// Confirms the second factor with the first code of the phone, and shows the recovery codes. From now on a code is asked for at
    /// sign-in; the other sessions of the account end.
    async fn confirm_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code.")] input: SecondFactorCodeInput,
    ) -> async_graphql::Result<Option<RecoveryCodesPayload>> {
        let (recovery_codes, user_errors) = outcome(usecases::confirm(env(ctx)?, actor(ctx)?, &input.code).await)?;
        Ok(Some(RecoveryCodesPayload {
            recovery_codes,
            user_errors,
        }))
    }

    /// Puts new recovery codes in place of the old ones, and shows them.
    async fn renew_recovery_codes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The code.")] input: SecondFactorCodeInput,
    ) -> async_graphql::Result<Option<RecoveryCodesPayload>> {
        let renewed = usecases::renew_recovery_codes(env(ctx)?, actor(ctx)?, &input.code).await;
        let (recovery_codes, user_errors) = outcome(renewed)?;
        Ok(Some(RecoveryCodesPayload {
            recovery_codes,
            user_errors,
        }))
    }

    /// Takes the second factor of the caller's own account away.
    async fn remove_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Password and code.")] input: RemoveSecondFactorInput,
    ) -> async_graphql::Result<Option<AccountPayload>> {
        AccountPayload::of(usecases::remove(env(ctx)?, actor(ctx)?, &input.password, &input.code).await)
    }

    /// Takes the second factor of another account away, whose owner has lost phone and recovery codes. All its sessions end.
    async fn reset_second_factor(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: ResetSecondFactorInput,
    ) -> async_graphql::Result<Option<AccountPayload>> {
        let id = Kind::Account.parse(&input.id)?;
        AccountPayload::of(usecases::reset_second_factor(env(ctx)?, actor(ctx)?, id, input.version).await)
    }

    /// Shows again who the caller is, which what decides asks for with `PROOF_REQUIRED`: with the code of the second factor where
    /// there is one, else with the password.
    async fn confirm_identity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Password or code.")] input: ConfirmIdentityInput,
    ) -> async_graphql::Result<Option<ConfirmIdentityPayload>> {
        let (password, code) = (input.password.as_deref(), input.code.as_deref());
        let shown = usecases::confirm_identity(env(ctx)?, actor(ctx)?, password, code).await;
        let (shown, user_errors) = outcome(shown.map(|()| Proof::Fresh))?;
        Ok(Some(ConfirmIdentityPayload {
            proof: shown.map(SignInProof::from),
            user_errors,
        }))
    }
}
