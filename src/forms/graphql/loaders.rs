//! Loaders of periods, indicators and forms and of their parts.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use thidua_entity::{
    indicator, indicator_choice, period, report_extension, report_form, report_form_due_day, report_form_item,
    report_form_kind, report_form_section, report_form_sector, report_form_version,
};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::forms::store;
use crate::graphql::{self, Rows};

graphql::row_loader!(
    PeriodId,
    period::Model,
    store::periods,
    "A period, as a visible report names it."
);
graphql::row_loader!(IndicatorId, indicator::Model, store::indicators, "An indicator.");
graphql::row_loader!(
    FormId,
    report_form::Model,
    store::forms,
    "A form, as a visible report names it."
);
graphql::row_loader!(
    VersionId,
    report_form_version::Model,
    store::versions_by_id,
    "A form's version."
);
graphql::parts_loader!(
    VersionsOf,
    report_form_version::Model,
    store::versions,
    form_id,
    "Versions of a form."
);
graphql::parts_loader!(
    ItemsOf,
    report_form_item::Model,
    store::items,
    form_version_id,
    "Indicators on a version."
);
graphql::parts_loader!(
    KindsOf,
    report_form_kind::Model,
    store::kinds,
    form_version_id,
    "Who fills in a version."
);
graphql::parts_loader!(
    SectionsOf,
    report_form_section::Model,
    store::sections,
    form_version_id,
    "Sections of a version."
);
graphql::parts_loader!(
    SectorsOf,
    report_form_sector::Model,
    store::sectors,
    form_version_id,
    "Sectors whose units fill in a version."
);
graphql::parts_loader!(
    ChoicesOf,
    indicator_choice::Model,
    store::choices,
    indicator_id,
    "What can be chosen for an indicator."
);

/// The due day of its own that a form has for a period: form and period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OwnDueDay(pub Uuid, pub Uuid);

impl Loader<OwnDueDay> for Rows {
    type Value = report_form_due_day::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[OwnDueDay]) -> Result<HashMap<OwnDueDay, Self::Value>, Self::Error> {
        let forms: Vec<Uuid> = keys.iter().map(|key| key.0).collect();
        let periods: Vec<Uuid> = keys.iter().map(|key| key.1).collect();
        let days = store::due_days(&self.env.db, &forms, &periods).await?;
        Ok(days
            .into_iter()
            .map(|row| (OwnDueDay(row.form_id, row.period_id), row))
            .collect())
    }
}

/// More time that a unit was given for its report on a form for a period: form, period and unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ExtensionOf(pub Uuid, pub Uuid, pub Uuid);

impl Loader<ExtensionOf> for Rows {
    type Value = report_extension::Model;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[ExtensionOf]) -> Result<HashMap<ExtensionOf, Self::Value>, Self::Error> {
        let of: Vec<_> = keys.iter().map(|key| (key.0, key.1, key.2)).collect();
        let extensions = store::extensions(&self.env.db, &of).await?;
        Ok(extensions
            .into_iter()
            .map(|row| (ExtensionOf(row.form_id, row.period_id, row.unit_id), row))
            .collect())
    }
}
