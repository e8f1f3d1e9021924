//! The world of a dry run: an action is carried out in it as in a real run, what would change anything is written down
//! instead, and the host's answer made up. What the action itself gives and says is of no account.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value as Json, json};

use crate::catalog::{Entity, EntityRef};
use crate::scaffolder::outside::{
    Access, Files, GitLogin, InstanceAnswer, InstanceCall, Outside, OutsideError, ProgramCall,
    Request, Response,
};
use crate::scaffolder::plan::{Call, Change};

/// The id that everything has that was never made.
const ID: u64 = 1;
/// A key that secrets can be sealed with and that nobody has.
const KEY: &str = "CQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

/// A world in which nothing happens. Hosts that know us are read for real.
pub(crate) struct Foreseer<'a> {
    real: &'a dyn Outside,
    /// The id of the step.
    step: &'a str,
    found: Mutex<Found>,
    /// Whether hosts are read for real.
    reads: Mutex<HashMap<String, bool>>,
}

/// What was seen to come.
#[derive(Default)]
pub(crate) struct Found {
    /// The calls, in their order.
    pub(crate) calls: Vec<Call>,
    /// What becomes of files.
    pub(crate) changes: Vec<Change>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Foreseer<'a> {
    /// The world of the step called `step`.
    pub(crate) fn new(real: &'a dyn Outside, step: &'a str) -> Self {
        Self {
            real,
            step,
            found: Mutex::default(),
            reads: Mutex::default(),
        }
    }

    /// What was seen to come.
    pub(crate) fn into_found(self) -> Found {
        self.found
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether what `host` is asked is asked for real: it knows us, and answered so far.
    pub(super) fn reads(&self, host: &str) -> bool {
        *lock(&self.reads)
            .entry(host.to_owned())
            .or_insert_with(|| matches!(self.real.access(host), Access::Somebody { .. }))
    }

    fn call(&self, host: &str, method: &str, url: String) {
        lock(&self.found).calls.push(Call {
            step: self.step.to_owned(),
            host: host.to_owned(),
            method: method.to_owned(),
            url,
            workflows: false,
        });
    }

    /// Writes down that the program for the action `id` would run.
    pub(crate) fn program_call(&self, id: &str) {
        self.call("", "RUN", id.to_owned());
    }

    /// Writes down a push of `branch` to `remote`; `workflows` if it brings some.
    pub(super) fn push(&self, host: &str, remote: &str, branch: &str, workflows: bool) {
        self.call(host, "PUSH", format!("{remote}#{branch}"));
        if let Some(call) = lock(&self.found).calls.last_mut() {
            call.workflows = workflows;
        }
    }

    /// Writes down what becomes of a file.
    pub(super) fn change(&self, path: &str, old: Option<&[u8]>, new: Option<&[u8]>) {
        let change = Change::between(self.step, path, old, new);
        lock(&self.found).changes.extend(change);
    }
}

impl Foreseer<'_> {
    /// The group or person that was asked for last, with a slash behind: a GitLab's projects are made by its number.
    fn namespace(&self) -> String {
        let found = lock(&self.found);
        let mut calls = found.calls.iter().rev();
        let owner = calls.find_map(|call| Some(call.url.split_once("/namespaces/")?.1));
        owner.map_or_else(String::new, |owner| owner.replace("%2F", "/") + "/")
    }

