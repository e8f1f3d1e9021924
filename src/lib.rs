//! Stagedoor: the developer portal in the terminal.
//!
//! One binary reads a company's existing Backstage files from its Git hosts and a local cache and gives a developer
//! the catalog, search, docs and templates. This page is the map; there is no logic here.
//!
//! | module | what lives there |
//! |---|---|
//! | [`catalog`] | the pure model: entities, references, relations, problems, filters, the index, the graph |
//! | [`ingest`] | bytes → YAML documents → entities, relations, problems |
//! | [`host`] | where bytes come from: files, URLs, Git, GitHub, GitLab, Bitbucket, a running Backstage, the built-in demo |
//! | [`store`] | what is kept: the record (SQLite) and the snapshot (one mapped file) |
//! | [`sync`] | what is due: host → ingest → store, with progress and cancellation |
//! | [`search`] | the query language, fuzzy matching, ranking, highlights |
//! | [`techdocs`] | `mkdocs.yml` → site, Markdown → blocks → lines |
//! | [`scaffolder`] | templates: forms, the expression language, actions, runs |
//! | [`config`] | `app-config.yaml`: layers, substitution, typed sections |
//! | [`app`] | the Elm core: model, messages, update, effects, commands; no I/O |
//! | [`ui`] | the view: a model drawn into a buffer; themes and glyphs |
//! | [`input`] | terminal events → messages, by keymap |
//! | [`term`] | the terminal session: enter, leave, suspend, panic |
//! | [`runtime`] | event loop, frames, effects → tasks → messages; the only place that knows everything |
//! | [`cli`] | the command line: one file a command |
//!
//! # The dependency rule
//!
//! Data goes one way: host → ingest → store → catalog → screen.
//!
//! ```text
//! runtime → term input ui app sync store search techdocs scaffolder config catalog
//! cli     → config sync store catalog search techdocs scaffolder ingest runtime app
//! ui      → app techdocs scaffolder search catalog
//! input   → app catalog
//! app     → catalog search techdocs scaffolder
//! sync    → host ingest store config techdocs scaffolder catalog
//! store   → catalog
//! ingest search techdocs scaffolder → catalog        host → catalog config
//! catalog config term → nothing of ours
//! ```
//!
//! `tests/architecture.rs` reads the sources and fails on a forbidden `use`.

pub mod app;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod host;
pub mod ingest;
pub mod input;
pub mod runtime;
pub mod scaffolder;
pub mod search;
pub mod store;
pub mod sync;
pub mod techdocs;
pub mod term;
pub mod ui;
