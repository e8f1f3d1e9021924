//! Three trees become one: what the template made then, what it makes now, and what the repository is.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::catalog::text::one_line;
use crate::scaffolder::action::ActionError;
use crate::scaffolder::action::git::{GitError, Repository, SOME_TIME};
use crate::scaffolder::journal::without_secrets;
use crate::scaffolder::memory::{FILE, Memory};
use crate::scaffolder::run::{StepReport, sources};

use super::checkout::{Checkout, OURS};
use super::render::render;
use super::{Side, Update, UpdateError};

/// How Git is told what to leave alone: what a repository or its user says of merges and attributes.
const PLAIN: [&str; 10] = [
    "-c",
    "merge.directoryRenames=false",
    "-c",
    "core.attributesFile=/dev/null",
    "-c",
    "merge.conflictStyle=merge",
    "-c",
    "merge.renameLimit=5000",
    "-c",
    "diff.renameLimit=5000",
];

/// What a repository would become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The tree, by its id.
    pub(crate) tree: String,
    /// The tree that it was.
    ours: String,
    /// What changes, sorted by path.
    pub changes: Vec<Change>,
    /// What its reader has to settle.
    pub conflicts: Vec<Conflict>,
    /// Files that the repository has removed and the template has changed: they stay away.
    pub left_out: Vec<String>,
}

/// A file that changes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// What becomes of it: `A` new, `M` other content or mode, `D` gone, `R` renamed, `T` of another type.
    pub kind: char,
    /// Its path.
    pub path: String,
    /// Its path before, where it is renamed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

/// A file that both sides changed, so that a person has to choose.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Conflict {
    /// Its path.
    pub path: String,
    /// What happened.
    pub why: String,
}

impl Merged {
    /// Whether nothing but what is remembered would change.
    pub fn is_nothing(&self) -> bool {
        self.changes.iter().all(|change| change.path == FILE)
            && self.conflicts.is_empty()
            && self.left_out.is_empty()
    }
}

fn failed(error: GitError) -> UpdateError {
    ActionError::from(error).into()
}

/// Renders both revisions and merges what changed between them.
pub(super) fn merge(
    update: &Update,
    stop: &dyn Fn() -> bool,
    log: &mut dyn FnMut(&str),
) -> Result<Merged, UpdateError> {
    let checkout = &update.checkout;
    let mut made = |side: &Side, name: &str| {
        let scratch = checkout.scratch.path().join(name);
        // What an attempt that was stopped left there.
        let gone = fs::remove_dir_all(&scratch).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        });
        gone.and_then(|()| fs::create_dir_all(&scratch))
            .map_err(|error| UpdateError::Failed(format!("{}: {error}", scratch.display())))?;
        render(side, &update.memory, &scratch, stop, log)
    };
    let (base, _) = made(&update.base, "base")?;
    let base = tree(checkout, &base, &checkout.file, stop)?;
    let (theirs, steps) = made(&update.theirs, "theirs")?;
    let next = next(update, &steps).to_text();
    let theirs = tree(checkout, &theirs, next.as_bytes(), stop)?;
    let (data, empty) = (checkout.data(), checkout.scratch.path().join("empty"));
    let git = Repository::open(&data, &empty, SOME_TIME, stop);
    let ours = git
        .git(&["rev-parse", &format!("{OURS}^{{tree}}")], None)
        .map_err(failed)?;
    let ours = ours.trim().to_owned();
    let commit = |tree: &str, parent: Option<&str>| {
        let mut words = vec![
            "-c",
            "user.name=stagedoor",
            "-c",
            "user.email=stagedoor@localhost",
            "commit-tree",
            "--no-gpg-sign",
            "-m",
            "tree",
            tree,
        ];
        words.extend(parent.iter().flat_map(|parent| ["-p", parent]));
        let commit = git.git(&words, None).map_err(failed)?;
        Ok::<String, UpdateError>(commit.trim().to_owned())
    };
    let base = commit(&base, None)?;
    // The names stand in the markers of conflicts.
    let name = plain(update.theirs.template.entity_ref.name());
    let mine = plain(&checkout.base);
    let new = format!("{name}@{}", update.next.short());
    for (label, commit) in [
        (&mine, commit(&ours, Some(&base))?),
        (&new, commit(&theirs, Some(&base))?),
    ] {
        let label = format!("refs/heads/{label}");
        git.git(&["update-ref", &label, &commit], None)
            .map_err(failed)?;
    }
    let words = [
        "merge-tree",
        "--write-tree",
        "-z",
        "--messages",
        &mine,
        &new,
    ];
    let words = [&PLAIN[..], &words[..]].concat();
    let said = git.ask(&words, None).map_err(failed)?;
    if !matches!(said.code, 0 | 1) {
        let why = one_line(&said.errors);
        return Err(UpdateError::Failed(format!(
            "git cannot merge: {why}; version 2.38 of git or a later one is needed"
        )));
    }
    settle(&git, &ours, &said.output)
}

