//! A site with the text of its pages: all that reading needs.

use std::collections::BTreeMap;

use super::{Config, Page, Site, page};

/// A site and its pages' texts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Book {
    /// The site.
    pub site: Site,
    /// The text of each page, Markdown or HTML, by its path.
    pub texts: BTreeMap<String, String>,
}

impl Book {
    /// The site of the pages `texts`; `config` is the text of its `mkdocs.yml`, empty where it has none. A site without
    /// a name is called `name`.
    pub fn new(name: &str, config: &str, texts: BTreeMap<String, String>) -> Self {
        let mut config = if config.is_empty() {
            Config::absent(name)
        } else {
            Config::parse("mkdocs.yml", config).0
        };
        if config.site_name.is_empty() {
            name.clone_into(&mut config.site_name);
        }
        let pages = texts.iter().map(|(path, text)| Page {
            path: path.clone(),
            title: page::title(text).unwrap_or_default(),
        });
        let (site, _) = Site::build(&config, pages.collect());
        Self { site, texts }
    }
}
