//! The links and images of pages: whether what they name is there.

use std::collections::{HashMap, HashSet};

use super::anchor::Anchors;
use super::target::{Lead, from_top};
use super::text::Text;
use super::validation::Said;
use super::{CheckedPage, Checker};
use crate::catalog::nearest::nearest;
use crate::catalog::text::one_line;
use crate::catalog::{Level, Problem, Rule};
use crate::techdocs::path::{below, file_name, folder, is_markdown, is_url, normal, relative};

/// Checks the links and images of all pages.
pub(super) fn check(checker: &Checker<'_>, problems: &mut Vec<Problem>) {
    let mut anchors = HashMap::new();
    for page in checker.site.pages {
        let mut text = Text::new(page.text);
        let images = page.document.images.iter();
        let images = images.map(|image| (image.line, image.source.as_str(), true));
        let links = page.document.links.iter();
        let links = links.map(|link| (link.line, link.href.as_str(), false));
        let mut missing = HashSet::new();
        for (line, address, is_image) in images.chain(links) {
            // An image that leads to itself is missed once.
            if missing.contains(&(line, address)) {
                continue;
            }
            let found = match led(checker, page, address.trim(), is_image) {
                Some(Found::Fault(fault)) => Some(fault),
                Some(Found::Anchor(path, anchor)) => {
                    missing_anchor(checker, page, path, anchor, &mut anchors)
                }
                None => None,
            };
            let Some(fault) = found else { continue };
            if is_image {
                missing.insert((line, address));
            }
            let (place, length) = text.place(page.file, line, address);
            let problem = Problem::new(fault.rule, place, one_line(&fault.message))
                .of_level(fault.level)
                .over(length)
                .suggesting(fault.meant);
            problems.push(if fault.may_be_made {
                checker.unless_made(problem)
            } else {
                problem
            });
        }
    }
}

/// What an address leads to.
enum Found<'a> {
    /// Nothing good.
    Fault(Fault),
    /// The page is there; whether the anchor is, is to be seen.
    Anchor(&'a str, &'a str),
}

/// What is wrong with an address.
struct Fault {
    rule: Rule,
    level: Level,
    message: String,
    /// What was meant.
    meant: Option<String>,
    /// Whether a plugin that is not known here may make what is missed.
    may_be_made: bool,
}

/// An address in its parts.
#[derive(Clone, Copy)]
struct Parts<'a> {
    path: &'a str,
    /// What stands behind the path.
    rest: &'a str,
    anchor: &'a str,
}

impl<'a> Parts<'a> {
    fn of(address: &'a str) -> Self {
        let end = address.find(['#', '?']).unwrap_or(address.len());
        let (path, rest) = address.split_at_checked(end).unwrap_or((address, ""));
        let anchor = rest.split_once('#').map_or("", |(_, anchor)| anchor);
        Self { path, rest, anchor }
    }
}

/// What is to be said of `address` on `page`, if anything is.
fn led<'a>(
    checker: &Checker<'a>,
    page: &CheckedPage<'a>,
    address: &'a str,
    is_image: bool,
) -> Option<Found<'a>> {
    if address.is_empty() || is_url(address) || is_filled_in(address) {
        return None;
    }
    let parts = Parts::of(address);
    if parts.path.is_empty() {
        return Some(Found::Anchor(page.path, parts.anchor));
    }
    let asked = Asked {
        checker,
        page,
        parts,
        is_image,
    };
    if page.checked.traces.written.contains(address) {
        if parts.path.starts_with(['/', '\\']) {
            asked.absolute()
        } else {
            asked.written()
        }
    } else {
        asked.in_tag()
    }
}

/// Whether a template engine has the last word on the address.
fn is_filled_in(address: &str) -> bool {
    ["{{", "{%", "${", "<", ">"]
        .iter()
        .any(|mark| address.contains(mark))
}

