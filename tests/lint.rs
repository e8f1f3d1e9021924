//! `stagedoor lint` as its users run it: every rule of the table, each format, the mends.

#![expect(clippy::unwrap_used, reason = "tests")]

#[path = "lint/rules.rs"]
mod rules;
