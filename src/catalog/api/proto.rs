//! Protocol Buffers → outline: services with their methods, messages with their fields, enumerations.
//!
//! A light reader of proto2, proto3 and editions: it reads what an outline needs, skips options, and goes on after a
//! mistake at the next statement.

mod token;

use std::collections::BTreeMap;

use super::document::{long, short};
use super::openapi::Groups;
use super::{
    Content, Entry, EntryKind, Fault, Format, Outline, OutlineError, Part, Response, Role, Shape,
    Type,
};
use token::{Token, Tokens};

/// How deep messages may be nested.
const MAX_DEPTH: usize = 40;
/// How many mistakes are told.
const MAX_FAULTS: usize = 20;

/// Reads a file; only where nothing at all can be read there is no outline.
pub(super) fn read(definition: &str) -> Result<Outline, OutlineError> {
    let mut reader = Reader {
        tokens: Tokens::new(definition),
        dialect: "proto2".to_owned(),
        package: String::new(),
        groups: Groups::default(),
        types: BTreeMap::new(),
        faults: Vec::new(),
    };
    reader.file();
    let mut outline = Outline::new(Format::Proto, reader.dialect);
    outline.title = reader.package;
    (outline.groups, outline.left_out) = reader.groups.done();
    // Services first: that is what one comes for.
    outline.groups.sort_by_key(|group| {
        group
            .entries
            .iter()
            .all(|entry| entry.kind == EntryKind::Type)
    });
    outline.types = reader.types;
    outline.faults = reader.faults;
    resolve(&mut outline);
    match outline.faults.first() {
        Some(fault) if outline.groups.is_empty() => Err(OutlineError::Syntax {
            line: fault.line,
            message: fault.message.clone(),
        }),
        _ => Ok(outline),
    }
}

