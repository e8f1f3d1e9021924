//! The portal on a terminal: start to first frame, a key to its frame, resident memory.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::process::{Ended, mebibytes, stagedoor};
use crate::pty::{Portal, Pty};
use crate::report::{Budget, Report, millis};
use crate::synthetic::Synthetic;

/// The size of the budgets.
const SIZE: usize = 100_000;
/// How often the portal is started.
const STARTS: usize = 15;
/// Typed letter by letter.
const TYPED: &str = "payment gateway";

pub(crate) fn run(report: &mut Report) {
    let dir = tempfile::tempdir().expect("a folder");
    Synthetic::new(SIZE)
        .write(&dir.path().join("catalog"), 100)
        .expect("written");
    match stagedoor(dir.path(), &["sync"]) {
        Ok(Ended { took, peak_mib }) => {
            report.samples("sync: from files", SIZE, Budget::None, vec![took]);
            report.number("sync: peak memory", SIZE, peak_mib, "MiB");
        }
        Err(why) => return report.skipped("portal", &why),
    }
    let mut starts = Vec::new();
    let mut keys = Vec::new();
    for _ in 0..STARTS {
        let started = Instant::now();
        let mut portal = open(dir.path());
        portal.wait_until("how many entities there are", |screen| {
            screen.contents().contains("100,000")
        });
        starts.push(started.elapsed());
        keys.extend(type_in_finder(&mut portal));
        portal.press("ctrl-c").exit();
    }
    report.samples(
        "portal: start to first frame, warm",
        SIZE,
        Budget::Median(millis(30.0)),
        starts,
    );
    report.samples(
        "portal: key to its frame",
        SIZE,
        Budget::P99(millis(16.0)),
        keys,
    );

    let mut portal = open(dir.path());
    portal.wait_for("100,000");
    type_in_finder(&mut portal);
    portal.settle();
    match resident(dir.path()) {
        Some(mib) => report.at_most("portal: resident memory", SIZE, mib, "MiB", 80.0),
        None => report.skipped("portal: resident memory", "/proc does not say"),
    }
    portal.press("ctrl-c").exit();
}

/// The portal over the catalog in `dir`, as large as a real terminal.
fn open(dir: &Path) -> Portal {
    let (source, cache) = (dir.join("catalog"), dir.join("cache"));
    Pty::portal([
        Path::new("--source"),
        &source,
        Path::new("--cache-dir"),
        &cache,
    ])
    .size(200, 60)
    .open()
}

/// For each letter the time until a frame shows it with the rows that match.
fn type_in_finder(portal: &mut Portal) -> Vec<Duration> {
    portal.press("/").settle();
    let ends = TYPED
        .char_indices()
        .map(|(at, letter)| (at + letter.len_utf8(), letter));
    let measured = ends.filter_map(|(end, letter)| {
        let before = portal.screen();
        let text = TYPED.get(..end).unwrap_or(TYPED);
        let started = Instant::now();
        portal.type_text(&letter.to_string());
        if letter.is_whitespace() {
            // A space behind a word changes nothing that can be seen.
            portal.settle();
            return None;
        }
        portal.wait_until("the letter", |screen| {
            let now = screen.contents();
            now != before && now.contains(text)
        });
        Some(started.elapsed())
    });
    measured.collect()
}

/// The resident memory of the portal over the catalog in `dir`.
fn resident(dir: &Path) -> Option<f64> {
    let dir = dir.to_str()?;
    let processes = fs::read_dir("/proc").ok()?.filter_map(Result::ok);
    let mut portals = processes.filter(|process| {
        let arguments = fs::read(process.path().join("cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&arguments).contains(dir)
    });
    let status = fs::read_to_string(portals.next()?.path().join("status")).ok()?;
    mebibytes(&status, "VmRSS:")
}
