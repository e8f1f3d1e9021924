//! Critic markup: `{++added++}`, `{--removed--}`, `{~~old~>new~~}`, `{==marked==}`, `{>>said<<}`. It is read before
//! anything else, in code as well, and stands for tags that are put back at the end.

use super::source::Source;
use super::stash::{CLOSE, OPEN};

/// What the page has in place of critic markup, by number.
#[derive(Debug, Default)]
pub(super) struct Critic {
    tags: Vec<String>,
}

impl Critic {
    /// `source` with placeholders for critic markup.
    pub(super) fn read(&mut self, source: Source) -> Source {
        let mut rest = source.text.as_str();
        let mut out = String::new();
        // Of a mark that was looked for in vain nothing more is to be found further down.
        let mut absent: Vec<&str> = Vec::new();
        while let Some(at) = rest.find('{') {
            let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            out.push_str(before);
            let body = tail.get(1..).unwrap_or_default();
            let pairs = [
                ("++", "++}"),
                ("--", "--}"),
                ("==", "==}"),
                (">>", "<<}"),
                ("~~", "~~}"),
            ];
            let open = pairs
                .iter()
                .find(|(open, close)| body.starts_with(open) && !absent.contains(close));
            let Some((open, close)) = open else {
                out.push('{');
                rest = body;
                continue;
            };
            let inner = body.get(2..).unwrap_or_default();
            let Some((inner, behind)) = inner.split_once(close) else {
                absent.push(close);
                out.push('{');
                rest = body;
                continue;
            };
            match *open {
                "++" => self.tagged("ins", inner, &mut out),
                "--" => self.tagged("del", inner, &mut out),
                "==" => self.tagged("mark", inner, &mut out),
                ">>" => self.comment(inner, &mut out),
                _ => {
                    let Some((old, new)) = inner.split_once("~>") else {
                        out.push('{');
                        rest = body;
                        continue;
                    };
                    self.tagged("del", old, &mut out);
                    self.tagged("ins", new, &mut out);
                }
            }
            rest = behind;
        }
        if out.is_empty() {
            return source;
        }
        out.push_str(rest);
        let mut numbers = source.numbers;
        let lines = memchr::memchr_iter(b'\n', out.as_bytes()).count() + 1;
        let last = numbers.last().copied().unwrap_or_default();
        numbers.resize(lines, last);
        Source { text: out, numbers }
    }

    /// `text` with the tags for their placeholders.
    pub(super) fn put_back(&self, text: String) -> String {
        if self.tags.is_empty() {
            return text;
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(at) = rest.find(OPEN) {
            let (before, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            out.push_str(before);
            let known = super::stash::numbered(tail, 'c');
            let tag = known.and_then(|(number, length)| Some((self.tags.get(number)?, length)));
            if let Some((tag, length)) = tag {
                out.push_str(tag);
                rest = tail.get(length..).unwrap_or_default();
            } else {
                out.push(OPEN);
                rest = tail.get(1..).unwrap_or_default();
            }
        }
        out.push_str(rest);
        out
    }

    fn keep(&mut self, tag: String, out: &mut String) {
        out.push(OPEN);
        out.push('c');
        out.push_str(&self.tags.len().to_string());
        out.push(CLOSE);
        self.tags.push(tag);
    }

    fn tagged(&mut self, tag: &str, text: &str, out: &mut String) {
        if text.len() > 1 && text.chars().all(|c| c == '\n') {
            let block = tag == "ins";
            if block {
                out.push_str("\n\n");
            }
            self.keep(format!("<{tag} class=\"critic break\">&nbsp;</{tag}>"), out);
            if block {
                out.push_str("\n\n");
            }
            return;
        }
        self.keep(format!("<{tag} class=\"critic\">"), out);
        out.push_str(text);
        self.keep(format!("</{tag}>"), out);
    }

    fn comment(&mut self, text: &str, out: &mut String) {
        let text = super::write::escaped(text).replace('\n', " ");
        self.keep(format!("<span class=\"critic comment\">{text}</span>"), out);
    }
}
