//! What the texts of the company say: a few sections, operations and a page of a wiki, found by their words.

use std::sync::Arc;

use stagedoor::app::message::{FullText, Origin, Passage};
use stagedoor::catalog::Terms;
use stagedoor::search::Query;

/// The texts that have all words of a query.
pub(crate) fn said(query: &str) -> Arc<FullText> {
    let Some(words) = Query::parse(query).passage() else {
        return Arc::default();
    };
    let words: Vec<Terms> = words.split(' ').map(Terms::parse).collect();
    let has = |passage: &Passage| {
        let text = format!("{} {} {}", passage.title, passage.heading, passage.text);
        words.iter().all(|word| !word.marks(&text).is_empty())
    };
    Arc::new(FullText {
        passages: all().into_iter().filter(has).collect(),
        described: Vec::new(),
        silent: Vec::new(),
    })
}

fn all() -> Vec<Passage> {
    let operation = |name: &str, summary: &str| Passage {
        origin: Origin::Operation {
            entity_ref: "api:payments-v2".parse().expect("a reference"),
            operation: name.to_owned(),
        },
        title: name.to_owned(),
        heading: summary.to_owned(),
        text: "Needs the scope `payments.write`.\n\nAnswers 409 where the key was used before."
            .to_owned(),
    };
    let mut all = vec![
        operation("POST /payments", "Take a payment"),
        operation("GET /payments/{id}", "One payment"),
    ];
    for section in include_str!("paging.md").split("\n## ") {
        let (heading, text) = section.split_once('\n').unwrap_or((section, ""));
        let heading = heading.trim_start_matches("# ");
        all.push(Passage {
            origin: Origin::Docs {
                entity_ref: "component:payment-gateway".parse().expect("a reference"),
                page: "operations/paging.md".to_owned(),
                anchor: heading.to_lowercase(),
            },
            title: "Paging".to_owned(),
            heading: heading.to_owned(),
            text: text.trim().to_owned(),
        });
    }
    all.push(Passage {
        origin: Origin::Elsewhere {
            source: "wiki".to_owned(),
            url: "https://wiki.acme.dev/pages/7".to_owned(),
        },
        title: "Who is paged for payments".to_owned(),
        heading: "Operations".to_owned(),
        text: "The pager goes round every Monday.".to_owned(),
    });
    all
}
