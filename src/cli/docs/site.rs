//! A documentation site at hand: its config, its nav, its pages' text — of an entity or read from a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use color_eyre::eyre::{Result, WrapErr};
use walkdir::WalkDir;

use crate::cli::exit::Failure;
use crate::sync::docs::CONFIGS;
use crate::techdocs::html::Facts;
use crate::techdocs::markdown::Files;
use crate::techdocs::{Book, Config, Document, page};

/// Larger files are no pages, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// More files are not read of one folder.
const MAX_FILES: usize = 50_000;

/// A documentation site, and how a command line names its pages.
pub(super) struct DocsSite {
    /// The site.
    pub(super) book: Book,
    /// The folder it was read from, below which files lie that its pages include.
    folder: Option<PathBuf>,
    /// The pages that give way to others: a `README.md` beside an `index.md`.
    pub(super) hidden: Vec<String>,
}

/// The files of a documentation site, read from a folder.
pub(crate) struct SiteFolder {
    /// Its `mkdocs.yml`, where it has one, with its text.
    pub(crate) config: Option<(PathBuf, String)>,
    /// The file and the text of each page, by its path from the docs folder.
    pub(crate) pages: BTreeMap<String, (PathBuf, String)>,
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
        let page = relative(&path, parent);
        let text = read(&path)?;
        let texts = [(page.clone(), text)].into();
        let site = Self {
            book: Book::new(&page, "", texts),
            folder: Some(parent.to_owned()),
            hidden: Vec::new(),
        };
        Ok((site, Some(page)))
    }

    fn in_folder(folder: &Path) -> Result<Self> {
        let files = SiteFolder::read(folder)?;
        let config = files.config.map(|(_, text)| text).unwrap_or_default();
        let hidden = files.pages.iter().filter_map(|(page, (file, _))| {
            let above = page.strip_suffix("index.md")?;
            let is_hidden =
                file.ends_with("index.md") && file.with_file_name("README.md").is_file();
            is_hidden.then(|| format!("{above}README.md"))
        });
        let hidden = hidden.collect();
        let texts = files
            .pages
            .into_iter()
            .map(|(page, (_, text))| (page, text));
        Ok(Self {
            book: Book::new(&name(folder), &config, texts.collect()),
            folder: Some(folder.to_owned()),
            hidden,
        })
    }

    /// A site that does not lie in a folder.
    pub(super) fn kept(book: Book) -> Self {
        Self {
            book,
            folder: None,
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
        let document = match &self.folder {
            Some(folder) => {
                let files = Files {
                    page: &self.file(page),
                    read: &|file| included(folder, file),
                };
                Some(page::parse_with(text, &self.book.options, files))
            }
            None => self.book.document(page),
        };
        document.ok_or_else(|| unknown(page))
    }

    /// The facts of the page.
    pub(super) fn facts(&self, page: &str) -> Result<Facts, Failure> {
        let page = self.book.built(page);
        let text = self.text(page)?;
        let files = Files {
            page: &self.file(page),
            read: &|file| included(self.folder.as_ref()?, file),
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

    fn text(&self, page: &str) -> Result<&str, Failure> {
        let text = self.book.texts.get(page);
        text.map(String::as_str).ok_or_else(|| unknown(page))
    }
}

fn unknown(page: &str) -> Failure {
    Failure::work(format!("these docs have no page {page}"))
}

/// The text of a file below `folder`; a link out of it is not followed.
fn included(folder: &Path, file: &str) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    let file = folder.join(file).canonicalize().ok()?;
    let is_small = file
        .metadata()
        .is_ok_and(|file| file.is_file() && file.len() <= MAX_BYTES);
    (is_small && file.starts_with(&folder)).then(|| read(&file).ok())?
}

impl SiteFolder {
    /// Reads the site in `folder`: its configuration and its pages.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let file = CONFIGS
            .iter()
            .map(|name| folder.join(name))
            .find(|file| file.is_file());
        let config = match file {
            Some(file) => Some((file.clone(), read(&file)?)),
            None => None,
        };
        let parsed = match &config {
            Some((_, text)) => Config::parse("mkdocs.yml", text).0,
            None => Config::absent(name(folder)),
        };
        let files = markdown_files(folder)?;
        let mut pages = BTreeMap::new();
        for page in parsed.pages(files.iter().map(String::as_str)) {
            let file = folder.join(&page.file);
            let text = read(&file)?;
            pages.insert(page.page, (file, text));
        }
        Ok(Self { config, pages })
    }
}

/// What a site in `folder` without a name is called.
fn name(folder: &Path) -> String {
    let name = folder.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

/// The Markdown files below `folder`, relative to it; links are not followed.
fn markdown_files(folder: &Path) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for entry in WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| {
            entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with('.')
        })
    {
        let entry = entry?;
        let is_page = entry
            .path()
            .extension()
            .is_some_and(|extension| matches!(extension.to_str(), Some("md" | "markdown")));
        if entry.file_type().is_file() && is_page {
            files.push(relative(entry.path(), folder));
        }
        if files.len() >= MAX_FILES {
            break;
        }
    }
    Ok(files)
}

fn relative(file: &Path, folder: &Path) -> String {
    let path: PathBuf = file.strip_prefix(folder).unwrap_or(file).to_owned();
    path.to_string_lossy().replace('\\', "/")
}

fn read(file: &Path) -> Result<String> {
    let size = std::fs::metadata(file).map_or(0, |data| data.len());
    if size > MAX_BYTES {
        return Err(Failure::work(format!(
            "{} is larger than {MAX_BYTES} bytes; it is no page",
            file.display()
        ))
        .into());
    }
    let bytes =
        std::fs::read(file).wrap_err_with(|| format!("{} cannot be read", file.display()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
