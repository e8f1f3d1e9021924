//! HTML → tags and text, without complaint about anything.

use std::borrow::Cow;

/// The longest tag that is read, in bytes.
const MAX_TAG: usize = 20_000;

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::techdocs) enum Token<'a> {
    /// Text, character references unresolved.
    Text(&'a str),
    /// A tag that opens: its name in lower case, and what stands behind the name.
    Open {
        /// The name.
        name: Cow<'a, str>,
        /// The attributes as written.
        attributes: &'a str,
    },
    /// A tag that closes.
    Close(Cow<'a, str>),
}

/// The pieces of `html`; comments and declarations are left out.
pub(in crate::techdocs) fn tokens(html: &str) -> Tokens<'_> {
    Tokens {
        rest: html,
        next: None,
    }
}

/// Goes through HTML.
pub(in crate::techdocs) struct Tokens<'a> {
    rest: &'a str,
    /// The tag behind the text that was handed out last.
    next: Option<Token<'a>>,
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            if let Some(next) = self.next.take() {
                return Some(next);
            }
            let at = memchr::memchr(b'<', self.rest.as_bytes()).unwrap_or(self.rest.len());
            let (mut text, tail) = self.rest.split_at_checked(at).unwrap_or((self.rest, ""));
            let (token, behind) = tag(tail);
            if behind.len() < tail.len() {
                self.next = token;
                self.rest = behind;
            } else {
                // A lone `<` is text, with all up to the next one.
                let next = tail.get(1..).unwrap_or_default();
                let next = memchr::memchr(b'<', next.as_bytes()).map_or(tail.len(), |at| at + 1);
                text = self.rest.get(..at + next).unwrap_or_default();
                self.rest = tail.get(next..).unwrap_or_default();
            }
            if !text.is_empty() {
                return Some(Token::Text(text));
            }
            if self.rest.is_empty() && self.next.is_none() {
                return None;
            }
        }
    }
}

/// What begins with the `<` at the start of `tail`, and what stands behind; the whole `tail` again where it is no tag.
fn tag(tail: &str) -> (Option<Token<'_>>, &str) {
    if let Some(comment) = tail.strip_prefix("<!--") {
        return (
            None,
            comment.split_once("-->").map_or("", |(_, behind)| behind),
        );
    }
    if tail.starts_with("<!") || tail.starts_with("<?") {
        return (None, tail.split_once('>').map_or("", |(_, behind)| behind));
    }
    let body = tail.get(1..).unwrap_or_default();
    let (closes, body) = body
        .strip_prefix('/')
        .map_or((false, body), |body| (true, body));
    let end = body
        .find(|c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>'))
        .unwrap_or(body.len());
    let (name, behind) = body.split_at_checked(end).unwrap_or((body, ""));
    let Some(length) =
        tag_end(behind).filter(|_| name.starts_with(|c: char| c.is_ascii_alphabetic()))
    else {
        return (None, tail);
    };
    let (attributes, behind) = behind.split_at_checked(length).unwrap_or((behind, ""));
    let name = if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    };
    let behind = behind.strip_prefix('>').unwrap_or(behind);
    let token = if closes {
        Token::Close(name)
    } else {
        Token::Open { name, attributes }
    };
    (Some(token), behind)
}

/// Where the `>` of a tag stands; those within quotation marks do not count.
fn tag_end(text: &str) -> Option<usize> {
    let text = text.as_bytes();
    let text = text.get(..MAX_TAG).unwrap_or(text);
    let mut from = 0;
    loop {
        let at = from + memchr::memchr3(b'>', b'"', b'\'', text.get(from..)?)?;
        match text.get(at) {
            Some(quote @ (b'"' | b'\'')) => {
                from = at + 2 + memchr::memchr(*quote, text.get(at + 1..)?)?;
            }
            _ => return Some(at),
        }
    }
}

/// Whether there is an attribute with this name, with a value or without.
pub(in crate::techdocs) fn has_attribute(attributes: &str, name: &str) -> bool {
    attributes.split_whitespace().any(|word| {
        let word = word.trim_end_matches('/');
        let key = word.split_once('=').map_or(word, |(key, _)| key);
        key.eq_ignore_ascii_case(name)
    })
}

/// The value of the attribute with this name.
pub(in crate::techdocs) fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    while let Some((before, value)) = rest.split_once('=') {
        let key = before.split_whitespace().next_back().unwrap_or_default();
        let value = value.trim_start();
        let (value, behind) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => {
                let inner = value.get(1..).unwrap_or_default();
                inner.split_once(quote).unwrap_or((inner, ""))
            }
            _ => value.split_once(char::is_whitespace).unwrap_or((value, "")),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        rest = behind;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_from_text() {
        let open = |name: &str, attributes| Token::Open {
            name: name.to_owned().into(),
            attributes,
        };
        let tokens = |html| tokens(html).collect::<Vec<_>>();
        assert_eq!(
            tokens("a<B x='>'>b</b><!-- c --> 1 < 2 <br/>"),
            [
                Token::Text("a"),
                open("b", " x='>'"),
                Token::Text("b"),
                Token::Close("b".into()),
                Token::Text(" 1 < 2 "),
                open("br", "/"),
            ]
        );
        assert_eq!(tokens("<!-- open"), []);
        assert_eq!(
            tokens("a<Vec<b>>"),
            [Token::Text("a"), open("vec<b", ""), Token::Text(">")]
        );
        assert_eq!(attribute(" class=x href = \"a=b\" ", "HREF"), Some("a=b"));
        assert_eq!(attribute(" href", "href"), None);
    }
}
