//! What `mkdocs.yml` says, read as leniently as the file deserves.

mod nav;

use serde::{Deserialize, Serialize};
use serde_yaml::Value;

use crate::catalog::text::one_line;
use crate::catalog::{Place, Problem, Rule};

use super::path;
use super::site::NavItem;

/// The largest `mkdocs.yml` that is read, in bytes.
const MAX_BYTES: usize = 1 << 20;

/// The part of an `mkdocs.yml` that reading needs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Config {
    /// `site_name`.
    pub site_name: String,
    /// `docs_dir`, relative to the file's folder; `docs` unless given. Never leaves that folder.
    pub docs_dir: String,
    /// `nav`; `None` where the file has none and the pages' own order counts.
    pub nav: Option<Vec<NavItem>>,
    /// `repo_url`.
    pub repo_url: Option<String>,
    /// `edit_uri`, relative to `repo_url` or a URL of its own.
    pub edit_uri: Option<String>,
}

/// A page of the site and the file it is read from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PageFile {
    /// The page's path in the site, relative to `docs_dir`: `guide/index.md`.
    pub page: String,
    /// The file's path relative to the folder of `mkdocs.yml`: `docs/guide/index.md`.
    pub file: String,
}

impl Config {
    /// What Backstage's generator assumes where there is no `mkdocs.yml`: pages in `docs`, the entity's name as title.
    pub fn absent(site_name: impl Into<String>) -> Self {
        Self {
            site_name: site_name.into(),
            docs_dir: "docs".to_owned(),
            ..Self::default()
        }
    }

    /// Reads the text of the `mkdocs.yml` at `file`. What cannot be used is left out and reported.
    ///
    /// Tags are looked through, never acted on: `!!python/name:…` is an empty value, `!ENV [NAME, default]` its default.
    pub fn parse(file: &str, text: &str) -> (Self, Vec<Problem>) {
        let place = |line, column| Place {
            file: file.to_owned(),
            line,
            column,
        };
        let mut config = Self::absent("");
        if text.len() > MAX_BYTES {
            let message = format!("The file has more than {MAX_BYTES} bytes; it is not read.");
            return (
                config,
                vec![Problem::new(Rule::Limit, place(0, 0), message)],
            );
        }
        let root: Value = match serde_yaml::from_str(text) {
            Ok(root) => root,
            Err(error) => {
                let at = error.location().map_or_else(
                    || place(0, 0),
                    |at| place(count(at.line()), count(at.column())),
                );
                let message = format!("The file is not YAML: {}.", one_line(&error.to_string()));
                return (config, vec![Problem::new(Rule::YamlSyntax, at, message)]);
            }
        };
        let at = |part: &str| {
            let (line, column) = position(text, part);
            place(line, column)
        };
        let mut problems = Vec::new();
        config.site_name = text_of(root.get("site_name")).unwrap_or_default();
        config.repo_url = text_of(root.get("repo_url"));
        config.edit_uri = text_of(root.get("edit_uri"));
        if let Some(dir) = text_of(root.get("docs_dir")) {
            match path::normal("", &dir) {
                Some(dir) if !dir_is_absolute(&dir) => config.docs_dir = dir,
                _ => problems.push(Problem::new(
                    Rule::Docs,
                    at("docs_dir:"),
                    format!("docs_dir '{dir}' lies outside the folder of this file; 'docs' is read instead."),
                )),
            }
        }
        if let Some(value) = root.get("nav").filter(|value| !value.is_null()) {
            let (nav, complaints) = nav::read(value);
            problems.extend(complaints.into_iter().map(|complaint| {
                let text = Some(complaint.text.as_str()).filter(|text| !text.is_empty());
                let place = at(text.unwrap_or("nav:"));
                Problem {
                    level: complaint.level,
                    ..Problem::new(Rule::Docs, place, complaint.message)
                }
            }));
            config.nav = Some(nav);
        }
        (config, problems)
    }

    /// Which of `files` (paths relative to the folder of `mkdocs.yml`) are pages.
    ///
    /// As MkDocs has it: Markdown files of `docs_dir` but hidden ones and those of the top folder `templates`; a
    /// `README.md` gives way to an `index.md` beside it. The index may fall back to a `README.md` or `readme.md` of
    /// `docs_dir`, then of the folder itself, as Backstage's generator does.
    pub fn pages<'a>(&self, files: impl IntoIterator<Item = &'a str>) -> Vec<PageFile> {
        let mut pages: Vec<PageFile> = Vec::new();
        let mut readme = None;
        for file in files {
            if matches!(file, "README.md" | "readme.md") && readme != Some("README.md") {
                readme = Some(file);
            }
            let Some(page) = path::below(&self.docs_dir, file) else {
                continue;
            };
            let hidden = page.split('/').any(|part| part.starts_with('.'));
            if path::is_markdown(page) && !hidden && !page.starts_with("templates/") {
                pages.push(PageFile {
                    page: page.to_owned(),
                    file: file.to_owned(),
                });
            }
        }
        let indexed: std::collections::BTreeSet<String> = pages
            .iter()
            .filter(|page| path::file_name(&page.page) == "index.md")
            .map(|page| path::folder(&page.page).to_owned())
            .collect();
        pages.retain(|page| {
            path::file_name(&page.page) == "index.md"
                || !path::is_index(&page.page)
                || !indexed.contains(path::folder(&page.page))
        });
        let has_home = pages
            .iter()
            .any(|page| !page.page.contains('/') && path::is_index(&page.page));
        if let (false, Some(file)) = (has_home, readme) {
            pages.push(PageFile {
                page: "index.md".to_owned(),
                file: file.to_owned(),
            });
        }
        pages.sort();
        pages.dedup_by(|a, b| a.page == b.page);
        pages
    }
}

