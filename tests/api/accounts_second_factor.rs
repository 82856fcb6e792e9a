//! The second factor, and showing again who one is before one decides something.

use chrono::Duration;
use serde_json::{Value, json};
use thidua::accounts::second_factor::code_at;

use crate::accounts_signing_in::{PASSWORD, SignedIn, actions};
use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    a_confirmed_second_factor_is_asked_for_at_sign_in,
    a_second_factor_that_was_only_begun_is_asked_for_by_nobody,
    a_code_is_taken_once,
    a_recovery_code_stands_in_for_a_lost_phone_once,
    who_guesses_codes_waits,
    taking_a_second_factor_away_needs_password_and_code,
    an_administrator_helps_who_has_lost_phone_and_codes,
    what_decides_asks_again_who_one_is_after_a_while,
    where_a_second_factor_is_demanded_nobody_decides_without,
    the_secret_is_not_in_the_database,
}

/// Somebody with a phone.
pub struct WithPhone {
    app: TestApp,
    pub person: Person,
    secret: Vec<u8>,
    recovery_codes: Vec<String>,
}

impl WithPhone {
    pub async fn of(app: &TestApp, username: &str) -> Self {
        let signed_in = SignedIn::of(app, username).await;
        Self::set_up(app, app.bearer_of(&signed_in.access)).await
    }

    /// Somebody who has signed in sets a phone up.
    async fn set_up(app: &TestApp, person: Person) -> Self {
        let begun = person.does("enrolSecondFactor", json!({ "password": PASSWORD })).await;
        let secret = begun.thing()["secret"].as_str().expect("a secret");
        let secret = totp_rs::Secret::try_from_base32(secret).expect("letters of base 32");
        let mut one = Self {
            app: app.clone(),
            person,
            secret: secret.as_ref().to_vec(),
            recovery_codes: Vec::new(),
        };
        let confirmed = one
            .person
            .does("confirmSecondFactor", json!({ "code": one.code() }))
            .await;
        let codes = confirmed.thing().as_array().expect("codes").iter();
        one.recovery_codes = codes.map(|code| code.as_str().expect("a code").to_owned()).collect();
        one.later(30);
        one
    }

    /// What the phone shows now.
    pub fn code(&self) -> String {
        code_at(&self.secret, self.app.env.now()).expect("six digits")
    }

    pub fn later(&self, seconds: i64) {
        later(&self.app, Duration::seconds(seconds));
    }
}

fn later(app: &TestApp, time: Duration) {
    app.it_is((app.env.now() + time).fixed_offset());
}

async fn signs_in(app: &TestApp, username: &str, code: Option<&str>) -> Answer {
    let mut body = json!({ "username": username, "password": PASSWORD });
    if let Some(code) = code {
        body["code"] = code.into();
    }
    app.nobody().post("/api/v1/auth/login", body).await
}

async fn a_confirmed_second_factor_is_asked_for_at_sign_in(app: TestApp) {
    let hien = WithPhone::of(&app, "hien.tran").await;
    assert_eq!(hien.recovery_codes.len(), 10);
    let viewer = "{ viewer { proof secondFactor { confirmedAt recoveryCodesLeft } } }";
    let viewer = hien.person.graphql(viewer, json!({})).await;
    assert_eq!(*viewer.at("/viewer/secondFactor/recoveryCodesLeft"), 10);
    let without = signs_in(&app, "hien.tran", None).await;
    assert_eq!((without.status(), without.code()), (401, "SECOND_FACTOR_REQUIRED"));
    let wrong = app
        .nobody()
        .post(
            "/api/v1/auth/login",
            json!({ "username": "hien.tran", "password": "sai mật khẩu rồi" }),
        )
        .await;
    assert_eq!(
        wrong.code(),
        "UNAUTHENTICATED",
        "without the password nobody learns of it"
    );
    assert_eq!(
        signs_in(&app, "hien.tran", Some("000000")).await.code(),
        "UNAUTHENTICATED"
    );
    SignedIn::from(&app, signs_in(&app, "hien.tran", Some(&hien.code())).await);
}

