//! What can go wrong with what is kept.

use std::path::PathBuf;

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
        source: std::io::Error,
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
        found: i64,
        /// The latest format known here.
        known: i64,
    },
    /// Another process has been writing for too long.
    #[error("{} is in use by another stagedoor; try again when it is done", path.display())]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// SQLite refuses for another reason.
    #[error("{}: {source}", path.display())]
    Record {
        /// The file.
        path: PathBuf,
        /// Why.
        source: rusqlite::Error,
    },
    /// The snapshot cannot be laid out.
    #[error(transparent)]
    Index(#[from] IndexError),
}
