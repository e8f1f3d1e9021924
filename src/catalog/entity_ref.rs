//! Entity references: `[<kind>:][<namespace>/]<name>`.
//!
//! The grammar and its oddities are Backstage's (`parseEntityRef` of `@backstage/catalog-model`): the first `:` and the
//! first `/` part the text, a `:` behind the first `/` belongs to the name, and parts are not checked for characters.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// The namespace of an entity that names none.
pub const DEFAULT_NAMESPACE: &str = "default";

/// The identity of an entity: kind, namespace and name, all in lower case.
///
/// Two entities with the same reference are the same entity; how their author spelled the name is kept in
/// [`Entity`](super::Entity). Ordered by kind, namespace, name. A clone shares the text, as relations hold many.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntityRef {
    /// `kind:namespace/name`.
    text: Arc<str>,
    /// Where the first `:` that parts the kind stands, in bytes. Small numbers, as a catalog holds millions of references.
    colon: u32,
    /// Where the `/` that parts the namespace stands, in bytes.
    slash: u32,
}

/// What a reference means where its text leaves out the kind or the namespace.
#[derive(Debug, Clone, Copy)]
pub struct RefContext<'a> {
    /// The kind of a reference without one; `None` where a field demands that the author names it.
    pub kind: Option<&'a str>,
    /// The namespace of a reference without one; for a field of an entity, the entity's own.
    pub namespace: &'a str,
}

/// Why a text is no entity reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefError {
    /// A part is there but empty, as in `component:` or `/x`.
    #[error(
        "entity reference {text:?} has an empty {part}; write it as [<kind>:][<namespace>/]<name>"
    )]
    EmptyPart {
        /// The reference as written.
        text: String,
        /// Which part: `kind`, `namespace` or `name`.
        part: &'static str,
    },
    /// The field has no default kind and the text names none.
    #[error(
        "entity reference {text:?} lacks a kind, and none is implied here; write it as <kind>:[<namespace>/]<name>"
    )]
    MissingKind {
        /// The reference as written.
        text: String,
    },
}

impl EntityRef {
    /// A reference from its three parts, in any case.
    pub fn new(kind: &str, namespace: &str, name: &str) -> Self {
        let mut text = String::with_capacity(kind.len() + namespace.len() + name.len() + 2);
        push_lower(&mut text, kind);
        let colon = offset(&text);
        text.push(':');
        push_lower(&mut text, namespace);
        let slash = offset(&text);
        text.push('/');
        push_lower(&mut text, name);
        Self {
            text: text.into(),
            colon,
            slash,
        }
    }

    /// Reads `text`, filling what it leaves out from `context`.
    pub fn parse(text: &str, context: RefContext<'_>) -> Result<Self, RefError> {
        let colon = text.find(':');
        let slash = text.find('/');
        let (kind, rest) = match (colon, slash) {
            (Some(c), s) if s.is_none_or(|s| c < s) => text
                .split_at_checked(c)
                .map_or((None, text), |(kind, rest)| {
                    (Some(kind), rest.strip_prefix(':').unwrap_or(rest))
                }),
            _ => (None, text),
        };
        let (namespace, name) = match rest.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, rest),
        };
        for (part, value) in [
            ("kind", kind),
            ("namespace", namespace),
            ("name", Some(name)),
        ] {
            if value == Some("") {
                return Err(RefError::EmptyPart {
                    text: text.to_owned(),
                    part,
                });
            }
        }
        let kind = kind.or(context.kind).ok_or_else(|| RefError::MissingKind {
            text: text.to_owned(),
        })?;
        Ok(Self::new(
            kind,
            namespace.unwrap_or(context.namespace),
            name,
        ))
    }

    /// The kind, in lower case.
    pub fn kind(&self) -> &str {
        self.text.get(..self.colon as usize).unwrap_or_default()
    }

    /// The namespace, in lower case.
    pub fn namespace(&self) -> &str {
        self.text
            .get(self.colon as usize + 1..self.slash as usize)
            .unwrap_or_default()
    }

    /// The name, in lower case.
    pub fn name(&self) -> &str {
        self.text.get(self.slash as usize + 1..).unwrap_or_default()
    }

    /// The full form, `kind:namespace/name`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The shortest text a person would write where `kind` is expected: the kind and the default namespace are left out.
    pub fn humanize(&self, kind: Option<&str>) -> String {
        let mut text = String::new();
        if kind != Some(self.kind()) {
            text.push_str(self.kind());
            text.push(':');
        }
        if self.namespace() != DEFAULT_NAMESPACE {
            text.push_str(self.namespace());
            text.push('/');
        }
        text.push_str(self.name());
        text
    }
}

