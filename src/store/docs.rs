//! Docs sites: their pages as read.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{Store, StoreError, full_text, refs};
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
    /// The paths of its pages relative to the docs folder, with their titles, in the order in which they were put.
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

impl Store {
    /// Puts `pages` in place of the docs of `entity`. Of two with one path the first is kept.
    pub fn put_site(
        &self,
        entity: &EntityRef,
        config: &str,
        revision: &str,
        pages: &[Page],
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let id = refs::number(tx, entity)?;
            remove(tx, id)?;
            let site = tx
                .prepare_cached("INSERT INTO doc_site (ref, config, revision) VALUES (?1, ?2, ?3)")?
                .insert(params![id, config, revision])?;
            let mut insert = tx.prepare_cached(
                "INSERT OR IGNORE INTO doc_page (site, position, path, title, text)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?;
            for (position, page) in pages.iter().enumerate() {
                let row = params![site, position, page.path, page.title, page.text];
                if insert.execute(row)? == 1 {
                    full_text::add_page(tx, tx.last_insert_rowid(), page)?;
                }
            }
            Ok(())
        })
    }

    /// Forgets the docs of `entity`.
    pub fn remove_site(&self, entity: &EntityRef) -> Result<(), StoreError> {
        self.write(|tx| {
            if let Some(id) = refs::find(tx, entity)? {
                remove(tx, id)?;
            }
            Ok(())
        })
    }

    /// The docs site of `entity`.
    pub fn site(&self, entity: &EntityRef) -> Result<Option<Site>, StoreError> {
        self.read(|tx| {
            let Some((site, config, revision)) = site_of(tx, entity)? else {
                return Ok(None);
            };
            let mut statement = tx.prepare_cached(
                "SELECT path, title FROM doc_page WHERE site = ?1 ORDER BY position",
            )?;
            let pages = statement.query_map([site], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(Some(Site {
                entity: entity.clone(),
                config,
                revision,
                pages: pages.collect::<rusqlite::Result<_>>()?,
            }))
        })
    }

    /// The entities that have a docs site here, with its revision, ordered by reference.
    pub fn sites(&self) -> Result<Vec<(EntityRef, String)>, StoreError> {
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT kind, namespace, name, revision FROM doc_site JOIN ref ON ref.id = doc_site.ref
                 ORDER BY kind, namespace, name",
            )?;
            let sites = statement.query_map([], |row| Ok((refs::from_row(row, 0)?, row.get(3)?)))?;
            Ok(sites.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// One page's Markdown.
    pub fn page(&self, entity: &EntityRef, path: &str) -> Result<Option<String>, StoreError> {
        self.read(|tx| {
            let Some((site, ..)) = site_of(tx, entity)? else {
                return Ok(None);
            };
            let text = tx
                .prepare_cached("SELECT text FROM doc_page WHERE site = ?1 AND path = ?2")?
                .query_row(params![site, path], |row| row.get(0));
            Ok(text.optional()?)
        })
    }
}

/// Row, config and revision of the site of `entity`.
fn site_of(
    connection: &Connection,
    entity: &EntityRef,
) -> rusqlite::Result<Option<(i64, String, String)>> {
    let Some(id) = refs::find(connection, entity)? else {
        return Ok(None);
    };
    connection
        .prepare_cached("SELECT id, config, revision FROM doc_site WHERE ref = ?1")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()
}

/// Removes the site of the reference number `id` with all that belongs to it.
fn remove(tx: &Transaction<'_>, id: i64) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM doc_words WHERE rowid IN (
             SELECT doc_section.id FROM doc_section JOIN doc_page ON doc_page.id = page
             JOIN doc_site ON doc_site.id = site WHERE ref = ?1)",
        "DELETE FROM doc_section WHERE page IN (
             SELECT doc_page.id FROM doc_page JOIN doc_site ON doc_site.id = site WHERE ref = ?1)",
        "DELETE FROM doc_page WHERE site IN (SELECT id FROM doc_site WHERE ref = ?1)",
        "DELETE FROM doc_site WHERE ref = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([id])?;
    }
    Ok(())
}
