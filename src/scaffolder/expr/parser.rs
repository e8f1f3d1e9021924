//! Tokens → expressions.
//!
//! Precedence is that of the JavaScript which nunjucks generates, not of its own grammar: `+ - ~` stand on one level, and
//! `not a == b` compares `not a` (see [`negate`](super::ast::negate)), because templates were written against what that
//! does.

mod operand;
mod operators;

use std::borrow::Cow;
use std::rc::Rc;

use super::Options;
use super::ast::{Args, Expr, Filtered, InlineIf, Node, Span};
use super::fault::{Error, MAX_DEPTH};
use super::filters::Filter;
use super::lexer::{Op, Token, TokenKind, tokens, unescape};
use operators::Level;

/// Names that no template may use: they reach into JavaScript's objects.
const RESERVED: [&str; 3] = ["__proto__", "constructor", "prototype"];
/// Methods that change the list they are called on.
const MUTATING: [&str; 12] = [
    "append",
    "copyWithin",
    "fill",
    "insert",
    "pop",
    "push",
    "remove",
    "reverse",
    "shift",
    "sort",
    "splice",
    "unshift",
];

/// How long chains of operators, members, filters and calls may be: each link is a level of the tree, and far more than may
/// be evaluated.
const MAX_LINKS: u32 = 1_000;

/// Reads the expressions of one tag.
pub(super) struct Parser<'t, 'a> {
    source: &'a str,
    tokens: &'t [Token<'a>],
    index: usize,
    depth: u32,
    /// How many operators, members, filters and calls stand behind one another around what is read.
    links: u32,
    options: Options,
    pub(super) notes: Notes,
}

/// What the names in a tag, or in all tags so far, give away.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Notes {
    /// Whether a method that changes a list was named, or a computed one.
    pub(super) mutates: bool,
    /// Whether there is a name `loop`.
    pub(super) tells: bool,
}

impl Notes {
    /// Adds what another tag gives away.
    pub(super) fn add(&mut self, other: Self) {
        self.mutates |= other.mutates;
        self.tells |= other.tells;
    }
}

type Result<T> = std::result::Result<T, Error>;

impl<'t, 'a> Parser<'t, 'a> {
    /// A parser of what stands at `code` in the template `source`; `space` is room for its tokens.
    pub(super) fn new(
        source: &'a str,
        code: Span,
        options: Options,
        space: &'t mut Vec<Token<'a>>,
    ) -> Result<Self> {
        tokens(code.of(source), code.start(), options.engine, space)?;
        Ok(Self {
            source,
            tokens: space,
            index: 0,
            depth: 0,
            links: 0,
            options,
            notes: Notes::default(),
        })
    }

    /// One expression, and nothing behind it.
    pub(super) fn whole(&mut self) -> Result<Node> {
        let node = self.expression()?;
        self.end()?;
        Ok(node)
    }

    /// Nothing more.
    pub(super) fn end(&self) -> Result<()> {
        match *self.kind() {
            TokenKind::End => Ok(()),
            other => Err(self.fail(format!("Expected eof, received {}", show(other)))),
        }
    }

    /// One or more names parted by commas.
    pub(super) fn targets(&mut self) -> Result<Vec<Rc<str>>> {
        let mut targets = Vec::new();
        loop {
            let at = self.at();
            let name = self.name()?;
            if matches!(&*name, "true" | "false" | "null" | "none") {
                return Err(Error {
                    at,
                    message: "Binding targets must be ordinary names".to_owned(),
                });
            }
            targets.push(name);
            if !self.take(Op::Comma) {
                return Ok(targets);
            }
        }
    }

    /// A name.
    pub(super) fn name(&mut self) -> Result<Rc<str>> {
        self.word().map(|(name, _)| name.into())
    }

    /// A name, and where it stands.
    fn word(&mut self) -> Result<(&'a str, Span)> {
        match *self.kind() {
            TokenKind::Name(name) => {
                if RESERVED.contains(&name) {
                    return Err(self.fail(format!("Template name {name:?} is reserved")));
                }
                let span = Span::new(self.at(), name.len());
                self.index += 1;
                self.notes.tells |= name == "loop";
                Ok((name, span))
            }
            TokenKind::End => Err(self.fail("Expected name, received end of input")),
            other => Err(self.fail(format!("Expected name, received {}", show(other)))),
        }
    }

