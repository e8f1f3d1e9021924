//! `stagedoor lint`: what is wrong with descriptors, templates and docs, in the words of one table of rules.

mod docs;
mod report;

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashSet};
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
    /// Files, folders or globs; a file named outright is checked whatever it is called
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,

    /// How to print
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: LintFormat,

    /// End with 1 for warnings, too
    #[arg(long)]
    strict: bool,
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
    let problems = problems(&args.paths, global)?;
    match format {
        LintFormat::Text => report::text(&problems, console)?,
        LintFormat::Json => report::json(&problems, &mut console.out)?,
        LintFormat::Github => report::github(&problems, &mut console.out)?,
        LintFormat::Sarif => report::sarif(&problems, &mut console.out)?,
    }
    let worst = if args.strict {
        Level::Warning
    } else {
        Level::Error
    };
    // Levels are ordered from the gravest.
    Ok(if problems.iter().any(|problem| problem.level <= worst) {
        Exit::Failed
    } else {
        Exit::Done
    })
}

/// The findings in `paths`, each once, in the order of files and lines.
fn problems(paths: &[String], global: &Global) -> Result<BTreeSet<ByPlace>> {
    let options = Options {
        sources: paths.to_vec(),
        ..open::options(global)
    };
    let session = Session::open(&options, Env::process())?;
    if let Some(remote) = session.set.sources.iter().find(|source| !source.is_local()) {
        return Err(
            Failure::usage(format!("{remote} is no path; clone it and lint the files")).into(),
        );
    }
    // Files are named as their user did: who said a relative path reads, clicks and annotates relative ones.
    let cwd = paths
        .iter()
        .all(|path| Path::new(path).is_relative())
        .then(|| format!("{}/", session.env.cwd().display()));
    let mut found = Vec::new();
    let mut known = HashSet::new();
    for source in &session.set.sources {
        if let Some(folder) = docs::named(source) {
            found.extend(docs::check(folder)?);
            continue;
        }
        if let Source::Folder(folder) = source {
            for folder in docs::folders(folder) {
                found.extend(docs::check(&folder)?);
            }
        }
        let ingested = work::run(async |cancel| sync::read(&session, source, &cancel).await)??;
        known.extend(ingested.entities.into_iter().map(|e| e.entity.entity_ref));
        found.extend(ingested.problems);
    }
    // What one path misses another may have.
    found.retain(|problem| {
        problem
            .missing
            .as_ref()
            .is_none_or(|missing| !known.contains(missing))
    });
    let mut problems = BTreeSet::new();
    for mut problem in found {
        let relative = cwd
            .as_deref()
            .and_then(|cwd| problem.place.file.strip_prefix(cwd))
            .map(str::to_owned);
        if let Some(file) = relative {
            problem.place.file = file;
        }
        problems.insert(ByPlace(problem));
    }
    Ok(problems)
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