/// What the repository remembers once it is up to date; the newest revision was rendered by `steps`.
fn next(update: &Update, steps: &[StepReport]) -> Memory {
    let side = &update.theirs;
    let (parameters, mut withheld) = without_secrets(&side.template, &side.answers);
    // What was not given again is still a secret.
    for name in &update.memory.withheld {
        if !withheld.contains(name) {
            withheld.push(name.clone());
        }
    }
    Memory {
        version: Memory::VERSION,
        template: side.template.entity_ref.to_string(),
        revision: update.next.clone(),
        parameters,
        withheld,
        sources: sources(&side.template.location, steps, &update.next, &*side.outside),
        ..update.memory.clone()
    }
}

/// `text` as a name of a branch that Git takes for nothing else.
fn plain(text: &str) -> String {
    let fine = |c: char| {
        if c.is_ascii_alphanumeric() || c == '_' {
            c
        } else {
            '-'
        }
    };
    let name: String = text.chars().map(fine).collect();
    match name.trim_matches('-') {
        name if name.is_empty() || name.ends_with("HEAD") => "repository".to_owned(),
        name => name.to_owned(),
    }
}

/// The tree of the files in `folder`, with `memory` as what the repository remembers.
fn tree(
    checkout: &Checkout,
    folder: &Path,
    memory: &[u8],
    stop: &dyn Fn() -> bool,
) -> Result<String, UpdateError> {
    write_over(&folder.join(FILE), memory)
        .map_err(|error| UpdateError::Failed(format!("{}: {error}", folder.display())))?;
    let data = checkout.data();
    let git = Repository::open(&data, folder, SOME_TIME, stop);
    git.git(&["read-tree", "--empty"], None).map_err(failed)?;
    git.git(&["add", "--all"], None).map_err(failed)?;
    git.git(&["add", "--force", "--", FILE], None)
        .map_err(failed)?;
    let tree = git.git(&["write-tree"], None).map_err(failed)?;
    Ok(tree.trim().to_owned())
}

/// Writes a file; a link that stands there is replaced.
fn write_over(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        fs::remove_file(path)?;
    }
    fs::write(path, bytes)
}

/// One side of a conflict: its mode and object.
type Entry = (String, String);

/// What `merge-tree` said: the tree, the sides of each conflict by path and stage, and its messages by path.
struct Said {
    tree: String,
    stages: BTreeMap<String, [Option<Entry>; 3]>,
    messages: BTreeMap<String, String>,
}

impl Said {
    fn read(output: &[u8]) -> Self {
        let text = String::from_utf8_lossy(output);
        let mut parts = text.split('\0');
        let mut said = Self {
            tree: parts.next().unwrap_or_default().to_owned(),
            stages: BTreeMap::new(),
            messages: BTreeMap::new(),
        };
        for part in parts.by_ref().take_while(|part| !part.is_empty()) {
            let Some((facts, path)) = part.split_once('\t') else {
                continue;
            };
            let mut facts = facts.split(' ');
            let (Some(mode), Some(oid), Some(stage)) = (facts.next(), facts.next(), facts.next())
            else {
                continue;
            };
            let at = stage
                .parse::<usize>()
                .ok()
                .and_then(|stage| stage.checked_sub(1));
            let stages = said.stages.entry(path.to_owned()).or_default();
            if let Some(slot) = at.and_then(|at| stages.get_mut(at)) {
                *slot = Some((mode.to_owned(), oid.to_owned()));
            }
        }
        while let Some(count) = parts.next().and_then(|count| count.parse::<usize>().ok()) {
            let paths: Vec<&str> = parts.by_ref().take(count).collect();
            let (kind, message) = (parts.next(), parts.next());
            let (Some(kind), Some(message)) = (kind, message) else {
                break;
            };
            if !kind.starts_with("CONFLICT") {
                continue;
            }
            for path in paths {
                let message = one_line(message);
                said.messages.entry(path.to_owned()).or_insert(message);
            }
        }
        said
    }
}

