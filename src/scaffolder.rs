//! Software templates: from a `kind: Template` entity to a finished run.
//!
//! ```text
//! Entity → Template → form (fields, defaults, errors, review) → Answers → run (steps → actions) → Report
//!                                                                     ↘ journal (each run on disk)
//! ```
//!
//! [`expr`] is the template language, [`form`] is pure, and [`run`] touches nothing but its workspace folder: what else a
//! run needs of the world (template sources, entities, HTTP, tokens) comes through [`Outside`].

mod action;
pub mod answers;
pub mod check;
pub mod expr;
pub mod form;
pub mod journal;
pub(crate) mod js;
pub mod known;
pub mod lookup;
pub mod memory;
pub mod outside;
pub(crate) mod pattern;
pub mod plan;
pub mod run;
pub mod template;
pub mod update;
pub(crate) mod workspace;

pub use answers::{Answers, Secrets};
pub use outside::Outside;
pub use template::Template;
