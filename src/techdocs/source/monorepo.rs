//! `!include` and `*include` in a nav: other sites of the repository as sections of this one, as mkdocs-monorepo-plugin
//! has them, which `techdocs-core` turns on.
//!
//! An included site's docs stand in the folder that its `site_name` gives, and the paths of its nav begin with it.

use std::collections::{BTreeMap, BTreeSet};

use globset::GlobBuilder;
use serde_yaml::Value;

use super::{Sources, Tree, beside, files, inherit};
use crate::catalog::{Problem, Rule};
use crate::techdocs::config::nav::{Line, Said};
use crate::techdocs::config::{self, Config};
use crate::techdocs::{markdown::slug, path, site};

const INCLUDE: &str = "!include ";
const WILDCARD: &str = "*include ";
/// How many sites may be included.
const MAX_SITES: usize = 1_000;
/// How many sites may include each other, one in the other.
const MAX_DEPTH: usize = 8;

/// Expands the includes of one nav.
pub(super) struct Reader<'a> {
    tree: &'a dyn Tree,
    sources: &'a Sources,
    text: &'a str,
    /// What the included sites bring.
    pub(super) brought: Brought,
    /// The `mkdocs.yml` files that are being read, from the outermost on.
    open: Vec<String>,
    aliases: BTreeSet<String>,
}

/// What included sites bring.
#[derive(Debug, Default)]
pub(super) struct Brought {
    /// Their files, from their path in the site to their path in the repository.
    pub(super) files: BTreeMap<String, String>,
    /// Where their pages are edited, by the folder in which they stand.
    pub(super) edit_bases: Vec<(String, String)>,
    /// What is wrong with them.
    pub(super) problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// For the nav of the `mkdocs.yml` whose text is `text`.
    pub(super) fn new(tree: &'a dyn Tree, sources: &'a Sources, text: &'a str) -> Self {
        Self {
            tree,
            sources,
            text,
            brought: Brought::default(),
            open: Vec::new(),
            aliases: BTreeSet::new(),
        }
    }

    /// `lines` with what they include in place of each include.
    pub(super) fn expand(&mut self, lines: Vec<Line>) -> Result<Vec<Line>, String> {
        let mut expanded = Vec::with_capacity(lines.len());
        for line in lines {
            let Line { title, said } = line;
            match said {
                Said::Section(inner) => {
                    let said = Said::Section(self.expand(inner)?);
                    expanded.push(Line { title, said });
                }
                Said::Text(text) => {
                    if let Some(target) = text.strip_prefix(INCLUDE) {
                        let site = self.include(target.trim())?;
                        expanded.extend(site.map(|site| Line {
                            title: title.or(Some(site.name)),
                            said: Said::Section(site.lines),
                        }));
                    } else if let Some(pattern) = text.strip_prefix(WILDCARD) {
                        let said = Said::Section(self.include_all(pattern.trim())?);
                        expanded.push(Line { title, said });
                    } else {
                        let said = Said::Text(text);
                        expanded.push(Line { title, said });
                    }
                }
            }
        }
        Ok(expanded)
    }

    fn complain(&mut self, part: &str, message: String) {
        let place = config::place(&self.sources.file, self.text, part);
        let problem = Problem::new(Rule::Docs, place, message);
        self.brought.problems.push(problem);
    }

    /// The sites that `pattern` matches, each a section with its name.
    fn include_all(&mut self, pattern: &str) -> Result<Vec<Line>, String> {
        let is_config = [".yml", ".yaml"].iter().any(|end| pattern.ends_with(end));
        let wanted = path::joined("", pattern);
        let glob = wanted.as_deref().and_then(|wanted| {
            GlobBuilder::new(wanted)
                .literal_separator(true)
                .build()
                .ok()
        });
        let Some(glob) = glob.filter(|_| is_config) else {
            self.complain(
                pattern,
                format!(
                    "'*include {pattern}' is no pattern of mkdocs.yml files; MkDocs builds nothing."
                ),
            );
            return Ok(Vec::new());
        };
        let matcher = glob.compile_matcher();
        let mut found: Vec<String> = self.tree.names("")?;
        found.retain(|name| matcher.is_match(name));
        found.sort_by(|a, b| a.split('/').cmp(b.split('/')));
        if found.is_empty() {
            self.complain(pattern, format!("'*include {pattern}' matches no file."));
        }
        let mut lines = Vec::new();
        for file in found {
            let site = self.include(&file)?;
            lines.extend(site.map(|site| Line::section(site.name, site.lines)));
        }
        Ok(lines)
    }

