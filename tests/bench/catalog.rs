//! The index: laid out, opened, narrowed, counted, sorted, walked.

use std::collections::BTreeSet;
use std::sync::Arc;

use stagedoor::catalog::index::{Column, Facet, IndexBuilder, Neighbor, RowSet, Selection};
use stagedoor::catalog::{Index, Row};

use crate::report::{Budget, Report, millis, whole};
use crate::synthetic::Synthetic;

/// The size of the budgets.
const SIZE: usize = 100_000;

/// The bytes of the index of a synthetic catalog, and the time that laying it out took.
pub(crate) fn laid_out(size: usize) -> (Vec<u8>, std::time::Duration) {
    let mut builder = IndexBuilder::default();
    for (entity, relations) in Synthetic::new(size).entities() {
        builder
            .push(&entity, u32::from(relations.len() > 9))
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
    report.time(
        "graph: impact to depth 3",
        SIZE,
        Budget::P99(millis(1.0)),
        200,
        || impact(&index, Row(4_321)),
    );
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

/// How many rows three steps along any relation reach.
fn impact(index: &Index, from: Row) -> usize {
    let mut reached = RowSet::of(index.len(), [from]);
    let mut edge = vec![from];
    for _ in 0..3 {
        let mut next = Vec::new();
        for row in edge {
            for (relation_type, neighbor) in index.relations(row) {
                if relation_type == stagedoor::catalog::RelationType::DependencyOf
                    && let Neighbor::Entity(row) = neighbor
                    && !reached.contains(row)
                {
                    reached.insert(row);
                    next.push(row);
                }
            }
        }
        edge = next;
    }
    reached.count()
}
