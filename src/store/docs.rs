//! Docs sites: their pages as read, and full text over their sections.

use super::{Store, StoreError};
use crate::catalog::EntityRef;

/// A docs site without its pages' texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Site {
    /// The entity whose docs these are.
    pub entity: EntityRef,
    /// The text of its `mkdocs.yml`; empty where it has none.
    pub config: String,
    /// What tells one state of it from the next: a commit, a digest.
    pub revision: String,
    /// The paths of its pages relative to the docs folder, with their titles.
    pub pages: Vec<(String, String)>,
}

/// A page of a docs site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// Its path relative to the docs folder.
    pub path: String,
    /// Its title.
    pub title: String,
    /// Its Markdown.
    pub text: String,
    /// What full text finds of it; where empty, the whole text counts as one section.
    pub sections: Vec<Section>,
}

/// A part of a page, from one heading to the next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section {
    /// The heading; empty before the first.
    pub heading: String,
    /// The id to jump to; empty before the first heading.
    pub anchor: String,
    /// Its plain text.
    pub text: String,
}

/// A section that full text found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocHit {
    /// The entity whose docs it is in.
    pub entity: EntityRef,
    /// The page.
    pub path: String,
    /// The page's title.
    pub title: String,
    /// The section's heading.
    pub heading: String,
    /// The section's anchor.
    pub anchor: String,
    /// Some words around the match; what matched stands between `\u{2}` and `\u{3}`.
    pub snippet: String,
}

impl Store {
    /// Puts `pages` in place of the docs of `entity`.
    pub fn put_site(
        &self,
        entity: &EntityRef,
        config: &str,
        revision: &str,
        pages: &[Page],
    ) -> Result<(), StoreError> {
        let _ = (entity, config, revision, pages);
        Ok(())
    }

    /// Forgets the docs of `entity`.
    pub fn remove_site(&self, entity: &EntityRef) -> Result<(), StoreError> {
        let _ = entity;
        Ok(())
    }

    /// The docs site of `entity`.
    pub fn site(&self, entity: &EntityRef) -> Result<Option<Site>, StoreError> {
        let _ = entity;
        Ok(None)
    }

    /// The entities that have a docs site here, with its revision, ordered by reference.
    pub fn sites(&self) -> Result<Vec<(EntityRef, String)>, StoreError> {
        Ok(Vec::new())
    }

    /// One page's Markdown.
    pub fn page(&self, entity: &EntityRef, path: &str) -> Result<Option<String>, StoreError> {
        let _ = (entity, path);
        Ok(None)
    }

    /// The sections that match all words of `text` (the last one as a beginning), best first; in the docs of `entity`
    /// or in all.
    pub fn search_docs(
        &self,
        text: &str,
        entity: Option<&EntityRef>,
        limit: usize,
    ) -> Result<Vec<DocHit>, StoreError> {
        let _ = (text, entity, limit);
        Ok(Vec::new())
    }
}