/// A scalar as text on one line; `!ENV` gives its default, other tags are looked through.
fn text_of(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => one_line(text),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
        Value::Tagged(tagged) if tagged.tag == "ENV" => match &tagged.value {
            Value::Sequence(items) if items.len() > 1 => return text_of(items.last()),
            _ => return None,
        },
        Value::Tagged(tagged) => return text_of(Some(&tagged.value)),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) => return None,
    };
    Some(text).filter(|text| !text.is_empty())
}

/// A drive letter is the one absolute path that [`path::normal`] cannot know.
fn dir_is_absolute(dir: &str) -> bool {
    dir.contains(':')
}

/// Where the configuration `text` says `part` as a whole word, line and column from 1; zeros where it writes it in
/// another way.
pub(super) fn position(text: &str, part: &str) -> (u32, u32) {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    for (number, line) in text.lines().enumerate() {
        let said = line.trim_start();
        if said.starts_with('#') {
            continue;
        }
        for (start, _) in line.match_indices(part) {
            let (before, rest) = line.split_at_checked(start).unwrap_or((line, ""));
            let after = rest.strip_prefix(part).unwrap_or_default();
            let before = before.strip_suffix("./").unwrap_or(before);
            if !before.ends_with(is_part) && (part.ends_with(':') || !after.starts_with(is_part)) {
                return (count(number + 1), count(before.chars().count() + 1));
            }
        }
    }
    (0, 0)
}

/// A line or column as a [`Place`] has it.
fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::techdocs::Target;

    #[test]
    fn tags_are_looked_through_and_never_acted_on() {
        let (config, problems) = Config::parse(
            "mkdocs.yml",
            "site_name: !ENV [SITE, Ledger]\nrepo_url: !ENV REPO\nmarkdown_extensions:\n  - pymdownx.emoji:\n      \
             emoji_index: !!python/name:material.extensions.emoji.twemoji\n      x: !!python/object/apply:os.system \
             ['rm -rf /']\nnav:\n  - index.md\n",
        );
        assert_eq!(problems, []);
        assert_eq!(config.site_name, "Ledger");
        assert_eq!(config.repo_url, None);
        assert_eq!(config.nav.unwrap().len(), 1);
    }

    #[test]
    fn the_nav_has_four_forms() {
        let (config, problems) = Config::parse(
            "mkdocs.yml",
            "nav:\n- index.md\n- About: ./about.md\n- Chat: https://chat.acme.dev\n- Guide:\n  - guide/a.md\n  - \
             Deep:\n    - guide/b.md\n- Empty:\n- Sub: '!include ./sub/mkdocs.yml'\n",
        );
        let nav = config.nav.unwrap();
        assert_eq!(nav[0].target, Target::Page("index.md".to_owned()));
        assert_eq!(
            (nav[1].title.as_str(), &nav[1].target),
            ("About", &Target::Page("about.md".to_owned()))
        );
        assert_eq!(
            nav[2].target,
            Target::Url("https://chat.acme.dev".to_owned())
        );
        assert!(matches!(&nav[3].target, Target::Section(items) if items.len() == 2));
        assert_eq!(problems.len(), 2, "{problems:?}");
    }

    #[test]
    fn broken_yaml_and_folders_outside_cost_only_themselves() {
        let (config, problems) = Config::parse("mkdocs.yml", "site_name: [\n");
        assert_eq!(config.docs_dir, "docs");
        assert_eq!(problems[0].rule, Rule::YamlSyntax);
        let (config, problems) = Config::parse("mkdocs.yml", "docs_dir: ../../etc\n");
        assert_eq!((config.docs_dir.as_str(), problems.len()), ("docs", 1));
        let (config, _) = Config::parse("mkdocs.yml", "docs_dir: ./\n");
        assert_eq!(config.docs_dir, "");
    }

    #[test]
    fn the_index_falls_back_as_in_backstage() {
        let config = Config::absent("x");
        let pages = |files: &[&str]| -> Vec<String> {
            config
                .pages(files.iter().copied())
                .into_iter()
                .map(|page| format!("{}<{}", page.page, page.file))
                .collect()
        };
        assert_eq!(
            pages(&["README.md", "docs/a.md"]),
            ["a.md<docs/a.md", "index.md<README.md"]
        );
        assert_eq!(
            pages(&["docs/README.md", "README.md"]),
            ["README.md<docs/README.md"]
        );
        assert_eq!(
            pages(&[
                "docs/README.md",
                "docs/index.md",
                "docs/.x.md",
                "docs/templates/t.md",
                "docs/a.png"
            ]),
            ["index.md<docs/index.md"]
        );
    }
}
