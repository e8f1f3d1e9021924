//! Queries as text: one operation and its fragments.

use std::collections::BTreeMap;
use std::iter::Peekable;
use std::vec::IntoIter;

use serde_json::Value;

/// One operation with the fragments that it uses.
#[derive(Debug)]
pub(super) struct Document {
    /// The variables with their types as written.
    pub(super) variables: BTreeMap<String, String>,
    pub(super) selections: Vec<Selection>,
    pub(super) fragments: BTreeMap<String, Fragment>,
}

/// What is asked of a type wherever the fragment is named.
#[derive(Debug)]
pub(super) struct Fragment {
    pub(super) on: String,
    pub(super) selections: Vec<Selection>,
}

#[derive(Debug)]
pub(super) enum Selection {
    Field {
        alias: String,
        name: String,
        arguments: BTreeMap<String, Argument>,
        include: Option<Argument>,
        selections: Vec<Selection>,
    },
    Spread {
        name: String,
    },
    Inline {
        on: String,
        selections: Vec<Selection>,
    },
}

#[derive(Debug, Clone)]
pub(super) enum Argument {
    Variable(String),
    Literal(Value),
    List(Vec<Argument>),
    Object(BTreeMap<String, Argument>),
}

type Tokens = Peekable<IntoIter<String>>;

/// Reads a query.
pub(super) fn parse(text: &str) -> Result<Document, String> {
    let mut tokens = tokens(text)?.into_iter().peekable();
    let mut document = Document {
        variables: BTreeMap::new(),
        selections: Vec::new(),
        fragments: BTreeMap::new(),
    };
    while let Some(word) = tokens.next() {
        match word.as_str() {
            "query" | "mutation" => {
                if tokens
                    .peek()
                    .is_some_and(|token| token != "{" && token != "(")
                {
                    tokens.next();
                }
                if eat(&mut tokens, "(") {
                    while !eat(&mut tokens, ")") {
                        let (name, kind) = variable(&mut tokens)?;
                        document.variables.insert(name, kind);
                    }
                }
                document.selections = selections(&mut tokens)?;
            }
            "fragment" => {
                let name = next(&mut tokens)?;
                expect(&mut tokens, "on")?;
                let on = next(&mut tokens)?;
                let selections = selections(&mut tokens)?;
                document.fragments.insert(name, Fragment { on, selections });
            }
            other => return Err(format!("unexpected {other}")),
        }
    }
    Ok(document)
}

/// `$name: [Type!]! = default`.
fn variable(tokens: &mut Tokens) -> Result<(String, String), String> {
    expect(tokens, "$")?;
    let name = next(tokens)?;
    expect(tokens, ":")?;
    let kind = type_text(tokens)?;
    if eat(tokens, "=") {
        argument(tokens)?;
    }
    Ok((name, kind))
}

/// A type as it is written.
pub(super) fn type_text(tokens: &mut Tokens) -> Result<String, String> {
    let mut text = if eat(tokens, "[") {
        let inner = type_text(tokens)?;
        expect(tokens, "]")?;
        format!("[{inner}]")
    } else {
        next(tokens)?
    };
    if eat(tokens, "!") {
        text.push('!');
    }
    Ok(text)
}

fn selections(tokens: &mut Tokens) -> Result<Vec<Selection>, String> {
    expect(tokens, "{")?;
    let mut all = Vec::new();
    while !eat(tokens, "}") {
        if eat(tokens, "...") {
            if eat(tokens, "on") {
                let on = next(tokens)?;
                let selections = selections(tokens)?;
                all.push(Selection::Inline { on, selections });
            } else {
                all.push(Selection::Spread {
                    name: next(tokens)?,
                });
            }
            continue;
        }
        let mut name = next(tokens)?;
        let alias = name.clone();
        if eat(tokens, ":") {
            name = next(tokens)?;
        }
        let arguments = arguments(tokens)?;
        let mut include = None;
        if eat(tokens, "@") {
            expect(tokens, "include")?;
            include = self::arguments(tokens)?.remove("if");
        }
        let nested = tokens.peek().is_some_and(|token| token == "{");
        let selections = if nested {
            selections(tokens)?
        } else {
            Vec::new()
        };
        all.push(Selection::Field {
            alias,
            name,
            arguments,
            include,
            selections,
        });
    }
    Ok(all)
}

fn arguments(tokens: &mut Tokens) -> Result<BTreeMap<String, Argument>, String> {
    let mut all = BTreeMap::new();
    if eat(tokens, "(") {
        while !eat(tokens, ")") {
            let name = next(tokens)?;
            expect(tokens, ":")?;
            all.insert(name, argument(tokens)?);
        }
    }
    Ok(all)
}

fn argument(tokens: &mut Tokens) -> Result<Argument, String> {
    let token = next(tokens)?;
    Ok(match token.as_str() {
        "$" => Argument::Variable(next(tokens)?),
        "[" => {
            let mut items = Vec::new();
            while !eat(tokens, "]") {
                items.push(argument(tokens)?);
            }
            Argument::List(items)
        }
        "{" => {
            let mut fields = BTreeMap::new();
            while !eat(tokens, "}") {
                let name = next(tokens)?;
                expect(tokens, ":")?;
                fields.insert(name, argument(tokens)?);
            }
            Argument::Object(fields)
        }
        // Numbers, strings, true, false and null are JSON; any other word is the name of an enum's value.
        text => Argument::Literal(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))),
    })
}

/// The words and signs of a text, without comments and commas.
pub(super) fn tokens(text: &str) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '#' => {
                rest = rest.split_once('\n').map_or("", |(_, rest)| rest);
                continue;
            }
            c if c.is_whitespace() || c == ',' => {
                rest = rest.trim_start_matches([' ', '\n', '\t', '\r', ',']);
                continue;
            }
            '.' if rest.starts_with("...") => 3,
            '"' => {
                let inner = rest.strip_prefix('"').and_then(|rest| rest.find('"'));
                2 + inner.ok_or("a string without an end")?
            }
            c if "{}()[]:!$@=|&".contains(c) => 1,
            c if c.is_ascii_alphanumeric() || c == '_' || c == '-' => rest
                .find(|c: char| !c.is_ascii_alphanumeric() && !"_-.".contains(c))
                .unwrap_or(rest.len()),
            c => return Err(format!("unexpected {c}")),
        };
        let (token, behind) = rest.split_at(length);
        tokens.push(token.to_owned());
        rest = behind;
    }
    Ok(tokens)
}

pub(super) fn eat(tokens: &mut Tokens, wanted: &str) -> bool {
    tokens.next_if(|token| token == wanted).is_some()
}

pub(super) fn expect(tokens: &mut Tokens, wanted: &str) -> Result<(), String> {
    let found = next(tokens)?;
    if found == wanted {
        return Ok(());
    }
    Err(format!("expected {wanted}, found {found}"))
}

pub(super) fn next(tokens: &mut Tokens) -> Result<String, String> {
    tokens.next().ok_or_else(|| "it ends too early".to_owned())
}
