//! What can go wrong with what is kept.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::catalog::index::IndexError;

/// Why something could not be kept or read back.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A file or folder cannot be read or written.
    #[error("cannot use {}: {source}; check that the cache folder is writable and the disk not full", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file's content is not what was written.
    #[error("{} is damaged ({detail}); run `stagedoor sync --full` to build it anew", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// A later version of the program wrote the record.
    #[error("{} was written by a newer stagedoor (format {found}, this one knows {known}); update stagedoor or use another --cache-dir", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The format found.
        found: usize,
        /// The latest format known here.
        known: usize,
    },
    /// Another process has been writing for too long.
    #[error("{} is in use by another stagedoor; try again when it is done", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// The snapshot cannot be laid out.
    #[error(transparent)]
    Index(#[from] IndexError),
}

/// What goes wrong within a transaction, before it is known which file it was in.
#[derive(Debug)]
pub(super) enum Fault {
    /// SQLite refuses.
    Sql(rusqlite::Error),
    /// The record contradicts itself.
    Damaged(String),
    /// Anything that already knows its file.
    Store(StoreError),
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<IndexError> for Fault {
    fn from(error: IndexError) -> Self {
        Self::Store(error.into())
    }
}

impl Fault {
    /// Whether the disk, or the right to write to it, stands in the way; not what the record holds.
    pub(super) fn is_of_the_disk(&self) -> bool {
        let Self::Sql(error) = self else {
            return false;
        };
        matches!(
            error.sqlite_error_code(),
            Some(
                ErrorCode::CannotOpen
                    | ErrorCode::ReadOnly
                    | ErrorCode::DiskFull
                    | ErrorCode::PermissionDenied
                    | ErrorCode::SystemIoFailure,
            )
        )
    }

    /// The same, in the record at `path`.
    pub(super) fn at(self, path: &Path) -> StoreError {
        let path = path.to_owned();
        let is_of_the_disk = self.is_of_the_disk();
        let error = match self {
            Self::Store(error) => return error,
            Self::Damaged(detail) => return StoreError::Damaged { path, detail },
            Self::Sql(error) => error,
        };
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { path },
            _ if is_of_the_disk => StoreError::Io {
                path,
                source: io::Error::other(error),
            },
            // Whatever else our own SQL meets is a file that is not as we wrote it.
            _ => StoreError::Damaged {
                path,
                detail: error.to_string(),
            },
        }
    }
}
