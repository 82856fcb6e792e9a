//! The content of files, under its SHA-256: in a folder, or in a store that speaks S3; the only file that knows how. The same
//! content is there once. Which content is wanted, and by what, the database says.

use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use futures_util::stream::BoxStream;
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Key;
use object_store::prefix::PrefixStore;
use object_store::{ClientOptions, GetOptions, ObjectStore, ObjectStoreExt as _, RetryConfig};
use sha2::{Digest as _, Sha256};
use tokio::io::{AsyncSeekExt as _, AsyncWriteExt as _};

use crate::error::{Error, Result};
use crate::settings::Settings;

/// Bytes that are sent to the store at a time, and so held in memory: S3 takes no smaller parts.
const PART_BYTES: usize = 5 * 1024 * 1024;
/// How long the store may take for a question or a deletion.
const ANSWER_MAX: Duration = Duration::from_secs(10);
/// How long it may take to keep one file.
const KEEPING_MAX: Duration = Duration::from_secs(60);
/// How long it may be silent while a file is read.
const SILENCE_MAX: Duration = Duration::from_secs(15);
/// How often and how long a request to the store is tried again; somebody waits for it.
const RETRIES_MAX: usize = 2;
const RETRYING_MAX: Duration = Duration::from_secs(8);
/// From this age on, what was half written is taken for left behind: keeping a file never takes so long.
const LEFT_BEHIND_AFTER: Duration = Duration::from_secs(24 * 3600);

/// Where content is kept; cheap to clone.
#[derive(Clone)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
    /// The folder, when it is one.
    folder: Option<Arc<Path>>,
    /// Where files lie while they come in.
    incoming: Arc<Path>,
}

impl Files {
    /// The store that the settings describe.
    pub fn new(settings: &Settings) -> Result<Self> {
        let incoming = settings.data_dir.join("incoming");
        private_folder(&incoming)?;
        let (store, folder) = match settings.evidence_store.split_once("://") {
            Some(("s3", place)) => (bucket(settings, place)?, None),
            Some(_) => return Err(wrong("it must be a folder or s3://bucket/prefix")),
            None => {
                let folder = match settings.evidence_store.as_str() {
                    "" => settings.data_dir.join("evidence"),
                    folder => PathBuf::from(folder),
                };
                private_folder(&folder)?;
                let store = LocalFileSystem::new_with_prefix(&folder).map_err(|error| wrong(&error.to_string()))?;
                // What was acknowledged survives a power cut, as in the database.
                let store: Arc<dyn ObjectStore> = Arc::new(store.with_fsync(true));
                (store, Some(folder.into()))
            }
        };
        Ok(Self {
            store,
            folder,
            incoming: incoming.into(),
        })
    }

    /// A store that is gone with the process: for commands that keep no files.
    pub fn unkept() -> Self {
        Self {
            store: Arc::new(InMemory::new()),
            folder: None,
            incoming: std::env::temp_dir().into(),
        }
    }

    /// Begins to take a file in.
    pub fn receive(&self) -> Result<Incoming> {
        // Without a name from the start, so that nothing is left of it whatever is killed.
        let file = tempfile::tempfile_in(&self.incoming).map_err(away)?;
        Ok(Incoming {
            file: file.into(),
            hash: Sha256::new(),
            bytes: 0,
        })
    }

    /// Keeps a file that has come in. Once this returns it is there for good; of content that is there already nothing is written.
    pub async fn keep(&self, file: &Arrived) -> Result<()> {
        let key = key(&file.sha256);
        if self.holds(&key, file.bytes).await? {
            return Ok(());
        }
        let mut content: tokio::fs::File = file.file.try_clone().map_err(away)?.into();
        content.rewind().await.map_err(away)?;
        // Nobody ever sees half of it: the store puts it in place when all is there.
        let mut writer = BufWriter::with_capacity(Arc::clone(&self.store), key, PART_BYTES).with_max_concurrency(1);
        let sent = tokio::time::timeout(KEEPING_MAX, tokio::io::copy(&mut content, &mut writer)).await;
        if let Err(error) = sent.map_err(io::Error::from).flatten() {
            let _ = tokio::time::timeout(ANSWER_MAX, writer.abort()).await;
            return Err(away(error));
        }
        let finished = tokio::time::timeout(KEEPING_MAX, writer.shutdown()).await;
        finished.map_err(io::Error::from).flatten().map_err(away)
    }

    async fn holds(&self, key: &Key, bytes: u64) -> Result<bool> {
        match within(ANSWER_MAX, self.store.head(key)).await? {
            Ok(there) => Ok(there.size == bytes),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(away(error)),
        }
    }

    /// Reads some bytes of the content with this hash.
    pub async fn read(&self, sha256: &[u8], range: Range<u64>) -> Result<Content> {
        let options = GetOptions {
            range: Some(range.into()),
            ..GetOptions::default()
        };
        match within(ANSWER_MAX, self.store.get_opts(&key(sha256), options)).await? {
            Ok(found) => Ok(Box::pin(found.into_stream().map_err(io::Error::other))),
            Err(object_store::Error::NotFound { path, .. }) => Err(Error::internal(format!(
                "the content {path} is missing: the database names it and the store of files does not hold it"
            ))),
            Err(error) => Err(away(error)),
        }
    }

