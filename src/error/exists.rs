//! What is told when something is there already that can be there once only.

use super::Text;

/// What can be there once, by how the names of the rules begin that say so: with the table and, where names of other tables begin alike, a
/// column; in Vietnamese and English what is there already and what to do.
const ONCE: &[(&str, &str, &str)] = &[
    (
        "account",
        "Tên đăng nhập này đã có người dùng; hãy chọn tên khác.",
        "This user name is taken; choose another.",
    ),
    (
        "award_decision",
        "Số quyết định này của đơn vị ban hành đã được ghi trong năm đó.",
        "A decision with this number of this issuer is recorded for that year already.",
    ),
    (
        "award_handover",
        "Khen thưởng này đã được ghi là đã trao.",
        "This award was handed over already.",
    ),
    (
        "award_quota",
        "Chỉ tiêu này đã được giao cho năm đó; hãy tải lại rồi sửa chỉ tiêu đã có.",
        "This quota is set for the year already; load it again and change it.",
    ),
    (
        "award_quota_exception",
        "Đơn vị này đã có ngoại lệ trong chỉ tiêu.",
        "This unit is an exception to the quota already.",
    ),
    (
        "award_terms",
        "Hình thức khen thưởng này đã có điều kiện bắt đầu từ ngày đó.",
        "This kind of award has terms from that day on already.",
    ),
    (
        "award_type",
        "Mã hình thức khen thưởng này đã có; hãy chọn mã khác.",
        "A kind of award has this code already; choose another.",
    ),
    (
        "ballot_paper",
        "Thẻ bỏ phiếu này đã được dùng cho một phiếu khác; phiếu đầu tiên được giữ nguyên.",
        "This voting token has been used for another vote; the first one stands.",
    ),
    (
        "ballot_roll_token_given",
        "Thẻ bỏ phiếu đã được cấp; mỗi thành viên chỉ nhận một thẻ.",
        "The voting token was given already; each member gets one.",
    ),
    (
        "ballot_round_of",
        "Vòng tiếp theo của cuộc bỏ phiếu này đã được lập.",
        "The further round of this ballot was drafted already.",
    ),
    (
        "ballot_vote",
        "Đã bỏ phiếu trong cuộc bỏ phiếu này; mỗi thành viên bỏ một phiếu và không sửa được.",
        "The vote in this ballot was cast already; each member has one, and it cannot be changed.",
    ),
    (
        "base_salary",
        "Đã có mức lương cơ sở áp dụng từ ngày đó.",
        "There is a base salary from that day on already.",
    ),
    (
        "cluster_membership",
        "Đơn vị này đang là thành viên của cụm.",
        "This unit is a member of the cluster already.",
    ),
    (
        "cluster_office",
        "Cụm đang có cụm trưởng; hãy kết thúc nhiệm kỳ trước rồi giao lại.",
        "The cluster has a chair already; end that term first.",
    ),
    (
        "council_member",
        "Hội đồng đã có chủ tịch, hoặc tài khoản này đã là thành viên đang tham gia hội đồng.",
        "The council has a chair already, or this account sits in it already.",
    ),
    (
        "criteria_set_cluster_id",
        "Mã bộ tiêu chí này đã có; hãy chọn mã khác.",
        "A criteria set has this code already; choose another.",
    ),
    (
        "criteria_set_unit_id",
        "Mã bộ tiêu chí này đã có; hãy chọn mã khác.",
        "A criteria set has this code already; choose another.",
    ),
    (
        "cross_check_recusal",
        "Đã ghi nhận hai đơn vị này không kiểm tra chéo nhau.",
        "It is recorded already that these two do not check each other.",
    ),
    (
        "cross_check_year_id",
        "Cặp kiểm tra chéo này đã được phân công.",
        "This pair was assigned for a cross-check already.",
    ),
    (
        "delegation",
        "Quyền này đã được ủy quyền cho người đó trong những ngày đó.",
        "This was delegated to that person for these days already.",
    ),
    (
        "emulation_participant",
        "Đơn vị này đã tham gia năm thi đua.",
        "This unit takes part in the year already.",
    ),
    (
        "emulation_year",
        "Cụm đã có năm thi đua này.",
        "The cluster has this emulation year already.",
    ),
    (
        "evidence",
        "Chính tệp này đã được đính kèm ở đây.",
        "This very file is attached here already.",
    ),
    (
        "indicator_code",
        "Mã chỉ tiêu này đã có; hãy chọn mã khác.",
        "An indicator has this code already; choose another.",
    ),
    (
        "pact_signature",
        "Đơn vị này đã ký giao ước thi đua.",
        "This unit has signed the pact already.",
    ),
    (
        "period",
        "Mã kỳ báo cáo này đã có; hãy chọn mã khác.",
        "A period has this code already; choose another.",
    ),
    (
        "provider_link",
        "Danh tính này đã gắn với một tài khoản, hoặc tài khoản này đã gắn với một danh tính.",
        "This identity is linked to an account already, or this account to an identity.",
    ),
    (
        "province",
        "Mã tỉnh, thành phố này đã có.",
        "A province has this code already.",
    ),
    (
        "report_form_owner_id",
        "Mã biểu báo cáo này đã có; hãy chọn mã khác.",
        "A report form has this code already; choose another.",
    ),
    (
        "report_submission",
        "Đơn vị đã có báo cáo này; hãy mở báo cáo đã có rồi làm tiếp.",
        "The unit has this report already; open it and go on there.",
    ),
    (
        "role_grant",
        "Tài khoản đã có vai trò này trong những ngày đó.",
        "The account has this role for these days already.",
    ),
    (
        "service_account",
        "Tên tài khoản dịch vụ này đã có; hãy chọn tên khác.",
        "A service account has this name already; choose another.",
    ),
    (
        "target",
        "Đơn vị đã có chỉ tiêu giao ước cho chỉ tiêu này.",
        "The unit has a target for this indicator already.",
    ),
    (
        "unit_code",
        "Mã này đang thuộc một đơn vị khác; hãy kiểm tra lại mã.",
        "This code belongs to another unit; check the code.",
    ),
    (
        "unit_event",
        "Sự kiện này của đơn vị trong ngày đó đã được ghi.",
        "This event of the unit on that day is recorded already.",
    ),
    (
        "unit_name",
        "Đơn vị đang có tên chính thức; hãy đổi tên từ một ngày.",
        "The unit has an official name; rename it from a day on.",
    ),
    (
        "unit_parent",
        "Đơn vị đã được chuyển cấp trên trong ngày đó.",
        "The unit was moved on that day already.",
    ),
    (
        "unit_statistics",
        "Đã có số liệu của đơn vị cho ngày đó; hãy sửa số liệu đã có.",
        "The unit has figures for that day already; correct those.",
    ),
];

