//! Publishing a folder by the system's `git`.
//!
//! The repository's own data lies in a folder of its own, so that the workspace stays exactly what the template made. A
//! token goes to Git by the environment alone; nothing of it is in arguments, files, logs or messages.

mod said;

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::scaffolder::outside::GitLogin;

/// Takes a changed file: its path, and what it held and holds.
pub(super) type EachChange<'a> = dyn FnMut(&str, Option<&[u8]>, Option<&[u8]>) + 'a;

/// The date of commits that nobody sees.
pub(crate) const SOME_TIME: u64 = 1_000_000_000;
/// How often a running Git is looked at.
const TICK: Duration = Duration::from_millis(20);
/// The most files of which is told what becomes of them.
const MAX_CHANGES: usize = 200;
/// The most of Git's words that is kept.
const MAX_OUTPUT: usize = 64 << 10;
/// The most that is read of it where it is a list or a patch.
const MAX_LIST: u64 = 32 << 20;

/// Why Git did not do it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    /// There is no `git`.
    #[error("git cannot be started ({0}); install it to publish repositories")]
    Missing(std::io::Error),
    /// It said no.
    #[error("git {command} failed: {output}")]
    Failed {
        /// What it was to do.
        command: String,
        /// What it said, on one line.
        output: String,
    },
    /// The user stopped it.
    #[error("stopped")]
    Stopped,
    /// A remote that Git must not be given.
    #[error(
        "{0:?} is no repository to push to; use https://, ssh://, git@host:path or a path on this machine"
    )]
    Remote(String),
}

/// Who commits what, where to.
pub(super) struct Commit<'a> {
    pub(super) branch: &'a str,
    pub(super) message: &'a str,
    pub(super) author: &'a str,
    pub(super) email: &'a str,
    /// Seconds since 1970: the same commit made twice is the same.
    pub(super) date: u64,
}

/// What a commit stands on top of.
pub(super) struct Change<'a> {
    pub(super) remote: &'a str,
    /// The branch it begins at.
    pub(super) base: &'a str,
    /// Files that go.
    pub(super) delete: &'a [String],
    /// Whether it is put on top of its own branch, where that is there.
    pub(super) update: bool,
    pub(super) login: Option<&'a GitLogin>,
}

/// What Git said.
pub(crate) struct Said {
    /// How it ended; 0 where all is well.
    pub(crate) code: i32,
    /// What it printed.
    pub(crate) output: Vec<u8>,
    /// What it complained of.
    pub(crate) errors: String,
}

/// A repository of `work_tree` whose data lie in `folder`.
pub(crate) struct Repository<'a> {
    date: u64,
    folder: &'a Path,
    work_tree: &'a Path,
    stop: &'a dyn Fn() -> bool,
}

impl<'a> Repository<'a> {
    /// Begins a repository with nothing in it.
    pub(crate) fn begin(
        folder: &'a Path,
        work_tree: &'a Path,
        date: u64,
        stop: &'a dyn Fn() -> bool,
    ) -> Result<Self, GitError> {
        let repository = Self::open(folder, work_tree, date, stop);
        repository.git(&["init", "--quiet", "--template="], None)?;
        Ok(repository)
    }

    /// The repository that is in `folder` already; what is added is taken from `work_tree`.
    pub(crate) fn open(
        folder: &'a Path,
        work_tree: &'a Path,
        date: u64,
        stop: &'a dyn Fn() -> bool,
    ) -> Self {
        Self {
            date,
            folder,
            work_tree,
            stop,
        }
    }

    /// Begins a repository and commits everything in `work_tree` but what its `.gitignore` names.
    pub(super) fn commit(
        folder: &'a Path,
        work_tree: &'a Path,
        commit: &Commit<'_>,
        stop: &'a dyn Fn() -> bool,
    ) -> Result<Self, GitError> {
        let repository = Self {
            date: commit.date,
            folder,
            work_tree,
            stop,
        };
        let branch = format!("--initial-branch={}", commit.branch);
        repository.git(&["init", "--quiet", "--template=", &branch], None)?;
        repository.git(&["add", "--all"], None)?;
        repository.record(commit)?;
        Ok(repository)
    }

    /// Commits what is in the index.
    fn record(&self, commit: &Commit<'_>) -> Result<(), GitError> {
        let name = format!("user.name={}", commit.author);
        let email = format!("user.email={}", commit.email);
        let message = format!("--message={}", commit.message);
        let words = [
            "-c",
            name.as_str(),
            "-c",
            email.as_str(),
            "commit",
            "--quiet",
            "--allow-empty",
            "--no-verify",
            message.as_str(),
        ];
        self.git(&words, None)?;
        Ok(())
    }

