//! Which person at the identity provider an account is: linked by its owner or by an administrator, shown, and taken apart.

use actix_web::http::Method;
use chrono::Duration;
use serde_json::{Value, json};
use thidua::policy::Scope;
use thidua_entity::enums::Role;

use crate::accounts_provider::{address, comes, finishes, linked, links, problem, starts};
use crate::accounts_second_factor::WithPhone;
use crate::accounts_signing_in::{PASSWORD, SignedIn, actions, login, make};
use crate::support::{Answer, Back, Person, Provider, REDIRECT, TestApp, on_both_databases};

on_both_databases! {
    somebody_links_their_own_account,
    the_same_on_rest,
    linking_asks_again_who_one_is,
    a_link_is_finished_by_who_began_it,
    a_person_is_one_account_and_an_account_one_person,
    an_administrator_records_a_subject,
    recording_a_subject_asks_for_a_fresh_proof,
    nobody_links_accounts_that_they_do_not_manage,
    links_are_shown_to_who_owns_or_manages_the_account,
    who_unlinks_is_out_where_they_came_by_it,
    an_administrator_unlinks,
    the_only_way_in_is_not_taken_away_by_its_owner,
    other_peoples_links_do_not_exist,
    links_to_a_former_provider_open_nothing,
    no_subject_is_in_the_audit,
}

/// Somebody begins to link their account, goes to the provider as `subject`, and is back.
async fn goes(provider: &Provider, person: &Person, subject: &str) -> (Value, Back) {
    let begun = person
        .does(
            "startProviderLink",
            json!({ "redirectUri": REDIRECT, "password": PASSWORD }),
        )
        .await;
    let begun = begun.thing().clone();
    let back = provider.signs_in(subject, address(&begun)).await;
    (begun, back)
}

async fn finishes_link(person: &Person, (begun, back): &(Value, Back)) -> Answer {
    let input = json!({ "flow": begun["flow"], "state": back.state, "code": back.code });
    person.does("finishProviderLink", input).await
}

async fn own_links(person: &Person) -> Value {
    let query = "{ viewer { account { id providerLinks { id issuer usable subject linkedBy linkedAt } } } }";
    person
        .graphql(query, json!({}))
        .await
        .at("/viewer/account/providerLinks")
        .clone()
}

async fn somebody_links_their_own_account(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let signed_in = SignedIn::of(&app, "hien.tran").await;
    let hien = app.bearer_of(&signed_in.access);
    assert_eq!(own_links(&hien).await, json!([]));
    let went = goes(&provider, &hien, "nguoi-7").await;
    assert!(
        address(&went.0).contains("prompt=login"),
        "who sits at the desk signs in there anew"
    );
    let link = finishes_link(&hien, &went).await.thing().clone();
    assert_eq!(
        (&link["subject"], &link["issuer"]),
        (&json!("nguoi-7"), &json!(provider.issuer()))
    );
    let listed = own_links(&hien).await;
    assert_eq!(listed[0]["id"], link["id"]);
    assert_eq!(
        (&listed[0]["usable"], &listed[0]["linkedBy"]),
        (&json!(true), &json!("Trần Thị Hiền"))
    );
    let by_provider = SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    assert_eq!(own_links(&app.bearer_of(&by_provider.access)).await, listed);
    let me = hien.get("/api/v1/auth/me").await.body()["id"].clone();
    let told = actions(&app, me.as_str().expect("an id")).await;
    assert_eq!(told[2..], ["IDENTITY_CONFIRMED", "PROVIDER_LINKED", "SIGNED_IN"]);
    let again = finishes_link(&hien, &went).await;
    assert_eq!(again.user_errors(), [("FLOW_INVALID", "flow")]);
}

