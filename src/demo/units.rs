//! Provinces and units of the demonstration: names, parents, codes, what stands above what.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::enums::{NameUse, Named, Sector, UnitKind};
use thidua_entity::{province, unit, unit_ancestry, unit_code, unit_name, unit_parent};
use uuid::Uuid;

use super::plan::{self, Plan, PlannedUnit};
use super::store::SCHEME;
use crate::error::Result;
use crate::text;
use crate::units::ancestry::{self, Link};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    provinces: Vec<NewProvince>,
    units: Vec<NewUnit>,
    lists: Vec<List>,
    former_names: Vec<FormerName>,
    ended: Vec<Ended>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewProvince {
    code: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewUnit {
    code: String,
    parent: Option<String>,
    kind: UnitKind,
    sector: Option<Sector>,
    province: Option<String>,
    name: String,
    aliases: Vec<String>,
}

/// Units of one kind below one parent: code behind the prefix, sector, name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct List {
    parent: String,
    prefix: String,
    kind: UnitKind,
    units: Vec<(String, Sector, String)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FormerName {
    unit: String,
    name: String,
    until: NaiveDate,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Ended {
    unit: String,
    on: NaiveDate,
    reason: String,
}

/// Plans provinces and units.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let file: File = plan::read("units.json", include_str!("units.json"))?;
    for new in file.provinces {
        let row = province::Model {
            id: plan.id(),
            code: new.code,
            sort_key: text::sort_key(&new.name),
            name: new.name,
            valid_from: None,
            valid_to: None,
            successor_id: None,
            version: 1,
        };
        plan.add_province(row);
    }
    let former: HashMap<String, FormerName> = file
        .former_names
        .into_iter()
        .map(|former| (former.unit.clone(), former))
        .collect();
    let ended: HashMap<String, Ended> = file
        .ended
        .into_iter()
        .map(|ended| (ended.unit.clone(), ended))
        .collect();
    let listed = file.lists.into_iter().flat_map(|list| {
        list.units.into_iter().map(move |(code, sector, name)| NewUnit {
            code: format!("{}.{code}", list.prefix),
            parent: Some(list.parent.clone()),
            kind: list.kind,
            sector: Some(sector),
            province: None,
            name,
            aliases: Vec::new(),
        })
    });
    let mut links = Vec::new();
    for new in file.units.into_iter().chain(listed) {
        let (former, ended) = (former.get(&new.code), ended.get(&new.code));
        add(plan, new, former, ended, &mut links)?;
    }
    let ids: Vec<Uuid> = plan.rows.units.iter().map(|unit| unit.id).collect();
    let mut above = ancestry::above(&ids, &links, &HashMap::new());
    for unit in ids {
        let rows = above
            .remove(&unit)
            .unwrap_or_default()
            .into_iter()
            .map(|upper| unit_ancestry::Model {
                ancestor_id: upper.ancestor,
                unit_id: unit,
                valid_from: upper.from,
                valid_to: upper.to,
                depth: upper.depth,
            });
        plan.rows.unit_ancestry.extend(rows);
    }
    Ok(())
}

fn add(
    plan: &mut Plan,
    new: NewUnit,
    former: Option<&FormerName>,
    ended: Option<&Ended>,
    links: &mut Vec<Link>,
) -> Result<()> {
    let parent = new.parent.as_deref().map(|code| plan.unit(code).cloned()).transpose()?;
    let province = match &new.province {
        Some(code) => Some(plan.province(code)?.0),
        None => parent.as_ref().and_then(|parent| parent.province),
    };
    let id = plan.id();
    plan.rows.units.push(unit::Model {
        id,
        kind: new.kind,
        sector: new.sector,
        province_id: province,
        sort_key: text::sort_key(&new.name),
        name: new.name.clone(),
        name_from: former.map(|former| former.until),
        founded_on: None,
        ended_on: ended.map(|ended| ended.on),
        end_reason: ended.map(|ended| ended.reason.clone()),
        version: 1,
        created_at: plan.now,
    });
    // The oldest first, as if they had been entered one after the other.
    let mut names: Vec<_> = former
        .map(|former| (NameUse::Official, former.name.clone(), None, Some(former.until)))
        .into_iter()
        .collect();
    names.push((
        NameUse::Official,
        new.name.clone(),
        former.map(|former| former.until),
        None,
    ));
    names.extend(new.aliases.into_iter().map(|alias| (NameUse::Alias, alias, None, None)));
    let written: Vec<&str> = names.iter().map(|(_, name, _, _)| name.as_str()).collect();
    plan.index(Named::Unit, id, &written);
    for (name_use, name, valid_from, valid_to) in names {
        let row = unit_name::Model {
            id: plan.id(),
            unit_id: id,
            name_use,
            name,
            valid_from,
            valid_to,
        };
        plan.rows.unit_names.push(row);
    }
    let code = unit_code::Model {
        id: plan.id(),
        unit_id: id,
        scheme: SCHEME.to_owned(),
        value: new.code.clone(),
        valid_from: None,
        valid_to: None,
    };
    plan.rows.unit_codes.push(code);
    if let Some(parent) = &parent {
        let link = unit_parent::Model {
            id: plan.id(),
            unit_id: id,
            parent_id: parent.id,
            valid_from: ancestry::BEGINNING,
            valid_to: None,
            decision: None,
        };
        plan.rows.unit_parents.push(link);
        links.push(Link {
            unit: id,
            parent: parent.id,
            from: ancestry::BEGINNING,
            to: ancestry::END,
        });
    }
    let planned = PlannedUnit {
        id,
        code: new.code,
        name: new.name,
        province,
        below: Vec::new(),
    };
    plan.add_unit(planned, new.parent.as_deref());
    Ok(())
}