    /// Begins a repository whose `commit` stands on top of a branch of another one: what is in `work_tree` is added, nothing
    /// that is not there is taken away. Also says whether anything is new.
    pub(super) fn on_top(
        folder: &'a Path,
        work_tree: &'a Path,
        commit: &Commit<'_>,
        change: &Change<'_>,
        stop: &'a dyn Fn() -> bool,
    ) -> Result<(Self, bool), GitError> {
        check_remote(change.remote)?;
        let repository = Self {
            date: commit.date,
            folder,
            work_tree,
            stop,
        };
        // What is pushed for review stands on no branch of its own.
        let initial = commit.branch.strip_prefix("refs/for/");
        let branch = format!("--initial-branch={}", initial.unwrap_or(commit.branch));
        repository.git(&["init", "--quiet", "--template=", &branch], None)?;
        let login = change.login.map(|login| (change.remote, login));
        let fetch = |branch: &str| {
            let what = format!("+refs/heads/{branch}:refs/stagedoor/base");
            let words = [
                "fetch",
                "--quiet",
                "--depth=1",
                "--no-tags",
                "--",
                change.remote,
                &what,
            ];
            repository.git(&words, login).map(drop)
        };
        // Only git itself can say whether a branch is there; if not, it begins at its base.
        if !(change.update && fetch(commit.branch).is_ok()) {
            fetch(change.base)?;
        }
        repository.git(&["update-ref", "HEAD", "refs/stagedoor/base"], None)?;
        repository.git(&["read-tree", "HEAD"], None)?;
        repository.git(&["add", "--ignore-removal", "."], None)?;
        if !change.delete.is_empty() {
            let mut words = vec!["rm", "-r", "--quiet", "--cached", "--ignore-unmatch", "--"];
            words.extend(change.delete.iter().map(String::as_str));
            repository.git(&words, None)?;
        }
        let tree = repository.git(&["write-tree"], None)?;
        let before = repository.git(&["rev-parse", "HEAD^{tree}"], None)?;
        let is_change = tree != before;
        repository.record(commit)?;
        Ok((repository, is_change))
    }

    /// Hands each file that the commit on top of another one makes, changes or removes to `each`: its path, and what it held
    /// and holds.
    pub(super) fn each_change(&self, each: &mut EachChange<'_>) -> Result<(), GitError> {
        let words = ["diff", "--name-only", "--no-renames", "-z"];
        let words = [&words[..], &["refs/stagedoor/base", "HEAD"]].concat();
        let names = self.git(&words, None)?;
        let names = names.split('\0').filter(|name| !name.is_empty());
        for name in names.take(MAX_CHANGES) {
            let at = |revision: &str| {
                self.git(&["show", &format!("{revision}:{name}")], None)
                    .ok()
            };
            let (old, new) = (at("refs/stagedoor/base"), at("HEAD"));
            each(
                name,
                old.as_deref().map(str::as_bytes),
                new.as_deref().map(str::as_bytes),
            );
        }
        Ok(())
    }

    /// The commit's id.
    pub(super) fn head(&self) -> Result<String, GitError> {
        Ok(self.git(&["rev-parse", "HEAD"], None)?.trim().to_owned())
    }

    /// Makes `branch` at `commit` in another repository of this machine: that one fetches the commit from here. No branch
    /// that is there is overwritten, and none is checked out.
    pub(crate) fn hand_over(
        &self,
        there: &Repository<'_>,
        commit: &str,
        branch: &str,
    ) -> Result<(), GitError> {
        self.git(&["update-ref", "refs/heads/stagedoor-handed", commit], None)?;
        let from = url::Url::from_file_path(self.folder).map(String::from);
        let from = from.map_err(|()| GitError::Remote(self.folder.display().to_string()))?;
        let what = format!("refs/heads/stagedoor-handed:refs/heads/{branch}");
        let words = [
            "-c",
            "core.fsmonitor=false",
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-auto-gc",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--",
            &from,
            &what,
        ];
        there.git(&words, None)?;
        Ok(())
    }

    /// Pushes `branch`, which may be a whole reference, to `remote`. A branch that is there already is not overwritten.
    pub(super) fn push(
        &self,
        remote: &str,
        branch: &str,
        login: Option<&GitLogin>,
    ) -> Result<(), GitError> {
        check_remote(remote)?;
        let what = if branch.starts_with("refs/") {
            format!("HEAD:{branch}")
        } else {
            format!("HEAD:refs/heads/{branch}")
        };
        let login = login.map(|login| (remote, login));
        self.git(&["push", "--quiet", "--", remote, &what], login)?;
        Ok(())
    }

    /// Runs Git and gives what it printed. `login` is used with requests to the address it comes with.
    pub(crate) fn git(
        &self,
        words: &[&str],
        login: Option<(&str, &GitLogin)>,
    ) -> Result<String, GitError> {
        let said = self.ask(words, login)?;
        if said.code == 0 {
            let end = said.output.len().min(MAX_OUTPUT);
            let output = said.output.get(..end).unwrap_or_default();
            return Ok(String::from_utf8_lossy(output).into_owned());
        }
        let command = words
            .iter()
            .find(|word| {
                [
                    "init",
                    "add",
                    "commit",
                    "push",
                    "rev-parse",
                    "fetch",
                    "rm",
                    "read-tree",
                    "ls-remote",
                ]
                .contains(word)
            })
            .unwrap_or(&"");
        Err(GitError::Failed {
            command: (*command).to_owned(),
            output: said::said(&said.errors),
        })
    }

