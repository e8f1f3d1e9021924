//! What a run of a template reaches of the world: trees and files of hosts, entities of the store.

mod program;

use std::sync::Arc;

use serde_json::{Map, Value};

use crate::catalog::{Entity, EntityRef};
use crate::config::{HostKind, Source};
use crate::host::backstage::ApiRequest;
use crate::host::tree::{self, TreeNode};
use crate::host::{Address, Call, Connection, HostError};
use crate::scaffolder::memory::Revision;
use crate::scaffolder::outside::{
    Access, Content, File, Files, GitLogin, InstanceAnswer, InstanceCall, Outside, OutsideError,
    ProgramCall, Request, Response,
};
use crate::store::Store;

use super::signin;
use super::{Class, Manner, Session};

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

impl Hosts {
    /// Waits for `work`, which asks hosts. A run is synchronous and may have a runtime around it or none.
    fn ask<T>(
        &self,
        work: impl AsyncFnOnce(&Connection) -> Result<T, HostError>,
    ) -> Result<T, OutsideError> {
        let failed = |error: String| OutsideError::Failed(error);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| failed(error.to_string()))?;
        runtime.block_on(async {
            let connection = self
                .session
                .connect(&Source::Demo, Manner::Usual)
                .await
                .map_err(|error| failed(error.to_string()))?;
            work(&connection).await.map_err(said)
        })
    }
}

impl Outside for Hosts {
    fn tree(&self, location: &str, url: &str) -> Result<Files, OutsideError> {
        let base = base(location)?;
        let entries = match tree::remote(&base, url).map_err(said)? {
            Some(at) => self.ask(async |connection| connection.tree(&at).await)?,
            None => tree::tree(&base, url).map_err(said)?,
        };
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
        let base = base(location)?;
        match tree::remote(&base, url).map_err(said)? {
            Some(at) => {
                let file = self.ask(async |connection| connection.file(&at).await)?;
                Ok(file.bytes.to_vec())
            }
            None => tree::file(&base, url).map_err(said),
        }
    }

