//! The GraphQL door over HTTP: `POST` and `GET /graphql`, after "GraphQL over HTTP". It bounds what a request may cost
//! before the engine sees it, names the caller once, and answers every error with a code.
//!
//! It takes the place of the engine's own extractor, which has no bound on bodies, runs mutations over `GET` and takes
//! forms of other pages.

use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::web::{self, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use async_graphql::parser::types::{
    DocumentOperations, ExecutableDocument, OperationDefinition, OperationType, Selection,
};
use async_graphql::{BatchRequest, BatchResponse, Request, Response, ServerError};

use self::answer::Answer;
use super::{Schema, limits, with_request};
use crate::auth::Caller;
use crate::env::Env;
use crate::error::{Error, Text};
use crate::http::body::{self, BodyLimits, Refusal, clipped};
use crate::{http, request};

pub mod answer;
pub mod incoming;
mod omitted;

/// Most fields within each other, for the schema. Introspection by GraphiQL and code generators needs 15.
pub const DEPTH_MAX: usize = 20;
/// Most that a document may cost, for the schema: one for each field, and a list its page size times what is asked of
/// one item. Enough for a page of 100 with 100 fields each.
pub const COMPLEXITY_MAX: usize = 10_000;
/// Most selections within each other, for the schema; the door has refused more before.
pub const RECURSIVE_DEPTH_MAX: usize = limits::SELECTIONS_DEPTH_MAX;
/// Most directives on one field, for the schema.
pub const DIRECTIVES_MAX: usize = 8;
/// Longest time for which one operation may run.
const EXECUTION_MAX: Duration = Duration::from_secs(20);
/// Most characters of an operation's name in the log.
const NAME_MAX: usize = 100;

/// Adds `/graphql`. It wants `web::Data` of [`Schema`] and [`Env`].
pub fn routes(config: &mut ServiceConfig) {
    config.service(
        web::resource("/graphql")
            .get(get)
            .post(post)
            .default_service(web::to(other)),
    );
}

async fn post(
    request: HttpRequest,
    payload: web::Payload,
    schema: web::Data<Schema>,
    env: web::Data<Env>,
) -> HttpResponse {
    let answer = Answer::to(&request);
    let work = async {
        body::demand_json(&request)?;
        let caller = caller(&env, &request).await?;
        let body = body::read_body(&request, payload.into_inner(), BodyLimits::at(&request)).await?;
        let operations = incoming::from_body(&body).map_err(bad_request)?;
        Ok((caller, operations))
    };
    let (caller, operations) = match work.await {
        Ok(work) => work,
        Err(refusal) => return answer.refuse(&refusal),
    };
    match operations {
        BatchRequest::Single(one) => {
            let one = Prepared::new(one);
            request::name_operation(one.name.as_str());
            answer.send(BatchResponse::Single(one.run(&schema, &env, caller, &answer).await))
        }
        BatchRequest::Batch(several) => {
            let mut several: Vec<Prepared> = several.into_iter().map(Prepared::new).collect();
            if several.iter().map(|one| one.roots).sum::<usize>() > limits::ROOTS_MAX {
                several.iter_mut().for_each(Prepared::refuse_as_too_many);
            }
            let names: Vec<&str> = several.iter().map(|one| one.name.as_str()).collect();
            request::name_operation(clipped(&names.join("; "), NAME_MAX));
            let mut responses = Vec::with_capacity(several.len());
            for one in several {
                // One after the other: a batch takes no more of the database at once than a single request.
                responses.push(one.run(&schema, &env, caller.clone(), &answer).await);
            }
            answer.send(BatchResponse::Batch(responses))
        }
    }
}

async fn get(request: HttpRequest, schema: web::Data<Schema>, env: web::Data<Env>) -> HttpResponse {
    let answer = Answer::to(&request);
    let work = async {
        let caller = caller(&env, &request).await?;
        let operation = incoming::from_query(request.query_string()).map_err(bad_request)?;
        Ok((caller, operation))
    };
    let (caller, operation) = match work.await {
        Ok(work) => work,
        Err(refusal) => return answer.refuse(&refusal),
    };
    let operation = Prepared::new(operation);
    request::name_operation(operation.name.as_str());
    if operation.kind.is_some_and(|kind| kind != OperationType::Query) {
        // A link or an image on another page makes GET requests; it must not change anything.
        return answer.refuse_method(
            "POST",
            "Chỉ truy vấn (query) được gửi bằng GET; hãy gửi thao tác này bằng POST.",
            "Only queries may be sent by GET; send this operation by POST.",
        );
    }
    answer.send(BatchResponse::Single(
        operation.run(&schema, &env, caller, &answer).await,
    ))
}

async fn other(request: HttpRequest) -> HttpResponse {
    Answer::to(&request).refuse_method("GET, POST", "Hãy dùng GET hoặc POST.", "Use GET or POST.")
}

async fn caller(env: &Env, request: &HttpRequest) -> Result<Option<Caller>, Refusal> {
    http::caller(env, request).await.map_err(|error| Refusal {
        status: http::status(&error),
        error,
    })
}

fn bad_request(error: Error) -> Refusal {
    Refusal {
        status: StatusCode::BAD_REQUEST,
        error,
    }
}

/// An operation that was looked at but not run.
struct Prepared {
    request: Result<Request, Box<ServerError>>,
    /// What it is called in the log.
    name: String,
    /// `None` when it is not clear which operation is meant; then the engine refuses it.
    kind: Option<OperationType>,
    /// How many fields stand at its top.
    roots: usize,
}

impl Prepared {
    /// Parses the document, once for all, and checks what it may cost.
    fn new(mut request: Request) -> Self {
        let checked = (|| {
            limits::check_text(&request.query).map_err(answer::server_error)?;
            let document = async_graphql::parser::parse_query(&request.query)?;
            limits::check(&document, &request.variables).map_err(answer::server_error)?;
            omitted::put_null(&document, &mut request.variables);
            Ok(document)
        })();
        match checked {
            Ok(document) => {
                let chosen = chosen(&document, request.operation_name.as_deref());
                let name = chosen.map_or_else(
                    || "unknown".to_owned(),
                    |(name, operation)| operation_name(name, operation),
                );
                let kind = chosen.map(|(_, operation)| operation.ty);
                let roots = limits::roots(&document);
                request.set_parsed_query(document);
                Self {
                    request: Ok(request),
                    name,
                    kind,
                    roots,
                }
            }
            Err(error) => Self {
                request: Err(Box::new(error)),
                name: "refused".to_owned(),
                kind: None,
                roots: 0,
            },
        }
    }

    /// Refuses what is small enough by itself but belongs to a batch that is not.
    fn refuse_as_too_many(&mut self) {
        self.request = Err(Box::new(answer::server_error(limits::too_many_roots())));
    }

    async fn run(self, schema: &Schema, env: &Env, caller: Option<Caller>, answer: &Answer) -> Response {
        match self.request {
            Ok(request) => {
                let changes = self.kind != Some(OperationType::Query);
                let work = schema.execute(with_request(request, env, caller, answer.language, changes));
                // Dropping the work rolls back what it had begun.
                tokio::time::timeout(EXECUTION_MAX, work).await.unwrap_or_else(|_| {
                    let error = Error::TooComplex(Text::new(
                        "Yêu cầu chạy quá lâu nên đã dừng; hãy hỏi ít hơn mỗi lần.",
                        "The request took too long and was stopped; ask for less at once.",
                    ));
                    Response::from_errors(vec![answer::server_error(error)])
                })
            }
            Err(error) => Response::from_errors(vec![*error]),
        }
    }
}

/// The operation that the engine will choose.
fn chosen<'a>(
    document: &'a ExecutableDocument,
    name: Option<&str>,
) -> Option<(Option<&'a str>, &'a OperationDefinition)> {
    match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some((None, &operation.node)),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations
            .get_key_value(name)
            .map(|(name, operation)| (Some(name.as_str()), &operation.node)),
        (DocumentOperations::Multiple(operations), None) => match operations.iter().next() {
            Some((name, operation)) if operations.len() == 1 => Some((Some(name.as_str()), &operation.node)),
            _ => None,
        },
    }
}

/// The operation's name, else its kind and first fields.
fn operation_name(name: Option<&str>, operation: &OperationDefinition) -> String {
    if let Some(name) = name {
        return clipped(name, NAME_MAX);
    }
    let fields: Vec<&str> = operation
        .selection_set
        .node
        .items
        .iter()
        .take(5)
        .map(|selection| match &selection.node {
            Selection::Field(field) => field.node.name.node.as_str(),
            Selection::FragmentSpread(spread) => spread.node.fragment_name.node.as_str(),
            Selection::InlineFragment(_) => "...",
        })
        .collect();
    clipped(&format!("{} {}", operation.ty, fields.join(",")), NAME_MAX)
}
