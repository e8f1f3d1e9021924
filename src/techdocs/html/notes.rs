//! Annotations as Material for MkDocs has them: `(1)` in code or text, and a numbered list right behind it.

use crate::techdocs::document::{Block, BlockKind, Code};

/// Marks the list that `blocks` has at `at` as notes to the block before it, where that is `annotated` or is code whose
/// comments name them.
pub(super) fn join(blocks: &mut [Block], at: usize, annotated: bool, codes: &[Code]) {
    let Some((before, [list, ..])) = blocks.split_at_mut_checked(at) else {
        return;
    };
    let BlockKind::List(list) = &mut list.kind else {
        return;
    };
    let named = match before.last().map(|block| &block.kind) {
        Some(BlockKind::Code(at)) => codes.get(*at).is_some_and(|code| is_annotated(&code.text)),
        Some(_) => annotated,
        None => false,
    };
    list.notes = named && list.start == Some(1);
}

/// Whether a comment of the code names a note.
fn is_annotated(code: &str) -> bool {
    code.lines().any(|line| marker(line).is_some())
}

/// Where in a line of code a comment begins that names notes and holds nothing else, and the place of the first marker:
/// `# (1)!`, `// (2) (3)`, `<!-- (1) -->`.
pub(in crate::techdocs) fn marker(line: &str) -> Option<(usize, usize)> {
    const SIGNS: [&str; 8] = ["#", "//", "<!--", "--", "/*", ";", "%", "\""];
    let open = line.find('(')?;
    let first = line
        .match_indices('(')
        .map(|(at, _)| at)
        .chain([open])
        .find(|at| number(line.get(*at..).unwrap_or_default()).is_some())?;
    let before = line.get(..first)?.trim_end();
    let sign = SIGNS.iter().find(|sign| before.ends_with(**sign))?;
    Some((before.len() - sign.len(), first))
}

/// Code without the comments that name notes.
pub fn without_notes(code: &str) -> String {
    let bare = |line: &str| match marker(line) {
        Some((comment, _)) => line.get(..comment).unwrap_or(line).trim_end().to_owned() + "\n",
        None => format!("{line}\n"),
    };
    code.lines().map(bare).collect()
}

/// The number of the marker that `text` begins with, and the marker's length: `(1)`, `(1)!`.
pub(in crate::techdocs) fn number(text: &str) -> Option<(u32, usize)> {
    let (number, behind) = text.strip_prefix('(')?.split_once(')')?;
    let is_number = (1..=2).contains(&number.len()) && number.bytes().all(|c| c.is_ascii_digit());
    let length = number.len() + 2 + usize::from(behind.starts_with('!'));
    Some((number.parse().ok().filter(|_| is_number)?, length))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_stand_in_comments() {
        assert_eq!(marker("x = 1  # (1)!"), Some((7, 9)));
        assert_eq!(marker("call(); // (2)"), Some((8, 11)));
        assert_eq!(marker("<p> <!-- (1) -->"), Some((4, 9)));
        assert_eq!(marker("f(1)"), None);
        assert_eq!(marker("# see (a) (1)"), None);
        assert_eq!(number("(12)!x"), Some((12, 5)));
        assert_eq!(number("(123)"), None);
    }
}
