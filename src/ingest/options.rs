//! What is read, and within which bounds.

use std::path::PathBuf;

use super::{Location, Rules, SourceFile};
use crate::catalog::Integrations;
use crate::catalog::policy::Model;
use crate::catalog::yaml::Bounds;

/// Where reading begins: a configured location, or a file that a host found.
#[derive(Debug, Clone)]
pub struct Root {
    /// The configured source, as its user would name it: `./catalog`, `github:acme`.
    pub source: String,
    /// The location as configured; what Backstage calls the origin of all that comes from it.
    pub location: Location,
    /// The files, where they have been fetched already; otherwise the reader is asked for the location's target.
    pub files: Option<Vec<SourceFile>>,
    /// How the files came to be looked at.
    pub found: Found,
    /// How Backstage would see the location.
    pub standing: Standing,
}

/// How a Backstage sees a root location.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Standing {
    /// Something must be there.
    #[default]
    Required,
    /// It is no error if nothing is there, as with what a provider looks for in each repository.
    Optional,
    /// It would be given up: a folder was configured, and Backstage reads only files.
    Refused,
}

/// How a file came to be looked at, which decides what in it is a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Somebody said that it holds descriptors: by naming it, by a Location, or by calling it `catalog-info.yaml`. All
    /// that is no entity is a problem.
    Named,
    /// It lay in a folder that was walked. Only documents that look like Backstage's entities count; Kubernetes
    /// manifests, workflows and the like are passed over.
    Walked,
}

/// How to read.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Which kinds may come from where.
    pub rules: Rules,
    /// Which kinds are known.
    pub model: Model,
    /// The Git hosts that have integrations, which decides how URLs are written.
    pub hosts: Integrations,
    /// The folder in which Backstage would run; its paths are seen from there.
    pub cwd: PathBuf,
    /// What bounds the work.
    pub limits: Limits,
}

/// What bounds the work, so that no input takes all memory or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The largest file, in bytes.
    pub file_bytes: usize,
    /// How large a document may be.
    pub document: Bounds,
    /// How many files may be read below one root.
    pub files_per_root: usize,
    /// How deep Locations may lead to Locations.
    pub location_depth: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 64 << 20,
            document: Bounds::default(),
            files_per_root: 200_000,
            location_depth: 32,
        }
    }
}
