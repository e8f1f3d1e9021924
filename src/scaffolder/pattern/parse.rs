//! Reads how a pattern is built. What stands for one character is left to `regress`, and so is whether the whole is a
//! pattern at all: what is wrongly written here may be read as anything.

use std::collections::HashMap;
use std::ops::Range;

use super::set::Set;

/// How deep groups nest.
const MAX_DEPTH: u32 = 60;

/// A pattern in parts.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) node: Node,
    /// How many groups it has, the whole among them.
    pub(super) groups: usize,
    pub(super) names: Vec<(String, usize)>,
    /// `m`: lines begin and end.
    pub(super) multiline: bool,
    /// `i`: references back find any case.
    pub(super) any_case: bool,
}

/// A part of a pattern.
#[derive(Debug)]
pub(super) enum Node {
    One(Set),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Group(usize, Box<Node>),
    Repeat(Box<Repeat>),
    Start,
    End,
    Boundary {
        negative: bool,
    },
    Look {
        behind: bool,
        negative: bool,
        node: Box<Node>,
    },
    /// What a group found, once more.
    Back(usize),
}

/// A part that is there several times.
#[derive(Debug)]
pub(super) struct Repeat {
    pub(super) node: Node,
    pub(super) min: u32,
    pub(super) max: u32,
    pub(super) greedy: bool,
    /// The groups inside.
    pub(super) groups: Range<usize>,
}

/// Reads `source`; `None` where it nests too deeply or is no pattern.
pub(super) fn parse(source: &str, flags: &str) -> Option<Parsed> {
    let mut reader = Reader {
        source,
        at: 0,
        flags,
        total: 1,
        next: 1,
        names: Vec::new(),
        sets: HashMap::new(),
    };
    reader.count();
    let node = reader.choice(0)?;
    if reader.at < source.len() {
        return None;
    }
    Some(Parsed {
        node,
        groups: reader.total,
        names: reader.names,
        multiline: flags.contains('m'),
        any_case: flags.contains('i'),
    })
}

struct Reader<'a> {
    source: &'a str,
    at: usize,
    flags: &'a str,
    /// How many groups there are, and the number of the next.
    total: usize,
    next: usize,
    names: Vec<(String, usize)>,
    /// What was asked already.
    sets: HashMap<&'a str, Set>,
}

