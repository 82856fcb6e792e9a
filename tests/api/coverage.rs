//! Every door is counted: each mutation of the schema and each operation of the REST interface is called here once by
//! somebody who may, leaves its trace in the audit, and is refused to who has not signed in, to a stranger, and to who
//! saw another version. A new door without a line here fails the test.

mod accounts;
mod awards;
mod conferences;
mod councils;
mod crosschecks;
mod forms;
mod reading;
mod reports;
mod results;
mod scoring;
mod services;
mod units;
mod years;

use std::collections::BTreeSet;
use std::pin::Pin;

use actix_web::http::Method;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};
use thidua::http::openapi;
use thidua::policy;
use thidua_entity::audit_entry;

use crate::support::{Answer, Person, Provider, TestApp, Upload, doors, on_both_databases};

on_both_databases! {
    every_mutation_is_called_recorded_and_refused,
    every_rest_operation_is_called_recorded_and_refused,
}

/// What somebody without any grant is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stranger {
    /// Nothing: what it names does not exist for them, or they may not.
    Refused,
    /// An empty list.
    SeesNothing,
    /// As much as everybody, and why.
    IsWelcome(&'static str),
}

use Stranger::{IsWelcome, Refused, SeesNothing};

/// Doors that change something and leave no trace in the audit, and why.
const LEAVES_NO_TRACE: &[(&str, &str)] = &[
    ("markNotificationsRead", "what somebody has read is their own business"),
    (
        "chooseDigestRhythm",
        "how often somebody wants letters is their own business",
    ),
    (
        "takeBallotToken",
        "an entry would say when, and with that who cast which secret vote",
    ),
    (
        "PUT /api/v1/notifications/digest",
        "how often somebody wants letters is their own business",
    ),
    (
        "POST /api/v1/criteria-sets/check",
        "it changes nothing: what it is asked about is too large for an address",
    ),
    (
        "POST /api/v1/notifications/read",
        "what somebody has read is their own business",
    ),
];

/// Goes through the doors and notes which.
struct Script {
    app: TestApp,
    stranger: Person,
    newcomer: Person,
    onlooker: Person,
    called: BTreeSet<String>,
}

impl Script {
    async fn begin(app: &TestApp) -> Self {
        Self {
            app: app.clone(),
            stranger: app.stranger().await,
            newcomer: app.newcomer().await,
            onlooker: app.viewer_of(policy::Scope::Everything).await,
            called: BTreeSet::new(),
        }
    }

    async fn traces(&self) -> u64 {
        let entries = audit_entry::Entity::find().count(&self.app.env.db).await;
        entries.expect("the audit")
    }

    /// Calls a mutation by who may, after everybody else was refused; tells what it changed.
    async fn call(&mut self, mutation: &str, who: &Person, input: Value) -> Value {
        self.call_as(mutation, who, input, Refused).await
    }

    async fn call_as(&mut self, mutation: &str, who: &Person, input: Value, stranger: Stranger) -> Value {
        let before = self.app.contents().await;
        let refused = self.app.nobody().does(mutation, input.clone()).await;
        assert_eq!(refused.code(), "UNAUTHENTICATED", "{mutation} by nobody: {refused}");
        if stranger == Refused {
            let refused = self.stranger.does(mutation, input.clone()).await;
            assert!(
                matches!(refused.code(), "FORBIDDEN" | "NOT_FOUND"),
                "{mutation} by a stranger: {refused}"
            );
        }
        if mutation != "changePassword" {
            let refused = self.newcomer.does(mutation, input.clone()).await;
            assert_eq!(
                refused.code(),
                "PASSWORD_CHANGE_REQUIRED",
                "{mutation} with a password that must be changed: {refused}"
            );
        }
        self.asks_for_what_it_says(mutation, &input).await;
        if input["version"].is_i64() {
            let mut stale = input.clone();
            stale["version"] = i32::MAX.into();
            let refused = who.does(mutation, stale).await;
            assert_eq!(
                refused.code(),
                "STALE_VERSION",
                "{mutation} at a version that is not: {refused}"
            );
        }
        assert_eq!(
            self.app.contents().await,
            before,
            "{mutation} was refused and stored something all the same"
        );
        let traces = self.traces().await;
        let answer = who.does(mutation, input).await;
        let thing = answer.thing().clone();
        let traced = self.traces().await > traces || LEAVES_NO_TRACE.iter().any(|(door, _)| *door == mutation);
        assert!(traced, "{mutation} left no trace in the audit");
        assert_ne!(self.app.contents().await, before, "{mutation} changed nothing");
        self.called.insert(mutation.to_owned());
        thing
    }

