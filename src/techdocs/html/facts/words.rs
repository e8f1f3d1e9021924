//! The words of code. TechDocs' highlighter (Pygments) sets each token apart, so that `a=1` has three words; the
//! languages that docs have are told apart here as it tells them. Of all others white space parts the words.

mod json;
mod rules;
mod session;
mod yaml;

/// What a piece of code is; pieces of one class that touch are one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Text without a class.
    Plain,
    Name,
    Key,
    Text,
    Scalar,
    Constant,
    Escape,
    Number,
    Float,
    Punctuation,
    Indicator,
    Comment,
    Prompt,
    Wrong,
    /// One of those that are told by rules.
    Of(u8),
}

/// The words of `code` in this language.
pub(super) fn words(code: &str, language: &str) -> Vec<String> {
    let mut out = Out::default();
    let language = language.to_ascii_lowercase();
    match language.as_str() {
        "yaml" | "yml" => yaml::read(code, &mut out),
        "console" | "shell-session" => session::shell(code, &mut out),
        "pycon" | "python-console" => session::python(code, &mut out),
        "json" | "json-object" | "jsonc" => json::read(code, &mut out),
        _ if rules::read(code, &language, &mut out) => {}
        _ => out.push(Class::Plain, code),
    }
    out.finish()
}

/// Words as they come.
#[derive(Debug, Default)]
struct Out {
    words: Vec<String>,
    word: String,
    class: Option<Class>,
}

impl Out {
    /// Adds a piece of code.
    fn push(&mut self, class: Class, text: &str) {
        for (number, part) in text.split(char::is_whitespace).enumerate() {
            if number > 0 {
                self.end();
            }
            if part.is_empty() {
                continue;
            }
            if self.class != Some(class) {
                self.end();
                self.class = Some(class);
            }
            self.word.push_str(part);
        }
    }

    fn end(&mut self) {
        if !self.word.is_empty() {
            self.words.push(std::mem::take(&mut self.word));
        }
        self.class = None;
    }

    fn finish(mut self) -> Vec<String> {
        self.end();
        self.words
    }
}

/// Code being read.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// What is left.
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// The next character.
    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Takes so many bytes.
    fn take(&mut self, bytes: usize) -> &'t str {
        let taken = self.rest().get(..bytes).unwrap_or(self.rest());
        self.at += taken.len();
        taken
    }

    /// Takes one character.
    fn take_char(&mut self) -> &'t str {
        self.take(self.peek().map_or(0, char::len_utf8))
    }

    /// Takes what `is` is true of.
    fn take_while(&mut self, is: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        self.take(rest.find(|c| !is(c)).unwrap_or(rest.len()))
    }
}

/// Whether a name may have this character.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
