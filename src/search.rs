//! Search: the query language, matching, ranking, and who "mine" is.
//!
//! Pure over a [`catalog::Index`](crate::catalog::Index): no I/O, no threads, so that the finder, the catalog's filter
//! box and `stagedoor find` give the same answers. Full text of the docs is the store's and is mixed in by the caller.

mod beside;
mod described;
mod filter;
pub mod find;
mod fold;
mod grade;
pub mod identity;
pub mod query;
mod scan;
#[cfg(test)]
#[expect(clippy::expect_used, reason = "tests")]
mod tests;
mod weigh;

pub use find::{Context, Field, Found, Hit, find};
pub use identity::Identity;
pub use query::{Column, Flag, Issue, Part, Query, What};