async fn the_same_on_rest(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let signed_in = SignedIn::of(&app, "hien.tran").await;
    let hien = app.bearer_of(&signed_in.access);
    let start = json!({ "redirectUri": REDIRECT, "password": PASSWORD });
    let begun = hien.post("/api/v1/auth/oidc/links/start", start).await;
    assert_eq!((begun.status(), begun.header("cache-control")), (200, "no-store"));
    let back = provider.signs_in("nguoi-7", address(begun.body())).await;
    let finish = json!({ "flow": begun.body()["flow"], "state": back.state, "code": back.code });
    let made = hien.post("/api/v1/auth/oidc/links", finish).await;
    assert_eq!((made.status(), &made.body()["subject"]), (201, &json!("nguoi-7")));
    let path = "/api/v1/auth/oidc/links";
    assert_eq!(hien.get(path).await.body()["items"], json!([made.body()]));
    let one = format!("{path}/{}", made.body()["id"].as_str().expect("an id"));
    assert_eq!(hien.request(Method::DELETE, &one, &[], "").await.status(), 204);
    assert_eq!(hien.request(Method::DELETE, &one, &[], "").await.status(), 404);
    assert_eq!(hien.get(path).await.body()["items"], json!([]));
}

async fn linking_asks_again_who_one_is(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let signed_in = SignedIn::of(&app, "hien.tran").await;
    let hien = app.bearer_of(&signed_in.access);
    for shown in [json!({}), json!({ "password": "sai mật khẩu rồi" })] {
        let mut input = shown;
        input["redirectUri"] = REDIRECT.into();
        let refused = hien.does("startProviderLink", input).await;
        assert_eq!(refused.user_errors(), [("WRONG_PASSWORD", "password")]);
    }
    let elsewhere = json!({ "redirectUri": "https://ke-gian.example/", "password": PASSWORD });
    let elsewhere = hien.does("startProviderLink", elsewhere).await;
    assert_eq!(elsewhere.user_errors(), [("REDIRECT_NOT_ALLOWED", "redirectUri")]);
    // Where there is a second factor, a password shows nothing.
    let lan = WithPhone::of(&app, "lan.pham").await;
    let password = json!({ "redirectUri": REDIRECT, "password": PASSWORD });
    assert_eq!(
        lan.person.does("startProviderLink", password).await.code(),
        "SECOND_FACTOR_REQUIRED"
    );
    let code = json!({ "redirectUri": REDIRECT, "code": lan.code() });
    lan.person.does("startProviderLink", code).await.thing();
}

async fn a_link_is_finished_by_who_began_it(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let hien = app.bearer_of(&SignedIn::of(&app, "hien.tran").await.access);
    let thief = app.bearer_of(&SignedIn::of(&app, "ke.gian").await.access);
    // The thief has the victim go there and sees the way back, or makes the victim finish what the thief began.
    let went = goes(&provider, &hien, "nguoi-7").await;
    assert_eq!(
        finishes_link(&thief, &went).await.user_errors(),
        [("FLOW_INVALID", "flow")]
    );
    let slipped = goes(&provider, &thief, "ke-gian").await;
    assert_eq!(
        finishes_link(&hien, &slipped).await.user_errors(),
        [("FLOW_INVALID", "flow")]
    );
    // What was begun for linking signs nobody in, and the other way round.
    assert_eq!(
        problem(&finishes(&app, &went.0, &went.1).await),
        ("FLOW_INVALID", "flow")
    );
    let begun = starts(&app).await;
    let back = provider.signs_in("nguoi-7", address(&begun)).await;
    assert_eq!(
        finishes_link(&hien, &(begun, back)).await.user_errors(),
        [("FLOW_INVALID", "flow")]
    );
    finishes_link(&hien, &went).await.thing();
    assert_eq!(own_links(&thief).await, json!([]));
}

