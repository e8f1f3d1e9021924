//! Every link of our own documentation and of the demo's leads somewhere, but for the one that is meant not to.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use stagedoor::sync::docs::FolderTree;
use stagedoor::techdocs::{Config, LinkTarget, Page, Site, assemble, markdown};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The pages of the site in `folder`, each with its text, and the links that lead nowhere.
fn broken_links(folder: &Path) -> Vec<String> {
    let sources = assemble(&FolderTree::new(folder), Config::absent("docs")).unwrap();
    let (config, problems) = (&sources.config, &sources.problems);
    let pages = sources.pages.iter();
    let texts: BTreeMap<String, String> = pages
        .map(|(path, page)| (path.clone(), page.text.clone()))
        .collect();
    let pages = texts
        .keys()
        .map(|path| Page {
            path: path.clone(),
            title: String::new(),
        })
        .collect();
    let (site, missing) = Site::build(config, pages);
    let problems = problems.iter().map(|problem| problem.message.clone());
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
