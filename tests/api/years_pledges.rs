//! What units register for and promise in an emulation year.

use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{TestApp, on_both_databases};
use crate::years::Year;

on_both_databases! {
    units_register_in_time_and_afterwards_with_a_reason,
    what_does_not_fit_is_not_registered,
    a_registration_sent_twice_under_one_key_is_one,
    what_was_registered_is_withdrawn_and_stays_to_be_read,
    a_target_is_typed_in_vietnamese_and_set_anew_at_the_version_seen,
    a_target_is_one_figure,
    nobody_pledges_for_another_unit,
    of_eight_who_set_one_target_at_once_one_is_in_time,
    rest_does_the_same,
}

fn grade(year: &Year, unit: &str, title: &str) -> Value {
    json!({ "yearId": year.id, "unitId": year.unit(unit), "kind": "GRADE", "title": title })
}

fn target(year: &Year, unit: &str, code: &str, text: &str) -> Value {
    json!({ "yearId": year.id, "unitId": year.unit(unit), "indicatorCode": code, "text": text })
}

async fn units_register_in_time_and_afterwards_with_a_reason(app: TestApp) {
    let year = Year::begin(&app).await;
    let officer = year.officer("Thư viện").await;
    let early = officer.does("register", grade(&year, "Thư viện", "XS")).await;
    assert_eq!(early.code(), "WRONG_STATE", "nobody registers before the phase");
    year.to_phase("REGISTERING").await;
    let row = officer.does("register", grade(&year, "Thư viện", "XS")).await;
    assert_eq!(
        (&row.thing()["title"], &row.thing()["lateReason"]),
        (&json!("XS"), &Value::Null)
    );
    year.to_phase("RUNNING").await;
    let mut movement = json!({
        "yearId": year.id, "unitId": year.unit("Thư viện"), "kind": "MOVEMENT", "title": "Lao động giỏi, lao động sáng tạo",
    });
    let late = officer.does("register", movement.clone()).await;
    assert_eq!(late.user_errors(), [("LATE_REASON_REQUIRED", "lateReason")]);
    movement["lateReason"] = "Phong trào phát động tháng 4".into();
    officer.does("register", movement.clone()).await.thing();
    year.to_phase("VOTING").await;
    movement["title"] = "Khác".into();
    assert_eq!(
        officer.does("register", movement).await.code(),
        "WRONG_STATE",
        "not once the conference votes"
    );
    let seen = year
        .seen_by(
            &officer,
            "participants { unitName registrations { kind title lateReason registeredBy } }",
        )
        .await;
    let list = seen.at("/node/participants").as_array().expect("a list").clone();
    let own = list
        .iter()
        .find(|one| one["unitName"] == "CĐCS Thư viện tỉnh")
        .expect("the library");
    assert_eq!(own["registrations"].as_array().map(Vec::len), Some(2));
}

async fn what_does_not_fit_is_not_registered(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let officer = year.officer("Thư viện").await;
    let unknown = officer.does("register", grade(&year, "Thư viện", "Xuất sắc")).await;
    assert_eq!(unknown.user_errors(), [("GRADE_UNKNOWN", "title")]);
    assert!(unknown.user_message().contains("XS, T, HT, KHT"));
    officer.does("register", grade(&year, "Thư viện", "XS")).await.thing();
    let second = officer.does("register", grade(&year, "Thư viện", "T")).await;
    assert_eq!(
        second.user_errors(),
        [("REGISTERED_ALREADY", "title")],
        "a unit aims at one grade"
    );
    let base = |kind: &str, title: &str| json!({ "yearId": year.id, "unitId": year.unit("Thư viện"), "kind": kind, "title": title });
    let person = officer
        .does("register", base("INDIVIDUAL_TITLE", "Chiến sĩ thi đua cơ sở"))
        .await;
    assert_eq!(person.user_errors(), [("REQUIRED", "person")]);
    let mut collective = base("COLLECTIVE_TITLE", "Tập thể lao động xuất sắc");
    collective["person"] = "Nguyễn Văn An".into();
    assert_eq!(
        officer.does("register", collective).await.user_errors(),
        [("PERSON_NOT_ASKED", "person")]
    );
    assert_eq!(
        officer.does("register", base("MOVEMENT", " ")).await.user_errors(),
        [("REQUIRED", "title")]
    );
    let keeper = app.catalogue_keeper().await;
    let award =
        json!({ "code": "BK_CN", "name": "Bằng khen cá nhân", "level": "PROVINCE", "recipients": "INDIVIDUAL" });
    let award = keeper.does("createAwardType", award).await;
    let mut title = base("COLLECTIVE_TITLE", "Bằng khen");
    title["awardTypeId"] = award.thing()["id"].clone();
    assert_eq!(
        officer.does("register", title.clone()).await.user_errors(),
        [("AWARD_TYPE_RECIPIENT", "awardTypeId")]
    );
    title["kind"] = "INDIVIDUAL_TITLE".into();
    title["person"] = "Nguyễn Văn An".into();
    officer.does("register", title.clone()).await.thing();
    title["person"] = "NGUYỄN VĂN AN".into();
    assert_eq!(
        officer.does("register", title).await.user_errors(),
        [("REGISTERED_ALREADY", "title")]
    );
}

