//! What the words of a register may mean: units under all their names, kinds of award, and where the caller may write; read by a number
//! of statements that does not grow with its rows.

use std::collections::{HashMap, HashSet};

use sea_orm::{Condition, ConnectionTrait};
use thidua_entity::enums::{NameUse, RecipientKind};
use thidua_entity::{award_type, unit};
use uuid::Uuid;

use crate::auth::Actor;
use crate::awards::register::Register;
use crate::awards::register::decisions::Beside;
use crate::awards::register::known::{self, DatedName, Kinds, KnownUnit, Units};
use crate::awards::store;
use crate::env::Env;
use crate::error::{Error, Result};
use crate::ids::Kind;
use crate::policy::{self, Action};
use crate::units::store::{self as units, Called};

/// Most units that the words of one register may mean: a thousand rows whose names five units bear each.
const UNITS_MAX: usize = 5_000;
/// Most units among whose names is guessed what was meant by a word.
const GUESSED_AMONG: u64 = 1_000;

/// How a kind of award stands in the list beside a register.
pub fn listed(kind: award_type::Model) -> Vec<String> {
    let recipients = match kind.recipients {
        RecipientKind::Collective => "Tập thể",
        RecipientKind::Individual => "Cá nhân",
        RecipientKind::Both => "Tập thể, Cá nhân",
    };
    vec![kind.code, kind.name, recipients.to_owned()]
}

/// What is known beside a register, read at one moment.
pub async fn beside(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    owner: Uuid,
    register: &Register,
) -> Result<Beside> {
    let (reach, today) = (policy::reach(actor), env.today());
    let of_units = register.lines.iter().filter_map(|line| line.unit.as_deref());
    let of_units: HashSet<&str> = of_units.collect();
    let issuers = register.lines.iter().filter_map(|line| line.issuer.as_deref());
    let issuers: HashSet<&str> = issuers.collect();
    let found = units::called(tx, (&reach, today), &called(owner, &of_units, &issuers), most()).await?;
    if found.len() > UNITS_MAX {
        return Err(too_many());
    }
    let mut known = Units::of(known_units(tx, &found).await?);
    if of_units.iter().any(|word| known.all_called(word).next().is_none()) {
        // Somebody has mistyped: what they may have meant is among what they see.
        let some = units::some_of(tx, (&reach, today), Condition::all(), GUESSED_AMONG).await?;
        known.guess_among(some.into_iter().map(|unit| unit.name));
    }
    let meant = issuers
        .iter()
        .flat_map(|word| known.all_called(word))
        .map(|unit| unit.id);
    let meant: HashSet<Uuid> = meant.chain([owner]).collect();
    let meant: Vec<unit::Model> = found.into_iter().filter(|unit| meant.contains(&unit.id)).collect();
    let places = units::places(tx, &meant, today).await?;
    let mine = places
        .iter()
        .filter(|(_, place)| policy::permits(actor, Action::AwardRecord, place));
    Ok(Beside {
        own: mine.map(|(unit, _)| *unit).collect(),
        units: known,
        kinds: Kinds::of(store::catalogue(tx).await?),
        owner,
        today,
    })
}

const fn most() -> u64 {
    UNITS_MAX as u64 + 1
}

/// What units are called by in a register.
fn called(owner: Uuid, of_units: &HashSet<&str>, issuers: &HashSet<&str>) -> Called {
    let words: HashSet<&str> = of_units.union(issuers).copied().collect();
    let codes = words.iter().flat_map(|word| [(*word).to_owned(), word.to_uppercase()]);
    let codes: HashSet<String> = codes.collect();
    let names: HashSet<String> = words.iter().flat_map(|word| known::spellings(word)).collect();
    Called {
        names: names.into_iter().collect(),
        codes: codes.into_iter().collect(),
        ids: words.iter().filter_map(|word| known::id(word)).chain([owner]).collect(),
    }
}

/// Units with all their official names and the codes that they have.
async fn known_units(tx: &impl ConnectionTrait, found: &[unit::Model]) -> Result<Vec<KnownUnit>> {
    let ids: Vec<Uuid> = found.iter().map(|unit| unit.id).collect();
    let mut names: HashMap<Uuid, Vec<DatedName>> = HashMap::new();
    let official = units::names(tx, &ids).await?.into_iter();
    for name in official.filter(|name| name.name_use == NameUse::Official) {
        names.entry(name.unit_id).or_default().push(DatedName {
            name: name.name,
            from: name.valid_from,
            to: name.valid_to,
        });
    }
    let mut codes: HashMap<Uuid, Vec<String>> = HashMap::new();
    for code in units::codes(tx, &ids).await? {
        codes.entry(code.unit_id).or_default().push(code.value);
    }
    let mut known = |unit: &unit::Model| KnownUnit {
        id: unit.id,
        key: Kind::Unit.id(unit.id),
        codes: codes.remove(&unit.id).unwrap_or_default(),
        names: names.remove(&unit.id).unwrap_or_default(),
        from: unit.founded_on,
        to: unit.ended_on,
    };
    Ok(found.iter().map(&mut known).collect())
}

fn too_many() -> Error {
    Error::invalid(
        "TOO_MANY_UNITS",
        "file",
        format!("Tên trong bảng có thể chỉ quá {UNITS_MAX} đơn vị; hãy chia thành nhiều tệp, hoặc ghi mã đơn vị."),
        format!(
            "The names in the register may mean more than {UNITS_MAX} units; divide it into several files, or write codes."
        ),
    )
}
