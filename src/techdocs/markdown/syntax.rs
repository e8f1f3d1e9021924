//! What a line is: Python-Markdown's and pymdownx' block syntax, one recogniser each. All take a line's body, without
//! the white space before it.

/// The opening line of an admonition (`!!!`) or a detail (`???`, `???+`).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Callout<'a> {
    /// The type; empty where a detail has only a title.
    pub(super) name: &'a str,
    /// The title in quotation marks.
    pub(super) title: Option<&'a str>,
    /// Whether it folds, and if so whether it is open.
    pub(super) fold: Option<bool>,
}

/// `!!! note "Title"`, `??? tip`, `???+ "Title"`.
pub(super) fn callout(body: &str) -> Option<Callout<'_>> {
    let (fold, rest) = if let Some(rest) = body.strip_prefix("!!!") {
        (None, rest)
    } else if let Some(rest) = body.strip_prefix("???+") {
        (Some(true), rest)
    } else {
        (Some(false), body.strip_prefix("???")?)
    };
    let rest = rest.trim();
    let (words, title) = match rest.split_once('"') {
        Some((words, title)) => (words.trim_end(), Some(title.strip_suffix('"')?)),
        None => (rest, None),
    };
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
    if !words.chars().all(is_word) || (words.is_empty() && (fold.is_none() || title.is_none())) {
        return None;
    }
    let name = words.split(' ').next().unwrap_or_default();
    Some(Callout { name, title, fold })
}

/// The label of a content tab, and whether it begins a new set: `=== "Label"`, `===! "Label"`, `===+ "Label"`.
pub(super) fn tab(body: &str) -> Option<(&str, bool)> {
    let rest = body.strip_prefix("===")?;
    let quoted = rest.trim_start_matches(['!', '+']);
    let marks = rest.get(..rest.len() - quoted.len())?;
    let label = quoted.trim().strip_prefix('"')?.strip_suffix('"')?;
    Some((label, marks.contains('!')))
}

/// The marker of a list's item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marker<'a> {
    /// `-`, `1.`, `:`.
    pub(super) sign: &'a str,
    /// How many columns marker and space take.
    pub(super) width: usize,
    /// What stands behind.
    pub(super) rest: &'a str,
}

/// `- item`, `* item`, `+ item`, `1. item`, `:   meaning`.
pub(super) fn marker(body: &str) -> Option<Marker<'_>> {
    let digits = body.bytes().take_while(u8::is_ascii_digit).count();
    let end = match (digits, body.as_bytes().first()?) {
        (0, b'-' | b'*' | b'+' | b':') => 1,
        (1..=9, _) if matches!(body.as_bytes().get(digits), Some(b'.' | b')')) => digits + 1,
        _ => return None,
    };
    let (sign, tail) = body.split_at_checked(end)?;
    let rest = tail.trim_start_matches(' ');
    let spaces = tail.len() - rest.len();
    if (spaces == 0 && !rest.is_empty()) || (rest.is_empty() && sign == ":") || is_table_rule(body)
    {
        return None;
    }
    // More than four spaces: code within the item, of which we only keep the text.
    let width = if rest.is_empty() {
        end + 1
    } else {
        end + spaces.min(4)
    };
    Some(Marker { sign, width, rest })
}

/// Whether the line parts a table's head from its rows.
fn is_table_rule(body: &str) -> bool {
    body.contains('|') && body.chars().all(|c| matches!(c, '-' | ':' | '|' | ' '))
}

/// The mark that a line is made of if it is a rule: `---`, `* * *`, `___`.
pub(super) fn rule(body: &str) -> Option<char> {
    let mark = body
        .chars()
        .next()
        .filter(|c| matches!(c, '-' | '*' | '_'))?;
    let marks = body.chars().filter(|c| *c == mark).count();
    (marks >= 3 && body.chars().all(|c| c == mark || c == ' ')).then_some(mark)
}

/// The number of `#` before a heading that lacks the space CommonMark wants: `##Title`.
pub(super) fn tight_heading(body: &str) -> Option<usize> {
    let level = body.bytes().take_while(|byte| *byte == b'#').count();
    let next = body.as_bytes().get(level)?;
    ((1..=6).contains(&level) && *next != b' ').then_some(level)
}

/// Whether the line is a heading after the manner of `# Title`.
pub(super) fn is_heading(body: &str) -> bool {
    let level = body.bytes().take_while(|byte| *byte == b'#').count();
    (1..=6).contains(&level) && body.len() > level
}

