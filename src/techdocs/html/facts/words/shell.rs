//! Shells: Pygments' `BashLexer` and `BashSessionLexer`.

use super::{Class, Cursor, Out, is_word};

const KEYWORDS: &[&str] = &[
    "if", "fi", "else", "while", "in", "do", "done", "for", "then", "return", "function", "case",
    "select", "break", "continue", "until", "esac", "elif",
];
const BUILTINS: &[&str] = &[
    "alias", "bg", "bind", "builtin", "caller", "cd", "command", "compgen", "complete", "declare",
    "dirs", "disown", "echo", "enable", "eval", "exec", "exit", "export", "false", "fc", "fg",
    "getopts", "hash", "help", "history", "jobs", "kill", "let", "local", "logout", "popd",
    "printf", "pushd", "pwd", "read", "readonly", "set", "shift", "shopt", "source", "suspend",
    "test", "time", "times", "trap", "true", "type", "typeset", "ulimit", "umask", "unalias",
    "unset", "wait",
];

/// What is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Paren,
    Curly,
    Math,
    Ticks,
    Quoted,
}

pub(super) fn read(code: &str, out: &mut Out) {
    let mut reader = Reader {
        cursor: Cursor::new(code),
        out,
        states: vec![State::Root],
    };
    while !reader.cursor.rest().is_empty() {
        reader.token();
    }
}

/// Lines with a prompt are code, the others what it says.
pub(super) fn session(code: &str, out: &mut Out) {
    let mut command = String::new();
    let mut goes_on = false;
    for line in code.split_inclusive('\n') {
        if let Some((prompt, rest)) = prompt(line) {
            run(&mut command, out);
            out.push(Class::Prompt, prompt);
            rest.clone_into(&mut command);
            goes_on = command.ends_with("\\\n");
        } else if goes_on {
            let line = line.strip_prefix("> ").unwrap_or(line);
            command.push_str(line);
            goes_on = command.ends_with("\\\n");
        } else {
            run(&mut command, out);
            out.push(Class::Plain, line);
        }
        if !goes_on {
            run(&mut command, out);
        }
    }
    run(&mut command, out);
}

fn run(command: &mut String, out: &mut Out) {
    read(&std::mem::take(command), out);
    out.end();
}

/// A line's prompt, and the command behind it.
fn prompt(line: &str) -> Option<(&str, &str)> {
    let at = line.find(['$', '#', '%', '❯'])?;
    let head = line.get(..at)?;
    let words = head.split_whitespace().count();
    let is_prompt = head.trim().is_empty()
        || head.starts_with("sh")
        || (head.starts_with('[') || head.contains(['@', ':'])) && words <= 2
        || (head.starts_with('(') && words == 1);
    if !is_prompt {
        return None;
    }
    let sign = line.get(at..)?.chars().next()?;
    let behind = line.get(at + sign.len_utf8()..)?;
    let rest = behind.trim_start_matches([' ', '\t']);
    line.split_at_checked(line.len() - rest.len())
}

struct Reader<'t, 'o> {
    cursor: Cursor<'t>,
    out: &'o mut Out,
    states: Vec<State>,
}

impl Reader<'_, '_> {
    fn push(&mut self, class: Class, bytes: usize) {
        let text = self.cursor.take(bytes);
        self.out.push(class, text);
    }

    fn enter(&mut self, state: State) {
        if self.states.len() < 100 {
            self.states.push(state);
        }
    }

    fn leave(&mut self) {
        if self.states.len() > 1 {
            self.states.pop();
        }
    }

