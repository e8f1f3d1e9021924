//! What a run needs of the world beyond its workspace. Whoever runs templates implements [`Outside`].

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde_json::{Map, Value as Json};

use crate::catalog::{Entity, EntityRef};

use super::memory::Revision;

/// Files with paths relative to a root, `/` between names, in any order.
pub type Files = Vec<File>;

/// One entry of a fetched tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path, relative to the tree's root; `/` between names, never `..`, never absolute.
    pub path: String,
    /// What it is.
    pub content: Content,
}

/// What stands at a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// A file.
    File {
        /// Its bytes.
        bytes: Vec<u8>,
        /// The mode's permission bits: `0o644`, `0o755`.
        mode: u32,
    },
    /// A folder; only empty ones need to be named.
    Folder,
    /// A symbolic link and its target, as written.
    Link(String),
}

/// A call to a host's API. The implementation adds the token that is configured for the host.
#[derive(Clone, PartialEq)]
pub struct Request {
    /// `GET`, `POST`, `PUT`, `PATCH`, `DELETE`.
    pub method: &'static str,
    /// The host as in integrations: `github.com`.
    pub host: String,
    /// The path below the host's API root, with a leading `/`: `/orgs/acme/repos`.
    pub path: String,
    /// The body; `null` for none.
    pub body: Json,
    /// A token of the step's own, in place of the one that is configured.
    pub token: Option<String>,
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} at {}", self.method, self.path, self.host)
    }
}

/// What a host answered.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The body, if it is JSON; `null` otherwise.
    pub body: Json,
}

/// A request to the API of a running Backstage. The implementation adds the token.
#[derive(Clone, PartialEq)]
pub struct InstanceCall {
    /// `GET`, `HEAD`, `OPTIONS`, `POST`, `PUT`, `PATCH`, `DELETE`.
    pub method: String,
    /// The path below the API's root: `catalog/entities`.
    pub path: String,
    /// Headers, by name; one for authorization takes the token's place.
    pub headers: Vec<(String, String)>,
    /// The query.
    pub params: Vec<(String, String)>,
    /// The body, as it is sent.
    pub body: Option<String>,
    /// How long it may take.
    pub timeout: Duration,
}

/// What a running Backstage answered.
#[derive(Debug, Clone, PartialEq)]
pub struct InstanceAnswer {
    /// The status.
    pub status: u16,
    /// The headers, by their names in lower case.
    pub headers: Map<String, Json>,
    /// The body.
    pub body: String,
}

/// A call of an action that is a program of the user's own.
pub struct ProgramCall<'a> {
    /// The action's id.
    pub action: &'a str,
    /// Its input.
    pub input: &'a Map<String, Json>,
    /// The run's workspace, in which it works.
    pub workspace: &'a Path,
    /// Whether the user wants to stop.
    pub stop: &'a dyn Fn() -> bool,
    /// Takes a line of what it says.
    pub log: &'a mut dyn FnMut(&str),
}

/// A token and the name it is used under with Git over HTTPS.
#[derive(Clone)]
pub struct GitLogin {
    /// The user name to send: `x-access-token` for GitHub.
    pub username: String,
    /// The token.
    pub token: String,
    /// The file with the certificates of the authorities that may vouch for the host, in place of the system's.
    pub ca_bundle: Option<PathBuf>,
}

impl std::fmt::Debug for GitLogin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GitLogin").finish_non_exhaustive()
    }
}

/// Who we are at a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Access {
    /// It was not found out.
    Unknown,
    /// Nobody: there is no token, or the host does not take it.
    Nobody {
        /// Why, and what to do.
        why: String,
    },
    /// Somebody, by a token.
    Somebody {
        /// What the token may do, where the host tells that.
        scopes: Option<Vec<String>>,
    },
}

/// Why the world did not answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OutsideError {
    /// There is nothing at this place.
    #[error("nothing found at {0}")]
    NotFound(String),
    /// The place lies outside of what a template may read.
    #[error("{0} lies outside of the template's source and is not read")]
    Refused(String),
    /// Not signed in or not allowed.
    #[error(
        "{host}: not allowed; sign in with `stagedoor login {host}` or set its token in the config"
    )]
    NotAllowed {
        /// The host.
        host: String,
    },
    /// This program cannot do it here.
    #[error("{0}")]
    Unsupported(String),
    /// Anything else; the message names the place and the reason.
    #[error("{0}")]
    Failed(String),
}

/// The world outside of a run. Blocking; called from a worker thread.
pub trait Outside: Send + Sync {
    /// The tree at `url`, absolute or relative to the template at `location` (`file:…` or `url:…`).
    fn tree(&self, location: &str, url: &str) -> Result<Files, OutsideError>;

    /// The file at `url`, absolute or relative to the template at `location`.
    fn file(&self, location: &str, url: &str) -> Result<Vec<u8>, OutsideError>;

    /// The commit at which `url`, or without one the template at `location` itself, stands now.
    fn revision(&self, location: &str, url: Option<&str>) -> Result<Revision, OutsideError> {
        let place = url.unwrap_or(location);
        Err(OutsideError::Unsupported(format!(
            "{place} is in no repository whose commits can be told"
        )))
    }

    /// An entity of the catalog.
    fn entity(&self, entity_ref: &EntityRef) -> Option<Entity>;

    /// A call to a host's API, with that host's token.
    fn http(&self, request: &Request) -> Result<Response, OutsideError>;

    /// How Git signs in to `host` over HTTPS; `None` leaves it to Git's own helpers.
    fn git_login(&self, host: &str) -> Option<GitLogin>;

    /// What kind of host this is, if it is configured: `github`, `gitlab`, `gitea`, `bitbucketCloud`…
    fn host_type(&self, host: &str) -> Option<String>;

    /// Whether the user has a program for the action `id`.
    fn has_program(&self, id: &str) -> bool {
        let _ = id;
        false
    }

    /// Runs the user's program for an action, which gives its outputs.
    fn program(&self, call: &mut ProgramCall<'_>) -> Result<Map<String, Json>, OutsideError> {
        let action = call.action;
        Err(OutsideError::Unsupported(format!(
            "there is no program for {action}"
        )))
    }

    /// Makes a request to the running Backstage that is configured.
    fn instance(&self, call: &InstanceCall) -> Result<InstanceAnswer, OutsideError> {
        let path = &call.path;
        Err(OutsideError::Unsupported(format!(
            "no running Backstage is configured to ask for {path}; name one under stagedoor.backstage"
        )))
    }

    /// Whether there is a running Backstage to make requests to.
    fn has_instance(&self) -> bool {
        false
    }

    /// Who we are at `host`. That may ask the host.
    fn access(&self, host: &str) -> Access {
        let _ = host;
        Access::Unknown
    }

    /// The root of the API of `host`, without a slash at its end.
    fn api(&self, host: &str) -> String {
        format!("https://{host}")
    }

    /// Where `host` has its web pages, and where those of files; without slashes at the ends. They differ at a Gerrit alone.
    fn pages(&self, host: &str) -> (String, String) {
        let base = format!("https://{host}");
        (base.clone(), base)
    }
}
