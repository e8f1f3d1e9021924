//! Marks around text that may lie within each other: pymdownx' `PatternSequenceProcessor`, with the regular expressions
//! of its patterns as a list of steps each.

use super::{Found, Inline, Node, Spot};
use crate::techdocs::markdown::dom::{Id, Text};

/// How many steps one attempt may take.
const ATTEMPT: usize = 200_000;

/// What a pattern makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// One element.
    Single(&'static str),
    /// The second within the first, then text: `<a><b>1</b>2</a>`.
    Double(&'static str, &'static str),
    /// Text, then the second within the first: `<a>1<b>2</b></a>`.
    Behind(&'static str, &'static str),
}

/// A step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// So many marks.
    Marks(usize),
    /// Text, as short as it can be.
    Content(Content),
    /// No mark and no letter stands before, or `_` does.
    Opens,
    /// No mark and no letter stands behind, or `_` does.
    Closes,
    /// What must not stand before.
    NotBefore(Kinds),
    /// What must not stand behind.
    NotBehind(Kinds),
}

/// What text may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Anything.
    Any,
    /// Marks only between letters or between spaces.
    Limited,
    /// The mark, or anything without white space.
    Dense,
    /// Marks only in runs of two or more.
    Paired,
    /// The same, without white space.
    DensePaired,
}

/// Kinds of characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kinds {
    pub(super) space: bool,
    pub(super) mark: bool,
    pub(super) word: bool,
}

/// A pattern.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) shape: Shape,
    /// Whether all patterns are tried within it, and not only those after it.
    pub(super) full: bool,
    pub(super) steps: &'static [Step],
}

/// Patterns of one mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sequence {
    pub(super) mark: char,
    pub(super) rules: &'static [Rule],
}

/// Where a pattern ends, and its texts.
struct Match {
    end: usize,
    texts: Vec<(usize, usize)>,
}

/// A pattern being tried.
struct Attempt<'s, 't> {
    spot: &'s Spot<'t>,
    mark: char,
    steps: usize,
}

impl Attempt<'_, '_> {
    fn next(&self, at: usize) -> Option<char> {
        self.spot.text.get(at..)?.chars().next()
    }

    fn is(&self, c: char, kinds: Kinds) -> bool {
        (kinds.space && c.is_whitespace())
            || (kinds.mark && c == self.mark)
            || (kinds.word && is_word(c))
    }

    /// Follows `steps` from byte `at` on.
    fn follow(
        &mut self,
        steps: &[Step],
        at: usize,
        texts: &mut Vec<(usize, usize)>,
    ) -> Option<usize> {
        let Some((step, rest)) = steps.split_first() else {
            return Some(at);
        };
        let edge = |c: Option<char>| {
            c.is_none_or(|c| c == '_' && self.mark != '_' || !(is_word(c) || c == self.mark))
        };
        let holds = match step {
            Step::Marks(count) => {
                let tail = self.spot.text.get(at..)?;
                let found = tail
                    .chars()
                    .take(*count)
                    .take_while(|c| *c == self.mark)
                    .count();
                return if found == *count {
                    self.follow(rest, at + count, texts)
                } else {
                    None
                };
            }
            Step::Content(content) => return self.content(*content, rest, at, texts),
            Step::Opens => edge(self.spot.before(at)),
            Step::Closes => edge(self.next(at)),
            Step::NotBefore(kinds) => !self.spot.before(at).is_some_and(|c| self.is(c, *kinds)),
            Step::NotBehind(kinds) => !self.next(at).is_some_and(|c| self.is(c, *kinds)),
        };
        if holds {
            self.follow(rest, at, texts)
        } else {
            None
        }
    }

    /// Tries all lengths of a text, the shortest first.
    fn content(
        &mut self,
        content: Content,
        rest: &[Step],
        from: usize,
        texts: &mut Vec<(usize, usize)>,
    ) -> Option<usize> {
        let mut at = from;
        let mut before = self.spot.before(from);
        loop {
            self.steps += 1;
            if self.steps > ATTEMPT {
                return None;
            }
            let c = self.next(at)?;
            let run = if c == self.mark {
                let tail = self.spot.text.get(at..)?;
                tail.len() - tail.trim_start_matches(self.mark).len()
            } else {
                0
            };
            let after = self.next(at + run);
            let width = match content {
                Content::Dense | Content::DensePaired if c.is_whitespace() => return None,
                Content::Any | Content::Dense => c.len_utf8(),
                _ if run == 0 => c.len_utf8(),
                Content::Limited => {
                    let is_letter = |c: char| is_word(c) && (self.mark != '_' || c != '_');
                    let both =
                        |is: &dyn Fn(char) -> bool| before.is_some_and(is) && after.is_some_and(is);
                    if !both(&is_letter) && !both(&char::is_whitespace) {
                        return None;
                    }
                    run
                }
                Content::Paired | Content::DensePaired if run >= 2 => run,
                Content::Paired | Content::DensePaired => return None,
            };
            at += width;
            before = self.spot.text.get(..at)?.chars().next_back();
            // What does not end at the mark need not be tried further.
            if self.next(at) == Some(self.mark) || rest.is_empty() {
                texts.push((from, at));
                let known = texts.len();
                if let Some(end) = self.follow(rest, at, texts) {
                    return Some(end);
                }
                texts.truncate(known - 1);
            }
        }
    }
}

