//! The form of a report, as its figures are shown by it.

use std::collections::HashMap;

use sea_orm::ConnectionTrait;
use thidua_entity::{indicator, report_rival, report_submission, report_value};
use uuid::Uuid;

use super::{FigureConflictJson, FigureJson};
use crate::error::Result;
use crate::reports::merging::NOTE;
use crate::reports::store;
use crate::{accounts, forms};

/// The indicators of a version of a form, in its order.
pub struct OnForm(Vec<indicator::Model>);

impl OnForm {
    /// Those of a version.
    pub async fn of(connection: &impl ConnectionTrait, version: Uuid) -> Result<Self> {
        let items = forms::store::items(connection, &[version]).await?;
        let ids: Vec<Uuid> = items.iter().map(|item| item.indicator_id).collect();
        let indicators = forms::store::indicators(connection, &ids).await?;
        let mut by_id: HashMap<Uuid, indicator::Model> = indicators.into_iter().map(|row| (row.id, row)).collect();
        Ok(Self(ids.iter().filter_map(|id| by_id.remove(id)).collect()))
    }

    /// Codes of the indicators.
    pub fn codes(&self) -> HashMap<Uuid, String> {
        self.0.iter().map(|row| (row.id, row.code.clone())).collect()
    }

    /// The indicators in order.
    pub fn order(&self) -> Vec<Uuid> {
        self.0.iter().map(|row| row.id).collect()
    }

    /// Figures in the order of the form, of each indicator the total first and then its parts.
    pub fn figures(&self, mut values: Vec<report_value::Model>) -> Vec<FigureJson> {
        values.sort_unstable_by_key(|value| value.part);
        let of = |id: Uuid| values.iter().filter(move |value| value.indicator_id == id);
        let figures = self
            .0
            .iter()
            .flat_map(|row| of(row.id).map(move |value| FigureJson::of(value, row)));
        figures.collect()
    }

    /// What was typed for figures of a report that others had changed meanwhile, the oldest first.
    pub async fn conflicts(
        &self,
        connection: &impl ConnectionTrait,
        report: &report_submission::Model,
        values: &[report_value::Model],
    ) -> Result<Vec<FigureConflictJson>> {
        let rivals = store::rivals(connection, &[report.id]).await?;
        if rivals.is_empty() {
            return Ok(Vec::new());
        }
        let accounts: Vec<Uuid> = rivals.iter().filter_map(|rival| rival.account_id).collect();
        let names = accounts::store::names(connection, &accounts).await?;
        let codes = self.codes();
        let conflict = |rival: report_rival::Model| {
            let place = (rival.indicator_id, rival.part);
            let stands = values.iter().find(|value| (value.indicator_id, value.part) == place);
            let standing = if place == NOTE {
                report.note.clone()
            } else {
                stands.map(|value| value.raw.clone())
            };
            let by = names.iter().find(|row| Some(row.id) == rival.account_id);
            FigureConflictJson {
                indicator_code: codes.get(&rival.indicator_id).cloned(),
                part: rival.part,
                standing: standing.unwrap_or_default(),
                text: rival.raw,
                nature: rival.nature,
                by: by.map(|row| row.display_name.clone()),
                at: rival.at,
            }
        };
        Ok(rivals.into_iter().map(conflict).collect())
    }
}
