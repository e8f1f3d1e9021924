//! The editor of the field that has the focus: a line, an area, a choice, a picker over the catalog, the parts of a
//! repository's place.

use ratatui_textarea::{CursorMove, TextArea, WrapMode};
use serde_json::Value as Json;

use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::message::Edit;
use crate::app::text_field::TextField;
use crate::scaffolder::form::{Choice, Field, FieldKind};

use super::choices::Choices;
use super::picker::Picker;
use super::repo::{Repo, RepoHost};
use super::suggest::Suggest;

/// The rows that a list below a field takes at most.
pub const LIST_ROWS: usize = 6;

/// What stands in the field that has the focus.
#[derive(Debug)]
pub enum Editor {
    /// Nothing can be changed here.
    Fixed,
    /// One line of text.
    Line(TextField),
    /// Several lines of text.
    Area(Box<TextArea<'static>>),
    /// One of some values, or any number of them.
    Choice(Box<Choices>),
    /// Entities of the catalog.
    Picker(Box<Picker>),
    /// One line of text with what may stand in it.
    Suggest(Box<Suggest>),
    /// The parts of a repository's place.
    Repo(Box<Repo>),
    /// The end of a list: one more can be added.
    More,
}

impl Editor {
    /// The editor for `field`, holding `value`.
    pub fn open(field: &Field, value: Option<&Json>, hosts: &[RepoHost]) -> Self {
        if field.readonly {
            return Self::Fixed;
        }
        let text = || {
            value
                .map(|value| field.kind.show(value))
                .unwrap_or_default()
        };
        match &field.kind {
            FieldKind::Group => Self::Fixed,
            FieldKind::Text {
                multiline: true,
                secret: false,
            }
            | FieldKind::List(_)
            | FieldKind::Structure => Self::area(&text()),
            FieldKind::Boolean => {
                let choice = |label: &str, value: bool| Choice {
                    value: value.into(),
                    label: label.to_owned(),
                };
                Self::choice(vec![choice("Yes", true), choice("No", false)], value, false)
            }
            FieldKind::Choice(choices) => Self::choice(choices.clone(), value, false),
            FieldKind::MultiChoice(choices) => Self::choice(choices.clone(), value, true),
            FieldKind::Entity(pick) => Self::Picker(Box::new(Picker::one(pick, &text()))),
            FieldKind::Entities(pick) => Self::Picker(Box::new(Picker::many(pick, value))),
            FieldKind::RepoUrl(options) => Self::Repo(Box::new(Repo::new(options, &text(), hosts))),
            FieldKind::Branch(_) | FieldKind::RepoOwner { .. } => {
                Self::Suggest(Box::new(Suggest::new(&text(), &[])))
            }
            FieldKind::Tags(_) => Self::Suggest(Box::new(Suggest::many(&text(), Vec::new()))),
            FieldKind::Items(_) => Self::More,
            FieldKind::Variant { options, .. } => {
                let choice = |(at, label): (usize, &String)| Choice {
                    value: at.into(),
                    label: label.clone(),
                };
                Self::choice(
                    options.iter().enumerate().map(choice).collect(),
                    value,
                    false,
                )
            }
            _ => Self::Line(TextField::new(&text())),
        }
    }

    /// An area that holds `text`.
    pub fn area(text: &str) -> Self {
        let mut area = TextArea::new(
            text.trim_end_matches('\n')
                .split('\n')
                .map(str::to_owned)
                .collect(),
        );
        area.set_wrap_mode(WrapMode::WordOrGlyph);
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Self::Area(Box::new(area))
    }

    fn choice(all: Vec<Choice>, value: Option<&Json>, many: bool) -> Self {
        Self::Choice(Box::new(Choices::new(all, value, many)))
    }

    /// Whether letters are text here.
    pub fn typing(&self) -> bool {
        match self {
            Self::Fixed | Self::More => false,
            Self::Choice(choices) => choices.narrow.typing,
            _ => true,
        }
    }

    /// Carries out an edit; whether anything changed.
    pub fn edit(&mut self, edit: &Edit) -> bool {
        match self {
            Self::Fixed | Self::More => false,
            Self::Choice(choices) => {
                let changed = choices.narrow.edit(edit);
                if changed {
                    choices.cursor = Cursor::default();
                }
                changed
            }
            Self::Line(field) => field.apply(edit),
            Self::Area(area) => edit_area(area, edit),
            Self::Picker(picker) => picker.edit(edit),
            Self::Suggest(line) => line.edit(edit),
            Self::Repo(repo) => repo.edit(edit),
        }
    }

    /// Moves within the editor; `false` where the movement leads out of it.
    pub fn walk(&mut self, command: Command) -> bool {
        match self {
            Self::Fixed | Self::Line(_) | Self::More => false,
            Self::Area(area) => {
                let before = area.cursor();
                match command {
                    Command::Up => area.move_cursor(CursorMove::Up),
                    Command::Down => area.move_cursor(CursorMove::Down),
                    Command::PageUp | Command::Top => area.move_cursor(CursorMove::Top),
                    Command::PageDown | Command::Bottom => area.move_cursor(CursorMove::Bottom),
                    _ => return false,
                }
                area.cursor() != before
            }
            Self::Choice(choices) => choices.walk(command),
            Self::Picker(picker) => picker.walk(command),
            Self::Suggest(line) => line.walk(command),
            Self::Repo(repo) => repo.walk(command),
        }
    }

    /// The value that stands in it, for a field of `kind`, given what was answered before: `None` for nothing, or what
    /// is wrong with it.
    pub fn value(&self, kind: &FieldKind) -> Result<Option<Json>, String> {
        match self {
            Self::Fixed | Self::Choice(_) | Self::More => Ok(None),
            Self::Line(field) => kind.parse(field.text()),
            Self::Area(area) => kind.parse(&area.lines().join("\n")),
            Self::Picker(picker) => picker.value(kind),
            Self::Suggest(line) => kind.parse(line.field.text()),
            Self::Repo(repo) => kind.parse(&repo.text()),
        }
    }
}

fn edit_area(area: &mut TextArea<'_>, edit: &Edit) -> bool {
    match edit {
        Edit::Insert(c) => area.insert_char(*c),
        Edit::Paste(text) => return area.insert_str(text),
        Edit::Backspace => return area.delete_char(),
        Edit::Delete => return area.delete_next_char(),
        Edit::DeleteWord => return area.delete_word(),
        Edit::DeleteLine => return area.delete_line_by_head(),
        Edit::DeleteToEnd => return area.delete_line_by_end(),
        Edit::Left => area.move_cursor(CursorMove::Back),
        Edit::Right => area.move_cursor(CursorMove::Forward),
        Edit::WordLeft => area.move_cursor(CursorMove::WordBack),
        Edit::WordRight => area.move_cursor(CursorMove::WordForward),
        Edit::Home => area.move_cursor(CursorMove::Head),
        Edit::End => area.move_cursor(CursorMove::End),
    }
    matches!(edit, Edit::Insert(_))
}
