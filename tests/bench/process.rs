//! The real binary, as a process of its own: what it takes in time and memory.

mod line;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::report::{Budget, Report, millis};
use crate::synthetic::Synthetic;

/// As many as the largest real catalog that was measured against Backstage (481 s and 1.3 GB there).
const REAL: usize = 12_751;

pub(crate) fn run(report: &mut Report) {
    let dir = tempfile::tempdir().expect("a folder");
    Synthetic::new(REAL)
        .write(&dir.path().join("catalog"), 10)
        .expect("written");
    for name in ["sync: from files", "sync: again, nothing changed"] {
        match stagedoor(dir.path(), &["sync"]) {
            Ok(ended) => {
                report.samples(name, REAL, Budget::Median(millis(2000.0)), vec![ended.took]);
                report.at_most(
                    &format!("{name}, peak memory"),
                    REAL,
                    ended.peak_mib,
                    "MiB",
                    150.0,
                );
            }
            Err(why) => report.skipped(name, &why),
        }
    }
    let found = ["find", "payment gateway", "--limit", "20"];
    match stagedoor(dir.path(), &found) {
        Ok(ended) => report.samples(
            "find: one command",
            REAL,
            Budget::Median(millis(50.0)),
            vec![ended.took],
        ),
        Err(why) => report.skipped("find: one command", &why),
    }
    line::run(report, dir.path(), REAL);
}

/// How a process ended.
pub(crate) struct Ended {
    /// From its start to its end.
    pub(crate) took: Duration,
    /// The most memory it had.
    pub(crate) peak_mib: f64,
}

/// Runs the binary over the catalog in `dir` to its end.
pub(crate) fn stagedoor(dir: &Path, arguments: &[&str]) -> Result<Ended, String> {
    let started = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_stagedoor"))
        .args(arguments)
        .arg("--source")
        .arg(dir.join("catalog"))
        .arg("--cache-dir")
        .arg(dir.join("cache"))
        .env("HOME", dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| error.to_string())?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    loop {
        // The high-water mark goes with the process, so it is read until the end.
        if let Ok(text) = fs::read_to_string(&status) {
            peak = mebibytes(&text, "VmHWM:").unwrap_or(peak);
        }
        if let Some(code) = child.try_wait().map_err(|error| error.to_string())? {
            let took = started.elapsed();
            // 1 says that problems were found: the synthetic catalog has dangling references.
            return match code.code() {
                Some(0 | 1) => Ok(Ended {
                    took,
                    peak_mib: peak,
                }),
                _ => Err(format!("it ended with {code}")),
            };
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A size of a Linux process status, in MiB.
pub(crate) fn mebibytes(status: &str, key: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    let kib: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib / 1024.0)
}
