//! Reading the docs sites of entities over a connection.

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use crate::catalog::entity::TECHDOCS_REF;
use crate::catalog::text::{clean, one_line};
use crate::catalog::{Entity, Place, Problem, Rule};
use crate::ingest::{Location, ReadError, Reader, SourceFile};
use crate::store::{Page, Section};
use crate::techdocs::{Config, markdown};

use super::super::reader::{HostReader, location};
use super::{SiteFiles, address};

/// The largest site that is kept, in bytes of Markdown.
const MAX_SITE: usize = 64 << 20;

/// The names of the file that describes a site.
const CONFIGS: [&str; 2] = ["mkdocs.yml", "mkdocs.yaml"];

/// The sites of some entities.
#[derive(Debug, Default)]
pub(in crate::sync) struct Collected {
    /// The sites that could be read.
    pub(in crate::sync) sites: Vec<SiteFiles>,
    /// Why others could not.
    pub(in crate::sync) problems: Vec<Problem>,
}

/// Reads the sites of those of `entities` that say where theirs is.
pub(in crate::sync) fn collect(entities: &[&Entity], reader: &HostReader<'_>) -> Collected {
    let results: Vec<_> = entities
        .par_iter()
        .filter_map(|entity| {
            let target = entity.annotation(TECHDOCS_REF)?;
            Some((*entity, site(entity, target, reader)))
        })
        .collect();
    let mut collected = Collected::default();
    for (entity, result) in results {
        match result {
            Ok(site) => collected.sites.push(site),
            Err(message) => {
                let place = Place {
                    file: address(&entity.provenance.location)
                        .map(|address| address.name())
                        .unwrap_or_default(),
                    line: entity.provenance.line,
                    column: 0,
                };
                let message = one_line(&message);
                collected.problems.push(
                    Problem::new(Rule::Docs, place, message).about(entity.entity_ref.clone()),
                );
            }
        }
    }
    collected
}

fn site(entity: &Entity, target: &str, reader: &HostReader<'_>) -> Result<SiteFiles, String> {
    let base = address(&entity.provenance.location)
        .map(|address| location(&address))
        .ok_or_else(|| format!("its location {} is not known", entity.provenance.location))?;
    let folder = match target.split_once(':') {
        Some(("dir" | "url", folder)) => match folder.trim().trim_end_matches('/') {
            "" => ".",
            folder => folder,
        },
        _ => {
            return Err(format!(
                "{TECHDOCS_REF}: {target:?} is neither dir:… nor url:…"
            ));
        }
    };
    let describes = config(&base, folder, reader)?;
    let text = describes.as_ref().map(text_of).unwrap_or_default();
    let name = describes.as_ref().map_or("mkdocs.yml", |file| &file.name);
    let config = match describes {
        Some(_) => Config::parse(name, &text).0,
        None => Config::absent(entity.display_name()),
    };
    let docs = format!("{folder}/{}", config.docs_dir);
    let mut files = Vec::new();
    for pattern in [
        format!("{docs}/**/*.md"),
        format!("{folder}/README.md"),
        format!("{folder}/readme.md"),
    ] {
        match reader.search(&base, &pattern) {
            Ok(found) => files.extend(found),
            Err(ReadError::NotFound { .. }) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    let size: usize = files.iter().map(|file| file.bytes.len()).sum();
    if size > MAX_SITE {
        return Err(format!("its docs hold more than {MAX_SITE} bytes"));
    }
    let pages = pages(&config, &base, folder, &files, reader);
    if pages.is_empty() {
        return Err(format!(
            "no docs at {target}: neither pages in {}/ nor a README.md",
            config.docs_dir
        ));
    }
    let mut hash = Xxh3::new();
    hash.update(text.as_bytes());
    for page in &pages {
        hash.update(page.path.as_bytes());
        hash.update(page.text.as_bytes());
    }
    Ok(SiteFiles {
        entity: entity.entity_ref.clone(),
        config: text,
        revision: format!("{:016x}", hash.digest()),
        pages,
    })
}

/// The file that describes the site in `folder`, where it has one.
fn config(
    base: &Location,
    folder: &str,
    reader: &HostReader<'_>,
) -> Result<Option<SourceFile>, String> {
    for name in CONFIGS {
        match reader.read(base, &format!("{folder}/{name}")) {
            Ok(file) => return Ok(Some(file)),
            Err(ReadError::NotFound { .. }) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    Ok(None)
}

/// Those of `files` that are pages of the site.
fn pages(
    config: &Config,
    base: &Location,
    folder: &str,
    files: &[SourceFile],
    reader: &HostReader<'_>,
) -> Vec<Page> {
    let root = reader.folder(base, folder);
    let by_path: std::collections::BTreeMap<&str, &SourceFile> = files
        .iter()
        .filter_map(|file| {
            let target = file.location.target.strip_prefix(root.as_str())?;
            Some((target.trim_start_matches('/'), file))
        })
        .collect();
    config
        .pages(by_path.keys().copied())
        .into_iter()
        .filter_map(|page| {
            let text = text_of(by_path.get(page.file.as_str())?);
            Some(page_of(page.page, text))
        })
        .collect()
}

/// A page with its title and what full text finds of it: a section from each heading to the next.
fn page_of(path: String, text: String) -> Page {
    let document = markdown::parse(&text);
    let title = document
        .title
        .clone()
        .or_else(|| document.headings.first().map(|first| first.text.clone()))
        .unwrap_or_else(|| path.clone());
    let lines: Vec<&str> = text.lines().collect();
    let starts = document.headings.iter().map(|heading| {
        (
            heading.text.as_str(),
            heading.slug.as_str(),
            heading.line as usize,
        )
    });
    let mut sections: Vec<Section> = Vec::new();
    let starts: Vec<(&str, &str, usize)> = std::iter::once(("", "", 0)).chain(starts).collect();
    for (number, &(heading, anchor, line)) in starts.iter().enumerate() {
        let end = starts
            .get(number + 1)
            .map_or(lines.len(), |&(_, _, line)| line.saturating_sub(1));
        let body = lines.get(line.min(end)..end).unwrap_or_default().join("\n");
        if !heading.is_empty() || !body.trim().is_empty() {
            sections.push(Section {
                heading: heading.to_owned(),
                anchor: anchor.to_owned(),
                text: body,
            });
        }
    }
    Page {
        path,
        title,
        text,
        sections,
    }
}

fn text_of(file: &SourceFile) -> String {
    clean(&String::from_utf8_lossy(&file.bytes)).into_owned()
}
