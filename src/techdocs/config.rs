//! What `mkdocs.yml` says, read as leniently as the file deserves.

pub(super) mod nav;
mod plugins;
pub(super) mod yaml;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_yaml::Value;

use crate::catalog::text::one_line;
use crate::catalog::{Place, Problem, Rule};

use super::path;
use super::site::NavItem;
use nav::{Complaint, Line};
pub(super) use plugins::named;
pub use plugins::{Awesome, Literate, Plugins, Sorting};

/// The largest `mkdocs.yml` that is read, in bytes.
const MAX_BYTES: usize = 16 << 20;
/// The setting of ours in what is kept of a site: where pages of included sites are edited, by the path they begin with.
pub(super) const EDIT_BASES: &str = "x-edit-bases";

/// Another one: the texts of files that pages include, by their path.
pub(super) const INCLUDED: &str = "x-included";

/// Another one: the page that opens first.
pub(super) const HOME: &str = "x-home";

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
    /// `edit_uri_template`, in which `{path}` and `{path_noext}` stand for the page's.
    pub edit_uri_template: Option<String>,
    /// Where pages that another site brings are edited, by the folder in which they stand here.
    pub edit_bases: Vec<(String, String)>,
    /// `exclude_docs`: patterns of files that are no part of the site.
    pub exclude_docs: String,
    /// `draft_docs`: patterns of pages that only their author sees.
    pub draft_docs: String,
    /// `not_in_nav`: patterns of pages that need no line in the nav.
    pub not_in_nav: String,
    /// The page that opens first, as an address of the finished site names it; only in what is kept of a site.
    pub home: Option<String>,
    /// The texts of files that pages include, by their path; only in what is kept of a site.
    pub included: BTreeMap<String, String>,
    /// The plugins that shape the site.
    pub plugins: Plugins,
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

    /// Reads the text of the `mkdocs.yml` at `file`, which stands alone: nothing that it names is looked at. What cannot
    /// be used is left out and reported.
    pub fn parse(file: &str, text: &str) -> (Self, Vec<Problem>) {
        let value = match value(file, text) {
            Ok(value) => value,
            Err(problem) => return (Self::absent(""), vec![problem]),
        };
        let (mut config, lines, mut problems) = Self::read(file, text, &value);
        let mut complaints = Vec::new();
        config.nav = lines.map(|lines| nav::items(lines, &mut complaints));
        problems.extend(of_nav(complaints, file, text));
        (config, problems)
    }

    /// What `value` says, which is that of `text` with all that it inherits, and the lines of its nav.
    pub(super) fn read(
        file: &str,
        text: &str,
        value: &Value,
    ) -> (Self, Option<Vec<Line>>, Vec<Problem>) {
        let said = |key: &str| text_of(value.get(key));
        // Patterns have lines.
        let patterns = |key: &str| {
            let text = value.get(key).and_then(Value::as_str);
            text.unwrap_or_default().to_owned()
        };
        let mut problems = Vec::new();
        let mut config = Self {
            home: said(HOME),
            repo_url: said("repo_url"),
            edit_uri: said("edit_uri"),
            edit_uri_template: said("edit_uri_template"),
            exclude_docs: patterns("exclude_docs"),
            draft_docs: patterns("draft_docs"),
            not_in_nav: patterns("not_in_nav"),
            plugins: Plugins::read(value.get("plugins")),
            ..Self::absent(said("site_name").unwrap_or_default())
        };
        let bases = value.get(EDIT_BASES).and_then(Value::as_mapping);
        config.edit_bases = bases
            .into_iter()
            .flatten()
            .filter_map(|(folder, base)| Some((text_of(Some(folder))?, text_of(Some(base))?)))
            .collect();
        let included = value.get(INCLUDED).and_then(Value::as_mapping);
        config.included = included
            .into_iter()
            .flatten()
            .filter_map(|(file, text)| Some((file.as_str()?.to_owned(), text.as_str()?.to_owned())))
            .collect();
        if let Some(dir) = said("docs_dir") {
            match path::normal("", &dir) {
                Some(dir) if !dir_is_absolute(&dir) => config.docs_dir = dir,
                _ => problems.push(Problem::new(
                    Rule::Docs,
                    place(file, text, "docs_dir:"),
                    format!("docs_dir '{dir}' lies outside the folder of this file; 'docs' is read instead."),
                )),
            }
        }
        let said = value.get("nav").filter(|nav| !nav.is_null());
        let lines = said.map(|said| {
            let (mut lines, complaints) = nav::read(said);
            problems.extend(of_nav(complaints, file, text));
            if rooted_in_docs(value) {
                nav::unroot(&mut lines);
            }
            lines
        });
        // An empty nav is none.
        (config, lines.filter(|lines| !lines.is_empty()), problems)
    }
}

/// Whether a path of the nav that begins with a slash counts from the docs folder.
fn rooted_in_docs(value: &Value) -> bool {
    let told = value.get("validation");
    let own = told.and_then(|told| told.get("nav")?.get("absolute_links"));
    let said = own.or_else(|| told?.get("absolute_links"));
    said.and_then(Value::as_str) == Some("relative_to_docs")
}

/// The value of the `mkdocs.yml` at `file`, or why it has none.
#[expect(clippy::result_large_err, reason = "a finding is kept as it is")]
pub(super) fn value(file: &str, text: &str) -> Result<Value, Problem> {
    let at = |line, column| Place {
        file: file.to_owned(),
        line,
        column,
    };
    if text.len() > MAX_BYTES {
        let message = format!("The file has more than {MAX_BYTES} bytes; it is not read.");
        return Err(Problem::new(Rule::Limit, at(0, 0), message));
    }
    yaml::read(text).map_err(|error| {
        let at = error.location().map_or_else(
            || at(0, 0),
            |place| at(count(place.line()), count(place.column())),
        );
        let message = format!("The file is not YAML: {}.", one_line(&error.to_string()));
        Problem::new(Rule::YamlSyntax, at, message)
    })
}

/// Complaints about the nav of the `mkdocs.yml` at `file` as problems, each where it stands.
pub(super) fn of_nav<'t>(
    complaints: Vec<Complaint>,
    file: &'t str,
    text: &'t str,
) -> impl Iterator<Item = Problem> + 't {
    complaints.into_iter().map(move |complaint| {
        let part = Some(complaint.text.as_str()).filter(|part| !part.is_empty());
        let place = place(file, text, part.unwrap_or("nav:"));
        let length = part.filter(|_| place.line > 0);
        let length = length.map_or(0, |part| count(part.chars().count()));
        Problem::new(Rule::Docs, place, complaint.message).over(length)
    })
}

/// Where the `mkdocs.yml` at `file` says `part`.
pub(super) fn place(file: &str, text: &str, part: &str) -> Place {
    let (line, column) = position(text, part);
    Place {
        file: file.to_owned(),
        line,
        column,
    }
}

/// A scalar as text on one line; tags are looked through.
pub(super) fn text_of(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => one_line(text),
        Value::Number(number) => number.to_string(),
        Value::Bool(flag) => flag.to_string(),
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
             Deep:\n    - guide/b.md\n- Empty:\n- Out: ../x.md\n",
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
}
