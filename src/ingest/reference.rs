//! References that point to nothing, with what may have been meant.

use std::collections::{HashMap, HashSet};

use super::document::{place, sentence};
use super::merge::Candidate;
use super::templated;
use crate::catalog::{EntityRef, Problem, Rule};

/// For how many missing targets something alike is looked for; it takes a look at all names of the kind.
const MOST_SUGGESTIONS: usize = 300;

/// Looks for the target of every relation.
pub(super) fn check(candidates: &[Candidate], problems: &mut Vec<Problem>) {
    let known: HashSet<&EntityRef> = candidates
        .iter()
        .map(|c| &c.document.entity.entity_ref)
        .collect();
    let mut suggestions = Suggestions::default();
    for candidate in candidates {
        for stated in &candidate.document.stated {
            let target = &stated.relation.target;
            if known.contains(target) || templated::text(target.name()) {
                continue;
            }
            let hint = match suggestions.get(target, &known) {
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

#[derive(Default)]
struct Suggestions {
    found: HashMap<EntityRef, Option<EntityRef>>,
}

impl Suggestions {
    /// The entity of the same kind that `missing` is most like, or the one of the same name in another namespace.
    fn get(&mut self, missing: &EntityRef, known: &HashSet<&EntityRef>) -> Option<EntityRef> {
        if let Some(found) = self.found.get(missing) {
            return found.clone();
        }
        if self.found.len() >= MOST_SUGGESTIONS {
            return None;
        }
        let found = known
            .iter()
            .filter(|candidate| candidate.kind() == missing.kind())
            .filter_map(|candidate| {
                let distance = distance(missing.name(), candidate.name())?;
                let elsewhere = candidate.namespace() != missing.namespace();
                Some((distance, elsewhere, *candidate))
            })
            .min()
            .map(|(_, _, candidate)| candidate.clone());
        self.found.insert(missing.clone(), found.clone());
        found
    }
}

/// How many letters must be put in, taken out, changed or swapped to come from `a` to `b`; `None` where it is more than
/// a third of the longer one, or more than three.
fn distance(a: &str, b: &str) -> Option<usize> {
    const MOST: usize = 3;
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let most = (a.len().max(b.len()) / 3).min(MOST);
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
        let known = all.iter().collect();
        let mut suggestions = Suggestions::default();
        let meant = suggestions.get(&EntityRef::new("group", "default", "paymens"), &known);
        assert_eq!(
            meant.map(|m| m.to_string()).as_deref(),
            Some("group:x/paymens")
        );
    }
}
