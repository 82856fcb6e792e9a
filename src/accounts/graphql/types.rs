//! The types of accounts: what is shown of an account, a grant, the caller and the audit.

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use thidua_entity::enums::{Office, Role, ScopeKind};
use thidua_entity::{account, audit_entry, role_grant, session};
use uuid::Uuid;

use super::{
    ClusterNameOf, Delegation, GrantsSeenOf, ManagedBy, PersonId, ProviderLink, ProviderLinksOf, SecondFactor,
    SignInProof, account_name,
};
use crate::accounts::{store, usecases};
use crate::auth::Actor;
use crate::clusters::graphql::{self as clusters, Cluster};
use crate::error::{Error, Result};
use crate::graphql::{Direction, ViewerCan, connection, env, id, loaded, loaders, payload, whoever};
use crate::ids::{self, Kind};
use crate::policy::{self, Action, Capacity, Scope};
use crate::units::graphql::{NameOf, ProvinceId};

/// Somebody who may call the service. Shown to themselves and to those who manage accounts where they hold a role.
#[derive(Clone)]
pub struct Account(pub account::Model);

impl From<account::Model> for Account {
    fn from(row: account::Model) -> Self {
        Self(row)
    }
}

/// Somebody who may call the service. Shown to themselves and to those who manage accounts where they hold a role.
#[Object]
impl Account {
    /// Opaque id.
    pub async fn id(&self) -> ID {
        id(Kind::Account, self.0.id)
    }
    /// Sign-in name, unique, lower case.
    async fn username(&self) -> &str {
        &self.0.username
    }
    /// Name shown to others.
    async fn display_name(&self) -> &str {
        &self.0.display_name
    }
    /// Whether it is locked: it cannot sign in, and its tokens are refused.
    async fn locked(&self) -> bool {
        self.0.locked_at.is_some()
    }
    /// Since when it is locked; null while it is not.
    async fn locked_at(&self) -> Option<DateTime<Utc>> {
        self.0.locked_at
    }
    /// Whether its owner has yet to choose a password of their own: the present one was set or taken away by somebody else.
    async fn must_change_password(&self) -> bool {
        self.0.must_change_password
    }
    /// E-mail address; null when none is known, and for who neither owns the account nor manages it as a whole.
    async fn email(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<&str>> {
        Ok(if self.is_wholly_shown(ctx).await? {
            self.0.email.as_deref()
        } else {
            None
        })
    }
    /// Whether the owner has used a link that was mailed to the address. Who has forgotten a password gets a link only there.
    /// Null where the address is not shown.
    async fn email_verified(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<bool>> {
        let shown = self.0.email.is_some() && self.is_wholly_shown(ctx).await?;
        Ok(shown.then_some(self.0.email_verified_at.is_some()))
    }
    /// When it was made.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// Roles it holds, held or will hold, the oldest first: of one's own account all, of another's those in scopes that the
    /// caller manages.
    async fn grants(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<RoleGrant>> {
        let grants = loaded(loaders(ctx)?.load_one(GrantsSeenOf(self.0.id)).await)?.unwrap_or_default();
        Ok(grants.iter().cloned().map(RoleGrant::from).collect())
    }
    /// Which persons at an identity provider the account is, the oldest link first: at most one of each provider that the service
    /// ever had. Null for who neither owns the account nor manages it as a whole.
    async fn provider_links(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Vec<ProviderLink>>> {
        if !self.is_wholly_shown(ctx).await? {
            return Ok(None);
        }
        let links = loaded(loaders(ctx)?.load_one(ProviderLinksOf(self.0.id)).await)?.unwrap_or_default();
        Ok(Some(links.iter().cloned().map(ProviderLink::from).collect()))
    }
    /// Counts changes; give it back as `version` when you change the account.
    async fn version(&self) -> i32 {
        self.0.version
    }
    /// What the caller may do with it now and, for what is refused, why.
    async fn viewer_can(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<ViewerCan>> {
        let actor = whoever(ctx)?;
        let check = if self.is_managed(ctx).await? {
            usecases::not_oneself(actor, self.0.id, "id")
        } else {
            Err(Error::Forbidden(Action::AccountManage))
        };
        Ok(vec![ViewerCan::of(ctx, Action::AccountManage, check)])
    }
}

impl Account {
    async fn is_managed(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        let managed = loaders(ctx)?.load_one(ManagedBy(self.0.id)).await;
        Ok(loaded(managed)?.is_some())
    }

    async fn is_wholly_shown(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(whoever(ctx)?.account_id == self.0.id || self.is_managed(ctx).await?)
    }
}

/// An account holds a role in a scope, from one day to another.
#[derive(Clone)]
pub struct RoleGrant(pub role_grant::Model);

impl From<role_grant::Model> for RoleGrant {
    fn from(row: role_grant::Model) -> Self {
        Self(row)
    }
}

/// An account holds a role in a scope, from one day to another.
#[Object]
impl RoleGrant {
    /// Opaque id.
    async fn id(&self) -> ID {
        id(Kind::RoleGrant, self.0.id)
    }
    /// The role.
    async fn role(&self) -> Role {
        self.0.role
    }
    /// What the role covers.
    async fn scope(&self) -> GrantScope {
        GrantScope {
            kind: self.0.scope_kind,
            scope: store::scope_of(self.0.scope_kind, self.0.scope_id),
        }
    }
    /// First day.
    async fn valid_from(&self) -> NaiveDate {
        self.0.valid_from
    }
    /// First day on which it no longer holds; null while no end is known. The same as the first day when it was withdrawn
    /// before it held: then it held on no day.
    async fn valid_to(&self) -> Option<NaiveDate> {
        self.0.valid_to
    }
    /// Whether it holds today.
    async fn in_force(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(in_force(&self.0, env(ctx)?.today()))
    }
    /// Name of who gave it; null when it was given from the command line.
    async fn granted_by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        account_name(ctx, self.0.granted_by).await
    }
    /// Counts changes; give it back as `version` when you withdraw the grant.
    async fn version(&self) -> i32 {
        self.0.version
    }
}

/// Whether a grant holds on a day.
fn in_force(grant: &role_grant::Model, day: NaiveDate) -> bool {
    grant.valid_from <= day && grant.valid_to.is_none_or(|to| to > day)
}

/// What a role covers.
pub struct GrantScope {
    kind: ScopeKind,
    scope: Option<Scope>,
}

impl GrantScope {
    /// The scope of a capacity.
    pub(super) const fn of(scope: Scope) -> Self {
        let kind = match scope {
            Scope::Everything => ScopeKind::Everything,
            Scope::Province(_) => ScopeKind::Province,
            Scope::Unit(_) => ScopeKind::Unit,
            Scope::Cluster(_) => ScopeKind::Cluster,
        };
        Self {
            kind,
            scope: Some(scope),
        }
    }
}

/// What a role covers.
#[Object]
impl GrantScope {
    /// Everything, a province, a unit with what is below it, or a cluster.
    async fn kind(&self) -> ScopeKind {
        self.kind
    }
    /// Id of the province, unit or cluster; null for everything.
    async fn id(&self) -> Option<ID> {
        match self.scope? {
            Scope::Everything => None,
            Scope::Province(uuid) => Some(id(Kind::Province, uuid)),
            Scope::Unit(uuid) => Some(id(Kind::Unit, uuid)),
            Scope::Cluster(uuid) => Some(id(Kind::Cluster, uuid)),
        }
    }
    /// Name of the province, unit or cluster; null for everything.
    async fn name(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<String>> {
        let loaders = loaders(ctx)?;
        match self.scope {
            Some(Scope::Province(uuid)) => {
                let province = loaded(loaders.load_one(ProvinceId(uuid)).await)?;
                Ok(province.map(|province| province.name))
            }
            Some(Scope::Unit(uuid)) => loaded(loaders.load_one(NameOf(uuid)).await),
            Some(Scope::Cluster(uuid)) => loaded(loaders.load_one(ClusterNameOf(uuid)).await),
            Some(Scope::Everything) | None => Ok(None),
        }
    }
}

/// The caller: its account, what it is today, and what it may do somewhere.
pub struct Viewer {
    pub(super) actor: Actor,
    pub(super) account: Account,
}

/// The caller: its account, what it is today, and what it may do somewhere.
#[Object]
impl Viewer {
    /// The caller's own account.
    async fn account(&self) -> &Account {
        &self.account
    }
    /// Whether the password must be changed, because somebody else set it. Until `changePassword` everything but this and signing
    /// out is refused with `PASSWORD_CHANGE_REQUIRED`.
    async fn must_change_password(&self) -> bool {
        self.actor.must_change_password()
    }
    /// The roles that the caller holds today.
    async fn grants(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<RoleGrant>> {
        let today = env(ctx)?.today();
        let grants = loaded(loaders(ctx)?.load_one(GrantsSeenOf(self.account.0.id)).await)?.unwrap_or_default();
        let held = grants.iter().filter(|grant| in_force(grant, today));
        Ok(held.cloned().map(RoleGrant::from).collect())
    }
    /// The roles that the caller handed on to others and that have not ended by their days, the oldest first; at most 20.
    async fn delegations_given(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Delegation>> {
        let own = self.account.0.id;
        Ok(self.delegations(ctx, |one| one.row.from_account_id == own).await?)
    }
    /// The roles that others handed on to the caller and that have not ended by their days, the oldest first; at most 20.
    async fn delegations_received(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Delegation>> {
        let own = self.account.0.id;
        Ok(self.delegations(ctx, |one| one.row.to_account_id == own).await?)
    }
    /// Offices of clusters whose powers the caller has today, as officer of the unit that holds them or on behalf of one.
    async fn offices(&self) -> Vec<ViewerOffice> {
        let capacities = self.actor.capacities().iter();
        let offices = capacities.filter_map(|held| match (held.capacity, held.scope) {
            (Capacity::Office(office), Scope::Cluster(cluster)) => Some(ViewerOffice { office, cluster }),
            _ => None,
        });
        offices.collect()
    }
    /// Where the caller is signed in: its sessions that have not ended, the newest first, at most 20.
    async fn sessions(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<Session>> {
        let env = env(ctx)?;
        let sessions = store::live_sessions(&env.db, self.account.0.id, env.now()).await?;
        Ok(sessions.into_iter().map(Session::from).collect())
    }
    /// The second factor of the caller's account; null when there is none.
    async fn second_factor(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<SecondFactor>> {
        let (db, account) = (&env(ctx)?.db, self.account.0.id);
        let Some(factor) = usecases::second_factor::confirmed(db, account).await? else {
            return Ok(None);
        };
        let recovery_codes_left = store::recovery_codes_left(db, account).await?;
        Ok(factor.confirmed_at.map(|confirmed_at| SecondFactor {
            confirmed_at,
            recovery_codes_left,
        }))
    }
    /// How surely it is the owner of the account that calls; what decides needs `FRESH`.
    async fn proof(&self) -> SignInProof {
        self.actor.proof.into()
    }
    /// Codes of the actions that the caller may do somewhere. Whether it may do one to a thing says `viewerCan` of the thing.
    async fn can(&self) -> Vec<&'static str> {
        policy::held_somewhere(&self.actor).map(Action::code).collect()
    }
}

impl Viewer {
    async fn delegations(
        &self,
        ctx: &Context<'_>,
        which: impl Fn(&store::Delegation) -> bool,
    ) -> Result<Vec<Delegation>> {
        let env = env(ctx)?;
        let all = store::delegations_of(&env.db, self.account.0.id, env.today()).await?;
        Ok(all.into_iter().filter(which).map(Delegation::from).collect())
    }
}

/// A sign-in of the caller.
pub struct Session(session::Model);

impl From<session::Model> for Session {
    fn from(row: session::Model) -> Self {
        Self(row)
    }
}

/// A sign-in of the caller.
#[Object]
impl Session {
    /// Opaque id.
    async fn id(&self) -> ID {
        id(Kind::Session, self.0.id)
    }
    /// When the caller signed in.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }
    /// When its tokens were last exchanged; null before the first time.
    async fn last_used_at(&self) -> Option<DateTime<Utc>> {
        self.0.last_used_at
    }
    /// When it ends by itself.
    async fn expires_at(&self) -> DateTime<Utc> {
        self.0.expires_at
    }
    /// Address from which it was last used, as far as it is known.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }
    /// What the program then called itself (`User-Agent`).
    async fn client(&self) -> Option<&str> {
        self.0.client.as_deref()
    }
    /// Whether it is the session of this very request.
    async fn current(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(whoever(ctx)?.session_id == self.0.id)
    }
}

/// An office of a cluster, held by a unit of which the caller is an officer.
pub struct ViewerOffice {
    office: Office,
    cluster: Uuid,
}

/// An office of a cluster, held by a unit of which the caller is an officer.
#[Object]
impl ViewerOffice {
    /// Chair or deputy.
    async fn office(&self) -> Office {
        self.office
    }
    /// The cluster.
    async fn cluster(&self, ctx: &Context<'_>) -> async_graphql::Result<Cluster> {
        clusters::cluster(ctx, self.cluster).await
    }
}

/// Something that was done, by whom and to what. Written with the change itself, never changed.
#[derive(Clone)]
pub struct AuditEntry(audit_entry::Model);

impl From<audit_entry::Model> for AuditEntry {
    fn from(row: audit_entry::Model) -> Self {
        Self(row)
    }
}

/// Something that was done, by whom and to what. Written with the change itself, never changed.
#[Object]
impl AuditEntry {
    /// Opaque id.
    async fn id(&self) -> ID {
        id(Kind::AuditEntry, self.0.id)
    }
    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }
    /// What was done: `REPORT_SUBMITTED`, `SIGNED_IN`. A code that never changes its meaning.
    async fn action(&self) -> &str {
        &self.0.action
    }
    /// Who did it; null when it was done from the command line, or by somebody unknown who had forgotten a password.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AuditPerson>> {
        AuditPerson::load(ctx, self.0.account_id).await
    }
    /// On behalf of whom, when only a role that another had delegated permitted it; null when it was done in one's own right.
    async fn on_behalf_of(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<AuditPerson>> {
        AuditPerson::load(ctx, self.0.on_behalf_of).await
    }
    /// Type of the thing to which it was done: `Unit`, `ReportSubmission`.
    async fn subject_type(&self) -> &str {
        &self.0.subject_kind
    }
    /// Id of the thing to which it was done, as queries return it.
    async fn subject_id(&self) -> Option<ID> {
        Kind::named(&self.0.subject_kind).map(|kind| id(kind, self.0.subject_id))
    }
    /// What changed, as the text of a JSON object. Its fields depend on the action; it never holds a secret.
    async fn detail(&self) -> &str {
        &self.0.detail
    }
    /// Id of the request, the same as in `X-Request-Id` and in the log; null when there was none.
    async fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }
}

/// Whether an account is of a person or of another system.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum AccountKind {
    /// Somebody who signs in.
    Person,
    /// A service account.
    Service,
}

/// Who did something.
#[derive(SimpleObject)]
pub struct AuditPerson {
    /// A person, or a service account of another system.
    kind: AccountKind,
    /// Id of the account, or of the service account.
    account_id: ID,
    /// Sign-in name; of a service account its id.
    username: String,
    /// Name shown to others.
    display_name: String,
}

impl AuditPerson {
    async fn load(ctx: &Context<'_>, account: Option<Uuid>) -> async_graphql::Result<Option<Self>> {
        let Some(account) = account else {
            return Ok(None);
        };
        let person = loaded(loaders(ctx)?.load_one(PersonId(account)).await)?;
        Ok(person.map(|person| Self {
            kind: if person.service {
                AccountKind::Service
            } else {
                AccountKind::Person
            },
            account_id: id(
                if person.service {
                    Kind::ServiceAccount
                } else {
                    Kind::Account
                },
                person.id,
            ),
            username: person.username,
            display_name: person.display_name,
        }))
    }
}

connection!(AccountConnection, AccountEdge, Account, "accounts");
connection!(AuditEntryConnection, AuditEntryEdge, AuditEntry, "audit entries");
payload!(AccountPayload, account: Account, "an account");
payload!(RoleGrantPayload, role_grant: RoleGrant, "a role grant");
payload!(SessionPayload, session: Session, "a session");

/// Which accounts a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct AccountWhere {
    /// Words of the sign-in name or the name shown, without regard to case and accents; each must be found.
    search: Option<String>,
    /// Only locked accounts, or only those that are not.
    locked: Option<bool>,
    /// Only accounts that hold this role today.
    role: Option<Role>,
    /// Only accounts that hold a role today in this very scope: the id of a unit, a province or a cluster.
    scope_id: Option<ID>,
}

impl AccountWhere {
    pub(super) fn read(self) -> Result<store::AccountFilter> {
        let scope = match self.scope_id.as_deref().map(|id| ids::parse(id)) {
            None => None,
            Some(Some((Kind::Unit | Kind::Province | Kind::Cluster, uuid))) => Some(uuid),
            Some(_) => return Err(Error::NotFound),
        };
        Ok(store::AccountFilter {
            search: self.search,
            locked: self.locked,
            role: self.role,
            scope,
        })
    }
}

/// How a list of accounts is sorted.
#[derive(InputObject)]
pub struct AccountOrder {
    /// What it is sorted by.
    field: AccountOrderField,
    /// In which direction.
    #[graphql(default)]
    direction: Direction,
}

/// What a list of accounts can be sorted by.
#[derive(Clone, Copy, PartialEq, Eq, Enum)]
pub enum AccountOrderField {
    /// By sign-in name.
    Username,
    /// By the time at which they were made.
    Created,
}

impl AccountOrder {
    /// Sort and direction as the store takes them; by sign-in name when nothing is said.
    pub(super) fn read(order: Option<Self>) -> (store::AccountSort, sea_orm::sea_query::Order) {
        let (field, direction) = order.map_or_else(Default::default, |order| (Some(order.field), order.direction));
        let sort = match field {
            None | Some(AccountOrderField::Username) => store::AccountSort::Username,
            Some(AccountOrderField::Created) => store::AccountSort::Created,
        };
        (sort, direction.into())
    }
}

/// Which audit entries a list shows. What is left out does not restrict.
#[derive(Default, InputObject)]
pub struct AuditWhere {
    /// Only what was done to this thing: the id of anything.
    subject_id: Option<ID>,
    /// Only what this account, or this service account, did.
    account_id: Option<ID>,
    /// Only these actions: `ROLE_GRANTED`, `REPORT_APPROVED`. At most 50.
    actions: Option<Vec<String>>,
    /// Only from this instant on.
    since: Option<DateTime<Utc>>,
    /// Only before this instant.
    before: Option<DateTime<Utc>>,
}

/// Most actions that one list may ask for.
const ACTIONS_MAX: usize = 50;

impl AuditWhere {
    pub(super) fn read(self) -> Result<store::AuditFilter> {
        let subject = match self.subject_id.as_deref().map(|id| ids::parse(id)) {
            None => None,
            Some(Some((_, uuid))) => Some(uuid),
            Some(None) => return Err(Error::NotFound),
        };
        let account = match self.account_id.as_deref().map(|id| ids::parse(id)) {
            None => None,
            Some(Some((Kind::Account | Kind::ServiceAccount, uuid))) => Some(uuid),
            Some(_) => return Err(Error::NotFound),
        };
        if self.actions.as_ref().is_some_and(|actions| actions.len() > ACTIONS_MAX) {
            return Err(Error::bad_request(
                format!("`actions` có tối đa {ACTIONS_MAX} mục."),
                format!("`actions` has at most {ACTIONS_MAX} items."),
            ));
        }
        Ok(store::AuditFilter {
            subject,
            account,
            actions: self.actions,
            since: self.since,
            before: self.before,
        })
    }
}
