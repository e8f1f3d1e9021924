//! The configuration as it is kept: one file that needs no other.

use serde_yaml::{Mapping, Value};

use super::Sources;
use crate::techdocs::config::{EDIT_BASES, INCLUDED};
use crate::techdocs::{NavItem, Target};

/// What is taken over as it stands.
const TAKEN: [&str; 8] = [
    "docs_dir",
    "repo_url",
    "edit_uri",
    "edit_uri_template",
    "use_directory_urls",
    "markdown_extensions",
    "plugins",
    "not_in_nav",
];

/// See [`Sources::kept`].
pub(super) fn text(sources: &Sources) -> String {
    let config = &sources.config;
    let mut map = Mapping::new();
    let mut put = |key: &str, value: Value| drop(map.insert(key.into(), value));
    put("site_name", config.site_name.as_str().into());
    for key in TAKEN {
        if let Some(value) = sources.value.get(key).filter(|value| !value.is_null()) {
            put(key, value.clone());
        }
    }
    // Those that a source of the entity adds.
    for (key, value) in [
        ("repo_url", &config.repo_url),
        ("edit_uri", &config.edit_uri),
    ] {
        if let Some(value) = value {
            put(key, value.as_str().into());
        }
    }
    if let Some(nav) = &config.nav {
        put("nav", lines(nav));
    }
    if !config.edit_bases.is_empty() {
        let bases = config.edit_bases.iter();
        let bases = bases.map(|(folder, base)| (folder.as_str().into(), base.as_str().into()));
        put(EDIT_BASES, Value::Mapping(bases.collect()));
    }
    if !sources.included.is_empty() {
        let files = sources.included.iter();
        let files = files.map(|(file, text)| (file.as_str().into(), text.as_str().into()));
        put(INCLUDED, Value::Mapping(files.collect()));
    }
    // A mapping of texts has no value that could not be written.
    serde_yaml::to_string(&map).unwrap_or_default()
}

fn lines(items: &[NavItem]) -> Value {
    let line = |item: &NavItem| {
        let said = match &item.target {
            Target::Page(path) => path.as_str().into(),
            Target::Url(url) => url.as_str().into(),
            Target::Section(items) => lines(items),
        };
        match &item.target {
            Target::Page(_) | Target::Url(_) if item.title.is_empty() => said,
            _ => Value::Mapping([(item.title.as_str().into(), said)].into_iter().collect()),
        }
    };
    Value::Sequence(items.iter().map(line).collect())
}
