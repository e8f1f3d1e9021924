//! Where bytes come from: files, URLs, Git, GitHub, GitLab, a running Backstage, the built-in demo.
//!
//! A [`Host`] finds descriptors ([`Host::discover`]) and reads what a descriptor points to ([`Host::search`]) without
//! leaving the descriptor's root. A [`RepositoryHost`](repositories::RepositoryHost) holds many repositories, of which
//! only what changed is asked for. Neither parses or keeps anything. [`Connection`] is what a sync holds of one source.

mod address;
pub mod auth;
pub mod azure;
pub mod backstage;
mod bitbucket_cloud;
mod bitbucket_server;
pub mod budget;
mod connection;
pub mod demo;
pub mod elsewhere;
mod error;
pub mod facts;
mod file;
pub mod gerrit;
pub mod git;
pub mod gitea;
pub mod github;
pub mod gitlab;
mod glob;
mod history;
pub mod http;
mod lines;
mod links;
mod names;
pub mod people;
pub mod repositories;
mod rest;
mod revision;
pub mod scm;
pub mod tree;
mod web;
mod work_tree;

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use sha1::{Digest, Sha1};

use crate::config::{Config, HostKind};

pub use address::Address;
pub use connection::{Connection, Context};
pub use error::{HostError, span};
pub use file::{Folder, LocalFiles, local_files, local_folders, origin_of, work_tree_of};
pub use history::{Split, last_changes};
pub use lines::Lines;
pub use names::Name;
pub use rest::Call;
pub use web::Tip;
pub use work_tree::WorkTree;

/// The largest file that is read, in bytes.
pub const MAX_FILE: u64 = 64 << 20;

/// Where the `host` of `kind` has its API, without a slash at its end.
pub fn api(kind: HostKind, host: &str, config: &Config) -> String {
    let at = rest::addresses(kind, host, config);
    at.api.trim_end_matches('/').to_owned()
}

/// Where the `host` of `kind` has its web pages, and where those of files, which differ at a Gerrit alone.
pub fn pages(kind: HostKind, host: &str, config: &Config) -> (String, String) {
    let at = rest::addresses(kind, host, config);
    match kind {
        HostKind::Gerrit => (at.api, at.web),
        _ => (at.web.clone(), at.web),
    }
}

/// Whether the name of a file says that it holds descriptors.
fn is_descriptor(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    matches!(name, "catalog-info.yaml" | "catalog-info.yml")
}

/// Whether the name of a file says that it is YAML.
fn is_yaml(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|end| end.eq_ignore_ascii_case("yaml") || end.eq_ignore_ascii_case("yml"))
}

/// One file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Where it stands.
    pub address: Address,
    /// Its content.
    pub bytes: Arc<[u8]>,
    /// The Git object id of the content, where known.
    pub blob: Option<String>,
    /// The commit it was read at, where known.
    pub commit: Option<String>,
}

/// A place where descriptors were found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file, or the glob that was configured.
    pub address: Address,
    /// Whether somebody said that descriptors stand there, by naming it or by calling it `catalog-info.yaml`; otherwise
    /// it merely lay in a folder that was walked.
    pub named: bool,
    /// What has to be brought first, for hosts that give texts by the number; [`Connection::search`] serves the others.
    pub wanted: Option<Wanted>,
}

/// A text that was asked for, or why it cannot be had.
pub type Text = Result<Arc<[u8]>, HostError>;

/// A text that a host gives by its Git object id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// The Git object id of the content.
    pub blob: String,
    /// The commit at which it was seen.
    pub commit: Option<String>,
    /// The host's own id of the repository.
    pub repository: String,
    /// The repository's name with its owner's.
    pub name: String,
    /// The path in the repository, without a slash in front.
    pub path: String,
}

/// One source of descriptors that are few, or near.
pub trait Host: Send + Sync {
    /// The descriptors there are, in a stable order. An error means that nothing is known about any of them: what was
    /// kept stays.
    fn discover(&self) -> impl Future<Output = Result<Vec<Found>, HostError>> + Send;

    /// What `target`, written in the file at `base`, points to.
    fn resolve(&self, base: &Address, target: &str) -> Result<Address, HostError> {
        base.resolve(target, None)
    }

    /// The files at the resolved address `at`, which the file at `base` points to, sorted by name; with `globs`, `at` may
    /// match many. `None` where `at` is not this host's: the web serves it.
    fn search(
        &self,
        base: &Address,
        at: &Address,
        globs: bool,
    ) -> impl Future<Output = Option<Result<Vec<File>, HostError>>> + Send;
}

/// The id that Git gives to `content`.
fn object_id(content: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", content.len()));
    hash.update(content);
    format!("{:x}", hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_ids_are_those_of_git() {
        assert_eq!(object_id(b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(
            object_id(b"hello\n"),
            "ce013625030ba8dba906f756967f9e9ca394464a"
        );
    }
}
