//! Token → [`Actor`]: signing keys, access tokens, and who it is that calls. What the actor may do is said in `policy.rs`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::policy::{self, Capacity, Held, Scope};

pub mod keys;
mod tokens;
pub use tokens::{Claims, Tokens};

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
    capacities: Vec<Held>,
    one_with: Vec<Uuid>,
    acting_for: Option<Uuid>,
    command_line: bool,
}

impl Actor {
    /// An account that has signed in.
    pub fn new(account_id: Uuid, username: String, session_id: Uuid, capacities: Vec<(Capacity, Scope)>) -> Self {
        Self {
            account_id,
            username,
            session_id,
            capacities: capacities.into_iter().map(Held::from).collect(),
            one_with: Vec::new(),
            acting_for: None,
            command_line: false,
        }
    }

    /// Whoever may run commands on the machine of the service: administers everything, and has no account.
    pub fn command_line() -> Self {
        Self {
            account_id: Uuid::nil(),
            username: "command line".to_owned(),
            session_id: Uuid::nil(),
            capacities: vec![(Capacity::Role(policy::ADMINISTRATOR), Scope::Everything).into()],
            one_with: Vec::new(),
            acting_for: None,
            command_line: true,
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

    /// What the actor is and where.
    pub fn capacities(&self) -> &[Held] {
        &self.capacities
    }

    /// The account to name in the audit and in rows; `None` for the command line.
    pub fn recorded_as(&self) -> Option<Uuid> {
        (!self.command_line).then_some(self.account_id)
    }
}

/// A random secret for a client, and the hash of it that is stored.
pub fn new_secret() -> (String, Vec<u8>) {
    let bytes: [u8; 32] = rand::random();
    let secret = URL_SAFE_NO_PAD.encode(bytes);
    let hash = hash_secret(&secret);
    (secret, hash)
}

/// The hash under which a random secret is stored. The secret has 256 random bits, so a plain hash is enough.
pub fn hash_secret(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}