/// The sentence of a broken rule of uniqueness.
pub(super) fn sentence(rule: &str) -> Text {
    let is_of = |name: &str| {
        let rest = rule.strip_prefix(name);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
    };
    let nearest = ONCE
        .iter()
        .filter(|(name, ..)| is_of(name))
        .max_by_key(|(name, ..)| name.len());
    nearest.map_or_else(
        || {
            Text::new(
                "Dữ liệu này đã có. Hãy tải lại rồi kiểm tra.",
                "It is there already. Load it again and look.",
            )
        },
        |(_, vi, en)| Text::new(*vi, *en),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rule_of_a_table_is_not_taken_for_that_of_another_whose_name_begins_alike() {
        for (rule, begins) in [
            ("award_quota_award_type_id_year_setter_id_subject_id", "Chỉ tiêu này"),
            ("award_quota_exception_quota_id_unit_id", "Đơn vị này đã có ngoại lệ"),
            ("cross_check_year_id_checker_id_checked_id", "Cặp kiểm tra chéo"),
            ("cross_check_recusal_year_id_checker_id_checked_id", "Đã ghi nhận"),
            ("ballot_vote", "Đã bỏ phiếu"),
            ("ballot_vote_ballot_id_voter_id", "Đã bỏ phiếu"),
            ("cross_check_draw_year_id_number", "Dữ liệu này đã có"),
            ("periodical", "Dữ liệu này đã có"),
        ] {
            assert!(sentence(rule).vi.starts_with(begins), "{rule}: {}", sentence(rule).vi);
        }
    }

    #[test]
    fn each_is_told_once_and_in_order() {
        assert!(ONCE.is_sorted_by(|one, other| one.0 < other.0));
    }
}
