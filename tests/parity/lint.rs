//! Real descriptor files one at a time: lint's errors against the verdict of Backstage's own parser, schemas and kinds.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use stagedoor::catalog::{Level, Problem};
use stagedoor::ingest::{Found, Location, NoReader, Options, Root, SourceFile, Standing, lint};

/// The least precision and recall, in percent.
const LEAST: f64 = 99.0;

/// A line of `MANIFEST.tsv`.
struct Line<'a> {
    path: &'a str,
    valid: bool,
    templated: bool,
    verdict: &'a str,
}

impl<'a> Line<'a> {
    /// The line, unless it is about a file that only others refer to.
    fn parse(line: &'a str) -> Option<Self> {
        let columns: Vec<&str> = line.split('\t').collect();
        let (path, verdict, flags) = (*columns.first()?, *columns.get(9)?, *columns.get(10)?);
        (!verdict.starts_with("aux")).then(|| Self {
            path,
            valid: verdict == "valid" || verdict == "no documents",
            templated: flags.contains("template-syntax"),
            verdict,
        })
    }
}

/// The errors of the file at `path`, and whether it was left out as a template of a descriptor.
fn errors(corpus: &Path, path: &str) -> (Vec<Problem>, bool) {
    let location = Location::file(path);
    let file = SourceFile {
        location: location.clone(),
        name: path.to_owned(),
        bytes: fs::read(corpus.join(path)).unwrap().into(),
        blob: None,
        commit: None,
    };
    let root = Root {
        source: path.to_owned(),
        location,
        files: Some(vec![file]),
        found: Found::Named,
        standing: Standing::Required,
    };
    let found = lint(&[root], &NoReader, &Options::default());
    let mut errors = found.problems;
    errors.retain(|problem| problem.level == Level::Error);
    (errors, found.templated > 0)
}

/// How often lint and Backstage agree.
#[derive(Default)]
struct Tally {
    both: usize,
    ours: usize,
    theirs: usize,
    disagreements: BTreeSet<String>,
}

impl Tally {
    fn add(&mut self, line: &Line<'_>, errors: &[Problem]) {
        match (errors.first(), line.valid) {
            (Some(_), false) => self.both += 1,
            (Some(error), true) => {
                self.ours += 1;
                let told = format!("{}: {error:?}, but valid", line.path);
                self.disagreements.insert(told);
            }
            (None, false) => {
                self.theirs += 1;
                let told = format!("{}: nothing, but {}", line.path, line.verdict);
                self.disagreements.insert(told);
            }
            (None, true) => {}
        }
    }

    fn percent(&self, missed: usize) -> f64 {
        let count = |n: usize| f64::from(u32::try_from(n).unwrap());
        100.0 * count(self.both) / count((self.both + missed).max(1))
    }

    fn print(&self, what: &str) {
        println!(
            "{what}: {} refused by both, precision {:.2} %, recall {:.2} %",
            self.both,
            self.percent(self.ours),
            self.percent(self.theirs)
        );
        for disagreement in &self.disagreements {
            println!("  {disagreement}");
        }
    }
}

#[test]
fn lint_refuses_what_backstage_refuses() {
    let Some(shared) = super::shared() else {
        return;
    };
    let corpus = shared.join("corpus/catalog");
    let manifest = fs::read_to_string(corpus.join("MANIFEST.tsv")).unwrap();
    let (mut plain, mut templated) = (Tally::default(), Tally::default());
    let mut left_out = 0;
    for line in manifest.lines().skip(1).filter_map(Line::parse) {
        let (errors, skipped) = errors(&corpus, line.path);
        if line.templated && skipped {
            left_out += 1;
        } else if line.templated {
            templated.add(&line, &errors);
        } else {
            plain.add(&line, &errors);
        }
    }
    plain.print("without template syntax");
    templated.print("with template syntax, not left out");
    println!("{left_out} left out as templates of descriptors");
    assert!(plain.percent(plain.ours) >= LEAST, "precision");
    assert!(plain.percent(plain.theirs) >= LEAST, "recall");
}
