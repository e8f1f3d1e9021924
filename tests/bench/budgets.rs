//! `cargo bench`: what the design promises, measured. `cargo bench -- finder` runs the parts whose name has `finder`.
//!
//! Timed here and nowhere else: a test that fails because a machine is busy says nothing about the program.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a report for a terminal"
)]

mod catalog;
mod finder;
mod ingest;
mod portal;
mod process;
mod report;
mod store;

#[path = "../support/pty.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "made for tests, which use more of it"
)]
mod pty;
#[path = "../support/synthetic.rs"]
mod synthetic;

use report::Report;

/// Measures one part.
type Part = fn(&mut Report);

/// The parts, each with what it measures.
const PARTS: [(&str, Part); 6] = [
    ("catalog", catalog::run),
    ("store", store::run),
    ("ingest", ingest::run),
    ("finder", finder::run),
    ("process", process::run),
    ("portal", portal::run),
];

fn main() {
    // Cargo hands over `--bench` and whatever stands behind `--`.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let mut report = Report::default();
    for (name, part) in PARTS {
        if wanted.is_empty() || wanted.iter().any(|text| name.contains(text.as_str())) {
            report.begin(name);
            part(&mut report);
        }
    }
    report.end();
}
