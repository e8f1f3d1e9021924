//! What each piece of syntax looks like in the docs reader, at three widths, and what can be done with it.

use std::sync::Arc;

use stagedoor::app::message::{Answer, Msg};
use stagedoor::app::model::Images;
use stagedoor::app::page::docs::DocsDone;
use stagedoor::app::{Effect, Page};
use stagedoor::techdocs::Book;
use stagedoor::techdocs::picture::Picture;

use crate::docs::Reader;

/// A page of each kind of syntax: its name, the keys that are pressed on it, its text.
pub(crate) const FEATURES: [(&str, &str, &str); 12] = [
    (
        "admonitions",
        "space",
        "# Callouts\n\n!!! warning \"Settlement runs **18:00**\"\n\n    Never restart the ledger.\n\n    - not even once\n\n??? note \"Why?\"\n\n    It was done twice a year, and twice nobody noticed that the file was short.\n\n???+ tip\n\n    Open from the start.\n\n> [!CAUTION]\n> Of GitHub's own.\n",
    ),
    (
        "tabs",
        "tab tab enter",
        "# Tabs\n\n=== \"Linux\"\n\n    ```sh\n    apt install stagedoor\n    ```\n\n=== \"macOS\"\n\n    Use brew.\n\nBetween.\n\n=== \"macOS\"\n\n    Of macOS again.\n\n=== \"Linux\"\n\n    Of Linux again.\n",
    ),
    (
        "code",
        "",
        "# Code\n\n```yaml title=\"retry.yaml\" hl_lines=\"2\"\nretries: 3 # (1)!\nbackoff: 2s # (2)!\nlong: \"a line that is so long that it does not fit on any of the widths that are tested here, whatever one does to it\"\n```\n\n1.  Of a payment, not of a request.\n2.  Doubled each time.\n\n```plantuml\n@startuml\nA -> B : pays\n@enduml\n```\n\n```dot\ndigraph { a -> b }\n```\n",
    ),
    (
        "code-broken",
        "x",
        "# Code\n\n```sh\nkubectl apply -f ledger.yaml --namespace payments --server-side --force-conflicts --field-manager stagedoor --dry-run=server\n```\n",
    ),
    (
        "tables",
        "",
        "# Tables\n\n| Level | Meaning | Answer within |\n|-------|:-------:|--------------:|\n| 1 | money is **lost** | 5 min |\n| 2 | payments are slow, customers notice and write to support about it | 30 min |\n\n| a | b | c | d | e | f | g | h | i | j | k |\n|---|---|---|---|---|---|---|---|---|---|---|\n| first | second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth | eleventh |\n",
    ),
    (
        "tables-wide",
        "t right",
        "# Tables\n\n| Level | Meaning | Answer within |\n|-------|:-------:|--------------:|\n| 1 | money is **lost**, which is the worst that can happen to a company that lives by moving it | 5 min |\n| 2 | payments are slow, customers notice and write to support about it, and support writes to us | 30 min |\n",
    ),
    (
        "formulas",
        "",
        "# Formulas\n\nThe share $p_i^2$ of what fails stays below $\\frac{1}{1000}$, and \\(\\alpha \\le \\sqrt{x+1}\\); not $\\unheardof{x}$.\n\n$$\np_i = \\frac{\\sum_{k=1}^{n} x_k}{n}\n$$\n\n\\begin{cases} x & x \\ge 0 \\\\ -x & \\text{otherwise} \\end{cases}\n",
    ),
    (
        "diagrams",
        "",
        "# Diagrams\n\n```mermaid\ngraph LR\n  A[Gateway] --> B[Ledger] --> C[Bank]\n```\n",
    ),
    (
        "diagrams-source",
        "v",
        "# Diagrams\n\n```mermaid\ngraph LR\n  A[Gateway] --> B[Ledger] --> C[Bank]\n```\n\n$$\nx^2\n$$\n",
    ),
    (
        "footnotes",
        "tab enter",
        "# Footnotes\n\nIt stops after a while[^grace], and begins again[^2] by itself.\n\n[^grace]: With a grace period of five minutes, as *agreed*.\n[^2]: Not at night.\n",
    ),
    (
        "sections",
        "z",
        "# The page\n\nBefore.\n\n## First\n\nText of the first.\n\n### Within\n\nMore.\n\n## Second\n\nText of the second.\n",
    ),
    (
        "words",
        "",
        "# Words\n\nPress ++ctrl+c++, ~~struck~~ **strong** *emphasis* ==marked== `code`, ![a drawing](img/a.svg).\n\n- [x] done\n- [ ] to do\n    1. deeper\n\nLedger\n:   The book of all bookings.\n\nSo (1) it is.\n{ .annotate }\n\n1.  Or not.\n\n---\n\nThe HTML is here.\n\n*[HTML]: Hypertext\n",
    ),
];