async fn a_registration_sent_twice_under_one_key_is_one(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let officer = year.officer("Thư viện").await;
    let mut new = grade(&year, "Thư viện", "XS");
    new["idempotencyKey"] = "dien-thoai-1".into();
    let answers = join_all((0..4).map(|_| officer.does("register", new.clone()))).await;
    let first = answers[0].id();
    assert!(answers.iter().all(|answer| answer.id() == first));
}

async fn what_was_registered_is_withdrawn_and_stays_to_be_read(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let officer = year.officer("Thư viện").await;
    let row = officer
        .does("register", grade(&year, "Thư viện", "XS"))
        .await
        .thing()
        .clone();
    let step = json!({ "id": row["id"], "version": 1 });
    year.to_phase("RUNNING").await;
    let unsaid = officer.does("withdrawRegistration", step.clone()).await;
    assert_eq!(unsaid.user_errors(), [("REQUIRED", "reason")]);
    let reason = json!({ "id": row["id"], "version": 1, "reason": "Chỉ tiêu quá cao" });
    officer.does("withdrawRegistration", reason.clone()).await.thing();
    assert_eq!(officer.does("withdrawRegistration", reason).await.code(), "WRONG_STATE");
    let mut lower = grade(&year, "Thư viện", "T");
    lower["lateReason"] = "Đăng ký lại".into();
    officer.does("register", lower).await.thing();
}

async fn a_target_is_typed_in_vietnamese_and_set_anew_at_the_version_seen(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let officer = year.officer("Thư viện").await;
    let first = officer
        .does(
            "setTarget",
            target(&year, "Thư viện", "welfare_amount", "295 triệu đồng"),
        )
        .await;
    assert_eq!(
        (
            &first.thing()["value"],
            &first.thing()["text"],
            &first.thing()["version"]
        ),
        (&json!("295000000"), &json!("295 triệu đồng"), &json!(1))
    );
    let blind = officer
        .does("setTarget", target(&year, "Thư viện", "welfare_amount", "300 triệu"))
        .await;
    assert_eq!(
        blind.code(),
        "STALE_VERSION",
        "nobody overwrites what they have not seen"
    );
    let mut again = target(&year, "Thư viện", "welfare_amount", "300 triệu");
    again["version"] = 1.into();
    assert_eq!(officer.does("setTarget", again.clone()).await.thing()["version"], 2);
    assert_eq!(officer.does("setTarget", again).await.code(), "STALE_VERSION");
    let new = officer
        .does("setTarget", target(&year, "Thư viện", "membership_rate", "93,35%"))
        .await;
    assert_eq!(new.thing()["value"], "93.35");
    let removed = json!({ "id": new.id(), "version": 1 });
    officer.does("removeTarget", removed).await.thing();
    year.to_phase("SELF_SCORING").await;
    let late = officer
        .does("setTarget", target(&year, "Thư viện", "new_members", "20"))
        .await;
    assert_eq!(late.code(), "WRONG_STATE", "nobody promises when the year is over");
}

