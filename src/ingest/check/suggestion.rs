//! What may have been meant by a reference that leads nowhere.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::catalog::EntityRef;
use crate::catalog::nearest::{MOST_SLIPS, distance_within, letters, may_be_alike};
use crate::ingest::relation::Field;

/// For how many missing targets something alike is looked for; it takes a look at all names of the kind.
const MOST_SUGGESTIONS: usize = 300;

/// Looks for what was meant among what is known.
pub(super) struct Suggestions<'a> {
    known: &'a HashSet<&'a EntityRef>,
    /// The known by kind, once somebody asks.
    by_kind: OnceCell<HashMap<&'a str, Vec<Known<'a>>>>,
    found: HashMap<EntityRef, Option<EntityRef>>,
}

/// An entity that may have been meant.
struct Known<'a> {
    entity_ref: &'a EntityRef,
    letters: u64,
    /// Of its name.
    length: usize,
}

impl<'a> Suggestions<'a> {
    pub(super) fn among(known: &'a HashSet<&'a EntityRef>) -> Self {
        Self {
            known,
            by_kind: OnceCell::new(),
            found: HashMap::new(),
        }
    }

    /// The entity of another kind that `field` may mean and of the same name as `missing`, or the one that it is most
    /// like among those of its own kind, in any namespace.
    pub(super) fn get(&mut self, missing: &EntityRef, field: &Field) -> Option<EntityRef> {
        self.of_right_kind(missing, field)
            .or_else(|| self.most_alike(missing))
    }

    /// The entity of a kind that `field` may mean and with the same name as `target`.
    pub(super) fn of_right_kind(&self, target: &EntityRef, field: &Field) -> Option<EntityRef> {
        field
            .kinds
            .iter()
            .map(|kind| EntityRef::new(kind, target.namespace(), target.name()))
            .find(|meant| meant != target && self.known.contains(meant))
    }

    fn most_alike(&mut self, missing: &EntityRef) -> Option<EntityRef> {
        if let Some(found) = self.found.get(missing) {
            return found.clone();
        }
        if self.found.len() >= MOST_SUGGESTIONS {
            return None;
        }
        let (name, wanted) = (missing.name(), letters(missing.name()));
        let length = name.chars().count();
        let mut best: Option<(usize, bool, &EntityRef)> = None;
        for known in self.by_kind().get(missing.kind()).into_iter().flatten() {
            // What is further away than the best one so far is of no interest.
            let most = best.map_or(MOST_SLIPS, |(distance, ..)| distance);
            if known.length.abs_diff(length) > most || !may_be_alike(known.letters, wanted, most) {
                continue;
            }
            let entity_ref = known.entity_ref;
            if let Some(distance) = distance_within(name, entity_ref.name(), most) {
                let elsewhere = entity_ref.namespace() != missing.namespace();
                let this = (distance, elsewhere, entity_ref);
                best = Some(best.map_or(this, |best| best.min(this)));
            }
        }
        let found = best.map(|(_, _, meant)| meant.clone());
        self.found.insert(missing.clone(), found.clone());
        found
    }

    fn by_kind(&self) -> &HashMap<&'a str, Vec<Known<'a>>> {
        self.by_kind.get_or_init(|| {
            let mut by_kind: HashMap<&str, Vec<Known<'_>>> = HashMap::new();
            for &entity_ref in self.known {
                by_kind.entry(entity_ref.kind()).or_default().push(Known {
                    entity_ref,
                    letters: letters(entity_ref.name()),
                    length: entity_ref.name().chars().count(),
                });
            }
            by_kind
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_of_the_same_kind_is_meant() {
        let all = [
            EntityRef::new("group", "default", "payments"),
            EntityRef::new("user", "default", "paymens"),
            EntityRef::new("group", "x", "paymens"),
        ];
        let known = all.iter().collect();
        let mut suggestions = Suggestions::among(&known);
        let meant = suggestions.most_alike(&EntityRef::new("group", "default", "paymens"));
        assert_eq!(
            meant.map(|m| m.to_string()).as_deref(),
            Some("group:x/paymens")
        );
    }
}