fn book(text: &str) -> Book {
    let config = "site_name: Syntax\nmarkdown_extensions: [pymdownx.arithmatex, pymdownx.keys]\n";
    let other = "# Other\n\n=== \"Linux\"\n\n    Of Linux.\n\n=== \"macOS\"\n\n    Of macOS.\n";
    let pages = [("index.md", text), ("other.md", other)];
    let texts = pages.map(|(path, text)| (path.to_owned(), text.to_owned()));
    Book::new("syntax", config, texts.into())
}

pub(crate) fn reader(text: &str, size: (u16, u16)) -> Reader {
    Reader::open(None, Ok(Some(book(text))), size)
}

#[test]
fn each_piece_of_syntax_at_three_widths() {
    for (name, keys, text) in FEATURES {
        for width in [60, 80, 120] {
            let mut reader = reader(text, (width, 34));
            if !keys.is_empty() {
                reader.press(keys);
            }
            insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
                insta::assert_snapshot!(format!("docs-syntax-{name}-{width}"), reader.text());
            });
        }
    }
}

#[test]
fn a_tab_that_was_chosen_is_chosen_on_every_page() {
    let (_, keys, text) = FEATURES[1];
    let mut reader = reader(text, (80, 34));
    reader.press(keys);
    assert!(
        reader.text().contains("Of macOS again."),
        "{}",
        reader.text()
    );
    reader.press("n");
    assert!(reader.text().contains("Of macOS."), "{}", reader.text());
}

#[test]
fn the_footer_says_what_the_keys_do_now() {
    let text = "# A\n\nSee [b](other.md) and word, word.\n";
    let mut at = reader(text, (160, 20));
    assert!(at.text().contains("n next page"));
    at.press("tab");
    let shown = at.text();
    assert!(shown.contains("enter follow"), "{shown}");
    let marked = Reader::marked("word", None, Ok(Some(book(text))), (160, 20));
    let shown = marked.text();
    assert!(
        shown.contains("n next mark") && shown.contains("N mark before"),
        "{shown}"
    );
    assert!(!shown.contains("next page"), "{shown}");
}

#[test]
fn links_lead_to_entities_and_other_docs() {
    let text = "# A\n\n[one](component:default/payment-gateway) [two](/docs/default/component/payment-gateway/other/#x) [three](https://github.com/acme/y/blob/main/docs/a.md#b) [four](../../other/docs/b.md)\n";
    let mut at = reader(text, (120, 20));
    at.press("tab enter");
    assert!(matches!(at.screen.model.page(), Page::Entity(_)));
    at.press("esc");
    assert_eq!(at.path(), "index.md");
    at.press("tab enter");
    assert_eq!(
        (at.path().as_str(), at.screen.model.pages.len()),
        ("other.md", 2),
        "these docs are not opened twice"
    );
    at.press("b");
    assert_eq!(at.path(), "index.md");
    assert!(
        at.text().contains("y copy link"),
        "what was followed has the focus again:\n{}",
        at.text()
    );
    at.press("enter");
    assert_eq!(at.path(), "other.md", "the same link is followed again");
    let mut at = reader(text, (120, 20));
    at.press("tab tab tab enter");
    assert!(
        matches!(&at.screen.effects[..], [.., Effect::FollowUrl { url, .. }] if url.ends_with("a.md#b"))
    );
    at.press("tab enter");
    assert!(
        matches!(&at.screen.effects[..], [.., Effect::FollowUrl { url, page, .. }] if url == "../../other/docs/b.md" && page == "index.md")
    );
    at.screen.send(Msg::Answer(Answer::DocsAt {
        url: "../../other/docs/b.md".to_owned(),
        entity_ref: "component:payment-gateway".parse().unwrap(),
        page: "other.md".to_owned(),
        anchor: None,
    }));
    at.settle();
    assert_eq!(at.path(), "other.md");
    at.press("b");
    assert_eq!(at.path(), "index.md");
}

