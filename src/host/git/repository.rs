//! One bare repository in the cache: what its tip is, what it holds, and contents by object id.

use std::collections::HashMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use xxhash_rust::xxh3::xxh3_64;

use super::super::{HostError, MAX_FILE};
use super::run::Git;

/// A repository that mirrors the tip of a remote.
#[derive(Debug)]
pub(super) struct Repository {
    remote: String,
    dir: PathBuf,
    git: Git,
}

/// The commit that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tip {
    /// The commit.
    pub(super) commit: String,
    /// The branch or tag it is the tip of.
    pub(super) name: String,
}

/// A file of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its path from the root.
    pub(super) path: String,
    /// The object id of its content.
    pub(super) oid: String,
    /// What kind of file it is.
    pub(super) mode: Mode,
}

/// What Git knows of a file besides its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// A file.
    Plain,
    /// A file that can be run.
    Executable,
    /// A symbolic link; its content is its target.
    Link,
}

impl Repository {
    /// The mirror of `remote` below the cache of `git`.
    pub(super) fn new(remote: &str, git: Git) -> Self {
        let dir = git
            .cache()
            .join(format!("{:016x}.git", xxh3_64(remote.as_bytes())));
        Self {
            remote: remote.to_owned(),
            dir,
            git,
        }
    }

    /// Brings the tip of `reference`, else of the default branch, without its history and contents, and says what files
    /// it has. Where nothing changed, one request.
    pub(super) async fn open(
        &self,
        reference: Option<&str>,
    ) -> Result<(Tip, Vec<Entry>), HostError> {
        let open = async || {
            let tip = self.fetch(reference).await?;
            let entries = self.entries(&tip.commit).await?;
            Ok((tip, entries))
        };
        match open().await {
            Err(error) if self.begin_anew(&error) => open().await,
            opened => opened,
        }
    }

    /// The contents of `oids`, but for those that are too large. What is not here is fetched in one go.
    pub(super) async fn texts(
        &self,
        oids: &[&str],
    ) -> Result<HashMap<String, Arc<[u8]>>, HostError> {
        if oids.is_empty() {
            return Ok(HashMap::new());
        }
        match self.contents(oids).await {
            Err(error) if self.begin_anew(&error) => self.contents(oids).await,
            texts => texts,
        }
    }

    /// Throws the mirror away where `error` may come of damage to it: nothing is in it that the host does not have.
    fn begin_anew(&self, error: &HostError) -> bool {
        matches!(error, HostError::Failed { .. } | HostError::NotFound { .. })
            && self.dir.exists()
            && fs::remove_dir_all(&self.dir).is_ok()
    }

    async fn fetch(&self, reference: Option<&str>) -> Result<Tip, HostError> {
        self.prepare().await?;
        let wanted = reference.unwrap_or("HEAD");
        let listed = self
            .git(&["ls-remote", "--symref", "--", &self.remote, wanted])
            .await?;
        let (commit, name) = tip(&listed, reference).ok_or_else(|| HostError::NotFound {
            place: match reference {
                Some(reference) => format!("{}@{reference}", self.remote),
                None => format!("{} (it has no commit)", self.remote),
            },
        })?;
        if !self.has_commit(&commit).await {
            self.git(&[
                "fetch",
                "--quiet",
                "--no-tags",
                "--depth=1",
                "--filter=blob:none",
                "--no-write-fetch-head",
                "origin",
                &format!("+{name}:refs/stagedoor/tip"),
            ])
            .await?;
        }
        let short = ["refs/heads/", "refs/tags/"]
            .iter()
            .find_map(|prefix| name.strip_prefix(prefix))
            .unwrap_or(&name);
        // A tag may be an object of its own; what is read is the commit it names.
        let commit = self
            .git(&[
                "rev-parse",
                "--verify",
                "--quiet",
                &format!("{commit}^{{commit}}"),
            ])
            .await?;
        Ok(Tip {
            commit: commit.trim().to_owned(),
            name: short.to_owned(),
        })
    }

    /// The files and links of `commit`, sorted by path; submodules are left out.
    async fn entries(&self, commit: &str) -> Result<Vec<Entry>, HostError> {
        let listed = self
            .git(&["ls-tree", "-r", "-z", "--full-tree", commit])
            .await?;
        let mut entries: Vec<Entry> = listed
            .split('\0')
            .filter_map(|line| {
                let (facts, path) = line.split_once('\t')?;
                let mut facts = facts.split(' ');
                let (mode, kind, oid) = (facts.next()?, facts.next()?, facts.next()?);
                let mode = match mode {
                    "120000" => Mode::Link,
                    "100755" => Mode::Executable,
                    _ => Mode::Plain,
                };
                (kind == "blob").then(|| Entry {
                    path: path.to_owned(),
                    oid: oid.to_owned(),
                    mode,
                })
            })
            .collect();
        entries.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(entries)
    }

    async fn contents(&self, oids: &[&str]) -> Result<HashMap<String, Arc<[u8]>>, HostError> {
        self.prepare().await?;
        let mut list = oids.join("\n");
        list.push('\n');
        self.fetch_missing(&list).await?;
        let output = self
            .git
            .run(
                &self.dir,
                &self.remote,
                &["cat-file", "--batch"],
                list.as_bytes(),
            )
            .await?;
        Ok(contents(&output))
    }