fn push_lower(text: &mut String, part: &str) {
    if part.is_ascii() {
        text.extend(part.chars().map(|c| c.to_ascii_lowercase()));
    } else {
        text.push_str(&part.to_lowercase());
    }
}

/// Where the end of `text` is. No text that is read is nearly as long as the number may be.
fn offset(text: &str) -> u32 {
    u32::try_from(text.len()).unwrap_or(u32::MAX)
}

impl Ord for EntityRef {
    fn cmp(&self, other: &Self) -> Ordering {
        let parts = |r: &Self| (r.colon, r.slash);
        if parts(self) == parts(other) {
            // The parts are of the same length up to the name, so the whole compares as they do one by one.
            return self.text.cmp(&other.text);
        }
        (self.kind(), self.namespace(), self.name()).cmp(&(
            other.kind(),
            other.namespace(),
            other.name(),
        ))
    }
}

impl PartialOrd for EntityRef {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for EntityRef {
    /// Writes the full form, `kind:namespace/name`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for EntityRef {
    type Err = RefError;

    /// Reads a reference that names its kind; the namespace defaults to `default`.
    fn from_str(text: &str) -> Result<Self, RefError> {
        Self::parse(
            text,
            RefContext {
                kind: None,
                namespace: DEFAULT_NAMESPACE,
            },
        )
    }
}

impl TryFrom<String> for EntityRef {
    type Error = RefError;

    fn try_from(text: String) -> Result<Self, RefError> {
        text.parse()
    }
}

impl From<EntityRef> for String {
    fn from(entity_ref: EntityRef) -> Self {
        entity_ref.to_string()
    }
}

/// A full reference as a person writes it where `kind` is expected: `group:default/team-a` → `team-a`.
pub fn short_ref<'a>(full: &'a str, kind: &str) -> &'a str {
    let rest = full
        .strip_prefix(kind)
        .and_then(|rest| rest.strip_prefix(':'))
        .unwrap_or(full);
    rest.strip_prefix("default/").unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, RefError> {
        EntityRef::parse(
            text,
            RefContext {
                kind: Some("Group"),
                namespace: "Own",
            },
        )
        .map(|r| r.to_string())
    }

    #[test]
    fn fills_what_is_left_out_from_the_context() {
        assert_eq!(parse("Team-A").as_deref(), Ok("group:own/team-a"));
        assert_eq!(parse("user:jane").as_deref(), Ok("user:own/jane"));
        assert_eq!(parse("x/jane").as_deref(), Ok("group:x/jane"));
        assert_eq!(parse("api:x/y").as_deref(), Ok("api:x/y"));
    }

    #[test]
    fn a_colon_behind_the_slash_belongs_to_the_name() {
        assert_eq!(parse("ns/a:b").as_deref(), Ok("group:ns/a:b"));
        assert_eq!(parse("a:b:c/d/e").as_deref(), Ok("a:b:c/d/e"));
    }

    #[test]
    fn order_is_by_kind_then_namespace_then_name() {
        let mut refs = [
            EntityRef::new("ab", "a", "a"),
            EntityRef::new("a", "b", "A"),
            EntityRef::new("a", "a-", "z"),
            EntityRef::new("a", "a", "É"),
        ];
        refs.sort();
        let texts: Vec<_> = refs.iter().map(EntityRef::as_str).collect();
        assert_eq!(texts, ["a:a/é", "a:a-/z", "a:b/a", "ab:a/a"]);
    }

    #[test]
    fn empty_parts_are_refused() {
        for text in ["", ":x", "a:", "/x", "a:/x", "a:b/"] {
            assert!(
                matches!(parse(text), Err(RefError::EmptyPart { .. })),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_missing_kind_is_refused_where_none_is_implied() {
        assert!(matches!(
            "x".parse::<EntityRef>(),
            Err(RefError::MissingKind { .. })
        ));
    }

    #[test]
    fn people_write_what_is_not_implied() {
        let r = EntityRef::new("Group", "default", "Team-A");
        assert_eq!(r.humanize(Some("group")), "team-a");
        assert_eq!(r.humanize(None), "group:team-a");
        assert_eq!(
            EntityRef::new("user", "x", "j").humanize(Some("group")),
            "user:x/j"
        );
    }
}
