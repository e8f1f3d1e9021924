//! Text → outline. References within the document are followed, a few steps and no further; what is not as the
//! specification has it is left out.

use serde_json::{Map, Value};

use super::{
    Content, Group, MAX_DEFINITION, MAX_OPERATIONS, Operation, Outline, OutlineError, Parameter,
    Response,
};
use crate::catalog::text::{clean, one_line};

/// The methods in the order in which they are listed for one path.
const METHODS: [&str; 8] = [
    "get", "post", "put", "patch", "delete", "head", "options", "trace",
];
/// How many references are followed from one to the next.
const MAX_HOPS: usize = 8;
/// How many values of an enumeration are named.
const NAMED_VALUES: usize = 5;

/// Reads an OpenAPI 3 or Swagger 2 document, in YAML or JSON.
pub fn outline(definition: &str) -> Result<Outline, OutlineError> {
    if definition.len() > MAX_DEFINITION {
        return Err(OutlineError::TooLarge);
    }
    let root: Value = if definition.trim_start().starts_with('{') {
        serde_json::from_str(definition).map_err(|error| OutlineError::Syntax(error.to_string()))?
    } else {
        serde_yaml::from_str(definition).map_err(|error| OutlineError::Syntax(error.to_string()))?
    };
    let versioned = root.get("openapi").is_some() || root.get("swagger").is_some();
    if !versioned || !root.is_object() {
        return Err(OutlineError::NotOpenApi);
    }
    let reader = Reader { root: &root };
    let (groups, left_out) = reader.groups();
    Ok(Outline {
        title: line(root.pointer("/info/title")),
        version: line(root.pointer("/info/version")),
        servers: reader.servers(),
        groups,
        left_out,
    })
}

struct Reader<'a> {
    root: &'a Value,
}

impl<'a> Reader<'a> {
    fn servers(&self) -> Vec<String> {
        if let Some(servers) = self.root.get("servers").and_then(Value::as_array) {
            return servers
                .iter()
                .map(|server| line(server.get("url")))
                .collect();
        }
        let host = line(self.root.get("host"));
        if host.is_empty() {
            return Vec::new();
        }
        vec![format!("{host}{}", line(self.root.get("basePath")))]
    }

    /// The operations by tag: tags as the document lists them, then others as they come, those without one last.
    fn groups(&self) -> (Vec<Group>, usize) {
        let mut groups: Vec<Group> = array(self.root.get("tags"))
            .iter()
            .map(|tag| Group {
                tag: line(tag.get("name")),
                description: line(tag.get("description")),
                operations: Vec::new(),
            })
            .collect();
        let mut untagged = Group::default();
        let mut count = 0;
        for (path, item) in object(self.root.get("paths")) {
            let item = self.followed(item);
            let shared = array(item.get("parameters"));
            for method in METHODS {
                let Some(operation) = item.get(method).filter(|value| value.is_object()) else {
                    continue;
                };
                count += 1;
                if count > MAX_OPERATIONS {
                    continue;
                }
                let tag = line(array(operation.get("tags")).first());
                let operation = self.operation(method, path, operation, shared);
                if tag.is_empty() {
                    untagged.operations.push(operation);
                } else if let Some(group) = groups.iter_mut().find(|group| group.tag == tag) {
                    group.operations.push(operation);
                } else {
                    groups.push(Group {
                        tag,
                        description: String::new(),
                        operations: vec![operation],
                    });
                }
            }
        }
        groups.push(untagged);
        groups.retain(|group| !group.operations.is_empty());
        (groups, count.saturating_sub(MAX_OPERATIONS))
    }

    fn operation(
        &self,
        method: &str,
        path: &str,
        value: &'a Value,
        shared: &'a [Value],
    ) -> Operation {
        let mut operation = Operation {
            method: method.to_uppercase(),
            path: one_line(path),
            summary: line(value.get("summary")),
            description: text(value.get("description")),
            deprecated: value.get("deprecated") == Some(&Value::Bool(true)),
            ..Operation::default()
        };
        // An operation's own parameter stands in place of the path's with the same name.
        for parameter in array(value.get("parameters")).iter().chain(shared) {
            let parameter = self.followed(parameter);
            let read = self::parameter(parameter);
            if read.place == "body" {
                let schema = words_of(parameter.get("schema"));
                let media = array(value.get("consumes"));
                operation.body.push(Content {
                    media: line(media.first()),
                    schema,
                });
            } else if !operation
                .parameters
                .iter()
                .any(|known| known.name == read.name && known.place == read.place)
            {
                operation.parameters.push(read);
            }
        }
        if let Some(body) = value.get("requestBody") {
            for (media, content) in object(self.followed(body).get("content")) {
                operation.body.push(Content {
                    media: one_line(media),
                    schema: words_of(content.get("schema")),
                });
            }
        }
        for (status, response) in object(value.get("responses")) {
            let response = self.followed(response);
            let content = object(response.get("content")).next();
            let schema = content.and_then(|(_, content)| content.get("schema"));
            operation.responses.push(Response {
                status: one_line(status),
                description: line(response.get("description")),
                schema: words_of(schema.or_else(|| response.get("schema"))),
            });
        }
        operation
    }

    /// The value itself or, if it refers to another part of the document, that part.
    fn followed(&self, value: &'a Value) -> &'a Value {
        let mut value = value;
        for _ in 0..MAX_HOPS {
            let target = value.get("$ref").and_then(Value::as_str);
            let Some(pointer) = target.and_then(|target| target.strip_prefix('#')) else {
                return value;
            };
            match self.root.pointer(pointer) {
                Some(target) => value = target,
                None => return value,
            }
        }
        value
    }
}

fn parameter(value: &Value) -> Parameter {
    Parameter {
        name: line(value.get("name")),
        place: line(value.get("in")),
        // Swagger 2 has the type on the parameter itself.
        schema: words_of(value.get("schema").or(Some(value))),
        required: value.get("required") == Some(&Value::Bool(true)),
        description: line(value.get("description")),
    }
}

/// What a schema describes, in a few words: its name, its type, its values.
fn words_of(value: Option<&Value>) -> String {
    let Some(value) = value else {
        return String::new();
    };
    if let Some(target) = value.get("$ref").and_then(Value::as_str) {
        return one_line(target.rsplit('/').next().unwrap_or(target));
    }
    let values = array(value.get("enum"));
    if !values.is_empty() {
        let mut named: Vec<String> = values
            .iter()
            .take(NAMED_VALUES)
            .map(|v| line(Some(v)))
            .collect();
        if values.len() > NAMED_VALUES {
            named.push("…".to_owned());
        }
        return named.join(" | ");
    }
    match value.get("type") {
        Some(Value::String(of)) if of == "array" => match value.get("items") {
            // One level is enough to know what is in the list.
            Some(items) if items.get("items").is_none() => {
                format!("list of {}", words_of(Some(items)))
            }
            _ => "list".to_owned(),
        },
        Some(Value::String(of)) => match line(value.get("format")) {
            format if format.is_empty() => one_line(of),
            format => format!("{} ({format})", one_line(of)),
        },
        Some(Value::Array(types)) => {
            let types: Vec<String> = types.iter().map(|of| line(Some(of))).collect();
            types.join(" | ")
        }
        _ => String::new(),
    }
}

fn object(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

fn array(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// A scalar as text on one line. What was escaped in the document is cleaned here: the file's own cleaning could not
/// see it.
fn line(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => one_line(text),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}

fn text(value: Option<&Value>) -> String {
    let text = value.and_then(Value::as_str).unwrap_or_default();
    clean(text.trim()).into_owned()
}
