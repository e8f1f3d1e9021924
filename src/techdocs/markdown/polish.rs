//! The inline syntax of pymdownx within words: emoji, keys, marks, inserted and critic text, bare addresses, and
//! attribute lists, which are dropped.

use super::inline::push;
use super::{keys, syntax};
use crate::techdocs::document::{Face, Link, Span, SpanStyle};

/// Adds `text` to `spans`. `after_element`: whether something has just ended that an attribute list may belong to.
pub(super) fn polish(
    text: &str,
    style: SpanStyle,
    link: Option<u32>,
    after_element: bool,
    spans: &mut Vec<Span>,
    links: &mut Vec<Link>,
) {
    let mut polisher = Polisher {
        style,
        link,
        spans,
        links,
    };
    let mut rest = text;
    if after_element && let Some((_, behind)) = attributes(rest) {
        rest = behind;
    }
    let is_trigger = |c: char| matches!(c, ':' | '+' | '=' | '^' | '{');
    let mut from = 0;
    while let Some(at) = rest
        .get(from..)
        .and_then(|tail| tail.find(is_trigger))
        .map(|at| at + from)
    {
        let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        if let Some(behind) = polisher.special(before, tail) {
            rest = behind;
            from = 0;
        } else {
            from = at + 1;
        }
    }
    polisher.plain(rest);
}

struct Polisher<'s> {
    style: SpanStyle,
    link: Option<u32>,
    spans: &'s mut Vec<Span>,
    links: &'s mut Vec<Link>,
}

impl Polisher<'_> {
    fn plain(&mut self, text: &str) {
        push(self.spans, text, self.style, self.link);
    }

    /// What begins at `tail`, if it is special: adds `before` and it, and gives what stands behind.
    fn special<'t>(&mut self, before: &str, tail: &'t str) -> Option<&'t str> {
        match tail.as_bytes().first()? {
            b':' if tail.starts_with("://") => self.address(before, tail),
            b':' => self.emoji(before, tail),
            b'+' => self.keys(before, tail),
            b'=' => {
                let (words, behind) = enclosed(tail, "==", "==")?;
                self.styled(before, words, |style| style.face = Face::Mark);
                Some(behind)
            }
            b'^' => {
                let (words, behind) = enclosed(tail, "^^", "^^")?;
                self.styled(before, words, |style| style.underline = true);
                Some(behind)
            }
            _ => self.braces(before, tail),
        }
    }

    fn styled(&mut self, before: &str, words: &str, set: impl FnOnce(&mut SpanStyle)) {
        self.plain(before);
        let mut style = self.style;
        set(&mut style);
        push(self.spans, words, style, self.link);
    }

    /// `{++inserted++}`, `{--deleted--}`, `{==marked==}`, `{>>remark<<}`.
    fn braces<'t>(&mut self, before: &str, tail: &'t str) -> Option<&'t str> {
        if let Some((words, behind)) = enclosed(tail, "{++", "++}") {
            self.styled(before, words, |style| style.underline = true);
            return Some(behind);
        }
        if let Some((words, behind)) = enclosed(tail, "{--", "--}") {
            self.styled(before, words, |style| style.strike = true);
            return Some(behind);
        }
        if let Some((words, behind)) = enclosed(tail, "{==", "==}") {
            self.styled(before, words, |style| style.face = Face::Mark);
            return Some(behind);
        }
        if let Some((_, behind)) = enclosed(tail, "{>>", "<<}") {
            self.plain(before);
            return Some(behind);
        }
        None
    }

    /// `:smile:`; icons of Material have no text and are dropped.
    fn emoji<'t>(&mut self, before: &str, tail: &'t str) -> Option<&'t str> {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '+');
        let (name, behind) = tail.strip_prefix(':')?.split_once(':')?;
        if name.is_empty() || name.len() > 80 || !name.chars().all(is_name) {
            return None;
        }
        if let Some(emoji) = keys::emoji(name) {
            self.plain(before);
            self.plain(emoji);
            return Some(behind);
        }
        let is_icon = ["material-", "octicons-", "fontawesome-", "simple-"]
            .iter()
            .any(|set| name.starts_with(set));
        is_icon.then(|| {
            self.plain(before);
            behind.strip_prefix(' ').unwrap_or(behind)
        })
    }

    /// `++ctrl+alt+delete++`.
    fn keys<'t>(&mut self, before: &str, tail: &'t str) -> Option<&'t str> {
        let (names, behind) = enclosed(tail, "++", "++")?;
        let is_key = |key: &str| {
            let key = key.trim_matches('"');
            !key.is_empty()
                && key
                    .chars()
                    .all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.'))
        };
        if !names.split('+').all(is_key) {
            return None;
        }
        self.plain(before);
        for (at, name) in names.split('+').enumerate() {
            if at > 0 {
                self.plain("+");
            }
            let style = SpanStyle {
                face: Face::Key,
                ..self.style
            };
            push(
                self.spans,
                &keys::key(name.trim_matches('"')),
                style,
                self.link,
            );
        }
        Some(behind)
    }

    /// `https://…` without brackets.
    fn address<'t>(&mut self, before: &str, tail: &'t str) -> Option<&'t str> {
        let scheme = ["https", "http"]
            .into_iter()
            .find(|scheme| before.ends_with(scheme))?;
        let head = before.strip_suffix(scheme)?;
        if self.link.is_some() || head.ends_with(|c: char| c.is_alphanumeric()) {
            return None;
        }
        let stop = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|');
        let mut end = tail.find(stop).unwrap_or(tail.len());
        let mut host = tail.get(..end)?;
        while let Some(last) = host.chars().next_back() {
            let unpaired = last == ')' && host.matches(')').count() > host.matches('(').count();
            if !unpaired
                && !matches!(
                    last,
                    '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | ']'
                )
            {
                break;
            }
            end -= last.len_utf8();
            host = tail.get(..end)?;
        }
        if host.len() <= 3 {
            return None;
        }
        self.plain(head);
        let id = u32::try_from(self.links.len()).ok()?;
        let url = format!("{scheme}{host}");
        push(self.spans, &url, self.style, Some(id));
        self.links.push(Link {
            text: url.clone(),
            href: url,
            line: 0,
        });
        tail.get(end..)
    }
}

