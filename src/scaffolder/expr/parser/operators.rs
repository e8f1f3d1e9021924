//! Operands and what stands between them, by precedence climbing.

use super::super::ast::{
    BinaryOp, Compare, CompareOp, Expr, Filtered, Is, Node, join, negate, pair,
};
use super::super::fault::Error;
use super::super::lexer::{Op, TokenKind};
use super::super::{Engine, number};
use super::{Parser, Result};

/// How tightly what stands between two operands binds, from loose to tight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Or,
    And,
    Not,
    In,
    Is,
    Equality,
    Relation,
    Sum,
    Product,
    Power,
    /// Nothing stands between.
    Operand,
}

/// What stands between two operands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Infix {
    Or,
    And,
    In,
    NotIn,
    Is,
    Compare(CompareOp),
    Binary(BinaryOp),
    Floor,
}

impl Level {
    /// The next tighter one: that of the right side of an operator of this one.
    fn tighter(self) -> Self {
        match self {
            Self::Or => Self::And,
            Self::And => Self::Not,
            Self::Not => Self::In,
            Self::In => Self::Is,
            Self::Is => Self::Equality,
            Self::Equality => Self::Relation,
            Self::Relation => Self::Sum,
            Self::Sum => Self::Product,
            Self::Product => Self::Power,
            Self::Power | Self::Operand => Self::Operand,
        }
    }
}

impl Parser<'_, '_> {
    /// Operands with operators between them that bind at least as tightly as `least`, by precedence climbing.
    pub(super) fn operators(&mut self, least: Level) -> Result<Node> {
        let at = self.at();
        // What has been read binds this tightly: nothing tighter can follow it.
        let mut most = Level::Power;
        let mut left = if least <= Level::Not && self.take_word("not") {
            most = Level::Not;
            negate(self.nested(|parser| parser.operators(Level::Not))?, at)
        } else {
            self.filtered()?
        };
        let links = self.links;
        while let Some((level, infix)) = self.infix()
            && (least..=most).contains(&level)
        {
            self.index += 1 + usize::from(infix == Infix::NotIn);
            self.link()?;
            most = level;
            left = match infix {
                Infix::Or => pair(left, self.operators(Level::And)?, Expr::Or),
                Infix::And => pair(left, self.operators(Level::Not)?, Expr::And),
                Infix::In => pair(left, self.operators(Level::Is)?, Expr::In),
                Infix::NotIn => join(pair(left, self.operators(Level::Is)?, Expr::In), Expr::Not),
                Infix::Is => {
                    most = Level::In;
                    self.test(left)?
                }
                Infix::Compare(op) => self.compare(left, op, level)?,
                Infix::Binary(op) => {
                    let right = self.operators(level.tighter())?;
                    pair(left, right, |sides| Expr::Binary(op, sides))
                }
                Infix::Floor => {
                    let right = self.operators(level.tighter())?;
                    let divide = |sides| Expr::Binary(BinaryOp::Divide, sides);
                    join(pair(left, right, divide), Expr::Floor)
                }
            };
        }
        self.links = links;
        Ok(left)
    }

    /// What stands between the last operand and the next, if anything does.
    fn infix(&self) -> Option<(Level, Infix)> {
        let op = match *self.kind() {
            TokenKind::Op(op) => op,
            TokenKind::Name("or") => return Some((Level::Or, Infix::Or)),
            TokenKind::Name("and") => return Some((Level::And, Infix::And)),
            TokenKind::Name("in") => return Some((Level::In, Infix::In)),
            TokenKind::Name("is") => return Some((Level::Is, Infix::Is)),
            TokenKind::Name("not") => {
                let next = self.peek(1)?.kind == TokenKind::Name("in");
                return next.then_some((Level::In, Infix::NotIn));
            }
            _ => return None,
        };
        let equality = |op| Some((Level::Equality, Infix::Compare(op)));
        let relation = |op| Some((Level::Relation, Infix::Compare(op)));
        let sum = |op| Some((Level::Sum, Infix::Binary(op)));
        let product = |op| Some((Level::Product, Infix::Binary(op)));
        match op {
            Op::StrictEqual => equality(CompareOp::StrictEqual),
            Op::StrictNotEqual => equality(CompareOp::StrictNotEqual),
            Op::Equal => equality(CompareOp::Equal),
            Op::NotEqual => equality(CompareOp::NotEqual),
            Op::LessOrEqual => relation(CompareOp::LessOrEqual),
            Op::GreaterOrEqual => relation(CompareOp::GreaterOrEqual),
            Op::Less => relation(CompareOp::Less),
            Op::Greater => relation(CompareOp::Greater),
            Op::Plus => sum(BinaryOp::Add),
            Op::Minus => sum(BinaryOp::Subtract),
            Op::Concat => sum(BinaryOp::Concat),
            Op::Times => product(BinaryOp::Multiply),
            Op::Divide => product(BinaryOp::Divide),
            Op::Modulo => product(BinaryOp::Modulo),
            Op::Floor => Some((Level::Product, Infix::Floor)),
            Op::Power => Some((Level::Power, Infix::Binary(BinaryOp::Power))),
            _ => None,
        }
    }

    /// What `is` asks of `value`.
    fn test(&mut self, value: Node) -> Result<Node> {
        let not = self.take_word("not");
        let at = self.at();
        let (test, args) = match self.operators(Level::Equality)?.expr {
            Expr::Name(name) => (name.of(self.source).into(), None),
            Expr::Text(name) => (name, None),
            Expr::Null => ("null".into(), None),
            Expr::Call(call) => match call.callee.expr {
                Expr::Name(name) => (name.of(self.source).into(), Some(call.args)),
                _ => ("undefined".into(), Some(call.args)),
            },
            Expr::Number(number) => (number::print(number).into(), None),
            Expr::Bool(value) => (value.to_string().into(), None),
            Expr::Regex(regex) => (format!("/{}/{}", regex.pattern, regex.flags).into(), None),
            // The outermost filter names the test, and what it filters is the first argument.
            Expr::Filter(filtered) => {
                let Filtered {
                    filter,
                    input,
                    mut args,
                } = *filtered;
                args.positional.insert(0, input);
                if self.options.engine == Engine::Legacy && args.positional.len() > 1 {
                    args.positional =
                        vec![run_together(&args.positional).ok_or_else(|| no_test(at))?];
                }
                (filter.name().into(), Some(args))
            }
            _ => ("undefined".into(), None),
        };
        let test = Node {
            at,
            expr: Expr::Is(Box::new(Is { value, test, args })),
        };
        Ok(if not { join(test, Expr::Not) } else { test })
    }

    /// One or more comparisons of one level: `a < b < c`.
    fn compare(&mut self, first: Node, op: CompareOp, level: Level) -> Result<Node> {
        let mut rest = Vec::with_capacity(1);
        rest.push((op, self.operators(level.tighter())?));
        while let Some((next, Infix::Compare(op))) = self.infix()
            && next == level
        {
            self.index += 1;
            rest.push((op, self.operators(level.tighter())?));
        }
        Ok(Node {
            at: first.at,
            expr: Expr::Compare(Box::new(Compare { first, rest })),
        })
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

fn no_test(at: u32) -> Error {
    Error {
        at,
        message: "Expected the name of a test behind \"is\"".to_owned(),
    }
}
