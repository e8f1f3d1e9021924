//! What is done to the tree as a whole, before and after its text is read: Python-Markdown's tree processors, in the
//! order of their priorities.

mod abbreviation;
mod attribute;
mod footnote;
mod heading;
mod leaf;
mod symbol;

pub(super) use abbreviation::abbreviations;
pub(super) use attribute::attributes;
pub(super) use footnote::{footnotes, returns};
pub(super) use heading::headings;
pub(super) use leaf::{codes, tasks};
pub(super) use symbol::symbols;
