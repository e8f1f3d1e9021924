//! One bare repository in the cache: what its tip is, what it holds, and contents by object id.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use xxhash_rust::xxh3::xxh3_64;

use super::super::lines::Turn;
use super::super::{HostError, Lines, MAX_FILE};
use super::remote::Remote;

/// A repository that mirrors the tip of a remote.
#[derive(Debug)]
pub(super) struct Repository {
    pub(super) remote: Remote,
    pub(super) dir: PathBuf,
    is_new: AtomicBool,
    pub(super) turn: Turn,
}

/// The commit that is read, or a tag that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tip {
    /// Its object id.
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
    /// The mirror of `remote`.
    pub(super) fn new(remote: Remote, lines: &Lines) -> Self {
        let name = format!("{:016x}.git", xxh3_64(remote.url().as_bytes()));
        let dir = remote.git.cache().join(name);
        Self {
            remote,
            turn: lines.turn(&dir),
            dir,
            is_new: AtomicBool::new(false),
        }
    }

    /// Where the tip of `reference` is, else that of the default branch: one request, and `None` where there is none.
    pub(super) async fn tip(&self, reference: Option<&str>) -> Result<Option<Tip>, HostError> {
        self.remote.tip(reference).await
    }

    /// Brings `tip` without its history and contents, where it is not here, and says what files it has. The name of the
    /// tip that is given is the short one.
    pub(super) async fn open(&self, tip: &Tip) -> Result<(Tip, Vec<Entry>), HostError> {
        let _turn = self.turn.lock().await;
        let open = async || {
            let tip = self.fetch(tip).await?;
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
        let _turn = self.turn.lock().await;
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

    async fn fetch(&self, tip: &Tip) -> Result<Tip, HostError> {
        let Tip { commit, name } = tip;
        self.prepare(ObjectFormat::of(commit))?;
        if self.is_new() || !self.has_commit(commit).await {
            let moved = self.moved();
            let mut arguments: Vec<&str> = moved.iter().map(String::as_str).collect();
            let refspec = format!("+{name}:refs/stagedoor/tip");
            arguments.extend([
                "fetch",
                "--quiet",
                "--no-tags",
                "--depth=1",
                "--filter=blob:none",
                "--no-write-fetch-head",
                "origin",
                &refspec,
            ]);
            self.git(&arguments).await?;
        }
        let short = ["refs/heads/", "refs/tags/"]
            .iter()
            .find_map(|prefix| name.strip_prefix(prefix))
            .unwrap_or(name);
        let mut commit = commit.clone();
        if name != "HEAD" && !name.starts_with("refs/heads/") {
            // A tag may be an object of its own; what is read is the commit it names.
            let named = format!("{commit}^{{commit}}");
            let arguments = ["rev-parse", "--verify", "--quiet", &named];
            self.git(&arguments).await?.trim().clone_into(&mut commit);
        }
        Ok(Tip {
            commit,
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
        let format = oids
            .first()
            .map_or(ObjectFormat::Sha1, |oid| ObjectFormat::of(oid));
        self.prepare(format)?;
        // Looking first keeps an unchanged repository silent; of one that was just made nothing is here.
        let mut texts = HashMap::new();
        let mut missing = oids.to_vec();
        if !self.is_new() {
            (texts, missing) = self.kept(oids).await?;
        }
        if !missing.is_empty() {
            self.fetch_missing(&missing).await?;
            texts.extend(self.kept(&missing).await?.0);
        }
        Ok(texts)
    }

    /// The contents of those of `oids` that are here, but for those that are too large; and those that are not here.
    async fn kept<'a>(
        &self,
        oids: &[&'a str],
    ) -> Result<(HashMap<String, Arc<[u8]>>, Vec<&'a str>), HostError> {
        let mut list = oids.join("\n");
        list.push('\n');
        let output = self.run(&["cat-file", "--batch"], &list).await?;
        let (texts, missing) = contents(&output);
        let missing = oids.iter().copied().filter(|oid| missing.contains(*oid));
        Ok((texts, missing.collect()))
    }

    async fn fetch_missing(&self, missing: &[&str]) -> Result<(), HostError> {
        let moved = self.moved();
        let mut arguments: Vec<&str> = moved.iter().map(String::as_str).collect();
        arguments.extend([
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
        ]);
        self.run(&arguments, &missing.join("\n")).await.map(drop)
    }

    /// Makes the empty repository that will be filled, where there is none. It is made aside and moved into place, so
    /// that none is ever there by half. This is all that `git init` would do that matters: starting a few programs for
    /// each of thousands of repositories takes longer than asking for them.
    fn prepare(&self, format: ObjectFormat) -> Result<(), HostError> {
        if self.dir.join("HEAD").is_file() {
            return Ok(());
        }
        self.is_new.store(true, Ordering::Relaxed);
        self.begin(&self.dir, format)
    }

    /// Makes an empty repository in `dir`, aside and moved into place.
    pub(super) fn begin(&self, dir: &Path, format: ObjectFormat) -> Result<(), HostError> {
        let config = format!(
            "[core]\n\trepositoryFormatVersion = 1\n\tbare = true\n[extensions]\n\tpartialClone = origin\n{}\
             [remote \"origin\"]\n\turl = \"{}\"\n\tpromisor = true\n\tpartialCloneFilter = blob:none\n",
            match format {
                ObjectFormat::Sha1 => "",
                ObjectFormat::Sha256 => "\tobjectFormat = sha256\n",
            },
            escaped(self.remote.url())
        );
        let make = || {
            let cache = self.remote.git.cache();
            fs::create_dir_all(cache)?;
            let new = tempfile::tempdir_in(cache)?;
            fs::create_dir(new.path().join("objects"))?;
            fs::create_dir(new.path().join("refs"))?;
            fs::write(new.path().join("config"), config)?;
            fs::write(new.path().join("HEAD"), "ref: refs/heads/main\n")?;
            let _ = fs::remove_dir_all(dir);
            fs::rename(new.keep(), dir)
        };
        make().map_err(|error| HostError::Failed {
            place: dir.display().to_string(),
            reason: error.to_string(),
        })
    }

    /// Whether nothing was here when it was first needed: what is asked for now is sure to be missing.
    fn is_new(&self) -> bool {
        self.is_new.load(Ordering::Relaxed)
    }

    /// What tells `git` where its host has moved the repository, where it has. A token is never sent on, so `git` is not
    /// left to follow by itself.
    pub(super) fn moved(&self) -> Vec<String> {
        let setting = |to: &str| format!("url.{to}.insteadOf={}", self.remote.url());
        // A setting ends its name at the first sign of equality.
        let to = self.remote.moved_to().filter(|to| !to.contains('='));
        to.map_or_else(Vec::new, |to| vec!["-c".to_owned(), setting(to)])
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
        let output = self.run(arguments, "").await?;
        String::from_utf8(output).map_err(|_| HostError::Failed {
            place: self.remote.url().to_owned(),
            reason: "holds names that are not UTF-8".to_owned(),
        })
    }

    async fn run(&self, arguments: &[&str], input: &str) -> Result<Vec<u8>, HostError> {
        let Remote { git, .. } = &self.remote;
        let url = self.remote.url();
        git.run(&self.dir, url, arguments, input.as_bytes()).await
    }
}

/// How a repository names its objects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ObjectFormat {
    Sha1,
    Sha256,
}

impl ObjectFormat {
    /// That of the repository in which an object has the id `oid`.
    pub(super) fn of(oid: &str) -> Self {
        if oid.len() == 64 {
            Self::Sha256
        } else {
            Self::Sha1
        }
    }
}

/// `text` between the quotes of a value in a file of `git config`.
fn escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    text.replace('\n', "\\n").replace('\t', "\\t")
}

/// The commit and the full name of the reference in what `ls-remote --symref` printed.
pub(super) fn tip(listed: &str, reference: Option<&str>) -> Option<Tip> {
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
            Some(Tip {
                commit: oid_of("HEAD")?,
                name: branch.to_owned(),
            })
        }
        Some(reference) => [
            format!("refs/heads/{reference}"),
            format!("refs/tags/{reference}"),
            reference.to_owned(),
        ]
        .into_iter()
        .find_map(|name| {
            let commit = oid_of(&name)?;
            Some(Tip { commit, name })
        }),
    }
}

