//! `cargo bench`: what the design promises, measured. `cargo bench -- finder` runs the parts whose name has `finder`,
//! `cargo bench -- million` the one that takes minutes.
//!
//! Timed here and nowhere else: a test that fails because a machine is busy says nothing about the program.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a report for a terminal"
)]

mod apis;
mod catalog;
mod docs;
mod finder;
mod hosts;
mod ingest;
mod portal;
mod process;
mod report;
mod screens;
mod store;
mod templates;
mod texts;

#[path = "../support/forge.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "made for tests, which use more of it"
)]
mod forge;
#[path = "../support/hostile.rs"]
mod hostile;
#[path = "../support/pty.rs"]
#[expect(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    reason = "made for tests, which use more of it"
)]
mod pty;
#[path = "../support/requests.rs"]
#[expect(clippy::unwrap_used, reason = "made for tests, too")]
mod requests;
#[path = "../support/synthetic.rs"]
mod synthetic;

use report::Report;

/// Measures one part.
type Part = fn(&mut Report);

/// The parts, each with what it measures.
const PARTS: [(&str, Part); 13] = [
    ("apis", apis::run),
    ("docs", docs::run),
    ("catalog", catalog::run),
    ("store", store::run),
    ("ingest", ingest::run),
    ("hosts", hosts::run),
    ("finder", finder::run),
    ("texts", texts::run),
    ("process", process::run),
    ("portal", portal::run),
    ("screens", screens::run),
    ("letters", screens::letters),
    ("templates", templates::run),
];

/// Parts that take long; measured only where their name is given.
const ASKED_FOR: [(&str, Part); 2] = [
    ("million: ingest", ingest::million),
    ("million: store", store::million),
];

fn main() {
    // Cargo hands over `--bench` and whatever stands behind `--`.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let named = |name: &str| wanted.iter().any(|text| name.contains(text.as_str()));
    let parts = PARTS
        .iter()
        .filter(|(name, _)| wanted.is_empty() || named(name));
    let mut report = Report::default();
    for (name, part) in parts.chain(ASKED_FOR.iter().filter(|(name, _)| named(name))) {
        report.begin(name);
        part(&mut report);
    }
    report.end();
}
