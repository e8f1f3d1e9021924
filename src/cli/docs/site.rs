//! A documentation site at hand: its config, its nav, its pages' text — of an entity or read from a folder.

use std::path::Path;

use color_eyre::eyre::{Result, WrapErr};

use crate::cli::exit::Failure;
use crate::sync::docs::FolderTree;
use crate::techdocs::html::Facts;
use crate::techdocs::markdown::Files;
use crate::techdocs::source::CONFIGS;
use crate::techdocs::{self, Book, Config, Document, Sources, page};

/// A documentation site, and how a command line names its pages.
pub(super) struct DocsSite {
    /// The site.
    pub(super) book: Book,
    /// The files beside a page that stands alone, which it may include.
    beside: Option<FolderTree>,
    /// The pages that give way to others: a `README.md` beside an `index.md`.
    pub(super) hidden: Vec<String>,
}

impl DocsSite {
    /// The site in the folder `path`; where `path` is a Markdown file, the site around it and that page.
    pub(super) fn at(path: &Path) -> Result<(Self, Option<String>)> {
        let path = path
            .canonicalize()
            .wrap_err_with(|| format!("{} cannot be read", path.display()))?;
        if path.is_dir() {
            return Ok((Self::in_folder(&path)?, None));
        }
        let folder = path
            .ancestors()
            .skip(1)
            .find(|dir| CONFIGS.iter().any(|name| dir.join(name).is_file()));
        let parent = path.parent().unwrap_or(Path::new("/"));
        if let Some(folder) = folder {
            let site = Self::in_folder(folder)?;
            let texts = &site.book.texts;
            let page = texts
                .keys()
                .filter(|page| path.ends_with(page))
                .max_by_key(|page| page.len())
                .cloned();
            if let Some(page) = page {
                return Ok((site, Some(page)));
            }
        }
        let beside = FolderTree::new(parent);
        let page = path.file_name().unwrap_or_default();
        let page = page.to_string_lossy().into_owned();
        let text = beside.text(&page);
        let text = text.ok_or_else(|| Failure::work(format!("{} is no page", path.display())))?;
        let texts = [(page.clone(), text)].into();
        let site = Self {
            book: Book::new(&page, "", texts),
            beside: Some(beside),
            hidden: Vec::new(),
        };
        Ok((site, Some(page)))
    }

    fn in_folder(folder: &Path) -> Result<Self> {
        Ok(Self::of(&sources(folder)?))
    }

    /// The site that is made of `sources`.
    fn of(sources: &Sources) -> Self {
        let pages = sources.pages.iter();
        let texts = pages.map(|(path, page)| (path.clone(), page.text.clone()));
        let name = &sources.config.site_name;
        Self {
            book: Book::new(name, &sources.kept(), texts.collect()),
            beside: None,
            hidden: sources.hidden.clone(),
        }
    }

    /// A site that does not lie in a folder.
    pub(super) fn kept(book: Book) -> Self {
        Self {
            book,
            beside: None,
            hidden: Vec::new(),
        }
    }

    /// The page that `wanted` means, the first one without it.
    pub(super) fn choose(&self, wanted: Option<&str>) -> Result<String, Failure> {
        let Some(wanted) = wanted else {
            return self
                .book
                .site
                .home()
                .map(|page| page.path.clone())
                .ok_or_else(|| Failure::work("these docs have no pages"));
        };
        let plain = wanted.trim_start_matches("./").trim_matches('/');
        [
            plain,
            &format!("{plain}.md"),
            &format!("{plain}/index.md"),
            &format!("{plain}.html"),
            &format!("{plain}/index.html"),
        ]
        .into_iter()
        .find(|page| self.book.texts.contains_key(*page))
        .map(str::to_owned)
        .ok_or_else(|| {
            let known: Vec<&str> = self
                .book
                .texts
                .keys()
                .take(12)
                .map(String::as_str)
                .collect();
            Failure::work(format!("these docs have no page {wanted}"))
                .help(format!("one of {}", known.join(", ")))
        })
    }

    /// What the page is called.
    pub(super) fn title(&self, page: &str) -> &str {
        self.book
            .site
            .page(page)
            .map_or("", |page| page.title.as_str())
    }

    /// The page, read.
    pub(super) fn document(&self, page: &str) -> Result<Document, Failure> {
        let text = self.text(page)?;
        let files = Files {
            page: &self.file(page),
            read: &|file| self.included(file),
        };
        Ok(page::parse_with(text, &self.book.options, files))
    }

    /// The facts of the page.
    pub(super) fn facts(&self, page: &str) -> Result<Facts, Failure> {
        let page = self.book.built(page);
        let text = self.text(page)?;
        let files = Files {
            page: &self.file(page),
            read: &|file| self.included(file),
        };
        let title = self.book.own_title(page);
        let mut facts = page::facts(text, &title, &self.book.options, files);
        for (_, href) in &mut facts.links {
            *href = self.book.built_href(page, href);
        }
        Ok(facts)
    }

    /// The path of a page from the site's root.
    fn file(&self, page: &str) -> String {
        format!("{}/{page}", self.book.options.docs_dir)
    }

    /// The text of a file that a page includes.
    fn included(&self, file: &str) -> Option<String> {
        match &self.beside {
            Some(beside) => beside.text(file),
            None => self.book.file(file),
        }
    }

    fn text(&self, page: &str) -> Result<&str, Failure> {
        let text = self.book.texts.get(page);
        text.map(String::as_str).ok_or_else(|| unknown(page))
    }
}

fn unknown(page: &str) -> Failure {
    Failure::work(format!("these docs have no page {page}"))
}

/// What the site in `folder` is made of.
pub(crate) fn sources(folder: &Path) -> Result<Sources, Failure> {
    let name = folder.file_name().unwrap_or_default();
    let absent = Config::absent(name.to_string_lossy());
    let tree = FolderTree::new(folder);
    techdocs::assemble(&tree, absent)
        .map_err(|reason| Failure::work(format!("{}: {reason}", folder.display())))
}
