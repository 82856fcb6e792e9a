//! Every printed figure of the five source reports, read as an officer would copy it.

use super::NumberForm::{Integer, Money, Percentage};
use super::tests::check;

#[test]
fn the_printed_counts_of_khanh_hoa_are_understood() {
    check(
        Integer,
        "07 → 7 | 07 đơn vị → 7 | 07 Sở → 7 | 1.671 → 1671 | 1.671 đoàn viên → 1671 | 782 đoàn viên nữ → 782
         40 công đoàn cơ sở thành viên và công đoàn bộ phận trực thuộc → 40
         12 → 12 | 577824 → 577824 | 24/12/2019 → SEVERAL_FIGURES",
    );
}

#[test]
fn the_printed_figures_of_lam_dong_are_understood() {
    check(
        Integer,
        "gần 500 lượt → <500 | gần 500 lượt cán bộ, công chức viên chức lao động có hoàn cảnh khó khăn → <500
         trên 400 cuộc → >400 | trên 24.500 lượt → >24500 | trên 370 cuộc → >370
         trên 22.700 lượt đoàn viên tham gia → >22700 | trên 370 cuộc trên 22.700 lượt → SEVERAL_FIGURES
         165 đoàn viên ưu tú → 165 | 85 đoàn viên ưu tú → 85 | 8 tập thể → 8 | 18 cá nhân → 18
         8 tập thể và 18 cá nhân → SEVERAL_FIGURES | 12/1 → SEVERAL_FIGURES | 2023-2028 → 2023..2028",
    );
    check(Money, "trên 240 triệu đồng → >240000000");
}

#[test]
fn the_printed_figures_of_kon_tum_are_understood() {
    check(
        Integer,
        "05 huyện → 5 | 288 Công đoàn cơ sở → 288 | 288 CĐCS → 288 | 7.842 người → 7842
         7.676 đoàn viên công đoàn → 7676 | 341 lượt đoàn viên → 341 | 323 lượt CNVCLĐ → 323 | 323 lượt CNVC-LĐ → 323
         117 cuộc giao lưu văn nghệ, thể thao → 117 | 1.141 lượt người → 1141
         48 CĐCS xếp loại hoàn thành xuất sắc nhiệm vụ → 48 | 224 CĐCS → 224 | 16 CĐCS → 16 | không có → 0
         không có CĐCS không hoàn thành nhiệm vụ → 0 | 968 → 968
         28-12-2020 → SEVERAL_FIGURES | 03-9-2019 → SEVERAL_FIGURES | 25/12/2020 → SEVERAL_FIGURES",
    );
    check(
        Money,
        "trên 295 triệu đồng → >295000000 | 390.777.00đ → ? 390777000 39077700",
    );
    check(Percentage, "100% đoàn viên, người lao động → 100 | 100% đơn vị → 100");
}

#[test]
fn the_printed_figures_of_the_2017_congress_are_understood() {
    check(
        Percentage,
        "100% → 100 | 100% ủy viên → 100 | 100% nữ đoàn viên → 100 | trên 90% nữ đoàn viên → >90",
    );
    // A day and a month with a dash between them are no range.
    check(
        Integer,
        "từ 10-12 đoàn viên ưu tú → 10..12 | 7 đồng chí → 7 | 7 đ/c → 7 | 2543 → 2543 | 13- 7 → RANGE_UNCLEAR
         2017- 2022 → 2017..2022 | 17/07/2017 11:55 → SEVERAL_FIGURES",
    );
}

#[test]
fn the_printed_figures_of_soc_trang_are_understood() {
    check(
        Integer,
        "63 CĐCS → 63 | 3.599 đoàn viên → 3599 | 3.607 CB,CCVC,LĐ → 3607 | 04 Cụm thi đua → 4 | 91 năm → 91
         3.599 đoàn viên/3.607 CB,CCVC,LĐ → SEVERAL_FIGURES | 70 lao động → 70 | 2020 - 2025 → 2020..2025
         13 CĐCS “Hoàn thành xuất sắc nhiệm vụ” → 13 | 20/10 → SEVERAL_FIGURES | 68/69 → SEVERAL_FIGURES",
    );
    check(Percentage, "100% CĐCS → 100");
}
