//! `catalog.rules`: which kinds may come from which locations.

use globset::{GlobBuilder, GlobMatcher};
use serde_json::Value;

use super::{Location, LocationType};

/// Which kinds may come from where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Rules {
    /// Every kind from everywhere: what this portal does where nothing is configured.
    #[default]
    All,
    /// Only what one of these allows.
    Only(Vec<Allow>),
}

/// One thing that is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow {
    /// The kind, in any case.
    pub kind: String,
    /// The `spec.type` it must have, in any case, where the rule names one.
    pub spec_type: Option<String>,
    /// The roots it may come from; `None` for all.
    pub origins: Option<Vec<Origins>>,
}

/// Roots that a rule speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// The one location with this type and target.
    Exact {
        /// The type.
        location_type: LocationType,
        /// The target as configured.
        target: String,
    },
    /// The locations of a type; with a glob, those whose target it matches.
    Type {
        /// The type.
        location_type: LocationType,
        /// The glob, as minimatch reads it; `None` for every target.
        pattern: Option<String>,
    },
}

impl Rules {
    /// The rules, ready to be asked many times.
    pub(super) fn compile(&self) -> Compiled {
        let Self::Only(allowed) = self else {
            return Compiled(None);
        };
        let rule = |allow: &Allow| CompiledAllow {
            kind: allow.kind.to_lowercase(),
            spec_type: allow.spec_type.as_ref().map(|text| text.to_lowercase()),
            origins: allow
                .origins
                .as_ref()
                .map(|origins| origins.iter().map(CompiledOrigins::new).collect()),
        };
        Compiled(Some(allowed.iter().map(rule).collect()))
    }
}

/// Rules with their globs compiled; `None` allows everything.
pub(super) struct Compiled(Option<Vec<CompiledAllow>>);

struct CompiledAllow {
    kind: String,
    spec_type: Option<String>,
    origins: Option<Vec<CompiledOrigins>>,
}

enum CompiledOrigins {
    Exact(Location),
    Type(LocationType),
    Glob(LocationType, GlobMatcher),
    /// A glob that cannot be read matches nothing.
    Nothing,
}

impl Compiled {
    /// Whether an entity with this body may come from the root at `origin`.
    pub(super) fn allows(&self, body: &Value, origin: &Location) -> bool {
        let Some(rules) = &self.0 else { return true };
        let text = |value: Option<&Value>| {
            value
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_lowercase()
        };
        let kind = text(body.get("kind"));
        rules.iter().any(|rule| {
            rule.kind == kind
                && rule
                    .spec_type
                    .as_ref()
                    .is_none_or(|wanted| text(body.pointer("/spec/type")) == *wanted)
                && rule
                    .origins
                    .as_ref()
                    .is_none_or(|origins| origins.iter().any(|o| o.has(origin)))
        })
    }
}

impl CompiledOrigins {
    fn new(origins: &Origins) -> Self {
        match origins {
            Origins::Exact {
                location_type,
                target,
            } => Self::Exact(Location {
                location_type: *location_type,
                target: target.clone(),
            }),
            Origins::Type {
                location_type,
                pattern: None,
            } => Self::Type(*location_type),
            Origins::Type {
                location_type,
                pattern: Some(pattern),
            } => GlobBuilder::new(pattern)
                .literal_separator(true)
                .case_insensitive(true)
                .build()
                .map_or(Self::Nothing, |glob| {
                    Self::Glob(*location_type, glob.compile_matcher())
                }),
        }
    }

    fn has(&self, origin: &Location) -> bool {
        match self {
            Self::Exact(location) => location == origin,
            Self::Type(location_type) => *location_type == origin.location_type,
            Self::Glob(location_type, glob) => {
                *location_type == origin.location_type && glob.is_match(&origin.target)
            }
            Self::Nothing => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn kinds_types_and_origins_must_all_fit() {
        let url = |pattern: Option<&str>| Origins::Type {
            location_type: LocationType::Url,
            pattern: pattern.map(str::to_owned),
        };
        let allow = |kind: &str, spec_type: Option<&str>, origins| Allow {
            kind: kind.to_owned(),
            spec_type: spec_type.map(str::to_owned),
            origins,
        };
        let rules = Rules::Only(vec![
            allow("component", None, None),
            allow("Resource", Some("Database"), None),
            allow(
                "Group",
                None,
                Some(vec![url(Some("https://github.com/Acme/*"))]),
            ),
            allow(
                "User",
                None,
                Some(vec![Origins::Exact {
                    location_type: LocationType::File,
                    target: "/org.yaml".to_owned(),
                }]),
            ),
        ])
        .compile();
        let here = Location::url("https://github.com/acme/org.yaml");
        let ask = |kind: &str, origin: &Location| {
            rules.allows(&json!({"kind": kind, "spec": {"type": "database"}}), origin)
        };
        assert!(ask("Component", &here) && ask("resource", &here) && ask("Group", &here));
        assert!(!ask("System", &here) && !ask("User", &here));
        assert!(!ask(
            "Group",
            &Location::url("https://github.com/acme/deep/org.yaml")
        ));
        assert!(ask("User", &Location::file("/org.yaml")));
        assert!(Rules::All.compile().allows(&json!({"kind": "X"}), &here));
    }
}