    /// Who sees everything and may do nothing is told which action is missing: the one that the list of doors names.
    async fn asks_for_what_it_says(&self, mutation: &str, input: &Value) {
        let requires = policy::of_mutation(mutation);
        let requires = requires.unwrap_or_else(|| panic!("src/policy/doors.rs does not know {mutation}"));
        let actions = requires.actions();
        if actions.is_empty() {
            return;
        }
        let refused = self.onlooker.does(mutation, input.clone()).await;
        match refused.code() {
            "FORBIDDEN" => {
                let named = |action: &policy::Action| refused.message().contains(&format!("({})", action.code()));
                assert!(
                    actions.iter().any(named),
                    "{mutation} asks for another action than {actions:?}: {refused}"
                );
            }
            code => assert_eq!(code, "NOT_FOUND", "{mutation} by an onlooker: {refused}"),
        }
    }

    /// Calls an operation of REST by who may, after everybody else was refused.
    async fn rest(
        &mut self,
        method: Method,
        path: &str,
        filled: &str,
        who: &Person,
        send: Sent<'_>,
        stranger: Stranger,
    ) -> Answer {
        let operation = format!("{method} {path}");
        let before = self.app.contents().await;
        let refused = send.by(&self.app.nobody(), &method, filled).await;
        assert_eq!(
            (refused.status(), refused.code()),
            (401, "UNAUTHENTICATED"),
            "{operation} by nobody: {refused}"
        );
        // Who writes what is their own is welcome and writes it, as on GraphQL.
        if method == Method::GET || !matches!(stranger, IsWelcome(_)) {
            let answer = send.by(&self.stranger, &method, filled).await;
            match stranger {
                Refused => assert!(
                    matches!(answer.status(), 403 | 404),
                    "{operation} by a stranger: {answer}"
                ),
                SeesNothing => assert_eq!(answer.body()["items"], json!([]), "{operation} by a stranger: {answer}"),
                IsWelcome(_) => assert!(answer.status() < 300, "{operation} by a stranger: {answer}"),
            }
        }
        if path != "/api/v1/auth/me" {
            let refused = send.by(&self.newcomer, &method, filled).await;
            assert_eq!(
                (refused.status(), refused.code()),
                (403, "PASSWORD_CHANGE_REQUIRED"),
                "{operation} with a password that must be changed: {refused}"
            );
        }
        if send.version.is_some() {
            for (version, status) in [(None, 428), (Some(i64::from(i32::MAX)), 412)] {
                let refused = Sent {
                    version,
                    ..send.clone()
                }
                .by(who, &method, filled)
                .await;
                assert_eq!(
                    refused.status(),
                    status,
                    "{operation} at version {version:?}: {refused}"
                );
            }
        }
        assert_eq!(
            self.app.contents().await,
            before,
            "{operation} was refused and stored something all the same"
        );
        let traces = self.traces().await;
        let answer = send.by(who, &method, filled).await;
        assert!((200..300).contains(&answer.status()), "{operation}: {answer}");
        if method != Method::GET && !LEAVES_NO_TRACE.iter().any(|(door, _)| *door == operation) {
            assert!(self.traces().await > traces, "{operation} left no trace in the audit");
        }
        self.called.insert(operation);
        answer
    }

    /// An operation that needs no signing in, and why.
    fn open_to_all(&mut self, operation: &str, answer: &Answer, _reason: &str) {
        assert!((200..300).contains(&answer.status()), "{operation}: {answer}");
        self.called.insert(operation.to_owned());
    }
}

/// What a REST request carries besides its address.
#[derive(Clone, Default)]
struct Sent<'a> {
    version: Option<i64>,
    body: Option<&'a Value>,
    form: Option<&'a Upload>,
}

