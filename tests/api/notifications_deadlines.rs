//! Reminders of last days that are near or over: of votes in writing and of steps of proposals; each once.

use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::notifications::usecases::remind;

use crate::awards_proposals::{Awarding, at};
use crate::ballots::{Poll, election, motion};
use crate::ballots_secret::Secret;
use crate::conferences::Assembly;
use crate::councils::Board;
use crate::councils_ballots::Vote;
use crate::notifications_conferences::told;
use crate::support::{TestApp, counted, moment, no_more_statements, on_both_databases};

on_both_databases! {
    who_has_not_voted_in_writing_is_reminded_once_shortly_before_the_last_day,
    of_a_secret_ballot_all_who_may_vote_are_reminded_whoever_has_voted,
    a_member_of_a_council_is_reminded_alone,
    a_ballot_that_was_closed_meanwhile_reminds_nobody,
    who_takes_the_step_is_reminded_before_its_last_day_and_once_after_it,
    of_what_was_done_and_of_what_is_long_over_nobody_is_reminded,
    two_instances_remind_of_a_step_once,
    a_round_takes_as_many_statements_for_many_proposals_as_for_one,
}

const VOTES: &[&str] = &["VOTE_DUE_SOON"];
const STEPS: &[&str] = &["AWARD_STEP_DUE_SOON", "AWARD_STEP_OVERDUE"];

/// How much is reminded of in a round on a morning.
async fn reminds(app: &TestApp, month: u32, day: u32) -> usize {
    app.it_is(moment(2026, month, day, 8, 0));
    remind(&app.env).await.expect("a round")
}

fn until(mut ballot: Value, day: &str) -> Value {
    ballot["writtenUntil"] = day.into();
    ballot
}

async fn who_has_not_voted_in_writing_is_reminded_once_shortly_before_the_last_day(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    assembly
        .called(|at| if at == 4 { "WRITTEN" } else { "PRESENT" })
        .await
        .thing();
    let poll = Poll::open(&assembly, until(motion(&assembly, "Thông qua quy chế"), "2026-12-30")).await;
    for member in 0..4 {
        poll.votes(member, poll.answers("YES")).await.thing();
    }
    assert_eq!(reminds(&app, 12, 27).await, 0, "three days before nobody is in a hurry");
    assert_eq!(reminds(&app, 12, 28).await, 1);
    assert_eq!(reminds(&app, 12, 29).await, 0, "nobody is reminded twice");
    let late = &assembly.officers[4];
    let sentence = "«Cụm II», hội nghị «Hội nghị tổng kết phong trào thi đua năm 2026»: cuộc bỏ phiếu «Thông qua quy chế»: chỉ còn nhận \
                    phiếu đến hết ngày 30/12/2026. Chưa có phiếu của bạn.";
    assert_eq!(told(&app, late, VOTES).await, [sentence]);
    let english = told(&app, &late.in_english(), VOTES).await;
    assert!(
        english[0].ends_with("takes votes until 2026-12-30 only. Your vote is not there yet."),
        "{english:?}"
    );
    for voted in &assembly.officers[..4] {
        assert!(told(&app, voted, VOTES).await.is_empty());
    }
    assert_eq!(
        app.contents().await["event"]
            .iter()
            .filter(|row| row.contains("VOTE_DUE_SOON"))
            .count(),
        1
    );
}

async fn of_a_secret_ballot_all_who_may_vote_are_reminded_whoever_has_voted(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    let chosen = election(&assembly, "LEADING_UNIT", &["Ngọc Hồi", "Đăk Glei"]);
    let secret = Secret::open(&assembly, until(chosen, "2026-12-27")).await;
    assert_eq!(
        reminds(&app, 12, 25).await,
        0,
        "on the day on which it was opened it is no news"
    );
    secret.all_vote(&[0, 0, 1]).await;
    assert_eq!(reminds(&app, 12, 26).await, 1);
    for officer in &assembly.officers {
        let reminded = told(&app, officer, VOTES).await;
        assert!(
            reminded[0]
                .ends_with("chỉ còn nhận phiếu đến hết ngày 27/12/2026. Nếu bạn đã bỏ phiếu thì bỏ qua tin này."),
            "{reminded:?}"
        );
    }
}

async fn a_member_of_a_council_is_reminded_alone(app: TestApp) {
    let board = Board::of(&app, "Kon Tum", 5).await;
    let vote = Vote::on(&board, json!({ "writtenUntil": "2026-03-13" })).await;
    for member in 0..4 {
        vote.casts(member, vote.all("YES")).await.thing();
    }
    assert_eq!(reminds(&app, 3, 12).await, 1);
    for (member, person) in board.people.iter().enumerate() {
        assert_eq!(
            told(&app, person, VOTES).await.len(),
            usize::from(member == 4),
            "{member}"
        );
    }
}

async fn a_ballot_that_was_closed_meanwhile_reminds_nobody(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let poll = Poll::open(&assembly, until(motion(&assembly, "Thông qua quy chế"), "2026-12-30")).await;
    assert_eq!(reminds(&app, 12, 29).await, 1);
    poll.takes("closeBallot").await.thing();
    for officer in &assembly.officers {
        assert!(told(&app, officer, VOTES).await.is_empty());
    }
}

