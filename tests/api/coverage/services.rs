//! The doors of service accounts and of the provider of identities.

use actix_web::http::Method;
use serde_json::json;

use super::{IsWelcome, People, Refused, Script, Sent, text};
use crate::support::{Provider, REDIRECT};

pub async fn mutations(script: &mut Script, people: &People) {
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

pub async fn links_to_the_provider(script: &mut Script, people: &People, provider: &Provider) {
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

pub async fn rest(script: &mut Script, people: &People) {
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

pub async fn by_the_provider(script: &mut Script, provider: &Provider) {
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
