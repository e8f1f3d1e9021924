//! YAML: Pygments' `YamlLexer`.

use super::{Class, Cursor, Out};

/// What goes on over the end of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// Nothing.
    Line,
    /// A text of lines; how far it is indented, once that is known.
    Block(Option<usize>),
    /// A text without quotation marks.
    Plain,
}

pub(super) fn read(code: &str, out: &mut Out) {
    let mut reader = Reader {
        out,
        state: State::Line,
        indent: 0,
        nested: false,
        flow: Vec::new(),
        quote: None,
    };
    for line in code.split('\n') {
        reader.line(line);
        reader.out.end();
    }
}

struct Reader<'o> {
    out: &'o mut Out,
    state: State,
    /// The column of the innermost key or item.
    indent: usize,
    /// Whether there was a key or an item at all.
    nested: bool,
    /// The brackets that are open.
    flow: Vec<char>,
    quote: Option<char>,
}

impl Reader<'_> {
    fn line(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        let mut cursor = Cursor::new(line);
        let spaces = cursor.take_while(|c| c == ' ').len();
        let deeper = !self.nested || spaces > self.indent;
        match self.state {
            State::Block(None) if spaces > self.indent || (!self.nested && spaces > 0) => {
                self.state = State::Block(Some(spaces));
                self.out.push(Class::Constant, cursor.rest());
                return;
            }
            State::Block(Some(least)) if spaces >= least => {
                self.out.push(Class::Constant, cursor.rest());
                return;
            }
            State::Plain if deeper && self.flow.is_empty() => {
                if !cursor.rest().starts_with('#') {
                    self.plain(&mut cursor);
                }
            }
            _ => self.state = State::Line,
        }
        if self.quote.is_some() {
            self.quoted(&mut cursor);
        }
        if self.flow.is_empty() && self.state == State::Line && self.quote.is_none() {
            self.start(&mut cursor, spaces);
        }
        while !cursor.rest().is_empty() {
            if self.flow.is_empty() {
                self.block(&mut cursor);
            } else {
                self.flow(&mut cursor);
            }
        }
    }

    /// The signs of items before a line's content.
    fn start(&mut self, cursor: &mut Cursor<'_>, spaces: usize) {
        for sign in ["---", "..."] {
            let behind = cursor.rest().strip_prefix(sign);
            if spaces == 0
                && behind.is_some_and(|behind| behind.is_empty() || behind.starts_with(' '))
            {
                let sign = cursor.take(3);
                self.out.push(Class::Name, sign);
                self.nested = false;
                self.indent = 0;
                return;
            }
        }
        self.indent = self.indent.min(spaces);
        while cursor.peek().is_some_and(|c| matches!(c, '-' | '?' | ':')) {
            let behind = cursor.rest().get(1..).unwrap_or_default();
            if !behind.is_empty() && !behind.starts_with(' ') {
                return;
            }
            self.indent = cursor.at;
            self.nested = true;
            let sign = cursor.take(1);
            self.out.push(Class::Indicator, sign);
            self.out.end();
            cursor.take_while(|c| c == ' ');
        }
    }

    /// One token outside of brackets.
    fn block(&mut self, cursor: &mut Cursor<'_>) {
        if !cursor.take_while(|c| c == ' ').is_empty() {
            self.out.end();
        }
        let rest = cursor.rest();
        let Some(first) = rest.chars().next() else {
            return;
        };
        if first == '#' {
            self.out.push(Class::Comment, cursor.take(rest.len()));
            return;
        }
        if let Some(length) = key(rest, "#,?[]{}\"'") {
            self.indent = cursor.at;
            self.nested = true;
            self.out.push(Class::Key, cursor.take(length));
            self.out.push(Class::Punctuation, cursor.take(1));
            return;
        }
        match first {
            '!' | '&' | '*' => self.descriptor(cursor),
            ':' if ends(rest.get(1..)) => self.out.push(Class::Indicator, cursor.take(1)),
            '|' | '>' => {
                let sign = cursor.take(1);
                let header = cursor.take_while(|c| c.is_ascii_digit() || matches!(c, '+' | '-'));
                self.out.push(Class::Indicator, sign);
                self.out.push(Class::Indicator, header);
                self.state = State::Block(None);
            }
            '[' | '{' | '\'' | '"' => self.open(cursor, first),
            '?' | '-' if !ends(rest.get(1..)) => self.plain(cursor),
            ',' | '?' | ':' | '-' | ']' | '}' | '%' | '@' | '`' => {
                self.out.push(Class::Wrong, cursor.take(1));
            }
            _ => self.plain(cursor),
        }
    }

    fn open(&mut self, cursor: &mut Cursor<'_>, first: char) {
        if matches!(first, '[' | '{') {
            self.flow.push(first);
            self.out.push(Class::Indicator, cursor.take(1));
        } else {
            self.quote = Some(first);
            self.out.push(Class::Text, cursor.take(1));
            self.quoted(cursor);
        }
    }

    fn descriptor(&mut self, cursor: &mut Cursor<'_>) {
        let sign = cursor.take(1);
        let is_part = |c: char| {
            super::is_word(c) || (sign == "!" && "!#;/?:@&=+$,.~*'()[]%-<>".contains(c)) || c == '-'
        };
        let name = cursor.take_while(is_part);
        self.out.push(Class::Name, sign);
        self.out.push(Class::Name, name);
        self.out.end();
    }

    /// A text in quotation marks, up to its end or that of the line.
    fn quoted(&mut self, cursor: &mut Cursor<'_>) {
        while let Some(c) = cursor.peek() {
            let rest = cursor.rest();
            if Some(c) == self.quote {
                if c == '\'' && rest.starts_with("''") {
                    self.out.push(Class::Escape, cursor.take(2));
                    continue;
                }
                self.quote = None;
                self.out.push(Class::Text, cursor.take(1));
                return;
            }
            if c == '\\' && self.quote == Some('"') {
                let code = rest.chars().nth(1);
                let digits = match code {
                    Some('x') => 2,
                    Some('u') => 4,
                    Some('U') => 8,
                    _ => 0,
                };
                if digits > 0 {
                    self.out.push(Class::Escape, cursor.take(2 + digits));
                } else if code.is_some_and(|c| "0abt\tnvfre \"\\N_LP".contains(c)) {
                    self.out.push(Class::Text, cursor.take(2));
                } else {
                    self.out.push(Class::Wrong, cursor.take(1));
                }
                continue;
            }
            self.out.push(Class::Text, cursor.take_char());
        }
    }

    /// A text without quotation marks outside of brackets.
    fn plain(&mut self, cursor: &mut Cursor<'_>) {
        self.state = State::Plain;
        loop {
            let rest = cursor.rest();
            let body = rest.trim_start_matches(' ');
            let gap = rest.len() - body.len();
            if body.is_empty() || (gap > 0 && body.starts_with('#')) {
                cursor.take(gap);
                self.out.end();
                if !body.is_empty() {
                    self.state = State::Line;
                }
                return;
            }
            if body.starts_with(':') && ends(body.get(1..)) {
                cursor.take(gap);
                self.state = State::Line;
                return;
            }
            cursor.take(gap);
            if gap > 0 {
                self.out.end();
            }
            self.out.push(Class::Scalar, cursor.take_char());
        }
    }

    /// One token within brackets.
    fn flow(&mut self, cursor: &mut Cursor<'_>) {
        if !cursor.take_while(|c| c == ' ').is_empty() {
            self.out.end();
        }
        let rest = cursor.rest();
        let Some(first) = rest.chars().next() else {
            return;
        };
        if first == '#' {
            self.out.push(Class::Comment, cursor.take(rest.len()));
            return;
        }
        let in_map = self.flow.last() == Some(&'{');
        if in_map && let Some(length) = key(rest, ",:?[]{}\"'") {
            self.out.push(Class::Key, cursor.take(length));
            self.out.push(Class::Punctuation, cursor.take(1));
            return;
        }
        match first {
            '?' | ':' | ',' => self.out.push(Class::Indicator, cursor.take(1)),
            ']' | '}' if (first == '}') == in_map => {
                self.flow.pop();
                self.out.push(Class::Indicator, cursor.take(1));
            }
            '[' | '{' | '\'' | '"' => self.open(cursor, first),
            '!' | '&' | '*' => self.descriptor(cursor),
            '|' | '>' | '%' | '@' | '`' | ']' | '}' => self.out.push(Class::Wrong, cursor.take(1)),
            _ => {
                let text = cursor.take_while(|c| !c.is_whitespace() && !",:?[]{}".contains(c));
                self.out.push(Class::Scalar, text);
            }
        }
    }
}

/// How long the key is that `text` begins with; it has none of the characters `not`.
fn key(text: &str, not: &str) -> Option<usize> {
    let end = text
        .find(|c| not.contains(c) && c != ':')
        .unwrap_or(text.len());
    let end = if not.contains(':') {
        text.find(|c| not.contains(c))
            .map(|at| at + usize::from(text.get(at..).is_some_and(|t| t.starts_with(':'))))?
    } else {
        end
    };
    let head = text.get(..end)?;
    let colon = head
        .match_indices(':')
        .rev()
        .map(|(at, _)| at)
        .find(|at| ends(text.get(at + 1..)))?;
    (colon > 0).then_some(colon)
}

/// Whether a space or nothing follows.
fn ends(text: Option<&str>) -> bool {
    text.is_none_or(|text| text.is_empty() || text.starts_with(' '))
}
