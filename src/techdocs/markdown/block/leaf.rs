//! Blocks that hold no others, and quotations: empty lines, code, headings, rules, paragraphs.

use super::{Parser, State, find, unindented};
use crate::techdocs::markdown::chunk::{Chunk, Mark};
use crate::techdocs::markdown::dom::{Id, Text};

impl Parser<'_> {
    /// `EmptyBlockProcessor`: nothing, but code goes on over it.
    pub(super) fn empty(&mut self, parent: Id, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        let text = block.text();
        if !text.is_empty() && !text.starts_with('\n') {
            return false;
        }
        let filler = if text.is_empty() { "\n\n" } else { "\n" };
        if text.len() > 1 {
            rest.push(block.since(1));
        }
        if let Some(code) = self.last_code(parent) {
            self.tree.edit(code).text.words.push_str(filler);
        }
        true
    }

    /// The code that `parent` ends with.
    fn last_code(&self, parent: Id) -> Option<Id> {
        let pre = self.last_of(parent, &["pre"])?;
        let first = self.tree.get(pre).children.first().copied()?;
        (self.tree.tag(first) == "code").then_some(first)
    }

    /// `SuperFencesCodeBlockProcessor`: code that is indented by four columns.
    pub(super) fn code(&mut self, parent: Id, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        if !block.is_indented(4) {
            return false;
        }
        // What was taken for a fence is code as well.
        let reverted = self.fences.reverted(block.text());
        let block = match reverted {
            Some(text) => &Chunk::new(text, block.at),
            None => block,
        };
        let (inner, behind) = block.detab(4);
        let inner = inner.text().trim_end();
        if let Some(code) = self.last_code(parent) {
            let text = &mut self.tree.edit(code).text.words;
            text.push('\n');
            text.push_str(inner);
            text.push('\n');
        } else {
            let line = self.line(block);
            let pre = self.tree.append(parent, "pre", line);
            let code = self.tree.append(pre, "code", line);
            self.tree.edit(code).text = Text::atomic(format!("{inner}\n"));
        }
        rest.extend(behind);
        true
    }

    /// `HashHeaderProcessor`: `# Heading`, with or without the space.
    pub(super) fn heading(&mut self, parent: Id, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        let is_heading = if self.options.sane_headings {
            |line: &str| heading(line).is_some() && line.trim_start_matches('#').starts_with(' ')
        } else {
            |line: &str| heading(line).is_some()
        };
        let Some((start, end)) = find(block, Mark::Heading, is_heading) else {
            return false;
        };
        let line = block.part(start, end);
        let Some((level, words)) = heading(line.text()) else {
            return false;
        };
        if start > 1 {
            self.blocks(parent, vec![block.part(0, start - 1)]);
        }
        let number = self.line(&line);
        let id = self.tree.append(parent, format!("h{level}"), number);
        self.tree.edit(id).text = Text::open(words);
        let after = block.since((end + 1).min(block.text().len()));
        if !after.text().is_empty() {
            rest.push(if self.is_state(State::LooseList) {
                after.loose_detab(4)
            } else {
                after
            });
        }
        true
    }

    /// `SetextHeaderProcessor`: a line over a line of `=` or `-`.
    pub(super) fn underlined(&mut self, parent: Id, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        let mut lines = block.lines();
        let (Some(words), Some(under)) = (lines.next(), lines.next()) else {
            return false;
        };
        let marks = under.trim_end_matches(' ');
        let is_of = |mark: char| !marks.is_empty() && marks.chars().all(|c| c == mark);
        if !is_of('=') && !is_of('-') {
            return false;
        }
        let level = if under.starts_with('=') { "h1" } else { "h2" };
        let number = self.line(block);
        let id = self.tree.append(parent, level, number);
        self.tree.edit(id).text = Text::open(words.trim());
        let end = words.len() + 1 + under.len();
        if block.text().len() > end {
            rest.push(block.since(end + 1));
        }
        true
    }

    /// `HRProcessor`: `---`, `* * *`, `___`.
    pub(super) fn rule(&mut self, parent: Id, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        let Some((start, end)) = find(block, Mark::Rule, is_rule) else {
            return false;
        };
        let before = block.before_line(start);
        if !before.text().is_empty() {
            self.blocks(parent, vec![before]);
        }
        let number = self.line(&block.part(start, end));
        self.tree.append(parent, "hr", number);
        let after = block.since_line(end);
        if !after.text().is_empty() {
            rest.push(after);
        }
        true
    }

    /// `BlockQuoteProcessor`: lines after `>`, and those that follow them.
    pub(super) fn quote(&mut self, parent: Id, block: &Chunk) -> bool {
        let is_quote = |line: &str| unindented(line, 3).is_some_and(|line| line.starts_with('>'));
        let Some((start, _)) = find(block, Mark::Quote, is_quote) else {
            return false;
        };
        if start > 0 {
            self.blocks(parent, vec![block.part(0, start - 1)]);
        }
        let quoted = block.since(start);
        let text: Vec<&str> = quoted.lines().map(unquoted).collect();
        let text = Chunk::new(text.join("\n"), quoted.at);
        let quote = if let Some(quote) = self.last_of(parent, &["blockquote"]) {
            quote
        } else {
            let number = self.line(&quoted);
            self.tree.append(parent, "blockquote", number)
        };
        self.states.push(State::Quote);
        self.chunk(quote, &text);
        self.states.pop();
        true
    }

    /// `ParagraphProcessor`: what nothing else knows.
    pub(super) fn paragraph(&mut self, parent: Id, block: &Chunk) -> bool {
        let text = block.text();
        if text.trim().is_empty() {
            return true;
        }
        if !self.is_state(State::List) {
            let number = self.line(block);
            let id = self.tree.append(parent, "p", number);
            self.tree.edit(id).text = Text::open(text.trim_start());
            return true;
        }
        // In a list that stands together, text goes on where it is.
        if let Some(sibling) = self.tree.last(parent) {
            let tail = &mut self.tree.edit(sibling).tail.words;
            tail.push('\n');
            tail.push_str(text);
        } else {
            let own = &mut self.tree.edit(parent).text.words;
            if own.is_empty() {
                own.push_str(text.trim_start());
            } else {
                own.push('\n');
                own.push_str(text);
            }
        }
        true
    }
}

