//! Links and images: `[text](address "title")`, `[text][label]`, `[label]`, each with `!` before it.

use super::{Found, Inline, Node, Spot};
use crate::techdocs::markdown::dom::{Id, Text};

/// The brackets of a text.
#[derive(Debug, Default)]
pub(super) struct Brackets {
    /// Where each `[` that closes stands, in order, and where its `]`.
    pairs: Vec<(usize, usize)>,
    /// Where the last `)` stands.
    last_parenthesis: usize,
}

impl Brackets {
    /// Those of `text`.
    pub(super) fn of(text: &str) -> Self {
        let mut open = Vec::new();
        let mut pairs = Vec::new();
        for at in memchr::memchr2_iter(b'[', b']', text.as_bytes()) {
            if text.as_bytes().get(at) == Some(&b'[') {
                open.push(at);
            } else {
                pairs.extend(open.pop().map(|start| (start, at)));
            }
        }
        pairs.sort_unstable();
        Self {
            pairs,
            last_parenthesis: memchr::memrchr(b')', text.as_bytes()).unwrap_or(0),
        }
    }

    /// Where the bracket that opens at byte `at` closes.
    fn close_of(&self, at: usize) -> Option<usize> {
        let found = self.pairs.binary_search_by_key(&at, |pair| pair.0).ok()?;
        self.pairs.get(found).map(|pair| pair.1)
    }
}

/// What stands in the parentheses of a link.
struct Target<'t> {
    address: &'t str,
    title: Option<&'t str>,
    end: usize,
}

