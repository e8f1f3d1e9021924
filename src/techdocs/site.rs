//! A documentation site: its pages, their order, and where a link on a page leads.

mod edit;
mod order;
mod resolve;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::config::Config;
use super::path;
pub(super) use edit::edit_uri;

/// A documentation site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Site {
    /// What the site calls itself.
    pub name: String,
    /// The tree beside the page.
    pub nav: Vec<NavItem>,
    /// Every page, in reading order: those of the nav first, then the others.
    pub pages: Vec<Page>,
    /// Pages that moved: from their old paths to pages, with or without an anchor, or addresses.
    pub redirects: BTreeMap<String, String>,
    /// Where each page stands among the pages, by its path: links are looked up often.
    places: BTreeMap<String, usize>,
    /// The page that opens first, where something says so.
    opens: Option<String>,
    edit: edit::Edit,
}

/// A page of a site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Page {
    /// Its path relative to `docs_dir`: `guide/index.md`.
    pub path: String,
    /// What it is called: by the nav, else its front matter, its first heading, or its file's name.
    pub title: String,
}

/// A line of the nav.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NavItem {
    /// What it is called; empty in a [`Config`] where the page's own title counts.
    pub title: String,
    /// What it opens.
    pub target: Target,
}

/// What a line of the nav opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// A page, by its path.
    Page(String),
    /// An address elsewhere.
    Url(String),
    /// Nothing; it holds further lines.
    Section(Vec<NavItem>),
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkTarget {
    /// A page of this site, at a heading or at its top.
    Page {
        /// The page's path.
        path: String,
        /// The heading's slug.
        anchor: Option<String>,
    },
    /// A heading of the same page, by its slug.
    Heading(String),
    /// An address elsewhere.
    External(String),
    /// A file of the site that is no page: an image, a download.
    File(String),
    /// A place within the site that holds no page, or a path that leaves the site.
    Missing(String),
}

impl Site {
    /// The site that `config` makes of `pages`, and the paths that its nav names in vain. The titles given are the pages'
    /// own; an empty one is made from the file's name.
    pub fn build(config: &Config, pages: Vec<Page>) -> (Self, Vec<String>) {
        let (nav, pages, missing) = order::arrange(config.nav.as_deref(), pages);
        let paths = pages.iter().map(|page| page.path.clone());
        let site = Self {
            places: paths.zip(0..).collect(),
            name: config.site_name.clone(),
            nav,
            pages,
            opens: config.home.clone(),
            redirects: config.plugins.redirects.clone(),
            edit: edit::Edit::new(config),
        };
        (site, missing)
    }

    /// The page that opens first: the one that the entity asks for, the index, else the first of the nav.
    pub fn home(&self) -> Option<&Page> {
        if let Some(path) = &self.opens
            && let LinkTarget::Page { path, .. } = self.resolve("index.md", path)
        {
            return self.page(&path);
        }
        let index = |page: &&Page| !page.path.contains('/') && path::is_index(&page.path);
        self.pages.iter().find(index).or_else(|| self.pages.first())
    }

    /// The page at this path.
    pub fn page(&self, path: &str) -> Option<&Page> {
        self.pages.get(*self.places.get(path)?)
    }

    /// The page before `path` in reading order.
    pub fn previous(&self, path: &str) -> Option<&Page> {
        let at = self.pages.iter().position(|page| page.path == path)?;
        self.pages.get(at.checked_sub(1)?)
    }

    /// The page after `path` in reading order.
    pub fn next(&self, path: &str) -> Option<&Page> {
        let at = self.pages.iter().position(|page| page.path == path)?;
        self.pages.get(at + 1)
    }

    /// The sections of the nav above a page, outermost first, for the breadcrumb.
    pub fn trail(&self, path: &str) -> Vec<&str> {
        fn search<'a>(items: &'a [NavItem], path: &str, trail: &mut Vec<&'a str>) -> bool {
            items.iter().any(|item| match &item.target {
                Target::Page(page) => page == path,
                Target::Url(_) => false,
                Target::Section(items) => {
                    trail.push(&item.title);
                    let found = search(items, path, trail);
                    if !found {
                        trail.pop();
                    }
                    found
                }
            })
        }
        let mut trail = Vec::new();
        search(&self.nav, path, &mut trail);
        trail
    }

    /// Where `href` on the page `from` leads. Never outside the site's folder.
    pub fn resolve(&self, from: &str, href: &str) -> LinkTarget {
        resolve::resolve(self, from, href)
    }

    /// The URL that opens a page for editing, where known.
    pub fn edit_url(&self, path: &str) -> Option<String> {
        self.edit.url(path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn site(mkdocs: &str, pages: &[&str]) -> (Site, Vec<String>) {
        let (config, _) = Config::parse("mkdocs.yml", mkdocs);
        let pages = pages.iter().map(|path| Page {
            path: (*path).to_owned(),
            title: String::new(),
        });
        Site::build(&config, pages.collect())
    }

    #[test]
    fn the_nav_gives_order_titles_and_trail() {
        let (site, missing) = site(
            "site_name: Ledger\nnav:\n- index.md\n- Operations:\n  - Paging: ops/paging.md\n  - ops/gone.md\n",
            &["ops/deploys.md", "ops/paging.md", "index.md"],
        );
        let order: Vec<_> = site
            .pages
            .iter()
            .map(|page| (page.path.as_str(), page.title.as_str()))
            .collect();
        assert_eq!(
            order,
            [
                ("index.md", "Home"),
                ("ops/paging.md", "Paging"),
                ("ops/deploys.md", "Deploys")
            ]
        );
        assert_eq!(site.trail("ops/paging.md"), ["Operations"]);
        assert_eq!(
            site.next("index.md").map(|page| page.path.as_str()),
            Some("ops/paging.md")
        );
        assert_eq!(site.previous("index.md"), None);
        assert_eq!(missing, ["ops/gone.md"]);
    }

    #[test]
    fn without_a_nav_folders_are_sections_and_the_index_comes_first() {
        let (site, _) = site(
            "",
            &["b.md", "a-z/index.md", "a-z/b.md", "index.md", "a.md"],
        );
        let order: Vec<_> = site.pages.iter().map(|page| page.path.as_str()).collect();
        assert_eq!(
            order,
            ["index.md", "a.md", "b.md", "a-z/index.md", "a-z/b.md"]
        );
        assert_eq!(site.trail("a-z/b.md"), ["A z"]);
    }

    #[test]
    fn the_edit_url_follows_mkdocs() {
        let (site, _) = site("repo_url: https://github.com/acme/x\n", &["a.md"]);
        assert_eq!(
            site.edit_url("a.md").as_deref(),
            Some("https://github.com/acme/x/edit/master/docs/a.md")
        );
        let cases = [
            (
                "edit_uri: blob/main/docs",
                "https://acme.dev/x/blob/main/docs/a/b.md",
            ),
            (
                "edit_uri: '?at=main&path=docs/'",
                "https://acme.dev/x?at=main&path=docs/a/b.md",
            ),
            (
                "edit_uri: https://edit.acme.dev/d",
                "https://edit.acme.dev/d/a/b.md",
            ),
            (
                "edit_uri_template: 'e/{path_noext}?p={path!q}'",
                "https://acme.dev/x/e/a/b?p=a%2Fb.md",
            ),
        ];
        for (setting, url) in cases {
            let (site, _) = self::site(
                &format!("repo_url: https://acme.dev/x\n{setting}\n"),
                &["a/b.md"],
            );
            assert_eq!(site.edit_url("a/b.md").as_deref(), Some(url), "{setting}");
        }
    }
}
