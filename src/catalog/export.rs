//! Rows of the index as a sheet for other programs: CSV, Markdown, JSON.

use std::io::{self, Write};

use serde_json::{Map, Value};

use super::index::{Column, Index, Row, Summary};

/// Something that a list tells of an entity beside its reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// The kind, in lower case.
    Kind,
    /// `spec.type`.
    Type,
    /// The owner.
    Owner,
    /// The system.
    System,
    /// `spec.lifecycle`.
    Lifecycle,
    /// The tags, parted by spaces.
    Tags,
    /// The namespace.
    Namespace,
    /// The title.
    Title,
    /// The beginning of the description.
    Description,
}

impl Field {
    /// Every field, in the order in which they stand.
    pub const ALL: [Self; 9] = [
        Self::Kind,
        Self::Type,
        Self::Owner,
        Self::System,
        Self::Lifecycle,
        Self::Tags,
        Self::Namespace,
        Self::Title,
        Self::Description,
    ];

    /// What a table shows where nobody chose.
    pub const USUAL: [Self; 6] = [
        Self::Kind,
        Self::Type,
        Self::Owner,
        Self::System,
        Self::Lifecycle,
        Self::Tags,
    ];

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Type => "type",
            Self::Owner => "owner",
            Self::System => "system",
            Self::Lifecycle => "lifecycle",
            Self::Tags => "tags",
            Self::Namespace => "namespace",
            Self::Title => "title",
            Self::Description => "description",
        }
    }

    /// The field called `name`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|field| field.name() == name)
    }

    /// The column that sorts by it.
    pub fn column(self) -> Column {
        match self {
            Self::Kind => Column::Kind,
            Self::Type => Column::Type,
            Self::Owner => Column::Owner,
            Self::System => Column::System,
            Self::Lifecycle => Column::Lifecycle,
            Self::Namespace => Column::Namespace,
            Self::Tags => Column::Tags,
            Self::Title => Column::Title,
            Self::Description => Column::Description,
        }
    }

    /// What it is of one entity; references are whole.
    pub fn of(self, summary: &Summary<'_>) -> String {
        match self {
            Self::Kind => summary.kind.to_lowercase(),
            Self::Type => summary.entity_type.to_owned(),
            Self::Owner => summary.owner.to_owned(),
            Self::System => summary.system.to_owned(),
            Self::Lifecycle => summary.lifecycle.to_owned(),
            Self::Tags => summary.tags.to_owned(),
            Self::Namespace => summary.namespace.to_owned(),
            Self::Title => summary.title.to_owned(),
            Self::Description => summary.description.to_owned(),
        }
    }
}

/// The form of a sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// Comma-separated values as RFC 4180 has them, with a head.
    Csv,
    /// A table of GitHub's Markdown.
    Markdown,
    /// An array of objects.
    Json,
}

impl Sheet {
    /// Every form.
    pub const ALL: [Self; 3] = [Self::Csv, Self::Markdown, Self::Json];

    /// How the name of a file of it ends.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Markdown => "md",
            Self::Json => "json",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Csv => "CSV",
            Self::Markdown => "Markdown",
            Self::Json => "JSON",
        }
    }

    /// Writes `rows`, each by its reference and `fields`.
    pub fn write(
        self,
        index: &Index,
        rows: &[Row],
        fields: &[Field],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let head = || std::iter::once("entity").chain(fields.iter().map(|field| field.name()));
        match self {
            Self::Csv => line(out, head().map(csv), "", ",", "\r\n")?,
            Self::Markdown => {
                line(out, head().map(str::to_owned), "| ", " | ", " |\n")?;
                line(out, head().map(|_| "---".to_owned()), "| ", " | ", " |\n")?;
            }
            Self::Json => out.write_all(b"[")?,
        }
        let mut first = true;
        for summary in rows.iter().filter_map(|row| index.summary(*row)) {
            let reference = index.entity_ref(summary.row).map(|of| of.to_string());
            let cells = std::iter::once(reference.unwrap_or_default())
                .chain(fields.iter().map(|field| field.of(&summary)));
            match self {
                Self::Csv => line(out, cells.map(|cell| csv(&cell)), "", ",", "\r\n")?,
                Self::Markdown => {
                    line(out, cells.map(|cell| markdown(&cell)), "| ", " | ", " |\n")?;
                }
                Self::Json => {
                    out.write_all(if first { b"\n" } else { b",\n" })?;
                    let object: Map<String, Value> = head()
                        .zip(cells)
                        .map(|(name, cell)| (name.to_owned(), cell.into()))
                        .collect();
                    serde_json::to_writer(&mut *out, &object)?;
                }
            }
            first = false;
        }
        if self == Self::Json {
            out.write_all(b"\n]\n")?;
        }
        Ok(())
    }
}

