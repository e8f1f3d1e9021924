//! The site's tree beside the page: its rows, which sections are open, and the cursor.

use std::collections::BTreeSet;

use crate::app::{Cursor, Narrow};
use crate::techdocs::{NavItem, Site, Target};

/// Sites with at most so many lines are shown with all sections open.
const SMALL: usize = 40;

/// A row of the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavRow {
    /// How deep it lies.
    pub depth: usize,
    /// What it says.
    pub title: String,
    /// What it opens.
    pub kind: NavKind,
}

/// What a row of the tree opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NavKind {
    /// A page.
    Page(String),
    /// An address elsewhere.
    Url(String),
    /// A section: its place in the tree, and whether it is open.
    Section(Vec<usize>, bool),
}

/// The tree.
#[derive(Debug, Default)]
pub struct Nav {
    /// The rows in sight.
    pub rows: Vec<NavRow>,
    /// Which row is selected.
    pub cursor: Cursor,
    open: BTreeSet<Vec<usize>>,
}

impl Nav {
    /// The tree of a site; a large one is closed but for where one reads.
    pub fn new(site: &Site) -> Self {
        let mut nav = Self::default();
        if lines(&site.nav) <= SMALL {
            open_all(&site.nav, &mut Vec::new(), &mut nav.open);
        }
        nav.fill(site);
        nav
    }

    /// Opens the sections above a page and selects its row.
    pub fn reveal(&mut self, site: &Site, path: &str) {
        let mut trail = Vec::new();
        if find(&site.nav, path, &mut trail) {
            for end in 1..trail.len() {
                self.open.extend(trail.get(..end).map(<[usize]>::to_vec));
            }
        }
        self.fill(site);
        let here = |row: &NavRow| matches!(&row.kind, NavKind::Page(page) if page == path);
        if let Some(at) = self.rows.iter().position(here) {
            self.cursor.select(at, self.rows.len(), self.rows.len());
        }
    }

    /// Opens or closes a section.
    pub fn toggle(&mut self, site: &Site, section: &[usize]) {
        if !self.open.remove(section) {
            self.open.insert(section.to_vec());
        }
        self.fill(site);
        self.cursor.clamp(self.rows.len());
    }

    /// Lists the pages and addresses that have the words, however deep they lie; or the
    /// tree again, at the page that is read.
    pub fn narrow(&mut self, site: &Site, narrow: &Narrow, path: &str) {
        if !narrow.is_on() {
            self.reveal(site, path);
            return;
        }
        self.rows.clear();
        self.cursor = Cursor::default();
        self.add_narrowed(&site.nav, narrow, &mut Vec::new());
    }

    fn add_narrowed<'a>(
        &mut self,
        items: &'a [NavItem],
        narrow: &Narrow,
        above: &mut Vec<&'a str>,
    ) {
        for item in items {
            above.push(&item.title);
            let kind = match &item.target {
                Target::Page(path) => Some(NavKind::Page(path.clone())),
                Target::Url(url) => Some(NavKind::Url(url.clone())),
                Target::Section(inner) => {
                    self.add_narrowed(inner, narrow, above);
                    None
                }
            };
            if let Some(kind) = kind.filter(|_| narrow.fits(above.iter().copied())) {
                self.rows.push(NavRow {
                    depth: 0,
                    title: item.title.clone(),
                    kind,
                });
            }
            above.pop();
        }
    }

    /// The selected row.
    pub fn selected(&self) -> Option<&NavRow> {
        self.rows.get(self.cursor.selected)
    }

    fn fill(&mut self, site: &Site) {
        let mut rows = Vec::new();
        self.add(&site.nav, &mut Vec::new(), &mut rows);
        self.rows = rows;
    }

    fn add(&self, items: &[NavItem], trail: &mut Vec<usize>, rows: &mut Vec<NavRow>) {
        for (at, item) in items.iter().enumerate() {
            trail.push(at);
            let row = |kind| NavRow {
                depth: trail.len() - 1,
                title: item.title.clone(),
                kind,
            };
            match &item.target {
                Target::Page(path) => rows.push(row(NavKind::Page(path.clone()))),
                Target::Url(url) => rows.push(row(NavKind::Url(url.clone()))),
                Target::Section(inner) => {
                    let open = self.open.contains(trail);
                    rows.push(row(NavKind::Section(trail.clone(), open)));
                    if open {
                        self.add(inner, trail, rows);
                    }
                }
            }
            trail.pop();
        }
    }
}

fn lines(items: &[NavItem]) -> usize {
    let inner = |item: &NavItem| match &item.target {
        Target::Section(items) => lines(items),
        Target::Page(_) | Target::Url(_) => 0,
    };
    items.iter().map(|item| 1 + inner(item)).sum()
}

fn open_all(items: &[NavItem], trail: &mut Vec<usize>, open: &mut BTreeSet<Vec<usize>>) {
    for (at, item) in items.iter().enumerate() {
        if let Target::Section(items) = &item.target {
            trail.push(at);
            open.insert(trail.clone());
            open_all(items, trail, open);
            trail.pop();
        }
    }
}

/// Whether the page is in the tree; `trail` is then its place.
fn find(items: &[NavItem], path: &str, trail: &mut Vec<usize>) -> bool {
    for (at, item) in items.iter().enumerate() {
        trail.push(at);
        let found = match &item.target {
            Target::Page(page) => page == path,
            Target::Url(_) => false,
            Target::Section(items) => find(items, path, trail),
        };
        if found {
            return true;
        }
        trail.pop();
    }
    false
}
