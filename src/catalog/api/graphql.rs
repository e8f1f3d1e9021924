//! GraphQL's schema language → outline: the fields of the root types as operations, then the types.
//!
//! The parser goes on after a mistake, so one bad line costs no more than its definition.

use std::collections::{BTreeMap, HashMap, HashSet};

use apollo_parser::Parser;
use apollo_parser::cst::{self, CstNode, Definition};

use super::document::{long, short};
use super::openapi::Groups;
use super::{
    Content, Entry, EntryKind, Fault, Format, Outline, OutlineError, Parameter, Part, Response,
    Role, Shape, Type,
};

/// How deep types and values may be nested.
const MAX_DEPTH: usize = 100;
/// How many tokens are read.
const MAX_TOKENS: usize = 600_000;
/// How many mistakes are told.
const MAX_FAULTS: usize = 20;

/// Reads a schema; only where nothing at all can be read there is no outline.
pub(super) fn read(definition: &str) -> Result<Outline, OutlineError> {
    let tree = Parser::new(definition)
        .recursion_limit(MAX_DEPTH)
        .token_limit(MAX_TOKENS)
        .parse();
    let mut faults = tree.errors().map(|error| Fault {
        line: line_of(definition, error.index()),
        message: short(error.message()),
    });
    let mut outline = Outline::new(Format::GraphQl, Format::GraphQl.label().to_owned());
    outline.faults = faults.by_ref().take(MAX_FAULTS).collect();
    let definitions: Vec<Definition> = tree.document().definitions().collect();
    let reader = Reader {
        roots: roots(&definitions),
        known: names(&definitions),
    };
    let mut groups = Groups::default();
    // Operations stand first, in the order in which a reader asks for them.
    for (_, group) in OPERATIONS {
        groups.named(group);
    }
    for definition in &definitions {
        reader.definition(definition, &mut groups, &mut outline.types);
    }
    (outline.groups, outline.left_out) = groups.done();
    match outline.faults.first() {
        Some(fault) if outline.groups.is_empty() => Err(OutlineError::Syntax {
            line: fault.line,
            message: fault.message.clone(),
        }),
        _ => Ok(outline),
    }
}

/// The verbs of operations and the groups in which they stand.
const OPERATIONS: [(&str, &str); 3] = [
    ("QUERY", "Queries"),
    ("MUTATION", "Mutations"),
    ("SUBSCRIPTION", "Subscriptions"),
];

fn line_of(text: &str, index: usize) -> usize {
    let before = text.as_bytes().get(..index).unwrap_or(text.as_bytes());
    memchr::memchr_iter(b'\n', before).count() + 1
}

/// The names of the root types, each with the place of its verb in [`OPERATIONS`].
fn roots(definitions: &[Definition]) -> HashMap<String, usize> {
    let mut roots = HashMap::new();
    for definition in definitions {
        let types: Vec<cst::RootOperationTypeDefinition> = match definition {
            Definition::SchemaDefinition(schema) => {
                schema.root_operation_type_definitions().collect()
            }
            Definition::SchemaExtension(schema) => {
                schema.root_operation_type_definitions().collect()
            }
            _ => continue,
        };
        for root in types {
            let verb = root
                .operation_type()
                .map(|of| of.source_string().trim().to_uppercase());
            let at = OPERATIONS
                .iter()
                .position(|(known, _)| Some(*known) == verb.as_deref());
            let name = root.named_type().and_then(|named| named.name());
            if let (Some(at), Some(name)) = (at, name) {
                roots.insert(name.text().to_string(), at);
            }
        }
    }
    if roots.is_empty() {
        for (at, name) in ["Query", "Mutation", "Subscription"]
            .into_iter()
            .enumerate()
        {
            roots.insert(name.to_owned(), at);
        }
    }
    roots
}

/// The names of all types that are defined.
fn names(definitions: &[Definition]) -> HashSet<String> {
    let names = definitions.iter().filter_map(Definition::name);
    names.map(|name| name.text().to_string()).collect()
}

struct Reader {
    roots: HashMap<String, usize>,
    known: HashSet<String>,
}

/// What the kinds of definitions have in common.
#[derive(Default)]
struct Found {
    verb: &'static str,
    group: &'static str,
    description: Option<cst::Description>,
    directives: Option<cst::Directives>,
    fields: Vec<cst::FieldDefinition>,
    parts: Vec<Part>,
    facts: Vec<String>,
    parameters: Vec<Parameter>,
}

