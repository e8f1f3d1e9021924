//! The inside of a tag → tokens.

use std::rc::Rc;

use super::Engine;
use super::ast::offset;
use super::fault::Error;
use super::scan::is_blank;

/// A token and where it begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: TokenKind<'a>,
    pub(super) at: u32,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum TokenKind<'a> {
    Name(&'a str),
    Number(f64),
    /// What stands between the quotes, as it is written: see [`unescape`].
    Text(&'a str),
    Regex {
        pattern: &'a str,
        flags: &'a str,
    },
    Op(Op),
    End,
}

/// Operators and brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Op {
    StrictEqual,
    StrictNotEqual,
    Equal,
    NotEqual,
    LessOrEqual,
    GreaterOrEqual,
    Less,
    Greater,
    Assign,
    Plus,
    Minus,
    Times,
    Power,
    Divide,
    Floor,
    Modulo,
    Concat,
    OpenParen,
    CloseParen,
    OpenBracket,
    CloseBracket,
    OpenBrace,
    CloseBrace,
    Dot,
    Comma,
    Colon,
    Pipe,
}

impl Op {
    /// The operator at the beginning of `rest`, the longest that fits.
    fn read(rest: &str) -> Option<Self> {
        let bytes = rest.as_bytes();
        let [second, third] = [1, 2].map(|at| bytes.get(at).copied().unwrap_or_default());
        Some(match (bytes.first()?, second, third) {
            (b'=', b'=', b'=') => Self::StrictEqual,
            (b'!', b'=', b'=') => Self::StrictNotEqual,
            (b'=', b'=', _) => Self::Equal,
            (b'!', b'=', _) => Self::NotEqual,
            (b'<', b'=', _) => Self::LessOrEqual,
            (b'>', b'=', _) => Self::GreaterOrEqual,
            (b'*', b'*', _) => Self::Power,
            (b'/', b'/', _) => Self::Floor,
            (b'<', ..) => Self::Less,
            (b'>', ..) => Self::Greater,
            (b'=', ..) => Self::Assign,
            (b'+', ..) => Self::Plus,
            (b'-', ..) => Self::Minus,
            (b'*', ..) => Self::Times,
            (b'/', ..) => Self::Divide,
            (b'%', ..) => Self::Modulo,
            (b'~', ..) => Self::Concat,
            (b'(', ..) => Self::OpenParen,
            (b')', ..) => Self::CloseParen,
            (b'[', ..) => Self::OpenBracket,
            (b']', ..) => Self::CloseBracket,
            (b'{', ..) => Self::OpenBrace,
            (b'}', ..) => Self::CloseBrace,
            (b'.', ..) => Self::Dot,
            (b',', ..) => Self::Comma,
            (b':', ..) => Self::Colon,
            (b'|', ..) => Self::Pipe,
            _ => return None,
        })
    }

    /// How it is written.
    pub(super) fn text(self) -> &'static str {
        match self {
            Self::StrictEqual => "===",
            Self::StrictNotEqual => "!==",
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::LessOrEqual => "<=",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::Greater => ">",
            Self::Assign => "=",
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Power => "**",
            Self::Divide => "/",
            Self::Floor => "//",
            Self::Modulo => "%",
            Self::Concat => "~",
            Self::OpenParen => "(",
            Self::CloseParen => ")",
            Self::OpenBracket => "[",
            Self::CloseBracket => "]",
            Self::OpenBrace => "{",
            Self::CloseBrace => "}",
            Self::Dot => ".",
            Self::Comma => ",",
            Self::Colon => ":",
            Self::Pipe => "|",
        }
    }
}

/// Reads the tokens of `code`, which begins at byte `base` of the template, into `out`; the last is [`TokenKind::End`].
pub(super) fn tokens<'a>(
    code: &'a str,
    base: u32,
    engine: Engine,
    out: &mut Vec<Token<'a>>,
) -> Result<(), Error> {
    out.clear();
    let place = |index| base.saturating_add(offset(index));
    let mut index = 0;
    while let Some(&first) = code.as_bytes().get(index) {
        if matches!(first, b' ' | b'\t' | b'\n' | b'\r') {
            index += 1;
            continue;
        }
        let rest = code.get(index..).unwrap_or_default();
        if !first.is_ascii()
            && let Some(blank) = rest.chars().next().filter(|c| is_blank(*c))
        {
            index += blank.len_utf8();
            continue;
        }
        let at = place(index);
        let read = match engine {
            Engine::Legacy => older_token(rest, out),
            Engine::Current => token(rest, out),
        };
        let (kind, length) = read.map_err(|message| Error { at, message })?;
        out.push(Token { kind, at });
        index += length;
    }
    out.push(Token {
        kind: TokenKind::End,
        at: place(code.len()),
    });
    Ok(())
}

fn token<'a>(rest: &'a str, before: &[Token<'a>]) -> Result<(TokenKind<'a>, usize), String> {
    let first = rest.as_bytes().first().copied().unwrap_or_default();
    match first {
        b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
            let length = word_length(rest);
            let word = rest.get(..length).unwrap_or_default();
            if word == "r" && rest.as_bytes().get(1) == Some(&b'/') {
                return regex(rest);
            }
            return Ok((TokenKind::Name(word), length));
        }
        b'0'..=b'9' => return number(rest),
        b'"' | b'\'' => return text(rest, first),
        b'.' if rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit) => {
            let after_operand = before.last().is_some_and(|token| match token.kind {
                TokenKind::Op(op) => {
                    matches!(op, Op::CloseParen | Op::CloseBracket | Op::CloseBrace)
                }
                _ => true,
            });
            if !after_operand {
                return Err("Invalid numeric literal".to_owned());
            }
        }
        _ => {}
    }
    let op = Op::read(rest).ok_or_else(|| {
        let c = rest.chars().next().unwrap_or_default();
        format!("Unexpected character {:?}", c.to_string())
    })?;
    Ok((TokenKind::Op(op), op.text().len()))
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

/// Where the quoted text that begins at byte `from` is closed by `quote`.
fn closing(rest: &str, from: usize, quote: u8) -> Option<usize> {
    let bytes = rest.as_bytes();
    let mut end = from;
    loop {
        match *bytes.get(end)? {
            b'\\' => end += 2,
            byte if byte == quote => return Some(end),
            _ => end += 1,
        }
    }
}

fn text(rest: &str, quote: u8) -> Result<(TokenKind<'_>, usize), String> {
    let end = closing(rest, 1, quote).ok_or("Unterminated string literal")?;
    Ok((
        TokenKind::Text(rest.get(1..end).unwrap_or_default()),
        end + 1,
    ))
}

/// What a text literal says.
pub(super) fn unescape(written: &str) -> Rc<str> {
    if !written.contains('\\') {
        return written.into();
    }
    let mut value = String::with_capacity(written.len());
    let mut chars = written.chars();
    while let Some(c) = chars.next() {
        value.push(match c {
            '\\' => match chars.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some(other) => other,
                None => break,
            },
            c => c,
        });
    }
    value.into()
}

fn regex(rest: &str) -> Result<(TokenKind<'_>, usize), String> {
    let end = closing(rest, 2, b'/').ok_or("Unterminated regular-expression literal")?;
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
