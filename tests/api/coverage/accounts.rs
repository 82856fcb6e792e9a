//! The doors of accounts: signing in, second factors, sessions.

use actix_web::http::Method;
use serde_json::json;
use thidua::accounts::second_factor;
use thidua::auth::Actor;
use thidua::ids::Kind;

use super::{IsWelcome, People, Refused, Script, Sent, version};

pub async fn mutations(script: &mut Script, people: &People) {
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

pub async fn second_factors(script: &mut Script, people: &People) {
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

pub async fn sessions(script: &mut Script, people: &People) {
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
