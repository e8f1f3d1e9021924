//! When parts of work trees of this machine were last committed: the history of each is walked once, the last commit first,
//! for all that is asked of it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::file::work_tree_root;

/// How many commits are looked at.
const MAX_COMMITS: &str = "-n20000";
/// For how long one history is walked.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest line that is read, in bytes.
const MAX_LINE: u64 = 16 << 10;
/// What stands before the time of a commit.
const MARK: char = '\u{1}';

/// A folder, and what is set apart in it: its docs.
#[derive(Debug, Clone)]
pub struct Split {
    /// The folder.
    pub folder: PathBuf,
    /// Files and folders in it.
    pub apart: Vec<String>,
}

/// When what is set apart in each of `splits` was last committed, and when the rest of its folder was; in seconds since 1970.
/// `None` outside of a work tree, where its history is cut short, and where that holds too much.
pub fn last_changes(splits: &[Split]) -> Vec<Option<(u64, u64)>> {
    let mut found = vec![Last::default(); splits.len()];
    let mut roots: BTreeMap<PathBuf, Vec<(usize, Part)>> = BTreeMap::new();
    for (number, split) in splits.iter().enumerate() {
        let folder = std::path::absolute(&split.folder).unwrap_or_else(|_| split.folder.clone());
        let Some(root) = work_tree_root(&folder) else {
            continue;
        };
        if let Some(part) = Part::of(&root, &folder, &split.apart) {
            roots.entry(root).or_default().push((number, part));
        }
    }
    for (root, parts) in roots {
        walk(&root, &parts, &mut found);
    }
    found
        .into_iter()
        .map(|last| last.apart.zip(last.rest))
        .collect()
}

/// A folder of a work tree, counted from its root.
struct Part {
    /// Empty, or with a slash at its end.
    folder: String,
    apart: Vec<String>,
}

impl Part {
    fn of(root: &Path, folder: &Path, apart: &[String]) -> Option<Self> {
        let folder = folder.canonicalize().ok()?;
        let root = root.canonicalize().ok()?;
        let mut folder = folder.strip_prefix(root).ok()?.to_str()?.replace('\\', "/");
        if !folder.is_empty() {
            folder.push('/');
        }
        let apart = apart.iter().map(|path| format!("{folder}{path}")).collect();
        Some(Self { folder, apart })
    }

    /// Whether the file at `path` is set apart; `None` where it is not of this folder.
    fn sets_apart(&self, path: &str) -> Option<bool> {
        path.strip_prefix(&self.folder)?;
        let is_below = |apart: &String| {
            let rest = path.strip_prefix(apart.as_str());
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        Some(self.apart.iter().any(is_below))
    }
}

/// The last commits of a [`Split`].
#[derive(Debug, Clone, Copy, Default)]
struct Last {
    apart: Option<u64>,
    rest: Option<u64>,
}

fn walk(root: &Path, parts: &[(usize, Part)], found: &mut [Last]) -> Option<()> {
    let git = || {
        let mut git = Command::new("git");
        git.arg("-C")
            .arg(root)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        git
    };
    let shallow = git()
        .args(["rev-parse", "--is-shallow-repository"])
        .output();
    if !shallow.ok()?.stdout.starts_with(b"false") {
        return None;
    }
    let mut child = git()
        .args([
            "-c",
            "core.quotePath=false",
            "log",
            "--no-renames",
            "--name-only",
        ])
        .args([MAX_COMMITS, "--format=%x01%ct"])
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    if let Some(out) = child.stdout.take() {
        read(out, parts, found);
    }
    // It is not asked for the rest.
    let _ = child.kill();
    let _ = child.wait();
    Some(())
}

/// Reads a history until all is found.
fn read(out: impl Read, parts: &[(usize, Part)], found: &mut [Last]) {
    let begun = Instant::now();
    let mut out = BufReader::new(out);
    let (mut line, mut time) = (Vec::new(), 0);
    let mut missing = parts.len() * 2;
    loop {
        line.clear();
        let length = out.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
        if length.unwrap_or_default() == 0 || missing == 0 || begun.elapsed() > PATIENCE {
            return;
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_end_matches('\n');
        if let Some(said) = text.strip_prefix(MARK) {
            time = said.parse().unwrap_or(time);
            continue;
        }
        for (number, part) in parts.iter().filter(|_| !text.is_empty()) {
            let (Some(is_apart), Some(last)) = (part.sets_apart(text), found.get_mut(*number))
            else {
                continue;
            };
            let last = if is_apart {
                &mut last.apart
            } else {
                &mut last.rest
            };
            if last.is_none() {
                *last = Some(time);
                missing -= 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_commit_of_each_part_counts() {
        let part = |folder: &str| Part {
            folder: folder.to_owned(),
            apart: vec![format!("{folder}docs"), format!("{folder}mkdocs.yml")],
        };
        let parts = [(0, part("")), (1, part("a/")), (2, part("b/"))];
        let log = "\u{1}90\n\na/src/x.rs\n\u{1}80\n\na/docs/y.md\ndocsite/z\n\u{1}70\n\nmkdocs.yml\n\u{1}60\n\na/mkdocs.yml\nb/docs/x\n";
        let mut found = [Last::default(); 3];
        read(log.as_bytes(), &parts, &mut found);
        let found = found.map(|last| (last.apart, last.rest));
        assert_eq!(
            found,
            [(Some(70), Some(90)), (Some(80), Some(90)), (Some(60), None)]
        );
    }
}
