//! Pieces → statements.

use std::rc::Rc;

use super::ast::{Body, Expr, Macro, Node, Program, SetValue, Statement, StatementKind};
use super::fault::{Error, MAX_DEPTH};
use super::parser::Parser;
use super::scan::{Piece, PieceKind, scan};
use super::{Engine, Options};

/// Tags that end or continue a body.
const STOPS: [&str; 12] = [
    "else",
    "elif",
    "elseif",
    "endif",
    "endfor",
    "endmacro",
    "endcall",
    "endfilter",
    "endset",
    "endswitch",
    "case",
    "default",
];

/// Tags that are nothing but their name.
const BARE: [&str; 11] = [
    "else",
    "endif",
    "endfor",
    "endeach",
    "endall",
    "endmacro",
    "endcall",
    "endfilter",
    "endset",
    "endswitch",
    "default",
];

type Result<T> = std::result::Result<T, Error>;

/// Reads a template.
pub(super) fn parse(source: &str, options: Options) -> Result<Program> {
    let pieces = scan(source, options)?;
    let mut reader = Reader {
        pieces: &pieces,
        index: 0,
        depth: 0,
        options,
        blocks: Vec::new(),
        macros: 0,
        mutates: false,
    };
    let (body, stop) = reader.body(&[])?;
    if let Some(stop) = stop {
        return Err(stop.fail(format!("Unexpected {:?} tag", stop.name)));
    }
    Ok(Program {
        body,
        mutates: reader.mutates,
    })
}

/// A `{% %}` tag: its name and what follows it.
#[derive(Clone, Copy)]
struct Tag<'a> {
    name: &'a str,
    rest: &'a str,
    rest_at: usize,
    at: usize,
}

impl<'a> Tag<'a> {
    fn new(inside: &'a str, inside_at: usize, at: usize) -> Self {
        let length = inside
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
            .count();
        let (name, rest) = inside.split_at_checked(length).unwrap_or((inside, ""));
        Self {
            name,
            rest,
            rest_at: inside_at + length,
            at,
        }
    }

    fn fail(&self, message: impl Into<String>) -> Error {
        Error {
            at: self.at,
            message: message.into(),
        }
    }
}

struct Reader<'p, 'a> {
    pieces: &'p [Piece<'a>],
    index: usize,
    depth: u32,
    options: Options,
    /// The names of the blocks there are.
    blocks: Vec<&'a str>,
    /// How many macros were declared so far.
    macros: usize,
    mutates: bool,
}

