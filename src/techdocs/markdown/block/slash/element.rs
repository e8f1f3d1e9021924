//! The element that a block between slashes becomes.

use serde_yaml::Value;

use super::header::Opening;
use super::{Content, Entry, Parser};
use crate::techdocs::markdown::blocks::{Callout, titled};
use crate::techdocs::markdown::dom::{Id, Text};
use crate::techdocs::markdown::raw::tag::{holds_text, is_block};

/// What a block is, once its name is known and its settings are found to be right.
#[derive(Debug)]
pub(super) enum Made {
    Admonition(Option<Callout>),
    Details(Option<Callout>),
    Tab,
    Define,
    /// The element, its classes and its id.
    Html(String, Vec<String>, Option<String>),
    /// The prefix, the number that is given, and whether it stands above.
    Caption(String, Option<String>, bool),
}

impl Parser<'_> {
    /// What the block is; `None` where there is none of its name, or something is set that it does not know.
    pub(super) fn made(&self, opening: &Opening<'_>, set: &Value) -> Option<Made> {
        let blocks = &self.options.blocks;
        let name = opening.name.to_lowercase();
        let argument = opening.argument.unwrap_or_default();
        let named = |kinds: &Option<Vec<Callout>>| {
            let kinds = kinds.as_ref()?;
            kinds.iter().find(|kind| kind.name == name).cloned()
        };
        let free = |usual: Option<&str>| {
            let kind = set.get("type").and_then(Value::as_str).or(usual)?;
            (!kind.is_empty()).then(|| Callout {
                name: kind.to_owned(),
                class: kind.to_owned(),
                title: titled(kind),
            })
        };
        let (made, known): (Made, &[&str]) = if let Some(kind) = named(&blocks.admonitions) {
            (Made::Admonition(Some(kind)), &[])
        } else if let Some(kind) = named(&blocks.details) {
            (Made::Details(Some(kind)), &["open"])
        } else if let Some((_, prefix)) = blocks.captions.iter().find(|(own, _)| *own == name) {
            (caption(prefix, argument), &[])
        } else {
            match name.as_str() {
                "admonition" if blocks.admonitions.is_some() => {
                    (Made::Admonition(free(None)), &["type"])
                }
                "details" if blocks.details.is_some() => {
                    (Made::Details(free(None)), &["open", "type"])
                }
                "tab" if blocks.tab && !argument.is_empty() => (Made::Tab, &["new", "select"]),
                "define" if blocks.define && argument.is_empty() => (Made::Define, &[]),
                "html" if blocks.html => (html(argument)?, &["markdown"]),
                _ => return None,
            }
        };
        let keys = set.as_mapping().into_iter().flatten();
        let is_known = |(key, value): (&Value, &Value)| {
            let key = key.as_str().unwrap_or_default();
            let is_flag = matches!(key, "open" | "new" | "select");
            key == "attrs" || (known.contains(&key) && (!is_flag || value.is_bool()))
        };
        keys.into_iter().all(is_known).then_some(made)
    }

    /// Makes the element of a block.
    pub(super) fn open_slash(
        &mut self,
        parent: Id,
        opening: &Opening<'_>,
        made: &Made,
        set: &Value,
        line: u32,
    ) -> Entry {
        let is_set = |key: &str| set.get(key).and_then(Value::as_bool) == Some(true);
        let argument = opening.argument;
        let mut content = Content::Blocks;
        let (element, target) = match made {
            Made::Tab => {
                let label = argument.unwrap_or_default();
                let block = self.open_tab(parent, line, label, is_set("new"), is_set("select"));
                (self.tree.last(parent).unwrap_or(block), block)
            }
            Made::Define => {
                let list = self.tree.append(parent, "dl", line);
                (list, list)
            }
            Made::Html(tag, classes, id) => {
                let element = self.tree.append(parent, tag.clone(), line);
                for class in classes {
                    self.tree.edit(element).add_class(class);
                }
                if let Some(id) = id {
                    self.tree.edit(element).set("id", id.clone());
                }
                let said = set.get("markdown").and_then(Value::as_str);
                content = html_content(tag, said.unwrap_or("auto"));
                (element, element)
            }
            Made::Caption(prefix, number, above) => {
                self.caption(parent, prefix, number.as_deref(), *above, line)
            }
            Made::Admonition(kind) => {
                let element = self.tree.append(parent, "div", line);
                self.tree.edit(element).add_class("admonition");
                if let Some(kind) = kind.as_ref().filter(|kind| kind.name != "admonition") {
                    self.tree.edit(element).add_class(&kind.class);
                }
                self.title(element, "p", argument, kind.as_ref(), line);
                (element, element)
            }
            Made::Details(kind) => {
                let element = self.tree.append(parent, "details", line);
                if is_set("open") {
                    self.tree.edit(element).set("open", "open");
                }
                if let Some(kind) = kind {
                    self.tree.edit(element).set("class", kind.class.clone());
                }
                self.title(element, "summary", argument, kind.as_ref(), line);
                (element, element)
            }
        };
        self.attributes(element, set.get("attrs"));
        Entry {
            slashes: opening.slashes,
            element,
            target,
            parent,
            waits: false,
            content,
            defines: matches!(made, Made::Define),
        }
    }

    /// The title of an admonition or a detail: what is given, else its kind's.
    fn title(
        &mut self,
        element: Id,
        tag: &'static str,
        argument: Option<&str>,
        kind: Option<&Callout>,
        line: u32,
    ) {
        let title = match argument {
            Some(title) => title,
            None => kind.map_or("", |kind| kind.title.as_str()),
        };
        if title.is_empty() {
            return;
        }
        let title = Text::open(title);
        let head = self.tree.append(element, tag, line);
        self.tree.edit(head).text = title;
        if tag == "p" {
            self.tree.edit(head).set("class", "admonition-title");
        }
    }

    /// What is set in `attrs`.
    fn attributes(&mut self, element: Id, set: Option<&Value>) {
        for (key, value) in set.and_then(Value::as_mapping).into_iter().flatten() {
            let (Some(key), Some(value)) = (key.as_str(), value.as_str()) else {
                continue;
            };
            if key == "class" {
                self.tree.edit(element).add_class(value);
            } else {
                self.tree.edit(element).set(key.to_owned(), value);
            }
        }
    }

    /// A caption in the figure before it, or in one around what stands before it.
    fn caption(
        &mut self,
        parent: Id,
        prefix: &str,
        number: Option<&str>,
        above: bool,
        line: u32,
    ) -> (Id, Id) {
        let last = self.tree.last(parent);
        let is_free = |id: &Id| {
            let children = &self.tree.get(*id).children;
            self.tree.tag(*id) == "figure"
                && !children
                    .iter()
                    .any(|child| self.tree.tag(*child) == "figcaption")
        };
        let figure = if let Some(figure) = last.filter(is_free) {
            figure
        } else {
            self.tree.edit(parent).children.pop();
            let figure = self.tree.append(parent, "figure", line);
            self.tree.edit(figure).children.extend(last);
            figure
        };
        let caption = self.tree.create("figcaption", line);
        let children = &mut self.tree.edit(figure).children;
        if above {
            children.insert(0, caption);
        } else {
            children.push(caption);
        }
        if !prefix.is_empty() {
            let count = self.figures.entry(prefix.to_owned()).or_default();
            *count += 1;
            let number = number.map_or_else(|| count.to_string(), str::to_owned);
            self.captions.push((caption, prefix.replace("{}", &number)));
        }
        (figure, caption)
    }

    /// Puts what counts figures before their captions.
    pub(in crate::techdocs::markdown) fn numbered_captions(&mut self) {
        for (caption, prefix) in std::mem::take(&mut self.captions) {
            let first = self.tree.get(caption).children.first().copied();
            let paragraph = if let Some(first) = first.filter(|first| self.tree.tag(*first) == "p")
            {
                first
            } else {
                let paragraph = self.tree.create("p", 0);
                self.tree.edit(caption).children.insert(0, paragraph);
                paragraph
            };
            let text = std::mem::take(&mut self.tree.edit(paragraph).text);
            let span = self.tree.create("span", 0);
            let element = self.tree.edit(span);
            element.set("class", "caption-prefix");
            element.text = Text::atomic(prefix);
            if !text.is_empty() {
                element.tail = Text {
                    words: format!(" {}", text.words),
                    ..text
                };
            }
            self.tree.edit(paragraph).children.insert(0, span);
        }
    }
}

