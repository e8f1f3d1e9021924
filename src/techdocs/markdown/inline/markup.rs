//! HTML within text, character references, addresses in angle brackets, references to footnotes.

use super::{Found, Inline, Node, Spot};
use crate::techdocs::markdown::dom::Text;

impl Inline<'_> {
    /// `<https://acme.dev>`.
    pub(super) fn auto_link(&mut self, spot: &Spot<'_>) -> Option<Found> {
        let inner = angled(spot.rest())?;
        let (scheme, _) = inner.split_once("://")?;
        let known = ["http", "https", "ftp", "ftps"];
        if inner.contains('<') || !known.iter().any(|name| name.eq_ignore_ascii_case(scheme)) {
            return None;
        }
        let address = self.unescaped(inner);
        let id = self.tree.create("a", 0);
        let element = self.tree.edit(id);
        element.set("href", address);
        element.text = Text::atomic(inner);
        Some(Found::Node(
            spot.at,
            spot.at + inner.len() + 2,
            Node::Element(id),
        ))
    }

    /// `<jane@acme.dev>`.
    pub(super) fn auto_mail(&mut self, spot: &Spot<'_>) -> Option<Found> {
        let inner = angled(spot.rest())?;
        let (name, host) = inner.split_once('@')?;
        let is_odd = |c: char| matches!(c, '<' | ' ' | '!');
        if name.is_empty()
            || name.contains(is_odd)
            || host.is_empty()
            || host.contains(['@', '<', ' '])
        {
            return None;
        }
        let address = self.unescaped(inner);
        let address = address
            .strip_prefix("mailto:")
            .unwrap_or(&address)
            .to_owned();
        let id = self.tree.create("a", 0);
        let element = self.tree.edit(id);
        element.set("href", format!("mailto:{address}"));
        element.text = Text::atomic(address);
        Some(Found::Node(
            spot.at,
            spot.at + inner.len() + 2,
            Node::Element(id),
        ))
    }

    /// A tag or a comment.
    pub(super) fn html(&mut self, spot: &Spot<'_>) -> Option<Found> {
        let rest = spot.rest();
        let length = match tag(rest) {
            Some(length) => length,
            None if rest.starts_with("<!") || rest.starts_with("<?") => {
                self.burn(rest.len() / 8);
                enclosed(rest, "<!--", "-->")
                    .or_else(|| enclosed(rest, "<?", "?>"))
                    .or_else(|| enclosed(rest, "<![CDATA[", "]]>"))?
            }
            None => return None,
        };
        let text = self.unescaped(rest.get(..length)?);
        let text = super::super::write::unescaped(&text).into_owned();
        let placeholder = self.stash.html(text);
        Some(Found::Node(
            spot.at,
            spot.at + length,
            Node::Text(placeholder),
        ))
    }

    /// `&amp;`.
    pub(super) fn entity(&mut self, spot: &Spot<'_>) -> Option<Found> {
        // No name is as long as this.
        let end = spot.rest().bytes().take(40).position(|byte| byte == b';')?;
        let name = spot.rest().get(1..end)?;
        let is_entity = match name.strip_prefix('#') {
            Some(number) => match number.strip_prefix('x') {
                Some(hex) => !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
                None => !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()),
            },
            None => !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric()),
        };
        if !is_entity {
            return None;
        }
        let placeholder = self.stash.html(format!("&{name};"));
        let end = spot.at + name.len() + 2;
        Some(Found::Node(spot.at, end, Node::Text(placeholder)))
    }

    /// `[^label]`.
    pub(super) fn footnote(&mut self, spot: &Spot<'_>) -> Option<Found> {
        let (label, _) = spot.rest().strip_prefix("[^")?.split_once(']')?;
        let number = *self.definitions.labels.get(label)?;
        let times = self.noted.get_mut(number)?;
        *times += 1;
        let count = if *times > 1 {
            times.to_string()
        } else {
            String::new()
        };
        let sup = self.tree.create("sup", 0);
        self.tree
            .edit(sup)
            .set("id", format!("fnref{count}:{label}"));
        let link = self.tree.append(sup, "a", 0);
        let element = self.tree.edit(link);
        element.set("class", "footnote-ref");
        element.set("href", format!("#fn:{label}"));
        element.text = Text::open((number + 1).to_string());
        let end = spot.at + label.len() + 3;
        Some(Found::Node(spot.at, end, Node::Element(sup)))
    }
}

/// What stands in angle brackets, where nothing opens within them.
fn angled(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('<')?;
    let end = memchr::memchr2(b'<', b'>', inner.as_bytes())?;
    (inner.as_bytes().get(end) == Some(&b'>')).then(|| inner.get(..end))?
}

/// How many bytes the tag at the start of `text` takes.
fn tag(text: &str) -> Option<usize> {
    let body = text.strip_prefix('<')?;
    let name = body.strip_prefix('/').unwrap_or(body);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = memchr::memchr2(b'<', b'>', body.as_bytes())?;
    let inner = body.get(..end)?;
    let name = inner.split(' ').next()?;
    (body.as_bytes().get(end) == Some(&b'>') && !name.contains('@')).then_some(end + 2)
}

/// How many bytes are taken by what opens and closes so, and does not open again within itself.
fn enclosed(text: &str, open: &str, close: &str) -> Option<usize> {
    let inner = text.strip_prefix(open)?;
    let end = inner.find(close)?;
    let reopened = inner.get(..end)?.contains(open);
    (!reopened).then_some(open.len() + end + close.len())
}
