//! The `nav` of an `mkdocs.yml`: paths, `Title: path`, `Title: [items]` and addresses elsewhere.

use serde_yaml::Value;

use super::{path, text_of};
use crate::catalog::Level;
use crate::techdocs::{NavItem, Target};

/// How deep sections may nest.
const MAX_DEPTH: usize = 12;
/// How many lines a nav may have.
const MAX_ITEMS: usize = 20_000;

/// Something about a nav that its author should know.
pub(super) struct Complaint {
    /// A warning, or no more than good to know where MkDocs could use it.
    pub(super) level: Level,
    /// One sentence.
    pub(super) message: String,
    /// The text of the nav that it is about; empty for the nav as a whole.
    pub(super) text: String,
}

/// The items of `value`, and a complaint about each that cannot be used.
pub(super) fn read(value: &Value) -> (Vec<NavItem>, Vec<Complaint>) {
    let mut reader = Reader {
        left: MAX_ITEMS,
        complaints: Vec::new(),
    };
    let items = reader.items(value, 0);
    if reader.left == 0 {
        reader.warn(
            "",
            format!("The nav has more than {MAX_ITEMS} lines; the rest is left out."),
        );
    }
    (items, reader.complaints)
}

struct Reader {
    left: usize,
    complaints: Vec<Complaint>,
}

impl Reader {
    fn warn(&mut self, text: &str, message: String) {
        self.complaints.push(Complaint {
            level: Level::Warning,
            message,
            text: text.to_owned(),
        });
    }

    fn items(&mut self, value: &Value, depth: usize) -> Vec<NavItem> {
        if depth > MAX_DEPTH {
            self.warn(
                "",
                format!(
                    "The nav nests more than {MAX_DEPTH} sections; the deeper ones are left out."
                ),
            );
            return Vec::new();
        }
        let mut items = Vec::new();
        match value {
            Value::Sequence(entries) => {
                for entry in entries {
                    self.item(entry, depth, &mut items);
                }
            }
            Value::Mapping(_) => self.item(value, depth, &mut items),
            Value::Tagged(tagged) => return self.items(&tagged.value, depth),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                self.warn(
                    "",
                    "The nav is no list; the pages' own order counts.".to_owned(),
                );
            }
        }
        items
    }

    fn item(&mut self, value: &Value, depth: usize, items: &mut Vec<NavItem>) {
        if self.left == 0 {
            return;
        }
        self.left -= 1;
        let Value::Mapping(entries) = value else {
            let target = text_of(Some(value)).and_then(|text| self.target(&text));
            items.extend(target.map(|target| NavItem {
                title: String::new(),
                target,
            }));
            return;
        };
        for (key, value) in entries {
            let title = text_of(Some(key)).unwrap_or_default();
            let target = match value {
                Value::Sequence(_) | Value::Mapping(_) => {
                    Some(Target::Section(self.items(value, depth + 1)))
                }
                _ => {
                    if let Some(text) = text_of(Some(value)) {
                        self.target(&text)
                    } else {
                        self.warn(&title, format!("The nav line '{title}' leads nowhere."));
                        None
                    }
                }
            };
            items.extend(target.map(|target| NavItem { title, target }));
        }
    }

    fn target(&mut self, text: &str) -> Option<Target> {
        if path::is_url(text) || text.starts_with('/') {
            return Some(Target::Url(text.to_owned()));
        }
        if text.starts_with("!include") || text.starts_with("*include") || text.contains('*') {
            let message =
                format!("The nav's '{text}' stands for pages of another site; they are not shown.");
            self.complaints.push(Complaint {
                level: Level::Info,
                message,
                text: text.to_owned(),
            });
            return None;
        }
        let target = path::normal("", text)
            .filter(|path| !path.is_empty())
            .map(Target::Page);
        if target.is_none() {
            self.warn(text, format!("The nav's '{text}' leads out of docs_dir."));
        }
        target
    }
}