    /// What the host would answer if all went well: something with the fields that actions read.
    fn made_up(&self, request: &Request) -> Response {
        let path = request.path.split('?').next().unwrap_or_default();
        let query = request.path.split_once('?').map_or("", |(_, query)| query);
        let name = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
        let status = match request.method {
            "GET" => 200,
            "DELETE" => 204,
            _ => 201,
        };
        // A list of those who are called so: the one that is looked for.
        if query.contains("username=") {
            return Response {
                status,
                body: json!([{ "id": ID }]),
            };
        }
        let wanted = |key: &str| request.body.get(key).and_then(Json::as_str);
        let made = wanted("name").or_else(|| wanted("path"));
        let repository = match made {
            Some(made) if request.method != "GET" => repository(path, made, &self.namespace()),
            _ => path
                .trim_start_matches("/repos/")
                .trim_start_matches("/projects/")
                .trim_start_matches("/repositories/")
                .trim_start_matches('/')
                .replace("%2F", "/"),
        };
        let page = format!("https://{}/{repository}", request.host);
        let branch = wanted("defaultBranch").or_else(|| wanted("default_branch"));
        let mut body = json!({
            "id": ID, "iid": ID, "number": ID, "name": name(&repository), "slug": name(&repository),
            "type": "Organization", "login": name(path), "username": name(path),
            "html_url": page, "web_url": page, "webUrl": page, "url": page,
            "clone_url": format!("{page}.git"), "http_url_to_repo": format!("{page}.git"), "remoteUrl": page,
            "default_branch": branch.unwrap_or("main"), "displayId": "main", "mainbranch": { "name": "main" },
            "links": {
                "html": { "href": page }, "self": [{ "href": page }],
                "clone": [{ "name": "https", "href": format!("{page}.git") }, { "name": "http", "href": format!("{page}.git") }],
            },
            "key": KEY, "key_id": "1", "token": "none", "sha": "0".repeat(40),
        });
        if self.real.host_type(&request.host).as_deref() == Some("azure") {
            body["id"] = ID.to_string().into();
        }
        Response { status, body }
    }
}

impl Outside for Foreseer<'_> {
    fn tree(&self, location: &str, url: &str) -> Result<Files, OutsideError> {
        self.real.tree(location, url)
    }

    fn file(&self, location: &str, url: &str) -> Result<Vec<u8>, OutsideError> {
        self.real.file(location, url)
    }

    fn entity(&self, entity_ref: &EntityRef) -> Option<Entity> {
        self.real.entity(entity_ref)
    }

    fn http(&self, request: &Request) -> Result<Response, OutsideError> {
        let host = &request.host;
        let root = self.real.api(host);
        self.call(host, request.method, format!("{root}{}", request.path));
        if request.method == "GET" && self.reads(host) {
            match self.real.http(request) {
                Ok(response) if response.status < 500 => return Ok(response),
                Err(error @ OutsideError::NotFound(_)) => return Err(error),
                _ => {
                    lock(&self.reads).insert(host.clone(), false);
                }
            }
        }
        Ok(self.made_up(request))
    }

    fn git_login(&self, _host: &str) -> Option<GitLogin> {
        None
    }

    fn host_type(&self, host: &str) -> Option<String> {
        self.real.host_type(host)
    }

    fn has_program(&self, id: &str) -> bool {
        self.real.has_program(id)
    }

    fn program(&self, call: &mut ProgramCall<'_>) -> Result<Map<String, Json>, OutsideError> {
        self.program_call(call.action);
        Ok(Map::new())
    }

    fn instance(&self, call: &InstanceCall) -> Result<InstanceAnswer, OutsideError> {
        self.call("", &call.method, format!("backstage:{}", call.path));
        Ok(InstanceAnswer {
            status: 200,
            headers: Map::new(),
            body: String::new(),
        })
    }

    fn access(&self, host: &str) -> Access {
        self.real.access(host)
    }

    fn api(&self, host: &str) -> String {
        self.real.api(host)
    }

    fn pages(&self, host: &str) -> (String, String) {
        self.real.pages(host)
    }
}

/// The path of the repository called `name` that is made by a call to `path`; `namespace` is that of a GitLab.
fn repository(path: &str, name: &str, namespace: &str) -> String {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["orgs", owner, "repos"] => format!("{owner}/{name}"),
        ["projects", project, "repos"] => format!("scm/{project}/{name}"),
        ["repositories", workspace, repo] => format!("{workspace}/{repo}"),
        [organization, project, "_apis", ..] => format!("{organization}/{project}/_git/{name}"),
        _ => format!("{namespace}{name}"),
    }
}