impl Reader {
    fn definition(
        &self,
        definition: &Definition,
        groups: &mut Groups,
        types: &mut BTreeMap<String, Type>,
    ) {
        let (Some(name), Some(found)) = (definition.name(), self.found(definition)) else {
            return;
        };
        let name = short(name.text().as_str());
        if let Some((verb, group)) = self.roots.get(&name).and_then(|at| OPERATIONS.get(*at)) {
            for field in found.fields {
                if groups.has_room() {
                    let entry = self.operation(verb, &field);
                    groups.named(group).entries.push(entry);
                }
            }
            return;
        }
        let mut shape = Shape {
            of: name.clone(),
            description: String::new(),
            facts: found.facts,
            parts: found
                .fields
                .iter()
                .map(|field| self.field(field))
                .chain(found.parts)
                .collect(),
            target: None,
        };
        let deprecated = note_deprecation(found.directives.as_ref(), &mut shape.facts);
        let about = described(found.description.as_ref());
        if found.verb != "directive" {
            let of_type = types.entry(name.clone()).or_insert_with(|| Type {
                name: name.clone(),
                shape: Shape {
                    of: name.clone(),
                    description: short(&about),
                    ..Shape::default()
                },
            });
            // An extension adds to what stands elsewhere.
            of_type.shape.parts.extend(shape.parts.iter().cloned());
        }
        if groups.has_room() {
            groups.named(found.group).entries.push(Entry {
                kind: EntryKind::Type,
                verb: found.verb.to_owned(),
                name,
                summary: first_line(&about),
                description: long(&about),
                deprecated,
                parameters: found.parameters,
                shape,
                ..Entry::default()
            });
        }
    }

    fn found(&self, definition: &Definition) -> Option<Found> {
        macro_rules! found {
            ($node:expr, $verb:literal, $group:literal $(, $description:expr)?) => {
                Found {
                    verb: $verb,
                    group: $group,
                    $(description: $description,)?
                    directives: $node.directives(),
                    ..Found::default()
                }
            };
        }
        macro_rules! with_fields {
            ($node:expr, $found:expr) => {{
                let fields = $node.fields_definition();
                let implements = $node.implements_interfaces().map(|list| {
                    let names: Vec<String> = list
                        .named_types()
                        .filter_map(|of| of.name())
                        .map(|name| name.text().to_string())
                        .collect();
                    format!("implements {}", names.join(", "))
                });
                Found {
                    fields: fields
                        .into_iter()
                        .flat_map(|fields| fields.field_definitions())
                        .collect(),
                    facts: implements.into_iter().collect(),
                    ..$found
                }
            }};
        }
        Some(match definition {
            Definition::ObjectTypeDefinition(node) => {
                with_fields!(node, found!(node, "type", "Types", node.description()))
            }
            Definition::ObjectTypeExtension(node) => {
                with_fields!(node, found!(node, "extend type", "Types"))
            }
            Definition::InterfaceTypeDefinition(node) => with_fields!(
                node,
                found!(node, "interface", "Interfaces", node.description())
            ),
            Definition::InterfaceTypeExtension(node) => {
                with_fields!(node, found!(node, "interface", "Interfaces"))
            }
            Definition::InputObjectTypeDefinition(node) => Found {
                parts: self.inputs(node.input_fields_definition()),
                ..found!(node, "input", "Inputs", node.description())
            },
            Definition::InputObjectTypeExtension(node) => Found {
                parts: self.inputs(node.input_fields_definition()),
                ..found!(node, "input", "Inputs")
            },
            Definition::EnumTypeDefinition(node) => Found {
                parts: values(node.enum_values_definition()),
                ..found!(node, "enum", "Enums", node.description())
            },
            Definition::EnumTypeExtension(node) => Found {
                parts: values(node.enum_values_definition()),
                ..found!(node, "enum", "Enums")
            },
            Definition::UnionTypeDefinition(node) => Found {
                parts: self.members(node.union_member_types()),
                ..found!(node, "union", "Unions", node.description())
            },
            Definition::UnionTypeExtension(node) => Found {
                parts: self.members(node.union_member_types()),
                ..found!(node, "union", "Unions")
            },
            Definition::ScalarTypeDefinition(node) => {
                found!(node, "scalar", "Scalars", node.description())
            }
            Definition::DirectiveDefinition(node) => {
                let places = node
                    .directive_locations()
                    .into_iter()
                    .flat_map(|places| places.directive_locations());
                let places: Vec<String> = places
                    .filter_map(apollo_parser::cst::DirectiveLocation::text)
                    .map(|text| text.to_string())
                    .collect();
                Found {
                    verb: "directive",
                    group: "Directives",
                    description: node.description(),
                    facts: vec![format!("on {}", places.join(" | "))],
                    parameters: self.arguments(node.arguments_definition()),
                    ..Found::default()
                }
            }
            _ => return None,
        })
    }

    fn operation(&self, verb: &str, field: &cst::FieldDefinition) -> Entry {
        let mut shape = self.of(field.ty());
        let deprecated = note_deprecation(field.directives().as_ref(), &mut shape.facts);
        let about = described(field.description().as_ref());
        Entry {
            verb: verb.to_owned(),
            name: name_of(field.name()),
            summary: first_line(&about),
            description: long(&about),
            deprecated,
            parameters: self.arguments(field.arguments_definition()),
            responses: vec![Response {
                contents: vec![Content {
                    shape,
                    ..Content::default()
                }],
                ..Response::default()
            }],
            ..Entry::default()
        }
    }

