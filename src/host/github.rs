//! The repositories of an organisation or user on a GitHub, by GraphQL in two phases: object ids of all descriptors
//! first, then texts of those that are not known yet.
//!
//! The sweep goes by name, so that a push in the meantime moves no repository past the cursor. What a page may cost is
//! found out: a host that says it is too much gets half of it (`RESOURCE_LIMITS_EXCEEDED`, 502, 504).

mod api;
mod queries;

use std::collections::BTreeMap;
use std::sync::Arc;

use regress::Regex;
use sha1::{Digest, Sha1};

pub(super) use api::Api;

use super::glob::Glob;
use super::scm::ScmUrl;
use super::{Address, File, Found, Host, HostError, Text, Wanted};
use crate::config::GithubProvider;
use crate::config::source::is_glob;
use queries::{Repository, Sweep, Texts};

/// How many repositories are asked for at once, at first and at least.
const PAGE: usize = 50;
const SMALLEST_PAGE: usize = 5;
/// The most pages of one sweep.
const MAX_PAGES: usize = 10_000;

/// The repositories of one owner.
#[derive(Debug)]
pub struct GithubHost {
    provider: GithubProvider,
    api: Arc<Api>,
}

impl GithubHost {
    /// What `provider` names, asked over `api`.
    pub(super) fn new(provider: &GithubProvider, api: Arc<Api>) -> Self {
        Self {
            provider: provider.clone(),
            api,
        }
    }

    /// The descriptor's path, without a slash in front.
    fn path(&self) -> &str {
        self.provider.catalog_path.trim_start_matches('/')
    }

    /// The other spelling of the descriptor's name, where it has its usual one.
    fn other_path(&self) -> &str {
        match self.path() {
            "catalog-info.yaml" => "catalog-info.yml",
            path => path,
        }
    }

    /// `PATH` at the branch that is read, as Git writes it.
    fn expression(&self, path: &str) -> String {
        let reference = self.provider.branch.as_deref().unwrap_or("HEAD");
        format!("{reference}:{path}")
    }

    /// All repositories of the owner, by name.
    async fn repositories(&self) -> Result<Vec<Repository>, HostError> {
        let mut page_size = PAGE;
        let mut cursor: Option<String> = None;
        let mut all = Vec::new();
        let with_paths = !is_glob(self.path());
        for _ in 0..MAX_PAGES {
            let sweep = Sweep {
                owner: &self.provider.organization,
                cursor: cursor.as_deref(),
                first: page_size,
                path: if with_paths {
                    self.expression(self.path())
                } else {
                    self.expression("")
                },
                other_path: if with_paths {
                    self.expression(self.other_path())
                } else {
                    self.expression("")
                },
                topics: !self.provider.topics_include.is_empty()
                    || !self.provider.topics_exclude.is_empty(),
            };
            let page = match sweep.ask(&self.api).await {
                Err(HostError::Overloaded { .. }) if page_size > SMALLEST_PAGE => {
                    page_size = (page_size / 2).max(SMALLEST_PAGE);
                    continue;
                }
                page => page?,
            };
            all.extend(page.repositories);
            match page.next {
                // A host that gives the same cursor again would be asked for ever.
                Some(next) if Some(&next) != cursor.as_ref() => cursor = Some(next),
                _ => return Ok(all),
            }
        }
        Err(HostError::Failed {
            place: self.provider.organization.clone(),
            reason: format!("has more than {MAX_PAGES} pages of repositories"),
        })
    }

    fn is_wanted(&self, repository: &Repository, name: Option<&Regex>) -> bool {
        let provider = &self.provider;
        let has = |topic: &String| repository.topics.contains(topic);
        (provider.allow_archived || !repository.is_archived)
            && (provider.allow_forks || !repository.is_fork)
            && name.is_none_or(|name| name.find(repository.name()).is_some())
            && (provider.visibility.is_empty()
                || provider
                    .visibility
                    .iter()
                    .any(|wanted| wanted.eq_ignore_ascii_case(&repository.visibility)))
            && (provider.topics_include.is_empty() || provider.topics_include.iter().any(has))
            && !provider.topics_exclude.iter().any(has)
    }

