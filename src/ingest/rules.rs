//! `catalog.rules`: which kinds may come from which locations.

use globset::{GlobBuilder, GlobMatcher};
use serde_json::Value;

use super::{Location, LocationType};
use crate::catalog::policy;

/// Which kinds may come from where.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Rules {
    /// Every kind that Backstage knows, from everywhere: for files that no configuration names.
    #[default]
    All,
    /// What Backstage allows where `catalog.rules` says nothing: [`DEFAULT`] from everywhere, and what one of these
    /// allows besides.
    Unconfigured(Vec<Allow>),
    /// Only what one of these allows, as configured.
    Only(Vec<Allow>),
}

/// The kinds that Backstage takes from everywhere where `catalog.rules` says nothing.
pub(super) const DEFAULT: [&str; 3] = ["Component", "API", "Location"];

/// What the rules say about an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may come from there.
    Allowed,
    /// No rule allows its kind because Backstage does not know it, which is told anyway.
    Unknown,
    /// The rules that hold where none are configured do not allow it.
    ByDefault,
    /// The configured rules do not allow it.
    Forbidden,
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
        let compile = |allow: &Allow| CompiledAllow {
            kind: allow.kind.to_lowercase(),
            spec_type: allow.spec_type.as_ref().map(|text| text.to_lowercase()),
            origins: allow
                .origins
                .as_ref()
                .map(|origins| origins.iter().map(CompiledOrigins::new).collect()),
        };
        let (allowed, otherwise) = match self {
            Self::All => {
                return Compiled {
                    allowed: None,
                    otherwise: Verdict::Unknown,
                };
            }
            Self::Unconfigured(allowed) => (allowed, Verdict::ByDefault),
            Self::Only(allowed) => (allowed, Verdict::Forbidden),
        };
        let everywhere = DEFAULT
            .iter()
            .filter(|_| otherwise == Verdict::ByDefault)
            .map(|kind| CompiledAllow {
                kind: kind.to_lowercase(),
                spec_type: None,
                origins: None,
            });
        Compiled {
            allowed: Some(everywhere.chain(allowed.iter().map(compile)).collect()),
            otherwise,
        }
    }
}

/// Rules with their globs compiled.
pub(super) struct Compiled {
    /// What is allowed; `None` for every kind that Backstage knows.
    allowed: Option<Vec<CompiledAllow>>,
    /// What is to be said of the rest.
    otherwise: Verdict,
}

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
    pub(super) fn verdict(&self, body: &Value, origin: &Location) -> Verdict {
        let kind = body.get("kind").and_then(Value::as_str).unwrap_or_default();
        let known = policy::is_known_kind(kind);
        match &self.allowed {
            None if known => Verdict::Allowed,
            Some(rules) if allows(rules, body, origin) => Verdict::Allowed,
            _ if known => self.otherwise,
            _ => Verdict::Unknown,
        }
    }
}

fn allows(rules: &[CompiledAllow], body: &Value, origin: &Location) -> bool {
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
            let body = json!({"kind": kind, "spec": {"type": "database"}});
            rules.verdict(&body, origin) == Verdict::Allowed
        };
        assert!(ask("Component", &here) && ask("resource", &here) && ask("Group", &here));
        assert!(!ask("System", &here) && !ask("User", &here));
        assert!(!ask(
            "Group",
            &Location::url("https://github.com/acme/deep/org.yaml")
        ));
        assert!(ask("User", &Location::file("/org.yaml")));
    }

    #[test]
    fn without_rules_backstage_takes_three_kinds() {
        let here = Location::file("/a.yaml");
        let verdict =
            |rules: &Rules, kind: &str| rules.compile().verdict(&json!({"kind": kind}), &here);
        let unconfigured = Rules::Unconfigured(Vec::new());
        assert_eq!(verdict(&unconfigured, "API"), Verdict::Allowed);
        assert_eq!(verdict(&unconfigured, "Group"), Verdict::ByDefault);
        assert_eq!(verdict(&unconfigured, "Gadget"), Verdict::Unknown);
        assert_eq!(verdict(&Rules::All, "group"), Verdict::Allowed);
        assert_eq!(verdict(&Rules::All, "Gadget"), Verdict::Unknown);
        assert_eq!(
            verdict(&Rules::Only(Vec::new()), "Group"),
            Verdict::Forbidden
        );
    }
}
