//! Writing what the catalog's table lists to a file, or handing it over to be copied.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::app::Answer;
use crate::app::page::catalog::Export;
use crate::catalog::export::{Field, Sheet};
use crate::catalog::text::counted;
use crate::catalog::{Index, Row};

/// The most that is handed over to be copied, in bytes; terminals take less.
const COPIED: usize = 128 * 1024;
/// How many names are tried before the folder is taken to be full of exports.
const NAMES: u32 = 1_000;

/// Exports `rows` of `index`, each with `fields`.
pub(super) fn carry_out(index: &Index, rows: &[Row], fields: &[Field], export: Export) -> Answer {
    if export.copied {
        let mut text = Bounded::default();
        return match export.sheet.write(index, rows, fields, &mut text) {
            Ok(()) => Answer::Exported(String::from_utf8_lossy(&text.bytes).into_owned()),
            Err(_) => Answer::Said(Err(
                "This is too much for a terminal's clipboard; write it to a file.".to_owned(),
            )),
        };
    }
    let written = std::env::current_dir().and_then(|folder| {
        let (path, file) = create(&folder, export.sheet)?;
        let mut out = BufWriter::new(file);
        let written = export.sheet.write(index, rows, fields, &mut out);
        match written.and_then(|()| out.flush()) {
            Ok(()) => Ok(path),
            Err(error) => {
                // Half a file would be taken for a whole one.
                let _ = std::fs::remove_file(&path);
                Err(error)
            }
        }
    });
    Answer::Said(match written {
        Ok(path) => Ok(format!(
            "Wrote {} to {}.",
            counted(rows.len(), "entity"),
            path.display()
        )),
        Err(error) => Err(format!("The file cannot be written here: {error}.")),
    })
}

/// A new file in `folder`; nothing that is there is written over.
fn create(folder: &Path, sheet: Sheet) -> io::Result<(PathBuf, File)> {
    let extension = sheet.extension();
    for number in 1..=NAMES {
        let name = match number {
            1 => format!("catalog.{extension}"),
            number => format!("catalog-{number}.{extension}"),
        };
        let path = folder.join(name);
        match File::create_new(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(file) => return Ok((path, file)),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

/// Text that may grow to [`COPIED`].
#[derive(Debug, Default)]
struct Bounded {
    bytes: Vec<u8>,
}

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > COPIED {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_is_there_is_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let mut names = Vec::new();
        for _ in 0..3 {
            let (path, _) = create(dir.path(), Sheet::Csv).unwrap();
            names.push(path.file_name().unwrap().to_string_lossy().into_owned());
        }
        assert_eq!(names, ["catalog.csv", "catalog-2.csv", "catalog-3.csv"]);
    }

    #[test]
    fn what_no_clipboard_takes_is_refused() {
        let mut text = Bounded::default();
        assert!(text.write_all(&vec![b'x'; COPIED]).is_ok());
        assert!(text.write_all(b"x").is_err());
    }
}
