//! Docs as Backstage's TechDocs reads them: `mkdocs.yml` → site, Markdown → blocks → lines.
//!
//! Pure: text in, data out; no file is opened here and nothing knows a colour. The way of a page:
//!
//! ```text
//! files ─ source::assemble ──── Sources         mkdocs.yml with all that it inherits and includes, pages, nav
//! Sources::kept ─ Config::parse ┐
//! page paths, titles ───────────┴ Site::build   order, links between pages
//! page text ─ page::parse ────── Document        blocks, links, headings; once per text; Markdown or HTML
//! Document ─ layout::layout ─── Layout          lines of runs with roles; once per width and state of folds
//! code ─ highlight::highlight ─ Highlighted     in a worker; painted over the lines it belongs to
//! ```

pub mod adr;
pub mod book;
pub mod check;
pub mod config;
pub mod document;
pub mod find;
pub mod highlight;
pub mod html;
mod ignore;
pub mod layout;
pub mod markdown;
pub mod math;
pub mod page;
mod path;
pub mod picture;
pub mod role;
pub mod section;
pub mod site;
pub mod source;

pub use book::Book;
pub use check::{CheckedPage, CheckedSite, ReadPage, age, check, read_pages};
pub use config::Config;
pub use document::{Block, BlockKind, Document, Heading, Link, Span};
pub use layout::{Layout, Line, Reading, Run, Spot, SpotTarget, layout};
pub use role::{Callout, Role};
pub use site::{LinkTarget, NavItem, Page, Site, Target};
pub use source::{Sources, Tree, assemble};
