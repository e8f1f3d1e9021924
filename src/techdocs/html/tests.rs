//! A page that MkDocs made of `layout/syntax.md`, read back.

use super::*;
use crate::techdocs::document::{Alignment, Block, BlockKind, Face, Span};
use crate::techdocs::{NavItem, Target, markdown};

/// Every kind of block, as Material for MkDocs with TechDocs' extensions writes it.
const PAGE: &str = include_str!("../../../tests/fixtures/techdocs/page.html");

fn page() -> Document {
    parse(&article(PAGE))
}

fn of<T>(blocks: &[Block], pick: impl Fn(&BlockKind) -> Option<T>) -> Vec<T> {
    blocks
        .iter()
        .filter_map(|block| pick(&block.kind))
        .collect()
}

/// The spans of a paragraph; none of any other block.
fn words(block: &Block) -> Vec<Span> {
    match &block.kind {
        BlockKind::Paragraph(spans) | BlockKind::Images(_, spans) => spans.clone(),
        _ => Vec::new(),
    }
}

#[test]
fn what_the_author_wrote_is_told_from_what_the_theme_adds() {
    let article = article(PAGE);
    assert!(is_page(&article) && !is_page("# A\n\n<!doctype html>\n"));
    assert!(
        article.starts_with("<!doctype html>\n<article class="),
        "{article}"
    );
    assert!(!article.contains("md-nav__link"));
    assert_eq!(super::article("<p>bare"), "<!doctype html>\n<p>bare");
}

#[test]
fn the_same_comes_out_as_of_the_markdown() {
    let (ours, theirs) = (page(), markdown::parse(include_str!("../layout/syntax.md")));
    let headings = |document: &Document| -> Vec<(u8, String, String)> {
        let headings = document.headings.iter();
        headings
            .map(|heading| (heading.level, heading.slug.clone(), heading.text.clone()))
            .collect()
    };
    assert_eq!(headings(&ours), headings(&theirs));
    let links = |document: &Document| -> Vec<(String, String)> {
        let links = document.links.iter();
        links
            .map(|link| (link.text.clone(), link.href.clone()))
            .collect()
    };
    assert_eq!(links(&ours), links(&theirs));
    assert_eq!(ours.tab_labels, theirs.tab_labels);
    let images = |document: &Document| -> Vec<(String, String)> {
        let images = document.images.iter();
        images
            .map(|image| (image.alt.clone(), image.source.clone()))
            .collect()
    };
    assert_eq!(images(&ours), images(&theirs));
    let titled = |document: &Document| {
        document
            .codes
            .iter()
            .find(|code| code.title.is_some())
            .cloned()
    };
    assert_eq!(titled(&ours), titled(&theirs));
    let table = |kind: &BlockKind| match kind {
        BlockKind::Table(table) => Some(table.clone()),
        _ => None,
    };
    assert_eq!(of(&ours.blocks, table), of(&theirs.blocks, table));
    assert_eq!(
        of(&ours.blocks, table)[0].alignments,
        [Alignment::Left, Alignment::Center, Alignment::Right]
    );
}

#[test]
fn callouts_lists_and_notes_are_blocks_again() {
    let document = page();
    let callouts = of(&document.blocks, |kind| match kind {
        BlockKind::Admonition(callout) => Some((
            callout.name.clone(),
            markdown::plain(&callout.title),
            callout.fold,
            callout.open,
            callout.blocks.len(),
        )),
        _ => None,
    });
    let told: Vec<(&str, &str, Option<u32>, bool, usize)> = callouts
        .iter()
        .map(|(name, title, fold, open, count)| {
            (name.as_str(), title.as_str(), *fold, *open, *count)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("warning", "Settlement runs 18:00", None, true, 2),
            ("note", "Note", Some(0), false, 1),
            ("tip", "Tip", None, true, 1),
        ]
    );
    let lists = of(&document.blocks, |kind| match kind {
        BlockKind::List(list) => Some((list.start, list.loose, list.items.len())),
        _ => None,
    });
    assert_eq!(lists, [(None, false, 1), (Some(1), true, 2)]);
    let notes = of(&document.blocks, |kind| match kind {
        BlockKind::Footnotes(notes) => Some(notes.clone()),
        _ => None,
    });
    assert_eq!(notes[0][0].0, "1");
    let words = words(&notes[0][0].1[0]);
    assert_eq!(
        markdown::plain(&words),
        "With a grace period of five minutes."
    );
}

