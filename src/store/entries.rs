//! Which labels and annotations the entities have, for what is offered while somebody types one.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Store, StoreError, doubles, refs};
use crate::catalog::Index;
use crate::catalog::ask::Entries;
use crate::catalog::index::RowSet;

/// After how many entities `stopped` is asked again.
const BREATH: usize = 256;
/// So many different ones are counted: annotations may hold another text in each entity.
const MOST: usize = 10_000;
/// What is longer is not offered, in bytes.
const LONGEST: usize = 200;

/// All that is read of an entity's text.
#[derive(serde::Deserialize)]
struct Body {
    #[serde(default)]
    metadata: Map<String, Value>,
}

impl Store {
    /// The keys or values that `wanted` asks for, as the first entity spells them, with how many of `among`, rows of
    /// `index`, have each. `None` where `stopped` said that nobody waits any more.
    ///
    /// Case is ignored, as in Backstage's filters. Every body is parsed, but for its metadata only passed over.
    pub fn entries(
        &self,
        index: &Index,
        wanted: &Entries,
        among: &RowSet,
        stopped: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<(String, usize)>>, StoreError> {
        self.read_apart(|tx| {
            let shadowed = doubles::shadowed(tx)?;
            let mut statement = tx.prepare(
                "SELECT kind, namespace, name, body, e.id FROM entity e JOIN ref ON ref.id = e.ref",
            )?;
            let mut rows = statement.query([])?;
            let mut counts: BTreeMap<String, (String, usize)> = BTreeMap::new();
            let mut read = 0_usize;
            while let Some(row) = rows.next()? {
                read += 1;
                if read.is_multiple_of(BREATH) && stopped() {
                    return Ok(None);
                }
                let at = index.row_of(&refs::from_row(row, 0)?);
                if !at.is_some_and(|at| among.contains(at)) || shadowed.contains_key(&row.get(4)?) {
                    continue;
                }
                let body = row.get_ref(3)?.as_bytes().map_err(rusqlite::Error::from)?;
                // A damaged text is told by whoever reads the entity.
                let Ok(body) = serde_json::from_slice::<Body>(body) else {
                    continue;
                };
                for text in texts(&body, wanted) {
                    let folded = text.to_lowercase();
                    if !folded.contains(&wanted.typed) {
                        continue;
                    }
                    if let Some((_, count)) = counts.get_mut(&folded) {
                        *count += 1;
                    } else if counts.len() < MOST {
                        counts.insert(folded, (text.to_owned(), 1));
                    }
                }
            }
            Ok(Some(counts.into_values().collect()))
        })
    }
}

/// The keys of an entity, or its value under the key that is wanted; without what cannot be written in a query.
fn texts<'a>(body: &'a Body, wanted: &'a Entries) -> impl Iterator<Item = &'a str> {
    let entries = body.metadata.get(wanted.of).and_then(Value::as_object);
    let texts = entries
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| match &wanted.key {
            None => Some(key.as_str()),
            Some(of) if key.to_lowercase() == *of => value.as_str(),
            Some(_) => None,
        });
    let is_whole = |c: char| !c.is_control() && !matches!(c, ',' | '"' | '\u{201c}'..='\u{201e}');
    texts
        .filter(move |text| !text.is_empty() && text.len() <= LONGEST && text.chars().all(is_whole))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::{Entity, EntityRef, Provenance};
    use crate::store::Batch;

    fn entity(name: &str, labels: &Value) -> Entity {
        Entity {
            entity_ref: EntityRef::new("Component", "default", name),
            body: json!({
                "apiVersion": "backstage.io/v1alpha1",
                "kind": "Component",
                "metadata": {"name": name, "labels": labels},
            }),
            provenance: Provenance::default(),
        }
    }

    #[test]
    fn keys_and_values_are_counted_among_the_rows_that_are_left() {
        let store = Store::temporary().unwrap();
        let entities = [
            entity("a", &json!({"tier": "Gold", "zone": "x,y"})),
            entity("b", &json!({"Tier": "gold", "replicas": 3})),
            entity("c", &json!({"tier": "silver"})),
            entity("d", &json!("none")),
        ];
        let batch = Batch {
            entities: entities.map(|it| (it.into(), Vec::new())).into(),
            ..Batch::default()
        };
        store.replace("here", &batch).unwrap();
        store.publish().unwrap();
        let index = store.index().unwrap();
        let all = RowSet::all(index.len());
        let counted = |key: Option<&str>, typed: &str, among: &RowSet| {
            let wanted = Entries {
                of: "labels",
                key: key.map(str::to_owned),
                typed: typed.to_owned(),
            };
            let found = store.entries(&index, &wanted, among, &|| false).unwrap();
            let found = found.unwrap().into_iter();
            let found = found.map(|(text, count)| format!("{text} {count}"));
            found.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(counted(None, "", &all), "replicas 1 tier 3 zone 1");
        assert_eq!(counted(None, "ie", &all), "tier 3");
        assert_eq!(counted(Some("tier"), "", &all), "Gold 2 silver 1");
        // Neither a list nor a number is a text that could be typed.
        assert_eq!(counted(Some("zone"), "", &all), "");
        assert_eq!(counted(Some("replicas"), "", &all), "");
        let some = RowSet::of(
            index.len(),
            index.rows().filter(|row| index.name(*row) == "c"),
        );
        assert_eq!(counted(Some("tier"), "", &some), "silver 1");
    }
}