    fn token(&mut self) {
        let rest = self.cursor.rest();
        let Some(first) = rest.chars().next() else {
            return;
        };
        match self.states.last().copied() {
            Some(State::Quoted) => return self.quoted(rest, first),
            Some(State::Curly) if self.curly(rest, first) => return,
            Some(State::Math) if self.math(rest, first) => return,
            Some(State::Paren) if first == ')' => {
                self.leave();
                return self.push(Class::Word, 1);
            }
            Some(State::Ticks) if first == '`' => {
                self.leave();
                return self.push(Class::Text, 1);
            }
            _ => {}
        }
        if self.basic(rest, first) {
            return;
        }
        if first == '`' {
            self.enter(State::Ticks);
            return self.push(Class::Text, 1);
        }
        if !self.data(rest, first) && !self.interpolated(rest, first) {
            self.push(Class::Wrong, first.len_utf8());
        }
    }

    fn basic(&mut self, rest: &str, first: char) -> bool {
        let at_edge = !self.cursor.before().is_some_and(is_word);
        let name = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        if name > 0 && at_edge {
            let word = rest.get(..name).unwrap_or_default();
            let behind = rest.get(name..).unwrap_or_default();
            if KEYWORDS.contains(&word) && !behind.starts_with(['#', '$', '?', '!', '*', '@', '-'])
            {
                self.push(Class::Word, name);
                return true;
            }
            let ends = behind.starts_with(|c: char| c.is_whitespace() || matches!(c, ')' | '`'));
            if BUILTINS.contains(&word) && ends {
                self.push(Class::Builtin, name);
                return true;
            }
            let gap = behind.len() - behind.trim_start().len();
            let sign = behind.trim_start();
            let operator = usize::from(sign.starts_with("+="))
                + usize::from(sign.starts_with("+=") || sign.starts_with('='));
            if operator > 0 {
                self.push(Class::Name, name);
                self.push(Class::Plain, gap);
                self.push(Class::Operator, operator);
                return true;
            }
        }
        match first {
            '#' => {
                let end = rest.find('\n').map_or(rest.len(), |at| at + 1);
                if !rest.contains('\n') {
                    return false;
                }
                self.push(Class::Comment, end);
            }
            '\\' => {
                let next = rest.chars().nth(1).map_or(0, char::len_utf8);
                if next == 0 {
                    return false;
                }
                self.push(Class::Escape, 1 + next);
            }
            '[' | ']' | '{' | '}' | '(' | ')' | '=' => self.push(Class::Operator, 1),
            '<' if rest.starts_with("<<<") => self.push(Class::Operator, 3),
            '<' if rest.starts_with("<<") => match here(rest) {
                Some(length) => self.push(Class::Text, length),
                None => return false,
            },
            '&' if rest.starts_with("&&") => self.push(Class::Operator, 2),
            '|' if rest.starts_with("||") => self.push(Class::Operator, 2),
            _ => return false,
        }
        true
    }

    fn data(&mut self, rest: &str, first: char) -> bool {
        let quoted = rest.strip_prefix('$').unwrap_or(rest);
        if quoted.starts_with('"') {
            match closed(quoted, '"', "$") {
                Some(length) => {
                    self.push(Class::Text, length + rest.len() - quoted.len());
                    return true;
                }
                None if first == '"' => {
                    self.push(Class::Text, 1);
                    self.enter(State::Quoted);
                    return true;
                }
                None => {}
            }
        }
        if rest.starts_with("$'")
            && let Some(length) = closed(quoted, '\'', "")
        {
            self.push(Class::Constant, length + 1);
            return true;
        }
        if first == '\''
            && let Some(end) = rest.get(1..).and_then(|rest| rest.find('\''))
        {
            self.push(Class::Constant, end + 2);
            return true;
        }
        match first {
            ';' | '&' | '|' => self.push(Class::Punctuation, 1),
            c if c.is_whitespace() => {
                let end = rest
                    .find(|c: char| !c.is_whitespace())
                    .unwrap_or(rest.len());
                self.push(Class::Plain, end);
            }
            _ => {
                let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
                let behind = rest.get(digits..).and_then(|rest| rest.chars().next());
                if digits > 0 && !behind.is_some_and(is_word) {
                    self.push(Class::Number, digits);
                    return true;
                }
                let is_text = |c: char| !c.is_whitespace() && !"=[]{}()$\"'`\\<&|;".contains(c);
                let end = rest.find(|c| !is_text(c)).unwrap_or(rest.len());
                match (end, first) {
                    (0, '<') => self.push(Class::Plain, 1),
                    (0, _) => return false,
                    _ => self.push(Class::Plain, end),
                }
            }
        }
        true
    }

