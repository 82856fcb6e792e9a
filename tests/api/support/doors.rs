//! The mutations as the schema itself tells of them, so that a new one is known to the tests at once.

use std::sync::LazyLock;

use serde_json::Value;

use super::apart;

/// A mutation: its arguments, and what can be asked of its payload.
#[derive(Clone, Debug)]
pub struct Door {
    /// Its name.
    pub name: String,
    /// Names and types of its arguments: `input`, `CreateUnitInput!`.
    pub arguments: Vec<(String, String)>,
    selection: String,
}

impl Door {
    /// A document that calls it, each argument being a variable, and asks for everything plain.
    pub fn text(&self) -> String {
        let list =
            |each: fn(&(String, String)) -> String| self.arguments.iter().map(each).collect::<Vec<_>>().join(", ");
        let variables = list(|(name, kind)| format!("${name}: {kind}"));
        let arguments = list(|(name, _)| format!("{name}: ${name}"));
        let brackets = |inside: String| {
            if inside.is_empty() {
                inside
            } else {
                format!("({inside})")
            }
        };
        let (variables, arguments) = (brackets(variables), brackets(arguments));
        format!("mutation{variables} {{ {}{arguments}{} }}", self.name, self.selection)
    }
}

/// The mutations of the schema by name. What is only a placeholder does not count.
pub fn doors() -> &'static [Door] {
    static DOORS: LazyLock<Vec<Door>> = LazyLock::new(|| {
        let schema = introspected();
        let mutation = schema.named(schema.root["mutationType"]["name"].as_str().expect("mutations"));
        let fields = list(mutation, "fields").iter();
        let fields = fields.filter(|field| !text(field, "name").starts_with("stub"));
        fields.map(|field| schema.door(field)).collect()
    });
    &DOORS
}

/// The introspected schema.
pub struct Schema {
    root: Value,
}

/// What the schema tells of itself.
pub fn introspected() -> &'static Schema {
    static SCHEMA: LazyLock<Schema> = LazyLock::new(|| {
        let answer = apart(async { thidua::graphql::schema().execute(INTROSPECTION).await });
        assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        let data = answer.data.into_json().expect("JSON");
        Schema {
            root: data["__schema"].clone(),
        }
    });
    &SCHEMA
}

const INTROSPECTION: &str = r#"{ __schema {
    queryType { name } mutationType { name }
    types { kind name description
        fields(includeDeprecated: true) { name description type { ...T } args { name description type { ...T } } }
        inputFields { name description type { ...T } }
        enumValues(includeDeprecated: true) { name description }
    }
} }
fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } }"#;

impl Schema {
    /// Every type.
    pub fn types(&self) -> &[Value] {
        list(&self.root, "types")
    }

    /// One type by name.
    pub fn named(&self, name: &str) -> &Value {
        let found = self.types().iter().find(|one| text(one, "name") == name);
        found.unwrap_or_else(|| panic!("no type {name}"))
    }

    /// The fields of a type.
    pub fn fields(&self, name: &str) -> &[Value] {
        list(self.named(name), "fields")
    }

    fn door(&self, field: &Value) -> Door {
        let arguments = list(field, "args").iter();
        Door {
            name: text(field, "name").to_owned(),
            arguments: arguments
                .map(|one| (text(one, "name").to_owned(), written(&one["type"])))
                .collect(),
            selection: self.selection(&field["type"], 2),
        }
    }

    /// Everything plain of a type, and what is plain of the things in it.
    fn selection(&self, of: &Value, depth: u32) -> String {
        let named = self.named(bare(of));
        if text(named, "kind") != "OBJECT" {
            return String::new();
        }
        let mut parts = Vec::new();
        for field in list(named, "fields") {
            let inner = self.named(bare(&field["type"]));
            let demands = list(field, "args")
                .iter()
                .any(|one| text(&one["type"], "kind") == "NON_NULL");
            match text(inner, "kind") {
                _ if demands => {}
                "OBJECT" if depth > 1 => {
                    parts.push(format!(
                        "{}{}",
                        text(field, "name"),
                        self.selection(&field["type"], depth - 1)
                    ));
                }
                "SCALAR" | "ENUM" => parts.push(text(field, "name").to_owned()),
                _ => {}
            }
        }
        format!(" {{ {} }}", parts.join(" "))
    }
}

/// A text of an introspected thing.
pub fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of[name].as_str().unwrap_or("")
}

/// A list of an introspected thing.
pub fn list<'a>(of: &'a Value, name: &str) -> &'a [Value] {
    of[name].as_array().map_or(&[], Vec::as_slice)
}

fn bare(of: &Value) -> &str {
    match of["name"].as_str() {
        Some(name) => name,
        None => bare(&of["ofType"]),
    }
}

fn written(of: &Value) -> String {
    match text(of, "kind") {
        "NON_NULL" => format!("{}!", written(&of["ofType"])),
        "LIST" => format!("[{}]", written(&of["ofType"])),
        _ => text(of, "name").to_owned(),
    }
}
