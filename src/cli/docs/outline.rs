//! The nav of a site, as lines or as data.

use std::io;

use color_eyre::eyre::Result;
use serde_json::{Value, json};

use crate::cli::args::Format;
use crate::cli::console::Console;
use crate::cli::data;
use crate::techdocs::{Book, NavItem, Target};

/// Prints the nav of `book`.
pub(super) fn write(book: &Book, format: Format, console: &mut Console) -> Result<()> {
    match format {
        Format::Json => data::write_json(&mut console.out, &values(book, &book.site.nav))?,
        Format::Yaml => data::write_yaml(&mut console.out, &values(book, &book.site.nav).into())?,
        _ => lines(&book.site.nav, 0, console)?,
    }
    Ok(())
}

fn values(book: &Book, items: &[NavItem]) -> Vec<Value> {
    let value = |item: &NavItem| match &item.target {
        Target::Page(page) => {
            json!({"title": item.title, "page": page, "edit": book.site.edit_url(page)})
        }
        Target::Url(url) => json!({"title": item.title, "url": url}),
        Target::Section(items) => json!({"title": item.title, "items": values(book, items)}),
    };
    items.iter().map(value).collect()
}

fn lines(items: &[NavItem], depth: usize, console: &mut Console) -> io::Result<()> {
    use std::io::Write as _;
    for item in items {
        let pad = "  ".repeat(depth);
        let title = &item.title;
        match &item.target {
            Target::Page(page) => writeln!(console.out, "{pad}{title}  {page}")?,
            Target::Url(url) => writeln!(console.out, "{pad}{title}  {url}")?,
            Target::Section(items) => {
                writeln!(console.out, "{pad}{title}")?;
                lines(items, depth + 1, console)?;
            }
        }
    }
    Ok(())
}
