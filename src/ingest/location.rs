//! Locations: where a descriptor stands, in Backstage's form `file:/abs/path` or `url:https://…`.

use std::fmt;
use std::str::FromStr;

/// How a location's target is to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LocationType {
    /// A path.
    File,
    /// A URL.
    Url,
}

impl LocationType {
    /// The type as Backstage writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Url => "url",
        }
    }
}

/// A place that holds descriptors.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Whether the target is a path or a URL.
    pub location_type: LocationType,
    /// The absolute path or the URL; a root's may hold a glob.
    pub target: String,
}

/// Why a text is no location.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LocationError {
    /// It does not begin with `file:` or `url:`.
    #[error("{0:?} is no location; write file:/path or url:https://…")]
    Type(String),
}

impl Location {
    /// The file at `path`.
    pub fn file(path: impl Into<String>) -> Self {
        Self {
            location_type: LocationType::File,
            target: path.into(),
        }
    }

    /// What stands at `url`.
    pub fn url(url: impl Into<String>) -> Self {
        Self {
            location_type: LocationType::Url,
            target: url.into(),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.location_type.as_str(), self.target)
    }
}

impl FromStr for Location {
    type Err = LocationError;

    fn from_str(text: &str) -> Result<Self, LocationError> {
        if let Some(path) = text.strip_prefix("file:") {
            Ok(Self::file(path))
        } else if let Some(url) = text.strip_prefix("url:") {
            Ok(Self::url(url))
        } else {
            Err(LocationError::Type(text.to_owned()))
        }
    }
}
