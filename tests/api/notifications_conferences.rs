//! Notifications of conferences and ballots: who is told that one meets, votes and leads; and that of votes nothing is told at all.

use serde_json::{Value, json};
use thidua::notifications::usecases::handle_events;

use crate::ballots::{Poll, election, motion};
use crate::ballots_secret::Secret;
use crate::clusters::Cluster;
use crate::conferences::{Assembly, DISTRICTS, planned};
use crate::support::{Person, TestApp, on_both_databases};

on_both_databases! {
    members_hear_of_a_conference_and_of_another_day_or_place,
    who_may_vote_is_told_that_a_ballot_waits,
    who_votes_in_writing_is_told_until_when,
    of_votes_nothing_is_told_and_of_a_secret_ballot_only_what_was_chosen,
    a_further_round_waits_again,
    who_confirms_on_paper_tells_everybody_on_the_roll,
    who_gets_an_office_and_who_had_it_is_told_from_which_day,
    what_somebody_is_told_of_they_can_open,
}

/// What somebody is told after everything that waits was told, the newest first; only of some kinds.
pub async fn told(app: &TestApp, who: &Person, kinds: &[&str]) -> Vec<String> {
    handle_events(&app.env).await.expect("events");
    let query = "query($kinds: [NotificationKind!]) { notifications(where: { kinds: $kinds }) { nodes { text } } }";
    let list = who.graphql(query, json!({ "kinds": kinds })).await;
    let texts = list.texts("/notifications/nodes", "text");
    texts.into_iter().map(str::to_owned).collect()
}

const PLANS: &[&str] = &["CONFERENCE_PLANNED", "CONFERENCE_MOVED"];

async fn members_hear_of_a_conference_and_of_another_day_or_place(app: TestApp) {
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm II", &DISTRICTS).await;
    let member = app.officer_of(&app.world()["IaH’Drai"]).await;
    let stranger = app.officer_of(&app.world()["Thư viện"]).await;
    let who = &cluster.specialist;
    let conference = who.does("planConference", planned(&cluster.id)).await.thing().clone();
    let first = "«Cụm II»: hội nghị «Hội nghị tổng kết phong trào thi đua năm 2026» họp ngày 25/12/2026 tại Hội trường LĐLĐ huyện Ngọc Hồi.";
    assert_eq!(told(&app, &member, PLANS).await, [first]);
    let change = async |conference: &Value, more: Value| {
        let mut input = json!({ "id": conference["id"], "version": conference["version"] });
        for (field, value) in more.as_object().expect("fields") {
            input[field] = value.clone();
        }
        who.does("changeConference", input).await.thing().clone()
    };
    let conference = change(&conference, json!({ "agenda": ["Báo cáo"] })).await;
    assert_eq!(told(&app, &member, PLANS).await.len(), 1, "an agenda moves nobody");
    change(&conference, json!({ "heldOn": "2026-12-28" })).await;
    let moved = "«Cụm II»: hội nghị «Hội nghị tổng kết phong trào thi đua năm 2026» chuyển sang ngày 28/12/2026 tại Hội trường LĐLĐ huyện Ngọc Hồi.";
    assert_eq!(told(&app, &member, PLANS).await, [moved, first]);
    let english = told(&app, &member.in_english(), PLANS).await;
    assert_eq!(
        english[0],
        "“Cụm II”: the conference “Hội nghị tổng kết phong trào thi đua năm 2026” is now held on 2026-12-28 at Hội trường LĐLĐ huyện Ngọc Hồi."
    );
    assert!(told(&app, &stranger, PLANS).await.is_empty());
    assert!(told(&app, who, PLANS).await.is_empty(), "who planned it knows it");
    let mut held = planned(&cluster.id);
    held["heldOn"] = "2025-12-25".into();
    who.does("planConference", held).await.thing();
    assert_eq!(
        told(&app, &member, PLANS).await.len(),
        2,
        "of one that was held before nobody is told"
    );
}

const BALLOTS: &[&str] = &["BALLOT_OPENED", "BALLOT_CONFIRMED"];

