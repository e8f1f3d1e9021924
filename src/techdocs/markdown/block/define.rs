//! What a page defines: terms with their meanings, footnotes, abbreviations, references.

use super::{Parser, State, find, unindented};
use crate::techdocs::markdown::chunk::{Chunk, Mark};
use crate::techdocs::markdown::dom::{Id, Text};

impl Parser<'_> {
    /// `TrulySaneDefListProcessor`: terms, and `:` before their meaning.
    pub(super) fn definition(&mut self, parent: Id, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        let is_meaning = |line: &str| meaning(line).is_some();
        let Some((start, end)) = find(block, Mark::Meaning, is_meaning) else {
            return false;
        };
        let head = block.text().get(..start).unwrap_or_default();
        let mut terms: Vec<String> = head
            .split('\n')
            .map(|term| term.trim().to_owned())
            .filter(|term| !term.is_empty())
            .collect();
        let sibling = self.tree.last(parent);
        let mut state = State::List;
        if terms.is_empty() {
            let Some(sibling) = sibling else {
                return false;
            };
            if self.tree.tag(sibling) == "p" {
                // The paragraph before has the terms.
                state = State::LooseList;
                let text = &self.tree.get(sibling).text.words;
                terms = text.split('\n').map(str::to_owned).collect();
                self.tree.edit(parent).children.pop();
            }
        }
        let line = block.part(start, end);
        let words = meaning(line.text()).unwrap_or_default();
        let body = block.since((end + 1).min(block.text().len()));
        // `mdx_truly_sane_lists` changes the indentation of meanings with that of lists.
        let indent = self.options.list_indent;
        let first = body.lines().next().unwrap_or_default();
        let is_flush = unindented(first, indent - 1)
            .is_some_and(|first| !first.is_empty() && !first.starts_with(':'));
        let (inner, behind) = if is_flush {
            (body, None)
        } else {
            body.detab(indent)
        };
        let text = if inner.text().is_empty() {
            words.to_owned()
        } else {
            format!("{words}\n{}", inner.text())
        };
        let number = self.line(&line);
        let list = match self.last_of(parent, &["dl"]) {
            Some(list) => {
                let last = self.last_of(list, &["dd"]);
                if terms.is_empty()
                    && last.is_some_and(|last| !self.tree.get(last).children.is_empty())
                {
                    state = State::LooseList;
                }
                list
            }
            None => self.tree.append(parent, "dl", number),
        };
        for term in terms {
            let id = self.tree.append(list, "dt", number);
            self.tree.edit(id).text = Text::open(term);
        }
        let id = self.tree.append(list, "dd", number);
        self.within(Some(state), id, Chunk::new(text, line.at));
        rest.extend(behind);
        true
    }

    /// `FootnoteBlockProcessor`: `[^label]: text`, and what is indented below it.
    pub(super) fn footnote(&mut self, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        let is_footnote = |line: &str| footnote(line).is_some();
        let Some((start, end)) = find(block, Mark::Footnote, is_footnote) else {
            return false;
        };
        let line = block.part(start, end);
        let Some((label, words)) = footnote(line.text()) else {
            return false;
        };
        let mut parts = Vec::new();
        let body = block.since_line(end);
        if let Some((next, _)) = find(&body, Mark::Footnote, is_footnote) {
            let own = body.before_line(next).loose_detab(4);
            let text = format!("{words}\n{}", own.text());
            parts.push(text.trim_start_matches('\n').to_owned());
            rest.push(body.since(next));
        } else {
            let own = body.loose_detab(4);
            let text = format!("{words}\n{}", own.text());
            parts.push(text.trim_matches('\n').to_owned());
            while let Some(block) = rest.pop_if(|block| block.is_indented(4)) {
                if let Some((next, _)) = find(&block, Mark::Footnote, is_footnote) {
                    parts.push(block.before_line(next).loose_detab(4).text().to_owned());
                    rest.push(block.since(next));
                    break;
                }
                parts.push(block.loose_detab(4).text().to_owned());
            }
        }
        let text = Chunk::new(parts.join("\n\n").trim_end().to_owned(), line.at);
        let definitions = &mut self.definitions;
        let known = definitions.labels.get(label);
        if let Some((_, known)) = known.and_then(|known| definitions.footnotes.get_mut(*known)) {
            *known = text;
        } else {
            let number = definitions.footnotes.len();
            definitions.labels.insert(label.to_owned(), number);
            definitions.footnotes.push((label.to_owned(), text));
        }
        let before = block.before_line(start);
        if !before.text().trim().is_empty() {
            rest.push(before);
        }
        true
    }

    /// `AbbrBlockprocessor`: `*[HTML]: Hyper Text Markup Language`.
    pub(super) fn abbreviation(&mut self, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        let Some((start, _)) = find(block, Mark::Abbreviation, |line| {
            abbreviation(line).is_some()
        }) else {
            return false;
        };
        let tail = block.text().get(start..).unwrap_or_default();
        let Some((short, behind)) = abbreviation(tail.split('\n').next().unwrap_or_default())
        else {
            return false;
        };
        // The words may stand on the next line.
        let mut lines = tail.split('\n');
        let first = lines.next().unwrap_or_default();
        let (title, taken) = match (behind.trim(), lines.next()) {
            ("", Some(next)) => (next.trim(), first.len() + 1 + next.len()),
            (title, _) => (title, first.len()),
        };
        let short = short.trim();
        if title.is_empty() || short.is_empty() {
            return false;
        }
        let known = &mut self.definitions.abbreviations;
        if matches!(title, "''" | "\"\"") {
            known.remove(short);
        } else {
            known.insert(short.to_owned(), title.to_owned());
        }
        put_back(block, start, start + taken, rest);
        true
    }

    /// `ReferenceProcessor`: `[label]: address "title"`.
    pub(super) fn reference(&mut self, block: &Chunk, rest: &mut Vec<Chunk>) -> bool {
        let mut from = 0;
        while let Some((start, end)) = find(&block.since(from), Mark::Reference, is_reference) {
            let start = from + start;
            let tail = block.text().get(start..).unwrap_or_default();
            if let Some(found) = reference(tail) {
                let key = found.label.trim().to_lowercase();
                let address = found.address.trim_start_matches('<').trim_end_matches('>');
                let value = (address.to_owned(), found.title.to_owned());
                self.definitions.references.insert(key, value);
                put_back(block, start, start + found.length, rest);
                return true;
            }
            from += end + 1;
            if from >= block.text().len() {
                break;
            }
        }
        false
    }
}

