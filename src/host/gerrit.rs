//! The projects of a Gerrit, by REST.
//!
//! The list of projects has the commit at the tip of a branch of each, so that one list tells what there is and what was
//! pushed. A project has no id besides its name. It is not listed while the server cannot read its storage, and so is
//! never gone before it was asked for by itself.

mod facts;
mod project;

use std::sync::Arc;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::{Map, Value};
use url::{Url, form_urlencoded};

use super::repositories::{
    Descriptor, Files, Listed, Page, Repository, RepositoryHost, Sizes, Standing, one_by_one,
};
use super::rest::{RestApi, addresses};
use super::scm::{ScmUrl, decode};
use super::{Context, HostError, Text, Wanted, object_id};
use crate::config::source::is_glob;
use crate::config::{Config, HostKind, Provider, Source};
pub(super) use facts::facts;
use project::Project;

/// The most projects of one page, as a server limits them unless it is told otherwise (`queryLimit`).
const PAGE: usize = 500;
/// How many texts are asked for in one batch, and how many things at once.
const BATCH: usize = 50;
const AT_ONCE: usize = 5;
/// Parameters of a list that decide its form, which is ours.
const FORM: [&str; 12] = [
    "n",
    "limit",
    "S",
    "start",
    "b",
    "branch",
    "d",
    "description",
    "t",
    "tree",
    "format",
    "has-acl-for",
];
/// What stands for the branch that a project begins with, and its usual names.
const HEAD: &str = "HEAD";
const USUAL: [&str; 2] = ["master", "main"];
/// What parts a project from a commit, tag or `HEAD` in an address of Gitiles, and from a branch.
pub(super) const PLUS: &str = "/+/";
pub(super) const HEADS: &str = "/+/refs/heads/";

/// The projects that a query finds.
#[derive(Debug)]
pub struct GerritHost {
    provider: Provider,
    api: Arc<RestApi>,
}

/// A project as it is listed.
#[derive(Deserialize)]
struct Info {
    state: Option<String>,
    #[serde(default)]
    branches: Map<String, Value>,
    #[serde(default, rename = "_more_projects")]
    more: bool,
}

/// The tip of a branch.
#[derive(Deserialize)]
struct Branch {
    revision: String,
}

impl GerritHost {
    /// What `provider` names, asked over `api`.
    pub(super) fn new(provider: &Provider, api: Arc<RestApi>) -> Self {
        Self {
            provider: provider.clone(),
            api,
        }
    }

    /// The branches whose tips are asked for.
    fn branches(&self) -> Vec<&str> {
        match &self.provider.branch {
            Some(branch) => vec![branch],
            None => [HEAD].into_iter().chain(USUAL).collect(),
        }
    }

    /// The project `name` with these tips of branches.
    fn listed(&self, name: &str, info: &Info) -> Listed {
        let tip = |branch: &str| info.branches.get(branch).and_then(Value::as_str);
        let branch = match &self.provider.branch {
            Some(branch) => Some(branch.as_str()),
            // The list does not say which branch that is, but where it is at the same commit as one of the usual ones.
            None => tip(HEAD).map(|head| {
                let mut usual = USUAL.into_iter();
                usual.find(|usual| tip(usual) == Some(head)).unwrap_or(HEAD)
            }),
        };
        let commit = branch.and_then(tip).map(str::to_owned);
        Listed {
            files: match commit {
                Some(_) => Files::Ask,
                None => Files::Known(Vec::new()),
            },
            repository: Repository {
                id: name.to_owned(),
                name: name.to_owned(),
                is_archived: info.state.as_deref() == Some("READ_ONLY"),
                branch: branch.filter(|_| commit.is_some()).map(str::to_owned),
                revision: commit.clone(),
                commit,
                ..Repository::default()
            },
        }
    }

