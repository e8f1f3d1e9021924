//! What stands between operators: names, literals, lists, objects, and the members, slices and calls behind them.

use std::rc::Rc;

use super::super::Engine;
use super::super::ast::{Args, Call, Expr, Node, Slice};
use super::super::lexer::{Op, TokenKind, unescape};
use super::super::regex::is_regex;
use super::super::value::Regex;
use super::{MUTATING, Parser, RESERVED, Result, key_error, show};

impl Parser<'_, '_> {
    pub(super) fn postfix(&mut self) -> Result<Node> {
        let mut node = self.primary()?;
        let links = self.links;
        loop {
            let TokenKind::Op(op @ (Op::Dot | Op::OpenBracket | Op::OpenParen)) = *self.kind()
            else {
                self.links = links;
                return Ok(node);
            };
            self.link()?;
            self.index += 1;
            let at = self.at();
            node = match op {
                Op::Dot => {
                    let (name, key) = self.word()?;
                    self.notes.mutates |= MUTATING.contains(&name);
                    let expr = Expr::Member(Box::new(node), key);
                    Node { expr, at }
                }
                Op::OpenBracket => {
                    let expr = self.nested(|parser| parser.subscript(node, at))?;
                    self.expect(Op::CloseBracket)?;
                    Node { expr, at }
                }
                _ => {
                    let at = node.at;
                    let args = self.nested(Self::arguments)?;
                    let expr = Expr::Call(Box::new(Call { callee: node, args }));
                    Node { expr, at }
                }
            };
        }
    }

    /// What stands in the brackets behind `target`, from `at` on.
    fn subscript(&mut self, target: Node, at: u32) -> Result<Expr> {
        let start = self.slice_part()?;
        let older = self.options.engine == Engine::Legacy && !self.options.cookiecutter;
        if older && *self.kind() == TokenKind::Op(Op::Colon) {
            return Err(self.fail("Slices are known only in cookiecutter templates"));
        }
        if !self.take(Op::Colon) {
            let Some(key) = start else {
                return Err(self.fail("Expected subscript expression"));
            };
            self.notes.mutates |= match &key.expr {
                Expr::Text(name) if RESERVED.contains(&&**name) => return Err(key_error(at, name)),
                Expr::Text(name) => MUTATING.contains(&&**name),
                Expr::Number(_) => false,
                _ => true,
            };
            return Ok(Expr::Index(Box::new((target, Node { at, ..key }))));
        }
        let end = self.slice_part()?;
        let step = if self.take(Op::Colon) {
            self.slice_part()?
        } else {
            None
        };
        Ok(Expr::Slice(Box::new(Slice {
            target,
            start,
            end,
            step,
        })))
    }

    fn slice_part(&mut self) -> Result<Option<Node>> {
        match self.kind() {
            TokenKind::Op(Op::Colon | Op::CloseBracket) => Ok(None),
            _ => self.expression().map(Some),
        }
    }

    fn primary(&mut self) -> Result<Node> {
        let at = self.at();
        let expr = match *self.kind() {
            TokenKind::Number(number) => Expr::Number(number),
            TokenKind::Text(written) => Expr::Text(unescape(written)),
            TokenKind::Regex { pattern, flags } if !is_regex(pattern, flags) => {
                return Err(self.fail("Invalid regular-expression literal"));
            }
            TokenKind::Regex { pattern, flags } => Expr::Regex(Box::new(Regex {
                pattern: pattern.into(),
                flags: flags.into(),
            })),
            TokenKind::Name("true") => Expr::Bool(true),
            TokenKind::Name("false") => Expr::Bool(false),
            TokenKind::Name("none" | "null") => Expr::Null,
            TokenKind::Name(_) => {
                let (_, name) = self.word()?;
                let expr = Expr::Name(name);
                return Ok(Node { expr, at });
            }
            TokenKind::Op(op @ (Op::OpenParen | Op::OpenBracket | Op::OpenBrace)) => {
                self.index += 1;
                let expr = self.nested(|parser| parser.bracketed(op))?;
                return Ok(Node { expr, at });
            }
            TokenKind::End => {
                return Err(self.fail("Unexpected expression token at end of input"));
            }
            other @ TokenKind::Op(_) => {
                return Err(self.fail(format!("Unexpected expression token {}", show(other))));
            }
        };
        self.index += 1;
        Ok(Node { expr, at })
    }

    fn bracketed(&mut self, open: Op) -> Result<Expr> {
        match open {
            Op::OpenParen => {
                let nodes = self.list(Op::CloseParen)?;
                if nodes.is_empty() {
                    return Err(self.fail("Parenthesized expression cannot be empty"));
                }
                Ok(Expr::Group(nodes.into()))
            }
            Op::OpenBracket => Ok(Expr::Array(self.list(Op::CloseBracket)?.into())),
            _ => self.object(),
        }
    }

    fn list(&mut self, close: Op) -> Result<Vec<Node>> {
        let mut nodes = Vec::new();
        if self.take(close) {
            return Ok(nodes);
        }
        loop {
            nodes.push(self.expression()?);
            if !self.take(Op::Comma) {
                self.expect(close)?;
                return Ok(nodes);
            }
        }
    }

    fn object(&mut self) -> Result<Expr> {
        let mut pairs = Vec::new();
        if self.take(Op::CloseBrace) {
            return Ok(Expr::Object(pairs.into()));
        }
        loop {
            let at = self.at();
            let key: Rc<str> = match *self.kind() {
                TokenKind::Text(written) => {
                    self.index += 1;
                    unescape(written)
                }
                TokenKind::Name(name) if !matches!(name, "true" | "false" | "null" | "none") => {
                    self.name()?
                }
                _ => return Err(self.fail("Dictionary keys must be strings or names")),
            };
            if RESERVED.contains(&&*key) {
                return Err(key_error(at, &key));
            }
            self.expect(Op::Colon)?;
            pairs.push((key, self.expression()?));
            if !self.take(Op::Comma) {
                self.expect(Op::CloseBrace)?;
                return Ok(Expr::Object(pairs.into()));
            }
        }
    }

    /// Arguments up to the closing parenthesis.
    pub(in crate::scaffolder::expr) fn arguments(&mut self) -> Result<Args> {
        let mut args = Args::default();
        if self.take(Op::CloseParen) {
            return Ok(args);
        }
        loop {
            let named = matches!(self.kind(), TokenKind::Name(_))
                && matches!(self.peek(1), Some(token) if token.kind == TokenKind::Op(Op::Assign));
            if named {
                let name = self.name()?;
                self.expect(Op::Assign)?;
                args.keyword.push((name, self.expression()?));
            } else {
                args.positional.push(self.expression()?);
            }
            if !self.take(Op::Comma) {
                self.expect(Op::CloseParen)?;
                return Ok(args);
            }
        }
    }
}
