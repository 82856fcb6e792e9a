//! The steps that bring a database to the present shape, oldest first. See `README.md` for how to add one.

use sea_orm_migration::prelude::*;

pub use sea_orm_migration::{MigratorTrait, SchemaManager};

mod ddl;
mod m0001_accounts;
mod m0002_units;
mod m0003_clusters;
mod m0004_reports;
mod m0005_awards;
mod m0006_sessions;
mod m0007_links;
mod m0008_delegation;
mod m0009_second_factor;
mod m0010_events;
mod m0011_service_accounts;
mod m0012_provider;
mod m0013_evidence;
mod m0014_rules;
mod m0015_merging;
mod m0016_deadlines;
mod m0017_comments;
mod m0018_reminders;
mod m0019_sendings;
mod m0020_head_counts;
mod m0021_criteria;
mod m0022_years;
mod m0023_scoring;
mod m0024_cross_checks;
mod m0025_results;
mod m0026_year_news;
mod m0027_pact_covers;
mod m0028_conferences;
mod m0029_ballots;
mod m0030_tie_settlements;
mod m0031_award_terms;
mod m0032_award_proposals;
mod m0033_award_changes;
mod m0035_award_objections;
mod m0036_unit_predecessors;
mod m0038_award_nominees;
mod m0039_dossier_files;
mod m0040_deadline_reminders;

/// Runs the steps.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_accounts::Migration),
            Box::new(m0002_units::Migration),
            Box::new(m0003_clusters::Migration),
            Box::new(m0004_reports::Migration),
            Box::new(m0005_awards::Migration),
            Box::new(m0006_sessions::Migration),
            Box::new(m0007_links::Migration),
            Box::new(m0008_delegation::Migration),
            Box::new(m0009_second_factor::Migration),
            Box::new(m0010_events::Migration),
            Box::new(m0011_service_accounts::Migration),
            Box::new(m0012_provider::Migration),
            Box::new(m0013_evidence::Migration),
            Box::new(m0014_rules::Migration),
            Box::new(m0015_merging::Migration),
            Box::new(m0016_deadlines::Migration),
            Box::new(m0017_comments::Migration),
            Box::new(m0018_reminders::Migration),
            Box::new(m0019_sendings::Migration),
            Box::new(m0020_head_counts::Migration),
            Box::new(m0021_criteria::Migration),
            Box::new(m0022_years::Migration),
            Box::new(m0023_scoring::Migration),
            Box::new(m0024_cross_checks::Migration),
            Box::new(m0025_results::Migration),
            Box::new(m0026_year_news::Migration),
            Box::new(m0027_pact_covers::Migration),
            Box::new(m0028_conferences::Migration),
            Box::new(m0029_ballots::Migration),
            Box::new(m0030_tie_settlements::Migration),
            Box::new(m0031_award_terms::Migration),
            Box::new(m0032_award_proposals::Migration),
            Box::new(m0033_award_changes::Migration),
            Box::new(m0035_award_objections::Migration),
            Box::new(m0036_unit_predecessors::Migration),
            Box::new(m0038_award_nominees::Migration),
            Box::new(m0039_dossier_files::Migration),
            Box::new(m0040_deadline_reminders::Migration),
        ]
    }
}
