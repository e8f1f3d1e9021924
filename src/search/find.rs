//! Finding and ranking rows of the index.

use std::time::Duration;

use super::{Identity, Issue, Query};
use crate::catalog::{EntityRef, Index, Kind, Row};

/// What ranking knows about the user.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Who they are.
    pub identity: Identity,
    /// What they starred, in their order.
    pub stars: Vec<EntityRef>,
    /// What they visited, the latest first.
    pub visits: Vec<EntityRef>,
}

/// Where a query's words were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// No word was asked for: all of them match, or the filters alone.
    Listed,
    /// In the name.
    Name,
    /// In the title.
    Title,
    /// In the tags.
    Tags,
    /// In the owner or the system.
    Owner,
    /// In the description.
    Description,
}

/// One row that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The row, of the index that was searched.
    pub row: Row,
    /// How good it is; higher is better, comparable within one answer only.
    pub score: u32,
    /// Where the words were found: the least good place of all words.
    pub field: Field,
    /// Positions of matched characters in the name as shown, ascending.
    pub name_matches: Vec<u32>,
    /// Positions of matched characters in the title, ascending.
    pub title_matches: Vec<u32>,
}

/// The answer to a query.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The best rows, the best first.
    pub hits: Vec<Hit>,
    /// How many rows match in all.
    pub total: usize,
    /// How many of them are of each kind; kinds without any are left out.
    pub by_kind: Vec<(Kind, usize)>,
    /// What the query asks for that this catalog does not have.
    pub notices: Vec<Issue>,
    /// How long it took.
    pub elapsed: Duration,
    /// Whether it was cancelled; the rest is then of no use.
    pub cancelled: bool,
}

/// Finds the `limit` best rows for `query`. `cancel` is asked now and then; once it says yes, the search ends.
pub fn find(
    index: &Index,
    query: &Query,
    context: &Context,
    limit: usize,
    cancel: &dyn Fn() -> bool,
) -> Found {
    let _ = (index, query, context, limit, cancel);
    Found::default()
}
