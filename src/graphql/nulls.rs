//! What a failing field does to the answer: where the schema allows null it becomes null there, and its siblings stay.
//!
//! The engine nulls the whole parent when a nullable field fails, and its error paths inside lists stop at the index. This
//! extension does what the specification says: the error nulls the nearest place that may be null, and is told with the
//! full path.

use std::any::Any;
use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::extensions::{Extension, ExtensionContext, ExtensionFactory, NextExecute, NextResolve, ResolveInfo};
use async_graphql::{PathSegment, QueryPathNode, QueryPathSegment, Response, ServerError, ServerResult, Value};

/// Give this to the schema's builder.
pub struct NullableErrors;

impl ExtensionFactory for NullableErrors {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Kept::default())
    }
}

/// The errors of one request whose fields became null.
#[derive(Default)]
struct Kept {
    errors: Mutex<Vec<ServerError>>,
}

/// Rides along as the error's source: the engine shortens the path on the error's way up but leaves the source alone.
struct Located {
    path: Vec<PathSegment>,
    source: Option<Arc<dyn Any + Send + Sync>>,
}

#[async_graphql::async_trait::async_trait]
impl Extension for Kept {
    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        let mut response = next.run(ctx, operation_name).await;
        response
            .errors
            .append(&mut self.errors.lock().unwrap_or_else(PoisonError::into_inner));
        for error in &mut response.errors {
            restore(error);
        }
        response
    }

    async fn resolve(
        &self,
        ctx: &ExtensionContext<'_>,
        info: ResolveInfo<'_>,
        next: NextResolve<'_>,
    ) -> ServerResult<Option<Value>> {
        let nullable = !info.return_type.ends_with('!');
        let place = info.path_node;
        match next.run(ctx, info).await {
            Err(error) => {
                let error = locate(error, place);
                if !nullable {
                    return Err(error);
                }
                self.errors.lock().unwrap_or_else(PoisonError::into_inner).push(error);
                // Within a list the engine demands a value, so not `None`.
                Ok(Some(Value::Null))
            }
            answered => answered,
        }
    }
}

/// Notes where the error arose, the first time that it passes: nowhere later is the path known better.
fn locate(error: ServerError, place: &QueryPathNode<'_>) -> ServerError {
    if error.source::<Located>().is_some() {
        return error;
    }
    let mut path = Vec::new();
    let mut node = Some(place);
    while let Some(current) = node {
        path.push(match current.segment {
            QueryPathSegment::Name(name) => PathSegment::Field(name.to_owned()),
            QueryPathSegment::Index(index) => PathSegment::Index(index),
        });
        node = current.parent;
    }
    path.reverse();
    if error.path.len() > path.len() {
        path.clone_from(&error.path);
    }
    ServerError {
        source: Some(Arc::new(Located {
            path,
            source: error.source,
        })),
        ..error
    }
}

/// Gives the error its path and its own source again.
fn restore(error: &mut ServerError) {
    if let Some(located) = error.source::<Located>() {
        let (path, source) = (located.path.clone(), located.source.clone());
        error.path = path;
        error.source = source;
    }
}

#[cfg(test)]
mod tests;
