//! What is wrong with a docs site: its `mkdocs.yml`, its nav, and the links between its pages.

mod age;
mod anchor;
mod config;
mod encoding;
mod include;
mod link;
mod nav;
mod target;
mod text;
mod validation;

use std::collections::HashMap;

use rayon::prelude::*;
use serde_yaml::Value;

use super::config::named;
use super::config::yaml::switch;
use super::markdown::{self, Checked, Files, Options};
use super::source::PageSource;
use super::{Config, Document, Page, Site, Sources};
use crate::catalog::nearest::nearest;
use crate::catalog::{Level, Place, Problem};

pub use age::age;
use target::Targets;
use validation::Validation;

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
    /// What else is asked of it.
    pub checked: &'a Checked,
}

/// A page of a site, read for a check.
#[derive(Debug, Clone)]
pub struct ReadPage<'a> {
    /// Its path relative to `docs_dir`.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
    /// What it says.
    pub document: Document,
    /// What else is asked of it.
    pub checked: Checked,
}

impl<'a> ReadPage<'a> {
    /// The page as one to be checked, whose file is called `file`.
    pub fn called(&'a self, file: &'a str) -> CheckedPage<'a> {
        CheckedPage {
            path: self.path,
            file,
            text: self.text,
            document: &self.document,
            checked: &self.checked,
        }
    }
}

/// Reads the pages of the site that is made of `sources`, whose Markdown is as `options` say: their headings, links and
/// images, and their first blocks.
pub fn read_pages<'a>(sources: &'a Sources, options: &Options) -> Vec<ReadPage<'a>> {
    let pages = sources.pages.par_iter();
    let read = |(path, page): (&'a String, &'a PageSource)| {
        let files = Files {
            page: &page.file,
            read: &|file| sources.included(file),
        };
        let (mut document, checked) = markdown::parse_checked(&page.text, options, files);
        // The blocks of a large site take several times what its pages do; a title asks for the first one.
        document.blocks.truncate(1);
        document.blocks.shrink_to_fit();
        document.codes = Vec::new();
        ReadPage {
            path,
            text: &page.text,
            document,
            checked,
        }
    };
    pages.map(read).collect()
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
    let (_, missing) = Site::build(&sources.config, untitled.collect());
    let folders = sources.value.get("use_directory_urls");
    let checker = Checker {
        site,
        text,
        maker: config::maker(&sources.value),
        targets: Targets::new(sources, switch(folders).unwrap_or(true)),
        validation: Validation::read(&sources.value),
        by_path: site.pages.iter().map(|page| (page.path, page)).collect(),
        config: &sources.config,
        raw: &sources.value,
    };
    config::check(&checker, &mut problems);
    nav::check(&checker, missing, &mut problems);
    link::check(&checker, &mut problems);
    include::check(&checker, &mut problems);
    encoding::check(&checker, &mut problems);
    problems
}

/// What the checks share.
struct Checker<'a> {
    site: &'a CheckedSite<'a>,
    /// The text of `mkdocs.yml`.
    text: &'a str,
    config: &'a Config,
    raw: &'a Value,
    targets: Targets<'a>,
    validation: Validation,
    by_path: HashMap<&'a str, &'a CheckedPage<'a>>,
    /// What may make pages while the site is built, so that more are there than can be seen: `the plugin 'gen-files'`.
    maker: Option<String>,
}

impl Checker<'_> {
    /// A place in `mkdocs.yml`: where it says `part`, else its beginning.
    fn place(&self, part: &str) -> Place {
        self.span(part).0
    }

    /// The place in `mkdocs.yml` that says `part`, and how long that is; where it does not, its beginning.
    fn span(&self, part: &str) -> (Place, u32) {
        // A folder is written with a slash at its end, and one before a path where the site says so.
        let forms = [part.to_owned(), format!("{part}/"), format!("/{part}")];
        let found = forms.iter().map(|form| {
            let at = super::config::position(self.text, form);
            (at, if at.0 > 0 { text::length(form) } else { 0 })
        });
        let ((line, column), length) = found.max().unwrap_or_default();
        let place = Place {
            file: self.site.sources.file.clone(),
            line: line.max(1),
            column: column.max(1),
        };
        (place, length)
    }

    /// Whether the site uses the plugin `name`.
    fn has_plugin(&self, name: &str) -> bool {
        let plugins = named(self.raw.get("plugins"));
        plugins
            .iter()
            .any(|(plugin, _)| plugin.rsplit('/').next() == Some(name))
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
