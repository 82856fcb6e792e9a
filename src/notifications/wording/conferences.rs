//! What notifications say of conferences, ballots and the offices that follow from them. Pure.

use thidua_entity::enums::NotificationKind;

use super::{AboutBallot, AboutConference, AboutOffices, Told, in_english, in_vietnamese};
use crate::ballots::sentences;
use crate::error::Text;

/// The sentence of what concerns a conference.
pub(super) fn of_conference(kind: NotificationKind, told: &Told) -> Text {
    let Some(about) = &told.of_conference else {
        return Text::new("Có tin mới về hội nghị của cụm.", "There is news of a conference.");
    };
    let AboutConference {
        holder,
        title,
        held_on,
        place,
        ..
    } = about;
    let (day_vi, day_en) = (in_vietnamese(Some(*held_on)), in_english(Some(*held_on)));
    match (kind, &about.ballot, &about.offices) {
        (NotificationKind::BallotOpened, Some(ballot), _) => opened(about, ballot, told),
        (NotificationKind::VoteDueSoon, Some(ballot), _) => closing(about, ballot, told),
        (NotificationKind::BallotConfirmed, Some(ballot), _) => confirmed(about, ballot),
        (NotificationKind::OfficesAppointed, _, Some(offices)) => appointed(holder, offices),
        (NotificationKind::ConferenceMoved, ..) => Text::new(
            format!("«{holder}»: hội nghị «{title}» chuyển sang ngày {day_vi} tại {place}."),
            format!("“{holder}”: the conference “{title}” is now held on {day_en} at {place}."),
        ),
        _ => Text::new(
            format!("«{holder}»: hội nghị «{title}» họp ngày {day_vi} tại {place}."),
            format!("“{holder}”: the conference “{title}” is held on {day_en} at {place}."),
        ),
    }
}

/// Which ballot of which conference it is.
fn which(about: &AboutConference, ballot: &AboutBallot) -> Text {
    let AboutConference { holder, title, .. } = about;
    let (round_vi, round_en) = if ballot.round > 1 {
        (format!(", vòng {}", ballot.round), format!(", round {}", ballot.round))
    } else {
        Default::default()
    };
    let (secret_vi, secret_en) = if ballot.secret {
        (" (phiếu kín)", " (secret)")
    } else {
        Default::default()
    };
    Text::new(
        format!(
            "«{holder}», hội nghị «{title}»: cuộc bỏ phiếu «{}»{round_vi}{secret_vi}",
            ballot.title
        ),
        format!(
            "“{holder}”, conference “{title}”: the ballot “{}”{round_en}{secret_en}",
            ballot.title
        ),
    )
}

fn opened(about: &AboutConference, ballot: &AboutBallot, told: &Told) -> Text {
    let which = which(about, ballot);
    let (until_vi, until_en) = told.until.map_or_else(Default::default, |day| {
        (
            format!("; bỏ phiếu bằng văn bản đến hết ngày {}", in_vietnamese(Some(day))),
            format!("; in writing until {}", in_english(Some(day))),
        )
    });
    Text::new(
        format!("{} đang chờ bạn bỏ phiếu{until_vi}.", which.vi),
        format!("{} waits for your vote{until_en}.", which.en),
    )
}

/// Of a secret ballot nobody knows who has voted, so that it is told to all who may.
fn closing(about: &AboutConference, ballot: &AboutBallot, told: &Told) -> Text {
    let which = which(about, ballot);
    let (day_vi, day_en) = (in_vietnamese(told.until), in_english(told.until));
    let (yours_vi, yours_en) = if ballot.secret {
        (
            "Nếu bạn đã bỏ phiếu thì bỏ qua tin này.",
            "If you have voted, disregard this.",
        )
    } else {
        ("Chưa có phiếu của bạn.", "Your vote is not there yet.")
    };
    Text::new(
        format!("{}: chỉ còn nhận phiếu đến hết ngày {day_vi}. {yours_vi}", which.vi),
        format!("{} takes votes until {day_en} only. {yours_en}", which.en),
    )
}

fn confirmed(about: &AboutConference, ballot: &AboutBallot) -> Text {
    let (which, chosen) = (which(about, ballot), sentences::came_of(ballot.kind, &ballot.chosen));
    Text::new(
        format!("{} đã có kết quả được xác nhận. {}", which.vi, chosen.vi),
        format!("{}: its outcome is confirmed. {}", which.en, chosen.en),
    )
}

fn appointed(holder: &str, offices: &AboutOffices) -> Text {
    let (day_vi, day_en) = (in_vietnamese(Some(offices.from)), in_english(Some(offices.from)));
    let listed = |open: char, close: char| {
        let each = offices.deputies.iter().map(|name| format!("{open}{name}{close}"));
        each.collect::<Vec<_>>().join(", ")
    };
    let chair_vi = offices.chair.as_ref().map(|name| format!("«{name}» làm cụm trưởng"));
    let chair_en = offices.chair.as_ref().map(|name| format!("“{name}” is chair"));
    let some = !offices.deputies.is_empty();
    let deputies_vi = some.then(|| format!("{} làm cụm phó", listed('«', '»')));
    let deputies_en = some.then(|| format!("deputy: {}", listed('“', '”')));
    let joined = |parts: [Option<String>; 2]| parts.into_iter().flatten().collect::<Vec<_>>().join("; ");
    Text::new(
        format!("«{holder}»: từ ngày {day_vi}, {}.", joined([chair_vi, deputies_vi])),
        format!("“{holder}”: from {day_en} on, {}.", joined([chair_en, deputies_en])),
    )
}
