//! How the user wants the table: which columns, and by what it is grouped. Kept from one day to the next.

use std::fmt;

use crate::catalog::export::Field;
use crate::catalog::index::Column;

/// How the table is shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// The columns beside the name, in their order; `None` where there are as many as fit.
    pub fields: Option<Vec<Field>>,
    /// By what rows are grouped.
    pub group: Option<Grouping>,
    /// By what they are sorted, and whether that is turned around; told of saved views alone.
    pub sort: Option<(Column, bool)>,
}

/// By what rows are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grouping {
    /// The owner.
    Owner,
    /// The system.
    System,
    /// The domain of the system.
    Domain,
}

impl Grouping {
    const ALL: [Self; 3] = [Self::Owner, Self::System, Self::Domain];

    /// Its name, in lower case.
    pub fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::System => "system",
            Self::Domain => "domain",
        }
    }

    /// What comes after `grouping`: no grouping after the last.
    pub(super) fn after(grouping: Option<Self>) -> Option<Self> {
        match grouping {
            None => Some(Self::Owner),
            Some(Self::Owner) => Some(Self::System),
            Some(Self::System) => Some(Self::Domain),
            Some(Self::Domain) => None,
        }
    }
}

impl View {
    /// Reads what [`View`]'s `Display` writes; what it does not know it leaves out.
    pub fn parse(text: &str) -> Self {
        let mut view = Self::default();
        for (key, value) in text.split(' ').filter_map(|word| word.split_once('=')) {
            match key {
                "columns" => {
                    view.fields = Some(value.split(',').filter_map(Field::parse).collect());
                }
                "sort" => view.sort = Column::parse(value),
                "group" => {
                    let mut all = Grouping::ALL.into_iter();
                    view.group = all.find(|grouping| grouping.name() == value);
                }
                _ => {}
            }
        }
        view
    }

    /// Whether `field` is among the columns, as far as it fits.
    pub fn has(&self, field: Field) -> bool {
        match &self.fields {
            Some(fields) => fields.contains(&field),
            None => Field::USUAL.contains(&field),
        }
    }

    /// Adds a column, or takes it away.
    pub(super) fn toggle(&mut self, field: Field) {
        let fields = self.fields.get_or_insert_with(|| Field::USUAL.to_vec());
        if let Some(at) = fields.iter().position(|other| *other == field) {
            fields.remove(at);
        } else {
            fields.push(field);
            fields.sort_unstable();
        }
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.fields.as_ref().map(|fields| {
            let names: Vec<&str> = fields.iter().map(|field| field.name()).collect();
            format!("columns={}", names.join(","))
        });
        let group = self.group.map(|group| format!("group={}", group.name()));
        let sort = self.sort.map(|(column, reversed)| {
            format!("sort={}{}", if reversed { "-" } else { "" }, column.name())
        });
        let words: Vec<String> = columns.into_iter().chain(group).chain(sort).collect();
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_is_read_as_it_was_written() {
        let mut view = View::default();
        assert_eq!(View::parse(&view.to_string()), view);
        view.toggle(Field::System);
        view.toggle(Field::Title);
        view.group = Grouping::after(Some(Grouping::Owner));
        view.sort = Some((Column::Title, true));
        let text = view.to_string();
        assert_eq!(
            text,
            "columns=kind,type,owner,lifecycle,tags,title group=system sort=-title"
        );
        assert_eq!(View::parse(&text), view);
        assert_eq!(
            View::parse("columns=colour,owner group=moon sort=size x"),
            View {
                fields: Some(vec![Field::Owner]),
                ..View::default()
            }
        );
    }
}
