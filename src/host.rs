//! Where bytes come from: files, URLs, Git, GitHub, the built-in demo.
//!
//! A host finds descriptors ([`Host::discover`]), brings the texts of those that are not known yet ([`Host::fetch`]) and
//! reads what a descriptor points to ([`Host::read`]). It neither parses nor keeps anything.

mod error;

pub use error::HostError;
