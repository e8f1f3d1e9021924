//! Docs that were left behind by what they describe.

use crate::catalog::{Place, Problem, Rule};
/// By how much docs may be older than the code, in seconds: half a year.
const BEHIND: u64 = 182 * DAY;
const DAY: u64 = 24 * 60 * 60;

/// What is to be said of the docs whose `mkdocs.yml` is at `file` and that were last changed at `docs`, while the code beside
/// them was at `code`, both in seconds since 1970.
pub fn age(file: &str, docs: u64, code: u64) -> Option<Problem> {
    let behind = code.checked_sub(docs).filter(|behind| *behind >= BEHIND)?;
    let place = Place {
        file: file.to_owned(),
        line: 1,
        column: 1,
    };
    let message = format!(
        "The docs were last changed {} days before the code beside them.",
        behind / DAY
    );
    Some(Problem::new(Rule::DocsOutdated, place, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docs_may_be_half_a_year_older_than_the_code() {
        assert_eq!(age("mkdocs.yml", 1_000, 1_000 + BEHIND - 1), None);
        assert_eq!(age("mkdocs.yml", 1_000, 10), None);
        let problem = age("mkdocs.yml", 1_000, 1_000 + 400 * DAY);
        assert!(problem.is_some_and(|problem| problem.message.contains("400 days")));
    }
}
