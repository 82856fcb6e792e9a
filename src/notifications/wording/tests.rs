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