async fn a_person_is_one_account_and_an_account_one_person(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let lan = app.bearer_of(&SignedIn::of(&app, "lan.pham").await.access);
    let taken = finishes_link(&lan, &goes(&provider, &lan, "nguoi-7").await).await;
    assert_eq!(taken.code(), "ALREADY_EXISTS", "{taken}");
    finishes_link(&lan, &goes(&provider, &lan, "nguoi-9").await)
        .await
        .thing();
    let second = finishes_link(&lan, &goes(&provider, &lan, "nguoi-10").await).await;
    assert_eq!(second.code(), "ALREADY_EXISTS", "{second}");
    let (admin, an) = (app.admin().await, make(&app, "an.le").await);
    assert_eq!(links(&admin, &an, "nguoi-9").await.code(), "ALREADY_EXISTS");
    assert_eq!(
        problem(&comes(&app, &provider, "nguoi-10").await),
        ("PROVIDER_NOT_LINKED", "code")
    );
    // Of two at once who want to be the same person, one is.
    let (one, other) = (make(&app, "hoa.vo").await, make(&app, "binh.do").await);
    let both = tokio::join!(links(&admin, &one, "nguoi-11"), links(&admin, &other, "nguoi-11"));
    let mut codes = [both.0.code(), both.1.code()];
    codes.sort_unstable();
    assert_eq!(codes, ["", "ALREADY_EXISTS"]);
}

async fn an_administrator_records_a_subject(app: TestApp) {
    let provider = Provider::open(&app).await;
    let without = app.clone();
    let app = provider.serves(&app).await;
    let (admin, account) = (app.admin().await, make(&app, "hien.tran").await);
    for wrong in ["", "  ", "người-7", "nguoi 7", "nguoi\n7", &"x".repeat(256)] {
        let refused = links(&admin, &account, wrong).await;
        assert_eq!(refused.user_errors(), [("SUBJECT_INVALID", "subject")], "{wrong:?}");
    }
    let own = admin.graphql("{ viewer { account { id } } }", json!({})).await;
    let own = links(&admin, own.str("/viewer/account/id"), "nguoi-1").await;
    assert_eq!(
        own.user_errors(),
        [("OWN_ACCOUNT", "id")],
        "one's own is shown at the provider"
    );
    let none = links(&without.admin().await, &account, "nguoi-7").await;
    assert_eq!(none.code(), "WRONG_STATE", "there is no provider");
    let link = links(&admin, &account, " auth0|Nguoi-7 ").await;
    assert_eq!(link.thing()["subject"], "auth0|Nguoi-7");
    SignedIn::from(&app, comes(&app, &provider, "auth0|Nguoi-7").await);
    let stale = json!({ "id": account, "version": 1, "subject": "nguoi-8" });
    assert_eq!(admin.does("linkAccountToProvider", stale).await.code(), "STALE_VERSION");
}

async fn recording_a_subject_asks_for_a_fresh_proof(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider
        .serves_with(&app, |settings| settings.deciding_fresh_minutes = 15)
        .await;
    let (admin, account) = (app.admin().await, make(&app, "hien.tran").await);
    app.it_is((app.env.now() + Duration::minutes(16)).fixed_offset());
    assert_eq!(links(&admin, &account, "nguoi-7").await.code(), "PROOF_REQUIRED");
    links(&app.admin().await, &account, "nguoi-7").await.thing();
}

/// An officer of the library, and one who manages accounts of its district and no further.
async fn small(app: &TestApp) -> (Person, Person, Person) {
    let world = app.world();
    let officer = app.officer_of(&world["Thư viện"]).await;
    let above = app.person(&[(Role::Admin, Scope::Unit(world["Viên chức"].uuid))]).await;
    let elsewhere = app.person(&[(Role::Admin, Scope::Unit(world["Kon Tum"].uuid))]).await;
    (officer, above, elsewhere)
}

