//! What is wrong with a docs site: its `mkdocs.yml`, its nav, and the links between its pages.

mod age;
mod anchor;
mod config;
mod include;
mod link;
mod nav;

use std::collections::{HashMap, HashSet};

use serde_yaml::Value;

use super::{Config, Document, Page, Site, Sources};
use crate::catalog::nearest::nearest;
use crate::catalog::{Level, Place, Problem};

pub use age::age;

/// A page of a site, read.
#[derive(Debug, Clone, Copy)]
pub struct CheckedPage<'a> {
    /// Its path relative to `docs_dir`.
    pub path: &'a str,
    /// Its file, as findings shall name it.
    pub file: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What it says.
    pub document: &'a Document,
}

/// A site, read.
#[derive(Debug, Clone, Copy)]
pub struct CheckedSite<'a> {
    /// What it is made of.
    pub sources: &'a Sources,
    /// Its pages.
    pub pages: &'a [CheckedPage<'a>],
}

/// Checks a site.
///
/// Nothing of it is worse than a warning: Backstage's catalog takes the entity all the same. The skeleton of a site, whose
/// `mkdocs.yml` a template engine is to fill in, is left alone.
pub fn check(site: &CheckedSite<'_>) -> Vec<Problem> {
    let sources = site.sources;
    let text = sources.text.as_deref().unwrap_or_default();
    if ["{{", "{%"].iter().any(|mark| text.contains(mark)) {
        return Vec::new();
    }
    let mut problems = sources.problems.clone();
    for problem in &mut problems {
        problem.level = problem.level.max(Level::Warning);
    }
    // What a page is called does not matter here.
    let untitled = site.pages.iter().map(|page| Page {
        path: page.path.to_owned(),
        title: String::new(),
    });
    let (built, missing) = Site::build(&sources.config, untitled.collect());
    let checker = Checker {
        site,
        text,
        maker: config::maker(&sources.value),
        known: site.pages.iter().map(|page| page.path).collect(),
        by_path: site.pages.iter().map(|page| (page.path, page)).collect(),
        config: &sources.config,
        built: &built,
        raw: &sources.value,
    };
    config::check(&checker, &mut problems);
    nav::check(&checker, missing, &mut problems);
    link::check(&checker, &mut problems);
    include::check(&checker, &mut problems);
    problems
}

/// What the checks share.
struct Checker<'a> {
    site: &'a CheckedSite<'a>,
    /// The text of `mkdocs.yml`.
    text: &'a str,
    config: &'a Config,
    built: &'a Site,
    raw: &'a Value,
    known: HashSet<&'a str>,
    by_path: HashMap<&'a str, &'a CheckedPage<'a>>,
    /// What may make pages while the site is built, so that more are there than can be seen: `the plugin 'gen-files'`.
    maker: Option<String>,
}

impl Checker<'_> {
    /// A place in `mkdocs.yml`: where it says `part`, else its beginning.
    fn place(&self, part: &str) -> Place {
        // A folder is written with a slash at its end.
        let forms = [part.to_owned(), format!("{part}/")];
        let places = forms
            .iter()
            .map(|part| super::config::position(self.text, part));
        let (line, column) = places.max().unwrap_or_default();
        Place {
            file: self.site.sources.file.clone(),
            line: line.max(1),
            column: column.max(1),
        }
    }

    /// Whether there is a file or a folder at `path` in the site.
    fn has(&self, path: &str) -> bool {
        let files = &self.site.sources.files;
        let below = format!("{path}/");
        files.contains_key(path)
            || files
                .range(below.clone()..)
                .next()
                .is_some_and(|(file, _)| file.starts_with(&below))
    }

    /// The page whose path is nearly `path`; what all pages end in says nothing.
    fn nearest_page(&self, path: &str) -> Option<&str> {
        let stem = |path: &str| path.strip_suffix(".md").map_or(path.len(), str::len);
        let pages = || self.site.pages.iter().map(|page| page.path);
        let stems = pages().map(|page| page.get(..stem(page)).unwrap_or(page));
        let found = nearest(path.get(..stem(path))?, stems)?;
        pages().find(|page| page.get(..stem(page)) == Some(found))
    }

    /// `problem`, which may be none where something makes pages while the site is built.
    fn unless_made(&self, mut problem: Problem) -> Problem {
        if let Some(maker) = &self.maker {
            problem.level = Level::Info;
            problem.message = format!(
                "{}, unless {maker} makes it.",
                problem.message.trim_end_matches('.')
            );
        }
        problem
    }
}

#[cfg(test)]
mod tests;
