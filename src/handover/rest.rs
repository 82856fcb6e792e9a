//! What is open in a cluster, on REST: by the same use-case that GraphQL calls.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use chrono::NaiveDate;
use serde::Serialize;
use thidua_entity::enums::HandoverKind;
use utoipa::{OpenApi, ToSchema};

use super::open::Item;
use super::usecases;
use crate::env::Env;
use crate::error::Language;
use crate::http::{self, Problem, tags};
use crate::ids::Kind;

/// What REST tells of handovers.
#[derive(OpenApi)]
#[openapi(
    paths(get_cluster_handover),
    components(schemas(ClusterHandoverJson, HandoverItemJson))
)]
pub struct Docs;

/// Routes of handovers, below `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(get_cluster_handover);
}

/// Everything that is open in a cluster, as far as the caller sees it.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ClusterHandoverJson {
    /// The cluster.
    cluster_id: String,
    /// Its name.
    cluster_name: String,
    /// What is open, in the order of the year; empty when nothing is.
    items: Vec<HandoverItemJson>,
}

/// Something that is open in a cluster.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct HandoverItemJson {
    /// Of what kind it is.
    kind: HandoverKind,
    /// How much of it there is; 1 or more, and 1000 where there may be more.
    count: usize,
    /// The oldest day on which something of it is, or was, due; null where there is none.
    due_on: Option<NaiveDate>,
    /// What is to be done, in the caller's language.
    sentence: String,
    /// Ids of the first things to open, those that are due earliest; at most 5.
    node_ids: Vec<String>,
}

impl HandoverItemJson {
    fn of(item: Item, language: Language) -> Self {
        Self {
            kind: item.kind,
            count: item.count,
            due_on: item.due_on,
            sentence: item.sentence.in_language(language).to_owned(),
            node_ids: item.nodes.into_iter().map(|(kind, uuid)| kind.id(uuid)).collect(),
        }
    }
}

/// Everything that is open in a cluster, for whoever takes it on: chair and deputies, the organiser, and officers of a unit that will hold
/// an office of it.
#[utoipa::path(get, path = "/api/v1/clusters/{id}/handover", tag = "clusters", params(("id" = String, Path, description = "Id of the cluster")),
    security(("bearer" = [])),
    responses((status = 200, description = "As asked for", body = ClusterHandoverJson)))]
#[get("/clusters/{id}/handover")]
async fn get_cluster_handover(env: Data<Env>, request: HttpRequest, id: Path<String>) -> Result<HttpResponse, Problem> {
    http::answer(&request, async {
        let actor = http::actor(&env, &request).await?;
        let (cluster, items) = Box::pin(usecases::gather(&env, &actor, Kind::Cluster.parse(&id)?)).await?;
        let language = http::language(request.headers());
        let body = ClusterHandoverJson {
            cluster_id: Kind::Cluster.id(cluster.id),
            cluster_name: cluster.name,
            items: items
                .into_iter()
                .map(|item| HandoverItemJson::of(item, language))
                .collect(),
        };
        tags::digested(&request, &body)
    })
    .await
}