impl Sent<'_> {
    async fn by(&self, who: &Person, method: &Method, path: &str) -> Answer {
        let tag = self.version.map(|version| format!("\"{version}\""));
        let mut headers = Vec::new();
        if let Some(tag) = &tag {
            headers.push(("If-Match", tag.as_str()));
        }
        let form_type = Upload::content_type();
        let body = match (self.form, self.body) {
            (Some(form), _) => {
                headers.push(("Content-Type", form_type.as_str()));
                form.body()
            }
            (None, Some(body)) => {
                headers.push(("Content-Type", "application/json"));
                body.to_string().into_bytes()
            }
            (None, None) => Vec::new(),
        };
        who.request(method.clone(), path, &headers, body).await
    }
}

async fn version(who: &Person, kind: &str, id: &str) -> Value {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on {kind} {{ version }} }} }}");
    who.graphql(&query, json!({ "id": id }))
        .await
        .at("/node/version")
        .clone()
}

/// The people of the script.
struct People {
    admin: Person,
    keeper: Person,
    committee: Person,
    officer: Person,
}

impl People {
    async fn of(app: &TestApp) -> Self {
        let world = app.world();
        Self {
            admin: app.admin().await,
            keeper: app.catalogue_keeper().await,
            committee: app.committee_of(&world["Viên chức"]).await,
            officer: app.officer_of(&world["Thư viện"]).await,
        }
    }
}

/// A part of a sentence, made and kept beside the stack: all parts in one frame are more than the stack of a test holds.
fn beside<'a, T, F: Future<Output = T> + 'a>(make: impl FnOnce() -> F) -> Pin<Box<dyn Future<Output = T> + 'a>> {
    Box::pin(make())
}

async fn every_mutation_is_called_recorded_and_refused(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let people = People::of(&app).await;
    let mut script = Script::begin(&app).await;
    beside(|| accounts::mutations(&mut script, &people)).await;
    beside(|| accounts::second_factors(&mut script, &people)).await;
    beside(|| services::mutations(&mut script, &people)).await;
    beside(|| services::links_to_the_provider(&mut script, &people, &provider)).await;
    beside(|| units::mutations(&mut script, &people)).await;
    beside(|| units::clusters(&mut script, &people)).await;
    beside(|| forms::mutations(&mut script, &people)).await;
    beside(|| forms::criteria_sets(&mut script, &people)).await;
    beside(|| years::mutations(&mut script, "members")).await;
    beside(|| reports::mutations(&mut script, &people)).await;
    beside(|| results::mutations(&mut script)).await;
    beside(|| crosschecks::mutations(&mut script)).await;
    beside(|| scoring::mutations(&mut script)).await;
    beside(|| awards::recorded(&mut script, &people)).await;
    beside(|| conferences::mutations(&mut script)).await;
    beside(|| awards::mutations(&mut script)).await;
    beside(|| councils::mutations(&mut script)).await;
    beside(|| awards::objections(&mut script)).await;
    let all: BTreeSet<String> = doors().iter().map(|door| door.name.clone()).collect();
    let missing: Vec<&String> = all.difference(&script.called).collect();
    assert!(missing.is_empty(), "tests/api/coverage.rs has no line for {missing:?}");
}

async fn find(who: &Person, list: &str) -> Value {
    let answer = who
        .graphql(&format!("{{ {list} {{ nodes {{ id }} }} }}"), json!({}))
        .await;
    answer.at(&format!("/{list}/nodes/0/id")).clone()
}

async fn every_rest_operation_is_called_recorded_and_refused(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let people = People::of(&app).await;
    let mut script = Script::begin(&app).await;
    beside(|| accounts::sessions(&mut script, &people)).await;
    beside(|| services::rest(&mut script, &people)).await;
    beside(|| services::by_the_provider(&mut script, &provider)).await;
    beside(|| reading::rest(&mut script, &people)).await;
    beside(|| results::rest(&mut script)).await;
    beside(|| crosschecks::rest(&mut script)).await;
    beside(|| scoring::rest(&mut script)).await;
    beside(|| conferences::rest(&mut script)).await;
    beside(|| awards::rest(&mut script)).await;
    beside(|| councils::rest(&mut script)).await;
    let document = serde_json::to_value(openapi::document()).expect("JSON");
    let mut all = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        all.extend(
            item.as_object()
                .expect("operations")
                .keys()
                .map(|method| format!("{} {path}", method.to_uppercase())),
        );
    }
    let missing: Vec<&String> = all.difference(&script.called).collect();
    assert!(missing.is_empty(), "tests/api/coverage.rs has no line for {missing:?}");
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
