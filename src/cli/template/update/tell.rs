//! What came of an update, told.

use std::io::{self, Write};

use color_eyre::eyre::Report;
use serde_json::{Value, json};

use super::super::super::console::Console;
use super::super::super::exit::Exit;
use super::super::super::style::{self, Ink};
use crate::catalog::EntityRef;
use crate::catalog::text::{clean, one_line};
use crate::scaffolder::journal::Record;
use crate::scaffolder::memory::{Revision, short};
use crate::scaffolder::run::Status;
use crate::scaffolder::update::{Change, Conflict, Merged, Target, Update};

/// What became of one repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It was made from the newest revision.
    Current,
    /// The template's changes change nothing in it.
    Nothing,
    /// It would change; nothing was done.
    Planned,
    /// Files would have to be settled by hand, which was not wanted.
    Refused,
    /// The user said no.
    Declined,
    /// The branch is made, and its merge asked for where that was wanted.
    Done,
    /// It failed.
    Failed,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Current => "up to date",
            Self::Nothing => "nothing to do",
            Self::Planned => "would change",
            Self::Refused => "refused",
            Self::Declined => "left as it is",
            Self::Done => "proposed",
            Self::Failed => "failed",
        }
    }
}

/// What came of one repository.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) state: State,
    repository: String,
    template: String,
    from: String,
    to: String,
    behind: usize,
    branch: String,
    changes: Vec<Change>,
    conflicts: Vec<Conflict>,
    left_out: Vec<String>,
    pub(super) patch: Option<String>,
    /// How what is left is settled.
    settle: String,
    /// Whether its changes were told when it was asked for.
    pub(super) is_told: bool,
    url: Option<String>,
    commit: Option<String>,
    run: Option<String>,
    error: Option<String>,
    exit: Exit,
}

impl Outcome {
    /// What `merged` would change.
    pub(super) fn of(update: &Update, merged: &Merged, behind: usize) -> Self {
        Self {
            state: State::Planned,
            repository: update.wish.target.to_string(),
            template: update.theirs.template.entity_ref.to_string(),
            from: update.since.commit.clone(),
            to: update.next.commit.clone(),
            behind,
            branch: update.branch(),
            changes: merged.changes.clone(),
            conflicts: merged.conflicts.clone(),
            left_out: merged.left_out.clone(),
            settle: settle(update),
            ..Self::empty()
        }
    }

    fn empty() -> Self {
        Self {
            state: State::Failed,
            repository: String::new(),
            template: String::new(),
            from: String::new(),
            to: String::new(),
            behind: 0,
            branch: String::new(),
            changes: Vec::new(),
            conflicts: Vec::new(),
            left_out: Vec::new(),
            patch: None,
            settle: String::new(),
            is_told: false,
            url: None,
            commit: None,
            run: None,
            error: None,
            exit: Exit::Done,
        }
    }

    /// That the repository `name` needs nothing.
    pub(super) fn current(name: String, template: &EntityRef, revision: &Revision) -> Self {
        Self {
            state: State::Current,
            repository: name,
            template: template.to_string(),
            from: revision.commit.clone(),
            to: revision.commit.clone(),
            ..Self::empty()
        }
    }

    /// That the repository `name` could not be brought up to date.
    pub(super) fn failed(name: String, error: &Report) -> Self {
        Self {
            repository: name,
            error: Some(format!("{error:#}")),
            exit: Exit::of(error),
            ..Self::empty()
        }
    }

    /// Takes what a run came to.
    pub(super) fn ran(&mut self, record: &Record) {
        self.run = Some(record.id.clone());
        self.error.clone_from(&record.error);
        self.state = State::Done;
        if record.status != Some(Status::Completed) {
            self.state = State::Failed;
            self.exit = match record.status {
                Some(Status::Cancelled) => Exit::Interrupted,
                _ => Exit::Failed,
            };
        }
        for step in &record.steps {
            let text = |key: &str| {
                step.output
                    .get(key)
                    .and_then(Value::as_str)
                    .map(str::to_owned)
            };
            self.url = text("url").or(self.url.take());
            self.commit = text("commitHash").or(self.commit.take());
        }
    }

    /// How the command ends for it.
    pub(super) fn exit(&self) -> Exit {
        match self.state {
            State::Failed => self.exit,
            State::Refused => Exit::Failed,
            State::Declined => Exit::Interrupted,
            State::Done | State::Planned if !self.conflicts.is_empty() => Exit::Failed,
            _ => Exit::Done,
        }
    }

