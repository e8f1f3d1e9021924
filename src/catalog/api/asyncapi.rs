//! AsyncAPI 2 and 3 → outline: what is sent and received on which channel, and which messages that is.
//!
//! Version 2 hangs operations on channels and says `publish` for what a client may publish; version 3 has operations of
//! their own, with the application's view: `send` and `receive`. Each is shown in its own words.

use serde_json::Value;

use super::document::{array, followed, is_true, last_part, line, object, short, text};
use super::openapi::{Groups, security};
use super::shape::Shapes;
use super::{Content, Entry, Format, Outline, Parameter, Response, Shape};

/// How many messages of one channel are listed.
const MAX_MESSAGES: usize = 200;

/// Reads a document that names its version.
pub(super) fn read(root: &Value) -> Outline {
    let version = line(root.get("asyncapi"));
    let reader = Reader {
        root,
        shapes: Shapes::new(root),
    };
    let mut outline = Outline::new(Format::AsyncApi, format!("AsyncAPI {version}"));
    outline.title = line(root.pointer("/info/title"));
    outline.version = line(root.pointer("/info/version"));
    outline.servers = reader.servers();
    let mut groups = Groups::default();
    if root.get("operations").is_some() || version.starts_with('3') {
        reader.operations(&mut groups);
    } else {
        reader.channels(&mut groups);
    }
    (outline.groups, outline.left_out) = groups.done();
    outline.types = reader.shapes.types();
    outline
}

struct Reader<'a> {
    root: &'a Value,
    shapes: Shapes<'a>,
}

impl<'a> Reader<'a> {
    fn servers(&self) -> Vec<String> {
        object(self.root.get("servers"))
            .map(|(_, server)| {
                let server = followed(self.root, server);
                let host = match line(server.get("url")) {
                    url if url.is_empty() => format!(
                        "{}{}",
                        line(server.get("host")),
                        line(server.get("pathname"))
                    ),
                    url => url,
                };
                match line(server.get("protocol")) {
                    protocol if protocol.is_empty() || host.contains("://") => host,
                    protocol => format!("{protocol}://{host}"),
                }
            })
            .collect()
    }

    /// Version 2: the operations of each channel.
    fn channels(&self, groups: &mut Groups) {
        for (address, channel) in object(self.root.get("channels")) {
            let channel = followed(self.root, channel);
            for verb in ["publish", "subscribe"] {
                let Some(operation) = channel.get(verb).filter(|value| value.is_object()) else {
                    continue;
                };
                if !groups.has_room() {
                    continue;
                }
                let mut entry = self.entry(verb, address, operation, channel);
                entry.id = line(operation.get("operationId"));
                entry.bodies = self.messages(operation.get("message"));
                let tag = line(
                    array(operation.get("tags"))
                        .first()
                        .and_then(|tag| tag.get("name")),
                );
                groups.named(&tag).entries.push(entry);
            }
        }
    }

    /// Version 3: operations, each on a channel that it refers to.
    fn operations(&self, groups: &mut Groups) {
        for (id, operation) in object(self.root.get("operations")) {
            let operation = followed(self.root, operation);
            if !operation.is_object() || !groups.has_room() {
                continue;
            }
            let (address, channel) = self.channel(operation.get("channel"));
            let mut entry =
                self.entry(&line(operation.get("action")), &address, operation, channel);
            entry.id = short(id);
            entry.bodies = self.chosen_messages(operation, channel);
            if let Some(reply) = operation
                .get("reply")
                .map(|reply| followed(self.root, reply))
            {
                let (address, channel) = self.channel(reply.get("channel"));
                let contents = self.chosen_messages(reply, channel);
                entry.responses.push(Response {
                    status: String::new(),
                    description: if address.is_empty() {
                        "the reply".to_owned()
                    } else {
                        format!("the reply, on {address}")
                    },
                    contents,
                });
            }
            let tag = array(operation.get("tags"))
                .first()
                .map(|tag| followed(self.root, tag));
            groups
                .named(&line(tag.and_then(|tag| tag.get("name"))))
                .entries
                .push(entry);
        }
    }

    /// A channel by reference: its address and itself.
    fn channel(&self, value: Option<&'a Value>) -> (String, &'a Value) {
        let Some(value) = value else {
            return (String::new(), &Value::Null);
        };
        let channel = followed(self.root, value);
        let address = match line(channel.get("address")) {
            address if address.is_empty() => value
                .get("$ref")
                .and_then(Value::as_str)
                .map(last_part)
                .unwrap_or_default(),
            address => address,
        };
        (address, channel)
    }

