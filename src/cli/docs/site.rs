//! A documentation site at hand: its config, its nav, its pages' text — of an entity or read from a folder.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use color_eyre::eyre::{Result, WrapErr};
use walkdir::WalkDir;

use crate::cli::exit::Failure;
use crate::techdocs::{self, Config, Document, Page, Site, markdown};

/// The names of a site's configuration.
const CONFIGS: [&str; 2] = ["mkdocs.yml", "mkdocs.yaml"];

/// Larger files are no pages, in bytes.
const MAX_BYTES: u64 = 16 << 20;

/// More files are not read of one folder.
const MAX_FILES: usize = 50_000;

/// A documentation site with the text of its pages.
pub(super) struct DocsSite {
    pub(super) site: Site,
    /// The pages' text by their path from the docs folder.
    pub(super) pages: BTreeMap<String, String>,
}

impl DocsSite {
    /// The site of `pages`, paths relative to the docs folder; `config` is the text of its mkdocs.yml or empty.
    pub(super) fn of(name: &str, config: &str, pages: BTreeMap<String, String>) -> Self {
        let config = if config.is_empty() {
            Config::absent(name)
        } else {
            Config::parse("mkdocs.yml", config).0
        };
        let titled = pages
            .iter()
            .map(|(path, text)| Page {
                path: path.clone(),
                title: markdown::title(text).unwrap_or_default(),
            })
            .collect();
        let (site, _) = Site::build(&config, titled);
        Self { site, pages }
    }

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
            let page = site
                .pages
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
        let pages = [(page.clone(), text)].into();
        Ok((Self::of(&page, "", pages), Some(page)))
    }

    fn in_folder(folder: &Path) -> Result<Self> {
        let config_file = CONFIGS
            .iter()
            .map(|name| folder.join(name))
            .find(|file| file.is_file());
        let text = match &config_file {
            Some(file) => read(file)?,
            None => String::new(),
        };
        let name = folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        let config = if text.is_empty() {
            Config::absent(&name)
        } else {
            Config::parse("mkdocs.yml", &text).0
        };
        let files = markdown_files(folder)?;
        let mut pages = BTreeMap::new();
        for file in config.pages(files.iter().map(String::as_str)) {
            pages.insert(file.page, read(&folder.join(&file.file))?);
        }
        Ok(Self::of(&name, &text, pages))
    }

    /// The page that `wanted` means, the first one without it.
    pub(super) fn choose(&self, wanted: Option<&str>) -> Result<String, Failure> {
        let Some(wanted) = wanted else {
            return self
                .site
                .home()
                .map(|page| page.path.clone())
                .ok_or_else(|| Failure::work("these docs have no pages"));
        };
        let plain = wanted.trim_start_matches("./").trim_matches('/');
        [plain, &format!("{plain}.md"), &format!("{plain}/index.md")]
            .into_iter()
            .find(|page| self.pages.contains_key(*page))
            .map(str::to_owned)
            .ok_or_else(|| {
                let known: Vec<&str> = self.pages.keys().take(12).map(String::as_str).collect();
                Failure::work(format!("these docs have no page {wanted}"))
                    .help(format!("one of {}", known.join(", ")))
            })
    }

    /// What the page is called.
    pub(super) fn title(&self, page: &str) -> &str {
        self.site.page(page).map_or("", |page| page.title.as_str())
    }

    /// The page, read.
    pub(super) fn document(&self, page: &str) -> Result<Document, Failure> {
        self.pages
            .get(page)
            .map(|text| techdocs::markdown::parse(text))
            .ok_or_else(|| Failure::work(format!("these docs have no page {page}")))
    }
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
