//! The files of a repository → what a site is made of: its configuration with all that it inherits and includes, its
//! pages, and its nav as MkDocs and its plugins make it.
//!
//! ```text
//! mkdocs.yml ── inherit ── Config::read ── monorepo ── files ── literate-nav ── awesome-pages ── nav
//! ```

mod awesome;
mod files;
mod include;
mod inherit;
mod kept;
mod literate;
mod monorepo;
#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeMap;

use serde_yaml::Value;

pub(super) use files::{nest, walk_key};

use super::config::{self, nav};
use super::{Config, path};
use crate::catalog::Problem;

/// The names of the file that describes a site, in the order in which Backstage's generator looks for them.
pub const CONFIGS: [&str; 2] = ["mkdocs.yaml", "mkdocs.yml"];

/// The files around a site. Paths count from the folder of its `mkdocs.yml` and are parted by `/`; they may begin with
/// `..`, and whoever gives the files sees to it that none outside of the repository is given.
pub trait Tree {
    /// The paths of all files below `folder`, relative to it; none where there is no such folder.
    fn names(&self, folder: &str) -> Result<Vec<String>, String>;

    /// The texts of `files`, in their order; `None` where there is no such file.
    fn texts(&self, files: &[&str]) -> Result<Vec<Option<String>>, String>;

    /// What a person calls the file at `path`.
    fn name(&self, path: &str) -> String {
        path.to_owned()
    }
}

/// A site in memory: its files by their paths.
impl Tree for BTreeMap<String, String> {
    fn names(&self, folder: &str) -> Result<Vec<String>, String> {
        let below = |path: &String| path::below(folder, path).map(str::to_owned);
        Ok(self.keys().filter_map(below).collect())
    }

    fn texts(&self, files: &[&str]) -> Result<Vec<Option<String>>, String> {
        Ok(files.iter().map(|file| self.get(*file).cloned()).collect())
    }
}

/// What a site is made of.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// Its configuration; its nav is the one that is shown, whatever made it.
    pub config: Config,
    /// What a person calls its `mkdocs.yml`; where it has none, what one would be called.
    pub file: String,
    /// The text of its `mkdocs.yml` alone; `None` where it has none.
    pub text: Option<String>,
    /// The value of its `mkdocs.yml` with all that it inherits.
    pub value: Value,
    /// Its pages by their path in the site.
    pub pages: BTreeMap<String, PageSource>,
    /// All its files, those that are no pages too: from their path in the site to their path in the repository.
    pub files: BTreeMap<String, String>,
    /// The texts of the files that pages include and that are no pages of it, by their path in the repository.
    pub included: BTreeMap<String, String>,
    /// Whether its configuration has a nav of its own, so that pages can be missed in it.
    pub has_nav: bool,
    /// The pages that give way to others: a `README.md` beside an `index.md`.
    pub hidden: Vec<String>,
    /// The files of the docs folder that are no part of the site: excluded, drafts, hidden by their names.
    pub excluded: Vec<String>,
    /// What is wrong with all this.
    pub problems: Vec<Problem>,
}

/// A page and the file it is read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSource {
    /// The file, from the folder of `mkdocs.yml`.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// Reads the site whose files `tree` gives; where it has no configuration, `absent` is it, and in any case the name of one