/// The contents in what `cat-file --batch` printed, by object id; and the ids of what it did not find.
fn contents(output: &[u8]) -> (HashMap<String, Arc<[u8]>>, HashSet<String>) {
    let mut texts = HashMap::new();
    let mut missing = HashSet::new();
    let mut rest = output;
    while let Some(end) = rest.iter().position(|&byte| byte == b'\n') {
        let (head, body) = rest.split_at(end);
        let body = body.get(1..).unwrap_or_default();
        let head = String::from_utf8_lossy(head);
        let mut facts = head.split(' ');
        let (oid, kind) = (facts.next().unwrap_or_default(), facts.next());
        let Some(size) = facts.next().and_then(|size| size.parse::<usize>().ok()) else {
            // "OID missing" has no body.
            missing.insert(oid.to_owned());
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
    (texts, missing)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_tip_is_the_named_branch_or_tag_or_the_default() {
        let listed =
            "ref: refs/heads/main\tHEAD\naaa\tHEAD\naaa\trefs/heads/main\nbbb\trefs/tags/v1\n";
        let main = Some(Tip {
            commit: "aaa".to_owned(),
            name: "refs/heads/main".to_owned(),
        });
        assert_eq!(tip(listed, None), main);
        assert_eq!(tip(listed, Some("main")), main);
        assert_eq!(tip(listed, Some("v1")).unwrap().commit, "bbb");
        assert_eq!(tip(listed, Some("v2")), None);
        assert_eq!(tip("", None), None);
    }

    #[test]
    fn contents_are_parted_by_their_sizes() {
        let (texts, missing) = contents(b"aa blob 3\nx\ny\nbb missing\ncc blob 0\n\n");
        assert_eq!(missing, HashSet::from(["bb".to_owned()]));
        assert_eq!(texts.len(), 2);
        assert_eq!(texts["aa"].as_ref(), b"x\ny");
        assert_eq!(texts["cc"].as_ref(), b"");
    }
}
