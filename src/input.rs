//! Placeholder of `input`.
