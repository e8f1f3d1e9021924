//! Pages, laid out.

use proptest::prelude::*;

use super::*;
use crate::techdocs::markdown::{self, Options};

/// Every kind of block.
const SYNTAX: &str = include_str!("syntax.md");

fn shown(layout: &Layout) -> String {
    layout.lines.iter().map(|line| line.text() + "\n").collect()
}

#[test]
fn a_page_with_all_syntax_fits_any_width() {
    let options = Options {
        keys: true,
        math: true,
        ..Options::default()
    };
    let document = markdown::parse_with(SYNTAX, &options, &|_| None);
    for width in [40, 80, 100] {
        let layout = layout(&document, width, &Reading::default());
        for line in layout.lines.iter().filter(|line| line.pan.is_none()) {
            assert!(line.width() <= usize::from(width), "{}", line.text());
        }
        insta::assert_snapshot!(format!("syntax_{width}"), shown(&layout));
    }
}

#[test]
fn folds_and_tabs_follow_the_reader() {
    let document = markdown::parse(
        "??? note \"More\"\n    inside\n\n=== \"A\"\n    one\n=== \"B\"\n    two\n\n===! \"B\"\n    three\n=== \"A\"\n    four\n",
    );
    let closed = layout(&document, 40, &Reading::default());
    assert_eq!(
        shown(&closed),
        "▎ ▸ More\n\n A   B \n│ one\n\n B   A \n│ three\n"
    );
    let reading = Reading {
        toggled: [0].into(),
        tabs: vec!["A".to_owned()],
        source: false,
    };
    assert_eq!(
        shown(&layout(&document, 40, &reading)),
        "▎ ▾ More\n▎ inside\n\n A   B \n│ one\n\n B   A \n│ four\n"
    );
    let targets: Vec<_> = closed
        .spots
        .iter()
        .map(|spot| (spot.line, spot.column, spot.target))
        .collect();
    assert_eq!(targets[0], (0, 0, SpotTarget::Fold(0)));
    assert_eq!(targets[2], (2, 4, SpotTarget::Tab { group: 0, index: 1 }));
}

#[test]
fn a_link_is_one_spot_however_many_lines_it_takes() {
    let document = markdown::parse("Read [the whole long story](a.md) and [more](b.md).\n");
    let layout = layout(&document, 18, &Reading::default());
    assert_eq!(shown(&layout), "Read the whole\nlong story and\nmore.\n");
    let spots: Vec<_> = layout
        .spots
        .iter()
        .map(|spot| (spot.line, spot.column))
        .collect();
    assert_eq!(spots, [(0, 5), (2, 0)]);
}

#[test]
fn the_outline_knows_where_headings_stand() {
    let layout = layout(
        &markdown::parse("# A\n\ntext\n\n## B\n"),
        40,
        &Reading::default(),
    );
    assert_eq!(layout.line_of_slug("b"), Some(4));
    assert_eq!(layout.heading_at(3), Some(0));
    assert_eq!(layout.heading_at(4), Some(1));
    assert_eq!(layout.line_of_source(5), 4);
}

proptest! {
    #[test]
    fn any_page_fits_any_width(words in prop::collection::vec(prop::sample::select(vec![
        "!!! note", "??? tip \"x\"", "=== \"A\"", "```mermaid\n", "```\n", "graph LR; A-->B\n", "> ", "- ", "1. ", "    ", "\n", "\n\n",
        "# ", "***", "| a | b |\n|-|-|\n| long words in here | 日本語 |\n", ":   ", "**b**", "`code`", "word ", "日本", "👩‍👩‍👧‍👦", "[l](m)",
        "![i](j)", "averyveryverylongwordindeed", "[^1]", "[^1]: n\n", "<br>", "++a+b++",
    ]), 0..40), width in 0u16..120) {
        let layout = layout(&markdown::parse(&words.concat()), width, &Reading::default());
        for line in layout.lines.iter().filter(|line| line.pan.is_none()) {
            prop_assert!(line.width() <= usize::from(width.clamp(8, MEASURE)), "{:?} at {width}", line.text());
        }
        for spot in &layout.spots {
            prop_assert!(spot.line < layout.lines.len());
        }
    }
}