async fn a_target_is_one_figure(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let officer = year.officer("Thư viện").await;
    let keeper = app.catalogue_keeper().await;
    let yes_no = json!({
        "code": "has_pact", "name": "Có thỏa ước", "unitOfMeasure": "có/không", "numberForm": "YES_NO", "aggregation": "STOCK",
    });
    keeper.does("createIndicator", yes_no).await.thing();
    for (code, text, wrong) in [
        ("none", "20", ("INDICATOR_UNKNOWN", "indicatorCode")),
        ("has_pact", "có", ("NOT_A_FIGURE", "indicatorCode")),
        ("new_members", "khoảng 20", ("TARGET_NOT_EXACT", "text")),
        ("new_members", "từ 10-12", ("TARGET_NOT_EXACT", "text")),
    ] {
        let refused = officer.does("setTarget", target(&year, "Thư viện", code, text)).await;
        assert_eq!(refused.user_errors(), [wrong], "{code} {text}");
    }
    for text in ["", "nhiều", "390.777.00", "1,5"] {
        let refused = officer
            .does("setTarget", target(&year, "Thư viện", "new_members", text))
            .await;
        assert_eq!(
            refused.user_errors().first().map(|(_, field)| *field),
            Some("text"),
            "{text}"
        );
    }
}

async fn nobody_pledges_for_another_unit(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let world = app.world();
    let elsewhere = app.officer_of(&world["Y tế Đăk Tô"]).await;
    for (who, code) in [
        (&year.chair, "FORBIDDEN"),
        (&year.specialist, "FORBIDDEN"),
        (&year.committee, "FORBIDDEN"),
        (&elsewhere, "NOT_FOUND"),
    ] {
        assert_eq!(who.does("register", grade(&year, "Thư viện", "XS")).await.code(), code);
        let set = who
            .does("setTarget", target(&year, "Thư viện", "new_members", "20"))
            .await;
        assert_eq!(set.code(), code);
    }
    let own = json!({ "yearId": year.id, "unitId": world["Y tế Đăk Tô"].id(), "kind": "GRADE", "title": "XS" });
    assert_eq!(
        elsewhere.does("register", own).await.code(),
        "NOT_FOUND",
        "nor in a year of others"
    );
}

async fn of_eight_who_set_one_target_at_once_one_is_in_time(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let officer = year.officer("Thư viện").await;
    let figures: Vec<String> = (20..28).map(|figure: i32| figure.to_string()).collect();
    let set = |text: &String| officer.does("setTarget", target(&year, "Thư viện", "new_members", text));
    let answers = join_all(figures.iter().map(set)).await;
    let done = answers.iter().filter(|answer| answer.code().is_empty()).count();
    let late = answers.iter().filter(|answer| answer.code() == "STALE_VERSION").count();
    assert_eq!((done, late), (1, 7));
}

async fn rest_does_the_same(app: TestApp) {
    let year = Year::begin(&app).await;
    year.to_phase("REGISTERING").await;
    let officer = year.officer("Thư viện").await;
    let path = format!("/api/v1/emulation-years/{}", year.id);
    let unit = year.unit("Thư viện");
    let new = json!({ "unitId": unit, "kind": "GRADE", "title": "XS" });
    let made = officer.post(&format!("{path}/registrations"), new).await;
    assert_eq!((made.status(), &made.body()["title"]), (201, &json!("XS")));
    let put = async |headers: &[(&str, &str)], text: &str| {
        let body = json!({ "unitId": unit, "indicatorCode": "new_members", "text": text });
        let headers = [headers, &[("Content-Type", "application/json")]].concat();
        let method = actix_web::http::Method::PUT;
        officer
            .request(method, &format!("{path}/targets"), &headers, body.to_string())
            .await
    };
    assert_eq!(put(&[], "20").await.status(), 428);
    assert_eq!(put(&[("If-None-Match", "*")], "20").await.status(), 200);
    assert_eq!(
        put(&[("If-None-Match", "*")], "21").await.status(),
        412,
        "there is one by now"
    );
    assert_eq!(put(&[("If-Match", "\"1\"")], "21").await.header("etag"), "\"2\"");
    let whole = officer.get(&path).await;
    let participants = whole.body()["participants"].as_array().expect("a list").clone();
    let own = participants
        .iter()
        .find(|one| one["unitId"] == unit.as_str())
        .expect("the library");
    assert_eq!(own["targets"][0]["value"], "21");
    assert_eq!(own["registrations"][0]["title"], "XS");
}
