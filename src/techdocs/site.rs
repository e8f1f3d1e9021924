//! A documentation site: its pages, their order, and where a link on a page leads.

use serde::{Deserialize, Serialize};

use crate::catalog::Problem;

use super::config::Config;

/// A documentation site.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Site {
    /// What the site calls itself.
    pub name: String,
    /// The tree beside the page.
    pub nav: Vec<NavItem>,
    /// Every page, in reading order: those of the nav first, then the others.
    pub pages: Vec<Page>,
    /// The URL before a page's path that opens it for editing, where the config tells.
    pub edit_base: Option<String>,
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
    /// A place within the site that holds no page.
    Missing(String),
}

impl Site {
    /// The site that `config` makes of `pages`, and what is wrong with its nav. The titles given are the pages' own;
    /// an empty one is made from the file's name.
    pub fn build(config: &Config, pages: Vec<Page>) -> (Self, Vec<Problem>) {
        (
            Self {
                name: config.site_name.clone(),
                nav: Vec::new(),
                pages,
                edit_base: None,
            },
            Vec::new(),
        )
    }

    /// The page that opens first.
    pub fn home(&self) -> Option<&Page> {
        self.pages.first()
    }

    /// The page at this path.
    pub fn page(&self, path: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.path == path)
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
        let _ = path;
        Vec::new()
    }

    /// Where `href` on the page `from` leads. Never outside the site's folder.
    pub fn resolve(&self, from: &str, href: &str) -> LinkTarget {
        let _ = from;
        LinkTarget::External(href.to_owned())
    }

    /// The URL that opens a page for editing, where known.
    pub fn edit_url(&self, path: &str) -> Option<String> {
        self.edit_base.as_ref().map(|base| format!("{base}{path}"))
    }
}
