//! From the bytes of a body or the parameters of an address to operations. Keys that nobody knows are passed over, as
//! "GraphQL over HTTP" asks: clients send `extensions` of their own.

use std::fmt;

use actix_web::web;
use async_graphql::{BatchRequest, Request, Variables};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};

use crate::error::{Error, Result};
use crate::http::body::{clipped, json_error};

/// Most operations in one request.
pub const BATCH_MAX: usize = 10;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Operation {
    query: Option<String>,
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
}

impl Operation {
    fn request(self) -> Result<Request> {
        let query = self.query.filter(|query| !query.trim().is_empty()).ok_or_else(|| {
            Error::bad_request(
                "Thiếu `query`: văn bản GraphQL cần thực hiện.",
                "`query` is missing: the GraphQL text to run.",
            )
        })?;
        let mut request = Request::new(query).variables(self.variables);
        request.operation_name = self.operation_name.filter(|name| !name.is_empty());
        Ok(request)
    }
}

/// Reads a body: one operation or a list of them.
pub fn from_body(body: &[u8]) -> Result<BatchRequest> {
    // Looking at the first character instead of trying both forms keeps what the parser says about a mistake.
    if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        let Batch(operations) = serde_json::from_slice(body).map_err(|error| json_error(&error))?;
        let requests: Result<Vec<Request>> = operations.into_iter().map(Operation::request).collect();
        Ok(BatchRequest::Batch(requests?))
    } else {
        let operation: Operation = serde_json::from_slice(body).map_err(|error| json_error(&error))?;
        Ok(BatchRequest::Single(operation.request()?))
    }
}

/// Reads the parameters of an address: `query`, `operationName`, and `variables` as JSON.
pub fn from_query(parameters: &str) -> Result<Request> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Parameters {
        query: Option<String>,
        operation_name: Option<String>,
        variables: Option<String>,
    }
    let Parameters {
        query,
        operation_name,
        variables,
    } = web::Query::<Parameters>::from_query(parameters)
        .map_err(|error| {
            let said = clipped(&error.to_string(), 200);
            Error::bad_request(
                format!("Tham số sai: {said}."),
                format!("The parameters are wrong: {said}."),
            )
        })?
        .into_inner();
    let variables = match variables.filter(|text| !text.is_empty()) {
        Some(text) => serde_json::from_str(&text).map_err(|error| json_error(&error))?,
        None => Variables::default(),
    };
    Operation {
        query,
        operation_name,
        variables,
    }
    .request()
}

/// At least one operation, and no more are read than may be there.
struct Batch(Vec<Operation>);

impl<'de> Deserialize<'de> for Batch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Operations;

        impl<'de> Visitor<'de> for Operations {
            type Value = Batch;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "1 to {BATCH_MAX} operations")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Batch, A::Error> {
                let mut operations = Vec::new();
                while let Some(operation) = list.next_element()? {
                    if operations.len() == BATCH_MAX {
                        return Err(A::Error::invalid_length(BATCH_MAX + 1, &self));
                    }
                    operations.push(operation);
                }
                if operations.is_empty() {
                    return Err(A::Error::invalid_length(0, &self));
                }
                Ok(Batch(operations))
            }
        }

        deserializer.deserialize_seq(Operations)
    }
}