    fn entry(&self, verb: &str, address: &str, operation: &'a Value, channel: &'a Value) -> Entry {
        let mut entry = Entry {
            verb: short(verb).to_uppercase(),
            name: short(address),
            summary: line(operation.get("summary").or_else(|| operation.get("title"))),
            description: text(
                operation
                    .get("description")
                    .or_else(|| channel.get("description")),
            ),
            deprecated: is_true(operation.get("deprecated")) || is_true(channel.get("deprecated")),
            security: security(operation.get("security").filter(|value| {
                // In version 3 these are schemes, not names of schemes.
                array(Some(value))
                    .iter()
                    .all(|scheme| scheme.get("type").is_none() && scheme.get("$ref").is_none())
            })),
            ..Entry::default()
        };
        for (name, parameter) in object(channel.get("parameters")) {
            let parameter = followed(self.root, parameter);
            let schema = parameter.get("schema").unwrap_or(parameter);
            let mut shape = self.shapes.read(schema);
            shape.description = String::new();
            if shape.of.is_empty() {
                "string".clone_into(&mut shape.of);
            }
            entry.parameters.push(Parameter {
                name: short(name),
                place: "channel".to_owned(),
                required: true,
                description: line(parameter.get("description")),
                shape,
            });
        }
        entry
    }

    /// The messages of a version 2 operation: one, or `oneOf` several.
    fn messages(&self, message: Option<&'a Value>) -> Vec<Content> {
        let Some(message) = message else {
            return Vec::new();
        };
        match array(message.get("oneOf")) {
            [] => self.message(message),
            several => several
                .iter()
                .take(MAX_MESSAGES)
                .flat_map(|message| self.message(message))
                .collect(),
        }
    }

    /// The messages that `value` chooses of its channel; all of them where it chooses none.
    fn chosen_messages(&self, value: &'a Value, channel: &'a Value) -> Vec<Content> {
        match array(value.get("messages")) {
            [] => self.named_messages(channel.get("messages")),
            chosen => chosen
                .iter()
                .take(MAX_MESSAGES)
                .flat_map(|message| self.message(message))
                .collect(),
        }
    }

    fn named_messages(&self, messages: Option<&'a Value>) -> Vec<Content> {
        object(messages)
            .take(MAX_MESSAGES)
            .flat_map(|(name, message)| {
                let mut contents = self.message(message);
                if let Some(first) = contents.first_mut().filter(|first| first.name.is_empty()) {
                    first.name = short(name);
                }
                contents
            })
            .collect()
    }

    /// A message: its payload and, where it has some, its headers.
    fn message(&self, value: &'a Value) -> Vec<Content> {
        let message = followed(self.root, value);
        let traits = array(message.get("traits"))
            .iter()
            .map(|value| followed(self.root, value));
        let headers = std::iter::once(message)
            .chain(traits)
            .find_map(|part| part.get("headers"));
        let named = ["name", "title", "messageId"].map(|key| line(message.get(key)));
        let referred = value
            .get("$ref")
            .and_then(Value::as_str)
            .map(last_part)
            .unwrap_or_default();
        let name = std::iter::once(referred)
            .chain(named)
            .find(|name| !name.is_empty())
            .unwrap_or_default();
        let payload = message.get("payload").map(|payload| {
            // Version 3 may wrap a schema to say which format it has.
            payload
                .get("schema")
                .filter(|_| payload.get("schemaFormat").is_some())
                .unwrap_or(payload)
        });
        let mut contents = vec![Content {
            name: name.clone(),
            description: line(
                message
                    .get("summary")
                    .or_else(|| message.get("description")),
            ),
            shape: self.payload(payload),
        }];
        if let Some(headers) = headers {
            contents.push(Content {
                name: format!("{name} headers").trim_start().to_owned(),
                description: String::new(),
                shape: self.shapes.read(headers),
            });
        }
        contents
    }

    fn payload(&self, payload: Option<&'a Value>) -> Shape {
        match payload {
            // A schema of another language is text.
            Some(Value::String(_)) => Shape {
                of: "a schema of its own".to_owned(),
                ..Shape::default()
            },
            payload => self.shapes.of(payload),
        }
    }
}