    /// What became of the project `name`, which is not listed.
    async fn standing(&self, name: &str) -> Result<Standing, HostError> {
        let told = |error| match error {
            // What holds for all is no standing of one.
            error @ (HostError::Busy { .. } | HostError::Unreachable { .. }) => Err(error),
            error => Ok(Standing::Withheld(error)),
        };
        let mut info = match self.api.json::<Info>(&["projects", name], &[]).await {
            Ok(found) => found.body,
            Err(HostError::NotFound { .. }) => return Ok(Standing::Gone),
            Err(error) => return told(error),
        };
        let states: Vec<String> = pairs(&self.provider.owner)
            .filter_map(|(key, value)| (key == "state").then_some(value))
            .collect();
        if !states.is_empty() && info.state.as_ref().is_some_and(|it| !states.contains(it)) {
            return Ok(Standing::Elsewhere);
        }
        for branch in self.branches() {
            match self.tip(name, branch).await {
                Ok(tip) => {
                    info.branches.insert(branch.to_owned(), Value::from(tip));
                }
                Err(HostError::NotFound { .. }) => {}
                Err(error) => return told(error),
            }
        }
        Ok(Standing::There(Box::new(self.listed(name, &info))))
    }

    /// The commit at the tip of `branch` of the project `name`. What stands for a branch, as `HEAD` does, is told by the name
    /// of that.
    async fn tip(&self, name: &str, branch: &str) -> Result<String, HostError> {
        let ask = async |branch: &str| {
            let parts = ["projects", name, "branches", branch];
            let told = self.api.json::<Branch>(&parts, &[]).await?;
            Ok(told.body.revision)
        };
        let told = ask(branch).await?;
        let is_commit = told.len() >= 40 && told.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_commit {
            Ok(told)
        } else {
            ask(&told).await
        }
    }
}

impl RepositoryHost for GerritHost {
    fn sizes(&self) -> Sizes {
        Sizes {
            page: self.provider.page_size.unwrap_or(PAGE),
            batch: BATCH,
            at_once: AT_ONCE,
        }
    }

    async fn page(&self, cursor: Option<&str>, size: usize) -> Result<Page, HostError> {
        let seen: usize = cursor.and_then(|seen| seen.parse().ok()).unwrap_or(0);
        let (from, size) = (seen.to_string(), size.to_string());
        let mut query: Vec<(&str, &str)> = vec![("n", &size), ("S", &from)];
        query.extend(self.branches().into_iter().map(|branch| ("b", branch)));
        let chosen: Vec<(String, String)> = pairs(&self.provider.owner).collect();
        let chosen = chosen
            .iter()
            .filter(|(key, _)| !FORM.contains(&key.as_str()));
        query.extend(chosen.map(|(key, value)| (key.as_str(), value.as_str())));
        let found = self
            .api
            .json::<Map<String, Value>>(&["projects", ""], &query);
        let found = found.await?.body;
        let mut listed = Vec::with_capacity(found.len());
        let mut more = false;
        for (name, info) in &found {
            let info = Info::deserialize(info).map_err(|error| HostError::Failed {
                place: format!("{}/{name}", self.api.web()),
                reason: format!("the host's answer cannot be read: {error}"),
            })?;
            more = info.more;
            listed.push(self.listed(name, &info));
        }
        Ok(Page {
            next: more.then(|| (seen + found.len()).to_string()),
            listed,
            ..Page::default()
        })
    }

    async fn files(&self, repository: &Repository) -> Result<Vec<Descriptor>, HostError> {
        let Some(commit) = &repository.commit else {
            return Ok(Vec::new());
        };
        let project = Project::at_commit(&self.api, &repository.name, commit);
        let path = self.provider.path();
        if is_glob(path) {
            return project.matching(path).await;
        }
        let text = project.content(path).await?;
        let found = text.map(|text| Descriptor {
            path: path.to_owned(),
            blob: object_id(&text),
            text: Some(text),
        });
        Ok(found.into_iter().collect())
    }

    async fn look_up(&self, lost: &[&Repository]) -> Result<Vec<Standing>, HostError> {
        let asked: Vec<_> = lost.iter().map(|it| self.standing(&it.name)).collect();
        stream::iter(asked).buffered(AT_ONCE).try_collect().await
    }

