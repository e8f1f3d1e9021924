//! Why a result stands where it does: what its score is made of.

use super::find::{Context, Field};
use super::fold::Needle;
use super::score::{Fit, How, Search};
use super::weigh::Weights;
use super::{Found, Hit, Query};
use crate::catalog::Index;
use crate::catalog::index::RowSet;

/// One thing that a score is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What it is, in a few words.
    pub words: String,
    /// What it adds, in hundredths of a point. Those of all reasons together are the score.
    pub points: u32,
}

impl Reason {
    pub(super) fn new(words: impl Into<String>, points: u32) -> Self {
        Self {
            words: words.into(),
            points,
        }
    }

    /// Where a word stands. Its points are whole ones until they are shared out.
    pub(super) fn of_word(fit: Fit, needle: &Needle) -> Self {
        let word: String = needle.chars.iter().collect();
        let words = match fit.how {
            How::Name(grade) => format!("the name {} {word}", grade.words()),
            How::Title(grade) => format!("the title {} {word}", grade.words()),
            How::Beside(Field::Tags) => format!("{word} is among its tags"),
            How::Beside(Field::Kind) => format!("{word} is its kind or type"),
            How::Beside(Field::Owner) => format!("{word} is in its owner or system"),
            How::Beside(_) => format!("{word} is in its description"),
            How::Filter => "a filter leaves it".to_owned(),
        };
        Self::new(words, fit.points)
    }

    /// What stands in parentheses, or on the sides of an `OR`.
    pub(super) fn of_group(fit: Fit) -> Self {
        let words = match fit.how {
            How::Name(grade) => format!("of a group, the name {} a word", grade.words()),
            How::Title(grade) => format!("of a group, the title {} a word", grade.words()),
            How::Beside(field) => format!("of a group, a word is in its {}", field.as_str()),
            How::Filter => "of a group, a filter leaves it".to_owned(),
        };
        Self::new(words, fit.points)
    }

    /// Gives each of several reasons its share of `total`, what cannot be shared to the first.
    pub(super) fn share(reasons: &mut [Self], total: u32) {
        let sum: u64 = reasons.iter().map(|reason| u64::from(reason.points)).sum();
        let mut left = total;
        for reason in reasons.iter_mut() {
            let share = u64::from(total) * u64::from(reason.points) / sum.max(1);
            reason.points = u32::try_from(share).unwrap_or(0).min(left);
            left -= reason.points;
        }
        if let Some(first) = reasons.first_mut() {
            first.points += left;
        }
    }
}

/// Why `hit` of `found`, the answer to `query`, has its score: what adds nothing is left out.
pub fn explain(
    index: &Index,
    query: &Query,
    context: &Context,
    found: &Found,
    hit: &Hit,
) -> Vec<Reason> {
    let weights = Weights::new(index, context);
    let (mut search, ..) = Search::new(index, query, context, &weights.stars);
    search.extend(found.reach, &RowSet::of(index.len(), [hit.row]));
    let mut reasons = if search.is_listing() {
        weights.reasons_of_listed(hit.row)
    } else {
        let mut reasons = search.reasons(hit.row);
        reasons.extend(weights.reasons(hit.row));
        reasons
    };
    reasons.retain(|reason| reason.points > 0);
    reasons
}
