//! One bare repository of `git`.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Makes an empty repository.
pub(super) fn create(dir: &Path) {
    fs::create_dir_all(dir).unwrap();
    git(
        dir,
        &["init", "--quiet", "--bare", "--initial-branch=main", "."],
    );
    for setting in [
        "uploadpack.allowFilter",
        "uploadpack.allowAnySHA1InWant",
        "http.receivepack",
    ] {
        git(dir, &["config", setting, "true"]);
    }
}

/// Commits the content of the folder `tree` as the whole content of the repository.
pub(super) fn commit(dir: &Path, tree: &Path) {
    let folder = tree.display().to_string();
    let work_tree = format!("--work-tree={folder}");
    let here = ["--git-dir=.", work_tree.as_str()];
    git(
        dir,
        &[&here[..], &["add", "--all", "--force", &folder]].concat(),
    );
    let commit = ["commit", "--quiet", "--allow-empty", "-m", "Content"];
    git(dir, &[&here[..], &commit].concat());
}

/// Lets the repository begin another branch.
pub(super) fn switch(dir: &Path, branch: &str) {
    git(
        dir,
        &["symbolic-ref", "HEAD", &format!("refs/heads/{branch}")],
    );
}

/// The object id of `expression`.
pub(super) fn oid(dir: &Path, expression: &str) -> Option<String> {
    let expression = if expression.contains(':') {
        expression.to_owned()
    } else {
        format!("{expression}^{{}}")
    };
    let text = output(dir, &["rev-parse", "--verify", "--quiet", &expression])?;
    Some(String::from_utf8(text).unwrap().trim().to_owned())
}

/// Type and content of an object.
pub(super) fn object(dir: &Path, oid: &str) -> Option<(String, Vec<u8>)> {
    let kind = String::from_utf8(output(dir, &["cat-file", "-t", oid])?).unwrap();
    Some((
        kind.trim().to_owned(),
        output(dir, &["cat-file", kind.trim(), oid])?,
    ))
}

/// The paths and object ids of all files at a commit.
pub(super) fn files(dir: &Path, commit: &str) -> Option<Vec<(String, String)>> {
    let text = output(dir, &["ls-tree", "-r", "-z", commit])?;
    let text = String::from_utf8(text).unwrap();
    let lines = text.split('\0').filter(|line| !line.is_empty());
    let file = |line: &str| {
        let (entry, path) = line.split_once('\t').unwrap();
        let mut words = entry.split(' ').skip(1);
        let (kind, oid) = (words.next().unwrap(), words.next().unwrap());
        (kind == "blob").then(|| (path.to_owned(), oid.to_owned()))
    };
    Some(lines.filter_map(file).collect())
}

/// The entries of the root at a commit; with `all`, the files of all folders.
pub(super) fn tree(dir: &Path, commit: &str, all: bool) -> Option<Vec<super::Entry>> {
    let options: &[&str] = if all { &["-r"] } else { &[] };
    let arguments = [&["ls-tree", "-z"], options, &[commit]].concat();
    let text = String::from_utf8(output(dir, &arguments)?).unwrap();
    let lines = text.split('\0').filter(|line| !line.is_empty());
    let entry = |line: &str| {
        let (entry, path) = line.split_once('\t').unwrap();
        let words: Vec<&str> = entry.split(' ').collect();
        super::Entry {
            mode: words[0].to_owned(),
            oid: words[2].to_owned(),
            path: path.to_owned(),
        }
    };
    Some(lines.map(entry).collect())
}

fn git(dir: &Path, arguments: &[&str]) {
    assert!(
        output(dir, arguments).is_some(),
        "git {arguments:?} in {}",
        dir.display()
    );
}

fn output(dir: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
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
    output.status.success().then_some(output.stdout)
}
