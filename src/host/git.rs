//! Git repositories: where their tips are is asked without `git`, in one small request each over a connection that all
//! repositories of a host share ([`Remote`]); what is new is fetched by the system's `git`, shallow and
//! without contents, into the cache, and read from there.
//!
//! Contents are fetched in one go for the files that are looked at. The addresses of files are those of their web pages.

mod history;
mod https;
mod kept;
mod list;
mod ls_refs;
mod pkt_line;
mod remote;
mod repository;
mod run;
mod ssh;
mod ssh_words;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::glob::Glob;
use super::http::Http;
use super::names::{Contents, Name};
use super::scm::ScmUrl;
use super::tree::{TreeEntry, TreeNode};
use super::{Address, Context, File, Found, Host, HostError, is_descriptor, is_yaml};
use crate::config::source::is_glob;
use crate::config::{GitSource, Secret};

pub use https::Lane;
pub use kept::kept_text;
pub use list::GitList;
pub use ssh::SshLines;

use remote::Remote;
use repository::{Entry, Mode, Repository, Tip};

/// How many symbolic links are followed, one to the next.
const MAX_LINKS: usize = 8;

/// Whether `text` is the id of a commit, written out in full.
fn is_commit(text: &str) -> bool {
    matches!(text.len(), 40 | 64) && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A Git repository as a host.
#[derive(Debug)]
pub struct GitHost {
    source: GitSource,
    repository: Repository,
    tip: OnceCell<Tip>,
    state: OnceCell<State>,
    texts: Mutex<HashMap<String, Arc<[u8]>>>,
}

/// What the repository holds at its tip.
#[derive(Debug)]
struct State {
    tip: Tip,
    /// The address of the root; files stand below it.
    root: ScmUrl,
    /// The files, sorted by path.
    entries: Vec<Entry>,
    /// The symbolic links. Only a tree shows them: what they lead to is not read through them.
    links: Vec<Entry>,
}

impl GitHost {
    /// The repository of `source`, which `http` and `login` lead to where it is on the web.
    pub(super) async fn open(
        source: &GitSource,
        context: &Arc<Context>,
        http: &Arc<Http>,
        login: Option<(String, Secret)>,
    ) -> Result<Self, HostError> {
        let remote = Remote::open(&source.remote, context, http, login).await?;
        Ok(Self {
            source: source.clone(),
            repository: Repository::new(remote, &context.lines),
            tip: OnceCell::new(),
            state: OnceCell::new(),
            texts: Mutex::default(),
        })
    }

    /// Where the tip of the branch is that is read; asked once.
    async fn tip(&self) -> Result<&Tip, HostError> {
        let ask = || async {
            let reference = self.source.reference.as_deref();
            let tip = self.repository.tip(reference).await?;
            // What no branch and no tag is called may be a commit; whether it is there, a fetch tells.
            let commit = || {
                let commit = reference
                    .filter(|reference| is_commit(reference))?
                    .to_owned();
                let name = commit.clone();
                Some(Tip { commit, name })
            };
            tip.or_else(commit).ok_or_else(|| {
                let remote = &self.source.remote;
                HostError::NotFound {
                    place: match reference {
                        Some(reference) => format!("{remote}@{reference}"),
                        None => format!("{remote} (it has no commit)"),
                    },
                }
            })
        };
        self.tip.get_or_try_init(ask).await
    }

    /// What is sure to change when a file does: the object id at the tip.
    pub async fn revision(&self) -> Result<&str, HostError> {
        Ok(&self.tip().await?.commit)
    }

    /// How many commits after `since` up to the tip touch one of `paths`, or anything where there are none; `None` where
    /// `since` is no commit of its past.
    pub async fn commits_since(
        &self,
        since: &str,
        paths: &[String],
    ) -> Result<Option<usize>, HostError> {
        if !is_commit(since) {
            return Ok(None);
        }
        let tip = self.tip().await?;
        if tip.commit == since {
            return Ok(Some(0));
        }
        self.repository.commits_since(tip, since, paths).await
    }

    async fn state(&self) -> Result<&State, HostError> {
        self.state
            .get_or_try_init(|| async {
                let (tip, entries) = self.repository.open(self.tip().await?).await?;
                let root = ScmUrl::of_remote(&self.source.remote, &tip.name).ok_or_else(|| {
                    HostError::Failed {
                        place: self.source.remote.clone(),
                        reason: "has no address that files could have".to_owned(),
                    }
                })?;
                let is_link = |entry: &Entry| entry.mode == Mode::Link;
                let (links, entries) = entries.into_iter().partition(is_link);
                Ok(State {
                    tip,
                    root,
                    entries,
                    links,
                })
            })
            .await
    }

    /// The files among `entries`, with their texts.
    async fn files(&self, state: &State, entries: &[&Entry]) -> Result<Vec<File>, HostError> {
        let missing: Vec<&str> = {
            let texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
            let ids = entries.iter().map(|entry| entry.oid.as_str());
            ids.filter(|oid| !texts.contains_key(*oid)).collect()
        };
        let new = self.repository.texts(&missing).await?;
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        texts.extend(new);
        entries
            .iter()
            .map(|entry| {
                let address = state.root.with_path(&entry.path).to_string();
                let bytes = texts.get(&entry.oid).ok_or_else(|| HostError::Failed {
                    place: address.clone(),
                    reason: "its content could not be fetched, or is too large".to_owned(),
                })?;
                Ok(File {
                    address: Address::Url(address),
                    bytes: Arc::clone(bytes),
                    blob: Some(entry.oid.clone()),
                    commit: Some(state.tip.commit.clone()),
                })
            })
            .collect()
    }
}

impl Host for GitHost {
    async fn discover(&self) -> Result<Vec<Found>, HostError> {
        let state = self.state().await?;
        let mut chosen: Vec<(&Entry, bool)> = Vec::new();
        let path = self.source.path.as_deref().unwrap_or_default();
        if is_glob(path) {
            let glob = Glob::new(path)?;
            let matching = state.entries.iter().filter(|e| glob.matches(&e.path));
            chosen.extend(matching.map(|entry| (entry, true)));
        } else if let Some(entry) = self.at(state, path).await? {
            chosen.push((entry, true));
        } else {
            let below = state.entries.iter().filter(|entry| {
                let rest = entry.path.strip_prefix(path);
                rest.is_some_and(|rest| path.is_empty() || rest.starts_with('/'))
                    && is_yaml(&entry.path)
                    && !entry.path.split('/').any(|part| part == "node_modules")
            });
            chosen.extend(below.map(|entry| (entry, is_descriptor(&entry.path))));
        }
        if chosen.is_empty() {
            let place = state.root.with_path(path).to_string();
            return Err(HostError::NotFound { place });
        }
        // All at once: each alone would be a process and a request.
        let entries: Vec<&Entry> = chosen.iter().map(|(entry, _)| *entry).collect();
        let files = self.files(state, &entries).await?;
        Ok(files
            .into_iter()
            .zip(chosen)
            .map(|(file, (_, named))| Found {
                address: file.address,
                named,
                wanted: None,
            })
            .collect())
    }

    async fn search(
        &self,
        _base: &Address,
        at: &Address,
        globs: bool,
    ) -> Option<Result<Vec<File>, HostError>> {
        let Address::Url(url) = at else {
            return None;
        };
        ScmUrl::parse(url)?;
        let state = match self.state().await {
            Ok(state) => state,
            Err(error) => return Some(Err(error)),
        };
        let wanted = state.own(at)?;
        Some(self.matching(state, &wanted, globs).await)
    }
}

impl State {
    /// Where `at` stands in this repository at this tip; `None` where it does not.
    fn own(&self, at: &Address) -> Option<ScmUrl> {
        let wanted = ScmUrl::parse(&at.name())?;
        let same = wanted.repository_url() == self.root.repository_url()
            && (wanted.reference == self.root.reference
                || wanted.reference == self.tip.commit
                || wanted.reference == "HEAD");
        same.then_some(wanted)
    }
}

impl GitHost {
    /// Where `at` stands in this repository at the tip that is read; `None` where it does not.
    pub(super) async fn own(&self, at: &Address) -> Result<Option<ScmUrl>, HostError> {
        Ok(self.state().await?.own(at))
    }

    /// The files and links below `folder`, sorted, with the object ids of their contents.
    pub(super) async fn names(&self, folder: &str) -> Result<Vec<Name>, HostError> {
        let state = self.state().await?;
        let folder = folder.trim_matches('/');
        let name = |entry: &Entry| {
            let below = entry.path.strip_prefix(folder)?;
            let path = if folder.is_empty() {
                below
            } else {
                below.strip_prefix('/')?
            };
            Some(Name {
                path: path.to_owned(),
                blob: Some(entry.oid.clone()),
            })
        };
        let entries = state.entries.iter().chain(&state.links);
        let mut names: Vec<Name> = entries.filter_map(name).collect();
        names.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(names)
    }

    /// The contents of the files at `paths`, links followed within the repository; those that are missing are fetched in
    /// one go.
    pub(super) async fn contents(&self, paths: &[String]) -> Result<Contents, HostError> {
        let state = self.state().await?;
        let mut entries = Vec::with_capacity(paths.len());
        for path in paths {
            entries.push(self.at(state, path).await?);
        }
        let known: Vec<&Entry> = entries.iter().flatten().copied().collect();
        let mut files = self.files(state, &known).await?.into_iter();
        let contents = entries.iter().map(|entry| {
            let file = entry.and_then(|_| files.next());
            file.map(|file| file.bytes)
        });
        Ok(contents.collect())
    }

    /// The tree below `folder`, with modes and links.
    pub async fn tree(&self, folder: &str) -> Result<Vec<TreeEntry>, HostError> {
        let state = self.state().await?;
        let folder = folder.trim_matches('/');
        let below = |entry: &&Entry| {
            let rest = entry.path.strip_prefix(folder);
            rest.is_some_and(|rest| folder.is_empty() || rest.starts_with('/'))
        };
        let entries: Vec<&Entry> = state
            .entries
            .iter()
            .chain(&state.links)
            .filter(below)
            .collect();
        if entries.is_empty() {
            let place = state.root.with_path(folder).to_string();
            return Err(HostError::NotFound { place });
        }
        let files = self.files(state, &entries).await?;
        let node = |entry: &Entry, file: &File| match entry.mode {
            Mode::Link => TreeNode::Link(String::from_utf8_lossy(&file.bytes).into_owned()),
            Mode::Plain => TreeNode::File {
                bytes: file.bytes.to_vec(),
                mode: 0o644,
            },
            Mode::Executable => TreeNode::File {
                bytes: file.bytes.to_vec(),
                mode: 0o755,
            },
        };
        let tree = entries.iter().zip(&files).map(|(entry, file)| TreeEntry {
            path: entry
                .path
                .strip_prefix(folder)
                .unwrap_or(&entry.path)
                .trim_start_matches('/')
                .to_owned(),
            node: node(entry, file),
        });
        Ok(tree.collect())
    }

    /// The file at `path`, or the one in the repository that a symbolic link there leads to.
    async fn at<'a>(&self, state: &'a State, path: &str) -> Result<Option<&'a Entry>, HostError> {
        let mut path = path.to_owned();
        for _ in 0..MAX_LINKS {
            if let Some(entry) = find(&state.entries, &path) {
                return Ok(Some(entry));
            }
            let Some(link) = find(&state.links, &path) else {
                return Ok(None);
            };
            let files = self.files(state, &[link]).await?;
            let target = files
                .first()
                .map(|file| String::from_utf8_lossy(&file.bytes));
            match target.and_then(|target| followed(&path, &target)) {
                Some(next) => path = next,
                None => return Ok(None),
            }
        }
        Ok(None)
    }

    async fn matching(
        &self,
        state: &State,
        wanted: &ScmUrl,
        globs: bool,
    ) -> Result<Vec<File>, HostError> {
        let entries: Vec<&Entry> = match self.at(state, &wanted.path).await? {
            Some(entry) => vec![entry],
            None if globs && is_glob(&wanted.path) => {
                let glob = Glob::new(&wanted.path)?;
                let all = state.entries.iter();
                all.filter(|entry| glob.matches(&entry.path)).collect()
            }
            None => {
                return Err(HostError::NotFound {
                    place: wanted.to_string(),
                });
            }
        };
        self.files(state, &entries).await
    }
}

/// The one of `entries`, which are sorted, that is at `path`.
fn find<'a>(entries: &'a [Entry], path: &str) -> Option<&'a Entry> {
    let at = entries.binary_search_by(|entry| entry.path.as_str().cmp(path));
    entries.get(at.ok()?)
}

/// Where a symbolic link at `path` leads that holds `target`; `None` where that is outside of the repository.
fn followed(path: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_within_the_repository() {
        let cases = [
            ("a/b.yaml", "c.yaml", Some("a/c.yaml")),
            ("a/b.yaml", "../c/./d.yaml", Some("c/d.yaml")),
            ("b.yaml", "../etc/passwd", None),
            ("a/b.yaml", "../../etc/passwd", None),
            ("b.yaml", "/etc/passwd", None),
        ];
        for (path, target, expected) in cases {
            assert_eq!(
                followed(path, target).as_deref(),
                expected,
                "{path} {target}"
            );
        }
    }
}
