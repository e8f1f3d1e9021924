//! The text of what stands at a mark: how long a finding underlines, and how a value was written.

use std::cell::OnceCell;

use crate::catalog::yaml::Mark;

/// The lines of a file, found once somebody asks for one of them.
pub(crate) struct Lines<'a> {
    text: &'a str,
    /// The bytes of a byte order mark before it.
    lead: usize,
    starts: OnceCell<Vec<usize>>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self {
            text: bare,
            lead: text.len() - bare.len(),
            starts: OnceCell::new(),
        }
    }

    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(ends.map(|end| end + 1)).collect()
        })
    }

    /// How many bytes the file has.
    pub(crate) fn len(&self) -> usize {
        self.lead + self.text.len()
    }

    /// How the lines of the file end.
    pub(crate) fn end_of_line(&self) -> &'static str {
        match memchr::memchr(b'\n', self.text.as_bytes()) {
            Some(at) if at > 0 && self.text.as_bytes().get(at - 1) == Some(&b'\r') => "\r\n",
            _ => "\n",
        }
    }

    /// The byte of the file at which `mark` stands.
    pub(crate) fn offset(&self, mark: Mark) -> Option<usize> {
        let line = self.line(mark.line)?;
        let start = self.starts().get(usize::try_from(mark.line).ok()? - 1)?;
        let column = usize::try_from(mark.column).ok()?.checked_sub(1)?;
        let mut chars = line.char_indices().map(|(at, _)| at);
        let at = chars.nth(column).or_else(|| {
            let is_end = line.chars().count() == column;
            is_end.then_some(line.len())
        })?;
        Some(self.lead + start + at)
    }

    /// The line with this number, from 1, without its end.
    pub(crate) fn line(&self, number: u32) -> Option<&'a str> {
        let starts = self.starts();
        let n = usize::try_from(number).ok()?.checked_sub(1)?;
        let start = *starts.get(n)?;
        let end = starts.get(n + 1).map_or(self.text.len(), |next| next - 1);
        let line = self.text.get(start..end)?;
        Some(line.strip_suffix('\r').unwrap_or(line))
    }

    /// The rest of the line from `mark` on.
    fn rest(&self, mark: Mark) -> Option<(&'a str, &'a str)> {
        let line = self.line(mark.line)?;
        let column = usize::try_from(mark.column).ok()?.checked_sub(1)?;
        let at = line.char_indices().nth(column)?.0;
        line.split_at_checked(at)
    }

    /// The scalar or key that begins at `mark`, up to the end of its line. What it says is of help where it is known.
    pub(crate) fn token(&self, mark: Mark, says: Option<&str>) -> Option<&'a str> {
        let (before, rest) = self.rest(mark)?;
        let end = match (rest.as_bytes().first()?, says) {
            (b'"', _) => quoted(rest, true),
            (b'\'', _) => quoted(rest, false),
            (b'|' | b'>', _) => 1,
            (_, Some(says)) if !says.is_empty() && rest.starts_with(says) => says.len(),
            _ => plain(rest, is_in_flow(before)),
        };
        rest.get(..end)
    }

    /// The key that begins at `mark`, with its colon.
    pub(crate) fn key_and_colon(&self, mark: Mark, key: &str) -> Option<&'a str> {
        let (_, rest) = self.rest(mark)?;
        let key = self.token(mark, Some(key))?.len();
        let colon = key + spaces(rest.get(key..)?);
        (rest.as_bytes().get(colon) == Some(&b':')).then(|| rest.get(..=colon))?
    }

    /// The key that begins at `mark`, with its colon and the null that may follow.
    pub(crate) fn empty_entry(&self, mark: Mark, key: &str) -> Option<&'a str> {
        let (_, rest) = self.rest(mark)?;
        let colon = self.key_and_colon(mark, key)?.len();
        let behind = rest.get(colon..)?;
        let at = spaces(behind);
        let word: usize = behind.get(at..).map_or(0, |word| plain(word, false));
        let null = behind
            .get(at..at + word)
            .filter(|word| ["null", "Null", "NULL", "~"].contains(word));
        rest.get(..colon + null.map_or(0, |null| at + null.len()))
    }
}

