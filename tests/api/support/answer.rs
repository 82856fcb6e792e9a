//! What came back: of GraphQL and of REST alike.

use std::time::Duration;

use serde_json::Value;

/// An answer of the service.
#[derive(Clone, Debug)]
pub struct Answer {
    pub(super) question: String,
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) text: String,
    pub(super) bytes: Vec<u8>,
    pub(super) body: Value,
    pub(super) statements: u32,
}

impl Answer {
    /// HTTP status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header, empty when it is missing.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }

    /// The body as it came.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The body as bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The body, null when it is no JSON.
    pub fn body(&self) -> &Value {
        &self.body
    }

    /// How many SQL statements it took.
    pub fn statements(&self) -> u32 {
        self.statements
    }

    /// Errors of GraphQL.
    pub fn errors(&self) -> &[Value] {
        self.body["errors"].as_array().map_or(&[], Vec::as_slice)
    }

    /// The code of the first error; empty when all went well, `?` when an error has none.
    pub fn code(&self) -> &str {
        match self.errors().first() {
            Some(error) => error["extensions"]["code"].as_str().unwrap_or("?"),
            None => self.body["code"].as_str().unwrap_or(""),
        }
    }

    /// The sentence of the first error.
    pub fn message(&self) -> &str {
        match self.errors().first() {
            Some(error) => error["message"].as_str().unwrap_or(""),
            None => self.body["detail"].as_str().unwrap_or(""),
        }
    }

    /// Something in `data`, by JSON pointer: `/units/nodes/0/name`. There must be no error.
    #[track_caller]
    pub fn at(&self, pointer: &str) -> &Value {
        assert!(self.code().is_empty(), "an error instead of an answer: {self}");
        self.peek(pointer)
    }

    /// The same, whatever errors there are.
    #[track_caller]
    pub fn peek(&self, pointer: &str) -> &Value {
        let found = self.body["data"].pointer(pointer);
        found.unwrap_or_else(|| panic!("nothing at {pointer} of {self}"))
    }

    /// A text in `data`.
    #[track_caller]
    pub fn str(&self, pointer: &str) -> &str {
        let found = self.at(pointer);
        found
            .as_str()
            .unwrap_or_else(|| panic!("no text at {pointer} of {self}"))
    }

    /// The texts under a name of each item of a list: `texts("/units/nodes", "name")`.
    #[track_caller]
    pub fn texts(&self, pointer: &str, name: &str) -> Vec<&str> {
        let list = self.at(pointer).as_array();
        let list = list.unwrap_or_else(|| panic!("no list at {pointer} of {self}"));
        list.iter().map(|item| item[name].as_str().unwrap_or("null")).collect()
    }

    /// The payload of the only mutation. There must be no error.
    #[track_caller]
    fn payload(&self) -> &Value {
        assert!(self.code().is_empty(), "an error instead of a payload: {self}");
        let payload = self.body["data"].as_object().and_then(|data| data.values().next());
        payload.unwrap_or_else(|| panic!("no payload in {self}"))
    }

    /// What a form can mend: code and field of each.
    #[track_caller]
    pub fn user_errors(&self) -> Vec<(&str, &str)> {
        let errors = self.payload()["userErrors"].as_array();
        let errors = errors.unwrap_or_else(|| panic!("no list of userErrors in {self}"));
        errors
            .iter()
            .map(|one| {
                (
                    one["code"].as_str().unwrap_or("?"),
                    one["field"].as_str().unwrap_or("?"),
                )
            })
            .collect()
    }

    /// The sentence of the first thing that a form can mend.
    #[track_caller]
    pub fn user_message(&self) -> &str {
        self.payload()["userErrors"][0]["message"].as_str().unwrap_or("")
    }

    /// The thing that the only mutation changed; there must be nothing to mend.
    #[track_caller]
    pub fn thing(&self) -> &Value {
        assert!(self.user_errors().is_empty(), "something to mend: {self}");
        let mut parts = self.payload().as_object().into_iter().flatten();
        let thing = parts.find(|(name, _)| *name != "userErrors").map(|(_, thing)| thing);
        thing.unwrap_or_else(|| panic!("no thing in {self}"))
    }

    /// Its id.
    #[track_caller]
    pub fn id(&self) -> &str {
        self.thing()["id"].as_str().unwrap_or_else(|| panic!("no id in {self}"))
    }
}

impl std::fmt::Display for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let shown: String = self.text.chars().take(2_000).collect();
        write!(f, "{} {shown}\n  to {}", self.status, self.question)
    }
}

/// Sees that much takes no more statements than little did. One more is let pass: when what two loads bring comes at different moments,
/// what both then ask for is asked twice. So `many` must be about so much more that a statement for each would be seen.
#[track_caller]
pub fn no_more_statements(few: u32, many: u32) {
    assert!(many <= few + 1, "{few} statements, then {many}");
}

/// The fewest statements that a question took of several times it was asked. On a busy machine what many loads bring comes at more moments than
/// on an idle one, which only ever adds statements; one for each thing is there every time. Between two a machine may come to rest.
pub async fn fewest_statements(ask: impl AsyncFn() -> Answer) -> u32 {
    let mut fewest = u32::MAX;
    for pause in 0..12_u64 {
        fewest = fewest.min(ask().await.statements());
        tokio::time::sleep(Duration::from_millis(20 * pause)).await;
    }
    fewest
}
