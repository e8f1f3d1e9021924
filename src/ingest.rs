//! Bytes → YAML documents → entities, relations and problems, as Backstage reads its descriptors.
//!
//! [`ingest`] is the one pipeline behind the portal, `lint` and `export`: it takes [`Root`]s (locations with or without
//! the files already fetched), follows Locations and placeholders through a [`Reader`], and gives all that can be read,
//! with the problems of each file and entity and with what Backstage itself would have done. What a running Backstage has
//! processed already goes through [`Processed`] instead.
//!
//! Nothing here opens a file or a connection; a [`Reader`] does, and `sync` implements it over the hosts.

mod check;
mod crawl;
mod definition;
mod document;
mod gathered;
mod lint;
mod located;
mod location;
pub mod mend;
mod merge;
mod options;
mod placeholder;
mod processed;
mod reader;
mod relation;
mod rules;
mod seen;
mod target;
mod templated;
mod token;

use crate::catalog::backstage::RootLocation;
use crate::catalog::{Packed, Problem, Relation};

pub use crate::catalog::yaml::Bounds;
pub use gathered::{Gathered, gather, join};
pub use lint::{Lint, lint};
pub use located::Located;
pub use location::{Location, LocationError, LocationType};
pub use options::{Found, Limits, Options, Root, Standing};
pub use processed::Processed;
pub use reader::{Match, NoReader, ReadError, Reader, SourceFile};
pub use rules::{Allow, Origins, Rules};

/// What a set of roots gave, in the order of the roots.
#[derive(Debug, Default)]
pub struct Ingested {
    /// The entities. Each reference is there once: of two descriptions the first one stays.
    pub entities: Vec<IngestedEntity>,
    /// What is wrong, by file, line and column.
    pub problems: Vec<Problem>,
    /// The templates among the documents, with their places: those who know what templates mean check them further.
    pub templates: Vec<Located>,
    /// How many files were read.
    pub files: usize,
    /// How many files were left out because they are templates of descriptors (`{{ … }}`), not descriptors.
    pub templated: usize,
    /// Those of the roots that a Backstage would have read whole.
    pub roots: Vec<RootLocation>,
}

/// One entity with the relations that it states.
#[derive(Debug, Clone, PartialEq)]
pub struct IngestedEntity {
    /// The entity.
    pub entity: Packed,
    /// What its fields say, each link in both directions, sorted, without doubles.
    pub relations: Vec<Relation>,
}

/// Reads `roots` and all they lead to. Files are parsed in parallel; the result depends only on the input.
pub fn ingest(roots: &[Root], reader: &dyn Reader, options: &Options) -> Ingested {
    merge::merge(crawl::crawl(roots, reader, options), roots)
}

#[cfg(test)]
mod tests;
