//! The real binary in a terminal: what a person presses, and what stands on the screen then.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

#[path = "support/pty.rs"]
mod pty;

#[path = "e2e/picture.rs"]
mod picture;
#[path = "e2e/session.rs"]
mod session;
#[path = "e2e/stories.rs"]
mod stories;
