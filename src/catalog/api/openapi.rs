//! OpenAPI 3 and Swagger 2 → outline. What is not as the specification has it is left out.

use serde_json::Value;

use super::document::{array, followed, is_true, line, object, short, text};
use super::shape::Shapes;
use super::{Content, Entry, Format, Group, MAX_ENTRIES, Outline, Parameter, Response};

/// The methods in the order in which they are listed for one path.
const METHODS: [&str; 9] = [
    "get", "query", "post", "put", "patch", "delete", "head", "options", "trace",
];

/// Reads a document that names its version.
pub(super) fn read(root: &Value) -> Outline {
    let dialect = match line(root.get("openapi")) {
        version if version.is_empty() => format!("Swagger {}", line(root.get("swagger"))),
        version => format!("OpenAPI {version}"),
    };
    let reader = Reader {
        root,
        shapes: Shapes::new(root),
    };
    let mut outline = Outline::new(Format::OpenApi, dialect);
    outline.title = line(root.pointer("/info/title"));
    outline.version = line(root.pointer("/info/version"));
    outline.servers = servers(root);
    (outline.groups, outline.left_out) = reader.groups();
    outline.types = reader.shapes.types();
    outline
}

fn servers(root: &Value) -> Vec<String> {
    let servers = array(root.get("servers"));
    if !servers.is_empty() {
        return servers
            .iter()
            .map(|server| line(server.get("url")))
            .collect();
    }
    let host = line(root.get("host"));
    if host.is_empty() {
        return Vec::new();
    }
    let scheme = match line(array(root.get("schemes")).first()) {
        scheme if scheme.is_empty() => String::new(),
        scheme => format!("{scheme}://"),
    };
    vec![format!("{scheme}{host}{}", line(root.get("basePath")))]
}

struct Reader<'a> {
    root: &'a Value,
    shapes: Shapes<'a>,
}

impl<'a> Reader<'a> {
    /// The operations by tag: tags as the document lists them, then others as they come, those without one last.
    fn groups(&self) -> (Vec<Group>, usize) {
        let mut groups = Groups::default();
        for tag in array(self.root.get("tags")) {
            groups.named(&line(tag.get("name"))).description = line(tag.get("description"));
        }
        for (path, item) in object(self.root.get("paths")) {
            self.item(path, item, "", &mut groups);
        }
        for (name, item) in object(self.root.get("webhooks")) {
            self.item(name, item, "webhooks", &mut groups);
        }
        groups.done()
    }

    /// The operations of a path; those without a tag go to the group `otherwise`.
    fn item(&self, path: &str, item: &'a Value, otherwise: &str, groups: &mut Groups) {
        let item = followed(self.root, item);
        let shared = array(item.get("parameters"));
        for method in METHODS {
            let Some(operation) = item.get(method).filter(|value| value.is_object()) else {
                continue;
            };
            if !groups.has_room() {
                continue;
            }
            let tag = match line(array(operation.get("tags")).first()) {
                tag if tag.is_empty() => otherwise.to_owned(),
                tag => tag,
            };
            let entry = self.operation(method, path, operation, shared);
            groups.named(&tag).entries.push(entry);
        }
    }

    fn operation(&self, method: &str, path: &str, value: &'a Value, shared: &'a [Value]) -> Entry {
        let mut entry = Entry {
            verb: method.to_uppercase(),
            name: short(path),
            id: line(value.get("operationId")),
            summary: line(value.get("summary")),
            description: text(value.get("description")),
            deprecated: is_true(value.get("deprecated")),
            security: security(value.get("security").or_else(|| self.root.get("security"))),
            ..Entry::default()
        };
        // An operation's own parameter stands in place of the path's with the same name.
        for parameter in array(value.get("parameters")).iter().chain(shared) {
            self.parameter(followed(self.root, parameter), value, &mut entry);
        }
        if let Some(body) = value.get("requestBody") {
            let body = followed(self.root, body);
            entry.bodies.extend(self.contents(body.get("content")));
            if let (false, Some(first)) = (is_true(body.get("required")), entry.bodies.first_mut())
            {
                "may be left out".clone_into(&mut first.description);
            }
        }
        for (status, response) in object(value.get("responses")) {
            if status.starts_with("x-") {
                continue;
            }
            let response = followed(self.root, response);
            let mut contents = self.contents(response.get("content"));
            if let Some(schema) = response.get("schema") {
                contents.push(Content {
                    name: self.media(value, "produces"),
                    shape: self.shapes.read(schema),
                    ..Content::default()
                });
            }
            entry.responses.push(Response {
                status: short(status),
                description: line(response.get("description")),
                contents,
            });
        }
        entry
    }

