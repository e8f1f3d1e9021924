//! What changes in Markdown that stands in another file than it was written in: where its links lead, and how deep its
//! headings stand. Code between fences stays as it is.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::techdocs::path;

/// Addresses: of links and images, of references, of HTML; what stands before, and the address.
static ADDRESSES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?m)(\]\([ \t]*<?)([^\s)>"']+)|(^ {0,4}\[[^\]\n]+\]:[ \t]*<?)([^\s>]+)|(<(?:img|source|a)\s[^>]*?(?:src|href)=["'])([^\s"']+)"#,
    )
    .ok()
});

/// `text`, a file of the folder `source`, with the links that it has to have in the folder `target`.
pub(super) fn links(text: &str, source: &str, target: &str) -> String {
    if source == target {
        return text.to_owned();
    }
    let Some(addresses) = &*ADDRESSES else {
        return text.to_owned();
    };
    by_prose(text, |prose| {
        let moved = addresses.replace_all(prose, |found: &Captures<'_>| {
            let pair = [(1, 2), (3, 4), (5, 6)];
            let pair = pair.into_iter().find_map(|(before, address)| {
                Some((found.get(before)?.as_str(), found.get(address)?.as_str()))
            });
            let (before, address) = pair.unwrap_or_default();
            format!("{before}{}", moved(address, source, target))
        });
        moved.into_owned()
    })
}

/// An address seen from the folder `target` in place of the folder `source`.
fn moved(address: &str, source: &str, target: &str) -> String {
    if path::is_url(address) || address.starts_with(['/', '#']) || address.contains(':') {
        return address.to_owned();
    }
    let end = address.find(['#', '?']).unwrap_or(address.len());
    let (file, behind) = address.split_at_checked(end).unwrap_or((address, ""));
    match path::normal(source, file) {
        Some(file_known) => {
            let slash = if file.ends_with('/') { "/" } else { "" };
            let way = path::relative(target, &file_known);
            format!("{way}{slash}{behind}")
        }
        None => address.to_owned(),
    }
}

/// `text` with its headings so many levels lower, or higher where that is negative.
pub(super) fn headings(text: &str, offset: i64) -> String {
    let by = usize::try_from(offset.unsigned_abs().min(6)).unwrap_or(6);
    by_prose(text, |prose| {
        let mut out = String::with_capacity(prose.len() + 16);
        for line in prose.split_inclusive('\n') {
            let words = line.trim_start_matches('#');
            let level = line.len() - words.len();
            let level = match level {
                0 => 0,
                level if offset > 0 => level + by,
                level => level.saturating_sub(by).max(1),
            };
            out.extend(std::iter::repeat_n('#', level));
            out.push_str(words);
        }
        out
    })
}

/// `text` with what lies outside of fences changed.
fn by_prose(text: &str, change: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut prose = String::new();
    let mut fence: Option<&str> = None;
    for line in text.split_inclusive('\n') {
        let body = line.trim_start();
        let mark = body.get(..3).filter(|mark| matches!(*mark, "```" | "~~~"));
        match (fence, mark) {
            (None, None) => {
                prose.push_str(line);
                continue;
            }
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (Some(_), _) => {}
        }
        if !prose.is_empty() {
            out.push_str(&change(&std::mem::take(&mut prose)));
        }
        out.push_str(line);
    }
    out.push_str(&change(&prose));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_where_they_led() {
        assert_eq!(
            links(
                "[a](b.md#c) <img alt='x' src=\"../i.png\">\n[r]: d/\n```\n[a](b.md)\n```\n[u](https://a.b) [h](#x)",
                "a/b",
                "c"
            ),
            "[a](../a/b/b.md#c) <img alt='x' src=\"../a/i.png\">\n[r]: ../a/b/d/\n```\n[a](b.md)\n```\n[u](https://a.b) [h](#x)"
        );
        assert_eq!(
            headings("# a\n```\n# b\n```\n### c", -1),
            "# a\n```\n# b\n```\n## c"
        );
        assert_eq!(headings("# a #\nb", 2), "### a #\nb");
    }
}
