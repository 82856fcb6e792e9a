//! A tiny schema whose fields fail, and what its answers look like. Also what an engine before version 8 answered wrongly.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::{EmptySubscription, MaybeUndefined, Object, Request, Schema, Variables};
use serde_json::{Value as Json, json};

use super::*;
use crate::error::Error;

struct Query;
struct Mutation;
struct Item(i32);

#[Object]
impl Query {
    async fn fails(&self) -> Result<Option<i32>, Error> {
        Err(Error::NotFound)
    }
    async fn must(&self) -> Result<i32, Error> {
        Err(Error::NotFound)
    }
    async fn good(&self) -> i32 {
        tokio::task::yield_now().await;
        1
    }
    async fn item(&self) -> Option<Item> {
        Some(Item(1))
    }
    async fn items(&self) -> Option<Vec<Item>> {
        Some(vec![Item(0), Item(1), Item(2)])
    }
    async fn holes(&self) -> Vec<Option<Item>> {
        vec![Some(Item(0)), Some(Item(1)), None]
    }
    async fn given(&self, x: MaybeUndefined<i32>) -> &'static str {
        match x {
            MaybeUndefined::Undefined => "absent",
            MaybeUndefined::Null => "null",
            MaybeUndefined::Value(_) => "value",
        }
    }
}

#[Object]
impl Item {
    async fn number(&self) -> i32 {
        self.0
    }
    /// Fails for item 1.
    async fn may(&self) -> Result<Option<i32>, Error> {
        if self.0 == 1 {
            Err(Error::NotFound)
        } else {
            Ok(Some(self.0))
        }
    }
    /// Fails for item 1.
    async fn must(&self) -> Result<i32, Error> {
        if self.0 == 1 { Err(Error::NotFound) } else { Ok(self.0) }
    }
    async fn inner(&self) -> Item {
        Item(self.0)
    }
}

static WRITES: AtomicUsize = AtomicUsize::new(0);

#[Object]
impl Mutation {
    async fn write(&self, fail: bool) -> Result<Option<i32>, Error> {
        if fail {
            return Err(Error::NotFound);
        }
        Ok(Some(WRITES.fetch_add(1, Ordering::Relaxed).try_into().unwrap_or(0)))
    }
}

/// The data, and message-free errors: their paths.
async fn ask(query: &str, variables: Json) -> (String, Vec<Json>) {
    let schema = Schema::build(Query, Mutation, EmptySubscription)
        .extension(NullableErrors)
        .finish();
    let request = Request::new(query).variables(Variables::from_json(variables));
    let response = schema.execute(request).await;
    for error in &response.errors {
        assert!(error.source::<Error>().is_some(), "the source is ours again: {error:?}");
        assert_eq!(error.locations.len(), 1);
    }
    let data = serde_json::to_string(&response.data).unwrap();
    (data, response.errors.iter().map(|error| json!(error.path)).collect())
}

#[tokio::test]
async fn a_nullable_field_that_fails_is_null_and_its_siblings_stay() {
    let (data, paths) = ask("{ good alias: fails item { may number } }", json!({})).await;
    assert_eq!(data, r#"{"good":1,"alias":null,"item":{"may":null,"number":1}}"#);
    assert_eq!(paths.len(), 2);
    assert!(paths.contains(&json!(["alias"])) && paths.contains(&json!(["item", "may"])));
}

#[tokio::test]
async fn in_a_list_the_path_has_index_and_field() {
    let (data, paths) = ask("{ items { number may } }", json!({})).await;
    assert_eq!(
        data,
        r#"{"items":[{"number":0,"may":0},{"number":1,"may":null},{"number":2,"may":2}]}"#
    );
    assert_eq!(paths, [json!(["items", 1, "may"])]);
}

#[tokio::test]
async fn a_field_that_must_be_nulls_the_nearest_place_that_may_be_null() {
    let (data, paths) = ask("{ holes { number inner { inner { must } } } good }", json!({})).await;
    assert_eq!(
        data,
        r#"{"holes":[{"number":0,"inner":{"inner":{"must":0}}},null,null],"good":1}"#
    );
    assert_eq!(paths, [json!(["holes", 1, "inner", "inner", "must"])]);
    let (data, paths) = ask("{ items { inner { must } } good }", json!({})).await;
    assert_eq!(data, r#"{"items":null,"good":1}"#);
    assert_eq!(paths, [json!(["items", 1, "inner", "must"])]);
    let (data, paths) = ask("{ good must }", json!({})).await;
    assert_eq!(data, "null");
    assert_eq!(paths, [json!(["must"])]);
}

#[tokio::test]
async fn keys_keep_the_order_of_the_request() {
    let (data, _) = ask("{ good a: given z: good item { number } b: given }", json!({})).await;
    assert_eq!(
        data,
        r#"{"good":1,"a":"absent","z":1,"item":{"number":1},"b":"absent"}"#
    );
}

#[tokio::test]
async fn a_variable_left_out_is_absent_and_not_null() {
    let query = "query($x: Int) { given(x: $x) }";
    assert_eq!(ask(query, json!({})).await.0, r#"{"given":"absent"}"#);
    assert_eq!(ask(query, json!({ "x": null })).await.0, r#"{"given":"null"}"#);
    assert_eq!(ask(query, json!({ "x": 1 })).await.0, r#"{"given":"value"}"#);
}

#[tokio::test]
async fn a_mutation_that_fails_leaves_the_answers_of_the_others() {
    let (data, paths) = ask(
        "mutation { a: write(fail: false) b: write(fail: true) c: write(fail: false) }",
        json!({}),
    )
    .await;
    assert_eq!(data, r#"{"a":0,"b":null,"c":1}"#);
    assert_eq!(paths, [json!(["b"])]);
}
