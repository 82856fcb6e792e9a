//! The JSON bodies of REST requests.

use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::web;
use actix_web::{FromRequest, HttpRequest};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use super::Problem;
use super::body::{BodyLimits, Refusal, demand_json, json_error, read_body};
use crate::auth::Actor;
use crate::env::Env;
use crate::error::Error;

/// The JSON body of a request that anybody may make.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        async move { read_json(&request, payload).await.map(Self) }.boxed_local()
    }
}

/// The caller of a request and its JSON body. The caller comes first: who has not signed in is told so, whatever it sent, and
/// none of what it sent is read.
#[derive(Debug)]
pub struct SignedJson<T>(pub Arc<Actor>, pub T);

impl<T: DeserializeOwned + 'static> FromRequest for SignedJson<T> {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        async move {
            let actor = signed(&request).await?;
            Ok(Self(actor, read_json(&request, payload).await?))
        }
        .boxed_local()
    }
}

/// The caller of a request and its JSON body, which may be left out: then it is what it is when nothing is said.
#[derive(Debug)]
pub struct SignedBody<T>(pub Arc<Actor>, pub T);

impl<T: DeserializeOwned + Default + 'static> FromRequest for SignedBody<T> {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        async move {
            let actor = signed(&request).await?;
            let read = async {
                let body = read_body(&request, payload, BodyLimits::at(&request)).await?;
                if body.is_empty() {
                    return Ok(T::default());
                }
                demand_json(&request)?;
                parsed(&body)
            };
            let body = read.await.map_err(|refusal| refused(&request, refusal))?;
            Ok(Self(actor, body))
        }
        .boxed_local()
    }
}

/// What was said of a field, be it null; what is left out is not asked for here. For fields of `Option<Option<_>>` with a default.
pub fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(value: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(value).map(Some)
}

async fn signed(request: &HttpRequest) -> Result<Arc<Actor>, Problem> {
    let actor = match request.app_data::<web::Data<Env>>() {
        Some(env) => super::actor(env, request).await,
        None => Err(Error::internal("the application has no environment")),
    };
    actor.map_err(|error| Problem::new(error, request))
}

async fn read_json<T: DeserializeOwned>(request: &HttpRequest, payload: Payload) -> Result<T, actix_web::Error> {
    let read = async {
        demand_json(request)?;
        parsed(&read_body(request, payload, BodyLimits::at(request)).await?)
    };
    read.await.map_err(|refusal| refused(request, refusal))
}

fn parsed<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal {
        status: StatusCode::BAD_REQUEST,
        error: json_error(&error),
    })
}

fn refused(request: &HttpRequest, refusal: Refusal) -> actix_web::Error {
    let response = refusal.problem(request);
    InternalError::from_response(refusal.error, response).into()
}
