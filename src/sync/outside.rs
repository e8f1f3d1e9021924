//! What a run of a template reaches of the world: trees and files of hosts, entities of the store.

use std::sync::Arc;

use crate::catalog::{Entity, EntityRef};
use crate::config::IntegrationKind;
use crate::host::tree::{self, TreeNode};
use crate::host::{Address, HostError};
use crate::scaffolder::outside::{
    Content, File, Files, GitLogin, Outside, OutsideError, Request, Response,
};
use crate::store::Store;

use super::Session;

/// The world as the hosts and the store of one session give it.
#[derive(Debug)]
pub struct Hosts {
    session: Arc<Session>,
    store: Arc<Store>,
}

impl Hosts {
    /// The world of `session`, whose catalog is kept in `store`.
    pub fn new(session: Arc<Session>, store: Arc<Store>) -> Self {
        Self { session, store }
    }
}

impl Outside for Hosts {
    fn tree(&self, location: &str, url: &str) -> Result<Files, OutsideError> {
        let entries = tree::tree(&base(location)?, url).map_err(said)?;
        let file = |entry: tree::TreeEntry| File {
            path: entry.path,
            content: match entry.node {
                TreeNode::File { bytes, mode } => Content::File { bytes, mode },
                TreeNode::Folder => Content::Folder,
                TreeNode::Link(target) => Content::Link(target),
            },
        };
        Ok(entries.into_iter().map(file).collect())
    }

    fn file(&self, location: &str, url: &str) -> Result<Vec<u8>, OutsideError> {
        tree::file(&base(location)?, url).map_err(said)
    }

    fn entity(&self, entity_ref: &EntityRef) -> Option<Entity> {
        let stored = self.store.entity(entity_ref).ok().flatten()?;
        Some(stored.entity)
    }

    fn http(&self, request: &Request) -> Result<Response, OutsideError> {
        Err(OutsideError::Unsupported(format!(
            "{}: cannot be called yet",
            request.host
        )))
    }

    fn git_login(&self, host: &str) -> Option<GitLogin> {
        let _ = host;
        None
    }

    fn host_type(&self, host: &str) -> Option<String> {
        let configured = self.session.config.integrations.iter();
        let kind = configured
            .filter(|integration| integration.host == host)
            .map(|integration| match integration.kind {
                IntegrationKind::Github => "github",
                IntegrationKind::Gitlab => "gitlab",
                IntegrationKind::Gitea => "gitea",
            })
            .next();
        kind.or_else(|| known_host(host)).map(str::to_owned)
    }
}

/// The hosts that Backstage knows without configuration (`@backstage/integration`, its default integrations).
fn known_host(host: &str) -> Option<&'static str> {
    match host {
        "github.com" => Some("github"),
        "gitlab.com" => Some("gitlab"),
        "bitbucket.org" => Some("bitbucketCloud"),
        "dev.azure.com" => Some("azure"),
        _ => None,
    }
}

fn base(location: &str) -> Result<Address, OutsideError> {
    Address::parse(location)
        .ok_or_else(|| OutsideError::Failed(format!("{location:?} is no location of a template")))
}

fn said(error: HostError) -> OutsideError {
    match error {
        HostError::NotFound { place } => OutsideError::NotFound(place),
        HostError::Refused { place, .. } => OutsideError::Refused(place),
        HostError::NotSignedIn { host, .. } => OutsideError::NotAllowed { host },
        error => OutsideError::Failed(error.to_string()),
    }
}
