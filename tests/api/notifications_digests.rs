//! Letters that gather what somebody has not read: who gets one, when, and that nothing is mailed twice or lost.

use chrono::Duration;
use futures_util::future::join_all;
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, Set};
use serde_json::json;
use thidua::notifications::usecases::{handle_events, mail_digests};
use thidua_entity::{account, notification};

use crate::reports::Reporting;
use crate::support::{Manner, Person, Postbox, TestApp, moment, on_both_databases};

on_both_databases! {
    who_has_not_read_gets_one_letter_a_day,
    who_has_read_gets_none,
    who_wants_one_a_week_gets_it_on_monday_and_who_wants_none_gets_none,
    a_mail_server_that_takes_nothing_loses_nothing,
    an_address_that_nobody_has_verified_gets_nothing,
    several_instances_mail_once,
    what_is_told_late_is_mailed_all_the_same,
}

const COMPLETE: &[(&str, &str)] = &[("members_total", "1.671"), ("workers_total", "1.700")];

/// The service with a mail server, and an officer whose report was sent back on Tuesday, 10 March 2026.
struct Returned {
    app: TestApp,
    reporting: Reporting,
    officer: Person,
    report: crate::reports::Draft,
}

impl Returned {
    async fn begin(app: &TestApp, postbox: &Postbox) -> Self {
        let app = postbox.serves(app).await;
        let (world, reporting) = (app.world(), Reporting::begin(&app).await);
        let officer = app.officer_of(&world["Sở Nội vụ"]).await;
        let report = reporting.draft(&officer, &world["Sở Nội vụ"], COMPLETE).await;
        report.step(&officer, "submitReport", 2).await.thing();
        let returned = Self {
            app,
            reporting,
            officer,
            report,
        };
        returned.again(3, "Thiếu chữ ký của Chủ tịch.").await;
        returned.address("hien@congdoan.vn").await;
        returned
    }

    /// The report is sent back, and the officer is told.
    async fn again(&self, version: i32, reason: &str) {
        self.report
            .give_back(&self.reporting.specialist, version, reason)
            .await
            .thing();
        handle_events(&self.app.env).await.expect("events");
    }

    /// The officer has an address that was verified.
    async fn address(&self, email: &str) {
        account::Entity::update_many()
            .col_expr(account::Column::Email, Expr::val(email))
            .col_expr(account::Column::EmailVerifiedAt, Expr::val(self.app.env.now()))
            .filter(account::Column::Id.eq(self.officer.account()))
            .exec(&self.app.env.db)
            .await
            .expect("an address");
    }

    async fn wants(&self, rhythm: &str) {
        let chosen = self
            .officer
            .does("chooseDigestRhythm", json!({ "rhythm": rhythm }))
            .await;
        assert_eq!(chosen.str("/chooseDigestRhythm/rhythm"), rhythm);
    }

    async fn mails(&self) -> usize {
        mail_digests(&self.app.env).await.expect("a round")
    }
}

async fn who_has_not_read_gets_one_letter_a_day(app: TestApp) {
    let postbox = Postbox::open(Manner::Takes).await;
    let returned = Returned::begin(&app, &postbox).await;
    let app = &returned.app;
    app.it_is(moment(2026, 3, 11, 6, 59));
    assert_eq!(returned.mails().await, 0, "nobody is woken");
    app.it_is(moment(2026, 3, 11, 7, 0));
    assert_eq!(returned.mails().await, 1);
    let letter = postbox.letter(1).await;
    for said in [
        "<hien@congdoan.vn>",
        "Đồng chí có 1 thông báo chưa đọc:",
        "của «CĐCS Sở Nội vụ» bị trả lại: Thiếu chữ ký của Chủ tịch.",
        "was sent back: Thiếu chữ ký của Chủ tịch.",
    ] {
        assert!(letter.contains(said), "{said:?} is not in {letter}");
    }
    assert_eq!(returned.mails().await, 0, "once");
    app.it_is(moment(2026, 3, 12, 7, 0));
    assert_eq!(returned.mails().await, 0, "nothing has happened since, read or not");
    returned.report.step(&returned.officer, "submitReport", 4).await.thing();
    returned.again(5, "Vẫn thiếu.").await;
    assert_eq!(returned.mails().await, 1);
    let letter = postbox.letter(2).await;
    assert!(
        letter.contains("Vẫn thiếu.") && !letter.contains("Thiếu chữ ký"),
        "{letter}"
    );
    assert_eq!(postbox.letters().len(), 2);
}

async fn who_has_read_gets_none(app: TestApp) {
    let postbox = Postbox::open(Manner::Takes).await;
    let returned = Returned::begin(&app, &postbox).await;
    let read = json!({ "upTo": returned.app.env.now() });
    returned.officer.does("markNotificationsRead", read).await;
    returned.app.it_is(moment(2026, 3, 11, 9, 0));
    assert_eq!((returned.mails().await, postbox.letters().len()), (0, 0));
}

