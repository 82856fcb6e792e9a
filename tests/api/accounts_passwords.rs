//! Passwords that are refused because they would be guessed, and passwords that must be changed before anything else. That every
//! door keeps to the latter is told in `coverage.rs`.

use serde_json::{Value, json};
use thidua::accounts::usecases;

use crate::accounts_signing_in::{PASSWORD, SignedIn, login};
use crate::support::{Person, TestApp, introspected, list, on_both_databases, text};

on_both_databases! {
    a_password_that_would_be_guessed_is_refused,
    a_first_password_is_good_for_changing_it_and_nothing_else,
    a_newcomer_asks_nothing_but_who_it_is,
    who_must_change_the_password_holds_no_role_meanwhile,
    a_password_that_the_command_line_made_must_be_changed,
}

const NEW: &str = "nắng lên ngoài sân mới";

async fn make(app: &TestApp, username: &str, name: &str, password: &str) -> crate::support::Answer {
    let input = json!({ "username": username, "displayName": name, "password": password });
    app.admin().await.does("createAccount", input).await
}

async fn changes(who: &Person, current: &str, new: &str) -> crate::support::Answer {
    let input = json!({ "currentPassword": current, "newPassword": new });
    who.does("changePassword", input).await
}

async fn a_password_that_would_be_guessed_is_refused(app: TestApp) {
    let hien = SignedIn::of(&app, "hien.tran").await;
    let hien = app.bearer_of(&hien.access).in_english();
    let before = app.contents().await;
    for password in [
        "matkhau12345",
        "Mật khẩu 2026",
        "CongDoan@123456",
        "anhyeuem1234",
        "123456789012",
        "Thị Hiền 1990-01-01",
        "hien.tran@2026",
    ] {
        let refused = changes(&hien, PASSWORD, password).await;
        assert_eq!(
            refused.user_errors(),
            [("PASSWORD_TOO_COMMON", "newPassword")],
            "{password}"
        );
        assert!(refused.user_message().contains("easy to guess"), "{refused}");
    }
    assert_eq!(app.contents().await, before);
    let made = make(&app, "moi.ve", "Người mới", "matkhau12345").await;
    assert_eq!(made.user_errors(), [("PASSWORD_TOO_COMMON", "password")]);
    make(&app, "moi.ve", "Người mới", thidua::demo::PASSWORD).await.thing();
}

async fn a_first_password_is_good_for_changing_it_and_nothing_else(app: TestApp) {
    let made = make(&app, "moi.ve", "Người mới", PASSWORD).await;
    assert_eq!(made.thing()["mustChangePassword"], true);
    let signed_in = SignedIn::again(&app, "moi.ve", PASSWORD).await;
    let person = app.bearer_of(&signed_in.access);
    let me = person.get("/api/v1/auth/me").await;
    assert_eq!((me.status(), &me.body()["mustChangePassword"]), (200, &json!(true)));
    let viewer = person.graphql("{ viewer { mustChangePassword } }", json!({})).await;
    assert_eq!(*viewer.at("/viewer/mustChangePassword"), json!(true));
    let list = person.in_english().get("/api/v1/units").await;
    assert_eq!((list.status(), list.code()), (403, "PASSWORD_CHANGE_REQUIRED"));
    assert!(list.message().contains("temporary"), "{list}");
    let units = person.graphql("{ units { totalCount } }", json!({})).await;
    assert_eq!(units.code(), "PASSWORD_CHANGE_REQUIRED");
    // Whoever goes on with a refresh token has not changed it either.
    let signed_in = SignedIn::from(&app, signed_in.refreshes().await);
    let person = app.bearer_of(&signed_in.access);
    assert_eq!(person.get("/api/v1/units").await.status(), 403);
    let same = changes(&person, PASSWORD, PASSWORD).await;
    assert_eq!(same.user_errors(), [("PASSWORD_UNCHANGED", "newPassword")]);
    assert_eq!(person.get("/api/v1/units").await.status(), 403);
    assert_eq!(
        changes(&person, PASSWORD, NEW).await.thing()["mustChangePassword"],
        false
    );
    assert_eq!(
        person.get("/api/v1/units").await.status(),
        200,
        "in the same session, at once"
    );
    let viewer = person
        .graphql("{ viewer { mustChangePassword } units { totalCount } }", json!({}))
        .await;
    assert_eq!(*viewer.at("/viewer/mustChangePassword"), json!(false));
    let out = json!({ "refreshToken": signed_in.refresh });
    assert_eq!(app.nobody().post("/api/v1/auth/logout", out).await.status(), 204);
}

async fn a_newcomer_asks_nothing_but_who_it_is(app: TestApp) {
    let newcomer = app.newcomer().await;
    let query = introspected().named("Query");
    let mut asked = 0;
    for field in list(query, "fields") {
        let (name, arguments) = (text(field, "name"), list(field, "args"));
        let demanded = |one: &&Value| text(&one["type"], "kind") == "NON_NULL";
        let id_only = arguments.iter().filter(demanded).all(|one| text(one, "name") == "id");
        // In which ways one may sign in is told to everybody.
        if ["viewer", "signInWays"].contains(&name) || !id_only {
            continue;
        }
        let id = if arguments.iter().any(|one| demanded(&one)) {
            format!("(id: \"{}\")", app.world()["Kon Tum"].id())
        } else {
            String::new()
        };
        let fields = if ["SCALAR", "ENUM"].contains(&text(&field["type"], "kind")) {
            ""
        } else {
            "{ __typename }"
        };
        let refused = newcomer.graphql(&format!("{{ {name}{id} {fields} }}"), json!({})).await;
        assert_eq!(refused.code(), "PASSWORD_CHANGE_REQUIRED", "{name}: {refused}");
        asked += 1;
    }
    assert!(asked >= 8, "{asked}");
    // What it may ask in one breath with what it may not is answered, and nothing else.
    let both = newcomer
        .graphql("{ viewer { mustChangePassword } units { totalCount } }", json!({}))
        .await;
    assert_eq!(both.errors().len(), 1);
    assert_eq!(*both.peek("/viewer/mustChangePassword"), json!(true));
    assert!(both.peek("/units").is_null());
}

async fn who_must_change_the_password_holds_no_role_meanwhile(app: TestApp) {
    let newcomer = app.newcomer().await;
    let query = "{ viewer { can offices { office } sessions { id } grants { role }
        account { username email viewerCan { action allowed } grants { role } } } }";
    let viewer = newcomer.graphql(query, json!({})).await;
    assert_eq!(
        (viewer.at("/viewer/can"), viewer.at("/viewer/offices")),
        (&json!([]), &json!([]))
    );
    let refusal = json!([{ "action": "ACCOUNT_MANAGE", "allowed": false }]);
    assert_eq!(*viewer.at("/viewer/account/viewerCan"), refusal);
    let me = newcomer.get("/api/v1/auth/me").await;
    assert_eq!((&me.body()["can"], &me.body()["capacities"]), (&json!([]), &json!([])));
}

async fn a_password_that_the_command_line_made_must_be_changed(app: TestApp) {
    for (username, temporary) in [("quan.tri.mot", true), ("quan.tri.hai", false)] {
        let made = usecases::create_admin(&app.env, username, "Ban Tổ chức", PASSWORD, temporary).await;
        made.expect("an administrator");
        assert_eq!(login(&app, username, PASSWORD).await.status(), 200);
        let person = app.signs_in(username, PASSWORD).await;
        let list = person.graphql("{ accounts { totalCount } }", json!({})).await;
        assert_eq!(list.code(), if temporary { "PASSWORD_CHANGE_REQUIRED" } else { "" });
    }
}
