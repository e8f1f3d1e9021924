//! Pages beside the catalog, kept to be found by their words.

use std::collections::{BTreeMap, HashSet};
use std::time::SystemTime;

use rusqlite::{Transaction, params};

use super::connection::{now, time};
use super::full_text::{Words, shortened};
use super::{Store, StoreError};
use crate::catalog::terms::spaced;
use crate::catalog::{ElsewherePage, Terms};

/// How much of a page is kept, in bytes.
const MAX_TEXT: usize = 64 << 10;

const PAGES: Words = Words {
    table: "elsewhere_words",
    heads: "{title heading}",
    weights: "8.0, 4.0, 1.0",
    condition: "?2 IS NULL",
};

/// A page that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElsewhereHit {
    /// The name of its source.
    pub source: String,
    /// The page.
    pub page: ElsewherePage,
    /// Some words around the match; what matched stands between `\u{2}` and `\u{3}`.
    pub snippet: String,
}

/// How a source of pages stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ElsewhereState {
    /// Its name.
    pub name: String,
    /// When it was last asked.
    pub asked: SystemTime,
    /// Why it did not answer, if it did not; what it gave before is kept.
    pub error: Option<String>,
}

impl Store {
    /// The keys of the pages that are kept of `source`, with their versions.
    pub fn elsewhere_versions(&self, source: &str) -> Result<BTreeMap<String, String>, StoreError> {
        self.read(|tx| {
            let mut statement =
                tx.prepare_cached("SELECT key, version FROM elsewhere WHERE source = ?1")?;
            let versions = statement.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(versions.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// Keeps `pages` of `source` in place of those with the same keys, and forgets those whose key is not among `keys`.
    pub fn put_elsewhere(
        &self,
        source: &str,
        keys: &[String],
        pages: &[ElsewherePage],
    ) -> Result<(), StoreError> {
        self.write(|tx| {
            let mut statement = tx.prepare("SELECT id, key FROM elsewhere WHERE source = ?1")?;
            let kept = statement.query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let kept: Vec<(i64, String)> = kept.collect::<rusqlite::Result<_>>()?;
            let there: HashSet<&str> = keys.iter().map(String::as_str).collect();
            let new: HashSet<&str> = pages.iter().map(|page| page.key.as_str()).collect();
            for (id, key) in kept {
                if !there.contains(key.as_str()) || new.contains(key.as_str()) {
                    remove(tx, id)?;
                }
            }
            for page in pages {
                add(tx, source, page)?;
            }
            told(tx, source, None)?;
            Ok(())
        })
    }

    /// Notes that `source` did not answer, and why; what it gave before stays.
    pub fn mark_elsewhere_failed(&self, source: &str, error: &str) -> Result<(), StoreError> {
        self.write(|tx| Ok(told(tx, source, Some(error))?))
    }

    /// Forgets every source of pages that is not among `names`.
    pub fn retain_elsewhere(&self, names: &[&str]) -> Result<(), StoreError> {
        let known = self.elsewhere_sources()?;
        if known
            .iter()
            .all(|state| names.contains(&state.name.as_str()))
        {
            return Ok(());
        }
        self.write(|tx| {
            for state in known {
                if names.contains(&state.name.as_str()) {
                    continue;
                }
                tx.execute(
                    "DELETE FROM elsewhere_words WHERE rowid IN (SELECT id FROM elsewhere WHERE source = ?1)",
                    [&state.name],
                )?;
                tx.execute("DELETE FROM elsewhere WHERE source = ?1", [&state.name])?;
                tx.execute("DELETE FROM elsewhere_source WHERE name = ?1", [&state.name])?;
            }
            Ok(())
        })
    }

    /// Every source of pages that was ever asked, by name.
    pub fn elsewhere_sources(&self) -> Result<Vec<ElsewhereState>, StoreError> {
        self.read(|tx| {
            let mut statement =
                tx.prepare_cached("SELECT name, asked, error FROM elsewhere_source ORDER BY name")?;
            let states = statement.query_map([], |row| {
                Ok(ElsewhereState {
                    name: row.get(0)?,
                    asked: time(row.get(1)?),
                    error: row.get(2)?,
                })
            })?;
            Ok(states.collect::<rusqlite::Result<_>>()?)
        })
    }

    /// The pages that match all words of `text` (the last one as a beginning), best first.
    pub fn search_elsewhere(
        &self,
        text: &str,
        limit: usize,
    ) -> Result<Vec<ElsewhereHit>, StoreError> {
        let terms = Terms::parse(text);
        if terms.is_empty() {
            return Ok(Vec::new());
        }
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT source, key, version, url, title, heading, text FROM elsewhere WHERE id = ?1",
            )?;
            let ids = PAGES.ranked(tx, &terms, None, limit)?;
            let hits = ids.into_iter().map(|id| {
                statement.query_row([id], |row| {
                    let page = ElsewherePage {
                        key: row.get(1)?,
                        version: row.get(2)?,
                        url: row.get(3)?,
                        title: row.get(4)?,
                        heading: row.get(5)?,
                        text: row.get(6)?,
                    };
                    Ok(ElsewhereHit {
                        source: row.get(0)?,
                        snippet: terms.snippet(&page.text),
                        page,
                    })
                })
            });
            Ok(hits.collect::<rusqlite::Result<_>>()?)
        })
    }
}

fn add(tx: &Transaction<'_>, source: &str, page: &ElsewherePage) -> rusqlite::Result<()> {
    let text = shortened(&page.text, MAX_TEXT);
    let id = tx
        .prepare_cached(
            "INSERT OR IGNORE INTO elsewhere (source, key, version, url, title, heading, text)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            source,
            page.key,
            page.version,
            page.url,
            page.title,
            page.heading,
            text
        ])?;
    // A source that lists one key twice has its first page found.
    if id == 1 {
        tx.prepare_cached(
            "INSERT INTO elsewhere_words (rowid, title, heading, text) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![
            tx.last_insert_rowid(),
            spaced(&page.title),
            spaced(&page.heading),
            spaced(text)
        ])?;
    }
    Ok(())
}

