//! The nav of a finished site, as Material for MkDocs puts it on each page.

use super::blocks::gather;
use super::tree::{self, Element};
use crate::catalog::text::one_line;
use crate::techdocs::path::{self, is_url, normal, percent_decoded};
use crate::techdocs::{NavItem, Target};

/// The most lines of a nav that are read.
const MAX_ITEMS: usize = 20_000;
/// How many sections may lie within each other.
const MAX_DEPTH: usize = 12;

/// What a page tells of its site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SiteNav {
    /// The lines of the nav.
    pub items: Vec<NavItem>,
    /// The pages that it leads to, in its order.
    pub pages: Vec<String>,
}

/// The nav on the page `text`, which is the page at `from`; empty where it has none.
pub fn nav(text: &str, from: &str) -> SiteNav {
    let nodes = tree::read(text);
    let is_nav = |element: &Element<'_>| element.name == "nav" && element.is("md-nav--primary");
    let elements = nodes.iter().filter_map(tree::Node::element);
    let found = elements.into_iter().find_map(|element| {
        if is_nav(element) {
            Some(element)
        } else {
            element.find(&is_nav)
        }
    });
    let mut reader = Reader {
        from,
        site: SiteNav::default(),
        left: MAX_ITEMS,
    };
    let items = found.map(|nav| reader.items(nav, 0)).unwrap_or_default();
    SiteNav {
        items,
        ..reader.site
    }
}

/// The page of the site to which `href` on the page `from` leads; `None` where it leads elsewhere, or to no page.
pub fn page_at(from: &str, href: &str) -> Option<String> {
    if is_url(href) || href.starts_with('/') {
        return None;
    }
    let href = href.split(['#', '?']).next().unwrap_or_default();
    let place = normal(path::folder(from), &percent_decoded(href))?;
    let name = path::file_name(&place);
    let is_folder = href.is_empty() || href.ends_with('/') || !name.contains('.');
    if !is_folder && path::is_html(&place) {
        return Some(place);
    }
    let below = |folder: &str| {
        if folder.is_empty() {
            "index.html".to_owned()
        } else {
            format!("{folder}/index.html")
        }
    };
    // `.` and `..` are folders, and so is `v1.2/`.
    let ends_above = matches!(href.rsplit('/').next(), Some("." | ".."));
    (is_folder || ends_above).then(|| below(&place))
}

struct Reader<'f> {
    from: &'f str,
    site: SiteNav,
    left: usize,
}

impl Reader<'_> {
    fn items(&mut self, nav: &Element<'_>, depth: usize) -> Vec<NavItem> {
        let mut lists = Vec::new();
        gather(nav, "ul", &["nav"], &mut lists);
        let mut items = Vec::new();
        for line in lists.into_iter().flat_map(Element::elements) {
            if line.name == "li" && self.left > 0 {
                self.left -= 1;
                self.item(line, depth, &mut items);
            }
        }
        items
    }

    fn item(&mut self, line: &Element<'_>, depth: usize, items: &mut Vec<NavItem>) {
        let (mut links, mut labels, mut below) = (Vec::new(), Vec::new(), Vec::new());
        gather(line, "a", &["nav"], &mut links);
        gather(line, "label", &["nav", "a"], &mut labels);
        gather(line, "nav", &[], &mut below);
        below.retain(|nav| !nav.is("md-nav--secondary"));
        let titled = links.iter().chain(&labels).map(|element| title(element));
        let title = titled
            .into_iter()
            .find(|title| !title.is_empty())
            .unwrap_or_default();
        let href = links.first().and_then(|link| link.attribute("href"));
        let target = href.and_then(|href| self.target(&href));
        let Some(nav) = below.first().filter(|_| depth < MAX_DEPTH) else {
            items.extend(target.map(|target| NavItem { title, target }));
            return;
        };
        // A section with a page of its own begins with it.
        let mut inner: Vec<NavItem> = target
            .map(|target| NavItem {
                title: title.clone(),
                target,
            })
            .into_iter()
            .collect();
        inner.extend(self.items(nav, depth + 1));
        items.push(NavItem {
            title,
            target: Target::Section(inner),
        });
    }

    fn target(&mut self, href: &str) -> Option<Target> {
        if is_url(href) {
            return Some(Target::Url(href.to_owned()));
        }
        let page = page_at(self.from, href)?;
        if !self.site.pages.contains(&page) {
            self.site.pages.push(page.clone());
        }
        Some(Target::Page(page))
    }
}

/// What a line of the nav is called, without the signs beside it.
fn title(element: &Element<'_>) -> String {
    let is_words = |inner: &Element<'_>| inner.is("md-ellipsis");
    let words = element.find(&is_words).unwrap_or(element);
    one_line(&words.text(&|inner| inner.is("md-status") || inner.is("md-nav__icon")))
}
