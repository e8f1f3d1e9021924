//! Tabs between a key and its value, which YAML allows and `saphyr-parser` refuses.

use std::borrow::Cow;

/// `text` with each tab that parts an indicator (`:`, `-`, `?`) from what follows turned into a space; tabs in quoted
/// and block scalars stay. Only a stopgap for text that could not be parsed: it may leave a tab too many.
pub(super) fn without_separating_tabs(text: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len());
    let mut block: Option<usize> = None;
    let mut changed = false;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start_matches(' ').len();
        let blank = line.trim().is_empty();
        if block.is_some_and(|parent| blank || indent > parent) {
            out.push_str(line);
            continue;
        }
        block = opens_block(line).then_some(indent);
        changed |= push_line(&mut out, line);
    }
    if changed {
        Cow::Owned(out)
    } else {
        Cow::Borrowed(text)
    }
}

/// Whether a block scalar begins at the end of the line.
fn opens_block(line: &str) -> bool {
    let line = line.trim_end();
    let header = line.rsplit([' ', '\t']).next().unwrap_or(line);
    header.starts_with(['|', '>'])
        && header
            .chars()
            .skip(1)
            .all(|c| matches!(c, '+' | '-' | '1'..='9'))
}

fn push_line(out: &mut String, line: &str) -> bool {
    let mut quote = None;
    let mut after_indicator = false;
    let mut changed = false;
    let mut last = ' ';
    for c in line.chars() {
        let separates = c == '\t' && after_indicator && quote.is_none();
        out.push(if separates { ' ' } else { c });
        changed |= separates;
        match quote {
            Some(open) if c == open && !(open == '"' && last == '\\') => quote = None,
            None if matches!(c, '"' | '\'') && !last.is_alphanumeric() => quote = Some(c),
            _ => {}
        }
        after_indicator = quote.is_none()
            && (matches!(c, ':' | '-' | '?') || (after_indicator && matches!(c, ' ' | '\t')));
        last = c;
    }
    changed
}
