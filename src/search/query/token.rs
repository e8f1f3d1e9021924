//! The words of a query text: parted by white space, held together by quotes.

use std::ops::Range;

/// The minus sign that typesetters put for a hyphen; it negates as well.
pub(super) const MINUS: char = '\u{2212}';

/// One word of a query.
#[derive(Debug)]
pub(super) struct Token {
    /// Where it stands in the text, in bytes, with its `-` and quotes.
    pub(super) span: Range<usize>,
    /// Whether a `-` stands before it.
    pub(super) negated: bool,
    /// Whether it is in quotes as a whole.
    pub(super) quoted: bool,
    /// The text without `-` and quotes, in lower case.
    pub(super) text: String,
    /// The same parted at its first `:` or `=`, where a plain key stands before that.
    pub(super) key: Option<(String, char, String)>,
}

/// The tokens of `text`. A quote that is never closed holds to the end.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut start = None;
    let mut in_quotes = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => {
                in_quotes = !in_quotes;
                start = start.or(Some(at));
            }
            c if c.is_whitespace() && !in_quotes => {
                found.extend(start.take().and_then(|from| token(text, from..at)));
            }
            _ => start = start.or(Some(at)),
        }
    }
    found.extend(start.and_then(|from| token(text, from..text.len())));
    found
}

fn token(text: &str, span: Range<usize>) -> Option<Token> {
    let raw = text.get(span.clone())?;
    let (negated, body) = match raw.strip_prefix(['-', MINUS]) {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, raw),
    };
    let quoted = body.starts_with('"');
    let unquoted = body.replace('"', "").to_lowercase();
    let text = unquoted.trim().to_owned();
    if text.is_empty() {
        return None;
    }
    let key = if quoted { None } else { keyed(&text) };
    Some(Token {
        span,
        negated,
        quoted,
        text,
        key,
    })
}

/// `text` parted at its first `:` or `=`, if what stands before is made of letters, dots and the like.
fn keyed(text: &str) -> Option<(String, char, String)> {
    let (at, separator) = text.char_indices().find(|(_, c)| matches!(c, ':' | '='))?;
    let (key, rest) = text.split_at_checked(at)?;
    let plain = key.starts_with(char::is_alphabetic)
        && key
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '/'));
    plain.then(|| {
        let value = rest.strip_prefix(separator).unwrap_or(rest);
        (key.to_owned(), separator, value.trim().to_owned())
    })
}
