//! Facts about one repository, asked of its host when somebody looks: one GraphQL query where the host has that, each panel
//! known or withheld by itself.
//!
//! What a kind of host answers is read in `github/facts.rs`, `gitlab/facts.rs`…; what they have in common stands here. What
//! a kind does not have is absent, what a token may not read is withheld.

mod at;
mod read;
mod version;

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::budget::backoff;
use super::rest::RestApi;
use super::{Connection, HostError};
use crate::catalog::facts::Facts;

pub use at::RepositoryAt;
pub(super) use read::{
    Errors, every, first_graphemes, first_line, is, items, link, listed, number, off, refused,
    spread, strings, text, time, together, told, without,
};
pub(super) use version::by_version;

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// `answer` about the repository `at` itself; that it is not there means that it is not shown.
pub(super) fn shown<T>(
    answer: Result<T, HostError>,
    api: &RestApi,
    at: &RepositoryAt,
) -> Result<T, HostError> {
    answer.map_err(|error| match error {
        HostError::NotFound { .. } => HostError::Failed {
            place: format!("{}/{}", api.web(), at.name),
            reason: "is not there, or your token may not see it".to_owned(),
        },
        error => error,
    })
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
        timeout(PATIENCE, Box::pin(asked))
            .await
            .unwrap_or_else(|_| Err(late()))
    }
}
