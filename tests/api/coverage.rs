//! Every door is counted: each mutation of the schema and each operation of the REST interface is called here once by
//! somebody who may, leaves its trace in the audit, and is refused to who has not signed in, to a stranger, and to who
//! saw another version. A new door without a line here fails the test.

mod awards;
mod conferences;
mod scoring;
mod years;

use std::collections::BTreeSet;
use std::pin::Pin;

use actix_web::http::Method;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};
use serde_json::{Value, json};
use thidua::accounts::second_factor;
use thidua::auth::Actor;
use thidua::http::openapi;
use thidua::ids::Kind;
use thidua::notifications::usecases::handle_events;
use thidua::policy;
use thidua_entity::audit_entry;

use crate::results::{Judged, Says};
use crate::support::{Answer, Person, Provider, REDIRECT, TestApp, Upload, doors, on_both_databases, pdf};

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

/// Something that a query finds in a cluster: a membership or an office.
async fn part(who: &Person, cluster: &str, list: &str) -> Value {
    let query =
        format!("query($id: ID!) {{ node(id: $id) {{ ... on Cluster {{ {list} {{ id version }} version }} }} }}");
    let answer = who.graphql(&query, json!({ "id": cluster })).await;
    answer.at(&format!("/node/{list}/0")).clone()
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
    beside(|| accounts(&mut script, &people)).await;
    beside(|| second_factors(&mut script, &people)).await;
    beside(|| services(&mut script, &people)).await;
    beside(|| links_to_the_provider(&mut script, &people, &provider)).await;
    beside(|| units(&mut script, &people)).await;
    beside(|| clusters(&mut script, &people)).await;
    beside(|| forms(&mut script, &people)).await;
    beside(|| criteria_sets(&mut script, &people)).await;
    beside(|| years::mutations(&mut script, "members")).await;
    beside(|| reports(&mut script, &people)).await;
    beside(|| results(&mut script)).await;
    beside(|| cross_checks(&mut script)).await;
    beside(|| scoring::mutations(&mut script)).await;
    beside(|| awards(&mut script, &people)).await;
    beside(|| conferences::mutations(&mut script)).await;
    beside(|| awards::mutations(&mut script)).await;
    beside(|| awards::objections(&mut script)).await;
    let all: BTreeSet<String> = doors().iter().map(|door| door.name.clone()).collect();
    let missing: Vec<&String> = all.difference(&script.called).collect();
    assert!(missing.is_empty(), "tests/api/coverage.rs has no line for {missing:?}");
}

async fn accounts(script: &mut Script, people: &People) {
    let world = script.app.world();
    let (admin, password) = (&people.admin, "một mật khẩu đủ dài");
    let new = json!({ "username": "nguyen.van.a", "displayName": "Nguyễn Văn A", "password": password });
    let account = script.call("createAccount", admin, new).await["id"].clone();
    let grant = json!({
        "accountId": account, "role": "UNIT_OFFICER", "scopeKind": "UNIT", "scopeId": world["Thư viện"].id(), "validFrom": "2026-01-01",
    });
    let grant = script.call("grantRole", admin, grant).await;
    script
        .call(
            "withdrawRoleGrant",
            admin,
            json!({ "id": grant["id"], "version": grant["version"] }),
        )
        .await;
    script.app.settle(account.as_str().expect("an id")).await;
    let grants = people
        .committee
        .graphql("{ viewer { grants { id } } }", json!({}))
        .await;
    let delegation = json!({
        "grantId": grants.at("/viewer/grants/0/id"), "toUsername": "nguyen.van.a", "validTo": "2026-04-01", "reason": "Đi công tác",
    });
    let delegation = script.call("delegateRole", &people.committee, delegation).await;
    let revoked = json!({ "id": delegation["id"], "version": delegation["version"] });
    script.call("revokeDelegation", &people.committee, revoked).await;
    let signed_in = script.app.signs_in("nguyen.van.a", password).await;
    let change = json!({ "currentPassword": password, "newPassword": "một mật khẩu khác hẳn" });
    script
        .call_as(
            "changePassword",
            &signed_in,
            change,
            IsWelcome("a password is one's own"),
        )
        .await;
    for mutation in ["endOtherSessions", "endSession"] {
        let listed = signed_in.get("/api/v1/auth/sessions").await;
        let this = json!({ "id": listed.body()["items"][0]["id"] });
        script.call(mutation, &signed_in, this).await;
    }
    let invited = json!({ "username": "pham.van.c", "displayName": "Phạm Văn C", "email": "c@congdoan.vn" });
    let invited = script.call("inviteAccount", admin, invited).await["id"].clone();
    let address = json!({ "id": invited, "version": 1, "email": "pham.van.c@congdoan.vn" });
    script.call("setAccountEmail", admin, address).await;
    let reset = json!({ "id": invited, "version": 2 });
    script.call("resetPassword", admin, reset).await;
    let erase = json!({ "id": invited, "version": 3 });
    script.call("eraseContactData", admin, erase).await;
    let (own, name) = (
        IsWelcome("it is about oneself"),
        json!({ "version": 1, "displayName": "Lê Văn Khoa" }),
    );
    script.call_as("correctOwnAccount", &people.officer, name, own).await;
    let version = version(admin, "Account", account.as_str().expect("an id")).await;
    let locked = script
        .call("lockAccount", admin, json!({ "id": account, "version": version }))
        .await;
    script
        .call(
            "unlockAccount",
            admin,
            json!({ "id": account, "version": locked["version"] }),
        )
        .await;
}

async fn second_factors(script: &mut Script, people: &People) {
    let (app, admin, password) = (script.app.clone(), &people.admin, "một mật khẩu đủ dài");
    let own = || IsWelcome("a second factor is one's own");
    let new = json!({ "username": "pham.thi.c", "displayName": "Phạm Thị C", "password": password });
    let account = admin.does("createAccount", new).await.id().to_owned();
    app.settle(&account).await;
    let person = app.signs_in("pham.thi.c", password).await;
    let (with_password, version) = (json!({ "password": password }), json!({ "id": account, "version": 1 }));
    script
        .call_as("confirmIdentity", &person, with_password.clone(), own())
        .await;
    let enrol = async |script: &mut Script| {
        let begun = script
            .call_as("enrolSecondFactor", &person, with_password.clone(), own())
            .await;
        let secret = begun["secret"].as_str().expect("a secret");
        let secret = totp_rs::Secret::try_from_base32(secret).expect("letters of base 32");
        let code = second_factor::code_at(secret.as_ref(), app.env.now()).expect("six digits");
        let codes = script
            .call_as("confirmSecondFactor", &person, json!({ "code": code }), own())
            .await;
        codes.as_array().expect("codes").clone()
    };
    let codes = enrol(script).await;
    let renewed = script
        .call_as("renewRecoveryCodes", &person, json!({ "code": codes[0] }), own())
        .await;
    let remove = json!({ "password": password, "code": renewed[0] });
    script.call_as("removeSecondFactor", &person, remove, own()).await;
    enrol(script).await;
    script.call("resetSecondFactor", admin, version).await;
}

