//! Where an address on a page leads: as MkDocs reads it in the source, and as a browser reads it on the finished site.

use std::collections::{HashMap, HashSet};

use crate::techdocs::path::{
    below, file_name, folder, is_markdown, normal, percent_decoded, relative, stem,
};
use crate::techdocs::{Sources, path};

/// The files of a site, by their paths and by their addresses once it is built.
pub(super) struct Targets<'a> {
    files: HashSet<&'a str>,
    excluded: HashSet<&'a str>,
    /// From the path of an address, without a slash at its end, to the page that is there.
    built: HashMap<String, &'a str>,
    /// Whether each page becomes a folder.
    folders: bool,
}

/// Where an address leads that MkDocs looks after.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lead<'a> {
    /// To a file or a page.
    There(&'a str),
    /// To a file that is no part of the site.
    Excluded(&'a str),
    /// It names no file, so that MkDocs leaves it as it stands; what is there on the finished site, and what may be meant.
    Unrecognized(Option<&'a str>, Option<&'a str>),
    /// To nothing; what may be meant.
    Nothing(Option<&'a str>),
}

impl<'a> Targets<'a> {
    /// Those of the site that is made of `sources`, each page of which becomes a folder or not.
    pub(super) fn new(sources: &'a Sources, folders: bool) -> Self {
        let hidden: HashSet<&str> = sources.hidden.iter().map(String::as_str).collect();
        let files = sources.files.keys().map(String::as_str);
        let pages = sources.pages.keys().map(String::as_str);
        let mut built: HashMap<String, &str> = pages
            .clone()
            .map(|page| (address(page, folders), page))
            .collect();
        for (old, new) in &sources.config.plugins.redirects {
            let to = new.split('#').next().unwrap_or_default();
            // Where it leads further on is another question.
            let to = sources.pages.get_key_value(to);
            let to = to.map_or(old.as_str(), |(page, _)| page.as_str());
            built.entry(address(old, folders)).or_insert(to);
        }
        Self {
            files: files
                .chain(pages)
                .filter(|file| !hidden.contains(file))
                .collect(),
            excluded: sources.excluded.iter().map(String::as_str).collect(),
            built,
            folders,
        }
    }

    /// Whether there is a file at `path`, which counts from the docs folder.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.contains(path)
    }

    /// Whether the file at `path` is no part of the site.
    pub(super) fn is_excluded(&self, path: &str) -> bool {
        self.excluded.contains(path)
    }

    /// Where `target`, a path without `?` and `#` in Markdown on `page`, leads; as
    /// `mkdocs.structure.pages._RelativePathTreeprocessor` has it.
    pub(super) fn lead(&self, page: &str, target: &str) -> Lead<'a> {
        let target = percent_decoded(target);
        let place = normal(folder(page), &target);
        if let Some(place) = &place {
            if let Some(file) = self.files.get(place.as_str()) {
                return Lead::There(file);
            }
            if let Some(file) = self.excluded.get(place.as_str()) {
                return Lead::Excluded(file);
            }
        }
        let guess = self.guess(page, &target);
        if has_extension(&target) {
            Lead::Nothing(guess)
        } else {
            Lead::Unrecognized(self.finished(page, &target), guess)
        }
    }

    /// The file at `rooted`, which counts from the docs folder, where a site says so.
    pub(super) fn rooted(&self, rooted: &str) -> Option<&'a str> {
        let place = normal("", &percent_decoded(rooted))?;
        self.files.get(place.as_str()).copied()
    }

    /// What a browser finds at `target` on the finished `page`: a file, or the page that is there.
    pub(super) fn finished(&self, page: &str, target: &str) -> Option<&'a str> {
        let place = normal(&self.base(page), &percent_decoded(target))?;
        if let Some(page) = self
            .built
            .get(place.trim_end_matches("index.html").trim_end_matches('/'))
        {
            return Some(page);
        }
        let index = if place.is_empty() {
            "index.html".to_owned()
        } else {
            format!("{place}/index.html")
        };
        let file = self.files.get(place.as_str()).copied();
        file.filter(|file| !is_markdown(file))
            .or_else(|| self.built.get(&place).copied())
            .or_else(|| self.built.get(&index).copied())
            .or_else(|| self.files.get(index.as_str()).copied())
    }

    /// How an HTML tag on `page` would name the file or page at `path`.
    pub(super) fn named(&self, page: &str, path: &str) -> String {
        let place = if is_markdown(path) {
            let place = address(path, self.folders);
            if self.folders {
                format!("{place}/")
            } else {
                place
            }
        } else {
            path.to_owned()
        };
        let named = relative(&self.base(page), place.trim_start_matches('/'));
        if named.is_empty() {
            "./".to_owned()
        } else {
            named
        }
    }

    /// The folder from which addresses on the finished `page` count.
    fn base(&self, page: &str) -> String {
        let address = address(page, self.folders);
        if self.folders {
            address
        } else {
            folder(&address).to_owned()
        }
    }

    /// What MkDocs asks whether it was meant.
    fn guess(&self, page: &str, target: &str) -> Option<&'a str> {
        let trimmed = target.trim_end_matches('/');
        let bases = [folder(page).to_owned(), self.base(page)];
        let places = bases.iter().filter_map(|base| normal(base, trimmed));
        let forms = places.flat_map(|place| {
            let plain = place.strip_suffix(".html").unwrap_or(&place).to_owned();
            let within = |name: &str| {
                if place.is_empty() {
                    name.to_owned()
                } else {
                    format!("{place}/{name}")
                }
            };
            let (index, readme) = (within("index.md"), within("README.md"));
            [place, index, readme, format!("{plain}.md")]
        });
        let mut files = forms.filter_map(|form| self.files.get(form.as_str()).copied());
        files.next()
    }
}

