//! Text → page → lines: no panic, no endless work, only clean text, and nothing that leads nowhere within the page.

#![no_main]

use std::time::{Duration, Instant};

use libfuzzer_sys::fuzz_target;
use stagedoor::catalog::text;
use stagedoor::techdocs::layout::{Reading, layout};
use stagedoor::techdocs::markdown::{self, Files, Options};
use stagedoor::techdocs::page;

/// Far more than any text of a few kilobytes takes, with the sanitizer at work and on a busy machine.
const LONGEST: Duration = Duration::from_secs(5);

/// Everything that a site may turn on.
const CONFIG: &str = "docs_dir: docs
plugins: [{techdocs-core: {use_pymdownx_blocks: true}}, include-markdown]
markdown_extensions: [pymdownx.keys, pymdownx.arithmatex, nl2br, pymdownx.blocks.html, pymdownx.blocks.caption,
    pymdownx.blocks.definition, admonition, pymdownx.emoji]
";

fuzz_target!(|page_text: &str| {
    let started = Instant::now();
    let rich = Options {
        callouts: true,
        ..Options::read(CONFIG)
    };
    for options in [Options::default(), rich] {
        // One file is the page itself.
        let read = |path: &str| path.ends_with("a.md").then(|| page_text.to_owned());
        let files = Files {
            page: "docs/page.md",
            read: &read,
        };
        let document = markdown::parse_with(page_text, &options, files);
        for heading in &document.headings {
            assert!((1..=6).contains(&heading.level));
            assert_eq!(text::clean(&heading.text), heading.text);
        }
        for code in &document.codes {
            assert_eq!(text::clean(&code.text), code.text);
        }
        for width in [20, 80] {
            for line in layout(&document, width, &Reading::default()).lines.iter() {
                for run in &line.runs {
                    assert!(!run.text.contains(['\n', '\u{1b}']), "{:?}", run.text);
                }
            }
        }
        page::facts(page_text, "title", &options, files);
    }
    assert!(started.elapsed() < LONGEST, "it takes too long");
});
