//! The rows that the filters of a query leave.

use super::find::Context;
use super::query::{Column, Expr, Flag, Issue, MINE, Node, Query, Term};
use super::values::{
    Named, begins_with, in_domain, is, linked, needs_record, of_field, orphans, owners, related,
    with_value, with_word, without_value,
};
use crate::catalog::ask::Ask;
use crate::catalog::filter::Condition;
use crate::catalog::graph::owned_by;
use crate::catalog::index::{Facet, RowSet, Selection};
use crate::catalog::nearest::nearest;
use crate::catalog::{Index, Row};

/// Values for which a similar one is looked for: more take longer than a hint is worth.
const MOST_COMPARED: usize = 20_000;

impl Query {
    /// What it asks that only the record can answer, for [`Context::answers`]; each once.
    pub fn asks(&self, context: &Context) -> Vec<Ask> {
        let expanded = self.expanded(&context.saved);
        let terms = expanded.expr.iter().flat_map(Expr::terms);
        let mut asks: Vec<Ask> = terms
            .filter_map(|(_, term)| match term {
                Term::Field(condition) => {
                    needs_record(condition).then(|| Ask::Field(condition.clone()))
                }
                Term::Updated(updated) => Some(Ask::Updated(*updated)),
                Term::Flag(Flag::Orphan) => Some(orphaned()),
                _ => None,
            })
            .collect();
        asks.sort();
        asks.dedup();
        asks
    }
}

/// What a Backstage marks when no location leads to it any more.
fn orphaned() -> Ask {
    Ask::Field(Condition {
        key: "metadata.annotations.backstage.io/orphan".to_owned(),
        values: vec!["true".to_owned()],
    })
}

/// Finds the rows of expressions without words.
pub(super) struct Filter<'a> {
    pub(super) index: &'a Index,
    pub(super) context: &'a Context,
    pub(super) stars: &'a RowSet,
    /// What this catalog does not have.
    pub(super) notices: Vec<Issue>,
}

/// Whether a word or a phrase is in it.
pub(super) fn has_words(expr: &Expr) -> bool {
    let mut terms = expr.terms().into_iter();
    terms.any(|(_, term)| matches!(term, Term::Word(_) | Term::Phrase(_)))
}

impl Filter<'_> {
    /// The rows that `expr` leaves, which has no words.
    pub(super) fn rows(&mut self, expr: &Expr, negated: bool) -> RowSet {
        match &expr.node {
            Node::And(parts) => {
                let parts: Vec<&Expr> = parts.iter().collect();
                self.all(&parts, negated)
            }
            Node::Or(parts) => {
                let mut rows = RowSet::none(self.index.len());
                for part in parts {
                    rows.union(&self.rows(part, negated));
                }
                rows
            }
            Node::Not(inner) => {
                let mut rows = RowSet::all(self.index.len());
                rows.subtract(&self.rows(inner, true));
                rows
            }
            Node::Term(term) => self.term(expr, term, negated),
        }
    }

    /// The rows that all of `parts` leave. The values of one column add up.
    pub(super) fn all(&mut self, parts: &[&Expr], negated: bool) -> RowSet {
        let mut kept = RowSet::all(self.index.len());
        for (at, part) in parts.iter().enumerate() {
            let same = |other: &&&Expr| is_same_column(&part.node, &other.node);
            if parts.iter().take(at).any(|other| same(&other)) {
                continue;
            }
            let mut rows = self.rows(part, negated);
            for other in parts.iter().skip(at + 1).filter(same) {
                rows.union(&self.rows(other, negated));
            }
            kept.intersect(&rows);
        }
        kept
    }

    fn term(&mut self, expr: &Expr, term: &Term, negated: bool) -> RowSet {
        match term {
            Term::Column(column, values) => {
                let mut rows = RowSet::none(self.index.len());
                for value in values {
                    if *column == Column::Facet(Facet::Owner) && value == MINE {
                        rows.union(&self.mine(expr));
                    } else {
                        rows.union(&self.value(expr, *column, value, negated));
                    }
                }
                rows
            }
            Term::Link(link, values) => {
                let mut rows = RowSet::none(self.index.len());
                for value in values {
                    rows.union(&self.link(expr, link.types(), value, negated));
                }
                rows
            }
            Term::Flag(flag) => self.flag(expr, *flag),
            Term::Field(condition) => of_field(self.index, condition)
                .unwrap_or_else(|| self.asked(expr, &Ask::Field(condition.clone()))),
            Term::Updated(updated) => self.asked(expr, &Ask::Updated(*updated)),
            // Words are not for here, and saved queries are put in before.
            Term::Word(_) | Term::Phrase(_) | Term::Saved(_) => RowSet::all(self.index.len()),
        }
    }

    /// The rows with `value` in `column`; where there is none, those with one that begins so, then those with one that has
    /// it as a word.
    fn value(&mut self, expr: &Expr, column: Column, value: &str, negated: bool) -> RowSet {
        let found = with(self.index, column, value, false);
        if !found.is_empty() || negated || is_known(self.index, column, value) {
            return found;
        }
        let mut found = with(self.index, column, value, true);
        let mut how = "begins so";
        if let (true, Column::Facet(facet)) = (found.is_empty(), column) {
            found = with_word(self.index, facet, value);
            how = "has that word";
        }
        let message = match (found.is_empty(), similar(self.index, column, value)) {
            (false, _) => format!(
                "no {} is called {value}; shown is what {how}",
                column.name()
            ),
            (true, Some(near)) => {
                format!(
                    "no {} is called {value}; did you mean {near}?",
                    column.name()
                )
            }
            (true, None) => format!(
                "no {} is called {value}; there is none in this catalog",
                column.name()
            ),
        };
        self.notices.push(Issue::new(expr.span.clone(), message));
        found
    }

    fn link(
        &mut self,
        expr: &Expr,
        types: &[crate::catalog::RelationType],
        value: &str,
        negated: bool,
    ) -> RowSet {
        let named = Named::parse(value);
        let found = linked(self.index, types, named);
        if !found.is_empty() || negated || named.rows(self.index).next().is_some() {
            return found;
        }
        let found = linked(self.index, types, named.beginning());
        let message = if found.is_empty() {
            format!("nothing is called {value}")
        } else {
            format!("nothing is called {value}; taken is what begins so")
        };
        self.notices.push(Issue::new(expr.span.clone(), message));
        found
    }

    fn flag(&mut self, expr: &Expr, flag: Flag) -> RowSet {
        if let Some(types) = flag.relations() {
            return related(self.index, types);
        }
        let text = |of: fn(&Index, Row) -> bool| {
            let index = self.index;
            RowSet::of(index.len(), index.rows().filter(|row| of(index, *row)))
        };
        match flag {
            Flag::Docs => self.index.select(&Selection {
                has_docs: Some(true),
                ..Selection::default()
            }),
            Flag::Broken => self.index.select(&Selection {
                has_problems: Some(true),
                ..Selection::default()
            }),
            Flag::Value(facet) => {
                let mut rows = RowSet::all(self.index.len());
                rows.subtract(&without_value(self.index, facet));
                rows
            }
            Flag::Title => text(|index, row| !index.title(row).is_empty()),
            Flag::Description => text(|index, row| {
                let summary = index.summary(row);
                summary.is_some_and(|summary| !summary.description.is_empty())
            }),
            Flag::Mine => self.mine(expr),
            Flag::Starred => self.stars.clone(),
            Flag::Visited => {
                let visits = self.context.visits.iter();
                RowSet::of(
                    self.index.len(),
                    visits.filter_map(|visit| self.index.row_of(visit)),
                )
            }
            // What no annotation can be looked up for hangs on nothing all the same.
            Flag::Orphan => {
                let mut rows = orphans(self.index);
                if let Some(marked) = self.context.answers.get(&orphaned()) {
                    rows.union(marked);
                }
                rows
            }
            Flag::Api | Flag::Dependencies | Flag::Dependents | Flag::Parts | Flag::Members => {
                RowSet::none(self.index.len())
            }
        }
    }

    /// What the record answered.
    fn asked(&mut self, expr: &Expr, ask: &Ask) -> RowSet {
        if let Some(rows) = self.context.answers.get(ask) {
            return rows.clone();
        }
        self.notices.push(Issue::new(
            expr.span.clone(),
            "this is being looked up in the record",
        ));
        RowSet::none(self.index.len())
    }

    /// What the user or one of their groups owns.
    fn mine(&mut self, expr: &Expr) -> RowSet {
        let identity = &self.context.identity;
        if identity.everyone().next().is_none() {
            self.notices.push(Issue::new(
                expr.span.clone(),
                "who you are is not known; set stagedoor.me in app-config.yaml",
            ));
            return RowSet::none(self.index.len());
        }
        owned_by(self.index, identity.everyone())
    }
}

