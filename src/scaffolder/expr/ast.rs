//! The syntax tree. Positions are byte offsets into the template's text.

use std::rc::Rc;

use super::filters::Filter;
use super::value::Regex;

/// A part of the template's text: what a template says in its own words is not copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    /// The `length` bytes from `start` on.
    pub(super) fn new(start: u32, length: usize) -> Self {
        Self {
            start,
            end: start.saturating_add(offset(length)),
        }
    }

    /// Its first `length` bytes, and what follows them.
    pub(super) fn split(self, length: usize) -> (Self, Self) {
        let first = Self::new(self.start, length);
        let rest = Self {
            start: first.end,
            end: self.end,
        };
        (first, rest)
    }

    /// The byte where it begins.
    pub(super) fn start(self) -> u32 {
        self.start
    }

    /// What stands there in `source`.
    pub(super) fn of(self, source: &str) -> &str {
        let range = self.start as usize..self.end as usize;
        source.get(range).unwrap_or_default()
    }
}

/// A byte offset as the tree keeps it; no template is as long as to need more (see `body::parse`).
pub(super) fn offset(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// An expression and where it begins.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) expr: Expr,
    pub(super) at: u32,
}

// Trees are made for each file anew and passed around by value: what is rare or large is behind a pointer.
const _: () = assert!(size_of::<Node>() <= 32 && size_of::<Statement>() <= 40);

/// What an expression is.
#[derive(Debug)]
pub(super) enum Expr {
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    Regex(Box<Regex>),
    Name(Span),
    Array(Box<[Node]>),
    /// `(a, b)`: all are evaluated, the last counts.
    Group(Box<[Node]>),
    Object(Box<[(Rc<str>, Node)]>),
    /// `a.b`
    Member(Box<Node>, Span),
    /// `a[b]`
    Index(Box<(Node, Node)>),
    Slice(Box<Slice>),
    InlineIf(Box<InlineIf>),
    Or(Box<(Node, Node)>),
    And(Box<(Node, Node)>),
    Not(Box<Node>),
    Negative(Box<Node>),
    Positive(Box<Node>),
    Floor(Box<Node>),
    Binary(BinaryOp, Box<(Node, Node)>),
    Compare(Box<Compare>),
    In(Box<(Node, Node)>),
    Is(Box<Is>),
    Filter(Box<Filtered>),
    Call(Box<Call>),
}

/// `target[start:end:step]`
#[derive(Debug)]
pub(super) struct Slice {
    pub(super) target: Node,
    pub(super) start: Option<Node>,
    pub(super) end: Option<Node>,
    pub(super) step: Option<Node>,
}

/// `then if condition else otherwise`
#[derive(Debug)]
pub(super) struct InlineIf {
    pub(super) condition: Node,
    pub(super) then: Node,
    pub(super) otherwise: Option<Node>,
}

/// `a < b < c`, left to right as JavaScript does.
#[derive(Debug)]
pub(super) struct Compare {
    pub(super) first: Node,
    pub(super) rest: Vec<(CompareOp, Node)>,
}

/// `value is test(args)`
#[derive(Debug)]
pub(super) struct Is {
    pub(super) value: Node,
    pub(super) test: Rc<str>,
    pub(super) args: Option<Args>,
}

/// `input | filter(args)`
#[derive(Debug)]
pub(super) struct Filtered {
    pub(super) filter: Filter,
    pub(super) input: Node,
    pub(super) args: Args,
}

/// `callee(args)`
#[derive(Debug)]
pub(super) struct Call {
    pub(super) callee: Node,
    pub(super) args: Args,
}