async fn who_wants_one_a_week_gets_it_on_monday_and_who_wants_none_gets_none(app: TestApp) {
    let postbox = Postbox::open(Manner::Takes).await;
    let returned = Returned::begin(&app, &postbox).await;
    let rhythm = async || {
        returned
            .officer
            .graphql("{ digestRhythm }", json!({}))
            .await
            .str("/digestRhythm")
            .to_owned()
    };
    assert_eq!(rhythm().await, "DAILY");
    returned.wants("NEVER").await;
    assert_eq!(rhythm().await, "NEVER");
    returned.app.it_is(moment(2026, 3, 16, 9, 0));
    assert_eq!(returned.mails().await, 0);
    returned.wants("WEEKLY").await;
    let rest = returned.officer.get("/api/v1/notifications/digest").await;
    assert_eq!(rest.body()["rhythm"], "WEEKLY");
    returned.app.it_is(moment(2026, 3, 15, 9, 0));
    assert_eq!(returned.mails().await, 0, "a Sunday");
    returned.app.it_is(moment(2026, 3, 16, 9, 0));
    assert_eq!((returned.mails().await, postbox.letters().len()), (1, 1));
}

async fn a_mail_server_that_takes_nothing_loses_nothing(app: TestApp) {
    let refuses = Postbox::open(Manner::Refuses).await;
    let returned = Returned::begin(&app, &refuses).await;
    returned.app.it_is(moment(2026, 3, 11, 7, 0));
    assert_eq!(returned.mails().await, 1);
    assert_eq!(returned.mails().await, 0, "not at once again");
    let mut tries = 1;
    for minute in 1..300 {
        returned.app.it_is(moment(2026, 3, 11, 7 + minute / 60, minute % 60));
        tries += returned.mails().await;
    }
    assert_eq!(tries, 6, "a few times a day");
    let takes = Postbox::open(Manner::Takes).await;
    let app = takes.serves(&returned.app).await;
    app.it_is(moment(2026, 3, 12, 7, 0));
    assert_eq!(mail_digests(&app.env).await.expect("a round"), 1);
    assert!(takes.letter(1).await.contains("Thiếu chữ ký của Chủ tịch."));
}

async fn an_address_that_nobody_has_verified_gets_nothing(app: TestApp) {
    let postbox = Postbox::open(Manner::Takes).await;
    let returned = Returned::begin(&app, &postbox).await;
    account::Entity::update_many()
        .col_expr(
            account::Column::EmailVerifiedAt,
            Expr::val(Option::<chrono::DateTime<chrono::Utc>>::None),
        )
        .exec(&returned.app.env.db)
        .await
        .expect("an address");
    returned.app.it_is(moment(2026, 3, 11, 9, 0));
    assert_eq!((returned.mails().await, postbox.letters().len()), (0, 0));
}

async fn several_instances_mail_once(app: TestApp) {
    let postbox = Postbox::open(Manner::Takes).await;
    let returned = Returned::begin(&app, &postbox).await;
    returned.app.it_is(moment(2026, 3, 11, 7, 0));
    let others = [
        returned.app.another_instance().await,
        returned.app.another_instance().await,
    ];
    let rounds = join_all([&returned.app.env, &others[0], &others[1]].map(mail_digests)).await;
    let tried: Vec<usize> = rounds.into_iter().map(|round| round.expect("a round")).collect();
    assert_eq!(
        (tried.iter().sum::<usize>(), postbox.letters().len()),
        (1, 1),
        "{tried:?}"
    );
}

async fn what_is_told_late_is_mailed_all_the_same(app: TestApp) {
    let postbox = Postbox::open(Manner::Takes).await;
    let returned = Returned::begin(&app, &postbox).await;
    let app = &returned.app;
    let first = notification::Entity::find().filter(notification::Column::AccountId.eq(returned.officer.account()));
    let first = first.one(&app.env.db).await.expect("a look").expect("one");
    app.it_is(moment(2026, 3, 11, 7, 0));
    assert_eq!(returned.mails().await, 1);
    // It happened before what the letter told, and could only be told afterwards.
    let mut late = first.clone().into_active_model();
    late.id = Set(app.env.new_id());
    late.subject_id = Set(app.env.new_id());
    late.at = Set(first.at - Duration::hours(1));
    late.mailed_at = Set(None);
    late.insert(&app.env.db).await.expect("a notification");
    app.it_is(moment(2026, 3, 12, 7, 0));
    assert_eq!((returned.mails().await, postbox.letters().len()), (1, 2));
    app.it_is(moment(2026, 3, 13, 7, 0));
    assert_eq!(returned.mails().await, 0);
}