/// Whether both are of one column or field, so that their values add up.
fn is_same_column(a: &Node, b: &Node) -> bool {
    match (a, b) {
        (Node::Term(Term::Column(a, _)), Node::Term(Term::Column(b, _))) => a == b,
        (Node::Term(Term::Field(a)), Node::Term(Term::Field(b))) => {
            a.key == b.key && !a.values.is_empty() && !b.values.is_empty()
        }
        _ => false,
    }
}

/// The rows that have `value` in `column`, or with `begins` something that begins so.
fn with(index: &Index, column: Column, value: &str, begins: bool) -> RowSet {
    let named = match Named::parse(value) {
        named if begins => named.beginning(),
        named => named,
    };
    match column {
        Column::Name => RowSet::of(index.len(), named.rows(index)),
        Column::Domain => in_domain(index, named),
        Column::Facet(Facet::Owner) => {
            let owners = owners(index, named);
            with_value(index, Facet::Owner, |owner| owners.contains(owner))
        }
        Column::Facet(Facet::System) => {
            with_value(index, Facet::System, |reference| named.is(reference))
        }
        Column::Facet(facet) if begins => {
            with_value(index, facet, |known| begins_with(known, value))
        }
        Column::Facet(facet) => with_value(index, facet, |known| is(known, value)),
    }
}

/// Whether `value` is there though no row has it: a team that owns nothing.
fn is_known(index: &Index, column: Column, value: &str) -> bool {
    let kinds: &[&str] = match column {
        Column::Facet(Facet::Owner) => &["group", "user"],
        Column::Facet(Facet::System) => &["system"],
        Column::Domain => &["domain"],
        Column::Facet(_) | Column::Name => return false,
    };
    let mut rows = Named::parse(value).rows(index);
    rows.any(|row| {
        let kind = index.value(Facet::Kind, row);
        kinds.iter().any(|known| known.eq_ignore_ascii_case(kind))
    })
}

/// A value of `column` that was probably meant.
fn similar<'a>(index: &'a Index, column: Column, value: &str) -> Option<&'a str> {
    let Column::Facet(facet) = column else {
        return None;
    };
    let name = |text: &'a str| match facet {
        Facet::Owner | Facet::System => text.rsplit('/').next().unwrap_or(text),
        _ => text,
    };
    let known = index.facet_values(facet).map(|count| name(count.value));
    nearest(value, known.take(MOST_COMPARED))
}