async fn services(script: &mut Script, people: &People) {
    let (world, admin) = (script.app.world(), &people.admin);
    let terms = crate::accounts_services::terms("Kho dữ liệu", &world["Kon Tum"], "reports:read");
    let service = script.call("createServiceAccount", admin, terms).await;
    let step = |version: i32| json!({ "id": service["id"], "version": version });
    let mut renewed = step(1);
    renewed["validTo"] = "2027-03-01".into();
    script.call("updateServiceAccount", admin, renewed).await;
    script.call("addServiceSecret", admin, step(2)).await;
    let query = "query($id: ID!) { node(id: $id) { ... on ServiceAccount { secrets { id } } } }";
    let secrets = admin.graphql(query, json!({ "id": service["id"] })).await;
    let retired = json!({ "id": secrets.at("/node/secrets/0/id"), "version": 3 });
    script.call("retireServiceSecret", admin, retired).await;
    script.call("disableServiceAccount", admin, step(4)).await;
    script.call("enableServiceAccount", admin, step(5)).await;
}

async fn links_to_the_provider(script: &mut Script, people: &People, provider: &Provider) {
    let (app, admin, password) = (script.app.clone(), &people.admin, "một mật khẩu đủ dài");
    let own = || IsWelcome("one links one's own account");
    let new = json!({ "username": "le.thi.d", "displayName": "Lê Thị D", "password": password });
    let account = admin.does("createAccount", new).await.id().to_owned();
    app.settle(&account).await;
    let person = app.signs_in("le.thi.d", password).await;
    let start = json!({ "redirectUri": REDIRECT, "password": password });
    let begun = script.call_as("startProviderLink", &person, start, own()).await;
    let back = provider.signs_in("nguoi-d", text(&begun["authorizationUrl"])).await;
    let finish = json!({ "flow": begun["flow"], "state": back.state, "code": back.code });
    let link = script.call_as("finishProviderLink", &person, finish, own()).await;
    script
        .call("unlinkProvider", &person, json!({ "id": link["id"] }))
        .await;
    let recorded = json!({ "id": account, "version": 1, "subject": "nguoi-d" });
    script.call("linkAccountToProvider", admin, recorded).await;
}

async fn units(script: &mut Script, people: &People) {
    let world = script.app.world();
    let specialist = script.app.specialist_of(&world["Kon Tum"]).await;
    script
        .call(
            "createProvince",
            &people.admin,
            json!({ "code": "KH", "name": "Tỉnh Khánh Hòa" }),
        )
        .await;
    let new = json!({ "kind": "GRASSROOTS", "name": "CĐCS Xã Đăk Kan", "parentId": world["Ngọc Hồi"].id() });
    let unit = script.call("createUnit", &specialist, new).await["id"].clone();
    let name = json!({ "id": unit, "version": 1, "name": "CĐCS Xã Bờ Y", "from": "2026-01-01" });
    script.call("renameUnit", &specialist, name).await;
    script
        .call(
            "addUnitAlias",
            &specialist,
            json!({ "id": unit, "version": 2, "alias": "Bờ Y" }),
        )
        .await;
    script
        .call(
            "addUnitCode",
            &specialist,
            json!({ "id": unit, "version": 3, "scheme": "VGCL", "value": "KT.12" }),
        )
        .await;
    let place = json!({ "id": unit, "version": 4, "parentId": world["Đăk Tô"].id(), "from": "2026-02-01" });
    script.call("moveUnit", &specialist, place).await;
    script
        .call(
            "updateUnit",
            &specialist,
            json!({ "id": unit, "version": 5, "sector": "STATE_ADMINISTRATION" }),
        )
        .await;
    let count = json!({ "id": unit, "asOf": "2026-01-01", "workers": 20, "members": 19, "womenMembers": 9 });
    script.call("recordUnitStatistics", &specialist, count).await;
    script
        .call(
            "endUnit",
            &specialist,
            json!({ "id": unit, "version": 6, "on": "2026-03-01", "reason": "Sáp nhập" }),
        )
        .await;
}

async fn clusters(script: &mut Script, people: &People) {
    let world = script.app.world();
    let new = json!({
        "form": "CLUSTER", "purpose": "EMULATION", "organiserId": world["Viên chức"].id(), "name": "Cụm thi đua số 1", "validFrom": "2025-01-01",
    });
    let keeper = &people.keeper;
    let cluster = script.call("createCluster", keeper, new).await;
    let id = cluster["id"].as_str().expect("an id").to_owned();
    let change = json!({ "id": id, "version": cluster["version"], "name": "Cụm thi đua số 01" });
    let cluster = script.call("updateCluster", keeper, change).await;
    let member = json!({ "clusterId": id, "version": cluster["version"], "unitId": world["Thư viện"].id(), "validFrom": "2025-01-01" });
    let cluster = script.call("addClusterMember", keeper, member).await;
    let chair = json!({
        "clusterId": id, "version": cluster["version"], "unitId": world["Thư viện"].id(), "office": "CHAIR", "validFrom": "2025-02-01",
    });
    script.call("setClusterOffice", keeper, chair).await;
    let office = part(keeper, &id, "offices").await;
    let end = json!({ "id": office["id"], "version": office["version"], "on": "2026-01-01" });
    script.call("endClusterOffice", keeper, end).await;
    let membership = part(keeper, &id, "members").await;
    let end = json!({ "id": membership["id"], "version": membership["version"], "on": "2026-02-01" });
    script.call("endClusterMembership", keeper, end).await;
    let end = json!({ "id": id, "version": version(keeper, "Cluster", &id).await, "on": "2026-03-01" });
    script.call("endCluster", keeper, end).await;
}

/// A form with a published version and the period that it is filled in for.
struct Forms {
    form: Value,
    period: Value,
}

