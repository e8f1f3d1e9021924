//! What is wrong with a query, shown where it stands.

use super::exit::Failure;
use crate::catalog::text;
use crate::search::Issue;

/// Longer queries are not repeated.
const LONGEST: usize = 200;

/// The message of `issue`, and below it the query with its place marked, unless the place is all of it.
pub(super) fn shown(query: &str, issue: &Issue) -> String {
    let parts = || {
        let before = query.get(..issue.span.start)?;
        let marked = query.get(issue.span.clone())?;
        Some((before, marked))
    };
    let is_all = issue.span.start == 0 && issue.span.end == query.len();
    match parts() {
        Some((before, marked)) if !is_all && query.len() <= LONGEST => {
            let line = text::one_line(query);
            let gap = usize::from(before.ends_with(char::is_whitespace));
            let skipped = " ".repeat(text::width(&text::one_line(before)) + gap);
            let marks = "^".repeat(text::width(marked).max(1));
            format!("{}\n  {line}\n  {skipped}{marks}", issue.message)
        }
        _ => issue.message.clone(),
    }
}

/// The same as the reason to end.
pub(super) fn failure(query: &str, issue: &Issue) -> Failure {
    Failure::usage(shown(query, issue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_marked() {
        let issue = Issue {
            span: 4..14,
            message: "colour: is not known".to_owned(),
        };
        assert_eq!(
            shown("pay colour:red x", &issue),
            "colour: is not known\n  pay colour:red x\n      ^^^^^^^^^^"
        );
        assert_eq!(shown("xxxxcolour:red", &issue).lines().count(), 3);
        assert_eq!(shown("short", &issue), "colour: is not known");
    }
}
