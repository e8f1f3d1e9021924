//! Pages that are made to be slow, deep or harmful: read in bounded time, shown plainly.

#![expect(
    clippy::print_stderr,
    clippy::format_collect,
    reason = "times are for people, pages are made once"
)]

use std::time::{Duration, Instant};

use proptest::prelude::*;
use stagedoor::catalog::text;
use stagedoor::techdocs::document::{Block, BlockKind, Document};

use stagedoor::techdocs::layout::{Reading, layout};
use stagedoor::techdocs::markdown::{self, Files, Options};
use stagedoor::techdocs::page;

/// Far more than any of these takes, without optimisation and on a busy machine.
const LONGEST: Duration = Duration::from_mins(1);

fn lists(depth: usize) -> String {
    let line = |depth: usize| " ".repeat(depth * 2) + "- item";
    (0..depth).map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn slow_pages_are_read_in_bounded_time() {
    let pages = [
        ("headings", "#\n".repeat(50_000)),
        ("headings of one name", "## Name\n\n".repeat(10_000)),
        ("nested lists", lists(1_000)),
        ("lists parted by lines", "- a\n\n".repeat(20_000)),
        ("unclosed fences", "```\na\n\n~~~~\n".repeat(10_000)),
        ("unclosed tags", "<div markdown><p>a\n".repeat(5_000)),
        ("unclosed spans", "<a <b <i\n\n".repeat(10_000)),
        ("unclosed comments", "<!-- a\n\n".repeat(10_000)),
        ("brackets", "[".repeat(100_000)),
        ("links", "[a](".repeat(20_000)),
        ("emphasis", "*a _b **c ".repeat(10_000)),
        ("ticks", "`a ``b ```c ".repeat(10_000)),
        ("quotations", "> ".repeat(50_000)),
        (
            "nested quotations",
            (0..500).map(|depth| "> ".repeat(depth) + "a\n").collect(),
        ),
        (
            "admonitions",
            (0..200)
                .map(|depth| " ".repeat(depth * 4) + "!!! note\n")
                .collect(),
        ),
        ("table", "|".repeat(50_000) + "\n" + &"|-".repeat(25_000)),
        (
            "footnotes",
            (0..3_000)
                .map(|at| format!("[^{at}]: a[^{at}]\n\n"))
                .collect(),
        ),
        (
            "abbreviations",
            (0..2_000)
                .map(|at| format!("*[A{at}]: b\n\nA{at}\n\n"))
                .collect(),
        ),
        (
            "references",
            (0..10_000)
                .map(|at| format!("[a{at}]: b\n[a{at}]\n\n"))
                .collect(),
        ),
        ("definitions", "a\n:   b\n\n".repeat(10_000)),
        ("critic", "{++a{--b{~~c".repeat(10_000)),
        ("attributes", "# a {: ".repeat(10_000)),
        ("references to characters", "&a&#1;&amp".repeat(10_000)),
    ];
    for (name, text) in pages {
        let started = Instant::now();
        let document = markdown::parse(&text);
        let taken = started.elapsed();
        eprintln!("{name:26} {:8} bytes {taken:?}", text.len());
        assert!(taken < LONGEST, "{name}: {taken:?}");
        layout(&document, 80, &Reading::default());
    }
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