/// The path of a page's address, without a slash at its end: of `a/b.md` `a/b`, or `a/b.html` where pages are no folders.
fn address(page: &str, folders: bool) -> String {
    let is_index = matches!(stem(file_name(page)), "index" | "README");
    match (folders, is_index) {
        (true, true) => folder(page).to_owned(),
        (true, false) => stem(page).to_owned(),
        (false, true) => path::joined(folder(page), "index.html").unwrap_or_default(),
        (false, false) => format!("{}.html", stem(page)),
    }
}

/// Whether the last part of a path has an extension, as Python's `splitext` tells it.
fn has_extension(path: &str) -> bool {
    let name = file_name(path).trim_start_matches('.');
    name.contains('.')
}

/// The part of `path` below the docs folder `docs`, where an author counts from the repository.
pub(super) fn from_top<'p>(docs: &str, path: &'p str) -> Option<&'p str> {
    below(docs, path).filter(|_| !docs.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::techdocs::source::PageSource;

    fn sources() -> Sources {
        let mut sources = Sources::default();
        for page in ["index.md", "a.md", "b/README.md", "b/c.md"] {
            let source = PageSource {
                file: format!("docs/{page}"),
                text: String::new(),
            };
            sources.files.insert(page.to_owned(), source.file.clone());
            sources.pages.insert(page.to_owned(), source);
        }
        sources
            .files
            .insert("x.png".to_owned(), "docs/x.png".to_owned());
        sources.excluded = vec!["draft.md".to_owned()];
        sources
    }

    #[test]
    fn in_the_source_a_path_counts_from_the_file() {
        let sources = sources();
        let targets = Targets::new(&sources, true);
        assert_eq!(targets.lead("b/c.md", "../a.md"), Lead::There("a.md"));
        assert_eq!(targets.lead("a.md", "draft.md"), Lead::Excluded("draft.md"));
        assert_eq!(
            targets.lead("a.md", "../b/"),
            Lead::Unrecognized(Some("b/README.md"), Some("b/README.md"))
        );
        assert_eq!(
            targets.lead("a.md", "b"),
            Lead::Unrecognized(None, Some("b/README.md"))
        );
        assert_eq!(
            targets.lead("a.md", "b/c.html"),
            Lead::Nothing(Some("b/c.md"))
        );
        assert_eq!(targets.lead("a.md", "../../x.md"), Lead::Nothing(None));
    }

    #[test]
    fn on_the_finished_site_it_counts_from_the_address() {
        let sources = sources();
        let targets = Targets::new(&sources, true);
        assert_eq!(targets.finished("a.md", "../x.png"), Some("x.png"));
        assert_eq!(targets.finished("a.md", "x.png"), None);
        assert_eq!(targets.finished("b/c.md", "../../a/"), Some("a.md"));
        assert_eq!(targets.finished("a.md", "../a.md"), None);
        assert_eq!(targets.named("a.md", "x.png"), "../x.png");
        assert_eq!(targets.named("b/c.md", "a.md"), "../../a/");
        assert_eq!(targets.named("a.md", "index.md"), "../");
        let targets = Targets::new(&sources, false);
        assert_eq!(targets.finished("a.md", "x.png"), Some("x.png"));
        assert_eq!(targets.finished("a.md", "b/"), Some("b/README.md"));
        assert_eq!(targets.finished("b/c.md", "../a.html"), Some("a.md"));
        assert_eq!(targets.named("b/c.md", "a.md"), "../a.html");
    }
}
