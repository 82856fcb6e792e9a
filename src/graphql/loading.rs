//! Loading rows for one request: all that resolvers ask for at one moment is read in one statement.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, HashMapCache};
use async_graphql::runtime::Timer;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use futures_util::task::{FutureObj, Spawn, SpawnError};

use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::policy::Reach;
use crate::request::{self, RequestRecord};

/// What the loaders of one request read with: the caller's reach is theirs too.
pub struct Rows {
    /// The environment.
    pub env: Env,
    /// How far the caller sees.
    pub reach: Reach,
    /// The caller, if anybody.
    pub actor: Option<Arc<Actor>>,
}

/// The loaders of one request. Each key type names one kind of row.
pub type Loaders = DataLoader<Rows, HashMapCache>;

/// Fresh loaders of the request at hand. What they have loaded is remembered for a document that only reads; in one that `changes` something it
/// would be old after the next change.
pub(super) fn fresh(rows: Rows, changes: bool) -> Loaders {
    let spawner = RequestSpawner {
        record: request::current(),
    };
    let loaders = DataLoader::with_cache(rows, spawner, NextTurn, HashMapCache::default()).delay(Duration::ZERO);
    loaders.enable_all_cache(!changes);
    loaders
}

/// Runs a loader's batch as part of the request that asked for it, so that its statements are counted there.
struct RequestSpawner {
    record: Option<Arc<RequestRecord>>,
}

impl Spawn for RequestSpawner {
    fn spawn_obj(&self, future: FutureObj<'static, ()>) -> Result<(), SpawnError> {
        match self.record.clone() {
            Some(record) => tokio::spawn(request::scope(record, future)),
            None => tokio::spawn(future),
        };
        Ok(())
    }
}

/// Lets the resolvers that are ready ask first, then loads: a batch waits for its turn and not for a clock.
///
/// Who yields comes back when nothing else is ready, or when the runtime looks for input, which it does after every few dozen turns.
/// A long list asks in several turns, and the runtime may look for input between them; it does not do so twice. So after two yields
/// everybody has asked, and what a document costs does not depend on how busy the machine is.
struct NextTurn;

impl Timer for NextTurn {
    fn delay(&self, _: Duration) -> BoxFuture<'static, ()> {
        async {
            tokio::task::yield_now().await;
            tokio::task::yield_now().await;
        }
        .boxed()
    }
}

/// The loaders of this request.
pub fn loaders<'a>(ctx: &Context<'a>) -> Result<&'a Loaders> {
    ctx.data::<Loaders>().map_err(|error| Error::internal(error.message))
}

/// A `DataLoader` shares one error among all that waited for it; this takes it out again.
pub fn loaded<T>(result: Result<T, Arc<Error>>) -> async_graphql::Result<T> {
    Ok(result?)
}

/// Declares the loader of the parts of a thing: a key type, and one statement for all things asked together.
macro_rules! parts_loader {
    ($key:ident, $row:ty, $read:path, $owner:ident, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $key(pub uuid::Uuid);

        impl async_graphql::dataloader::Loader<$key> for $crate::graphql::Rows {
            type Value = std::sync::Arc<Vec<$row>>;
            type Error = std::sync::Arc<$crate::error::Error>;

            async fn load(
                &self,
                keys: &[$key],
            ) -> std::result::Result<std::collections::HashMap<$key, Self::Value>, Self::Error> {
                let ids: Vec<uuid::Uuid> = keys.iter().map(|key| key.0).collect();
                let mut parts: std::collections::HashMap<uuid::Uuid, Vec<$row>> = std::collections::HashMap::new();
                for row in $read(&self.env.db, &ids).await? {
                    parts.entry(row.$owner).or_default().push(row);
                }
                Ok(parts
                    .into_iter()
                    .map(|(owner, rows)| ($key(owner), std::sync::Arc::new(rows)))
                    .collect())
            }
        }
    };
}
pub(crate) use parts_loader;

/// Declares the loader of things by id, whoever asks: a key type, and one statement for all things asked together.
macro_rules! row_loader {
    ($key:ident, $row:ty, $read:path, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub struct $key(pub uuid::Uuid);

        impl async_graphql::dataloader::Loader<$key> for $crate::graphql::Rows {
            type Value = $row;
            type Error = std::sync::Arc<$crate::error::Error>;

            async fn load(
                &self,
                keys: &[$key],
            ) -> std::result::Result<std::collections::HashMap<$key, $row>, Self::Error> {
                let ids: Vec<uuid::Uuid> = keys.iter().map(|key| key.0).collect();
                Ok($read(&self.env.db, &ids)
                    .await?
                    .into_iter()
                    .map(|row| ($key(row.id), row))
                    .collect())
            }
        }
    };
}
pub(crate) use row_loader;
