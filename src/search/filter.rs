//! The rows that a query's filters leave.

use std::collections::BTreeSet;

use super::find::Context;
use super::query::{Column, Flag, Issue, MINE, Part, Query, What};
use crate::catalog::Index;
use crate::catalog::graph::owned_by;
use crate::catalog::index::{Facet, RowSet, Selection};

/// The rows that fit all filters of `query`, and what of them this catalog does not have.
pub(super) fn filter(
    index: &Index,
    query: &Query,
    context: &Context,
    stars: &RowSet,
) -> (RowSet, Vec<Issue>) {
    let mut filter = Filter {
        index,
        context,
        kept: RowSet::all(index.len()),
        notices: Vec::new(),
    };
    for (at, part) in query.parts.iter().enumerate() {
        match &part.what {
            What::Word(_) | What::Phrase(_) => {}
            What::Flag(Flag::Starred) => filter.keep(stars, part.negated),
            What::Flag(flag) => {
                let rows = filter.flagged(*flag, part);
                filter.keep(&rows, part.negated);
            }
            What::Column(column, _) => {
                // The values of one column add up: they are taken together where the column comes first.
                let same = |other: &&Part| {
                    other.negated == part.negated
                        && matches!(&other.what, What::Column(c, _) if c == column)
                };
                if query.parts.iter().take(at).any(|other| same(&other)) {
                    continue;
                }
                let mut rows = RowSet::none(index.len());
                for part in query.parts.iter().filter(same) {
                    filter.column(*column, part, &mut rows);
                }
                filter.keep(&rows, part.negated);
            }
        }
    }
    (filter.kept, filter.notices)
}

struct Filter<'a> {
    index: &'a Index,
    context: &'a Context,
    kept: RowSet,
    notices: Vec<Issue>,
}

impl Filter<'_> {
    fn keep(&mut self, rows: &RowSet, negated: bool) {
        if negated {
            self.kept.intersect(&others(self.index, rows));
        } else {
            self.kept.intersect(rows);
        }
    }

    fn flagged(&mut self, flag: Flag, part: &Part) -> RowSet {
        let selection = match flag {
            Flag::Docs => Selection {
                has_docs: Some(true),
                ..Selection::default()
            },
            Flag::Broken => Selection {
                has_problems: Some(true),
                ..Selection::default()
            },
            Flag::Owner => {
                let ownerless = Selection::default().with(Facet::Owner, "");
                return others(self.index, &self.index.select(&ownerless));
            }
            Flag::Mine => return self.mine(part),
            Flag::Starred => return RowSet::none(self.index.len()),
        };
        self.index.select(&selection)
    }

    /// Adds to `rows` those that have one of the values of `part` in `column`.
    fn column(&mut self, column: Column, part: &Part, rows: &mut RowSet) {
        let What::Column(_, values) = &part.what else {
            return;
        };
        for value in values {
            if column == Column::Facet(Facet::Owner) && value == MINE {
                rows.union(&self.mine(part));
                continue;
            }
            let mut found = with_value(self.index, column, value, is);
            if found.is_empty() && !part.negated {
                found = with_value(self.index, column, value, begins_with);
                self.notices.push(Issue {
                    span: part.span.clone(),
                    message: format!(
                        "no {} is called {value}; {}",
                        column.name(),
                        if found.is_empty() {
                            "there is none in this catalog"
                        } else {
                            "shown is what begins so"
                        }
                    ),
                });
            }
            rows.union(&found);
        }
    }

    /// What the user or one of their groups owns.
    fn mine(&mut self, part: &Part) -> RowSet {
        let identity = &self.context.identity;
        if identity.everyone().next().is_none() {
            self.notices.push(Issue {
                span: part.span.clone(),
                message: "who you are is not known; set stagedoor.me in app-config.yaml".to_owned(),
            });
            return RowSet::none(self.index.len());
        }
        owned_by(self.index, identity.everyone())
    }
}

/// The rows with a text in `column` that fits `value`.
fn with_value(
    index: &Index,
    column: Column,
    value: &str,
    fits: impl Fn(&str, &str) -> bool,
) -> RowSet {
    let facet = match column {
        Column::Facet(facet) => facet,
        Column::Name => {
            let named = index.rows().filter(|row| fits(index.name(*row), value));
            return RowSet::of(index.len(), named);
        }
    };
    let chosen: BTreeSet<String> = index
        .facet_values(facet)
        .map(|count| count.value)
        .filter(|text| match facet {
            Facet::Owner | Facet::System => spellings(text).any(|text| fits(text, value)),
            _ => fits(text, value),
        })
        .map(str::to_owned)
        .collect();
    if chosen.is_empty() {
        return RowSet::none(index.len());
    }
    index.select(&Selection {
        values: [(facet, chosen)].into(),
        ..Selection::default()
    })
}

fn others(index: &Index, rows: &RowSet) -> RowSet {
    RowSet::of(index.len(), index.rows().filter(|row| !rows.contains(*row)))
}

fn is(text: &str, value: &str) -> bool {
    text.eq_ignore_ascii_case(value) || (!text.is_ascii() && text.to_lowercase() == value)
}

fn begins_with(text: &str, value: &str) -> bool {
    text.get(..value.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(value))
}

/// The ways to write a full reference: `group:default/a`, `default/a` and `a`.
fn spellings(reference: &str) -> impl Iterator<Item = &str> {
    let rest = reference.split_once(':').map_or("", |(_, rest)| rest);
    let name = rest.split_once('/').map_or("", |(_, name)| name);
    [reference, rest, name]
        .into_iter()
        .filter(|text| !text.is_empty())
}
