//! Texts and keys: plain, quoted, or as a block (`stringifyString` of npm `yaml`).

use std::sync::LazyLock;

use regress::Regex;

use super::fold::Mode;
use super::options::{Block, Style};
use super::{Place, text};

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
        r"^(?:~|[Nn]ull|NULL|[Tt]rue|TRUE|[Ff]alse|FALSE|0o[0-7]+|[-+]?[0-9]+|0x[0-9a-fA-F]+|[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN|[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+|[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*))?$",
    )
    .ok()
});
static MORE_INDENTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|\n)([\t ].*)(?:([\n\t ]*)\n(?![\n\t ]))?").ok());

fn is(pattern: Option<&Regex>, text: &str) -> bool {
    pattern.is_some_and(|regex| regex.find(text).is_some())
}

/// Whether a line of `text` begins like a mark between documents.
fn has_marker(text: &str) -> bool {
    let marks = ["%", "---", "..."];
    text.split('\n')
        .any(|line| marks.iter().any(|mark| line.starts_with(mark)))
}

fn has_controls(text: &str) -> bool {
    text.chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
}

impl Place<'_> {
    /// A text or, where this is the place of a key, a key.
    pub(super) fn text(self, text: &str) -> String {
        let style = match self.options.key.filter(|_| self.key) {
            _ if has_controls(text) => Style::Double,
            Some(style) => style,
            None => self.options.text,
        };
        match style {
            Style::Literal | Style::Folded if self.key || self.flow => self.quoted(text),
            Style::Literal | Style::Folded => self.block(text),
            Style::Double => self.double(text),
            Style::Single => self.single(text),
            Style::Plain => self.plain(text),
        }
    }

    fn plain(self, text: &str) -> String {
        let lines = text.contains('\n');
        if self.key && lines || self.flow && text.contains(['[', ']', '{', '}', ',']) {
            return self.quoted(text);
        }
        if is(NOT_PLAIN.as_ref(), text) {
            return if self.key || self.flow || !lines {
                self.quoted(text)
            } else {
                self.block(text)
            };
        }
        if !self.key && !self.flow && lines {
            return self.block(text);
        }
        if has_marker(text) {
            if self.indent == 0 {
                return self.block(text);
            } else if self.key && self.indent == self.options.indent {
                return self.quoted(text);
            }
        }
        let margin = " ".repeat(self.indent);
        let out = text::behind_breaks(text, &format!("\n{margin}"), false);
        if is(OTHER_TYPE.as_ref(), &out) {
            return self.quoted(text);
        }
        self.folded(out, self.indent, Mode::Flow)
    }

    /// Folds `out`, unless it is a key.
    fn folded(self, out: String, indent: usize, mode: Mode) -> String {
        if self.key {
            return out;
        }
        super::fold::fold(&out, indent, mode, self.start, self.options).0
    }

    /// The column of further lines, which is never the first where a line would look like a mark between documents.
    fn margin(self, text: &str) -> usize {
        if self.indent == 0 && has_marker(text) {
            2
        } else {
            self.indent
        }
    }

    /// Single quotes if there are only double ones inside, else double.
    fn quoted(self, text: &str) -> String {
        let single = match (text.contains('"'), text.contains('\'')) {
            (true, false) => true,
            (false, true) => false,
            _ => self.options.single == Some(true),
        };
        if single && self.options.single != Some(false) {
            self.single(text)
        } else {
            self.double(text)
        }
    }

    fn single(self, text: &str) -> String {
        let pairs = [" \n", "\t\n", "\n ", "\n\t"];
        if self.options.single == Some(false)
            || self.key && text.contains('\n')
            || pairs.iter().any(|pair| text.contains(pair))
        {
            return self.double(text);
        }
        let indent = self.margin(text);
        let margin = format!("\n{}", " ".repeat(indent));
        let doubled = text.replace('\'', "''");
        let out = format!("'{}'", text::behind_breaks(&doubled, &margin, false));
        self.folded(out, indent, Mode::Flow)
    }

    fn double(self, text: &str) -> String {
        let json = serde_json::Value::from(text).to_string();
        if self.options.as_json {
            return json;
        }
        let indent = self.margin(text);
        // Long texts keep their line breaks as empty lines, which read as one break less each.
        let broken = !self.key && text::length(&json) >= self.options.min_broken;
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
        self.folded(out, indent, Mode::Quoted)
    }

    /// A text of several lines: `|`, or `>` if a line is too long and can be folded.
    fn block(self, text: &str) -> String {
        let last_line = text.rsplit_once('\n').map_or("", |(_, last)| last);
        let blank_end = !last_line.is_empty() && last_line.trim_matches(['\t', ' ']).is_empty();
        if self.options.block == Block::Never || blank_end {
            return self.quoted(text);
        }
        let indent = self.margin(text);
        let literal = match self.options.block {
            Block::Literal => true,
            Block::Folded => false,
            _ => !text::has_longer_line(text, self.options.width, indent),
        };
        if text.is_empty() {
            return if literal { "|\n" } else { ">\n" }.to_owned();
        }
        let body = text.trim_end_matches(['\n', '\t', ' ']);
        let end = text.get(body.len()..).unwrap_or_default();
        let chomp = match end.find('\n') {
            None => "-",
            Some(at) if body.is_empty() || at + 1 != end.len() => "+",
            Some(_) => "",
        };
        let margin = " ".repeat(indent);
        let end = end.strip_suffix('\n').unwrap_or(end);
        let end = text::behind_breaks(end, &margin, true);
        let first = body.trim_start_matches([' ', '\n']);
        let lead = body.get(..body.len() - first.len()).unwrap_or_default();
        let hint = match (lead.contains(' '), indent) {
            (true, 0) => "1",
            (true, _) => "2",
            _ => "",
        };
        let lead_end = lead.rfind('\n').map_or(0, |at| at + 1);
        let (lead, body) = body.split_at_checked(lead_end).unwrap_or(("", body));
        let lead = text::behind_breaks(lead, &margin, false);
        if !literal {
            let doubled = text::double_breaks(body);
            let folded = MORE_INDENTED.as_ref().map_or_else(
                || doubled.clone(),
                |regex| regex.replace_all(&doubled, "$1$2"),
            );
            let folded = text::behind_breaks(&folded, &margin, false);
            let whole = format!("{lead}{folded}{end}");
            let (out, overflow) =
                super::fold::fold(&whole, indent, Mode::Block, Some(indent), self.options);
            if !overflow || self.options.block == Block::Folded {
                return format!(">{hint}{chomp}\n{margin}{out}");
            }
        }
        let body = text::behind_breaks(body, &margin, false);
        format!("|{hint}{chomp}\n{margin}{lead}{body}{end}")
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
