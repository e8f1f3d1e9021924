//! Files that pages include and that are not there.

use super::Checker;
use super::text::Text;
use crate::catalog::text::one_line;
use crate::catalog::{Problem, Rule};
use crate::techdocs::markdown::Why;

/// Checks what all pages include.
pub(super) fn check(checker: &Checker<'_>, problems: &mut Vec<Problem>) {
    for page in checker.site.pages {
        let mut text = Text::new(page.text);
        for gap in &page.checked.gaps {
            let why = match gap.why {
                Why::Absent => "but there is no such file",
                Why::Outside => "which lies outside of the site's folder",
                Why::Loop => "which includes itself",
                Why::NoSection => "which is no section of its file",
                // Bounds of this reader alone.
                Why::Deep | Why::Large | Why::OnTheWeb => continue,
            };
            let message = format!("The page includes '{}', {why}.", one_line(&gap.name));
            let (place, length) = text.place(page.file, gap.line, &gap.name);
            let problem = Problem::new(Rule::DocsMissingInclude, place, message);
            problems.push(checker.unless_made(problem.over(length)));
        }
    }
}
