//! `stagedoor lint`: what is wrong with descriptors, templates and docs, in the words of one table of rules.

mod diff;
mod docs;
mod fix;
mod report;
mod sarif;
mod text;

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::Path;

use clap::{Args, ValueEnum};
use color_eyre::eyre::Result;

use super::args::{Format, Global};
use super::console::Console;
use super::exit::{Exit, Failure};
use super::{open, work};
use crate::catalog::{Level, Place, Problem, Rule};
use crate::config::{Env, Source};
use crate::sync::{self, Options, Session};

#[derive(Debug, Args)]
pub(crate) struct LintArgs {
    /// Files, folders, globs or URLs, checked as one catalog; a file named outright is checked whatever it is called
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,

    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: LintFormat,

    /// End with 1 for warnings, too
    #[arg(long)]
    strict: bool,

    /// Mend what can be mended safely: shows the changes, and asks before it writes them
    #[arg(long)]
    fix: bool,

    /// With --fix, write without asking
    #[arg(long, requires = "fix")]
    yes: bool,
}

/// What `--format` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LintFormat {
    /// With the lines of the files, for people.
    Text,
    /// An array of findings.
    Json,
    /// Annotations of GitHub Actions.
    Github,
    /// For code scanning.
    Sarif,
}

pub(crate) fn run(args: &LintArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = match super::format(global, &[Format::Table, Format::Json])? {
        Format::Json if args.format == LintFormat::Text => LintFormat::Json,
        _ => args.format,
    };
    let mut checked = check(&args.paths, global)?;
    if args.fix {
        if format != LintFormat::Text {
            return Err(
                Failure::usage("--fix shows changes, which no other format can hold")
                    .help("Leave out --format, or run lint again without --fix.")
                    .into(),
            );
        }
        match fix::run(&checked, args.yes, console)? {
            fix::Outcome::Nothing => {}
            fix::Outcome::Written => checked = check(&args.paths, global)?,
            fix::Outcome::Shown => return Ok(checked.exit(args.strict)),
        }
    }
    match format {
        LintFormat::Text => text::write(&checked, console)?,
        LintFormat::Json => report::json(&checked, &mut console.out)?,
        LintFormat::Github => report::github(&checked, &mut console.out)?,
        LintFormat::Sarif => {
            let mends = fix::mends(&checked);
            sarif::write(&checked, &mends, &mut console.out)?;
        }
    }
    Ok(checked.exit(args.strict))
}

/// What was checked, and what is wrong with it.
#[derive(Debug)]
struct Checked {
    /// The findings, each once, in the order of files and lines.
    problems: BTreeSet<ByPlace>,
    /// How many descriptors and docs sites were read.
    files: usize,
    /// How many of them were left out as templates of descriptors.
    templated: usize,
}

impl Checked {
    fn exit(&self, strict: bool) -> Exit {
        let worst = if strict { Level::Warning } else { Level::Error };
        // Levels are ordered from the gravest.
        if self.problems.iter().any(|problem| problem.level <= worst) {
            Exit::Failed
        } else {
            Exit::Done
        }
    }
}

/// Reads `paths` as one catalog.
fn check(paths: &[String], global: &Global) -> Result<Checked> {
    let options = Options {
        sources: paths.to_vec(),
        ..open::options(global)
    };
    let session = Session::open(&options, Env::process())?;
    let mut sources = Vec::new();
    let (mut found, mut sites) = (Vec::new(), 0);
    for source in &session.set.sources {
        if let Source::Folder(path) | Source::File(path) = source {
            readable(path)?;
        }
        if let Some(folder) = docs::named(source) {
            found.extend(docs::check(folder)?.0);
            sites += 1;
            continue;
        }
        if let Source::Folder(folder) = source {
            for folder in sync::docs::folders(folder) {
                found.extend(docs::check(&folder)?.0);
                sites += 1;
            }
        }
        sources.push(source.clone());
    }
    let ingested = work::run(async |cancel| sync::read(&session, &sources, &cancel).await)??;
    found.extend(ingested.problems);
    // Files are named as their user did: who said a relative path reads, clicks and annotates relative ones.
    let cwd = paths
        .iter()
        .all(|path| Path::new(path).is_relative())
        .then(|| format!("{}/", session.env.cwd().display()));
    for problem in &mut found {
        let file = &problem.place.file;
        let relative = cwd.as_deref().and_then(|cwd| file.strip_prefix(cwd));
        if let Some(file) = relative.map(str::to_owned) {
            problem.place.file = file;
        }
    }
    Ok(Checked {
        problems: found.into_iter().map(ByPlace).collect(),
        files: ingested.files + sites,
        templated: ingested.templated,
    })
}

/// What is wrong with the docs site in `folder`, and how old it is.
pub(crate) fn check_docs(folder: &Path) -> Result<(Vec<Problem>, docs::Changes)> {
    docs::check(folder)
}

/// Refuses a path that its user may not read: nothing wrong in it would be a lie.
fn readable(path: &Path) -> Result<()> {
    let result = if path.is_dir() {
        std::fs::read_dir(path).map(drop)
    } else {
        std::fs::File::open(path).map(drop)
    };
    result.map_err(|error| {
        Failure::usage(format!("{} cannot be read: {error}", path.display())).into()
    })
}

/// A finding, ordered by where it is. The same finding about two entities is one.
#[derive(Debug)]
struct ByPlace(Problem);

impl std::ops::Deref for ByPlace {
    type Target = Problem;

    fn deref(&self) -> &Problem {
        &self.0
    }
}

impl Ord for ByPlace {
    fn cmp(&self, other: &Self) -> Ordering {
        fn key(ByPlace(problem): &ByPlace) -> (&Place, Rule, Level, &str) {
            (
                &problem.place,
                problem.rule,
                problem.level,
                &problem.message,
            )
        }
        key(self).cmp(&key(other))
    }
}

impl PartialOrd for ByPlace {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ByPlace {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ByPlace {}
