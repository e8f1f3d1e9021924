//! Two trees compared: what a template was to make, and what it made.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use color_eyre::eyre::{Result, WrapErr};
use serde::Serialize;
use similar::TextDiff;
use walkdir::WalkDir;

/// The most lines of a difference that are shown.
const MAX_LINES: usize = 200;

/// What differs at one path.
#[derive(Debug, Serialize)]
pub(super) struct Difference {
    /// The path, or what else it is of the run.
    pub(super) path: String,
    /// What is wrong, in words.
    pub(super) what: String,
    /// The difference of texts as `diff -u` writes it.
    pub(super) diff: String,
}

impl Difference {
    fn new(path: &str, what: &str) -> Self {
        Self {
            path: path.to_owned(),
            what: what.to_owned(),
            diff: String::new(),
        }
    }

    /// The difference between the texts `old` and `new` of `path`.
    pub(super) fn of_texts(path: &str, old: &str, new: &str) -> Self {
        let diff = TextDiff::from_lines(old, new);
        let text = diff
            .unified_diff()
            .header(&format!("expected/{path}"), &format!("made/{path}"))
            .to_string();
        Self {
            diff: text.split_inclusive('\n').take(MAX_LINES).collect(),
            ..Self::new(path, "differs")
        }
    }
}

/// What stands at a path.
#[derive(Debug, PartialEq, Eq)]
enum Node {
    File { bytes: Vec<u8>, can_run: bool },
    Link(PathBuf),
}

/// Everything in `folder` but empty folders; nothing where there is none.
fn tree(folder: &Path) -> Result<BTreeMap<String, Node>> {
    let mut tree = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(tree);
    }
    for entry in WalkDir::new(folder).min_depth(1) {
        let entry = entry?;
        let path = entry.path();
        let name = path.strip_prefix(folder)?.to_string_lossy().into_owned();
        let node = if entry.file_type().is_symlink() {
            Node::Link(fs::read_link(path)?)
        } else if entry.file_type().is_file() {
            let bytes = fs::read(path).wrap_err_with(|| path.display().to_string())?;
            let can_run = entry.metadata()?.permissions().mode() & 0o111 != 0;
            Node::File { bytes, can_run }
        } else {
            continue;
        };
        tree.insert(name, node);
    }
    Ok(tree)
}

/// What differs between the trees in `expected` and `made`, sorted by path.
pub(super) fn compare(expected: &Path, made: &Path) -> Result<Vec<Difference>> {
    let (wanted, made) = (tree(expected)?, tree(made)?);
    let mut paths: Vec<&String> = wanted.keys().chain(made.keys()).collect();
    paths.sort();
    paths.dedup();
    let differences =
        paths
            .into_iter()
            .filter_map(|path| match (wanted.get(path), made.get(path)) {
                (old, new) if old == new => None,
                (Some(_), None) => Some(Difference::new(path, "is expected, and was not made")),
                (None, Some(_)) => Some(Difference::new(path, "was made, and is not expected")),
                (Some(old), Some(new)) => Some(differ(path, old, new)),
                (None, None) => None,
            });
    Ok(differences.collect())
}

fn differ(path: &str, old: &Node, new: &Node) -> Difference {
    match (old, new) {
        (
            Node::File {
                bytes: old,
                can_run: was,
            },
            Node::File {
                bytes: new,
                can_run: is,
            },
        ) => {
            if old == new {
                let what = match (was, is) {
                    (true, false) => "cannot be run, and is to be",
                    _ => "can be run, and is not to be",
                };
                return Difference::new(path, what);
            }
            match (std::str::from_utf8(old), std::str::from_utf8(new)) {
                (Ok(old), Ok(new)) => Difference::of_texts(path, old, new),
                _ => Difference::new(path, "differs, and is no text"),
            }
        }
        (Node::Link(old), Node::Link(new)) => Difference::new(
            path,
            &format!("leads to {}, and not to {}", new.display(), old.display()),
        ),
        (Node::Link(_), _) => Difference::new(path, "is to be a link, and is a file"),
        (_, Node::Link(_)) => Difference::new(path, "is a link, and is to be a file"),
    }
}

/// Makes `expected` what `made` is. It is written beside itself and takes its place whole.
pub(super) fn bless(expected: &Path, made: &Path) -> Result<()> {
    let above = expected.parent().unwrap_or(Path::new("."));
    let draft = tempfile::Builder::new()
        .prefix(".expected-")
        .tempdir_in(above)?;
    for (path, node) in tree(made)? {
        let at = draft.path().join(path);
        if let Some(folder) = at.parent() {
            fs::create_dir_all(folder)?;
        }
        match node {
            Node::Link(target) => symlink(target, &at)?,
            Node::File { bytes, can_run } => {
                fs::write(&at, bytes)?;
                let mode = if can_run { 0o755 } else { 0o644 };
                fs::set_permissions(&at, fs::Permissions::from_mode(mode))?;
            }
        }
    }
    match fs::remove_dir_all(expected) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let draft = draft.keep();
    fs::set_permissions(&draft, fs::Permissions::from_mode(0o755))?;
    fs::rename(draft, expected)?;
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn trees_differ_by_content_kind_and_whether_a_file_can_be_run() {
        let folder = tempfile::tempdir().unwrap();
        let (expected, made) = (folder.path().join("expected"), folder.path().join("made"));
        fs::create_dir_all(made.join("empty")).unwrap();
        fs::create_dir(made.join("deep")).unwrap();
        fs::write(made.join("deep/a.md"), "one\ntwo\n").unwrap();
        fs::write(made.join("run.sh"), "x").unwrap();
        fs::write(made.join("logo"), b"\xff\x00").unwrap();
        symlink("run.sh", made.join("link")).unwrap();
        let missing = compare(&expected, &made).unwrap();
        assert_eq!(missing.len(), 4);
        bless(&expected, &made).unwrap();
        assert!(compare(&expected, &made).unwrap().is_empty());

        fs::write(made.join("deep/a.md"), "one\n2\n").unwrap();
        fs::set_permissions(made.join("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
        fs::write(made.join("logo"), b"\xfe").unwrap();
        fs::remove_file(made.join("link")).unwrap();
        let told = compare(&expected, &made).unwrap();
        let told: Vec<(&str, &str)> = told
            .iter()
            .map(|it| (it.path.as_str(), it.what.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("deep/a.md", "differs"),
                ("link", "is expected, and was not made"),
                ("logo", "differs, and is no text"),
                ("run.sh", "can be run, and is not to be"),
            ]
        );
        let diff = &compare(&expected, &made).unwrap()[0].diff;
        assert!(diff.contains("\n-two\n+2\n"), "{diff}");
    }
}
