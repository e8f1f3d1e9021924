//! Placeholder of `ingest`.
