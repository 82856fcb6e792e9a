//! Clusters and blocs of the demonstration, their members and who holds their offices.

use chrono::NaiveDate;
use serde::Deserialize;
use serde::de::IgnoredAny;
use thidua_entity::enums::{ChosenBy, ClusterForm, ClusterPurpose, Office};
use thidua_entity::{cluster, cluster_membership, cluster_office};

use super::plan::{self, Plan};
use crate::error::Result;
use crate::text;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "about")]
    _about: IgnoredAny,
    clusters: Vec<NewCluster>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewCluster {
    code: String,
    form: ClusterForm,
    bloc: Option<String>,
    organiser: String,
    name: String,
    decision: Option<String>,
    from: NaiveDate,
    members: Vec<String>,
    offices: Vec<NewOffice>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewOffice {
    unit: String,
    office: Office,
    from: NaiveDate,
    to: Option<NaiveDate>,
    chosen_by: Option<ChosenBy>,
    person: Option<String>,
    decision: Option<String>,
}

/// Plans clusters, memberships and offices.
pub fn plan(plan: &mut Plan) -> Result<()> {
    let file: File = plan::read("clusters.json", include_str!("clusters.json"))?;
    for new in file.clusters {
        let id = plan.id();
        let bloc = new
            .bloc
            .as_deref()
            .map(|code| plan.cluster(code).map(|bloc| bloc.0))
            .transpose()?;
        let row = cluster::Model {
            id,
            form: new.form,
            purpose: ClusterPurpose::Emulation,
            organiser_id: plan.unit(&new.organiser)?.id,
            parent_id: bloc,
            sort_key: text::sort_key(&new.name),
            name: new.name,
            decision: new.decision,
            valid_from: new.from,
            valid_to: None,
            version: 1,
            created_at: plan.now,
        };
        plan.add_cluster(&new.code, row);
        for code in new.members {
            let row = cluster_membership::Model {
                id: plan.id(),
                cluster_id: id,
                unit_id: plan.unit(&code)?.id,
                valid_from: new.from,
                valid_to: None,
                version: 1,
            };
            plan.rows.memberships.push(row);
        }
        for held in new.offices {
            let row = cluster_office::Model {
                id: plan.id(),
                cluster_id: id,
                unit_id: plan.unit(&held.unit)?.id,
                office: held.office,
                chosen_by: held.chosen_by,
                acting_person: held.person,
                decision: held.decision,
                valid_from: held.from,
                valid_to: held.to,
                version: 1,
            };
            plan.rows.offices.push(row);
        }
    }
    Ok(())
}