/// What stands around a definition goes round again.
fn put_back(block: &Chunk, start: usize, end: usize, rest: &mut Vec<Chunk>) {
    let (before, after) = (block.before_line(start), block.since_line(end));
    if !after.text().trim().is_empty() {
        rest.push(after);
    }
    if !before.text().trim().is_empty() {
        rest.push(before);
    }
}

/// The meaning that a line gives: a colon and one to three spaces before it.
fn meaning(line: &str) -> Option<&str> {
    let behind = unindented(line, 3)?.strip_prefix(':')?;
    let body = behind.trim_start_matches(' ');
    let spaces = (behind.len() - body.len()).min(3);
    (spaces > 0).then(|| behind.get(spaces..))?
}

/// Label and first words of a footnote.
fn footnote(line: &str) -> Option<(&str, &str)> {
    let (label, words) = unindented(line, 3)?.strip_prefix("[^")?.split_once(']')?;
    let words = words.strip_prefix(':')?;
    Some((label, words.trim_start_matches(' ')))
}

/// What is short, and what stands behind the colon.
fn abbreviation(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("*[")?;
    for (at, _) in rest.match_indices(']') {
        let (short, behind) = rest.split_at_checked(at)?;
        if short.contains('\\') {
            return None;
        }
        let behind = behind.strip_prefix(']')?;
        let behind = behind.strip_prefix(' ').unwrap_or(behind);
        if let Some(words) = behind.strip_prefix(':') {
            return Some((short, words));
        }
    }
    None
}

/// Whether a line may begin a reference.
fn is_reference(line: &str) -> bool {
    unindented(line, 3)
        .and_then(|body| body.strip_prefix('['))
        .and_then(|body| body.split_once(']'))
        .is_some_and(|(label, behind)| !label.contains('[') && behind.starts_with(':'))
}

/// A reference as it is written.
struct Reference<'t> {
    label: &'t str,
    address: &'t str,
    title: &'t str,
    /// How many bytes it takes.
    length: usize,
}

/// The reference that `text` begins with; address and title may stand on lines of their own.
fn reference(text: &str) -> Option<Reference<'_>> {
    let spaces = |text: &str| text.len() - text.trim_start_matches(' ').len();
    let open = spaces(text) + 1;
    let (label, behind) = text.get(open..)?.split_once("]:")?;
    let mut at = text.len() - behind.len();
    at += spaces(text.get(at..)?);
    if text.get(at..)?.starts_with('\n') {
        at += 1;
        at += spaces(text.get(at..)?);
    }
    let rest = text.get(at..)?;
    let address = rest.get(..rest.find(char::is_whitespace).unwrap_or(rest.len()))?;
    if address.is_empty() {
        return None;
    }
    at += address.len();
    let end = at + spaces(text.get(at..)?);
    let tail = text.get(end..)?;
    let (title, length) = if tail.is_empty() {
        ("", end)
    } else if let Some(next) = tail.strip_prefix('\n') {
        // A title may stand on the next line.
        let from = end + 1 + spaces(next);
        let found = text.get(from..).and_then(title);
        found.map_or(("", end), |(title, length)| (title, from + length))
    } else {
        let (title, length) = title(tail)?;
        (title, end + length)
    };
    Some(Reference {
        label,
        address,
        title,
        length,
    })
}

/// The title that `text` begins with, which must end its line, and how many bytes that takes.
fn title(text: &str) -> Option<(&str, usize)> {
    let line = text.split('\n').next()?;
    let body = line.trim_end_matches(' ');
    let close = match body.chars().next()? {
        quote @ ('"' | '\'') => quote,
        '(' => ')',
        _ => return None,
    };
    let inner = body.get(1..)?.strip_suffix(close)?;
    Some((inner, line.len()))
}
