//! The links and images of pages: whether what they name is there.

use std::collections::{HashMap, HashSet};

use super::anchor::Anchors;
use super::{CheckedPage, Checker};
use crate::catalog::nearest::nearest;
use crate::catalog::text::one_line;
use crate::catalog::{Level, Place, Problem, Rule};
use crate::techdocs::LinkTarget;
use crate::techdocs::path::{
    as_folder, below, file_name, folder, is_markdown, is_url, normal, percent_decoded, relative,
};

/// How many lines a link's address may stand below its beginning.
const NEAR: usize = 4;

/// Checks the links and images of all pages.
pub(super) fn check(checker: &Checker<'_>, problems: &mut Vec<Problem>) {
    let mut anchors = HashMap::new();
    for page in checker.site.pages {
        if is_borrowed(checker, page) {
            continue;
        }
        let mut text = Text::new(page.text);
        let missing = images(checker, page, &mut text, problems);
        for link in &page.document.links {
            // An image that leads to itself is missed once.
            if missing.contains(&(link.line, link.href.trim())) {
                continue;
            }
            let found = match link_to(checker, page, &link.href) {
                Some(Found::Problem(problem)) => Some(problem),
                Some(Found::Anchor(path, anchor)) => {
                    missing_anchor(checker, page, &path, &anchor, &mut anchors)
                }
                None => None,
            };
            let Some((rule, level, message, suggestion)) = found else {
                continue;
            };
            let place = text.place(page.file, link.line, &link.href);
            let mut problem = Problem::new(rule, place, one_line(&message))
                .over(length(&link.href))
                .suggesting(suggestion);
            problem.level = level;
            let may_be_made = rule == Rule::DocsBrokenLink && level == Level::Warning;
            problems.push(if may_be_made {
                checker.unless_made(problem)
            } else {
                problem
            });
        }
    }
}

/// Checks the images of `page`; gives line and source of those that are missed.
fn images<'a>(
    checker: &Checker<'_>,
    page: &CheckedPage<'a>,
    text: &mut Text<'_>,
    problems: &mut Vec<Problem>,
) -> HashSet<(u32, &'a str)> {
    let mut missing = HashSet::new();
    for image in &page.document.images {
        let source = image.source.trim();
        if !is_written_out(source) || source.starts_with('/') || is_there(checker, page, source) {
            continue;
        }
        missing.insert((image.line, source));
        let place = text.place(page.file, image.line, &image.source);
        let message = format!("There is no image at '{}'.", one_line(source));
        let problem = Problem::new(Rule::DocsBrokenLink, place, message).over(length(source));
        problems.push(checker.unless_made(problem));
    }
    missing
}

/// What is wrong with a link of `page` to `anchor` on the page `path`, if anything is.
fn missing_anchor<'a>(
    checker: &Checker<'a>,
    page: &CheckedPage<'_>,
    path: &str,
    anchor: &str,
    anchors: &mut HashMap<&'a str, Anchors<'a>>,
) -> Option<Said> {
    // A slug function of one's own makes ids that are not known here.
    let config = checker.text;
    let has_own_slugs = ["slugify", "separator:"]
        .iter()
        .any(|key| config.contains(key));
    let target = checker.by_path.get(path).filter(|_| !has_own_slugs)?;
    let ids = anchors
        .entry(target.path)
        .or_insert_with(|| Anchors::of(target));
    if ids.has(anchor) {
        return None;
    }
    let there = if path == page.path { "this page" } else { path };
    let message = format!("There is nothing called '#{anchor}' on {there}.");
    let meant = nearest(anchor, ids.known()).map(|id| format!("#{id}"));
    Some((Rule::DocsMissingAnchor, Level::Warning, message, meant))
}

/// What is to be said of a link: rule, level, message, and what was meant.
type Said = (Rule, Level, String, Option<String>);

/// What a link leads to.
enum Found {
    /// What is wrong with it.
    Problem(Said),
    /// The page is there; whether the anchor is, is to be seen.
    Anchor(String, String),
}

/// Whether the page is a README from beside the docs, which Backstage copies where there is no index: its links are
/// meant for the repository.
fn is_borrowed(checker: &Checker<'_>, page: &CheckedPage<'_>) -> bool {
    let dir = checker.config.docs_dir.as_str();
    let source = checker.site.sources.pages.get(page.path);
    let is_below = source.is_none_or(|source| below(dir, &source.file).is_some());
    page.path == "index.md" && !is_below
}

fn link_to(checker: &Checker<'_>, page: &CheckedPage<'_>, href: &str) -> Option<Found> {
    let href = href.trim();
    if !is_written_out(href) {
        return None;
    }
    if href.starts_with('/') {
        return rooted(checker, page, href);
    }
    let broken = |message: String, meant: Option<String>| {
        Some(Found::Problem((
            Rule::DocsBrokenLink,
            Level::Warning,
            message,
            meant,
        )))
    };
    let path = href.split(['#', '?']).next().unwrap_or_default();
    match checker.built.resolve(page.path, href) {
        LinkTarget::Page { path, anchor } => Some(Found::Anchor(path, anchor?)),
        LinkTarget::Heading(anchor) => Some(Found::Anchor(page.path.to_owned(), anchor)),
        LinkTarget::External(_) => None,
        LinkTarget::File(_) | LinkTarget::Missing(_) => {
            if is_there(checker, page, href) {
                return None;
            }
            if normal(folder(page.path), &percent_decoded(path)).is_none() {
                let message = format!(
                    "The link to '{path}' leads out of the docs folder, which is all that is built."
                );
                return broken(message, None);
            }
            let what = if is_markdown(path) { "page" } else { "file" };
            broken(
                format!("The link to '{path}' leads to no {what}."),
                meant(checker, page, path),
            )
        }
    }
}

