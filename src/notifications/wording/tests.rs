//! Sentences as people read them.

use super::*;

#[test]
fn an_officer_reads_which_report_came_back_and_why() {
    let told = Told {
        unit: "CĐCS Trường THCS Lê Hồng Phong".to_owned(),
        form: "Báo cáo quý".to_owned(),
        period: "Quý I/2026".to_owned(),
        reason: Some("Số đoàn viên nữ lớn hơn tổng số".to_owned()),
        until: NaiveDate::from_ymd_opt(2026, 3, 10),
        ..Told::default()
    };
    insta::assert_snapshot!(
        sentence(NotificationKind::ReportReturned, &told, 1).vi,
        @"Báo cáo «Báo cáo quý», kỳ «Quý I/2026» của «CĐCS Trường THCS Lê Hồng Phong» bị trả lại: Số đoàn viên nữ lớn hơn tổng số"
    );
    insta::assert_snapshot!(
        sentence(NotificationKind::ReportApproved, &told, 1).en,
        @"The report “Báo cáo quý”, “Quý I/2026” of “CĐCS Trường THCS Lê Hồng Phong” was approved."
    );
    insta::assert_snapshot!(
        sentence(NotificationKind::ReportDueSoon, &told, 1).vi,
        @"Báo cáo «Báo cáo quý», kỳ «Quý I/2026» của «CĐCS Trường THCS Lê Hồng Phong» phải gửi trước hết ngày 10/03/2026."
    );
    insta::assert_snapshot!(
        sentence(NotificationKind::ReportToVerify, &told, 12).vi,
        @"Mới có 12 báo cáo kỳ «Quý I/2026» chuyển đến chờ kiểm tra; mới nhất: «Báo cáo quý» của «CĐCS Trường THCS Lê Hồng Phong»."
    );
}

#[test]
fn an_officer_reads_what_became_of_the_sheet_and_why() {
    let told = Told {
        unit: "CĐCS Thư viện tỉnh".to_owned(),
        reason: Some("Thiếu minh chứng".to_owned()),
        of_year: Some(AboutYear {
            id: Uuid::nil(),
            year: 2026,
            cluster: "Cụm 4".to_owned(),
            phase: Some(YearPhase::SelfScoring),
            unit: None,
        }),
        ..Told::default()
    };
    insta::assert_snapshot!(
        sentence(NotificationKind::SheetReturned, &told, 1).vi,
        @"Năm thi đua 2026 của «Cụm 4»: phiếu chấm điểm của «CĐCS Thư viện tỉnh» bị trả lại một bước: Thiếu minh chứng."
    );
    insta::assert_snapshot!(
        sentence(NotificationKind::CrossChecksAssigned, &told, 1).vi,
        @"Năm thi đua 2026 của «Cụm 4»: đơn vị bạn được phân công kiểm tra chéo «CĐCS Thư viện tỉnh»: Thiếu minh chứng."
    );
    let told = Told { reason: None, ..told };
    insta::assert_snapshot!(
        sentence(NotificationKind::YearPhaseOpened, &told, 1).vi,
        @"Năm thi đua 2026 của «Cụm 4»: đã chuyển sang giai đoạn tự chấm điểm."
    );
}

fn flag() -> AboutAward {
    AboutAward {
        award: "Cờ thi đua".to_owned(),
        year: 2025,
        recipient: "CĐCS Thư viện tỉnh".to_owned(),
        ..AboutAward::default()
    }
}

#[test]
fn an_officer_reads_what_became_of_a_proposal_and_until_when_to_object() {
    let told = Told {
        reason: Some("Còn một chỉ tiêu".to_owned()),
        until: NaiveDate::from_ymd_opt(2026, 3, 15),
        of_award: Some(AboutAward {
            outcome: Some(ProposalState::Reduced),
            lower: Some("Bằng khen".to_owned()),
            ..flag()
        }),
        ..Told::default()
    };
    insta::assert_snapshot!(
        sentence(NotificationKind::AwardOutcomeTold, &told, 1).vi,
        @"Đề nghị tặng «Cờ thi đua» năm 2025 cho «CĐCS Thư viện tỉnh» được duyệt ở hình thức «Bằng khen»: Còn một chỉ tiêu. Có thể khiếu nại đến hết ngày 15/03/2026."
    );
    insta::assert_snapshot!(
        sentence(NotificationKind::AwardToAppraise, &told, 3).en,
        @"3 proposals of “Cờ thi đua” came for appraisal since you last looked; the newest: for “CĐCS Thư viện tỉnh”, 2025."
    );
}

#[test]
fn an_award_without_a_number_names_no_decision() {
    let told = Told {
        of_award: Some(flag()),
        ..Told::default()
    };
    insta::assert_snapshot!(
        sentence(NotificationKind::AwardGiven, &told, 1).vi,
        @"«CĐCS Thư viện tỉnh» được tặng «Cờ thi đua» năm 2025."
    );
}
