//! Placeholder of `ui`.
