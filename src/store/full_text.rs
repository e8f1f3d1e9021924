//! Full text over sections of docs and over descriptions (FTS5, with word stems): what both share with other texts, and
//! the search through them.
//!
//! Ranking costs a look at each row that matches, and the words that everybody uses are in all of them. So no more than
//! [`RANKED`] rows are ranked, and where there are more, those come first that have the words in their heads, then those
//! that have them side by side.

use std::collections::HashSet;

use rusqlite::{OptionalExtension, Transaction, params};

use super::connection::capped;
use super::docs::{Page, Section};
use super::entities::IS_SHADOWED;
use super::{Store, StoreError, refs};
use crate::catalog::terms::{Term, spaced};
use crate::catalog::{Entity, EntityRef, Terms};

/// How many rows are ranked: a millisecond's work.
const RANKED: usize = 1_000;
/// Of how many words apart they still stand side by side.
const NEAR: usize = 8;
/// Words of fewer letters stand for themselves alone: of so short beginnings the index has no list.
const BEGINNING: usize = 3;
/// How much of a section is kept to be found and shown, in bytes.
const MAX_SECTION: usize = 64 << 10;

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
    /// The section's text.
    pub text: String,
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
        let terms = Terms::parse(text);
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        self.read(|tx| {
            let within = match entity.map(|r| refs::find(tx, r)).transpose()? {
                Some(None) => return Ok(Vec::new()),
                Some(id) => id,
                None => None,
            };
            let mut statement = tx.prepare_cached(
                "SELECT kind, namespace, ref.name, path, doc_page.title, heading, anchor, doc_section.text
                 FROM doc_section JOIN doc_page ON doc_page.id = page JOIN doc_site ON doc_site.id = site
                 JOIN ref ON ref.id = doc_site.ref WHERE doc_section.id = ?1",
            )?;
            let ids = DOCS.ranked(tx, &terms, within, limit)?;
            let hits = ids.into_iter().map(|id| {
                statement.query_row([id], |row| {
                    let text: String = row.get(7)?;
                    Ok(DocHit {
                        entity: refs::from_row(row, 0)?,
                        path: row.get(3)?,
                        title: row.get(4)?,
                        heading: row.get(5)?,
                        anchor: row.get(6)?,
                        snippet: terms.snippet(&text),
                        text,
                    })
                })
            });
            Ok(hits.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The entities whose title and description match all words of `text` (the last one as a beginning), best first.
    pub fn search_descriptions(
        &self,
        text: &str,
        limit: usize,
    ) -> Result<Vec<DescriptionHit>, StoreError> {
        let terms = Terms::parse(text);
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        self.read(|tx| {
            let mut statement = tx.prepare_cached(&format!(
                "SELECT kind, namespace, name, body ->> '$.metadata.description'
                 FROM entity e JOIN ref ON ref.id = e.ref WHERE e.id = ?1 AND NOT {IS_SHADOWED}"
            ))?;
            let ids = ENTITIES.ranked(tx, &terms, None, limit)?;
            let hits = ids.into_iter().filter_map(|id| {
                let hit = statement.query_row([id], |row| {
                    let description: Option<String> = row.get(3)?;
                    Ok(DescriptionHit {
                        entity: refs::from_row(row, 0)?,
                        snippet: terms.snippet(&description.unwrap_or_default()),
                    })
                });
                hit.optional().transpose()
            });
            Ok(hits.collect::<rusqlite::Result<_>>()?)
        })
    }
}

/// One index of words.
pub(super) struct Words {
    /// Its table.
    pub(super) table: &'static str,
    /// The columns that say in short what a row is, as FTS5 takes them.
    pub(super) heads: &'static str,
    /// What each column counts.
    pub(super) weights: &'static str,
    /// Which rows count, as SQL over `rowid`; `?2` is the number of the reference within which to look, or null.
    pub(super) condition: &'static str,
}

const DOCS: Words = Words {
    table: "doc_words",
    heads: "{title heading}",
    weights: "8.0, 4.0, 1.0",
    condition: "(?2 IS NULL OR +rowid IN (
        SELECT doc_section.id FROM doc_site JOIN doc_page ON site = doc_site.id JOIN doc_section ON page = doc_page.id
        WHERE ref = ?2))",
};