async fn who_may_vote_is_told_that_a_ballot_waits(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    assembly
        .called(|at| if at == 4 { "ABSENT" } else { "PRESENT" })
        .await
        .thing();
    let poll = Poll::draft(&assembly, motion(&assembly, "Thông qua báo cáo")).await;
    assert!(
        told(&app, &assembly.officers[0], BALLOTS).await.is_empty(),
        "a draft waits for nobody"
    );
    poll.takes("openBallot").await.thing();
    let waits = "«Cụm II», hội nghị «Hội nghị tổng kết phong trào thi đua năm 2026»: cuộc bỏ phiếu «Thông qua báo cáo» đang chờ bạn bỏ phiếu.";
    assert_eq!(told(&app, &assembly.officers[0], BALLOTS).await, [waits]);
    assert!(
        told(&app, &assembly.officers[4], BALLOTS).await.is_empty(),
        "who is absent has no vote"
    );
    for member in 0..4 {
        poll.votes(member, poll.answers("YES")).await.thing();
    }
    poll.takes("closeBallot").await.thing();
    assert_eq!(
        told(&app, &assembly.officers[0], BALLOTS).await.len(),
        1,
        "before it is confirmed nobody is told of an outcome"
    );
    poll.takes("confirmBallot").await.thing();
    let confirmed = "«Cụm II», hội nghị «Hội nghị tổng kết phong trào thi đua năm 2026»: cuộc bỏ phiếu «Thông qua báo cáo» đã có kết quả được xác nhận. Thông qua: “Thông qua báo cáo”.";
    for member in [0, 4] {
        assert_eq!(told(&app, &assembly.officers[member], BALLOTS).await[0], confirmed);
    }
}

async fn who_votes_in_writing_is_told_until_when(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    assembly
        .called(|at| if at == 3 { "WRITTEN" } else { "PRESENT" })
        .await
        .thing();
    let mut asked = motion(&assembly, "Thông qua quy chế");
    asked["writtenUntil"] = "2026-12-30".into();
    Poll::open(&assembly, asked).await;
    let waits = told(&app, &assembly.officers[3], BALLOTS).await;
    assert!(
        waits[0].ends_with("đang chờ bạn bỏ phiếu; bỏ phiếu bằng văn bản đến hết ngày 30/12/2026."),
        "{waits:?}"
    );
    let until = "{ notifications(where: { kinds: [BALLOT_OPENED] }) { nodes { until } } }";
    let seen = assembly.officers[3].graphql(until, json!({})).await;
    assert_eq!(seen.str("/notifications/nodes/0/until"), "2026-12-30");
}

/// Every event and every notification as rows, those of what was told before left out of account by their number.
async fn rows(app: &TestApp) -> (usize, usize) {
    let contents = app.contents().await;
    (contents["event"].len(), contents["notification"].len())
}

async fn of_votes_nothing_is_told_and_of_a_secret_ballot_only_what_was_chosen(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let secret = Secret::open(
        &assembly,
        election(&assembly, "LEADING_UNIT", &["Ngọc Hồi", "Đăk Glei"]),
    )
    .await;
    let open = told(&app, &assembly.officers[5], BALLOTS).await;
    assert!(open[0].contains("(phiếu kín) đang chờ bạn bỏ phiếu"), "{open:?}");
    let before = rows(&app).await;
    secret.all_vote(&[0, 0, 1, 0, 0, 1]).await;
    handle_events(&app.env).await.expect("events");
    assert_eq!(rows(&app).await, before, "a vote makes no event and no notification");
    secret.poll.takes("closeBallot").await.thing();
    handle_events(&app.env).await.expect("events");
    assert_eq!(rows(&app).await, before, "nor does the count");
    secret.poll.takes("confirmBallot").await.thing();
    let confirmed = told(&app, &assembly.officers[5], &["BALLOT_CONFIRMED"]).await;
    assert_eq!(
        confirmed,
        [
            "«Cụm II», hội nghị «Hội nghị tổng kết phong trào thi đua năm 2026»: cuộc bỏ phiếu «Bầu» (phiếu kín) đã có kết quả được xác nhận. Được chọn: “LĐLĐ huyện Ngọc Hồi”."
        ]
    );
    let contents = app.contents().await;
    for table in ["event", "notification"] {
        for row in &contents[table] {
            for word in ["votesFor", "votes_cast", "receipt", "token", "votesCast"] {
                assert!(!row.contains(word), "{table} tells of {word}: {row}");
            }
        }
    }
}