/// What stands between `open` and `close` at the start of `text`, and what stands behind; not empty, and not parted
/// from its marks by a space.
fn enclosed<'t>(text: &'t str, open: &str, close: &str) -> Option<(&'t str, &'t str)> {
    let rest = text.strip_prefix(open)?;
    let (inner, behind) = rest.split_once(close)?;
    let is_tight =
        !inner.is_empty() && !inner.starts_with([' ', '=', '^', '+']) && !inner.ends_with(' ');
    (is_tight && inner.len() < 2_000).then_some((inner, behind))
}

/// The attribute list at the start of `text`, and what stands behind.
fn attributes(text: &str) -> Option<(&str, &str)> {
    let end = text.find('}')? + 1;
    let (list, behind) = text.split_at_checked(end)?;
    syntax::is_attributes(list).then_some((list, behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn polished(text: &str) -> String {
        let (mut spans, mut links) = (Vec::new(), Vec::new());
        polish(
            text,
            SpanStyle::default(),
            None,
            true,
            &mut spans,
            &mut links,
        );
        let part = |span: &Span| match (span.style.face, span.link) {
            (Face::Key, _) => format!("[{}]", span.text),
            (Face::Mark, _) => format!("={}=", span.text),
            (_, Some(_)) => format!("<{}>", span.text),
            _ if span.style.underline => format!("_{}_", span.text),
            _ if span.style.strike => format!("-{}-", span.text),
            _ => span.text.clone(),
        };
        spans.iter().map(part).collect()
    }

    #[test]
    fn words_have_marks_of_their_own() {
        assert_eq!(
            polished("{ .md-button } press ++ctrl+c++ now"),
            " press [Ctrl]+[C] now"
        );
        assert_eq!(
            polished("a ==b c== ^^d^^ {--e--} {>>f<<}"),
            "a =b c= _d_ -e- "
        );
        assert_eq!(
            polished(":rocket: :material-account: x :no_such:"),
            "🚀 x :no_such:"
        );
        assert_eq!(
            polished("see https://acme.dev/a_(b), or (http://x.y)."),
            "see <https://acme.dev/a_(b)>, or (<http://x.y>)."
        );
    }

    #[test]
    fn what_only_looks_special_stays() {
        for text in [
            "a == b",
            "C++ and D++",
            "{{ jinja }}",
            "12:30:45",
            "a: b: c",
            "x://",
            "^^",
            "{++}",
            "++++",
            "::",
        ] {
            assert_eq!(polished(text), text);
        }
    }
}