#[test]
fn words_keep_their_marks_and_lose_their_white_space() {
    let document = parse(
        "<!doctype html><p>  a <b>b </b>c\n  <code>x  y</code>, <kbd>Ctrl</kbd><img class=\"twemoji\" alt=\"🚀\" src=\"x.svg\">&amp;<br>d</p>",
    );
    let spans = words(&document.blocks[0]);
    let shown: Vec<(&str, Face, bool)> = spans
        .iter()
        .map(|span| (span.text.as_str(), span.style.face, span.style.strong))
        .collect();
    assert_eq!(
        shown,
        [
            ("a ", Face::Text, false),
            ("b", Face::Text, true),
            (" c ", Face::Text, false),
            ("x y", Face::Code, false),
            (", ", Face::Text, false),
            ("Ctrl", Face::Key, false),
            ("🚀&\nd", Face::Text, false),
        ]
    );
}

#[test]
fn tasks_definitions_and_diagrams_are_known() {
    let document = parse(
        "<!doctype html><ul class=task-list><li class=task-list-item><label class=\"task-list-control\"><input type=\"checkbox\" disabled checked/><span></span></label> done<li><p><input type=checkbox disabled> not</p></ul><dl><dt>T<dd>m<dd>n</dl><pre class=\"mermaid\"><code>graph LR\n</code></pre>",
    );
    let tasks: Vec<Vec<Option<bool>>> = of(&document.blocks, |kind| match kind {
        BlockKind::List(list) => Some(list.items.iter().map(|item| item.task).collect()),
        _ => None,
    });
    assert_eq!(tasks, [vec![Some(true), Some(false)]]);
    let meanings = of(&document.blocks, |kind| match kind {
        BlockKind::Definitions(definitions) => Some(definitions[0].meanings.len()),
        _ => None,
    });
    assert_eq!(meanings, [2]);
    assert_eq!(document.blocks[2].kind, BlockKind::Diagram(0));
    assert_eq!(document.codes[0].text, "graph LR\n");
}

#[test]
fn nothing_in_a_page_drives_the_terminal() {
    let document = parse("<!doctype html><p>a&#27;[31mb&#x202e;c</p><script>alert(1)</script>");
    let spans = words(&document.blocks[0]);
    assert_eq!(spans[0].text, "a[31mbc");
    assert_eq!(document.blocks.len(), 1);
}

#[test]
fn the_nav_is_that_of_the_theme() {
    let site = nav(PAGE, "index.html");
    let page = |title: &str, path: &str| NavItem {
        title: title.to_owned(),
        target: Target::Page(path.to_owned()),
    };
    assert_eq!(
        site.items,
        [
            page("All syntax", "index.html"),
            NavItem {
                title: "Guide".to_owned(),
                target: Target::Section(vec![
                    page("Guide", "guide/index.html"),
                    page("Operations", "guide/ops/index.html"),
                ]),
            },
            NavItem {
                title: "Elsewhere".to_owned(),
                target: Target::Url("https://acme.dev/".to_owned()),
            },
        ]
    );
    assert_eq!(
        site.pages,
        ["index.html", "guide/index.html", "guide/ops/index.html"]
    );
}

#[test]
fn links_of_a_site_lead_to_its_pages() {
    let at = |href: &str| page_at("guide/ops/index.html", href);
    assert_eq!(at("../").as_deref(), Some("guide/index.html"));
    assert_eq!(at("../..").as_deref(), Some("index.html"));
    assert_eq!(at("../../v1.2/#x").as_deref(), Some("v1.2/index.html"));
    assert_eq!(at("a.html?q").as_deref(), Some("guide/ops/a.html"));
    assert_eq!(at("a%20b/").as_deref(), Some("guide/ops/a b/index.html"));
    for elsewhere in [
        "https://a.dev/",
        "/x/",
        "../../../x/",
        "logo.svg",
        "mailto:a@b",
    ] {
        assert_eq!(at(elsewhere), None, "{elsewhere}");
    }
}