/// Level and words of a line that is a heading.
fn heading(line: &str) -> Option<(usize, &str)> {
    if !line.starts_with('#') {
        return None;
    }
    let level = line
        .bytes()
        .take(6)
        .take_while(|byte| *byte == b'#')
        .count();
    let words = line.get(level..)?;
    // A backslash at the end takes the end of the line with it, and then it is none.
    let escapes = words
        .bytes()
        .rev()
        .take_while(|byte| *byte == b'\\')
        .count();
    if escapes % 2 == 1 {
        return None;
    }
    let bare = words.trim_end_matches('#');
    let escapes = bare.bytes().rev().take_while(|byte| *byte == b'\\').count();
    let bare = if escapes % 2 == 1 && bare.len() < words.len() {
        words.get(..=bare.len()).unwrap_or(bare)
    } else {
        bare
    };
    Some((level, bare.trim()))
}

/// Whether a line is a rule: three or more of one mark, at most two spaces behind each run of them.
fn is_rule(line: &str) -> bool {
    let Some(body) = unindented(line, 3) else {
        return false;
    };
    let Some(mark) = body.chars().next().filter(|c| matches!(c, '-' | '_' | '*')) else {
        return false;
    };
    let body = body.trim_end_matches(' ');
    let mut count = 0;
    let mut spaces = 0;
    for c in body.chars() {
        if c == mark {
            count += 1;
            spaces = 0;
        } else if c == ' ' && spaces < 2 {
            spaces += 1;
        } else {
            return false;
        }
    }
    count >= 3
}

/// A line of a quotation without its mark.
fn unquoted(line: &str) -> &str {
    if line.trim() == ">" {
        return "";
    }
    let marked = unindented(line, 3).and_then(|body| body.strip_prefix('>'));
    marked.map_or(line, |body| body.strip_prefix(' ').unwrap_or(body))
}
