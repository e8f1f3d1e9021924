//! Where the repository of an entity is checked out on this machine: below the folders of `stagedoor.checkouts`.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};

use url::Url;

use super::facts::{self, RepositoryAt};
use super::{Session, facts::repository};
use crate::catalog::Entity;
use crate::host::scm::ScmUrl;

/// How deep below such a folder repositories are looked for: host, any groups, and name.
const DEEPEST: usize = 4;
/// How many folders are looked into at most.
const MOST: usize = 20_000;

/// Why there is no folder to go to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoCheckout {
    /// It is in no repository.
    #[error("{0}")]
    Nowhere(String),
    /// Nobody said where repositories are checked out.
    #[error("{0} is not looked for: stagedoor.checkouts names no folder")]
    Unasked(RepositoryAt),
    /// It is in none of the folders.
    #[error("{at} is not checked out below {}", listed(below))]
    Missing {
        /// The repository.
        at: RepositoryAt,
        /// Where it was looked for.
        below: Vec<PathBuf>,
    },
}

fn listed(folders: &[PathBuf]) -> String {
    let folders = folders.iter().map(|folder| folder.display().to_string());
    folders.collect::<Vec<_>>().join(", ")
}

/// The folder in which the repository of `entity` is checked out: the work tree that its descriptor stands in or, for one
/// that a host told of, the clone of that repository whose `origin` says so.
pub fn find(session: &Session, entity: &Entity) -> Result<PathBuf, NoCheckout> {
    if let Some(root) = facts::work_tree(entity) {
        return Ok(root);
    }
    let at = repository(session, entity).map_err(NoCheckout::Nowhere)?;
    let below = folders(session);
    if below.is_empty() {
        return Err(NoCheckout::Unasked(at));
    }
    let is_it = |folder: &Path| origin(session, folder).is_some_and(|found| same(&found, &at));
    // Where people mostly have it.
    let name = at.name.rsplit('/').next().unwrap_or(&at.name);
    let usual = below.iter().flat_map(|root| {
        [
            root.join(&at.host).join(&at.name),
            root.join(&at.name),
            root.join(name),
        ]
    });
    let found = usual.into_iter().find(|folder| is_it(folder));
    match found.or_else(|| below.iter().find_map(|root| walk(root, &is_it))) {
        Some(folder) => Ok(folder),
        None => Err(NoCheckout::Missing { at, below }),
    }
}

/// The folders of `stagedoor.checkouts`; `~` is the user's home, and others count from the configuration's last file.
fn folders(session: &Session) -> Vec<PathBuf> {
    let config = &session.config;
    let beside = config.files.last().and_then(|file| file.parent());
    let beside = beside.unwrap_or(session.env.cwd());
    let home = session.env.get("HOME");
    let place = |text: &String| match (text.strip_prefix('~'), home) {
        (Some(rest), Some(home)) => Path::new(home).join(rest.trim_start_matches('/')),
        _ => beside.join(text),
    };
    config.checkouts.iter().map(place).collect()
}

fn same(a: &RepositoryAt, b: &RepositoryAt) -> bool {
    a.host.eq_ignore_ascii_case(&b.host) && a.name.eq_ignore_ascii_case(&b.name)
}

/// The first work tree below `root`, by breadth, that `is_it`. Work trees are not looked into, nor hidden folders.
fn walk(root: &Path, is_it: &dyn Fn(&Path) -> bool) -> Option<PathBuf> {
    let mut due = VecDeque::from([(root.to_owned(), 0)]);
    let mut seen = 0;
    while let Some((folder, depth)) = due.pop_front() {
        if folder.join(".git").exists() {
            if is_it(&folder) {
                return Some(folder);
            }
            continue;
        }
        seen += 1;
        if depth == DEEPEST || seen > MOST {
            continue;
        }
        let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
        // A link may lead anywhere, and back.
        let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        let shown = folders.filter(|entry| !entry.file_name().to_string_lossy().starts_with('.'));
        let mut below: Vec<PathBuf> = shown.map(|entry| entry.path()).collect();
        below.sort_unstable();
        due.extend(below.into_iter().map(|folder| (folder, depth + 1)));
    }
    None
}

