//! `stagedoor lint` as its users run it: every rule of the table, each format, the mends.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "lint/fix.rs"]
mod fix;
#[path = "lint/output.rs"]
mod output;
#[path = "lint/rules.rs"]
mod rules;
