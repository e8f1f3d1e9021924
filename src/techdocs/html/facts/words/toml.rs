//! TOML: Pygments' `TOMLLexer`.

use super::{Class, Cursor, Out};

/// What is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Header,
    Value,
    Array,
    Table,
}

pub(super) fn read(code: &str, out: &mut Out) {
    let mut cursor = Cursor::new(code);
    let mut states = vec![State::Root];
    while let Some(first) = cursor.peek() {
        let state = states.last().copied().unwrap_or(State::Root);
        if state == State::Value {
            states.pop();
            value(&mut cursor, first, &mut states, out);
            continue;
        }
        let is_inner = matches!(state, State::Array | State::Table);
        let is_key = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        match first {
            '\n' if state == State::Header => {
                // What is wrong ends with its line.
                states.clear();
                out.push(Class::Plain, cursor.take(1));
            }
            c if c.is_whitespace() => out.push(Class::Plain, cursor.take_char()),
            '#' if state != State::Header => {
                out.push(Class::Comment, cursor.take_while(|c| c != '\n'));
            }
            ',' if is_inner => out.push(Class::Punctuation, cursor.take(1)),
            ']' if state == State::Array => {
                states.pop();
                out.push(Class::Punctuation, cursor.take(1));
            }
            _ if state == State::Array => states.push(State::Value),
            '}' if state == State::Table => {
                states.pop();
                out.push(Class::Punctuation, cursor.take(1));
            }
            '=' if state != State::Header => {
                let class = if is_inner {
                    Class::Punctuation
                } else {
                    Class::Operator
                };
                out.push(class, cursor.take(1));
                out.push(Class::Plain, cursor.take_while(char::is_whitespace));
                states.push(State::Value);
            }
            '[' if state == State::Root => {
                let length = 1 + usize::from(cursor.rest().starts_with("[["));
                out.push(Class::Word, cursor.take(length));
                states.push(State::Header);
            }
            ']' if state == State::Header => {
                let length = 1 + usize::from(cursor.rest().starts_with("]]"));
                out.push(Class::Word, cursor.take(length));
                states.pop();
            }
            '"' | '\'' => string(&mut cursor, first, false, out),
            '.' if state == State::Header => out.push(Class::Word, cursor.take(1)),
            '.' => out.push(Class::Punctuation, cursor.take(1)),
            c if is_key(c) => {
                let class = if state == State::Header {
                    Class::Word
                } else {
                    Class::Name
                };
                out.push(class, cursor.take_while(is_key));
            }
            _ => out.push(Class::Wrong, cursor.take_char()),
        }
    }
}

fn value(cursor: &mut Cursor<'_>, first: char, states: &mut Vec<State>, out: &mut Out) {
    let rest = cursor.rest();
    let is_number = |c: char| c.is_ascii_alphanumeric() || "+-._:".contains(c);
    match first {
        '"' | '\'' => {
            let many = rest.starts_with("\"\"\"") || rest.starts_with("'''");
            string(cursor, first, many, out);
        }
        '[' => {
            out.push(Class::Punctuation, cursor.take(1));
            states.push(State::Array);
        }
        '{' => {
            out.push(Class::Punctuation, cursor.take(1));
            states.push(State::Table);
        }
        '0'..='9' | '+' | '-' | '_' => {
            let number = cursor.take_while(is_number);
            let class = if number.contains(['.', 'e', 'E']) {
                Class::Float
            } else {
                Class::Number
            };
            out.push(class, number);
        }
        _ => {
            let word = ["true", "false", "inf", "nan"]
                .into_iter()
                .find(|word| rest.starts_with(word));
            match word {
                Some(word) => out.push(Class::Constant, cursor.take(word.len())),
                None if first == '\n' => {
                    states.clear();
                    out.push(Class::Plain, cursor.take(1));
                }
                None => {
                    states.push(State::Value);
                    out.push(Class::Wrong, cursor.take_char());
                }
            }
        }
    }
}

/// A text in quotation marks; `many`: in three of them.
fn string(cursor: &mut Cursor<'_>, quote: char, many: bool, out: &mut Out) {
    let marks = quote.to_string().repeat(if many { 3 } else { 1 });
    let class = if quote == '"' {
        Class::Text
    } else {
        Class::Scalar
    };
    out.push(class, cursor.take(marks.len()));
    while let Some(first) = cursor.peek() {
        if cursor.rest().starts_with(marks.as_str()) {
            out.push(class, cursor.take(marks.len()));
            return;
        }
        if first == '\n' && !many {
            return;
        }
        if first == '\\' && quote == '"' {
            let next = cursor.rest().chars().nth(1).map_or(0, char::len_utf8);
            out.push(Class::Escape, cursor.take(1 + next));
        } else {
            out.push(class, cursor.take_char());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words;

    #[test]
    fn tokens_are_those_of_pygments() {
        let of = |code: &str| words(code, "toml").join(" ");
        assert_eq!(
            of("[http.routers.\"a b\"] # c\n  rule = \"Host(`x`) && y\"\n  a.b=[1,2.5, 'z']\n"),
            "[http.routers. \"a b\" ] # c rule = \"Host(`x`) && y\" a . b = [ 1 , 2.5 , 'z' ]"
        );
        assert_eq!(
            of("[[x]]\nt={p=true,q=\"\\n\"}\n"),
            "[[x]] t = { p = true , q = \" \\n \" }"
        );
    }
}
