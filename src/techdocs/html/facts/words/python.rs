//! Python: Pygments' `PythonLexer`.

use super::{Class, Cursor, Out, is_word};

const KEYWORDS: &[&str] = &[
    "assert", "async", "await", "break", "continue", "del", "elif", "else", "except", "finally",
    "for", "global", "if", "lambda", "pass", "raise", "nonlocal", "return", "try", "while",
    "yield", "as", "with", "def", "class", "from", "import",
];

pub(super) fn read(code: &str, out: &mut Out) {
    let mut reader = Reader {
        cursor: Cursor::new(code),
        out,
        depth: 0,
    };
    while !reader.cursor.rest().is_empty() {
        reader.token();
    }
}

/// How a text in quotation marks is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "four things that are so or not, each apart from the others"
)]
struct Quotes {
    mark: char,
    /// Whether there are three.
    long: bool,
    raw: bool,
    /// Whether it holds expressions.
    format: bool,
    bytes: bool,
}

struct Reader<'t, 'o> {
    cursor: Cursor<'t>,
    out: &'o mut Out,
    depth: usize,
}

impl Reader<'_, '_> {
    fn push(&mut self, class: Class, bytes: usize) {
        let text = self.cursor.take(bytes);
        self.out.push(class, text);
    }

    fn token(&mut self) {
        let rest = self.cursor.rest();
        let Some(first) = rest.chars().next() else {
            return;
        };
        if first.is_whitespace() {
            self.out.end();
            self.cursor.take_char();
        } else if first == '#' {
            let end = rest.find('\n').unwrap_or(rest.len());
            self.push(Class::Comment, end);
        } else if let Some((affix, quotes)) = quotes(rest) {
            if affix > 0 {
                self.push(Class::Affix, affix);
            }
            self.text(quotes);
        } else if first.is_ascii_digit() || (first == '.' && starts_with_digit(rest.get(1..))) {
            self.number(rest);
        } else if is_word(first) {
            self.name(rest);
        } else if first == '@'
            && rest
                .chars()
                .nth(1)
                .is_some_and(|c| is_word(c) && !c.is_numeric())
        {
            let end = rest.get(1..).and_then(|rest| rest.find(|c| !is_word(c)));
            self.push(Class::Function, end.map_or(rest.len(), |end| end + 1));
        } else if "!=<>:-~+/*%&^|.@".contains(first) {
            if rest.starts_with(":=") || rest.starts_with("!=") {
                self.push(Class::Operator, 2);
            } else if first == ':' {
                self.push(Class::Punctuation, 1);
            } else if first == '!' {
                self.push(Class::Wrong, 1);
            } else {
                self.push(Class::Operator, 1);
            }
        } else if "[]{}(),;".contains(first) {
            self.push(Class::Punctuation, 1);
        } else if first == '\\' {
            self.push(Class::Plain, 1);
        } else {
            self.push(Class::Wrong, first.len_utf8());
        }
    }

    fn name(&mut self, rest: &str) {
        let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        let word = rest.get(..end).unwrap_or_default();
        let begins = self.cursor.text.get(..self.cursor.at).unwrap_or_default();
        let line = begins.rsplit('\n').next().unwrap_or_default();
        let class =
            if matches!(word, "in" | "is" | "and" | "or" | "not") || KEYWORDS.contains(&word) {
                Class::Word
            } else {
                Class::Name
            };
        self.push(class, end);
        // Modules are one word with the dots between them.
        if matches!(word, "from" | "import") && line.trim().is_empty() {
            self.modules(word == "from");
        } else if word == "import" && line.trim_start().starts_with("from ") {
            self.modules(false);
        }
    }

    fn modules(&mut self, from: bool) {
        let gap = self.cursor.take_while(|c| c == ' ' || c == '\t');
        if gap.is_empty() {
            return;
        }
        self.out.end();
        loop {
            let name = self.cursor.take_while(|c| is_word(c) || c == '.');
            if name.is_empty() {
                return;
            }
            self.out.push(Class::Key, name);
            let rest = self.cursor.rest();
            let body = rest.trim_start_matches(' ');
            if from || !body.starts_with(',') {
                return;
            }
            let gap = rest.len() - body.len();
            self.cursor.take(gap);
            self.push(Class::Operator, 1);
            if !self.cursor.take_while(|c| c == ' ').is_empty() {
                self.out.end();
            }
        }
    }

