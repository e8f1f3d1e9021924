//! Docs sites among what is checked, whether an entity names them or not.

use std::path::Path;

use color_eyre::eyre::Result;

use crate::catalog::Problem;
use crate::cli::docs::site::SiteFolder;
use crate::config::Source;
use crate::sync::docs::CONFIGS;
use crate::techdocs::{self, CheckedPage, CheckedSite, Document, markdown};

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

/// What is wrong with the site in `folder`.
pub(super) fn check(folder: &Path) -> Result<Vec<Problem>> {
    let SiteFolder { config, pages } = SiteFolder::read(folder)?;
    let (file, config) = config.unwrap_or_default();
    let read: Vec<(&String, String, &String, Document)> = pages
        .iter()
        .map(|(path, (file, text))| {
            (
                path,
                file.display().to_string(),
                text,
                markdown::parse(text),
            )
        })
        .collect();
    let pages: Vec<CheckedPage<'_>> = read
        .iter()
        .map(|(path, file, text, document)| CheckedPage {
            path,
            file,
            text,
            document,
        })
        .collect();
    Ok(techdocs::check(&CheckedSite {
        file: &file.display().to_string(),
        config: &config,
        pages: &pages,
        has: &|path| Some(folder.join(path).exists()),
    }))
}
