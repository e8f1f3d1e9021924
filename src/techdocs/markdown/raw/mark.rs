//! Where what is no tag ends: comments, character references, scripts.

/// Where the element `name`, whose content is no HTML, closes.
pub(super) fn raw_end(text: &str, name: &str) -> Option<usize> {
    text.match_indices("</").map(|(at, _)| at).find(|at| {
        let tail = text.get(at + 2..at + 2 + name.len());
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(name))
    })
}

/// How many bytes a comment takes behind its opening.
pub(super) fn comment_end(text: &str) -> Option<usize> {
    text.match_indices("--").find_map(|(at, _)| {
        let behind = text.get(at + 2..)?;
        let body = behind.trim_start();
        let end = body.strip_prefix('>')?;
        Some(text.len() - end.len())
    })
}

/// How many bytes a character reference takes; 0 where it is none.
pub(super) fn reference(text: &str) -> usize {
    let body = text.get(1..).unwrap_or_default();
    let (digits, is_digit): (&str, fn(&char) -> bool) = match body.strip_prefix('#') {
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hex) => (hex, char::is_ascii_hexdigit),
            None => (number, char::is_ascii_digit),
        },
        None if body.starts_with(|c: char| c.is_ascii_alphabetic()) => (body, |c| {
            c.is_ascii_alphanumeric() || matches!(c, '-' | '.')
        }),
        None => return 0,
    };
    let length = digits.find(|c| !is_digit(&c)).unwrap_or(digits.len());
    let behind = digits.get(length..).unwrap_or_default();
    if length > 0 && behind.starts_with(';') {
        text.len() - behind.len() + 1
    } else {
        0
    }
}
