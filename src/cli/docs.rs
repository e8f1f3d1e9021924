//! `stagedoor docs`: reads TechDocs, of an entity or of a folder; finds text in them; gives the facts of a page.

mod facts;
mod health;
mod outline;
pub(super) mod site;
mod text;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use color_eyre::eyre::Result;
use serde_json::Value;

use super::args::{Format, Global};
use super::console::Console;
use super::data;
use super::exit::{Exit, Failure};
use super::open::Catalog;
use super::{passages, reference, work};
use crate::sync;
use crate::techdocs::Book;
use site::DocsSite;

/// How many places `--find` shows.
const FOUND: usize = 50;

/// The width of a page that goes to no terminal.
const WIDTH: usize = 80;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "flags of the command line")]
pub(crate) struct DocsArgs {
    /// The entity: a name, kind:name or kind:namespace/name
    #[arg(value_name = "REF", required_unless_present_any = ["find", "path"])]
    reference: Option<String>,

    /// The page, relative to the docs folder; the first one without it
    #[arg(value_name = "PAGE")]
    page: Option<String>,

    /// Lay the page out for so many columns
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(20..))]
    width: Option<u16>,

    /// Print without colour
    #[arg(long)]
    plain: bool,

    /// Look for words in all docs, or in those of REF
    #[arg(long, value_name = "TEXT")]
    find: Option<String>,

    /// Read the docs of a folder with an mkdocs.yml, or one Markdown file, instead of an entity's
    #[arg(long, value_name = "PATH", conflicts_with_all = ["find", "reference"])]
    path: Option<PathBuf>,

    /// Every page: as text one behind the other; with -o json the facts of each, a line a page
    #[arg(long)]
    all: bool,

    /// Read them at a branch, tag, commit or pull request (pr/12)
    #[arg(long, value_name = "REV", conflicts_with_all = ["find", "path"])]
    at: Option<String>,

    /// Print the nav: titles, pages and addresses
    #[arg(long, conflicts_with_all = ["find", "all", "page"])]
    nav: bool,

    /// List what is wrong with them: broken links, missing images and files, pages in no nav, age
    #[arg(long, conflicts_with_all = ["find", "all", "page", "at", "nav"])]
    check: bool,
}

pub(crate) fn run(args: &DocsArgs, global: &Global, console: &mut Console) -> Result<Exit> {
    let format = super::format(
        global,
        &[Format::Table, Format::Json, Format::Yaml, Format::Name],
    )?;
    if let Some(text) = &args.find {
        return find(text, args, format, global, console);
    }
    if args.check {
        return health::run(
            args.path.as_deref(),
            args.reference.as_deref(),
            format,
            global,
            console,
        );
    }
    let (site, page) = match (&args.path, &args.reference) {
        (Some(path), _) => DocsSite::at(path)?,
        (None, Some(text)) => (of_entity(text, args.at.as_deref(), global, console)?, None),
        (None, None) => {
            return Err(Failure::usage("name an entity, or a folder with --path").into());
        }
    };
    if args.nav {
        outline::write(&site.book, format, console)?;
        return Ok(Exit::Done);
    }
    if format == Format::Name {
        for page in &site.book.site.pages {
            writeln!(console.out, "{}", page.path)?;
        }
        return Ok(Exit::Done);
    }
    if args.all && matches!(format, Format::Table) {
        return whole(&site, args, console);
    }
    if args.all {
        for page in site.book.texts.keys().chain(&site.hidden) {
            let facts = serde_json::to_string(&data::cleaned(&facts_of(&site, page)?))?;
            writeln!(console.out, "{facts}")?;
        }
        return Ok(Exit::Done);
    }
    let page = site.choose(page.as_deref().or(args.page.as_deref()))?;
    match format {
        Format::Json => data::write_json(&mut console.out, &facts_of(&site, &page)?)?,
        Format::Yaml => data::write_yaml(&mut console.out, &facts_of(&site, &page)?)?,
        _ => {
            let width = width(args, console);
            text::print(&site.document(&page)?, width, args.plain, console)?;
        }
    }
    Ok(Exit::Done)
}

/// The columns that a page has.
fn width(args: &DocsArgs, console: &Console) -> usize {
    let width = args.width.map(usize::from).or(console.width);
    width.unwrap_or(WIDTH)
}

/// Prints every page in reading order, each below its path.
fn whole(site: &DocsSite, args: &DocsArgs, console: &mut Console) -> Result<Exit> {
    let width = width(args, console);
    for (number, page) in site.book.site.pages.iter().enumerate() {
        let gap = if number > 0 { "\n" } else { "" };
        writeln!(console.out, "{gap}── {} ──\n", page.path)?;
        text::print(&site.document(&page.path)?, width, args.plain, console)?;
    }
    Ok(Exit::Done)
}

/// The docs of the entity that `text` names; brought from its source where they are not kept yet.
fn of_entity(text: &str, at: Option<&str>, global: &Global, console: &Console) -> Result<DocsSite> {
    let catalog = Catalog::open(global, console)?;
    let (_, entity_ref) =
        reference::resolve(&catalog.index, text, "entity with docs", |row| row.has_docs)?;
    let files = work::run(async |cancel| match at {
        Some(at) => sync::docs::ensure_docs_at(&catalog.session, &entity_ref, at, &cancel).await,
        None => sync::docs::ensure_docs(&catalog.session, &entity_ref, &cancel).await,
    })??;
    let Some(files) = files else {
        return Err(Failure::work(format!("{entity_ref} has no docs"))
            .help("annotate it with backstage.io/techdocs-ref: dir:. and write docs/index.md")
            .into());
    };
    let book = Book::new(entity_ref.name(), &files.config, files.pages);
    Ok(DocsSite::kept(book))
}

fn facts_of(site: &DocsSite, page: &str) -> Result<Value> {
    Ok(facts::value(page, site.title(page), &site.facts(page)?))
}

fn find(
    text: &str,
    args: &DocsArgs,
    format: Format,
    global: &Global,
    console: &mut Console,
) -> Result<Exit> {
    let catalog = Catalog::open(global, console)?;
    let entity_ref = match &args.reference {
        Some(text) => {
            Some(reference::resolve(&catalog.index, text, "entity", |row| row.has_docs)?.1)
        }
        None => None,
    };
    let hits = catalog
        .store
        .search_docs(text, entity_ref.as_ref(), FOUND)?;
    if matches!(format, Format::Json | Format::Yaml) {
        let all: Vec<Value> = hits.iter().map(passages::value).collect();
        match format {
            Format::Json => data::write_json(&mut console.out, &all)?,
            _ => data::write_yaml(&mut console.out, &all.into())?,
        }
        return Ok(Exit::Done);
    }
    passages::write(&hits, format == Format::Table, console)?;
    if hits.is_empty() {
        console.note("nothing found in the docs that are kept");
    }
    Ok(Exit::Done)
}