/// Label and target of `[label]: target "title"`; footnotes are none.
pub(super) fn reference(body: &str) -> Option<(&str, &str)> {
    let (label, rest) = body.strip_prefix('[')?.split_once("]:")?;
    if label.is_empty() || label.starts_with('^') || label.contains(['[', ']']) {
        return None;
    }
    let rest = rest.trim();
    let (target, title) = match rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        Some(parts) => parts,
        None => rest.split_once(' ').unwrap_or((rest, "")),
    };
    let is_title = title.trim().is_empty() || title.trim().starts_with(['"', '\'', '(']);
    (!target.is_empty() && is_title).then_some((label.trim(), target))
}

/// Label and first words of `[^label]: words`.
pub(super) fn footnote(body: &str) -> Option<(&str, &str)> {
    let (label, rest) = body.strip_prefix("[^")?.split_once("]:")?;
    (!label.is_empty() && !label.contains(['[', ']'])).then_some((label, rest.trim_start()))
}

/// Whether the line only says something about its neighbours or the page, and is not read: `*[HTML]: …`, `[TOC]`,
/// `{: .class }`.
pub(super) fn is_silent(body: &str) -> bool {
    let body = body.trim_end();
    body == "[TOC]"
        || (body.starts_with("*[") && body.contains("]:"))
        || (body.starts_with('{') && is_attributes(body))
}

/// Whether `text` is an attribute list: `{: .class #id key="value" }`, `{.class}`.
pub(super) fn is_attributes(text: &str) -> bool {
    let inner = text
        .strip_prefix('{')
        .and_then(|text| text.strip_suffix('}'));
    let Some(inner) = inner.filter(|inner| !inner.contains(['{', '}', '\n'])) else {
        return false;
    };
    let colon = inner.starts_with(':');
    let mut words = inner.trim_start_matches(':').split_whitespace().peekable();
    words.peek().is_some()
        && words.all(|word| {
            let named = word.len() > 1 && word.starts_with(['.', '#']);
            named
                || word.contains('=')
                || (colon
                    && word
                        .chars()
                        .all(|c| c.is_alphanumeric() || "-_\"'".contains(c)))
                || word.ends_with(['"', '\''])
        })
}

/// What a line stands for that only a build of the site can fill in: a snippet of a file, generated API docs.
pub(super) fn absent(body: &str) -> Option<String> {
    if let Some(rest) = body.strip_prefix("--8<--") {
        let file = rest.trim().trim_matches('"');
        return (!file.is_empty()).then(|| format!("The file {file} is included here."));
    }
    let name = body.strip_prefix("::: ")?.trim();
    let is_name = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | ':'));
    is_name.then(|| format!("The reference of {name} is generated here when the site is built."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callouts_have_a_type_a_title_and_a_fold() {
        let of = |body| callout(body).map(|it| (it.name, it.title, it.fold));
        assert_eq!(of("!!! note"), Some(("note", None, None)));
        assert_eq!(
            of("!!! danger inline end \"Mind\""),
            Some(("danger", Some("Mind"), None))
        );
        assert_eq!(of("!!! note \"\""), Some(("note", Some(""), None)));
        assert_eq!(of("???+ \"More\""), Some(("", Some("More"), Some(true))));
        assert_eq!(of("??? tip"), Some(("tip", None, Some(false))));
        assert_eq!(of("!!!"), None);
        assert_eq!(of("???"), None);
        assert_eq!(of("!!! Wow, this is text."), None);
    }

    #[test]
    fn markers_and_rules_are_told_from_text() {
        assert_eq!(
            marker("-   a").map(|it| (it.width, it.rest)),
            Some((4, "a"))
        );
        assert_eq!(
            marker("10. a").map(|it| (it.sign, it.width)),
            Some(("10.", 4))
        );
        assert_eq!(marker("-a"), None);
        assert_eq!(marker("- | -"), None);
        assert_eq!(
            marker("2026. "),
            Some(Marker {
                sign: "2026.",
                width: 6,
                rest: ""
            })
        );
        assert_eq!(rule("* * *"), Some('*'));
        assert_eq!(rule("--"), None);
        assert_eq!(tab("===! \"A b\""), Some(("A b", true)));
        assert_eq!(tab("==="), None);
    }

    #[test]
    fn definitions_and_attributes_are_not_text() {
        assert_eq!(reference("[a b]: <x y> \"t\""), Some(("a b", "x y")));
        assert_eq!(reference("[a]: see there"), None);
        assert_eq!(footnote("[^1]: Words"), Some(("1", "Words")));
        assert!(is_attributes("{: .a #b key=\"v\" }") && is_attributes("{.md-button}"));
        assert!(!is_attributes("{ name }") && !is_attributes("{{ x.y }}"));
        assert!(is_silent("*[HTML]: Hyper") && is_silent("[TOC]") && !is_silent("[TOC] x"));
    }
}