struct Reader<'a> {
    tokens: Tokens<'a>,
    dialect: String,
    package: String,
    groups: Groups,
    /// By name, with the messages around it: `Stop.State`.
    types: BTreeMap<String, Type>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn file(&mut self) {
        while self.tokens.peek().is_some() {
            let about = self.tokens.comments();
            let line = self.tokens.line();
            match self.tokens.word() {
                Some("syntax" | "edition") => {
                    self.tokens.take('=');
                    if let Some(Token::Text(text)) = self.tokens.next() {
                        self.dialect = if text.starts_with("proto") {
                            short(text)
                        } else {
                            format!("proto, edition {}", short(text))
                        };
                    }
                    self.skip_statement();
                }
                Some("package") => {
                    self.package = self.tokens.word().map(short).unwrap_or_default();
                    self.skip_statement();
                }
                Some("import" | "option" | "extend") => self.skip_statement(),
                Some("message") => self.message("", &about, 0),
                Some("enum") => self.enumeration("", &about),
                Some("service") => self.service(&about),
                Some(word) => {
                    self.fault(line, &format!("`{}` begins no statement here", short(word)));
                    self.skip_statement();
                }
                None if self.tokens.take(';') => {}
                None if self.tokens.take('}') => {
                    self.fault(line, "this brace closes nothing");
                }
                None => {
                    self.fault(
                        line,
                        "a statement was expected: message, enum, service, import or option",
                    );
                    self.tokens.next();
                    self.skip_statement();
                }
            }
        }
    }

    fn fault(&mut self, line: usize, message: &str) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push(Fault {
                line,
                message: message.to_owned(),
            });
        }
    }

    /// Skips to behind the next `;`, or behind a block in braces; stops before a `}` that is not its own.
    fn skip_statement(&mut self) {
        let mut depth = 0_usize;
        while let Some(token) = self.tokens.peek() {
            match token {
                Token::Sign('}') if depth == 0 => return,
                Token::Sign('{') => depth += 1,
                Token::Sign('}') => depth -= 1,
                _ => {}
            }
            let ends = depth == 0 && matches!(token, Token::Sign(';' | '}'));
            self.tokens.next();
            if ends {
                return;
            }
        }
    }

    /// The name of a block and its opening brace; the rest of the statement is skipped where they are missing.
    fn head(&mut self, what: &str) -> Option<String> {
        let line = self.tokens.line();
        let name = self.tokens.word().map(short);
        if name.is_some() && self.tokens.take('{') {
            return name;
        }
        self.fault(
            line,
            &format!("a {what} needs a name and a block in braces"),
        );
        self.skip_statement();
        None
    }

    /// Whether a block goes on; takes its closing brace.
    fn goes_on(&mut self, what: &str) -> bool {
        if self.tokens.take('}') {
            return false;
        }
        let ends = self.tokens.peek().is_none();
        if ends {
            let line = self.tokens.line();
            self.fault(
                line,
                &format!("the file ends within a {what}; a closing brace is missing"),
            );
        }
        !ends
    }

    fn service(&mut self, about: &str) {
        let Some(service) = self.head("service") else {
            return;
        };
        self.groups.named(&service).description = first_line(about);
        while self.goes_on("service") {
            let about = self.tokens.comments();
            match self.tokens.word() {
                Some("rpc") => self.method(&service, &about),
                _ if self.tokens.take(';') => {}
                _ => self.skip_statement(),
            }
        }
    }

    fn method(&mut self, service: &str, about: &str) {
        let line = self.tokens.line();
        let name = self.tokens.word().map(short).unwrap_or_default();
        let request = self.message_of();
        let returns = self.tokens.word() == Some("returns");
        let response = self.message_of();
        let (Some(request), true, Some(response)) = (request, returns, response) else {
            self.fault(
                line,
                "a method is written rpc Name (Request) returns (Response);",
            );
            self.skip_statement();
            return;
        };
        let mut deprecated = false;
        if self.tokens.take('{') {
            while self.goes_on("method") {
                deprecated |= self.option_is_deprecation();
            }
            self.tokens.take(';');
        } else {
            self.tokens.take(';');
        }
        if !self.groups.has_room() {
            return;
        }
        let package = if self.package.is_empty() {
            String::new()
        } else {
            format!("{}.", self.package)
        };
        let entry = Entry {
            verb: "RPC".to_owned(),
            id: format!("{package}{service}/{name}"),
            name,
            summary: first_line(about),
            description: long(about),
            deprecated,
            bodies: vec![Content {
                shape: request,
                ..Content::default()
            }],
            responses: vec![Response {
                contents: vec![Content {
                    shape: response,
                    ..Content::default()
                }],
                ..Response::default()
            }],
            ..Entry::default()
        };
        self.groups.named(service).entries.push(entry);
    }

    /// `(stream Message)`.
    fn message_of(&mut self) -> Option<Shape> {
        if !self.tokens.take('(') {
            return None;
        }
        let mut name = self.tokens.word()?;
        let streams = name == "stream" && self.tokens.peek() != Some(Token::Sign(')'));
        if streams {
            name = self.tokens.word()?;
        }
        let name = short(name);
        let closed = self.tokens.take(')');
        closed.then(|| Shape {
            of: if streams {
                format!("stream of {name}")
            } else {
                name.clone()
            },
            target: Some(name),
            ..Shape::default()
        })
    }

    /// Skips a statement of options; whether it says `deprecated = true`.
    fn option_is_deprecation(&mut self) -> bool {
        let is_option = self.tokens.word() == Some("option");
        let deprecated = is_option
            && self.tokens.word() == Some("deprecated")
            && self.tokens.take('=')
            && self.tokens.word() == Some("true");
        self.skip_statement();
        deprecated
    }

    fn message(&mut self, scope: &str, about: &str, depth: usize) {
        let Some(name) = self.head("message") else {
            return;
        };
        let name = within(scope, &name);
        let mut shape = Shape {
            of: name.clone(),
            description: short(about),
            ..Shape::default()
        };
        // Outer messages stand before those within them.
        let at = self.entry("message", "Messages", &name, about);
        self.fields(&name, &mut shape, None, depth);
        self.put(at, "Messages", name, shape);
    }

    /// The fields of a message, or of a `oneof` in it.
    fn fields(&mut self, message: &str, shape: &mut Shape, one_of: Option<&str>, depth: usize) {
        while self.goes_on("message") {
            let about = self.tokens.comments();
            let line = self.tokens.line();
            let word = self.tokens.word();
            match word {
                Some("message" | "enum" | "oneof") if depth >= MAX_DEPTH => self.skip_statement(),
                Some("message") => self.message(message, &about, depth + 1),
                Some("enum") => self.enumeration(message, &about),
                Some("oneof") => {
                    if let Some(name) = self.head("oneof") {
                        self.fields(message, shape, Some(&name), depth + 1);
                    }
                }
                Some("option" | "reserved" | "extensions" | "extend") => self.skip_statement(),
                Some(word) => {
                    if let Some(part) = self.field(word, &about, one_of) {
                        shape.parts.push(part);
                    } else {
                        self.fault(line, "a field is written type name = number;");
                        self.skip_statement();
                    }
                }
                None if self.tokens.take(';') => {}
                None => {
                    self.fault(line, "a field was expected");
                    self.tokens.next();
                    self.skip_statement();
                }
            }
        }
    }

    fn field(&mut self, first: &str, about: &str, one_of: Option<&str>) -> Option<Part> {
        let label = matches!(first, "repeated" | "optional" | "required").then_some(first);
        let of = if label.is_some() {
            self.tokens.word()?
        } else {
            first
        };
        let mut shape = Shape {
            description: short(about),
            ..Shape::default()
        };
        let of = short(of);
        if of == "map" && self.tokens.take('<') {
            let key = self.tokens.word().map(short)?;
            self.tokens.take(',');
            let value = self.tokens.word().map(short)?;
            self.tokens.take('>');
            shape.of = format!("map of {key} to {value}");
            shape.target = Some(value);
        } else {
            shape.of = if label == Some("repeated") {
                format!("list of {of}")
            } else {
                of.clone()
            };
            shape.target = Some(of);
        }
        let name = self.tokens.word().map(short)?;
        if !self.tokens.take('=') {
            return None;
        }
        let number = self.tokens.word().map(short)?;
        if label == Some("optional") {
            shape.facts.push("optional".to_owned());
        }
        shape
            .facts
            .extend(one_of.map(|name| format!("one of {name}")));
        shape.facts.push(format!("= {number}"));
        if self.options() {
            shape.facts.push("deprecated".to_owned());
        }
        self.skip_statement();
        Some(Part {
            role: Role::Field,
            name,
            required: label == Some("required"),
            shape,
        })
    }

    /// Looks for `deprecated = true` in the options in brackets behind a field; leaves the end of the statement.
    fn options(&mut self) -> bool {
        let mut deprecated = false;
        if !self.tokens.take('[') {
            return false;
        }
        while let Some(token) = self.tokens.peek() {
            if matches!(token, Token::Sign(']' | ';' | '}' | '{')) {
                break;
            }
            self.tokens.next();
            deprecated |= token == Token::Word("deprecated")
                && self.tokens.take('=')
                && self.tokens.word() == Some("true");
        }
        deprecated
    }

    fn enumeration(&mut self, scope: &str, about: &str) {
        let Some(name) = self.head("enum") else {
            return;
        };
        let name = within(scope, &name);
        let mut shape = Shape {
            of: name.clone(),
            description: short(about),
            ..Shape::default()
        };
        while self.goes_on("enum") {
            let about = self.tokens.comments();
            match self.tokens.word() {
                Some("option" | "reserved") => self.skip_statement(),
                Some(value) => {
                    let mut of = Shape {
                        description: short(&about),
                        ..Shape::default()
                    };
                    if self.tokens.take('=') {
                        of.facts.extend(
                            self.tokens
                                .word()
                                .map(|number| format!("= {}", short(number))),
                        );
                    }
                    if self.options() {
                        of.facts.push("deprecated".to_owned());
                    }
                    self.skip_statement();
                    shape.parts.push(Part {
                        role: Role::Value,
                        name: short(value),
                        required: false,
                        shape: of,
                    });
                }
                None => {
                    if !self.tokens.take(';') {
                        self.tokens.next();
                        self.skip_statement();
                    }
                }
            }
        }
        let at = self.entry("enum", "Enums", &name, about);
        self.put(at, "Enums", name, shape);
    }

    /// Adds an entry for a type whose shape comes later; its place in its group.
    fn entry(&mut self, verb: &str, group: &str, name: &str, about: &str) -> Option<usize> {
        if !self.groups.has_room() {
            return None;
        }
        let entries = &mut self.groups.named(group).entries;
        entries.push(Entry {
            kind: EntryKind::Type,
            verb: verb.to_owned(),
            name: name.to_owned(),
            summary: first_line(about),
            description: long(about),
            ..Entry::default()
        });
        Some(entries.len() - 1)
    }

    fn put(&mut self, at: Option<usize>, group: &str, name: String, shape: Shape) {
        let entries = &mut self.groups.named(group).entries;
        if let Some(entry) = at.and_then(|at| entries.get_mut(at)) {
            entry.shape = shape.clone();
            entry.shape.description.clear();
        }
        self.types.insert(name.clone(), Type { name, shape });
    }
}

