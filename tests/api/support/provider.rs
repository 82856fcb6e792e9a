//! An identity provider of OpenID Connect on a port of its own, as strict as a real one: it checks who the client is, where people go
//! back to, the PKCE verifier, and takes each code once. A sentence may make it lie.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use actix_web::http::header::{AUTHORIZATION, LOCATION};
use actix_web::web::{Data, Form, Query, get, post};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair as RsaKeyPair, KeySize};
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _, RSA_PKCS1_SHA256};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::redirect::Policy;
use serde_json::{Value, json};
use thidua::env::Env;
use thidua::settings::{Secret, Settings};

use super::TestApp;

/// Where people come back to.
pub const REDIRECT: &str = "https://thidua.laocai.gov.vn/dang-nhap";
const CLIENT: &str = "thidua";
/// What the client shows the provider; a blank and a colon, so that it must be written as RFC 6749 says.
pub const CLIENT_SECRET: &str = "bí mật: của thidua";

/// How it answers the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// As it should.
    Well,
    /// With an error of its own.
    Broken,
    /// Never.
    Never,
    /// With more than anybody wants to read.
    Endlessly,
    /// That somebody else knows.
    Elsewhere,
}

/// By what it signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signs {
    /// By the key that it names.
    Truly,
    /// By none: `alg` is `none`.
    ByNothing,
    /// By an HMAC whose key is the public one.
    ByPublicKey,
    /// By another key than it names.
    ByAnotherKey,
}

type Change = Box<dyn Fn(&mut Value) + Send>;

/// What it does.
pub struct Manner {
    /// At every door but the one for people.
    pub answers: Answers,
    /// ID tokens.
    pub signs: Signs,
    /// What it changes in the claims of ID tokens.
    pub claims: Change,
    /// What it changes in what it tells of itself.
    pub document: Change,
    /// What is in the PKCE challenge that it remembers, if not what it was sent.
    pub challenge: Option<String>,
    /// Who has signed in there, seconds ago.
    pub signed_in_ago: i64,
    keys: Vec<Key>,
    codes: HashMap<String, Granted>,
    asked: HashMap<&'static str, u32>,
    env: Env,
    url: String,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

struct Key {
    kid: String,
    pair: Pair,
}

/// Somebody who has signed in and goes back with a code.
struct Granted {
    subject: String,
    redirect: String,
    nonce: Option<String>,
    challenge: String,
}

/// The provider.
#[derive(Clone)]
pub struct Provider(Arc<Mutex<Manner>>);

/// What somebody comes back with.
#[derive(Clone, Debug)]
pub struct Back {
    /// The code.
    pub code: String,
    /// The state.
    pub state: String,
}

impl Provider {
    /// Opens one that has the clock of the service.
    pub async fn open(app: &TestApp) -> Self {
        let manner = Arc::new(Mutex::new(Manner {
            answers: Answers::Well,
            signs: Signs::Truly,
            claims: Box::new(|_| {}),
            document: Box::new(|_| {}),
            challenge: None,
            signed_in_ago: 0,
            keys: vec![Key::ec("khoa-1")],
            codes: HashMap::new(),
            asked: HashMap::new(),
            env: app.env.clone(),
            url: String::new(),
        }));
        let data = Data::from(Arc::clone(&manner));
        let server = HttpServer::new(move || {
            App::new()
                .app_data(data.clone())
                .route("/.well-known/openid-configuration", get().to(document))
                .route("/keys", get().to(keys))
                .route("/authorize", get().to(authorize))
                .route("/token", post().to(token))
                .route("/elsewhere", get().to(document))
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").expect("a port");
        manner.lock().expect("the manner").url = format!("http://{}", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        Self(manner)
    }

    /// What it does, to change it.
    pub fn manner(&self) -> MutexGuard<'_, Manner> {
        self.0.lock().expect("the manner")
    }

    /// The address that it calls itself.
    pub fn issuer(&self) -> String {
        self.manner().url.clone()
    }

    /// How often it was asked for something: `document`, `keys`, `token`.
    pub fn asked(&self, what: &str) -> u32 {
        self.manner().asked.get(what).copied().unwrap_or_default()
    }

    /// Signs by another key from now on, and tells only that one.
    pub fn turns_keys(&self, kid: &str) {
        self.manner().keys = vec![Key::ec(kid)];
    }

    /// Signs by RSA from now on.
    pub fn signs_by_rsa(&self) {
        let pair = Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).expect("a key"));
        self.manner().keys = vec![Key {
            kid: "khoa-rsa".to_owned(),
            pair,
        }];
    }

    /// The service with this provider.
    pub async fn serves(&self, app: &TestApp) -> TestApp {
        self.serves_with(app, |_| {}).await
    }

