//! The nav: pages that it names in vain, and pages that it does not name.

use std::collections::HashSet;

use super::Checker;
use crate::catalog::{Level, Place, Problem, Rule};
use crate::techdocs::ignore::Patterns;
use crate::techdocs::path::{file_name, is_markdown, is_url};
use crate::techdocs::{NavItem, Target};

/// Checks the nav, which names the pages `missing` in vain.
pub(super) fn check(checker: &Checker<'_>, missing: Vec<String>, problems: &mut Vec<Problem>) {
    for path in missing {
        // A file that is no page may stand in a nav, too.
        if !is_markdown(&path) && checker.targets.has(&path) {
            continue;
        }
        problems.extend(missed(checker, &path));
    }
    let nav = checker.config.nav.as_deref().unwrap_or_default();
    let mut named = Named::default();
    named.list(nav);
    for path in named.rooted {
        problems.extend(rooted(checker, path));
    }
    if checker.maker.is_none() && checker.site.sources.has_nav {
        unlisted(checker, &named.pages, problems);
    }
    for path in &checker.site.sources.hidden {
        let index = path.replace(file_name(path), "index.md");
        let message = format!("'{path}' is left out of the site: '{index}' takes its place.");
        problems.push(Problem::new(Rule::Docs, beginning(checker, path), message));
    }
}

/// What is to be said of `path`, which the nav names and which is no page.
fn missed(checker: &Checker<'_>, path: &str) -> Option<Problem> {
    let said = checker.validation.nav_not_found;
    let (place, length) = checker.span(path);
    if checker.targets.is_excluded(path) {
        let level = said.level(Level::Info)?.max(Level::Info);
        let message = format!("The nav names '{path}', which is excluded from the site.");
        let problem = Problem::new(Rule::DocsMissingPage, place, message);
        return Some(problem.of_level(level).over(length));
    }
    let message = format!("The nav names '{path}', but there is no such page.");
    let problem = Problem::new(Rule::DocsMissingPage, place, message)
        .of_level(said.level(Level::Warning)?)
        .over(length)
        .suggesting(alike(checker, path));
    Some(checker.unless_made(problem))
}

/// What is to be said of `path`, which begins with a slash.
fn rooted(checker: &Checker<'_>, path: &str) -> Option<Problem> {
    let level = checker.validation.nav_absolute.level(Level::Info)?;
    let (place, length) = checker.span(path);
    let message =
        format!("The nav's '{path}' begins at the root of the portal, not of these docs.");
    let problem = Problem::new(Rule::DocsMissingPage, place, message);
    Some(problem.of_level(level).over(length))
}

/// The page that was probably meant by `path`: nearly the same path, or the same name in another folder.
fn alike(checker: &Checker<'_>, path: &str) -> Option<String> {
    let pages = || checker.site.pages.iter().map(|page| page.path);
    let mut named = pages().filter(|page| file_name(page) == file_name(path));
    let same = named.next().filter(|_| named.next().is_none());
    checker.nearest_page(path).or(same).map(str::to_owned)
}

/// Tells of the pages that are not `listed`.
fn unlisted(checker: &Checker<'_>, listed: &HashSet<&str>, problems: &mut Vec<Problem>) {
    let Some(level) = checker.validation.omitted_files.level(Level::Info) else {
        return;
    };
    let not_in_nav = Patterns::read(&checker.config.not_in_nav);
    for page in checker.site.pages {
        let path = page.path;
        // A file of navs is none to be read.
        let literate = checker.config.plugins.literate.as_ref();
        if literate.is_some_and(|literate| file_name(path) == literate.file) {
            continue;
        }
        if listed.contains(path) || not_in_nav.matches(path) {
            continue;
        }
        let message = format!("The nav does not name '{path}'.");
        let place = beginning(checker, path);
        problems.push(Problem::new(Rule::DocsUnlistedPage, place, message).of_level(level));
    }
}

/// The beginning of the page at `path`.
fn beginning(checker: &Checker<'_>, path: &str) -> Place {
    let page = checker.by_path.get(path);
    let file = page.map(|page| page.file.to_owned());
    let source = || {
        let files = &checker.site.sources.files;
        files.get(path).cloned().unwrap_or_else(|| path.to_owned())
    };
    Place {
        file: file.unwrap_or_else(source),
        line: 1,
        column: 1,
    }
}

/// What a nav names.
#[derive(Default)]
struct Named<'a> {
    pages: HashSet<&'a str>,
    /// What begins with a slash.
    rooted: Vec<&'a str>,
}

impl<'a> Named<'a> {
    /// Depth is bounded where the nav is read.
    fn list(&mut self, items: &'a [NavItem]) {
        for item in items {
            match &item.target {
                Target::Page(path) => drop(self.pages.insert(path)),
                Target::Section(items) => self.list(items),
                Target::Url(url) if url.starts_with('/') && !is_url(url) => self.rooted.push(url),
                Target::Url(_) => {}
            }
        }
    }
}