async fn forms(script: &mut Script, people: &People) -> Forms {
    let world = script.app.world();
    let keeper = &people.keeper;
    let indicator = json!({ "code": "members", "name": "Số đoàn viên", "unitOfMeasure": "người", "numberForm": "INTEGER", "aggregation": "STOCK" });
    let indicator = script.call("createIndicator", keeper, indicator).await;
    let counts = json!({ "id": indicator["id"], "version": 1, "headCount": "MEMBERS" });
    script.call("setIndicatorHeadCount", keeper, counts).await;
    let period = json!({
        "ownerId": world["Viên chức"].id(), "code": "2026", "name": "Năm 2026", "kind": "YEAR", "startsOn": "2026-01-01", "endsOn": "2026-12-31",
    });
    let period = script.call("createPeriod", keeper, period).await;
    let due = json!({ "id": period["id"], "version": period["version"], "dueOn": "2026-12-10" });
    script.call("setPeriodDueDay", keeper, due).await;
    let form =
        json!({ "ownerId": world["Viên chức"].id(), "code": "BC-NAM", "name": "Báo cáo năm", "periodicity": "YEAR" });
    let form = script.call("createReportForm", keeper, form).await["id"].clone();
    let due = json!({ "formId": form, "periodId": period["id"], "dueOn": "2026-11-20" });
    script.call("setReportFormDueDay", keeper, due).await;
    for step in ["publishReportForm", "retireReportForm", "publishReportForm"] {
        let query = "query($id: ID!) { node(id: $id) { ... on ReportForm { versions { number version state } } } }";
        let newest = keeper
            .graphql(query, json!({ "id": form }))
            .await
            .at("/node/versions")
            .get(0)
            .cloned();
        let newest = match newest {
            Some(newest) if newest["state"] != "RETIRED" => newest,
            _ => {
                let items = json!([{ "indicatorCode": "members", "required": true }]);
                let draft = json!({ "formId": form, "unitKinds": ["GRASSROOTS"], "sections": [{ "items": items }] });
                script.call("writeReportFormDraft", keeper, draft).await;
                keeper
                    .graphql(query, json!({ "id": form }))
                    .await
                    .at("/node/versions/0")
                    .clone()
            }
        };
        let of = json!({ "formId": form, "number": newest["number"], "version": newest["version"] });
        script.call(step, keeper, of).await;
    }
    Forms {
        form,
        period: period["id"].clone(),
    }
}

async fn criteria_sets(script: &mut Script, people: &People) {
    let (keeper, content) = (&people.keeper, crate::criteria::hue());
    let organiser = script.app.world()["Viên chức"].id();
    let new = json!({ "owner": { "unitId": organiser }, "code": "BD-2026", "name": "Bảng điểm" });
    let set = script.call("createCriteriaSet", keeper, new).await["id"].clone();
    let draft = json!({ "setId": set, "content": content });
    let draft = script.call("writeCriteriaSetDraft", keeper, draft).await;
    let step = json!({ "id": draft["id"], "version": draft["version"] });
    let published = script.call("publishCriteriaSet", keeper, step).await;
    let cluster =
        json!({ "form": "CLUSTER", "organiserId": organiser, "name": "Cụm thi đua số 5", "validFrom": "2025-01-01" });
    let cluster = keeper.does("createCluster", cluster).await;
    let adapted = json!({ "clusterId": cluster.id(), "baseVersionId": published["id"], "code": "BD-CUM", "name": "Bảng điểm cụm" });
    script.call("adaptCriteriaSet", keeper, adapted).await;
    let step = json!({ "id": published["id"], "version": published["version"] });
    script.call("retireCriteriaSet", keeper, step).await;
}

/// The criteria sets on REST.
async fn tables(script: &mut Script, people: &People) {
    let (keeper, get, post) = (&people.keeper, Method::GET, Method::POST);
    let content = crate::criteria::tree(&script.app, &crate::criteria::hue()).await;
    let (path, none) = ("/api/v1/criteria-sets", Sent::default());
    let new = json!({ "unitId": script.app.world()["Viên chức"].id(), "code": "BD-2026", "name": "Bảng điểm" });
    let body = |body| Sent {
        body: Some(body),
        ..Sent::default()
    };
    let made = script.rest(post.clone(), path, path, keeper, body(&new), Refused).await;
    let set = text(&made.body()["id"]).to_owned();
    let draft = json!({ "content": content });
    let check = "/api/v1/criteria-sets/check";
    script
        .rest(post.clone(), check, check, keeper, body(&draft), Refused)
        .await;
    let begun = json!({ "setId": set, "content": crate::criteria::hue() });
    let begun = keeper.does("writeCriteriaSetDraft", begun).await;
    let (one, filled) = (format!("{path}/{{id}}"), format!("{path}/{set}"));
    let send = Sent {
        version: Some(1),
        ..body(&draft)
    };
    let (to, put) = (format!("{one}/draft"), format!("{filled}/draft"));
    script.rest(Method::PUT, &to, &put, keeper, send, Refused).await;
    script
        .rest(get.clone(), path, path, keeper, none.clone(), SeesNothing)
        .await;
    script
        .rest(get.clone(), &one, &filled, keeper, none.clone(), Refused)
        .await;
    let path = "/api/v1/criteria-set-versions";
    let (one, filled) = (format!("{path}/{{id}}"), format!("{path}/{}", begun.id()));
    script
        .rest(get.clone(), &one, &filled, keeper, none.clone(), Refused)
        .await;
    let diff = format!("{filled}/diff?to={}", begun.id());
    script
        .rest(get, &format!("{one}/diff"), &diff, keeper, none, Refused)
        .await;
    for (step, version) in [("publish", 2), ("retire", 3)] {
        let send = Sent {
            version: Some(version),
            ..Sent::default()
        };
        let (path, filled) = (format!("{one}/{step}"), format!("{filled}/{step}"));
        script.rest(post.clone(), &path, &filled, keeper, send, Refused).await;
    }
}