    /// The same with other settings besides.
    pub async fn serves_with(&self, app: &TestApp, change: impl FnOnce(&mut Settings)) -> TestApp {
        let issuer = self.issuer();
        app.with(|settings| {
            settings.oidc_issuer = issuer;
            settings.oidc_client_id = CLIENT.to_owned();
            settings.oidc_client_secret = Secret::new(CLIENT_SECRET);
            settings.oidc_name = "Tài khoản cán bộ tỉnh Lào Cai".to_owned();
            settings.oidc_redirects = vec![REDIRECT.to_owned()];
            change(settings);
        })
        .await
    }

    /// A browser goes to the provider; the person there signs in and comes back.
    pub async fn signs_in(&self, subject: &str, authorization_url: &str) -> Back {
        let client = reqwest::Client::builder().redirect(Policy::none()).no_proxy();
        let request = client.build().expect("a browser").get(authorization_url);
        let answer = request.header("x-person", subject).send().await.expect("an answer");
        let location = answer
            .headers()
            .get("location")
            .map(|value| value.to_str().expect("a text").to_owned());
        let Some(location) = location else {
            panic!(
                "the provider sends nobody back: {}",
                answer.text().await.expect("a text")
            );
        };
        let url = reqwest::Url::parse(&location).expect("an address");
        assert!(location.starts_with(REDIRECT), "{location}");
        let part = |name: &str| {
            let mut pairs = url.query_pairs();
            let found = pairs.find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
            found.unwrap_or_else(|| panic!("no {name} in {url}"))
        };
        Back {
            code: part("code"),
            state: part("state"),
        }
    }
}

impl Key {
    fn ec(kid: &str) -> Self {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect("a key");
        Self {
            kid: kid.to_owned(),
            pair: Pair::Ec(pair),
        }
    }

    fn jwk(&self) -> Value {
        match &self.pair {
            Pair::Ec(pair) => {
                let point = pair.public_key().as_ref();
                json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": self.kid,
                    "x": URL_SAFE_NO_PAD.encode(&point[1..33]), "y": URL_SAFE_NO_PAD.encode(&point[33..65]) })
            }
            Pair::Rsa(_) => json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.kid,
                "n": URL_SAFE_NO_PAD.encode(self.public()), "e": "AQAB" }),
        }
    }

    /// The point, or the modulus: as it stands in RFC 8017, appendix A.1.1, for 2048 bits.
    fn public(&self) -> Vec<u8> {
        match &self.pair {
            Pair::Ec(pair) => pair.public_key().as_ref().to_vec(),
            Pair::Rsa(pair) => pair.public_key().as_ref()[9..265].to_vec(),
        }
    }

    const fn algorithm(&self) -> &'static str {
        match self.pair {
            Pair::Ec(_) => "ES256",
            Pair::Rsa(_) => "RS256",
        }
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        let random = SystemRandom::new();
        match &self.pair {
            Pair::Ec(pair) => pair.sign(&random, message).expect("a signature").as_ref().to_vec(),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                let signed = pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature);
                signed.expect("a signature");
                signature
            }
        }
    }
}

impl Manner {
    /// Counts a question, and tells what is answered in place of what was asked for.
    fn answer(&mut self, what: &'static str) -> Answers {
        *self.asked.entry(what).or_default() += 1;
        self.answers
    }

