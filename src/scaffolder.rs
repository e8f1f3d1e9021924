//! Placeholder of `scaffolder`.
