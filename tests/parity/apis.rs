//! The definitions of every API in the corpus: how many are read, as what, and which are not.

use std::collections::BTreeMap;

use serde_json::Value;
use stagedoor::catalog::api::{Format, OutlineError, outline};

/// Of definitions of a known type, at least so many in a hundred must be read.
const READ: usize = 98;

#[test]
fn definitions_of_real_apis_are_read() {
    let Some(shared) = super::shared() else {
        return;
    };
    let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut unread = Vec::new();
    let mut files: Vec<_> = std::fs::read_dir(shared.join("goldens/catalog"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    for file in files
        .iter()
        .filter(|file| file.extension().is_some_and(|ending| ending == "json"))
    {
        let golden: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        for entity in golden["entities"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entity| entity["kind"] == "API")
        {
            let declared = entity["spec"]["type"].as_str().unwrap_or_default();
            let definition = entity["spec"]["definition"].as_str().unwrap_or_default();
            let count = counts.entry(declared.to_owned()).or_default();
            count.0 += 1;
            match outline(declared, definition) {
                Ok(outline) if outline.faults.is_empty() => count.1 += 1,
                Ok(outline) => unread.push((
                    declared.to_owned(),
                    format!(
                        "{} {}: {:?}",
                        file.display(),
                        entity["metadata"]["name"],
                        outline.faults
                    ),
                )),
                Err(OutlineError::NotRead(Format::Other | Format::Trpc)) => {}
                Err(error) => unread.push((
                    declared.to_owned(),
                    format!("{} {}: {error}", file.display(), entity["metadata"]["name"]),
                )),
            }
        }
    }
    let known = |declared: &str| Format::declared(declared).is_some_and(Format::is_checked);
    for (declared, (all, read)) in &counts {
        println!("{declared}: {read} of {all}");
    }
    for (_, text) in &unread {
        println!("not read: {text}");
    }
    let all: usize = counts
        .iter()
        .filter(|(declared, _)| known(declared))
        .map(|(_, (all, _))| all)
        .sum();
    let missed = unread
        .iter()
        .filter(|(declared, _)| known(declared))
        .count();
    assert!(
        missed * 100 <= all * (100 - READ),
        "{missed} of {all} are not read"
    );
}
