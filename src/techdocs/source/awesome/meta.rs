//! A `.pages` file.

use serde_yaml::Value;

use super::rest::Rest;
use crate::techdocs::config::nav::MAX_DEPTH;
use crate::techdocs::config::{Sorting, text_of, yaml};

/// What the file of a folder says.
#[derive(Debug, Clone, Default)]
pub(super) struct Meta {
    pub(super) title: Option<String>,
    pub(super) nav: Option<Vec<Entry>>,
    pub(super) hide: bool,
    pub(super) collapse: Option<bool>,
    pub(super) collapse_single_pages: Option<bool>,
    pub(super) sorting: Sorting,
}

/// A line of its nav.
#[derive(Debug, Clone)]
pub(super) enum Entry {
    /// The name of a file or folder, or an address, with its title where it has one.
    Line(Option<String>, String),
    /// Lines under a title.
    Section(String, Vec<Entry>),
    /// The place of what is not named.
    Rest(Rest),
}

impl Meta {
    /// Reads a file; the error says why the plugin would not take it.
    pub(super) fn read(text: &str) -> Result<Self, &'static str> {
        let value = yaml::read(text).map_err(|_| "it is not YAML")?;
        let flag = |key: &str| yaml::switch(value.get(key));
        let list = |key: &str| match value.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Sequence(items)) => Ok(Some(items)),
            Some(_) => Err("its nav is no list"),
        };
        let mut nav = list("nav")?.map(|items| entries(items, 0));
        if let (None, Some(items)) = (&nav, list("arrange")?) {
            let mut arranged = entries(items, 0);
            let is_all = |entry: &Entry| matches!(entry, Entry::Rest(rest) if rest.is_all());
            if !arranged.iter().any(is_all) {
                arranged.push(Entry::Rest(Rest::all()));
            }
            nav = Some(arranged);
        }
        Ok(Self {
            title: text_of(value.get("title")),
            nav,
            hide: flag("hide") == Some(true),
            collapse: flag("collapse"),
            collapse_single_pages: flag("collapse_single_pages"),
            sorting: Sorting::read(&value),
        })
    }
}

fn entries(items: &[Value], depth: usize) -> Vec<Entry> {
    if depth > MAX_DEPTH {
        return Vec::new();
    }
    let entry = |item: &Value| match item {
        Value::Mapping(map) => {
            let (title, value) = map.iter().next()?;
            let title = text_of(Some(title))?;
            match value {
                Value::Sequence(items) => Some(Entry::Section(title, entries(items, depth + 1))),
                value => Some(Entry::Line(Some(title), text_of(Some(value))?)),
            }
        }
        value => {
            let text = text_of(Some(value))?;
            Some(match Rest::read(&text) {
                Some(rest) => Entry::Rest(rest),
                None => Entry::Line(None, text),
            })
        }
    };
    items.iter().filter_map(entry).collect()
}

/// The places for the rest among `entries`, in their order.
pub(super) fn rests(entries: &[Entry], found: &mut Vec<Rest>) {
    for entry in entries {
        match entry {
            Entry::Rest(rest) if !found.contains(rest) => found.push(rest.clone()),
            Entry::Section(_, entries) => rests(entries, found),
            Entry::Rest(_) | Entry::Line(..) => {}
        }
    }
}
