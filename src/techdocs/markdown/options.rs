//! Which syntax a site has turned on.

use serde_yaml::Value;

/// What a site's `mkdocs.yml` says of its Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a configuration")]
pub struct Options {
    /// `!!! note`, `??? note`, `=== "Tab"`.
    pub callouts: bool,
    /// `/// note`.
    pub slash_blocks: bool,
    /// `++ctrl+c++`.
    pub keys: bool,
    /// `$x$` and `$$`.
    pub math: bool,
    /// Line ends are breaks.
    pub breaks: bool,
    /// `:material-check:` and the names of Twemoji beside those of `EmojiOne`.
    pub material_emoji: bool,
    /// The languages whose fences are diagrams.
    pub diagrams: Vec<String>,
    /// Ids of headings keep letters of all scripts.
    pub unicode_slugs: bool,
    /// How far the content of a list's item is indented, in columns.
    pub list_indent: usize,
    /// Files whose text is added to each page, such as a list of abbreviations.
    pub appended: Vec<String>,
    /// The folders, from the site's root, below which included files lie.
    pub bases: Vec<String>,
}

impl Default for Options {
    /// What TechDocs turns on for every site.
    fn default() -> Self {
        Self {
            callouts: true,
            slash_blocks: false,
            keys: false,
            math: false,
            breaks: false,
            material_emoji: false,
            diagrams: Vec::new(),
            unicode_slugs: false,
            list_indent: 2,
            appended: Vec::new(),
            bases: vec![".".to_owned()],
        }
    }
}

impl Options {
    /// What the text of a `mkdocs.yml` says; tags of Python's in it are names and are never looked up.
    pub fn read(text: &str) -> Self {
        let mut options = Self::default();
        let Ok(config) = serde_yaml::from_str::<Value>(text) else {
            return options;
        };
        for plugin in items(config.get("plugins")) {
            let blocks = plugin.1.get("use_pymdownx_blocks").and_then(Value::as_bool);
            if plugin.0 == "techdocs-core" && blocks == Some(true) {
                options.slash_blocks = true;
                options.callouts = false;
            }
        }
        for (name, settings) in items(config.get("markdown_extensions")) {
            options.extension(&name, &settings, text);
        }
        options
    }

    fn extension(&mut self, name: &str, settings: &Value, text: &str) {
        let name = name.strip_prefix("markdown.extensions.").unwrap_or(name);
        match name {
            "pymdownx.keys" => self.keys = true,
            "pymdownx.arithmatex" => self.math = true,
            "nl2br" => self.breaks = true,
            // What is named by a tag of Python's is in the text, but in no value.
            "pymdownx.emoji" => self.material_emoji = text.contains("emoji.twemoji"),
            "pymdownx.superfences" | "pymdownx.extra" => {
                let own = settings.get("pymdownx.superfences").unwrap_or(settings);
                let fences = own.get("custom_fences").and_then(Value::as_sequence);
                let names = fences
                    .into_iter()
                    .flatten()
                    .filter_map(|fence| fence.get("name")?.as_str());
                self.diagrams.extend(names.map(str::to_owned));
            }
            "toc" => self.unicode_slugs = text.contains("pymdownx.slugs"),
            "mdx_truly_sane_lists" => {
                let indent = settings.get("nested_indent").and_then(Value::as_u64);
                let indent = indent.and_then(|indent| usize::try_from(indent).ok());
                self.list_indent = indent.unwrap_or(self.list_indent).clamp(1, 8);
            }
            "pymdownx.snippets" => {
                self.appended.extend(texts(settings.get("auto_append")));
                let bases = texts(settings.get("base_path"));
                if !bases.is_empty() {
                    self.bases = bases;
                }
            }
            name if name.starts_with("pymdownx.blocks.") => self.slash_blocks = true,
            _ => {}
        }
    }
}

/// The plugins or extensions of a list, or of a mapping, with what is set for them.
fn items(value: Option<&Value>) -> Vec<(String, Value)> {
    let pair =
        |(name, settings): (&Value, &Value)| Some((name.as_str()?.to_owned(), settings.clone()));
    match value {
        Some(Value::Sequence(items)) => items
            .iter()
            .filter_map(|item| match item {
                Value::String(name) => Some((name.clone(), Value::Null)),
                Value::Mapping(item) => item.iter().next().and_then(pair),
                _ => None,
            })
            .collect(),
        Some(Value::Mapping(items)) => items.iter().filter_map(pair).collect(),
        _ => Vec::new(),
    }
}

/// A text, or those of a list.
fn texts(value: Option<&Value>) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match value {
        Some(Value::Sequence(items)) => items.iter().filter_map(text).collect(),
        Some(value) => text(value).into_iter().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_turn_syntax_on() {
        let options = Options::read(
            "markdown_extensions:\n  - pymdownx.keys\n  - pymdownx.emoji:\n      emoji_index: !!python/name:material.extensions.emoji.twemoji\n  \
             - pymdownx.superfences:\n      custom_fences:\n        - {name: mermaid, class: mermaid, format: !!python/name:a.b }\n  - \
             toc:\n      slugify: !!python/object/apply:pymdownx.slugs.slugify {kwds: {case: lower}}\n  - pymdownx.snippets:\n      \
             base_path: docs\n      auto_append: [a.md]\n",
        );
        let wanted = Options {
            keys: true,
            material_emoji: true,
            diagrams: vec!["mermaid".to_owned()],
            unicode_slugs: true,
            appended: vec!["a.md".to_owned()],
            bases: vec!["docs".to_owned()],
            ..Options::default()
        };
        assert_eq!(options, wanted);
        assert_eq!(Options::read("- ["), Options::default());
    }
}
