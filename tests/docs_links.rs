//! Every link of our own documentation and of the demo's leads somewhere, but for the one that is meant not to.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use stagedoor::techdocs::config::Config;
use stagedoor::techdocs::markdown;
use stagedoor::techdocs::site::{LinkTarget, Page, Site};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The pages of the site in `folder`, each with its text, and the links that lead nowhere.
fn broken_links(folder: &Path) -> Vec<String> {
    let config = std::fs::read_to_string(folder.join("mkdocs.yml")).unwrap();
    let (config, problems) = Config::parse("mkdocs.yml", &config);
    let files = files(folder);
    let texts: BTreeMap<String, String> = config
        .pages(files.iter().map(String::as_str))
        .into_iter()
        .map(|page| {
            (
                page.page,
                std::fs::read_to_string(folder.join(page.file)).unwrap(),
            )
        })
        .collect();
    let pages = texts
        .keys()
        .map(|path| Page {
            path: path.clone(),
            title: String::new(),
        })
        .collect();
    let (site, missing) = Site::build(&config, pages);
    let problems = problems.into_iter().map(|problem| problem.message);
    let mut broken: Vec<String> = problems.chain(missing).collect();
    for (path, text) in &texts {
        let document = markdown::parse(text);
        assert!(!document.headings.is_empty(), "{path} has no heading");
        for link in &document.links {
            let (page, anchor) = match site.resolve(path, &link.href) {
                LinkTarget::Page { path, anchor } => (path, anchor),
                LinkTarget::Heading(anchor) => (path.clone(), Some(anchor)),
                LinkTarget::Missing(_) => {
                    broken.push(format!("{path}: {}", link.href));
                    continue;
                }
                LinkTarget::External(_) | LinkTarget::File(_) => continue,
            };
            let known = anchor.is_none_or(|anchor| {
                texts.get(&page).is_some_and(|text| {
                    markdown::parse(text)
                        .headings
                        .iter()
                        .any(|heading| heading.slug == anchor)
                })
            });
            if !known {
                broken.push(format!("{path}: {}", link.href));
            }
        }
    }
    broken
}

/// Every file below `folder`, relative to it.
fn files(folder: &Path) -> Vec<String> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_entry(|entry| entry.depth() != 1 || entry.file_name() != "target")
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap();
            path.to_str().unwrap().to_owned()
        })
        .collect()
}

#[test]
fn every_link_of_the_demos_docs_leads_somewhere_but_one() {
    let demo = root().join("assets/demo");
    assert_eq!(
        broken_links(&demo.join("services/payment-gateway")),
        ["operations/dashboards.md: graphs-2023.md"]
    );
    assert_eq!(broken_links(&demo.join("services/parcel-tracker")), [""; 0]);
    assert_eq!(broken_links(&demo.join("handbook")), [""; 0]);
}

#[test]
fn every_link_of_our_own_docs_leads_somewhere() {
    assert_eq!(broken_links(&root()), [""; 0]);
}