async fn a_further_round_waits_again(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let poll = Poll::open(&assembly, election(&assembly, "CHAIR", &["Ngọc Hồi", "Đăk Glei"])).await;
    for member in 0..4 {
        poll.votes(member, poll.marks(&[member % 2])).await.thing();
    }
    poll.takes("closeBallot").await.thing();
    let again = json!({ "id": poll.id });
    let round = assembly
        .specialist
        .does("draftFurtherRound", again)
        .await
        .id()
        .to_owned();
    let round = Poll::known(&assembly, &round).await;
    round.takes("openBallot").await.thing();
    let waits = told(&app, &assembly.officers[2], BALLOTS).await;
    assert_eq!(waits.len(), 2);
    assert!(waits[0].contains("«Bầu», vòng 2 đang chờ bạn bỏ phiếu"), "{waits:?}");
}

async fn who_confirms_on_paper_tells_everybody_on_the_roll(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let poll = Poll::draft(
        &assembly,
        election(&assembly, "EXCELLENT_UNITS", &["Ngọc Hồi", "Đăk Glei"]),
    )
    .await;
    let mut recorded = poll.step().await;
    recorded["what"] = "OUTCOME".into();
    recorded["chosenIds"] = json!([poll.options[1]]);
    assembly.specialist.does("recordBallotResult", recorded).await.thing();
    poll.takes("confirmBallot").await.thing();
    for officer in &assembly.officers {
        let confirmed = told(&app, officer, BALLOTS).await;
        assert_eq!(confirmed.len(), 1);
        assert!(
            confirmed[0].ends_with("Được chọn: “LĐLĐ huyện Đăk Glei”."),
            "{confirmed:?}"
        );
    }
}

async fn who_gets_an_office_and_who_had_it_is_told_from_which_day(app: TestApp) {
    let assembly = Assembly::of(&app, 0, "ORDER").await;
    let names = json!({
        "conferenceId": assembly.id, "version": assembly.version().await, "validFrom": "2027-01-01",
        "chairId": assembly.unit("IaH’Drai"), "deputyIds": [assembly.unit("Đăk Tô")],
    });
    assembly.specialist.does("appointFromConference", names).await.thing();
    let kinds = &["OFFICES_APPOINTED"];
    let sentence =
        "«Cụm II»: từ ngày 01/01/2027, «LĐLĐ huyện IaH’Drai» làm cụm trưởng; «LĐLĐ huyện Đăk Tô» làm cụm phó.";
    for short in ["IaH’Drai", "Đăk Tô", "Ngọc Hồi"] {
        assert_eq!(told(&app, assembly.officer(short), kinds).await, [sentence], "{short}");
    }
    assert!(told(&app, assembly.officer("Tu Mơ Rông"), kinds).await.is_empty());
}

async fn what_somebody_is_told_of_they_can_open(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    Poll::open(&assembly, motion(&assembly, "Thông qua báo cáo")).await;
    handle_events(&app.env).await.expect("events");
    let member = &assembly.officers[3];
    let query = "{ notifications(where: { kinds: [CONFERENCE_PLANNED, BALLOT_OPENED] }) { nodes { subjectId } } }";
    let list = member.graphql(query, json!({})).await;
    let subjects = list.texts("/notifications/nodes", "subjectId");
    assert_eq!(subjects.len(), 2);
    for subject in subjects {
        let seen = member
            .graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": subject }))
            .await;
        assert_eq!(seen.str("/node/id"), subject);
    }
}
