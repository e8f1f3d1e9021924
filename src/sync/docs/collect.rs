//! Reading the docs sites of entities over a connection.

use std::collections::BTreeMap;

use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use crate::catalog::entity::{ADR_LOCATION, TECHDOCS_REF};
use crate::catalog::text::one_line;
use crate::catalog::{Entity, EntityRef, Packed, Problem, Rule};
use crate::host::{self, Address, Split};
use crate::store::{Page, Section};
use crate::techdocs::source::PageSource;
use crate::techdocs::{
    self, CheckedPage, CheckedSite, Config, ReadPage, Site, Sources, Tree, adr, markdown,
};

use super::super::reader::HostReader;
use super::tree::SiteTree;
use super::{MAX_SITE, SiteFiles, address, folder_of, place, split};

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

/// A site that was read.
struct Found {
    site: SiteFiles,
    findings: Vec<Problem>,
    /// How its age can be told.
    described: Option<Described>,
}

/// A site beside what it describes.
struct Described {
    split: Split,
    /// What a person calls its `mkdocs.yml`.
    config: String,
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
                Ok(mut found) => {
                    let findings = found.findings.into_iter();
                    found.findings = findings.map(about).collect();
                    Ok(found)
                }
                Err(message) => Err(about(Problem::new(
                    Rule::Docs,
                    place(&entity),
                    one_line(&message),
                ))),
            })
        })
        .collect();
    let mut collected = Collected::default();
    let mut aged = Vec::new();
    for result in results {
        match result {
            Ok(mut found) => {
                let entity = &found.site.entity;
                let described = found.described.take();
                aged.extend(described.map(|described| (described, entity.clone())));
                collected.sites.push(found.site);
                collected.findings.append(&mut found.findings);
            }
            Err(failure) => collected.failures.push(failure),
        }
    }
    collected.findings.extend(behind(aged));
    collected
}

/// What is to be said of the sites that were left behind by what they describe.
fn behind(sites: Vec<(Described, EntityRef)>) -> Vec<Problem> {
    let splits: Vec<Split> = sites.iter().map(|(site, _)| site.split.clone()).collect();
    let changes = host::last_changes(&splits);
    let said = sites
        .into_iter()
        .zip(changes)
        .filter_map(|((site, entity), changes)| {
            let (docs, code) = changes?;
            Some(techdocs::age(&site.config, docs, code)?.about(entity))
        });
    said.collect()
}

/// The site of an entity as its file names it, with its decision records, and what is wrong with it.
fn site(entity: &Entity, reader: &HostReader<'_>) -> Result<Found, String> {
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
        let (site, findings) = finished(entity, &sources, &names);
        return Ok(Found {
            site,
            findings,
            described: None,
        });
    };
    let at = folder(entity, target, reader)?;
    let base = address(&entity.provenance.location).unwrap_or_else(|| at.clone());
    let tree = SiteTree::new(reader, &base, &at);
    let (mut sources, names) = assembled(entity, target, &tree, None)?;
    adr::add(&mut sources, records, &names);
    let (site, findings) = finished(entity, &sources, &names);
    let split = tree.folder().and_then(|folder| split(&folder, &sources));
    Ok(Found {
        site,
        findings,
        described: split.map(|split| Described {
            split,
            config: sources.file,
        }),
    })
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
    let folder = folder_of(target)
        .ok_or_else(|| format!("{TECHDOCS_REF}: {target:?} is neither dir:… nor url:…"))?;
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
    let read = techdocs::read_pages(sources, &options);
    let checked: Vec<CheckedPage<'_>> = read
        .iter()
        .filter_map(|page| Some(page.called(names.get(page.path)?)))
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
fn titled(config: &Config, read: &[ReadPage<'_>]) -> Vec<Page> {
    let own = read.iter().map(|page| techdocs::Page {
        path: page.path.to_owned(),
        title: markdown::title_of(&page.document).unwrap_or_default(),
    });
    let (site, _) = Site::build(config, own.collect());
    let titles: BTreeMap<String, String> = site
        .pages
        .into_iter()
        .map(|page| (page.path, page.title))
        .collect();
    read.iter()
        .map(|page| {
            let title = titles.get(page.path).cloned().unwrap_or_default();
            page_of(page, title)
        })
        .collect()
}

/// A page with what full text finds of it: a section from each heading to the next.
fn page_of(read: &ReadPage<'_>, title: String) -> Page {
    let lines: Vec<&str> = read.text.lines().collect();
    let starts = read.document.headings.iter().map(|heading| {
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
        path: read.path.to_owned(),
        title,
        text: read.text.to_owned(),
        sections,
    }
}
