//! Placeholder of `host`.
