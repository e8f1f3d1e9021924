//! Findings for people: by file, each with its lines of text, what is wrong underlined, why, and what to do.
//!
//! Drawn here and not by a crate for such reports: what stands in files is cleaned, long lines are cut around what is
//! underlined, and the inks are those of the rest of the command line.

use std::collections::BTreeMap;
use std::io::{self, Write};

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::{ByPlace, Checked};
use crate::catalog::text::{clean, counted, one_line};
use crate::catalog::{Level, Problem};
use crate::cli::console::Console;
use crate::cli::show::{ink, wrapped};
use crate::cli::style::Ink;

/// Excerpts are shown of files up to this size, in bytes.
const EXCERPT_BYTES: u64 = 8 << 20;

/// How many lines stand above the one that is meant.
const LINES_BEFORE: u32 = 1;

/// How many columns a tab takes.
const TAB: &str = "    ";

/// The columns left of an excerpt's text.
const MARGIN: usize = 8;

/// The columns of an excerpt where nobody says how wide a line may be.
const USUAL_WIDTH: usize = 120;

/// The fewest columns of text that are worth a line.
const LEAST_WIDTH: usize = 20;

pub(super) fn write(checked: &Checked, console: &mut Console) -> io::Result<()> {
    let mut by_file: BTreeMap<&str, Vec<&Problem>> = BTreeMap::new();
    for ByPlace(problem) in &checked.problems {
        let file = by_file.entry(&problem.place.file).or_default();
        file.push(problem);
    }
    for (file, problems) in &by_file {
        let name = console.paint(Ink::Bold, &one_line(file));
        let counts = console.paint(Ink::Dim, &counts(problems.iter().copied()));
        writeln!(console.out, "{name}  {counts}\n")?;
        let lines = lines(file);
        for problem in problems {
            finding(problem, &lines, console)?;
        }
    }
    if !console.is_quiet() {
        writeln!(console.out, "{}", summary(checked, by_file.len()))?;
    }
    Ok(())
}

/// How many findings of each level there are, in words.
fn counts<'a>(problems: impl IntoIterator<Item = &'a Problem>) -> String {
    let levels: Vec<Level> = problems.into_iter().map(|problem| problem.level).collect();
    let counts: Vec<String> = [
        (Level::Error, "error"),
        (Level::Warning, "warning"),
        (Level::Info, "note"),
    ]
    .into_iter()
    .map(|(level, noun)| (levels.iter().filter(|l| **l == level).count(), noun))
    .filter(|(number, _)| *number > 0)
    .map(|(number, noun)| counted(number, noun))
    .collect();
    counts.join(", ")
}

fn summary(checked: &Checked, files: usize) -> String {
    let problems = checked.problems.iter().map(|ByPlace(problem)| problem);
    let mut summary = if files == 0 {
        format!("Nothing is wrong in {}", counted(checked.files, "file"))
    } else {
        format!(
            "{} in {}; {} checked",
            counts(problems),
            counted(files, "file"),
            counted(checked.files, "file")
        )
    };
    if checked.templated > 0 {
        let templated = counted(checked.templated, "file");
        summary.push_str(", ");
        summary.push_str(&templated);
        summary.push_str(" left out as templates of descriptors");
    }
    summary.push('.');
    summary
}

fn finding(problem: &Problem, lines: &[String], console: &mut Console) -> io::Result<()> {
    let width = console.width.unwrap_or(usize::MAX);
    let level_ink = ink(problem.level);
    let place = one_line(&problem.place.to_string());
    let level = console.paint(level_ink, problem.level.as_str());
    let code = console.paint(Ink::Dim, &format!("[{}]", problem.rule.code()));
    writeln!(console.out, "{place}: {level} {code}")?;
    for line in wrapped(&problem.message, width.saturating_sub(2)) {
        writeln!(console.out, "  {}", console.paint(Ink::Bold, &line))?;
    }
    let last = problem.place.line;
    for number in last.saturating_sub(LINES_BEFORE).max(1)..=last {
        let Some(line) = line(lines, number) else {
            continue;
        };
        let meant = (number == last).then_some((problem.place.column, problem.length));
        let columns = console.width.unwrap_or(USUAL_WIDTH).saturating_sub(MARGIN);
        let excerpt = Excerpt::of(line, meant, columns.max(LEAST_WIDTH));
        let gutter = console.paint(Ink::Dim, &format!("{number:>5} │"));
        writeln!(console.out, "{gutter} {}", excerpt.text)?;
        if let Some((before, length)) = excerpt.mark {
            let gutter = console.paint(Ink::Dim, "      │");
            let mark = console.paint(level_ink, &"^".repeat(length));
            writeln!(console.out, "{gutter} {}{mark}", " ".repeat(before))?;
        }
    }
    let meant = problem.suggestion.as_ref().map(|_| problem.remedy());
    let notes = [
        ("why: ", Ink::Dim, Some(problem.rule.why().into())),
        (
            "help:",
            Ink::Good,
            meant.or_else(|| Some(problem.rule.remedy().into())),
        ),
    ];
    for (label, ink, text) in notes {
        let Some(text) = text else { continue };
        let mut sign = console.paint(Ink::Dim, "=");
        let mut label = console.paint(ink, label);
        for line in wrapped(&text, width.saturating_sub(MARGIN + 6)) {
            writeln!(console.out, "      {sign} {label} {line}")?;
            (sign, label) = (" ".to_owned(), " ".repeat(5));
        }
    }
    writeln!(console.out)
}