    fn field(&self, field: &cst::FieldDefinition) -> Part {
        let mut shape = self.of(field.ty());
        shape.description = short(&described(field.description().as_ref()));
        note_deprecation(field.directives().as_ref(), &mut shape.facts);
        let arguments: Vec<String> = self
            .arguments(field.arguments_definition())
            .into_iter()
            .map(|argument| format!("{}: {}", argument.name, argument.shape.of))
            .collect();
        if !arguments.is_empty() {
            shape.facts.push(format!("takes {}", arguments.join(", ")));
        }
        field_part(name_of(field.name()), shape)
    }

    fn arguments(&self, arguments: Option<cst::ArgumentsDefinition>) -> Vec<Parameter> {
        let values = arguments
            .into_iter()
            .flat_map(|arguments| arguments.input_value_definitions());
        values
            .map(|value| {
                let part = self.input(&value);
                Parameter {
                    name: part.name,
                    place: "argument".to_owned(),
                    required: part.required,
                    description: part.shape.description.clone(),
                    shape: Shape {
                        description: String::new(),
                        ..part.shape
                    },
                }
            })
            .collect()
    }

    fn inputs(&self, fields: Option<cst::InputFieldsDefinition>) -> Vec<Part> {
        let values = fields
            .into_iter()
            .flat_map(|fields| fields.input_value_definitions());
        values.map(|value| self.input(&value)).collect()
    }

    fn input(&self, value: &cst::InputValueDefinition) -> Part {
        let mut shape = self.of(value.ty());
        shape.description = short(&described(value.description().as_ref()));
        if let Some(default) = value.default_value().and_then(|default| default.value()) {
            shape
                .facts
                .push(format!("default {}", short(&default.source_string())));
        }
        note_deprecation(value.directives().as_ref(), &mut shape.facts);
        field_part(name_of(value.name()), shape)
    }

    fn members(&self, members: Option<cst::UnionMemberTypes>) -> Vec<Part> {
        let named = members
            .into_iter()
            .flat_map(|members| members.named_types());
        named
            .map(|member| Part {
                role: Role::Choice,
                shape: self.of(Some(cst::Type::NamedType(member))),
                ..Part::default()
            })
            .collect()
    }

    /// A type in GraphQL's own notation, with the name in it as target.
    fn of(&self, of: Option<cst::Type>) -> Shape {
        let text = of.map(|of| of.source_string()).unwrap_or_default();
        let of: String = text.split_whitespace().collect();
        let name = of.trim_matches(['[', ']', '!']);
        Shape {
            target: self.known.contains(name).then(|| name.to_owned()),
            of: short(&of),
            ..Shape::default()
        }
    }
}

fn values(values: Option<cst::EnumValuesDefinition>) -> Vec<Part> {
    let values = values
        .into_iter()
        .flat_map(|values| values.enum_value_definitions());
    values
        .map(|value| {
            let mut shape = Shape {
                description: short(&described(value.description().as_ref())),
                ..Shape::default()
            };
            note_deprecation(value.directives().as_ref(), &mut shape.facts);
            Part {
                role: Role::Value,
                name: value
                    .enum_value()
                    .map(|value| short(value.text().as_str()))
                    .unwrap_or_default(),
                required: false,
                shape,
            }
        })
        .collect()
}

fn field_part(name: String, shape: Shape) -> Part {
    Part {
        role: Role::Field,
        name,
        required: shape.of.ends_with('!'),
        shape,
    }
}

fn name_of(name: Option<cst::Name>) -> String {
    name.map(|name| short(name.text().as_str()))
        .unwrap_or_default()
}

fn described(description: Option<&cst::Description>) -> String {
    description
        .and_then(cst::Description::string_value)
        .map(String::from)
        .unwrap_or_default()
}

fn first_line(text: &str) -> String {
    short(text.trim().lines().next().unwrap_or_default())
}

/// Whether `@deprecated` is among the directives; its reason becomes a fact.
fn note_deprecation(directives: Option<&cst::Directives>, facts: &mut Vec<String>) -> bool {
    let mut directives = directives.into_iter().flat_map(cst::Directives::directives);
    let Some(directive) = directives.find(|directive| {
        directive
            .name()
            .is_some_and(|name| name.text() == "deprecated")
    }) else {
        return false;
    };
    let mut arguments = directive
        .arguments()
        .into_iter()
        .flat_map(|arguments| arguments.arguments());
    let reason = arguments.find_map(|argument| match argument.value() {
        Some(cst::Value::StringValue(text)) => Some(short(&String::from(text))),
        _ => None,
    });
    facts.push(match reason {
        Some(reason) if !reason.is_empty() => format!("deprecated: {reason}"),
        _ => "deprecated".to_owned(),
    });
    true
}
