//! What is done with the members of a council: taking in and letting go, each from a day on.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, Set};
use serde_json::json;
use thidua_entity::enums::CouncilSeat;
use thidua_entity::{account, council, council_member};
use uuid::Uuid;

use super::{days_of, days_of_member, managed};
use crate::audit::{self, Event};
use crate::auth::Actor;
use crate::clusters::rules::Span;
use crate::clusters::usecases::called_off;
use crate::councils::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::{accounts, db, input};

/// Most members of a council at once.
pub const MEMBERS_MAX: usize = 100;

/// A member to be taken in.
#[derive(Clone, Debug)]
pub struct NewMember {
    /// Name.
    pub name: String,
    /// In which seat.
    pub seat: CouncilSeat,
    /// Sign-in name of the account that is this member; `None` of who votes on paper only.
    pub username: Option<String>,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day on which they no longer sit; for what is entered of the past.
    pub valid_to: Option<NaiveDate>,
}

/// Takes somebody into a council from a day on. There is one chair at a time, and nobody sits twice at a time.
pub async fn add_member(
    env: &Env,
    actor: &Actor,
    council: Uuid,
    version: i32,
    new: &NewMember,
) -> Result<council::Model> {
    let name = input::line("name", &new.name)?;
    input::validity(Some(new.valid_from), new.valid_to)?;
    let tx = db::begin_write(&env.db).await?;
    let (ref actor, council) = managed(&tx, env, actor, council).await?;
    let account = match &new.username {
        Some(username) => Some(known(&tx, username).await?),
        None => None,
    };
    let wanted = Span {
        from: new.valid_from,
        to: new.valid_to,
    };
    let span = wanted.fitted(days_of(&council)).ok_or_else(|| not_there(&council))?;
    let members = store::members(&tx, &[council.id]).await?;
    let meanwhile: Vec<&council_member::Model> = members
        .iter()
        .filter(|row| span.overlaps(days_of_member(row)))
        .collect();
    has_room(&meanwhile, new.seat, account.as_ref())?;
    let row = council_member::ActiveModel {
        id: Set(env.new_id()),
        council_id: Set(council.id),
        name: Set(name.clone()),
        seat: Set(new.seat),
        account_id: Set(account.as_ref().map(|account| account.id)),
        valid_from: Set(span.from),
        valid_to: Set(span.to),
        version: Set(1),
    };
    let member = store::add_member(&tx, row).await?;
    let changed = store::update(&tx, &council, version, Default::default()).await?;
    let detail = json!({
        "memberId": member.id, "name": name, "seat": new.seat, "accountId": member.account_id, "validFrom": span.from,
        "validTo": span.to,
    });
    let subject = (Kind::Council, council.id);
    audit::record(&tx, env, actor, Event("COUNCIL_MEMBER_ADDED"), subject, detail).await?;
    tx.commit().await?;
    Ok(changed)
}

/// The account of a person with a sign-in name. A locked one is told like one that is not there.
async fn known(tx: &impl ConnectionTrait, username: &str) -> Result<account::Model> {
    let found = accounts::store::by_username(tx, &username.trim().to_lowercase()).await?;
    found.filter(|account| account.locked_at.is_none()).ok_or_else(|| {
        Error::invalid(
            "ACCOUNT_UNKNOWN",
            "username",
            "Không có tài khoản đang hoạt động với tên đăng nhập này.",
            "There is no account in use with this sign-in name.",
        )
    })
}

/// Lets through who finds a free seat among those who sit on some of the same days.
fn has_room(meanwhile: &[&council_member::Model], seat: CouncilSeat, account: Option<&account::Model>) -> Result<()> {
    if meanwhile.len() >= MEMBERS_MAX {
        return Err(Error::invalid(
            "TOO_MANY",
            "name",
            format!("Hội đồng có tối đa {MEMBERS_MAX} thành viên cùng lúc."),
            format!("A council has at most {MEMBERS_MAX} members at once."),
        ));
    }
    let chair = meanwhile.iter().find(|row| row.seat == CouncilSeat::Chair);
    if let (CouncilSeat::Chair, Some(chair)) = (seat, chair) {
        return Err(Error::invalid(
            "CHAIR_TAKEN",
            "seat",
            format!("“{}” là Chủ tịch Hội đồng trong thời gian đó.", chair.name),
            format!("“{}” is the chair of the council on some of these days.", chair.name),
        ));
    }
    let same = meanwhile
        .iter()
        .find(|row| account.is_some_and(|account| row.account_id == Some(account.id)));
    match same {
        None => Ok(()),
        Some(same) => Err(Error::invalid(
            "ALREADY_MEMBER",
            "username",
            format!(
                "Tài khoản này đã là thành viên “{}” trong thời gian đó; mỗi người một ghế, một phiếu.",
                same.name
            ),
            format!(
                "This account is the member “{}” on some of these days; one person has one seat and one vote.",
                same.name
            ),
        )),
    }
}

fn not_there(council: &council::Model) -> Error {
    let vi = |day: NaiveDate| day.format("%d/%m/%Y");
    let (vi_end, en_end) = council.valid_to.map_or_else(Default::default, |to| {
        (format!(" đến trước ngày {}", vi(to)), format!(" until before {to}"))
    });
    Error::invalid(
        "COUNCIL_NOT_ACTIVE",
        "validFrom",
        format!(
            "“{}” hoạt động từ ngày {}{vi_end}; hãy chọn ngày trong thời gian đó.",
            council.name,
            vi(council.valid_from)
        ),
        format!(
            "“{}” is there from {}{en_end}; choose days within that time.",
            council.name, council.valid_from
        ),
    )
}

/// Lets a member go on a day. One whose time has not begun is called off instead, when the day is not after its first.
pub async fn end_member(env: &Env, actor: &Actor, id: Uuid, version: i32, on: NaiveDate) -> Result<council::Model> {
    input::plausible_day("on", on)?;
    let tx = db::begin_write(&env.db).await?;
    let found = store::member(&tx, id).await?;
    let (ref actor, council) = managed(&tx, env, actor, found.council_id).await?;
    let member = store::member(&tx, id).await?;
    let called_off = called_off(days_of_member(&member), on, env.today())?;
    if called_off {
        store::call_off_member(&tx, &member, version).await?;
    } else {
        store::end_member(&tx, &member, version, on).await?;
    }
    let changed = store::update(&tx, &council, council.version, Default::default()).await?;
    let event = Event(if called_off {
        "COUNCIL_MEMBER_CALLED_OFF"
    } else {
        "COUNCIL_MEMBER_ENDED"
    });
    let detail = json!({ "memberId": id, "name": member.name, "validFrom": member.valid_from, "on": on });
    audit::record(&tx, env, actor, event, (Kind::Council, council.id), detail).await?;
    tx.commit().await?;
    Ok(changed)
}
