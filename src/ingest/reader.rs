//! How ingest gets at the files that descriptors point to.

use std::sync::Arc;

use super::Location;

/// One file that was read.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// The file itself, after globs and redirects.
    pub location: Location,
    /// What a person can open: a path or a URL. Stands in problems.
    pub name: String,
    /// Its content.
    pub bytes: Arc<[u8]>,
    /// The Git object id of the content, where known.
    pub blob: Option<String>,
    /// The commit it was read at, where known.
    pub commit: Option<String>,
}

/// A file that a target matches.
#[derive(Debug, Clone)]
pub enum Match {
    /// It is at hand.
    Read(SourceFile),
    /// It is there; [`Reader::read`] reads it from its own location, one at a time, as there may be many.
    There {
        /// The file itself.
        location: Location,
        /// What a person can open.
        name: String,
    },
}

impl Match {
    /// The file itself.
    pub fn location(&self) -> &Location {
        match self {
            Self::Read(file) => &file.location,
            Self::There { location, .. } => location,
        }
    }

    /// What a person can open.
    pub fn name(&self) -> &str {
        match self {
            Self::Read(file) => &file.name,
            Self::There { name, .. } => name,
        }
    }
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is no such file.
    #[error("{target} does not exist")]
    NotFound {
        /// The target, as resolved.
        target: String,
    },
    /// The file lies outside the root to which its descriptor is confined.
    #[error("{target} lies outside {root}, which descriptors there cannot leave")]
    Outside {
        /// The target, as written.
        target: String,
        /// The folder or repository.
        root: String,
    },
    /// The file is larger than what is read.
    #[error("{target} is larger than {limit} bytes")]
    TooLarge {
        /// The target, as resolved.
        target: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// Anything else: no permission, a folder, a host that does not answer.
    #[error("{target} cannot be read: {reason}")]
    Failed {
        /// The target, as resolved.
        target: String,
        /// Why, and what to do about it.
        reason: String,
    },
}

/// Reads the files that Locations and placeholders name. Blocking; called from several threads.
///
/// `base` is the file in which `target` is written, `target` is as written there: relative to the file's folder, from
/// the root of the repository (`/x`), or an absolute `http(s)` URL. What is relative to what, and which root must not be
/// left, is the reader's to decide.
pub trait Reader: Sync {
    /// The files that a Location's `target` matches, sorted by name: globs (`*`, `**`, `?`, `[…]`, `{…}`) may match many.
    /// Nothing matched is an empty list or [`ReadError::NotFound`].
    fn search(&self, base: &Location, target: &str) -> Result<Vec<Match>, ReadError>;

    /// The one file that a placeholder names; no globs.
    fn read(&self, base: &Location, target: &str) -> Result<SourceFile, ReadError>;
}

/// A reader for input that stands alone: it finds nothing.
#[derive(Debug, Clone, Copy)]
pub struct NoReader;

impl Reader for NoReader {
    fn search(&self, _base: &Location, _target: &str) -> Result<Vec<Match>, ReadError> {
        Ok(Vec::new())
    }

    fn read(&self, _base: &Location, target: &str) -> Result<SourceFile, ReadError> {
        Err(ReadError::NotFound {
            target: target.to_owned(),
        })
    }
}
