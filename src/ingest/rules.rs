//! `catalog.rules`: which kinds may come from which locations.

use super::LocationType;

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
