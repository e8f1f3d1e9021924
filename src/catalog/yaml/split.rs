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
    /// Whether text stands behind the `...` that ends it.
    pub(super) trailing: bool,
}

/// The documents of `text`; those of nothing but comments and directives are left out.
pub(super) fn split(text: &str) -> Split<'_> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Split {
        text,
        offset: 0,
        line: 0,
        next: Open::default(),
    }
}

/// The documents of a stream, one after the other.
pub(super) struct Split<'a> {
    text: &'a str,
    /// Where the next line begins, in bytes and in lines.
    offset: usize,
    line: u32,
    next: Open,
}

/// A document that is not finished.
#[derive(Default, Clone, Copy)]
struct Open {
    start: usize,
    line: u32,
    /// The line on which it begins, behind directives and comments.
    begins: Option<u32>,
    has_content: bool,
}

impl<'a> Iterator for Split<'a> {
    type Item = Piece<'a>;

    fn next(&mut self) -> Option<Piece<'a>> {
        while let Some(line) = self.next_line() {
            let (start, number) = (self.offset, self.line);
            self.offset += line.len();
            self.line = number.saturating_add(1);
            let mut ended = None;
            let mut trailing = false;
            if let Some(rest) = after_marker(line, "---") {
                if self.next.begins.is_some() {
                    ended = Some(self.next);
                    self.next = Open {
                        start,
                        line: number,
                        ..Open::default()
                    };
                }
                self.next.begins = Some(number);
                self.next.has_content = is_content(rest);
            } else if let Some(rest) = after_marker(line, "...") {
                trailing = is_content(rest);
                ended = Some(self.next);
                self.next = Open {
                    start: self.offset,
                    line: self.line,
                    ..Open::default()
                };
            } else if !self.next.has_content
                && is_content(line)
                && (self.next.begins.is_some() || !line.starts_with('%'))
            {
                self.next.begins.get_or_insert(number);
                self.next.has_content = true;
            }
            if let Some(piece) = ended.and_then(|open| self.piece(open, start, trailing)) {
                return Some(piece);
            }
        }
        let last = std::mem::take(&mut self.next);
        self.piece(last, self.text.len(), false)
    }
}

impl<'a> Split<'a> {
    /// The next line with its end.
    fn next_line(&self) -> Option<&'a str> {
        let rest = self
            .text
            .get(self.offset..)
            .filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest.as_bytes()).map_or(rest.len(), |n| n + 1);
        rest.get(..end)
    }

    fn piece(&self, open: Open, end: usize, trailing: bool) -> Option<Piece<'a>> {
        let begins = open.begins.filter(|_| open.has_content)?;
        Some(Piece {
            text: self.text.get(open.start..end)?,
            line: open.line,
            lead: begins - open.line,
            trailing,
        })
    }
}

/// Whether a line, or what follows a marker on it, holds more than a comment.
fn is_content(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && !text.starts_with('#')
}

/// What follows `marker` on `line`, if the line begins with it.
fn after_marker<'a>(line: &'a str, marker: &str) -> Option<&'a str> {
    line.strip_prefix(marker)
        .filter(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<(&str, u32, u32)> {
        split(text).map(|p| (p.text, p.line, p.lead)).collect()
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
        assert_eq!(texts("---\na\n---\n"), [("---\na\n", 0, 0)]);
    }

    #[test]
    fn dashes_that_go_on_are_content() {
        assert_eq!(texts("----\n---x\n"), [("----\n---x\n", 0, 0)]);
        assert_eq!(texts("--- a\n--- b"), [("--- a\n", 0, 0), ("--- b", 1, 0)]);
    }
}
