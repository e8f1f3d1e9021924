//! The tree that a page becomes before it is HTML: elements with text before their first child and text behind
//! themselves, as Python's `ElementTree` has it, because Python-Markdown's rules are told in those terms.

use std::borrow::Cow;

/// An element's place in its [`Tree`].
pub(super) type Id = usize;

/// Text, and whether it is taken as it stands: no syntax is looked for in it.
#[derive(Debug, Clone, Default)]
pub(super) struct Text {
    /// The text; empty where there is none.
    pub(super) words: String,
    /// `AtomicString`.
    pub(super) atomic: bool,
}

impl Text {
    /// Text in which syntax is looked for.
    pub(super) fn open(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            atomic: false,
        }
    }

    /// Text that is taken as it stands.
    pub(super) fn atomic(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            atomic: true,
        }
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }
}

/// An element.
#[derive(Debug, Clone, Default)]
pub(super) struct Element {
    /// Its name, in lower case.
    pub(super) tag: Cow<'static, str>,
    /// Its attributes, in order.
    pub(super) attributes: Vec<(Cow<'static, str>, String)>,
    /// The text before its first child.
    pub(super) text: Text,
    /// The text behind it.
    pub(super) tail: Text,
    /// What it holds.
    pub(super) children: Vec<Id>,
    /// The line of the source where it begins, from 1; 0 where it is not known.
    pub(super) line: u32,
}

impl Element {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Sets an attribute.
    pub(super) fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<String>) {
        let name = name.into();
        match self.attributes.iter_mut().find(|(key, _)| *key == name) {
            Some((_, old)) => *old = value.into(),
            None => self.attributes.push((name, value.into())),
        }
    }

    /// Adds a class to those that it has.
    pub(super) fn add_class(&mut self, class: &str) {
        let classes = match self.attribute("class") {
            Some(classes) if !classes.is_empty() => format!("{classes} {class}"),
            _ => class.to_owned(),
        };
        self.set("class", classes);
    }
}

/// All elements of a page; the first is its root.
#[derive(Debug)]
pub(super) struct Tree {
    elements: Vec<Element>,
    /// What is handed out for places that there are not.
    none: Element,
}

/// The root of every tree.
pub(super) const ROOT: Id = 0;

impl Default for Tree {
    fn default() -> Self {
        let root = Element {
            tag: "div".into(),
            ..Element::default()
        };
        Self {
            elements: vec![root],
            none: Element::default(),
        }
    }
}

impl Tree {
    /// The element at `id`.
    pub(super) fn get(&self, id: Id) -> &Element {
        self.elements.get(id).unwrap_or(&self.none)
    }

    /// The element at `id`, to be changed.
    pub(super) fn edit(&mut self, id: Id) -> &mut Element {
        self.elements.get_mut(id).unwrap_or(&mut self.none)
    }

    /// A new element that lies nowhere yet.
    pub(super) fn create(&mut self, tag: impl Into<Cow<'static, str>>, line: u32) -> Id {
        self.elements.push(Element {
            tag: tag.into(),
            line,
            ..Element::default()
        });
        self.elements.len() - 1
    }

    /// A new element at the end of `parent`.
    pub(super) fn append(
        &mut self,
        parent: Id,
        tag: impl Into<Cow<'static, str>>,
        line: u32,
    ) -> Id {
        let id = self.create(tag, line);
        self.edit(parent).children.push(id);
        id
    }

    /// The last child of an element.
    pub(super) fn last(&self, parent: Id) -> Option<Id> {
        self.get(parent).children.last().copied()
    }

    /// The tag of an element.
    pub(super) fn tag(&self, id: Id) -> &str {
        &self.get(id).tag
    }

    /// All elements but the root, in the order in which they were made, whether they lie in the tree or not.
    pub(super) fn all(&self) -> std::ops::Range<Id> {
        ROOT + 1..self.elements.len()
    }

    /// `id` and all below it, in reading order.
    pub(super) fn below(&self, id: Id) -> Vec<Id> {
        let mut found = Vec::new();
        let mut left = vec![id];
        while let Some(id) = left.pop() {
            found.push(id);
            left.extend(self.get(id).children.iter().rev());
        }
        found
    }

    /// Moves an element's text into a paragraph before its children, as items that stand apart have it.
    pub(super) fn wrap_text(&mut self, id: Id) {
        let element = self.edit(id);
        if element.text.is_empty() {
            return;
        }
        let (text, line) = (std::mem::take(&mut element.text), element.line);
        let paragraph = self.create("p", line);
        self.edit(paragraph).text = text;
        self.edit(id).children.insert(0, paragraph);
    }
}
