//! Every setting in one place: its name, default and meaning. Read from defaults, then a TOML file, then the environment
//! (`THIDUA_…`), the later winning. A key that nobody knows is reported, not ignored.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

/// A value that must not be printed: a database address holds a password.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for the one place that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(hidden)")
    }
}

/// Declares the settings once; the struct, its defaults and the printed list come from the same lines.
macro_rules! settings {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr,)+) => {
        /// What can be set. Durations and sizes say their unit in the name.
        #[derive(Clone, Debug, Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct Settings {
            $($(#[doc = $doc])+ pub $name: $type,)+
        }

        impl Default for Settings {
            fn default() -> Self {
                Self { $($name: $default,)+ }
            }
        }

        /// Name and meaning of every setting.
        pub const MEANINGS: &[(&str, &str)] = &[$((stringify!($name), concat!($($doc),+)),)+];
    };
}

settings! {
    /// Address and port to listen on.
    listen: SocketAddr = SocketAddr::from(([127, 0, 0, 1], 8080)),
    /// Folder for the embedded database, the signing keys, and files while they come in.
    data_dir: PathBuf = PathBuf::from("thidua-data"),
    /// Database address, `postgres://…` or `sqlite://…`; empty means the file `thidua.sqlite` in `data_dir`.
    database_url: Secret = Secret::default(),
    /// Most connections to the database at once.
    database_connections_max: u32 = 8,
    /// Seconds to wait for a free connection before a request fails.
    database_acquire_timeout_seconds: u64 = 10,
    /// Seconds after which PostgreSQL gives up on one statement.
    database_statement_timeout_seconds: u64 = 30,
    /// Bring the database to the present shape when serving starts; when false, `thidua migrate` must have run.
    migrate_on_start: bool = true,
    /// File with the signing keys of access tokens; empty means `signing-keys.json` in `data_dir`. Made on first start. Several
    /// instances share one file, or equal copies of it.
    signing_keys_file: PathBuf = PathBuf::new(),
    /// Issuer written into access tokens and demanded of them.
    token_issuer: String = "thidua".to_owned(),
    /// Audience written into access tokens and demanded of them.
    token_audience: String = "thidua-api".to_owned(),
    /// Life of an access token, in seconds.
    access_token_seconds: u64 = 600,
    /// Life of a session without sign-in, in days.
    session_days: u64 = 30,
    /// Minutes after signing in or confirming who one is, during which one may approve, record decisions and grant roles; 0 means
    /// as long as the session lives.
    deciding_fresh_minutes: u64 = 720,
    /// Demand a second factor of everybody who may approve, record decisions or grant roles.
    deciding_second_factor: bool = false,
    /// Most passwords hashed at once; each takes about 19 MiB of memory.
    password_hashes_at_once: usize = 2,
    /// Networks of the proxies before the service, such as `10.0.0.0/8`: only of them `X-Forwarded-For` is believed.
    trusted_proxies: Vec<IpNet> = Vec::new(),
    /// Origins of web apps that may call the service from a browser, such as `https://thidua.example.vn`.
    cors_origins: Vec<String> = Vec::new(),
    /// Most requests from one address in a minute; of IPv6, from one /64. 0 means any number.
    requests_per_minute_per_address: u32 = 3_000,
    /// Most requests of one account in a minute. 0 means any number.
    requests_per_minute_per_account: u32 = 1_200,
    /// Most attempts to sign in, or to get tokens or links, from one address in a minute. A whole office may share an address. 0
    /// means any number.
    sign_ins_per_minute_per_address: u32 = 120,
    /// Hours for which the link of an invitation works.
    invitation_hours: u64 = 72,
    /// Minutes for which the link of a password reset works.
    password_reset_minutes: u64 = 30,
    /// Address of the page, in the app that people use, on which one chooses a password, `https://thidua.example.vn/mat-khau`. Links are
    /// this address with `#token=…`; the page sends the token to `POST /api/v1/auth/password`.
    public_url: String = String::new(),
    /// Mail server, `smtps://user:password@host` or `smtp://user:password@host:587?tls=required`; empty sends no mail, and links are handed to
    /// the administrator who makes them. Needs `mail_from` and `public_url`.
    smtp_url: Secret = Secret::default(),
    /// Sender of mail, `Thi đua <thidua@example.vn>`.
    mail_from: String = String::new(),
    /// Days before the last day of a report from which officers are reminded of it, at most 92.
    reminder_days: u32 = 7,
    /// Hour of the day, in Asia/Ho_Chi_Minh, from which letters with what somebody has not read are sent: 0 to 23.
    digest_hour: u32 = 7,
    /// Address of the province's identity provider, as it calls itself (OpenID Connect, `issuer`): `https://id.example.vn/realms/congdoan`. Empty
    /// offers no sign-in through a provider. Needs `oidc_client_id`, `oidc_name` and `oidc_redirects`.
    oidc_issuer: String = String::new(),
    /// Under which name the provider knows the service.
    oidc_client_id: String = String::new(),
    /// Secret that the provider gave the service; empty for a public client.
    oidc_client_secret: Secret = Secret::default(),
    /// What people call the provider, in Vietnamese: `Tài khoản cán bộ tỉnh Lào Cai`.
    oidc_name: String = String::new(),
    /// Scopes that the provider is asked for; `openid` always is. The service needs no other: it takes only who somebody is.
    oidc_scopes: Vec<String> = vec!["openid".to_owned()],
    /// Addresses of front ends to which the provider may send people back, `https://thidua.example.vn/dang-nhap` or, for an app,
    /// `vn.example.thidua:/dang-nhap`; compared letter by letter.
    oidc_redirects: Vec<String> = Vec::new(),
    /// Minutes after which who signed in at the provider must do so there again before signing in here. 0 for a provider that
    /// does not tell when somebody signed in (`auth_time`).
    oidc_max_age_minutes: u64 = 720,
    /// Most bytes of a request body, counted after unpacking.
    body_bytes_max: usize = 1_048_576,
    /// Seconds within which a request's headers and body must have arrived.
    request_timeout_seconds: u64 = 30,
    /// Where evidence files are kept: a folder, or `s3://bucket/prefix` of a store that speaks S3; empty means the folder `evidence` in
    /// `data_dir`. All instances share it, and it is backed up together with the database.
    evidence_store: String = String::new(),
    /// Address of the store that speaks S3, `https://s3.example.vn`; empty means that of AWS.
    evidence_s3_endpoint: String = String::new(),
    /// Region of the bucket.
    evidence_s3_region: String = "us-east-1".to_owned(),
    /// Access key id for the store that speaks S3; empty means what AWS gives the machine.
    evidence_s3_key_id: String = String::new(),
    /// Secret of that access key.
    evidence_s3_secret: Secret = Secret::default(),
    /// Most bytes of one evidence file.
    evidence_bytes_max: u32 = 20_971_520,
    /// Most evidence files of one report.
    evidence_files_max: u32 = 50,
    /// Most bytes of evidence that a unit may add in a calendar year, those removed again included. 0 means any number.
    evidence_unit_year_bytes_max: u64 = 2_147_483_648,
    /// Seconds within which an evidence file must have arrived: phones in the mountains are slow.
    evidence_upload_seconds: u64 = 300,
    /// Most requests of one account that are worked on at once; one more is refused with `RATE_LIMITED`.
    requests_per_account_max: usize = 8,
    /// Seconds that requests under way are given to finish when the service stops.
    shutdown_seconds: u64 = 20,
    /// Worker threads; 0 means one for each core.
    workers: usize = 0,
    /// What is logged: a level, or `level,target=level` pairs.
    log: String = "info".to_owned(),
    /// Form of the log: `json` or `text`.
    log_format: LogFormat = LogFormat::Json,
}