    /// The site whose `mkdocs.yml` is at `target`; `None` where it cannot be had.
    fn include(&mut self, target: &str) -> Result<Option<Included>, String> {
        let is_config = [".yml", ".yaml"].iter().any(|end| target.ends_with(end));
        let Some(file) = path::joined("", target).filter(|_| is_config) else {
            self.complain(
                target,
                format!("'!include {target}' does not name an mkdocs.yml of the repository."),
            );
            return Ok(None);
        };
        if self.open.contains(&file) || self.open.len() >= MAX_DEPTH {
            self.complain(
                target,
                format!("'!include {target}' leads back to itself; MkDocs builds nothing."),
            );
            return Ok(None);
        }
        if self.aliases.len() >= MAX_SITES {
            self.complain(
                target,
                format!("More than {MAX_SITES} sites are included; the rest is left out."),
            );
            return Ok(None);
        }
        let text = self.tree.texts(&[&file])?.pop().flatten();
        let Some(text) = text else {
            self.complain(
                target,
                format!(
                    "'!include {target}' names a file that is not there; MkDocs builds nothing."
                ),
            );
            return Ok(None);
        };
        let name = self.tree.name(&file);
        let value = match config::value(&name, &text) {
            Ok(value) => inherit::merged(self.tree, &file, value, &mut self.brought.problems)?,
            Err(problem) => {
                self.brought.problems.push(problem);
                return Ok(None);
            }
        };
        let (read, lines, problems) = Config::read(&name, &text, &value);
        self.brought.problems.extend(problems);
        let docs = beside(&file, &read.docs_dir).unwrap_or_default();
        let alias = alias(&read.site_name);
        if alias.is_empty() || !self.aliases.insert(alias.clone()) {
            let why = if alias.is_empty() {
                "has no site_name, which says where its pages stand"
            } else {
                "has the site_name of another included site"
            };
            self.complain(
                target,
                format!("'!include {target}' {why}; MkDocs builds nothing."),
            );
            return Ok(None);
        }
        let below = files::below(self.tree, &docs)?;
        if below.is_empty() {
            self.complain(
                target,
                format!(
                    "'!include {target}' has no folder '{}'; MkDocs builds nothing.",
                    read.docs_dir
                ),
            );
        }
        let lines = match lines {
            Some(lines) => lines,
            None => scaffold(below.keys().map(String::as_str)),
        };
        for (path, at) in below {
            self.brought.files.insert(format!("{alias}/{path}"), at);
        }
        if let Some(base) = self.edit_base(&value, &read, &docs) {
            self.brought.edit_bases.push((alias.clone(), base));
        }
        let nested = has_include(&lines);
        if nested {
            let message = format!(
                "'!include {target}' includes further sites, which the monorepo plugin does not: MkDocs builds nothing."
            );
            self.complain(target, message);
        }
        let lines = below_alias(&alias, lines);
        self.open.push(file.clone());
        let lines = if nested {
            self.expand_in(&file, lines)
        } else {
            Ok(lines)
        };
        self.open.pop();
        Ok(Some(Included {
            name: read.site_name,
            lines: lines?,
        }))
    }

    /// Includes that stand in an included site, whose `mkdocs.yml` is at `file`: they are shown here all the same.
    fn expand_in(&mut self, file: &str, lines: Vec<Line>) -> Result<Vec<Line>, String> {
        let from_root = |line: Line| -> Line { moved(line, file) };
        self.expand(lines.into_iter().map(from_root).collect())
    }

