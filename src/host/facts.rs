//! Facts about one repository, asked of its host when somebody looks: one GraphQL query where the host has that, each panel
//! known or withheld by itself.
//!
//! What a kind of host answers is read in `github/facts.rs`, `gitlab/facts.rs`…; what they have in common stands here.

mod read;

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::budget::backoff;
use super::{Connection, HostError};
use crate::catalog::facts::Facts;
use crate::config::HostKind;

pub(super) use read::{
    Errors, first_graphemes, items, link, listed, number, spread, strings, text, time, without,
};

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// A repository at a host that the configuration, a source or the world knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RepositoryAt {
    /// What kind of host it is.
    pub kind: HostKind,
    /// The host, with a port where it has one.
    pub host: String,
    /// The repository's path there: `owner/name`, for some kinds with more parts.
    pub name: String,
}

impl RepositoryAt {
    /// The repository `name` at `host`; `None` where no repository can be called that.
    pub fn new(kind: HostKind, host: &str, name: &str) -> Option<Self> {
        let name = name.trim_matches('/');
        let name = name.strip_suffix(".git").unwrap_or(name);
        let is_part = |part: &str| {
            !matches!(part, "" | "." | "..")
                && part
                    .chars()
                    .all(|c| c.is_alphanumeric() || "-_.~+".contains(c))
        };
        let parts = name.split('/').count();
        let fits = match kind {
            HostKind::Gitlab => (2..=22).contains(&parts),
            _ => parts == 2,
        };
        (fits && name.len() <= 1_000 && name.split('/').all(is_part)).then(|| Self {
            kind,
            host: host.to_ascii_lowercase(),
            name: name.to_owned(),
        })
    }
}

/// `github.com/acme/shop`.
impl std::fmt::Display for RepositoryAt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.host, self.name)
    }
}

impl Connection {
    /// What its host tells of the repository `at`. An error means that nothing is known of it.
    pub async fn facts(&self, at: &RepositoryAt) -> Result<Facts, HostError> {
        let late = || HostError::Overloaded {
            place: at.to_string(),
            reason: "it did not answer in time".to_owned(),
        };
        let asked = async {
            match self.facts_once(at).await {
                // A gateway that is tired once is awake the next moment.
                Err(HostError::Overloaded { .. }) => {
                    sleep(backoff(1)).await;
                    self.facts_once(at).await
                }
                answer => answer,
            }
        };
        timeout(PATIENCE, asked)
            .await
            .unwrap_or_else(|_| Err(late()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_repositories_are_taken() {
        let name = |kind, text| RepositoryAt::new(kind, "H.dev", text).map(|at| at.to_string());
        for text in ["acme/shop", "acme/shop.git", "/acme/shop/"] {
            assert_eq!(
                name(HostKind::Github, text).as_deref(),
                Some("h.dev/acme/shop")
            );
        }
        assert_eq!(
            name(HostKind::Gitlab, "a/b/c").as_deref(),
            Some("h.dev/a/b/c")
        );
        for text in [
            "acme", "a/b/c", "../user", "a/..", "a/b?x=1", "a/b#c", "a/%2e", "", "a//b",
        ] {
            assert_eq!(name(HostKind::Github, text), None, "{text}");
        }
    }
}
