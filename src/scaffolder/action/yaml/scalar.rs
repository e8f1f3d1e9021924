//! Keys, texts and numbers: plain, quoted, or as a block.

use std::sync::LazyLock;

use regress::Regex;
use serde_json::Number;

use super::fold::{Mode, fold};

/// The columns of a line.
const WIDTH: usize = 80;

/// From which length on a double-quoted text is broken at its line breaks.
const MIN_BROKEN: usize = 40;

/// The patterns by which the npm package decides; a text that is none would be a mistake of ours and matches nothing.
static NOT_PLAIN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"^[\n\t ,[\]{}#&*!|>'"%@`]|^[?-]$|^[?-][ \t]|[\n:][ \t]|[ \t]\n|[\n\t ]#|[\n\t :]$"#,
    )
    .ok()
});
/// What reads as null, a boolean or a number by the core schema.
static OTHER_TYPE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"^(?:~|[Nn]ull|NULL|[Tt]rue|TRUE|[Ff]alse|FALSE|0o[0-7]+|[-+]?[0-9]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+|[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*))$",
    )
    .ok()
});
static MORE_INDENTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?").ok());

fn is(pattern: Option<&Regex>, text: &str) -> bool {
    pattern.is_some_and(|regex| regex.find(text).is_some())
}

/// A key of an object whose lines begin at `indent`.
pub(super) fn key(text: &str, indent: usize) -> String {
    let marked = indent == 0
        && ["%", "---", "..."]
            .iter()
            .any(|mark| text.starts_with(mark));
    if text.is_empty()
        || text.contains('\n')
        || has_controls(text)
        || marked
        || is(NOT_PLAIN.as_ref(), text)
        || is(OTHER_TYPE.as_ref(), text)
    {
        quoted(text, indent, None, true)
    } else {
        text.to_owned()
    }
}

/// A text whose further lines begin at `indent`.
pub(super) fn text(text: &str, indent: usize, start: Option<usize>) -> String {
    if has_controls(text) {
        return double_quoted(text, indent, start, false);
    }
    if text.contains('\n') {
        return block(text, indent).unwrap_or_else(|| quoted(text, indent, start, false));
    }
    if text.is_empty() || is(NOT_PLAIN.as_ref(), text) || is(OTHER_TYPE.as_ref(), text) {
        return quoted(text, indent, start, false);
    }
    fold(text, indent, Mode::Flow, start).0
}

/// A number as JavaScript prints it: whole where it is whole.
pub(super) fn number(number: &Number) -> String {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 1e15 => {
            format!("{float:.0}")
        }
        _ => number.to_string(),
    }
}

fn has_controls(text: &str) -> bool {
    text.chars()
        .any(|c| c.is_control() && c != '\n' && c != '\t')
}

/// Single quotes if there are only double ones inside, else double.
fn quoted(text: &str, indent: usize, start: Option<usize>, key: bool) -> String {
    if !text.contains('"') || text.contains('\'') || text.contains('\n') {
        return double_quoted(text, indent, start, key);
    }
    let out = format!("'{text}'");
    if key {
        out
    } else {
        fold(&out, indent, Mode::Flow, start).0
    }
}

fn double_quoted(text: &str, indent: usize, start: Option<usize>, key: bool) -> String {
    // Long texts keep their line breaks as empty lines, which read as one break less each.
    let broken = !key && serde_json::Value::from(text).to_string().chars().count() >= MIN_BROKEN;
    let mut out = String::from('"');
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' if broken && chars.peek().is_some() => {
                out.push_str("\n\n");
                while chars.peek() == Some(&'\n') {
                    let mut ahead = chars.clone();
                    ahead.next();
                    if ahead.peek().is_none() {
                        break;
                    }
                    out.push('\n');
                    chars = ahead;
                }
                out.push_str(&" ".repeat(indent));
                if chars.peek() == Some(&' ') {
                    out.push('\\');
                }
            }
            // A blank before a line break would be lost.
            ' ' if chars.peek() == Some(&'\n') => out.push_str("\\ "),
            c => escape(c, &mut out),
        }
    }
    out.push('"');
    if key {
        out
    } else {
        fold(&out, indent, Mode::Quoted, start).0
    }
}

/// Writes `c` as it stands between double quotes.
fn escape(c: char, out: &mut String) {
    let short = match c {
        '"' => '"',
        '\\' => '\\',
        '\u{0}' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        c if c < ' ' => {
            let code = u32::from(c);
            out.push_str("\\x");
            out.extend([code / 16, code % 16].map(|d| char::from_digit(d, 16).unwrap_or('0')));
            return;
        }
        c => {
            out.push(c);
            return;
        }
    };
    out.push('\\');
    out.push(short);
}

/// A text of several lines: `|`, or `>` if a line is too long and can be folded. `None` if it ends with blanks on a line
/// of their own, which a block cannot keep.
fn block(text: &str, indent: usize) -> Option<String> {
    let body = text.trim_end_matches(['\n', '\t', ' ']);
    let end = text.get(body.len()..).unwrap_or_default();
    let last_line = text.rsplit('\n').next().unwrap_or_default();
    if !last_line.is_empty() && last_line.trim_matches(['\t', ' ']).is_empty() {
        return None;
    }
    let margin = " ".repeat(indent);
    let literal = text
        .split('\n')
        .all(|line| line.chars().count() <= WIDTH.saturating_sub(indent));
    let chomp = match end.find('\n') {
        None => "-",
        Some(at) if body.is_empty() || at + 1 != end.len() => "+",
        Some(_) => "",
    };
    let end = end.strip_suffix('\n').unwrap_or(end);
    let end = indented(end, &margin, true);
    let first = body.trim_start_matches([' ', '\n']);
    let lead = body.get(..body.len() - first.len()).unwrap_or_default();
    let hint = if lead.contains(' ') { "2" } else { "" };
    let lead_lines = lead.rfind('\n').map_or(0, |at| at + 1);
    let (lead, body) = body.split_at_checked(lead_lines).unwrap_or(("", body));
    let lead = indented(lead, &margin, false);
    if !literal {
        let doubled = double_breaks(body);
        let folded = MORE_INDENTED.as_ref().map_or_else(
            || doubled.clone(),
            |regex| regex.replace_all(&doubled, "$1$2"),
        );
        let folded = indented(&folded, &margin, false);
        let whole = format!("{lead}{folded}{end}");
        let (out, overflow) = fold(&whole, indent, Mode::Block, Some(indent));
        if !overflow {
            return Some(format!(">{hint}{chomp}\n{margin}{out}"));
        }
    }
    let body = indented(body, &margin, false);
    Some(format!("|{hint}{chomp}\n{margin}{lead}{body}{end}"))
}

/// One more line break in each run of them.
fn double_breaks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        if c == '\n' && before != '\n' {
            out.push('\n');
        }
        out.push(c);
        before = c;
    }
    out
}

/// `margin` behind each run of line breaks; with `inner` not behind one that ends the text.
fn indented(text: &str, margin: &str, inner: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        out.push(c);
        let next = chars.peek();
        if c == '\n' && next != Some(&'\n') && !(inner && next.is_none()) {
            out.push_str(margin);
        }
    }
    out
}