async fn a_second_factor_that_was_only_begun_is_asked_for_by_nobody(app: TestApp) {
    let signed_in = SignedIn::of(&app, "hien.tran").await;
    let hien = app.bearer_of(&signed_in.access);
    let wrong = hien
        .does("enrolSecondFactor", json!({ "password": "sai mật khẩu rồi" }))
        .await;
    assert_eq!(wrong.user_errors(), [("WRONG_PASSWORD", "password")]);
    let none = hien.does("confirmSecondFactor", json!({ "code": "123456" })).await;
    assert_eq!(none.code(), "WRONG_STATE");
    hien.does("enrolSecondFactor", json!({ "password": PASSWORD }))
        .await
        .thing();
    let wrong = hien.does("confirmSecondFactor", json!({ "code": "000000" })).await;
    assert_eq!(wrong.user_errors(), [("WRONG_CODE", "code")]);
    assert_eq!(signs_in(&app, "hien.tran", None).await.status(), 200);
}

async fn a_code_is_taken_once(app: TestApp) {
    let hien = WithPhone::of(&app, "hien.tran").await;
    let code = hien.code();
    let (one, other) = tokio::join!(
        signs_in(&app, "hien.tran", Some(&code)),
        signs_in(&app, "hien.tran", Some(&code))
    );
    let mut both = [one.status(), other.status()];
    both.sort_unstable();
    assert_eq!(both, [200, 401], "who looks over a shoulder is too late");
    hien.later(30);
    assert_eq!(signs_in(&app, "hien.tran", Some(&hien.code())).await.status(), 200);
}

async fn a_recovery_code_stands_in_for_a_lost_phone_once(app: TestApp) {
    let hien = WithPhone::of(&app, "hien.tran").await;
    let typed = hien.recovery_codes[3].to_lowercase().replace('-', " ");
    let signed_in = SignedIn::from(&app, signs_in(&app, "hien.tran", Some(&typed)).await);
    assert_eq!(signs_in(&app, "hien.tran", Some(&typed)).await.status(), 401);
    let renewed = json!({ "code": hien.recovery_codes[4] });
    let renewed = app
        .bearer_of(&signed_in.access)
        .does("renewRecoveryCodes", renewed)
        .await;
    assert_eq!(renewed.thing().as_array().map(Vec::len), Some(10));
    assert_eq!(
        signs_in(&app, "hien.tran", Some(&hien.recovery_codes[5]))
            .await
            .status(),
        401
    );
}

async fn who_guesses_codes_waits(app: TestApp) {
    let hien = WithPhone::of(&app, "hien.tran").await;
    for _ in 0..10 {
        assert_eq!(signs_in(&app, "hien.tran", Some("000000")).await.status(), 401);
    }
    let waits = signs_in(&app, "hien.tran", Some(&hien.code())).await;
    let wait: u32 = waits.header("retry-after").parse().expect("seconds");
    assert!(waits.status() == 429 && (290..=300).contains(&wait), "{waits}");
    hien.later(301);
    assert_eq!(signs_in(&app, "hien.tran", Some(&hien.code())).await.status(), 200);
}

async fn taking_a_second_factor_away_needs_password_and_code(app: TestApp) {
    let hien = WithPhone::of(&app, "hien.tran").await;
    let removes = async |password: &str, code: &str| {
        hien.person
            .does("removeSecondFactor", json!({ "password": password, "code": code }))
            .await
    };
    assert_eq!(
        removes("sai mật khẩu rồi", &hien.code()).await.user_errors(),
        [("WRONG_PASSWORD", "password")]
    );
    assert_eq!(
        removes(PASSWORD, "000000").await.user_errors(),
        [("WRONG_CODE", "code")]
    );
    let again = hien
        .person
        .does("enrolSecondFactor", json!({ "password": PASSWORD }))
        .await;
    assert_eq!(
        again.code(),
        "WRONG_STATE",
        "nobody puts another phone in the place of this one"
    );
    removes(PASSWORD, &hien.code()).await.thing();
    assert_eq!(signs_in(&app, "hien.tran", None).await.status(), 200);
}

async fn an_administrator_helps_who_has_lost_phone_and_codes(app: TestApp) {
    let hien = WithPhone::of(&app, "hien.tran").await;
    let account = hien.person.get("/api/v1/auth/me").await.body()["id"].clone();
    let reset = json!({ "id": account, "version": 1 });
    let own = hien.person.does("resetSecondFactor", reset.clone()).await;
    assert_eq!(own.code(), "FORBIDDEN");
    app.admin().await.does("resetSecondFactor", reset).await.thing();
    assert_eq!(
        hien.person.get("/api/v1/auth/me").await.status(),
        401,
        "whoever has the phone is out"
    );
    assert_eq!(signs_in(&app, "hien.tran", None).await.status(), 200);
    let told = actions(&app, account.as_str().expect("an id")).await;
    assert_eq!(
        told[2..],
        [
            "SECOND_FACTOR_BEGUN",
            "SECOND_FACTOR_CONFIRMED",
            "SECOND_FACTOR_RESET",
            "SIGNED_IN"
        ]
    );
}