async fn reports(script: &mut Script, people: &People) {
    let world = script.app.world();
    let People {
        keeper,
        officer,
        committee,
        ..
    } = people;
    let forms = Forms {
        form: find(keeper, "reportForms").await,
        period: find(keeper, "periods").await,
    };
    let new = json!({ "formId": forms.form, "periodId": forms.period, "unitId": world["Thư viện"].id() });
    let mut report = script.call("createReport", officer, new).await;
    let said = json!({ "reportId": report["id"], "text": "Đã đối chiếu sổ đoàn viên." });
    let said = script.call("commentOnReport", officer, said).await;
    let answer = json!({ "id": said["id"], "text": "Cảm ơn." });
    script.call("answerReportComment", officer, answer).await;
    script
        .call("resolveReportComment", officer, json!({ "id": said["id"] }))
        .await;
    let more_time = json!({
        "formId": forms.form, "periodId": forms.period, "unitId": world["Thư viện"].id(), "until": "2027-01-10", "reason": "Bão số 10",
    });
    script.call("extendReport", keeper, more_time).await;
    let added = Upload::of("a.pdf", pdf("một")).to(text(&report["id"]), officer).await;
    let evidence = json!({ "id": added.body()["id"] });
    script.call("createEvidenceLink", officer, evidence.clone()).await;
    script.call("removeEvidence", officer, evidence).await;
    for (step, who) in [
        ("saveReport", officer),
        ("submitReport", officer),
        ("returnReport", keeper),
        ("unlockReport", keeper),
        ("submitReport", officer),
        ("verifyReport", keeper),
        ("approveReport", committee),
        ("correctReport", officer),
    ] {
        let mut input = json!({ "id": report["id"], "version": report["version"] });
        match step {
            "saveReport" => input["figures"] = json!([{ "indicatorCode": "members", "text": "1.671" }]),
            "returnReport" => {
                input["reason"] = "Thiếu chữ ký".into();
                input["figures"] = json!([{ "indicatorCode": "members", "text": "Khác sổ đoàn viên." }]);
            }
            "correctReport" => input["reason"] = "Đếm trùng".into(),
            "submitReport" => each_comment(officer, "answerReportComment", text(&report["id"])).await,
            "approveReport" => each_comment(keeper, "resolveReportComment", text(&report["id"])).await,
            _ => {}
        }
        report = script.call(step, who, input).await;
    }
    let unit = world["Sở Nội vụ"].id();
    let input = json!({ "formId": forms.form, "periodId": forms.period, "unitId": unit });
    let writer = script.app.officer_of(&world["Sở Nội vụ"]).await;
    let draft = writer.does("createReport", input).await;
    let figures = json!([{ "indicatorCode": "members", "text": "782" }]);
    let save = json!({ "id": draft.id(), "version": 1, "figures": figures });
    writer.does("saveReport", save).await.thing();
    writer
        .does("submitReport", json!({ "id": draft.id(), "version": 2 }))
        .await
        .thing();
    let review = json!({ "step": "VERIFY", "items": [{ "id": draft.id(), "version": 3 }] });
    script.call("reviewReports", keeper, review).await;
    handle_events(&script.app.env).await.expect("events");
    let read = json!({ "upTo": script.app.env.now() });
    let own = IsWelcome("what one is told is one's own");
    script.call_as("markNotificationsRead", officer, read, own).await;
    let rhythm = json!({ "rhythm": "WEEKLY" });
    let own = IsWelcome("one's letters are one's own");
    script.call_as("chooseDigestRhythm", officer, rhythm, own).await;
}

/// Answers or settles what is said of a report.
async fn each_comment(who: &Person, mutation: &str, report: &str) {
    let query = "query($id: ID!) { node(id: $id) { ... on ReportSubmission { comments { id resolvedAt } } } }";
    let seen = who.graphql(query, json!({ "id": report })).await;
    for comment in seen.at("/node/comments").as_array().into_iter().flatten() {
        if comment["resolvedAt"].is_null() {
            let mut input = json!({ "id": comment["id"] });
            if mutation == "answerReportComment" {
                input["text"] = "Đã sửa.".into();
            }
            who.does(mutation, input).await.thing();
        }
    }
}

async fn find(who: &Person, list: &str) -> Value {
    let answer = who
        .graphql(&format!("{{ {list} {{ nodes {{ id }} }} }}"), json!({}))
        .await;
    answer.at(&format!("/{list}/nodes/0/id")).clone()
}

/// Results: computed, moved by a quota over clusters, published, corrected.
async fn results(script: &mut Script) {
    let judged = Judged::three(&script.app).await;
    // Called after a year in which nobody else has results.
    judged.is_called(2031).await;
    let (specialist, committee) = (&judged.cluster.specialist, &judged.committee);
    let year = json!({ "yearId": judged.year_id() });
    script.call("computeResult", specialist, year).await;
    let quota = json!({
        "unitId": script.app.world()["Viên chức"].id(), "year": 2031, "title": "Tỷ lệ toàn ngành", "grade": "XS", "base": ["XS", "T"],
        "percent": "0", "rounding": "DOWN",
    });
    script.call("ruleQuota", committee, quota).await;
    let step = |result: &Value| json!({ "id": result["id"], "version": result["version"] });
    let even = [Says::Points("care", "50"), Says::Points("movement", "30")];
    judged.takes("Sở Ngoại vụ", &even).await;
    let order = ["Sở Ngoại vụ", "Sở Tài chính"].map(|unit| script.app.world()[unit].id());
    let tied = judged.computes().await;
    let settlement = json!({
        "resultId": tied.id(), "version": tied.thing()["version"], "unitIds": order, "reason": "Biên bản kiểm phiếu ngày 15/12.",
    });
    script.call("settleTie", committee, settlement).await;
    let computed = judged.computes().await;
    let published = script.call("publishResult", committee, step(computed.thing())).await;
    judged.council("Thư viện", Says::Points("care", "60")).await;
    let mut correction = step(&published);
    correction["reason"] = "Hội đồng chấm thiếu hồ sơ.".into();
    script.call("correctResult", committee, correction).await;
}

/// Results on REST.
async fn results_on_rest(script: &mut Script) {
    let judged = Judged::three(&script.app).await;
    let computed = judged.computes().await;
    let (who, get, none) = (&judged.committee, Method::GET, Sent::default());
    let path = "/api/v1/results";
    script
        .rest(get.clone(), path, path, who, none.clone(), SeesNothing)
        .await;
    let (one, filled) = (format!("{path}/{{id}}"), format!("{path}/{}", computed.id()));
    let unit = script.app.world()["Thư viện"].id();
    for (below, asked) in [
        ("", String::new()),
        ("/units", String::new()),
        ("/snapshot", String::new()),
        ("/explain", format!("?of=TOTAL&unitId={unit}")),
    ] {
        let (template, filled) = (format!("{one}{below}"), format!("{filled}{below}{asked}"));
        script
            .rest(get.clone(), &template, &filled, who, none.clone(), Refused)
            .await;
    }
    let counts = format!("{path}/grade-counts");
    let asked = format!("{counts}?year=2026&clusterId={}", judged.cluster.id);
    script.rest(get, &counts, &asked, who, none, Refused).await;
}

async fn awards(script: &mut Script, people: &People) {
    let world = script.app.world();
    let kind = json!({ "code": "BK_LDLD", "name": "Bằng khen của Ban Chấp hành LĐLĐ tỉnh", "level": "PROVINCE", "recipients": "BOTH" });
    let kind = script.call("createAwardType", &people.keeper, kind).await["id"].clone();
    let decision = json!({
        "issuerId": world["Sóc Trăng"].id(), "number": "737/QĐ-LĐLĐ", "year": 2025, "decidedOn": "2026-01-10",
        "awards": [{ "typeId": kind, "unitId": world["Thư viện"].id(), "recipient": "COLLECTIVE", "recipientName": "CĐCS Thư viện tỉnh" }],
    });
    script.call("recordAwardDecision", &people.keeper, decision).await;
}

