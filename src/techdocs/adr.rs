//! Architecture decision records: their state and date as MADR writes them, and a section of the nav that tells both.
//!
//! MADR 3 and later have them in the front matter, MADR 2 in a list at the top (`* Status: accepted`), Nygard's form under
//! a heading `Status`.

use std::collections::BTreeMap;

use super::source::PageSource;
use super::{NavItem, Sources, Target, page, path};
use crate::catalog::text::one_line;

/// The folder in which records stand that lie outside of the docs.
const FOLDER: &str = "decisions";
/// What the section of the nav is called.
const TITLE: &str = "Decisions";
/// How many lines of a record are looked through.
const TOP: usize = 60;

/// What a record says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Decision {
    /// `accepted`, `superseded by …`.
    pub status: Option<String>,
    /// The day it was decided, as written.
    pub date: Option<String>,
}

impl Decision {
    /// Reads the record `text`.
    pub fn read(text: &str) -> Self {
        let mut decision = Self::default();
        let mut is_status = false;
        for line in text.lines().take(TOP) {
            let line = line.trim();
            if is_status && !line.is_empty() {
                decision.status = decision.status.or_else(|| plain(line));
                is_status = false;
            }
            let heading = line
                .strip_prefix('#')
                .map(|line| line.trim_matches(['#', ' ']));
            if heading.is_some_and(|heading| heading.eq_ignore_ascii_case("status")) {
                is_status = true;
                continue;
            }
            let said = line.trim_start_matches(['*', '-', ' ']);
            let Some((key, value)) = said.split_once(':') else {
                continue;
            };
            let value = plain(value);
            match key.trim_matches('*').to_ascii_lowercase().as_str() {
                "status" => decision.status = decision.status.or(value),
                "date" => decision.date = decision.date.or(value),
                _ => {}
            }
        }
        decision
    }

    /// `title` with what the record says of itself.
    fn titled(&self, title: &str) -> String {
        let said = [Some(title), self.status.as_deref(), self.date.as_deref()];
        said.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

/// A value without quotes and marks; `None` where nothing is left, or what a template has in its place.
fn plain(value: &str) -> Option<String> {
    let value = value.split("<!--").next().unwrap_or_default();
    let value = one_line(value.trim().trim_matches(['"', '\'', '*', '`']));
    let is_written = !value.is_empty() && !value.starts_with(['{', '[']);
    is_written.then_some(value)
}

/// Whether a file of a folder of records is one: its name begins with a number.
pub fn is_record(name: &str) -> bool {
    path::is_markdown(name) && name.starts_with(|c: char| c.is_ascii_digit())
}

/// Adds `records` to a site, each by its name and what a person calls its file, as a section of its nav. Those that are
/// pages of the site already, whose files `names` calls the same, are shown there as well.
pub fn add(
    sources: &mut Sources,
    records: Vec<(String, PageSource)>,
    names: &BTreeMap<String, String>,
) {
    let mut items = Vec::new();
    for (name, source) in records {
        let known = names.iter().find(|(_, name)| **name == source.file);
        let path = known.map_or_else(|| format!("{FOLDER}/{name}"), |(path, _)| path.clone());
        let own = page::title(&source.text).unwrap_or_else(|| path::default_title(&path));
        let title = Decision::read(&source.text).titled(&own);
        items.push(NavItem {
            title,
            target: Target::Page(path.clone()),
        });
        sources.pages.entry(path).or_insert(source);
    }
    if !items.is_empty() {
        let nav = sources.config.nav.get_or_insert_default();
        nav.push(NavItem {
            title: TITLE.to_owned(),
            target: Target::Section(items),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_tell_state_and_date_in_three_forms() {
        let read = |text| {
            let Decision { status, date } = Decision::read(text);
            (status.unwrap_or_default(), date.unwrap_or_default())
        };
        let wanted = ("accepted".to_owned(), "2026-01-02".to_owned());
        assert_eq!(
            read("---\nstatus: \"accepted\"\ndate: 2026-01-02\n---\n# Use X\n"),
            wanted
        );
        assert_eq!(
            read("# Use X\n\n* Status: accepted\n* Date: 2026-01-02\n"),
            wanted
        );
        assert_eq!(
            read("# 1. Use X\n\nDate: 2026-01-02\n\n## Status\n\naccepted\n"),
            wanted
        );
        assert_eq!(
            read("---\nstatus: {proposed | rejected}\n---\n"),
            (String::new(), String::new())
        );
        assert_eq!(
            Decision::read("* Status: accepted\n").titled("Use X"),
            "Use X · accepted"
        );
        assert!(is_record("0001-use-x.md") && !is_record("README.md"));
    }
}
