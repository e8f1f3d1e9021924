//! Pages that are made to be slow, deep or harmful: read in bounded time, shown plainly.

use proptest::prelude::*;
use stagedoor::catalog::text;
use stagedoor::techdocs::document::{Block, BlockKind, Document};

use crate::hostile_pages::pages;
use stagedoor::techdocs::layout::{Reading, layout};
use stagedoor::techdocs::markdown::{self, Files, Options};
use stagedoor::techdocs::page;

#[test]
fn the_work_that_a_page_makes_grows_with_its_length_alone() {
    for ((name, short), (_, long)) in pages(1_000).into_iter().zip(pages(2_000)) {
        let (few, many) = (made(&short), made(&long));
        let (bytes, more_bytes) = (short.len(), long.len());
        for (what, few, many) in [
            ("steps", few.0, many.0),
            ("bytes of HTML", few.1, many.1),
            ("lines", few.2, many.2),
        ] {
            // A third more than in proportion: numbers get longer, too. What is too deep is shown as it is written, and
            // a sign takes up to five bytes then.
            let most = ((few + 1_000) * more_bytes / bytes * 4 / 3).max(5 * more_bytes);
            assert!(
                many <= most,
                "{name}: {few} {what} of {bytes} bytes, {many} of {more_bytes}"
            );
        }
    }
}

/// How many steps a page takes, how many bytes of HTML it becomes and how many lines that has.
fn made(text: &str) -> (usize, usize, usize) {
    let rendered = markdown::render(text, &Options::default(), Files::NONE);
    let laid_out = layout(&markdown::parse(text), 80, &Reading::default());
    (rendered.steps, rendered.html.len(), laid_out.lines.len())
}

/// What a page says, as text.
fn printed(document: &Document) -> String {
    let mut out = String::new();
    for line in layout(document, 80, &Reading::default()).lines.iter() {
        out.extend(line.runs.iter().map(|run| run.text.as_str()));
        out.push('\n');
    }
    out
}

#[test]
fn a_page_of_50_mb_is_cut_and_says_so_once() {
    let text = "words of a page that never ends\n\n".repeat(1_600_000);
    let document = markdown::parse(&text);
    let is_remark = |block: &&Block| match &block.kind {
        BlockKind::Paragraph(spans) => spans.iter().any(|span| span.text.contains("4 MiB")),
        _ => false,
    };
    assert_eq!(document.blocks.iter().filter(is_remark).count(), 1);
}

#[test]
fn control_and_direction_characters_scripts_and_styles_are_left_out() {
    let text = "a\u{1b}[31m b\u{202e}c &#27;[0m\n\n```text\nx\u{1b}]8;;http://evil\u{7}y\u{2066}\n```\n\n\
        <script>alert(1)</script>\n<style>p{}</style>\n\n<img src=x onerror=alert(2) alt=\"i\u{1b}\">\n\n# h\u{9b}x\n";
    let document = markdown::parse(text);
    let out = printed(&document);
    assert!(!out.contains("alert"), "{out}");
    for line in out.lines() {
        assert_eq!(text::clean(line), line);
    }
}

#[test]
fn loops_and_ways_out_of_the_site_are_told_once() {
    let read = |path: &str| match path {
        "a.md" => Some("A\n--8<-- \"b.md\"\n--8<-- \"b.md\"\n".to_owned()),
        "b.md" => Some("B\n--8<-- \"a.md\"\n".to_owned()),
        path => panic_on_escape(path),
    };
    let files = Files {
        page: "docs/page.md",
        read: &read,
    };
    let text = "--8<-- \"a.md\"\n--8<-- \"../../etc/passwd\"\n--8<-- \"/etc/passwd\"\n--8<-- \"../../etc/passwd\"\n";
    let document = markdown::parse_with(text, &Options::default(), files);
    let out = printed(&document);
    assert_eq!(out.matches("includes itself").count(), 1, "{out}");
    assert_eq!(out.matches("../../etc/passwd").count(), 1, "{out}");
    assert_eq!(out.matches("outside of the site").count(), 2, "{out}");
}

/// No file is asked for that lies outside of the site.
fn panic_on_escape(path: &str) -> Option<String> {
    assert!(!path.contains("..") && !path.starts_with('/'), "{path}");
    None
}

/// Everything that a site may turn on.
const CONFIG: &str = "docs_dir: docs
plugins: [{techdocs-core: {use_pymdownx_blocks: true}}, include-markdown]
markdown_extensions: [pymdownx.keys, pymdownx.arithmatex, nl2br, pymdownx.blocks.html, pymdownx.blocks.caption,
    pymdownx.blocks.definition]
";

/// Pieces that mean something, alone or with others.
const PIECES: &[&str] = &[
    "!!! note",
    "??? tip \"x\"",
    "=== \"A\"",
    "```",
    "~~~ sh",
    "> ",
    "- ",
    "1. ",
    "    ",
    "  ",
    "\n",
    "\n\n",
    "# ",
    "***",
    "---\n",
    "<details>",
    "<div markdown>",
    "</div>",
    "<table><tr><td>",
    "<!--",
    "-->",
    "[^1]: ",
    "[^1]",
    "[a]: b",
    "[a]",
    "| a |",
    "|-|",
    ":   ",
    "++ctrl+x++",
    "==m==",
    "{: #x }",
    "**",
    "`",
    "x",
    "日本",
    "\t",
    "<b>",
    "![i](j)",
    "$$",
    "\\",
    "&#0;",
    "<pre>",
    "/// note | T\n",
    "///\n",
    "//// tab | T\n",
    "////\n",
    "/// html | pre\n",
    "/// define\n",
    "/// caption\n",
    "    open: true\n",
    "--8<-- \"a.md\"\n",
    "--8<--\n",
    "{% include-markdown \"a.md\" %}",
    "{% include 'b' %}",
    "*[A]: b\n",
    "A",
    ":smile:",
    "{++",
    "++}",
    "{~~",
    "~>",
    "~~}",
    "\u{1b}",
    "\u{202e}",
    "\u{2}",
    "\u{3}",
    "[TOC]",
    "key: value\n",
    "> [!NOTE]\n",
    "\\[",
    "\\]",
    "\r",
];

proptest! {
    // Each is read, laid out and reckoned up; `PROPTEST_CASES` asks for more.
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn any_page_is_read_and_laid_out(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..80)) {
        let text = pieces.concat();
        let options = Options { callouts: true, ..Options::read(CONFIG) };
        let read = |path: &str| path.ends_with("a.md").then(|| text.clone());
        let files = Files { page: "docs/page.md", read: &read };
        let document = markdown::parse_with(&text, &options, files);
        for line in printed(&document).lines() {
            prop_assert_eq!(text::clean(line), line);
        }
        page::facts(&text, "title", &options, files);
    }
}

fn cases() -> u32 {
    let said = std::env::var("PROPTEST_CASES").ok();
    said.and_then(|cases| cases.parse().ok()).unwrap_or(48)
}
