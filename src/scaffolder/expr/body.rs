//! Pieces → statements.

use std::rc::Rc;

use super::ast::{
    Body, CallBlock, Expr, FilterBlock, For, If, Macro, Node, Program, Set, SetValue, Span,
    Statement, StatementKind, Switch,
};
use super::fault::{Error, MAX_DEPTH};
use super::lexer::{Op, Token};
use super::parser::{Notes, Parser};
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
    if u32::try_from(source.len()).is_err() {
        return Err(Error {
            at: 0,
            message: "The template is too long".to_owned(),
        });
    }
    let pieces = scan(source, options)?;
    let mut reader = Reader {
        source,
        pieces: pieces.into_iter(),
        depth: 0,
        options,
        blocks: Vec::new(),
        macros: 0,
        space: Vec::new(),
        notes: Notes::default(),
    };
    let (body, stop) = reader.body(&[])?;
    if let Some(stop) = stop {
        return Err(stop.fail(format!("Unexpected {:?} tag", stop.name)));
    }
    Ok(Program {
        body,
        mutates: reader.notes.mutates,
    })
}

/// A `{% %}` tag: its name and what follows it.
#[derive(Clone, Copy)]
struct Tag<'a> {
    name: &'a str,
    name_at: Span,
    rest: Span,
    at: u32,
}

