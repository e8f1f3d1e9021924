//! The index: laid out, opened, narrowed, counted, sorted, walked.

use std::collections::BTreeSet;
use std::sync::Arc;

use stagedoor::catalog::graph::{Direction, Walk, impact, ownership, path, walk};
use stagedoor::catalog::index::{Column, Facet, IndexBuilder, RowSet, Selection, Tally};
use stagedoor::catalog::{Index, RelationType, Row};

use crate::report::{Budget, Report, millis, whole};
use crate::synthetic::Synthetic;

/// The size of the budgets.
const SIZE: usize = 100_000;
/// How many entities of a graph the screen draws at most.
const DRAWN: usize = 1_000;

/// The bytes of the index of a synthetic catalog, and the time that laying it out took.
pub(crate) fn laid_out(size: usize) -> (Vec<u8>, std::time::Duration) {
    let mut builder = IndexBuilder::default();
    for (entity, relations) in Synthetic::new(size).entities() {
        builder
            .push(
                &entity,
                Tally {
                    errors: 0,
                    warnings: u32::from(relations.len() > 9),
                },
            )
            .expect("small");
        for relation in relations {
            let source = builder.intern(&relation.source).expect("small");
            let target = builder.intern(&relation.target).expect("small");
            builder.relate(source, relation.relation_type, target);
        }
    }
    let started = std::time::Instant::now();
    let bytes = builder.finish().expect("small");
    (bytes, started.elapsed())
}

/// An index of a synthetic catalog.
pub(crate) fn index(size: usize) -> Index {
    Index::open(Arc::new(laid_out(size).0)).expect("just laid out")
}

pub(crate) fn run(report: &mut Report) {
    let (bytes, built) = laid_out(SIZE);
    report.samples("index: lay out", SIZE, Budget::None, vec![built]);
    report.at_most(
        "index: size",
        SIZE,
        whole(bytes.len()) / f64::from(1 << 20),
        "MiB",
        40.0,
    );
    let bytes = Arc::new(bytes);
    report.time("index: open", SIZE, Budget::P99(millis(0.1)), 500, || {
        Index::open(bytes.clone())
    });
    let index = Index::open(bytes).expect("just laid out");
    report.time(
        "index: first 60 rows",
        SIZE,
        Budget::P99(millis(0.1)),
        500,
        || {
            index
                .rows()
                .take(60)
                .filter_map(|row| index.summary(row))
                .map(|s| s.name.len())
                .sum::<usize>()
        },
    );
    report.time(
        "index: row of a reference",
        SIZE,
        Budget::P99(millis(0.1)),
        500,
        || index.row_of(&index.entity_ref(Row(77_777)).expect("a row")),
    );
    facets(report, &index);
    report.time(
        "sort: by owner",
        SIZE,
        Budget::P99(millis(8.0)),
        100,
        || index.sort(&RowSet::all(index.len()), Column::Owner, true),
    );
    for size in [SIZE, 10 * SIZE] {
        graph(report, size);
    }
}

/// Questions of the relations tab, from entities all over the catalog.
fn graph(report: &mut Report, size: usize) {
    let index = index(size);
    let rows = u32::try_from(index.len()).expect("small");
    // Strides without a common divisor with the size: each time other rows, the same on each run.
    let mut at = 0;
    let mut next = move || {
        at = (at + 7_919) % rows;
        Row(at)
    };
    let three = Walk {
        depth: 3,
        limit: DRAWN,
        ..Walk::default()
    };
    let budget = if size == SIZE { 1.0 } else { 5.0 };
    report.time(
        "graph: impact to depth 3",
        size,
        Budget::P99(millis(budget)),
        1_000,
        || impact(&index, next(), &three).count(),
    );
    let near = Walk {
        depth: 2,
        fan: 12,
        ..three.clone()
    };
    report.time(
        "graph: what is near, as it is drawn",
        size,
        Budget::None,
        200,
        || walk(&index, next(), &near).tree(Direction::Both, true),
    );
    report.time("graph: path", size, Budget::None, 200, || {
        path(&index, next(), next(), &Walk::default()).map(|graph| graph.edges.len())
    });
    let needs = Walk {
        types: vec![RelationType::DependsOn],
        ..Walk::default()
    };
    report.time(
        "graph: path by dependsOn alone",
        size,
        Budget::None,
        200,
        || path(&index, next(), next(), &needs).map(|graph| graph.edges.len()),
    );
    report.time("graph: what is mine", size, Budget::None, 200, || {
        ownership(&index, next(), &three).graph.nodes.len()
    });
}

fn facets(report: &mut Report, index: &Index) {
    let owner = index
        .facet_values(Facet::Owner)
        .next()
        .expect("an owner")
        .value
        .to_owned();
    let four = Selection::default()
        .with(Facet::Kind, "Component")
        .with(Facet::Type, "service")
        .with(Facet::Lifecycle, "production")
        .with(Facet::Tag, "java");
    report.time(
        "facets: filter by four",
        SIZE,
        Budget::Median(millis(0.1)),
        500,
        || index.select(&four),
    );
    report.time(
        "facets: filter by owner",
        SIZE,
        Budget::Median(millis(0.1)),
        500,
        || index.select(&Selection::default().with(Facet::Owner, &owner)),
    );
    let mine = Selection {
        owned_by: Some(BTreeSet::from([owner.clone()])),
        ..four.clone()
    };
    report.time(
        "facets: what I own",
        SIZE,
        Budget::Median(millis(0.2)),
        500,
        || index.select(&mine),
    );
    let all = RowSet::all(index.len());
    for facet in [Facet::Kind, Facet::Owner, Facet::Tag] {
        report.time(
            &format!("facets: count {facet:?} over all"),
            SIZE,
            Budget::P99(millis(1.0)),
            200,
            || index.facet_counts(facet, &all),
        );
    }
    report.time(
        "facets: all counts under four filters",
        SIZE,
        Budget::P99(millis(2.0)),
        200,
        || index.counts(&four),
    );
}