    fn interpolated(&mut self, rest: &str, first: char) -> bool {
        if first != '$' {
            return false;
        }
        let behind = rest.get(1..).unwrap_or_default();
        if behind.starts_with("((") {
            self.push(Class::Word, 3);
            self.enter(State::Math);
        } else if behind.starts_with('(') {
            self.push(Class::Word, 2);
            self.enter(State::Paren);
        } else if behind.starts_with('{') {
            self.push(
                Class::Interpolated,
                2 + usize::from(behind.starts_with("{#")),
            );
            self.enter(State::Curly);
        } else if behind.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            let end = behind.find(|c| !is_word(c)).unwrap_or(behind.len());
            self.push(Class::Name, 1 + end);
        } else {
            let digits = behind.bytes().take_while(u8::is_ascii_digit).count();
            let sign = usize::from(behind.starts_with(['#', '$', '?', '!', '_', '*', '@', '-']));
            let length = digits.max(sign);
            self.push(
                if length > 0 {
                    Class::Name
                } else {
                    Class::Plain
                },
                1 + length,
            );
        }
        true
    }

    fn quoted(&mut self, rest: &str, first: char) {
        match first {
            '"' => {
                self.leave();
                self.push(Class::Text, 1);
            }
            '$' => {
                self.interpolated(rest, first);
            }
            '\\' => self.push(
                Class::Text,
                1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            ),
            _ => {
                let end = rest.find(['"', '$', '\\']).unwrap_or(rest.len());
                self.push(Class::Text, end);
            }
        }
    }

    fn curly(&mut self, rest: &str, first: char) -> bool {
        if first == '}' {
            self.leave();
            self.push(Class::Interpolated, 1);
        } else if rest.starts_with(":-") {
            self.push(Class::Word, 2);
        } else if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            self.push(Class::Name, end);
        } else if first == ':' {
            self.push(Class::Punctuation, 1);
        } else {
            let end = rest.find(|c| "}:\"'`$\\".contains(c)).unwrap_or(rest.len());
            if end == 0 {
                return false;
            }
            self.push(Class::Punctuation, end);
        }
        true
    }

    fn math(&mut self, rest: &str, first: char) -> bool {
        if rest.starts_with("))") {
            self.leave();
            self.push(Class::Word, 2);
        } else if "-+*/%^|&<>".contains(first) {
            self.push(Class::Operator, 1);
        } else if first.is_ascii_digit() {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric())
                .unwrap_or(rest.len());
            self.push(Class::Number, end);
        } else if first.is_ascii_alphabetic() || first == '_' {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            self.push(Class::Name, end);
        } else {
            return false;
        }
        true
    }
}

/// How long the text in quotation marks is that `text` begins with; `None` where one of `not` stands in it.
fn closed(text: &str, quote: char, not: &str) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return Some(at + 1),
            c if not.contains(c) => return None,
            _ => {}
        }
    }
    None
}

/// How long `<<END … END` is.
fn here(text: &str) -> Option<usize> {
    let behind = text.get(2..)?;
    let behind = behind.strip_prefix('-').unwrap_or(behind).trim_start();
    let behind = behind.strip_prefix('\'').unwrap_or(behind);
    let behind = behind.strip_prefix('\\').unwrap_or(behind);
    let length = behind.find(|c| !is_word(c)).unwrap_or(behind.len());
    let word = behind.get(..length).filter(|word| !word.is_empty())?;
    let from = text.len() - behind.len() + length;
    let body = text.get(from..)?;
    let first = body.chars().next()?.len_utf8();
    let end = body.get(first..)?.find(word)?;
    Some(from + first + end + word.len())
}