/// The repository that `origin` of the clone at `folder` names. Its configuration is read as text: to start a `git` for
/// each of hundreds of clones would take seconds.
fn origin(session: &Session, folder: &Path) -> Option<RepositoryAt> {
    let text = fs::read_to_string(folder.join(".git/config")).ok()?;
    let mut lines = text.lines().map(str::trim);
    lines.find(|line| *line == "[remote \"origin\"]")?;
    let of_origin = lines.take_while(|line| !line.starts_with('['));
    let url = of_origin
        .filter_map(|line| line.split_once('='))
        .find_map(|(key, value)| {
            (key.trim() == "url").then(|| value.trim().trim_matches('"').to_owned())
        })?;
    let web = ScmUrl::of_remote(&url, "HEAD")?.repository_url();
    facts::repository_at(session, &Url::parse(&web).ok()?)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::{EntityRef, Provenance};
    use crate::config::Env;
    use crate::sync::Options;

    fn clone(folder: &Path, origin: &str) {
        fs::create_dir_all(folder.join(".git")).unwrap();
        let config = format!(
            "[core]\n\tbare = false\n[remote \"fork\"]\n\turl = git@github.com:me/shop.git\n[remote \"origin\"]\n\turl = {origin}\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n"
        );
        fs::write(folder.join(".git/config"), config).unwrap();
    }

    fn session(dir: &Path, checkouts: &str) -> Session {
        let config = dir.join("app-config.yaml");
        fs::write(
            &config,
            format!("stagedoor: {{ checkouts: {checkouts} }}\n"),
        )
        .unwrap();
        let options = Options {
            config: vec![config],
            sources: vec!["demo".to_owned()],
            cache_dir: Some(dir.join("cache")),
            ..Options::default()
        };
        let home = dir.display().to_string();
        Session::open(&options, Env::fixed(dir, &[("HOME", &home)])).unwrap()
    }

    fn of(location: &str) -> Entity {
        Entity {
            entity_ref: EntityRef::new("component", "default", "x"),
            body: json!({ "metadata": { "name": "x" } }),
            provenance: Provenance {
                location: location.to_owned(),
                ..Provenance::default()
            },
        }
    }

    #[test]
    fn a_clone_is_found_by_its_origin_wherever_it_lies() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().join("src");
        clone(&root.join("acme/shop"), "git@github.com:other/shop.git");
        clone(
            &root.join("work/here/the-shop"),
            "git@github.com:Acme/shop.git",
        );
        clone(
            &root.join("gitlab.com/a/b/c"),
            "https://gitlab.com/a/b/c.git",
        );
        clone(
            &root.join("work/here/the-shop/vendor/deep"),
            "https://github.com/acme/deep",
        );
        for checkouts in ["[~/src]", "src", "[nowhere, src]"] {
            let session = session(dir.path(), checkouts);
            let found = |location: &str| find(&session, &of(location));
            assert_eq!(
                found("url:https://github.com/acme/shop/blob/main/catalog-info.yaml").unwrap(),
                root.join("work/here/the-shop"),
                "{checkouts}"
            );
            assert_eq!(
                found("url:https://gitlab.com/a/b/c/-/blob/main/catalog-info.yaml").unwrap(),
                root.join("gitlab.com/a/b/c")
            );
            let missing = found("url:https://github.com/acme/deep/blob/main/c.yaml").unwrap_err();
            assert!(
                missing
                    .to_string()
                    .starts_with("github.com/acme/deep is not checked out below"),
                "{missing}"
            );
        }
    }

    #[test]
    fn where_nothing_can_be_found_it_is_said_why() {
        let dir = tempfile::tempdir().unwrap();
        let session = session(dir.path(), "[]");
        let why = |location: &str| find(&session, &of(location)).unwrap_err().to_string();
        let remote = why("url:https://github.com/acme/shop/blob/main/c.yaml");
        assert!(
            remote.contains("stagedoor.checkouts names no folder"),
            "{remote}"
        );
        assert_eq!(why("nowhere"), "it comes from no repository");
    }
}
