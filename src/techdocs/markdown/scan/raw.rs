//! HTML among the lines: comments, and blocks from a tag to the one that closes it.

use super::{Part, SourceLine};

/// How many lines a block of HTML may have before it counts as unclosed.
const MAX_LINES: usize = 5_000;

/// The tags that begin a block, as Python-Markdown has them.
const BLOCK_TAGS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "div",
    "dl",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "iframe",
    "main",
    "math",
    "menu",
    "nav",
    "noscript",
    "object",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "style",
    "summary",
    "svg",
    "table",
    "ul",
    "video",
];

/// The line after the comment that begins at `at`, if nothing else stands on its lines.
pub(super) fn comment(lines: &[SourceLine<'_>], at: usize) -> Option<usize> {
    let first = lines.get(at)?.body().strip_prefix("<!--")?;
    if let Some((_, rest)) = first.split_once("-->") {
        return rest.trim().is_empty().then_some(at + 1);
    }
    let rest = lines.get(at + 1..)?;
    let end = rest
        .iter()
        .take(MAX_LINES)
        .position(|line| line.text.contains("-->"))?;
    rest.get(end)?
        .text
        .trim_end()
        .ends_with("-->")
        .then_some(at + end + 2)
}

/// The block of HTML that begins at `at`, and the line after it.
///
/// `<details>` and whatever says `markdown` hold Markdown (`md_in_html`); the rest is HTML to its end.
pub(super) fn html<'a>(lines: &[SourceLine<'a>], at: usize) -> Option<(Part<'a>, usize)> {
    let first = lines.get(at)?;
    let name = tag_name(first.body().strip_prefix('<')?)?;
    let name = BLOCK_TAGS
        .iter()
        .find(|tag| tag.eq_ignore_ascii_case(name))
        .copied()?;
    let (end, closed) = match closing(lines.get(at..)?, name) {
        Some(end) => (at + end + 1, true),
        None => (
            at + lines
                .get(at..)?
                .iter()
                .take_while(|line| !line.is_blank())
                .count(),
            false,
        ),
    };
    let block = lines.get(at..end)?;
    let opener = first
        .body()
        .split_once('>')
        .map_or(first.body(), |(opener, _)| opener);
    let holds_markdown = opener
        .split_whitespace()
        .skip(1)
        .any(|word| word == "markdown" || word.starts_with("markdown="));
    if closed && name == "details" && block.len() > 1 {
        return Some((details(block), end));
    }
    if closed && holds_markdown {
        return Some((Part::Nested(inner(block, name)), end));
    }
    let text: Vec<&str> = block.iter().map(|line| line.text).collect();
    Some((Part::Html(text.join("\n")), end))
}

/// The name that `text`, right after a `<`, begins with.
fn tag_name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = text.get(..end)?;
    let next = text.get(end..)?.chars().next()?;
    (!name.is_empty() && matches!(next, ' ' | '>' | '/')).then_some(name)
}

/// The line that closes the tag opened on the first.
fn closing(lines: &[SourceLine<'_>], name: &str) -> Option<usize> {
    let (opens, closes) = (format!("<{name}"), format!("</{name}"));
    let mut depth = 0usize;
    for (at, line) in lines.iter().enumerate().take(MAX_LINES) {
        let text = line.text.to_ascii_lowercase();
        let ended = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-');
        let count = |tag: &str| {
            text.match_indices(tag)
                .filter(|(i, _)| text.get(i + tag.len()..).is_some_and(ended))
                .count()
        };
        depth = (depth + count(&opens)).saturating_sub(count(&closes));
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

/// What lies between the tags of `block`, as far to the left as it goes.
fn inner<'a>(block: &[SourceLine<'a>], name: &str) -> Vec<SourceLine<'a>> {
    let mut lines = block.to_vec();
    if let Some(first) = lines.first_mut() {
        first.text = first
            .text
            .split_once('>')
            .map_or("", |(_, rest)| rest)
            .trim_start();
    }
    if let Some(last) = lines.last_mut() {
        let close = format!("</{name}");
        let at = last.text.to_ascii_lowercase().rfind(&close);
        last.text = at.and_then(|at| last.text.get(..at)).unwrap_or(last.text);
    }
    let body = lines.get(1..).unwrap_or_default();
    let indent = body
        .iter()
        .filter(|line| !line.is_blank())
        .map(SourceLine::indent)
        .min()
        .unwrap_or(0);
    lines.iter().map(|line| line.dedented(indent)).collect()
}

/// `<details>` with its `<summary>` as the title.
fn details<'a>(block: &[SourceLine<'a>]) -> Part<'a> {
    let opener = block.first().map_or("", |line| line.text);
    let open = opener
        .split_once('>')
        .is_some_and(|(tag, _)| tag.split_whitespace().any(|word| word.starts_with("open")));
    let mut lines = inner(block, "details");
    let mut title = None;
    if let Some(line) = lines.iter_mut().find(|line| !line.is_blank())
        && let Some((_, rest)) = line.text.split_once("<summary>")
        && let Some((summary, rest)) = rest.split_once("</summary>")
    {
        title = Some(summary.trim());
        line.text = rest;
    }
    let callout = super::syntax::Callout {
        name: "details",
        title,
        fold: Some(open),
    };
    Part::Callout(callout, lines)
}
