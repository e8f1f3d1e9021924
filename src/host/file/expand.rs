//! What a glob matches on this machine, as npm's `glob` finds it for Backstage.
//!
//! Folders are matched like files. `**` looks into folders that links lead to, but not into those below them.

use std::collections::BTreeSet;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use super::pattern::{Step, braces};

/// How many paths are found at most; who reads them says where it stops.
const MOST: usize = 300_000;

/// How deep `**` looks.
const MAX_DEPTH: usize = 64;

/// The paths that the absolute `pattern` matches, sorted.
pub(super) fn expand(pattern: &str) -> Vec<PathBuf> {
    let mut found = BTreeSet::new();
    for pattern in braces(&pattern.replace('\\', "/")) {
        let steps: Vec<Step> = pattern
            .split('/')
            .filter(|step| !step.is_empty() && *step != ".")
            .map(Step::new)
            .collect();
        walk(Path::new("/"), &steps, &mut found);
    }
    found.into_iter().collect()
}

fn walk(folder: &Path, steps: &[Step], found: &mut BTreeSet<PathBuf>) {
    let Some((step, rest)) = steps.split_first() else {
        found.insert(folder.to_owned());
        return;
    };
    match step {
        Step::Name(name) => {
            let path = folder.join(name);
            let is_there = if rest.is_empty() {
                path.symlink_metadata().is_ok()
            } else {
                path.is_dir()
            };
            if is_there {
                walk(&path, rest, found);
            }
        }
        Step::Names(names) => {
            for (name, path, _) in entries(folder) {
                if found.len() >= MOST {
                    return;
                }
                if names.find(&name).is_some() && (rest.is_empty() || path.is_dir()) {
                    walk(&path, rest, found);
                }
            }
        }
        Step::Deep => deep(folder, rest, 0, found),
    }
}

/// Matches `rest` in `folder` and in all folders below it; where nothing is left to match, takes all there is.
fn deep(folder: &Path, rest: &[Step], depth: usize, found: &mut BTreeSet<PathBuf>) {
    walk(folder, rest, found);
    for (name, path, kind) in entries(folder) {
        if found.len() >= MOST || depth >= MAX_DEPTH {
            return;
        }
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            deep(&path, rest, depth + 1, found);
        } else if rest.is_empty() || (kind.is_symlink() && path.is_dir()) {
            walk(&path, rest, found);
        }
    }
}

/// The names in `folder`, sorted, with their paths and what they are; none where it cannot be read.
fn entries(folder: &Path) -> Vec<(String, PathBuf, FileType)> {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            Some((name, entry.path(), entry.file_type().ok()?))
        })
        .collect();
    entries.sort_unstable_by(|(a, ..), (b, ..)| a.cmp(b));
    entries
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn globs_find_what_npm_finds() {
        let dir = tempfile::tempdir().unwrap();
        let root = fs::canonicalize(dir.path()).unwrap();
        for file in ["d/real/x.y", "d/real/deep/z.y", "outer/a.y", "outer/.h/b.y"] {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        std::os::unix::fs::symlink("../real", root.join("d/real/loop")).unwrap();
        std::os::unix::fs::symlink("../d/real", root.join("outer/link")).unwrap();
        // What `globSync` of npm `glob` 13 answers for the same tree.
        let cases: [(&str, &[&str]); 10] = [
            ("outer/**/*.y", &["outer/a.y", "outer/link/x.y"]),
            (
                "**/*.y",
                &[
                    "d/real/deep/z.y",
                    "d/real/loop/x.y",
                    "d/real/x.y",
                    "outer/a.y",
                    "outer/link/x.y",
                ],
            ),
            ("outer/**", &["outer", "outer/a.y", "outer/link"]),
            ("*/*/*.y", &["d/real/x.y", "outer/link/x.y"]),
            ("outer/**/deep/*.y", &["outer/link/deep/z.y"]),
            (
                "outer/link/**/*.y",
                &[
                    "outer/link/deep/z.y",
                    "outer/link/loop/x.y",
                    "outer/link/x.y",
                ],
            ),
            ("d/real/{x,q}.y", &["d/real/x.y"]),
            ("outer/.h/*", &["outer/.h/b.y"]),
            ("outer/[a", &[]),
            ("outer/a.y", &["outer/a.y"]),
        ];
        for (pattern, expected) in cases {
            let found = expand(&format!("{}/{pattern}", root.display()));
            let found: Vec<String> = found
                .iter()
                .map(|path| path.strip_prefix(&root).unwrap().display().to_string())
                .collect();
            assert_eq!(found, expected, "{pattern}");
        }
    }
}