/// An address of which something is to be said.
struct Asked<'c, 'a> {
    checker: &'c Checker<'a>,
    page: &'c CheckedPage<'a>,
    parts: Parts<'a>,
    is_image: bool,
}

impl<'a> Asked<'_, 'a> {
    /// In Markdown, and relative.
    fn written(&self) -> Option<Found<'a>> {
        let told = &self.checker.validation;
        let path = self.parts.path;
        match self.checker.targets.lead(self.page.path, path) {
            Lead::There(file) => self.anchor_on(file),
            Lead::Excluded(file) => {
                let level = told.not_found.level(Level::Info)?.max(Level::Info);
                let message =
                    format!("'{path}' leads to '{file}', which is excluded from the site.");
                Some(self.fault(level, message, None))
            }
            Lead::Unrecognized(Some(page), guess) => {
                let message = format!(
                    "'{path}' is an address of the finished site: MkDocs leaves it as it stands and does not see when it breaks."
                );
                match told.unrecognized.level(Level::Info) {
                    Some(level) => Some(self.fault(level, message, guess)),
                    None => self.anchor_on(page),
                }
            }
            Lead::Unrecognized(None, guess) => {
                let level = told.unrecognized.level(Level::Warning)?;
                Some(self.fault(level, self.nothing_at(path), guess))
            }
            Lead::Nothing(guess) => {
                let level = told.not_found.level(Level::Warning)?;
                Some(self.fault(level, self.nothing_at(path), guess))
            }
        }
    }

    /// In Markdown, and from the root: on a portal that is the portal's, not the site's.
    fn absolute(&self) -> Option<Found<'a>> {
        let told = &self.checker.validation;
        let path = self.parts.path;
        let target = self.below_root();
        if told.absolute == Said::InDocs {
            let level = told.not_found.level(Level::Warning)?;
            return match self.checker.targets.rooted(path.trim_start_matches('/')) {
                Some(file) => self.anchor_on(file),
                None => Some(self.fault(level, self.nothing_at(path), target)),
            };
        }
        let level = told.absolute.level(Level::Info)?;
        Some(self.fault(level, from_root(path), target))
    }

    /// In an HTML tag, which MkDocs leaves as it stands: what counts is the finished site.
    fn in_tag(&self) -> Option<Found<'a>> {
        let path = self.parts.path;
        if path.starts_with('/') {
            // A page of the portal may well be meant.
            let target = self.below_root()?;
            return Some(self.fault(Level::Info, from_root(path), Some(target)));
        }
        let targets = &self.checker.targets;
        if let Some(file) = targets.finished(self.page.path, path) {
            return self.anchor_on(file);
        }
        let meant = match targets.lead(self.page.path, path) {
            Lead::There(file) => Some(file),
            Lead::Nothing(guess) | Lead::Unrecognized(_, guess) => guess,
            Lead::Excluded(_) => None,
        };
        let Some(meant) = meant else {
            return Some(self.fault(Level::Warning, self.nothing_at(path), None));
        };
        let message = format!(
            "'{path}' stands in an HTML tag, which MkDocs leaves as it is; from the finished page it leads nowhere."
        );
        let mut fault = self.broken(Level::Warning, message, None);
        fault.meant = Some(format!(
            "{}{}",
            targets.named(self.page.path, meant),
            self.parts.rest
        ));
        Some(Found::Fault(fault))
    }

    fn anchor_on(&self, path: &'a str) -> Option<Found<'a>> {
        let anchor = self.parts.anchor;
        (!anchor.is_empty() && !self.is_image).then_some(Found::Anchor(path, anchor))
    }

    /// The page or file that is meant by a path from the root, if that of the docs or of the repository was meant.
    fn below_root(&self) -> Option<&'a str> {
        let rest = self.parts.path.trim_start_matches('/');
        let targets = &self.checker.targets;
        let docs = self.checker.config.docs_dir.as_str();
        let below = [Some(rest), from_top(docs, rest)];
        below
            .into_iter()
            .flatten()
            .find_map(|path| targets.rooted(path))
    }

    /// Says that nothing is there.
    fn nothing_at(&self, path: &str) -> String {
        let docs = self.checker.config.docs_dir.as_str();
        let source = self.checker.site.sources.pages.get(self.page.path);
        // Backstage copies a README where there is no index.
        let is_borrowed = source.is_some_and(|source| below(docs, &source.file).is_none())
            && self.page.path == "index.md";
        if is_borrowed {
            return format!(
                "'{path}' leads nowhere: the README stands in for the home page, and is read as if it lay in '{docs}'."
            );
        }
        if self.is_image {
            return format!("There is no image at '{path}'.");
        }
        if normal(folder(self.page.path), path).is_none() && !path.starts_with('/') {
            return format!(
                "The link to '{path}' leads out of the docs folder, which is all that is built."
            );
        }
        let what = if is_markdown(path) { "page" } else { "file" };
        format!("The link to '{path}' leads to no {what}.")
    }

    fn fault(&self, level: Level, message: String, meant: Option<&str>) -> Found<'a> {
        Found::Fault(self.broken(level, message, meant))
    }

    fn broken(&self, level: Level, message: String, meant: Option<&str>) -> Fault {
        let (page, Parts { path, rest, .. }) = (self.page.path, self.parts);
        let meant = meant
            .map(|file| format!("{}{rest}", relative(folder(page), file)))
            .or_else(|| self.nearest())
            .or_else(|| {
                let is_mail = path.contains('@') && path.contains('.') && !path.contains('/');
                is_mail.then(|| format!("mailto:{path}"))
            });
        let rule = if self.is_image {
            Rule::DocsMissingImage
        } else {
            Rule::DocsBrokenLink
        };
        Fault {
            rule,
            level,
            message,
            meant,
            may_be_made: level == Level::Warning,
        }
    }

    /// The page that was probably meant, as it would be written here: the only one of its name, or one that is called
    /// nearly so.
    fn nearest(&self) -> Option<String> {
        let path = self.parts.path;
        let wanted = normal(folder(self.page.path), path)?;
        let mut same = self
            .checker
            .site
            .pages
            .iter()
            .filter(|page| file_name(page.path) == file_name(&wanted));
        let only = same.next().filter(|_| same.next().is_none());
        let target = only
            .map(|page| page.path)
            .filter(|_| is_markdown(path))
            .or_else(|| self.checker.nearest_page(&wanted))?;
        let here = relative(folder(self.page.path), target);
        Some(format!("{here}{}", self.parts.rest))
    }
}

fn from_root(path: &str) -> String {
    format!("'{path}' begins at the root of the portal, not of these docs.")
}

/// What is wrong with a link of `page` to `anchor` on the page `path`, if anything is.
fn missing_anchor<'a>(
    checker: &Checker<'a>,
    page: &CheckedPage<'_>,
    path: &'a str,
    anchor: &str,
    anchors: &mut HashMap<&'a str, Anchors<'a>>,
) -> Option<Fault> {
    let target = checker.by_path.get(path)?;
    let ids = anchors
        .entry(target.path)
        .or_insert_with(|| Anchors::of(checker, target));
    if ids.has(anchor) || ids.has(&crate::techdocs::path::percent_decoded(anchor)) {
        return None;
    }
    // A browser goes to the top all the same.
    let usual = if anchor == "top" {
        Level::Info
    } else {
        Level::Warning
    };
    let level = checker.validation.anchors.level(usual)?;
    let there = if path == page.path { "this page" } else { path };
    let meant = nearest(anchor, ids.known()).map(|id| format!("#{id}"));
    Some(Fault {
        rule: Rule::DocsMissingAnchor,
        level,
        message: format!("There is nothing called '#{anchor}' on {there}."),
        meant,
        may_be_made: false,
    })
}
