//! The inside of a tag → tokens.

use super::Engine;
use super::fault::Error;
use super::scan::is_blank;

/// A token and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    pub(super) at: usize,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind<'a> {
    Name(&'a str),
    Number(f64),
    Text(String),
    Regex { pattern: &'a str, flags: &'a str },
    Op(&'static str),
    End,
}

const OPERATORS: [&str; 28] = [
    "===", "!==", "**", "//", "==", "!=", "<=", ">=", "(", ")", "[", "]", "{", "}", ".", ",", ":",
    "|", "~", "+", "-", "*", "/", "%", "<", ">", "=", "?",
];

/// The tokens of `code`, which begins at byte `base` of the template; the last is [`TokenKind::End`].
pub(super) fn tokens(code: &str, base: usize, engine: Engine) -> Result<Vec<Token<'_>>, Error> {
    // Most are a few names and operators; those of one expression are thrown away together.
    let mut out: Vec<Token<'_>> = Vec::with_capacity((code.len() / 3 + 2).min(64));
    let mut index = 0;
    while let Some(rest) = code.get(index..).filter(|rest| !rest.is_empty()) {
        let Some(first) = rest.chars().next() else {
            break;
        };
        if is_blank(first) {
            index += first.len_utf8();
            continue;
        }
        let at = base + index;
        let read = match engine {
            Engine::Legacy => older_token,
            Engine::Current => token,
        };
        let (kind, length) = read(rest, &out).map_err(|message| Error { at, message })?;
        out.push(Token { kind, at });
        index += length;
    }
    out.push(Token {
        kind: TokenKind::End,
        at: base + code.len(),
    });
    Ok(out)
}

fn token<'a>(rest: &'a str, before: &[Token<'a>]) -> Result<(TokenKind<'a>, usize), String> {
    let first = rest.as_bytes()[0];
    if first.is_ascii_alphabetic() || first == b'_' {
        let length = word_length(rest);
        let word = rest.get(..length).unwrap_or_default();
        if word == "r" && rest.as_bytes().get(1) == Some(&b'/') {
            return regex(rest);
        }
        return Ok((TokenKind::Name(word), length));
    }
    if first.is_ascii_digit() {
        return number(rest);
    }
    if first == b'.' && rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) {
        let after_operand = before.last().is_some_and(|token| match token.kind {
            TokenKind::Op(op) => matches!(op, ")" | "]" | "}"),
            _ => true,
        });
        if !after_operand {
            return Err("Invalid numeric literal".to_owned());
        }
    }
    if first == b'"' || first == b'\'' {
        return text(rest, char::from(first));
    }
    let is_next = |op: &&str| op.as_bytes().first() == Some(&first) && rest.starts_with(*op);
    match OPERATORS.into_iter().find(is_next) {
        Some("?") | None => {
            let c = rest.chars().next().unwrap_or_default();
            Err(format!("Unexpected character {:?}", c.to_string()))
        }
        Some(op) => Ok((TokenKind::Op(op), op.len())),
    }
}

/// What the older engine takes for a token: whatever stands between blanks and operators is a name, `1e3` and `$x` too.
fn older_token<'a>(rest: &'a str, before: &[Token<'a>]) -> Result<(TokenKind<'a>, usize), String> {
    const DELIMITERS: &str = "()[]{}%*-+~/#,:|.<>=!";
    let ends = |c: char| is_blank(c) || DELIMITERS.contains(c);
    let length = rest.find(ends).unwrap_or(rest.len());
    let word = rest.get(..length).unwrap_or_default();
    if word.is_empty()
        || word.starts_with(['"', '\''])
        || word.bytes().all(|byte| byte.is_ascii_digit())
        || word == "r" && rest.as_bytes().get(1) == Some(&b'/')
    {
        return token(rest, before);
    }
    Ok((TokenKind::Name(word), length))
}

fn word_length(rest: &str) -> usize {
    rest.bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
        .count()
}

fn number(rest: &str) -> Result<(TokenKind<'_>, usize), String> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let mut length = digits(rest);
    if rest.as_bytes().get(length) == Some(&b'.') {
        length += 1 + digits(rest.get(length + 1..).unwrap_or_default());
    }
    let suffix = rest.as_bytes().get(length);
    let value = rest.get(..length).and_then(|text| text.parse().ok());
    match value {
        Some(value) if !suffix.is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_') => {
            Ok((TokenKind::Number(value), length))
        }
        _ => Err("Invalid numeric literal".to_owned()),
    }
}

fn text(rest: &str, quote: char) -> Result<(TokenKind<'_>, usize), String> {
    let mut value = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((index, c)) = chars.next() {
        match c {
            c if c == quote => return Ok((TokenKind::Text(value), index + 1)),
            '\\' => match chars.next() {
                Some((_, 'n')) => value.push('\n'),
                Some((_, 'r')) => value.push('\r'),
                Some((_, 't')) => value.push('\t'),
                Some((_, other)) => value.push(other),
                None => break,
            },
            c => value.push(c),
        }
    }
    Err("Unterminated string literal".to_owned())
}

fn regex(rest: &str) -> Result<(TokenKind<'_>, usize), String> {
    let bytes = rest.as_bytes();
    let mut end = 2;
    loop {
        match bytes.get(end) {
            None => return Err("Unterminated regular-expression literal".to_owned()),
            Some(b'\\') => end += 2,
            Some(b'/') => break,
            Some(_) => end += 1,
        }
    }
    let tail = rest.get(end + 1..).unwrap_or_default();
    let length = tail
        .bytes()
        .take_while(|b| matches!(b, b'g' | b'i' | b'm' | b'y'))
        .count();
    if tail
        .as_bytes()
        .get(length)
        .is_some_and(u8::is_ascii_alphabetic)
    {
        return Err("Unsupported regular-expression flag".to_owned());
    }
    let kind = TokenKind::Regex {
        pattern: rest.get(2..end).unwrap_or_default(),
        flags: tail.get(..length).unwrap_or_default(),
    };
    Ok((kind, end + 1 + length))
}