fn line(
    out: &mut dyn Write,
    cells: impl Iterator<Item = String>,
    before: &str,
    between: &str,
    behind: &str,
) -> io::Result<()> {
    let cells: Vec<String> = cells.collect();
    write!(out, "{before}{}{behind}", cells.join(between))
}

/// A cell, in quotes where it must be. What a spreadsheet would take for a formula is kept from being one.
fn csv(cell: &str) -> String {
    let formula = cell.starts_with(['=', '+', '-', '@']);
    if formula {
        format!("\"'{}\"", cell.replace('"', "\"\""))
    } else if cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

/// A cell in which nothing ends it.
fn markdown(cell: &str) -> String {
    cell.replace('\\', "\\\\").replace('|', "\\|")
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::catalog::index::{IndexEntry, Tally};
    use crate::catalog::{Entity, EntityRef, Provenance};

    fn written(sheet: Sheet) -> String {
        let entity = |name: &str, description: &str| Entity {
            entity_ref: EntityRef::new("component", "default", name),
            body: json!({
                "kind": "Component",
                "metadata": {"name": name, "description": description, "tags": ["go"]},
                "spec": {"owner": "team-a"},
            }),
            provenance: Provenance::default(),
        };
        let entities = [
            entity("pay", "Takes \"cards\", and | pipes"),
            entity("web", "=1+1"),
        ];
        let entries: Vec<IndexEntry<'_>> = entities
            .iter()
            .map(|entity| IndexEntry {
                entity,
                problems: Tally::default(),
            })
            .collect();
        let index = Index::of(&entries, &[]).unwrap();
        let rows: Vec<Row> = index.rows().collect();
        let fields = [Field::Owner, Field::Tags, Field::Description];
        let mut out = Vec::new();
        sheet.write(&index, &rows, &fields, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn csv_quotes_what_must_be_and_makes_no_formulas() {
        assert_eq!(
            written(Sheet::Csv),
            "entity,owner,tags,description\r\n\
             component:default/pay,group:default/team-a,go,\"Takes \"\"cards\"\", and | pipes\"\r\n\
             component:default/web,group:default/team-a,go,\"'=1+1\"\r\n"
        );
    }

    #[test]
    fn markdown_is_a_table() {
        assert_eq!(
            written(Sheet::Markdown),
            "| entity | owner | tags | description |\n\
             | --- | --- | --- | --- |\n\
             | component:default/pay | group:default/team-a | go | Takes \"cards\", and \\| pipes |\n\
             | component:default/web | group:default/team-a | go | =1+1 |\n"
        );
    }

    #[test]
    fn json_is_an_array_of_objects() {
        let read: Value = serde_json::from_str(&written(Sheet::Json)).unwrap();
        assert_eq!(read[1]["entity"], "component:default/web");
        assert_eq!(read[1]["description"], "=1+1");
        let keys: Vec<&String> = read[0].as_object().unwrap().keys().collect();
        assert_eq!(keys, ["entity", "owner", "tags", "description"]);
    }
}