    fn number(&mut self, rest: &str) {
        let hex = ["0x", "0X", "0o", "0O", "0b", "0B"]
            .iter()
            .any(|sign| rest.starts_with(sign));
        if hex {
            let is_part =
                |c: char| c.is_ascii_hexdigit() || matches!(c, '_' | 'x' | 'X' | 'o' | 'O');
            let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
            return self.push(Class::Number, end);
        }
        let digits = |text: &str| {
            let is_part = |c: char| c.is_ascii_digit() || c == '_';
            let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
            text.get(..end)
                .map_or(0, |text| text.trim_end_matches('_').len())
        };
        let mut end = digits(rest);
        let mut class = Class::Number;
        if let Some(tail) = rest.get(end..).and_then(|tail| tail.strip_prefix('.')) {
            end += 1 + digits(tail);
            class = Class::Float;
        }
        if let Some(tail) = rest
            .get(end..)
            .and_then(|tail| tail.strip_prefix(['e', 'E']))
        {
            let signed = tail.strip_prefix(['+', '-']).unwrap_or(tail);
            let more = digits(signed);
            if more > 0 {
                end += 1 + tail.len() - signed.len() + more;
                class = Class::Float;
            }
        }
        self.push(class, end);
    }

    /// A text in quotation marks.
    fn text(&mut self, quotes: Quotes) {
        let marks = if quotes.long { 3 } else { 1 };
        let class = if quotes.mark == '"' {
            Class::Text
        } else {
            Class::Constant
        };
        let close = quotes.mark.to_string().repeat(marks);
        let head = self.cursor.text.get(..self.cursor.at).unwrap_or_default();
        let line = head.rsplit('\n').next().unwrap_or_default();
        let is_doc = quotes.long
            && !quotes.format
            && line
                .trim_matches(|c: char| c.is_whitespace() || "rRuUbB".contains(c))
                .is_empty();
        if is_doc
            && let Some(end) = self
                .cursor
                .rest()
                .get(3..)
                .and_then(|rest| rest.find(&close))
        {
            return self.push(Class::Scalar, end + 6);
        }
        self.push(class, marks);
        while let Some(c) = self.cursor.peek() {
            let rest = self.cursor.rest();
            if rest.starts_with(&close) {
                return self.push(class, marks);
            }
            match c {
                '\n' if !quotes.long => return,
                '\\' if quotes.raw => self.push(
                    class,
                    1 + rest
                        .chars()
                        .nth(1)
                        .filter(|c| matches!(c, '\\' | '"' | '\''))
                        .map_or(0, char::len_utf8),
                ),
                '\\' => match escape(rest) {
                    Some(length) => self.push(Class::Escape, length),
                    None => self.push(class, 1),
                },
                '{' if quotes.format => {
                    if rest.starts_with("{{") {
                        self.push(Class::Escape, 2);
                    } else {
                        self.push(Class::Interpolated, 1);
                        self.expression(quotes);
                    }
                }
                '}' if quotes.format => {
                    let doubled = rest.starts_with("}}");
                    self.push(
                        if doubled {
                            Class::Escape
                        } else {
                            Class::Interpolated
                        },
                        1 + usize::from(doubled),
                    );
                }
                '{' if !quotes.bytes => match braces(rest) {
                    Some(length) => self.push(Class::Interpolated, length),
                    None => self.push(class, if rest.starts_with("{{") { 2 } else { 1 }),
                },
                '%' if !quotes.format => match percent(rest) {
                    Some(length) => self.push(Class::Interpolated, length),
                    None => self.push(class, 1),
                },
                c => self.push(class, c.len_utf8()),
            }
        }
    }