impl<'a> Reader<'_, 'a> {
    /// Statements up to one of the tags in `stops`, or to the end.
    fn body(&mut self, stops: &[&str]) -> Result<(Body, Option<Tag<'a>>)> {
        self.depth += 1;
        let mut body = Body::new();
        while let Some(piece) = self.pieces.get(self.index) {
            self.index += 1;
            let kind = match &piece.kind {
                PieceKind::Text(text) => StatementKind::Text(text.as_str().into()),
                PieceKind::Variable(code, at) => StatementKind::Output(self.whole(code, *at)?),
                PieceKind::Block(inside, at) => {
                    let tag = Tag::new(inside, *at, piece.at);
                    if stops.contains(&tag.name) {
                        if BARE.contains(&tag.name) && !tag.rest.trim().is_empty() {
                            let name = tag.name;
                            return Err(tag.fail(format!("{name} takes nothing behind it")));
                        }
                        self.depth -= 1;
                        return Ok((body, Some(tag)));
                    }
                    if self.depth > MAX_DEPTH {
                        return Err(tag.fail("The template is nested too deeply"));
                    }
                    self.statement(tag)?
                }
            };
            body.push(Statement { kind, at: piece.at });
        }
        self.depth -= 1;
        Ok((body, None))
    }

    /// Like [`Self::body`], but one of `stops` must come.
    fn until(&mut self, open: &Tag<'a>, stops: &[&str]) -> Result<(Body, Tag<'a>)> {
        let (body, stop) = self.body(stops)?;
        let stop = stop.ok_or_else(|| open.fail(format!("Missing end{} tag", open.name)))?;
        Ok((body, stop))
    }

    /// A body whose text is kept: the newer engine has no macros in there.
    fn captured(&mut self, open: &Tag<'a>, end: &str) -> Result<Body> {
        let before = self.macros;
        let (body, _) = self.until(open, &[end])?;
        if self.macros > before && self.options.engine == Engine::Current {
            return Err(open.fail(format!(
                "Macro declarations are not supported inside {} captures",
                open.name
            )));
        }
        Ok(body)
    }

    fn statement(&mut self, tag: Tag<'a>) -> Result<StatementKind> {
        let older = self.options.engine == Engine::Legacy;
        match tag.name {
            "if" => self.conditional(&tag, &tag),
            "ifAsync" if older => self.conditional(&tag, &tag),
            "for" => self.repeat(&tag, "endfor"),
            "asyncEach" if older => self.repeat(&tag, "endeach"),
            "asyncAll" if older => self.repeat(&tag, "endall"),
            "set" => self.assign(&tag),
            "macro" => self.define(&tag),
            "call" => self.call(&tag),
            "filter" => self.filter(&tag),
            "block" => {
                let name = tag.rest.trim();
                let is_name = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
                let is_word = matches!(name, "true" | "false" | "none" | "null");
                if is_word
                    || name.starts_with(|c: char| c.is_ascii_digit())
                    || !name.chars().all(is_name)
                    || name.is_empty()
                {
                    return Err(tag.fail("Block name must be an identifier"));
                }
                if self.blocks.contains(&name) {
                    return Err(tag.fail(format!("Block {name:?} is declared more than once")));
                }
                self.blocks.push(name);
                let (body, end) = self.until(&tag, &["endblock"])?;
                if !matches!(end.rest.trim(), "") && end.rest.trim() != name {
                    return Err(end.fail("Endblock name must match its opening block"));
                }
                Ok(StatementKind::Block(body))
            }
            "switch" => self.switch(&tag),
            "include" | "import" | "from" | "extends" if older && !tag.rest.trim().is_empty() => {
                let why = format!("Unsupported template-loading tag {:?}", tag.name);
                Ok(StatementKind::Fails(why.into()))
            }
            "include" | "import" | "from" | "extends" => {
                Err(tag.fail(format!("Unsupported template-loading tag {:?}", tag.name)))
            }
            "" => Err(tag.fail("Template block tag cannot be empty")),
            name if STOPS.contains(&name) => Err(tag.fail(format!(
                "Unexpected {name:?} tag without a matching opening tag"
            ))),
            name => Err(tag.fail(format!("Unknown template tag {name:?}"))),
        }
    }

    fn conditional(&mut self, tag: &Tag<'a>, open: &Tag<'a>) -> Result<StatementKind> {
        let condition = self.whole(tag.rest, tag.rest_at)?;
        let (then, stop) = self.until(open, &["elif", "elseif", "else", "endif"])?;
        let otherwise = match stop.name {
            "elif" | "elseif" => {
                // A chain of branches nests in the tree as it does in nunjucks.
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(stop.fail("The template is nested too deeply"));
                }
                let kind = self.conditional(&stop, open)?;
                self.depth -= 1;
                vec![Statement { kind, at: stop.at }]
            }
            "else" => self.until(open, &["endif"])?.0,
            _ => Body::new(),
        };
        Ok(StatementKind::If {
            condition,
            then,
            otherwise,
        })
    }

    fn repeat(&mut self, tag: &Tag<'a>, end: &str) -> Result<StatementKind> {
        let mut parser = Parser::new(tag.rest, tag.rest_at, self.options)?;
        let targets = parser.targets()?;
        if !parser.take_word("in") {
            return Err(tag.fail("For tag requires an in expression"));
        }
        let over = parser.whole()?;
        self.mutates |= parser.mutates;
        if matches!(&targets[..], [one] if &**one == "loop") {
            return Err(tag.fail("A single loop target cannot be named loop"));
        }
        let (body, stop) = self.until(tag, &["else", end])?;
        let otherwise = match stop.name {
            "else" => self.until(tag, &[end])?.0,
            _ => Body::new(),
        };
        Ok(StatementKind::For {
            targets,
            over,
            body,
            otherwise,
        })
    }

    fn assign(&mut self, tag: &Tag<'a>) -> Result<StatementKind> {
        let mut parser = Parser::new(tag.rest, tag.rest_at, self.options)?;
        let targets = parser.targets()?;
        let value = if parser.take("=") {
            let value = parser.whole()?;
            self.mutates |= parser.mutates;
            SetValue::Expr(value)
        } else {
            parser.end()?;
            SetValue::Body(self.captured(tag, "endset")?)
        };
        Ok(StatementKind::Set { targets, value })
    }

    fn define(&mut self, tag: &Tag<'a>) -> Result<StatementKind> {
        let mut parser = Parser::new(tag.rest, tag.rest_at, self.options)?;
        let name = parser.name()?;
        if !parser.take("(") {
            return Err(tag.fail("Invalid macro signature"));
        }
        let (params, defaults) = signature(&mut parser)?;
        parser.end()?;
        self.mutates |= parser.mutates;
        self.macros += 1;
        let (body, _) = self.until(tag, &["endmacro"])?;
        Ok(StatementKind::Macro(Rc::new(Macro {
            name,
            params,
            defaults,
            body,
            is_caller: false,
        })))
    }

    fn call(&mut self, tag: &Tag<'a>) -> Result<StatementKind> {
        let mut parser = Parser::new(tag.rest, tag.rest_at, self.options)?;
        let (params, defaults) = if parser.take("(") {
            signature(&mut parser)?
        } else {
            (Vec::new(), Vec::new())
        };
        let target = parser.whole()?;
        self.mutates |= parser.mutates;
        let Expr::Call { callee, args } = target.expr else {
            return Err(tag.fail("Call block requires a function call"));
        };
        let (body, _) = self.until(tag, &["endcall"])?;
        Ok(StatementKind::CallBlock {
            callee: *callee,
            args,
            caller: Rc::new(Macro {
                name: "caller".into(),
                params,
                defaults,
                body,
                is_caller: true,
            }),
        })
    }

    fn filter(&mut self, tag: &Tag<'a>) -> Result<StatementKind> {
        let mut parser = Parser::new(tag.rest, tag.rest_at, self.options)?;
        let (name, args) = parser.filter()?;
        parser.end()?;
        self.mutates |= parser.mutates;
        let body = self.captured(tag, "endfilter")?;
        Ok(StatementKind::FilterBlock { name, args, body })
    }

    fn switch(&mut self, tag: &Tag<'a>) -> Result<StatementKind> {
        let value = self.whole(tag.rest, tag.rest_at)?;
        let stops = ["case", "default", "endswitch"];
        // The older engine drops what stands before the first case.
        let (before, mut stop) = self.until(tag, &stops)?;
        if !before.is_empty() && self.options.engine == Engine::Current {
            return Err(tag.fail("Switch content must begin with case or default"));
        }
        if stop.name == "endswitch" {
            return Err(tag.fail("Switch requires at least one case or default"));
        }
        let mut cases = Vec::new();
        if self.options.engine == Engine::Legacy && stop.name == "default" {
            // The older engine takes the first of them for a case, whose condition is a name.
            stop = Tag {
                name: "case",
                rest: "default",
                ..stop
            };
        }
        while stop.name == "case" {
            let condition = self.whole(stop.rest, stop.rest_at)?;
            let (body, next) = self.until(tag, &stops)?;
            cases.push((condition, body));
            stop = next;
        }
        let otherwise = if stop.name == "default" {
            self.until(tag, &["endswitch"])?.0
        } else {
            Body::new()
        };
        Ok(StatementKind::Switch {
            value,
            cases,
            otherwise,
        })
    }

    fn whole(&mut self, code: &'a str, at: usize) -> Result<Node> {
        let mut parser = Parser::new(code, at, self.options)?;
        let node = parser.whole()?;
        self.mutates |= parser.mutates;
        Ok(node)
    }
}

/// Parameters up to the closing parenthesis.
#[expect(
    clippy::type_complexity,
    reason = "two lists that are taken apart at once"
)]
fn signature(parser: &mut Parser<'_>) -> Result<(Vec<Rc<str>>, Vec<(Rc<str>, Node)>)> {
    let args = parser.arguments()?;
    let params = args
        .positional
        .into_iter()
        .map(|node| match node.expr {
            Expr::Name(name) => Ok(name),
            _ => Err(Error {
                at: node.at,
                message: "Formal parameters must be names".to_owned(),
            }),
        })
        .collect::<Result<_>>()?;
    Ok((params, args.keyword))
}