    /// The descriptors of one repository.
    async fn descriptors(
        &self,
        repository: &Repository,
    ) -> Result<Vec<(String, String)>, HostError> {
        if !is_glob(self.path()) {
            let spelled = [
                (self.path(), &repository.descriptor),
                (self.other_path(), &repository.other_descriptor),
            ];
            return Ok(spelled
                .into_iter()
                .find_map(|(path, oid)| Some((path.to_owned(), oid.clone()?)))
                .into_iter()
                .collect());
        }
        let glob = Glob::new(self.path())?;
        let Some(commit) = &repository.commit else {
            return Ok(Vec::new());
        };
        let tree = self.api.tree(&repository.name_with_owner, commit).await?;
        Ok(tree
            .into_iter()
            .filter(|(path, _)| glob.matches(path))
            .collect())
    }
}

impl Host for GithubHost {
    async fn discover(&self) -> Result<Vec<Found>, HostError> {
        let name = match &self.provider.repository {
            Some(pattern) => {
                // Backstage matches the whole name.
                let regex = Regex::new(&format!("^(?:{pattern})$"));
                Some(regex.map_err(|error| HostError::Failed {
                    place: pattern.clone(),
                    reason: format!("is no regular expression: {error}"),
                })?)
            }
            None => None,
        };
        let mut found = Vec::new();
        for repository in self.repositories().await? {
            if !self.is_wanted(&repository, name.as_ref()) {
                continue;
            }
            let branch = self.provider.branch.as_ref().or(repository.branch.as_ref());
            let Some(branch) = branch else {
                continue;
            };
            let remote = format!("{}/{}", self.api.web(), repository.name_with_owner);
            let Some(root) = ScmUrl::of_remote(&remote, branch) else {
                continue;
            };
            for (path, blob) in self.descriptors(&repository).await? {
                found.push(Found {
                    address: Address::Url(root.with_path(&path).to_string()),
                    named: true,
                    wanted: Some(Wanted {
                        blob,
                        commit: repository.commit.clone(),
                        repository: repository.id.clone(),
                        name: repository.name_with_owner.clone(),
                        path,
                    }),
                });
            }
        }
        Ok(found)
    }

    async fn fetch(&self, wanted: &[&Wanted]) -> Result<Vec<Text>, HostError> {
        let mut by_path: BTreeMap<&str, Vec<(usize, &Wanted)>> = BTreeMap::new();
        for (number, wanted) in wanted.iter().enumerate() {
            by_path
                .entry(&wanted.path)
                .or_default()
                .push((number, wanted));
        }
        let mut texts: Vec<Option<Arc<[u8]>>> = vec![None; wanted.len()];
        let mut page_size = PAGE;
        for (path, items) in by_path {
            let mut rest = items.as_slice();
            while !rest.is_empty() {
                let (now, later) = rest.split_at(page_size.min(rest.len()));
                let ids: Vec<&str> = now.iter().map(|(_, w)| w.repository.as_str()).collect();
                let ask = Texts {
                    ids: &ids,
                    path: self.expression(path),
                };
                let given = match ask.ask(&self.api).await {
                    Err(HostError::Overloaded { .. }) if page_size > SMALLEST_PAGE => {
                        page_size = (page_size / 2).max(SMALLEST_PAGE);
                        continue;
                    }
                    given => given?,
                };
                for ((number, wanted), text) in now.iter().zip(given) {
                    // Cut short, not UTF-8, or pushed meanwhile: then the object itself is asked for.
                    let text = text.filter(|text| object_id(text.as_bytes()) == wanted.blob);
                    if let (Some(slot), Some(text)) = (texts.get_mut(*number), text) {
                        *slot = Some(text.into_bytes().into());
                    }
                }
                rest = later;
            }
        }
        let mut results = Vec::with_capacity(wanted.len());
        for (wanted, text) in wanted.iter().zip(texts) {
            results.push(match text {
                Some(text) => Ok(text),
                None => self.api.blob(&wanted.name, &wanted.blob).await,
            });
        }
        Ok(results)
    }

    async fn search(
        &self,
        _base: &Address,
        _at: &Address,
        _globs: bool,
    ) -> Option<Result<Vec<File>, HostError>> {
        // Files of repositories are read like those that any other source points to.
        None
    }
}

/// The id that Git gives to `content`.
fn object_id(content: &[u8]) -> String {
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", content.len()));
    hash.update(content);
    format!("{:x}", hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn object_ids_are_those_of_git() {
        assert_eq!(object_id(b""), "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
        assert_eq!(
            object_id(b"hello\n"),
            "ce013625030ba8dba906f756967f9e9ca394464a"
        );
    }
}
