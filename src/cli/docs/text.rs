//! A page printed: laid out to a width, with the inks that a command has.

use std::io::{self, Write};

use crate::cli::console::Console;
use crate::cli::style::Ink;
use crate::techdocs::layout::{Reading, Run, layout};
use crate::techdocs::{Document, Role};

pub(super) fn print(
    document: &Document,
    width: usize,
    plain: bool,
    console: &mut Console,
) -> io::Result<()> {
    let width = u16::try_from(width).unwrap_or(u16::MAX);
    let reading = Reading {
        printed: true,
        ..Reading::default()
    };
    let layout = layout(document, width, &reading);
    for line in layout.lines.iter() {
        let mut text = String::new();
        for run in &line.runs {
            if plain {
                text.push_str(&run.text);
            } else {
                text.push_str(&console.paint(ink(run), &run.text));
            }
        }
        writeln!(console.out, "{}", text.trim_end())?;
    }
    Ok(())
}

fn ink(run: &Run) -> Ink {
    match run.role {
        Role::Heading1 | Role::Heading2 | Role::Heading3 | Role::TableHead | Role::TabActive => {
            Ink::Bold
        }
        Role::Link | Role::Code | Role::Key => Ink::Accent,
        Role::Mark | Role::Callout(_) => Ink::Warn,
        Role::Dim
        | Role::Border
        | Role::QuoteBar
        | Role::CodeTitle
        | Role::TabLabel
        | Role::Comment
        | Role::Footnote => Ink::Dim,
        _ if run.weight.strong => Ink::Bold,
        _ => Ink::Plain,
    }
}
