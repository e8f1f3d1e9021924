//! What the user changed of their own and can take back: stars, saved views, filters, marks, drafts.

use super::page::catalog::{Marks, View};
use super::page::problems::Narrowed;
use crate::catalog::EntityRef;
use crate::scaffolder::Answers;

/// How many changes are remembered.
pub const KEPT: usize = 50;

/// A change, and the way back.
#[derive(Debug)]
pub struct Change {
    /// What was done, as it is told once it is undone: "3 stars taken away".
    pub did: String,
    /// How it was before.
    pub before: Before,
}

/// How something was before it was changed.
#[derive(Debug)]
pub enum Before {
    /// These entities had a star, or had none.
    Stars(Vec<EntityRef>, bool),
    /// The catalog's table was shown so.
    View(Box<View>),
    /// Under this name this was saved, as [`Effect::SaveQuery`](super::Effect::SaveQuery) takes it, or nothing was.
    Saved(String, Option<(String, String)>),
    /// This was answered in the form of a template.
    Draft(EntityRef, Box<Answers>),
    /// A page showed something else.
    Page(OnPage),
}

/// How a page was.
#[derive(Debug)]
pub enum OnPage {
    /// The catalog was narrowed by this query.
    Query(String),
    /// These rows of the catalog were marked.
    Marks(Marks),
    /// The problems were narrowed so.
    Problems(Narrowed),
}

impl Change {
    /// A change that is told as `did`.
    pub fn new(did: impl Into<String>, before: Before) -> Self {
        Self {
            did: did.into(),
            before,
        }
    }
}
