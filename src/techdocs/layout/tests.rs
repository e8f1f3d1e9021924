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
    let document = markdown::parse_with(SYNTAX, &options, markdown::Files::NONE);
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
        "▎ ▸ More\n\n● A  ○ B \n│ one\n\n● B  ○ A \n│ three\n"
    );
    let reading = Reading {
        toggled: [0].into(),
        tabs: vec!["A".to_owned()],
        ..Reading::default()
    };
    assert_eq!(
        shown(&layout(&document, 40, &reading)),
        "▎ ▾ More\n▎ inside\n\n● A  ○ B \n│ one\n\n○ B  ● A \n│ four\n"
    );
    let printed = Reading {
        printed: true,
        ..Reading::default()
    };
    assert_eq!(
        shown(&layout(&document, 40, &printed)),
        "▎ ▾ More\n▎ inside\n\n● A\n│ one\n\n● B\n│ two\n\n● B\n│ three\n\n● A\n│ four\n",
        "on paper all of it stands"
    );
    let targets: Vec<_> = closed
        .spots
        .iter()
        .map(|spot| (spot.line, spot.column, spot.target))
        .collect();
    assert_eq!(targets[0], (0, 0, SpotTarget::Fold(0)));
    assert_eq!(targets[2], (2, 5, SpotTarget::Tab { group: 0, index: 1 }));
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

fn with(text: &str, width: u16, reading: &Reading) -> String {
    let options = Options {
        math: true,
        ..Options::default()
    };
    shown(&layout(
        &markdown::parse_with(text, &options, markdown::Files::NONE),
        width,
        reading,
    ))
}

#[test]
fn formulas_are_set_or_shown_as_they_are() {
    let text = "So $x^2 \\le \\unheardof$ and $x^2$.\n\n$$\n\\frac{a}{b}\n$$\n";
    assert_eq!(
        with(text, 40, &Reading::default()),
        "So x^2 \\le \\unheardof and x².\n\n  a\n  ─\n  b\n"
    );
    let source = Reading {
        source: true,
        ..Reading::default()
    };
    assert!(with(text, 40, &source).ends_with("\n  \\frac{a}{b}\n"));
}

#[test]
fn notes_stand_with_what_they_are_to() {
    let text = "```py\nx = 1  # (1)!\nf(1)\n```\n\n1. The start.\n2. More.\n\nText.\n";
    assert_eq!(
        with(text, 40, &Reading::default()),
        "▏ x = 1  ①\n▏ f(1)\n① The start.\n② More.\n\nText.\n"
    );
    let text = "So (1) it is.\n{ .annotate }\n\n1.  Or not.\n\n1. Other\n";
    assert!(with(text, 40, &Reading::default()).starts_with("So ① it is.\n① Or not.\n"));
}

#[test]
fn footnotes_open_where_they_are_named() {
    let text = "- One[^a] two.\n- Three.\n\n[^a]: Said *elsewhere*.\n";
    let document = markdown::parse(text);
    let closed = layout(&document, 40, &Reading::default());
    assert_eq!(
        closed
            .spots
            .first()
            .map(|spot| (spot.column, spot.width, spot.target)),
        Some((5, 3, SpotTarget::Note(0)))
    );
    let reading = Reading {
        notes: [0].into(),
        ..Reading::default()
    };
    let open = shown(&lay_out(&document, 40, &reading, &closed, usize::MAX));
    assert!(
        open.starts_with("• One[1] two.\n  ▎ [1] Said elsewhere.\n• Three.\n"),
        "{open}"
    );
}

#[test]
fn code_is_cut_or_broken() {
    let text = "```\nabcdefghijklmnopqrstuvwxyz\n```\n";
    assert_eq!(
        with(text, 16, &Reading::default()),
        "▏ abcdefghijklmnopqrstuvwxyz\n"
    );
    let wrapped = Reading {
        wrapped: true,
        ..Reading::default()
    };
    assert_eq!(
        with(text, 16, &wrapped),
        "▏ abcdefghijklmn\n▏ ↪ opqrstuvwxyz\n"
    );
}

#[test]
fn tables_may_be_as_wide_as_they_are() {
    let text = "| a | b |\n|---|---|\n| x | words that take more than there is |\n";
    let wide = Reading {
        wide: true,
        ..Reading::default()
    };
    let document = markdown::parse(text);
    let layout = layout(&document, 20, &wide);
    assert_eq!(
        layout.lines.get(2).map(|line| (line.width(), line.pan)),
        Some((38, Some(2)))
    );
    assert_eq!(layout.lines.len(), 3);
}

#[test]
fn sections_close_and_blocks_are_laid_out_once() {
    let document = markdown::parse("# A\n\none\n\n## B\n\ntwo\n\n### C\n\nthree\n\n## D\n\nfour\n");
    let open = layout(&document, 40, &Reading::default());
    let reading = Reading {
        sections: [1].into(),
        ..Reading::default()
    };
    let closed = lay_out(&document, 40, &reading, &open, usize::MAX);
    assert_eq!(shown(&closed), "A\n\none\n\n▸ B …\n\nD\n\nfour\n");
    let kept = open.pieces.iter().zip(&closed.pieces);
    let same = kept.filter(|(a, b)| matches!((a, b), (Some(a), Some(b)) if Arc::ptr_eq(a, b)));
    assert_eq!(same.count(), document.blocks.len() - 1);
    assert_eq!(
        lay_out(&document, 40, &Reading::default(), &closed, usize::MAX),
        open
    );
    let first = lay_out(&document, 40, &Reading::default(), &Layout::default(), 3);
    assert!(!first.whole && first.lines.len() == 3);
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
