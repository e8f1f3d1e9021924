//! Docs sites among what is checked, whether an entity names them or not.

use std::path::{Path, PathBuf};

use color_eyre::eyre::Result;
use walkdir::{DirEntry, WalkDir};

use crate::catalog::Problem;
use crate::cli::docs::site::{CONFIGS, SiteFolder};
use crate::config::Source;
use crate::techdocs::{self, CheckedPage, Document, markdown};

/// The folder of the site whose `mkdocs.yml` was named outright, unless that file is a descriptor whatever it is called.
pub(super) fn named(source: &Source) -> Option<&Path> {
    let Source::File(file) = source else {
        return None;
    };
    let name = file.file_name()?.to_str()?;
    let text = CONFIGS
        .contains(&name)
        .then(|| std::fs::read_to_string(file).ok())??;
    let is_descriptor = text.lines().any(|line| line.starts_with("apiVersion"));
    (!is_descriptor).then(|| file.parent())?
}

/// The folders below `folder` that hold a site.
pub(super) fn folders(folder: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = WalkDir::new(folder)
        .into_iter()
        .filter_entry(|entry| !is_passed_over(entry))
        // A folder that may not be read hides what is in it, and only that.
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter(|entry| CONFIGS.iter().any(|name| entry.file_name() == *name))
        .filter_map(|entry| Some(entry.path().parent()?.to_owned()))
        .collect();
    folders.sort();
    folders.dedup();
    folders
}

/// Whether a folder holds what Git keeps, what was installed, or what a tool built.
fn is_passed_over(entry: &DirEntry) -> bool {
    entry.depth() > 0
        && entry.file_type().is_dir()
        && (entry.file_name() == ".git"
            || entry.file_name() == "node_modules"
            || entry.path().join("CACHEDIR.TAG").is_file())
}

/// What is wrong with the site in `folder`.
pub(super) fn check(folder: &Path) -> Result<Vec<Problem>> {
    let SiteFolder { config, pages } = SiteFolder::read(folder)?;
    let (file, text) = config.unwrap_or_default();
    let read: Vec<(&String, String, Document)> = pages
        .iter()
        .map(|(page, (file, text))| (page, file.display().to_string(), markdown::parse(text)))
        .collect();
    let pages: Vec<CheckedPage<'_>> = read
        .iter()
        .map(|(path, file, document)| CheckedPage {
            path,
            file,
            document,
        })
        .collect();
    Ok(techdocs::check(&file.display().to_string(), &text, &pages))
}
