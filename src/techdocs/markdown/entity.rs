//! HTML's character references, for text that does not pass through the Markdown parser.

use std::borrow::Cow;

use pulldown_cmark::{Event, Parser};

use crate::catalog::text::clean;

/// `text` with `&amp;`, `&#8594;` and the like resolved; unknown names stay.
pub(in crate::techdocs) fn decoded(text: &str) -> Cow<'_, str> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return clean(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, tail)) = rest.split_once('&') {
        out.push_str(before);
        let name = tail
            .split_once(';')
            .map(|(name, _)| name)
            .filter(|name| name.len() <= 32);
        if let Some((name, character)) = name.and_then(|name| Some((name, character(name)?))) {
            out.push(character);
            rest = tail.get(name.len() + 1..).unwrap_or_default();
        } else {
            out.push('&');
            rest = tail;
        }
    }
    out.push_str(rest);
    Cow::Owned(clean(&out).into_owned())
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some('\u{a0}'),
        // The names of HTML are a table of pulldown-cmark's.
        _ => match Parser::new(&format!("&{name};")).nth(1) {
            Some(Event::Text(text)) if !text.starts_with('&') => text.chars().next(),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved_and_cannot_smuggle_controls() {
        assert_eq!(
            decoded("a &lt;b&gt; &amp;&nbsp;&#x2192; &no; & &#27;[31m"),
            "a <b> &\u{a0}→ &no; & [31m"
        );
    }
}
