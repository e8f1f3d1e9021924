//! Descriptors: YAML bytes → entities, relations, problems.

use std::time::Instant;

use stagedoor::ingest::{Found, Location, NoReader, Options, Root, SourceFile, Standing, ingest};

use crate::report::{Budget, Report, whole};
use crate::synthetic::{Synthetic, yaml};

const SIZE: usize = 20_000;
/// How many entities a file holds.
const PER_FILE: usize = 10;

pub(crate) fn run(report: &mut Report) {
    let texts: Vec<String> = Synthetic::new(SIZE)
        .entities()
        .map(|(entity, _)| yaml(&entity))
        .collect();
    let bytes: usize = texts.iter().map(String::len).sum();
    let files = texts.chunks(PER_FILE).zip(0..).map(|(texts, number)| {
        let name = format!("/synthetic/{number}.yaml");
        SourceFile {
            location: Location::file(&name),
            bytes: texts.join("---\n").into_bytes().into(),
            name,
            blob: None,
            commit: None,
        }
    });
    let root = Root {
        source: "synthetic".to_owned(),
        location: Location::file("/synthetic"),
        files: Some(files.collect()),
        found: Found::Walked,
        standing: Standing::default(),
    };
    let roots = [root];
    let options = Options::default();
    let mut samples = Vec::new();
    for _ in 0..3 {
        let started = Instant::now();
        let ingested = ingest(&roots, &NoReader, &options);
        samples.push(started.elapsed());
        assert_eq!(ingested.entities.len(), SIZE, "all are read");
    }
    let best = samples
        .iter()
        .min()
        .map_or(1.0, std::time::Duration::as_secs_f64);
    report.samples("ingest: YAML to entities", SIZE, Budget::None, samples);
    report.at_least("ingest: entities", SIZE, whole(SIZE) / best, "/s", 25_000.0);
    report.at_least(
        "ingest: YAML",
        SIZE,
        whole(bytes) / best / 1e6,
        "MB/s",
        25.0,
    );
}
