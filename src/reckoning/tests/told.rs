//! Explanations as people read them.

use super::copies::{five, table};
use super::*;
use Layer::Own;

fn told(set: &CheckedSet, facts: &ClusterFacts, subject: Subject) -> String {
    let labels = |code: &str| (code == "visits").then(|| title("Số lượt thăm hỏi"));
    let explanation = explain(set.set(), &reckon(set, facts), &subject, &labels).unwrap();
    explanation
        .sentences
        .iter()
        .map(|text| text.vi.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn grades_quotas_and_places_are_told_in_sentences() {
    let (set, facts) = (checked(table()), five());
    let unit = |id: &str| id.to_owned();
    assert_eq!(
        told(&set, &facts, Subject::Grade { unit: unit("b") }),
        "Xếp loại “Hoàn thành tốt nhiệm vụ”. Tổng điểm 96 đạt mức “Hoàn thành xuất sắc nhiệm vụ” (từ 90 điểm). Vượt tỷ lệ của mức \
         “Hoàn thành xuất sắc nhiệm vụ” (tối đa 1, tính trên 5 đơn vị) nên chuyển xuống “Hoàn thành tốt nhiệm vụ”. Căn cứ: Hướng dẫn 1294/HD-TLĐ."
    );
    assert_eq!(
        told(
            &set,
            &facts,
            Subject::Quota {
                quota: "top".to_owned()
            }
        ),
        "Mức “Hoàn thành xuất sắc nhiệm vụ” không quá 20% số đơn vị xếp “Hoàn thành tốt nhiệm vụ”, “Hoàn thành xuất sắc nhiệm vụ”. \
         20% của 5 đơn vị là 1, làm tròn thành 1; có 2 đơn vị. CĐCS Ngọc Hồi vượt tỷ lệ nên chuyển xuống mức liền dưới. \
         Căn cứ: Hướng dẫn 1294/HD-TLĐ."
    );
    assert_eq!(
        told(&set, &facts, Subject::Place { unit: unit("c") }),
        "Xếp hạng 3 với 75 điểm. CĐCS Ngọc Hồi đứng trước CĐCS Đăk Glei theo tổng điểm: 96 so với 75. \
         CĐCS Đăk Glei và CĐCS Ia H'Drai bằng nhau về mọi mặt nên đồng hạng, trừ khi bỏ phiếu phân định."
    );
    assert_eq!(
        told(&set, &facts, Subject::Total { unit: unit("a") }),
        "Tổng điểm là 98 (thang điểm 100). Gồm: “Mục a” 60; “Mục b” 38. Các phần cộng lại được 98 điểm."
    );
}

#[test]
fn points_are_told_with_formula_inputs_and_where_layers_differ() {
    let mut table = set(
        "10",
        vec![
            formula("f", "10", "best_visits > 0 ? 12 * visits / best_visits : 0").with(|one| one.step = Some(n("0.5"))),
        ],
    );
    table.bands = bands(&[("KHT", "0")]);
    let set = checked(table);
    let facts = cluster([
        unit("A").has("visits", "24.500"),
        unit("B").has("visits", "12.000").gets(Own, "f", "8"),
        unit("C"),
    ]);
    let subject = |unit: &str| Subject::Points {
        unit: unit.to_owned(),
        node: "f".to_owned(),
    };
    assert_eq!(
        told(&set, &facts, subject("b")),
        "“Mục f” được 6 trên 10 điểm. Tính theo công thức `best_visits > 0 ? 12 * visits / best_visits : 0`, trong đó cao nhất cụm của \
         “Số lượt thăm hỏi” là 24.500; “Số lượt thăm hỏi” là 12.000. Kết quả là 5,8776. Điểm chỉ trong khoảng từ 0 đến 10, làm tròn \
         đến 0,5, nên là 6. Các mức điểm khác nhau: tính từ báo cáo 6, tự chấm 8."
    );
    assert_eq!(
        told(&set, &facts, subject("c")),
        "“Mục f” chưa có điểm. Chưa có điểm vì thiếu số liệu: “Số lượt thăm hỏi”."
    );
    assert_eq!(
        told(&set, &facts, Subject::Grade { unit: "c".to_owned() }),
        "Đơn vị chưa xếp loại được; đây không phải là mức thấp nhất. Còn tiêu chí chưa có điểm: “Mục f”."
    );
}

#[test]
fn an_excess_that_no_percentage_says_exactly_is_told_as_the_fraction_that_it_is() {
    let measure = Measure::Target {
        indicator: "visits".to_owned(),
        target: TargetFrom::Promised,
        share: n("0.5"),
        leader: true,
    };
    let mut table = set("20", vec![criterion("v", "20", measure)]);
    table.bands = bands(&[("KHT", "0")]);
    let set = checked(table);
    let visiting = |name: &str, visits: &str| unit(name).has("visits", visits).promised("visits", "30");
    let facts = cluster([visiting("A", "50"), visiting("B", "40")]);
    let told = |unit: &str| {
        let (unit, node) = (unit.to_owned(), "v".to_owned());
        told(&set, &facts, Subject::Points { unit, node })
    };
    assert_eq!(
        told("a"),
        "“Mục v” được 20 trên 20 điểm. Thực hiện 50, vượt chỉ tiêu 30 là ≈ 66,67%, dẫn đầu cụm nên được trọn 20."
    );
    assert_eq!(
        told("b"),
        "“Mục v” được 15 trên 20 điểm. Thực hiện 40, vượt chỉ tiêu 30 là ≈ 33,33%; dẫn đầu cụm là A, vượt ≈ 66,67%: \
         10 + 10 × (10 / 30) / (20 / 30) = 15."
    );
}

#[test]
fn all_points_of_a_unit_are_told_as_each_is() {
    let (set, facts) = (checked(table()), five());
    let outcome = reckon(&set, &facts);
    let all = explain_points(set.set(), &outcome, "b", &|_| None);
    assert!(all.len() > 1);
    for (node, sentences) in all {
        let unit = "b".to_owned();
        let one = explain(set.set(), &outcome, &Subject::Points { unit, node }, &|_| None).unwrap();
        assert_eq!(one.sentences, sentences);
    }
}

#[test]
fn a_target_is_told_with_who_leads_and_by_how_much() {
    let measure = Measure::Target {
        indicator: "visits".to_owned(),
        target: TargetFrom::Promised,
        share: n("0.5"),
        leader: true,
    };
    let node = criterion("v", "10", measure).with(|one| one.step = Some(n("0.5")));
    let mut table = set("10", vec![node]);
    table.bands = bands(&[("KHT", "0")]);
    let set = checked(table);
    let visiting = |name: &str, visits: &str| unit(name).has("visits", visits).promised("visits", "100");
    let facts = cluster([visiting("A", "140"), visiting("B", "115"), visiting("C", "87")]);
    let told = |unit: &str| {
        told(
            &set,
            &facts,
            Subject::Points {
                unit: unit.to_owned(),
                node: "v".to_owned(),
            },
        )
    };
    assert_eq!(
        told("a"),
        "“Mục v” được 10 trên 10 điểm. Thực hiện 140, vượt chỉ tiêu 100 là 40%, dẫn đầu cụm nên được trọn 10."
    );
    assert_eq!(
        told("b"),
        "“Mục v” được 7 trên 10 điểm. Thực hiện 115, vượt chỉ tiêu 100 là 15%; dẫn đầu cụm là A, vượt 40%: \
         5 + 5 × 15 / 40 = 6,8750. Điểm chỉ trong khoảng từ 0 đến 10, làm tròn đến 0,5, nên là 7."
    );
    assert_eq!(
        told("c"),
        "“Mục v” được 4,5 trên 10 điểm. Thực hiện 87 so với chỉ tiêu 100: 5 × 87 / 100 = 4,35. Điểm chỉ trong khoảng từ 0 đến 10, \
         làm tròn đến 0,5, nên là 4,5."
    );
}

#[test]
fn who_is_only_just_short_of_a_target_reads_so() {
    let measure = Measure::Target {
        indicator: "visits".to_owned(),
        target: TargetFrom::Fixed {
            value: n("10000000000"),
        },
        share: n("1"),
        leader: false,
    };
    let set = checked(set("100", vec![criterion("v", "100", measure)]));
    let subject = || Subject::Points {
        unit: "a".to_owned(),
        node: "v".to_owned(),
    };
    let told = |visits: &str| told(&set, &cluster([unit("A").has("visits", visits)]), subject());
    assert!(told("9999999999").contains("so với chỉ tiêu 10.000.000.000: 100 × "));
    assert!(told("10000000000").contains(", đạt chỉ tiêu 10.000.000.000, được 100."));
    assert!(told("trên 10000000000").contains(", đạt chỉ tiêu "));
}

#[test]
fn a_missing_figure_is_told_as_zero_only_where_it_counts_as_zero() {
    let of = |text: &str, when_missing| {
        let node = formula("f", "100", text).with(|one| one.when_missing = when_missing);
        let facts = cluster([unit("A").has("violations", "3")]);
        let node_of = Subject::Points {
            unit: "a".to_owned(),
            node: "f".to_owned(),
        };
        told(&checked(set("100", vec![node])), &facts, node_of)
    };
    let open = of("violations > 0 ? 7 : visits", WhenMissing::Open);
    assert!(open.contains("“Số lượt thăm hỏi” là không có. Kết quả là 7."), "{open}");
    let zero = of("violations + visits", WhenMissing::Zero);
    assert!(zero.contains("“Số lượt thăm hỏi” là không có, tính là 0."), "{zero}");
}

#[test]
fn who_is_not_eligible_reads_when_it_would_have_been() {
    let mut table = table();
    table.eligibility = vec![EligibilityRule {
        after: [LifeEvent::Founded].into(),
        months: 12,
        basis: Some("Hướng dẫn 1294/HD-TLĐ, mục 3.1".to_owned()),
    }];
    let mut facts = five();
    let founded = Happened {
        on: day("2025-07-01"),
        event: LifeEvent::Founded,
    };
    facts.units.get_mut("a").unwrap().events.insert(founded);
    assert_eq!(
        told(&checked(table), &facts, Subject::Grade { unit: "a".to_owned() }),
        "Đơn vị không thuộc diện xếp loại kỳ này; đây không phải là mức thấp nhất. Đơn vị thành lập mới ngày 01/07/2025, phải hoạt động \
         đủ 12 tháng, tức là kỳ kết thúc sớm nhất vào 30/06/2026. Căn cứ: Hướng dẫn 1294/HD-TLĐ, mục 3.1."
    );
}
