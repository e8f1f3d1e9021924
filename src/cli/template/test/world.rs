//! The world of a test: the files beside the template, the entities that the values name, and no host.

use serde_json::{Map, Value};

use crate::catalog::{Entity, EntityRef};
use crate::cli::new::World;
use crate::config::{Config, HostKind};
use crate::scaffolder::outside::{
    Files, GitLogin, Outside, OutsideError, ProgramCall, Request, Response,
};

/// A world without hosts. What kind a host is is known all the same: outputs are made up by it.
pub(super) struct Closed<'a> {
    world: World,
    config: &'a Config,
}

impl<'a> Closed<'a> {
    pub(super) fn new(world: World, config: &'a Config) -> Self {
        Self { world, config }
    }
}

fn closed<T>(what: &str) -> Result<T, OutsideError> {
    Err(OutsideError::Unsupported(format!(
        "{what}: a test asks no host; give what it would say under mocks or catalog in its values"
    )))
}

fn is_elsewhere(url: &str) -> bool {
    url.contains("://")
}

impl Outside for Closed<'_> {
    fn tree(&self, location: &str, url: &str) -> Result<Files, OutsideError> {
        match self.world.tree(location, url) {
            Err(_) if is_elsewhere(url) => closed(url),
            files => files,
        }
    }

    fn file(&self, location: &str, url: &str) -> Result<Vec<u8>, OutsideError> {
        match self.world.file(location, url) {
            Err(_) if is_elsewhere(url) => closed(url),
            file => file,
        }
    }

    fn entity(&self, entity_ref: &EntityRef) -> Option<Entity> {
        self.world.named(entity_ref)
    }

    fn http(&self, request: &Request) -> Result<Response, OutsideError> {
        closed(&request.host)
    }

    fn git_login(&self, _host: &str) -> Option<GitLogin> {
        None
    }

    fn host_type(&self, host: &str) -> Option<String> {
        let mut configured = self.config.integrations.iter();
        let configured = configured.find(|it| it.host == host).map(|it| it.kind);
        let mut clouds = HostKind::ALL.into_iter();
        let kind = configured.or_else(|| clouds.find(|kind| kind.cloud() == Some(host)));
        // The same test gives the same on every machine: a host that is configured nowhere counts as a GitHub.
        Some(kind.unwrap_or(HostKind::Github).key().to_owned())
    }

    fn program(&self, call: &mut ProgramCall<'_>) -> Result<Map<String, Value>, OutsideError> {
        closed(call.action)
    }
}