    /// An expression within a text, up to its brace.
    fn expression(&mut self, quotes: Quotes) {
        self.depth += 1;
        let mut open = 0_usize;
        while let Some(c) = self.cursor.peek() {
            match c {
                '}' | ':' if open == 0 => {
                    self.push(Class::Interpolated, 1);
                    break;
                }
                '!' if open == 0 && !self.cursor.rest().starts_with("!=") => {
                    let length = self.cursor.rest().find(['}', ':']).unwrap_or(1);
                    self.push(Class::Interpolated, length);
                }
                '=' if open == 0
                    && self
                        .cursor
                        .rest()
                        .get(1..)
                        .is_some_and(|rest| rest.trim_start().starts_with(['}', ':', '!'])) =>
                {
                    self.push(Class::Interpolated, 1);
                }
                '\n' if !quotes.long => break,
                '(' | '[' | '{' => {
                    open += 1;
                    self.push(Class::Punctuation, 1);
                }
                ')' | ']' | '}' => {
                    open = open.saturating_sub(1);
                    self.push(Class::Punctuation, 1);
                }
                _ if self.depth > 20 => self.push(Class::Plain, c.len_utf8()),
                _ => self.token(),
            }
        }
        self.depth -= 1;
    }
}

fn starts_with_digit(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.starts_with(|c: char| c.is_ascii_digit()))
}

/// How long the letters before quotation marks are, and how the text is read.
fn quotes(text: &str) -> Option<(usize, Quotes)> {
    let affix = text.find(['"', '\'']).filter(|at| *at <= 2)?;
    let letters = text.get(..affix)?.to_ascii_lowercase();
    if !matches!(
        letters.as_str(),
        "" | "r" | "u" | "b" | "f" | "t" | "rb" | "br" | "rf" | "fr" | "rt" | "tr"
    ) {
        return None;
    }
    let rest = text.get(affix..)?;
    let mark = rest.chars().next()?;
    let quotes = Quotes {
        mark,
        long: rest.starts_with("\"\"\"") || rest.starts_with("'''"),
        raw: letters.contains('r'),
        format: letters.contains(['f', 't']),
        bytes: letters.contains('b'),
    };
    Some((affix, quotes))
}

/// How long the escape is that `text` begins with.
fn escape(text: &str) -> Option<usize> {
    let code = text.chars().nth(1)?;
    Some(match code {
        'x' => 4,
        'u' => 6,
        'U' => 10,
        'N' if text.starts_with("\\N{") => text.find('}')? + 1,
        '0'..='7' => {
            1 + text
                .bytes()
                .skip(1)
                .take(3)
                .take_while(|byte| (b'0'..=b'7').contains(byte))
                .count()
        }
        '\\' | '"' | '\'' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v' | '\n' => 2,
        _ => return None,
    })
}

/// How long a field as `{name!r:>10}` is.
fn braces(text: &str) -> Option<usize> {
    let end = text.find('}')?;
    let inner = text.get(1..end)?;
    let (field, format) = inner.split_once(':').unwrap_or((inner, ""));
    let (name, conversion) = field.split_once('!').unwrap_or((field, ""));
    let is_name = |c: char| is_word(c) || matches!(c, '.' | '[' | ']');
    let is_format = |c: char| c.is_ascii_alphanumeric() || "<>=^-+ #,.%".contains(c);
    let fits = name.chars().all(is_name)
        && !name.starts_with(['.', '['])
        && matches!(conversion, "" | "s" | "r" | "a")
        && format.chars().all(is_format)
        && format
            .chars()
            .rev()
            .skip(1)
            .all(|c| !c.is_ascii_alphabetic());
    fits.then_some(end + 1)
}

/// How long a field as `%(name)-5.2f` is.
fn percent(text: &str) -> Option<usize> {
    let mut rest = text.get(1..)?;
    if let Some(named) = rest.strip_prefix('(') {
        let (name, behind) = named.split_once(')')?;
        if name.is_empty() || !name.chars().all(is_word) {
            return None;
        }
        rest = behind;
    }
    rest = rest.trim_start_matches(|c: char| "-#0 +".contains(c));
    rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '*' | '.'));
    rest = rest.strip_prefix(['h', 'l', 'L']).unwrap_or(rest);
    let code = rest.chars().next()?;
    "EFGXcdefgiorsaux%"
        .contains(code)
        .then(|| text.len() - rest.len() + 1)
}
