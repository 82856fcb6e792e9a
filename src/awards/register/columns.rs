//! The columns of a register: what stands above them, what people also write there, how they are filled in. Pure.

use thidua_entity::enums::NumberForm;

use crate::sheets::register::Column;

/// How to fill in a register.
pub const HINT: &str = "Mỗi dòng là một khen thưởng. Các dòng cùng cơ quan ban hành, số và ngày ký là một quyết định: ghi lại số và ngày ở từng dòng. \
                        Không biết số thì ghi nguồn. Dán dữ liệu bằng “Dán giá trị”, không dùng công thức.";

/// What is said of an award in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// Number of the decision.
    Number,
    /// Date of signing.
    Day,
    /// Year of achievement.
    Year,
    /// Who issued the decision.
    Issuer,
    /// Who signed it.
    Signer,
    /// The kind of award.
    Kind,
    /// The unit that received it, or within which the recipients stand.
    Unit,
    /// The recipient's name.
    Name,
    /// Collective or individual.
    Recipient,
    /// How many.
    Count,
    /// What else is said.
    Note,
    /// Where it is known from.
    Source,
}

/// The choices of [`Field::Recipient`].
pub const RECIPIENTS: [&str; 2] = ["Tập thể", "Cá nhân"];

const fn column(heading: &'static str, also: &'static [&'static str], width: u16, help: &'static str) -> Column {
    Column {
        heading,
        also,
        width,
        form: NumberForm::Text,
        choices: &[],
        required: false,
        help,
    }
}

const fn required(column: Column) -> Column {
    Column {
        required: true,
        ..column
    }
}

/// The columns in the order of [`Field`].
pub const COLUMNS: &[Column] = &[
    column(
        "Số quyết định",
        &["Số QĐ", "Quyết định số", "Số"],
        20,
        "Như ghi trên quyết định, ví dụ 737/QĐ-LĐLĐ; bỏ trống nếu không biết.",
    ),
    column(
        "Ngày ký",
        &["Ngày quyết định", "Ngày QĐ", "Ngày ban hành", "Ngày, tháng, năm ký"],
        14,
        "Ngày/tháng/năm, ví dụ 15/01/2026; bỏ trống nếu không biết.",
    ),
    required(column(
        "Năm thành tích",
        &["Năm", "Năm khen thưởng", "Năm khen"],
        12,
        "Năm của thành tích được khen, không phải năm ký.",
    )),
    column(
        "Cơ quan ban hành",
        &["Cấp ban hành", "Đơn vị ban hành", "Cơ quan quyết định", "Cấp khen"],
        34,
        "Tên hoặc mã của đơn vị công đoàn, hoặc tên cơ quan bên ngoài; bỏ trống nếu do chính đơn vị giữ sổ ban hành.",
    ),
    column("Người ký", &[], 24, "Họ tên và chức vụ, như ghi trên quyết định."),
    required(column(
        "Hình thức khen thưởng",
        &[
            "Hình thức",
            "Danh hiệu",
            "Danh hiệu, hình thức khen thưởng",
            "Hình thức khen",
        ],
        34,
        "Mã hoặc tên trong danh mục, xem trang Danh mục.",
    )),
    required(column(
        "Đơn vị",
        &["Đơn vị được khen", "Đơn vị công tác", "Tập thể, đơn vị"],
        38,
        "Mã hoặc tên chính thức của đơn vị vào ngày ký quyết định.",
    )),
    column(
        "Họ và tên",
        &["Họ tên", "Cá nhân", "Tên cá nhân", "Họ và tên cá nhân"],
        28,
        "Người được khen. Bỏ trống nếu khen cả đơn vị, hoặc nếu chỉ biết số lượng.",
    ),
    Column {
        form: NumberForm::Choice,
        choices: &RECIPIENTS,
        ..column(
            "Đối tượng",
            &["Tập thể/Cá nhân", "Loại"],
            12,
            "Tập thể hoặc Cá nhân; cần ghi khi chỉ biết số lượng mà hình thức này tặng cho cả hai.",
        )
    },
    Column {
        form: NumberForm::Integer,
        ..column("Số lượng", &["SL"], 10, "Số người hoặc tập thể, khi không biết tên.")
    },
    column("Ghi chú", &[], 30, "Điều khác mà nguồn ghi."),
    column(
        "Nguồn",
        &["Nguồn tài liệu", "Căn cứ ghi nhận"],
        34,
        "Biết từ đâu: hồ sơ, báo cáo, trang tin. Không có số quyết định thì các dòng cùng nguồn là một quyết định.",
    ),
];
