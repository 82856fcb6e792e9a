//! Settings → application. Production and tests build it here, from the same routes.

use actix_web::web::{self, ServiceConfig};

use crate::env::Env;
use crate::graphql::{self, Schema};
use crate::{accounts, awards, clusters, graphiql, reports, units};

/// What every worker shares.
#[derive(Clone)]
pub struct Shared {
    /// Database, clock, tokens.
    pub env: Env,
    /// The GraphQL schema.
    pub schema: Schema,
}

impl Shared {
    /// What a server on this environment shares.
    pub fn new(env: Env) -> Self {
        Self {
            env,
            schema: graphql::schema(),
        }
    }

    /// Every route of the service.
    pub fn routes(&self, config: &mut ServiceConfig) {
        config
            .app_data(web::Data::new(self.env.clone()))
            .app_data(web::Data::new(self.schema.clone()));
        graphql::door::routes(config);
        graphiql::routes(config);
        config.service(
            web::scope("/api/v1")
                .configure(accounts::rest::routes)
                .configure(units::rest::routes)
                .configure(clusters::rest::routes)
                .configure(reports::rest::routes)
                .configure(awards::rest::routes),
        );
    }
}
