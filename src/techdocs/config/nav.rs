//! The `nav` of an `mkdocs.yml`: paths, `Title: path`, `Title: [items]` and addresses elsewhere.

use serde_yaml::Value;

use super::{path, text_of};
use crate::techdocs::{NavItem, Target};

/// How deep sections may nest.
pub(in crate::techdocs) const MAX_DEPTH: usize = 12;
/// How many lines a nav may have.
pub(in crate::techdocs) const MAX_ITEMS: usize = 200_000;

/// A line of a nav as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::techdocs) struct Line {
    /// What it is called, where it says so.
    pub(in crate::techdocs) title: Option<String>,
    /// What it says.
    pub(in crate::techdocs) said: Said,
}

/// What a line of a nav says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::techdocs) enum Said {
    /// A path, an address, or what a plugin makes something of.
    Text(String),
    /// Further lines.
    Section(Vec<Line>),
}

impl Line {
    /// A line without a title.
    pub(in crate::techdocs) fn text(text: impl Into<String>) -> Self {
        Self {
            title: None,
            said: Said::Text(text.into()),
        }
    }

    /// A section.
    pub(in crate::techdocs) fn section(title: impl Into<String>, lines: Vec<Self>) -> Self {
        Self {
            title: Some(title.into()),
            said: Said::Section(lines),
        }
    }
}

/// Something about a nav that its author should know.
pub(in crate::techdocs) struct Complaint {
    /// One sentence.
    pub(in crate::techdocs) message: String,
    /// The text of the nav that it is about; empty for the nav as a whole.
    pub(in crate::techdocs) text: String,
}

/// The lines of `value`, and a complaint about each that cannot be used.
pub(in crate::techdocs) fn read(value: &Value) -> (Vec<Line>, Vec<Complaint>) {
    let mut reader = Reader {
        left: MAX_ITEMS,
        complaints: Vec::new(),
    };
    let lines = reader.lines(value, 0);
    if reader.left == 0 {
        reader.warn(
            "",
            format!("The nav has more than {MAX_ITEMS} lines; the rest is left out."),
        );
    }
    (lines, reader.complaints)
}

/// Takes the slashes from before paths, which count from the docs folder all the same.
pub(in crate::techdocs) fn unroot(lines: &mut [Line]) {
    for line in lines {
        match &mut line.said {
            Said::Section(lines) => unroot(lines),
            Said::Text(text) if !path::is_url(text) => {
                *text = text.trim_start_matches('/').to_owned();
            }
            Said::Text(_) => {}
        }
    }
}

/// The items that `lines` are once no plugin is left to make anything of them, and a complaint about each that leads out.
pub(in crate::techdocs) fn items(
    lines: Vec<Line>,
    complaints: &mut Vec<Complaint>,
) -> Vec<NavItem> {
    let mut items = Vec::with_capacity(lines.len());
    for line in lines {
        let target = match line.said {
            Said::Section(lines) => Some(Target::Section(self::items(lines, complaints))),
            Said::Text(text) if path::is_url(&text) || text.starts_with('/') => {
                Some(Target::Url(text))
            }
            Said::Text(text) => {
                let path = path::normal("", &text).filter(|path| !path.is_empty());
                if path.is_none() {
                    complaints.push(Complaint {
                        message: format!("The nav's '{text}' leads out of docs_dir."),
                        text,
                    });
                }
                path.map(Target::Page)
            }
        };
        items.extend(target.map(|target| NavItem {
            title: line.title.unwrap_or_default(),
            target,
        }));
    }
    items
}

struct Reader {
    left: usize,
    complaints: Vec<Complaint>,
}

impl Reader {
    fn warn(&mut self, text: &str, message: String) {
        self.complaints.push(Complaint {
            message,
            text: text.to_owned(),
        });
    }

    fn lines(&mut self, value: &Value, depth: usize) -> Vec<Line> {
        if depth > MAX_DEPTH {
            self.warn(
                "",
                format!(
                    "The nav nests more than {MAX_DEPTH} sections; the deeper ones are left out."
                ),
            );
            return Vec::new();
        }
        let mut lines = Vec::new();
        match value {
            Value::Sequence(entries) => {
                for entry in entries {
                    self.line(entry, depth, &mut lines);
                }
            }
            Value::Mapping(_) => self.line(value, depth, &mut lines),
            Value::Tagged(tagged) => return self.lines(&tagged.value, depth),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                self.warn(
                    "",
                    "The nav is no list; the pages' own order counts.".to_owned(),
                );
            }
        }
        lines
    }

    fn line(&mut self, value: &Value, depth: usize, lines: &mut Vec<Line>) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let Value::Mapping(entries) = value else {
            lines.extend(text_of(Some(value)).map(Line::text));
            return;
        };
        for (key, value) in entries {
            let title = match key {
                // As Python writes them.
                Value::Bool(true) => Some("True".to_owned()),
                Value::Bool(false) => Some("False".to_owned()),
                key => text_of(Some(key)),
            };
            let said = match value {
                Value::Sequence(_) | Value::Mapping(_) => {
                    Some(Said::Section(self.lines(value, depth + 1)))
                }
                _ => text_of(Some(value)).map(Said::Text),
            };
            if said.is_none() {
                let title = title.clone().unwrap_or_default();
                self.warn(&title, format!("The nav line '{title}' leads nowhere."));
            }
            lines.extend(said.map(|said| Line {
                title: title.clone(),
                said,
            }));
        }
    }
}
