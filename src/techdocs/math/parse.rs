//! TeX → a tree. Only what is known is read: anything else makes the formula unknown.

use super::letter::Alphabet;
use super::symbol::{self, Kind};

/// How deep groups may lie in each other.
const MAX_DEPTH: usize = 32;

/// A piece of a formula.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// Letters, digits and signs that stand close together.
    Word(String),
    /// A sign with space around it: `=`, `≤`.
    Relation(String),
    /// A sign with space around it where something stands before it: `+`, `-`.
    Operator(String),
    /// Space.
    Space,
    /// What stands in braces.
    Group(Vec<Node>),
    /// A fraction.
    Fraction(Vec<Node>, Vec<Node>),
    /// A root, with its degree.
    Root(Option<Vec<Node>>, Vec<Node>),
    /// Something with what stands below and above it on its right; over and under it where `limits` says so.
    Scripts {
        /// What carries them.
        base: Box<Node>,
        /// Below.
        sub: Option<Vec<Node>>,
        /// Above.
        sup: Option<Vec<Node>>,
        /// Whether they stand over and under the base in a formula that stands alone.
        limits: bool,
    },
    /// A letter with a sign over it.
    Accent(char, Vec<Node>),
    /// Rows of cells between two fences.
    Rows {
        /// The fence before them.
        open: Fence,
        /// The fence behind them.
        close: Fence,
        /// Each row's cells.
        rows: Vec<Vec<Vec<Node>>>,
    },
}

/// What stands beside rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fence {
    /// Nothing, and cells stand close together.
    None,
    /// `( )`.
    Round,
    /// `[ ]`.
    Square,
    /// `{ }`.
    Curly,
    /// `| |`.
    Bar,
    /// `‖ ‖`.
    Double,
}

/// The tree of a formula; `None` where it is not understood.
pub(super) fn parse(tex: &str) -> Option<Vec<Node>> {
    let mut parser = Parser {
        rest: tex,
        depth: 0,
        alphabet: Alphabet::Plain,
    };
    let rows = parser.rows(&End::Formula)?;
    let is_single = rows.len() == 1 && rows.first().is_some_and(|row| row.len() == 1);
    if is_single {
        return rows.into_iter().flatten().next();
    }
    Some(vec![Node::Rows {
        open: Fence::None,
        close: Fence::None,
        rows,
    }])
}

/// What ends a run of nodes.
#[derive(Debug, PartialEq, Eq)]
enum End<'t> {
    Formula,
    Brace,
    Bracket,
    Environment(&'t str),
}

struct Parser<'t> {
    rest: &'t str,
    depth: usize,
    alphabet: Alphabet,
}

impl<'t> Parser<'t> {
    /// The rows of cells up to `end`, which is taken.
    fn rows(&mut self, end: &End<'_>) -> Option<Vec<Vec<Vec<Node>>>> {
        let mut rows = vec![vec![Vec::new()]];
        loop {
            self.skip_space();
            if self.ends(end)? {
                break;
            }
            if self.take("\\\\") || self.take("\\cr") {
                rows.push(vec![Vec::new()]);
            } else if self.take("&") {
                rows.last_mut()?.push(Vec::new());
            } else {
                let cell = rows.last_mut()?.last_mut()?;
                self.node(cell)?;
            }
        }
        // A break behind the last row makes no row.
        if rows.len() > 1 && rows.last().is_some_and(|row| row.iter().all(Vec::is_empty)) {
            rows.pop();
        }
        let says_something = rows.iter().flatten().any(|cell| !cell.is_empty());
        says_something.then_some(rows)
    }

    /// The nodes up to `end`, which is taken.
    fn nodes(&mut self, end: &End<'_>) -> Option<Vec<Node>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut nodes = Vec::new();
        loop {
            self.skip_space();
            if self.ends(end)? {
                break;
            }
            self.node(&mut nodes)?;
        }
        self.depth -= 1;
        Some(nodes)
    }

