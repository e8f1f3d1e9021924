//! Reading the docs sites of entities over a connection.

use std::collections::BTreeMap;

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use crate::catalog::entity::{ADR_LOCATION, TECHDOCS_REF};
use crate::catalog::text::one_line;
use crate::catalog::{Entity, Packed, Problem, Rule};
use crate::host::Address;
use crate::store::{Page, Section};
use crate::techdocs::source::{CONFIGS, PageSource};
use crate::techdocs::{
    self, CheckedPage, CheckedSite, Config, Document, Site, Sources, Tree, adr, markdown,
};

use super::super::reader::HostReader;
use super::tree::SiteTree;
use super::{MAX_SITE, SiteFiles, address, place};

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
        .filter(|packed| {
            let names = [TECHDOCS_REF, ADR_LOCATION];
            names.iter().any(|name| packed.json().contains(name))
        })
        .filter_map(|packed| {
            // The entity is let go before the next: unpacked, a whole catalog is large.
            let entity = packed.unpack();
            let about = |problem: Problem| problem.about(entity.entity_ref.clone());
            let names = [TECHDOCS_REF, ADR_LOCATION];
            names.iter().find_map(|name| entity.annotation(name))?;
            Some(match site(&entity, reader) {
                Ok((site, findings)) => Ok((site, findings.into_iter().map(about).collect())),
                Err(message) => Err(about(Problem::new(
                    Rule::Docs,
                    place(&entity),
                    one_line(&message),
                ))),
            })
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

/// The site of an entity as its file names it, with its decision records, and what is wrong with it.
fn site(entity: &Entity, reader: &HostReader<'_>) -> Result<(SiteFiles, Vec<Problem>), String> {
    let records = match entity.annotation(ADR_LOCATION) {
        Some(target) => records(entity, target, reader)?,
        None => Vec::new(),
    };
    let Some(target) = entity.annotation(TECHDOCS_REF) else {
        let mut sources = Sources {
            config: Config::absent(entity.display_name()),
            ..Sources::default()
        };
        if records.is_empty() {
            return Err(
                "no decision records: no file there has a name that begins with a number"
                    .to_owned(),
            );
        }
        let names = BTreeMap::new();
        adr::add(&mut sources, records, &names);
        return Ok(finished(entity, &sources, &names));
    };
    let at = folder(entity, target, reader)?;
    let base = address(&entity.provenance.location).unwrap_or_else(|| at.clone());
    let tree = SiteTree::new(reader, &base, &at);
    let (mut sources, names) = assembled(entity, target, &tree, None)?;
    adr::add(&mut sources, records, &names);
    Ok(finished(entity, &sources, &names))
}

/// The decision records in the folder that `target` names, by name; as their files what a person calls them.
fn records(
    entity: &Entity,
    target: &str,
    reader: &HostReader<'_>,
) -> Result<Vec<(String, PageSource)>, String> {
    let base = address(&entity.provenance.location)
        .ok_or_else(|| format!("its location {} is not known", entity.provenance.location))?;
    let target = target.trim();
    let target = target.strip_prefix("dir:").unwrap_or(target);
    let at = reader
        .resolve(&base, target.trim_end_matches('/'))
        .map_err(|error| error.to_string())?;
    let tree = SiteTree::new(reader, &base, &at);
    let mut names = tree.names("")?;
    names.retain(|name| adr::is_record(name));
    let wanted: Vec<&str> = names.iter().map(String::as_str).collect();
    let texts = tree.texts(&wanted)?;
    let record = |(name, text): (&String, Option<String>)| {
        let file = tree.name(name);
        Some((name.clone(), PageSource { file, text: text? }))
    };
    Ok(names.iter().zip(texts).filter_map(record).collect())
}

/// The address of the folder that `target`, as the entity's file names it, leads to.
pub(super) fn folder(
    entity: &Entity,
    target: &str,
    reader: &HostReader<'_>,
) -> Result<Address, String> {
    let base = address(&entity.provenance.location)
        .ok_or_else(|| format!("its location {} is not known", entity.provenance.location))?;
    let folder = match target.split_once(':') {
        Some(("dir" | "url", folder)) => folder.trim().trim_end_matches('/'),
        _ => {
            return Err(format!(
                "{TECHDOCS_REF}: {target:?} is neither dir:… nor url:…"
            ));
        }
    };
    // Some name the file that describes the site.
    let named = CONFIGS.iter().find_map(|name| folder.strip_suffix(name));
    let folder = named.map_or(folder, |folder| folder.trim_end_matches('/'));
    let folder = if folder.is_empty() { "." } else { folder };
    reader
        .resolve(&base, folder)
        .map_err(|error| error.to_string())
}

/// The site of `entity` whose files `tree` gives, and what is wrong with it; its name says at which `revision` it was read.
pub(super) fn read(
    entity: &Entity,
    target: &str,
    tree: &SiteTree<'_>,
    revision: Option<&str>,
) -> Result<(SiteFiles, Vec<Problem>), String> {
    let (sources, names) = assembled(entity, target, tree, revision)?;
    Ok(finished(entity, &sources, &names))
}

/// What the site of `entity` is made of whose files `tree` gives, and what a person calls the files of its pages.
fn assembled(
    entity: &Entity,
    target: &str,
    tree: &SiteTree<'_>,
    revision: Option<&str>,
) -> Result<(Sources, BTreeMap<String, String>), String> {
    let mut sources = techdocs::assemble(tree, Config::absent(entity.display_name()))?;
    if sources.pages.is_empty() {
        return Err(format!(
            "no docs at {target}: neither pages in {}/ nor a README.md",
            sources.config.docs_dir
        ));
    }
    let size: usize = sources.pages.values().map(|page| page.text.len()).sum();
    if size > MAX_SITE {
        return Err(format!("its docs hold more than {MAX_SITE} bytes"));
    }
    tree.add_edit_links(&mut sources.config);
    if let Some(revision) = revision {
        sources.config.site_name = format!("{} @ {revision}", sources.config.site_name);
    }
    let pages = sources.pages.iter();
    let names = pages
        .map(|(path, page)| (path.clone(), tree.name(&page.file)))
        .collect();
    Ok((sources, names))
}

/// The site that is kept of `sources`, and what is wrong with it; only pages that have one of `names` are checked.
fn finished(
    entity: &Entity,
    sources: &Sources,
    names: &BTreeMap<String, String>,
) -> (SiteFiles, Vec<Problem>) {
    let config = sources.kept();
    let options = markdown::Options::read(&config);
    let read: Vec<(&str, &str, Document)> = sources
        .pages
        .par_iter()
        .map(|(path, page)| {
            let files = markdown::Files {
                page: &page.file,
                read: &|file| sources.included(file),
            };
            let document = techdocs::page::parse_with(&page.text, &options, files);
            (path.as_str(), page.text.as_str(), document)
        })
        .collect();
    let checked: Vec<CheckedPage<'_>> = read
        .iter()
        .filter_map(|(path, text, document)| {
            Some(CheckedPage {
                path,
                file: names.get(*path)?,
                text,
                document,
            })
        })
        .collect();
    let findings = techdocs::check(&CheckedSite {
        sources,
        pages: &checked,
    });
    let pages = titled(&sources.config, &read);
    let mut hash = Xxh3::new();
    hash.update(config.as_bytes());
    for page in &pages {
        hash.update(page.path.as_bytes());
        hash.update(page.title.as_bytes());
        hash.update(page.text.as_bytes());
    }
    let site = SiteFiles {
        entity: entity.entity_ref.clone(),
        config,
        revision: format!("{:016x}", hash.digest()),
        pages,
    };
    (site, findings)
}

/// The pages as they are kept, with the titles that readers see.
fn titled(config: &Config, read: &[(&str, &str, Document)]) -> Vec<Page> {
    let own = read.iter().map(|(path, _, document)| techdocs::Page {
        path: (*path).to_owned(),
        title: markdown::title_of(document).unwrap_or_default(),
    });
    let (site, _) = Site::build(config, own.collect());
    let titles: BTreeMap<String, String> = site
        .pages
        .into_iter()
        .map(|page| (page.path, page.title))
        .collect();
    read.iter()
        .map(|(path, text, document)| {
            let title = titles.get(*path).cloned().unwrap_or_default();
            page_of(path, text, document, title)
        })
        .collect()
}

/// A page with what full text finds of it: a section from each heading to the next.
fn page_of(path: &str, text: &str, document: &Document, title: String) -> Page {
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
        path: path.to_owned(),
        title,
        text: text.to_owned(),
        sections,
    }
}
