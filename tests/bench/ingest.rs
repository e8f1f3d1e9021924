//! Descriptors: YAML bytes → entities, relations, problems; `lint` of the same files by the real binary; npm `yaml` beside.

mod npm;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use stagedoor::ingest::{Found, Location, NoReader, Options, Root, SourceFile, Standing, ingest};

use crate::process::stagedoor;
use crate::report::{Budget, Report, millis, whole};
use crate::synthetic::Synthetic;

/// How many entities there are.
const SIZE: usize = 100_000;
/// How many a file holds: a thousand files.
const PER_FILE: usize = 100;
/// What one core reads, checks and relates, in entities a second.
const ONE_CORE: f64 = 40_000.0;

pub(crate) fn run(report: &mut Report) {
    let dir = tempfile::tempdir().expect("a folder");
    let catalog = dir.path().join("catalog");
    let paths = Synthetic::new(SIZE)
        .write(&catalog, PER_FILE)
        .expect("written");
    let roots = [root(&paths)];
    let bytes = size(&roots);
    let single = rate(report, SIZE, 1, &roots);
    report.number("ingest: one core, YAML", SIZE, bytes / single / 1e6, "MB/s");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    rate(report, SIZE, cores, &roots);
    drop(roots);
    lint(
        report,
        dir.path(),
        SIZE,
        Budget::Median(millis(6_000.0)),
        Some(400.0),
    );
    npm::run(report, &paths, SIZE);
}

/// Ten times as many, for whether it stays linear.
pub(crate) fn million(report: &mut Report) {
    const SIZE: usize = 1_000_000;
    let dir = tempfile::tempdir().expect("a folder");
    let paths = Synthetic::new(SIZE)
        .write(&dir.path().join("catalog"), PER_FILE)
        .expect("written");
    let roots = [root(&paths)];
    rate(report, SIZE, 1, &roots);
    drop(roots);
    lint(report, dir.path(), SIZE, Budget::None, None);
}

/// Reads `roots` with so many threads, each of which is to reach its rate; the best time, in seconds.
fn rate(report: &mut Report, size: usize, cores: usize, roots: &[Root]) -> f64 {
    let name = match cores {
        1 => "ingest: one core",
        _ => "ingest: all cores",
    };
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(cores)
        .build()
        .expect("threads");
    let options = Options::default();
    let mut samples = Vec::new();
    for _ in 0..3 {
        let started = Instant::now();
        let ingested = threads.install(|| ingest(roots, &NoReader, &options));
        samples.push(started.elapsed());
        assert_eq!(ingested.entities.len(), size, "all are read");
    }
    let best = samples.iter().min().map_or(1.0, Duration::as_secs_f64);
    report.samples(name, size, Budget::None, samples);
    report.at_least(
        &format!("{name}, entities"),
        size,
        whole(size) / best,
        "/s",
        ONE_CORE * whole(cores),
    );
    best
}

/// The folder below `dir`, checked by the real binary.
fn lint(report: &mut Report, dir: &Path, size: usize, budget: Budget, memory: Option<f64>) {
    let catalog = dir.join("catalog");
    match stagedoor(dir, &["lint", &catalog.to_string_lossy()]) {
        Ok(ended) => {
            report.samples("lint: the folder", size, budget, vec![ended.took]);
            match memory {
                Some(most) => {
                    report.at_most("lint: peak memory", size, ended.peak_mib, "MiB", most);
                }
                None => report.number("lint: peak memory", size, ended.peak_mib, "MiB"),
            }
        }
        Err(why) => report.skipped("lint: the folder", &why),
    }
}

fn root(paths: &[PathBuf]) -> Root {
    let files = paths.iter().map(|path| {
        let name = path.to_string_lossy().into_owned();
        SourceFile {
            location: Location::file(&name),
            bytes: fs::read(path).expect("written before").into(),
            name,
            blob: None,
            commit: None,
        }
    });
    Root {
        source: "synthetic".to_owned(),
        location: Location::file("/synthetic"),
        files: Some(files.collect()),
        found: Found::Walked,
        standing: Standing::default(),
    }
}

fn size(roots: &[Root]) -> f64 {
    let files = roots
        .iter()
        .filter_map(|root| root.files.as_ref())
        .flatten();
    whole(files.map(|file| file.bytes.len()).sum())
}