/// `/// figure-caption | < ^1.2`: a number of its own, and whether it stands above.
fn caption(prefix: &str, argument: &str) -> Made {
    let above = argument.starts_with('<');
    let behind = argument.trim_start_matches(['<', '>']).trim_start();
    let number = behind.split(' ').next().unwrap_or_default();
    let is_number = number.starts_with(|c: char| c.is_ascii_digit())
        && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    let number = is_number.then(|| number.to_owned());
    Made::Caption(prefix.to_owned(), number, above)
}

/// `div.class#id[key=value]`.
fn html(selector: &str) -> Option<Made> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let end = selector.find(|c| !is_name(c)).unwrap_or(selector.len());
    let (tag, mut rest) = selector.split_at_checked(end)?;
    if tag.is_empty() {
        return None;
    }
    let (mut classes, mut id) = (Vec::new(), None);
    while let Some(sign @ ('.' | '#')) = rest.chars().next() {
        let body = rest.get(1..)?;
        let end = body.find(['.', '#', '[', ' ']).unwrap_or(body.len());
        let (name, behind) = body.split_at_checked(end)?;
        if sign == '.' {
            classes.push(name.to_owned());
        } else {
            id = Some(name.to_owned());
        }
        rest = behind;
    }
    Some(Made::Html(tag.to_ascii_lowercase(), classes, id))
}

/// How the content of an element is read.
fn html_content(tag: &str, said: &str) -> Content {
    let is_raw = matches!(
        tag,
        "canvas" | "math" | "option" | "pre" | "textarea" | "code" | "script" | "style"
    );
    match said {
        "block" => Content::Blocks,
        "inline" => Content::Span,
        "raw" => Content::Raw,
        "html" => Content::Html,
        _ if matches!(tag, "script" | "style") => Content::Html,
        _ if is_raw => Content::Raw,
        _ if holds_text(tag) || !is_block(tag) => Content::Span,
        _ => Content::Blocks,
    }
}