/// Form of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One JSON object a line.
    Json,
    /// For people at a terminal.
    Text,
}

/// What opening the database needs.
#[derive(Clone, Debug)]
pub struct DatabaseSettings {
    /// Address, with its password.
    pub url: Secret,
    /// Most connections at once.
    pub connections_max: u32,
    /// Seconds to wait for a free one.
    pub acquire_timeout_seconds: u64,
    /// Seconds for one statement on PostgreSQL.
    pub statement_timeout_seconds: u64,
}

/// Prefix of the environment's names.
pub const PREFIX: &str = "THIDUA_";

impl Settings {
    /// Reads the settings. `file` must exist when it is named.
    pub fn load(file: Option<&Path>) -> Result<Self, String> {
        let mut figment = Figment::from(Serialized::defaults(Self::default()));
        if let Some(file) = file {
            if !file.is_file() {
                return Err(format!("the settings file {} is not there", file.display()));
            }
            figment = figment.merge(Toml::file_exact(file));
        }
        figment
            .merge(Env::prefixed(PREFIX).ignore(&["config"]))
            .extract()
            .map_err(|error| {
                let each: Vec<String> = error.into_iter().map(|one| explained(&one)).collect();
                each.join("\n")
            })
    }

    /// What opening the database needs. A SQLite address is made from `data_dir` when none is set.
    pub fn database(&self) -> DatabaseSettings {
        let url = if self.database_url.expose().is_empty() {
            Secret::new(format!(
                "sqlite://{}?mode=rwc",
                self.data_dir.join("thidua.sqlite").display()
            ))
        } else {
            self.database_url.clone()
        };
        DatabaseSettings {
            url,
            connections_max: self.database_connections_max,
            acquire_timeout_seconds: self.database_acquire_timeout_seconds,
            statement_timeout_seconds: self.database_statement_timeout_seconds,
        }
    }

    /// Where the signing keys are kept.
    pub fn signing_keys_path(&self) -> PathBuf {
        if self.signing_keys_file.as_os_str().is_empty() {
            self.data_dir.join("signing-keys.json")
        } else {
            self.signing_keys_file.clone()
        }
    }
}

fn explained(error: &figment::Error) -> String {
    let source = error
        .metadata
        .as_ref()
        .map(|metadata| metadata.name.to_string())
        .unwrap_or_default();
    format!(
        "setting `{}`: {} ({source}); `thidua config` lists every setting",
        error.path.join("."),
        error.kind
    )
}

/// Every setting with its name in the environment, default and meaning, as a TOML file that could be used as it is.
pub fn printed() -> String {
    let defaults = serde_json::to_value(Settings::default()).unwrap_or_default();
    let mut text =
        String::from("# Settings of thidua with their defaults. A file like this is given by --config FILE.\n");
    for (name, meaning) in MEANINGS {
        let default = &defaults[*name];
        text.push_str(&format!(
            "\n#{meaning}\n# {PREFIX}{}\n{name} = {default}\n",
            name.to_uppercase()
        ));
    }
    text
}