/// The arguments of a call.
#[derive(Debug, Default)]
pub(super) struct Args {
    pub(super) positional: Vec<Node>,
    pub(super) keyword: Vec<(Rc<str>, Node)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BinaryOp {
    Add,
    Concat,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Power,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CompareOp {
    Equal,
    NotEqual,
    StrictEqual,
    StrictNotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// A run of statements.
pub(super) type Body = Vec<Statement>;

/// A statement and where it begins.
#[derive(Debug)]
pub(super) struct Statement {
    pub(super) kind: StatementKind,
    pub(super) at: u32,
}

/// What a statement is.
#[derive(Debug)]
pub(super) enum StatementKind {
    Text(Span),
    Output(Node),
    If(Box<If>),
    For(Box<For>),
    Set(Box<Set>),
    Macro(Rc<Macro>),
    CallBlock(Box<CallBlock>),
    FilterBlock(Box<FilterBlock>),
    Block(Body),
    /// What only fails when it is come to.
    Fails(Rc<str>),
    Switch(Box<Switch>),
}

/// `{% if %}`, with what an `{% elif %}` leads to as its `otherwise`.
#[derive(Debug)]
pub(super) struct If {
    pub(super) condition: Node,
    pub(super) then: Body,
    pub(super) otherwise: Body,
}

/// `{% for %}`
#[derive(Debug)]
pub(super) struct For {
    pub(super) targets: Vec<Rc<str>>,
    pub(super) over: Node,
    pub(super) body: Body,
    pub(super) otherwise: Body,
    /// Whether the body has a name `loop` in it.
    pub(super) tells: bool,
}

/// `{% set %}`
#[derive(Debug)]
pub(super) struct Set {
    pub(super) targets: Vec<Rc<str>>,
    pub(super) value: SetValue,
}

/// `{% call %}`
#[derive(Debug)]
pub(super) struct CallBlock {
    pub(super) call: Call,
    pub(super) caller: Rc<Macro>,
}

/// `{% filter %}`
#[derive(Debug)]
pub(super) struct FilterBlock {
    pub(super) filter: Filter,
    pub(super) args: Args,
    pub(super) body: Body,
}

/// `{% switch %}`
#[derive(Debug)]
pub(super) struct Switch {
    pub(super) value: Node,
    pub(super) cases: Vec<(Node, Body)>,
    pub(super) otherwise: Body,
}

/// What `{% set %}` assigns.
#[derive(Debug)]
pub(super) enum SetValue {
    Expr(Node),
    Body(Body),
}

/// A macro, or the block that a `{% call %}` hands to one.
#[derive(Debug)]
pub(super) struct Macro {
    pub(super) name: Rc<str>,
    pub(super) params: Vec<Rc<str>>,
    pub(super) defaults: Vec<(Rc<str>, Node)>,
    pub(super) body: Body,
    /// Whether it is the block of a `{% call %}`.
    pub(super) is_caller: bool,
}

/// A whole template.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) body: Body,
    /// Whether it names a method that changes a list: its context must not be shared then.
    pub(super) mutates: bool,
}

/// `not` binds tighter than comparison and arithmetic, as in the JavaScript that nunjucks writes for it.
pub(super) fn negate(target: Node, at: u32) -> Node {
    let expr = match target.expr {
        Expr::Compare(compare) => {
            let Compare { first, rest } = *compare;
            Expr::Compare(Box::new(Compare {
                first: negate(first, at),
                rest,
            }))
        }
        Expr::Binary(op, sides) if op != BinaryOp::Power => {
            let (left, right) = *sides;
            Expr::Binary(op, Box::new((negate(left, at), right)))
        }
        expr => Expr::Not(Box::new(Node {
            expr,
            at: target.at,
        })),
    };
    Node { expr, at }
}

/// A node over `left`, which begins where it does.
pub(super) fn join(left: Node, make: impl FnOnce(Box<Node>) -> Expr) -> Node {
    Node {
        at: left.at,
        expr: make(Box::new(left)),
    }
}

/// A node over two, which begins where the first does.
pub(super) fn pair(left: Node, right: Node, make: impl FnOnce(Box<(Node, Node)>) -> Expr) -> Node {
    Node {
        at: left.at,
        expr: make(Box::new((left, right))),
    }
}
