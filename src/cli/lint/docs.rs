//! Docs sites among what is checked, whether an entity names them or not.

use std::path::Path;

use color_eyre::eyre::Result;
use rayon::prelude::*;

use crate::catalog::Problem;
use crate::cli::docs::site;
use crate::config::Source;
use crate::sync;
use crate::techdocs::markdown::{Files, Options};
use crate::techdocs::source::CONFIGS;
use crate::techdocs::{self, CheckedPage, CheckedSite, Document, Sources, page};

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
    let sources = site::sources(folder)?;
    let mut problems = found(&sources, folder);
    let docs = sources.config.docs_dir.as_str();
    if sources.text.is_some() && !docs.is_empty() {
        let changes = sync::docs::last_changes(folder, docs);
        problems.extend(changes.and_then(|(docs, code)| techdocs::age(&sources, docs, code)));
    }
    Ok(problems)
}

/// What is wrong with the site in `folder` that is made of `sources`.
fn found(sources: &Sources, folder: &Path) -> Vec<Problem> {
    let options = Options::read(&sources.kept());
    let read: Vec<(&str, String, &str, Document)> = sources
        .pages
        .par_iter()
        .map(|(path, page)| {
            let file = folder.join(&page.file).display().to_string();
            let files = Files {
                page: &page.file,
                read: &|file| sources.included(file),
            };
            let document = page::parse_with(&page.text, &options, files);
            (path.as_str(), file, page.text.as_str(), document)
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
    techdocs::check(&CheckedSite {
        sources,
        pages: &pages,
    })
}