    /// Where pages of a site are edited: by its own settings, else by those of the site around it with its own docs folder
    /// in place of that one's.
    fn edit_base(&self, value: &Value, read: &Config, docs: &str) -> Option<String> {
        let root = &self.sources.config;
        let repo = read.repo_url.as_ref().or(root.repo_url.as_ref())?;
        let own = value.get("edit_uri").is_some();
        let uri = if own {
            read.edit_uri.clone().unwrap_or_default()
        } else {
            site::edit_uri(root)
                .unwrap_or_default()
                .replace(&root.docs_dir, docs)
        };
        let repo = repo.trim_end_matches('/');
        let uri = uri.trim_matches('/');
        (!uri.is_empty()).then(|| format!("{repo}/{uri}/"))
    }
}

/// A site as a section of another.
struct Included {
    name: String,
    lines: Vec<Line>,
}

/// The folder of a site that is called `name`: the name itself, or a slug of it.
fn alias(name: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-' | '/');
    if name.chars().all(is_plain) {
        let inside = path::normal("", name).unwrap_or_default();
        return inside;
    }
    slug::words(name)
}

fn has_include(lines: &[Line]) -> bool {
    lines.iter().any(|line| match &line.said {
        Said::Text(text) => text.starts_with(INCLUDE) || text.starts_with(WILDCARD),
        Said::Section(lines) => has_include(lines),
    })
}

/// `lines` with their paths below the folder `alias`.
fn below_alias(alias: &str, lines: Vec<Line>) -> Vec<Line> {
    let below = |mut line: Line| {
        line.said = match line.said {
            Said::Section(lines) => Said::Section(below_alias(alias, lines)),
            Said::Text(text)
                if path::is_url(&text)
                    || text.starts_with(INCLUDE)
                    || text.starts_with(WILDCARD) =>
            {
                Said::Text(text)
            }
            Said::Text(text) => Said::Text(format!("{alias}/{}", text.trim_start_matches('/'))),
        };
        line
    };
    lines.into_iter().map(below).collect()
}

/// An include in the file at `file` as one of the outermost site.
fn moved(mut line: Line, file: &str) -> Line {
    line.said = match line.said {
        Said::Section(lines) => {
            Said::Section(lines.into_iter().map(|line| moved(line, file)).collect())
        }
        Said::Text(text) => {
            let mark = [INCLUDE, WILDCARD]
                .into_iter()
                .find(|mark| text.starts_with(mark));
            let target = mark.and_then(|mark| {
                let target = beside(file, text.strip_prefix(mark)?.trim())?;
                Some(format!("{mark}{target}"))
            });
            Said::Text(target.unwrap_or(text))
        }
    };
    line
}

/// The nav of an included site that has none: of each folder its folders first, then its pages, both by name.
#[expect(
    clippy::case_sensitive_file_extension_comparisons,
    reason = "as the plugin has it"
)]
fn scaffold<'p>(names: impl Iterator<Item = &'p str>) -> Vec<Line> {
    let mut pages: Vec<Vec<&str>> = names
        .filter(|name| name.ends_with(".md"))
        .map(|name| name.split('/').collect())
        .collect();
    pages.sort();
    folder(&pages, 0)
}

fn folder(pages: &[Vec<&str>], depth: usize) -> Vec<Line> {
    let is_here = |page: &&Vec<&str>| {
        page.len() == depth + 1 || depth >= crate::techdocs::config::nav::MAX_DEPTH
    };
    let inner: Vec<Vec<&str>> = pages
        .iter()
        .filter(|page| !is_here(page))
        .cloned()
        .collect();
    let groups = inner.chunk_by(|a, b| a.get(depth) == b.get(depth));
    let sections = groups.filter_map(|group| {
        let name = group.first()?.get(depth)?;
        Some(Line::section(path::title(name), folder(group, depth + 1)))
    });
    let here = pages.iter().filter(is_here);
    let here = here.map(|page| Line::text(page.join("/")));
    sections.chain(here).collect()
}
