//! A Git work tree of this machine at a branch, tag or commit: what it held then, read by the system's `git` without
//! checking anything out.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use super::HostError;
use super::file::work_tree_root;
use super::names::Contents;

/// A work tree at a commit.
#[derive(Debug, Clone)]
pub struct WorkTree {
    root: PathBuf,
    commit: String,
}

impl WorkTree {
    /// The work tree around `folder` at `revision`, and the path of `folder` in it; `None` where there is none, or it knows
    /// no such revision.
    pub fn open(folder: &Path, revision: &str) -> Result<Option<(Self, String)>, HostError> {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let Some(root) = work_tree_root(&folder) else {
            return Ok(None);
        };
        let path = folder.strip_prefix(&root).unwrap_or(Path::new(""));
        let path = path.to_string_lossy().replace('\\', "/");
        let mut tree = Self {
            root,
            commit: String::new(),
        };
        for name in names(revision) {
            let wanted = format!("{name}^{{commit}}");
            let arguments = [
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &wanted,
            ];
            if let Ok(found) = tree.git(&arguments, "") {
                String::from_utf8_lossy(&found)
                    .trim()
                    .clone_into(&mut tree.commit);
                return Ok(Some((tree, path)));
            }
        }
        Ok(None)
    }

    /// The commit.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// The files below `folder`, which counts from the root, relative to it.
    pub fn names(&self, folder: &str) -> Result<Vec<String>, HostError> {
        let below = format!("{}/", folder.trim_matches('/'));
        let mut arguments = vec![
            "ls-tree",
            "-r",
            "-z",
            "--name-only",
            "--full-tree",
            &self.commit,
        ];
        if below.len() > 1 {
            arguments.extend(["--", &below]);
        }
        let listed = self.git(&arguments, "")?;
        let listed = String::from_utf8_lossy(&listed);
        let names = listed.split('\0').filter(|name| !name.is_empty());
        let below = below.trim_start_matches('/');
        Ok(names
            .filter_map(|name| Some(name.strip_prefix(below)?.to_owned()))
            .collect())
    }

    /// The contents of the files at `paths`, which count from the root.
    pub fn contents(&self, paths: &[String]) -> Result<Contents, HostError> {
        let mut list = String::new();
        for path in paths {
            // What cannot be asked for by its name is not there.
            let path = if path.contains('\n') { "" } else { path };
            list.extend([&self.commit, ":", path, "\n"]);
        }
        let output = self.git(&["cat-file", "--batch"], &list)?;
        let mut rest = output.as_slice();
        let mut contents = Vec::with_capacity(paths.len());
        for _ in paths {
            contents.push(next(&mut rest));
        }
        Ok(contents)
    }

    fn git(&self, arguments: &[&str], input: &str) -> Result<Vec<u8>, HostError> {
        let failed = |reason: String| HostError::Failed {
            place: self.root.display().to_string(),
            reason,
        };
        let mut child = Command::new("git")
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failed(format!("git cannot be started: {error}")))?;
        let stdin = child.stdin.take();
        let input = input.to_owned();
        // It is written while the answer is read: either could fill its pipe.
        let writing = std::thread::spawn(move || {
            stdin.map_or(Ok(()), |mut stdin| stdin.write_all(input.as_bytes()))
        });
        let output = child
            .wait_with_output()
            .map_err(|error| failed(error.to_string()))?;
        // A git that ends early says so by its status.
        drop(writing.join());
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(failed("git does not know that revision".to_owned()))
        }
    }
}

/// The names under which `revision` may be known: as it is, as a branch of `origin`, as a pull request that was fetched.
fn names(revision: &str) -> Vec<String> {
    let mut names = vec![
        revision.to_owned(),
        format!("refs/remotes/origin/{revision}"),
    ];
    if let Some(number) = super::revision::pull_request(revision) {
        names.push(format!("refs/pull/{number}/head"));
        names.push(format!("refs/merge-requests/{number}/head"));
        names.push(format!("refs/remotes/origin/pr/{number}"));
    }
    names
}

/// The next content that `cat-file --batch` printed, which is taken off `rest`; `None` where it found nothing, or no file.
fn next(rest: &mut &[u8]) -> Option<Arc<[u8]>> {
    let end = rest.iter().position(|&byte| byte == b'\n')?;
    let (head, body) = rest.split_at(end);
    *rest = body.get(1..).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let mut words = head.rsplit(' ');
    let size: usize = words.next()?.parse().ok()?;
    let kind = words.next()?.to_owned();
    let content = rest.get(..size)?;
    let found = (kind == "blob").then(|| content.into());
    *rest = rest.get(size + 1..).unwrap_or_default();
    found
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::fs;

    use super::*;

    fn git(dir: &Path, arguments: &[&str]) {
        let done = Command::new("git")
            .arg("-C")
            .arg(dir)
            .args(["-c", "user.name=t", "-c", "user.email=t@acme.dev"])
            .args(arguments)
            .output()
            .unwrap();
        assert!(done.status.success(), "{arguments:?}");
    }

    #[test]
    fn a_work_tree_is_read_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let docs = dir.path().join("site/docs");
        fs::create_dir_all(&docs).unwrap();
        git(dir.path(), &["init", "-q", "-b", "main"]);
        fs::write(docs.join("a b.md"), "old").unwrap();
        git(dir.path(), &["add", "."]);
        git(dir.path(), &["commit", "-qm", "one"]);
        git(dir.path(), &["tag", "v1"]);
        git(dir.path(), &["update-ref", "refs/pull/7/head", "HEAD"]);
        fs::write(docs.join("a b.md"), "new").unwrap();
        git(dir.path(), &["commit", "-qam", "two"]);
        for revision in ["v1", "HEAD~1", "pr/7"] {
            let (tree, path) = WorkTree::open(&dir.path().join("site"), revision)
                .unwrap()
                .unwrap();
            assert_eq!(path, "site");
            assert_eq!(tree.names("site").unwrap(), ["docs/a b.md"]);
            let wanted = [
                "site/docs/a b.md",
                "site/docs",
                "site/no.md",
                "site/docs/a b.md",
            ];
            let found = tree.contents(&wanted.map(str::to_owned)).unwrap();
            let text = Some(b"old".as_slice());
            let found: Vec<Option<&[u8]>> = found.iter().map(Option::as_deref).collect();
            assert_eq!(found, [text, None, None, text], "{revision}");
        }
        assert!(WorkTree::open(dir.path(), "no-such").unwrap().is_none());
        assert!(WorkTree::open(dir.path(), "--all").unwrap().is_none());
    }
}
