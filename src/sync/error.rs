//! What can go wrong with a sync, and which exit code it deserves.

use std::path::PathBuf;

use crate::config::{ConfigError, SourceError};
use crate::host::HostError;
use crate::store::StoreError;

/// How a failure is to be answered; each has its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The work failed.
    Failed,
    /// Wrong usage or configuration.
    Usage,
    /// A host could not be reached, and nothing that is kept could serve.
    Unreachable,
    /// Not signed in, or not allowed.
    NotSignedIn,
}

impl Class {
    /// The exit code.
    pub fn exit_code(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotSignedIn => 3,
            Self::Unreachable => 4,
        }
    }
}

/// Why nothing could be synced or read at all.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The configuration cannot be read.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A source cannot be understood.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// A host failed.
    #[error(transparent)]
    Host(#[from] HostError),
    /// What is kept cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The folder of the cache cannot be used.
    #[error("{}: {reason}; name another folder with --cache-dir", path.display())]
    Cache {
        /// The folder or file.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// Another process is refreshing the same set.
    #[error("another stagedoor ({owner}) is refreshing the same catalog; wait for it to end")]
    Busy {
        /// The other process, and since when, where it said.
        owner: String,
    },
    /// No configured source has this name.
    #[error("no source is named {name:?}; there are {}", known.join(", "))]
    UnknownSource {
        /// The name as written.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// A task of our own ended before its work was done.
    #[error("the work broke off: {0}; please report this")]
    Broken(#[from] tokio::task::JoinError),
    /// It was interrupted.
    #[error("interrupted; what was kept before is unchanged")]
    Cancelled,
}

impl SyncError {
    /// How the failure is to be answered.
    pub fn class(&self) -> Class {
        match self {
            Self::Config(_) | Self::Source(_) | Self::UnknownSource { .. } => Class::Usage,
            Self::Host(HostError::NotSignedIn { .. }) => Class::NotSignedIn,
            Self::Host(
                HostError::Unreachable { .. }
                | HostError::Untrusted { .. }
                | HostError::Busy { .. }
                | HostError::Overloaded { .. },
            ) => Class::Unreachable,
            Self::Host(_)
            | Self::Store(_)
            | Self::Broken(_)
            | Self::Cache { .. }
            | Self::Busy { .. }
            | Self::Cancelled => Class::Failed,
        }
    }
}
