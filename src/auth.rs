//! Token → [`Caller`] → [`Actor`]: signing keys, access tokens, and who it is that calls. What the actor may do is said in `policy.rs`.

use std::net::IpAddr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ipnet::IpNet;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::policy::{self, Capacity, Held, Scope, ServiceScopes};

pub mod keys;
pub mod sealing;
mod tokens;
pub use tokens::{Claims, Presented, ServiceClaims, Tokens};

/// Who calls, and in what capacities. A handler or use-case that takes one cannot be called without.
#[derive(Clone, Debug)]
#[must_use = "it is the actor as it acts: the audit needs it to name on whose behalf"]
pub struct Actor {
    /// The account.
    pub account_id: Uuid,
    /// Its sign-in name.
    pub username: String,
    /// The sign-in to which the token belongs.
    pub session_id: Uuid,
    /// How surely it is who signed in that calls.
    pub proof: Proof,
    capacities: Vec<Held>,
    one_with: Vec<Uuid>,
    acting_for: Option<Uuid>,
    unnamed: bool,
    must_change_password: bool,
    networks: Vec<IpNet>,
}

/// How surely the one who calls is the one who signed in. What decides asks for a fresh proof: [`policy::decides`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Proof {
    /// Signed in, or confirmed, a short time ago, and with a second factor where one is demanded.
    #[default]
    Fresh,
    /// That was too long ago.
    Stale,
    /// A second factor is demanded and was not given in this session.
    SecondFactorMissing,
}

impl Actor {
    /// An account that has signed in.
    pub fn new(account_id: Uuid, username: String, session_id: Uuid, capacities: Vec<(Capacity, Scope)>) -> Self {
        Self {
            account_id,
            username,
            session_id,
            proof: Proof::default(),
            capacities: capacities.into_iter().map(Held::from).collect(),
            one_with: Vec::new(),
            acting_for: None,
            unnamed: false,
            must_change_password: false,
            networks: Vec::new(),
        }
    }

    /// A service account at its place, with the scopes that it was given and the networks from which it may call; none is any.
    pub fn service(account_id: Uuid, username: String, held: Held, networks: Vec<IpNet>) -> Self {
        Self {
            networks,
            ..Self::new(account_id, username, Uuid::nil(), Vec::new()).holding(vec![held], Vec::new())
        }
    }

    /// The same service account with a part of its scopes: what a token was asked for. It never gets more.
    pub fn narrowed(&self, asked: ServiceScopes) -> Self {
        let mut narrowed = self.clone();
        for held in &mut narrowed.capacities {
            held.given = held.given.map(|given| given.within(asked));
        }
        narrowed
    }

    /// The scopes of a service account; `None` of a person.
    pub fn given(&self) -> Option<ServiceScopes> {
        self.capacities.iter().find_map(|held| held.given)
    }

    /// Whether it may call from an address, as far as that is known.
    pub fn may_call_from(&self, address: Option<IpAddr>) -> bool {
        let within = |address: IpAddr| self.networks.iter().any(|network| network.contains(&address));
        self.networks.is_empty() || address.is_some_and(within)
    }

    /// The same account with a password that somebody else set: until it is changed, the account is nothing anywhere.
    pub fn with_temporary_password(self) -> Self {
        Self {
            capacities: Vec::new(),
            must_change_password: true,
            ..self
        }
    }

    /// Whoever may run commands on the machine of the service: administers everything, and has no account.
    pub fn command_line() -> Self {
        Self {
            account_id: Uuid::nil(),
            username: "command line".to_owned(),
            session_id: Uuid::nil(),
            proof: Proof::default(),
            capacities: vec![(Capacity::Role(policy::ADMINISTRATOR), Scope::Everything).into()],
            one_with: Vec::new(),
            acting_for: None,
            unnamed: true,
            must_change_password: false,
            networks: Vec::new(),
        }
    }

    /// Somebody of whom nothing is known, who asks for a link because a password was forgotten.
    pub fn unknown() -> Self {
        Self {
            account_id: Uuid::nil(),
            username: "unknown".to_owned(),
            session_id: Uuid::nil(),
            proof: Proof::default(),
            capacities: Vec::new(),
            one_with: Vec::new(),
            acting_for: None,
            unnamed: true,
            must_change_password: false,
            networks: Vec::new(),
        }
    }

    /// The same with all that it is, and with those to whom or from whom a delegation holds.
    pub fn holding(self, capacities: Vec<Held>, one_with: Vec<Uuid>) -> Self {
        Self {
            capacities,
            one_with,
            ..self
        }
    }

    /// The same, acting on behalf of somebody.
    pub(crate) fn on_behalf_of(&self, account: Uuid) -> Self {
        Self {
            acting_for: Some(account),
            ..self.clone()
        }
    }

    /// On behalf of whom it acts: somebody whose delegated capacity alone permits what is being done.
    pub const fn acting_for(&self) -> Option<Uuid> {
        self.acting_for
    }

    /// Whether an account is the actor's own, or of somebody with whom it counts as one while a delegation holds between them: in
    /// either direction, so that nobody has their own work passed by who stands in for them.
    pub fn is_one_with(&self, account: Uuid) -> bool {
        account == self.account_id || self.one_with.contains(&account)
    }

    /// The accounts to name as those who wrote something: who wrote, and on whose behalf.
    pub fn authors(&self) -> impl Iterator<Item = Uuid> {
        [self.recorded_as(), self.acting_for].into_iter().flatten()
    }

    /// Whether the way is barred to everything but changing the password.
    pub const fn must_change_password(&self) -> bool {
        self.must_change_password
    }

    /// What the actor is and where.
    pub fn capacities(&self) -> &[Held] {
        &self.capacities
    }

    /// The account to name in the audit and in rows; `None` for the command line and for who is unknown.
    pub fn recorded_as(&self) -> Option<Uuid> {
        (!self.unnamed).then_some(self.account_id)
    }
}

/// Who a token stands for. Every door gets this and must say which of the two it wants, so that none forgets that a password
/// which must be changed bars the way.
#[derive(Clone, Debug)]
pub struct Caller(Arc<Actor>);

impl Caller {
    /// A caller that is known.
    pub fn new(actor: Arc<Actor>) -> Self {
        Self(actor)
    }

    /// Who it is, for everything that one comes for; `PASSWORD_CHANGE_REQUIRED` with a password that must be changed.
    pub fn actor(&self) -> Result<&Arc<Actor>> {
        if self.0.must_change_password {
            Err(Error::PasswordChangeRequired)
        } else {
            Ok(&self.0)
        }
    }

    /// Who it is whatever its password, for seeing who one is and changing the password. With one that must be changed it is
    /// nothing anywhere: it sees and may do nothing but that.
    pub fn whoever(&self) -> &Arc<Actor> {
        &self.0
    }
}

/// A random secret for a client, and the hash of it that is stored.
pub fn new_secret() -> (String, Vec<u8>) {
    let bytes: [u8; 32] = rand::random();
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let hash = hash_secret(&secret);
    (secret, hash)
}

/// Whether a random secret has this hash; it takes the same time wherever they differ.
pub fn has_hash(secret: &str, hash: &[u8]) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(&hash_secret(secret), hash).is_ok()
}

/// The hash under which a random secret is stored. The secret has 256 random bits, so a plain hash is enough.
pub fn hash_secret(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
