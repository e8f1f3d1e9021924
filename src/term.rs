//! Placeholder of `term`.
