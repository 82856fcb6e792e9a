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
        Sector::StateAdministration => ("hành chính nhà nước", "State administration"),
        Sector::PublicService => ("sự nghiệp công lập", "public service"),
        Sector::Education => ("giáo dục", "education"),
        Sector::StateEnterprise => ("doanh nghiệp nhà nước", "State enterprises"),
        Sector::PrivateEnterprise => ("doanh nghiệp ngoài nhà nước", "non-State enterprises"),
        Sector::ForeignInvestedEnterprise => ("doanh nghiệp có vốn đầu tư nước ngoài", "foreign-invested enterprises"),
        Sector::Occupational => ("nghiệp đoàn", "occupational"),
    };
    Text::new(vi, en)
}

pub(super) fn calendar(calendar: Calendar) -> Text {
    match calendar {
        Calendar::Year => Text::new("năm dương lịch", "calendar year"),
        Calendar::SchoolYear => Text::new("năm học", "school year"),
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