/// Settles what needs nobody, and tells the rest.
fn settle(git: &Repository<'_>, ours: &str, output: &[u8]) -> Result<Merged, UpdateError> {
    let Said {
        mut tree,
        stages,
        messages,
    } = Said::read(output);
    let mut conflicts = Vec::new();
    let mut left_out = Vec::new();
    for (path, [base, mine, new]) in &stages {
        let why = match (base, mine, new) {
            // Who removed a file did not want it; that the template goes on with it changes nothing.
            (Some(_), None, Some(_)) => {
                left_out.push(path.clone());
                continue;
            }
            (Some(_), Some(_), None) => {
                "removed by the template, changed here; it stays".to_owned()
            }
            (Some(_), None, None) => continue,
            (base, Some(mine), Some(_)) => {
                let how = if base.is_some() { "changed" } else { "added" };
                if entry_at(git, &tree, path)?.as_ref() == Some(mine) {
                    format!(
                        "{how} on both sides; it stays as it is here, the template's is left out"
                    )
                } else {
                    format!("{how} on both sides; markers show where")
                }
            }
            _ => messages
                .get(path)
                .cloned()
                .unwrap_or_else(|| "changed on both sides".to_owned()),
        };
        let path = path.clone();
        conflicts.push(Conflict { path, why });
    }
    for (path, message) in &messages {
        if !stages.contains_key(path) {
            let (path, why) = (path.clone(), message.clone());
            conflicts.push(Conflict { path, why });
        }
    }
    if !left_out.is_empty() {
        git.git(&["read-tree", &tree], None).map_err(failed)?;
        let mut words = vec!["rm", "-r", "--quiet", "--cached", "--ignore-unmatch", "--"];
        words.extend(left_out.iter().map(String::as_str));
        git.git(&words, None).map_err(failed)?;
        let written = git.git(&["write-tree"], None).map_err(failed)?;
        written.trim().clone_into(&mut tree);
    }
    let changes = changes(git, ours, &tree)?;
    Ok(Merged {
        changes,
        tree,
        ours: ours.to_owned(),
        conflicts,
        left_out,
    })
}

/// Mode and object of `path` in `tree`.
fn entry_at(git: &Repository<'_>, tree: &str, path: &str) -> Result<Option<Entry>, UpdateError> {
    let words = ["ls-tree", "-z", "--full-tree", tree, "--", path];
    let listed = git.git(&words, None).map_err(failed)?;
    let mut facts = listed
        .split(['\t', '\0'])
        .next()
        .unwrap_or_default()
        .split(' ');
    Ok(facts
        .next()
        .zip(facts.nth(1))
        .map(|(mode, oid)| (mode.to_owned(), oid.to_owned())))
}

fn changes(git: &Repository<'_>, ours: &str, tree: &str) -> Result<Vec<Change>, UpdateError> {
    let words = ["diff-tree", "-r", "-M", "--name-status", "-z", ours, tree];
    let words = [&PLAIN[..], &words[..]].concat();
    let said = git.ask(&words, None).map_err(failed)?;
    let text = String::from_utf8_lossy(&said.output);
    let mut parts = text.split('\0').map(str::to_owned);
    let mut changes = Vec::new();
    while let Some(kind) = parts.next().and_then(|status| status.chars().next()) {
        let from = if matches!(kind, 'R' | 'C') {
            parts.next()
        } else {
            None
        };
        let Some(path) = parts.next() else {
            break;
        };
        changes.push(Change { kind, path, from });
    }
    changes.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(changes)
}

/// The changes of `merged` as a patch.
pub(super) fn patch(
    checkout: &Checkout,
    merged: &Merged,
    stop: &dyn Fn() -> bool,
) -> Result<String, UpdateError> {
    let (data, empty) = (checkout.data(), checkout.scratch.path().join("empty"));
    let git = Repository::open(&data, &empty, SOME_TIME, stop);
    let words = [
        "diff-tree",
        "-r",
        "-M",
        "-p",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        &merged.ours,
        &merged.tree,
    ];
    let words = [&PLAIN[..], &words[..]].concat();
    let said = git.ask(&words, None).map_err(failed)?;
    Ok(String::from_utf8_lossy(&said.output).into_owned())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn what_git_says_of_a_merge_is_read() {
        let output = b"aaaa\x00100644 b1 1\tREADME.md\x00100644 b2 2\tREADME.md\x00100755 b3 3\tREADME.md\x00\
            100644 c1 1\tgone\x00100644 c3 3\tgone\x00\x00\
            1\x00README.md\x00Auto-merging\x00Auto-merging README.md\n\x00\
            1\x00README.md\x00CONFLICT (contents)\x00CONFLICT (content): Merge conflict in README.md\n\x00\
            2\x00old\x00new\x00CONFLICT (directory rename suggested)\x00CONFLICT: moved\n\x00";
        let said = Said::read(output);
        assert_eq!(said.tree, "aaaa");
        let entry = |mode: &str, oid: &str| Some((mode.to_owned(), oid.to_owned()));
        assert_eq!(
            said.stages.get("README.md").unwrap(),
            &[
                entry("100644", "b1"),
                entry("100644", "b2"),
                entry("100755", "b3")
            ]
        );
        assert_eq!(said.stages.get("gone").unwrap()[1], None);
        let paths: Vec<&String> = said.messages.keys().collect();
        assert_eq!(paths, ["README.md", "new", "old"]);
        assert!(Said::read(b"aaaa\x00").stages.is_empty());
    }

    #[test]
    fn names_of_branches_are_names() {
        for (text, name) in [
            ("main", "main"),
            ("feat/x y.lock", "feat-x-y-lock"),
            ("--upload", "upload"),
            ("HEAD", "repository"),
            ("", "repository"),
        ] {
            assert_eq!(plain(text), name);
        }
    }
}
