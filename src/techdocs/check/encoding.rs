//! Characters that were lost: in a page that is no UTF-8, for which MkDocs builds nothing at all, or before it was saved.

use super::Checker;
use super::text::length;
use crate::catalog::{Level, Place, Problem, Rule};

/// Tells of the first character of each page that stands for one that could not be read.
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
        let message = "A character was lost here. If the file is not UTF-8, MkDocs builds nothing of the site.";
        let problem = Problem::new(Rule::Docs, place, message);
        problems.push(problem.of_level(Level::Info).over(1));
    }
}
