//! The tokens of a query text: words parted by white space and held together by quotes, parentheses, `OR`, `AND`, `NOT`.

use std::ops::Range;

/// The minus sign that typesetters put for a hyphen; it negates as well.
pub(super) const MINUS: char = '\u{2212}';

/// A token with where it stands in the text, in bytes.
#[derive(Debug)]
pub(super) struct Token {
    pub(super) span: Range<usize>,
    pub(super) what: Lexeme,
}

/// What a token is.
#[derive(Debug)]
pub(super) enum Lexeme {
    /// `(`
    Open,
    /// `)` that closes one.
    Close,
    /// `)` that closes nothing.
    Stray,
    /// `OR`
    Or,
    /// `AND`
    And,
    /// `NOT`, or a `-` before a `(`.
    Not,
    /// Anything else.
    Item(Item),
}

/// A word, a phrase, or a key with a value.
#[derive(Debug)]
pub(super) struct Item {
    /// Whether a `-` stands before it.
    pub(super) negated: bool,
    /// Whether it is in quotes as a whole.
    pub(super) quoted: bool,
    /// The text without `-` and quotes, in lower case.
    pub(super) text: String,
    /// The same parted at its first `:` or `=`, where a plain key stands before that.
    pub(super) key: Option<(String, char, String)>,
}

/// The tokens of `text`. A quote or a parenthesis that is never closed holds to the end.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        found: Vec::new(),
        start: None,
        depth: 0,
        inner: 0,
    };
    let mut in_quotes = false;
    for (at, c) in text.char_indices() {
        let next = at + c.len_utf8();
        match c {
            _ if is_quote(c) => {
                in_quotes = !in_quotes;
                lexer.start = lexer.start.or(Some(at));
            }
            _ if in_quotes => {}
            _ if c.is_whitespace() || c.is_control() => lexer.finish(at),
            '(' if lexer.may_open(at) => lexer.open(at, next),
            // A word may have parentheses of its own: `f(x)`.
            '(' => lexer.inner += 1,
            ')' if lexer.inner > 0 => lexer.inner -= 1,
            ')' => lexer.close(at, next),
            _ => lexer.start = lexer.start.or(Some(at)),
        }
    }
    lexer.finish(text.len());
    lexer.found
}

struct Lexer<'a> {
    text: &'a str,
    found: Vec<Token>,
    /// Where the word begins that is being read.
    start: Option<usize>,
    /// How many parentheses are open, and how many of the word's own.
    depth: usize,
    inner: usize,
}

impl Lexer<'_> {
    /// Whether a `(` at `at` groups: at the start of a word, but for a minus.
    fn may_open(&self, at: usize) -> bool {
        self.start.is_none_or(|from| {
            let before = self.text.get(from..at).unwrap_or_default();
            before.chars().all(is_minus)
        })
    }

    fn open(&mut self, at: usize, next: usize) {
        if let Some(from) = self.start.take() {
            self.push(from..at, Lexeme::Not);
        }
        self.depth += 1;
        self.push(at..next, Lexeme::Open);
    }

    fn close(&mut self, at: usize, next: usize) {
        self.finish(at);
        let closes = self.depth > 0;
        self.depth -= usize::from(closes);
        self.push(at..next, if closes { Lexeme::Close } else { Lexeme::Stray });
    }

    fn finish(&mut self, end: usize) {
        self.inner = 0;
        let Some(from) = self.start.take() else {
            return;
        };
        let what = match self.text.get(from..end) {
            Some("OR") => Some(Lexeme::Or),
            Some("AND") => Some(Lexeme::And),
            Some("NOT") => Some(Lexeme::Not),
            Some(raw) => item(raw).map(Lexeme::Item),
            None => None,
        };
        if let Some(what) = what {
            self.push(from..end, what);
        }
    }

    fn push(&mut self, span: Range<usize>, what: Lexeme) {
        self.found.push(Token { span, what });
    }
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}')
}

fn is_minus(c: char) -> bool {
    matches!(c, '-' | MINUS)
}

fn item(raw: &str) -> Option<Item> {
    let (negated, body) = match raw.strip_prefix(is_minus) {
        Some(rest) if !rest.is_empty() => (true, rest),
        _ => (false, raw),
    };
    let quoted = body.starts_with(is_quote);
    let unquoted = body.replace(is_quote, "").to_lowercase();
    let text = unquoted.trim().to_owned();
    if text.is_empty() {
        return None;
    }
    let key = if quoted { None } else { keyed(&text) };
    Some(Item {
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