    /// Deletes the content with this hash; it may be gone already.
    pub async fn remove(&self, sha256: &[u8]) -> Result<()> {
        match within(ANSWER_MAX, self.store.delete(&key(sha256))).await? {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(away(error)),
        }
    }

    /// Deletes what a killed process left half written in the folder, and tells how much. A store that speaks S3 does that by a
    /// rule of its own for uploads that were not completed.
    pub async fn remove_half_written(&self) -> Result<usize> {
        let Some(folder) = self.folder.clone() else {
            return Ok(0);
        };
        let removing = tokio::task::spawn_blocking(move || remove_half_written(&folder));
        removing.await.map_err(Error::internal)?.map_err(away)
    }
}

/// Bytes of some content as they are read.
pub type Content = BoxStream<'static, io::Result<Bytes>>;

/// A file that is coming in: on the disk and not in memory, and hashed on the way.
pub struct Incoming {
    file: tokio::fs::File,
    hash: Sha256,
    bytes: u64,
}

impl Incoming {
    /// Takes the next bytes, and tells how many there are by now.
    pub async fn write(&mut self, chunk: &[u8]) -> Result<u64> {
        self.hash.update(chunk);
        self.bytes = self.bytes.saturating_add(chunk.len() as u64);
        self.file.write_all(chunk).await.map_err(away)?;
        Ok(self.bytes)
    }

    /// There is no more.
    pub async fn finish(mut self) -> Result<Arrived> {
        self.file.flush().await.map_err(away)?;
        Ok(Arrived {
            file: self.file.into_std().await,
            sha256: self.hash.finalize().to_vec(),
            bytes: self.bytes,
        })
    }
}

/// A file that has come in whole and is not yet kept; gone when this is dropped.
pub struct Arrived {
    file: File,
    /// SHA-256 of its content.
    pub sha256: Vec<u8>,
    /// Its size.
    pub bytes: u64,
}

impl Arrived {
    /// The file, for looking at what it is.
    pub fn open(&self) -> Result<File> {
        self.file.try_clone().map_err(away)
    }
}

/// A hash as people and addresses write it.
pub fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Where content lies: in 256 folders, by the first byte of its hash.
fn key(sha256: &[u8]) -> Key {
    Key::from(format!("{}/{}", hex(sha256.get(..1).unwrap_or_default()), hex(sha256)))
}

fn bucket(settings: &Settings, place: &str) -> Result<Arc<dyn ObjectStore>> {
    let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
    if bucket.is_empty() {
        return Err(wrong("the bucket is missing: s3://bucket/prefix"));
    }
    let endpoint = &settings.evidence_s3_endpoint;
    let client = ClientOptions::new()
        // Unencrypted only where the settings say so in so many letters.
        .with_allow_http(endpoint.starts_with("http://"))
        .with_connect_timeout(Duration::from_secs(5))
        .with_read_timeout(SILENCE_MAX)
        // A phone may take its time over a file.
        .with_timeout_disabled();
    let retry = RetryConfig {
        max_retries: RETRIES_MAX,
        retry_timeout: RETRYING_MAX,
        ..RetryConfig::default()
    };
    let mut builder = AmazonS3Builder::new()
        .with_bucket_name(bucket)
        .with_region(&settings.evidence_s3_region)
        .with_client_options(client)
        .with_retry(retry)
        // One by one: not every store that speaks S3 takes lists of deletions.
        .with_disable_bulk_delete(true);
    if !endpoint.is_empty() {
        builder = builder.with_endpoint(endpoint);
    }
    if !settings.evidence_s3_key_id.is_empty() {
        builder = builder
            .with_access_key_id(&settings.evidence_s3_key_id)
            .with_secret_access_key(settings.evidence_s3_secret.expose());
    }
    let store = builder.build().map_err(|error| wrong(&error.to_string()))?;
    Ok(Arc::new(PrefixStore::new(store, prefix)))
}

/// Makes a folder that only its owner can read, if it is not there.
fn private_folder(folder: &Path) -> Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = builder.create(folder);
    made.map_err(|error| wrong(&format!("{} cannot be made: {error}", folder.display())))
}

/// The store writes `…/ab/abcdef…#1` and then gives it its name.
fn remove_half_written(folder: &Path) -> io::Result<usize> {
    let mut removed = 0;
    for shard in fs::read_dir(folder)? {
        let shard = shard?;
        if !shard.file_type()?.is_dir() {
            continue;
        }
        for file in fs::read_dir(shard.path())? {
            let file = file?;
            if !file.file_name().to_string_lossy().contains('#') {
                continue;
            }
            let age = file.metadata()?.modified()?.elapsed().unwrap_or_default();
            if age > LEFT_BEHIND_AFTER {
                fs::remove_file(file.path())?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

async fn within<T>(most: Duration, work: impl Future<Output = T>) -> Result<T> {
    tokio::time::timeout(most, work).await.map_err(away)
}

/// The store, or the disk, does not do what it is asked for; in a moment it may.
fn away(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Unavailable(cause.into())
}

fn wrong(said: &str) -> Error {
    Error::internal(format!("setting `evidence_store`: {said}"))
}

#[cfg(test)]
mod tests;