async fn nobody_links_accounts_that_they_do_not_manage(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let (officer, above, elsewhere) = small(&app).await;
    let account = officer.graphql("{ viewer { account { id } } }", json!({})).await;
    let account = account.str("/viewer/account/id").to_owned();
    let input = json!({ "id": account, "version": 1, "subject": "nguoi-7" });
    let refused = async |who: &Person| who.does("linkAccountToProvider", input.clone()).await.code().to_owned();
    assert_eq!(refused(&officer).await, "FORBIDDEN");
    assert_eq!(refused(&elsewhere).await, "NOT_FOUND");
    above.does("linkAccountToProvider", input.clone()).await.thing();
    // Who manages an account that also administers everything takes no hold of it.
    let great = app
        .person(&[
            (Role::Admin, Scope::Everything),
            (Role::UnitOfficer, Scope::Unit(app.world()["Thư viện"].uuid)),
        ])
        .await;
    let great = great.graphql("{ viewer { account { id } } }", json!({})).await;
    let taken = json!({ "id": great.str("/viewer/account/id"), "version": 1, "subject": "ke-gian" });
    assert_eq!(above.does("linkAccountToProvider", taken).await.code(), "FORBIDDEN");
}

async fn links_are_shown_to_who_owns_or_manages_the_account(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let great = app
        .person(&[
            (Role::Admin, Scope::Everything),
            (Role::UnitOfficer, Scope::Unit(app.world()["Thư viện"].uuid)),
        ])
        .await;
    let account = great.graphql("{ viewer { account { id } } }", json!({})).await;
    let account = account.str("/viewer/account/id").to_owned();
    let link = links(&app.admin().await, &account, "nguoi-1").await.id().to_owned();
    let (_, above, elsewhere) = small(&app).await;
    let query = "query($id: ID!) { node(id: $id) { ... on Account { providerLinks { subject } } } }";
    let seen = async |who: &Person| who.graphql(query, json!({ "id": account })).await;
    assert_eq!(
        seen(&app.admin().await).await.texts("/node/providerLinks", "subject"),
        ["nguoi-1"]
    );
    assert_eq!(seen(&great).await.texts("/node/providerLinks", "subject"), ["nguoi-1"]);
    assert_eq!(
        *seen(&above).await.at("/node/providerLinks"),
        Value::Null,
        "sees the account, and not as a whole"
    );
    assert_eq!(seen(&elsewhere).await.code(), "NOT_FOUND");
    let unlinks = async |who: &Person| {
        who.does("unlinkProvider", json!({ "id": link }))
            .await
            .code()
            .to_owned()
    };
    assert_eq!(
        (unlinks(&above).await, unlinks(&elsewhere).await),
        ("NOT_FOUND".to_owned(), "NOT_FOUND".to_owned())
    );
    // A list of many accounts takes no more statements than one of few.
    let list = "{ accounts(first: 50) { nodes { providerLinks { subject } } } }";
    let admin = app.admin().await;
    // From ten accounts on, that they were read is kept: one statement more.
    for number in 0..10 {
        let name = format!("can-bo.{number}");
        linked(&app, &name, &name).await;
    }
    let few = admin.graphql(list, json!({})).await.statements();
    for name in ["a.le", "b.le", "c.le"] {
        linked(&app, name, name).await;
    }
    assert_eq!(admin.graphql(list, json!({})).await.statements(), few);
}

async fn who_unlinks_is_out_where_they_came_by_it(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    linked(&app, "hien.tran", "nguoi-7").await;
    let by_password = SignedIn::from(&app, login(&app, "hien.tran", PASSWORD).await);
    let elsewhere = SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    let here = SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    let begun = starts(&app).await;
    let back = provider.signs_in("nguoi-7", address(&begun)).await;
    let hien = app.bearer_of(&here.access);
    let link = own_links(&hien).await[0]["id"].clone();
    hien.does("unlinkProvider", json!({ "id": link })).await.thing();
    let statuses = (
        by_password.status().await,
        elsewhere.status().await,
        here.status().await,
    );
    assert_eq!(statuses, (200, 401, 200));
    assert_eq!(
        problem(&finishes(&app, &begun, &back).await),
        ("PROVIDER_NOT_LINKED", "code")
    );
    let again = hien.does("unlinkProvider", json!({ "id": link })).await;
    assert_eq!(again.code(), "NOT_FOUND");
    // Linked anew it is another link.
    finishes_link(&hien, &goes(&provider, &hien, "nguoi-7").await)
        .await
        .thing();
    assert_ne!(own_links(&hien).await[0]["id"], link);
}