impl<'a> Tag<'a> {
    fn new(source: &'a str, inside: Span, at: u32) -> Self {
        let text = inside.of(source);
        let length = text
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || *b == b'_')
            .count();
        let (name_at, rest) = inside.split(length);
        Self {
            name: name_at.of(source),
            name_at,
            rest,
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

struct Reader<'a> {
    source: &'a str,
    pieces: std::vec::IntoIter<Piece>,
    depth: u32,
    options: Options,
    /// The names of the blocks there are.
    blocks: Vec<&'a str>,
    /// How many macros were declared so far.
    macros: usize,
    /// Room for the tokens of one tag.
    space: Vec<Token<'a>>,
    notes: Notes,
}

impl<'a> Reader<'a> {
    /// Statements up to one of the tags in `stops`, or to the end.
    fn body(&mut self, stops: &[&str]) -> Result<(Body, Option<Tag<'a>>)> {
        self.depth += 1;
        let mut body = Body::new();
        while let Some(piece) = self.pieces.next() {
            let kind = match piece.kind {
                PieceKind::Text => StatementKind::Text(piece.inside),
                PieceKind::Variable => StatementKind::Output(self.whole(piece.inside)?),
                PieceKind::Block => {
                    let tag = Tag::new(self.source, piece.inside, piece.at);
                    if stops.contains(&tag.name) {
                        if BARE.contains(&tag.name) && !self.text(tag.rest).trim().is_empty() {
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
                let name = self.text(tag.rest).trim();
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
                let end_name = self.text(end.rest).trim();
                if !end_name.is_empty() && end_name != name {
                    return Err(end.fail("Endblock name must match its opening block"));
                }
                Ok(StatementKind::Block(body))
            }
            "switch" => self.switch(&tag),
            "include" | "import" | "from" | "extends"
                if older && !self.text(tag.rest).trim().is_empty() =>
            {
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
        let condition = self.whole(tag.rest)?;
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
        Ok(StatementKind::If(Box::new(If {
            condition,
            then,
            otherwise,
        })))
    }

    fn repeat(&mut self, tag: &Tag<'a>, end: &str) -> Result<StatementKind> {
        let mut parser = Parser::new(self.source, tag.rest, self.options, &mut self.space)?;
        let targets = parser.targets()?;
        if !parser.take_word("in") {
            return Err(tag.fail("For tag requires an in expression"));
        }
        let over = parser.whole()?;
        self.notes.add(parser.notes);
        if matches!(&targets[..], [one] if &**one == "loop") {
            return Err(tag.fail("A single loop target cannot be named loop"));
        }
        // Only what names the loop needs to be told of it.
        let told_before = std::mem::take(&mut self.notes.tells);
        let (body, stop) = self.until(tag, &["else", end])?;
        let otherwise = match stop.name {
            "else" => self.until(tag, &[end])?.0,
            _ => Body::new(),
        };
        let tells = self.notes.tells;
        self.notes.tells |= told_before;
        Ok(StatementKind::For(Box::new(For {
            targets,
            over,
            body,
            otherwise,
            tells,
        })))
    }

    fn assign(&mut self, tag: &Tag<'a>) -> Result<StatementKind> {
        let mut parser = Parser::new(self.source, tag.rest, self.options, &mut self.space)?;
        let targets = parser.targets()?;
        let value = if parser.take(Op::Assign) {
            let value = parser.whole()?;
            self.notes.add(parser.notes);
            SetValue::Expr(value)
        } else {
            parser.end()?;
            SetValue::Body(self.captured(tag, "endset")?)
        };
        Ok(StatementKind::Set(Box::new(Set { targets, value })))
    }

    fn define(&mut self, tag: &Tag<'a>) -> Result<StatementKind> {
        let mut parser = Parser::new(self.source, tag.rest, self.options, &mut self.space)?;
        let name = parser.name()?;
        if !parser.take(Op::OpenParen) {
            return Err(tag.fail("Invalid macro signature"));
        }
        let (params, defaults) = signature(self.source, &mut parser)?;
        parser.end()?;
        self.notes.add(parser.notes);
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
        let mut parser = Parser::new(self.source, tag.rest, self.options, &mut self.space)?;
        let (params, defaults) = if parser.take(Op::OpenParen) {
            signature(self.source, &mut parser)?
        } else {
            (Vec::new(), Vec::new())
        };
        let target = parser.whole()?;
        self.notes.add(parser.notes);
        let Expr::Call(call) = target.expr else {
            return Err(tag.fail("Call block requires a function call"));
        };
        let (body, _) = self.until(tag, &["endcall"])?;
        let caller = Rc::new(Macro {
            name: "caller".into(),
            params,
            defaults,
            body,
            is_caller: true,
        });
        let call = *call;
        Ok(StatementKind::CallBlock(Box::new(CallBlock {
            call,
            caller,
        })))
    }

    fn filter(&mut self, tag: &Tag<'a>) -> Result<StatementKind> {
        let mut parser = Parser::new(self.source, tag.rest, self.options, &mut self.space)?;
        let (filter, args) = parser.filter()?;
        parser.end()?;
        self.notes.add(parser.notes);
        let body = self.captured(tag, "endfilter")?;
        Ok(StatementKind::FilterBlock(Box::new(FilterBlock {
            filter,
            args,
            body,
        })))
    }

    fn switch(&mut self, tag: &Tag<'a>) -> Result<StatementKind> {
        let value = self.whole(tag.rest)?;
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
                rest: stop.name_at,
                ..stop
            };
        }
        while stop.name == "case" {
            let condition = self.whole(stop.rest)?;
            let (body, next) = self.until(tag, &stops)?;
            cases.push((condition, body));
            stop = next;
        }
        let otherwise = if stop.name == "default" {
            self.until(tag, &["endswitch"])?.0
        } else {
            Body::new()
        };
        Ok(StatementKind::Switch(Box::new(Switch {
            value,
            cases,
            otherwise,
        })))
    }

    fn whole(&mut self, code: Span) -> Result<Node> {
        let mut parser = Parser::new(self.source, code, self.options, &mut self.space)?;
        let node = parser.whole()?;
        self.notes.add(parser.notes);
        Ok(node)
    }

    fn text(&self, span: Span) -> &'a str {
        span.of(self.source)
    }
}

/// Parameters up to the closing parenthesis.
#[expect(
    clippy::type_complexity,
    reason = "two lists that are taken apart at once"
)]
fn signature(
    source: &str,
    parser: &mut Parser<'_, '_>,
) -> Result<(Vec<Rc<str>>, Vec<(Rc<str>, Node)>)> {
    let args = parser.arguments()?;
    let params = args
        .positional
        .into_iter()
        .map(|node| match node.expr {
            Expr::Name(name) => Ok(name.of(source).into()),
            _ => Err(Error {
                at: node.at,
                message: "Formal parameters must be names".to_owned(),
            }),
        })
        .collect::<Result<_>>()?;
    Ok((params, args.keyword))
}
