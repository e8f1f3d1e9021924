//! Text of Protocol Buffers → tokens with their lines and the comments before them.

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A word, dots included, or a number.
    Word(&'a str),
    /// A string without its quotes.
    Text(&'a str),
    /// Any other character.
    Sign(char),
}

/// Reads token after token.
pub(super) struct Tokens<'a> {
    rest: &'a str,
    /// The line of the next token, from 1.
    line: usize,
    peeked: Option<(Token<'a>, usize)>,
    /// The comments before the next token, since the one before it.
    comments: Vec<&'a str>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            line: 1,
            peeked: None,
            comments: Vec::new(),
        }
    }

    /// The line of the next token, or of the end.
    pub(super) fn line(&mut self) -> usize {
        self.peek();
        self.peeked.map_or(self.line, |(_, line)| line)
    }

    /// The next token without taking it.
    pub(super) fn peek(&mut self) -> Option<Token<'a>> {
        if self.peeked.is_none() {
            self.peeked = self.read();
        }
        self.peeked.map(|(token, _)| token)
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        self.peek();
        self.peeked.take().map(|(token, _)| token)
    }

    /// Takes the next token if it is this sign.
    pub(super) fn take(&mut self, sign: char) -> bool {
        let found = self.peek() == Some(Token::Sign(sign));
        if found {
            self.next();
        }
        found
    }

    /// Takes the next token if it is a word.
    pub(super) fn word(&mut self) -> Option<&'a str> {
        match self.peek() {
            Some(Token::Word(word)) => {
                self.next();
                Some(word)
            }
            _ => None,
        }
    }

    /// The comments before the next token.
    pub(super) fn comments(&mut self) -> String {
        self.peek();
        let mut text = String::new();
        for comment in self.comments.drain(..) {
            for line in comment.lines() {
                let line = line.trim().trim_start_matches('*').trim();
                if !text.is_empty() {
                    text.push('\n');
                }
                text.push_str(line);
            }
        }
        text
    }

    fn read(&mut self) -> Option<(Token<'a>, usize)> {
        self.comments.clear();
        self.skip();
        let line = self.line;
        let first = self.rest.chars().next()?;
        let token = if is_word(first) {
            let end = self.rest.find(|c| !is_word(c)).unwrap_or(self.rest.len());
            Token::Word(self.cut(end))
        } else if first == '"' || first == '\'' {
            self.cut(1);
            let mut escaped = false;
            let end = self.rest.find(|c| {
                let ends = !escaped && (c == first || c == '\n');
                escaped = c == '\\' && !escaped;
                ends
            });
            let text = self.cut(end.unwrap_or(self.rest.len()));
            if self.rest.starts_with(first) {
                self.cut(1);
            }
            Token::Text(text)
        } else {
            self.cut(first.len_utf8());
            Token::Sign(first)
        };
        Some((token, line))
    }

    /// Skips white space and comments; what stands in comments behind an empty line belongs to what follows.
    fn skip(&mut self) {
        loop {
            let blank = self
                .rest
                .find(|c: char| !c.is_whitespace())
                .unwrap_or(self.rest.len());
            let space = self.cut(blank);
            if space.matches('\n').nth(1).is_some() {
                self.comments.clear();
            }
            if let Some(comment) = self.rest.strip_prefix("//") {
                let end = comment.find('\n').unwrap_or(comment.len());
                let comment = self.cut(end + 2);
                self.comments.push(comment.trim_start_matches('/'));
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                let end = comment.find("*/").map_or(self.rest.len(), |end| end + 4);
                let comment = self.cut(end);
                let comment = comment.strip_suffix("*/").unwrap_or(comment);
                self.comments.push(comment.trim_start_matches(['/', '*']));
            } else {
                return;
            }
        }
    }

    /// Takes so many bytes off the text.
    fn cut(&mut self, bytes: usize) -> &'a str {
        let (head, tail) = self.rest.split_at_checked(bytes).unwrap_or((self.rest, ""));
        self.rest = tail;
        self.line += memchr::memchr_iter(b'\n', head.as_bytes()).count();
        head
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-')
}