    pub(super) fn value(&self) -> Value {
        json!({
            "repository": self.repository,
            "template": self.template,
            "state": self.state.word(),
            "from": self.from,
            "to": self.to,
            "behind": self.behind,
            "branch": self.branch,
            "changes": self.changes,
            "conflicts": self.conflicts,
            "leftOut": self.left_out,
            "patch": self.patch,
            "url": self.url,
            "commit": self.commit,
            "run": self.run,
            "error": self.error,
        })
    }
}

/// Tells `outcome` on standard output.
pub(super) fn outcome(outcome: &Outcome, console: &mut Console) -> io::Result<()> {
    let lines = lines(outcome, console.color);
    for line in lines {
        writeln!(console.out, "{line}")?;
    }
    if let Some(text) = &outcome.patch {
        patch(text, console.color, &mut console.out)?;
    }
    if let Some(error) = &outcome.error {
        console.fail(error);
    }
    if let Some(url) = &outcome.url {
        writeln!(console.out, "{}", one_line(url))?;
    }
    console.out.flush()
}

/// Tells on standard error what is about to be done.
pub(super) fn plan(outcome: &Outcome, console: &Console) {
    for line in lines(outcome, console.color_errors) {
        // Who cannot be told is asked nevertheless.
        let _ = writeln!(io::stderr(), "{line}");
    }
}

/// Writes the changes line by line.
pub(super) fn patch(text: &str, color: bool, out: &mut impl Write) -> io::Result<()> {
    for line in clean(text).lines() {
        let ink = match line.as_bytes() {
            [b'+', b'+', b'+', ..] | [b'-', b'-', b'-', ..] | [b'd', b'i', b'f', b'f', ..] => {
                Ink::Bold
            }
            [b'+', ..] => Ink::Good,
            [b'-', ..] => Ink::Bad,
            [b'@', ..] => Ink::Accent,
            _ => Ink::Plain,
        };
        writeln!(out, "{}", style::paint(ink, line, color))?;
    }
    Ok(())
}

/// What to do with files that both sides changed, once the branch of `update` is there.
fn settle(update: &Update) -> String {
    let branch = update.branch();
    match &update.wish.target {
        Target::Hosted { kind, .. } if kind == "gerrit" => {
            "settle them in a new patch set of the change".to_owned()
        }
        Target::Hosted { .. } => {
            format!(
                "settle them before it is merged: git fetch && git switch {branch}, edit, commit, push"
            )
        }
        Target::Folder(_) => format!("settle them there: git switch {branch}, edit, commit"),
    }
}

fn lines(outcome: &Outcome, color: bool) -> Vec<String> {
    let paint = |ink: Ink, text: &str| style::paint(ink, text, color);
    let name = paint(Ink::Bold, &one_line(&outcome.repository));
    let state = match outcome.state {
        State::Failed | State::Refused => paint(Ink::Bad, outcome.state.word()),
        State::Planned => outcome.state.word().to_owned(),
        _ => paint(Ink::Good, outcome.state.word()),
    };
    let mut head = format!("{name}  {state}");
    if outcome.from != outcome.to {
        let template = outcome.template.rsplit('/').next().unwrap_or_default();
        let revisions = match outcome.behind {
            1 => "1 revision".to_owned(),
            count => format!("{count} revisions"),
        };
        let (from, to) = (short(&outcome.from), short(&outcome.to));
        head = format!("{head}  {template} {from} → {to}, {revisions}");
    }
    let mut lines = vec![head];
    if outcome.state == State::Failed && outcome.run.is_none() {
        return lines;
    }
    let changes = outcome.changes.iter().filter(|_| !outcome.is_told);
    for change in changes {
        let ink = match change.kind {
            'A' => Ink::Good,
            'D' => Ink::Bad,
            _ => Ink::Accent,
        };
        let kind = paint(ink, &change.kind.to_string());
        let from = change
            .from
            .as_ref()
            .map_or_else(String::new, |from| format!("{} → ", one_line(from)));
        lines.push(format!("  {kind} {from}{}", one_line(&change.path)));
    }
    let left_out = outcome.left_out.iter().filter(|_| !outcome.is_told);
    for path in left_out {
        let path = one_line(path);
        lines.push(format!(
            "  {path}: removed here, so the template's changes are left out"
        ));
    }
    let declined = outcome.state == State::Declined;
    for conflict in outcome.conflicts.iter().filter(|_| !declined) {
        let word = paint(Ink::Bad, "conflict");
        lines.push(format!(
            "  {word} {}: {}",
            one_line(&conflict.path),
            one_line(&conflict.why)
        ));
    }
    if outcome.state == State::Done && !outcome.branch.is_empty() {
        lines.push(format!("  branch {}", one_line(&outcome.branch)));
        if !outcome.conflicts.is_empty() {
            lines.push(format!("  {}", one_line(&outcome.settle)));
        }
    }
    lines
}