/// that says none. The error is that of `tree`.
pub fn assemble(tree: &dyn Tree, absent: Config) -> Result<Sources, String> {
    let name = absent.site_name.clone();
    let mut sources = Sources {
        file: tree.name("mkdocs.yml"),
        config: absent,
        ..Sources::default()
    };
    let mut lines = None;
    let found = tree.texts(&CONFIGS)?;
    let found = CONFIGS.iter().zip(found);
    if let Some((file, text)) = found
        .into_iter()
        .find_map(|(file, text)| Some((file, text?)))
    {
        sources.file = tree.name(file);
        match config::value(&sources.file, &text) {
            Ok(value) => {
                let mut problems = Vec::new();
                sources.value = inherit::merged(tree, file, value, &mut problems)?;
                let (config, said, complaints) = Config::read(&sources.file, &text, &sources.value);
                sources.config = config;
                sources.problems = problems;
                sources.problems.extend(complaints);
                lines = said;
            }
            Err(problem) => sources.problems.push(problem),
        }
        sources.text = Some(text);
    }
    if sources.config.site_name.is_empty() {
        sources.config.site_name = name;
    }
    sources.has_nav = lines.is_some();
    let docs = sources.config.docs_dir.clone();
    let mut all = files::below(tree, &docs)?;
    let text = sources.text.clone().unwrap_or_default();
    if let Some(lines) = &mut lines {
        let mut reader = monorepo::Reader::new(tree, &sources, &text);
        *lines = reader.expand(std::mem::take(lines))?;
        let brought = reader.brought;
        all.extend(brought.files);
        sources.config.edit_bases = brought.edit_bases;
        sources.problems.extend(brought.problems);
    }
    let mut read = files::select(all, &sources.config);
    if !read.has_home() {
        read.add_readme(tree)?;
    }
    let texts = read.texts(tree)?;
    let arranging = read.arranging(&texts);
    sources.hidden = read.hidden;
    sources.excluded = read.excluded;
    sources.files = read.files;
    for page in read.pages {
        let Some(file) = sources.files.get(&page).cloned() else {
            continue;
        };
        let text = texts.get(&file).cloned().unwrap_or_default();
        sources.pages.insert(page, PageSource { file, text });
    }
    let mut complaints = Vec::new();
    if let Some(told) = sources.config.plugins.literate.clone() {
        let resolved = literate::resolve(&sources, &told, lines, &mut complaints);
        sources.has_nav |= resolved.is_some();
        lines = resolved;
    }
    let items = match sources.config.plugins.awesome.clone() {
        Some(told) => awesome::arrange(&sources, &told, &arranging, lines, &mut complaints),
        None => match lines {
            Some(lines) => nav::items(lines, &mut complaints),
            None => files::nest(&sources.in_nav()),
        },
    };
    sources.config.nav = Some(items);
    include::read(tree, &mut sources)?;
    let said = config::of_nav(complaints, &sources.file, &text);
    sources.problems.extend(said);
    Ok(sources)
}

impl Sources {
    /// The paths of the pages that belong into a nav, in the order in which MkDocs walks folders.
    fn in_nav(&self) -> Vec<&str> {
        let silent = super::ignore::Patterns::read(&self.config.not_in_nav);
        let mut pages: Vec<&str> = self
            .pages
            .keys()
            .map(String::as_str)
            .filter(|page| !silent.matches(page))
            .collect();
        pages.sort_by(|a, b| files::walk_key(a).cmp(&files::walk_key(b)));
        pages
    }

    /// The text of the file at `path`, which counts from the folder of `mkdocs.yml` and which pages may include.
    pub fn included(&self, path: &str) -> Option<String> {
        let page = path::below(&self.config.docs_dir, path).and_then(|page| self.pages.get(page));
        let page = page.map(|page| &page.text);
        page.or_else(|| self.included.get(path)).cloned()
    }

    /// The text that is kept of the configuration: all that it inherits, includes and generates is written out, so that
    /// [`Config::parse`] and [`super::markdown::Options::read`] need nothing else.
    pub fn kept(&self) -> String {
        kept::text(self)
    }
}

/// What is added to the text that is kept of a configuration, so that the site opens at the page `path`.
pub fn opens_at(path: &str) -> String {
    let path = serde_yaml::to_string(&Value::from(path)).unwrap_or_default();
    format!("{}: {path}", config::HOME)
}

/// `target` as the file at `base` names it; `None` where it is absolute.
fn beside(base: &str, target: &str) -> Option<String> {
    path::joined(path::folder(base), target)
}
