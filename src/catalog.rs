//! The pure model of the catalog: what an entity is, how entities refer and relate to each other, what can be wrong
//! with them, and the read-only index over all of them.
//!
//! Nothing here does I/O or knows any other module of this crate.

pub mod api;
pub mod ask;
pub mod backstage;
pub mod codeowners;
pub mod elsewhere;
pub mod entity;
pub mod entity_ref;
pub mod export;
pub mod facts;
pub mod filter;
mod flatten;
pub mod fold;
pub mod graph;
pub mod index;
pub mod integration;
pub mod kind;
pub mod nearest;
pub mod packed;
pub mod panel;
pub mod policy;
pub mod problem;
pub mod relation;
pub mod terms;
pub mod text;
pub(crate) mod yaml;

pub use elsewhere::ElsewherePage;
pub use entity::{Entity, Provenance};
pub use entity_ref::{EntityRef, RefError};
pub use index::{Index, Row};
pub use integration::{HostKind, Integrations};
pub use kind::Kind;
pub use packed::Packed;
pub use problem::{Level, Place, Problem, Rule};
pub use relation::{Relation, RelationType};
pub use terms::Terms;
