//! The order of pages: the nav's, or MkDocs' own where there is none.

use std::collections::{BTreeMap, BTreeSet};

use crate::techdocs::path;
use crate::techdocs::{NavItem, Page, Target};

/// How many folders become sections within each other.
const MAX_DEPTH: usize = 12;

/// The nav with every title filled in, the pages in reading order, and the paths that the nav names in vain.
pub(super) fn arrange(
    nav: Option<&[NavItem]>,
    mut pages: Vec<Page>,
) -> (Vec<NavItem>, Vec<Page>, Vec<String>) {
    for page in &mut pages {
        if page.title.is_empty() {
            page.title = path::default_title(&page.path);
        }
    }
    pages.sort_by(|a, b| walk_key(&a.path).cmp(&walk_key(&b.path)));
    let mut nav = match nav {
        Some(nav) => nav.to_vec(),
        None => nest(&pages, 0),
    };
    let mut left: BTreeMap<String, Page> = BTreeMap::new();
    let mut rest = Vec::new();
    for page in pages {
        rest.push(page.path.clone());
        left.insert(page.path.clone(), page);
    }
    let titles = left
        .iter()
        .map(|(path, page)| (path.clone(), page.title.clone()))
        .collect();
    let mut order = Order {
        titles,
        left,
        pages: Vec::new(),
        missing: Vec::new(),
        seen: BTreeSet::new(),
    };
    order.visit(&mut nav);
    for path in rest {
        order.pages.extend(order.left.remove(&path));
    }
    (nav, order.pages, order.missing)
}

struct Order {
    titles: BTreeMap<String, String>,
    left: BTreeMap<String, Page>,
    pages: Vec<Page>,
    missing: Vec<String>,
    seen: BTreeSet<String>,
}

impl Order {
    /// Depth is bounded where the nav is read.
    fn visit(&mut self, items: &mut [NavItem]) {
        for item in items {
            match &mut item.target {
                Target::Section(items) => self.visit(items),
                Target::Url(url) => {
                    if item.title.is_empty() {
                        item.title.clone_from(url);
                    }
                }
                Target::Page(path) => {
                    if item.title.is_empty() {
                        item.title = self
                            .titles
                            .get(path)
                            .cloned()
                            .unwrap_or_else(|| path::default_title(path));
                    }
                    if let Some(mut page) = self.left.remove(path) {
                        page.title.clone_from(&item.title);
                        self.seen.insert(path.clone());
                        self.pages.push(page);
                    } else if !self.seen.contains(path) {
                        self.missing.push(path.clone());
                    }
                }
            }
        }
    }
}

/// Sorts as MkDocs walks a folder: its files, the index first, then its folders.
fn walk_key(page: &str) -> Vec<(u8, &str)> {
    let mut key: Vec<(u8, &str)> = path::folder(page)
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| (2, part))
        .collect();
    key.push((u8::from(!path::is_index(page)), path::file_name(page)));
    key
}

/// The nav of a site that has none: folders are sections. `pages` are sorted and share their first `depth` folders.
fn nest(pages: &[Page], depth: usize) -> Vec<NavItem> {
    let folder = |page: &Page| {
        let folder = path::folder(&page.path)
            .split('/')
            .filter(|part| !part.is_empty())
            .nth(depth);
        folder.filter(|_| depth < MAX_DEPTH).map(str::to_owned)
    };
    let mut items = Vec::new();
    for group in pages.chunk_by(|a, b| folder(a).is_some() && folder(a) == folder(b)) {
        items.extend(group.first().map(|first| match folder(first) {
            Some(name) => NavItem {
                title: path::title(&name),
                target: Target::Section(nest(group, depth + 1)),
            },
            None => NavItem {
                title: first.title.clone(),
                target: Target::Page(first.path.clone()),
            },
        }));
    }
    items
}