#[test]
fn images_are_seen_where_the_terminal_can_show_them() {
    let mut at = reader("# A\n\n![The ledger](img/a.svg)\n\nText.\n", (80, 24));
    assert!(at.text().contains("▣ The ledger"));
    at.press("i");
    assert!(at.text().contains("too few colours"), "{}", at.text());
    at.screen.model.shared.images = Images::OnDemand;
    at.press("i");
    let asked = at.screen.effects.pop().and_then(|asked| match asked {
        Effect::LoadImages(wanted) => Some((wanted.generation, wanted.files)),
        _ => None,
    });
    let (generation, files) = asked.unwrap();
    assert_eq!(files, [(0, "img/a.svg".to_owned())]);
    let svg = br##"<svg xmlns="http://www.w3.org/2000/svg" width="80" height="32"><rect width="40" height="32" fill="#fff"/></svg>"##;
    let picture = Ok(Arc::new(Picture::read(svg).unwrap()));
    at.screen
        .send(Msg::Answer(Answer::DocsDone(DocsDone::Images {
            generation,
            images: vec![(0, Some(picture))],
        })));
    at.settle();
    assert!(
        at.text().contains(" ▀▀▀▀▀\n ▀▀▀▀▀\n ▣ The ledger"),
        "{}",
        at.text()
    );
    at.press("i");
    assert!(!at.text().contains('▀'), "{}", at.text());
}

#[test]
fn code_is_copied_without_its_notes() {
    let (_, _, text) = FEATURES[2];
    let mut at = reader(text, (80, 34));
    at.press("y");
    assert!(
        matches!(&at.screen.effects[..], [.., Effect::Copy { text, .. }] if text.starts_with("retries: 3\nbackoff: 2s\n"))
    );
}

#[test]
fn every_key_that_edits_changes_what_is_looked_for() {
    let mut at = reader("# A\n\nThe ledger, the ledgers, the ledge.\n", (80, 24));
    at.press("f l e d g e r s");
    assert!(at.text().contains("1 of 1"), "{}", at.text());
    at.press("backspace");
    assert!(at.text().contains("1 of 2"), "{}", at.text());
    at.press("home del");
    assert!(at.text().contains("find edger"), "{}", at.text());
    at.press("l end left backspace");
    assert!(at.text().contains("find ledgr"), "{}", at.text());
    at.press("ctrl-u l e d g e");
    assert!(at.text().contains("1 of 3"), "{}", at.text());
    at.press("enter down");
    assert!(at.text().contains("3 of 3"), "{}", at.text());
    at.press("up tab tab shift-tab");
    assert!(at.text().contains("3 of 3"), "{}", at.text());
    let shown = at.text();
    assert!(
        shown.contains("enter next match   up match before"),
        "{shown}"
    );
    assert!(
        shown.contains("esc close") && !shown.contains("backspace") && !shown.contains("tab link"),
        "{shown}"
    );
    assert_eq!(at.path(), "index.md");
    at.press("esc");
    assert!(!at.text().contains("3 of 3"), "{}", at.text());
}

#[test]
fn docs_are_read_at_another_revision_in_the_same_place() {
    let mut at = reader("# A\n\n[b](other.md)\n", (100, 24));
    at.press("n r");
    assert!(at.text().contains("read at branch, tag"), "{}", at.text());
    assert!(at.text().contains("enter read"), "{}", at.text());
    at.screen.press("v");
    at.screen.press("1");
    at.screen.press("x");
    at.screen.press("backspace");
    at.screen.press("enter");
    let asked = match at.screen.effects.pop() {
        Some(Effect::LoadDocs(entity_ref, Some(revision))) => Some((entity_ref, revision)),
        _ => None,
    };
    let (entity_ref, revision) = asked.expect("the docs are asked for");
    assert_eq!(revision, "v1");
    let answer = |result| {
        let revision = Some(revision.clone());
        Msg::Answer(Answer::Docs(entity_ref.clone(), revision, result))
    };
    at.screen.send(answer(Err("v1 is not known".to_owned())));
    assert!(at.text().contains("v1 is not known"), "{}", at.text());
    assert_eq!(at.path(), "other.md", "what was there stays");
    at.press("r v 1");
    at.screen.press("enter");
    at.screen.effects.clear();
    let past = Book::new(
        "syntax",
        "site_name: Syntax @ v1\n",
        [("index.md", "# A\n"), ("other.md", "# As it was\n")]
            .map(|(path, text)| (path.to_owned(), text.to_owned()))
            .into(),
    );
    at.screen.send(answer(Ok(Some(Arc::new(past)))));
    at.settle();
    let shown = at.text();
    assert!(
        shown.contains("Docs › Syntax @ v1 › As it was") && shown.contains("the docs at v1"),
        "{shown}"
    );
    assert_eq!(at.path(), "other.md");
    at.press("e");
    assert!(at.text().contains("cannot be edited"), "{}", at.text());
}

#[test]
fn a_closed_section_opens_for_who_goes_there() {
    let text = "# A\n\n[to](#c)\n\n## B\n\none\n\n### C\n\ntwo\n";
    let mut at = reader(text, (80, 24));
    at.press("z");
    assert!(!at.text().contains("two"));
    at.press("tab enter");
    assert!(at.text().contains("two"), "{}", at.text());
}
