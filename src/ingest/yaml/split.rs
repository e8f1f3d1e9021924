//! A stream → its documents.
//!
//! `---` and `...` in the first column end a document wherever they stand, in block and quoted scalars too (YAML 1.2.2,
//! `c-forbidden`), so lines are all that has to be looked at.

/// The text of one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// Directives and comments before it, its `---`, its content.
    pub(super) text: &'a str,
    /// How many lines of the stream come before.
    pub(super) line: u32,
    /// How many lines of it are directives, comments or blank before it begins.
    pub(super) lead: u32,
}

/// The documents of `text`; stretches of nothing but comments and directives are none.
pub(super) fn split(text: &str) -> Vec<Piece<'_>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut pieces = Vec::new();
    let mut open: Option<u32> = None;
    let (mut start, mut start_line) = (0, 0);
    let (mut offset, mut number) = (0, 0_u32);
    let mut push = |open: Option<u32>, start: usize, end: usize, line: u32| {
        if let (Some(begins), Some(text)) = (open, text.get(start..end)) {
            pieces.push(Piece {
                text,
                line,
                lead: begins - line,
            });
        }
    };
    for line in text.split_inclusive('\n') {
        let end = offset + line.len();
        if is_marker(line, "---") {
            if open.is_some() {
                push(open, start, offset, start_line);
                (start, start_line) = (offset, number);
            }
            open = Some(number);
        } else if is_marker(line, "...") {
            push(open, start, offset, start_line);
            (start, start_line) = (end, number + 1);
            open = None;
        } else if open.is_none() && !line.trim().is_empty() && !line.starts_with(['#', '%']) {
            open = Some(number);
        }
        offset = end;
        number = number.saturating_add(1);
    }
    push(open, start, offset, start_line);
    pieces
}

fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(&str, u32, u32)> {
        split(text)
            .iter()
            .map(|p| (p.text, p.line, p.lead))
            .collect()
    }

    #[test]
    fn directives_belong_to_the_document_that_follows() {
        assert_eq!(
            texts("%YAML 1.2\n---\na\n...\n# c\nb\n"),
            [("%YAML 1.2\n---\na\n", 0, 1), ("# c\nb\n", 4, 1)]
        );
    }

    #[test]
    fn comments_alone_are_no_document() {
        assert_eq!(texts("# c\n\n"), []);
        assert_eq!(
            texts("---\na\n---\n"),
            [("---\na\n", 0, 0), ("---\n", 2, 0)]
        );
    }

    #[test]
    fn dashes_that_go_on_are_content() {
        assert_eq!(texts("----\n---x\n"), [("----\n---x\n", 0, 0)]);
        assert_eq!(texts("--- a\n--- b"), [("--- a\n", 0, 0), ("--- b", 1, 0)]);
    }
}
