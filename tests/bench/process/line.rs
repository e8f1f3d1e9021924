//! The portal at the other end of a slow line, and left alone.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::pty::{Portal, Pty};
use crate::report::{Budget, Report, millis, whole};

/// What the line carries, in bytes a second.
const LINE: u32 = 25_000;
/// How often a key that is held down comes, and for how long.
const REPEAT: Duration = Duration::from_millis(33);
const HELD: usize = 60;
/// How long the portal is left alone.
const REST: Duration = Duration::from_mins(1);
/// How often each thing is done.
const ROUNDS: usize = 5;

/// Measures over the catalog in `dir`, of so many entities.
pub(crate) fn run(report: &mut Report, dir: &Path, size: usize) {
    held(report, dir, size, "without preview", "p");
    held(report, dir, size, "with preview", "");
    rest(report, dir, size);
}

fn open(dir: &Path, line: Option<u32>) -> Portal {
    let (source, cache) = (dir.join("catalog"), dir.join("cache"));
    let arguments = [
        Path::new("--source"),
        &source,
        Path::new("--cache-dir"),
        &cache,
    ];
    let mut pty = Pty::portal(arguments).size(120, 40);
    if let Some(line) = line {
        pty = pty
            .line(line)
            .env("SSH_CONNECTION", "10.0.0.1 1 10.0.0.2 22");
    }
    pty.open()
}

/// The portal at the list of the catalog, after `key`, where there is one.
fn list(dir: &Path, line: Option<u32>, key: &str) -> Portal {
    let mut portal = open(dir, line);
    portal
        .wait_for("synced")
        .press("C")
        .wait_for("NAME")
        .settle();
    if !key.is_empty() {
        portal.press(key).settle();
    }
    portal
}

/// How long the screen goes on changing after a key that was held down is let go.
fn held(report: &mut Report, dir: &Path, size: usize, what: &str, key: &str) {
    let mut lags = Vec::new();
    let mut most = 0;
    for _ in 0..ROUNDS {
        let mut portal = list(dir, Some(LINE), key);
        for _ in 0..HELD {
            portal.press("down");
            std::thread::sleep(REPEAT);
        }
        let (released, before) = (Instant::now(), portal.bytes());
        let last = portal.last_written_after_settling();
        lags.push(last.saturating_duration_since(released));
        most = most.max(portal.bytes() - before);
        portal.press("ctrl-c").exit();
    }
    // The frame that is on its way when the key is let go, and one after it.
    let frame = u32::try_from(largest_frame(dir, key)).unwrap_or(u32::MAX);
    let budget = Duration::from_secs(1) * frame / LINE * 2 + REPEAT;
    let name = format!("a held key let go, 25 KB/s, {what}");
    report.samples(&name, size, Budget::P99(budget), lags);
    report.number(&format!("{name}: bytes"), size, whole(most), "B");
}

/// The bytes of one step of that list.
fn largest_frame(dir: &Path, key: &str) -> usize {
    let mut portal = list(dir, None, key);
    let steps = (0..45).map(|_| {
        let before = portal.bytes();
        portal.press("down").settle();
        portal.bytes() - before
    });
    let most = steps.max().unwrap_or(0);
    portal.press("ctrl-c").exit();
    most
}

/// What the portal does while nobody does anything.
fn rest(report: &mut Report, dir: &Path, size: usize) {
    let mut portal = open(dir, None);
    portal.wait_for("synced").settle();
    let worked = |portal: &Portal| ticks(portal.pid());
    let (bytes, before) = (portal.bytes(), worked(&portal));
    std::thread::sleep(REST);
    let written = portal.bytes() - bytes;
    match before.zip(worked(&portal)) {
        Some((before, after)) => {
            // A tick is 10 ms; what is left is the look whether the terminal is still there, once a second.
            let spent = millis(10.0 * whole(after.saturating_sub(before)));
            let percent = 100.0 * spent.as_secs_f64() / REST.as_secs_f64();
            report.at_most("at rest, 60 s: processor", size, percent, "%", 0.1);
        }
        None => report.skipped("at rest, 60 s: processor", "/proc does not say"),
    }
    report.at_most("at rest, 60 s: written", size, whole(written), "B", 0.0);
    portal.press("ctrl-c").exit();
}

/// The processor time of a process, in ticks of the system.
fn ticks(pid: u32) -> Option<usize> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Behind the name, which may hold anything but a closing bracket as its last.
    let mut fields = text.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<usize>().ok();
    Some(next()? + next()?)
}
