//! The order of pages: the nav's, or MkDocs' own where there is none.

use std::collections::BTreeMap;

use crate::techdocs::path;
use crate::techdocs::source::{nest, walk_key};
use crate::techdocs::{NavItem, Page, Target};

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
    let mut nav = if let Some(nav) = nav {
        nav.to_vec()
    } else {
        let paths: Vec<&str> = pages.iter().map(|page| page.path.as_str()).collect();
        nest(&paths)
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
        seen: BTreeMap::new(),
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
    /// What the pages are called that were met; a page has one title however often the nav names it.
    seen: BTreeMap<String, String>,
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
                    if let Some(title) = self.seen.get(path) {
                        item.title.clone_from(title);
                        continue;
                    }
                    if item.title.is_empty() {
                        item.title = self.titles.get(path).unwrap_or(path).clone();
                    }
                    if let Some(mut page) = self.left.remove(path) {
                        page.title.clone_from(&item.title);
                        self.seen.insert(path.clone(), page.title.clone());
                        self.pages.push(page);
                    } else {
                        self.missing.push(path.clone());
                    }
                }
            }
        }
    }
}