async fn cross_checks(script: &mut Script) {
    let of = crate::crosschecks::Checked::begin(&script.app).await;
    let pair = |checker: &str, checked: &str| json!({ "yearId": of.year, "checkerId": checker, "checkedId": checked, "reason": "Có đơn thư" });
    let recusal = script
        .call("recordRecusal", &of.chair, pair(&of.units[2], &of.units[1]))
        .await;
    script
        .call("withdrawRecusal", &of.chair, json!({ "id": recusal["id"] }))
        .await;
    script
        .call("drawCrossChecks", &of.chair, json!({ "yearId": of.year }))
        .await;
    let spare = of.spare_pair().await;
    let by_hand = script
        .call("assignCrossCheck", &of.chair, pair(&spare.0, &spare.1))
        .await;
    let step = |check: &Value, more: Value| {
        let mut step = json!({ "id": check["id"], "version": check["version"] });
        for (field, value) in more.as_object().into_iter().flatten() {
            step[field] = value.clone();
        }
        step
    };
    let reason = json!({ "reason": "Đơn vị xin rút" });
    script
        .call("withdrawCrossCheck", &of.chair, step(&by_hand, reason.clone()))
        .await;
    let (check, checker, checked) = of.check().await;
    let found = json!({ "crossCheckId": check["id"], "text": "Chưa có sổ thăm hỏi" });
    let finding = script.call("writeFinding", &checker, found.clone()).await;
    let finding = script
        .call(
            "changeFinding",
            &checker,
            step(&finding, json!({ "text": "Sổ chưa đủ" })),
        )
        .await;
    script.call("removeFinding", &checker, step(&finding, json!({}))).await;
    let finding = checker.does("writeFinding", found).await.thing().clone();
    let (now, ..) = of.check().await;
    script.call("sendFindings", &checker, step(&now, json!({}))).await;
    script
        .call("replyToFinding", &checked, step(&finding, json!({ "reply": "AGREED" })))
        .await;
    let (now, ..) = of.check().await;
    let now = script
        .call(
            "waiveReplies",
            &of.chair,
            step(&now, json!({ "reason": "Quá hạn trả lời" })),
        )
        .await;
    let mut back = step(&now, json!({ "reason": "Đơn vị xin trả lời" }));
    back["version"] = now["version"].clone();
    let now = of.chair.does("returnCrossCheck", back).await.thing().clone();
    let now = script.call("sendReplies", &checked, step(&now, json!({}))).await;
    let minutes =
        json!({ "heldOn": "2026-01-05", "place": "Trụ sở", "attendance": "Hai đơn vị", "minutes": "Đã đối chiếu." });
    let now = script.call("writeMinutes", &checker, step(&now, minutes)).await;
    script.call("returnCrossCheck", &of.chair, step(&now, reason)).await;
}

async fn cross_checks_on_rest(script: &mut Script) {
    let of = crate::crosschecks::Checked::begin(&script.app).await;
    of.chair
        .does("drawCrossChecks", json!({ "yearId": of.year }))
        .await
        .thing();
    let (check, checker, checked) = of.check().await;
    let (list, one) = ("/api/v1/cross-checks", "/api/v1/cross-checks/{id}");
    let filled = format!("{list}/{}", text(&check["id"]));
    let (get, post, put) = (Method::GET, Method::POST, Method::PUT);
    let sent = |version: i64| Sent {
        version: Some(version),
        ..Sent::default()
    };
    script
        .rest(get.clone(), list, list, &checker, Sent::default(), SeesNothing)
        .await;
    script.rest(get, one, &filled, &checker, Sent::default(), Refused).await;
    let found = json!({ "text": "Chưa có sổ thăm hỏi" });
    let body = Sent {
        body: Some(&found),
        ..Sent::default()
    };
    let (path, to) = (format!("{one}/findings"), format!("{filled}/findings"));
    let first = script
        .rest(post.clone(), &path, &to, &checker, body.clone(), Refused)
        .await;
    let second = script.rest(post.clone(), &path, &to, &checker, body, Refused).await;
    let path = "/api/v1/cross-check-findings/{id}";
    let to = |finding: &Answer| format!("/api/v1/cross-check-findings/{}", text(&finding.body()["id"]));
    let change = Sent {
        body: Some(&found),
        ..sent(1)
    };
    script
        .rest(put.clone(), path, &to(&first), &checker, change, Refused)
        .await;
    script
        .rest(Method::DELETE, path, &to(&second), &checker, sent(1), Refused)
        .await;
    let (path, filled_step) = (format!("{one}/send-findings"), format!("{filled}/send-findings"));
    script
        .rest(post.clone(), &path, &filled_step, &checker, sent(5), Refused)
        .await;
    let agreed = json!({ "reply": "AGREED" });
    let reply = Sent {
        body: Some(&agreed),
        ..sent(2)
    };
    let path = "/api/v1/cross-check-findings/{id}/reply";
    script
        .rest(put, path, &format!("{}/reply", to(&first)), &checked, reply, Refused)
        .await;
    let (path, filled_step) = (format!("{one}/send-replies"), format!("{filled}/send-replies"));
    script
        .rest(post.clone(), &path, &filled_step, &checked, sent(7), Refused)
        .await;
    let minutes =
        json!({ "heldOn": "2026-01-05", "place": "Trụ sở", "attendance": "Hai đơn vị", "minutes": "Đã đối chiếu." });
    let minutes = Sent {
        body: Some(&minutes),
        ..sent(8)
    };
    let (path, filled_step) = (format!("{one}/minutes"), format!("{filled}/minutes"));
    script.rest(post, &path, &filled_step, &checker, minutes, Refused).await;
}

