//! Whether the same input means here what it means in Backstage, by what real Backstage code made of real input.
//!
//! What reads `$STAGEDOOR_SHARED` says so where that is not set: then there is nothing to compare with.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

#[path = "parity/apis.rs"]
mod apis;
#[path = "parity/backstage.rs"]
mod backstage;
#[path = "parity/catalog.rs"]
mod catalog;
#[path = "parity/lint.rs"]
mod lint;

use std::path::PathBuf;

/// The folder with corpora and goldens, where there is one.
fn shared() -> Option<PathBuf> {
    let shared = std::env::var_os("STAGEDOOR_SHARED").map(PathBuf::from);
    if shared.is_none() {
        println!("skipped: STAGEDOOR_SHARED is not set");
    }
    shared
}
