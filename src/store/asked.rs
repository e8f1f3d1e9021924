//! What a search asks of the record: fields that the index does not hold, and when entities changed.

use std::ops::ControlFlow;

use memchr::memchr2_iter;

use super::connection::now;
use super::error::Fault;
use super::{Store, StoreError, doubles, entities, refs};
use crate::catalog::ask::{Ask, Updated};
use crate::catalog::filter::{Condition, Filter};
use crate::catalog::index::RowSet;
use crate::catalog::{EntityRef, Index};

/// After how many entities `stopped` is asked again.
const BREATH: usize = 256;

impl Store {
    /// The rows of `index` that `ask` is about; `None` where `stopped` said that nobody waits any more.
    ///
    /// Every body is looked at, but parsed only where it has the words of the field: about a tenth of a second for
    /// 100,000 entities.
    pub fn answer(
        &self,
        index: &Index,
        ask: &Ask,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Option<RowSet>, StoreError> {
        let mut found = RowSet::none(index.len());
        let mut take = |entity_ref: &EntityRef| {
            if let Some(row) = index.row_of(entity_ref) {
                found.insert(row);
            }
        };
        let flow = match ask {
            Ask::Field(condition) => self.each_with(condition, stopped, &mut take)?,
            Ask::Updated(updated) => {
                self.each_changed(*updated, &mut take)?;
                ControlFlow::Continue(())
            }
        };
        Ok(flow.is_continue().then_some(found))
    }

    fn each_with(
        &self,
        condition: &Condition,
        stopped: &dyn Fn() -> bool,
        take: &mut dyn FnMut(&EntityRef),
    ) -> Result<ControlFlow<()>, StoreError> {
        let filter = Filter::of(condition.clone());
        let words = words(condition);
        self.read_apart(|tx| {
            let shadowed = doubles::shadowed(tx)?;
            let mut statement = tx.prepare(
                "SELECT kind, namespace, name, body, provenance, sum, e.id
                 FROM entity e JOIN ref ON ref.id = e.ref",
            )?;
            let mut rows = statement.query([])?;
            let mut read = 0;
            while let Some(row) = rows.next()? {
                read += 1;
                if read % BREATH == 0 && stopped() {
                    return Ok(ControlFlow::Break(()));
                }
                let body = row.get_ref(3)?.as_bytes().map_err(rusqlite::Error::from)?;
                if !words.iter().all(|word| has(body, word.as_bytes()))
                    || shadowed.contains_key(&row.get(6)?)
                {
                    continue;
                }
                let entity = entities::from_row(row)?;
                if filter.matches(&entity.body, &[]) {
                    take(&entity.entity_ref);
                }
            }
            entities::all_were_read(tx, read)?;
            Ok(ControlFlow::Continue(()))
        })
    }

    /// What changed within a span of time, or what did not: what was never seen to change counts as old.
    fn each_changed(
        &self,
        updated: Updated,
        take: &mut dyn FnMut(&EntityRef),
    ) -> Result<(), StoreError> {
        let span = i64::try_from(updated.seconds.saturating_mul(1000)).unwrap_or(i64::MAX);
        let since = now().saturating_sub(span);
        self.read(|tx| {
            let mut statement = tx.prepare_cached(
                "SELECT kind, namespace, name FROM ref JOIN entity e ON e.ref = ref.id
                 GROUP BY ref.id HAVING (coalesce(max(changed), -1) >= ?1) = ?2",
            )?;
            let mut rows = statement.query(rusqlite::params![since, updated.since])?;
            while let Some(row) = rows.next()? {
                take(&refs::from_row(row, 0)?);
            }
            Ok::<_, Fault>(())
        })
    }
}

/// What must stand in a body, in any case, for the condition to be met: the last step of the path, and the one value.
fn words(condition: &Condition) -> Vec<&str> {
    // These need not be written to be there.
    if matches!(
        condition.key.as_str(),
        "metadata.namespace" | "metadata.name"
    ) {
        return Vec::new();
    }
    let last = condition.key.rsplit('.').next();
    let value = match condition.values.as_slice() {
        // A text in a list is true of itself, and numbers have more than one way to be written.
        [only] if only.contains(char::is_alphabetic) && only != "true" => Some(only.as_str()),
        _ => None,
    };
    // What JSON writes otherwise is not looked for.
    let is_plain = |word: &&str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii() && !c.is_control() && !matches!(c, '"' | '\\'))
    };
    last.into_iter().chain(value).filter(is_plain).collect()
}

/// Whether `word`, in lower case, stands in `text` in any case.
fn has(text: &[u8], word: &[u8]) -> bool {
    let Some(first) = word.first() else {
        return true;
    };
    memchr2_iter(*first, first.to_ascii_uppercase(), text).any(|at| {
        text.get(at..at + word.len())
            .is_some_and(|there| there.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_parsed_only_where_the_words_are() {
        let words = |key: &str, values: &[&str]| {
            let condition = Condition {
                key: key.to_owned(),
                values: values.iter().map(|v| (*v).to_owned()).collect(),
            };
            super::words(&condition).join(" ")
        };
        assert_eq!(words("metadata.labels.tier", &["gold"]), "tier gold");
        assert_eq!(words("metadata.annotations.a.b/c-d", &[]), "b/c-d");
        assert_eq!(words("metadata.tags.java", &["true"]), "java");
        assert_eq!(words("spec.replicas", &["3"]), "replicas");
        assert_eq!(words("spec.größe", &["x", "y"]), "");
        assert_eq!(words("metadata.namespace", &[]), "");
        assert!(has(br#"{"Tier":"GOLD"}"#, b"tier") && !has(b"tie", b"tier"));
    }
}
