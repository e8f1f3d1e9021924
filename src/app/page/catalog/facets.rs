//! The lines of the facets pane: groups of choices, each with the number of rows it would leave.

use super::filter::{Choice, Filter, label};
use crate::app::model::Shared;
use crate::app::narrow::Narrow;
use crate::catalog::Kind;
use crate::catalog::index::{Facet, FacetCount, RowSet};

/// How many values of a facet are listed before it is opened.
const LISTED: usize = 6;

/// One line of the facets pane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FacetLine {
    /// The name of a group.
    Title(&'static str),
    /// Something that can be chosen.
    Choice {
        /// What.
        choice: Choice,
        /// What to call it.
        label: String,
        /// How many rows it would leave.
        count: usize,
        /// Whether it is chosen.
        on: bool,
    },
    /// Opens a facet whose rarer values are hidden; the number of those.
    More(Facet, usize),
    /// Space between groups.
    Gap,
}

impl FacetLine {
    /// Whether the cursor can stand on it.
    pub fn selectable(&self) -> bool {
        matches!(self, Self::Choice { .. } | Self::More(..))
    }
}

/// The lines for a filter. Facets in `open` list all of their values; what is narrowed lists all that have the words,
/// with those of a facet's name among them.
pub(super) fn lines(
    filter: &Filter,
    shared: &Shared,
    found: Option<&RowSet>,
    open: &[Facet],
    narrow: &Narrow,
) -> Vec<FacetLine> {
    let counts = shared.index.counts(&filter.selection(shared, found));
    let mut lines = Vec::new();
    for (facet, counts) in counts {
        let Some(title) = title(facet, &counts) else {
            continue;
        };
        let mut of_facet = Vec::new();
        if facet == Facet::Owner
            && shared.personal.identity.me.is_some()
            && narrow.fits([title, "mine"])
        {
            of_facet.push(state(filter, shared, found, Choice::Mine, "mine"));
        }
        let whole = narrow.is_on() || open.contains(&facet);
        let fits = |value: &str| narrow.fits([title, &label(facet, value)]);
        values(&mut of_facet, filter, facet, counts, whole, fits);
        group(&mut lines, title, of_facet);
    }
    let states = [
        (Choice::Starred, "starred"),
        (Choice::Docs, "with docs"),
        (Choice::Broken, "with problems"),
    ];
    let states = states
        .into_iter()
        .filter(|(_, label)| narrow.fits(["State", label]));
    let states = states.map(|(choice, label)| state(filter, shared, found, choice, label));
    let told =
        |line: &FacetLine| matches!(line, FacetLine::Choice { count, on, .. } if *count > 0 || *on);
    group(&mut lines, "State", states.filter(told).collect());
    lines
}

/// Adds a group, unless there is nothing in it.
fn group(lines: &mut Vec<FacetLine>, title: &'static str, choices: Vec<FacetLine>) {
    if choices.is_empty() {
        return;
    }
    if !lines.is_empty() {
        lines.push(FacetLine::Gap);
    }
    lines.push(FacetLine::Title(title));
    lines.extend(choices);
}

/// What a facet is called; `None` if it tells nothing here.
fn title(facet: Facet, counts: &[FacetCount<'_>]) -> Option<&'static str> {
    if counts.is_empty() || facet == Facet::Namespace && counts.len() < 2 {
        return None;
    }
    Some(match facet {
        Facet::Kind => "Kind",
        Facet::Type => "Type",
        Facet::Owner => "Owner",
        Facet::System => "System",
        Facet::Lifecycle => "Lifecycle",
        Facet::Tag => "Tag",
        Facet::Namespace => "Namespace",
    })
}

/// A facet's values that fit: chosen ones always, then those with the most rows.
fn values<'a>(
    lines: &mut Vec<FacetLine>,
    filter: &'a Filter,
    facet: Facet,
    mut counts: Vec<FacetCount<'a>>,
    whole: bool,
    fits: impl Fn(&str) -> bool,
) {
    let on = |count: &FacetCount<'_>| filter.chosen.has(facet, count.value);
    // Chosen values that no row has any more stay in sight, so that they can be taken back.
    let lost = filter.chosen.values.get(&facet).into_iter().flatten();
    let lost: Vec<_> = lost
        .filter(|value| counts.iter().all(|count| count.value != value.as_str()))
        .map(|value| FacetCount { value, count: 0 })
        .collect();
    counts.extend(lost);
    counts.retain(|count| fits(count.value));
    if facet == Facet::Kind {
        counts.sort_by_key(|count| (Kind::parse(count.value), count.value));
    } else {
        // A stable sort: what has as many rows stays in the order of its name, and nothing jumps when it is chosen.
        counts.sort_by_key(|count| std::cmp::Reverse(count.count));
    }
    let all = whole || facet == Facet::Kind || counts.len() <= LISTED + 1;
    let mut hidden = 0;
    for (at, count) in counts.iter().enumerate() {
        if !all && at >= LISTED && !on(count) {
            hidden += 1;
            continue;
        }
        lines.push(FacetLine::Choice {
            choice: Choice::Value(facet, count.value.to_owned()),
            label: label(facet, count.value).into_owned(),
            count: count.count,
            on: on(count),
        });
    }
    if hidden > 0 {
        lines.push(FacetLine::More(facet, hidden));
    }
}

/// A state that can be toggled, with the number of rows it would leave.
fn state(
    filter: &Filter,
    shared: &Shared,
    found: Option<&RowSet>,
    choice: Choice,
    label: &str,
) -> FacetLine {
    let mut with = filter.clone();
    if choice == Choice::Mine {
        // Owners add up: the number of what is mine does not depend on the other owners that are chosen.
        with.chosen.values.remove(&Facet::Owner);
    }
    let on = filter.has(&choice);
    if !with.has(&choice) {
        with.toggle(&choice);
    }
    FacetLine::Choice {
        count: shared.index.select(&with.selection(shared, found)).count(),
        label: label.to_owned(),
        choice,
        on,
    }
}