impl Inline<'_> {
    /// `[text](address)`.
    pub(super) fn link(&mut self, spot: &Spot<'_>, image: bool) -> Option<Found> {
        let (text, at) = self.label(spot, image)?;
        let target = self.target(spot.text, at)?;
        let address = self.unescaped(target.address).trim().to_owned();
        let title = target.title.map(|title| self.unescaped(title.trim()));
        let title = title.map(|title| unquoted(&title).replace(char::is_whitespace, " "));
        let id = self.element(image, text, &address, title.as_deref());
        Some(Found::Node(spot.at, target.end, Node::Element(id)))
    }

    /// `[text][label]`, or where `short` `[label]`.
    pub(super) fn reference(&mut self, spot: &Spot<'_>, image: bool, short: bool) -> Option<Found> {
        let (text, at) = self.label(spot, image)?;
        let (label, end) = if short {
            (text, at)
        } else {
            let tail = spot.text.get(at..)?;
            let body = tail.strip_prefix(char::is_whitespace).unwrap_or(tail);
            let (label, behind) = body.strip_prefix('[')?.split_once(']')?;
            let end = spot.text.len() - behind.len();
            (if label.is_empty() { text } else { label }, end)
        };
        let key = folded(&label.to_lowercase());
        let Some((address, title)) = self.definitions.references.get(&key).cloned() else {
            return Some(Found::Skip(end));
        };
        let title = Some(title.as_str()).filter(|title| !title.is_empty());
        let id = self.element(image, text, &address, title);
        Some(Found::Node(spot.at, end, Node::Element(id)))
    }

    fn element(&mut self, image: bool, text: &str, address: &str, title: Option<&str>) -> Id {
        let id = self.tree.create(if image { "img" } else { "a" }, 0);
        let alt = self.unescaped(text);
        let element = self.tree.edit(id);
        if image {
            element.set("src", address);
            element.set("alt", alt);
        } else {
            element.set("href", address);
            element.text = Text::open(text);
        }
        if let Some(title) = title {
            element.set("title", title);
        }
        id
    }

    /// The text in the brackets at `spot`, and where it goes on behind them.
    fn label<'t>(&self, spot: &Spot<'t>, image: bool) -> Option<(&'t str, usize)> {
        let from = if image {
            spot.rest().strip_prefix("![")?;
            spot.at + 2
        } else {
            if spot.before(spot.at) == Some('!') {
                return None;
            }
            spot.at + 1
        };
        let close = self.brackets.close_of(from - 1)?;
        Some((spot.text.get(from..close)?, close + 1))
    }

    /// `LinkInlineProcessor.getLink`: the parentheses at byte `at`.
    fn target<'t>(&mut self, text: &'t str, at: usize) -> Option<Target<'t>> {
        let body = text.get(at..)?.strip_prefix('(')?;
        if self.brackets.last_parenthesis < at {
            return None;
        }
        let trimmed = body.trim_start();
        if let Some(target) = angled(text, trimmed) {
            return Some(target);
        }
        // As the regular expression leaves it: the address begins behind the white space.
        let start = text.len() - trimmed.len();
        let mut depth = 1_i32;
        let mut fallback = 1_i32;
        let mut fallback_end = None;
        let mut quote: Option<char> = None;
        let mut other: Option<char> = None;
        let (mut open, mut close, mut other_open, mut other_close) = (0, None, 0, None);
        let mut in_title = false;
        let mut last = None;
        for (offset, c) in trimmed.char_indices() {
            let end = start + offset + c.len_utf8();
            let ends = |close: Option<usize>, quote: Option<char>| close.is_some() && quote == last;
            match c {
                '(' if !in_title => depth += 1,
                '(' if fallback > 0 => fallback -= 1,
                ')' if ends(close, quote) || ends(other_close, other) => depth = 0,
                ')' if !in_title => depth -= 1,
                ')' if fallback > 0 => {
                    fallback -= 1;
                    if fallback == 0 {
                        fallback_end = Some(end);
                    }
                }
                '\'' | '"' => match quote {
                    None => {
                        in_title = true;
                        fallback = depth;
                        depth = 1;
                        open = end;
                        quote = Some(c);
                    }
                    Some(first) if c != first && other.is_none() => {
                        other_open = end;
                        other = Some(c);
                    }
                    Some(first) if c == first => close = Some(end),
                    Some(_) => other_close = Some(end),
                },
                _ => {}
            }
            if depth == 0 {
                let titled = |open: usize, close: usize| Target {
                    address: text.get(start..open.saturating_sub(1)).unwrap_or_default(),
                    title: text.get(open..close.saturating_sub(1)),
                    end,
                };
                self.burn(offset / 8);
                return Some(match (close, other_close) {
                    (Some(close), _) if quote == last => titled(open, close),
                    (_, Some(close)) if other == last => titled(other_open, close),
                    _ => Target {
                        address: text.get(start..end - 1)?,
                        title: None,
                        end,
                    },
                });
            }
            if c != ' ' {
                last = Some(c);
            }
        }
        self.burn(trimmed.len() / 8);
        let end = fallback_end.filter(|_| fallback == 0)?;
        Some(Target {
            address: text.get(start..end - 1)?,
            title: None,
            end,
        })
    }
}

/// `<address> "title")`.
fn angled<'t>(text: &'t str, body: &'t str) -> Option<Target<'t>> {
    let (address, behind) = body.strip_prefix('<')?.split_once('>')?;
    if address.contains('<') {
        return None;
    }
    let behind = behind.trim_start();
    let (title, behind) = match behind.chars().next()? {
        quote @ ('\'' | '"') => {
            let (title, behind) = behind.get(1..)?.split_once(quote)?;
            (Some(title), behind.trim_start())
        }
        _ => (None, behind),
    };
    let behind = behind.strip_prefix(')')?;
    Some(Target {
        address,
        title,
        end: text.len() - behind.len(),
    })
}

/// Runs of white space as one space.
fn folded(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    let mut gap = false;
    for c in label.chars() {
        if c.is_whitespace() {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        out.push(c);
    }
    if gap {
        out.push(' ');
    }
    out
}

/// A title without quotation marks around it.
fn unquoted(title: &str) -> &str {
    let inner = |quote: char| title.strip_prefix(quote)?.strip_suffix(quote);
    inner('"').or_else(|| inner('\'')).unwrap_or(title)
}
