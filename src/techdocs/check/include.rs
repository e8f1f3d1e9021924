//! Files that pages include and that are not there.

use super::Checker;
use super::link::{Text, length};
use crate::catalog::text::one_line;
use crate::catalog::{Problem, Rule};
use crate::techdocs::markdown::{self, Files, Options, Why};

/// What a page holds that may include files.
const MARKS: [&str; 3] = ["8<-", "{%", "{*"];

/// Checks what all pages include.
pub(super) fn check(checker: &Checker<'_>, problems: &mut Vec<Problem>) {
    let sources = checker.site.sources;
    let options = Options::read(&sources.kept());
    for page in checker.site.pages {
        let source = sources.pages.get(page.path);
        let Some(source) = source.filter(|_| MARKS.iter().any(|mark| page.text.contains(mark)))
        else {
            continue;
        };
        let files = Files {
            page: &source.file,
            read: &|file| sources.included(file),
        };
        let mut text = Text::new(page.text);
        for gap in markdown::render(page.text, &options, files).gaps {
            let why = match gap.why {
                Why::Absent => "but there is no such file",
                Why::Outside => "which lies outside of the site's folder",
                Why::Loop => "which includes itself",
                Why::NoSection => "which is no section of its file",
                // Bounds of this reader alone.
                Why::Deep | Why::Large | Why::OnTheWeb => continue,
            };
            let message = format!("The page includes '{}', {why}.", one_line(&gap.name));
            let place = text.place(page.file, gap.line, &gap.name);
            let problem = Problem::new(Rule::DocsMissingInclude, place, message);
            problems.push(checker.unless_made(problem.over(length(&gap.name))));
        }
    }
}
