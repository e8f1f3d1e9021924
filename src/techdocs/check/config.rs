//! `mkdocs.yml` itself: names, types, and whether there are docs at all.

use serde_yaml::Value;

use super::Checker;
use super::text::length;
use crate::catalog::nearest::nearest;
use crate::catalog::{Problem, Rule};
use crate::techdocs::config::named;
use crate::techdocs::path::{is_markdown, is_url};

/// The settings that MkDocs knows.
const SETTINGS: [&str; 32] = [
    "site_name",
    "site_url",
    "site_description",
    "site_author",
    "site_dir",
    "docs_dir",
    "nav",
    "theme",
    "plugins",
    "markdown_extensions",
    "mdx_configs",
    "extra",
    "extra_css",
    "extra_javascript",
    "extra_templates",
    "repo_url",
    "repo_name",
    "edit_uri",
    "edit_uri_template",
    "copyright",
    "dev_addr",
    "use_directory_urls",
    "strict",
    "remote_branch",
    "remote_name",
    "validation",
    "exclude_docs",
    "not_in_nav",
    "draft_docs",
    "hooks",
    "INHERIT",
    "watch",
];

/// What a setting must be.
const SHAPES: [(&str, Shape); 11] = [
    ("site_name", Shape::Text),
    ("site_description", Shape::Text),
    ("docs_dir", Shape::Text),
    ("repo_url", Shape::Text),
    ("edit_uri", Shape::Text),
    ("exclude_docs", Shape::Text),
    ("not_in_nav", Shape::Text),
    ("plugins", Shape::ListOrMapping),
    ("markdown_extensions", Shape::ListOrMapping),
    ("extra", Shape::Mapping),
    ("use_directory_urls", Shape::Boolean),
];

#[derive(Clone, Copy)]
enum Shape {
    Text,
    Boolean,
    Mapping,
    ListOrMapping,
}

/// Plugins that make no pages and move none.
const HARMLESS: [&str; 42] = [
    "techdocs-core",
    "search",
    "add-number",
    "autolinks",
    "autorefs",
    "awesome-pages",
    "literate-nav",
    "material/search",
    "monorepo",
    "charts",
    "d2",
    "drawio",
    "exclude",
    "exclude-search",
    "ezlinks",
    "gh-admonitions",
    "git-authors",
    "git-committers",
    "git-revision-date",
    "git-revision-date-localized",
    "glightbox",
    "htmlproofer",
    "include-markdown",
    "kroki",
    "macros",
    "mermaid2",
    "meta",
    "mike",
    "minify",
    "mkdocstrings",
    "offline",
    "panzoom",
    "plantuml",
    "privacy",
    "redirects",
    "roamlinks",
    "rss",
    "same-dir",
    "section-index",
    "social",
    "table-reader",
    "typeset",
];

/// What may make pages or move them while the site is built.
pub(super) fn maker(raw: &Value) -> Option<String> {
    if raw.get("hooks").is_some() {
        return Some("a hook".to_owned());
    }
    let unknown = named(raw.get("plugins")).into_iter().find(|(name, _)| {
        let short = name.rsplit('/').next().unwrap_or_default();
        !HARMLESS.contains(&short)
    });
    unknown.map(|(name, _)| format!("the plugin '{name}'"))
}

/// Checks the settings, and whether `docs_dir` is there.
pub(super) fn check(checker: &Checker<'_>, problems: &mut Vec<Problem>) {
    let Value::Mapping(settings) = checker.raw else {
        if !checker.raw.is_null() {
            let message = "The file must be a mapping from settings to their values.";
            problems.push(Problem::new(Rule::Docs, checker.place(""), message));
        }
        return;
    };
    for (key, value) in settings {
        let Some(key) = key.as_str() else {
            continue;
        };
        let place = || checker.place(&format!("{key}:"));
        let shape = SHAPES.iter().find(|(name, _)| *name == key);
        if let Some((_, shape)) = shape {
            if !shape.fits(value) {
                let message = format!("'{key}' must be {}.", shape.in_words());
                problems.push(Problem::new(Rule::Docs, place(), message));
            }
        } else if !SETTINGS.contains(&key)
            && let Some(meant) = nearest(key, SETTINGS)
        {
            let message = format!("MkDocs has no setting '{key}'.");
            let problem = Problem::new(Rule::Docs, place(), message);
            problems.push(problem.over(length(key)).suggesting(Some(meant.to_owned())));
        }
    }
    if !settings.contains_key("site_name") {
        let message = "There is no site_name, without which MkDocs builds nothing.";
        problems.push(Problem::new(Rule::Docs, checker.place(""), message));
    }
    docs_dir(checker, problems);
    redirects(checker, problems);
}

/// Checks that the docs folder is there, and below the folder of the configuration.
fn docs_dir(checker: &Checker<'_>, problems: &mut Vec<Problem>) {
    let dir = checker.config.docs_dir.as_str();
    let message = if dir.is_empty() && !checker.has_plugin("same-dir") {
        "docs_dir is the folder of this file, with which MkDocs builds nothing; name a folder below it, or add the \
         plugin same-dir."
            .to_owned()
    } else if checker.site.sources.files.is_empty() && !dir.is_empty() {
        format!("There is no folder '{dir}' with pages.")
    } else {
        return;
    };
    let place = checker.place("docs_dir:");
    problems.push(Problem::new(Rule::Docs, place, message));
}

/// Checks that pages that moved are where they are said to be.
fn redirects(checker: &Checker<'_>, problems: &mut Vec<Problem>) {
    for (old, new) in &checker.config.plugins.redirects {
        let page = new.split('#').next().unwrap_or_default();
        let (said, message) = if !is_markdown(old) {
            let message = format!("The redirect from '{old}' is none: it must name a page.");
            (old, message)
        } else if !is_url(new) && !checker.by_path.contains_key(page) {
            let message = format!("The redirect to '{new}' leads to no page.");
            (new, message)
        } else {
            continue;
        };
        let problem = Problem::new(Rule::DocsMissingPage, checker.place(said), message);
        let meant = checker.nearest_page(page).map(str::to_owned);
        let problem = problem.over(length(said)).suggesting(meant);
        problems.push(checker.unless_made(problem));
    }
}

impl Shape {
    fn fits(self, value: &Value) -> bool {
        match value {
            Value::Null | Value::Tagged(_) => true,
            Value::Bool(_) => matches!(self, Self::Boolean),
            // `site_name: 2026` is taken for text.
            Value::Number(_) | Value::String(_) => matches!(self, Self::Text),
            Value::Sequence(_) => matches!(self, Self::ListOrMapping),
            Value::Mapping(_) => matches!(self, Self::Mapping | Self::ListOrMapping),
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Text => "a text",
            Self::Boolean => "true or false",
            Self::Mapping => "a mapping",
            Self::ListOrMapping => "a list or a mapping",
        }
    }
}
