//! Navs of small sites are those that MkDocs makes of them with `techdocs-core`, `awesome-pages`, `literate-nav` and
//! `redirects`: titles, pages, order, and where pages are edited. `tests/fixtures/techdocs/sites/answers.py` asks it.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "support/sites.rs"]
mod sites;

use stagedoor::techdocs::{Book, Config, NavItem, Target, assemble};

use sites::Kept;

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
    let mut wrong = Vec::new();
    let sites = Kept::all("sites");
    for site in &sites {
        let sources = assemble(&site.files, Config::absent("site")).unwrap();
        let pages = sources.pages.iter();
        let texts = pages.map(|(path, page)| (path.clone(), page.text.clone()));
        let book = Book::new("site", &sources.kept(), texts.collect());
        let mut told = Vec::new();
        lines(&book, &book.site.nav, 0, &mut told);
        let answer: Vec<String> = site
            .said("nav")
            .iter()
            .map(|line| {
                line.replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&amp;", "&")
            })
            .collect();
        if told != answer && !OTHERWISE.iter().any(|(known, _)| *known == site.name) {
            wrong.push(format!(
                "{}\n  MkDocs:\n    {}\n  here:\n    {}\n",
                site.name,
                answer.join("\n    "),
                told.join("\n    ")
            ));
        }
    }
    assert!(sites.len() >= 40);
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        sites.len(),
        wrong.join("\n")
    );
}