    /// Fetches those contents of `list` that are not here. Looking first keeps an unchanged repository silent.
    async fn fetch_missing(&self, list: &str) -> Result<(), HostError> {
        let check = ["cat-file", "--batch-check=%(objectname)"];
        let checked = self
            .git
            .run(&self.dir, &self.remote, &check, list.as_bytes())
            .await?;
        let missing: Vec<&str> = std::str::from_utf8(&checked)
            .unwrap_or_default()
            .lines()
            .filter_map(|line| line.strip_suffix(" missing"))
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let arguments = [
            "-c",
            "fetch.negotiationAlgorithm=noop",
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--recurse-submodules=no",
            "--filter=blob:none",
            "--stdin",
            "origin",
        ];
        let list = missing.join("\n");
        self.git
            .run(&self.dir, &self.remote, &arguments, list.as_bytes())
            .await?;
        Ok(())
    }

    /// Makes the empty repository that will be filled, where there is none. It is made aside and moved into place, so
    /// that none is ever there by half.
    async fn prepare(&self) -> Result<(), HostError> {
        if self.dir.join("HEAD").is_file() {
            return Ok(());
        }
        let failed = |error: std::io::Error| HostError::Failed {
            place: self.dir.display().to_string(),
            reason: error.to_string(),
        };
        let cache = self.git.cache();
        fs::create_dir_all(cache).map_err(failed)?;
        let new = tempfile::tempdir_in(cache).map_err(failed)?;
        let settings = [
            ("core.repositoryFormatVersion", "1"),
            ("extensions.partialClone", "origin"),
            ("remote.origin.url", self.remote.as_str()),
            ("remote.origin.promisor", "true"),
            ("remote.origin.partialCloneFilter", "blob:none"),
        ];
        let run = async |arguments: &[&str]| {
            self.git
                .run(new.path(), &self.remote, arguments, b"")
                .await
                .map(drop)
        };
        run(&["init", "--bare", "--quiet", "--template=", "."]).await?;
        for (key, value) in settings {
            run(&["config", key, value]).await?;
        }
        let _ = fs::remove_dir_all(&self.dir);
        fs::rename(new.keep(), &self.dir).map_err(failed)
    }

    async fn has_commit(&self, commit: &str) -> bool {
        // Without the tree a commit is of no use, and neither may be fetched just to find out.
        let arguments = [
            "rev-list",
            "--quiet",
            "--objects",
            "--missing=allow-promisor",
            "-1",
        ];
        let mut arguments = arguments.to_vec();
        arguments.push(commit);
        let known = self
            .git(&["rev-parse", "--verify", "--quiet", "refs/stagedoor/tip"])
            .await;
        known.is_ok_and(|known| known.trim() == commit) && self.git(&arguments).await.is_ok()
    }

    async fn git(&self, arguments: &[&str]) -> Result<String, HostError> {
        let output = self
            .git
            .run(&self.dir, &self.remote, arguments, b"")
            .await?;
        String::from_utf8(output).map_err(|_| HostError::Failed {
            place: self.remote.clone(),
            reason: "holds names that are not UTF-8".to_owned(),
        })
    }
}

/// The commit and the full name of the reference in what `ls-remote --symref` printed.
fn tip(listed: &str, reference: Option<&str>) -> Option<(String, String)> {
    let lines: Vec<(&str, &str)> = listed
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .collect();
    let oid_of = |name: &str| {
        let line = lines
            .iter()
            .find(|(oid, listed)| *listed == name && !oid.starts_with("ref:"));
        line.map(|(oid, _)| (*oid).to_owned())
    };
    match reference {
        None => {
            let branch = lines
                .iter()
                .find(|(target, name)| *name == "HEAD" && target.starts_with("ref: "))
                .and_then(|(target, _)| target.strip_prefix("ref: "))
                .unwrap_or("HEAD");
            Some((oid_of("HEAD")?, branch.to_owned()))
        }
        Some(reference) => [
            format!("refs/heads/{reference}"),
            format!("refs/tags/{reference}"),
            reference.to_owned(),
        ]
        .into_iter()
        .find_map(|name| Some((oid_of(&name)?, name))),
    }
}

/// The contents in what `cat-file --batch` printed, by object id.
fn contents(output: &[u8]) -> HashMap<String, Arc<[u8]>> {
    let mut texts = HashMap::new();
    let mut rest = output;
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let (head, body) = rest.split_at(end);
        let body = body.get(1..).unwrap_or_default();
        let head = String::from_utf8_lossy(head);
        let mut facts = head.split(' ');
        let (oid, kind) = (facts.next().unwrap_or_default(), facts.next());
        let Some(size) = facts.next().and_then(|size| size.parse::<usize>().ok()) else {
            // "OID missing" has no body.
            rest = body;
            continue;
        };
        let Some((content, behind)) = body.split_at_checked(size) else {
            break;
        };
        if kind == Some("blob") && size as u64 <= MAX_FILE {
            texts.insert(oid.to_owned(), content.into());
        }
        rest = behind.get(1..).unwrap_or_default();
    }
    texts
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_tip_is_the_named_branch_or_tag_or_the_default() {
        let listed =
            "ref: refs/heads/main\tHEAD\naaa\tHEAD\naaa\trefs/heads/main\nbbb\trefs/tags/v1\n";
        let main = Some(("aaa".to_owned(), "refs/heads/main".to_owned()));
        assert_eq!(tip(listed, None), main);
        assert_eq!(tip(listed, Some("main")), main);
        assert_eq!(tip(listed, Some("v1")).unwrap().0, "bbb");
        assert_eq!(tip(listed, Some("v2")), None);
        assert_eq!(tip("", None), None);
    }

    #[test]
    fn contents_are_parted_by_their_sizes() {
        let texts = contents(b"aa blob 3\nx\ny\nbb missing\ncc blob 0\n\n");
        assert_eq!(texts.len(), 2);
        assert_eq!(texts["aa"].as_ref(), b"x\ny");
        assert_eq!(texts["cc"].as_ref(), b"");
    }
}
