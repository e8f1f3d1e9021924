//! Texts that nobody means as a query: whatever is pasted is answered, in steps that do not grow with it.

use std::cell::Cell;

use proptest::prelude::*;

use super::{catalog, jane};
use crate::catalog::Index;
use crate::search::query::{Expr, Node};
use crate::search::{Context, Entering, Query, complete, explain, find, matching};

/// The longest text that is tried, in characters.
const LONGEST: usize = 10_000;

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        // Punctuation alone.
        4 => "[!-/:-@\\[-`{-~]{1,12}",
        // Quotes, signs and parentheses that meet nothing.
        4 => "[\"“”„'()\\-\u{2212} ]{1,8}",
        // Right to left, its marks, and what joins or combines.
        3 => "[אבגשעمرحبا\u{202e}\u{202d}\u{2066}\u{2069}\u{200f}\u{200b}\u{200d}\u{feff}]{1,8}",
        3 => "[ae👩]?[\u{300}-\u{36f}\u{fe0f}\u{1f3fd}]{1,20}",
        // What blows up a regular expression, and what LIKE and FTS5 read.
        2 => Just("(a+)+$".to_owned()),
        2 => Just("(.*)*.{9999}[[:alpha:]]\\1(?<x>^".to_owned()),
        1 => Just("%_* NEAR(a b) col:^\"x\"\"".to_owned()),
        // Newlines, tabs, and what a terminal pastes with them.
        3 => "[\r\n\t\u{0}\u{1b}\u{7f}\u{2028}\u{85}]{1,4}",
        // The language itself, wrongly put together.
        8 => prop::sample::select(&[
            "OR", "AND", "NOT", " OR ", "-", "(", ")", "@", "@payers ", "kind:", "kind:api ", "tag:go,,,", "owner:mine ",
            "owner:", "is:", "is:broken ", "has:docs,", "label:", "label:a=", "annotation:\"", "depends-on:", "used-by:pay ",
            "updated:<", "updated:<99999999999y ", "filter=", "filter=kind=api&", "spec.", "metadata.labels.", "=", ":",
            "payment", "payment-gateway ", "İ", "ß", "ﬁ", "支付",
        ][..]).prop_map(str::to_owned),
    ]
}

/// Pieces side by side, or one of them again and again until the text is as long as it may be.
fn text() -> impl Strategy<Value = String> {
    let long = (piece(), piece()).prop_map(|(a, b)| {
        let both = a + &b;
        let times = LONGEST / both.chars().count().max(1);
        both.repeat(times)
    });
    let short = prop::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat());
    prop_oneof![30 => short, 1 => long]
}

fn depth(expr: &Expr) -> usize {
    match &expr.node {
        Node::And(parts) | Node::Or(parts) => 1 + parts.iter().map(depth).max().unwrap_or(0),
        Node::Not(inner) => 1 + depth(inner),
        Node::Term(_) => 1,
    }
}

/// Asks everything that asks a query of a catalog.
fn ask(index: &Index, context: &Context, text: &str) -> Result<(), TestCaseError> {
    let query = Query::parse(text);
    if let Some(expr) = &query.expr {
        // What is walked through is as small as what a person types, whatever the text.
        prop_assert!(expr.terms().len() <= 64 * 2);
        prop_assert!(depth(expr) <= 33 * 3, "{}", depth(expr));
    }
    prop_assert!(query.issues.len() <= 64);
    for issue in &query.issues {
        prop_assert!(text.get(issue.span.clone()).is_some());
        prop_assert!(issue.message.len() <= 1_000);
    }
    let steps = Cell::new(0);
    let count = || {
        steps.set(steps.get() + 1);
        false
    };
    let found = find(index, &query, context, 20, &count);
    // Rows are walked once as typed, and once as far as slips reach.
    prop_assert!(steps.get() <= 2, "{}", steps.get());
    for hit in &found.hits {
        let _ = explain(index, &query, context, &found, hit);
    }
    let (rows, _) = matching(index, &query, context);
    prop_assert_eq!(rows.count(), found.total);
    prop_assert!(query.asks(context).len() <= 64 * 2);
    let middle = text.chars().take(text.chars().count() / 2);
    for cursor in [middle.map(char::len_utf8).sum(), text.len()] {
        for offer in complete(index, context, text, cursor) {
            prop_assert!(text.get(offer.span.clone()).is_some());
        }
        if let Some(entering) = Entering::at(text, cursor) {
            let offers = entering.offers(vec![("Tier (x)".to_owned(), 1)]);
            let (put, at) = offers[0].apply(text);
            prop_assert!(put.get(..at).is_some());
        }
    }
    let _ = (query.passage(), Query::shield(text));
    Ok(())
}

proptest! {
    #[test]
    fn whatever_is_pasted_is_answered(text in text()) {
        let index = catalog();
        ask(&index, &jane(&index), &text)?;
    }
}

#[test]
fn long_texts_of_one_kind_are_answered() {
    let index = catalog();
    for piece in [
        "a",
        "(",
        ")",
        "\"",
        "\"\"",
        "-",
        "- ",
        "(a ",
        "-(",
        "OR ",
        ":",
        "a:",
        "a:b ",
        "kind:",
        "tag:a,",
        "=",
        "@",
        "@payers ",
        "\n",
        "\u{301}",
        "\u{202e}א",
        "👩\u{200d}",
        "(a+)+$",
        "filter=",
        "filter=a=b&",
        "updated:<9",
        "pay ",
        "İ",
    ] {
        ask(&index, &jane(&index), &piece.repeat(LONGEST)).expect(piece);
    }
}
