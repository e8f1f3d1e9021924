//! What is wrong with the catalog as a whole, though each of its files is fine: where its references lead.
//!
//! What a reference should lead to stands in the table of [`super::relation`].

mod cycle;
mod reference;
mod suggestion;

use super::merge::Candidate;
use crate::catalog::Problem;

/// Checks the references of all entities.
pub(super) fn check(candidates: &[Candidate], problems: &mut Vec<Problem>) {
    reference::check(candidates, problems);
    cycle::check(candidates, problems);
}

#[cfg(test)]
mod tests;
