//! The syntax tree. Positions are byte offsets into the template's text.

use std::rc::Rc;

/// An expression and where it begins.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) expr: Expr,
    pub(super) at: usize,
}

/// What an expression is.
#[derive(Debug)]
pub(super) enum Expr {
    Null,
    Bool(bool),
    Number(f64),
    Text(Rc<str>),
    Regex {
        pattern: Rc<str>,
        flags: Rc<str>,
    },
    Name(Rc<str>),
    Array(Vec<Node>),
    /// `(a, b)`: all are evaluated, the last counts.
    Group(Vec<Node>),
    Object(Vec<(Rc<str>, Node)>),
    Member {
        target: Box<Node>,
        key: Box<Node>,
    },
    Slice {
        target: Box<Node>,
        start: Option<Box<Node>>,
        end: Option<Box<Node>>,
        step: Option<Box<Node>>,
    },
    InlineIf {
        condition: Box<Node>,
        then: Box<Node>,
        otherwise: Option<Box<Node>>,
    },
    Or(Box<Node>, Box<Node>),
    And(Box<Node>, Box<Node>),
    Not(Box<Node>),
    Negative(Box<Node>),
    Positive(Box<Node>),
    Floor(Box<Node>),
    Binary {
        op: BinaryOp,
        left: Box<Node>,
        right: Box<Node>,
    },
    /// `a < b < c`, left to right as JavaScript does.
    Compare {
        first: Box<Node>,
        rest: Vec<(CompareOp, Node)>,
    },
    In(Box<Node>, Box<Node>),
    Is {
        value: Box<Node>,
        test: Rc<str>,
        args: Option<Args>,
    },
    Filter {
        name: Rc<str>,
        input: Box<Node>,
        args: Args,
    },
    Call {
        callee: Box<Node>,
        args: Args,
    },
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
    pub(super) at: usize,
}

/// What a statement is.
#[derive(Debug)]
pub(super) enum StatementKind {
    Text(Rc<str>),
    Output(Node),
    If {
        condition: Node,
        then: Body,
        otherwise: Body,
    },
    For {
        targets: Vec<Rc<str>>,
        over: Node,
        body: Body,
        otherwise: Body,
    },
    Set {
        targets: Vec<Rc<str>>,
        value: SetValue,
    },
    Macro(Rc<Macro>),
    CallBlock {
        callee: Node,
        args: Args,
        caller: Rc<Macro>,
    },
    FilterBlock {
        name: Rc<str>,
        args: Args,
        body: Body,
    },
    Block(Body),
    /// What only fails when it is come to.
    Fails(Rc<str>),
    Switch {
        value: Node,
        cases: Vec<(Node, Body)>,
        otherwise: Body,
    },
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
pub(super) fn negate(target: Node, at: usize) -> Node {
    let expr = match target.expr {
        Expr::Compare { first, rest } => Expr::Compare {
            first: Box::new(negate(*first, at)),
            rest,
        },
        Expr::Binary { op, left, right } if op != BinaryOp::Power => Expr::Binary {
            op,
            left: Box::new(negate(*left, at)),
            right,
        },
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

/// `left op right`.
pub(super) fn binary(op: BinaryOp, left: Node, right: Node) -> Node {
    join(left, |left| Expr::Binary {
        op,
        left,
        right: Box::new(right),
    })
}
