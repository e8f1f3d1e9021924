//! A tag as Python's `HTMLParser` reads it, with Python-Markdown's changes.

/// What begins with `<` and a letter.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Tag<'t> {
    /// No tag: the `<` is text.
    None,
    /// No tag either, but so many bytes are text.
    Junk(usize),
    /// A tag.
    Open(Open<'t>),
}

/// A tag that opens.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Open<'t> {
    /// Its name, in lower case.
    pub(super) name: String,
    /// Its attributes, values as they are written.
    pub(super) attributes: Vec<(&'t str, Option<&'t str>)>,
    /// How many bytes it takes.
    pub(super) length: usize,
    /// Whether it ends with `/>`.
    pub(super) closed: bool,
}

/// The longest tag that is read, in bytes.
const MAX_TAG: usize = 16 << 10;

/// The tag that `text` begins with.
pub(super) fn open(text: &str) -> Tag<'_> {
    let bytes = text.as_bytes();
    let bytes = bytes.get(..MAX_TAG).unwrap_or(bytes);
    let at = |at: usize| bytes.get(at).copied();
    let is_space = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_whitespace());
    let ends_name = |byte: u8| matches!(byte, b'`' | b'/' | b'>') || byte.is_ascii_whitespace();
    let mut end = 1;
    while at(end).is_some_and(|byte| !ends_name(byte)) {
        end += 1;
    }
    let name = text.get(1..end).unwrap_or_default().to_ascii_lowercase();
    let mut attributes = Vec::new();
    let mut slash = false;
    loop {
        while is_space(at(end)) || at(end) == Some(b'/') {
            slash = at(end) == Some(b'/');
            end += 1;
        }
        let Some(first) = at(end) else {
            return Tag::None;
        };
        let before = end.checked_sub(1).and_then(at);
        let may_begin = is_space(before) || matches!(before, Some(b'"' | b'\'' | b'/'));
        if first == b'>' || first == b'`' || !may_begin {
            break;
        }
        slash = false;
        let from = end;
        end += 1;
        while at(end)
            .is_some_and(|byte| !matches!(byte, b'/' | b'=' | b'>') && !byte.is_ascii_whitespace())
        {
            end += 1;
        }
        let key = text.get(from..end).unwrap_or_default();
        let value = value(bytes, end);
        let Some((from, to, behind)) = value else {
            attributes.push((key, None));
            if at(end) == Some(b'=') {
                break;
            }
            continue;
        };
        attributes.push((key, text.get(from..to)));
        end = behind;
    }
    match at(end) {
        Some(b'>') => Tag::Open(Open {
            name,
            attributes,
            length: end + 1,
            closed: slash && end.checked_sub(1).and_then(at) == Some(b'/'),
        }),
        None => Tag::None,
        Some(byte) if byte.is_ascii_alphabetic() || byte == b'=' => Tag::None,
        Some(_) => Tag::Junk(end.max(1)),
    }
}

/// The value behind an attribute's name that ends at `from`: where it begins and ends, and where it goes on.
fn value(bytes: &[u8], from: usize) -> Option<(usize, usize, usize)> {
    let at = |at: usize| bytes.get(at).copied();
    let spaces = |mut from: usize| {
        while at(from).is_some_and(|byte| byte.is_ascii_whitespace()) {
            from += 1;
        }
        from
    };
    let mut from = spaces(from);
    if at(from) != Some(b'=') {
        return None;
    }
    while at(from) == Some(b'=') {
        from += 1;
    }
    let from = spaces(from);
    if let Some(quote @ (b'"' | b'\'')) = at(from) {
        let length = memchr::memchr(quote, bytes.get(from + 1..)?)?;
        return Some((from + 1, from + 1 + length, from + 2 + length));
    }
    let mut to = from;
    while at(to).is_some_and(|byte| !matches!(byte, b'`' | b'>') && !byte.is_ascii_whitespace()) {
        to += 1;
    }
    Some((from, to, to))
}

/// The name and the length of the tag that closes at the start of `text`; a name without end takes all.
pub(super) fn close(text: &str) -> Option<(String, usize)> {
    let bytes = text.as_bytes();
    let bytes = bytes.get(..MAX_TAG).unwrap_or(bytes);
    let end = memchr::memchr(b'>', bytes)? + 1;
    let body = text.get(2..end - 1)?;
    let length = body
        .find(|c: char| c.is_ascii_whitespace() || c == '/')
        .unwrap_or(body.len());
    Some((body.get(..length)?.to_ascii_lowercase(), end))
}

/// Whether a tag is a block that holds text and no other blocks, where nothing else is said.
pub(in crate::techdocs::markdown) fn holds_text(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "dd"
            | "dt"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "legend"
            | "li"
            | "p"
            | "summary"
            | "td"
            | "th"
    )
}

/// Whether a tag is one that Python-Markdown takes for a block.
pub(in crate::techdocs::markdown) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "canvas"
            | "center"
            | "colgroup"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "group"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "html"
            | "iframe"
            | "legend"
            | "li"
            | "main"
            | "map"
            | "math"
            | "menu"
            | "nav"
            | "noscript"
            | "object"
            | "ol"
            | "option"
            | "output"
            | "p"
            | "pre"
            | "progress"
            | "script"
            | "section"
            | "style"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "textarea"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "video"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_from_text() {
        let of = |text| match open(text) {
            Tag::Open(tag) => format!(
                "{} {:?} {} {}",
                tag.name, tag.attributes, tag.length, tag.closed
            ),
            other => format!("{other:?}"),
        };
        assert_eq!(of("<Br/>x"), "br [] 5 true");
        assert_eq!(
            of("<a href='x>y' b>"),
            "a [(\"href\", Some(\"x>y\")), (\"b\", None)] 16 false"
        );
        assert_eq!(of("<a b=c/d>"), "a [(\"b\", Some(\"c/d\"))] 9 false");
        assert_eq!(of("<a b"), "None");
        assert_eq!(of("<a `b`>"), "Junk(3)");
        assert_eq!(close("</Div >x"), Some(("div".to_owned(), 7)));
        assert!(is_block("hr") && is_block("address") && is_block("video") && !is_block("span"));
    }
}