    fn id_token(&self, granted: &Granted, access_token: &str) -> String {
        let (now, key) = (self.env.now().timestamp(), &self.keys[0]);
        let half = &digest::digest(&digest::SHA256, access_token.as_bytes()).as_ref()[..16].to_vec();
        let mut claims = json!({
            "iss": self.url, "sub": granted.subject, "aud": CLIENT, "azp": CLIENT, "iat": now, "exp": now + 300,
            "auth_time": now - self.signed_in_ago, "nonce": granted.nonce, "at_hash": URL_SAFE_NO_PAD.encode(half),
            "email": "hien.tran@congdoan.vn", "email_verified": "true", "amr": ["pwd", "otp", "mfa"],
        });
        (self.claims)(&mut claims);
        let algorithm = match self.signs {
            Signs::Truly | Signs::ByAnotherKey => key.algorithm(),
            Signs::ByNothing => "none",
            Signs::ByPublicKey => "HS256",
        };
        let header = json!({ "typ": "JWT", "alg": algorithm, "kid": key.kid });
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(claims));
        let signature = match self.signs {
            Signs::Truly => key.sign(message.as_bytes()),
            Signs::ByNothing => Vec::new(),
            Signs::ByPublicKey => {
                let public = hmac::Key::new(hmac::HMAC_SHA256, &key.public());
                hmac::sign(&public, message.as_bytes()).as_ref().to_vec()
            }
            Signs::ByAnotherKey => Key::ec(&key.kid).sign(message.as_bytes()),
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

async fn instead(answers: Answers) -> Option<HttpResponse> {
    match answers {
        Answers::Well => None,
        Answers::Broken => Some(HttpResponse::InternalServerError().body("the database is away")),
        Answers::Never => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            None
        }
        Answers::Endlessly => Some(
            HttpResponse::Ok()
                .content_type("application/json")
                .body(format!("{{\"x\":\"{}\"}}", "a".repeat(4_000_000))),
        ),
        Answers::Elsewhere => Some(HttpResponse::Found().insert_header((LOCATION, "/elsewhere")).finish()),
    }
}

async fn document(manner: Data<Mutex<Manner>>) -> HttpResponse {
    let answers = manner.lock().expect("the manner").answer("document");
    if let Some(answer) = instead(answers).await {
        return answer;
    }
    let manner = manner.lock().expect("the manner");
    let url = &manner.url;
    let mut told = json!({
        "issuer": url, "authorization_endpoint": format!("{url}/authorize"), "token_endpoint": format!("{url}/token"),
        "jwks_uri": format!("{url}/keys"), "response_types_supported": ["code"], "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        "code_challenge_methods_supported": ["S256"],
    });
    (manner.document)(&mut told);
    HttpResponse::Ok().json(told)
}

async fn keys(manner: Data<Mutex<Manner>>) -> HttpResponse {
    let answers = manner.lock().expect("the manner").answer("keys");
    if let Some(answer) = instead(answers).await {
        return answer;
    }
    let manner = manner.lock().expect("the manner");
    let mut told: Vec<Value> = manner.keys.iter().map(Key::jwk).collect();
    told.push(json!({ "kty": "something new", "kid": "khoa-la" }));
    HttpResponse::Ok()
        .content_type("application/jwk-set+json")
        .body(json!({ "keys": told }).to_string())
}

/// The door for people: who is named in a header has signed in.
async fn authorize(
    manner: Data<Mutex<Manner>>,
    request: HttpRequest,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    let asked = |name: &str| query.get(name).map_or("", String::as_str);
    let scopes: Vec<&str> = asked("scope").split(' ').collect();
    for (right, said) in [
        (asked("response_type") == "code", "response_type"),
        (asked("client_id") == CLIENT, "client_id"),
        (asked("redirect_uri") == REDIRECT, "redirect_uri"),
        (scopes.contains(&"openid"), "scope"),
        (asked("code_challenge_method") == "S256", "code_challenge_method"),
        (asked("code_challenge").len() == 43, "code_challenge"),
        (asked("state").len() >= 22, "state"),
    ] {
        if !right {
            return HttpResponse::BadRequest().body(said);
        }
    }
    let person = request
        .headers()
        .get("x-person")
        .expect("a person")
        .to_str()
        .expect("a text");
    let code = format!("ma-{}", uuid::Uuid::new_v4());
    let mut manner = manner.lock().expect("the manner");
    if asked("prompt") == "login" {
        manner.signed_in_ago = 0;
    }
    let granted = Granted {
        subject: person.to_owned(),
        redirect: REDIRECT.to_owned(),
        nonce: query.get("nonce").cloned(),
        challenge: manner
            .challenge
            .clone()
            .unwrap_or_else(|| asked("code_challenge").to_owned()),
    };
    manner.codes.insert(code.clone(), granted);
    let location = format!("{REDIRECT}?code={code}&state={}", asked("state"));
    HttpResponse::Found().insert_header((LOCATION, location)).finish()
}

async fn token(manner: Data<Mutex<Manner>>, request: HttpRequest, form: Form<HashMap<String, String>>) -> HttpResponse {
    let answers = manner.lock().expect("the manner").answer("token");
    if let Some(answer) = instead(answers).await {
        return answer;
    }
    let refused =
        |error: &str| HttpResponse::BadRequest().json(json!({ "error": error, "error_description": "Không" }));
    let sent = |name: &str| form.get(name).map_or("", String::as_str);
    if !is_the_client(&request) {
        return refused("invalid_client");
    }
    let mut manner = manner.lock().expect("the manner");
    let Some(granted) = manner.codes.remove(sent("code")) else {
        return refused("invalid_grant");
    };
    let challenge = digest::digest(&digest::SHA256, sent("code_verifier").as_bytes());
    let fits = URL_SAFE_NO_PAD.encode(challenge) == granted.challenge
        && sent("redirect_uri") == granted.redirect
        && sent("grant_type") == "authorization_code";
    if !fits {
        return refused("invalid_grant");
    }
    let access_token = format!("the-{}", uuid::Uuid::new_v4());
    let id_token = manner.id_token(&granted, &access_token);
    HttpResponse::Ok().json(json!({
        "access_token": access_token, "token_type": "Bearer", "expires_in": 300, "id_token": id_token,
    }))
}

/// Whether the client shows its secret as RFC 6749, section 2.3.1, says: name and secret written as in a form.
fn is_the_client(request: &HttpRequest) -> bool {
    let written: String = CLIENT_SECRET
        .bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let expected = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{written}")));
    let shown = request.headers().get(AUTHORIZATION);
    shown.is_some_and(|shown| shown.as_bytes() == expected.as_bytes())
}
