//! One source of a catalog: a folder, a file, a glob, a URL, a Git repository, an organisation on a host, the demo.

use std::fmt;
use std::path::{Path, PathBuf};

use url::Url;

use super::GithubProvider;

/// Where descriptors are looked for. `Display` writes it as its user would name it on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The company that is built into the program.
    Demo,
    /// All YAML files below a folder.
    Folder(PathBuf),
    /// One file.
    File(PathBuf),
    /// The files that a glob matches.
    Glob(PathBuf),
    /// One file behind a URL; a Git host's page of a file is read as that file.
    Url(Url),
    /// A Git repository.
    Git(GitSource),
    /// An organisation or user on a GitHub.
    Github(GithubProvider),
}

/// A Git repository, or a path in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitSource {
    /// What `git clone` takes.
    pub remote: String,
    /// The branch or tag; the default branch where there is none.
    pub reference: Option<String>,
    /// A folder, file or glob in it, without a slash in front.
    pub path: Option<String>,
}

/// Why a text names no source.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("source {text:?}: {reason}")]
pub struct SourceError {
    /// The source as written.
    pub text: String,
    /// What is wrong and what to write.
    pub reason: String,
}

impl Source {
    /// Reads what stands behind `--source`; paths are relative to `base`.
    pub fn parse(text: &str, base: &Path) -> Result<Self, SourceError> {
        let _ = base;
        Err(SourceError {
            text: text.to_owned(),
            reason: "is not known".to_owned(),
        })
    }

    /// Whether it can be read without a network.
    pub fn is_local(&self) -> bool {
        match self {
            Self::Demo | Self::Folder(_) | Self::File(_) | Self::Glob(_) => true,
            Self::Git(git) => git.remote.starts_with("file://"),
            Self::Url(_) | Self::Github(_) => false,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Demo => f.write_str("demo"),
            Self::Folder(path) | Self::File(path) | Self::Glob(path) => {
                write!(f, "{}", path.display())
            }
            Self::Url(url) => write!(f, "{url}"),
            Self::Git(git) => write!(f, "git+{}", git.remote),
            Self::Github(github) => write!(f, "github:{}", github.organization),
        }
    }
}