const ENTITIES: Words = Words {
    table: "entity_words",
    heads: "{title}",
    weights: "4.0, 1.0",
    condition: "?2 IS NULL",
};

impl Words {
    /// The rows that have all of `terms`, best first. Of a last word that is only just begun nobody knows what it will be:
    /// where nothing has it, it is left out.
    pub(super) fn ranked(
        &self,
        tx: &Transaction<'_>,
        terms: &Terms,
        within: Option<i64>,
        limit: usize,
    ) -> rusqlite::Result<Vec<i64>> {
        let words = query(terms);
        let ids = self.with_all(tx, &words, within, limit)?;
        match words.split_last() {
            Some((_, others)) if ids.is_empty() && !others.is_empty() && is_just_begun(terms) => {
                self.with_all(tx, others, within, limit)
            }
            _ => Ok(ids),
        }
    }

    /// The rows that have all of `words`, best first.
    fn with_all(
        &self,
        tx: &Transaction<'_>,
        words: &[String],
        within: Option<i64>,
        limit: usize,
    ) -> rusqlite::Result<Vec<i64>> {
        let anywhere = words.join(" ");
        let some = self.matching(tx, &anywhere, within, RANKED)?;
        if some.len() < RANKED {
            return self.best(tx, &anywhere, within, limit);
        }
        let heads = format!("{} : ({anywhere})", self.heads);
        let mut ids = self.matching(tx, &heads, within, limit)?;
        if words.len() > 1 && ids.len() < limit {
            let near = format!("NEAR({anywhere}, {NEAR})");
            ids.append(&mut self.matching(tx, &near, within, limit)?);
        }
        ids.extend(some);
        let mut seen = HashSet::new();
        ids.retain(|id| seen.insert(*id));
        ids.truncate(limit);
        Ok(ids)
    }

    /// The best `limit` rows that match, the best first. Looks at every row that does.
    fn best(
        &self,
        tx: &Transaction<'_>,
        query: &str,
        within: Option<i64>,
        limit: usize,
    ) -> rusqlite::Result<Vec<i64>> {
        let Self {
            table,
            weights,
            condition,
            ..
        } = self;
        let mut statement = tx.prepare_cached(&format!(
            "SELECT rowid FROM {table} WHERE {table} MATCH ?1 AND {condition}
                 AND rank MATCH 'bm25({weights})'
             ORDER BY rank LIMIT ?3"
        ))?;
        let ids = statement.query_map(params![query, within, capped(limit)], |row| row.get(0))?;
        ids.collect()
    }

    /// Any `limit` rows that match, in the order in which they came.
    fn matching(
        &self,
        tx: &Transaction<'_>,
        query: &str,
        within: Option<i64>,
        limit: usize,
    ) -> rusqlite::Result<Vec<i64>> {
        let Self {
            table, condition, ..
        } = self;
        let mut statement = tx.prepare_cached(&format!(
            "SELECT rowid FROM {table} WHERE {table} MATCH ?1 AND {condition} LIMIT ?3"
        ))?;
        let ids = statement.query_map(params![query, within, capped(limit)], |row| row.get(0))?;
        ids.collect()
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
        let text = shortened(&section.text, MAX_SECTION);
        let id = tx
            .prepare_cached(
                "INSERT INTO doc_section (page, heading, anchor, text) VALUES (?1, ?2, ?3, ?4)",
            )?
            .insert(params![page_id, section.heading, section.anchor, text])?;
        tx.prepare_cached(
            "INSERT INTO doc_words (rowid, title, heading, text) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            id,
            spaced(&page.title),
            spaced(&section.heading),
            spaced(text)
        ])?;
    }
    Ok(())
}