/// A line as it is shown, and where in it what is wrong stands: its column from 0, and how many columns it takes.
#[derive(Debug, PartialEq, Eq)]
struct Excerpt {
    text: String,
    mark: Option<(usize, usize)>,
}

impl Excerpt {
    /// `line` in at most so many columns. What is meant is given by its first character, from 1, and their number.
    fn of(line: &str, meant: Option<(u32, u32)>, columns: usize) -> Self {
        let number = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        let meant = meant
            .filter(|(column, _)| *column > 0)
            .map(|(column, length)| (number(column) - 1, number(length).clamp(1, columns)));
        // Only so much of a line is looked at as could be shown: some are megabytes long.
        let (start, length) = meant.unwrap_or_default();
        let first = start.saturating_sub(columns);
        let chars: Vec<char> = line
            .chars()
            .skip(first)
            .take(start - first + length + columns)
            .collect();
        let shown = |from: usize, to: usize| -> String {
            let chars = chars.iter().take(to).skip(from);
            chars
                .map(|&c| match c {
                    '\t' => TAB.to_owned(),
                    c => c.to_string(),
                })
                .collect()
        };
        let start = (start - first).min(chars.len());
        let end = start + length;
        // The line is cut so that what is meant, or its beginning, stays in sight.
        let mut from = 0;
        if first > 0 || shown(0, end).width() > columns {
            let room = columns.saturating_sub(shown(start, end).width() + 1) / 2;
            from = start;
            while from > 0 && shown(from - 1, start).width() <= room {
                from -= 1;
            }
        }
        let lead = if first + from > 0 { "…" } else { "" };
        let rest = shown(from, chars.len());
        let mut text = format!("{lead}{rest}");
        if text.width() > columns {
            let mut width = 0;
            text = text
                .chars()
                .take_while(|c| {
                    width += c.width().unwrap_or(0);
                    width < columns
                })
                .collect();
            text.push('…');
        }
        let mark = meant.map(|_| {
            let before = lead.width() + shown(from, start).width();
            let length = shown(start, end).width().max(1);
            (before, length.min(columns.saturating_sub(before)).max(1))
        });
        Self { text, mark }
    }
}

fn line(lines: &[String], number: u32) -> Option<&str> {
    let n = usize::try_from(number).ok()?.checked_sub(1)?;
    lines.get(n).map(String::as_str)
}

/// The lines of `file`; none if it cannot be read.
fn lines(file: &str) -> Vec<String> {
    let small = std::fs::metadata(file).is_ok_and(|data| data.len() <= EXCERPT_BYTES);
    if !small {
        return Vec::new();
    }
    let text = std::fs::read(file).unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .map(|line| clean(line).into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn excerpt(line: &str, meant: (u32, u32), columns: usize) -> (String, usize, usize) {
        let excerpt = Excerpt::of(line, Some(meant), columns);
        let (before, length) = excerpt.mark.unwrap_or_default();
        (excerpt.text, before, length)
    }

    #[test]
    fn marks_stand_below_what_is_meant() {
        assert_eq!(excerpt("a: bcd", (4, 3), 40), ("a: bcd".to_owned(), 3, 3));
        assert_eq!(
            excerpt("\ta: b", (5, 1), 40),
            ("    a: b".to_owned(), 7, 1),
            "a tab is as wide as it is drawn"
        );
        assert_eq!(
            excerpt("名: 前x", (4, 1), 40),
            ("名: 前x".to_owned(), 4, 2),
            "wide characters take two columns"
        );
        assert_eq!(excerpt("a:", (3, 0), 40), ("a:".to_owned(), 2, 1));
        assert_eq!(Excerpt::of("a: b", Some((0, 0)), 40).mark, None);
    }

    #[test]
    fn long_lines_are_cut_around_what_is_meant() {
        let line = format!("{}: bad{}", "k".repeat(100), " x".repeat(50));
        let (text, before, length) = excerpt(&line, (103, 3), 30);
        assert!(text.starts_with('…') && text.ends_with('…'), "{text}");
        assert!(text.width() <= 30);
        let marked: String = text.chars().skip(before).take(length).collect();
        assert_eq!(marked, "bad");
    }
}
