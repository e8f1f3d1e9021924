//! Tokens → expressions.
//!
//! Precedence is that of the JavaScript which nunjucks generates, not of its own grammar: `+ - ~` stand on one level, and
//! `not a == b` compares `not a` (see [`negate`]), because templates were written against what that does.

mod operand;

use std::rc::Rc;

use super::ast::{Args, BinaryOp, CompareOp, Expr, Node, binary, join, negate};
use super::fault::{Error, MAX_DEPTH};
use super::lexer::{Token, TokenKind, tokens};
use super::{Engine, Options, number};

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

/// Reads the expressions of one tag.
pub(super) struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    index: usize,
    depth: u32,
    options: Options,
    /// Whether a method that changes a list was named, or a computed one.
    pub(super) mutates: bool,
}

type Result<T> = std::result::Result<T, Error>;

impl<'a> Parser<'a> {
    /// A parser of `code`, which begins at byte `base` of the template.
    pub(super) fn new(code: &'a str, base: usize, options: Options) -> Result<Self> {
        Ok(Self {
            tokens: tokens(code, base, options.engine)?,
            index: 0,
            depth: 0,
            options,
            mutates: false,
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
        match self.kind() {
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
            if !self.take(",") {
                return Ok(targets);
            }
        }
    }

    /// A name.
    pub(super) fn name(&mut self) -> Result<Rc<str>> {
        match self.kind() {
            TokenKind::Name(name) => {
                let name = *name;
                if RESERVED.contains(&name) {
                    return Err(self.fail(format!("Template name {name:?} is reserved")));
                }
                self.index += 1;
                Ok(name.into())
            }
            TokenKind::End => Err(self.fail("Expected name, received end of input")),
            other => Err(self.fail(format!("Expected name, received {}", show(other)))),
        }
    }

    /// Takes the operator `op` if it is next.
    pub(super) fn take(&mut self, op: &str) -> bool {
        let found = matches!(self.kind(), TokenKind::Op(next) if *next == op);
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
    pub(super) fn at(&self) -> usize {
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

    fn expect(&mut self, op: &'static str) -> Result<()> {
        if self.take(op) {
            Ok(())
        } else {
            Err(self.fail(format!("Expected {op}")))
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

    /// `a if b else c`.
    pub(super) fn expression(&mut self) -> Result<Node> {
        let body = self.or()?;
        if !self.take_word("if") {
            return Ok(body);
        }
        let condition = self.or()?;
        let otherwise = if self.take_word("else") {
            Some(Box::new(self.nested(Self::or)?))
        } else {
            None
        };
        Ok(Node {
            at: body.at,
            expr: Expr::InlineIf {
                condition: Box::new(condition),
                then: Box::new(body),
                otherwise,
            },
        })
    }

    fn or(&mut self) -> Result<Node> {
        let mut left = self.and()?;
        while self.take_word("or") {
            let right = self.and()?;
            left = join(left, |left| Expr::Or(left, Box::new(right)));
        }
        Ok(left)
    }

    fn and(&mut self) -> Result<Node> {
        let mut left = self.not()?;
        while self.take_word("and") {
            let right = self.not()?;
            left = join(left, |left| Expr::And(left, Box::new(right)));
        }
        Ok(left)
    }

    fn not(&mut self) -> Result<Node> {
        let at = self.at();
        if self.take_word("not") {
            let target = self.nested(Self::not)?;
            return Ok(negate(target, at));
        }
        self.membership()
    }

    fn membership(&mut self) -> Result<Node> {
        let mut left = self.test()?;
        loop {
            let not = matches!(self.kind(), TokenKind::Name("not"))
                && matches!(self.peek(1), Some(token) if token.kind == TokenKind::Name("in"));
            self.index += usize::from(not);
            if !self.take_word("in") {
                return Ok(left);
            }
            let right = self.test()?;
            left = join(left, |left| Expr::In(left, Box::new(right)));
            if not {
                left = join(left, Expr::Not);
            }
        }
    }

    fn test(&mut self) -> Result<Node> {
        let left = self.equality()?;
        if !self.take_word("is") {
            return Ok(left);
        }
        let not = self.take_word("not");
        let at = self.at();
        let (test, args) = match self.equality()?.expr {
            Expr::Name(name) | Expr::Text(name) => (name, None),
            Expr::Null => ("null".into(), None),
            Expr::Call { callee, args } => match callee.expr {
                Expr::Name(name) => (name, Some(args)),
                _ => ("undefined".into(), Some(args)),
            },
            Expr::Number(number) => (number::print(number).into(), None),
            Expr::Bool(value) => (value.to_string().into(), None),
            Expr::Regex { pattern, flags } => (format!("/{pattern}/{flags}").into(), None),
            // The outermost filter names the test, and what it filters is the first argument.
            Expr::Filter {
                name,
                input,
                mut args,
            } => {
                args.positional.insert(0, *input);
                if self.options.engine == Engine::Legacy && args.positional.len() > 1 {
                    args.positional =
                        vec![run_together(&args.positional).ok_or_else(|| no_test(at))?];
                }
                (name, Some(args))
            }
            _ => ("undefined".into(), None),
        };
        let test = Node {
            at,
            expr: Expr::Is {
                value: Box::new(left),
                test,
                args,
            },
        };
        Ok(if not { join(test, Expr::Not) } else { test })
    }

    fn equality(&mut self) -> Result<Node> {
        const OPS: [(&str, CompareOp); 4] = [
            ("===", CompareOp::StrictEqual),
            ("!==", CompareOp::StrictNotEqual),
            ("==", CompareOp::Equal),
            ("!=", CompareOp::NotEqual),
        ];
        self.compare(&OPS, Self::relation)
    }

    fn relation(&mut self) -> Result<Node> {
        const OPS: [(&str, CompareOp); 4] = [
            ("<=", CompareOp::LessOrEqual),
            (">=", CompareOp::GreaterOrEqual),
            ("<", CompareOp::Less),
            (">", CompareOp::Greater),
        ];
        self.compare(&OPS, Self::sum)
    }

    fn compare(
        &mut self,
        ops: &[(&str, CompareOp)],
        operand: fn(&mut Self) -> Result<Node>,
    ) -> Result<Node> {
        let first = operand(self)?;
        let mut rest = Vec::new();
        while let Some(&(_, op)) = ops.iter().find(|(op, _)| self.take(op)) {
            rest.push((op, operand(self)?));
        }
        if rest.is_empty() {
            return Ok(first);
        }
        Ok(join(first, |first| Expr::Compare { first, rest }))
    }

    fn sum(&mut self) -> Result<Node> {
        let mut left = self.product()?;
        loop {
            let op = if self.take("+") {
                BinaryOp::Add
            } else if self.take("-") {
                BinaryOp::Subtract
            } else if self.take("~") {
                BinaryOp::Concat
            } else {
                return Ok(left);
            };
            let right = self.product()?;
            left = binary(op, left, right);
        }
    }

    fn product(&mut self) -> Result<Node> {
        let mut left = self.power()?;
        loop {
            let (op, floor) = if self.take("*") {
                (BinaryOp::Multiply, false)
            } else if self.take("//") {
                (BinaryOp::Divide, true)
            } else if self.take("/") {
                (BinaryOp::Divide, false)
            } else if self.take("%") {
                (BinaryOp::Modulo, false)
            } else {
                return Ok(left);
            };
            let right = self.power()?;
            left = binary(op, left, right);
            if floor {
                left = join(left, Expr::Floor);
            }
        }
    }

    fn power(&mut self) -> Result<Node> {
        let mut left = self.filtered()?;
        while self.take("**") {
            let right = self.filtered()?;
            left = binary(BinaryOp::Power, left, right);
        }
        Ok(left)
    }

    fn filtered(&mut self) -> Result<Node> {
        let mut input = self.unary()?;
        while self.take("|") {
            let at = self.at();
            let (name, args) = self.filter()?;
            input = Node {
                at,
                expr: Expr::Filter {
                    name,
                    input: Box::new(input),
                    args,
                },
            };
        }
        Ok(input)
    }

    /// A filter's name and arguments.
    pub(super) fn filter(&mut self) -> Result<(Rc<str>, Args)> {
        let mut name = self.name()?.to_string();
        while self.take(".") {
            name.push('.');
            name.push_str(&self.name()?);
        }
        let args = if self.take("(") {
            self.nested(Self::arguments)?
        } else {
            Args::default()
        };
        Ok((name.into(), args))
    }

    fn unary(&mut self) -> Result<Node> {
        let at = self.at();
        let wrap: fn(Box<Node>) -> Expr = if self.take("-") {
            Expr::Negative
        } else if self.take("+") {
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

/// The arguments of a filter that stands for a test: the older engine writes them one behind the other without a comma, which
/// is JavaScript only if all are numbers.
fn run_together(args: &[Node]) -> Option<Node> {
    let digits = args.iter().map(|arg| match arg.expr {
        Expr::Number(number) => Some(number::print(number)),
        _ => None,
    });
    let digits: String = digits.collect::<Option<_>>()?;
    Some(Node {
        expr: Expr::Number(digits.parse().ok()?),
        at: args.first()?.at,
    })
}

fn no_test(at: usize) -> Error {
    Error {
        at,
        message: "Expected the name of a test behind \"is\"".to_owned(),
    }
}

fn key_error(at: usize, name: &str) -> Error {
    Error {
        at,
        message: format!("Template name {name:?} is reserved"),
    }
}

fn show(kind: &TokenKind<'_>) -> String {
    match kind {
        TokenKind::Name(name) => format!("{name:?}"),
        TokenKind::Number(number) => format!("\"{number}\""),
        TokenKind::Text(text) => format!("{text:?}"),
        TokenKind::Regex { pattern, .. } => format!("{pattern:?}"),
        TokenKind::Op(op) => format!("{op:?}"),
        TokenKind::End => "end of input".to_owned(),
    }
}
