//! What is said of small docs sites is what `mkdocs build` says of them, and what else is wrong with them.
//! `tests/fixtures/techdocs/health/says.py` asks it.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/sites.rs"]
mod sites;

use std::collections::BTreeSet;

use stagedoor::catalog::{Level, Problem, Rule};
use stagedoor::techdocs::markdown::Options;
use stagedoor::techdocs::{
    CheckedPage, CheckedSite, Config, ReadPage, Sources, assemble, check, read_pages,
};

use sites::Kept;

/// What is said otherwise here, and why.
const OTHERWISE: [(&str, &str, &str); 1] = [(
    "anchors-footnotes",
    "index.md #fnref:3",
    "MkDocs means the way back from a note that nothing refers to",
)];

/// The findings in a site as `LEVEL FILE TARGET`, the target as the file has it.
fn findings(sources: &Sources) -> Vec<String> {
    let read = read_pages(sources, &Options::read(&sources.kept()));
    let file = |page: &ReadPage<'_>| sources.pages[page.path].file.clone();
    let files: Vec<String> = read.iter().map(file).collect();
    let pages = read.iter().zip(&files);
    let pages: Vec<CheckedPage<'_>> = pages.map(|(page, file)| page.called(file)).collect();
    let problems = check(&CheckedSite {
        sources,
        pages: &pages,
    });
    let line = |problem: &Problem| {
        let file = problem.place.file.as_str();
        let page = sources.files.iter().find(|(_, known)| *known == file);
        let text = match page {
            Some((page, _)) => sources.pages.get(page).map(|page| page.text.as_str()),
            None => sources.text.as_deref(),
        };
        let number = problem.place.line.saturating_sub(1) as usize;
        let words = text.unwrap_or_default().lines().nth(number);
        let target: String = words
            .unwrap_or_default()
            .chars()
            .skip(problem.place.column.saturating_sub(1) as usize)
            .take(problem.length as usize)
            .collect();
        // What a page includes stands elsewhere.
        let quoted = || {
            problem
                .message
                .split('\'')
                .nth(1)
                .unwrap_or_default()
                .to_owned()
        };
        let target = match problem.rule {
            Rule::DocsUnlistedPage | Rule::Docs if target.is_empty() => "-".to_owned(),
            _ if target.is_empty() => quoted(),
            _ => target,
        };
        let page = page.map_or("mkdocs.yml", |(page, _)| page);
        format!("{} {page} {target}", problem.level)
    };
    problems.iter().map(line).collect()
}

/// The same without its level, as a link may be worse than MkDocs knows.
fn about(line: &str) -> &str {
    let about = line.split_once(' ').map_or(line, |(_, about)| about);
    about.trim_end_matches('/')
}

fn level(line: &str) -> Level {
    match line.split(' ').next() {
        Some("error") => Level::Error,
        Some("warning") => Level::Warning,
        _ => Level::Info,
    }
}

#[test]
fn what_mkdocs_says_of_a_site_is_said_and_little_else() {
    let sites = Kept::all("health");
    let (mut wrong, mut said) = (Vec::new(), 0);
    for site in &sites {
        let sources = assemble(&site.files, Config::absent("site")).unwrap();
        let found: BTreeSet<String> = findings(&sources).into_iter().collect();
        let (theirs, more) = (site.said("mkdocs"), site.said("more"));
        said += theirs.len();
        let is_known = |line: &str| {
            let mut known = OTHERWISE.iter();
            known.any(|(name, about, _)| *name == site.name && *about == self::about(line))
        };
        for line in theirs.iter().chain(more) {
            let mut same = found.iter().filter(|ours| about(ours) == about(line));
            // Warning comes before info.
            let is_said = same.any(|ours| level(ours) <= level(line));
            if !is_said && !is_known(line) {
                wrong.push(format!("{}: missed: {line}", site.name));
            }
        }
        for line in &found {
            let mut known = theirs.iter().chain(more);
            if !known.any(|known| about(known) == about(line)) {
                wrong.push(format!("{}: beyond: {line}", site.name));
            }
        }
    }
    assert!(sites.len() >= 40 && said > 100);
    assert!(
        wrong.is_empty(),
        "{} of {said}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
