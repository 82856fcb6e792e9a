//! Writes of participants, registrations, targets and pacts: arguments turned into use-cases.

use async_graphql::{Context, Object};

use super::pacts::PactPayload;
use super::participants::{ParticipantPayload, RegistrationPayload, TargetPayload};
use super::pledges::{
    AddParticipantInput, BeginPactInput, EndPactInput, PactStepInput, RegisterInput, RemoveTargetInput, SetTargetInput,
    SignPactInput, UpdateParticipantInput, WithdrawParticipantInput, WithdrawRegistrationInput, WritePactInput,
};
use crate::graphql::{actor, env};
use crate::ids::Kind;
use crate::version::Seen;
use crate::years::usecases;

/// Writes of participants, registrations, targets and pacts.
#[derive(Default)]
pub struct PledgeMutation;

#[Object]
impl PledgeMutation {
    /// Adds a member of the cluster to a year after it was opened, with a note; until units check each other. One that had withdrawn takes part
    /// again. When a pact is signed or in force, it signs it too.
    async fn add_participant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, and why.")] input: AddParticipantInput,
    ) -> async_graphql::Result<Option<ParticipantPayload>> {
        let year = Kind::EmulationYear.parse(&input.year_id)?;
        let new = usecases::NewParticipant {
            unit: Kind::Unit.parse(&input.unit_id)?,
            calendar: input.calendar,
            note: &input.note,
        };
        ParticipantPayload::of(usecases::add_participant(env(ctx)?, actor(ctx)?, year, new).await)
    }

    /// Changes by which calendar a participant is judged, or the note beside it.
    async fn update_participant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What changes.")] input: UpdateParticipantInput,
    ) -> async_graphql::Result<Option<ParticipantPayload>> {
        let (id, seen) = (Kind::Participant.parse(&input.id)?, Seen::from(input.version));
        let change = usecases::ParticipantChange {
            calendar: input.calendar,
            note: input.note.as_opt_ref().map(Option::<&_>::cloned),
        };
        ParticipantPayload::of(usecases::update_participant(env(ctx)?, actor(ctx)?, id, &seen, change).await)
    }

    /// Takes a unit out of a year from now on, with a reason. What it wrote stays; nobody waits for its signature or its cross-checks any more.
    async fn withdraw_participant(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who, from when, and why.")] input: WithdrawParticipantInput,
    ) -> async_graphql::Result<Option<ParticipantPayload>> {
        let (id, seen) = (Kind::Participant.parse(&input.id)?, Seen::from(input.version));
        let end = (input.on, input.reason.as_str());
        ParticipantPayload::of(usecases::withdraw_participant(env(ctx)?, actor(ctx)?, id, &seen, end).await)
    }

    /// Registers a unit for a grade, a title or a movement. After the phase `REGISTERING` only with `lateReason`, and not once the conference
    /// votes.
    async fn register(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What for.")] mut input: RegisterInput,
    ) -> async_graphql::Result<Option<RegistrationPayload>> {
        let key = input.idempotency_key.take();
        let (env, actor) = (env(ctx)?, actor(ctx)?);
        RegistrationPayload::of(usecases::register(env, actor, input.read()?, key.as_deref()).await)
    }

    /// Takes a registration back; it stays to be read. After the phase `REGISTERING` only with a reason.
    async fn withdraw_registration(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: WithdrawRegistrationInput,
    ) -> async_graphql::Result<Option<RegistrationPayload>> {
        let (id, seen) = (Kind::Registration.parse(&input.id)?, Seen::from(input.version));
        let reason = input.reason.as_deref();
        RegistrationPayload::of(usecases::withdraw_registration(env(ctx)?, actor(ctx)?, id, &seen, reason).await)
    }

    /// Sets what a unit promises for an indicator, or sets it anew at the version that you saw. Until a pact is agreed that covers the unit:
    /// `WRONG_STATE` afterwards; who joins then sets its own until it signs. After the phase `REGISTERING` only with `lateReason`.
    async fn set_target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The target.")] input: SetTargetInput,
    ) -> async_graphql::Result<Option<TargetPayload>> {
        let new = usecases::NewTarget {
            year: Kind::EmulationYear.parse(&input.year_id)?,
            unit: Kind::Unit.parse(&input.unit_id)?,
            indicator: &input.indicator_code,
            text: &input.text,
            late_reason: input.late_reason.as_deref(),
        };
        let seen = input.version.map(Seen::from);
        TargetPayload::of(usecases::set_target(env(ctx)?, actor(ctx)?, new, seen).await)
    }

    /// Takes out a target that was not meant; the payload shows it as it was. As long as targets can be set; after the phase `REGISTERING`
    /// only with a reason.
    async fn remove_target(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: RemoveTargetInput,
    ) -> async_graphql::Result<Option<TargetPayload>> {
        let (id, seen) = (Kind::Target.parse(&input.id)?, Seen::from(input.version));
        let reason = input.reason.as_deref();
        TargetPayload::of(usecases::remove_target(env(ctx)?, actor(ctx)?, id, &seen, reason).await)
    }

    /// Begins the pact of a year, as a draft; another one only when the one before has ended.
    async fn begin_pact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The pact.")] input: BeginPactInput,
    ) -> async_graphql::Result<Option<PactPayload>> {
        let year = Kind::EmulationYear.parse(&input.year_id)?;
        PactPayload::of(usecases::begin_pact(env(ctx)?, actor(ctx)?, year, &input.text).await)
    }

    /// Writes the text of a pact anew, while it is a draft.
    async fn write_pact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The text.")] input: WritePactInput,
    ) -> async_graphql::Result<Option<PactPayload>> {
        let (id, seen) = (Kind::Pact.parse(&input.id)?, Seen::from(input.version));
        PactPayload::of(usecases::write_pact(env(ctx)?, actor(ctx)?, id, &seen, &input.text).await)
    }

    /// Records that the members agreed on a pact. From now on its text, the criteria of the year and the targets are fixed; what is signed is the
    /// `sha256` of them.
    async fn agree_pact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: PactStepInput,
    ) -> async_graphql::Result<Option<PactPayload>> {
        let (id, seen) = (Kind::Pact.parse(&input.id)?, Seen::from(input.version));
        PactPayload::of(usecases::agree_pact(env(ctx)?, actor(ctx)?, id, &seen).await)
    }

    /// Opens an agreed pact for signing, and tells the officers of those who are to sign.
    async fn open_pact_signing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which.")] input: PactStepInput,
    ) -> async_graphql::Result<Option<PactPayload>> {
        let (id, seen) = (Kind::Pact.parse(&input.id)?, Seen::from(input.version));
        PactPayload::of(usecases::open_pact_signing(env(ctx)?, actor(ctx)?, id, &seen).await)
    }

    /// Signs a pact for a unit, once: what has the `sha256` that you name. With the last signature the pact is in force and the criteria of the
    /// year are frozen. A unit that joined the year later signs the pact in force.
    async fn sign_pact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs.")] input: SignPactInput,
    ) -> async_graphql::Result<Option<PactPayload>> {
        let signer = usecases::Signer {
            pact: Kind::Pact.parse(&input.id)?,
            sha256: &input.sha256,
            unit: Kind::Unit.parse(&input.unit_id)?,
            name: &input.signer_name,
            title: input.signer_title.as_deref(),
        };
        let key = input.idempotency_key.as_deref();
        PactPayload::of(usecases::sign_pact(env(ctx)?, actor(ctx)?, &signer, key).await)
    }

    /// Ends a pact with a reason, also one that is not in force yet. Then criteria and targets can be set anew, and another pact begun.
    async fn end_pact(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which, and why.")] input: EndPactInput,
    ) -> async_graphql::Result<Option<PactPayload>> {
        let (id, seen) = (Kind::Pact.parse(&input.id)?, Seen::from(input.version));
        PactPayload::of(usecases::end_pact(env(ctx)?, actor(ctx)?, id, &seen, &input.reason).await)
    }
}
