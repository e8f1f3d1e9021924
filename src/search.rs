//! Search: the query language, matching, ranking, completion, and who "mine" is.
//!
//! Pure over a [`catalog::Index`](crate::catalog::Index): no I/O, no threads, so that the finder, the catalog's filter
//! box and `stagedoor find` give the same answers. What the index does not hold ([`Query::asks`]) the caller asks the
//! record and hands in with the [`Context`]. Full text of the docs is the store's and is mixed in by the caller.

mod beside;
pub mod complete;
mod described;
pub mod explain;
mod filter;
pub mod find;
mod fold;
mod grade;
pub mod identity;
mod named;
mod plan;
pub mod query;
mod scan;
mod score;
mod slips;
#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests;
mod values;
mod wanted;
mod weigh;

pub use complete::{Completion, Entering, What, complete};
pub use explain::{Reason, explain};
pub use find::{Context, Field, Found, Hit, find, find_in_steps, matching};
pub use identity::Identity;
pub use query::{Column, Expr, Flag, Issue, Node, Query, Term, saved_name};
pub use values::{has_word, owners_called};
pub use wanted::Reach;
