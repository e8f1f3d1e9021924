//! What a run would do beyond its workspace: the calls it would make, what becomes of repositories that are there, and what
//! it needs and has not.
//!
//! A dry run fills it in by carrying out each step's own action in a world that writes down what is asked of it (see
//! `action/foresee.rs`), so that the plan and the run cannot differ.

mod elsewhere;
mod rights;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use similar::TextDiff;

use super::outside::{Access, Outside};

pub use elsewhere::{Elsewhere, Offer};

/// The most lines of one file's difference that are kept.
const MAX_LINES: usize = 400;
/// The largest file of which lines are compared, in bytes.
const MAX_SIZE: usize = 1 << 20;

/// What a run would do beyond its workspace.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The calls it would make, in their order.
    pub calls: Vec<Call>,
    /// The files of repositories that are there already and would be other ones.
    pub changes: Vec<Change>,
    /// What it needs and has not.
    pub lacks: Vec<Lack>,
    /// Where it could run, if it cannot run here for want of actions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Elsewhere>,
}

/// A call to a host, or something like it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// The id of the step that makes it.
    pub step: String,
    /// The host as in integrations: `github.com`; empty where there is none.
    pub host: String,
    /// `GET`, `POST`, …; `PUSH` for a push by Git, `RUN` for a program of the user's own.
    pub method: String,
    /// Where to: an address; the branch stands behind `#` in that of a push.
    pub url: String,
    /// Whether a push brings files that GitHub runs, for which a token needs a right of its own.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub workflows: bool,
}

impl Call {
    /// Whether it changes nothing there.
    pub fn is_read(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "OPTIONS")
    }
}

/// What becomes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is another one.
    Changed,
    /// It goes.
    Removed,
}

/// A file of a repository that would be another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The id of the step that changes it.
    pub step: String,
    /// Its path in the repository.
    pub path: String,
    /// What becomes of it.
    pub kind: ChangeKind,
    /// How many lines are new.
    pub added: usize,
    /// How many lines go.
    pub removed: usize,
    /// The difference as `diff -u` writes it, its first lines; empty where the file is no text.
    pub diff: String,
}

impl Change {
    /// The change from `old` to `new`; `None` if there is none.
    pub fn between(step: &str, path: &str, old: Option<&[u8]>, new: Option<&[u8]>) -> Option<Self> {
        if old == new {
            return None;
        }
        let kind = match (old, new) {
            (None, _) => ChangeKind::Added,
            (_, None) => ChangeKind::Removed,
            _ => ChangeKind::Changed,
        };
        let text = |bytes: Option<&[u8]>| {
            let bytes = bytes.unwrap_or_default();
            let is_text = bytes.len() <= MAX_SIZE && !bytes.contains(&0);
            is_text.then(|| String::from_utf8_lossy(bytes).into_owned())
        };
        let mut change = Self {
            step: step.to_owned(),
            path: path.to_owned(),
            kind,
            added: 0,
            removed: 0,
            diff: String::new(),
        };
        if let (Some(old_text), Some(new_text)) = (text(old), text(new)) {
            let diff = TextDiff::from_lines(&old_text, &new_text);
            for line in diff.iter_all_changes() {
                match line.tag() {
                    similar::ChangeTag::Insert => change.added += 1,
                    similar::ChangeTag::Delete => change.removed += 1,
                    similar::ChangeTag::Equal => {}
                }
            }
            let side = |prefix: &str, is_there: bool| {
                if is_there {
                    format!("{prefix}/{path}")
                } else {
                    "/dev/null".to_owned()
                }
            };
            let unified = diff
                .unified_diff()
                .header(&side("a", old.is_some()), &side("b", new.is_some()))
                .to_string();
            change.diff = unified.split_inclusive('\n').take(MAX_LINES).collect();
        }
        Some(change)
    }
}

/// Something that a run needs of a host and has not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lack {
    /// The host.
    pub host: String,
    /// The ids of the steps that need it.
    pub steps: Vec<String>,
    /// What is lacking, and what to do: `not signed in; run …`.
    pub what: String,
}

/// What `calls` need and have not. Each host is asked once who we are there.
pub(crate) fn lacks(calls: &[Call], outside: &dyn Outside) -> Vec<Lack> {
    let mut hosts: BTreeMap<&str, Vec<&Call>> = BTreeMap::new();
    for call in calls.iter().filter(|call| !call.host.is_empty()) {
        hosts.entry(&call.host).or_default().push(call);
    }
    let mut lacks = Vec::new();
    for (host, calls) in hosts {
        match outside.access(host) {
            Access::Unknown | Access::Somebody { scopes: None } => {}
            Access::Nobody { why } => lacks.push(lack(host, why, &calls)),
            Access::Somebody {
                scopes: Some(scopes),
            } => {
                let kind = outside.host_type(host).unwrap_or_default();
                for right in rights::ALL.iter().filter(|right| !right.is_met(&scopes)) {
                    let mut concerned = calls.clone();
                    concerned.retain(|call| right.is_for(&kind, call));
                    if !concerned.is_empty() {
                        lacks.push(lack(host, right.words(&scopes), &concerned));
                    }
                }
            }
        }
    }
    lacks
}

fn lack(host: &str, what: String, calls: &[&Call]) -> Lack {
    let mut steps: Vec<String> = calls.iter().map(|call| call.step.clone()).collect();
    steps.dedup();
    Lack {
        host: host.to_owned(),
        steps,
        what,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_told_in_lines() {
        let change =
            Change::between("pr", "a.txt", Some(b"one\ntwo\n"), Some(b"one\nthree\n")).unwrap();
        assert_eq!(change.kind, ChangeKind::Changed);
        assert_eq!((change.added, change.removed), (1, 1));
        assert_eq!(
            change.diff,
            "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"
        );
        let added = Change::between("pr", "x.bin", None, Some(b"\0\x01")).unwrap();
        assert_eq!((added.kind, added.diff.as_str()), (ChangeKind::Added, ""));
        let removed = Change::between("pr", "x", Some(b"a\n"), None).unwrap();
        assert_eq!(removed.kind, ChangeKind::Removed);
        assert!(removed.diff.starts_with("--- a/x\n+++ /dev/null\n"));
        assert_eq!(Change::between("pr", "x", Some(b"a"), Some(b"a")), None);
    }
}
