//! The world of a run as it was: what is read of repositories whose commit is known is read at that commit.

use serde_json::{Map, Value};

use crate::catalog::{Entity, EntityRef};
use crate::host::scm::ScmUrl;
use crate::scaffolder::memory::Revision;
use crate::scaffolder::outside::{
    Files, GitLogin, Outside, OutsideError, ProgramCall, Request, Response,
};
use crate::sync::outside::Hosts;

/// The hosts, with some repositories as they were.
pub(super) struct Pinned {
    hosts: Hosts,
    pins: Vec<Revision>,
}

impl Pinned {
    pub(super) fn new(hosts: Hosts, pins: &[Revision]) -> Self {
        let pins = pins.to_vec();
        Self { hosts, pins }
    }

    /// `url`, at the commit that is known of what it names.
    fn at(&self, url: &str) -> String {
        let pinned = || {
            let scm = ScmUrl::parse(url)?;
            let repository = scm.repository_url();
            let mut pins = self.pins.iter();
            let pin =
                pins.find(|pin| pin.repository == repository && pin.reference == scm.reference)?;
            let reference = pin.commit.clone();
            Some(ScmUrl { reference, ..scm }.to_string())
        };
        pinned().unwrap_or_else(|| url.to_owned())
    }
}

impl Outside for Pinned {
    fn tree(&self, location: &str, url: &str) -> Result<Files, OutsideError> {
        self.hosts.tree(location, &self.at(url))
    }

    fn file(&self, location: &str, url: &str) -> Result<Vec<u8>, OutsideError> {
        self.hosts.file(location, &self.at(url))
    }

    fn revision(&self, location: &str, url: Option<&str>) -> Result<Revision, OutsideError> {
        self.hosts.revision(location, url)
    }

    fn entity(&self, entity_ref: &EntityRef) -> Option<Entity> {
        self.hosts.entity(entity_ref)
    }

    /// A revision is rendered without asking a host to do anything.
    fn http(&self, request: &Request) -> Result<Response, OutsideError> {
        let host = &request.host;
        Err(OutsideError::Unsupported(format!(
            "{host} is asked nothing while a template is rendered"
        )))
    }

    fn git_login(&self, _host: &str) -> Option<GitLogin> {
        None
    }

    fn host_type(&self, host: &str) -> Option<String> {
        self.hosts.host_type(host)
    }

    fn program(&self, call: &mut ProgramCall<'_>) -> Result<Map<String, Value>, OutsideError> {
        let action = call.action;
        Err(OutsideError::Unsupported(format!(
            "{action} is not run while a template is rendered"
        )))
    }

    fn pages(&self, host: &str) -> (String, String) {
        self.hosts.pages(host)
    }
}
