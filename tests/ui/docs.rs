//! The docs reader: what it looks like, and how one gets about in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::{Effect, Page, Route};
use stagedoor::techdocs::Book;

use crate::company::Company;
use crate::looks::{self, SIZES};
use crate::screen::Screen;

pub(crate) const MKDOCS: &str = "site_name: Payment Gateway
repo_url: https://github.com/acme/payment-gateway
nav:
  - index.md
  - Getting started: start.md
  - Operations:
      - ops/paging.md
      - Deploys: ops/deploys.md
  - Status page: https://status.acme.dev
";

/// The pages by their paths.
pub(crate) fn texts() -> BTreeMap<String, String> {
    let pages = [
        (
            "index.md",
            "# Payment Gateway\n\nTakes card payments. See [paging](ops/paging.md#severity), [the ledger](ops/gone.md) and [status](https://status.acme.dev).\n",
        ),
        (
            "start.md",
            "# Getting started\n\nRun it:\n\n```bash\nmake run\n```\n",
        ),
        ("ops/paging.md", include_str!("paging.md")),
        (
            "ops/deploys.md",
            "# Deploys\n\nBack to [paging](paging.md).\n",
        ),
    ];
    let pages = pages.into_iter();
    pages
        .map(|(path, text)| (path.to_owned(), text.to_owned()))
        .collect()
}

pub(crate) fn book() -> Book {
    Book::new("payment-gateway", MKDOCS, texts())
}

fn route(words: &str, page: Option<&str>) -> Route {
    Route::Docs {
        entity_ref: "component:payment-gateway".parse().expect("a reference"),
        page: page.map(str::to_owned),
        anchor: None,
        words: words.to_owned(),
    }
}

/// A reader whose world has `docs`.
pub(crate) struct Reader {
    pub(crate) screen: Screen,
    docs: Result<Option<Arc<Book>>, String>,
}

impl Reader {
    pub(crate) fn open(
        page: Option<&str>,
        docs: Result<Option<Book>, String>,
        size: (u16, u16),
    ) -> Self {
        Self::marked("", page, docs, size)
    }

    /// The same with `words` marked.
    pub(crate) fn marked(
        words: &str,
        page: Option<&str>,
        docs: Result<Option<Book>, String>,
        size: (u16, u16),
    ) -> Self {
        let mut reader = Self {
            screen: Screen::open(Company::acme(), route(words, page), size),
            docs: docs.map(|book| book.map(Arc::new)),
        };
        reader.settle();
        reader
    }

    /// Begins anew at the docs.
    pub(crate) fn start(&mut self, page: Option<&str>) {
        let effects = self.screen.model.start(route("", page));
        self.screen.effects.extend(effects);
        self.settle();
    }

    /// The docs come once more, as they do when the catalog was swapped while they were on their way.
    pub(crate) fn come(&mut self) {
        let docs = Answer::Docs(
            "component:payment-gateway".parse().expect("a reference"),
            None,
            self.docs.clone(),
        );
        self.screen.send(Msg::Answer(docs));
    }

    pub(crate) fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            self.screen.press(key);
            self.settle();
        }
        self
    }

    pub(crate) fn settle(&mut self) {
        loop {
            let asked = std::mem::take(&mut self.screen.effects);
            let mut answers = Vec::new();
            for effect in asked {
                match effect {
                    Effect::LoadDocs(entity_ref, revision) => {
                        answers.push(Answer::Docs(entity_ref, revision, self.docs.clone()));
                    }
                    Effect::Docs(work) => answers.push(Answer::DocsDone(work.perform())),
                    other => self.screen.effects.push(other),
                }
            }
            if answers.is_empty() {
                return;
            }
            for answer in answers {
                self.screen.send(Msg::Answer(answer));
            }
        }
    }

    pub(crate) fn text(&self) -> String {
        self.screen.text()
    }

    pub(crate) fn path(&self) -> String {
        match self.screen.model.page() {
            Page::Docs(docs) => docs.path.clone(),
            _ => String::new(),
        }
    }
}

#[test]
fn a_long_page_is_there_to_its_end() {
    let text = format!(
        "# Long\n\n{}## The end\n",
        "## Part\n\nWords of it.\n\n".repeat(6_000)
    );
    let book = Book::new("long", "", [("index.md".to_owned(), text)].into());
    let mut reader = Reader::open(None, Ok(Some(book)), (120, 40));
    assert!(reader.text().contains("Words of it."));
    assert!(
        reader.press("G").text().contains("The end"),
        "{}",
        reader.text()
    );
}

fn look(name: &str, page: Option<&str>, keys: &str) {
    for size in SIZES {
        let mut reader = Reader::open(page, Ok(Some(book())), size);
        if !keys.is_empty() {
            reader.press(keys);
        }
        looks::keep(name, &reader.screen);
    }
}

