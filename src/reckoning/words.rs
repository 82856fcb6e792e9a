//! The words of the trade for layers, kinds of unit, sectors, calendars and events, in both languages. Pure.

use thidua_entity::enums::{Sector, UnitKind};

use super::rules::LifeEvent;
use super::set::{Calendar, Layer, Title};
use crate::error::Text;

/// As it stands after `điểm` and before `points`.
pub(super) fn layer(layer: Layer) -> Text {
    let (vi, en) = match layer {
        Layer::Own => ("tự chấm", "the unit itself"),
        Layer::CrossCheck => ("kiểm tra chéo", "the cross-check"),
        Layer::Cluster => ("cụm chấm", "the cluster"),
        Layer::Province => ("tỉnh chấm", "the province"),
        Layer::Council => ("hội đồng chấm", "the council"),
    };
    Text::new(vi, en)
}

pub(super) fn unit_kind(kind: UnitKind) -> Text {
    let (vi, en) = match kind {
        UnitKind::Confederation => ("Tổng Liên đoàn", "the Confederation"),
        UnitKind::ProvincialFederation => ("Liên đoàn Lao động tỉnh, thành phố", "provincial federations"),
        UnitKind::CentralBranchUnion => ("công đoàn ngành trung ương", "central branch unions"),
        UnitKind::DistrictFederation => ("Liên đoàn Lao động huyện", "district federations"),
        UnitKind::CommuneUnion => ("công đoàn xã, phường, đặc khu", "commune, ward and special-zone unions"),
        UnitKind::LocalBranchUnion => ("công đoàn ngành địa phương", "local branch unions"),
        UnitKind::IndustrialZoneUnion => ("công đoàn các khu công nghiệp", "industrial zone unions"),
        UnitKind::Grassroots => ("công đoàn cơ sở", "grassroots unions"),
        UnitKind::OccupationalUnion => ("nghiệp đoàn cơ sở", "grassroots occupational unions"),
        UnitKind::MemberUnion => ("công đoàn cơ sở thành viên", "member grassroots unions"),
        UnitKind::Section => ("công đoàn bộ phận", "section unions"),
        UnitKind::Group => ("tổ công đoàn", "union groups"),
    };
    Text::new(vi, en)
}

pub(super) fn sector(sector: Sector) -> Text {
    let (vi, en) = match sector {
        Sector::StateAdministration => ("khu vực hành chính nhà nước", "in State administration"),
        Sector::PublicService => ("khu vực sự nghiệp công lập", "in public service"),
        Sector::Education => ("ngành giáo dục", "in education"),
        Sector::StateEnterprise => ("tại doanh nghiệp nhà nước", "at State enterprises"),
        Sector::PrivateEnterprise => ("tại doanh nghiệp ngoài nhà nước", "at non-State enterprises"),
        Sector::ForeignInvestedEnterprise => (
            "tại doanh nghiệp có vốn đầu tư nước ngoài",
            "at foreign-invested enterprises",
        ),
        Sector::Occupational => ("khối nghiệp đoàn", "without one employer"),
    };
    Text::new(vi, en)
}

pub(super) fn calendar(calendar: Calendar) -> Text {
    match calendar {
        Calendar::Year => Text::new("theo năm dương lịch", "by the calendar year"),
        Calendar::SchoolYear => Text::new("theo năm học", "by the school year"),
    }
}

pub(super) fn life_event(event: LifeEvent) -> Text {
    let (vi, en) = match event {
        LifeEvent::Founded => ("thành lập mới", "founded"),
        LifeEvent::Split => ("chia tách", "split off"),
        LifeEvent::Merged => ("sáp nhập", "merged"),
        LifeEvent::Consolidated => ("hợp nhất", "consolidated"),
    };
    Text::new(vi, en)
}

/// A name in quotation marks.
pub(super) fn title(title: &Title) -> Text {
    let en = title.en.as_deref().unwrap_or(&title.vi);
    Text::new(format!("“{}”", title.vi), format!("“{en}”"))
}
