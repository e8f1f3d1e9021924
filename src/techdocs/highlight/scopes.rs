//! TextMate scopes → roles.

use std::sync::OnceLock;

use syntect::parsing::Scope;

use crate::techdocs::role::Role;

/// What each scope means; the first that fits counts, so the narrower ones come first.
const ROLES: &[(&str, Role)] = &[
    ("comment", Role::Comment),
    ("punctuation.definition.comment", Role::Comment),
    ("markup.inserted", Role::Inserted),
    ("markup.deleted", Role::Deleted),
    ("meta.diff.header", Role::Property),
    ("meta.diff.range", Role::Function),
    ("constant.character.escape", Role::Constant),
    ("string", Role::StringLit),
    ("constant", Role::Constant),
    ("entity.name.function", Role::Function),
    ("support.function", Role::Function),
    ("variable.function", Role::Function),
    ("entity.name.tag", Role::Property),
    ("entity.other.attribute-name", Role::Property),
    ("support.type.property-name", Role::Property),
    ("meta.mapping.key", Role::Property),
    ("variable.parameter", Role::Property),
    ("variable.language", Role::Keyword),
    ("variable.other.readwrite.assignment", Role::Property),
    ("entity.name.section", Role::Type),
    ("entity.name", Role::Type),
    ("support.type", Role::Type),
    ("support.class", Role::Type),
    ("storage.type", Role::Keyword),
    ("storage", Role::Keyword),
    ("keyword.operator", Role::Operator),
    ("keyword", Role::Keyword),
    ("markup.heading", Role::Keyword),
];

/// The role of text with these scopes: the innermost one that means something counts.
pub(super) fn role(stack: &[Scope]) -> Role {
    static TABLE: OnceLock<Vec<(Scope, Role)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let scope = |(name, role): &(&str, Role)| Scope::new(name).ok().map(|scope| (scope, *role));
        ROLES.iter().filter_map(scope).collect()
    });
    let means = |scope: &Scope| {
        table
            .iter()
            .find(|(known, _)| known.is_prefix_of(*scope))
            .map(|(_, role)| *role)
    };
    stack.iter().rev().find_map(means).unwrap_or(Role::CodeText)
}
