//! References that point to nothing, with what may have been meant.

use std::collections::{HashMap, HashSet};

use super::document::{place, sentence};
use super::merge::Candidate;
use super::templated;
use crate::catalog::{EntityRef, Problem, Rule};

/// For how many missing targets something alike is looked for; it takes a look at all names of the kind.
const MOST_SUGGESTIONS: usize = 300;

/// The most letters in which a name may differ from what was meant.
const MOST_SLIPS: u32 = 3;

/// Looks for the target of every relation.
pub(super) fn check(candidates: &[Candidate], problems: &mut Vec<Problem>) {
    let known: HashSet<&EntityRef> = candidates
        .iter()
        .map(|c| &c.document.entity.entity_ref)
        .collect();
    let mut suggestions = Suggestions::among(known.iter().copied());
    for candidate in candidates {
        for stated in &candidate.document.stated {
            let target = &stated.relation.target;
            if known.contains(target) || templated::text(target.name()) {
                continue;
            }
            let hint = match suggestions.get(target) {
                Some(meant) => format!("; did you mean {meant}?"),
                None => String::new(),
            };
            let message = format!(
                "spec.{} refers to {target}, which is not in the catalog{hint}",
                stated.field
            );
            problems.push(
                Problem::new(
                    Rule::DanglingReference,
                    place(&candidate.file, stated.mark),
                    sentence(&message),
                )
                .about(candidate.document.entity.entity_ref.clone())
                .unless(target.clone()),
            );
        }
    }
}

/// What may have been meant by a reference that points to nothing.
struct Suggestions<'a> {
    /// By kind.
    known: HashMap<&'a str, Vec<Known<'a>>>,
    found: HashMap<EntityRef, Option<EntityRef>>,
}

/// An entity that may have been meant.
struct Known<'a> {
    entity_ref: &'a EntityRef,
    letters: u64,
}

impl<'a> Suggestions<'a> {
    fn among(all: impl Iterator<Item = &'a EntityRef>) -> Self {
        let mut known: HashMap<&str, Vec<Known<'_>>> = HashMap::new();
        for entity_ref in all {
            known.entry(entity_ref.kind()).or_default().push(Known {
                entity_ref,
                letters: letters(entity_ref.name()),
            });
        }
        Self {
            known,
            found: HashMap::new(),
        }
    }

    /// The entity of the same kind that `missing` is most like, or the one of the same name in another namespace.
    fn get(&mut self, missing: &EntityRef) -> Option<EntityRef> {
        if let Some(found) = self.found.get(missing) {
            return found.clone();
        }
        if self.found.len() >= MOST_SUGGESTIONS {
            return None;
        }
        let wanted = letters(missing.name());
        let found = self
            .known
            .get(missing.kind())
            .into_iter()
            .flatten()
            // One letter for another changes two of the set; most names are told apart by that alone.
            .filter(|known| (known.letters ^ wanted).count_ones() <= 2 * MOST_SLIPS)
            .filter_map(|Known { entity_ref, .. }| {
                let distance = distance(missing.name(), entity_ref.name())?;
                let elsewhere = entity_ref.namespace() != missing.namespace();
                Some((distance, elsewhere, *entity_ref))
            })
            .min()
            .map(|(_, _, meant)| meant.clone());
        self.found.insert(missing.clone(), found.clone());
        found
    }
}

/// The set of the letters of `name`, some of which share a bit.
fn letters(name: &str) -> u64 {
    name.chars()
        .fold(0, |set, letter| set | 1 << (u32::from(letter) % u64::BITS))
}

/// How many letters must be put in, taken out, changed or swapped to come from `a` to `b`; `None` where it is more than
/// a third of the longer one, or more than three.
fn distance(a: &str, b: &str) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let most = (a.len().max(b.len()) / 3).min(MOST_SLIPS as usize);
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
    let mut older: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |row: &[usize], n: usize| row.get(n).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&last, j) + usize::from(x != y))
                .min(at(&last, j + 1) + 1)
                .min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&older, j - 1) + 1);
            }
            row.push(best);
        }
        if row.iter().min().is_some_and(|&least| least > most) {
            return None;
        }
        older = std::mem::replace(&mut last, row);
    }
    last.last().copied().filter(|&distance| distance <= most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn likeness_is_counted_in_letters() {
        assert_eq!(distance("payments", "payments"), Some(0));
        assert_eq!(
            distance("payments", "paymnets"),
            Some(1),
            "a swap is one slip"
        );
        assert_eq!(distance("payments", "payment"), Some(1));
        assert_eq!(
            distance("db", "dx"),
            None,
            "short names are too easily alike"
        );
        assert_eq!(distance("payments", "shipping"), None);
    }

    #[test]
    fn the_nearest_of_the_same_kind_is_meant() {
        let all = [
            EntityRef::new("group", "default", "payments"),
            EntityRef::new("user", "default", "paymens"),
            EntityRef::new("group", "x", "paymens"),
        ];
        let mut suggestions = Suggestions::among(all.iter());
        let meant = suggestions.get(&EntityRef::new("group", "default", "paymens"));
        assert_eq!(
            meant.map(|m| m.to_string()).as_deref(),
            Some("group:x/paymens")
        );
    }
}