/// Whether a plain scalar has neither anchor nor tag, and is no alias.
pub(crate) fn is_bare(token: &str) -> bool {
    !token.starts_with(['&', '*', '!'])
}

/// How many bytes of white space `text` begins with.
fn spaces(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// How many characters `token` takes on its line.
pub(crate) fn length(token: &str) -> u32 {
    u32::try_from(token.chars().count()).unwrap_or(u32::MAX)
}

/// Where a quoted scalar ends, in bytes.
fn quoted(rest: &str, double: bool) -> usize {
    let bytes = rest.as_bytes();
    let quote = if double { b'"' } else { b'\'' };
    let mut at = 1;
    while let Some(&byte) = bytes.get(at) {
        if double && byte == b'\\' {
            at += 2;
        } else if byte == quote && (double || bytes.get(at + 1) != Some(&quote)) {
            return at + 1;
        } else {
            at += if byte == quote { 2 } else { 1 };
        }
    }
    rest.len()
}

/// Where a plain scalar ends, in bytes.
fn plain(rest: &str, in_flow: bool) -> usize {
    let bytes = rest.as_bytes();
    let is_blank = |at: usize| bytes.get(at).is_none_or(|b| matches!(b, b' ' | b'\t'));
    let ends = |&at: &usize| match bytes.get(at) {
        Some(b'#') => at > 0 && is_blank(at - 1),
        Some(b':') => is_blank(at + 1),
        Some(b',' | b']' | b'}') => in_flow,
        _ => false,
    };
    let end = (0..bytes.len()).find(ends).unwrap_or(bytes.len());
    rest.get(..end).map_or(end, |token| token.trim_end().len())
}

/// Whether a list or mapping in brackets is open at the end of `before`.
fn is_in_flow(before: &str) -> bool {
    let depth = before.bytes().fold(0_i32, |depth, byte| match byte {
        b'[' | b'{' => depth + 1,
        b']' | b'}' => depth - 1,
        _ => depth,
    });
    depth > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str, line: u32, column: u32) -> Option<&str> {
        Lines::new(text).token(Mark { line, column }, None)
    }

    #[test]
    fn tokens_end_where_yaml_ends_them() {
        assert_eq!(token("a: b # c\n", 1, 4), Some("b"));
        assert_eq!(token("a: b c:d\r\nx: y", 1, 4), Some("b c:d"));
        assert_eq!(token("a: [b, c d]", 1, 8), Some("c d"));
        assert_eq!(token("a: b, c", 1, 4), Some("b, c"));
        assert_eq!(token("a: 'it''s' x", 1, 4), Some("'it''s'"));
        assert_eq!(token(r#"a: "q\"r" x"#, 1, 4), Some(r#""q\"r""#));
        assert_eq!(token("owner : x", 1, 1), Some("owner"));
        assert_eq!(token("a: |\n  x", 1, 4), Some("|"));
        assert_eq!(token("a", 2, 1), None);
    }

    #[test]
    fn empty_entries_hold_their_null() {
        let entry = |text| Lines::new(text).empty_entry(Mark { line: 1, column: 1 }, "tags");
        assert_eq!(entry("tags:\n"), Some("tags:"));
        assert_eq!(entry("tags: # none"), Some("tags:"));
        assert_eq!(entry("tags: null # none"), Some("tags: null"));
        assert_eq!(entry("'tags': ~"), Some("'tags': ~"));
        assert_eq!(entry("tags: [a]"), Some("tags:"));
    }

    #[test]
    fn what_is_known_to_stand_there_is_a_help() {
        let lines = Lines::new("a: [\n  Foo,\n]");
        let mark = Mark { line: 2, column: 3 };
        assert_eq!(lines.token(mark, Some("Foo")), Some("Foo"));
    }
}
