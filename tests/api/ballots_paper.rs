//! Ballots on paper whose counts are recorded: who could vote is reckoned as in a ballot that is voted here, and counts that cannot be true
//! are refused with the field in which they are mended.

use serde_json::{Value, json};

use crate::ballots::{Poll, election};
use crate::conferences::Assembly;
use crate::support::{Answer, TestApp, on_both_databases};

on_both_databases! {
    a_member_that_is_recused_and_absent_is_left_out_once,
    a_vote_in_writing_counts_where_the_ballot_was_asked_in_writing,
    a_paper_has_room_for_as_many_marks_as_seats,
    a_ranking_on_paper_has_one_first_place_for_each_vote,
}

/// Records counts of a ballot that is drafted for it: votes cast and spoiled, and of each option votes and points.
async fn recorded<'a>(
    assembly: &'a Assembly,
    input: Value,
    (cast, spoiled): (u64, u64),
    counts: &[(u64, u64)],
) -> (Poll<'a>, Answer) {
    let poll = Poll::draft(assembly, input).await;
    let mut record = poll.step().await;
    record["what"] = "COUNTS".into();
    record["votesCast"] = cast.into();
    record["votesSpoiled"] = spoiled.into();
    let option = |(option, (votes, points)): (&String, &(u64, u64))| json!({ "optionId": option, "votesFor": votes, "points": points });
    record["counts"] = poll.options.iter().zip(counts).map(option).collect();
    let answer = assembly.specialist.does("recordBallotResult", record).await;
    (poll, answer)
}

async fn a_member_that_is_recused_and_absent_is_left_out_once(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    assembly
        .called(|at| if at == 4 { "ABSENT" } else { "PRESENT" })
        .await
        .thing();
    let mut input = election(&assembly, "LEADING_UNIT", &["Ngọc Hồi", "Đăk Glei"]);
    input["recused"] = json!([{ "unitId": assembly.unit("Tu Mơ Rông"), "reason": "Nội dung liên quan đến đơn vị" }]);
    let (poll, true_one) = recorded(&assembly, input.clone(), (5, 0), &[(3, 0), (2, 0)]).await;
    true_one.thing();
    let seen = poll
        .asked(
            &assembly.specialist,
            "votesCast explanation outcome { chosen { text } }",
        )
        .await;
    assert_eq!(*seen.at("/node/votesCast"), json!(5));
    assert!(
        seen.at("/node/explanation")
            .to_string()
            .contains("5 thành viên được bỏ phiếu trên tổng số 5 thành viên"),
        "{seen}"
    );
    assert_eq!(poll.chosen().await, ["LĐLĐ huyện Ngọc Hồi"]);
    let (_, false_one) = recorded(&assembly, input, (6, 0), &[(3, 0), (3, 0)]).await;
    assert_eq!(false_one.user_errors(), [("MORE_VOTES_THAN_VOTERS", "votesCast")]);
}

async fn a_vote_in_writing_counts_where_the_ballot_was_asked_in_writing(app: TestApp) {
    let assembly = Assembly::of_six(&app).await;
    assembly
        .called(|at| if at == 5 { "WRITTEN" } else { "PRESENT" })
        .await
        .thing();
    let mut input = election(&assembly, "LEADING_UNIT", &["Ngọc Hồi", "Đăk Glei"]);
    let (_, nowhere) = recorded(&assembly, input.clone(), (6, 0), &[(4, 0), (2, 0)]).await;
    assert_eq!(nowhere.user_errors(), [("MORE_VOTES_THAN_VOTERS", "votesCast")]);
    input["writtenUntil"] = "2026-12-28".into();
    let (_, asked) = recorded(&assembly, input, (6, 0), &[(4, 0), (2, 0)]).await;
    asked.thing();
}

async fn a_paper_has_room_for_as_many_marks_as_seats(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    for kind in ["ELECT", "CHOOSE"] {
        let mut input = election(&assembly, "EXCELLENT_UNITS", &["Ngọc Hồi", "Đăk Glei", "IaH’Drai"]);
        input["kind"] = kind.into();
        input["seats"] = 2.into();
        let counted = async |papers: (u64, u64), counts: &[(u64, u64)]| {
            let (_, answer) = recorded(&assembly, input.clone(), papers, counts).await;
            let codes = answer.user_errors();
            codes
                .first()
                .map(|(code, field)| format!("{code} {field}"))
                .unwrap_or_default()
        };
        // Each of the three fits by itself: five votes have room for ten marks.
        let too_many = counted((5, 0), &[(5, 0), (4, 0), (2, 0)]).await;
        assert_eq!(too_many, "MORE_MARKS_THAN_SEATS counts", "{kind}");
        assert_eq!(
            counted((5, 1), &[(4, 0), (4, 0), (1, 0)]).await,
            "MORE_MARKS_THAN_SEATS counts"
        );
        assert_eq!(
            counted((5, 1), &[(5, 0), (0, 0), (0, 0)]).await,
            "COUNTS_DO_NOT_ADD_UP counts"
        );
        assert_eq!(
            counted((5, 6), &[(0, 0), (0, 0), (0, 0)]).await,
            "MORE_SPOILED_THAN_VOTES votesSpoiled"
        );
        assert_eq!(counted((5, 0), &[(5, 0), (4, 0), (1, 0)]).await, "");
    }
}

async fn a_ranking_on_paper_has_one_first_place_for_each_vote(app: TestApp) {
    let assembly = Assembly::of_five(&app).await;
    let mut input = election(&assembly, "OTHER", &["Ngọc Hồi", "Đăk Glei"]);
    input["kind"] = "RANK".into();
    input["seats"] = 2.into();
    input["threshold"] = json!({ "part": { "numerator": 0, "denominator": 1 } });
    let (_, twice) = recorded(&assembly, input.clone(), (5, 0), &[(3, 8), (3, 7)]).await;
    assert_eq!(twice.user_errors(), [("MORE_FIRST_PLACES_THAN_VOTES", "counts")]);
    let (_, much) = recorded(&assembly, input.clone(), (5, 0), &[(5, 11), (0, 4)]).await;
    assert_eq!(much.user_errors(), [("MORE_POINTS_THAN_POSSIBLE", "counts")]);
    let (_, whole) = recorded(&assembly, input, (5, 0), &[(3, 8), (2, 7)]).await;
    whole.thing();
}