/// Grants a role of everything by somebody who administers everything, signed in a moment ago.
async fn grants(who: &Person, account: &Value) -> Answer {
    let grant = json!({ "accountId": account, "role": "VIEWER", "scopeKind": "EVERYTHING" });
    who.does("grantRole", grant).await
}

/// The id of an account without any role.
async fn made_reader(app: &TestApp) -> Value {
    let new = json!({ "username": "an.le", "displayName": "Lê An", "password": PASSWORD });
    json!(app.admin().await.does("createAccount", new).await.id())
}

async fn made_administrator(app: &TestApp, username: &str) -> SignedIn {
    let signed_in = SignedIn::of(app, username).await;
    let account = app.bearer_of(&signed_in.access).get("/api/v1/auth/me").await.body()["id"].clone();
    let grant = json!({ "accountId": account, "role": "ADMIN", "scopeKind": "EVERYTHING" });
    app.admin().await.does("grantRole", grant).await.thing();
    signed_in
}

async fn what_decides_asks_again_who_one_is_after_a_while(app: TestApp) {
    let strict = app.with(|settings| settings.deciding_fresh_minutes = 15).await;
    let signed_in = made_administrator(&strict, "hien.tran").await;
    let someone = made_reader(&strict).await;
    later(&strict, Duration::minutes(14));
    let next = SignedIn::from(&strict, signed_in.refreshes().await);
    let hien = strict.bearer_of(&next.access);
    later(&strict, Duration::minutes(1));
    let proof = async || {
        hien.graphql("{ viewer { proof } }", json!({}))
            .await
            .at("/viewer/proof")
            .clone()
    };
    assert_eq!(proof().await, "STALE");
    let stale = grants(&hien, &someone).await;
    assert_eq!(stale.code(), "PROOF_REQUIRED", "a refreshed token is no proof");
    assert_eq!(hien.get("/api/v1/units").await.status(), 200, "reading goes on");
    let wrong = hien
        .does("confirmIdentity", json!({ "password": "sai mật khẩu rồi" }))
        .await;
    assert_eq!(wrong.user_errors(), [("WRONG_PASSWORD", "password")]);
    assert_eq!(proof().await, "STALE");
    let confirmed = hien.post("/api/v1/auth/confirm", json!({ "password": PASSWORD })).await;
    assert_eq!(confirmed.status(), 204);
    assert_eq!(proof().await, "FRESH");
    grants(&hien, &someone).await.thing();
}

async fn where_a_second_factor_is_demanded_nobody_decides_without(app: TestApp) {
    let strict = app.with(|settings| settings.deciding_second_factor = true).await;
    let signed_in = made_administrator(&app, "hien.tran").await;
    let account = made_reader(&app).await;
    let hien = strict.bearer_of(&signed_in.access);
    let refused = grants(&hien, &account).await;
    assert_eq!(refused.code(), "PROOF_REQUIRED");
    WithPhone::set_up(&strict, hien.clone()).await;
    grants(&hien, &account).await.thing();
    // A password alone shows nothing where there is a second factor.
    let password = hien.does("confirmIdentity", json!({ "password": PASSWORD })).await;
    assert_eq!(password.code(), "SECOND_FACTOR_REQUIRED");
    // Who decides nothing is asked for nothing.
    let reader = SignedIn::again(&strict, "an.le", PASSWORD).await;
    let proof = strict
        .bearer_of(&reader.access)
        .graphql("{ viewer { proof } }", json!({}))
        .await;
    assert_eq!(*proof.at("/viewer/proof"), "FRESH");
}

async fn the_secret_is_not_in_the_database(app: TestApp) {
    let hien = WithPhone::of(&app, "hien.tran").await;
    let shown = thidua::accounts::second_factor::shown(&hien.secret);
    let hex: String = hien.secret.iter().map(|byte| format!("{byte:02x}")).collect();
    for (table, rows) in app.contents().await {
        let text = rows.join("\n").to_lowercase();
        for secret in [
            &shown.to_lowercase(),
            &hex,
            &hien.recovery_codes[0].to_lowercase().replace('-', ""),
        ] {
            assert!(!text.contains(secret), "{table} holds a secret");
        }
    }
}
