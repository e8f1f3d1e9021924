//! The values of columns that fit what is typed, with how many rows have each. A large catalog has tens of thousands of
//! owners and systems, so that nothing is copied of those that do not fit.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::{MOST, Offer};
use crate::catalog::Index;
use crate::catalog::entity_ref::short_ref;
use crate::catalog::index::{Facet, RowSet};
use crate::search::values::{owners_below, with_value};

/// The values of `facet` among `left` that have `typed` in them: those that begin so first, then the most frequent. No more
/// than are offered.
pub(super) fn of_facet(index: &Index, facet: Facet, left: &RowSet, typed: &str) -> Vec<Offer> {
    let counts = index.facet_counts(facet, left).into_iter();
    let mut fitting: Vec<_> = counts
        .filter_map(|it| {
            let begins = stands(shown(facet, it.value), typed)?;
            Some((!begins, Reverse(it.count), it.value))
        })
        .collect();
    // Equals stay in the order of the column.
    fitting.sort_by_key(|(later, count, _)| (*later, *count));
    fitting.truncate(MOST);
    let offers = fitting.into_iter().map(|(_, Reverse(count), value)| Offer {
        whole: value.to_owned(),
        ..Offer::value(&label(facet, value), Some(count))
    });
    offers.collect()
}

/// Owners, with the groups that own something only through those below them.
pub(super) fn holders(index: &Index, left: &RowSet, typed: &str) -> Vec<Offer> {
    let mut offers = of_facet(index, Facet::Owner, left, typed);
    if offers.len() < MOST {
        let groups = with_value(index, Facet::Kind, |kind| {
            kind.eq_ignore_ascii_case("group")
        });
        let may_fit = |text: &str| typed.contains(['/', ':']) || text.contains(typed);
        let groups = groups.iter().filter(|row| {
            may_fit(index.folded_name(*row)) || may_fit(index.value(Facet::Namespace, *row))
        });
        let references = groups.filter_map(|row| Some(index.entity_ref(row)?.to_string()));
        let more: Vec<Offer> = references
            .filter(|group| shown(Facet::Owner, group).contains(typed))
            .filter(|group| !offers.iter().any(|offer| offer.whole == *group))
            .map(|group| Offer {
                whole: group.clone(),
                ..Offer::value(&label(Facet::Owner, &group), None)
            })
            .take(MOST - offers.len())
            .collect();
        offers.extend(more);
    }
    let counts = index.facet_counts(Facet::Owner, left).into_iter();
    let counts: HashMap<&str, usize> = counts.map(|it| (it.value, it.count)).collect();
    for offer in &mut offers {
        let owners = owners_below(index, &offer.whole);
        let of_each = owners.iter().filter_map(|owner| counts.get(&**owner));
        offer.count = Some(of_each.sum());
    }
    offers.retain(|offer| offer.count != Some(0));
    offers.sort_by_key(|offer| (!begins(&offer.label, typed), Reverse(offer.count)));
    offers
}

/// Whether `typed`, in lower case, begins `text` in any case.
pub(super) fn begins(text: &str, typed: &str) -> bool {
    stands(text, typed) == Some(true)
}

/// Whether `typed`, in lower case, begins `text` or stands in it, in any case.
fn stands(text: &str, typed: &str) -> Option<bool> {
    if !text.is_ascii() {
        let text = text.to_lowercase();
        return text.contains(typed).then(|| text.starts_with(typed));
    }
    if typed.is_empty() {
        return Some(true);
    }
    let mut windows = text.as_bytes().windows(typed.len());
    let at = windows.position(|window| window.eq_ignore_ascii_case(typed.as_bytes()))?;
    Some(at == 0)
}

/// What people write of a value: of a reference what is not implied.
fn shown(facet: Facet, value: &str) -> &str {
    match facet {
        Facet::Owner => short_ref(value, "group"),
        Facet::System => short_ref(value, "system"),
        _ => value,
    }
}

/// A value as people write it.
fn label(facet: Facet, value: &str) -> String {
    match facet {
        Facet::Kind => value.to_lowercase(),
        _ => shown(facet, value).to_owned(),
    }
}
