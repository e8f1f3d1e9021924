//! What the plugins of an `mkdocs.yml` are told, as far as they shape a site.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_yaml::Value;

use super::{text_of, yaml};

/// The plugins that shape a site, and what they are told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Plugins {
    /// `awesome-pages`: navs in files beside the pages.
    pub awesome: Option<Awesome>,
    /// `literate-nav`: navs in Markdown.
    pub literate: Option<Literate>,
    /// `redirects`: pages that moved, from their old paths to pages or addresses.
    pub redirects: BTreeMap<String, String>,
}

/// What `awesome-pages` is told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Awesome {
    /// The name of its files, `.pages` unless given.
    pub filename: String,
    /// Whether sections with one page give way to it.
    pub collapse: bool,
    /// How the lines of a folder are sorted.
    pub sorting: Sorting,
}

/// How lines of a nav are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sorting {
    /// From the last to the first; `None` where it is not said.
    pub descending: Option<bool>,
    /// `2` before `10`.
    pub natural: Option<bool>,
    /// By title; by name otherwise.
    pub by_title: Option<bool>,
    /// Letter case does not count.
    pub ignore_case: Option<bool>,
}

/// What `literate-nav` is told.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Literate {
    /// The name of its files, `SUMMARY.md` unless given.
    pub file: String,
    /// Whether a folder's index comes first without being named.
    pub implicit_index: bool,
}

impl Sorting {
    /// What `value` says of sorting.
    pub(in crate::techdocs) fn read(value: &Value) -> Self {
        let is = |key: &str, wanted: &str| {
            let said = value.get(key).and_then(Value::as_str);
            said.map(|said| said == wanted)
        };
        Self {
            descending: is("order", "desc"),
            natural: is("sort_type", "natural"),
            by_title: is("order_by", "title"),
            ignore_case: yaml::switch(value.get("ignore_case")),
        }
    }

    /// This, and where it says nothing what `other` says.
    pub(in crate::techdocs) fn or(self, other: Self) -> Self {
        Self {
            descending: self.descending.or(other.descending),
            natural: self.natural.or(other.natural),
            by_title: self.by_title.or(other.by_title),
            ignore_case: self
                .ignore_case
                .filter(|ignores| *ignores)
                .or(other.ignore_case),
        }
    }
}

impl Plugins {
    /// What `plugins`, a list or a mapping, says.
    pub(super) fn read(plugins: Option<&Value>) -> Self {
        let mut read = Self::default();
        for (name, settings) in named(plugins) {
            let text =
                |key: &str, other: &str| text_of(settings.get(key)).unwrap_or(other.to_owned());
            match name.rsplit('/').next().unwrap_or_default() {
                "awesome-pages" => {
                    read.awesome = Some(Awesome {
                        filename: text("filename", ".pages"),
                        collapse: yaml::switch(settings.get("collapse_single_pages"))
                            .unwrap_or_default(),
                        sorting: Sorting::read(settings),
                    });
                }
                "literate-nav" => {
                    read.literate = Some(Literate {
                        file: text("nav_file", "SUMMARY.md"),
                        implicit_index: yaml::switch(settings.get("implicit_index"))
                            .unwrap_or_default(),
                    });
                }
                "redirects" => {
                    let maps = settings.get("redirect_maps").and_then(Value::as_mapping);
                    let pairs = maps.into_iter().flatten();
                    read.redirects.extend(
                        pairs.filter_map(|(old, new)| {
                            Some((text_of(Some(old))?, text_of(Some(new))?))
                        }),
                    );
                }
                _ => {}
            }
        }
        read
    }
}

/// The plugins of a list or a mapping with what each is told; those that are switched off are left out.
pub(in crate::techdocs) fn named(plugins: Option<&Value>) -> Vec<(&str, &Value)> {
    let pair = |(name, settings): (_, _)| -> Option<(&str, &Value)> {
        let (name, settings): (&Value, &Value) = (name, settings);
        let is_off = yaml::switch(settings.get("enabled")) == Some(false);
        name.as_str()
            .filter(|_| !is_off)
            .map(|name| (name, settings))
    };
    match plugins {
        Some(Value::Sequence(items)) => items
            .iter()
            .filter_map(|item| match item {
                Value::String(name) => Some((name.as_str(), &Value::Null)),
                Value::Mapping(map) => map.iter().next().and_then(pair),
                _ => None,
            })
            .collect(),
        Some(Value::Mapping(map)) => map.iter().filter_map(pair).collect(),
        _ => Vec::new(),
    }
}