    fn revision(&self, location: &str, url: Option<&str>) -> Result<Revision, OutsideError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| OutsideError::Failed(error.to_string()))?;
        let revision = super::revision::of(&self.session, location, url);
        runtime.block_on(revision).map_err(said)
    }

    fn entity(&self, entity_ref: &EntityRef) -> Option<Entity> {
        let stored = self.store.entity(entity_ref).ok().flatten()?;
        Some(stored.entity)
    }

    fn http(&self, request: &Request) -> Result<Response, OutsideError> {
        let kind = self.kind(&request.host).ok_or_else(|| {
            let host = &request.host;
            OutsideError::Unsupported(format!("{host} is no host that is configured"))
        })?;
        let call = Call {
            kind,
            host: &request.host,
            method: request.method,
            path: &request.path,
            body: &request.body,
            token: request.token.as_deref(),
        };
        let (status, body) = self.ask(async |connection| connection.call(&call).await)?;
        Ok(Response { status, body })
    }

    fn git_login(&self, host: &str) -> Option<GitLogin> {
        let login = self.ask(async |connection| Ok(connection.git_login(host).await));
        let (username, token) = login.ok().flatten()?;
        let settings = self.session.config.host(host);
        Some(GitLogin {
            username,
            token: token.expose().to_owned(),
            ca_bundle: settings.and_then(|settings| settings.ca_bundle.clone()),
        })
    }

    fn host_type(&self, host: &str) -> Option<String> {
        self.kind(host).map(|kind| kind.key().to_owned())
    }

    fn has_program(&self, id: &str) -> bool {
        self.session.config.actions.contains_key(id)
    }

    fn program(&self, call: &mut ProgramCall<'_>) -> Result<Map<String, Value>, OutsideError> {
        match self.session.config.actions.get(call.action) {
            Some(words) => program::run(words, call, &self.session.env),
            None => Err(OutsideError::NotFound(call.action.to_owned())),
        }
    }

    fn instance(&self, call: &InstanceCall) -> Result<InstanceAnswer, OutsideError> {
        let request = ApiRequest {
            method: call.method.clone(),
            path: call.path.clone(),
            headers: call.headers.clone(),
            params: call.params.clone(),
            body: call.body.clone(),
        };
        let source = self.backstage().ok_or_else(|| {
            let why = "no running Backstage is configured; name one under stagedoor.backstage";
            OutsideError::Unsupported(why.to_owned())
        })?;
        let late = || {
            let seconds = call.timeout.as_secs_f64();
            let why = format!("Request was aborted as it took longer than {seconds} seconds");
            OutsideError::Failed(why)
        };
        let answer = super::runs::with_connection(&self.session, &source, async |connection| {
            let host = connection.backstage()?;
            Some(tokio::time::timeout(call.timeout, host.request(&request)).await)
        });
        let answer = answer.map_err(OutsideError::Failed)?;
        let answer = answer
            .ok_or_else(late)?
            .map_err(|_| late())?
            .map_err(said)?;
        Ok(InstanceAnswer {
            status: answer.status,
            headers: answer.headers,
            body: answer.body,
        })
    }

    fn has_instance(&self) -> bool {
        self.backstage().is_some()
    }

    fn access(&self, host: &str) -> Access {
        let Some(kind) = self.kind(host) else {
            return Access::Unknown;
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let Ok(runtime) = runtime else {
            return Access::Unknown;
        };
        let look = signin::look_at(&self.session, host.to_owned(), Some(kind));
        let check = runtime.block_on(look);
        if check.origin.is_none() {
            return Access::Nobody {
                why: format!("not signed in; run `stagedoor login {host}`"),
            };
        }
        match check.account {
            Some(Ok(account)) => Access::Somebody {
                scopes: account.scopes,
            },
            Some(Err(error)) if error.class() == Class::NotSignedIn => Access::Nobody {
                why: error.to_string(),
            },
            _ => Access::Unknown,
        }
    }

    fn api(&self, host: &str) -> String {
        let kind = self.kind(host).unwrap_or(HostKind::Git);
        crate::host::api(kind, host, &self.session.config)
    }

    fn pages(&self, host: &str) -> (String, String) {
        let kind = self.kind(host).unwrap_or(HostKind::Git);
        crate::host::pages(kind, host, &self.session.config)
    }
}

impl Hosts {
    /// The running Backstage that is a source, else the first that the configuration names.
    fn backstage(&self) -> Option<Source> {
        let mut named = self.session.set.sources.iter();
        let named = named.find(|source| matches!(source, Source::Backstage(_)));
        let configured = self.session.config.backstage.first();
        let configured = || Some(Source::Backstage(configured?.instance.clone()));
        named.cloned().or_else(configured)
    }

    /// What `host` is: as a source or the configuration says, else one that Backstage knows without
    /// (`@backstage/integration`, its default integrations).
    fn kind(&self, host: &str) -> Option<HostKind> {
        let named = self.session.set.sources.iter().find_map(|source| {
            let (known, kind) = source.known_host()?;
            (known == host).then_some(kind)
        });
        let mut configured = self.session.config.integrations.iter();
        named
            .or_else(|| Some(configured.find(|it| it.host == host)?.kind))
            .or_else(|| {
                HostKind::ALL
                    .into_iter()
                    .find(|kind| kind.cloud() == Some(host))
            })
    }
}

fn base(location: &str) -> Result<Address, OutsideError> {
    Address::parse(location)
        .ok_or_else(|| OutsideError::Failed(format!("{location:?} is no location of a template")))
}

pub(super) fn said(error: HostError) -> OutsideError {
    match error {
        HostError::NotFound { place } => OutsideError::NotFound(place),
        HostError::Refused { place, .. } => OutsideError::Refused(place),
        HostError::NotSignedIn { host, .. } => OutsideError::NotAllowed { host },
        error => OutsideError::Failed(error.to_string()),
    }
}
