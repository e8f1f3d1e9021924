//! The changes of a file as a unified diff.

use crate::catalog::text::clean;
use crate::cli::console::Console;
use crate::cli::style::Ink;
use crate::ingest::mend::Mend;

/// How many lines stand around a change.
const CONTEXT: usize = 3;

/// A line of a diff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line<'a> {
    Kept(&'a str),
    Gone(&'a str),
    New(&'a str),
}

/// The diff of `text` and what `mends`, in their order, make of it.
pub(super) fn unified(file: &str, text: &str, mends: &[Mend], console: &Console) -> String {
    let mended: Vec<(&str, String)> = lines(text, mends);
    let all = changes(&mended);
    let mut diff = String::new();
    let mut put = |ink: Ink, line: &str| {
        diff.push_str(&console.paint(ink, &clean(line)));
        diff.push('\n');
    };
    put(Ink::Bold, &format!("--- {file}"));
    put(Ink::Bold, &format!("+++ {file}"));
    for (from, to) in hunks(&all) {
        let is_old = |line: &&Line<'_>| !matches!(line, Line::New(_));
        let is_new = |line: &&Line<'_>| !matches!(line, Line::Gone(_));
        let before = all.get(..from).unwrap_or_default();
        let hunk = all.get(from..to).unwrap_or_default();
        put(
            Ink::Accent,
            &format!(
                "@@ -{},{} +{},{} @@",
                before.iter().filter(is_old).count() + 1,
                hunk.iter().filter(is_old).count(),
                before.iter().filter(is_new).count() + 1,
                hunk.iter().filter(is_new).count()
            ),
        );
        for line in hunk {
            match line {
                Line::Kept(line) => put(Ink::Plain, &format!(" {line}")),
                Line::Gone(line) => put(Ink::Bad, &format!("-{line}")),
                Line::New(line) => put(Ink::Good, &format!("+{line}")),
            }
        }
    }
    diff
}

/// Each line of `text` with its end, and what takes its place.
fn lines<'a>(text: &'a str, mends: &[Mend]) -> Vec<(&'a str, String)> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let is_last = end == text.len();
        let mut mended = String::new();
        let mut done = start;
        let here = mends.iter().filter(|mend| {
            let at = mend.range.start;
            (start..end).contains(&at) || (is_last && at == end)
        });
        for mend in here {
            mended.push_str(text.get(done..mend.range.start).unwrap_or_default());
            mended.push_str(&mend.text);
            done = mend.range.end;
        }
        mended.push_str(text.get(done..end).unwrap_or_default());
        lines.push((line, mended));
        start = end;
    }
    lines
}

fn changes<'a>(mended: &'a [(&'a str, String)]) -> Vec<Line<'a>> {
    let bare = |line: &'a str| line.trim_end_matches(['\r', '\n']);
    let mut all = Vec::new();
    for (old, new) in mended {
        if old == new {
            all.push(Line::Kept(bare(old)));
        } else if let Some(before) = new.strip_suffix(old) {
            all.extend(before.lines().map(Line::New));
            all.push(Line::Kept(bare(old)));
        } else if let Some(behind) = new.strip_prefix(old) {
            all.push(Line::Kept(bare(old)));
            all.extend(
                behind
                    .lines()
                    .filter(|line| !line.is_empty())
                    .map(Line::New),
            );
        } else {
            all.push(Line::Gone(bare(old)));
            all.extend(new.lines().map(Line::New));
        }
    }
    all
}

/// The stretches of lines that hold changes and what is around them.
fn hunks(all: &[Line<'_>]) -> Vec<(usize, usize)> {
    let mut hunks: Vec<(usize, usize)> = Vec::new();
    for (n, _) in all
        .iter()
        .enumerate()
        .filter(|(_, line)| !matches!(line, Line::Kept(_)))
    {
        let (from, to) = (n.saturating_sub(CONTEXT), (n + 1 + CONTEXT).min(all.len()));
        match hunks.last_mut() {
            Some((_, end)) if *end >= from => *end = to,
            _ => hunks.push((from, to)),
        }
    }
    hunks
}
