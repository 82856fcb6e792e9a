//! Keeps the work on a field beside the stack. The compiler lays what each part of the mutations works with into one frame; of all parts
//! together that was most of a thread's stack, in a build that is not optimised, and a request that went deeper would have ended the service.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use async_graphql::parser::types::Field;
use async_graphql::registry::Registry;
use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult, Value,
};

/// An object of which each field is worked on beside the stack.
#[derive(Default)]
pub struct Beside<T>(T);

impl<T: ContainerType> ContainerType for Beside<T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        boxed(&self.0, ctx).await
    }
}

/// In a function of its own, so that the frame in which the work is made is gone before it begins.
#[inline(never)]
fn boxed<'a, T: ContainerType>(
    object: &'a T,
    ctx: &'a Context<'_>,
) -> Pin<Box<dyn Future<Output = ServerResult<Option<Value>>> + Send + 'a>> {
    Box::pin(object.resolve_field(ctx))
}

impl<T: OutputType> OutputType for Beside<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        T::create_type_info(registry)
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

impl<T: ObjectType> ObjectType for Beside<T> {}
