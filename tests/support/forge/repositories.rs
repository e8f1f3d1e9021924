//! The bare repositories of the forge.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Bare repositories below a folder of their own, each at `OWNER/NAME.git`.
#[derive(Debug)]
pub(crate) struct Repositories {
    root: tempfile::TempDir,
}

impl Repositories {
    /// No repositories yet.
    pub(crate) fn new() -> Self {
        Self {
            root: tempfile::tempdir().unwrap(),
        }
    }

    /// The folder of all.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// The folder of one, `OWNER/NAME`.
    pub(crate) fn dir(&self, name: &str) -> PathBuf {
        self.root().join(format!("{name}.git"))
    }

    /// Makes an empty repository; false where there is one already.
    pub(crate) fn create(&self, name: &str) -> bool {
        let dir = self.dir(name);
        if dir.exists() {
            return false;
        }
        fs::create_dir_all(&dir).unwrap();
        git(
            &dir,
            &["init", "--quiet", "--bare", "--initial-branch=main", "."],
        );
        for setting in [
            "uploadpack.allowFilter",
            "uploadpack.allowAnySHA1InWant",
            "http.receivepack",
        ] {
            git(&dir, &["config", setting, "true"]);
        }
        true
    }

    /// Commits exactly `files` as the whole content of the repository `name`, which is made if it is not there.
    pub(crate) fn commit(&self, name: &str, files: &[(&str, &str)]) {
        self.commit_tree(name, |tree| {
            for (path, text) in files {
                let path = tree.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, text).unwrap();
            }
        });
    }

    /// Commits what `fill` puts into a folder as the whole content of the repository `name`.
    pub(crate) fn commit_tree(&self, name: &str, fill: impl FnOnce(&Path)) {
        self.create(name);
        let dir = self.dir(name);
        let tree = tempfile::tempdir().unwrap();
        fill(tree.path());
        let work_tree = format!("--work-tree={}", tree.path().display());
        git(
            &dir,
            &[
                "--git-dir=.",
                &work_tree,
                "add",
                "--all",
                "--force",
                &format!("{}", tree.path().display()),
            ],
        );
        git(
            &dir,
            &[
                "--git-dir=.",
                &work_tree,
                "commit",
                "--quiet",
                "--allow-empty",
                "-m",
                "Content",
            ],
        );
    }

    /// The names of the repositories of `owner`, sorted.
    pub(crate) fn of(&self, owner: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.root().join(owner)) else {
            return Vec::new();
        };
        let mut names: Vec<String> = entries
            .filter_map(|entry| {
                let name = entry.unwrap().file_name().into_string().unwrap();
                name.strip_suffix(".git").map(str::to_owned)
            })
            .collect();
        names.sort();
        names
    }

    /// The object id of `expression` in `name`.
    pub(crate) fn oid(&self, name: &str, expression: &str) -> Option<String> {
        let expression = format!("{expression}^{{}}");
        let expression = if expression.contains(':') {
            expression.trim_end_matches("^{}").to_owned()
        } else {
            expression
        };
        output(
            &self.dir(name),
            &["rev-parse", "--verify", "--quiet", &expression],
        )
        .map(|text| text.trim().to_owned())
    }

    /// Type and content of an object.
    pub(crate) fn object(&self, name: &str, oid: &str) -> Option<(String, String)> {
        let dir = self.dir(name);
        let kind = output(&dir, &["cat-file", "-t", oid])?.trim().to_owned();
        Some((kind, output(&dir, &["cat-file", "-p", oid])?))
    }
}

fn git(dir: &Path, arguments: &[&str]) {
    assert!(
        output(dir, arguments).is_some(),
        "git {arguments:?} in {}",
        dir.display()
    );
}

fn output(dir: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git")
        .current_dir(dir)
        .args([
            "-c",
            "user.name=Forge",
            "-c",
            "user.email=forge@example.com",
        ])
        .args(arguments)
        .env_remove("GIT_DIR")
        .output()
        .unwrap();
    output
        .status
        .success()
        .then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
