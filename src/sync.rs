//! Placeholder of `sync`.
