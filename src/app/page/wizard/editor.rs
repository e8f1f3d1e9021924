//! The editor of the field that has the focus: a line, an area, a choice, a picker over the catalog, the parts of a
//! repository's place.

use ratatui_textarea::{CursorMove, TextArea, WrapMode};
use serde_json::Value as Json;

use crate::app::command::Command;
use crate::app::cursor::Cursor;
use crate::app::message::Edit;
use crate::app::text_field::TextField;
use crate::scaffolder::form::repo_url::RepoUrl;
use crate::scaffolder::form::{Choice, Field, FieldKind, RepoUrlOptions};

use super::picker::Picker;

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
    Choice {
        /// What there is to choose from.
        choices: Vec<Choice>,
        /// Which one the cursor is on.
        cursor: Cursor,
        /// Whether several can be chosen.
        many: bool,
    },
    /// Entities of the catalog.
    Picker(Box<Picker>),
    /// The parts of a repository's place.
    Repo {
        /// Each part with what is in it.
        parts: Vec<(RepoPart, TextField)>,
        /// Which part has the focus.
        focus: usize,
    },
}

/// A part of a repository's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RepoPart {
    /// The host.
    Host,
    /// The owner: a person or an organization.
    Owner,
    /// The organization (Azure DevOps).
    Organization,
    /// The workspace (Bitbucket Cloud).
    Workspace,
    /// The project.
    Project,
    /// The repository's name.
    Repo,
}

impl RepoPart {
    /// What to call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Owner => "owner",
            Self::Organization => "organization",
            Self::Workspace => "workspace",
            Self::Project => "project",
            Self::Repo => "name",
        }
    }

    /// The parts that a host wants, as Backstage's picker asks for them.
    fn of(host: &str) -> &'static [Self] {
        match host {
            "dev.azure.com" => &[Self::Host, Self::Organization, Self::Project, Self::Repo],
            "bitbucket.org" => &[Self::Host, Self::Workspace, Self::Project, Self::Repo],
            _ => &[Self::Host, Self::Owner, Self::Repo],
        }
    }

    fn get(self, url: &RepoUrl) -> &str {
        match self {
            Self::Host => &url.host,
            Self::Owner => &url.owner,
            Self::Organization => &url.organization,
            Self::Workspace => &url.workspace,
            Self::Project => &url.project,
            Self::Repo => &url.repo,
        }
    }

    fn set(self, url: &mut RepoUrl, text: &str) {
        let part = match self {
            Self::Host => &mut url.host,
            Self::Owner => &mut url.owner,
            Self::Organization => &mut url.organization,
            Self::Workspace => &mut url.workspace,
            Self::Project => &mut url.project,
            Self::Repo => &mut url.repo,
        };
        text.trim().clone_into(part);
    }
}

impl Editor {
    /// The editor for `field`, holding `value`.
    pub fn open(field: &Field, value: Option<&Json>) -> Self {
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
            FieldKind::RepoUrl(options) => Self::repo(options, &text()),
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

    fn choice(choices: Vec<Choice>, value: Option<&Json>, many: bool) -> Self {
        let at = choices
            .iter()
            .position(|choice| Some(&choice.value) == value);
        let mut cursor = Cursor::default();
        cursor.select(at.unwrap_or(0), choices.len(), LIST_ROWS);
        Self::Choice {
            choices,
            cursor,
            many,
        }
    }

    fn repo(options: &RepoUrlOptions, text: &str) -> Self {
        let mut url = RepoUrl::read(text);
        let allowed = [
            (RepoPart::Host, &options.hosts),
            (RepoPart::Owner, &options.owners),
            (RepoPart::Organization, &options.organizations),
            (RepoPart::Project, &options.projects),
            (RepoPart::Repo, &options.repos),
        ];
        for (part, allowed) in allowed {
            if let Some(first) = allowed.first().filter(|_| part.get(&url).is_empty()) {
                part.set(&mut url, first);
            }
        }
        let parts: Vec<_> = RepoPart::of(&url.host)
            .iter()
            .map(|part| (*part, TextField::new(part.get(&url))))
            .collect();
        let focus = parts
            .iter()
            .position(|(_, field)| field.text().is_empty())
            .unwrap_or(0);
        Self::Repo { parts, focus }
    }

    /// Whether letters are text here.
    pub fn typing(&self) -> bool {
        !matches!(self, Self::Fixed | Self::Choice { .. })
    }

    /// Carries out an edit; whether anything changed.
    pub fn edit(&mut self, edit: &Edit) -> bool {
        match self {
            Self::Fixed | Self::Choice { .. } => false,
            Self::Line(field) => field.apply(edit),
            Self::Area(area) => edit_area(area, edit),
            Self::Picker(picker) => picker.edit(edit),
            Self::Repo { parts, focus } => {
                let Some((part, field)) = parts.get_mut(*focus) else {
                    return false;
                };
                let changed = field.apply(edit);
                if changed && *part == RepoPart::Host {
                    self.reshape_repo();
                }
                changed
            }
        }
    }

    /// A host of another kind wants other parts; those that both have are kept.
    fn reshape_repo(&mut self) {
        let Self::Repo { parts, .. } = self else {
            return;
        };
        let host = parts
            .first()
            .map(|(_, field)| field.text().to_owned())
            .unwrap_or_default();
        let wanted = RepoPart::of(&host);
        if parts
            .iter()
            .map(|(part, _)| *part)
            .eq(wanted.iter().copied())
        {
            return;
        }
        let mut before = std::mem::take(parts);
        *parts = wanted
            .iter()
            .map(|wanted| {
                let at = before.iter().position(|(part, _)| part == wanted);
                at.map_or_else(|| (*wanted, TextField::default()), |at| before.remove(at))
            })
            .collect();
    }

    /// Moves within the editor; `false` where the movement leads out of it.
    pub fn walk(&mut self, command: Command) -> bool {
        match self {
            Self::Fixed | Self::Line(_) => false,
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
            Self::Choice {
                choices, cursor, ..
            } => {
                let command = match command {
                    Command::Left => Command::Up,
                    Command::Right => Command::Down,
                    other => other,
                };
                let before = cursor.selected;
                cursor.apply(command, choices.len(), LIST_ROWS) && cursor.selected != before
            }
            Self::Picker(picker) => picker.walk(command),
            Self::Repo { parts, focus } => match command {
                Command::Down | Command::NextTab | Command::Open if *focus + 1 < parts.len() => {
                    *focus += 1;
                    true
                }
                Command::Up | Command::PrevTab if *focus > 0 => {
                    *focus -= 1;
                    true
                }
                _ => false,
            },
        }
    }

    /// The value that stands in it, for a field of `kind`, given what was answered before: `None` for nothing, or what
    /// is wrong with it.
    pub fn value(&self, kind: &FieldKind) -> Result<Option<Json>, String> {
        match self {
            Self::Fixed | Self::Choice { .. } => Ok(None),
            Self::Line(field) => kind.parse(field.text()),
            Self::Area(area) => kind.parse(&area.lines().join("\n")),
            Self::Picker(picker) => picker.value(kind),
            Self::Repo { parts, .. } => {
                let mut url = RepoUrl::default();
                for (part, field) in parts {
                    part.set(&mut url, field.text());
                }
                kind.parse(&if url.host.is_empty() {
                    String::new()
                } else {
                    url.to_string()
                })
            }
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
