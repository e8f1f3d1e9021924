//! The nav: pages that it names in vain, and pages that it does not name.

use std::collections::HashSet;

use super::Checker;
use crate::catalog::{Place, Problem, Rule};
use crate::techdocs::ignore::Patterns;
use crate::techdocs::path::{file_name, is_markdown};
use crate::techdocs::{NavItem, Target};

/// Checks the nav, which names the pages `missing` in vain.
pub(super) fn check(checker: &Checker<'_>, missing: Vec<String>, problems: &mut Vec<Problem>) {
    for path in missing {
        // A file that is no page may stand in a nav, too.
        if !is_markdown(&path) && checker.has(&path) && file_name(&path).contains('.') {
            continue;
        }
        let place = checker.place(&path);
        let message = format!("The nav names '{path}', but there is no such page.");
        let length = u32::try_from(path.chars().count()).unwrap_or(u32::MAX);
        let problem = Problem::new(Rule::DocsMissingPage, place, message)
            .over(length)
            .suggesting(alike(checker, &path));
        problems.push(checker.unless_made(problem));
    }
    if let Some(nav) = &checker.config.nav
        && checker.maker.is_none()
        && checker.site.sources.has_nav
    {
        unlisted(checker, nav, problems);
    }
}

/// The page that was probably meant by `path`: nearly the same path, or the same name in another folder.
fn alike(checker: &Checker<'_>, path: &str) -> Option<String> {
    let pages = || checker.site.pages.iter().map(|page| page.path);
    let mut named = pages().filter(|page| file_name(page) == file_name(path));
    let same = named.next().filter(|_| named.next().is_none());
    checker.nearest_page(path).or(same).map(str::to_owned)
}

/// Tells of the pages that `nav` does not name.
fn unlisted(checker: &Checker<'_>, nav: &[NavItem], problems: &mut Vec<Problem>) {
    let not_in_nav = Patterns::read(&checker.config.not_in_nav);
    let mut listed = HashSet::new();
    list(nav, &mut listed);
    for page in checker.site.pages {
        let path = page.path;
        // A file of navs is none to be read.
        let literate = checker.config.plugins.literate.as_ref();
        if literate.is_some_and(|literate| file_name(path) == literate.file) {
            continue;
        }
        // The home is reached without a nav.
        if listed.contains(path) || path == "index.md" || not_in_nav.matches(path) {
            continue;
        }
        let place = Place {
            file: page.file.to_owned(),
            line: 1,
            column: 1,
        };
        let message = format!("The nav does not name '{path}'.");
        problems.push(Problem::new(Rule::DocsUnlistedPage, place, message));
    }
}

fn list<'a>(items: &'a [NavItem], listed: &mut HashSet<&'a str>) {
    for item in items {
        match &item.target {
            Target::Page(path) => {
                listed.insert(path);
            }
            Target::Section(items) => list(items, listed),
            Target::Url(_) => {}
        }
    }
}
