//! Which syntax a site has turned on.

use serde_yaml::Value;

use super::blocks::Blocks;
use super::directive::Directives;
use super::slug::{Case, Maker, SlugStyle};

/// What a site's `mkdocs.yml` says of its Markdown.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "switches of a configuration")]
pub struct Options {
    /// `!!! note`, `??? note`, `=== "Tab"`.
    pub callouts: bool,
    /// `/// note`.
    pub blocks: Blocks,
    /// `++ctrl+c++`.
    pub keys: bool,
    /// `$x$` and `$$`.
    pub math: bool,
    /// Line ends are breaks.
    pub breaks: bool,
    /// `:material-check:` and the names of Twemoji beside those of `EmojiOne`.
    pub material_emoji: bool,
    /// Those of Material are drawn, and are no images with a name.
    pub drawn_icons: bool,
    /// The languages whose fences are diagrams.
    pub diagrams: Vec<String>,
    /// How ids are made of headings.
    pub slugs: SlugStyle,
    /// How many levels below their own headings stand (`toc: baselevel`, from 0).
    pub base_level: u8,
    /// The levels of headings that a table of contents on the page has.
    pub contents: (u8, u8),
    /// A heading has a space behind its signs: pymdownx' `saneheaders`.
    pub sane_headings: bool,
    /// Blocks of code stand in a table with the numbers of their lines.
    pub line_numbers: bool,
    /// How far the content of a list's item is indented, in columns.
    pub list_indent: usize,
    /// Files whose text is added to each page, such as a list of abbreviations.
    pub appended: Vec<String>,
    /// The folders, from the site's root, below which included files lie.
    pub bases: Vec<String>,
    /// What is included of a part of a file loses the indentation that all of its lines have.
    pub dedented: bool,
    /// `{% include-markdown "…" %}`, where the site has the plugin for it.
    pub directives: Option<Directives>,
    /// The folder of the pages, from the site's root.
    pub docs_dir: String,
    /// The site names `techdocs-core` among its plugins, so that TechDocs builds it with all of this.
    pub techdocs: bool,
}

impl Default for Options {
    /// What TechDocs turns on for every site.
    fn default() -> Self {
        Self {
            callouts: true,
            blocks: Blocks::default(),
            keys: false,
            math: false,
            breaks: false,
            material_emoji: false,
            drawn_icons: false,
            diagrams: Vec::new(),
            slugs: SlugStyle::default(),
            base_level: 0,
            contents: (1, 6),
            sane_headings: false,
            line_numbers: true,
            list_indent: 2,
            appended: Vec::new(),
            bases: vec![".".to_owned()],
            dedented: false,
            directives: None,
            docs_dir: "docs".to_owned(),
            techdocs: false,
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
        if let Some(folder) = config.get("docs_dir").and_then(Value::as_str) {
            folder.clone_into(&mut options.docs_dir);
        }
        for (name, settings) in items(config.get("plugins")) {
            match name.as_str() {
                "techdocs-core" => {
                    options.techdocs = true;
                    let blocks = settings.get("use_pymdownx_blocks");
                    if blocks.and_then(Value::as_bool) == Some(true) {
                        options.blocks.techdocs();
                        options.callouts = false;
                    }
                }
                "include-markdown" => options.directives = Some(Directives::read(&settings)),
                _ => {}
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
            "pymdownx.emoji" => {
                self.material_emoji = text.contains("emoji.twemoji");
                self.drawn_icons = text.contains("emoji.to_svg");
            }
            "pymdownx.superfences" | "pymdownx.extra" => {
                let own = settings.get("pymdownx.superfences").unwrap_or(settings);
                let fences = own.get("custom_fences").and_then(Value::as_sequence);
                let names = fences
                    .into_iter()
                    .flatten()
                    .filter_map(|fence| fence.get("name")?.as_str());
                self.diagrams.extend(names.map(str::to_owned));
            }
            "toc" => self.toc(settings, text),
            "pymdownx.saneheaders" => self.sane_headings = true,
            "pymdownx.highlight" => {
                let numbers = settings.get("linenums");
                self.line_numbers = numbers.is_none_or(|it| it.as_bool() == Some(true));
            }
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
                let dedented = settings.get("dedent_subsections");
                self.dedented = dedented.and_then(Value::as_bool) == Some(true);
            }
            name => {
                if let Some(name) = name.strip_prefix("pymdownx.blocks.") {
                    self.blocks.turn_on(name, settings);
                }
            }
        }
    }
}

impl Options {
    /// What is set for ids of headings and the table of contents.
    fn toc(&mut self, settings: &Value, text: &str) {
        self.slugs.maker = maker(settings, text);
        if let Some(separator) = settings.get("separator").and_then(Value::as_str) {
            separator.clone_into(&mut self.slugs.separator);
        }
        let level = |value: &Value| {
            let number = value
                .as_u64()
                .or_else(|| value.as_str()?.trim().parse().ok());
            number.and_then(|number| u8::try_from(number.clamp(1, 6)).ok())
        };
        let base = settings.get("baselevel").and_then(level);
        self.base_level = base.map_or(0, |base| base - 1);
        if let Some(depth) = settings.get("toc_depth") {
            let span = depth.as_str().and_then(|span| span.split_once('-'));
            let parse = |text: &str| level(&Value::from(text));
            self.contents = match span {
                Some((top, bottom)) => (parse(top).unwrap_or(1), parse(bottom).unwrap_or(6)),
                None => (1, level(depth).unwrap_or(6)),
            };
        }
    }
}

/// The function that makes ids. What is named by a tag of Python's stands in the text, but in no value.
fn maker(settings: &Value, text: &str) -> Maker {
    if text.contains("toc.slugify_unicode") {
        return Maker::Unicode;
    }
    let Some((_, name)) = text.split_once("pymdownx.slugs.") else {
        return Maker::Ascii;
    };
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let end = name.find(|c| !is_part(c)).unwrap_or(name.len());
    let set = settings.get("slugify").and_then(|made| made.get("kwds"));
    let said = |key: &str| set.and_then(|set| set.get(key));
    let (case, percent) = match name.get(..end).unwrap_or_default() {
        "uslugify" => (Case::Lower, false),
        "uslugify_encoded" => (Case::Lower, true),
        "uslugify_cased" => (Case::Kept, false),
        "uslugify_cased_encoded" => (Case::Kept, true),
        "gfm" => (Case::LowerAscii, false),
        "gfm_encoded" => (Case::LowerAscii, true),
        _ => {
            let case = match said("case").and_then(Value::as_str) {
                Some("lower" | "fold") => Case::Lower,
                Some("lower-ascii") => Case::LowerAscii,
                _ => Case::Kept,
            };
            let percent = said("percent_encode").and_then(Value::as_bool);
            (case, percent == Some(true))
        }
    };
    Maker::Pymdownx { case, percent }
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
            slugs: SlugStyle {
                maker: Maker::Pymdownx {
                    case: Case::Lower,
                    percent: false,
                },
                separator: String::new(),
            },
            appended: vec!["a.md".to_owned()],
            bases: vec!["docs".to_owned()],
            ..Options::default()
        };
        assert_eq!(options, wanted);
        assert_eq!(Options::read("- ["), Options::default());
    }
}