impl<'a> Reader<'a> {
    /// Counts groups and takes down their names: a reference back may stand before its group.
    fn count(&mut self) {
        let (mut rest, mut in_class) = (self.source, false);
        while let Some(c) = rest.chars().next() {
            let mut length = c.len_utf8();
            match c {
                '\\' => length += rest.chars().nth(1).map_or(0, char::len_utf8),
                '[' => in_class = true,
                ']' => in_class = false,
                '(' if !in_class => {
                    let named = rest
                        .strip_prefix("(?<")
                        .filter(|rest| !rest.starts_with(['=', '!']));
                    if let Some((name, _)) = named.and_then(|rest| rest.split_once('>')) {
                        self.names.push((name.to_owned(), self.total));
                    }
                    if named.is_some() || !rest.starts_with("(?") {
                        self.total += 1;
                    }
                }
                _ => {}
            }
            rest = rest.get(length..).unwrap_or_default();
        }
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn unicode(&self) -> bool {
        self.flags.contains(['u', 'v'])
    }

    fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.at += text.len();
        }
        found
    }

    fn choice(&mut self, depth: u32) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        let mut all = vec![self.sequence(depth)?];
        while self.eat("|") {
            all.push(self.sequence(depth)?);
        }
        if all.len() > 1 {
            return Some(Node::Choice(all));
        }
        all.pop()
    }

    fn sequence(&mut self, depth: u32) -> Option<Node> {
        let mut all = Vec::new();
        while !self.rest().is_empty() && !self.rest().starts_with(['|', ')']) {
            let first = self.next;
            let node = self.term(depth)?;
            all.push(self.repeated(node, first));
        }
        Some(Node::Sequence(all))
    }

    fn term(&mut self, depth: u32) -> Option<Node> {
        for (text, behind, negative) in [
            ("(?=", false, false),
            ("(?!", false, true),
            ("(?<=", true, false),
            ("(?<!", true, true),
        ] {
            if self.eat(text) {
                let node = Box::new(self.closed(depth)?);
                return Some(Node::Look {
                    behind,
                    negative,
                    node,
                });
            }
        }
        if self.eat("^") {
            return Some(Node::Start);
        }
        if self.eat("$") {
            return Some(Node::End);
        }
        if self.eat("(?:") {
            return self.closed(depth);
        }
        if self.eat("(") {
            if self.eat("?<") {
                self.at += self.rest().find('>')? + 1;
            } else if self.rest().starts_with('?') {
                return None;
            }
            let number = self.next;
            self.next += 1;
            return Some(Node::Group(number, Box::new(self.closed(depth)?)));
        }
        if self.eat("\\b") {
            return Some(Node::Boundary { negative: false });
        }
        if self.eat("\\B") {
            return Some(Node::Boundary { negative: true });
        }
        if let Some(number) = self.reference() {
            return Some(Node::Back(number));
        }
        self.one().map(Node::One)
    }

    fn closed(&mut self, depth: u32) -> Option<Node> {
        let node = self.choice(depth + 1)?;
        self.eat(")").then_some(node)
    }

    /// `\1`, `\k<name>`. A number behind the last group is an escaped character, where that is allowed.
    fn reference(&mut self) -> Option<usize> {
        let rest = self.rest().strip_prefix('\\')?;
        if let Some(rest) = rest.strip_prefix("k<")
            && let Some((name, _)) = rest.split_once('>')
            && let Some((_, number)) = self.names.iter().find(|(own, _)| own == name)
        {
            self.at += name.len() + 4;
            return Some(*number);
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let number: usize = rest.get(..digits)?.parse().ok()?;
        if rest.starts_with('0') || number >= self.total {
            return None;
        }
        self.at += 1 + digits;
        Some(number)
    }

    /// What stands for one character.
    fn one(&mut self) -> Option<Set> {
        let rest = self.rest();
        let first = rest.chars().next()?;
        let length = match first {
            '[' => class(rest, self.flags.contains('v'))?,
            '\\' => self.escape(rest)?,
            c => c.len_utf8(),
        };
        self.at += length;
        let plain = !matches!(first, '[' | '\\' | '.') && !self.flags.contains('i');
        if plain {
            return Some(Set::only(first));
        }
        let source = rest.get(..length)?;
        if let Some(known) = self.sets.get(source) {
            return Some(known.clone());
        }
        let set = Set::read(source, self.flags)?;
        self.sets.insert(source, set.clone());
        Some(set)
    }

    /// How long the escape is that `rest` begins with, in bytes.
    fn escape(&self, rest: &str) -> Option<usize> {
        let mut letters = rest.chars().skip(1);
        let first = letters.next()?;
        let digits = |from: usize, most: usize, is: fn(&u8) -> bool| {
            let found = rest.bytes().skip(from).take(most).take_while(is).count();
            from + found
        };
        let hex = |from: usize, count: usize| {
            let end = digits(from, count, u8::is_ascii_hexdigit);
            (end == from + count).then_some(end)
        };
        let braced = || rest.find('}').map(|end| end + 1);
        Some(match first {
            'x' => hex(2, 2).unwrap_or(2),
            'u' if self.unicode() && rest.starts_with("\\u{") => braced()?,
            'u' => {
                let end = hex(2, 4).unwrap_or(2);
                let high = rest.get(2..6).is_some_and(|code| {
                    let code = u32::from_str_radix(code, 16).unwrap_or_default();
                    (0xd800..0xdc00).contains(&code)
                });
                let second = rest.get(end..).is_some_and(|rest| rest.starts_with("\\u"));
                if self.unicode() && high && second {
                    hex(end + 2, 4).unwrap_or(end)
                } else {
                    end
                }
            }
            'p' | 'P' if self.unicode() => braced()?,
            'c' => 3,
            '0'..='3' => digits(1, 3, |byte| matches!(byte, b'0'..=b'7')),
            '4'..='7' => digits(1, 2, |byte| matches!(byte, b'0'..=b'7')),
            c => 1 + c.len_utf8(),
        })
    }

    /// `node` as often as what stands behind it says; the groups inside begin with number `first`.
    fn repeated(&mut self, node: Node, first: usize) -> Node {
        let Some((min, max, length)) = quantifier(self.rest()) else {
            return node;
        };
        self.at += length;
        let greedy = !self.eat("?");
        Node::Repeat(Box::new(Repeat {
            node,
            min,
            max,
            greedy,
            groups: first..self.next,
        }))
    }
}

/// How long the class is that `rest` begins with, in bytes; with `v` classes stand in classes.
fn class(rest: &str, nested: bool) -> Option<usize> {
    let mut depth = 0_usize;
    let mut letters = rest.char_indices();
    while let Some((at, c)) = letters.next() {
        match c {
            '\\' => {
                letters.next();
            }
            '[' if nested || depth == 0 => depth += 1,
            ']' if depth == 1 => return Some(at + 1),
            ']' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// How often, at least and at most, and how long that is written.
fn quantifier(rest: &str) -> Option<(u32, u32, usize)> {
    match rest.chars().next()? {
        '*' => return Some((0, u32::MAX, 1)),
        '+' => return Some((1, u32::MAX, 1)),
        '?' => return Some((0, 1, 1)),
        '{' => {}
        _ => return None,
    }
    let (inside, _) = rest.get(1..)?.split_once('}')?;
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().unwrap_or(u32::MAX))
    };
    let (min, max) = match inside.split_once(',') {
        None => (number(inside)?, number(inside)?),
        Some((min, "")) => (number(min)?, u32::MAX),
        Some((min, max)) => (number(min)?, number(max)?),
    };
    Some((min, max, inside.len() + 2))
}
