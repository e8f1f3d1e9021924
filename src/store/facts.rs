//! Facts about repositories as hosts told them, so that a page shows them at once and without a network.

use std::time::SystemTime;

use rusqlite::{OptionalExtension, params};

use super::connection::{milliseconds, time};
use super::{Store, StoreError};
use crate::catalog::facts::Facts;

/// How many repositories' facts are kept: those that were looked at last.
const KEPT: u32 = 500;

/// Facts as they were told, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptFacts {
    /// The facts.
    pub facts: Facts,
    /// When the host was asked.
    pub asked: SystemTime,
}

impl Store {
    /// What is kept of `repository`, `github.com/acme/shop`. What another version of the program kept and this one cannot
    /// read is as good as nothing.
    pub fn facts(&self, repository: &str) -> Result<Option<KeptFacts>, StoreError> {
        let row: Option<(i64, String)> = self.read(|tx| {
            let row = tx
                .prepare_cached("SELECT asked, body FROM facts WHERE repository = ?1")?
                .query_row([repository], |row| Ok((row.get(0)?, row.get(1)?)));
            Ok(row.optional()?)
        })?;
        Ok(row.and_then(|(asked, body)| {
            Some(KeptFacts {
                facts: serde_json::from_str(&body).ok()?,
                asked: time(asked),
            })
        }))
    }

    /// Keeps what the host told of `repository`.
    pub fn keep_facts(&self, repository: &str, kept: &KeptFacts) -> Result<(), StoreError> {
        let body = serde_json::to_string(&kept.facts).unwrap_or_default();
        self.write(|tx| {
            tx.execute(
                "REPLACE INTO facts VALUES (?1, ?2, ?3)",
                params![repository, milliseconds(kept.asked), body],
            )?;
            tx.execute(
                "DELETE FROM facts WHERE repository NOT IN
                 (SELECT repository FROM facts ORDER BY asked DESC, repository LIMIT ?1)",
                [KEPT],
            )?;
            Ok(())
        })
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::catalog::facts::{Fact, Listed};

    fn kept(name: &str, at: u64) -> KeptFacts {
        let none = || "not asked";
        KeptFacts {
            facts: Facts {
                host: "h.dev".to_owned(),
                name: name.to_owned(),
                url: String::new(),
                visibility: String::new(),
                is_archived: false,
                branch: None,
                pull_word: "pull request".to_owned(),
                release_word: "release".to_owned(),
                commit: Fact::Known(None),
                pulls: Fact::withheld(none()),
                runs: Fact::withheld(none()),
                issues: Fact::withheld(none()),
                alerts: Fact::Known(Listed {
                    items: Vec::new(),
                    total: Some(0),
                    url: String::new(),
                    off: Some("switched off".to_owned()),
                }),
                releases: Fact::withheld(none()),
                environments: Fact::withheld(none()),
                languages: Fact::Known(Vec::new()),
            },
            asked: SystemTime::UNIX_EPOCH + Duration::from_secs(at),
        }
    }

    #[test]
    fn the_latest_facts_are_kept_and_the_oldest_forgotten() {
        let store = Store::temporary().unwrap();
        assert_eq!(store.facts("h.dev/a/b").unwrap(), None);
        store.keep_facts("h.dev/a/b", &kept("a/b", 1)).unwrap();
        store.keep_facts("h.dev/a/b", &kept("a/b", 2)).unwrap();
        assert_eq!(store.facts("h.dev/a/b").unwrap(), Some(kept("a/b", 2)));
        for number in 0..KEPT {
            let name = format!("a/{number}");
            store
                .keep_facts(&name, &kept(&name, 10 + u64::from(number)))
                .unwrap();
        }
        assert_eq!(store.facts("h.dev/a/b").unwrap(), None);
        assert!(store.facts("a/0").unwrap().is_some());
    }

    #[test]
    fn what_cannot_be_read_any_more_is_nothing() {
        let store = Store::temporary().unwrap();
        store.keep_facts("x", &kept("a/b", 1)).unwrap();
        store
            .write(|tx| Ok(tx.execute("UPDATE facts SET body = '{}'", [])?))
            .unwrap();
        assert_eq!(store.facts("x").unwrap(), None);
    }
}
