//! The rows that a query's filters leave.

use super::find::Context;
use super::query::{Column, Flag, Issue, MINE, Part, Query, What};
use super::rows::Rows;
use crate::catalog::index::{Facet, Summary};
use crate::catalog::{Index, Row};

/// The rows that fit all filters of `query`, `None` where it has none; and what this catalog does not have.
pub(super) fn filter(
    index: &Index,
    query: &Query,
    context: &Context,
    stars: &Rows,
) -> (Option<Rows>, Vec<Issue>) {
    let mut notices = Vec::new();
    let mut kept: Option<Rows> = None;
    let mut narrow = |rows: &Rows, negated: bool| {
        kept.get_or_insert_with(|| all(index)).keep(rows, negated);
    };
    for (at, part) in query.parts.iter().enumerate() {
        match &part.what {
            What::Word(_) | What::Phrase(_) => {}
            What::Flag(Flag::Starred) => narrow(stars, part.negated),
            What::Flag(Flag::Mine) => narrow(
                &mine(index, context, part, &mut notices),
                part.negated,
            ),
            What::Flag(flag) => narrow(
                &select(index, |summary| has(summary, *flag)),
                part.negated,
            ),
            What::Column(column, _) => {
                // The values of one column add up: they are taken together where the column comes first.
                let same = |other: &&Part| {
                    other.negated == part.negated
                        && matches!(&other.what, What::Column(c, _) if c == column)
                };
                if query.parts.iter().take(at).any(|other| same(&other)) {
                    continue;
                }
                let mut rows = Rows::none(index.len());
                for part in query.parts.iter().filter(same) {
                    rows.add(&column_rows(index, context, part, *column, &mut notices));
                }
                narrow(&rows, part.negated);
            }
        }
    }
    (kept, notices)
}

fn column_rows(
    index: &Index,
    context: &Context,
    part: &Part,
    column: Column,
    notices: &mut Vec<Issue>,
) -> Rows {
    let mut rows = Rows::none(index.len());
    let What::Column(_, values) = &part.what else {
        return rows;
    };
    for value in values {
        if column == Column::Facet(Facet::Owner) && value == MINE {
            rows.add(&mine(index, context, part, notices));
            continue;
        }
        let mut found = select(index, |summary| fits(summary, column, value, false));
        if found.is_empty() && !part.negated {
            found = select(index, |summary| fits(summary, column, value, true));
            let instead = if found.is_empty() {
                "there is none in this catalog"
            } else {
                "shown is what begins so"
            };
            notices.push(Issue {
                span: part.span.clone(),
                message: format!("no {} is called {value}; {instead}", column.name()),
            });
        }
        rows.add(&found);
    }
    rows
}

/// What the user or one of their groups owns.
fn mine(index: &Index, context: &Context, part: &Part, notices: &mut Vec<Issue>) -> Rows {
    let owners: Vec<String> = context
        .identity
        .everyone()
        .map(ToString::to_string)
        .collect();
    if owners.is_empty() {
        notices.push(Issue {
            span: part.span.clone(),
            message: "who you are is not known; set stagedoor.me in app-config.yaml".to_owned(),
        });
    }
    select(index, |summary| {
        owners.iter().any(|owner| owner == summary.owner)
    })
}

/// Whether `summary` has `value` in `column`; with `begins` also one that only begins so.
fn fits(summary: &Summary<'_>, column: Column, value: &str, begins: bool) -> bool {
    let is = |text: &str| {
        if begins {
            begins_with(text, value)
        } else {
            text.eq_ignore_ascii_case(value) || (!text.is_ascii() && text.to_lowercase() == value)
        }
    };
    match column {
        Column::Name => is(summary.name),
        Column::Facet(facet) => match facet {
            Facet::Kind => is(summary.kind),
            Facet::Type => is(summary.entity_type),
            Facet::Lifecycle => is(summary.lifecycle),
            Facet::Namespace => is(summary.namespace),
            Facet::Tag => summary.tags.split(' ').any(|tag| !tag.is_empty() && is(tag)),
            Facet::Owner => tails(summary.owner).any(is),
            Facet::System => tails(summary.system).any(is),
        },
    }
}

/// The ways to write a full reference: `group:default/a`, `default/a`, `a`, and `group:a` in the default namespace.
fn tails(reference: &str) -> impl Iterator<Item = &str> {
    let rest = reference.split_once(':').map_or("", |(_, rest)| rest);
    let name = rest.split_once('/').map_or("", |(_, name)| name);
    [reference, rest, name]
        .into_iter()
        .filter(|text| !text.is_empty())
}

fn begins_with(text: &str, value: &str) -> bool {
    text.get(..value.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(value))
}

fn has(summary: &Summary<'_>, flag: Flag) -> bool {
    match flag {
        Flag::Docs => summary.has_docs,
        Flag::Owner => !summary.owner.is_empty(),
        Flag::Broken => summary.problems > 0,
        Flag::Starred | Flag::Mine => false,
    }
}

fn all(index: &Index) -> Rows {
    select(index, |_| true)
}

fn select(index: &Index, keep: impl Fn(&Summary<'_>) -> bool) -> Rows {
    let mut rows = Rows::none(index.len());
    for summary in every_row(index).filter_map(|row| index.summary(row)) {
        if keep(&summary) {
            rows.insert(summary.row);
        }
    }
    rows
}

/// Every row of `index`, in order.
pub(super) fn every_row(index: &Index) -> impl Iterator<Item = Row> + use<> {
    (0..u32::try_from(index.len()).unwrap_or(u32::MAX)).map(Row)
}