/// Makes the entity in `row` findable by its description, if it has one.
pub(super) fn add_entity(tx: &Transaction<'_>, row: i64, entity: &Entity) -> rusqlite::Result<()> {
    let Some(description) = entity.description() else {
        return Ok(());
    };
    let (title, description) = (spaced(entity.display_name()), spaced(description));
    tx.prepare_cached("INSERT INTO entity_words (rowid, title, description) VALUES (?1, ?2, ?3)")?
        .execute(params![row, title, description])?;
    Ok(())
}

/// As much of `text` as `most` bytes hold.
pub(super) fn shortened(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

/// Each of `terms` in FTS5's language, quoted so that none is taken for an operator.
fn query(terms: &Terms) -> Vec<String> {
    let quoted = |term: &Term| {
        let text = spaced(&term.text);
        // A last word that is still being typed stands for all that begin with it.
        let star = if term.is_beginning && !term.is_run && !is_short(term) {
            "*"
        } else {
            ""
        };
        format!("\"{}\"{star}", text.trim())
    };
    terms.iter().map(quoted).collect()
}

/// Whether the last word is a beginning of which there is no list.
fn is_just_begun(terms: &Terms) -> bool {
    let last = terms.iter().last();
    last.is_some_and(|term| term.is_beginning && !term.is_run && is_short(term))
}

fn is_short(term: &Term) -> bool {
    term.text.chars().count() < BEGINNING
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn operators_lose_their_power() {
        let told = |text: &str| query(&Terms::parse(text)).join(" ");
        assert_eq!(
            told("how to \"NOT deploy"),
            "\"how\" \"to\" \"not\" \"deploy\"*"
        );
        assert_eq!(told("a-b:c*"), "\"a\" \"b\" \"c\"");
        assert_eq!(told("支付 api"), "\"支  付\" \"api\"*");
        assert_eq!(told(" \"* "), "");
        assert_eq!(told("\"Card payments\" xy"), "\"card payments\" \"xy\"");
    }

    #[test]
    fn a_word_that_is_just_begun_is_itself_or_left_out() {
        let store = Store::temporary().unwrap();
        let sections = ["Deploy with go.", "Deploy the canary."].map(|text| Section {
            text: text.to_owned(),
            ..Section::default()
        });
        let page = Page {
            sections: sections.to_vec(),
            ..Page::default()
        };
        let entity = EntityRef::new("component", "default", "web");
        store.put_site(&entity, "", "1", &[page]).unwrap();
        let found = |text: &str| store.search_docs(text, None, 9).unwrap().len();
        for (text, count) in [
            ("deploy", 2),
            ("deploy go", 1),
            ("deploy c", 2),
            ("deploy ca", 2),
            ("deploy can", 1),
            ("go", 1),
            ("c", 0),
        ] {
            assert_eq!(found(text), count, "{text}");
        }
    }

    #[test]
    fn of_words_that_are_everywhere_those_in_heads_and_side_by_side_come_first() {
        let store = Store::temporary().unwrap();
        let section = |heading: &str, text: &str| Section {
            heading: heading.to_owned(),
            anchor: String::new(),
            text: text.to_owned(),
        };
        let apart = format!("deploy {} canary", "and so on ".repeat(9));
        let mut sections: Vec<Section> = (0..RANKED).map(|_| section("", &apart)).collect();
        sections.push(section("", "we deploy the canary"));
        sections.push(section("Deploying a canary", "As it is."));
        let page = Page {
            sections,
            ..Page::default()
        };
        let entity = EntityRef::new("component", "default", "web");
        store.put_site(&entity, "", "1", &[page]).unwrap();
        let hits = store.search_docs("deploy canary", None, 3).unwrap();
        let told: Vec<&str> = hits.iter().map(|hit| hit.text.get(..6).unwrap()).collect();
        assert_eq!(told, ["As it ", "we dep", "deploy"]);
    }

    #[test]
    fn a_long_text_is_cut_between_characters() {
        assert_eq!(shortened("aé", 2), "a");
        assert_eq!(shortened("aé", 9), "aé");
    }
}
