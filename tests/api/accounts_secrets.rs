//! Who has the database, or a dump of it, has nobody's way in.

use serde_json::json;
use thidua::accounts::second_factor;

use crate::accounts_links::{NEW, choose, invite, reset, token};
use crate::accounts_services::System;
use crate::accounts_signing_in::{PASSWORD, SignedIn};
use crate::support::{TestApp, on_both_databases};

on_both_databases! {
    no_secret_is_in_any_table,
}

/// How bytes are shown in a dump of either database.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn no_secret_is_in_any_table(app: TestApp) {
    let admin = app.admin().await;
    let first = SignedIn::of(&app, "hien.tran").await;
    let second = SignedIn::from(&app, first.refreshes().await);
    let hien = app.bearer_of(&second.access);
    let begun = hien.does("enrolSecondFactor", json!({ "password": PASSWORD })).await;
    let shown = begun.thing()["secret"].as_str().expect("a secret").to_owned();
    let secret = totp_rs::Secret::try_from_base32(&shown).expect("letters of base 32");
    let code = second_factor::code_at(secret.as_ref(), app.env.now()).expect("six digits");
    let codes = hien.does("confirmSecondFactor", json!({ "code": code })).await;
    let codes = codes.thing().as_array().expect("codes").clone();
    let invited = invite(&admin, "lan.pham", Some("lan@congdoan.vn")).await;
    let used = token(&invited, "inviteAccount");
    assert_eq!(choose(&app, &used, NEW).await.status(), 204);
    let open = reset(&admin, invited.thing()["id"].as_str().expect("an id"), 2).await;
    let open = token(&open, "resetPassword");
    let mut secrets: Vec<String> = vec![
        PASSWORD.to_owned(),
        NEW.to_owned(),
        first.refresh.clone(),
        second.refresh.clone(),
        used,
        open,
        shown,
    ];
    for access in [&first.access, &second.access] {
        secrets.push(access.rsplit('.').next().expect("a signature").to_owned());
    }
    for code in &codes {
        let code = code.as_str().expect("a code");
        secrets.extend([code.to_owned(), code.replace('-', "")]);
    }
    let system = System::of(&app, &app.world()["Kon Tum"], "units:read").await;
    let token = system.token("").await;
    secrets.push(token.rsplit('.').next().expect("a signature").to_owned());
    secrets.push(system.secret);
    let mut shapes: Vec<String> = secrets.iter().map(|secret| secret.to_lowercase()).collect();
    shapes.extend(secrets.iter().map(|secret| hex(secret.as_bytes())));
    shapes.push(hex(secret.as_ref()));
    let contents = app.contents().await;
    assert!(
        contents.values().map(Vec::len).sum::<usize>() > 100,
        "the dump holds something"
    );
    for (table, rows) in contents {
        let text = rows.join("\n").to_lowercase();
        for secret in &shapes {
            assert!(!text.contains(secret.as_str()), "{table} holds {secret}");
        }
    }
}