    /// Whether `end` stands here; then it is taken. `None` where the formula is over before that.
    fn ends(&mut self, end: &End<'_>) -> Option<bool> {
        if self.rest.is_empty() {
            return (*end == End::Formula).then_some(true);
        }
        Some(match end {
            End::Formula => false,
            End::Brace => self.take("}"),
            End::Bracket => self.take("]"),
            End::Environment(name) => {
                let close = format!("\\end{{{name}}}");
                self.take(&close)
            }
        })
    }

    fn take(&mut self, text: &str) -> bool {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.rest.chars().next()?;
        self.rest = self.rest.get(c.len_utf8()..)?;
        Some(c)
    }

    /// Reads one node behind the others, with its scripts.
    fn node(&mut self, nodes: &mut Vec<Node>) -> Option<()> {
        let c = self.bump()?;
        let node = match c {
            '\\' => match self.command()? {
                Some(node) => node,
                None => return Some(()),
            },
            '{' => Node::Group(self.nodes(&End::Brace)?),
            '^' | '_' => {
                let base = nodes.pop().unwrap_or(Node::Word(String::new()));
                nodes.push(self.scripts(base, c)?);
                return Some(());
            }
            '\'' => {
                let base = nodes.pop()?;
                let prime = vec![Node::Word("′".to_owned())];
                nodes.push(scripted(base, prime, true)?);
                return Some(());
            }
            '}' | '&' | '#' | '%' | '$' => return None,
            '~' => Node::Space,
            '=' | '<' | '>' => Node::Relation(c.to_string()),
            '+' | '-' | '*' => Node::Operator(c.to_string()),
            ',' | ';' => {
                nodes.push(Node::Word(c.to_string()));
                Node::Space
            }
            c => Node::Word(self.alphabet.letter(c).to_string()),
        };
        nodes.push(node);
        Some(())
    }

    /// What stands behind `^` or `_`, on `base`.
    fn scripts(&mut self, base: Node, sign: char) -> Option<Node> {
        let script = self.argument()?;
        scripted(base, script, sign == '^')
    }

    /// One argument: a group, or the next sign alone.
    fn argument(&mut self) -> Option<Vec<Node>> {
        self.skip_space();
        if self.take("{") {
            return self.nodes(&End::Brace);
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut nodes = Vec::new();
        match self.rest.chars().next()? {
            '^' | '_' | '\'' | ']' => return None,
            _ => self.node(&mut nodes)?,
        }
        self.depth -= 1;
        (!nodes.is_empty()).then_some(nodes)
    }

    /// The text of an argument in braces, as it stands.
    fn text(&mut self) -> Option<&'t str> {
        self.skip_space();
        let inner = self.rest.strip_prefix('{')?;
        let end = inner.find(['}', '{', '$', '\\'])?;
        let (text, rest) = inner.split_at_checked(end)?;
        self.rest = rest.strip_prefix('}')?;
        Some(text)
    }