async fn an_administrator_unlinks(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let (admin, account) = (app.admin().await, make(&app, "hien.tran").await);
    let link = links(&admin, &account, "nguoi-7").await.id().to_owned();
    let signed_in = SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
    admin.does("unlinkProvider", json!({ "id": link })).await.thing();
    assert_eq!(signed_in.status().await, 401);
    let told = actions(&app, &account).await;
    assert_eq!(told[1..], ["PROVIDER_LINKED", "SIGNED_IN", "PROVIDER_UNLINKED"]);
}

async fn the_only_way_in_is_not_taken_away_by_its_owner(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let admin = app.admin().await;
    let invited = json!({ "username": "lan.pham", "displayName": "Phạm Thị Lan" });
    let account = admin.does("inviteAccount", invited).await.id().to_owned();
    let link = links(&admin, &account, "nguoi-9").await.id().to_owned();
    let signed_in = SignedIn::from(&app, comes(&app, &provider, "nguoi-9").await);
    let lan = app.bearer_of(&signed_in.access);
    assert_eq!(
        lan.does("unlinkProvider", json!({ "id": link })).await.code(),
        "WRONG_STATE"
    );
    admin.does("unlinkProvider", json!({ "id": link })).await.thing();
}

async fn other_peoples_links_do_not_exist(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let account = make(&app, "hien.tran").await;
    let link = links(&app.admin().await, &account, "nguoi-7").await.id().to_owned();
    let specialist = app.specialist_of(&app.world()["Kon Tum"]).await;
    for other in [specialist, app.stranger().await] {
        let graphql = other.does("unlinkProvider", json!({ "id": link })).await;
        let rest = other
            .request(Method::DELETE, &format!("/api/v1/auth/oidc/links/{link}"), &[], "")
            .await;
        assert_eq!((graphql.code(), rest.status()), ("NOT_FOUND", 404));
        let node = other
            .graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": link }))
            .await;
        assert_eq!(node.code(), "NOT_FOUND");
    }
    SignedIn::from(&app, comes(&app, &provider, "nguoi-7").await);
}

async fn links_to_a_former_provider_open_nothing(app: TestApp) {
    let former = Provider::open(&app).await;
    let with_former = former.serves(&app).await;
    linked(&with_former, "hien.tran", "nguoi-7").await;
    let begun = starts(&with_former).await;
    let back = former.signs_in("nguoi-7", address(&begun)).await;
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    // Another provider may call somebody else the same.
    assert_eq!(
        problem(&comes(&app, &provider, "nguoi-7").await),
        ("PROVIDER_NOT_LINKED", "code")
    );
    assert_eq!(problem(&finishes(&app, &begun, &back).await), ("FLOW_INVALID", "flow"));
    let hien = SignedIn::from(&app, login(&app, "hien.tran", PASSWORD).await);
    assert_eq!(own_links(&app.bearer_of(&hien.access)).await[0]["usable"], false);
}

async fn no_subject_is_in_the_audit(app: TestApp) {
    let provider = Provider::open(&app).await;
    let app = provider.serves(&app).await;
    let (admin, account) = (app.admin().await, make(&app, "hien.tran").await);
    let link = links(&admin, &account, "034185000007").await.id().to_owned();
    SignedIn::from(&app, comes(&app, &provider, "034185000007").await);
    admin.does("unlinkProvider", json!({ "id": link })).await.thing();
    let audit = app
        .contents()
        .await
        .remove("audit_entry")
        .expect("the audit")
        .join("\n");
    assert!(audit.contains("PROVIDER_UNLINKED") && audit.contains(&link), "{audit}");
    assert!(
        !audit.contains("034185000007"),
        "at some providers it is the number of an identity card"
    );
}
