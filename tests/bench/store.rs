//! The record and the snapshot: written, published, read back.

use std::time::Instant;

use stagedoor::catalog::EntityRef;
use stagedoor::store::{Batch, Page, Section, Store};

use crate::report::{Budget, Report, millis};
use crate::synthetic::Synthetic;

/// As many as the largest real catalog that was measured against Backstage.
const REAL: usize = 12_751;
/// The size of the budgets.
const SIZE: usize = 100_000;

fn batch(size: usize) -> Batch {
    Batch {
        entities: Synthetic::new(size)
            .entities()
            .map(|(entity, relations)| (entity.into(), relations))
            .collect(),
        ..Batch::default()
    }
}

pub(crate) fn run(report: &mut Report) {
    let store = Store::temporary().expect("a folder");
    let real = batch(REAL);
    let replace = |batch: &Batch| {
        let started = Instant::now();
        store.replace("bench", batch).expect("written");
        started.elapsed()
    };
    let publish = || {
        let started = Instant::now();
        store.publish().expect("published");
        started.elapsed()
    };
    report.samples(
        "store: replace, all new",
        REAL,
        Budget::Median(millis(1000.0)),
        vec![replace(&real)],
    );
    report.samples(
        "store: publish",
        REAL,
        Budget::Median(millis(300.0)),
        vec![publish()],
    );
    report.samples(
        "store: replace, nothing changed",
        REAL,
        Budget::Median(millis(300.0)),
        vec![replace(&real)],
    );
    report.time(
        "store: check",
        REAL,
        Budget::Median(millis(300.0)),
        3,
        || store.check().expect("sound"),
    );
    drop(real);

    let mut large = batch(SIZE);
    report.samples(
        "store: replace, all new",
        SIZE,
        Budget::None,
        vec![replace(&large)],
    );
    report.samples("store: publish", SIZE, Budget::None, vec![publish()]);
    newer(report, SIZE, &store, &mut large);
    drop(large);
    report.time(
        "store: first frame's index",
        SIZE,
        Budget::P99(millis(0.1)),
        200,
        || store.quick_index(),
    );
    report.time(
        "store: index, checked whole",
        SIZE,
        Budget::P99(millis(10.0)),
        100,
        || store.index(),
    );
    let some: Vec<EntityRef> = Synthetic::new(SIZE)
        .entities()
        .step_by(977)
        .map(|(e, _)| e.entity_ref)
        .collect();
    let mut next = some.iter().cycle();
    report.time(
        "store: one entity",
        SIZE,
        Budget::P99(millis(2.0)),
        500,
        || store.entity(next.next().expect("endless")),
    );
    report.time(
        "store: star and unstar",
        SIZE,
        Budget::P99(millis(8.0)),
        100,
        || {
            store
                .set_star(&some[0], true)
                .and_then(|()| store.set_star(&some[0], false))
        },
    );
    docs(report, &store);
}

/// Ten times as many, for whether what changed is soon shown.
pub(crate) fn million(report: &mut Report) {
    const SIZE: usize = 1_000_000;
    let store = Store::temporary().expect("a folder");
    let mut all = batch(SIZE);
    store.replace("bench", &all).expect("written");
    let started = Instant::now();
    store.publish().expect("published");
    report.samples(
        "store: publish",
        SIZE,
        Budget::None,
        vec![started.elapsed()],
    );
    newer(report, SIZE, &store, &mut all);
}

/// From a few changed entities to an index that shows them.
fn newer(report: &mut Report, size: usize, store: &Store, batch: &mut Batch) {
    let mut samples = Vec::new();
    for round in 0..3 {
        let step = size / 7;
        for (entity, _) in batch.entities.iter_mut().skip(round).step_by(step) {
            let mut changed = entity.unpack();
            changed.body["metadata"]["description"] = format!("Changed {round} times.").into();
            *entity = changed.into();
        }
        store.replace("bench", batch).expect("written");
        let started = Instant::now();
        store.publish().expect("published");
        samples.push(started.elapsed());
    }
    let most = millis(if size > SIZE { 1500.0 } else { 150.0 });
    report.samples(
        "store: publish, 8 changed",
        size,
        Budget::Median(most),
        samples,
    );
}

/// 10,000 sections of docs in words of their entities, some of which are in every tenth section.
fn docs(report: &mut Report, store: &Store) {
    for (site, (entity, _)) in Synthetic::new(100).entities().enumerate() {
        let said = entity.description().unwrap_or("Nothing to say.");
        let section = |page: usize, number: usize| Section {
            heading: format!("Part {number} of {}", entity.name()),
            anchor: format!("part-{number}"),
            text: format!("{said} {} {said}\n", site * page * number).repeat(5 + number * 5),
        };
        let pages: Vec<Page> = (0..20)
            .map(|page| Page {
                path: format!("page-{page}.md"),
                title: format!("Page {page} of {}", entity.name()),
                text: said.to_owned(),
                sections: (0..5).map(|number| section(page, number)).collect(),
            })
            .collect();
        store
            .put_site(&entity.entity_ref, "", "1", &pages)
            .expect("written");
    }
    let mut next = [
        "deploy canary",
        "archive",
        "batch runs beg",
        "schema change",
        "payment gate",
        "par",
    ]
    .iter()
    .cycle();
    report.time(
        "docs: full text, 10,000 sections",
        SIZE,
        Budget::P99(millis(2.0)),
        200,
        || store.search_docs(next.next().expect("endless"), None, 20),
    );
    let mut next = ["handles orders", "payment", "serv", "batch"]
        .iter()
        .cycle();
    report.time(
        "descriptions: full text",
        SIZE,
        Budget::P99(millis(2.0)),
        200,
        || store.search_descriptions(next.next().expect("endless"), 50),
    );
}
