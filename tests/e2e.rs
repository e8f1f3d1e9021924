//! The real binary in a terminal: what a person presses, and what stands on the screen then.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "tests"
)]

#[path = "support/forge.rs"]
#[expect(dead_code, reason = "the stories need a part of it")]
mod forge;
#[path = "support/instance.rs"]
#[expect(dead_code, reason = "the first run needs a part of it")]
mod instance;
#[path = "support/pty.rs"]
#[expect(dead_code, reason = "benchmarks need more of it")]
mod pty;
#[path = "support/tmux.rs"]
mod tmux;

#[path = "e2e/company.rs"]
mod company;
#[path = "e2e/corpus.rs"]
mod corpus;
#[path = "e2e/drifting.rs"]
mod drifting;
#[path = "e2e/facts.rs"]
mod facts;
#[path = "e2e/finding.rs"]
mod finding;
#[path = "e2e/images.rs"]
mod images;
#[path = "e2e/in_tmux.rs"]
mod in_tmux;
#[path = "e2e/lasting.rs"]
mod lasting;
#[path = "e2e/look.rs"]
mod look;
#[path = "e2e/own_site.rs"]
mod own_site;
#[path = "e2e/panic.rs"]
mod panic;
#[path = "e2e/picking.rs"]
mod picking;
#[path = "e2e/places.rs"]
mod places;
#[path = "e2e/problems.rs"]
mod problems;
#[path = "e2e/publishing.rs"]
mod publishing;
#[path = "e2e/reading.rs"]
mod reading;
#[path = "e2e/refresh.rs"]
mod refresh;
#[path = "e2e/resuming.rs"]
mod resuming;
#[path = "e2e/saving.rs"]
mod saving;
#[path = "e2e/session.rs"]
mod session;
#[path = "e2e/signing_in.rs"]
mod signing_in;
#[path = "e2e/snapshot.rs"]
mod snapshot;
#[path = "e2e/stories.rs"]
mod stories;
#[path = "e2e/terminal.rs"]
mod terminal;
#[path = "e2e/updating.rs"]
mod updating;
#[path = "e2e/welcome.rs"]
mod welcome;
#[path = "e2e/wizard.rs"]
mod wizard;
