//! Placeholder of `runtime`.
