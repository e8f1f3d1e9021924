//! Bare addresses: pymdownx' `magiclink`.

use super::sequence::is_word;
use super::{Found, Inline, Node, Spot};
use crate::techdocs::markdown::dom::Text;

impl Inline<'_> {
    /// `https://acme.dev/x`, `www.acme.dev`. The trigger is the colon, or the first dot of `www.`.
    pub(super) fn address(&mut self, spot: &Spot<'_>) -> Option<Found> {
        let head = spot.text.get(spot.from..spot.at)?;
        let rest = spot.rest();
        let (start, from, www) = if let Some(tail) = rest.strip_prefix("://") {
            let scheme = ["https", "http", "ftps", "ftp"]
                .into_iter()
                .find(|scheme| {
                    let at = head.len().checked_sub(scheme.len());
                    at.and_then(|at| head.get(at..))
                        .is_some_and(|end| end.eq_ignore_ascii_case(scheme))
                })?;
            (spot.at - scheme.len(), spot.text.len() - tail.len(), false)
        } else {
            let at = head.len().checked_sub(3)?;
            head.get(at..)?.eq_ignore_ascii_case("www").then_some(())?;
            (spot.at - 3, spot.at + 1, true)
        };
        // A letter before it makes it a part of a word.
        if spot.before(start).is_some_and(|c| is_word(c) && c != '_') {
            return None;
        }
        let tail = spot.text.get(from..)?;
        let first = tail.chars().next().filter(|c| c.is_alphanumeric())?;
        let is_part = |c: char| is_word(c) || "-.?,!'(){}[]/+&@%$#=:\"|~;".contains(c);
        let length = tail.find(|c| !is_part(c)).unwrap_or(tail.len());
        let run = tail.get(first.len_utf8()..length)?;
        let is_end = |c: char| c.is_alphanumeric() || "-/#@$+=".contains(c);
        let (last, c) = run.char_indices().rev().find(|(_, c)| is_end(*c))?;
        let end = from + first.len_utf8() + last + c.len_utf8();
        let text = spot.text.get(start..end)?;
        let id = self.tree.create("a", 0);
        let element = self.tree.edit(id);
        element.set(
            "href",
            if www {
                format!("http://{text}")
            } else {
                text.to_owned()
            },
        );
        element.text = Text::atomic(text);
        Some(Found::Node(start, end, Node::Element(id)))
    }

    /// `jane@acme.dev`.
    pub(super) fn mail(&mut self, spot: &Spot<'_>) -> Option<Found> {
        let is_local = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '.');
        let head = spot.text.get(spot.from..spot.at)?;
        let local = head.len() - head.trim_end_matches(is_local).len();
        let mut start = spot.at - local;
        let text = spot.text.get(start..spot.at)?;
        if text.ends_with('.') {
            return None;
        }
        if let Some(dots) = text.rfind("..") {
            start += dots + 2;
        }
        loop {
            let text = spot
                .text
                .get(start..spot.at)
                .filter(|text| !text.is_empty())?;
            let is_inside = spot.before(start).is_some_and(|c| {
                c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '+' | '@' | '_')
            });
            if !text.starts_with('.') && !is_inside {
                break;
            }
            start += text.find('.')? + 1;
        }
        let tail = spot.rest().get(1..)?;
        let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let length = tail.find(|c| !is_host(c)).unwrap_or(tail.len());
        let host = tail.get(..length)?;
        let host = host
            .find("..")
            .map_or(host, |dots| host.get(..dots).unwrap_or_default());
        let first = host.find('.').filter(|dot| *dot > 0)?;
        let mut end = host.len();
        loop {
            let c = host.get(..end)?.chars().next_back()?;
            if end <= first + 1 {
                return None;
            }
            let next = tail.get(end..)?.chars().next();
            let goes_on = next.is_some_and(|c| is_word(c) || matches!(c, '-' | '@'));
            if c.is_ascii_alphabetic() && !goes_on {
                break;
            }
            end -= 1;
        }
        let end = spot.at + 1 + end;
        let address = spot.text.get(start..end)?;
        let id = self.tree.create("a", 0);
        let element = self.tree.edit(id);
        element.set("href", format!("mailto:{address}"));
        element.text = Text::atomic(address);
        Some(Found::Node(start, end, Node::Element(id)))
    }
}