fn remove(tx: &Transaction<'_>, id: i64) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM elsewhere_words WHERE rowid = ?1",
        "DELETE FROM elsewhere WHERE id = ?1",
    ] {
        tx.prepare_cached(sql)?.execute([id])?;
    }
    Ok(())
}

/// Notes that a source was asked just now, and what came of it.
fn told(tx: &Transaction<'_>, source: &str, error: Option<&str>) -> rusqlite::Result<()> {
    tx.prepare_cached("REPLACE INTO elsewhere_source (name, asked, error) VALUES (?1, ?2, ?3)")?
        .execute(params![source, now(), error])?;
    Ok(())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn page(key: &str, version: &str, text: &str) -> ElsewherePage {
        ElsewherePage {
            key: key.to_owned(),
            version: version.to_owned(),
            url: format!("https://wiki.dev/{key}"),
            title: key.to_owned(),
            text: text.to_owned(),
            ..ElsewherePage::default()
        }
    }

    #[test]
    fn pages_come_change_and_go_and_a_failure_takes_nothing() {
        let store = Store::temporary().unwrap();
        let keys =
            |keys: &[&str]| -> Vec<String> { keys.iter().map(|&key| key.to_owned()).collect() };
        let found = |words: &str| -> Vec<String> {
            let hits = store.search_elsewhere(words, 9).unwrap();
            hits.into_iter()
                .map(|hit| format!("{} {}", hit.source, hit.page.key))
                .collect()
        };
        let pages = [
            page("rota", "1", "Who is on call"),
            page("lunch", "1", "支付 at noon"),
        ];
        store
            .put_elsewhere("wiki", &keys(&["rota", "lunch"]), &pages)
            .unwrap();
        store
            .put_elsewhere("other", &keys(&["x"]), &[page("x", "1", "calls")])
            .unwrap();
        assert_eq!(found("call"), ["other x", "wiki rota"]);
        assert_eq!(found("付"), ["wiki lunch"]);
        store
            .put_elsewhere("wiki", &keys(&["rota"]), &[page("rota", "2", "Nobody")])
            .unwrap();
        assert_eq!(found("call"), ["other x"]);
        assert_eq!(found("noon"), [""; 0]);
        let versions = store.elsewhere_versions("wiki").unwrap();
        assert_eq!(
            versions.into_iter().collect::<Vec<_>>(),
            [("rota".to_owned(), "2".to_owned())]
        );
        store.mark_elsewhere_failed("wiki", "401").unwrap();
        assert_eq!(found("nobody"), ["wiki rota"]);
        let states = store.elsewhere_sources().unwrap();
        let errors: Vec<_> = states
            .iter()
            .map(|it| (it.name.as_str(), it.error.as_deref()))
            .collect();
        assert_eq!(errors, [("other", None), ("wiki", Some("401"))]);
        store.retain_elsewhere(&["other"]).unwrap();
        assert_eq!(found("nobody"), [""; 0]);
        assert_eq!(store.elsewhere_sources().unwrap().len(), 1);
    }
}