impl Inline<'_> {
    /// The pattern of `sequence` that stands at `spot`.
    pub(super) fn sequence(&mut self, spot: &Spot<'_>, sequence: Sequence) -> Option<Found> {
        for (number, rule) in sequence.rules.iter().enumerate() {
            if let Some(found) = self.try_rule(spot, sequence, rule) {
                let id = self.build(spot.text, sequence, rule, number, &found);
                return Some(Found::Node(spot.at, found.end, Node::Element(id)));
            }
        }
        None
    }

    fn try_rule(&mut self, spot: &Spot<'_>, sequence: Sequence, rule: &Rule) -> Option<Match> {
        let mut attempt = Attempt {
            spot,
            mark: sequence.mark,
            steps: 0,
        };
        let mut texts = Vec::new();
        let end = attempt.follow(rule.steps, spot.at, &mut texts);
        let steps = attempt.steps;
        self.burn(steps + 1);
        Some(Match { end: end?, texts })
    }

    fn build(
        &mut self,
        text: &str,
        sequence: Sequence,
        rule: &Rule,
        number: usize,
        found: &Match,
    ) -> Id {
        let part = |at: usize| {
            let (from, to) = found.texts.get(at).copied().unwrap_or_default();
            text.get(from..to).unwrap_or_default()
        };
        let least = if rule.full { 0 } else { number + 1 };
        match rule.shape {
            Shape::Single(tag) => {
                let id = self.tree.create(tag, 0);
                self.nested(part(0), id, None, sequence, least);
                id
            }
            Shape::Double(outer, inner) => {
                let id = self.tree.create(outer, 0);
                let inner = self.tree.append(id, inner, 0);
                self.nested(part(0), inner, None, sequence, least);
                if found.texts.len() > 1 {
                    self.nested(part(1), id, Some(inner), sequence, least);
                }
                id
            }
            Shape::Behind(outer, inner) => {
                let id = self.tree.create(outer, 0);
                self.nested(part(0), id, None, sequence, least);
                let inner = self.tree.append(id, inner, 0);
                self.nested(part(1), inner, None, sequence, least);
                id
            }
        }
    }

    /// Puts `text` into `parent`, behind `last` where there is one, with what the patterns from `least` on find.
    fn nested(
        &mut self,
        text: &str,
        parent: Id,
        mut last: Option<Id>,
        sequence: Sequence,
        least: usize,
    ) {
        let (mut from, mut at) = (0, 0);
        while let Some(next) = text.get(at..).and_then(|tail| tail.find(sequence.mark)) {
            at += next;
            let spot = Spot { text, at, from: 0 };
            let rules = sequence.rules.iter().enumerate().skip(least);
            let mut found = None;
            for (number, rule) in rules {
                if self.fuel > 0
                    && let Some(matched) = self.try_rule(&spot, sequence, rule)
                {
                    found = Some((number, rule, matched));
                    break;
                }
            }
            let Some((number, rule, matched)) = found else {
                at += 1;
                continue;
            };
            self.put(parent, last, text.get(from..at).unwrap_or_default());
            let id = self.build(text, sequence, rule, number, &matched);
            self.tree.edit(parent).children.push(id);
            last = Some(id);
            from = matched.end;
            at = matched.end;
        }
        self.put(parent, last, text.get(from..).unwrap_or_default());
    }

    fn put(&mut self, parent: Id, last: Option<Id>, text: &str) {
        if text.is_empty() {
            return;
        }
        match last {
            Some(last) => self.tree.edit(last).tail = Text::open(text),
            None => self.tree.edit(parent).text = Text::open(text),
        }
    }
}

/// Python's `\w`.
pub(in crate::techdocs::markdown) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