    /// Takes the operator `op` if it is next.
    pub(super) fn take(&mut self, op: Op) -> bool {
        let found = *self.kind() == TokenKind::Op(op);
        self.index += usize::from(found);
        found
    }

    /// Takes the word `word` if it is next.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.kind(), TokenKind::Name(next) if *next == word);
        self.index += usize::from(found);
        found
    }

    /// Where the next token begins.
    pub(super) fn at(&self) -> u32 {
        self.peek(0).map_or(0, |token| token.at)
    }

    fn peek(&self, offset: usize) -> Option<&Token<'a>> {
        self.tokens.get(self.index + offset)
    }

    fn kind(&self) -> &TokenKind<'a> {
        self.peek(0).map_or(&TokenKind::End, |token| &token.kind)
    }

    /// An error at the next token.
    pub(super) fn fail(&self, message: impl Into<String>) -> Error {
        Error {
            at: self.at(),
            message: message.into(),
        }
    }

    fn expect(&mut self, op: Op) -> Result<()> {
        if self.take(op) {
            Ok(())
        } else {
            Err(self.fail(format!("Expected {}", op.text())))
        }
    }

    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fail("The expression is nested too deeply"));
        }
        let result = parse(self);
        self.depth -= 1;
        result
    }

    /// One more link of a chain.
    fn link(&mut self) -> Result<()> {
        self.links += 1;
        if self.links > MAX_LINKS {
            return Err(self.fail("The expression is nested too deeply"));
        }
        Ok(())
    }

    /// `a if b else c`.
    pub(super) fn expression(&mut self) -> Result<Node> {
        let then = self.operators(Level::Or)?;
        if !self.take_word("if") {
            return Ok(then);
        }
        let condition = self.operators(Level::Or)?;
        let otherwise = if self.take_word("else") {
            Some(self.nested(|parser| parser.operators(Level::Or))?)
        } else {
            None
        };
        Ok(Node {
            at: then.at,
            expr: Expr::InlineIf(Box::new(InlineIf {
                condition,
                then,
                otherwise,
            })),
        })
    }

    fn filtered(&mut self) -> Result<Node> {
        let mut input = self.unary()?;
        let links = self.links;
        while self.take(Op::Pipe) {
            self.link()?;
            let at = self.at();
            let (filter, args) = self.filter()?;
            let filtered = Filtered {
                filter,
                input,
                args,
            };
            input = Node {
                at,
                expr: Expr::Filter(Box::new(filtered)),
            };
        }
        self.links = links;
        Ok(input)
    }

    /// A filter and its arguments.
    pub(super) fn filter(&mut self) -> Result<(Filter, Args)> {
        let mut name = Cow::Borrowed(self.word()?.0);
        while self.take(Op::Dot) {
            let (next, _) = self.word()?;
            name = format!("{name}.{next}").into();
        }
        let filter = Filter::named(&name, self.options);
        let args = if self.take(Op::OpenParen) {
            self.nested(Self::arguments)?
        } else {
            Args::default()
        };
        Ok((filter, args))
    }

    fn unary(&mut self) -> Result<Node> {
        let at = self.at();
        let wrap: fn(Box<Node>) -> Expr = if self.take(Op::Minus) {
            Expr::Negative
        } else if self.take(Op::Plus) {
            Expr::Positive
        } else {
            return self.postfix();
        };
        let target = self.nested(Self::unary)?;
        // `--5` and `++5` are something else in the JavaScript that nunjucks writes.
        let expr = wrap(Box::new(target));
        let twice = match &expr {
            Expr::Negative(target) => matches!(target.expr, Expr::Negative(_)),
            Expr::Positive(target) => matches!(target.expr, Expr::Positive(_)),
            _ => false,
        };
        if twice {
            let message = "Repeated unparenthesized unary signs are not supported".to_owned();
            return Err(Error { at, message });
        }
        Ok(Node { expr, at })
    }
}

fn key_error(at: u32, name: &str) -> Error {
    Error {
        at,
        message: format!("Template name {name:?} is reserved"),
    }
}

fn show(kind: TokenKind<'_>) -> String {
    match kind {
        TokenKind::Name(name) => format!("{name:?}"),
        TokenKind::Number(number) => format!("\"{number}\""),
        TokenKind::Text(written) => format!("{:?}", unescape(written)),
        TokenKind::Regex { pattern, .. } => format!("{pattern:?}"),
        TokenKind::Op(op) => format!("{:?}", op.text()),
        TokenKind::End => "end of input".to_owned(),
    }
}
