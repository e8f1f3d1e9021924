//! The rows in whose description a word stands.
//!
//! The index knows the words of all descriptions and the rows of each, so that no description is read for one word;
//! what goes over several words is looked up in the descriptions of the rows that have all of them.

use memchr::memmem;

use super::fold::Needle;
use crate::catalog::Index;
use crate::catalog::index::RowSet;

/// The rows with `needle` in their description: at the start of a word, and elsewhere. A row with both is in both. A short needle
/// must be a whole word.
pub(super) fn described(index: &Index, needle: &Needle) -> (RowSet, RowSet) {
    let (mut at_start, mut inside) = (RowSet::none(index.len()), RowSet::none(index.len()));
    let text: String = needle.chars.iter().collect();
    let is_short = needle.is_short();
    let pieces: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
    if let [piece] = *pieces {
        // A short word is meant only where it stands by itself; behind each word of the index stands a line feed.
        let end = if is_short { "\n" } else { "" };
        each_word(index, &format!("{piece}{end}"), |number, word| {
            if is_short && word != piece.as_bytes() {
                return;
            }
            let rows = if word.starts_with(piece.as_bytes()) {
                &mut at_start
            } else {
                &mut inside
            };
            index
                .rows_with_word(number)
                .for_each(|row| rows.insert(row));
        });
        return (at_start, inside);
    }
    let mut all: Option<RowSet> = None;
    for (at, piece) in pieces
        .iter()
        .enumerate()
        .filter(|(_, piece)| !piece.is_empty())
    {
        let (first, last) = (at == 0, at + 1 == pieces.len());
        let mut rows = RowSet::none(index.len());
        each_word(index, piece, |number, word| {
            let fits = (first || word.starts_with(piece.as_bytes()))
                && (last || word.ends_with(piece.as_bytes()));
            if fits {
                index
                    .rows_with_word(number)
                    .for_each(|row| rows.insert(row));
            }
        });
        match &mut all {
            Some(all) => all.intersect(&rows),
            None => all = Some(rows),
        }
    }
    for row in all.iter().flat_map(RowSet::iter) {
        let summary = index.summary(row);
        match summary.and_then(|summary| needle.stands_in(summary.description)) {
            Some(true) => at_start.insert(row),
            Some(false) => inside.insert(row),
            None => {}
        }
    }
    (at_start, inside)
}

/// Calls `visit` with the number of each word in which `piece` stands, and the word.
fn each_word(index: &Index, piece: &str, mut visit: impl FnMut(usize, &[u8])) {
    let (begins, text) = index.words();
    let mut last = None;
    for at in memmem::find_iter(text, piece) {
        let number = begins
            .partition_point(|begin| *begin as usize <= at)
            .saturating_sub(1);
        let Some([begin, end]) = begins.get(number..number + 2) else {
            continue;
        };
        let word = text.get(*begin as usize..*end as usize).unwrap_or_default();
        if last.replace(number) != Some(number) {
            visit(number, word.strip_suffix(b"\n").unwrap_or(word));
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::catalog::index::{IndexBuilder, Tally};
    use crate::catalog::{Entity, EntityRef, Provenance};

    fn index(descriptions: &[String]) -> Index {
        let mut builder = IndexBuilder::default();
        for (at, description) in descriptions.iter().enumerate() {
            let name = format!("c{at}");
            let entity = Entity {
                entity_ref: EntityRef::new("component", "default", &name),
                body: json!({
                    "apiVersion": "backstage.io/v1alpha1",
                    "kind": "Component",
                    "metadata": {"name": name, "description": description},
                }),
                provenance: Provenance::default(),
            };
            builder.push(&entity, Tally::default()).unwrap();
        }
        Index::open(std::sync::Arc::new(builder.finish().unwrap())).unwrap()
    }

    proptest! {
        #[test]
        fn rows_are_found_as_if_every_description_were_read(
            descriptions in proptest::collection::vec("[abBé1,/_ -]{0,12}", 1..8),
            needle in "[abé1-]{2,3}[abé1]",
        ) {
            let index = index(&descriptions);
            let needle = Needle::new(&needle, false).unwrap();
            let (at_start, inside) = described(&index, &needle);
            for row in index.rows() {
                let stands = needle.stands_in(index.summary(row).unwrap().description);
                prop_assert_eq!(at_start.contains(row), stands == Some(true));
                prop_assert_eq!(at_start.contains(row) || inside.contains(row), stands.is_some());
            }
        }
    }
}
