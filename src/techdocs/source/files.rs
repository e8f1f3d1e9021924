//! Which files are pages, which stay out, and the nav of a site that has none.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::Tree;
use crate::techdocs::config::nav::MAX_DEPTH;
use crate::techdocs::ignore::Patterns;
use crate::techdocs::{Config, NavItem, Target, path};

/// The files that a docs folder may have.
const MAX_FILES: usize = 100_000;
/// What MkDocs leaves out of every site, before what its configuration names.
const LEFT_OUT: &str = ".*\n/templates/\n";
/// The same as read, once for all the sites whose configuration names nothing: a catalog may have thousands.
static USUALLY: LazyLock<Patterns> = LazyLock::new(|| Patterns::read(LEFT_OUT));

/// The files of the folder `docs`, from their path in it to their path in the repository.
pub(super) fn below(tree: &dyn Tree, docs: &str) -> Result<BTreeMap<String, String>, String> {
    let names = tree.names(docs)?;
    let file = |name: String| {
        let file = path::joined(docs, &name).unwrap_or_else(|| name.clone());
        (name, file)
    };
    Ok(names.into_iter().take(MAX_FILES).map(file).collect())
}

/// The files of a site.
#[derive(Debug, Default)]
pub(super) struct Selected {
    /// All that are part of it, by their path in the site.
    pub(super) files: BTreeMap<String, String>,
    /// Those of them that are pages.
    pub(super) pages: BTreeSet<String>,
    /// The pages that give way to others.
    pub(super) hidden: Vec<String>,
    /// Those of the docs folder that are no part of it.
    pub(super) excluded: Vec<String>,
    /// Files that arrange folders and are no part of it, from their path in the site to their path in the repository.
    aside: BTreeMap<String, String>,
}

/// The files among `all` that are part of the site: none that is hidden or excluded, no draft, none of the top folder
/// `templates`; a `README.md` gives way to an `index.md` beside it. As `mkdocs.structure.files` has it.
pub(super) fn select(all: BTreeMap<String, String>, config: &Config) -> Selected {
    let own = Some(&config.exclude_docs).filter(|own| !own.trim().is_empty());
    let own = own.map(|own| Patterns::read(&format!("{LEFT_OUT}{own}")));
    let excluded = own.as_ref().unwrap_or(&USUALLY);
    let drafts = Patterns::read(&config.draft_docs);
    let told = config.plugins.awesome.as_ref();
    let mut selected = Selected::default();
    for (name, file) in all {
        if told.is_some_and(|told| path::file_name(&name) == told.filename) {
            selected.aside.insert(name.clone(), file.clone());
        }
        if excluded.matches(&name) || drafts.matches(&name) {
            selected.excluded.push(name);
            continue;
        }
        if path::is_markdown(&name) {
            selected.pages.insert(name.clone());
        }
        selected.files.insert(name, file);
    }
    let hidden = |page: &&String| {
        let name = path::file_name(page);
        let above = page.strip_suffix(name).unwrap_or_default();
        path::stem(name) == "README" && selected.pages.contains(&format!("{above}index.md"))
    };
    selected.hidden = selected.pages.iter().filter(hidden).cloned().collect();
    for page in &selected.hidden {
        selected.pages.remove(page);
    }
    selected
}

impl Selected {
    /// Whether the site has a page that opens first.
    pub(super) fn has_home(&self) -> bool {
        let is_home = |page: &String| !page.contains('/') && path::is_index(page);
        self.pages.iter().any(is_home)
    }

    /// Makes the `README.md` or `readme.md` of the repository the home, as Backstage's generator does.
    pub(super) fn add_readme(&mut self, tree: &dyn Tree) -> Result<(), String> {
        let names = ["README.md", "readme.md"];
        let found = names.into_iter().zip(tree.texts(&names)?);
        let readme = found.into_iter().find(|(_, text)| text.is_some());
        if let Some((file, _)) = readme {
            self.files.insert("index.md".to_owned(), file.to_owned());
            self.pages.insert("index.md".to_owned());
        }
        Ok(())
    }

    /// The texts of the pages and of what plugins read, by their path in the repository.
    pub(super) fn texts(&self, tree: &dyn Tree) -> Result<BTreeMap<String, String>, String> {
        let pages = self.pages.iter().filter_map(|page| self.files.get(page));
        let wanted: Vec<&str> = pages
            .chain(self.aside.values())
            .map(String::as_str)
            .collect();
        let texts = tree.texts(&wanted)?;
        let texts = wanted.iter().zip(texts);
        Ok(texts
            .filter_map(|(file, text)| Some(((*file).to_owned(), text?)))
            .collect())
    }

    /// Those of `texts` that arrange folders, by their path in the site.
    pub(super) fn arranging(&self, texts: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let text =
            |(name, file): (&String, &String)| Some((name.clone(), texts.get(file)?.clone()));
        self.aside.iter().filter_map(text).collect()
    }
}

/// Sorts as MkDocs walks a folder: its files, the index first, then its folders.
pub(in crate::techdocs) fn walk_key(page: &str) -> Vec<(u8, &str)> {
    let mut key: Vec<(u8, &str)> = path::folder(page)
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| (2, part))
        .collect();
    key.push((u8::from(!path::is_index(page)), path::file_name(page)));
    key
}

/// The nav of `pages`, which are sorted: folders are sections, and those whose titles are the same are one. As
/// `mkdocs.utils.nest_paths` has it.
pub(in crate::techdocs) fn nest(pages: &[&str]) -> Vec<NavItem> {
    nest_below(pages, 0)
}

fn nest_below(pages: &[&str], depth: usize) -> Vec<NavItem> {
    let mut groups: Vec<(Option<String>, Vec<&str>)> = Vec::new();
    for page in pages {
        let mut folders = path::folder(page)
            .split('/')
            .filter(|part| !part.is_empty());
        let title = folders
            .nth(depth)
            .filter(|_| depth < MAX_DEPTH)
            .map(path::title);
        let of_title =
            |group: &&mut (Option<String>, Vec<&str>)| title.is_some() && group.0 == title;
        match groups.iter_mut().rfind(of_title) {
            Some((_, pages)) => pages.push(page),
            None => groups.push((title, vec![page])),
        }
    }
    let item = |(title, pages): (Option<String>, Vec<&str>)| {
        let target = match (&title, pages.as_slice()) {
            (None, [page, ..]) => Target::Page((*page).to_owned()),
            _ => Target::Section(nest_below(&pages, depth + 1)),
        };
        NavItem {
            title: title.unwrap_or_default(),
            target,
        }
    };
    groups.into_iter().map(item).collect()
}
