//! Reading the docs sites of entities over a connection.

use std::collections::BTreeMap;

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use crate::catalog::entity::TECHDOCS_REF;
use crate::catalog::text::{clean, one_line};
use crate::catalog::{Entity, Packed, Problem, Rule};
use crate::ingest::{Location, ReadError, Reader, SourceFile};
use crate::store::{Page, Section};
use crate::techdocs::{self, CheckedPage, CheckedSite, Config, Document, Site, markdown};

use super::super::reader::{HostReader, location};
use super::{CONFIGS, MAX_SITE, SiteFiles, address, place};

/// The sites of some entities.
#[derive(Debug, Default)]
pub(in crate::sync) struct Collected {
    /// The sites that could be read.
    pub(in crate::sync) sites: Vec<SiteFiles>,
    /// Why others could not.
    pub(in crate::sync) failures: Vec<Problem>,
    /// What is wrong with those that could.
    pub(in crate::sync) findings: Vec<Problem>,
}

/// Reads the sites of those of `entities` that say where theirs is.
pub(in crate::sync) fn collect(entities: &[&Packed], reader: &HostReader<'_>) -> Collected {
    let results: Vec<_> = entities
        .par_iter()
        .filter(|packed| packed.json().contains(TECHDOCS_REF))
        .filter_map(|packed| {
            // The entity is let go before the next: unpacked, a whole catalog is large.
            let entity = packed.unpack();
            let about = |problem: Problem| problem.about(entity.entity_ref.clone());
            Some(
                match site(&entity, entity.annotation(TECHDOCS_REF)?, reader) {
                    Ok((site, findings)) => Ok((site, findings.into_iter().map(about).collect())),
                    Err(message) => Err(about(Problem::new(
                        Rule::Docs,
                        place(&entity),
                        one_line(&message),
                    ))),
                },
            )
        })
        .collect();
    let mut collected = Collected::default();
    for result in results {
        match result {
            Ok((site, mut findings)) => {
                collected.sites.push(site);
                collected.findings.append(&mut findings);
            }
            Err(failure) => collected.failures.push(failure),
        }
    }
    collected
}

/// The site at `target`, as the entity's file names it, and what is wrong with it.
fn site(
    entity: &Entity,
    target: &str,
    reader: &HostReader<'_>,
) -> Result<(SiteFiles, Vec<Problem>), String> {
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
        match reader.files(&base, &pattern) {
            Ok(found) => files.extend(found),
            Err(ReadError::NotFound { .. }) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    let size: usize = files.iter().map(|file| file.bytes.len()).sum();
    if size > MAX_SITE {
        return Err(format!("its docs hold more than {MAX_SITE} bytes"));
    }
    let read = pages(&config, &base, folder, &files, reader);
    let checked: Vec<CheckedPage<'_>> = read.iter().map(ReadPage::checked).collect();
    let findings = techdocs::check(&CheckedSite {
        file: name,
        config: &text,
        pages: &checked,
        has: &|path| reader.has(&base, &format!("{folder}/{path}")),
    });
    let pages = titled(&config, read);
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
        hash.update(page.title.as_bytes());
        hash.update(page.text.as_bytes());
    }
    let site = SiteFiles {
        entity: entity.entity_ref.clone(),
        config: text,
        revision: format!("{:016x}", hash.digest()),
        pages,
    };
    Ok((site, findings))
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
) -> Vec<ReadPage> {
    let root = reader.folder(base, folder);
    let by_path: BTreeMap<&str, &SourceFile> = files
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
            let file = by_path.get(page.file.as_str())?;
            let text = text_of(file);
            Some(ReadPage {
                path: page.page,
                file: file.name.clone(),
                document: markdown::parse(&text),
                text,
            })
        })
        .collect()
}

/// A page and where it was read.
struct ReadPage {
    path: String,
    file: String,
    text: String,
    document: Document,
}

impl ReadPage {
    fn checked(&self) -> CheckedPage<'_> {
        CheckedPage {
            path: &self.path,
            file: &self.file,
            text: &self.text,
            document: &self.document,
        }
    }
}

/// The pages as they are kept, with the titles that readers see.
fn titled(config: &Config, read: Vec<ReadPage>) -> Vec<Page> {
    let own = read.iter().map(|page| techdocs::Page {
        path: page.path.clone(),
        title: markdown::title_of(&page.document).unwrap_or_default(),
    });
    let (site, _) = Site::build(config, own.collect());
    let titles: BTreeMap<String, String> = site
        .pages
        .into_iter()
        .map(|page| (page.path, page.title))
        .collect();
    read.into_iter()
        .map(|page| {
            let title = titles.get(&page.path).cloned().unwrap_or_default();
            page_of(page, title)
        })
        .collect()
}

/// A page with what full text finds of it: a section from each heading to the next.
fn page_of(page: ReadPage, title: String) -> Page {
    let ReadPage {
        path,
        text,
        document,
        ..
    } = page;
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
