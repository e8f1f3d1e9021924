//! The part of a host's published schema that the forge serves: types with their fields and arguments, in the language
//! in which schemas are published.

use std::collections::BTreeMap;

use super::parse::{eat, expect, next, tokens, type_text};

/// The types by their names; a name that is not among them is a scalar or an enum.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(super) types: BTreeMap<String, BTreeMap<String, Field>>,
    /// The names of the types that each interface stands for.
    pub(super) members: BTreeMap<String, Vec<String>>,
}

/// A field of a type.
#[derive(Debug)]
pub(super) struct Field {
    /// The arguments with their types as written.
    pub(super) arguments: BTreeMap<String, String>,
    /// Its type as written.
    pub(super) kind: String,
}

impl Schema {
    /// Reads `type T implements I & J { field(argument: A): B … }` and `interface I { … }`.
    pub(crate) fn parse(text: &str) -> Self {
        let mut schema = Self {
            types: BTreeMap::new(),
            members: BTreeMap::new(),
        };
        let mut tokens = tokens(text).unwrap().into_iter().peekable();
        while let Some(word) = tokens.next() {
            assert!(word == "type" || word == "interface", "{word}");
            let name = next(&mut tokens).unwrap();
            if eat(&mut tokens, "implements") {
                while !eat(&mut tokens, "{") {
                    let interface = next(&mut tokens).unwrap();
                    if interface != "&" {
                        schema
                            .members
                            .entry(interface)
                            .or_default()
                            .push(name.clone());
                    }
                }
            } else {
                expect(&mut tokens, "{").unwrap();
            }
            let mut fields = BTreeMap::new();
            while !eat(&mut tokens, "}") {
                let field = next(&mut tokens).unwrap();
                let mut arguments = BTreeMap::new();
                if eat(&mut tokens, "(") {
                    while !eat(&mut tokens, ")") {
                        let argument = next(&mut tokens).unwrap();
                        expect(&mut tokens, ":").unwrap();
                        arguments.insert(argument, type_text(&mut tokens).unwrap());
                    }
                }
                expect(&mut tokens, ":").unwrap();
                let kind = type_text(&mut tokens).unwrap();
                fields.insert(field, Field { arguments, kind });
            }
            schema.types.insert(name, fields);
        }
        schema
    }

    /// Forgets a field, as a host of an older version does not know it yet.
    pub(crate) fn forget(&mut self, on: &str, field: &str) {
        self.types.get_mut(on).unwrap().remove(field).unwrap();
    }

    /// Whether a value of the type `is` may be asked as `wanted`.
    pub(super) fn fits(&self, is: &str, wanted: &str) -> bool {
        let stands_for = |interface: &str, name: &str| {
            let members = self.members.get(interface);
            members.is_some_and(|members| members.iter().any(|member| member == name))
        };
        is == wanted || stands_for(wanted, is)
    }
}

/// The name in a type: `[ID!]!` is `ID`.
pub(super) fn bare(kind: &str) -> &str {
    kind.trim_matches(['[', ']', '!'])
}