#[test]
fn the_reader_at_every_size() {
    look("docs", Some("ops/paging.md"), "");
    look("docs-scrolled", Some("ops/paging.md"), "pgdn tab");
    look("docs-nav", None, "s down down");
    look("docs-outline", Some("ops/paging.md"), "o down");
    look("docs-find", Some("ops/paging.md"), "f l e d g e r enter");
    look("docs-missing", Some("gone.md"), "");
}

#[test]
fn states_without_a_page() {
    for size in SIZES {
        looks::keep("docs-absent", &Reader::open(None, Ok(None), size).screen);
        let failed = Err("https://github.com/acme/payment-gateway: not found (404)".to_owned());
        looks::keep("docs-failed", &Reader::open(None, failed, size).screen);
    }
}

#[test]
fn links_are_followed_back_and_forward() {
    let mut reader = Reader::open(None, Ok(Some(book())), (120, 20));
    reader.press("tab enter");
    assert_eq!(reader.path(), "ops/paging.md");
    assert!(reader.text().contains("Severity"));
    reader.press("n");
    assert_eq!(reader.path(), "ops/deploys.md");
    reader.press("b b");
    assert_eq!(reader.path(), "index.md");
    reader.press("w");
    assert_eq!(reader.path(), "ops/paging.md");
    reader.press("backspace backspace");
    assert!(
        !matches!(reader.screen.model.page(), Page::Docs(_))
            || reader.screen.model.pages.len() == 1
    );
}

#[test]
fn links_elsewhere_are_opened_and_broken_ones_told() {
    let mut reader = Reader::open(None, Ok(Some(book())), (120, 20));
    reader.press("tab tab enter");
    assert!(
        reader
            .text()
            .contains("There is no page ops/gone.md in these docs."),
        "{}",
        reader.text()
    );
    reader.press("tab enter");
    assert!(
        matches!(&reader.screen.effects[..], [.., Effect::FollowUrl { url, .. }] if url == "https://status.acme.dev")
    );
    reader.press("y");
    assert!(matches!(
        &reader.screen.effects[..],
        [.., Effect::Copy { what: "link", .. }]
    ));
    reader.press("e");
    assert!(
        matches!(&reader.screen.effects[..], [.., Effect::EditPage { page, url: Some(url), .. }] if page == "index.md" && url.ends_with("/edit/master/docs/index.md"))
    );
}

#[test]
fn code_is_copied_folds_open_and_tabs_switch() {
    let mut reader = Reader::open(Some("start.md"), Ok(Some(book())), (80, 24));
    reader.press("y");
    assert!(
        matches!(&reader.screen.effects[..], [.., Effect::Copy { text, .. }] if text == "make run\n")
    );
    let mut reader = Reader::open(Some("ops/paging.md"), Ok(Some(book())), (120, 60));
    assert!(!reader.text().contains("Twice a year"));
    reader.press("space");
    assert!(reader.text().contains("Twice a year"), "{}", reader.text());
    assert!(!reader.text().contains("Ask in #payments"));
    for _ in 0..20 {
        if reader.text().contains("Ask in #payments") {
            return;
        }
        reader.press("tab");
        let Page::Docs(docs) = reader.screen.model.page() else {
            return;
        };
        let focused = docs.sheet.as_ref().and_then(|sheet| sheet.focused());
        if focused.is_some_and(|spot| {
            matches!(
                spot.target,
                stagedoor::techdocs::SpotTarget::Tab { index: 1, .. }
            )
        }) {
            reader.press("enter");
        }
    }
    assert!(
        reader.text().contains("Ask in #payments"),
        "{}",
        reader.text()
    );
}

#[test]
fn what_is_read_stays_in_place_when_the_width_changes() {
    let mut reader = Reader::open(Some("ops/paging.md"), Ok(Some(book())), (120, 14));
    reader.press("o down down down enter");
    let top = |reader: &Reader| reader.text().lines().nth(2).unwrap_or_default().to_owned();
    assert!(top(&reader).contains("Escalation"), "{}", reader.text());
    reader.screen.resize(60, 14);
    reader.settle();
    assert!(top(&reader).contains("Escalation"), "{}", reader.text());
    reader.screen.resize(120, 14);
    reader.settle();
    assert!(top(&reader).contains("Escalation"), "{}", reader.text());
}

#[test]
fn any_size_will_do() {
    let mut reader = Reader::open(Some("ops/paging.md"), Ok(Some(book())), (120, 40));
    for keys in ["down", "s", "o", "f x", "esc"] {
        reader.press(keys);
        for (columns, rows) in [
            (0, 0),
            (1, 1),
            (20, 5),
            (23, 7),
            (95, 9),
            (98, 9),
            (99, 60),
            (300, 100),
        ] {
            reader.screen.resize(columns, rows);
            reader.settle();
        }
    }
}
