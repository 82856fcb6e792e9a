//! What each query and mutation asks for, told in its description by the policy itself: nobody writes it twice. And the one check of
//! what a service account may call at all, before anything of it runs.

use std::borrow::Cow;

use async_graphql::parser::types::Field;
use async_graphql::registry::{MetaType, Registry};
use async_graphql::{
    ContainerType, Context, ContextSelectionSet, ObjectType, OutputType, Positioned, ServerResult, Value,
};

use super::asking;
use crate::policy::{self, Requires};

/// What a field of the queries or of the mutations asks for.
fn door<T: OutputType>(field: &str) -> Option<Requires> {
    if T::type_name() == "Mutation" {
        policy::of_mutation(field)
    } else {
        policy::of_query(field)
    }
}

/// The queries or the mutations, with the line `Requires: …` at the end of each description, and open to a service account where its
/// scopes say. In everything else it is what it holds.
#[derive(Default)]
pub struct Requiring<T>(pub T);

impl<T: ContainerType + OutputType> ContainerType for Requiring<T> {
    async fn resolve_field(&self, ctx: &Context<'_>) -> ServerResult<Option<Value>> {
        if let Some(caller) = asking(ctx) {
            let door = door::<T>(ctx.field().name());
            let admitted = policy::admit(caller.whoever(), door).map_err(async_graphql::Error::from);
            admitted.map_err(|error| ctx.set_error_path(error.into_server_error(ctx.item.pos)))?;
        }
        self.0.resolve_field(ctx).await
    }
}

impl<T: OutputType> OutputType for Requiring<T> {
    fn type_name() -> Cow<'static, str> {
        T::type_name()
    }

    fn create_type_info(registry: &mut Registry) -> String {
        let name = T::create_type_info(registry);
        if let Some(MetaType::Object { fields, .. }) = registry.types.get_mut(T::type_name().as_ref()) {
            for field in fields.values_mut() {
                let Some(requires) = door::<T>(&field.name) else {
                    continue;
                };
                let said = field.description.get_or_insert_default();
                said.push_str("\n\n");
                said.push_str(&requires.line());
            }
        }
        name
    }

    async fn resolve(&self, ctx: &ContextSelectionSet<'_>, field: &Positioned<Field>) -> ServerResult<Value> {
        self.0.resolve(ctx, field).await
    }
}

impl<T: ObjectType> ObjectType for Requiring<T> {}