/// With ten days to endorse and five to appraise.
async fn hurried(app: &TestApp) -> Awarding {
    let awarding = Awarding::begin(app).await;
    let days = json!({ "days": { "endorse": 10, "appraise": 5 } });
    awarding.asks(&awarding.flag, 2, "2025-01-01", days).await.thing();
    awarding
}

async fn who_takes_the_step_is_reminded_before_its_last_day_and_once_after_it(app: TestApp) {
    let awarding = hurried(&app).await;
    let proposal = awarding.library().await.thing().clone();
    assert_eq!(proposal["dueOn"], "2026-03-20");
    assert_eq!(reminds(&app, 3, 17).await, 0);
    assert_eq!(reminds(&app, 3, 18).await, 1);
    assert_eq!(reminds(&app, 3, 20).await, 0);
    let flag = "«Cờ thi đua của Liên đoàn Lao động tỉnh»";
    let soon = format!(
        "Sắp đến hạn cho ý kiến nhất trí 1 đề nghị tặng {flag}; mới nhất: cho «CĐCS Thư viện tỉnh», năm 2025, hạn đến hết ngày 20/03/2026."
    );
    assert_eq!(told(&app, &awarding.upper, STEPS).await, [soon.as_str()]);
    assert_eq!(reminds(&app, 3, 21).await, 1);
    assert_eq!(reminds(&app, 3, 22).await, 0);
    let late = format!(
        "Đã quá hạn cho ý kiến nhất trí 1 đề nghị tặng {flag}; mới nhất: cho «CĐCS Thư viện tỉnh», năm 2025, hạn đến hết ngày 20/03/2026."
    );
    assert_eq!(told(&app, &awarding.upper, STEPS).await, [late, soon]);
    for other in [&awarding.officer, &awarding.specialist, &awarding.committee] {
        assert!(told(&app, other, STEPS).await.is_empty());
    }
    awarding.upper.does("endorseAwardProposal", at(&proposal)).await.thing();
    assert_eq!(reminds(&app, 3, 27).await, 1, "the next step has a last day of its own");
    let next = told(&app, &awarding.specialist, STEPS).await;
    assert!(next[0].starts_with("Sắp đến hạn thẩm định 1 đề nghị"), "{next:?}");
}

async fn of_what_was_done_and_of_what_is_long_over_nobody_is_reminded(app: TestApp) {
    let awarding = hurried(&app).await;
    let proposal = awarding.library().await.thing().clone();
    assert_eq!(reminds(&app, 3, 19).await, 1);
    awarding.upper.does("endorseAwardProposal", at(&proposal)).await.thing();
    assert!(
        told(&app, &awarding.upper, STEPS).await.is_empty(),
        "it was endorsed before anybody was told"
    );
    assert_eq!(
        reminds(&app, 4, 30).await,
        0,
        "who has not appraised for a month was told"
    );
    awarding
        .concludes(&endorsed(&awarding, &proposal).await, "REFUSE")
        .await
        .thing();
    assert_eq!(reminds(&app, 3, 25).await, 0, "it has an outcome");
}

/// A proposal as it is after it was endorsed.
async fn endorsed(awarding: &Awarding, proposal: &Value) -> Value {
    let query = "query($id: ID!) { node(id: $id) { ... on AwardProposal { id version } } }";
    let seen = awarding.committee.graphql(query, json!({ "id": proposal["id"] })).await;
    seen.at("/node").clone()
}

async fn two_instances_remind_of_a_step_once(app: TestApp) {
    let awarding = hurried(&app).await;
    awarding.library().await.thing();
    app.it_is(moment(2026, 3, 19, 8, 0));
    let rounds = join_all([remind(&app.env), remind(&app.env), remind(&app.env)]).await;
    let reminded: usize = rounds.into_iter().map(|round| round.expect("a round")).sum();
    assert_eq!(reminded, 1);
    assert_eq!(told(&app, &awarding.upper, STEPS).await.len(), 1);
}

async fn a_round_takes_as_many_statements_for_many_proposals_as_for_one(app: TestApp) {
    let awarding = hurried(&app).await;
    awarding.library().await.thing();
    app.it_is(moment(2026, 3, 19, 8, 0));
    let (reminded, few) = Box::pin(counted(remind(&app.env))).await;
    assert_eq!(reminded.expect("a round"), 1);
    app.it_is(moment(2026, 3, 20, 8, 0));
    let world = app.world();
    for unit in ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ"] {
        let officer = app.officer_of(&world[unit]).await;
        let input = awarding.proposal(&awarding.flag, &world[unit], "Dẫn đầu cụm thi đua");
        officer.does("proposeAward", input).await.thing();
    }
    app.it_is(moment(2026, 3, 29, 8, 0));
    let (reminded, many) = Box::pin(counted(remind(&app.env))).await;
    assert_eq!(reminded.expect("a round"), 4, "the first is late, the others are due");
    no_more_statements(few, many);
}
