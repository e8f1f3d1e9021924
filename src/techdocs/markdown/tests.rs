//! Whole pages, read.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::techdocs::document::{Item, List};
use crate::techdocs::page::title;

/// The blocks of a page as an indented outline, so that tests read like the page.
fn outline(text: &str) -> String {
    let document = parse(text);
    let mut out = String::new();
    walk(&document, &document.blocks, 0, &mut out);
    out
}

fn walk(document: &Document, blocks: &[Block], depth: usize, out: &mut String) {
    for block in blocks {
        let pad = "  ".repeat(depth);
        let mut line = |text: String| out.push_str(&(pad.clone() + &text + "\n"));
        match &block.kind {
            BlockKind::Heading(at, _) => {
                let heading = &document.headings[*at];
                line(format!(
                    "h{} {} #{}",
                    heading.level, heading.text, heading.slug
                ));
            }
            BlockKind::Formula(tex) => line(format!("formula {tex}")),
            BlockKind::Paragraph(spans) | BlockKind::Images(_, spans) => line(format!(
                "p {}",
                spans
                    .iter()
                    .map(|span| span.text.as_str())
                    .collect::<String>()
            )),
            BlockKind::Code(at) | BlockKind::Diagram(at) => {
                let code = &document.codes[*at];
                line(format!(
                    "code {} {:?}",
                    code.language.as_deref().unwrap_or("-"),
                    code.text
                ));
            }
            BlockKind::List(List { start, items, .. }) => {
                line(format!("list {start:?}"));
                for Item { task, blocks } in items {
                    let _ = writeln!(
                        out,
                        "{pad}- {}",
                        task.map_or(String::new(), |done| format!("[{done}]"))
                    );
                    walk(document, blocks, depth + 2, out);
                }
            }
            BlockKind::Quote(blocks) => {
                line("quote".to_owned());
                walk(document, blocks, depth + 1, out);
            }
            BlockKind::Admonition(it) => {
                line(format!(
                    "{} {:?} fold {:?} open {}",
                    it.name,
                    plain(&it.title),
                    it.fold,
                    it.open
                ));
                walk(document, &it.blocks, depth + 1, out);
            }
            BlockKind::Tabs(tabs) => {
                for (label, blocks) in &tabs.tabs {
                    let _ = writeln!(out, "{pad}tab {label}");
                    walk(document, blocks, depth + 1, out);
                }
            }
            BlockKind::Table(table) => {
                line(format!("table {}x{}", table.head.len(), table.rows.len()));
            }
            BlockKind::Definitions(definitions) => {
                for definition in definitions {
                    let _ = writeln!(out, "{pad}term {}", plain(&definition.term));
                    definition
                        .meanings
                        .iter()
                        .for_each(|blocks| walk(document, blocks, depth + 1, out));
                }
            }
            BlockKind::Footnotes(notes) => {
                for (label, blocks) in notes {
                    let _ = writeln!(out, "{pad}note {label}");
                    walk(document, blocks, depth + 1, out);
                }
            }
            BlockKind::Rule => line("rule".to_owned()),
        }
    }
}

#[test]
fn admonitions_hold_any_blocks_at_any_depth() {
    assert_eq!(
        outline(
            "1. step\n\n  !!! warning \"Mind `x`\"\n\n      - a\n\n        ```sh\n        b\n        ```\n\n2. next\n"
        ),
        "list Some(1)\n- \n    p step\n    warning \"Mind x\" fold None open true\n      list None\n      - \n          p a\n      \
         code sh \"b\\n\"\n- \n    p next\n"
    );
    assert_eq!(
        outline("??? note\n    a\n???+ \"B\"\n    b\n"),
        "note \"Note\" fold Some(0) open false\n  p a\n \"B\" fold Some(1) open true\n  p b\n"
    );
    assert_eq!(
        outline("> [!TIP]\n> a\n"),
        "tip \"Tip\" fold None open true\n  p a\n"
    );
}

#[test]
fn tabs_hold_fences_and_nested_tabs() {
    assert_eq!(
        outline(
            "=== \"A\"\n\n    ``` py title=\"t\"\n    === \"no\"\n    ```\n\n    === \"C\"\n        c\n\n=== \"B\"\n\n    b\n"
        ),
        "tab A\n  code py \"=== \\\"no\\\"\\n\"\n  tab C\n    p c\ntab B\n  p b\n"
    );
}