fn within(scope: &str, name: &str) -> String {
    if scope.is_empty() {
        name.to_owned()
    } else {
        format!("{scope}.{name}")
    }
}

fn first_line(text: &str) -> String {
    short(text.trim().lines().next().unwrap_or_default())
}

/// Makes targets the names of types, looked up from the inside out as protoc does, and forgets those that are none.
fn resolve(outline: &mut Outline) {
    let names: Vec<String> = outline.types.keys().cloned().collect();
    let package = outline.title.clone();
    let find = |scope: &str, target: &str| -> Option<String> {
        let target = target.trim_start_matches('.');
        let target = target
            .strip_prefix(&package)
            .and_then(|rest| rest.strip_prefix('.'))
            .unwrap_or(target);
        let mut scope = scope;
        loop {
            let candidate = within(scope, target);
            if names.binary_search(&candidate).is_ok() {
                return Some(candidate);
            }
            if scope.is_empty() {
                return None;
            }
            scope = scope.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
    };
    let settle = |scope: &str, shape: &mut Shape| {
        shape.target = shape.target.take().and_then(|target| find(scope, &target));
    };
    for (name, of_type) in &mut outline.types {
        for part in &mut of_type.shape.parts {
            settle(name, &mut part.shape);
        }
    }
    for entry in outline
        .groups
        .iter_mut()
        .flat_map(|group| &mut group.entries)
    {
        let answers = entry
            .responses
            .iter_mut()
            .flat_map(|response| &mut response.contents);
        for content in entry.bodies.iter_mut().chain(answers) {
            settle("", &mut content.shape);
        }
        let name = entry.name.clone();
        for part in &mut entry.shape.parts {
            settle(&name, &mut part.shape);
        }
    }
}
