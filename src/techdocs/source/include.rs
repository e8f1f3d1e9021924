//! The files that pages include, read with the site, so that a page that is kept needs no other file.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::{PageSource, Sources, Tree};
use crate::techdocs::markdown::{self, Files, Options};

/// How deep files may include each other.
const MAX_DEPTH: usize = 12;
/// How many files are read, and how much of them all, in bytes.
const MAX_FILES: usize = 2_000;
const MAX_BYTES: usize = 8 << 20;
/// What a page holds that includes files: snippets, `include-markdown`, FastAPI's examples.
const MARKS: [&str; 3] = ["8<-", "include", "{*"];

/// Reads the files that the pages of `sources` include, and those that these include: whatever is asked for while they are
/// rendered, until nothing new is.
pub(super) fn read(tree: &dyn Tree, sources: &mut Sources) -> Result<(), String> {
    let options = Options::read(&sources.kept());
    let includes = |page: &PageSource| MARKS.iter().any(|mark| page.text.contains(mark));
    let mut pages: Vec<PageSource> = sources
        .pages
        .values()
        .filter(|page| includes(page))
        .cloned()
        .collect();
    if !options.appended.is_empty() && pages.is_empty() {
        pages.extend(sources.pages.values().next().cloned());
    }
    let mut known = BTreeSet::new();
    let mut size = 0;
    for _ in 0..MAX_DEPTH {
        let asked: Mutex<BTreeSet<String>> = Mutex::default();
        pages.par_iter().for_each(|page| {
            let read = |file: &str| {
                let found = sources.included(file);
                if found.is_none() {
                    let mut asked = asked.lock().unwrap_or_else(PoisonError::into_inner);
                    asked.insert(file.to_owned());
                }
                found
            };
            let files = Files {
                page: &page.file,
                read: &read,
            };
            markdown::render(&page.text, &options, files);
        });
        let asked = asked.into_inner().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<&str> = asked
            .iter()
            .filter(|file| known.insert((*file).clone()))
            .map(String::as_str)
            .take(MAX_FILES.saturating_sub(sources.included.len()))
            .collect();
        if new.is_empty() {
            break;
        }
        for (path, text) in new.iter().zip(tree.texts(&new)?) {
            if let Some(text) = text.filter(|text| size + text.len() <= MAX_BYTES) {
                size += text.len();
                sources.included.insert((*path).to_owned(), text);
            }
        }
    }
    Ok(())
}
