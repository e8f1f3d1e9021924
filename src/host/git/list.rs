//! Plain Git repositories that the configuration lists, as a host of repositories: each is asked for its tip, and only
//! one that moved is fetched.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::stream;
use futures_util::{StreamExt, TryStreamExt};

use super::super::glob::Glob;
use super::super::http::Http;
use super::super::repositories::{
    Descriptor, Files, Listed, Page, Repository, RepositoryHost, Sizes, Standing,
};
use super::super::scm::{ScmUrl, web_url};
use super::super::{Context, HostError, Text, Wanted};
use super::remote::Remote;
use super::repository::{Entry, Repository as Mirror, Tip};
use crate::config::source::is_glob;
use crate::config::{Provider, Secret};

/// How many repositories are asked before that is kept.
const PAGE: usize = 100;
/// How many repositories are asked for their tips at once, where their host can be asked so.
const TIPS_AT_ONCE: usize = 8;
/// How many are fetched at once: each is some processes of `git`.
const FETCHED_AT_ONCE: usize = 4;

/// The repositories of one list at one host.
#[derive(Debug)]
pub struct GitList {
    provider: Provider,
    context: Arc<Context>,
    http: Arc<Http>,
    login: Option<(String, Secret)>,
}

impl GitList {
    /// What `provider` lists; `login` is the user name and token for its host.
    pub(in super::super) fn new(
        provider: &Provider,
        context: &Arc<Context>,
        http: &Arc<Http>,
        login: Option<(String, Secret)>,
    ) -> Self {
        Self {
            provider: provider.clone(),
            context: Arc::clone(context),
            http: Arc::clone(http),
            login,
        }
    }

    async fn remote(&self, url: &str) -> Result<Remote, HostError> {
        Remote::open(url, &self.context, &self.http, self.login.clone()).await
    }

    /// What is known of the repository at `url` without fetching it; an error where the host tells nothing of any.
    async fn listed(&self, url: &str) -> Result<Listed, HostError> {
        let mut repository = Repository {
            id: url.to_owned(),
            name: name(url),
            ..Repository::default()
        };
        let remote = self.remote(url).await?;
        let files = match remote.tip(self.provider.branch.as_deref()).await {
            Ok(Some(Tip { commit, name })) => {
                let short = name.strip_prefix("refs/heads/").unwrap_or(&name);
                repository.branch = Some(short.to_owned());
                repository.revision = Some(commit.clone());
                repository.commit = Some(commit);
                Files::Ask
            }
            // Nothing was ever pushed, or not to that branch.
            Ok(None) => Files::Known(Vec::new()),
            Err(error) if remote.is_of_host(&error) => return Err(error),
            Err(error) => Files::Withheld(error),
        };
        Ok(Listed { repository, files })
    }

    /// Those of `entries` that hold descriptors.
    fn chosen<'a>(&self, entries: &'a [Entry]) -> Result<Vec<&'a Entry>, HostError> {
        let path = self.provider.path();
        if is_glob(path) {
            let glob = Glob::new(path)?;
            let matching = entries.iter().filter(|entry| glob.matches(&entry.path));
            return Ok(matching.collect());
        }
        let spellings = self.provider.spellings();
        let mut found = spellings
            .iter()
            .filter_map(|path| entries.iter().find(|entry| entry.path == *path));
        Ok(found.next().into_iter().collect())
    }
}

impl RepositoryHost for GitList {
    fn sizes(&self) -> Sizes {
        Sizes {
            page: self.provider.page_size.unwrap_or(PAGE),
            batch: PAGE,
            at_once: FETCHED_AT_ONCE,
        }
    }

    async fn page(&self, cursor: Option<&str>, size: usize) -> Result<Page, HostError> {
        let all = &self.provider.repositories;
        // The list may be another one since the sweep was interrupted, but it is always sorted.
        let begin = cursor.map_or(0, |cursor| {
            all.partition_point(|url| url.as_str() <= cursor)
        });
        let urls: Vec<&String> = all.iter().skip(begin).take(size).collect();
        let next = (begin + urls.len() < all.len())
            .then(|| urls.last().map(|url| (*url).clone()))
            .flatten();
        let asked: Vec<_> = urls.into_iter().map(|url| self.listed(url)).collect();
        let answers = stream::iter(asked).buffered(TIPS_AT_ONCE);
        Ok(Page {
            listed: answers.try_collect().await?,
            next,
            total: Some(all.len()),
            ..Page::default()
        })
    }

    async fn files(&self, repository: &Repository) -> Result<Vec<Descriptor>, HostError> {
        let (Some(commit), Some(branch)) = (&repository.commit, &repository.branch) else {
            return Ok(Vec::new());
        };
        let mirror = Mirror::new(self.remote(&repository.id).await?, &self.context.lines);
        let name = if branch == "HEAD" || branch.starts_with("refs/") {
            branch.clone()
        } else {
            format!("refs/heads/{branch}")
        };
        let tip = Tip {
            commit: commit.clone(),
            name,
        };
        let (_, entries) = mirror.open(&tip).await?;
        let chosen = self.chosen(&entries)?;
        let ids: Vec<&str> = chosen.iter().map(|entry| entry.oid.as_str()).collect();
        let texts = mirror.texts(&ids).await?;
        let descriptor = |entry: &Entry| Descriptor {
            path: entry.path.clone(),
            blob: entry.oid.clone(),
            text: texts.get(&entry.oid).cloned(),
        };
        Ok(chosen.into_iter().map(descriptor).collect())
    }

    async fn look_up(&self, lost: &[&Repository]) -> Result<Vec<Standing>, HostError> {
        let mut standings = Vec::with_capacity(lost.len());
        for repository in lost {
            let is_listed = self.provider.repositories.contains(&repository.id);
            standings.push(if is_listed {
                Standing::There(Box::new(self.listed(&repository.id).await?))
            } else {
                Standing::Elsewhere
            });
        }
        Ok(standings)
    }

    async fn texts(&self, wanted: &[&Wanted]) -> Result<Vec<Text>, HostError> {
        let mut by_repository: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for wanted in wanted {
            let ids = by_repository.entry(&wanted.repository).or_default();
            ids.push(&wanted.blob);
        }
        let mut texts = BTreeMap::new();
        for (url, ids) in by_repository {
            let mirror = Mirror::new(self.remote(url).await?, &self.context.lines);
            texts.insert(url, mirror.texts(&ids).await);
        }
        let text = |wanted: &&Wanted| match texts.get(wanted.repository.as_str()) {
            Some(Ok(texts)) => texts.get(&wanted.blob).cloned().ok_or_else(|| {
                let Wanted { name, path, .. } = wanted;
                HostError::NotFound {
                    place: format!("{name}: {path}"),
                }
            }),
            Some(Err(error)) => Err(error.clone()),
            None => Err(HostError::NotFound {
                place: wanted.name.clone(),
            }),
        };
        Ok(wanted.iter().map(text).collect())
    }

    fn address(&self, repository: &Repository, path: &str) -> Option<String> {
        let branch = repository.branch.as_deref()?;
        let root = ScmUrl::of_remote(&repository.id, branch)?;
        Some(root.with_path(path).to_string())
    }
}

/// The path of the repository at `url` without what every clone has: `team/name`.
fn name(url: &str) -> String {
    let web = web_url(url);
    let path = web.split_once("://").map_or(web.as_str(), |(_, rest)| rest);
    path.split_once('/')
        .map_or(path, |(_, path)| path)
        .to_owned()
}
