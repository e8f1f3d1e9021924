//! Full text over sections of docs and over descriptions (FTS5, with word stems).

use rusqlite::{Transaction, params};

use super::connection::capped;
use super::docs::{Page, Section};
use super::entities::IS_SHADOWED;
use super::{Store, StoreError, refs};
use crate::catalog::EntityRef;

/// A section of docs that was found.
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

/// An entity that was found by its title or description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DescriptionHit {
    /// The entity.
    pub entity: EntityRef,
    /// Some words around the match; what matched stands between `\u{2}` and `\u{3}`.
    pub snippet: String,
}

impl Store {
    /// The sections that match all words of `text` (the last one as a beginning), best first; in the docs of `entity`
    /// or in all.
    pub fn search_docs(
        &self,
        text: &str,
        entity: Option<&EntityRef>,
        limit: usize,
    ) -> Result<Vec<DocHit>, StoreError> {
        let Some(query) = query(text) else {
            return Ok(Vec::new());
        };
        self.read(|tx| {
            let within = match entity.map(|r| refs::find(tx, r)).transpose()? {
                Some(None) => return Ok(Vec::new()),
                Some(id) => id,
                None => None,
            };
            let mut statement = tx.prepare_cached(
                "SELECT kind, namespace, ref.name, path, doc_page.title, doc_section.heading, anchor,
                     snippet(doc_text, 2, char(2), char(3), '…', 16)
                 FROM doc_text JOIN doc_section ON doc_section.id = doc_text.rowid
                 JOIN doc_page ON doc_page.id = page JOIN doc_site ON doc_site.id = site
                 JOIN ref ON ref.id = doc_site.ref
                 WHERE doc_text MATCH ?1 AND rank MATCH 'bm25(8.0, 4.0, 1.0)'
                     AND (?2 IS NULL OR doc_site.ref = ?2)
                 ORDER BY rank LIMIT ?3",
            )?;
            let hits = statement.query_map(params![query, within, capped(limit)], |row| {
                Ok(DocHit {
                    entity: refs::from_row(row, 0)?,
                    path: row.get(3)?,
                    title: row.get(4)?,
                    heading: row.get(5)?,
                    anchor: row.get(6)?,
                    snippet: row.get(7)?,
                })
            })?;
            Ok(hits.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The entities whose title and description match all words of `text` (the last one as a beginning), best first.
    pub fn search_descriptions(
        &self,
        text: &str,
        limit: usize,
    ) -> Result<Vec<DescriptionHit>, StoreError> {
        let Some(query) = query(text) else {
            return Ok(Vec::new());
        };
        self.read(|tx| {
            let sql = format!(
                "SELECT kind, namespace, name, snippet(entity_text, 1, char(2), char(3), '…', 16)
                 FROM entity_text JOIN entity e ON e.id = entity_text.rowid JOIN ref ON ref.id = e.ref
                 WHERE entity_text MATCH ?1 AND rank MATCH 'bm25(4.0, 1.0)' AND NOT {IS_SHADOWED}
                 ORDER BY rank LIMIT ?2"
            );
            let mut statement = tx.prepare_cached(&sql)?;
            let hits = statement.query_map(params![query, capped(limit)], |row| {
                Ok(DescriptionHit {
                    entity: refs::from_row(row, 0)?,
                    snippet: row.get(3)?,
                })
            })?;
            Ok(hits.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// Makes a page's sections findable.
pub(super) fn add_page(tx: &Transaction<'_>, page_id: i64, page: &Page) -> rusqlite::Result<()> {
    let whole = [Section {
        text: page.text.clone(),
        ..Section::default()
    }];
    let sections = if page.sections.is_empty() {
        &whole[..]
    } else {
        &page.sections
    };
    for section in sections {
        let id = tx
            .prepare_cached("INSERT INTO doc_section (page, heading, anchor) VALUES (?1, ?2, ?3)")?
            .insert(params![page_id, section.heading, section.anchor])?;
        tx.prepare_cached(
            "INSERT INTO doc_text (rowid, title, heading, text) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![id, page.title, section.heading, section.text])?;
    }
    Ok(())
}

/// `text` in FTS5's language, every word quoted so that none is taken for an operator; `None` if no word is left.
fn query(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| format!("\"{word}\""))
        .collect();
    // A last word that is still being typed stands for all that begin with it.
    (!words.is_empty()).then(|| words.join(" ") + "*")
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn operators_lose_their_power() {
        assert_eq!(
            query("how to \"NOT deploy").as_deref(),
            Some("\"how\" \"to\" \"NOT\" \"deploy\"*")
        );
        assert_eq!(query("a-b:c*").as_deref(), Some("\"a\" \"b\" \"c\"*"));
        assert_eq!(query(" \"* "), None);
    }
}
