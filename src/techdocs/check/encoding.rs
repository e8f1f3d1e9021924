//! Pages that are no UTF-8, for which MkDocs builds nothing at all.

use super::Checker;
use super::text::length;
use crate::catalog::{Place, Problem, Rule};

/// Tells of the first place on each page that could not be read as text.
pub(super) fn check(checker: &Checker<'_>, problems: &mut Vec<Problem>) {
    for page in checker.site.pages {
        let lines = (1..).zip(page.text.lines());
        let mut bad = lines.filter_map(|(line, text)| {
            let (before, _) = text.split_once(char::REPLACEMENT_CHARACTER)?;
            Some((line, length(before) + 1))
        });
        let Some((line, column)) = bad.next() else {
            continue;
        };
        let place = Place {
            file: page.file.to_owned(),
            line,
            column,
        };
        let message = "The page is not UTF-8 from here on, and MkDocs builds nothing of the site.";
        problems.push(Problem::new(Rule::Docs, place, message).over(1));
    }
}