    fn parameter(&self, parameter: &'a Value, operation: &'a Value, entry: &mut Entry) {
        let place = line(parameter.get("in"));
        let name = line(parameter.get("name"));
        if place == "body" {
            entry.bodies.push(Content {
                name: self.media(operation, "consumes"),
                description: line(parameter.get("description")),
                shape: self.shapes.of(parameter.get("schema")),
            });
            return;
        }
        if entry
            .parameters
            .iter()
            .any(|known| known.name == name && known.place == place)
        {
            return;
        }
        let content = object(parameter.get("content"))
            .next()
            .and_then(|(_, content)| content.get("schema"));
        // Swagger 2 has the type on the parameter itself.
        let schema = parameter.get("schema").or(content).unwrap_or(parameter);
        let mut shape = self.shapes.read(schema);
        shape.description = String::new();
        entry.parameters.push(Parameter {
            name,
            place,
            required: is_true(parameter.get("required")),
            description: line(
                parameter
                    .get("description")
                    .or_else(|| schema.get("description")),
            ),
            shape,
        });
    }

    fn contents(&self, content: Option<&'a Value>) -> Vec<Content> {
        object(content)
            .map(|(media, content)| Content {
                name: short(media),
                description: String::new(),
                shape: self.shapes.of(content.get("schema")),
            })
            .collect()
    }

    /// The media type of a Swagger 2 operation, or of the whole document.
    fn media(&self, operation: &Value, key: &str) -> String {
        line(array(operation.get(key).or_else(|| self.root.get(key))).first())
    }
}

/// What a caller must bring, each of the alternatives.
pub(super) fn security(value: Option<&Value>) -> Vec<String> {
    array(value)
        .iter()
        .map(|alternative| {
            let schemes: Vec<String> = object(Some(alternative))
                .map(|(scheme, scopes)| {
                    let scopes: Vec<String> = array(Some(scopes))
                        .iter()
                        .map(|scope| line(Some(scope)))
                        .collect();
                    if scopes.is_empty() {
                        short(scheme)
                    } else {
                        format!("{} ({})", short(scheme), scopes.join(", "))
                    }
                })
                .collect();
            if schemes.is_empty() {
                "nothing".to_owned()
            } else {
                schemes.join(" and ")
            }
        })
        .collect()
}

/// Groups being filled, in the order in which they are first named.
#[derive(Default)]
pub(super) struct Groups {
    filled: Vec<Group>,
    by_name: std::collections::HashMap<String, usize>,
    count: usize,
}

impl Groups {
    /// Counts an entry; whether there is room for it.
    pub(super) fn has_room(&mut self) -> bool {
        self.count += 1;
        self.count <= MAX_ENTRIES
    }

    /// The group of this name.
    pub(super) fn named(&mut self, name: &str) -> &mut Group {
        let at = *self.by_name.entry(name.to_owned()).or_insert_with(|| {
            self.filled.push(Group {
                name: name.to_owned(),
                ..Group::default()
            });
            self.filled.len() - 1
        });
        &mut self.filled[at]
    }

    /// The groups that have entries, the one without a name last, and how many entries were left out.
    pub(super) fn done(self) -> (Vec<Group>, usize) {
        let mut groups = self.filled;
        groups.retain(|group| !group.entries.is_empty());
        groups.sort_by_key(|group| group.name.is_empty());
        (groups, self.count.saturating_sub(MAX_ENTRIES))
    }
}