    /// Runs Git and gives what it said, however it ended.
    pub(crate) fn ask(
        &self,
        words: &[&str],
        login: Option<(&str, &GitLogin)>,
    ) -> Result<Said, GitError> {
        let (mut output, mut errors) = (spool()?, spool()?);
        let mut git = Command::new("git");
        git.current_dir(self.work_tree)
            .env("GIT_DIR", self.folder)
            .env("GIT_WORK_TREE", self.work_tree)
            .env_remove("GIT_INDEX_FILE")
            .env("GIT_AUTHOR_DATE", format!("{} +0000", self.date))
            .env("GIT_COMMITTER_DATE", format!("{} +0000", self.date))
            // Names of files are names, whatever they begin with.
            .env("GIT_LITERAL_PATHSPECS", "1")
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("GIT_SSH_COMMAND", "ssh -oBatchMode=yes")
            .env("GIT_ALLOW_PROTOCOL", "https:http:ssh:file")
            .args(words)
            .stdin(Stdio::null())
            .stdout(output.try_clone().map_err(GitError::Missing)?)
            .stderr(errors.try_clone().map_err(GitError::Missing)?);
        let mut settings = vec![
            ("core.hooksPath".to_owned(), "/dev/null".to_owned()),
            ("core.excludesFile".to_owned(), "/dev/null".to_owned()),
            ("core.autocrlf".to_owned(), "false".to_owned()),
            ("commit.gpgSign".to_owned(), "false".to_owned()),
            ("http.followRedirects".to_owned(), "false".to_owned()),
        ];
        if let Some((address, login)) = login {
            let pair = BASE64.encode(format!("{}:{}", login.username, login.token));
            let header = format!("Authorization: Basic {pair}");
            settings.push((format!("http.{address}.extraHeader"), header));
            if let Some(file) = &login.ca_bundle {
                git.env("GIT_SSL_CAINFO", file);
            }
        }
        git.env("GIT_CONFIG_COUNT", settings.len().to_string());
        for (index, (key, value)) in settings.into_iter().enumerate() {
            git.env(format!("GIT_CONFIG_KEY_{index}"), key);
            git.env(format!("GIT_CONFIG_VALUE_{index}"), value);
        }
        let mut child = git.spawn().map_err(GitError::Missing)?;
        let status = loop {
            if let Some(status) = child.try_wait().map_err(GitError::Missing)? {
                break status;
            }
            if (self.stop)() {
                // It may have ended by itself in the meantime; then there is nothing to stop.
                let _ = child.kill();
                let _ = child.wait();
                return Err(GitError::Stopped);
            }
            std::thread::sleep(TICK);
        };
        Ok(Said {
            code: status.code().unwrap_or(-1),
            output: bytes_of(&mut output),
            errors: String::from_utf8_lossy(&bytes_of(&mut errors)).into_owned(),
        })
    }
}

fn spool() -> Result<File, GitError> {
    tempfile::tempfile().map_err(GitError::Missing)
}

fn bytes_of(file: &mut File) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = file
        .seek(SeekFrom::Start(0))
        .and_then(|_| file.take(MAX_LIST).read_to_end(&mut bytes));
    match read {
        Ok(_) => bytes,
        Err(error) => error.to_string().into_bytes(),
    }
}

/// A remote must be an address that Git cannot take for an option or a command, and must hold no password.
pub(crate) fn check_remote(remote: &str) -> Result<(), GitError> {
    let wrong = || GitError::Remote(remote.split('@').next_back().unwrap_or_default().to_owned());
    if let Ok(url) = url::Url::parse(remote) {
        let loopback = matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        let allowed = match url.scheme() {
            "https" | "ssh" | "file" => true,
            "http" => loopback,
            _ => false,
        };
        if allowed && url.password().is_none() {
            return Ok(());
        }
        return Err(wrong());
    }
    let scp_like = remote.split_once(':').is_some_and(|(host, path)| {
        host.contains('@') && !host.starts_with('-') && !host.contains('/') && !path.is_empty()
    });
    if Path::new(remote).is_absolute() || scp_like {
        return Ok(());
    }
    Err(wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_addresses_are_pushed_to() {
        for remote in [
            "https://github.com/a/b.git",
            "ssh://git@host/a/b",
            "git@github.com:a/b.git",
            "/srv/git/b.git",
            "file:///srv/b.git",
            "http://127.0.0.1:3000/a/b",
        ] {
            assert!(check_remote(remote).is_ok(), "{remote}");
        }
        for remote in [
            "http://example.com/a",
            "ext::sh -c x",
            "--upload-pack=x",
            "https://u:secret@h/a",
            "relative/path",
            "-o@h:x",
        ] {
            let error = check_remote(remote);
            assert!(error.is_err(), "{remote}");
            assert!(!format!("{error:?}").contains("secret"));
        }
    }
}
