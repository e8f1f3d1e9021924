//! The command line as a script sees it: the real binary, its output, its exit codes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "cli/authoring.rs"]
mod authoring;
#[path = "cli/bad_input.rs"]
mod bad_input;
#[path = "cli/damage.rs"]
mod damage;
#[path = "cli/finding.rs"]
mod finding;
#[path = "cli/graph.rs"]
mod graph;
#[path = "cli/reading.rs"]
mod reading;
#[path = "cli/sandbox.rs"]
mod sandbox;
#[path = "cli/usage.rs"]
mod usage;
