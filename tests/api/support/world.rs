//! The small world that every test begins with, made once by the use-cases themselves: the confederation, two provinces with
//! their federations, the districts of Kon Tum, and five grassroots unions here and there.

use std::collections::HashMap;
use std::ops::Index;

use chrono::NaiveDate;
use sea_orm::DatabaseConnection;
use thidua::auth::Actor;
use thidua::env::Env;
use thidua::ids::Kind;
use thidua::settings::Settings;
use thidua::units::usecases::{self, NewUnit};
use thidua_entity::enums::{Sector, UnitKind};
use uuid::Uuid;

use super::app::clock;

/// A union organisation of the world.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Identity in the tables.
    pub uuid: Uuid,
    /// Its name.
    pub name: String,
}

impl Unit {
    /// Its id as clients know it.
    pub fn id(&self) -> String {
        Kind::Unit.id(self.uuid)
    }
}

/// A province of the world.
#[derive(Clone, Debug)]
pub struct Province {
    /// Identity in the tables.
    pub uuid: Uuid,
}

impl Province {
    /// Its id as clients know it.
    pub fn id(&self) -> String {
        Kind::Province.id(self.uuid)
    }
}

/// The world: units by the short names of [`PLACES`].
#[derive(Debug)]
pub struct World {
    /// Tỉnh Kon Tum.
    pub kon_tum: Province,
    /// Tỉnh Sóc Trăng.
    pub soc_trang: Province,
    units: HashMap<&'static str, Unit>,
}

impl Index<&str> for World {
    type Output = Unit;

    fn index(&self, short: &str) -> &Unit {
        let unit = self.units.get(short);
        unit.unwrap_or_else(|| panic!("the world has no unit {short:?}; see tests/api/support/world.rs"))
    }
}

impl World {
    /// How many units there are.
    pub fn size(&self) -> usize {
        self.units.len()
    }
}

use Sector::{Education, PrivateEnterprise, PublicService, StateAdministration};
use UnitKind::{Confederation, DistrictFederation, Grassroots, LocalBranchUnion, ProvincialFederation};

type Place = (&'static str, &'static str, UnitKind, Option<Sector>, &'static str);

/// Short name, name, kind, sector, short name of the unit above.
const PLACES: &[Place] = &[
    (
        "Tổng Liên đoàn",
        "Tổng Liên đoàn Lao động Việt Nam",
        Confederation,
        None,
        "",
    ),
    (
        "Kon Tum",
        "Liên đoàn Lao động tỉnh Kon Tum",
        ProvincialFederation,
        None,
        "Tổng Liên đoàn",
    ),
    (
        "Sóc Trăng",
        "Liên đoàn Lao động tỉnh Sóc Trăng",
        ProvincialFederation,
        None,
        "Tổng Liên đoàn",
    ),
    ("Đăk Tô", "LĐLĐ huyện Đăk Tô", DistrictFederation, None, "Kon Tum"),
    ("Ngọc Hồi", "LĐLĐ huyện Ngọc Hồi", DistrictFederation, None, "Kon Tum"),
    ("Đăk Glei", "LĐLĐ huyện Đăk Glei", DistrictFederation, None, "Kon Tum"),
    ("IaH’Drai", "LĐLĐ huyện IaH’Drai", DistrictFederation, None, "Kon Tum"),
    (
        "Tu Mơ Rông",
        "LĐLĐ huyện Tu Mơ Rông",
        DistrictFederation,
        None,
        "Kon Tum",
    ),
    (
        "Trường Nguyễn Văn Cừ",
        "CĐCS Trường THPT Nguyễn Văn Cừ",
        Grassroots,
        Some(Education),
        "Đăk Tô",
    ),
    (
        "Trường Lương Thế Vinh",
        "CĐCS Trường THPT Lương Thế Vinh",
        Grassroots,
        Some(Education),
        "Đăk Tô",
    ),
    (
        "Y tế Đăk Tô",
        "CĐCS Trung tâm Y tế huyện Đăk Tô",
        Grassroots,
        Some(PublicService),
        "Đăk Tô",
    ),
    (
        "Xã Diên Bình",
        "CĐCS Xã Diên Bình",
        Grassroots,
        Some(StateAdministration),
        "Đăk Tô",
    ),
    (
        "Tinh bột sắn",
        "CĐCS Nhà máy Tinh bột sắn Đăk Tô",
        Grassroots,
        Some(PrivateEnterprise),
        "Đăk Tô",
    ),
    (
        "Viên chức",
        "Công đoàn Viên chức tỉnh Sóc Trăng",
        LocalBranchUnion,
        None,
        "Sóc Trăng",
    ),
    (
        "Sở Nội vụ",
        "CĐCS Sở Nội vụ",
        Grassroots,
        Some(StateAdministration),
        "Viên chức",
    ),
    (
        "Sở Tài chính",
        "CĐCS Sở Tài chính",
        Grassroots,
        Some(StateAdministration),
        "Viên chức",
    ),
    (
        "Sở Ngoại vụ",
        "CĐCS Sở Ngoại vụ",
        Grassroots,
        Some(StateAdministration),
        "Viên chức",
    ),
    (
        "Sở Khoa học",
        "CĐCS Sở Khoa học và Công nghệ",
        Grassroots,
        Some(StateAdministration),
        "Viên chức",
    ),
    (
        "Thư viện",
        "CĐCS Thư viện tỉnh",
        Grassroots,
        Some(PublicService),
        "Viên chức",
    ),
];

/// Makes the world in a migrated database.
pub async fn build(connection: &DatabaseConnection) -> World {
    let home = tempfile::tempdir().expect("a folder");
    let settings = Settings {
        data_dir: home.path().to_owned(),
        ..Settings::default()
    };
    let env = Env::new(&settings, connection.clone(), clock()).expect("an environment");
    let actor = Actor::command_line();
    let kon_tum = province(&env, &actor, "KT", "Tỉnh Kon Tum").await;
    let soc_trang = province(&env, &actor, "ST", "Tỉnh Sóc Trăng").await;
    let mut units: HashMap<&'static str, Unit> = HashMap::new();
    for &(short, name, kind, sector, above) in PLACES {
        let new = NewUnit {
            kind,
            name: name.to_owned(),
            parent: units.get(above).map(|unit| unit.uuid),
            sector,
            province: match short {
                "Kon Tum" => Some(kon_tum.uuid),
                "Sóc Trăng" => Some(soc_trang.uuid),
                _ => None,
            },
            founded_on: NaiveDate::from_ymd_opt(2001, 7, 28),
            decision: None,
        };
        let row = usecases::create(&env, &actor, new, None).await;
        let row = row.unwrap_or_else(|error| panic!("{name} is not founded: {error:?}"));
        let unit = Unit {
            uuid: row.id,
            name: row.name,
        };
        units.insert(short, unit);
    }
    World {
        kon_tum,
        soc_trang,
        units,
    }
}

async fn province(env: &Env, actor: &Actor, code: &str, name: &str) -> Province {
    let row = usecases::create_province(env, actor, code, name, None).await;
    Province {
        uuid: row.expect("a province").id,
    }
}
