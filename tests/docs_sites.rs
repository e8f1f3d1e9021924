//! Navs of small sites are those that MkDocs makes of them with `techdocs-core`, `awesome-pages`, `literate-nav` and
//! `redirects`: titles, pages, order, and where pages are edited. `tests/fixtures/techdocs/sites/answers.py` asks it.

#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::path::Path;

use stagedoor::techdocs::{Book, Config, NavItem, Target, Tree, assemble};

/// What is told otherwise here, and why.
const OTHERWISE: [(&str, &str); 4] = [
    (
        "exclude-in-nav",
        "MkDocs has lines without a title for pages that are excluded",
    ),
    ("mono-exclude", "the same"),
    ("nav-file", "MkDocs takes a file that is no page for one"),
    (
        "titles",
        "a comment before the heading takes the title from it in MkDocs",
    ),
];

struct Files(BTreeMap<String, String>);

impl Tree for Files {
    fn names(&self, folder: &str) -> Result<Vec<String>, String> {
        let folder = folder.trim_end_matches('/');
        let below = |path: &String| match folder {
            "" => Some(path.clone()),
            folder => Some(path.strip_prefix(folder)?.strip_prefix('/')?.to_owned()),
        };
        Ok(self.0.keys().filter_map(below).collect())
    }

    fn texts(&self, files: &[&str]) -> Result<Vec<Option<String>>, String> {
        Ok(files
            .iter()
            .map(|file| self.0.get(*file).cloned())
            .collect())
    }
}

/// The files of a site, and the lines of its answer.
fn read(text: &str) -> (BTreeMap<String, String>, Vec<String>) {
    let mut files = BTreeMap::new();
    let mut name = String::new();
    for line in text.split_inclusive('\n') {
        let mark = line.trim_end().strip_prefix("-- ");
        if let Some(next) = mark.and_then(|line| line.strip_suffix(" --")) {
            next.clone_into(&mut name);
            files.insert(name.clone(), String::new());
        } else if let Some(text) = files.get_mut(&name) {
            text.push_str(line);
        }
    }
    let answer = files.remove("@nav").unwrap_or_default();
    (files, answer.lines().map(str::to_owned).collect())
}

fn lines(book: &Book, items: &[NavItem], depth: usize, told: &mut Vec<String>) {
    let pad = "  ".repeat(depth);
    for item in items {
        match &item.target {
            Target::Section(items) => {
                told.push(format!("{pad}{}/", item.title));
                lines(book, items, depth + 1, told);
            }
            Target::Url(url) => told.push(format!("{pad}{} ({url})", item.title)),
            Target::Page(page) if book.site.page(page).is_none() => {
                told.push(format!("{pad}{} ({page})", item.title));
            }
            Target::Page(page) => {
                let edit = book.site.edit_url(page);
                let edit = edit.map_or_else(String::new, |url| format!(" | {url}"));
                told.push(format!("{pad}{} <{page}>{edit}", item.title));
            }
        }
    }
}

#[test]
fn navs_are_those_of_mkdocs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/techdocs/sites");
    let mut wrong = Vec::new();
    let mut sites = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "site") {
            continue;
        }
        sites += 1;
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let (files, answer) = read(&std::fs::read_to_string(&path).unwrap());
        let sources = assemble(&Files(files), Config::absent("site")).unwrap();
        let pages = sources.pages.iter();
        let texts = pages.map(|(path, page)| (path.clone(), page.text.clone()));
        let book = Book::new("site", &sources.kept(), texts.collect());
        let mut told = Vec::new();
        lines(&book, &book.site.nav, 0, &mut told);
        let answer: Vec<String> = answer
            .iter()
            .map(|line| line.replace("&amp;", "&"))
            .collect();
        if told != answer && !OTHERWISE.iter().any(|(known, _)| *known == name) {
            wrong.push(format!(
                "{name}\n  MkDocs:\n    {}\n  here:\n    {}\n",
                answer.join("\n    "),
                told.join("\n    ")
            ));
        }
    }
    assert!(sites >= 40);
    assert!(
        wrong.is_empty(),
        "{} of {sites}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
