//! `lint --fix`: the safe mends, shown first, then written whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::Path;

use color_eyre::eyre::Result;
use tempfile::NamedTempFile;

use super::{ByPlace, Checked, diff};
use crate::catalog::text::counted;
use crate::cli::console::Console;
use crate::ingest::mend::{self, Mend};

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// There is nothing that could be mended.
    Nothing,
    /// The changes were shown, and nothing was written.
    Shown,
    /// Files were written.
    Written,
}

/// A file with its mends.
struct Plan<'a> {
    file: &'a str,
    text: String,
    mends: Vec<Mend>,
}

/// The mends of what is wrong in `checked`, by file. Files that are not on this machine have none.
pub(super) fn mends(checked: &Checked) -> BTreeMap<&str, Vec<Mend>> {
    let plans = plans(checked).into_iter();
    plans.map(|plan| (plan.file, plan.mends)).collect()
}

/// Shows the mends of what is wrong in `checked`, and writes them if its user wants that.
pub(super) fn run(checked: &Checked, yes: bool, console: &mut Console) -> Result<Outcome> {
    let plans = plans(checked);
    if plans.is_empty() {
        return Ok(Outcome::Nothing);
    }
    for plan in &plans {
        let diff = diff::unified(plan.file, &plan.text, &plan.mends, console);
        writeln!(console.out, "{diff}")?;
    }
    console.out.flush()?;
    if !yes && !confirmed(&plans)? {
        console.note("nothing was written; --fix --yes writes these changes");
        return Ok(Outcome::Shown);
    }
    let mut written = 0;
    for plan in &plans {
        if write(plan)? {
            written += 1;
        } else {
            let file = plan.file;
            console.warn(&format!(
                "{file} was changed meanwhile and is left as it is"
            ));
        }
    }
    console.note(&format!("{} mended", counted(written, "file")));
    Ok(Outcome::Written)
}

fn plans(checked: &Checked) -> Vec<Plan<'_>> {
    let mut by_file: BTreeMap<&str, BTreeSet<(u32, u32)>> = BTreeMap::new();
    for ByPlace(problem) in &checked.problems {
        if problem.rule.info().fix.is_some() {
            let places = by_file.entry(&problem.place.file).or_default();
            places.insert((problem.place.line, problem.place.column));
        }
    }
    let plan = |(file, places): (_, BTreeSet<_>)| {
        let text = fs::read_to_string(file).ok()?;
        let mut mends = mend::mends(&text);
        mends.retain(|mend| places.contains(&(mend.line, mend.column)));
        (!mends.is_empty()).then_some(Plan { file, text, mends })
    };
    by_file.into_iter().filter_map(plan).collect()
}

/// Asks whether to write, if somebody is there to answer.
fn confirmed(plans: &[Plan<'_>]) -> io::Result<bool> {
    let mut stderr = io::stderr();
    if !(io::stdin().is_terminal() && stderr.is_terminal()) {
        return Ok(false);
    }
    write!(stderr, "Change {}? [y/N] ", counted(plans.len(), "file"))?;
    stderr.flush()?;
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_lowercase().starts_with('y'))
}

/// Writes a file whole, in place of what it was; `false` if it is no longer what was read.
fn write(plan: &Plan<'_>) -> Result<bool> {
    // A link stays a link: what it leads to is written.
    let path = fs::canonicalize(plan.file)?;
    let mut new = NamedTempFile::new_in(path.parent().unwrap_or(Path::new(".")))?;
    new.write_all(mend::apply(&plan.text, &plan.mends).as_bytes())?;
    new.as_file().sync_all()?;
    fs::set_permissions(new.path(), fs::metadata(&path)?.permissions())?;
    if fs::read(&path)? != plan.text.as_bytes() {
        return Ok(false);
    }
    new.persist(&path)?;
    Ok(true)
}