#[test]
fn references_and_footnotes_are_seen_across_containers() {
    let document =
        parse("!!! note\n    See [the docs][d], [d] and[^1].\n\n[d]: guide.md\n[^1]: A note.\n");
    let hrefs: Vec<_> = document
        .links
        .iter()
        .map(|link| (link.text.as_str(), link.href.as_str(), link.line))
        .collect();
    assert_eq!(hrefs, [("the docs", "guide.md", 2), ("d", "guide.md", 2)]);
    assert!(
        matches!(document.blocks.last().map(|block| &block.kind), Some(BlockKind::Footnotes(notes)) if notes.len() == 1)
    );
}

#[test]
fn html_is_read_for_its_words() {
    assert_eq!(
        outline(
            "<p align=\"center\">\n<img src=\"a/logo.png\"> <b>Hi</b>&nbsp;there\n</p>\n<script>\nalert(1)\n</script>\n<!-- x -->\nEnd <kbd>q</kbd><br>now\n"
        ),
        "p logo.png Hi there\np End q\nnow\n"
    );
    assert_eq!(
        outline("<details markdown>\n<summary>More</summary>\n\n- a\n\n</details>\n"),
        " \"More\" fold Some(0) open false\n  list None\n  - \n      p a\n"
    );
    assert_eq!(
        outline("<div class=\"x\" markdown>\n\n**a**\n\n</div>\n"),
        "p a\n"
    );
    assert_eq!(
        outline("<table>\n<tr><th>A</th><th>B</th></tr>\n<tr><td>1</td><td>2</td></tr></table>\n"),
        "table 2x1\n"
    );
}

#[test]
fn titles_come_from_front_matter_or_the_first_heading() {
    assert_eq!(
        title("---\ntitle: Front\n---\n# Head\n").as_deref(),
        Some("Front")
    );
    assert_eq!(title("# Head {#id}\n").as_deref(), Some("Head"));
    assert_eq!(title("words\n\n## Two\n"), None);
    assert_eq!(parse("## A {: #own .x }\n## A\n").headings[0].slug, "own");
}

#[test]
fn other_blocks_are_read() {
    assert_eq!(
        outline("Term\n:   Meaning\n\n    more\n\n- [x] done\n- [ ] not\n\n***\n"),
        "term Term\n  p Meaning\n  p more\nlist None\n- [true]\n    p done\n- [false]\n    p not\nrule\n"
    );
    assert_eq!(outline("| a | b |\n|---|:-:|\n| 1 | 2 |\n"), "table 2x1\n");
    assert_eq!(outline("a\u{1b}[31m &#27;[0m b\n"), "p a[31m [0m b\n");
}

proptest! {
    #[test]
    fn any_text_is_read(text in "(?s).{0,400}") {
        parse(&text);
    }

    #[test]
    fn any_syntax_is_read(words in prop::collection::vec(prop::sample::select(vec![
        "!!! note", "??? tip \"x\"", "=== \"A\"", "```", "~~~ sh", "> ", "- ", "1. ", "    ", "  ", "\n", "\n\n", "# ", "***", "---",
        "<details>", "<div markdown>", "</div>", "<table><tr><td>", "<!--", "-->", "[^1]: ", "[^1]", "[a]: b", "[a]", "| a |", "|-|",
        ":   ", "++ctrl+x++", "==m==", "{: #x }", "**", "`", "x", "日本", "\t", "<b>", "![i](j)", "$$", "\\", "&#0;", "<pre>", "\u{f8f0}0\u{f8f1}",
    ]), 0..60)) {
        parse(&words.concat());
    }
}

#[test]
fn depth_is_bounded() {
    for text in [
        "> ".repeat(20_000),
        "- ".repeat(20_000),
        "[".repeat(20_000),
        "<ul><li>".repeat(5_000),
        "*a _b ".repeat(10_000),
    ] {
        parse(&text);
    }
    let nested: Vec<String> = (0..200)
        .map(|depth| " ".repeat(depth * 4) + "!!! note")
        .collect();
    parse(&nested.join("\n"));
}
