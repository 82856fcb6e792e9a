//! Anything by its id, as Relay asks for it.

use async_graphql::{Context, ID, Interface, Object};

use super::actor;
use crate::accounts::graphql as accounts;
use crate::awards::graphql as awards;
use crate::ballots::graphql as ballots;
use crate::clusters::graphql as clusters;
use crate::conferences::graphql as conferences;
use crate::councils::graphql as councils;
use crate::criteria::graphql as criteria;
use crate::crosschecks::graphql as crosschecks;
use crate::error::Error;
use crate::evidence::graphql as evidence;
use crate::forms::graphql as forms;
use crate::ids::{self, Kind};
use crate::reports::graphql as reports;
use crate::results::graphql as results;
use crate::scoring::graphql as scoring;
use crate::units::graphql as units;
use crate::years::graphql as years;

/// Anything that has an id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "Opaque id, the same on GraphQL and REST."))]
#[allow(clippy::large_enum_variant, reason = "one node at a time")]
pub enum Node {
    /// A province.
    Province(units::Province),
    /// A unit.
    Unit(units::Unit),
    /// A cluster or bloc.
    Cluster(clusters::Cluster),
    /// A period.
    Period(forms::Period),
    /// An indicator.
    Indicator(forms::Indicator),
    /// A report form.
    ReportForm(forms::ReportForm),
    /// A criteria set.
    CriteriaSet(criteria::CriteriaSet),
    /// A version of a criteria set.
    CriteriaSetVersion(criteria::CriteriaSetVersion),
    /// An emulation year of a cluster.
    EmulationYear(years::EmulationYear),
    /// A unit that takes part in an emulation year.
    Participant(years::Participant),
    /// A pact.
    Pact(years::Pact),
    /// A report.
    ReportSubmission(reports::ReportSubmission),
    /// What is said of a report.
    ReportComment(reports::comments::ReportComment),
    /// A score sheet.
    ScoreSheet(scoring::ScoreSheet),
    /// An objection to an appraisal.
    Objection(scoring::Objection),
    /// A cross-check of one unit by another.
    CrossCheck(crosschecks::CrossCheck),
    /// A draw of who checks whom.
    CrossCheckDraw(crosschecks::CrossCheckDraw),
    /// What a checker found.
    CrossCheckFinding(crosschecks::CrossCheckFinding),
    /// A file beside a report, a score sheet, or a part of it.
    Evidence(evidence::Evidence),
    /// A result of an emulation year.
    EmulationResult(results::EmulationResult),
    /// A council.
    Council(councils::Council),
    /// A conference of a cluster or a council.
    Conference(conferences::Conference),
    /// A ballot of a conference.
    Ballot(ballots::Ballot),
    /// A kind of award.
    AwardType(awards::AwardType),
    /// A decision that gives awards.
    AwardDecision(awards::AwardDecision),
    /// An entry of the award registry.
    Award(awards::Award),
    /// The proposal of an award.
    AwardProposal(awards::AwardProposal),
    /// An objection to the outcome of a proposal.
    AwardObjection(awards::AwardObjection),
    /// An account.
    Account(accounts::Account),
    /// An account of another system.
    ServiceAccount(accounts::ServiceAccount),
}

/// Look-up of anything by its id.
#[derive(Default)]
pub struct NodeQuery;

#[Object]
impl NodeQuery {
    /// The thing with this id. What the caller may not see does not exist for it: `NOT_FOUND`.
    async fn node(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of anything, as a query or REST returned it.")] id: ID,
    ) -> async_graphql::Result<Option<Node>> {
        let (kind, uuid) = ids::parse(&id).ok_or(Error::NotFound)?;
        actor(ctx)?;
        Ok(Some(match kind {
            Kind::Province => units::province(ctx, uuid).await?.into(),
            Kind::Unit => units::unit(ctx, uuid).await?.into(),
            Kind::Cluster => clusters::cluster(ctx, uuid).await?.into(),
            Kind::Period => forms::period(ctx, uuid).await?.into(),
            Kind::Indicator => forms::indicator(ctx, uuid).await?.into(),
            Kind::ReportForm => forms::form(ctx, uuid).await?.into(),
            Kind::CriteriaSet => criteria::set(ctx, uuid).await?.into(),
            Kind::CriteriaSetVersion => criteria::version(ctx, uuid).await?.into(),
            Kind::EmulationYear => years::year(ctx, uuid).await?.into(),
            Kind::Participant => years::participant(ctx, uuid).await?.into(),
            Kind::Pact => years::pact(ctx, uuid).await?.into(),
            Kind::ReportSubmission => reports::submission(ctx, uuid).await?.into(),
            Kind::ReportComment => reports::comments::comment(ctx, uuid).await?.into(),
            Kind::ScoreSheet => scoring::sheet(ctx, uuid).await?.into(),
            Kind::Objection => scoring::objection(ctx, uuid).await?.into(),
            Kind::CrossCheck => crosschecks::cross_check(ctx, uuid).await?.into(),
            Kind::CrossCheckDraw => crosschecks::cross_check_draw(ctx, uuid).await?.into(),
            Kind::Finding => crosschecks::finding(ctx, uuid).await?.into(),
            Kind::Evidence => evidence::evidence(ctx, uuid).await?.into(),
            Kind::EmulationResult => results::result(ctx, uuid).await?.into(),
            Kind::Council => councils::council(ctx, uuid).await?.into(),
            Kind::Conference => conferences::conference(ctx, uuid).await?.into(),
            Kind::Ballot => ballots::ballot(ctx, uuid).await?.into(),
            Kind::AwardType => awards::award_type(ctx, uuid).await?.into(),
            Kind::AwardDecision => awards::decision(ctx, uuid).await?.into(),
            Kind::Award => awards::award(ctx, uuid).await?.into(),
            Kind::AwardProposal => awards::proposal(ctx, uuid).await?.into(),
            Kind::AwardObjection => awards::award_objection(ctx, uuid).await?.into(),
            Kind::Account => accounts::account(ctx, uuid).await?.into(),
            Kind::ServiceAccount => accounts::service_account(ctx, uuid).await?.into(),
            // Parts of other things are reached through them.
            Kind::ClusterMembership
            | Kind::ClusterOffice
            | Kind::CouncilMember
            | Kind::ReportFormVersion
            | Kind::RoleGrant
            | Kind::Delegation
            | Kind::ServiceSecret
            | Kind::ProviderLink
            | Kind::Session
            | Kind::AuditEntry
            | Kind::Registration
            | Kind::Target
            | Kind::CrossCheckRecusal
            | Kind::ScoreEntry
            | Kind::QuotaRuling
            | Kind::BallotOption
            | Kind::UnitEvent
            | Kind::AwardQuota
            | Kind::BaseSalary
            | Kind::Notification => return Err(Error::NotFound.into()),
        }))
    }
}
