//! Which blocks between slashes a site has turned on: `pymdownx.blocks.*`.

use serde_yaml::Value;

/// The blocks between slashes that are known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Blocks {
    /// `/// note`: admonitions by their names; `None` where there are none at all.
    pub admonitions: Option<Vec<Callout>>,
    /// `/// details`, and details with names of their own.
    pub details: Option<Vec<Callout>>,
    /// `/// tab | Label`.
    pub tab: bool,
    /// `/// html | div.class`.
    pub html: bool,
    /// `/// define`.
    pub define: bool,
    /// Captions: the name of each, and what stands before it, `{}` for its number.
    pub captions: Vec<(String, String)>,
}

/// A kind of admonition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callout {
    /// What stands behind the slashes.
    pub name: String,
    /// Its class.
    pub class: String,
    /// The title where none is given.
    pub title: String,
}

/// The admonitions that pymdownx knows by itself.
const USUAL: [&str; 9] = [
    "note",
    "attention",
    "caution",
    "danger",
    "error",
    "tip",
    "hint",
    "warning",
    "important",
];
/// The admonitions that TechDocs lists.
const TECHDOCS: [&str; 14] = [
    "new", "settings", "note", "abstract", "info", "tip", "success", "question", "warning",
    "failure", "danger", "bug", "example", "quote",
];

impl Blocks {
    /// Whether there are any.
    pub(super) fn any(&self) -> bool {
        *self != Self::default()
    }

    /// What TechDocs turns on where it is told to use blocks.
    pub(super) fn techdocs(&mut self) {
        self.admonitions = Some(TECHDOCS.map(Callout::plain).to_vec());
        let details = TECHDOCS.map(|class| Callout {
            name: format!("details-{class}"),
            ..Callout::plain(class)
        });
        self.details = Some(details.to_vec());
        self.tab = true;
    }

    /// Turns the extension `name` on, with its settings.
    pub(super) fn turn_on(&mut self, name: &str, settings: &Value) {
        let types = settings.get("types").and_then(Value::as_sequence);
        let callouts = types.map(|types| types.iter().filter_map(Callout::read).collect());
        match name {
            "admonition" => {
                let usual = || USUAL.map(Callout::plain).to_vec();
                let known = self.admonitions.take();
                self.admonitions = callouts.or(known).or_else(|| Some(usual()));
            }
            "details" => {
                let known = self.details.take();
                self.details = callouts.or(known).or_else(|| Some(Vec::new()));
            }
            "tab" => self.tab = true,
            "html" => self.html = true,
            "definition" => self.define = true,
            "caption" => {
                let read = |value: &Value| {
                    let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
                    let plain = || Some((value.as_str()?.to_owned(), String::new()));
                    let name = text("name").map(|name| (name, text("prefix").unwrap_or_default()));
                    name.or_else(plain)
                };
                let usual = || {
                    let pair = |name: &str, prefix: &str| (name.to_owned(), prefix.to_owned());
                    vec![
                        pair("caption", ""),
                        pair("figure-caption", "Figure {}."),
                        pair("table-caption", "Table {}."),
                    ]
                };
                let said = types.map(|types| types.iter().filter_map(read).collect());
                self.captions = said.unwrap_or_else(usual);
            }
            _ => {}
        }
    }
}

impl Callout {
    fn plain(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            class: name.to_owned(),
            title: titled(name),
        }
    }

    /// A name, or what is set of one.
    fn read(value: &Value) -> Option<Self> {
        if let Some(name) = value.as_str() {
            return Some(Self::plain(name));
        }
        let text = |key: &str| Some(value.get(key)?.as_str()?.to_owned());
        let name = text("name")?;
        let class = text("class").unwrap_or_else(|| name.clone());
        let title = text("title").unwrap_or_else(|| titled(&class));
        Some(Self { name, class, title })
    }
}

/// A class as a title: each word with a capital.
pub(super) fn titled(class: &str) -> String {
    let words = class.split(['-', '_']).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(crate::catalog::text::capitalized).collect();
    words.join(" ")
}