/// A link that begins at the root: on a portal that is the portal's, not the site's.
fn rooted(checker: &Checker<'_>, page: &CheckedPage<'_>, href: &str) -> Option<Found> {
    let path = href.split(['#', '?']).next().unwrap_or_default();
    let rest = path.trim_start_matches('/');
    let from_top = rest
        .strip_prefix(checker.config.docs_dir.as_str())
        .and_then(|rest| rest.strip_prefix('/'));
    let candidates = [Some(rest), from_top];
    let target = candidates
        .into_iter()
        .flatten()
        .find_map(|path| checker.known.get(path).copied());
    if target.is_none() && !is_markdown(rest) {
        return None;
    }
    let message = format!("'{path}' begins at the root of the portal, not of these docs.");
    let meant = target.map(|target| relative(folder(page.path), target));
    Some(Found::Problem((
        Rule::DocsBrokenLink,
        Level::Info,
        message,
        meant,
    )))
}

/// Whether a link says where in the site it leads, rather than leaving that to a template engine, or being an address of
/// the web or of mail.
fn is_written_out(href: &str) -> bool {
    let is_mail = href.contains('@') && !href.contains('/');
    !href.is_empty() && !is_url(href) && !is_mail && !href.contains(['{', '}', '$', '<', '>'])
}

/// Whether there is a file at `href`, seen from `page`; true where that cannot be told.
fn is_there(checker: &Checker<'_>, page: &CheckedPage<'_>, href: &str) -> bool {
    let path = href.split(['#', '?']).next().unwrap_or_default();
    let path = percent_decoded(path);
    // The path as MkDocs reads it, and as it is on the finished site, where a page is a folder.
    let places = [
        normal(folder(page.path), &path),
        normal(as_folder(page.path), &path),
    ];
    let mut places = places.iter().flatten().peekable();
    if places.peek().is_none() {
        return false;
    }
    places.any(|place| {
        checker.known.contains(place.as_str()) || (!is_markdown(place) && checker.has(place))
    })
}

/// The page that was probably meant by `path`, as it would be written on `page`.
fn meant(checker: &Checker<'_>, page: &CheckedPage<'_>, path: &str) -> Option<String> {
    let wanted = normal(folder(page.path), path)?;
    let name = file_name(&wanted);
    let mut same = checker
        .site
        .pages
        .iter()
        .filter(|page| file_name(page.path) == name);
    let only = same.next().filter(|_| same.next().is_none());
    let near = || checker.nearest_page(&wanted);
    let target = only
        .map(|page| page.path)
        .filter(|_| is_markdown(path))
        .or_else(near)?;
    Some(relative(folder(page.path), target))
}

pub(super) fn length(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

/// The text of a page, in which links are looked for.
pub(super) struct Text<'a> {
    lines: Vec<&'a str>,
    /// How often an address was found on a line so far.
    seen: HashMap<(usize, String), usize>,
}

impl<'a> Text<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            lines: text.lines().collect(),
            seen: HashMap::new(),
        }
    }

    /// The place of the address `href` of a link that begins on `line`: there, a little below, or in the definition of
    /// a reference.
    pub(super) fn place(&mut self, file: &str, line: u32, href: &str) -> Place {
        let first = usize::try_from(line).unwrap_or_default().saturating_sub(1);
        let near = first..(first + NEAR).min(self.lines.len());
        let defined = (0..self.lines.len()).filter(|at| {
            let line = self
                .lines
                .get(*at)
                .copied()
                .unwrap_or_default()
                .trim_start();
            line.starts_with('[') && line.contains("]:")
        });
        let all: Vec<usize> = near.chain(defined).collect();
        let found = all
            .into_iter()
            .find_map(|at| Some((at, self.next_on(at, href)?)));
        let (line, column) = match found {
            Some((at, column)) => (u32::try_from(at + 1).unwrap_or(u32::MAX), column),
            // It is written otherwise, or another line makes it.
            None => (line.max(1), self.start(first)),
        };
        Place {
            file: file.to_owned(),
            line,
            column,
        }
    }

    /// The column at which the words of a line begin.
    fn start(&self, at: usize) -> u32 {
        let line = self.lines.get(at).copied().unwrap_or_default();
        let blank = line.chars().take_while(|c| c.is_whitespace()).count();
        u32::try_from(blank + 1).unwrap_or(1)
    }

    /// The column of the next `href` on the line number `at` that was not given yet.
    fn next_on(&mut self, at: usize, href: &str) -> Option<u32> {
        let line = self.lines.get(at)?;
        let key = (at, href.to_owned());
        let passed = self.seen.get(&key).copied().unwrap_or_default();
        let ends = |byte: usize| {
            let rest = line.get(byte + href.len()..).unwrap_or_default();
            !rest.starts_with(|c: char| {
                c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | '#')
            })
        };
        let starts = |byte: usize| {
            let before = line.get(..byte).unwrap_or_default();
            before.ends_with(['(', '<', '"', '\'', ' ', '='])
        };
        let mut places = line
            .match_indices(href)
            .map(|(byte, _)| byte)
            .filter(|byte| starts(*byte) && ends(*byte));
        let byte = places.nth(passed)?;
        self.seen.insert(key, passed + 1);
        u32::try_from(line.get(..byte)?.chars().count() + 1).ok()
    }
}
