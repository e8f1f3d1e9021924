//! Placeholder of `techdocs`.