    async fn texts(&self, wanted: &[&Wanted]) -> Result<Vec<Text>, HostError> {
        let ask = async |wanted: &Wanted| {
            let commit = wanted.commit.as_deref().unwrap_or_default();
            let project = Project::at_commit(&self.api, &wanted.name, commit);
            project.text(&wanted.path, &wanted.blob).await
        };
        let asked = wanted.iter().map(|wanted| ask(wanted)).collect();
        one_by_one(asked, AT_ONCE).await
    }

    fn address(&self, repository: &Repository, path: &str) -> Option<String> {
        let branch = repository.branch.as_deref()?;
        let root = format!("{}/{}", self.api.web(), repository.name);
        let infix = if branch == HEAD { PLUS } else { HEADS };
        Some(
            ScmUrl::below(&root, infix, branch)?
                .with_path(path)
                .to_string(),
        )
    }
}

/// The keys and values of a query.
fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    pairs.map(|(key, value)| (key.into_owned(), value.into_owned()))
}

/// The object id and content of the file at `scm`, which lies in `project`; `None` where there is no such file.
pub(super) async fn file(
    api: &RestApi,
    project: &str,
    scm: &ScmUrl,
) -> Result<Option<(String, Arc<[u8]>)>, HostError> {
    let is_commit = scm.infix == PLUS && scm.reference != HEAD;
    let project = if is_commit {
        Project::at_commit(api, project, &scm.reference)
    } else {
        Project::at_branch(api, project, &scm.reference)
    };
    let text = project.content(&scm.path).await?;
    Ok(text.map(|text| (object_id(&text), text)))
}

/// The Gerrit that shows `at` in its Gitiles, and the project.
pub(super) fn of(at: &ScmUrl, context: &Context) -> Option<(String, String)> {
    if !at.infix.starts_with(PLUS) {
        return None;
    }
    let hosts = context.config.integrations.iter();
    let hosts = hosts.filter(|it| it.kind == HostKind::Gerrit);
    let named = context.sources.iter().filter_map(Source::known_host);
    let named = named.filter(|(_, kind)| *kind == HostKind::Gerrit);
    let mut hosts = hosts
        .map(|it| it.host.as_str())
        .chain(named.map(|(host, _)| host));
    let url = at.repository_url();
    hosts.find_map(|host| {
        let web = addresses(HostKind::Gerrit, host, &context.config).web;
        let project = url.strip_prefix(&web)?.strip_prefix('/')?;
        Some((host.to_owned(), project.to_owned()))
    })
}

/// The project of the Gerrit at `host` whose page `url` is, in its Gitiles or its own, or from which it is cloned.
pub(super) fn project(url: &Url, host: &str, config: &Config) -> Option<String> {
    let at = addresses(HostKind::Gerrit, host, config);
    let below = |base: &str| url.as_str().strip_prefix(base)?.strip_prefix('/');
    let rest = below(&at.web).or_else(|| {
        let own = below(&at.api)?;
        let pages = ["admin/repos/", "c/", "a/"];
        let page = pages.into_iter().find_map(|page| own.strip_prefix(page));
        Some(page.unwrap_or(own))
    })?;
    let end = rest.find("/+").or_else(|| rest.find([',', '?', '#']));
    let name = decode(rest.get(..end.unwrap_or(rest.len()))?);
    let name = name.trim_matches('/');
    Some(name.strip_suffix(".git").unwrap_or(name).to_owned())
}

/// What `git clone` takes for the project that `at` lies in; with a password Gerrit has another address than without.
pub(super) fn remote(at: &ScmUrl, context: &Context) -> Option<String> {
    let (host, project) = of(at, context)?;
    let config = &context.config;
    let known = config.integration(HostKind::Gerrit, &host);
    let door = if known.is_some_and(|it| it.token.is_some()) {
        "/a"
    } else {
        ""
    };
    let base = addresses(HostKind::Gerrit, &host, config).api;
    Some(format!("{base}{door}/{project}"))
}
