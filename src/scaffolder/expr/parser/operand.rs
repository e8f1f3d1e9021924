//! What stands between operators: names, literals, lists, objects, and the members, slices and calls behind them.

use std::rc::Rc;

use super::super::Engine;
use super::super::ast::{Args, Expr, Node};
use super::super::lexer::TokenKind;
use super::super::regex::is_regex;
use super::{MUTATING, Parser, RESERVED, Result, join, key_error, show};

impl Parser<'_> {
    pub(super) fn postfix(&mut self) -> Result<Node> {
        let mut node = self.primary()?;
        loop {
            if self.take(".") {
                let at = self.at();
                let name = self.name()?;
                node = self.member(node, at, Expr::Text(name));
            } else if self.take("[") {
                let at = self.at();
                node = self.nested(|parser| parser.subscript(node, at))?;
                self.expect("]")?;
            } else if self.take("(") {
                let args = self.nested(Self::arguments)?;
                node = join(node, |callee| Expr::Call { callee, args });
            } else {
                return Ok(node);
            }
        }
    }

    fn member(&mut self, target: Node, at: usize, key: Expr) -> Node {
        self.mutates |= match &key {
            Expr::Text(name) => MUTATING.contains(&&**name),
            Expr::Number(_) => false,
            _ => true,
        };
        Node {
            at,
            expr: Expr::Member {
                target: Box::new(target),
                key: Box::new(Node { expr: key, at }),
            },
        }
    }

    fn subscript(&mut self, target: Node, at: usize) -> Result<Node> {
        let start = self.slice_part()?;
        let older = self.options.engine == Engine::Legacy && !self.options.cookiecutter;
        if older && matches!(self.kind(), TokenKind::Op(":")) {
            return Err(self.fail("Slices are known only in cookiecutter templates"));
        }
        if !self.take(":") {
            let Some(key) = start else {
                return Err(self.fail("Expected subscript expression"));
            };
            if let Expr::Text(name) = &key.expr
                && RESERVED.contains(&&**name)
            {
                return Err(key_error(at, name));
            }
            return Ok(self.member(target, at, key.expr));
        }
        let end = self.slice_part()?;
        let step = if self.take(":") {
            self.slice_part()?
        } else {
            None
        };
        Ok(Node {
            at,
            expr: Expr::Slice {
                target: Box::new(target),
                start: start.map(Box::new),
                end: end.map(Box::new),
                step: step.map(Box::new),
            },
        })
    }

    fn slice_part(&mut self) -> Result<Option<Node>> {
        match self.kind() {
            TokenKind::Op(":" | "]") => Ok(None),
            _ => self.expression().map(Some),
        }
    }

    fn primary(&mut self) -> Result<Node> {
        let at = self.at();
        let expr = match self.kind().clone() {
            TokenKind::Number(number) => Expr::Number(number),
            TokenKind::Text(text) => Expr::Text(text.into()),
            TokenKind::Regex { pattern, flags } if !is_regex(pattern, flags) => {
                return Err(self.fail("Invalid regular-expression literal"));
            }
            TokenKind::Regex { pattern, flags } => Expr::Regex {
                pattern: pattern.into(),
                flags: flags.into(),
            },
            TokenKind::Name("true") => Expr::Bool(true),
            TokenKind::Name("false") => Expr::Bool(false),
            TokenKind::Name("none" | "null") => Expr::Null,
            TokenKind::Name(_) => {
                return Ok(Node {
                    expr: Expr::Name(self.name()?),
                    at,
                });
            }
            TokenKind::Op(op @ ("(" | "[" | "{")) => {
                self.index += 1;
                let expr = self.nested(|parser| parser.bracketed(op))?;
                return Ok(Node { expr, at });
            }
            TokenKind::End => {
                return Err(self.fail("Unexpected expression token at end of input"));
            }
            other @ TokenKind::Op(_) => {
                return Err(self.fail(format!("Unexpected expression token {}", show(&other))));
            }
        };
        self.index += 1;
        Ok(Node { expr, at })
    }

    fn bracketed(&mut self, open: &str) -> Result<Expr> {
        match open {
            "(" => {
                let nodes = self.list(")")?;
                if nodes.is_empty() {
                    return Err(self.fail("Parenthesized expression cannot be empty"));
                }
                Ok(Expr::Group(nodes))
            }
            "[" => Ok(Expr::Array(self.list("]")?)),
            _ => self.object(),
        }
    }

    fn list(&mut self, close: &'static str) -> Result<Vec<Node>> {
        let mut nodes = Vec::new();
        if self.take(close) {
            return Ok(nodes);
        }
        loop {
            nodes.push(self.expression()?);
            if !self.take(",") {
                self.expect(close)?;
                return Ok(nodes);
            }
        }
    }

    fn object(&mut self) -> Result<Expr> {
        let mut pairs = Vec::new();
        if self.take("}") {
            return Ok(Expr::Object(pairs));
        }
        loop {
            let at = self.at();
            let key: Rc<str> = match self.kind().clone() {
                TokenKind::Text(text) => {
                    self.index += 1;
                    text.into()
                }
                TokenKind::Name(name) if !matches!(name, "true" | "false" | "null" | "none") => {
                    self.name()?
                }
                _ => return Err(self.fail("Dictionary keys must be strings or names")),
            };
            if RESERVED.contains(&&*key) {
                return Err(key_error(at, &key));
            }
            self.expect(":")?;
            pairs.push((key, self.expression()?));
            if !self.take(",") {
                self.expect("}")?;
                return Ok(Expr::Object(pairs));
            }
        }
    }

    /// Arguments up to the closing parenthesis.
    pub(in crate::scaffolder::expr) fn arguments(&mut self) -> Result<Args> {
        let mut args = Args::default();
        if self.take(")") {
            return Ok(args);
        }
        loop {
            let named = matches!(self.kind(), TokenKind::Name(_))
                && matches!(self.peek(1), Some(token) if token.kind == TokenKind::Op("="));
            if named {
                let name = self.name()?;
                self.expect("=")?;
                args.keyword.push((name, self.expression()?));
            } else {
                args.positional.push(self.expression()?);
            }
            if !self.take(",") {
                self.expect(")")?;
                return Ok(args);
            }
        }
    }
}
