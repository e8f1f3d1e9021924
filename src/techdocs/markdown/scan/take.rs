//! Taking blocks out of the text, each with the lines that belong to it.

use super::{Part, Scanner, SourceLine, fence, raw, syntax};
use crate::techdocs::document::Code;

impl<'a> Scanner<'_, 'a> {
    /// Takes the block that begins at `line`, if CommonMark would not read it as Python-Markdown does.
    pub(super) fn take(&mut self, line: SourceLine<'a>) -> bool {
        let (body, indent) = (line.body(), line.indent());
        if fence::open(body).is_some() {
            let code = self.take_code(line, indent);
            self.at += 1;
            self.place(Part::Code(code), line.number);
            return true;
        }
        if let Some(text) = syntax::absent(body) {
            // What is generated may have options below it.
            self.indented(indent);
            self.place(Part::Absent(text), line.number);
            return true;
        }
        if syntax::is_silent(body) || syntax::reference(body).is_some() {
            self.at += 1;
            return true;
        }
        if let Some((label, rest)) = syntax::footnote(body) {
            let first = SourceLine {
                text: rest,
                number: line.number,
            };
            let mut lines = vec![first];
            lines.extend(self.lazy());
            lines.extend(self.indented(indent));
            self.plain.footnotes.push((label.to_owned(), lines));
            return true;
        }
        if let Some(end) = raw::comment(self.lines, self.at) {
            self.at = end;
            return true;
        }
        !self.flat && self.take_nested(line)
    }

    fn take_nested(&mut self, line: SourceLine<'a>) -> bool {
        let (body, indent) = (line.body(), line.indent());
        let part = if let Some(callout) = syntax::callout(body) {
            Part::Callout(callout, self.indented(indent))
        } else if let Some((label, _)) = syntax::tab(body) {
            Part::Tabs(self.tabs(label, indent))
        } else if body.starts_with('>') {
            Part::Quote(self.quoted())
        } else if let Some((part, end)) = raw::html(self.lines, self.at) {
            self.at = end;
            part
        } else {
            return false;
        };
        self.place(part, line.number);
        true
    }

    /// The code that `first` opens; stops at its last line.
    pub(super) fn take_code(&mut self, first: SourceLine<'a>, indent: usize) -> Code {
        let Some(fence) = fence::open(first.body()) else {
            return Code::default();
        };
        let mut text = String::new();
        while let Some(line) = self.lines.get(self.at + 1) {
            self.at += 1;
            if fence.is_closed_by(line.body()) {
                break;
            }
            text.push_str(line.dedented(indent).text);
            text.push('\n');
        }
        fence::code(fence.info, text)
    }

    /// The lines after this one that are indented by four more than `indent`, without those columns.
    fn indented(&mut self, indent: usize) -> Vec<SourceLine<'a>> {
        let mut lines = Vec::new();
        let mut end = self.at + 1;
        for (at, line) in self.lines.iter().enumerate().skip(self.at + 1) {
            if !line.is_blank() {
                if line.indent() < indent + 4 {
                    break;
                }
                end = at + 1;
            }
            lines.push(line.dedented(indent + 4));
        }
        lines.truncate(end - self.at - 1);
        self.at = end;
        lines
    }

    /// The lines right after this one that go on with its paragraph.
    fn lazy(&mut self) -> Vec<SourceLine<'a>> {
        let mut lines = Vec::new();
        while let Some(line) = self.lines.get(self.at + 1) {
            if line.is_blank() || line.indent() >= 4 || syntax::footnote(line.body()).is_some() {
                break;
            }
            lines.push(line.dedented(3));
            self.at += 1;
        }
        lines
    }

    /// The set of tabs whose first has this label.
    fn tabs(&mut self, label: &'a str, indent: usize) -> Vec<(&'a str, Vec<SourceLine<'a>>)> {
        let mut tabs = vec![(label, self.indented(indent))];
        loop {
            let ahead = self
                .lines
                .iter()
                .enumerate()
                .skip(self.at)
                .find(|(_, line)| !line.is_blank());
            let Some((at, line)) = ahead.filter(|(_, line)| line.indent() == indent) else {
                return tabs;
            };
            let Some((label, false)) = syntax::tab(line.body()) else {
                return tabs;
            };
            self.at = at;
            tabs.push((label, self.indented(indent)));
        }
    }

    /// The lines of a quotation without their `>`, with those that go on with its last paragraph.
    fn quoted(&mut self) -> Vec<SourceLine<'a>> {
        let mut lines: Vec<SourceLine<'a>> = Vec::new();
        while let Some(line) = self.lines.get(self.at) {
            let text = match line.body().strip_prefix('>') {
                Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
                None if line.is_blank() || lines.last().is_some_and(SourceLine::is_blank) => break,
                None if fence::open(line.body()).is_some() || syntax::is_heading(line.body()) => {
                    break;
                }
                None => line.text,
            };
            lines.push(SourceLine {
                text,
                number: line.number,
            });
            self.at += 1;
        }
        lines
    }
}
