//! HTML → tags and text, without complaint about anything.

/// A piece of HTML.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::techdocs) enum Token<'a> {
    /// Text, character references unresolved.
    Text(&'a str),
    /// A tag that opens: its name in lower case, and what stands behind the name.
    Open {
        /// The name.
        name: String,
        /// The attributes as written.
        attributes: &'a str,
    },
    /// A tag that closes.
    Close(String),
}

/// The pieces of `html`; comments and declarations are left out.
pub(in crate::techdocs) fn tokens(html: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        let (token, behind) = tag(tail);
        if behind.len() < tail.len() {
            push_text(&mut tokens, text);
            tokens.extend(token);
            rest = behind;
        } else {
            // A lone `<` is text, with all up to the next one.
            let next = tail
                .get(1..)
                .and_then(|tail| tail.find('<'))
                .map_or(tail.len(), |next| next + 1);
            push_text(&mut tokens, rest.get(..at + next).unwrap_or_default());
            rest = tail.get(next..).unwrap_or_default();
        }
    }
    push_text(&mut tokens, rest);
    tokens
}

fn push_text<'a>(tokens: &mut Vec<Token<'a>>, text: &'a str) {
    if !text.is_empty() {
        tokens.push(Token::Text(text));
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
    let name = name.to_ascii_lowercase();
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
    let mut quote = None;
    for (at, c) in text.char_indices().take(20_000) {
        match quote {
            Some(mark) if mark == c => quote = None,
            None if c == '>' => return Some(at),
            None if matches!(c, '"' | '\'') => quote = Some(c),
            Some(_) | None => {}
        }
    }
    None
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
            name: name.to_owned(),
            attributes,
        };
        assert_eq!(
            tokens("a<B x='>'>b</b><!-- c --> 1 < 2 <br/>"),
            [
                Token::Text("a"),
                open("b", " x='>'"),
                Token::Text("b"),
                Token::Close("b".to_owned()),
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