    /// What stands behind a backslash; `Some(None)` where that shows nothing.
    #[expect(
        clippy::option_option,
        reason = "not understood, and understood but nothing to show, differ"
    )]
    fn command(&mut self) -> Option<Option<Node>> {
        let length = self
            .rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(length)?;
        if name.is_empty() {
            return Some(Some(match self.bump()? {
                ',' | ':' | ';' | ' ' => Node::Space,
                '!' => return Some(None),
                c @ ('{' | '}' | '%' | '$' | '#' | '&' | '_') => Node::Word(c.to_string()),
                '|' => Node::Word("‖".to_owned()),
                _ => return None,
            }));
        }
        self.rest = rest;
        if let Some((sign, kind)) = symbol::of(name) {
            let sign = sign.to_owned();
            return Some(Some(match kind {
                Kind::Word => Node::Word(sign),
                Kind::Relation => Node::Relation(sign),
                Kind::Operator => Node::Operator(sign),
                Kind::Big | Kind::Limit => Node::Scripts {
                    base: Box::new(Node::Word(sign)),
                    sub: None,
                    sup: None,
                    limits: true,
                },
                Kind::Name => {
                    self.skip_space();
                    Node::Word(sign)
                }
            }));
        }
        if let Some(accent) = symbol::accent(name) {
            return Some(Some(Node::Accent(accent, self.argument()?)));
        }
        if let Some(alphabet) = Alphabet::of(name) {
            let before = std::mem::replace(&mut self.alphabet, alphabet);
            let inner = self.argument();
            self.alphabet = before;
            return Some(Some(Node::Group(inner?)));
        }
        Some(Some(match name {
            "frac" | "dfrac" | "tfrac" | "cfrac" => {
                Node::Fraction(self.argument()?, self.argument()?)
            }
            "binom" | "dbinom" | "tbinom" => Node::Rows {
                open: Fence::Round,
                close: Fence::Round,
                rows: vec![vec![self.argument()?], vec![self.argument()?]],
            },
            "sqrt" => {
                self.skip_space();
                let degree = if self.take("[") {
                    Some(self.nodes(&End::Bracket)?)
                } else {
                    None
                };
                Node::Root(degree, self.argument()?)
            }
            "text" | "textrm" | "textbf" | "textit" | "texttt" | "mbox" | "operatorname" => {
                Node::Word(self.text()?.to_owned())
            }
            "left" | "right" | "big" | "Big" | "bigg" | "Bigg" | "bigl" | "bigr" | "Bigl"
            | "Bigr" | "middle" => {
                self.skip_space();
                self.take(".");
                return Some(None);
            }
            "quad" | "qquad" | "enspace" | "thinspace" => Node::Space,
            "displaystyle" | "textstyle" | "limits" | "nolimits" | "nonumber" | "notag" => {
                return Some(None);
            }
            "tag" | "label" => {
                self.text()?;
                return Some(None);
            }
            "pmod" => {
                let inner = self.argument()?;
                let mut nodes = vec![Node::Word("(mod".to_owned()), Node::Space];
                nodes.extend(inner);
                nodes.push(Node::Word(")".to_owned()));
                Node::Group(nodes)
            }
            "begin" => self.environment()?,
            _ => return None,
        }))
    }

    fn environment(&mut self) -> Option<Node> {
        let name = self.text()?;
        let plain = name.trim_end_matches('*');
        let (open, close) = match plain {
            "matrix" | "smallmatrix" | "array" | "aligned" | "align" | "split" | "gather"
            | "gathered" | "equation" | "eqnarray" | "alignat" => (Fence::None, Fence::None),
            "pmatrix" => (Fence::Round, Fence::Round),
            "bmatrix" => (Fence::Square, Fence::Square),
            "Bmatrix" => (Fence::Curly, Fence::Curly),
            "vmatrix" => (Fence::Bar, Fence::Bar),
            "Vmatrix" => (Fence::Double, Fence::Double),
            "cases" => (Fence::Curly, Fence::None),
            _ => return None,
        };
        if matches!(plain, "array" | "alignat") {
            self.text()?;
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let mut rows = self.rows(&End::Environment(name))?;
        self.depth -= 1;
        if matches!(
            plain,
            "aligned" | "align" | "split" | "eqnarray" | "alignat"
        ) {
            // Where rows are aligned shows in a column of its own; between the cells there is no space.
            rows = rows.into_iter().map(joined).collect();
        }
        Some(Node::Rows { open, close, rows })
    }
}

/// The cells of an aligned row as one cell.
fn joined(row: Vec<Vec<Node>>) -> Vec<Vec<Node>> {
    vec![row.into_iter().flatten().collect()]
}

/// `base` with one more script; `None` where it has that already.
fn scripted(base: Node, script: Vec<Node>, above: bool) -> Option<Node> {
    let (base, mut sub, mut sup, limits) = match base {
        Node::Scripts {
            base,
            sub,
            sup,
            limits,
        } => (base, sub, sup, limits),
        other => (Box::new(other), None, None, false),
    };
    let place = if above { &mut sup } else { &mut sub };
    match place {
        // Primes add up, and stand before what is raised.
        Some(before) if above && before.iter().all(is_prime) => before.extend(script),
        Some(_) => return None,
        None => *place = Some(script),
    }
    Some(Node::Scripts {
        base,
        sub,
        sup,
        limits,
    })
}

fn is_prime(node: &Node) -> bool {
    matches!(node, Node::Word(text) if text == "′")
}
