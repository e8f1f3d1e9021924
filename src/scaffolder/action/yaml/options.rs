//! How YAML is written, by the names of npm `yaml`'s own options.

use serde_json::{Map, Value as Json};

/// How YAML is written.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "npm yaml's own options")]
pub(in crate::scaffolder::action) struct Options {
    /// `indent`: columns a level.
    pub(super) indent: usize,
    /// `indentSeq`: lists stand deeper than their key.
    pub(super) indent_lists: bool,
    /// `lineWidth`: where texts are folded; 0 never.
    pub(super) width: usize,
    /// `minContentWidth`: how many columns a line has at least, however deep it stands.
    pub(super) min_width: usize,
    /// `doubleQuotedMinMultiLineLength`: from which length on a double-quoted text is broken at its line breaks.
    pub(super) min_broken: usize,
    /// `doubleQuotedAsJSON`.
    pub(super) as_json: bool,
    /// `singleQuote`: prefer them, or never use them.
    pub(super) single: Option<bool>,
    /// `blockQuote`.
    pub(super) block: Block,
    /// `defaultStringType`.
    pub(super) text: Style,
    /// `defaultKeyType`.
    pub(super) key: Option<Style>,
    /// `collectionStyle: flow`.
    pub(super) flow: bool,
    /// `flowCollectionPadding`.
    pub(super) padding: bool,
    /// `directives: true`.
    pub(super) marker: bool,
    /// `nullStr`.
    pub(super) null: String,
    /// `trueStr`.
    pub(super) yes: String,
    /// `falseStr`.
    pub(super) no: String,
}

/// Which blocks texts of several lines may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// Whichever fits.
    Any,
    /// None.
    Never,
    /// `|`.
    Literal,
    /// `>`.
    Folded,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Double,
    Single,
    Literal,
    Folded,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            indent: 2,
            indent_lists: true,
            width: 80,
            min_width: 20,
            min_broken: 40,
            as_json: false,
            single: None,
            block: Block::Any,
            text: Style::Plain,
            key: None,
            flow: false,
            padding: true,
            marker: false,
            null: "null".to_owned(),
            yes: "true".to_owned(),
            no: "false".to_owned(),
        }
    }
}

impl Options {
    /// The options that `given` asks for; what is not of its type is left at its default, as it was checked before.
    pub(in crate::scaffolder::action) fn new(given: Option<&Json>) -> Self {
        let empty = Map::new();
        let given = given.and_then(Json::as_object).unwrap_or(&empty);
        let mut options = Self::default();
        for (key, value) in given {
            let size = || {
                let number = value.as_f64().unwrap_or_default().max(0.0);
                crate::scaffolder::js::to_usize(number).min(1000)
            };
            let text = || value.as_str().unwrap_or_default().to_owned();
            let yes = *value == Json::Bool(true);
            match key.as_str() {
                "indent" => options.indent = size().max(1),
                "indentSeq" => options.indent_lists = yes,
                "lineWidth" => options.width = size(),
                "minContentWidth" => options.min_width = size(),
                "doubleQuotedMinMultiLineLength" => options.min_broken = size(),
                "doubleQuotedAsJSON" => options.as_json = yes,
                "singleQuote" => options.single = value.as_bool(),
                "blockQuote" => {
                    options.block = match (value.as_bool(), value.as_str()) {
                        (Some(false), _) => Block::Never,
                        (_, Some("literal")) => Block::Literal,
                        (_, Some("folded")) => Block::Folded,
                        _ => Block::Any,
                    }
                }
                "defaultStringType" => options.text = style(value).unwrap_or(Style::Plain),
                "defaultKeyType" => options.key = style(value),
                "collectionStyle" => options.flow = value.as_str() == Some("flow"),
                "flowCollectionPadding" => options.padding = yes,
                "directives" => options.marker = yes,
                "nullStr" => options.null = text(),
                "trueStr" => options.yes = text(),
                "falseStr" => options.no = text(),
                _ => {}
            }
        }
        options
    }
}

fn style(value: &Json) -> Option<Style> {
    Some(match value.as_str()? {
        "PLAIN" => Style::Plain,
        "QUOTE_DOUBLE" => Style::Double,
        "QUOTE_SINGLE" => Style::Single,
        "BLOCK_LITERAL" => Style::Literal,
        "BLOCK_FOLDED" => Style::Folded,
        _ => return None,
    })
}
