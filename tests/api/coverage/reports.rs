//! The doors of reports, their evidence and their sheets.

use actix_web::http::Method;
use serde_json::json;
use thidua::notifications::usecases::handle_events;

use super::forms::Forms;
use super::{IsWelcome, People, Refused, Script, Sent, find, text};
use crate::support::{Person, Upload, pdf};

pub async fn mutations(script: &mut Script, people: &People) {
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

/// A report that is begun, written, remarked on, sent back and opened again, and more time for it.
pub async fn rest(script: &mut Script, people: &People, forms: &Forms) {
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
pub async fn evidence(script: &mut Script, people: &People, report: &str) {
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
pub async fn sheets(script: &mut Script, people: &People, report: &str) {
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
