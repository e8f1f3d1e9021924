//! Docs sites among what is checked, whether an entity names them or not.

use std::path::Path;

use color_eyre::eyre::Result;

use crate::catalog::Problem;
use crate::cli::docs::site;
use crate::config::Source;
use crate::sync;
use crate::techdocs::markdown::Options;
use crate::techdocs::source::CONFIGS;
use crate::techdocs::{self, CheckedPage, CheckedSite, Sources};

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

/// When docs were last changed, and the code beside them, where Git tells; in seconds since 1970.
pub(crate) type Changes = Option<(u64, u64)>;

/// What is wrong with the site in `folder`, and how old it is.
pub(super) fn check(folder: &Path) -> Result<(Vec<Problem>, Changes)> {
    let sources = site::sources(folder)?;
    let mut problems = found(&sources, folder);
    let changes = sync::docs::last_changes(folder, &sources);
    problems.extend(changes.and_then(|(docs, code)| techdocs::age(&sources.file, docs, code)));
    Ok((problems, changes))
}

/// What is wrong with the site in `folder` that is made of `sources`.
fn found(sources: &Sources, folder: &Path) -> Vec<Problem> {
    let read = techdocs::read_pages(sources, &Options::read(&sources.kept()));
    let files: Vec<String> = read
        .iter()
        .filter_map(|page| sources.pages.get(page.path))
        .map(|page| folder.join(&page.file).display().to_string())
        .collect();
    let pages: Vec<CheckedPage<'_>> = read
        .iter()
        .zip(&files)
        .map(|(page, file)| page.called(file))
        .collect();
    techdocs::check(&CheckedSite {
        sources,
        pages: &pages,
    })
}