async fn every_rest_operation_is_called_recorded_and_refused(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let people = People::of(&app).await;
    let mut script = Script::begin(&app).await;
    beside(|| sessions(&mut script, &people)).await;
    beside(|| services_on_rest(&mut script, &people)).await;
    beside(|| by_the_provider(&mut script, &provider)).await;
    beside(|| reading(&mut script, &people)).await;
    beside(|| results_on_rest(&mut script)).await;
    beside(|| cross_checks_on_rest(&mut script)).await;
    beside(|| scoring::rest(&mut script)).await;
    beside(|| conferences::rest(&mut script)).await;
    beside(|| awards::rest(&mut script)).await;
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

async fn sessions(script: &mut Script, people: &People) {
    let (name, password) = ("tran.thi.b", "một mật khẩu đủ dài");
    let actor = Actor::command_line();
    let made = thidua::accounts::usecases::create(&script.app.env, &actor, name, "Trần Thị B", password).await;
    let made = Kind::Account.id(made.expect("an account").id);
    script.app.settle(&made).await;
    let nobody = script.app.nobody();
    let reason = "who has not signed in yet must be able to";
    let traces = script.traces().await;
    let tokens = nobody
        .post("/api/v1/auth/login", json!({ "username": name, "password": password }))
        .await;
    script.open_to_all("POST /api/v1/auth/login", &tokens, reason);
    assert_eq!(script.traces().await, traces + 1, "signing in is in the audit");
    let next = json!({ "refreshToken": tokens.body()["refreshToken"] });
    let tokens = nobody.post("/api/v1/auth/refresh", next).await;
    script.open_to_all("POST /api/v1/auth/refresh", &tokens, reason);
    let last = json!({ "refreshToken": tokens.body()["refreshToken"] });
    let traces = script.traces().await;
    let out = nobody.post("/api/v1/auth/logout", last).await;
    script.open_to_all(
        "POST /api/v1/auth/logout",
        &out,
        "the refresh token itself shows who it is",
    );
    assert_eq!(script.traces().await, traces + 1, "signing out is in the audit");
    let (get, none) = (Method::GET, Sent::default());
    script
        .rest(
            get,
            "/api/v1/auth/me",
            "/api/v1/auth/me",
            &people.officer,
            none,
            IsWelcome("it is about oneself"),
        )
        .await;
    let traces = script.traces().await;
    let export = people.officer.get("/api/v1/auth/me/export").await;
    script.open_to_all("GET /api/v1/auth/me/export", &export, "it is about oneself");
    assert_eq!(
        script.traces().await,
        traces + 1,
        "taking one's data along is in the audit"
    );
    let signed_in = script.app.signs_in(name, password).await;
    let traces = script.traces().await;
    let confirmed = signed_in
        .post("/api/v1/auth/confirm", json!({ "password": password }))
        .await;
    script.open_to_all("POST /api/v1/auth/confirm", &confirmed, "it is about oneself");
    assert_eq!(script.traces().await, traces + 1, "confirming is in the audit");
    let (list, delete) = ("/api/v1/auth/sessions", Method::DELETE);
    let (sent, welcome) = (Sent::default(), IsWelcome("sessions are one's own"));
    script.rest(Method::GET, list, list, &signed_in, sent, welcome).await;
    let ended = signed_in.request(delete.clone(), list, &[], "").await;
    script.open_to_all("DELETE /api/v1/auth/sessions", &ended, "sessions are one's own");
    let listed = signed_in.get(list).await;
    let one = format!("{list}/{}", listed.body()["items"][0]["id"].as_str().expect("an id"));
    let path = "/api/v1/auth/sessions/{id}";
    script
        .rest(delete, path, &one, &signed_in, Sent::default(), Refused)
        .await;
    let asked = nobody.post("/api/v1/auth/forgotten", json!({ "username": name })).await;
    script.open_to_all("POST /api/v1/auth/forgotten", &asked, reason);
    let invited = json!({ "username": "pham.van.c", "displayName": "Phạm Văn C" });
    let invited = people.admin.does("inviteAccount", invited).await;
    let link = invited.str("/inviteAccount/link");
    let (_, token) = link.split_once("#token=").expect("a link");
    let traces = script.traces().await;
    let chosen = json!({ "token": token, "newPassword": password });
    let chosen = nobody.post("/api/v1/auth/password", chosen).await;
    script.open_to_all("POST /api/v1/auth/password", &chosen, reason);
    assert_eq!(script.traces().await, traces + 1, "choosing a password is in the audit");
    for path in ["/.well-known/jwks.json", "/api/v1/openapi.json"] {
        let answer = nobody.get(path).await;
        script.open_to_all(&format!("GET {path}"), &answer, "it holds no data of anybody");
    }
}

async fn services_on_rest(script: &mut Script, people: &People) {
    let (world, admin) = (script.app.world(), &people.admin);
    let (path, get, post) = ("/api/v1/service-accounts", Method::GET, Method::POST);
    let terms = crate::accounts_services::terms("Kho dữ liệu", &world["Kon Tum"], "reports:read");
    let sent = |version: Option<i64>| Sent {
        version,
        ..Sent::default()
    };
    let new = Sent {
        body: Some(&terms),
        ..Sent::default()
    };
    let made = script.rest(post.clone(), path, path, admin, new, Refused).await;
    let (id, secret) = (text(&made.body()["account"]["id"]), text(&made.body()["secretId"]));
    script.rest(get.clone(), path, path, admin, sent(None), Refused).await;
    let (one, filled) = (format!("{path}/{{id}}"), format!("{path}/{id}"));
    script.rest(get, &one, &filled, admin, sent(None), Refused).await;
    let renewed = json!({ "validTo": "2027-03-01" });
    let change = Sent {
        version: Some(1),
        body: Some(&renewed),
        ..Sent::default()
    };
    script.rest(Method::PATCH, &one, &filled, admin, change, Refused).await;
    for (step, version) in [("secrets", 2), ("disable", 3), ("enable", 4)] {
        let (path, filled) = (format!("{one}/{step}"), format!("{filled}/{step}"));
        script
            .rest(post.clone(), &path, &filled, admin, sent(Some(version)), Refused)
            .await;
    }
    let (path, filled) = (
        "/api/v1/service-secrets/{id}/retire",
        format!("/api/v1/service-secrets/{secret}/retire"),
    );
    script.rest(post, path, &filled, admin, sent(Some(5)), Refused).await;
    let system = crate::accounts_services::System::of(&script.app, &world["Sóc Trăng"], "units:read").await;
    let token = system.asks(&script.app.nobody(), "").await;
    script.open_to_all(
        "POST /api/v1/auth/token",
        &token,
        "the secret shows which service account it is; its last use is noted there",
    );
}

async fn by_the_provider(script: &mut Script, provider: &Provider) {
    let (nobody, path) = (script.app.nobody(), "/api/v1/auth/oidc/links");
    let person = script.app.signs_in("tran.thi.b", "một mật khẩu đủ dài").await;
    let (welcome, reason) = (
        || IsWelcome("it is about oneself"),
        "who has not signed in yet must be able to",
    );
    let start = json!({ "redirectUri": REDIRECT, "password": "một mật khẩu đủ dài" });
    let traces = script.traces().await;
    let begun = person.post(&format!("{path}/start"), start).await;
    script.open_to_all(
        &format!("POST {path}/start"),
        &begun,
        "it asks for the password of the caller",
    );
    assert_eq!(script.traces().await, traces + 1, "showing who one is is in the audit");
    let back = provider
        .signs_in("nguoi-b", text(&begun.body()["authorizationUrl"]))
        .await;
    let finish = json!({ "flow": begun.body()["flow"], "state": back.state, "code": back.code });
    let finished = person.post(path, finish).await;
    script.open_to_all(&format!("POST {path}"), &finished, "it is finished by who began it");
    assert_eq!(script.traces().await, traces + 2, "linking is in the audit");
    script
        .rest(Method::GET, path, path, &person, Sent::default(), welcome())
        .await;
    let begun = nobody
        .post("/api/v1/auth/oidc/start", json!({ "redirectUri": REDIRECT }))
        .await;
    script.open_to_all("POST /api/v1/auth/oidc/start", &begun, reason);
    let back = provider
        .signs_in("nguoi-b", text(&begun.body()["authorizationUrl"]))
        .await;
    let finish = json!({ "flow": begun.body()["flow"], "state": back.state, "code": back.code });
    let finished = nobody.post("/api/v1/auth/oidc/finish", finish).await;
    script.open_to_all("POST /api/v1/auth/oidc/finish", &finished, reason);
    assert_eq!(script.traces().await, traces + 3, "signing in is in the audit");
    let one = format!("{path}/{}", text(&person.get(path).await.body()["items"][0]["id"]));
    let of_one = format!("{path}/{{id}}");
    script
        .rest(Method::DELETE, &of_one, &one, &person, Sent::default(), Refused)
        .await;
    let ways = nobody.get("/api/v1/auth/ways").await;
    script.open_to_all("GET /api/v1/auth/ways", &ways, reason);
}

async fn reading(script: &mut Script, people: &People) {
    let world = script.app.world();
    let mut setting_up = Script::begin(&script.app).await;
    let forms = forms(&mut setting_up, people).await;
    awards(&mut setting_up, people).await;
    let cluster = json!({ "form": "CLUSTER", "organiserId": world["Viên chức"].id(), "name": "Cụm 1", "validFrom": "2025-01-01" });
    let cluster = people.keeper.does("createCluster", cluster).await.id().to_owned();
    let report = json!({ "formId": forms.form, "periodId": forms.period, "unitId": world["Thư viện"].id() });
    let report = people.officer.does("createReport", report).await;
    let figures = json!([{ "indicatorCode": "members", "text": "23" }]);
    let saved = people
        .officer
        .does(
            "saveReport",
            json!({ "id": report.id(), "version": 1, "figures": figures }),
        )
        .await;
    let report = saved.id().to_owned();
    evidence(script, people, &report).await;
    sheets(script, people, &report).await;
    report_writes(script, people, &forms).await;
    tables(script, people).await;
    years::rest(script, "members").await;
    let award = find(&people.keeper, "awards").await;
    let (unit, award) = (world["Thư viện"].id(), award.as_str().expect("an id"));
    let reason = json!({ "reason": "Thiếu chữ ký" });
    let path = "/api/v1/reports/{id}/findings";
    let (one, none) = (path.replace("{id}", &report), Sent::default());
    script
        .rest(Method::GET, path, &one, &people.officer, none, Refused)
        .await;
    for (step, who, version) in [
        ("submit", &people.officer, 3),
        ("return", &people.keeper, 4),
        ("submit", &people.officer, 5),
        ("verify", &people.keeper, 6),
        ("approve", &people.committee, 7),
        ("correct", &people.officer, 8),
    ] {
        let send = Sent {
            version: Some(version),
            body: matches!(step, "return" | "correct").then_some(&reason),
            ..Sent::default()
        };
        let path = format!("/api/v1/reports/{{id}}/{step}");
        script
            .rest(Method::POST, &path, &path.replace("{id}", &report), who, send, Refused)
            .await;
    }
    let path = "/api/v1/reports/review";
    let correction = people.officer.get("/api/v1/reports?corrections=true").await;
    let correction = &correction.body()["items"][0]["id"];
    let submitted = json!({ "id": correction, "version": 1 });
    people.officer.does("submitReport", submitted).await.thing();
    let review =
        json!({ "step": "RETURN", "items": [{ "id": correction, "version": 2 }], "reason": "Thiếu thuyết minh" });
    let send = Sent {
        body: Some(&review),
        ..Sent::default()
    };
    script
        .rest(Method::POST, path, path, &people.keeper, send, Refused)
        .await;
    let (form_id, period_id) = (text(&forms.form), text(&forms.period));
    let indicator = find(&people.keeper, "indicators").await;
    let span = format!("formId={form_id}&periodId={period_id}");
    let of_unit = format!("{span}&unitId={}", world["Viên chức"].id());
    let (form, common) = (of_unit.as_str(), "the common catalogue is for everybody who signs in");
    for (path, filled, stranger) in [
        ("/api/v1/units", "/api/v1/units".to_owned(), SeesNothing),
        ("/api/v1/units/{id}", format!("/api/v1/units/{unit}"), Refused),
        ("/api/v1/clusters", "/api/v1/clusters".to_owned(), SeesNothing),
        ("/api/v1/clusters/{id}", format!("/api/v1/clusters/{cluster}"), Refused),
        ("/api/v1/periods", "/api/v1/periods".to_owned(), SeesNothing),
        ("/api/v1/periods/{id}", format!("/api/v1/periods/{period_id}"), Refused),
        ("/api/v1/indicators", "/api/v1/indicators".to_owned(), IsWelcome(common)),
        (
            "/api/v1/indicators/{id}",
            format!("/api/v1/indicators/{}", text(&indicator)),
            IsWelcome(common),
        ),
        ("/api/v1/report-forms", "/api/v1/report-forms".to_owned(), SeesNothing),
        (
            "/api/v1/report-forms/{id}",
            format!("/api/v1/report-forms/{form_id}"),
            Refused,
        ),
        (
            "/api/v1/report-forms/{id}/diff",
            format!("/api/v1/report-forms/{form_id}/diff?from=1&to=2"),
            Refused,
        ),
        (
            "/api/v1/report-forms/{id}/due-day",
            format!("/api/v1/report-forms/{form_id}/due-day?periodId={period_id}"),
            Refused,
        ),
        ("/api/v1/reports", "/api/v1/reports".to_owned(), SeesNothing),
        ("/api/v1/reports/{id}", format!("/api/v1/reports/{report}"), Refused),
        ("/api/v1/summary", format!("/api/v1/summary?{form}"), Refused),
        (
            "/api/v1/summary/reports",
            format!("/api/v1/summary/reports?{form}"),
            Refused,
        ),
        (
            "/api/v1/summary/owing",
            format!("/api/v1/summary/owing?{form}"),
            Refused,
        ),
        ("/api/v1/notifications", "/api/v1/notifications".to_owned(), SeesNothing),
        (
            "/api/v1/notifications/digest",
            "/api/v1/notifications/digest".to_owned(),
            IsWelcome("one's letters are one's own"),
        ),
        ("/api/v1/awards", "/api/v1/awards".to_owned(), SeesNothing),
        ("/api/v1/awards/{id}", format!("/api/v1/awards/{award}"), Refused),
        (
            "/api/v1/award-types",
            "/api/v1/award-types".to_owned(),
            IsWelcome(common),
        ),
    ] {
        script
            .rest(Method::GET, path, &filled, &people.keeper, Sent::default(), stranger)
            .await;
    }
    let (path, read) = ("/api/v1/notifications/read", json!({ "upTo": script.app.env.now() }));
    let send = Sent {
        body: Some(&read),
        ..Sent::default()
    };
    let own = IsWelcome("what one is told is one's own");
    script.rest(Method::POST, path, path, &people.officer, send, own).await;
    let (path, weekly) = ("/api/v1/notifications/digest", json!({ "rhythm": "DAILY" }));
    let send = Sent {
        body: Some(&weekly),
        ..Sent::default()
    };
    let own = IsWelcome("one's letters are one's own");
    script.rest(Method::PUT, path, path, &people.officer, send, own).await;
}

/// A report that is begun, written, remarked on, sent back and opened again, and more time for it.
async fn report_writes(script: &mut Script, people: &People, forms: &Forms) {
    let unit = &script.app.world()["Sở Nội vụ"];
    let officer = script.app.officer_of(unit).await;
    let new = json!({ "formId": forms.form, "periodId": forms.period, "unitId": unit.id() });
    let with = |body, version| Sent {
        version,
        body: Some(body),
        ..Sent::default()
    };
    let path = "/api/v1/reports";
    let made = script
        .rest(Method::POST, path, path, &officer, with(&new, None), Refused)
        .await;
    let report = text(&made.body()["id"]).to_owned();
    let at = |path: &str| path.replace("{id}", &report).replace("{number}", "1");
    let figures = json!({ "figures": [{ "indicatorCode": "members", "text": "782" }] });
    let path = "/api/v1/reports/{id}";
    script
        .rest(
            Method::PATCH,
            path,
            &at(path),
            &officer,
            with(&figures, Some(1)),
            Refused,
        )
        .await;
    let sending = json!({ "id": report, "version": 2 });
    officer.does("submitReport", sending).await.thing();
    let path = "/api/v1/reports/{id}/comments";
    let said = json!({ "text": "Đã đối chiếu sổ đoàn viên." });
    let said = script
        .rest(
            Method::POST,
            path,
            &at(path),
            &people.keeper,
            with(&said, None),
            Refused,
        )
        .await;
    let comment = text(&said.body()["id"]).to_owned();
    let answer = json!({ "text": "Cảm ơn." });
    for (path, who, body) in [
        ("/api/v1/report-comments/{id}/answer", &officer, Some(&answer)),
        ("/api/v1/report-comments/{id}/resolve", &people.keeper, None),
    ] {
        let send = Sent {
            body,
            ..Sent::default()
        };
        let filled = path.replace("{id}", &comment);
        script.rest(Method::POST, path, &filled, who, send, Refused).await;
    }
    let back = json!({ "id": report, "version": 3, "reason": "Chưa khớp", "figures": [{ "indicatorCode": "members", "text": "Khác sổ." }] });
    people.keeper.does("returnReport", back).await.thing();
    let send = Sent {
        version: Some(4),
        ..Sent::default()
    };
    let path = "/api/v1/reports/{id}/unlock";
    script
        .rest(Method::POST, path, &at(path), &people.keeper, send, Refused)
        .await;
    for (path, query) in [
        ("/api/v1/reports/{id}/comments", ""),
        ("/api/v1/reports/{id}/sendings/{number}", ""),
        ("/api/v1/reports/{id}/difference", "?since=LAST_SUBMISSION"),
    ] {
        let filled = at(path) + query;
        script
            .rest(Method::GET, path, &filled, &officer, Sent::default(), Refused)
            .await;
    }
    let time = json!({ "periodId": forms.period, "unitId": unit.id(), "until": "2027-01-10", "reason": "Bão số 10" });
    let path = "/api/v1/report-forms/{id}/extensions";
    let filled = path.replace("{id}", text(&forms.form));
    script
        .rest(Method::POST, path, &filled, &people.keeper, with(&time, None), Refused)
        .await;
}

/// The evidence of a report that is a draft.
async fn evidence(script: &mut Script, people: &People, report: &str) {
    let (officer, none, form) = (&people.officer, Sent::default(), Upload::of("a.pdf", pdf("một")));
    let path = "/api/v1/reports/{id}/evidence";
    let filled = path.replace("{id}", report);
    let send = Sent {
        form: Some(&form),
        ..Sent::default()
    };
    let added = script.rest(Method::POST, path, &filled, officer, send, Refused).await;
    script
        .rest(Method::GET, path, &filled, officer, none.clone(), Refused)
        .await;
    let path = "/api/v1/evidence/{id}";
    let one = path.replace("{id}", text(&added.body()["id"]));
    script
        .rest(Method::GET, path, &one, officer, none.clone(), Refused)
        .await;
    let (link, filled) = (format!("{path}/link"), format!("{one}/link"));
    let made = script
        .rest(Method::POST, &link, &filled, officer, none.clone(), Refused)
        .await;
    let content = script.app.nobody().get(text(&made.body()["url"])).await;
    script.open_to_all(
        "GET /api/v1/files/{token}",
        &content,
        "the link shows for whom it was made",
    );
    script.rest(Method::DELETE, path, &one, officer, none, Refused).await;
}

/// The spreadsheet of a report at its second version, downloaded and uploaded with another figure.
async fn sheets(script: &mut Script, people: &People, report: &str) {
    let path = "/api/v1/reports/{id}/sheet";
    let (officer, filled) = (&people.officer, path.replace("{id}", report));
    let csv = format!("{filled}?format=csv");
    let sheet = script
        .rest(Method::GET, path, &csv, officer, Sent::default(), Refused)
        .await;
    let form = Upload::of("a.csv", sheet.text().replace(";23", ";24"));
    let send = Sent {
        form: Some(&form),
        version: Some(2),
        ..Sent::default()
    };
    script.rest(Method::POST, path, &filled, officer, send, Refused).await;

    let path = "/api/v1/report-forms/{id}/sheet";
    let seen = officer.get(&format!("/api/v1/reports/{report}")).await;
    let (form, period) = (text(&seen.body()["formId"]), text(&seen.body()["periodId"]));
    let filled = format!("{}?periodId={period}", path.replace("{id}", form));
    let other = script.app.world()["Sở Ngoại vụ"].clone();
    let clerk = script.app.officer_of(&other).await;
    let csv = format!("{filled}&format=csv");
    let sheet = script
        .rest(Method::GET, path, &csv, &clerk, Sent::default(), Refused)
        .await;
    // Behind the key of the unit: no report, no version, the first figure.
    let blank = format!("{};;;", other.id());
    let form = Upload::of("a.csv", sheet.text().replace(&blank, &format!("{blank}25")));
    let send = Sent {
        form: Some(&form),
        ..Sent::default()
    };
    script.rest(Method::POST, path, &filled, &clerk, send, Refused).await;
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
