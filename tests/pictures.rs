//! The pictures of the docs: the demo in the real binary, each screen as it looks after a few keys.
//!
//! `UPDATE_DOCS=1 cargo test --test pictures` takes them anew, `… --test pictures finder` only those of that name.

#![cfg(unix)]
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

#[path = "support/pty.rs"]
#[expect(dead_code, reason = "pictures need a part of it")]
mod pty;
#[path = "support/svg.rs"]
mod svg;

#[path = "pictures/camera.rs"]
mod camera;
#[path = "pictures/screens.rs"]
mod screens;
